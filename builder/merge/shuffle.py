"""Partitions of more rows or runs than one task should hold: cut into *slices*, ranges of the order of their rows.

    survey    some runs -> rows picked from them, of which the borders of the slices are chosen
    shuffle   a chunk of splits -> one file in which the rows of every slice stand together, as Arrow IPC
    slice     one range of every such file -> sorted -> parts

Which rows are picked depends on the run alone and borders on the picked rows of the partition alone, so a partition has
the same parts whatever other partitions the dataset has, and however its splits are chunked. Requests are
2 splits + picked rows + chunks x slices.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from builder.engines.work import Beat
from builder.errors import naming
from builder.merge.parts import ORDER, Target, cut_parts, joined, ordered, write_parts
from builder.merge.task import Runs, groups_of, read_dropped, read_keys
from builder.receipts import Merged
from builder.storage.place import READS, Place, read_many
from builder.write.files import read_range, write_atomic
from builder.write.marks import AT, BYTES, ORDINAL, PARTITION, ROW, RUN_NUMBER, SLICE, SPLIT, STAGED
from builder.write.parquet import cut_rows, open_parquet, read_table

_BATCH_BYTES = 32 * 2**20  # that are put together, and read, at a time
_PARTS = 4999  # of a slice: there may be twice as many, and their numbers have four digits behind those of the slice


@dataclass(frozen=True, slots=True)
class Source:
    """Some runs of staged files."""

    staged: Place
    runs: Runs
    """Of merge.task.RUN, in order of splits."""
    names: tuple[str, ...]
    """Of the staged file of every run."""
    partitions: npt.NDArray[np.uint32]
    """The place of each run's partition among those that are shuffled together."""
    sort_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SurveyTask:
    """The rows at which so many bytes of each run have passed. Memory: the sort columns of a run."""

    source: Source
    offsets: npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class ShuffleTask:
    """A chunk of splits. Memory: its rows, about the chunk's bytes, and once more those of a split."""

    source: Source
    dropped: tuple[Place, ...]
    """Parquet of `split`, `row`: rows that are not published."""
    borders: Place
    """What `survey` gives, sorted: a slice begins at each, and at the beginning of each partition."""
    slices: int
    columns: tuple[str, ...]
    path: Place


@dataclass(frozen=True, slots=True)
class SliceTask:
    """A slice of a partition, and where its rows stand. Memory: its rows, 200 bytes for each, and one part."""

    target: Target
    number: int
    """Of the slice in its partition."""
    folder: Place
    files: tuple[str, ...]
    ranges: npt.NDArray[np.uint64]
    """For each of the files where the slice begins in it and where it ends."""


def survey(task: SurveyTask, _beat: Beat) -> pa.Table:
    """The `order_columns` the rows.

    Raises:
        OSError: the disk.

    """
    source = task.source

    def read(at: int) -> pl.DataFrame:
        run = source.runs[at]
        rows = _placed(read_keys(source.staged / source.names[at], run, source.sort_by), source, at)
        passed = rows[BYTES].cast(pl.Int64).cum_sum().to_numpy()
        row = int(np.searchsorted(passed, int(task.offsets[at]), side="right"))
        return rows.slice(row, 1).select(order_columns(source.sort_by))

    return pl.concat(read_many(read, range(len(source.runs)))).to_arrow()


def _placed(table: pa.Table, source: Source, at: int) -> pl.DataFrame:
    """The sort columns of a run, with PARTITION, SPLIT, STAGED, ORDINAL and BYTES."""
    run = source.runs[at]
    first = int(run["first_row"])
    return pl.DataFrame(pl.from_arrow(table.select([*source.sort_by, BYTES, ORDINAL]))).with_columns(
        pl.lit(int(source.partitions[at]), pl.UInt32).alias(PARTITION),
        pl.lit(int(run["split"]), pl.UInt32).alias(SPLIT),
        pl.int_range(first, first + pl.len(), dtype=pl.UInt32).alias(STAGED),
    )


def order_columns(sort_by: Sequence[str]) -> list[str]:
    """The columns by which rows of several partitions are ordered: no two rows have the same. Nulls come last."""
    return [PARTITION, *sort_by, SPLIT, ORDINAL]


# ------------------------------------------------------------------- shuffle


def shuffle(task: ShuffleTask, beat: Beat) -> npt.NDArray[np.uint64]:
    """Write the rows of a chunk, slice by slice; where each begins in the file, and where the last ends.

    Raises:
        OSError: the disk.

    """
    source = task.source
    borders = pl.DataFrame(pl.from_arrow(read_table(task.borders)))
    dropped = read_dropped(task.dropped, source.runs["split"])
    pieces: list[list[pa.Table]] = [[] for _ in range(task.slices)]
    for split, runs in _by_split(source.runs):
        beat(split, 0)
        table, keys = _read_split(source, runs, task.columns)
        mine = dropped.filter(pl.col("split") == split)
        keys = keys.with_row_index(AT).join(mine, left_on=[SPLIT, STAGED], right_on=["split", "row"], how="anti")
        ats, numbers = _slices(keys, borders, source.sort_by)
        order = np.argsort(numbers, kind="stable")
        table = table.take(pa.array(ats[order]))
        cuts = np.searchsorted(numbers[order], np.arange(task.slices + 1))
        for number in np.flatnonzero(np.diff(cuts)):
            pieces[number].append(table.slice(cuts[number], cuts[number + 1] - cuts[number]))
    offsets = np.zeros(task.slices + 1, "u8")

    def write(file: BinaryIO) -> None:
        for number, tables in enumerate(pieces):
            if tables:
                _write_slice(file, tables)
            offsets[number + 1] = file.tell()

    write_atomic(task.path, write)
    return offsets


