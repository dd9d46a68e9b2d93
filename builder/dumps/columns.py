"""Columns of a Parquet batch -> Python values: bytes of pages, and what is known of them, without pandas."""

from __future__ import annotations

from datetime import timedelta
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from builder.dumps.values import EPOCH

_MICROSECONDS = {"s": 10**6, "ms": 10**3, "us": 1}
ColumnPath: TypeAlias = tuple[str, ...]
"""The name of a column; behind it the fields of structs that lead to a value."""


def column_of(batch: pa.RecordBatch, path: ColumnPath) -> pa.Array:
    """Return a column of a batch, or the field of a struct in it; one of a dictionary with its values."""
    column = batch.column(path[0])
    for part in path[1:]:
        column = pc.struct_field(column, part)
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def is_text(kind: pa.DataType) -> bool:
    """Tell whether a type is text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def is_binary(kind: pa.DataType) -> bool:
    """Tell whether a type is bytes."""
    return bool(
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_binary_view(kind)
        or pa.types.is_fixed_size_binary(kind)
    )


def as_bytes(column: pa.Array) -> pa.Array:
    """Return text as its bytes, which need not be valid UTF-8 in a file that nobody checked."""
    return column.cast(pa.large_binary()) if is_text(column.type) else column


def values_of(column: pa.Array) -> list[object]:
    """Return the values of a column as Python objects, timestamps as UTC, binary as text where it is text."""
    if pa.types.is_timestamp(column.type):
        # by way of integers: to_pylist needs pandas for nanoseconds and a time zone database for zones
        if column.type.unit == "ns":
            column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
        scale = _MICROSECONDS[column.type.unit]  # in Python, where nothing runs over
        whole = column.cast(pa.int64()).to_pylist()
        return [None if value is None else _moment(value * scale) for value in whole]
    values: list[object] = as_bytes(column).to_pylist()
    return [_text(value) if isinstance(value, bytes) else value for value in values]


def _moment(microseconds: int) -> object:
    try:
        return EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        return f"{microseconds} microseconds"  # no readable time: becomes a reject


def _text(value: bytes) -> str | bytes:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value
