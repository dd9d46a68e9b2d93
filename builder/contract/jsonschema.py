"""JSON Schema of one row read as terms: what `schema export --to json-schema` writes, or what somebody else keeps.

It knows no ids, so a field that is renamed is gone and another one new, and neither versions nor the order of rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from builder.constraints import KINDS
from builder.contract.keywords import CONSTRAINTS, FOLDER_TEXT, NO_FOLDER_VALUE
from builder.contract.terms import Term, Terms, check_value, expect

_FORMATS = {"date": "date", "date-time": "timestamp", "uri": "url"}
_KINDS = {"string", "integer", "number", "boolean", "array", "object"}
_KEYWORDS = {**CONSTRAINTS, "enum": "one_of"}
_UNSAID, _OF_TIMES = frozenset(KINDS.keys() - _KEYWORDS.values()), frozenset({"min", "max"})
"""Constraints that JSON Schema has no word for, and those that it has none for where values are times."""


def is_row_schema(data: object) -> bool:
    """Whether the data of a JSON file is a JSON Schema of an object."""
    return isinstance(data, dict) and data.get("type") == "object" and isinstance(data.get("properties"), dict)


def terms_of_row_schema(data: Mapping[str, Any], origin: str) -> Terms:
    """The terms of a JSON Schema. Types that it gives by reference or choice are not compared.

    Raises:
        ValueError: a part of it is not as JSON Schema has it; where, and what it is.

    """
    required = data.get("required", [])
    expect(required, list, "a list", "required")
    fields = tuple(
        _term(name, _schema(schema, f"properties.{name}"), name in required)
        for name, schema in data["properties"].items()
    )
    return Terms(origin, fields, is_open=data.get("additionalProperties") is not False)


def _schema(schema: object, where: str) -> dict[str, Any]:
    """A schema as a mapping; `true` is one that says nothing."""
    if schema is True:
        return {}
    expect(schema, dict, "a schema", where)
    return cast(dict[str, Any], schema)


def _term(name: str, schema: dict[str, Any], is_required: bool) -> Term:
    where = f"properties.{name}"
    types, schema = _types(schema, where)
    named = [kind for kind in types if kind != "null"]
    written = schema.get("format", "")
    expect(written, str, "text", f"{where}.format")
    kind = _FORMATS.get(written, named[0]) if len(named) == 1 and named[0] in _KINDS else None
    description = schema.get("description")
    unsaid = _UNSAID | (_OF_TIMES if kind in ("date", "timestamp", None) else frozenset())
    return Term(
        name=name,
        type=kind,
        nullable=None if not types else "null" in types or not is_required,
        description=description if isinstance(description, str) else None,
        deprecated="deprecated" if schema.get("deprecated") is True else None,
        constraints=_constraints(schema, where),
        unsaid=unsaid,
    )


def _types(schema: dict[str, Any], where: str) -> tuple[list[str], dict[str, Any]]:
    """The types of a property, and the schema that says the rest: `anyOf` of a type and null is that type or null.

    What columns of folders may be besides their type is none of it.
    """
    choices = schema.get("anyOf", [])
    expect(choices, list, "a list", f"{where}.anyOf")
    others = [choice for choice in choices if choice not in ({"type": "null"}, FOLDER_TEXT, NO_FOLDER_VALUE)]
    if len(choices) == 2 and len(others) == 1:
        types, rest = _types(_schema(others[0], f"{where}.anyOf"), f"{where}.anyOf")
        null = ["null"] if {"type": "null"} in choices else []
        return [*types, *null], {**rest, **{key: value for key, value in schema.items() if key != "anyOf"}}
    stated = schema.get("type", [])
    types = stated if isinstance(stated, list) else [stated]
    for kind in types:
        expect(kind, str, "the name of a type", f"{where}.type")
    return types, schema


def _constraints(schema: dict[str, Any], where: str) -> dict[str, Any]:
    entries = schema.get("items")
    found: dict[str, Any] = {}
    for part in (schema, entries if isinstance(entries, dict) else {}):
        for theirs, ours in _KEYWORDS.items():
            if theirs in part:
                check_value(ours, part[theirs], f"{where}.{theirs}")
                found[ours] = part[theirs]
    if isinstance(found.get("one_of"), list):
        found["one_of"] = [value for value in found["one_of"] if value is not None]
    return found
