"""Constraints of a field compared: what holds of its values, and which of two takes fewer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

_LOWER, _UPPER = ("min", "min_length"), ("max", "max_length")
_LARGEST = 2**63 - 1


def held(constraints: Mapping[str, Any], unsaid: frozenset[str], types: Sequence[str | None]) -> dict[str, Any]:
    """What values do keep to, and both sides can speak of: nothing where the config keeps values that do not.

    `types` are those of the field on both sides. What every value of a type keeps to promises nothing: it is left out.
    """
    if constraints.get("on_violation") == "keep":
        return {}
    kept = {name: value for name, value in constraints.items() if name != "on_violation" and name not in unsaid}
    return {name: value for name, value in kept.items() if not _is_empty(name, value, types)}


def _is_empty(name: str, value: Any, types: Sequence[str | None]) -> bool:
    if name == "one_of":
        return "boolean" in types and isinstance(value, list | tuple) and True in value and False in value
    if name == "min_length":
        return bool(value == 0)
    return "integer" in types and (name, value) in (("min", -_LARGEST - 1), ("max", _LARGEST))


def direction(key: str, before: Any, after: Any) -> str | None:
    """The rule of a constraint that is another one; None where it says the same in other words."""
    if before is None or after is None:
        return "SCHEMA_CONSTRAINT_NARROWED" if before is None else "SCHEMA_CONSTRAINT_WIDENED"
    (kind, old), (other, new) = _bound(before), _bound(after)
    if key not in _LOWER + _UPPER or kind == "text" or kind != other:
        return "SCHEMA_CONSTRAINT_CHANGED"
    if old == new:
        return None
    narrowed = new > old if key in _LOWER else new < old
    return "SCHEMA_CONSTRAINT_NARROWED" if narrowed else "SCHEMA_CONSTRAINT_WIDENED"


def _bound(value: Any) -> tuple[str, Any]:
    """A bound as it can be compared with those of its kind: JSON has dates and times as text."""
    if not isinstance(value, str):
        return "number", value
    try:
        if len(value) == len("2022-01-01"):
            return "date", date.fromisoformat(value)
        moment = datetime.fromisoformat(value)
    except ValueError:
        return "text", value
    return "time", moment if moment.tzinfo else moment.replace(tzinfo=UTC)
