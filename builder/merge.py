"""receipts -> parts of one partition: the task of the merge stage. A plain function of plain data, run anywhere.

Only the columns that decide the order are read whole. Every staged run is sorted as the partition will be, so a
part takes a stretch of each run, and no more than one part is in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from builder.engines.work import Beat
from builder.errors import naming
from builder.receipts import FileRef, Part
from builder.write.layout import UNKNOWN, partition_map, partition_path
from builder.write.parquet import Layout, column_statistics, cut_rows, write_parquet
from builder.write.staging import PUBLISHED_REJECTS, REJECTS

REJECT_ROWS = 500_000  # rows of one part of the reject table


@dataclass(frozen=True, slots=True)
class Run:
    """The rows of one partition in one staged file."""

    split: int
    path: Path
    first_row: int
    rows: int
    first_group: int
    groups: int


@dataclass(frozen=True, slots=True)
class MergeTask:
    """One partition: where its rows stand, and how its parts are to be."""

    names: tuple[str, ...]
    values: tuple[str, ...]
    runs: tuple[Run, ...]
    losers: Path
    """Parquet of `split`, `row`: rows that are duplicates."""
    schema: pa.Schema
    """Of the files: without partition columns."""
    sort_by: tuple[str, ...]
    part_bytes: int
    group_bytes: int
    level: int
    layout: Layout
    metadata: dict[str, str]
    out: Path
    """Folder for finished parts; they lie in it as they will in the output."""


def merge_partition(task: MergeTask, beat: Beat) -> tuple[Part, ...]:
    """The parts of one partition: duplicates dropped, rows sorted, cut by size.

    Raises:
        OSError: the disk.

    """
    order = _order(task)
    parts = []
    for number, rows in enumerate(_cut(order, task.part_bytes)):
        beat(number, 0)
        parts.append(_write_part(task, number, rows))
    return tuple(parts)


def _order(task: MergeTask) -> pl.DataFrame:
    """All rows of the partition that are kept, in order: `run`, `row` (in the run), `_bytes`."""
    frames = [_keys_of(number, run, task.sort_by) for number, run in enumerate(task.runs)]
    if not frames:
        return pl.DataFrame(schema={"run": pl.UInt32, "row": pl.Int64, "_bytes": pl.Int32})
    with naming(task.losers):
        losers = (
            pl.scan_parquet(task.losers, glob=False)
            .filter(pl.col("split").is_in([run.split for run in task.runs]))
            .collect()
        )
    rows = pl.concat(frames).join(losers, left_on=["split", "staged"], right_on=["split", "row"], how="anti")
    ordered = rows.sort([*task.sort_by, "split", "_ordinal"], nulls_last=True, maintain_order=True)
    return ordered.select("run", "row", "_bytes")


def _keys_of(number: int, run: Run, sort_by: Sequence[str]) -> pl.DataFrame:
    with naming(run.path), _open(run) as file:
        groups = list(range(run.first_group, run.first_group + run.groups))
        table = file.read_row_groups(groups, columns=[*sort_by, "_bytes", "_ordinal"], use_threads=False)
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame.with_columns(
        pl.lit(number, pl.UInt32).alias("run"),
        pl.lit(run.split, pl.UInt32).alias("split"),
        pl.int_range(pl.len(), dtype=pl.Int64).alias("row"),
        pl.int_range(run.first_row, run.first_row + pl.len(), dtype=pl.UInt32).alias("staged"),
    )


def _cut(order: pl.DataFrame, target: int) -> Iterator[pl.DataFrame]:
    """Stretches of about `target` uncompressed bytes; one stretch without rows where there are none."""
    if order.is_empty():
        yield order
    for first, count in cut_rows(order["_bytes"].to_list(), target, most=None):
        yield order.slice(first, count)


def _write_part(task: MergeTask, number: int, rows: pl.DataFrame) -> Part:
    """One part. Its rows are in memory once, as they were staged; a row group at a time is put in order."""
    staged, placed = _read_part(task, rows)
    folder = task.out / "data" / partition_path(task.names, task.values)
    cuts = list(cut_rows(placed["_bytes"].to_list(), task.group_bytes)) if staged else []
    written = write_parquet(
        folder / f".part-{number:05d}-{uuid4().hex}.parquet",  # two workers may be at it, where one was thought lost
        (_group(staged, placed.slice(*cut).with_row_index("place")) for cut in cuts),
        task.schema,
        level=task.level,
        metadata=task.metadata,
        sorting=task.sort_by,
        layout=task.layout,
        most_rows=max((count for _, count in cuts), default=1),
    )
    path = named_by_content(folder, "part", number, written)
    return Part(
        path=path.relative_to(task.out).as_posix(),
        partition=partition_map(task.names, task.values),
        rows=written.rows,
        bytes=written.bytes,
        sha256=written.sha256,
        columns=column_statistics(pa.concat_tables([task.schema.empty_table(), *staged.values()])),
        sites=_sites(task, staged, written.rows),
    )


def _sites(task: MergeTask, staged: Mapping[int, pa.Table], rows: int) -> dict[str, int]:
    """Rows by site, where `site` is a column of the files or of the folders."""
    if "site" in task.names:
        site = task.values[task.names.index("site")]
        return {} if site == UNKNOWN or not rows else {site: rows}
    if "site" not in task.schema.names:
        return {}
    counted: Counter[str] = Counter()
    for table in staged.values():
        for entry in pc.value_counts(table.column("site")).to_pylist():
            counted[entry["values"]] += entry["counts"]
    return {site: counted[site] for site in sorted(counted.keys() - {None})}


def _read_part(task: MergeTask, rows: pl.DataFrame) -> tuple[dict[int, pa.Table], pl.DataFrame]:
    """The rows of a part by run, and the part's order with `at`: the place of each row among those of its run."""
    if rows.is_empty():
        return {}, rows
    placed = rows.with_columns((pl.col("row").rank("ordinal").over("run") - 1).alias("at"))
    staged = {}
    for (number,), wanted in sorted(placed.partition_by("run", as_dict=True).items()):
        staged[int(number)] = _read_rows(task.runs[int(number)], sorted(wanted["row"].to_list()), task.schema)
    return staged, placed


