"""The rows of a dataset held against its manifest: every byte and every row is read, one file at a time."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from builder.constraints import shown
from builder.contract.files import UNREADABLE, finding, raise_of_store
from builder.contract.findings import Finding
from builder.contract.manifest import Manifest, files_of
from builder.contract.unique import Keys
from builder.contract.values import check_values
from builder.fieldtypes import types_that
from builder.receipts import Part
from builder.storage.place import Place
from builder.write.commit import MANIFEST
from builder.write.document import Document
from builder.write.files import sha256_of
from builder.write.layout import UNKNOWN, as_level, has_no_value, value_of
from builder.write.parquet import column_statistics, parquet_source
from builder.write.staging import partition_value

_LONG = types_that(lambda known: known.is_long)


def check_rows(root: Place, manifest: Manifest, damaged: set[str], absent: set[str | None]) -> Iterator[Finding]:
    """What of the bytes and rows is not as the manifest says.

    Of files that are `damaged` only the digest is looked at. Those that are `absent` are not opened: what is there in
    their place (a link, a pipe) is none of the dataset, and reading it may never end.

    Holds one file in memory, and eight bytes a row for every key that must be unique.
    """
    document = manifest.document
    keys = Keys(document)
    inputs: Counter[str] = Counter()
    before: tuple[str, pa.Table | None] = ("", None)
    broken = set(damaged)
    for part in files_of(manifest):
        table, problem = _table(root, part.path, part.sha256, damaged, absent)
        if problem is not None:
            yield problem
        if table is None:
            broken.add(part.path)
            continue
        yield from _check_part(part, table, document)
        folder = part.path.rpartition("/")[0]
        order = [name for name in document.schema.sort_by if name in table.column_names]
        if not _is_sorted(table.select(order), before[1] if before[0] == folder else None):
            yield finding("ROWS_UNSORTED", part.path, f"by {', '.join(order)}")
        before = (folder, table.select(order).slice(max(table.num_rows - 1, 0)))
        keys.add(part, table)
        if "source" in table.column_names:
            inputs.update(_counts(pc.struct_field(table["source"], "input")))
    yield from _check_rejects(root, document, broken, absent)
    yield from keys.duplicates(root, broken)
    if not broken and any(column.name == "source" for column in document.schema.fields):
        for entry in document.inputs:
            if inputs[entry.name] != entry.rows:
                detail = f"{entry.name}: {entry.rows} rows in the manifest, {inputs[entry.name]} in the files"
                yield finding("BOOKS_UNBALANCED", MANIFEST, detail)


def _table(
    root: Place, path: str, digest: str, damaged: set[str], absent: set[str | None]
) -> tuple[pa.Table | None, Finding | None]:
    """The rows of a file, where its bytes are those that were written."""
    if path in absent:
        return None, None  # said before
    try:
        if sha256_of(root / path) != digest:
            return None, finding("FILE_DIGEST", path, "")
        if path in damaged:
            return None, None
        source = parquet_source(root / path)
        return pq.read_table(source, partitioning=None, page_checksum_verification=True, use_threads=False), None
    except UNREADABLE as error:
        raise_of_store(error, root)
        return None, finding("FILE_UNREADABLE", path, str(error).partition("\n")[0])


def _check_part(part: Part, table: pa.Table, document: Document) -> Iterator[Finding]:
    for column in document.schema.fields:
        if not column.nullable and column.name in table.column_names and table[column.name].null_count:
            yield finding("ROWS_NULL", part.path, f"{table[column.name].null_count} rows", field=column.name)
        yield from check_values(part.path, table, column)
    for level in document.schema.partition_by:
        if level.field not in table.column_names:
            continue
        stated = unicodedata.normalize("NFC", part.partition[level.name])
        stated = UNKNOWN if has_no_value(part.path, level.name) else as_level(stated)
        for value in pc.unique(table[level.field]).to_pylist():
            falls = partition_value(value, level.unit)
            if falls != stated:
                detail = f"{level.field} {shown(value)} belongs in {level.name}={value_of(falls)}"
                yield finding("ROWS_PARTITION", part.path, detail, field=level.field)
                break
    long = [column.name for column in document.schema.fields if column.type in _LONG]
    found = column_statistics(table, [name for name in long if "min" not in part.columns.get(name, ())])
    for name in sorted(found.keys() | part.columns.keys()):
        stated_of, found_of = part.columns.get(name), found.get(name)
        if stated_of != found_of:
            yield finding("ROWS_STATISTICS", part.path, "", field=name, old=stated_of, new=found_of)


def _is_sorted(rows: pa.Table, last: pa.Table | None) -> bool:
    """Whether rows are in order, behind the last row of the file before."""
    if not rows.num_columns:
        return True
    whole = rows if last is None else pa.concat_tables([last, rows])
    order = pc.sort_indices(whole, sort_keys=[(name, "ascending") for name in whole.column_names])
    return bool(order.equals(pa.array(range(len(whole)), pa.uint64())))


def _counts(values: Any) -> dict[str, int]:
    counted = pc.value_counts(values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values)
    return {entry["values"]: entry["counts"] for entry in counted.to_pylist()}


def _check_rejects(root: Place, document: Document, broken: set[str], absent: set[str | None]) -> Iterator[Finding]:
    """The reject table: its bytes, and as many rejects of each code and input as are counted."""
    codes: Counter[str] = Counter()
    inputs: Counter[str] = Counter()
    for file in document.rejects:
        table, problem = _table(root, file.name, file.sha256, broken, absent)
        if problem is not None:
            yield problem
        if table is None:
            broken.add(file.name)
            continue
        codes.update(_counts(table["code"]))
        inputs.update(_counts(table["input"]))
    if any(file.name in broken for file in document.rejects):
        return
    if codes != Counter(document.counts.rejected):
        detail = f"{dict(sorted(codes.items()))} in the reject table, {dict(document.counts.rejected)} counted"
        yield finding("BOOKS_UNBALANCED", MANIFEST, detail)
    for entry in document.inputs:
        if inputs[entry.name] != sum(entry.rejected.values()):
            detail = f"{entry.name}: {sum(entry.rejected.values())} rejects counted, {inputs[entry.name]} in the table"
            yield finding("BOOKS_UNBALANCED", MANIFEST, detail)
