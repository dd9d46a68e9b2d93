"""Whole builds: however they are cut the rows are the same, and the edges of what a dataset may be."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from small_builds import (
    FIELDS,
    add_inline_engine,
    manifest,
    page,
    run,
    tree,
    two_dumps,
    warc_record,
    write_config,
    write_dump,
)

from builder import gathering, splits
from builder.contract.validate import validate
from builder.errors import StoppedError
from builder.receipts import Receipt

add_inline_engine()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return two_dumps(tmp_path)


def test_splits_do_not_show_in_the_rows(tmp_path: Path, config: Path) -> None:
    run(config, tmp_path / "out")
    assert run(config, tmp_path / "cut", "limits.split_bytes=1KiB").splits > 4
    ours, theirs = ({name for name in tree(tmp_path / out) if name.startswith("data")} for out in ("out", "cut"))
    assert ours == theirs


def test_small_parts(tmp_path: Path, config: Path) -> None:
    """Parts are cut by size, and the rows of all of them are those of one."""
    run(config, tmp_path / "one")
    outcome = run(config, tmp_path / "many", "write.part_bytes=1KiB")
    assert len(outcome.parts) > 3
    tables = [ds.dataset(tmp_path / out / "data").to_table().sort_by("url") for out in ("one", "many")]
    assert tables[0].equals(tables[1])
    january = [part.path.split("/")[-1][:10] for part in outcome.parts if part.partition["month"] == "2022-01"]
    assert january == [f"part-{number:05d}" for number in range(len(january))]


def nested_warc(folder: Path) -> Path:
    """A WARC, not compressed, of one page that holds whole WARC records: splits begin amid them."""
    inner = b"".join(warc_record(page(number)) for number in range(20))
    outer = page(99)
    outer["html"] = outer["html"].replace("</body>", f"<pre>{inner.decode()}</pre></body>")
    (folder / "raw").mkdir(parents=True)
    data = warc_record(page(50)) + warc_record(outer) + warc_record(page(51))
    (folder / "raw" / "nested.warc").write_bytes(data)
    return write_config(folder, inputs=["raw/*.warc"])


def test_records_inside_a_page_are_no_pages_and_cost_no_second_run(tmp_path: Path) -> None:
    config = nested_warc(tmp_path)
    assert run(config, tmp_path / "whole").books.read == 3
    assert run(config, tmp_path / "cut", "limits.split_bytes=2KiB").books.read == 3
    whole, cut = ({name for name in tree(tmp_path / out) if name.startswith("data")} for out in ("whole", "cut"))
    assert whole == cut
    receipts = list((tmp_path / "cut/_work/receipts").iterdir())
    before = {path: path.stat().st_mtime_ns for path in receipts}
    assert not run(config, tmp_path / "cut", "limits.split_bytes=2KiB").changed
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "cut/_work/receipts").iterdir()} == before


# ------------------------------------------------------------------ the edges


def test_a_dataset_without_rows_is_one_file_with_the_schema(tmp_path: Path, config: Path) -> None:
    outcome = run(config, tmp_path / "out", "select={published_date: {min: 2030-01-01}}")
    assert (outcome.books.rows, len(outcome.parts)) == (0, 1)
    full = run(config, tmp_path / "full")
    (path,) = (tmp_path / "out").rglob("data/*/*.parquet")
    assert path.parent.name == "month=unknown"
    fields = pq.read_schema(path)
    assert pq.read_metadata(path).num_rows == 0
    assert fields == pq.read_schema(tmp_path / "full" / full.parts[0].path)


def test_a_dataset_without_partitions(tmp_path: Path, config: Path) -> None:
    outcome = run(config, tmp_path / "out", "partition_by=[]")
    assert [part.path.rpartition("/")[0] for part in outcome.parts] == ["data"]
    assert outcome.parts[0].rows == 9


def test_a_field_that_is_a_partition_stands_in_the_path_alone(tmp_path: Path, config: Path) -> None:
    outcome = run(config, tmp_path / "out", "partition_by=[site, {year: published_date}]")
    assert {tuple(part.partition.items()) for part in outcome.parts} == {
        (("site", "a.example"), ("year", "2022")),
        (("site", "b.example"), ("year", "2022")),
    }
    assert all("site" not in pq.read_schema(tmp_path / "out" / part.path).names for part in outcome.parts)
    assert {column["name"] for column in manifest(tmp_path / "out")["schema"]["fields"]} >= {"site"}


def test_nobody_rejected_leaves_no_reject_table(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1)])
    run(write_config(tmp_path), tmp_path / "out")
    assert manifest(tmp_path / "out")["rejects"] == []
    assert not list((tmp_path / "out").glob("_rejects/*"))


def test_without_a_rule_there_are_no_duplicates(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), page(1)])
    outcome = run(write_config(tmp_path, duplicates=None), tmp_path / "out")
    assert (outcome.books.rows, outcome.books.duplicates) == (2, 0)


@pytest.mark.parametrize(("keep", "hour"), [("latest", 11), ("earliest", 7), ("longest", 9)])
def test_which_duplicate_is_kept(tmp_path: Path, keep: str, hour: int) -> None:
    pages = [page(1, hour=hour) for hour in (9, 7, 11)]
    pages[0]["html"] = pages[0]["html"].replace(
        "</article>", "<p>And then it flew off to the north bank.</p></article>"
    )
    for number, given in enumerate(pages):
        write_dump(tmp_path / "raw" / f"{number}.jsonl", [given])
    config = write_config(tmp_path, duplicates={"by": ["url"], "keep": keep})
    run(config, tmp_path / "out")
    (row,) = ds.dataset(tmp_path / "out/data").to_table(columns=["fetched_at"]).to_pylist()
    assert row["fetched_at"].hour == hour


@pytest.mark.parametrize(("keep", "part"), [("latest", 600_000), ("earliest", 200_000)])
def test_a_page_without_a_time_of_capture_comes_last_and_parts_of_a_second_count(
    tmp_path: Path, keep: str, part: int
) -> None:
    times = [f"2022-03-01T08:30:00.{tenth}Z" for tenth in (4, 2, 6)]
    pages = [page(1, fetched_at=None), page(1), *(page(2, fetched_at=time) for time in times)]
    write_dump(tmp_path / "raw" / "a.jsonl", pages)
    run(write_config(tmp_path, duplicates={"by": ["url"], "keep": keep}), tmp_path / "out")
    rows = ds.dataset(tmp_path / "out/data").to_table(columns=["url", "fetched_at"]).to_pylist()
    assert [row["fetched_at"].microsecond for row in sorted(rows, key=lambda row: str(row["url"]))] == [0, part]


def test_duplicates_by_two_fields_have_both_and_equal_ones(tmp_path: Path) -> None:
    untitled = page(2, html="<p>Reeds on the bank of the old canal.</p>")
    other = page(1, html=page(1)["html"].replace("Heron 1 seen", "Heron 1 heard"))
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), other, page(1), untitled, untitled])
    books = run(write_config(tmp_path, duplicates={"by": ["url", "title"]}), tmp_path / "out").books
    assert (books.rows, books.duplicates) == (4, 1)


def test_values_that_no_column_takes_cost_themselves_alone(tmp_path: Path) -> None:
    """A number beyond 64 bits is unreadable, half of a surrogate pair becomes U+FFFD; Arrow would refuse both."""
    broken = page(2)
    broken["html"] = broken["html"].replace(
        "<article>",
        '<article><b id="n">99999999999999999999999</b>'
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Half \\ud83d of it"}</script>',
    )
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), broken, page(3)])
    count: dict[str, Any] = {"count": {"type": "integer", "rules": [{"css": "#n"}]}}
    half: dict[str, Any] = {"half": {"type": "string", "rules": [{"jsonld": "headline"}]}}
    outcome = run(write_config(tmp_path, fields=[*FIELDS, count, half]), tmp_path / "out")
    assert (outcome.books.read, outcome.books.rows, outcome.books.rejected) == (3, 3, {})
    assert manifest(tmp_path / "out")["counts"]["flags"] == {"unreadable:count": 1}
    rows = ds.dataset(tmp_path / "out/data").to_table(columns=["title", "count", "half"]).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        ("Heron 1 seen", None, None),
        ("Heron 2 seen", None, "Half \ufffd of it"),
        ("Heron 3 seen", None, None),
    ]


def test_pages_that_hang_or_crash_cost_themselves_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that take long are given up, and the build says that the clock decided; so are those that end a process."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(number) for number in range(1, 7)])
    config = write_config(tmp_path)
    monkeypatch.setattr("builder.stages.build_split", bad_build_split)
    outcome = run(config, tmp_path / "out", "limits.page_seconds=1", engine="local", workers=1)
    assert (outcome.books.rows, outcome.books.rejected) == (4, {"timeout": 1, "crash": 1})
    assert manifest(tmp_path / "out")["build"]["deterministic"] is False
    rejects = pq.read_table(tmp_path / "out/_rejects", partitioning=None).to_pylist()
    assert [(reject["stage"], reject["code"], reject["url"][-2:]) for reject in rejects] == [
        ("engine", "timeout", "/2"),
        ("engine", "crash", "/5"),
    ]
    assert not (tmp_path / "out/_work/unfinished").exists()


def bad_build_split(task: Any, beat: Any) -> Receipt:
    """`build_split`, for which page 2 takes an hour and page 5 ends the process. A worker imports it from here."""
    real = gathering.build_record

    def build_record(item: Any, job: Any) -> Any:
        if item.url.endswith("/2"):
            time.sleep(3600)
        if item.url.endswith("/5"):
            os._exit(7)
        return real(item, job)

    gathering.build_record = build_record
    try:
        return splits.build_split(task, beat)
    finally:
        gathering.build_record = real


def test_a_signal_during_a_build_leaves_the_old_dataset(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(config, tmp_path / "out")
    before = tree(tmp_path / "out")
    write_dump(tmp_path / "raw" / "c.jsonl", [page(30)])

    def stop(*_args: Any, **_options: Any) -> None:
        raise StoppedError("interrupted", 15)

    monkeypatch.setattr("builder.job.balance", stop)
    with pytest.raises(StoppedError) as error:
        run(config, tmp_path / "out")
    assert error.value.exit_code == 143
    assert tree(tmp_path / "out") == before
    monkeypatch.undo()
    assert run(config, tmp_path / "out").reused == 3


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems refuse names that are not UTF-8")
def test_folders_whose_names_are_not_utf8(tmp_path: Path) -> None:
    """As old disks have them: for what is read and for what is written."""
    odd = Path(os.fsdecode(bytes(tmp_path / "b") + b"\xff"))
    for folder in (odd, tmp_path / "b"):
        write_dump(folder / "raw" / "a.jsonl", [page(number % 4) for number in range(6)])
        with (folder / "raw" / "b.parquet").open("wb") as file:
            pq.write_table(pa.Table.from_pylist([page(7), page(7)]), file)
        config = write_config(folder, inputs=["raw/*"], duplicates={"by": ["url"]}, partition_by=["site"])
        assert run(config, folder / "out").books.rows == 5
        assert validate(str(folder / "out"), deep=True) == ([], "")
    assert tree(odd / "out") == tree(tmp_path / "b" / "out")
