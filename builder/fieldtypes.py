"""Field types: where a config may name a field of each, and what a value of it is in YAML and JSON.

How values are read and stored says `schema.FIELD_TYPES`: this is what can be known without Arrow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class TypeFacts(NamedTuple):
    """What is known of a field type."""

    is_value: Callable[[object], bool] | None = None
    """Whether what YAML gave is a value of it; None for types of which a config has no values."""
    wanted: str = ""
    """What to write instead of what is none."""
    takes_length: bool = False
    """Takes `min_length`, `max_length` and `pattern`: text, or a list of texts."""
    takes_bounds: bool = False
    """Takes `min` and `max`."""
    takes_one_of: bool = False
    """Takes `one_of`: values that are equal look equal."""
    takes_unique: bool = False
    """Takes `unique`."""
    partitions_by_value: bool = False
    """May be a level of `partition_by` as it is."""
    is_time: bool = False
    """May be a level of `partition_by` by its year, month or day; takes `date` in a rule."""
    is_long: bool = False
    """Long text: columns without dictionary and statistics."""


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_boolean(value: object) -> bool:
    return isinstance(value, bool)


def _is_date(value: object) -> bool:
    return isinstance(value, dt.date) and not isinstance(value, dt.datetime)


def _is_timestamp(value: object) -> bool:
    return isinstance(value, dt.datetime) and value.tzinfo is not None


_TEXT = TypeFacts(
    _is_text, "it in quotes", takes_length=True, takes_one_of=True, takes_unique=True, partitions_by_value=True
)
_NUMBER = TypeFacts(_is_number, "a number", takes_bounds=True, takes_one_of=True, takes_unique=True)
_TIME = TypeFacts(takes_bounds=True, takes_unique=True, is_time=True)
TYPES: Mapping[str, TypeFacts] = {
    "string": _TEXT,
    "text": _TEXT._replace(partitions_by_value=False, is_long=True),
    "url": _TEXT,
    "language": _TEXT,
    "list<string>": _TEXT._replace(takes_unique=False, partitions_by_value=False),
    "integer": _NUMBER._replace(is_value=_is_integer, wanted="a whole number", partitions_by_value=True),
    "number": _NUMBER,
    "boolean": TypeFacts(_is_boolean, "true or false", takes_one_of=True, partitions_by_value=True),
    "date": _TIME._replace(
        is_value=_is_date, wanted="a date like 2022-01-01, without quotes", takes_one_of=True, partitions_by_value=True
    ),
    "timestamp": _TIME._replace(is_value=_is_timestamp, wanted="a time with its offset, like 2022-01-01T00:00:00Z"),
    "list<link>": TypeFacts(),
    "source": TypeFacts(),
}
"""Type -> what is known of it. To add one: a line here, its reader in schema.FIELD_TYPES, its name in
config.values.FieldType. The last two are of the catalogue alone."""


def as_stated(value: object) -> Any:
    """A value as JSON has it in manifests and schemas: days by ISO 8601, times with a zone in UTC.

    >>> as_stated(dt.datetime.fromisoformat("2022-02-24T01:00+01:00")), as_stated(dt.date(2022, 2, 4))
    ('2022-02-24T00:00:00Z', '2022-02-04')
    """
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, dt.date) else value


def types_that(wanted: Callable[[TypeFacts], bool]) -> tuple[str, ...]:
    """The names of the types of which something holds, in the order of the table.

    >>> types_that(lambda known: known.takes_bounds)
    ('integer', 'number', 'date', 'timestamp')
    """
    return tuple(name for name, known in TYPES.items() if wanted(known))
