"""receipts -> parts of one partition: the task of the merge stage. A plain function of plain data, run anywhere.

Only the columns that decide the order are read whole. Every staged run is sorted as the partition will be, so a
part takes a stretch of each run, and no more than one part is in memory. Partitions of more rows or runs than one task
should hold go another way: see builder.merge.shuffle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from builder.engines.work import Beat
from builder.errors import naming
from builder.merge.parts import ORDER, Target, cut_parts, joined, ordered, write_parts
from builder.receipts import Merged
from builder.storage.place import Place, read_many
from builder.write.marks import BYTES, ORDINAL, ROW, RUN_NUMBER, SPLIT, STAGED
from builder.write.parquet import open_parquet, read_table

RUN = np.dtype(
    [
        ("split", "<u4"),
        ("place", "<u4"),  # among the partitions of the split
        ("first_row", "<u4"),
        ("rows", "<u4"),
        ("first_group", "<u4"),
        ("groups", "<u4"),
        ("bytes", "<u8"),
    ]
)
"""The rows of one partition in one staged file: a driver holds millions of these."""
Runs: TypeAlias = npt.NDArray[np.void]


@dataclass(frozen=True, slots=True)
class MergeTask:
    """One partition and where its rows stand. Memory: 200 bytes a row and the sort columns, and one part."""

    target: Target
    runs: Runs
    """Of RUN."""
    staged: Place
    names: tuple[str, ...]
    """Of the staged file of every run."""
    dropped: tuple[Place, ...]
    """Parquet of `split`, `row`: rows that are not published."""


def merge_partition(task: MergeTask, beat: Beat) -> Merged:
    """The parts of one partition: dropped rows left out, the others sorted, cut by size.

    Raises:
        OSError: the disk.

    """

    def parts() -> Iterator[tuple[str, pl.DataFrame]]:
        for number, rows in enumerate(cut_parts(_order(task), task.target.part_bytes)):
            beat(number, 0)
            yield f"{number:05d}", rows

    return joined(write_parts(task.target, parts(), lambda run, rows: _read_rows(task, run, rows)))


def _order(task: MergeTask) -> pl.DataFrame:
    """All rows of the partition that are kept, in order."""
    if not len(task.runs):
        return pl.DataFrame(schema=ORDER)
    rows = pl.concat(_keys_of(task, number) for number in range(len(task.runs)))
    dropped = read_dropped(task.dropped, task.runs["split"])
    rows = rows.join(dropped, left_on=[SPLIT, STAGED], right_on=["split", "row"], how="anti")
    return ordered(rows, task.target.sort_by)


def read_dropped(files: Sequence[Place], splits: npt.NDArray[np.uint32]) -> pl.DataFrame:
    """`split`, `row` of the rows that some splits drop.

    Raises:
        OSError: the disk or the store failed, or a file is not what was written.

    """
    wanted = pl.Series(np.unique(splits), dtype=pl.UInt32)

    def read(path: Place) -> pl.DataFrame:
        table = pl.DataFrame(pl.from_arrow(read_table(path)))
        return table.filter(pl.col("split").is_in(wanted.implode()))

    return pl.concat([pl.DataFrame(schema={"split": pl.UInt32, "row": pl.UInt32}), *read_many(read, files)])


def groups_of(run: np.void) -> list[int]:
    """The row groups of a run in its staged file."""
    return list(range(run["first_group"], run["first_group"] + run["groups"]))


def read_keys(path: Place, run: np.void, sort_by: Sequence[str]) -> pa.Table:
    """What decides the order of a run's rows: the sort columns, BYTES and ORDINAL.

    Raises:
        OSError: the disk or the store failed.

    """
    with naming(path), open_parquet(path) as file:
        return file.read_row_groups(groups_of(run), columns=[*sort_by, BYTES, ORDINAL], use_threads=False)


def _keys_of(task: MergeTask, number: int) -> pl.DataFrame:
    run = task.runs[number]
    table = read_keys(task.staged / task.names[number], run, task.target.sort_by)
    first = int(run["first_row"])
    return pl.DataFrame(pl.from_arrow(table)).with_columns(
        pl.lit(number, pl.UInt32).alias(RUN_NUMBER),
        pl.lit(int(run["split"]), pl.UInt32).alias(SPLIT),
        pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW),
        pl.int_range(first, first + pl.len(), dtype=pl.UInt32).alias(STAGED),
    )


def _read_rows(task: MergeTask, number: int, rows: Sequence[int]) -> pa.Table:
    """Some rows of a run, ascending; only the row groups that hold one of them are read."""
    run, schema = task.runs[number], task.target.schema
    path = task.staged / task.names[number]
    with naming(path), open_parquet(path) as file:
        groups, starts, start = [], [], 0
        for group in groups_of(run):
            length = file.metadata.row_group(group).num_rows
            if start <= rows[-1] and start + length > rows[0]:
                groups.append(group)
                starts.append(start)
            start += length
        table = file.read_row_groups(groups, columns=schema.names, use_threads=False)
    table = table.select(schema.names).cast(schema)
    if len(rows) == table.num_rows:
        return table
    return table.take(pa.array([row - starts[0] for row in rows], pa.int64()))
