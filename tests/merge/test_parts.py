"""What a config says of how parts are written shows in them, also where they lie there from an earlier build."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from killed_builds import Killed, kill_in
from small_builds import add_inline_engine, manifest, page, run, tree, two_dumps, write_config, write_dump

from builder.merge.slices import Sizes
from builder.report.facts import facts_of

add_inline_engine()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("name=small", "name=other"),
        ("write.part_bytes=128MiB", "write.part_bytes=1KiB"),
        ("write.row_group_bytes=16MiB", "write.row_group_bytes=1KiB"),
        ("write.compression_level=1", "write.compression_level=19"),
        ("write.bloom=null", "write.bloom=[url]"),
        ("partition_by=[{value: published_date, as: day}]", "partition_by=[{value: published_date, as: d}]"),
        ("sort_by=[published_at, url]", "sort_by=[url]"),
        ("sort_by=[published_at, url]", "sort_by=[published_at, url, text]"),
    ],
    ids=["name", "parts", "groups", "level", "bloom", "folders", "order", "more order"],
)
def test_a_change_of_it_is_what_a_fresh_build_would_be(tmp_path: Path, before: str, after: str) -> None:
    config = two_dumps(tmp_path)
    run(config, tmp_path / "out", before)
    parts = {part["path"] for part in manifest(tmp_path / "out")["files"]}
    run(config, tmp_path / "out", after)
    run(config, tmp_path / "fresh", after)
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")
    assert parts != {part["path"] for part in manifest(tmp_path / "out")["files"]}


def files(out: Path) -> list[pq.ParquetFile]:
    return [pq.ParquetFile(out / part["path"]) for part in manifest(out)["files"]]


def test_groups_are_cut_by_their_size_and_state_their_order(tmp_path: Path) -> None:
    pages: list[Any] = [page(number, hour=number) for number in range(12)]
    write_dump(tmp_path / "raw" / "a.jsonl", pages)
    config = write_config(tmp_path, sort_by=["url", "title"], partition_by=None)
    run(config, tmp_path / "out", "write={part_bytes: 1MiB, row_group_bytes: 2KiB}")
    (file,) = files(tmp_path / "out")
    groups = [file.metadata.row_group(number) for number in range(file.num_row_groups)]
    assert len(groups) in (3, 4, 5)
    assert sum(group.num_rows for group in groups) == 12
    for group in groups:
        named = [file.schema.column(order.column_index).path for order in group.sorting_columns]
        assert named == ["url", "title"]


@pytest.mark.parametrize("sizes", [Sizes(), Sizes(runs=1, rows=3, slice_bytes=1000)], ids=["whole", "in slices"])
def test_rows_without_a_value_to_sort_by_come_last_and_equal_ones_as_they_were_read(
    tmp_path: Path, sizes: Sizes
) -> None:
    """In the order of inputs and pages."""
    undated = {"html": "<title>Heron</title><p>Reeds on the bank of the old canal.</p>"}
    for name, first in (("a", 5), ("b", 1)):
        pages = [page(first + at, hour=9, **(undated if at == 0 else {})) for at in range(4)]
        write_dump(tmp_path / "raw" / f"{name}.jsonl", pages)
    config = write_config(tmp_path, sort_by=["published_at"], partition_by=None)
    run(config, tmp_path / "out", sizes=sizes)
    rows = [row for file in files(tmp_path / "out") for row in file.read().to_pylist()]
    assert [row["url"].rpartition("/")[2] for row in rows] == list("67823451")
    assert [row["published_at"] is None for row in rows] == [False] * 6 + [True] * 2


def test_a_slice_that_loses_all_its_rows_is_no_part(tmp_path: Path) -> None:
    """Duplicates that stand beside each other in the order of the rows."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(number, hour=hour) for hour in (1, 9) for number in range(6)])
    run(write_config(tmp_path), tmp_path / "out", sizes=Sizes(rows=3, slice_bytes=1000))
    parts = manifest(tmp_path / "out")["files"]
    slices = [part["path"].rpartition("/part-")[2][:5] for part in parts]
    assert slices[0] > "00000"
    assert slices == sorted(set(slices))
    assert sum(part["rows"] for part in parts) == 6
    assert all(part["rows"] for part in parts)


def test_slices_of_a_build_that_was_killed_are_not_taken_for_those_of_other_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor for those of another partition, where they end at the same rows."""
    pages = [page(number, f"{number % 2}.example", hour=number) for number in range(4)]
    config = write_config(tmp_path, partition_by=["site"])
    write_dump(tmp_path / "raw" / "a.jsonl", pages)
    with monkeypatch.context() as patch:
        kill_in(patch, "builder.job.commit")
        with pytest.raises(Killed):
            run(config, tmp_path / "out", sizes=Sizes(rows=1))
    pages[3]["html"] = pages[3]["html"].replace("reeds", "pikes")
    write_dump(tmp_path / "raw" / "a.jsonl", pages)
    run(config, tmp_path / "out", sizes=Sizes(rows=1))
    run(config, tmp_path / "fresh", sizes=Sizes(rows=1))
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


@pytest.mark.parametrize("partition_by", [None, ["site"]], ids=["in the files", "in the folders"])
def test_rows_of_no_site_are_counted_for_none(tmp_path: Path, partition_by: list[str] | None) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), page(2, url=None)])
    run(write_config(tmp_path, partition_by=partition_by, duplicates=None), tmp_path / "out")
    assert manifest(tmp_path / "out")["counts"]["sites"] == {"a.example": 1}


def test_partitions_stand_in_the_order_of_their_values(tmp_path: Path) -> None:
    for name, day in (("a", "2022-03-01"), ("b", "2022-01-01"), ("c", "2022-02-01")):
        write_dump(tmp_path / "raw" / f"{name}.jsonl", [page(int(day[6]), day=day)])
    run(write_config(tmp_path), tmp_path / "out")
    months = [part["partition"]["month"] for part in manifest(tmp_path / "out")["files"]]
    assert months == ["2022-01", "2022-02", "2022-03"]


@pytest.mark.parametrize(("name", "most", "rows"), [("REJECT_ROWS", 2, [2, 2, 1]), ("_REJECT_FILES", 3, [3, 2])])
def test_reject_tables_are_parts_of_so_many_rows_and_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, most: int, rows: list[int]
) -> None:
    for number in range(5):
        write_dump(tmp_path / "raw" / f"{number}.jsonl", [page(number, html=None)])
    write_dump(tmp_path / "raw" / "a.jsonl", [page(9)])
    monkeypatch.setattr(f"builder.merge.stage.{name}", most)
    run(write_config(tmp_path, exports=["report"]), tmp_path / "out")
    parts = manifest(tmp_path / "out")["rejects"]
    assert [part["rows"] for part in parts] == rows
    tables = [pq.read_table(tmp_path / "out" / part["name"])["input"].to_pylist() for part in parts]
    assert [name for few in tables for name in few] == [f"raw/{number}.jsonl" for number in range(5)]
    assert "5 of 6 pages read" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert facts_of(tmp_path / "out").rejects.count == 5
