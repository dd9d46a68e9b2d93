"""The schema of the files for Arrow and Parquet."""

from __future__ import annotations

import pyarrow as pa

from builder.contract.exports.notations import NOTATIONS
from builder.contract.promise import Described, arrow_schema_of


def arrow_message(described: Described) -> bytes:
    """The Arrow schema as an IPC message: `pyarrow.ipc.read_schema` takes it back."""
    return bytes(arrow_schema_of(described).serialize().to_pybytes())


def parquet_message(described: Described) -> bytes:
    """The Parquet schema as its specification writes it: `message schema { required binary url (STRING) = 1; }`."""
    lines = [line for field in arrow_schema_of(described) for line in _field(field, field.name, 1)]
    return "\n".join(["message schema {", *lines, "}", ""]).encode()


def _field(field: pa.Field, name: str, depth: int) -> list[str]:
    number = (field.metadata or {}).get(b"PARQUET:field_id")
    stated = f" = {number.decode()}" if number else ""
    head = f"{'  ' * depth}{'optional' if field.nullable else 'required'}"
    if pa.types.is_list(field.type):
        inner = _field(field.type.value_field, "element", depth + 2)
        repeated = f"{'  ' * (depth + 1)}repeated group list {{"
        return [
            f"{head} group {name} (LIST){stated} {{",
            repeated,
            *inner,
            f"{'  ' * (depth + 1)}}}",
            f"{'  ' * depth}}}",
        ]
    if pa.types.is_struct(field.type):
        parts = [line for part in field.type for line in _field(part, part.name, depth + 1)]
        return [f"{head} group {name}{stated} {{", *parts, f"{'  ' * depth}}}"]
    physical, logical = NOTATIONS[field.type].parquet
    return [f"{head} {physical} {name}{logical}{stated};"]
