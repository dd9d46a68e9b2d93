"""Open Data Contract Standard 3.1: the schema as a contract that data teams keep in git."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

import pyarrow as pa
from ruamel.yaml import YAML
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter

from builder.contract.exports.notations import NOTATIONS
from builder.contract.exports.rows import held
from builder.contract.keywords import ARROW_TYPE, KEYWORDS, OF_LISTS
from builder.contract.promise import Described
from builder.schema import FIELD_TYPES
from builder.write.document import Column

_NO_TEXT_IN_YAML_1_1 = re.compile(r"y|yes|n|no|on|off|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?", re.IGNORECASE)
"""Text to YAML 1.2, by which the writer quotes; to YAML 1.1, which most readers know, a boolean or a number."""
_SPLIT_IN_YAML_1_1 = re.compile("[\x85\u2028\u2029]")


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
    path = f"./data/{'*/' * len(levels)}*.parquet"
    document["servers"] = [{"server": "files", "type": "local", "path": path, "format": "parquet"}]
    if about.creator:
        document["team"] = {"name": about.creator}
    rows: dict[str, Any] = {"name": about.name, "physicalType": "table", "logicalType": "object"}
    if levels:
        rows["customProperties"] = [{"property": "partitionBy", "value": list(levels)}]
    document["schema"] = [{**rows, "properties": properties}]
    return _yaml(document)


class _Representer(RoundTripRepresenter):
    """A class, for the writer takes one, and what is said of types in it holds for this writer alone."""


def _text(writer: _Representer, value: str) -> ScalarNode:
    style = "'" if _NO_TEXT_IN_YAML_1_1.fullmatch(value) else '"' if _SPLIT_IN_YAML_1_1.search(value) else None
    return writer.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _number(writer: _Representer, value: float) -> ScalarNode:
    """YAML 1.1 has no numbers like 1e-07."""
    digits = repr(value)
    return writer.represent_scalar("tag:yaml.org,2002:float", digits if "." in digits else digits.replace("e", ".0e"))


_Representer.add_representer(str, _text)
_Representer.add_representer(float, _number)


def _yaml(document: dict[str, Any]) -> bytes:
    """What readers of YAML 1.1 and 1.2 take for the same."""
    writer = YAML()
    writer.Representer = _Representer
    writer.width = 4096
    writer.allow_unicode = True
    text = StringIO()
    writer.dump(document, text)
    return text.getvalue().encode()


def _property(column: Column, keys: dict[str, int], levels: dict[str, int]) -> dict[str, Any]:
    arrow = FIELD_TYPES[column.type].arrow
    found = {"name": column.name, **_type(arrow), "required": not column.nullable}
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
    names = OF_LISTS if listed else KEYWORDS
    options = {names[name]: value for name, value in constraints.items() if name in names}
    if column.type == "url":
        options["format"] = "uri"
    if options:
        found["logicalTypeOptions"] = options
    if "one_of" in constraints and not listed:
        rule = {"metric": "invalidValues", "arguments": {"validValues": constraints["one_of"]}, "mustBe": 0}
        found["quality"] = [{"type": "library", **rule}]
    return found | {"customProperties": [{"property": ARROW_TYPE, "value": str(arrow)}]}


def _type(kind: pa.DataType) -> dict[str, Any]:
    if pa.types.is_list(kind):
        items = _type(kind.value_type)
        return {"logicalType": "array", "physicalType": f"ARRAY<{items['physicalType']}>", "items": items}
    if pa.types.is_struct(kind):
        parts = [{"name": part.name, **_type(part.type), "required": not part.nullable} for part in kind]
        physical = ", ".join(f"{part['name']} {part['physicalType']}" for part in parts)
        return {"logicalType": "object", "physicalType": f"STRUCT<{physical}>", "properties": parts}
    logical, physical = NOTATIONS[kind].odcs
    return {"logicalType": logical, "physicalType": physical}
