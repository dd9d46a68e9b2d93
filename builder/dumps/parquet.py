"""Parquet -> pages: a column with the HTML, and columns with what is known of each page where the file has them.

Read with pyarrow alone, in batches of little weight, page checksums verified where the file has them. A row group that
cannot be read costs its rows from there on; the next one is read. The library decodes a data page as a whole, which may
hold a thousand large values: what its process did not survive is left unread, as the split says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from builder.dumps.columns import ColumnPath, as_bytes, column_of, is_binary, is_text, values_of
from builder.dumps.mediatypes import as_utf8
from builder.dumps.values import Given, make_page, record_url, rejected
from builder.errors import DumpError, PageError, UnreadableError
from builder.records import Dump, DumpOptions, Item, Locator, Page, Reject, Split
from builder.storage.place import arrow_source, place_of

_BATCH_ROWS, _BATCH_BYTES = 8, 8 * 2**20
"""What is taken out of a row group at once: a batch is decoded as a whole, however large its values are."""
_BUFFER = 2**20
_MAGIC = b"PAR1"
_DEFAULTS = DumpOptions()
_FOOTER_END = 8  # bytes: the length of the footer, and the magic number
_INDEXES = 2**20  # bytes, more than indexes of pages mostly have


def cut_parquet(dump: Dump, target: int) -> list[Split]:
    """Return runs of row groups, each with about `target` bytes of HTML as stored.

    `start` and `end` number the row groups.

    Raises:
        DumpError: it is no readable Parquet, has no HTML or not what the config names, or has a column twice that is
            to be read.

    """
    with _open(dump) as file:
        _refuse_two(file, dump)
        _html_path(file, dump)
        _given_paths(file, dump)
        sizes = [_html_bytes(file.metadata.row_group(i), dump.options.html) for i in range(file.num_row_groups)]
    total = max(sum(sizes), 1)
    splits, start, border, done, size = [], 0, 0, 0, 0
    for end, group in enumerate(sizes, 1):
        size += group
        done += group
        if size >= target or end == len(sizes):
            # HTML is most of a file but not all: each split stands for its share of the whole
            until = dump.size if end == len(sizes) else dump.size * done // total
            splits.append(Split(dump, start, end, until - border))
            start, border, size = end, until, 0
    return splits or [Split(dump, 0, 0, dump.size)]


def _html_bytes(group: Any, column: str) -> int:
    return sum(chunk.total_compressed_size for chunk in _chunks(group, [column]))


def _batch_rows(group: Any, columns: Sequence[str]) -> int:
    """Return how many rows of some columns weigh little enough, by what they take without compression; at least 1."""
    size = sum(chunk.total_uncompressed_size for chunk in _chunks(group, columns))
    light = int(_BATCH_BYTES * group.num_rows // max(size, 1))
    return max(min(light, _BATCH_ROWS), 1)


def _chunks(group: Any, columns: Sequence[str]) -> list[Any]:
    """Return what there is of some columns in a row group, fields of structs included."""
    chunks = [group.column(i) for i in range(group.num_columns)]
    return [chunk for chunk in chunks if any(f"{chunk.path_in_schema}.".startswith(f"{name}.") for name in columns)]


class _Table(NamedTuple):
    """A file that is read, and where in it pages stand and what is known of them."""

    dump: Dump
    file: pq.ParquetFile
    html: ColumnPath
    given: list[ColumnPath | None]


def read_parquet(split: Split) -> Iterator[Item]:
    """Yield the pages of the split's row groups.

    Raises:
        DumpError: as `cut_parquet`.
        OSError: the disk or the store failed.

    """
    dump = split.dump
    with _open(dump) as file:
        table = _Table(dump, file, _html_path(file, dump), _given_paths(file, dump))
        row = sum(file.metadata.row_group(i).num_rows for i in range(split.start))
        number = 0  # of the item
        for group in range(split.start, split.end):
            rows = file.metadata.row_group(group).num_rows
            until = min((row + unread - number for unread in split.unread if unread >= number), default=row + rows)
            for item in _read_group(table, group, row, until):
                yield item
                number += 1
            row += rows


def _open(dump: Dump) -> pq.ParquetFile:
    place = place_of(dump.path)
    source = arrow_source(place) if isinstance(place, Path) else place.open("rb")
    try:
        return pq.ParquetFile(
            source,
            buffer_size=_BUFFER,
            pre_buffer=False,
            page_checksum_verification=True,
            coerce_int96_timestamp_unit="us",  # as nanoseconds the year 2263 would be 1678
        )
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise UnreadableError(f"{dump.name}: cannot be read as Parquet: {error}") from None


def _refuse_two(file: pq.ParquetFile, dump: Dump) -> None:
    """Refuse two files put together, of which the last says where its rows stand as if it stood alone.

    It begins as many bytes from the beginning as lie between its last row and its footer, less its own page indexes.

    Raises:
        UnreadableError: the file is not one.

    """
    metadata = file.metadata
    groups = (metadata.row_group(i) for i in range(metadata.num_row_groups))
    columns = (group.column(i) for group in groups for i in range(group.num_columns))
    end = max((_first_byte(column) + column.total_compressed_size for column in columns), default=len(_MAGIC))
    between = dump.size - metadata.serialized_size - _FOOTER_END - end
    if between <= 0:
        return
    begin = max(between - _INDEXES, 0)
    with place_of(dump.path).open("rb") as source:
        source.seek(begin)
        if 2 * _MAGIC in source.read(between + len(_MAGIC) - begin):
            raise UnreadableError(f"{dump.name}: two Parquet files in one, or more; give each a file of its own")


def _first_byte(column: Any) -> int:
    dictionary = column.dictionary_page_offset
    return int(column.data_page_offset if dictionary is None else min(dictionary, column.data_page_offset))


def _find(schema: pa.Schema, name: str, dump: Dump) -> ColumnPath | None:
    """Return the way to a column, or with dots in its name to a field of a struct column; None where there is none.

    Raises:
        DumpError: there are several.

    """
    if schema.names.count(name) > 1:
        columns = ", ".join(schema.names)
        raise DumpError(f"{dump.name}: more than one column {name!r}; the columns are: {columns}")
    if schema.get_field_index(name) >= 0:
        return (name,)
    path = tuple(name.split("."))
    index = schema.get_field_index(path[0])
    kind = schema.field(index).type if index >= 0 else pa.null()
    for part in path[1:]:
        if not pa.types.is_struct(kind) or kind.get_field_index(part) < 0:
            return None
        kind = kind.field(part).type
    return path if index >= 0 else None


def _html_path(file: pq.ParquetFile, dump: Dump) -> ColumnPath:
    schema, name = file.schema_arrow, dump.options.html
    path = _find(schema, name, dump)
    if path is None:
        columns = ", ".join(schema.names)
        raise DumpError(
            f"{dump.name}: no column {name!r} with the HTML; the columns are: {columns}; give `html:` the right one"
        )
    kind = schema.field(path[0]).type
    for part in path[1:]:
        kind = kind.field(part).type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if not (is_text(kind) or is_binary(kind) or pa.types.is_null(kind)):
        raise DumpError(f"{dump.name}: the column {name!r} is {kind}, not text or binary; give `html:` the right one")
    return path


def _given_paths(file: pq.ParquetFile, dump: Dump) -> list[ColumnPath | None]:
    """Return the ways to what is known of each page, in the order of Given; None where there is none by default.

    Raises:
        DumpError: the config names one that is not there.

    """
    schema, paths = file.schema_arrow, []
    for key in Given._fields:
        name = getattr(dump.options, key)
        paths.append(_find(schema, name, dump))
        if paths[-1] is None and name != getattr(_DEFAULTS, key):
            columns = ", ".join(schema.names)
            raise DumpError(f"{dump.name}: no column {name!r}; the columns are: {columns}; give `{key}:` the right one")
    return paths


def _read_group(table: _Table, group: int, first: int, until: int) -> Iterator[Page | Reject]:
    """Yield the pages of a row group, whose rows begin at `first`; what cannot be read of it as one reject.

    Rows from `until` on are left unread, where that lies in the row group.
    """
    dump, row = table.dump, first
    metadata = table.file.metadata.row_group(group)
    end = first + metadata.num_rows
    columns = sorted({".".join(path) for path in (table.html, *table.given) if path})
    most = _batch_rows(metadata, columns)
    problem = PageError("damaged", "the row group has fewer rows than the file says")
    if until < end:
        problem = PageError("memory", f"row group {group} cannot be read from this row on")
    try:
        batches = table.file.iter_batches(most, row_groups=[group], columns=columns, use_threads=False)
        while row < until and (batch := next(batches, None)) is not None:
            yield from _read_batch(table, batch.slice(0, until - row), row)
            row += min(batch.num_rows, until - row)
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        problem = PageError("damaged", f"row group {group} cannot be read: {error}")
    if row < end:
        yield rejected(Locator(dump.name, row, end - row), problem)


def _read_batch(table: _Table, batch: pa.RecordBatch, first: int) -> Iterator[Page | Reject]:
    dump = table.dump
    column = column_of(batch, table.html)
    as_text = is_text(column.type)
    bodies = as_bytes(column)
    facts = [[None] * batch.num_rows if path is None else values_of(column_of(batch, path)) for path in table.given]
    for i, value in enumerate(bodies):
        locator = Locator(dump.name, first + i, 1)
        said = Given(*(values[i] for values in facts))
        if not value.is_valid:
            error = PageError("missing_html", f"the column {dump.options.html!r} is null in this row")
            yield rejected(locator, error, said.url)
            continue
        if as_text:
            said = said._replace(content_type=as_utf8(said.content_type))
        data = value.as_buffer()
        body = memoryview(data) if data.size > dump.options.page_bytes else data.to_pybytes()
        yield make_page(locator, body, said, record_url(dump.name, first + i), dump.options.page_bytes)
