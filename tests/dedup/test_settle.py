"""Which rows are published, held against a model: duplicates and clashes decided over all splits, however cut."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st
from small_builds import load, page, write_config, write_dump

from builder.compiled import compile_job
from builder.config.models import LoadedConfig
from builder.dedup.settle import Cuts, Settled, settle
from builder.engines.work import run_here
from builder.receipts import FileRef, Receipt, StagedPartition, StagedPartitions
from builder.write.files import sha256_of
from builder.write.marks import KEY, ORDINAL, RANK, SOURCE, URL, unique_mark
from builder.write.parquet import read_table
from builder.write.staging import BOOKKEEPING, REJECTS
from builder.write.work import WorkFolder


def staged(folder: Path, number: int, found: list[tuple[int | None, int, int | None]]) -> Receipt:
    """What a split leaves of rows (key, rank, unique value), in two partitions."""
    digest = [None if key is None else random.Random(key).randbytes(16) for key, _, _ in found]
    values = [None if value is None else random.Random(-value - 1).randbytes(16) for _, _, value in found]
    columns: dict[str, Any] = {
        "title": [None if value is None else str(value) for _, _, value in found],
        KEY: pa.array(digest, pa.binary(16)),
        unique_mark("title"): pa.array(values, pa.binary(16)),
        RANK: [rank for _, rank, _ in found],
        ORDINAL: list(range(len(found))),
        SOURCE: [{"input": "d", "offset": row, "length": 1, "record_id": None} for row in range(len(found))],
        URL: [f"u{number}.{row}" for row in range(len(found))],
    }
    table = pa.table(columns)
    schema = table.schema.set(1, BOOKKEEPING.field(KEY))
    schema = schema.set(0, pa.field("title", pa.string())).set(6, pa.field(URL, pa.string()))
    source = pa.struct([REJECTS.field(name) for name in ("input", "offset", "length", "record_id")])
    schema = schema.set(5, pa.field(SOURCE, source))
    path = folder / f"{number}.parquet"
    pq.write_table(pa.table(columns, schema=schema), path)
    half = len(found) // 2
    parts = [StagedPartition(("a",), 0, half, 0, 1, 1), StagedPartition(("b",), half, len(found) - half, 1, 1, 1)]
    nothing: dict[str, int] = {}
    return Receipt(
        str(number), "d", len(found), len(found), nothing, nothing, nothing, nothing, None, None,
        FileRef(path.name, path.stat().st_size, sha256_of(path), len(found)), FileRef("none", 0, "", 0),
        StagedPartitions.of(parts),
    )  # fmt: skip


Splits = list[list[tuple[int | None, int, int | None]]]


def model(splits: Splits) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Duplicates, and rows that lose their place for a value, in so many words."""
    rows = [
        (key, -rank, split, row, value)
        for split, few in enumerate(splits)
        for row, (key, rank, value) in enumerate(few)
    ]

    def losers(found: list[tuple[Any, int, int, int]]) -> set[tuple[int, int]]:
        best: dict[Any, tuple[int, int, int]] = {}
        for key, *order in sorted(found, key=lambda entry: entry[1:]):
            best.setdefault(key, (order[0], order[1], order[2]))
        return {(split, row) for key, rank, split, row in found if best[key] != (rank, split, row)}

    duplicates = losers([(key, rank, split, row) for key, rank, split, row, _ in rows if key is not None])
    left = [entry for entry in rows if (entry[2], entry[3]) not in duplicates and entry[4] is not None]
    clashes = losers([(value, rank, split, row) for _, rank, split, row, value in left])
    return duplicates, clashes


def loaded(folder: Path, action: str) -> LoadedConfig:
    title = {"title": {"unique": True, "on_violation": action}}
    write_dump(folder / "raw" / "a.jsonl", [page(1)])
    return load(write_config(folder, fields=["url", title, "published_date"], sort_by=None))


def decided(settled: Settled) -> Iterator[tuple[int, int]]:
    for name in settled.dropped.files(range(1000)):
        yield from ((row["split"], row["row"]) for row in read_table(settled.dropped.folder / name).to_pylist())


ROW = st.tuples(st.none() | st.integers(0, 5), st.integers(-1, 1), st.none() | st.integers(0, 4))


@settings(max_examples=25, deadline=None)
@given(
    splits=st.lists(st.lists(ROW, max_size=6), min_size=1, max_size=6),
    action=st.sampled_from(["reject", "keep"]),
    cuts=st.builds(Cuts, st.integers(1, 4), st.integers(1, 12), st.just(0)),
)
def test_decisions_are_those_of_the_model(splits: Splits, action: str, cuts: Cuts) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        work = WorkFolder(folder / "_work")
        receipts = {number: staged(work.staged, number, rows) for number, rows in enumerate(splits)}
        settled = settle(compile_job(loaded(folder, action)), receipts, work, run_here, cuts)
        duplicates, clashes = model(splits)
        dropped = duplicates | clashes if action == "reject" else duplicates
        assert sorted(decided(settled)) == sorted(dropped)
        assert settled.duplicates == {
            split: count for split in receipts if (count := sum(lost == split for lost, _ in duplicates))
        }
        for number, receipt in settled.receipts.items():
            count = sum(split == number for split, _ in clashes)
            assert receipt.violations == ({"title.unique": count} if count else {})
            assert receipt.rows == len(splits[number]) - (count if action == "reject" else 0)
        tables = [read_table(settled.dropped.folder / name) for name, _ in settled.clashes]
        told = sorted(row["url"] for table in tables for row in table.to_pylist())
        assert told == (sorted(f"u{split}.{row}" for split, row in clashes) if action == "reject" else [])


def test_digests_say_which_rows_of_a_partition_are_dropped(tmp_path: Path) -> None:
    """Whether a partition is merged again hangs on them: equal where the same rows go, in whatever group they are."""
    splits: Splits = [[(1, 0, None), (2, 0, None)], [(1, 0, None), (3, 0, None)], [(1, 0, None), (3, 0, None)]]
    job = compile_job(loaded(tmp_path, "reject"))
    found = []
    for number, cuts in enumerate([Cuts(8, 100, 0), Cuts(1, 1, 0), Cuts(2, 2, 0)]):
        work = WorkFolder(tmp_path / f"_work{number}")
        receipts = {at: staged(work.staged, at, rows) for at, rows in enumerate(splits)}
        found.append(settle(job, receipts, work, run_here, cuts).dropped.digests)
    assert found[0] == found[1] == found[2]
    assert found[0].keys() == {1, 2}
    assert found[0][1][:16] == found[0][2][:16] != bytes(16)
    assert (found[0][1][16:] == bytes(16), found[0][2][16:] == bytes(16)) == (True, False)