def _by_split(runs: Runs) -> Iterator[tuple[int, list[int]]]:
    splits = runs["split"]
    starts = [0, *(np.flatnonzero(splits[1:] != splits[:-1]) + 1).tolist(), len(splits)]
    for start, end in pairwise(starts):
        yield int(splits[start]), list(range(start, end))


def _read_split(source: Source, ats: Sequence[int], columns: Sequence[str]) -> tuple[pa.Table, pl.DataFrame]:
    """The rows of some runs of one staged file, and the keys of the same rows."""
    path = source.staged / source.names[ats[0]]
    tables, keys = [], []
    with naming(path), open_parquet(path) as file:
        for at in ats:
            run = source.runs[at]
            table = file.read_row_groups(groups_of(run), columns=list(columns), use_threads=False)
            keys.append(_placed(table, source, at))
            split = pa.repeat(pa.scalar(int(run["split"]), pa.uint32()), table.num_rows)
            tables.append(table.select(list(columns)).append_column(SPLIT, split))
    return pa.concat_tables(tables), pl.concat(keys)


def _slices(
    rows: pl.DataFrame, borders: pl.DataFrame, sort_by: Sequence[str]
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """AT and the slice of every row: so many borders lie before it, and a slice begins with each partition."""
    names = order_columns(sort_by)
    begins = borders.select(names) if len(borders) else rows.select(names).clear()
    marked = pl.concat([begins.with_columns(pl.lit(None, pl.UInt32).alias(AT)), rows.select(*names, AT)])
    sorted_rows = marked.sort([*names, AT], nulls_last=[True] * len(names) + [False])
    number = pl.col(AT).is_null().cast(pl.Int64).cum_sum() + pl.col(PARTITION).cast(pl.Int64)
    placed = sorted_rows.with_columns(number.alias(SLICE)).drop_nulls(AT).sort(AT)
    return placed[AT].to_numpy(), placed[SLICE].to_numpy()


def _write_slice(file: BinaryIO, tables: list[pa.Table]) -> None:
    """The tables, which are given up, in batches of some size: of each split there is little."""
    options = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", compression_level=1), use_threads=False)
    sizes = [table.nbytes for table in tables]
    with pa.ipc.new_stream(file, tables[0].schema, options=options) as writer:
        for _, count in cut_rows(sizes, _BATCH_BYTES, most=None):
            writer.write_table(pa.concat_tables(tables[:count]).combine_chunks())
            del tables[:count]


# --------------------------------------------------------------------- slice


def merge_slice(task: SliceTask, beat: Beat) -> Merged:
    """The parts of a slice, which together make up those of its partition. Numbered by slice and part.

    Raises:
        OSError: the disk.

    """
    tables = _read_slice(task)
    target = task.target
    order = _order(tables, target.sort_by)
    total = int(order["bytes"].cast(pl.Int64).sum())
    even = -(-total // max(1, -(-total // target.part_bytes)))  # no small part at the end of every slice
    even = max(even, -(-total // _PARTS))

    def parts() -> Iterator[tuple[str, pl.DataFrame]]:
        for number, rows in enumerate(cut_parts(order, even) if len(order) else ()):
            beat(number, 0)
            yield f"{task.number:05d}{number:04d}", rows

    def read(run: int, rows: Sequence[int]) -> pa.Table:
        return tables[run].select(target.schema.names).take(pa.array(rows)).cast(target.schema)

    return joined(write_parts(target, parts(), read))


def _read_slice(task: SliceTask) -> list[pa.Table]:
    """The rows of a slice in tables of some size: from so many files they come in small pieces."""
    wanted = np.flatnonzero(task.ranges[:, 0] != task.ranges[:, 1])

    def read(at: int) -> list[pa.RecordBatch]:
        begin, end = map(int, task.ranges[at])
        return list(pa.ipc.open_stream(read_range(task.folder / task.files[at], begin, end - begin)))

    tables: list[pa.Table] = []
    held: list[pa.RecordBatch] = []
    size = 0
    lengths = np.diff(task.ranges[wanted].astype("i8"), axis=1)[:, 0].tolist()
    for first, count in cut_rows(lengths, _BATCH_BYTES, most=READS):
        batches = deque(batch for few in read_many(read, wanted[first : first + count].tolist()) for batch in few)
        while batches:
            held.append(batches.popleft())
            size += held[-1].nbytes
            if size >= _BATCH_BYTES:
                tables.append(pa.Table.from_batches(held).combine_chunks())
                held, size = [], 0
    return [*tables, pa.Table.from_batches(held).combine_chunks()] if held else tables


def _order(tables: Sequence[pa.Table], sort_by: Sequence[str]) -> pl.DataFrame:
    frames = [
        pl.DataFrame(pl.from_arrow(table.select([*sort_by, SPLIT, ORDINAL, BYTES]))).with_columns(
            pl.lit(number, pl.UInt32).alias(RUN_NUMBER), pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW)
        )
        for number, table in enumerate(tables)
    ]
    if not frames:
        return pl.DataFrame(schema=ORDER)
    return ordered(pl.concat(frames), sort_by)
