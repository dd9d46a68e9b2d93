"""Rows in order -> the parts of a partition: cut by size, written under names that their bytes decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from builder.receipts import Merged, Part
from builder.storage.place import Place
from builder.write.layout import UNKNOWN, partition_map, partition_path, value_of
from builder.write.marks import BYTES, ORDINAL, ROW, RUN_NUMBER, SPLIT
from builder.write.parquet import ColumnOptions, column_statistics, cut_rows, with_overlong, write_parquet

ORDER = {"run": pl.UInt32, "row": pl.Int64, "bytes": pl.Int32}
"""Rows of a partition as they are to be published: where each stands (a run, its place there), and its size."""
ReadRows: TypeAlias = Callable[[int, Sequence[int]], pa.Table]
"""(run, rows in it, ascending) -> the rows, with the columns of Target.schema."""


@dataclass(frozen=True, slots=True)
class Target:
    """A partition, and how its parts are to be."""

    names: tuple[str, ...]
    values: tuple[str, ...]
    schema: pa.Schema
    """Of the files: without partition columns."""
    sort_by: tuple[str, ...]
    part_bytes: int
    group_bytes: int
    level: int
    columns: ColumnOptions
    metadata: Mapping[str, str]
    out: Place
    """Folder for finished parts; they lie in it as they will in the output."""


def ordered(rows: pl.DataFrame, sort_by: Sequence[str]) -> pl.DataFrame:
    """ORDER of rows with RUN_NUMBER, ROW, BYTES, SPLIT, ORDINAL and the sort columns; nulls come last."""
    found = rows.sort([*sort_by, SPLIT, ORDINAL], nulls_last=True)
    return found.select(pl.col(RUN_NUMBER).alias("run"), pl.col(ROW).alias("row"), pl.col(BYTES).alias("bytes"))


def cut_parts(order: pl.DataFrame, target: int) -> Iterator[pl.DataFrame]:
    """Stretches of about `target` uncompressed bytes; one stretch without rows where there are none."""
    if order.is_empty():
        yield order
    for first, count in cut_rows(order["bytes"].to_list(), target, most=None):
        yield order.slice(first, count)


def write_parts(target: Target, parts: Iterable[tuple[str, pl.DataFrame]], read: ReadRows) -> Iterator[Merged]:
    """Parts, each from its number and its ORDER. One part is in memory at a time, and a row group once more.

    Raises:
        OSError: the disk.

    """
    for number, rows in parts:
        yield _write_part(target, number, rows, read)


def joined(pieces: Iterable[Merged]) -> Merged:
    """All parts, and the sums of their counts."""
    parts: list[Part] = []
    sites: Counter[str] = Counter()
    for piece in pieces:
        parts.extend(piece.parts)
        sites.update(piece.sites)
    return Merged(tuple(parts), dict(sites))


def _write_part(target: Target, number: str, rows: pl.DataFrame, read: ReadRows) -> Merged:
    """One part. Its rows are in memory once, as they were read; a row group at a time is put in order."""
    staged, placed = _read_part(rows, read)
    rows_of_part = pa.concat_tables([target.schema.empty_table(), *staged.values()])
    folder = target.out / "data" / partition_path(target.names, target.values)
    cuts = list(cut_rows(placed["bytes"].to_list(), target.group_bytes)) if staged else []
    written = write_parquet(
        folder / f"part-{number}",
        (_group(staged, placed.slice(*cut).with_row_index("place")) for cut in cuts),
        target.schema,
        level=target.level,
        metadata=dict(target.metadata),
        sorting=target.sort_by,
        columns=with_overlong(target.columns, rows_of_part),
        most_rows=max((count for _, count in cuts), default=1),
        by_content=True,
    )
    part = Part(
        path="/".join(filter(None, ("data", partition_path(target.names, target.values), written.name))),
        partition=partition_map(target.names, target.values),
        rows=written.rows,
        bytes=written.bytes,
        sha256=written.sha256,
        columns=column_statistics(rows_of_part, target.columns.long),
    )
    return Merged((part,), _sites(target, staged, written.rows))


def _sites(target: Target, staged: Mapping[int, pa.Table], rows: int) -> dict[str, int]:
    """Rows by site, where `site` is a column of the files or of the folders."""
    if "site" in target.names:
        site = target.values[target.names.index("site")]
        return {} if site == UNKNOWN else {value_of(site): rows}
    if "site" not in target.schema.names:
        return {}
    counted: Counter[str] = Counter()
    for table in staged.values():
        for entry in pc.value_counts(table.column("site")).to_pylist():
            counted[entry["values"]] += entry["counts"]
    return {site: count for site, count in counted.items() if site is not None}


def _read_part(rows: pl.DataFrame, read: ReadRows) -> tuple[dict[int, pa.Table], pl.DataFrame]:
    """The rows of a part by run, and the part's order with `at`: the place of each row among those of its run."""
    if rows.is_empty():
        return {}, rows
    placed = rows.with_columns((pl.col("row").rank("ordinal").over("run") - 1).alias("at"))
    staged = {}
    for (number,), wanted in sorted(placed.partition_by("run", as_dict=True).items()):
        staged[int(number)] = read(int(number), sorted(wanted["row"].to_list()))
    return staged, placed


def _group(staged: Mapping[int, pa.Table], rows: pl.DataFrame) -> pa.Table:
    """A row group of a part, put together from the runs and ordered."""
    pieces: list[pa.Table] = []
    places: list[int] = []
    for (number,), wanted in rows.partition_by("run", as_dict=True).items():
        pieces.append(staged[int(number)].take(pa.array(wanted["at"].to_list(), pa.int64())))
        places.extend(wanted["place"].to_list())
    back = pl.Series(places, dtype=pl.Int64).arg_sort()
    whole = pa.concat_tables(pieces).combine_chunks()
    pieces.clear()
    return whole.take(pa.array(back.to_list(), pa.int64()))
