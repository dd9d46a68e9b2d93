"""JSON Schema of one row read as terms: what `schema export --to json-schema` writes, or what somebody else keeps.

It knows no ids, so a field that is renamed is gone and another one new, and neither versions nor the order of rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builder.contract.terms import Term, Terms

_FORMATS = {"date": "date", "date-time": "timestamp", "uri": "url"}
_KINDS = {"string", "integer", "number", "boolean", "array", "object"}
_KEYWORDS = {
    "minimum": "min", "maximum": "max", "minLength": "min_length", "maxLength": "max_length", "pattern": "pattern",
    "minItems": "min_length", "maxItems": "max_length",
}  # fmt: skip
_UNSAID, _OF_TIMES = frozenset({"unique", "not_after"}), frozenset({"min", "max"})
"""Constraints that JSON Schema has no word for, and those that it has none for where values are times."""


def is_row_schema(data: object) -> bool:
    """Whether the data of a JSON file is a JSON Schema of an object."""
    return isinstance(data, dict) and data.get("type") == "object" and isinstance(data.get("properties"), dict)


def terms_of_row_schema(data: Mapping[str, Any], origin: str) -> Terms:
    """The terms of a JSON Schema. Types that it gives by reference or choice are not compared.

    Raises:
        TypeError, AttributeError: a property is no schema.

    """
    required = data.get("required", ())
    fields = tuple(_term(name, schema, name in required) for name, schema in data["properties"].items())
    return Terms(origin, fields, is_open=data.get("additionalProperties") is not False)


def _term(name: str, schema: Mapping[str, Any], is_required: bool) -> Term:
    types, schema = _types(schema)
    named = [kind for kind in types if kind != "null"]
    kind = _FORMATS.get(schema.get("format", ""), named[0]) if len(named) == 1 and named[0] in _KINDS else None
    description = schema.get("description")
    unsaid = _UNSAID | (_OF_TIMES if kind in ("date", "timestamp", None) else frozenset())
    return Term(
        name=name,
        type=kind,
        nullable=None if not types else "null" in types or not is_required,
        description=description if isinstance(description, str) else None,
        deprecated="deprecated" if schema.get("deprecated") is True else None,
        constraints=_constraints(schema),
        unsaid=unsaid,
    )


def _types(schema: Mapping[str, Any]) -> tuple[list[str], Mapping[str, Any]]:
    """The types of a property, and the schema that says the rest: `anyOf` of a type and null is that type or null."""
    choices = schema.get("anyOf", ())
    if len(choices) == 2 and {"type": "null"} in choices:
        (other,) = (choice for choice in choices if choice != {"type": "null"})
        types, rest = _types(other)
        return [*types, "null"], {**rest, **{key: value for key, value in schema.items() if key != "anyOf"}}
    stated = schema.get("type", [])
    return [stated] if isinstance(stated, str) else list(stated), schema


def _constraints(schema: Mapping[str, Any]) -> dict[str, Any]:
    entries = schema.get("items")
    found: dict[str, Any] = {}
    for part in (schema, entries if isinstance(entries, dict) else {}):
        found |= {ours: part[theirs] for theirs, ours in _KEYWORDS.items() if theirs in part}
        if "enum" in part:
            found["one_of"] = [value for value in part["enum"] if value is not None]
    return found
