"""Arrow -> Parquet files whose bytes depend on their rows alone.

pyarrow's bytes depend on how a table is chunked, so chunks are combined and row groups are cut here, by bytes.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any, BinaryIO, NamedTuple, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from builder.errors import naming
from builder.fieldtypes import as_stated
from builder.receipts import FileRef
from builder.storage.path import StorePath
from builder.storage.place import Place, arrow_source, stamp_of
from builder.storage.ranges import Ranges
from builder.write.files import write_named
from builder.write.footers import keep_footer, known_footer

MAX_GROUP_ROWS = 122_880
_FALSE_POSITIVES = 0.01
_CUTS = "builder.cuts"
_MAX_STATISTIC = 64  # characters of a string minimum or maximum in the manifest
_MAX_BOUND = 4096  # bytes of a string that pyarrow states as a bound in a file


class ColumnOptions(NamedTuple):
    """What is special about the columns of a dataset."""

    heavy: tuple[str, ...] = ()
    """Columns of which the values are long, or never alike: without dictionary and statistics in the file."""
    long: tuple[str, ...] = ()
    """Those of them that are long text: without bounds in the manifest as well."""
    bloom: tuple[str, ...] = ()
    """Columns with a Bloom filter in every row group."""
    chunked: bool = False
    """Pages are cut where the content says, not by size."""


PLAIN = ColumnOptions()


def write_parquet(
    path: Place, groups: Iterable[pa.Table], schema: pa.Schema, *, level: int, metadata: dict[str, str] | None = None,
    sorting: Sequence[str] = (), columns: ColumnOptions = PLAIN, most_rows: int = 1, by_content: bool = False,
) -> FileRef:  # fmt: skip
    """One file with one row group a table; empty tables are left out, and without any the file has no rows.

    zstd, page index and page checksums on, statistics and dictionaries for all but nested and heavy columns.
    `most_rows` is the size of the largest group: what Bloom filters are made for. With `by_content` the name of `path`
    is that of the file without the end that its bytes decide: `part-00000` gives part-00000-<sha16>.parquet.

    Raises:
        OSError: nothing is left behind.

    """
    stated = schema.with_metadata(metadata or {})
    options = _writer_options(schema, sorting, columns, most_rows)
    rows = 0

    def write(file: BinaryIO) -> None:
        nonlocal rows
        with pq.ParquetWriter(file, stated, compression_level=level, **options) as writer:
            for table in groups:
                if table.num_rows:
                    whole = table.combine_chunks().replace_schema_metadata(metadata)
                    writer.write_table(whole, row_group_size=MAX_GROUP_ROWS)
                    rows += table.num_rows

    def name(sha256: str) -> str:
        return f"{path.name}-{sha256[:16]}.parquet" if by_content else path.name

    return FileRef(*write_named(path.parent, name, write), rows)


def open_parquet(path: Place) -> pq.ParquetFile:
    """A file of a build's own, for reading it in part.

    On a disk without the read-ahead that pays for remote files and holds memory here.

    Raises:
        OSError: the disk or the store.

    """
    with naming(path):
        if isinstance(path, StorePath):
            opened = path.open("rb", 2**16)
            stat = cast(Ranges, opened.raw).stat
            version = (str(path), stat) if stat.e_tag or stat.version else None
            return _with_footer(opened, version, pre_buffer=True)
        return _with_footer(parquet_source(path), (str(path), *stamp_of(path)), pre_buffer=False, buffer_size=2**16)


def _with_footer(source: Any, version: Hashable | None, **options: Any) -> pq.ParquetFile:
    """A file whose footer is read only if that of this version of it is not known; None: no version can be told."""
    if version is None:
        return pq.ParquetFile(source, **options)
    file = pq.ParquetFile(source, metadata=known_footer(version), **options)
    keep_footer(version, file.metadata)
    return file


def parquet_source(path: Place) -> Any:
    """What pyarrow reads a whole file from.

    Raises:
        OSError: the disk or the store failed.

    """
    if isinstance(path, StorePath):
        return pa.BufferReader(path.read_bytes())
    return arrow_source(path)


def read_table(path: Place, columns: Sequence[str] | None = None) -> pa.Table:
    """A file of a build's own, whole or some columns of it.

    Raises:
        OSError: the disk or the store.

    """
    with naming(path):
        return pq.read_table(parquet_source(path), columns=columns, partitioning=None)


def file_schema(path: Place) -> pa.Schema:
    """The columns of a file of a build's own: its footer alone is read.

    Raises:
        OSError: the disk or the store.

    """
    with naming(path), open_parquet(path) as file:
        return file.schema_arrow


def write_cuts(path: Place, table: pa.Table, counts: Sequence[int]) -> None:
    """A table cut into consecutive pieces of so many rows, each to be read alone by its number.

    Raises:
        OSError: nothing is left behind.

    """
    starts = [0, *accumulate(counts)]
    pieces = (table.slice(start, count) for start, count in zip(starts, counts, strict=False))
    write_parquet(path, pieces, table.schema, level=1, metadata={_CUTS: json.dumps(list(counts))})


def read_cut(path: Place, number: int) -> pa.Table:
    """One piece of a file of `write_cuts`: a read of the footer and one of the piece.

    Raises:
        OSError: it cannot be read.

    """
    with naming(path), open_parquet(path) as file:
        counts = json.loads(file.metadata.metadata[_CUTS.encode()])
        groups = [-(-count // MAX_GROUP_ROWS) for count in counts]
        before = sum(groups[:number])
        return file.read_row_groups(list(range(before, before + groups[number])), use_threads=False)


def _writer_options(
    schema: pa.Schema, sorting: Sequence[str], columns: ColumnOptions, most_rows: int
) -> dict[str, Any]:
    names = schema.names
    light = [field.name for field in schema if not pa.types.is_nested(field.type) and field.name not in columns.heavy]
    keys = [(name, "ascending") for name in sorting if name in names]
    order = pq.SortingColumn.from_ordering(schema, keys, null_placement="at_end")  # knows the leaves of nested columns
    filters = {name: {"ndv": max(most_rows, 1), "fpp": _FALSE_POSITIVES} for name in columns.bloom if name in names}
    return {
        "version": "2.6",
        "compression": "zstd",
        "use_dictionary": light,
        "write_statistics": light or False,
        "write_page_index": True,
        "write_page_checksum": True,
        "sorting_columns": order or None,
        "store_schema": True,
        "bloom_filter_options": filters or None,
        "use_content_defined_chunking": columns.chunked,
    }


def cut_rows(sizes: Sequence[int], target: int, most: int | None = MAX_GROUP_ROWS) -> Iterator[tuple[int, int]]:
    """Runs of consecutive rows of about `target` bytes, `sizes` being bytes a row, and of at most `most` rows.

    >>> list(cut_rows([5, 5, 5, 20, 1], 10))
    [(0, 2), (2, 1), (3, 1), (4, 1)]
    """
    start = held = 0
    for row, size in enumerate(sizes):
        if row > start and (held + size > target or row - start == most):
            yield start, row - start
            start, held = row, 0
        held += size
    if len(sizes) > start:
        yield start, len(sizes) - start


def with_overlong(columns: ColumnOptions, table: pa.Table) -> ColumnOptions:
    """The options for a file of these rows: columns with a string that pyarrow leaves out of statistics are heavy too.

    It would state the other bound alone, or bounds of some row groups alone, which readers take for those of the file.
    """
    found = [field.name for field in table.schema if pa.types.is_string(field.type) and _is_overlong(table[field.name])]
    return columns._replace(heavy=(*columns.heavy, *found))


def _is_overlong(column: pa.ChunkedArray) -> bool:
    longest = pc.max(pc.binary_length(column)).as_py()
    return longest is not None and longest > _MAX_BOUND


def column_statistics(table: pa.Table, long: Collection[str] = ()) -> dict[str, dict[str, Any]]:
    """Null count of every column; bounds of those with an order, long strings cut so that a bound still holds.

    `long` are columns of long text, which have none.
    """
    statistics: dict[str, dict[str, Any]] = {}
    for field in table.schema:
        column = table.column(field.name)
        entry: dict[str, Any] = {"null_count": column.null_count}
        if _has_order(field.type) and field.name not in long and column.null_count < len(column):
            bounds = pc.min_max(column).as_py()
            low, high = as_stated(bounds["min"]), as_stated(bounds["max"])
            if isinstance(low, str) and isinstance(high, str):
                low, high = low[:_MAX_STATISTIC], high if len(high) <= _MAX_STATISTIC else None
            entry["min"] = low
            if high is not None:
                entry["max"] = high
        statistics[field.name] = entry
    return statistics


def _has_order(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind)
        or pa.types.is_date(kind) or pa.types.is_timestamp(kind)
    )  # fmt: skip
