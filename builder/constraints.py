"""Constraints: what a field's value must be besides being of its type. One table says all that is known of each kind.

A constraint is checked when the values of a page are typed. `unique` alone is decided when all pages are known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from builder.errors import PageError
from builder.fieldtypes import as_stated, types_that
from builder.patterns import compile_pattern
from builder.records import Action, Record

_TEXTS = types_that(lambda known: known.takes_length)
_BOUNDED = types_that(lambda known: known.takes_bounds)
_ANY_TEXT, _ANY_FLAG = (str, "text"), (bool, "true or false")
_ANY_NUMBER = ((int, float), "a number")
_ANY_BOUND = ((int, float, str), "a number, or a date or time in quotes")
_EAST = timedelta(hours=14)  # where on Earth the day begins first
_SHOWN = 60  # characters of a value in a message


class Kind(NamedTuple):
    """A kind of constraint."""

    types: tuple[str, ...]
    """The field types that it fits."""
    prepare: Callable[[Any], Any]
    """The config's argument -> what `problem` takes."""
    problem: Callable[[Any, Any, datetime | None], str | None]
    """(value, prepared argument, time of capture) -> what is wrong, None where nothing is."""
    meaning: str
    stated: tuple[type | tuple[type, ...], str]
    """What its argument is in JSON: the types of Python, and what messages call them."""


def shown(value: object) -> str:
    r"""A value in a message: one line, shortened.

    >>> shown("a\nb"), shown(7)
    ('"a b"', '7')
    """
    text = " ".join(str(value).split()) if isinstance(value, str) else str(value)
    cut = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
    return f'"{cut}"' if isinstance(value, str) else cut


def _as_is(argument: Any) -> Any:
    return argument


def _min(value: Any, bound: Any, _captured: datetime | None) -> str | None:
    return f"less than {bound}" if value < bound else None


def _max(value: Any, bound: Any, _captured: datetime | None) -> str | None:
    return f"more than {bound}" if value > bound else None


def _pattern(value: Any, pattern: Any, _captured: datetime | None) -> str | None:
    wrong = not all(map(pattern.search, value)) if isinstance(value, list) else not pattern.search(value)
    return f"does not match {shown(pattern.pattern)}" if wrong else None


def _one_of(value: Any, allowed: frozenset[Any], _captured: datetime | None) -> str | None:
    wrong = not allowed.issuperset(value) if isinstance(value, list) else value not in allowed
    return f"none of the {len(allowed)} values allowed" if wrong else None


def _min_length(value: Any, least: int, _captured: datetime | None) -> str | None:
    return f"{_length(value)}, at least {least}" if len(value) < least else None


def _max_length(value: Any, most: int, _captured: datetime | None) -> str | None:
    return f"{_length(value)}, at most {most}" if len(value) > most else None


def _length(value: Any) -> str:
    return f"{len(value)} {'entries' if isinstance(value, list) else 'characters'}"


def _not_after(value: Any, _argument: str, captured: datetime | None) -> str | None:
    if captured is None:
        return None
    if isinstance(value, datetime):
        return f"after the capture at {as_stated(captured)}" if value > captured else None
    captured = captured.astimezone(UTC)
    # The day at the site may be a day ahead of the one in UTC.
    return f"after the capture on {captured.date()}" if value > (captured + _EAST).date() else None


def _decided_later(_value: Any, _argument: Any, _captured: datetime | None) -> None:
    return None


KINDS: Mapping[str, Kind] = {
    "min": Kind(_BOUNDED, _as_is, _min, "at least this", _ANY_BOUND),
    "max": Kind(_BOUNDED, _as_is, _max, "at most this", _ANY_BOUND),
    "min_length": Kind(
        _TEXTS, _as_is, _min_length, "at least so many characters; entries of a list", _ANY_NUMBER
    ),
    "max_length": Kind(
        _TEXTS, _as_is, _max_length, "at most so many characters; entries of a list", _ANY_NUMBER
    ),
    "pattern": Kind(
        _TEXTS, compile_pattern, _pattern, "RE2, found anywhere unless tied by `^` and `$`; in every entry", _ANY_TEXT
    ),
    "one_of": Kind(
        types_that(lambda known: known.takes_one_of), frozenset, _one_of, "one of these; every entry", (list, "a list")
    ),
    "not_after": Kind(
        types_that(lambda known: known.is_time), _as_is, _not_after,
        "`captured`: not after the capture, where its time is known", _ANY_TEXT,
    ),
    "unique": Kind(
        types_that(lambda known: known.takes_unique), _as_is, _decided_later, "no other row has the value", _ANY_FLAG
    ),
}  # fmt: skip
"""Constraint -> the types that it fits, how it is made ready, how it is checked. To add one: a line here, a key in
`config.models.FieldSpec`, and how columns of files are held to it in `contract.values.BROKEN`. `required` is no entry:
every type takes it, and it decides the column's type."""


class Check(NamedTuple):
    """All constraints of one field, made ready."""

    field: str
    required: bool
    action: Action
    rules: tuple[tuple[str, Callable[[Any, Any, datetime | None], str | None], Any], ...]
    """(rule as it is counted: `title.max_length`, Kind.problem, prepared argument)"""


def make_check(field: str, required: bool, action: Action, constraints: Mapping[str, Any]) -> Check:
    """Make the constraints of a field ready, in the order of KINDS."""
    rules = tuple(
        (f"{field}.{name}", kind.problem, kind.prepare(constraints[name]))
        for name, kind in KINDS.items()
        if name in constraints and kind.problem is not _decided_later
    )
    return Check(field, required, action, rules)


def hold(record: Record, checks: Sequence[Check], captured: datetime | None) -> tuple[str, ...]:
    """Hold a record to the constraints; where the action is `null` the value is taken out of it.

    Returns the rules that it breaks and is published with all the same.

    Raises:
        PageError: it breaks one that rejects it. The first one counts.

    """
    broken = []
    for field, required, action, rules in checks:
        value = record[field]
        if value is None:
            continue
        for rule, problem, argument in rules:
            found = problem(value, argument, captured)
            if found is None:
                continue
            if action == "null" and not required:
                record[field] = None
            elif action != "keep":
                raise PageError("constraint", f"{field}: {found}: {shown(value)}", rule)
            broken.append(rule)
            if record[field] is None:
                break
    return tuple(broken)
