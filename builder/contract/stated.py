"""The schema of a manifest held against itself: what it says twice, and what no config could have asked for."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pyarrow as pa

from builder.config.rules import FOLDERS, UNORDERED
from builder.config.values import UNIT_TYPES
from builder.schema import FIELD_TYPES
from builder.write.document import PartitionColumn, SchemaSection


def stated_schema(section: SchemaSection) -> pa.Schema | None:
    """The Arrow schema of the files; None where what is stated is none."""
    try:
        return pa.ipc.read_schema(pa.py_buffer(base64.b64decode(section.arrow_schema_base64, validate=True)))
    except (pa.ArrowException, OSError, ValueError):
        return None


def contradictions(section: SchemaSection) -> Iterator[str]:
    """What of a schema cannot be, each in words; where there is any, rows cannot be held against it."""
    in_path = {level.name for level in section.partition_by}
    stated = [(c.name, c.arrow_type, c.nullable, str(c.id)) for c in section.fields if c.name not in in_path]
    schema = stated_schema(section)
    if schema is None or [_said(field) for field in schema] != stated:
        yield "schema.arrow_schema_base64 is not schema.fields"
    types = {column.name: column.type for column in section.fields}
    for column in section.fields:
        if column.type in FIELD_TYPES and str(FIELD_TYPES[column.type].arrow) != column.arrow_type:
            yield f"schema.fields: {column.name} is a {column.type}, which is not stored as {column.arrow_type}"
    for key, names in (("primary_key", section.primary_key), ("sort_by", section.sort_by)):
        yield from (f"schema.{key} names no field: {name}" for name in sorted(set(names) - types.keys()))
    for name in section.sort_by:
        if types.get(name) in UNORDERED:
            yield f"schema.sort_by: {name} is a {types[name]}, which has no order"
    for level in section.partition_by:
        yield from _level(level, types.get(level.field))


def _said(field: pa.Field) -> tuple[str, str, bool, str]:
    return field.name, str(field.type), field.nullable, (field.metadata or {}).get(b"PARQUET:field_id", b"").decode()


def _level(level: PartitionColumn, kind: str | None) -> Iterator[str]:
    if kind is None:
        yield f"schema.partition_by names no field: {level.field}"
    elif kind not in FOLDERS[level.unit]:
        yield f"schema.partition_by: {level.name} is the {level.unit} of {level.field}, which is a {kind}"
    elif level.type != UNIT_TYPES.get(level.unit, kind):
        yield f"schema.partition_by: {level.name} is the {level.unit} of {level.field}, and no {level.type}"
