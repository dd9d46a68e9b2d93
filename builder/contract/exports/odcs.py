"""Open Data Contract Standard 3.1: the schema as a contract that data teams keep in git."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pyarrow as pa
from ruamel.yaml import YAML

from builder.contract.exports.rows import held
from builder.contract.promise import Described
from builder.schema import FIELD_TYPES
from builder.write.document import Column

_TYPES: dict[pa.DataType, str] = {
    pa.string(): "string",
    pa.int64(): "integer",
    pa.float64(): "number",
    pa.bool_(): "boolean",
    pa.date32(): "date",
    pa.timestamp("us", tz="UTC"): "timestamp",
}
_OPTIONS = {
    "min": "minimum", "max": "maximum", "min_length": "minLength", "max_length": "maxLength", "pattern": "pattern",
}  # fmt: skip
_OF_LISTS = {"min_length": "minItems", "max_length": "maxItems"}


def odcs(described: Described) -> bytes:
    """The contract. `one_of` is a quality rule; folders that are no field stand under `partitionBy`."""
    about = described.about
    levels = {level.name: at for at, level in enumerate(described.schema.partition_by, start=1)}
    keys = {name: at for at, name in enumerate(described.schema.primary_key, start=1)}
    properties = [_property(column, keys, levels) for column in described.schema.fields]
    document: dict[str, Any] = {
        "apiVersion": "v3.1.0", "kind": "DataContract", "id": about.name, "name": about.title or about.name,
        "version": about.version, "status": "active",
    }  # fmt: skip
    if about.description:
        document["description"] = {"purpose": about.description}
    if about.keywords:
        document["tags"] = list(about.keywords)
    document["servers"] = [{"server": "files", "type": "local", "path": "./data", "format": "parquet"}]
    if about.creator:
        document["team"] = {"name": about.creator}
    rows: dict[str, Any] = {
        "name": "rows",
        "physicalName": about.name,
        "physicalType": "table",
        "logicalType": "object",
    }
    if levels:
        rows["customProperties"] = [{"property": "partitionBy", "value": list(levels)}]
    document["schema"] = [{**rows, "properties": properties}]
    return _yaml(document)


def _yaml(document: dict[str, Any]) -> bytes:
    writer = YAML()
    writer.width = 4096
    writer.allow_unicode = True
    text = StringIO()
    writer.dump(document, text)
    return text.getvalue().encode()


def _property(column: Column, keys: dict[str, int], levels: dict[str, int]) -> dict[str, Any]:
    found = {"name": column.name, **_type(FIELD_TYPES[column.type].arrow), "required": not column.nullable}
    constraints = held(column)
    if column.description:
        found["description"] = column.description
    if constraints.get("unique"):
        found["unique"] = True
    if column.name in keys:
        found |= {"primaryKey": True, "primaryKeyPosition": keys[column.name]}
    if column.name in levels:
        found |= {"partitioned": True, "partitionKeyPosition": levels[column.name]}
    listed = column.type.startswith("list")
    names = _OF_LISTS if listed else _OPTIONS
    options = {names[name]: value for name, value in constraints.items() if name in names}
    if column.type == "url":
        options["format"] = "uri"
    if options:
        found["logicalTypeOptions"] = options
    if "one_of" in constraints and not listed:
        rule = {"metric": "invalidValues", "arguments": {"validValues": constraints["one_of"]}, "mustBe": 0}
        found["quality"] = [{"type": "library", **rule}]
    return found


def _type(kind: pa.DataType) -> dict[str, Any]:
    """Physical types by their Arrow names."""
    if pa.types.is_list(kind):
        return {"logicalType": "array", "physicalType": str(kind), "items": _type(kind.value_type)}
    if pa.types.is_struct(kind):
        parts = [{"name": part.name, **_type(part.type), "required": not part.nullable} for part in kind]
        return {"logicalType": "object", "physicalType": str(kind), "properties": parts}
    return {"logicalType": _TYPES[kind], "physicalType": str(kind)}
