"""Which of the dates that say one day says it with the clock of the story."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from builder.extract.facts.date.datemarks import datelike, has_clock, instant_day, same_day
from builder.extract.facts.date.linedates import DateCandidate, written
from builder.extract.texts import text_of

STATED = frozenset({"ld:published:story", "meta:article", "micro:published"})
"""Features of a date that is stated for machines to be that of the story."""
CALLED_PUBLISHED = frozenset({"ld:published", "meta:article", "micro:published", "time:published", "label:published"})
"""Features of a date that is called the publication."""
CHANGED = frozenset({"ld:modified", "meta:modified", "micro:modified", "time:updated", "label:updated"})
_FIRST = frozenset({"near:first", "class:first", "time:first", "loose:first", "label:published"})
_ZONED = re.compile(r"\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)? ?(?:Z|[+-]\d\d)")
_MIDNIGHT = re.compile(r"(?:[Tt ]00:00|T0000)(?!:?(?:0[1-9]|[1-5]\d))")
"""A day that a program wrote with a clock, more often than a clock."""
_CLOCKS = re.compile(r"(?<![\d.:])(\d{1,2})\s?[:.hH時时点點시]\s?(\d\d)(?!\d)")
"""Also of a date, which is no harm where they are looked up."""
_BESIDE = 2
"""Lines from a day to the clock that stands apart from it."""


def most_exact(kept: Sequence[DateCandidate]) -> Iterator[DateCandidate]:
    """The candidate that says the day of the first one with its time and zone, if any other does it better.

    That is the date stated for the story; else, where the first has a clock, one with the same, and where it has none,
    one that shows the day or stands beside it: other times of that day are those of comments, of events, of updates.

    Args:
        kept: candidates, the most likely first.
    """
    if not kept or (_is_zoned(kept[0].text) and kept[0].features & STATED and kept[0].origin[:5] != "micro"):
        return
    others = [item for item in kept[1:] if item.features.isdisjoint(CHANGED)]
    same = [item for item in others if written(item.text) == written(kept[0].text) or _is_same_day(item, kept[0].text)]
    first = next((item for item in same if _is_belied(kept[0], item)), kept[0])
    exact = (kept[0], *filter(_is_exact, same))
    stated = [item for item in exact if item.features & STATED and _is_zoned(item.text)]
    best = min(stated, key=lambda item: "micro:published" in item.features, default=None)
    if best is None and not _is_zoned(first.text):
        best = next(_better(first, same), None)
    if (best or first) is not kept[0]:
        yield best or first


def _better(first: DateCandidate, same: Sequence[DateCandidate]) -> Iterator[DateCandidate]:
    """Those of the same day that say more than the first one, which has no zone, the best first."""
    yield from (item for item in same if _is_exact(item) and _is_of(first, item))
    yield from (item for item in same if _is_exact(item) and item.features & CALLED_PUBLISHED)
    if not has_clock(first.text):
        yield from (item for item in same if has_clock(item.text) and not _is_zoned(item.text))
    yield from (item for item in same if _is_zoned(item.text) and _is_of(first, item))


def _is_zoned(text: str) -> bool:
    """Whether a date states its time of day and the zone of that; most do so as ISO 8601 writes it."""
    return _ZONED.search(text) is not None or instant_day(text) is not None


def _is_exact(item: DateCandidate) -> bool:
    return _is_zoned(item.text) and _MIDNIGHT.search(item.text) is None


def _is_belied(item: DateCandidate, stamp: DateCandidate) -> bool:
    """Whether a `<time>` shows a clock alone, another than the stamp of that day behind the headline."""
    if item.element is None or not item.features.isdisjoint(CALLED_PUBLISHED) or "near:first" not in stamp.features:
        return False
    shown = text_of(item.element, 200)
    return has_clock(shown) and datelike(shown) is None and has_clock(stamp.text) and not _is_of(stamp, item)


def _is_same_day(item: DateCandidate, first: str) -> bool:
    """Where only `first` says it in numbers, the item must be the first of its kind: another may be of any month."""
    if same_day(item.text, first) or same_day(instant_day(item.text) or "", first):
        return True
    return not item.features.isdisjoint(_FIRST) and same_day(first, item.text)


def _is_of(first: DateCandidate, item: DateCandidate) -> bool:
    """Whether a time with its zone is the one that another date shows without."""
    shown = text_of(item.element, 200) if item.element is not None else item.text
    if has_clock(first.text):
        stated = item.text[10:16] if item.text[:4].isdecimal() else item.text  # an offset may look like a clock
        return not _clocks(first.text).isdisjoint(_clocks(f"{stated} {shown}"))
    return item.element is None or datelike(shown) is not None or abs(item.order - first.order) < _BESIDE


def _clocks(text: str) -> set[tuple[int, str]]:
    """The times of day in a text, as hour of the half day and minute.

    >>> _clocks("2022年2月24日 13時37分"), _clocks("Feb 24, 2022, 1.37 p.m. ET")
    ({(1, '37')}, {(1, '37')})
    """
    return {(int(hour) % 12, minute) for hour, minute in _CLOCKS.findall(text)}