def _group(staged: Mapping[int, pa.Table], rows: pl.DataFrame) -> pa.Table:
    """A row group of a part, put together from the runs and ordered."""
    pieces: list[pa.Table] = []
    places: list[int] = []
    for (number,), wanted in sorted(rows.partition_by("run", as_dict=True).items()):
        pieces.append(staged[int(number)].take(pa.array(wanted["at"].to_list(), pa.int64())))
        places.extend(wanted["place"].to_list())
    back = pl.Series(places, dtype=pl.Int64).arg_sort()
    whole = pa.concat_tables(pieces).combine_chunks()
    pieces.clear()
    return whole.take(pa.array(back.to_list(), pa.int64()))


def _read_rows(run: Run, rows: Sequence[int], schema: pa.Schema) -> pa.Table:
    """Some rows of a run, ascending; only the row groups that hold one of them are read."""
    with naming(run.path), _open(run) as file:
        groups, starts, start = [], [], 0
        for group in range(run.first_group, run.first_group + run.groups):
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


def _open(run: Run) -> pq.ParquetFile:
    """Without the read-ahead that pays for remote files and holds memory here."""
    return pq.ParquetFile(run.path, pre_buffer=False, buffer_size=2**16)


def named_by_content(folder: Path, stem: str, number: int, written: FileRef) -> Path:
    """Give a finished file its final name, which its bytes decide."""
    path = folder / f"{stem}-{number:05d}-{written.sha256[:16]}.parquet"
    (folder / written.name).replace(path)
    return path


def merge_rejects(staged: Sequence[Path], out: Path, level: int, config: str, tool: str) -> tuple[FileRef, ...]:
    """The reject table: all rejects in order of splits and of their place in them, in parts of REJECT_ROWS rows.

    `config` and `tool`, by which they were rejected, stand in every row.
    """
    parts: list[FileRef] = []
    held: list[pa.Table] = []
    folder = out / "_rejects"

    def write() -> None:
        table = pa.concat_tables(held) if held else REJECTS.empty_table()
        for value in (config, tool):
            table = table.append_column("", pa.repeat(pa.scalar(value), table.num_rows))
        table = pa.Table.from_arrays(table.columns, schema=PUBLISHED_REJECTS)
        written = write_parquet(folder / f".part-{len(parts):05d}.parquet", [table], PUBLISHED_REJECTS, level=level)
        path = named_by_content(folder, "part", len(parts), written)
        parts.append(FileRef(path.relative_to(out).as_posix(), written.bytes, written.sha256, written.rows))
        held.clear()

    for path in staged:
        with naming(path):
            held.append(pq.read_table(path, columns=REJECTS.names, partitioning=None))
        if sum(table.num_rows for table in held) >= REJECT_ROWS:
            write()
    if any(table.num_rows for table in held):
        write()
    return tuple(parts)
