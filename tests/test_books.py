"""Whether a build may be published: thresholds, books that balance, nothing of others in the data."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from small_builds import FIELDS, add_inline_engine, page, run, tree, two_dumps, write_config, write_dump

from builder.errors import FindingsError
from builder.receipts import Receipt
from builder.write import work as work_module

add_inline_engine()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return two_dumps(tmp_path)


def assert_refused(config: Path, out: Path, message: str, *overrides: str) -> None:
    """A build that is refused leaves the old dataset to the byte, and the next one that may be published is."""
    before = tree(out)
    with pytest.raises(FindingsError, match=message) as error:
        run(config, out, *overrides)
    assert error.value.exit_code == 1
    assert tree(out) == before


@pytest.mark.parametrize(
    ("threshold", "message"),
    [
        (
            "max_reject_rate: 0.05",
            r"max_reject_rate: 1 of 12 pages rejected, 8\.33% \(at most 5\.00%\): 1 missing_html",
        ),
        (
            "max_reject_rate: {total: 0.5, missing_html: 0.08, timeout: 0}",
            r"^thresholds\.max_reject_rate\.missing_html: 1 of 12 pages rejected, 8\.33% \(at most 8\.00%\)$",
        ),
        ("min_rows: 10", r"min_rows: 9 rows \(at least 10\)"),
        ("min_fill: {title: 1.0, subtitle: 0.5}", r"min_fill\.subtitle: 0\.00% of the rows \(at least 50\.00%\)"),
    ],
)
def test_thresholds(tmp_path: Path, config: Path, threshold: str, message: str) -> None:
    run(config, tmp_path / "out")
    fields = "fields=" + json.dumps([*FIELDS, "subtitle"])
    assert_refused(config, tmp_path / "out", message, f"thresholds={{{threshold}}}", fields)


def test_thresholds_that_are_just_met(tmp_path: Path, config: Path) -> None:
    outcome = run(
        config,
        tmp_path / "out",
        "thresholds={max_reject_rate: {total: 0.0834, missing_html: 0.0834}, min_rows: 9, min_fill: {title: 1}}",
    )
    assert outcome.changed


def test_every_threshold_that_is_passed_has_its_line(tmp_path: Path, config: Path) -> None:
    with pytest.raises(FindingsError) as error:
        run(config, tmp_path / "out", "thresholds={max_reject_rate: 0, min_rows: 100}")
    assert len(str(error.value).splitlines()) == 2
    assert not (tmp_path / "out" / "_manifest.json").exists()


def test_the_fill_of_a_partition_column_is_held_to_its_threshold(tmp_path: Path) -> None:
    """Its values are in the paths, not in the files."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), page(2)])
    config = write_config(tmp_path, fields=["url", "title", "section"], partition_by=["section"], sort_by=None)
    with pytest.raises(FindingsError, match=r"min_fill\.section"):
        run(config, tmp_path / "out", "thresholds={min_fill: {section: 0.5}}")


def test_an_input_that_may_not_be_damaged(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1)])
    whole = gzip.compress(json.dumps(page(2)).encode() + b"\n") + gzip.compress(json.dumps(page(3)).encode() + b"\n")
    (tmp_path / "raw" / "b.jsonl.gz").write_bytes(whole)
    config = write_config(tmp_path, inputs=["raw/a.jsonl", {"path": "raw/b.jsonl.gz", "on_bad_input": "fail"}])
    run(config, tmp_path / "out")
    (tmp_path / "raw" / "b.jsonl.gz").write_bytes(whole[:-20])
    assert_refused(
        config,
        tmp_path / "out",
        r"b\.jsonl\.gz: on_bad_input is fail, and 1 truncated there; mend it, or let it be reject",
    )
    assert run(config, tmp_path / "out", "inputs.1.on_bad_input=reject").books.rejected == {"truncated": 1}


@pytest.mark.parametrize("field", ["read", "rows", "rejected", "filtered"])
def test_books_that_do_not_balance_are_not_published(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch, field: str
) -> None:
    run(config, tmp_path / "out")
    original = Receipt.from_json

    def wrong(text: str) -> Receipt:
        data = json.loads(text)
        data[field] = data[field] + 1 if isinstance(data[field], int) else {**data[field], "empty": 1}
        return original(json.dumps(data))

    monkeypatch.setattr(work_module.Receipt, "from_json", wrong)
    assert_refused(config, tmp_path / "out", "the books do not balance, nothing is published")


def test_rows_that_go_missing_in_staging_are_not_published(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builder.gathering.Staging.reject", lambda _staging, _reject, _number: None)
    with pytest.raises(FindingsError, match="do not balance"):
        run(config, tmp_path / "out")


def test_a_stranger_in_the_data_is_named(tmp_path: Path, config: Path) -> None:
    run(config, tmp_path / "out")
    (tmp_path / "out/data/notes.txt").write_text("mine")
    write_dump(tmp_path / "raw" / "c.jsonl", [page(30)])
    assert_refused(config, tmp_path / "out", r"data/notes\.txt was not written by a build")
