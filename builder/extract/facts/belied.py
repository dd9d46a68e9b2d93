"""Dates that what a page states for machines shows to be something else than the day of publication."""

from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import date, timedelta

from builder.extract.facts.clocks import STATED
from builder.extract.facts.datelines import Dated
from builder.extract.facts.datemarks import day_key, read_day, same_day


def without_belied(found: list[Dated]) -> list[Dated]:
    """Without updates where another day is stated as that of publication.

    Of updates those within a week: a page that is dated anew after months is another than that of its first day.

    Args:
        found: all dates of a page.
    """
    stated = {day for item in found if item.signs & STATED and (day := day_key(item.text))}
    if stated and any("label:updated" in item.signs for item in found):
        week = {later for day in stated for later in _week_after(day)} - stated
        found = [item for item in found if "label:updated" not in item.signs or not _is_any(week, item)]
    return found


def _week_after(day: str) -> Iterator[str]:
    try:
        first = date.fromisoformat(day)
    except ValueError:  # no day of the calendar
        return
    yield from ((first + timedelta(days=number)).isoformat() for number in range(1, 8))


def _is_any(days: Set[str], item: Dated) -> bool:
    """Whether a date is of some days, or may be."""
    day = read_day(item.text)
    return any(same_day(other, item.text) for other in days) if day is None else day in days
