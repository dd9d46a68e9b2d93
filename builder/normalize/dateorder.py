"""Which of two numbers is the day: what the numbers, the language and the sign between them decide."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from builder.normalize.language import parse_language, region_of
from builder.normalize.moments import DateError

Orders: TypeAlias = Callable[[str], bool | None]
"""(the sign between the numbers) -> whether the other dates of a page write the day first; None where they do not say.
"""
YEAR_FIRST = frozenset({"hu", "ja", "ko", "lt", "sv", "zh"})
"""Languages that write 22.02.24 with the year in front, so that two-digit years decide nothing there."""
UNDECIDED_REGIONS = frozenset({None, "CA", "PH"})
"""Where English writes both orders, or does not say which English it is."""


@lru_cache(maxsize=1024)
def primary_language(tag: str | None) -> str | None:
    """Return the language of a tag in lower case, None for no tag or an unreadable one.

    >>> primary_language("pt-BR"), primary_language("?")
    ('pt', None)
    """
    try:
        return parse_language(tag) if tag else None
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def order_of(tag: str | None) -> bool | None:
    """Whether a language writes the day before the month; None where it does not say.

    >>> order_of("en-US"), order_of("en-IN"), order_of("en"), order_of("de"), order_of(None)
    (False, True, None, True, None)
    """
    language = primary_language(tag)
    if tag is None or language is None:
        return None
    if language != "en":
        return True
    region = region_of(tag)
    return None if region in UNDECIDED_REGIONS else region != "US"


def day_and_month(first: int, second: int, sign: str, tag: str | None, orders: Orders | None = None) -> tuple[int, int]:
    """Say which of the two numbers in front of a year is the day.

    A number above 12 decides, then the language, then other dates of the page, then a dot or a dash between them (day
    first).

    >>> day_and_month(24, 2, "/", None), day_and_month(3, 4, "/", "en-US")
    ((24, 2), (4, 3))
    >>> day_and_month(3, 4, "-", "en"), day_and_month(3, 4, "-", "en", lambda sign: False)
    ((3, 4), (4, 3))

    Raises:
        DateError: nothing decides.

    """
    if first > 12 or first == second:
        return first, second
    if second > 12:
        return second, first
    day_first = order_of(tag)
    if day_first is None and orders is not None:
        day_first = orders(sign)
    if day_first is None and sign in ".-":
        day_first = True
    if day_first is None:
        raise DateError("ambiguous: day/month or month/day; give the rule a `date` format, or the profile a language")
    return (first, second) if day_first else (second, first)


def short_year_decided(tag: str | None) -> bool:
    """Whether the language says how 24.02.22 is to be read."""
    return order_of(tag) is not None and primary_language(tag) not in YEAR_FIRST


def full_year(digits: str) -> int:
    """Return the year of two or four digits: 00 to 69 are of this century, 70 to 99 of the last.

    >>> full_year("2022"), full_year("69"), full_year("70")
    (2022, 2069, 1970)
    """
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year < 70 else 1900)
