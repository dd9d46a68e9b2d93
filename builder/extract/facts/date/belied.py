"""Dates that what a page states for machines shows to be something else than the day of publication."""

from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import date, datetime, timedelta

from builder.extract.facts.date.clocks import CHANGED, STATED
from builder.extract.facts.date.datemarks import day_key, read_day, same_day
from builder.extract.facts.date.linedates import DateCandidate
from builder.extract.facts.scan import NEAR

_EAST, _WEST = timedelta(hours=14), timedelta(hours=-12)
"""How far local time may be from UTC."""


def without_belied(found: list[DateCandidate], heading: float, captured: datetime | None) -> list[DateCandidate]:
    """Without updates and the day of the visit where another day is stated, or marked as that of publication.

    Of updates those within a week: a page that is dated anew after months is another than that of its first day.

    Args:
        found: all dates of a page.
        heading: the place of its headline, 0 where it has none.
        captured: when the page was captured.
    """
    stated = {day for item in found if item.features & STATED and (day := day_key(item.text))}
    if stated and any("label:updated" in item.features for item in found):
        week = {later for day in stated for later in _week_after(day)} - stated
        found = [item for item in found if "label:updated" not in item.features or not _is_any(week, item)]
    above = [item for item in found if 0 < item.order < heading]
    if captured is None or not above:
        return found
    today = {(captured + offset).date().isoformat() for offset in (_WEST, timedelta(), _EAST)}
    earlier = {day for item in found if _is_marked(item, heading) and (day := day_key(item.text)) and day < min(today)}
    known = stated | earlier
    belied = [item for item in above if _is_any(today, item) and not _is_any(known, item)] if earlier else []
    return [item for item in found if item not in belied]


def _is_marked(item: DateCandidate, heading: float) -> bool:
    """Whether a date is stated for machines: as that of the story, in its address, in a time behind the headline."""
    if "time" in item.features:
        return heading < item.order < heading + NEAR and item.features.isdisjoint(CHANGED)
    return "url" in item.features or not item.features.isdisjoint(STATED)


def _week_after(day: str) -> Iterator[str]:
    try:
        first = date.fromisoformat(day)
    except ValueError:  # no day of the calendar
        return
    yield from ((first + timedelta(days=number)).isoformat() for number in range(1, 8))


def _is_any(days: Set[str], item: DateCandidate) -> bool:
    """Whether a date is of some days, or may be; those are read that have the numbers of one."""
    return any(same_day(other, item.text) for other in days) and (read_day(item.text) or "") in {*days, ""}
