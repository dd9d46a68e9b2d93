"""Data contracts of the Open Data Contract Standard 3, read as terms; what a contract leaves open is not compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from builder.constraints import KINDS
from builder.contract.keywords import ARROW_TYPE, CONSTRAINTS
from builder.contract.terms import Term, Terms, check_value, expect
from builder.fieldtypes import as_stated

_KINDS = {"string", "integer", "number", "boolean", "date", "timestamp", "array", "object"}
_TYPES: Mapping[str, tuple[type | tuple[type, ...], str]] = {
    "name": ((str, int), "a name"), "description": (str, "text"), "logicalType": (str, "the name of a type"),
    "physicalType": (str, "the name of a type"), "required": (bool, "true or false"), "unique": (bool, "true or false"),
    "primaryKey": (bool, "true or false"), "primaryKeyPosition": (int, "a number"),
    "logicalTypeOptions": (dict, "a mapping"), "quality": (list, "a list"), "customProperties": (list, "a list"),
}  # fmt: skip
"""Key of a column -> the types of its values, and what messages call them."""
_STATED_BESIDE = {"unique", "one_of"}
"""Constraints that are no options: a key of the column, a rule of quality."""
_UNSAID = frozenset({*KINDS, "deprecated"} - {*CONSTRAINTS.values()} - _STATED_BESIDE)
_OF_ENTRIES = frozenset({"one_of", "pattern"})
"""Besides _UNSAID, which it has no word for: what a contract does not say of the entries of a list."""


def is_odcs(data: object) -> bool:
    """Whether the data of a YAML file is such a contract."""
    return isinstance(data, dict) and data.get("kind") == "DataContract" and "apiVersion" in data


def terms_of_odcs(data: Mapping[str, Any], origin: str) -> Terms:
    """The terms of the only table of a contract.

    Its version is that of the contract, not of the schema: no step of it is looked for.

    Raises:
        ValueError: not of version 3, not exactly one table with properties, or one of them is not as contracts have it.

    """
    if not str(data["apiVersion"]).startswith("v3."):
        raise ValueError(f"apiVersion {data['apiVersion']}; this reads contracts of v3")
    tables = data.get("schema")
    if not isinstance(tables, list) or len(tables) != 1 or not isinstance(tables[0], dict):
        raise ValueError("schema must hold exactly one table")
    properties = tables[0].get("properties")
    if not isinstance(properties, list) or not all(isinstance(item, dict) and item.get("name") for item in properties):
        raise ValueError("schema.0.properties must be a list of columns with names")
    for number, entry in enumerate(properties):
        _check(entry, f"schema.0.properties.{number}")
    return Terms(origin, tuple(_term(entry) for entry in properties), primary_key=_key(properties), is_open=True)


def _check(entry: Mapping[str, Any], where: str) -> None:
    """Whether the values of a column are of the types that the standard gives them; empty ones say nothing."""
    for key, (types, wanted) in _TYPES.items():
        if entry.get(key) is not None:
            expect(entry[key], types, wanted, f"{where}.{key}")
    for key, value in (entry.get("logicalTypeOptions") or {}).items():
        if key in CONSTRAINTS and value is not None:
            check_value(CONSTRAINTS[key], as_stated(value), f"{where}.logicalTypeOptions.{key}")
    for key in ("quality", "customProperties"):
        for number, part in enumerate(entry.get(key) or ()):
            expect(part, dict, "a mapping", f"{where}.{key}.{number}")


def _term(entry: Mapping[str, Any]) -> Term:
    """Of the types of a column Arrow's says most; contracts that others wrote state it as the physical one, or not."""
    kind = entry.get("logicalType")
    stored = next(filter(_is_arrow, _physical_types(entry)), None)
    required = entry.get("required")
    constraints = _constraints(entry)
    unsaid = _OF_ENTRIES if kind == "array" else frozenset({"one_of"})
    return Term(
        name=str(entry["name"]),
        type=kind if kind in _KINDS and stored is None else None,
        arrow_type=stored,
        nullable=None if required is None else not required,
        description=entry.get("description"),
        constraints=constraints or None,
        unsaid=_UNSAID | (unsaid - constraints.keys()),
    )


def _physical_types(entry: Mapping[str, Any]) -> list[str]:
    custom = [part.get("value") for part in entry.get("customProperties") or () if part.get("property") == ARROW_TYPE]
    return [name for name in (*custom, entry.get("physicalType")) if isinstance(name, str)]


def _is_arrow(name: str) -> bool:
    """Whether a physical type is named as Arrow does; contracts may name the types of any system."""
    exact = {"string", "bool", "int8", "int16", "int32", "int64", "float", "double", "date32[day]"}
    return name in exact or name.startswith(("timestamp[", "list<", "struct<", "decimal128("))


def _constraints(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Those that the contract states; where it states none, stricter datasets keep to it."""
    options = entry.get("logicalTypeOptions") or {}
    found = {ours: as_stated(options[key]) for key, ours in CONSTRAINTS.items() if options.get(key) is not None}
    if entry.get("unique"):
        found["unique"] = True
    for rule in entry.get("quality") or ():
        arguments = rule.get("arguments")
        allowed = arguments.get("validValues") if isinstance(arguments, dict) else None
        if rule.get("metric") == "invalidValues" and rule.get("mustBe") == 0 and isinstance(allowed, list):
            found["one_of"] = [as_stated(value) for value in allowed]
    return found


def _key(properties: Sequence[Mapping[str, Any]]) -> tuple[str, ...] | None:
    keys = [entry for entry in properties if entry.get("primaryKey")]
    ordered = sorted(keys, key=lambda entry: entry.get("primaryKeyPosition") or 0)
    return tuple(str(entry["name"]) for entry in ordered) or None
