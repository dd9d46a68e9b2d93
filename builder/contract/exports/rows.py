"""JSON Schema of one row as JSON has it: times as RFC 3339 text, partition columns as values or as text."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from builder.constraints import KINDS
from builder.contract.exports.notations import NOTATIONS
from builder.contract.keywords import FOLDER_TEXT, KEYWORDS, NO_FOLDER_VALUE, OF_LISTS
from builder.contract.promise import Described
from builder.schema import FIELD_TYPES
from builder.write.document import Column


def row_schema(described: Described) -> bytes:
    """Constraints that rows may break all the same (`on_violation: keep`) are left out, and so are bounds of times."""
    folders = {level.name for level in described.schema.partition_by}
    properties = {
        column.name: _in_folder(column) if column.name in folders else _property(column)
        for column in described.schema.fields
    }
    for level in described.schema.partition_by:
        properties.setdefault(level.name, {"type": "string", "description": f"Folder: {level.unit} of {level.field}"})
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": described.about.title or described.about.name,
        **({"description": described.about.description} if described.about.description else {}),
        "type": "object",
        "properties": properties,
        "required": [column.name for column in described.schema.fields if not column.nullable],
        "additionalProperties": False,
    }
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def held(column: Column) -> dict[str, Any]:
    """The constraints that every row of a dataset keeps to."""
    if column.constraints.get("on_violation") == "keep":
        return {}
    return {name: column.constraints[name] for name in KINDS if name in column.constraints}


def _in_folder(column: Column) -> dict[str, Any]:
    """What readers make of the name of a folder: a value of the field, or text, and a word for none."""
    found = _property(column)
    if FIELD_TYPES[column.type].arrow != pa.string():
        return {"anyOf": [found, dict(FOLDER_TEXT)]}
    return {"anyOf": [found, dict(NO_FOLDER_VALUE)]} if column.nullable else found


def _property(column: Column) -> dict[str, Any]:
    kind = FIELD_TYPES[column.type].arrow
    found = _type(kind, nullable=column.nullable)
    if column.type == "url":
        found["format"] = "uri"
    constraints = held(column)
    whole, entry = found, found.get("items", found)
    for name, value in constraints.items():
        if name == "one_of":
            entry["enum"] = [*value, *([None] if column.nullable and entry is whole else [])]
        elif name in OF_LISTS and entry is not whole:
            whole[OF_LISTS[name]] = value
        elif name in KEYWORDS and not (name in ("min", "max") and isinstance(value, str)):
            entry[KEYWORDS[name]] = value
    if column.description:
        found["description"] = column.description
    if column.deprecated:
        found["deprecated"] = True
    return found


def _type(kind: pa.DataType, *, nullable: bool) -> dict[str, Any]:
    if pa.types.is_list(kind):
        found: dict[str, Any] = {"type": "array", "items": _type(kind.value_type, nullable=kind.value_field.nullable)}
    elif pa.types.is_struct(kind):
        found = {
            "type": "object",
            "properties": {part.name: _type(part.type, nullable=part.nullable) for part in kind},
            "required": [part.name for part in kind if not part.nullable],
            "additionalProperties": False,
        }
    else:
        found = dict(NOTATIONS[kind].json_schema)
    return found | {"type": [found["type"], "null"]} if nullable else found
