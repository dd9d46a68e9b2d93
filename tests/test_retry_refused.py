"""Rejects that are not read again: where the rows would not be those of one dataset, or nothing is left to read."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from narrow_builds import build_narrow, fields_with, wide
from small_builds import add_inline_engine, manifest, page, run, tree, write_config, write_dump

from builder.errors import ConfigError, FindingsError
from builder.receipts import Receipt
from builder.write.files import read_sealed, write_sealed
from builder.write.parquet import write_parquet

add_inline_engine()


@pytest.fixture
def narrow(tmp_path: Path) -> Path:
    return build_narrow(tmp_path)


def test_a_retry_that_passes_a_threshold_is_not_published(tmp_path: Path, narrow: Path) -> None:
    before = tree(tmp_path / "out")
    with pytest.raises(FindingsError, match=r"max_reject_rate: 1 of 6"):
        run(
            narrow, tmp_path / "out", "limits.attributes=100", "thresholds.max_reject_rate=0.1",
            retry="too_many_attributes",
        )  # fmt: skip
    assert tree(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ('fields=["url", "published_at", "published_date"]', "have changed, and a retry cannot mix rows; build"),
        ("partition_by=[site]", "have changed, and a retry cannot mix rows; build"),
        ("duplicates.keep=earliest", "have changed, and a retry cannot mix rows; build"),
        ("sort_by=[url]", "have changed, and a retry cannot mix rows; build"),
        ("fields.2={title: {unique: true}}", "have changed, and a retry cannot mix rows; build"),
        ("inputs=[raw/a.jsonl]", "the inputs are not those that it was built from"),
        (
            "limits.split_bytes=1KiB",
            "limits.split_bytes was 16777216, and the inputs are cut otherwise now; retry with that, or build",
        ),
    ],
)
def test_a_config_of_another_dataset(tmp_path: Path, narrow: Path, override: str, message: str) -> None:
    before = tree(tmp_path / "out")
    with pytest.raises(ConfigError, match=message):
        run(narrow, tmp_path / "out", override, retry="crash")
    assert tree(tmp_path / "out") == before


TITLE = {"min_length": 5, "max_length": 99, "pattern": "seen", "on_violation": "null"}


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("fields.4.title.max_length=12", "title: max_length: 12, was max_length: 99"),
        ("fields.4.title.min_length=6", "title: min_length: 6, was min_length: 5"),
        ("fields.4.title.pattern=heard", "title: pattern: heard, was pattern: seen"),
        ("fields.4.title.one_of=[a, b]", r"title: one_of: .*, was nothing"),
        ("fields.3.language.one_of=[de]", "language: one_of: "),
        ("fields.1={published_at: {not_after: captured}}", "published_at: not_after: captured, was nothing"),
    ],
)
def test_constraints_that_published_rows_may_break(tmp_path: Path, override: str, message: str) -> None:
    """They were never held to them, and the manifest would say that they were."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), wide(2)])
    config = write_config(tmp_path, limits={"attributes": 10}, fields=fields_with(**TITLE))
    run(config, tmp_path / "out")
    before = tree(tmp_path / "out")
    with pytest.raises(ConfigError, match=f"rows that are published may break {message}") as caught:
        run(config, tmp_path / "out", "limits.attributes=100", override, retry="too_many_attributes")
    assert len(str(caught.value).splitlines()) == 1
    assert tree(tmp_path / "out") == before


def test_constraints_that_all_published_rows_keep(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), wide(2)])
    config = write_config(tmp_path, limits={"attributes": 10}, fields=fields_with(**TITLE))
    run(config, tmp_path / "out")
    wider = ["fields.4.title.max_length=100", "fields.3.language.one_of=[en, de, fr]", "fields.4.title.pattern=null"]
    outcome = run(config, tmp_path / "out", "limits.attributes=100", *wider, retry="too_many_attributes")
    assert outcome.books.rows == 2
    assert manifest(tmp_path / "out")["schema"]["fields"][4]["constraints"]["max_length"] == 100


def test_rules_that_were_kept_by_no_row_before(tmp_path: Path) -> None:
    """With `keep` the rows there may break what was stated already."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), wide(2)])
    fields = fields_with(min_length=50, on_violation="keep")
    config = write_config(tmp_path, limits={"attributes": 10}, fields=fields)
    run(config, tmp_path / "out")
    with pytest.raises(ConfigError, match="title: min_length: 50, was nothing"):
        run(config, tmp_path / "out", "fields.4.title.on_violation=reject", retry="too_many_attributes")


def test_inputs_that_have_changed(tmp_path: Path, narrow: Path) -> None:
    write_dump(tmp_path / "raw" / "b.jsonl", [page(7)])
    with pytest.raises(ConfigError, match="the inputs are not those that it was built from"):
        run(narrow, tmp_path / "out", retry="too_many_attributes")


def as_staged_before(work: Path, dump: str, kind: str, column: str) -> None:
    """As a version left it that called a column of its own otherwise, or had it not."""
    for path in (work / "receipts").glob("*.json"):
        receipt = Receipt.from_json(read_sealed(path))
        if receipt.dump == dump:
            ref = getattr(receipt, kind)
            table = pq.read_table(work / "staged" / ref.name, partitioning=None)
            kept = table.drop_columns([column]) if column == "__rule" else table.rename_columns({column: f"{column}s"})
            renamed = write_parquet(work / "staged" / ref.name, [kept], kept.schema, level=1)
            write_sealed(path, replace(receipt, **{kind: renamed}).to_json())


@pytest.mark.parametrize("dump", ["raw/a.jsonl", "raw/b.jsonl"], ids=["with such rejects", "without"])
@pytest.mark.parametrize(("kind", "column"), [("staged", "__key"), ("rejects", "__ordinal"), ("rejects", "__rule")])
def test_work_that_another_version_laid_out_otherwise(
    tmp_path: Path, narrow: Path, dump: str, kind: str, column: str
) -> None:
    """A column that is not there must not be read as one without values: duplicates would be published."""
    as_staged_before(tmp_path / "out/_work", dump, kind, column)
    before = tree(tmp_path / "out")
    with pytest.raises(
        ConfigError, match=r"/out: another version staged its rows or rejects otherwise; build it anew$"
    ):
        run(narrow, tmp_path / "out", "limits.attributes=100", retry="too_many_attributes")
    assert tree(tmp_path / "out") == before


@pytest.mark.parametrize("gone", ["_work", "_work/published.json", "_work/receipts", "_work/staged"])
def test_without_what_it_was_made_of_there_is_no_retry(tmp_path: Path, narrow: Path, gone: str) -> None:
    path = tmp_path / "out" / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(ConfigError, match="work folder"):
        run(narrow, tmp_path / "out", retry="too_many_attributes")
    run(narrow, tmp_path / "out")
    assert run(narrow, tmp_path / "out", "limits.attributes=100", retry="too_many_attributes").books.rows == 5


def test_a_trial_run_has_no_retry(tmp_path: Path, narrow: Path) -> None:
    run(narrow, tmp_path / "trial", limit=3)
    with pytest.raises(ConfigError, match="trial run"):
        run(narrow, tmp_path / "trial", retry="too_many_attributes")
