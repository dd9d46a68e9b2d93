"""Dates in lines of text: those that follow the headline, and short ones anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from builder.extract.candidates import source_of
from builder.extract.facts.date.datemarks import (
    DIGITS,
    called,
    datelike,
    dates_in,
    is_label,
    is_of_people,
    is_told,
    label_features,
    line_features,
    read_day,
    window,
)
from builder.extract.facts.date.otherdates import is_embedded
from builder.extract.facts.scan import Scan, lines_in, surroundings
from builder.extract.facts.title.headline import Headline
from builder.extract.roles import OTHER

_BESIDE = 4
"""Lines."""
_CLOCK = re.compile(
    r"\s*\d{1,2}(?:[:h]\d\d(?::\d\d)?(?: ?(?i:[ap]\.? ?m\.?|uhr|uur|hs?))?|\.\d\d ?(?i:[ap]\.? ?m\.?|uhr|uur|h))"
    r"(?: [A-ZА-Я]{2,4})?\s*"
)
_LEAST = 4
"""Characters before a date that may be a label."""
_MOST_LOOSE, _LONGEST = 8, 120
"""Lines, and characters of each."""
_DATED_LINE = frozenset({"near:bare", "near:label", "loose:bare", "loose:label"})


@dataclass(slots=True)
class DateCandidate:
    """A string that holds a date, where it stood and what speaks for it."""

    text: str
    origin: str
    features: set[str] = field(default_factory=set)
    order: float = 0
    day: str = ""
    """The day it says, to see which candidates say the same; set when all are known."""
    element: etree._Element | None = None
    """The `<time>` that states it."""


def without_updates(found: list[DateCandidate]) -> list[DateCandidate]:
    """Without those that are called an update and have another date beside them that goes for the publication.

    That is one which is called so, a few lines around, or on the same line any other that is not of a later day, or on
    the next one that says no more than an earlier day.
    """
    stated = [item.order for item in found if "label:stated" in item.features]
    others = [item for item in found if "label:updated" not in item.features and item.order]
    return [
        item
        for item in found
        if "label:updated" not in item.features
        or not (_is_near(item.order, stated) or any(_is_earlier(other, item) for other in others))
    ]


def _is_earlier(other: DateCandidate, update: DateCandidate) -> bool:
    """Whether another date of the same line is of an earlier day, or may be: not all can be read."""
    apart = abs(int(other.order) - int(update.order))
    if apart > 1 or _kind(other) != _kind(update) or (apart and _DATED_LINE.isdisjoint(other.features)):
        return False
    day, updated = read_day(other.text), read_day(update.text)
    if apart:
        return bool(day and updated and day < updated)
    return day < updated if day and updated else written(other.text) != written(update.text)


def _kind(item: DateCandidate) -> tuple[str, bool]:
    """Dates of a kind count places alike."""
    return source_of(item.origin), "near" in item.features


def written(text: str) -> str:
    """A date as it is written, without what stands around it."""
    match = datelike(text)
    return (match.group() if match else text).casefold()


def _is_near(order: float, others: Sequence[float]) -> bool:
    return any(abs(order - other) <= _BESIDE for other in others)


def near_heading(places: Sequence[Headline]) -> Iterator[DateCandidate]:
    """The dates of the lines behind the headline, and behind others that are marked as one."""
    for number, heading in enumerate(places):
        for taken, item in enumerate(without_updates(list(_behind(heading, number)))):
            item.features.add("near:first" if taken == 0 else "near:next")
            yield item


def _behind(heading: Headline, number: int) -> Iterator[DateCandidate]:
    taken, line = 0, ""
    for distance, behind in enumerate(heading.lines):
        before, line = line, behind
        if len(line) >= 400 or not DIGITS.search(line):
            continue
        for match, start in dates_of(line, before):
            if is_told(line, match):
                continue
            features = {*_near_features(number, distance, line), *label_features(line, match, start)}
            features.update(line_features("near", line, match))
            if match.start() < _LEAST and is_label(before):
                features.update(called(before))
            clock = "" if line[match.end() :].strip() else _clock_alone(heading.lines[distance + 1 : distance + 2])
            yield DateCandidate(window(line, match, start) + clock, "text", features, heading.place + distance + 1)
            taken += 1
        if taken >= 3:
            return


def dates_of(line: str, label: str = "") -> Iterator[tuple[re.Match[str], int]]:
    """The dates of a line that may be the page's, each with the place where the one before it ends.

    Args:
        line: what holds them.
        label: the line before it.
    """
    start = 0
    for match in dates_in(line):
        if not is_of_people(line, match, label):
            yield match, start
        start = match.end()


def _clock_alone(lines: Sequence[str]) -> str:
    """What a line says if that is a time of day and no more, with a space before it."""
    return f" {lines[0].strip()}" if lines and _CLOCK.fullmatch(lines[0]) else ""


def _near_features(number: int, distance: int, text: str) -> Iterator[str]:
    yield "near"
    yield "near:h1" if number == 0 else "near:later"
    yield "near:0-4" if distance < 5 else "near:5-14" if distance < 15 else "near:15+"
    if len(text) < 60:
        yield "near:short"
    elif len(text) > 150:
        yield "near:long"


def loose(seen: Scan, heading: float | None) -> Iterator[DateCandidate]:
    """Short lines anywhere that are hardly more than a date: for pages that mark theirs in no way.

    Args:
        seen: the elements and lines of the page.
        heading: the place of its headline.
    """
    for taken, item in enumerate(without_updates(list(islice(_short(seen, heading), _MOST_LOOSE)))):
        item.features.add("loose:first" if taken == 0 else "loose:next" if taken < 3 else "loose:later")
        yield item


def _short(seen: Scan, heading: float | None) -> Iterator[DateCandidate]:
    known = set(seen.dates) | set(seen.times)
    digits = DIGITS.search
    for number, block in enumerate(seen.layout.blocks[:2000]):
        text = block.text
        if (len(text) > _LONGEST and "\n" not in text) or not digits(text) or block.element in known:
            continue
        lines = list(lines_in([block]))
        for place, line in enumerate(lines):
            if len(line) > _LONGEST or not datelike(line):
                continue
            before = lines[place - 1] if place else seen.layout.blocks[number - 1].text if number else ""
            for match, start in dates_of(line, before):
                if is_told(line, match) or is_embedded(block.element):
                    continue
                features = {"loose", *line_features("loose", line, match), *label_features(line, match, start)}
                features.add("loose:after" if heading is None or number + 1 >= heading else "loose:before")
                if heading is None:
                    features.add("loose:noh1")
                if match.start() < _LEAST and is_label(before):
                    features.update(called(before))
                yield DateCandidate(window(line, match, start), "text", features | around(block.element), number + 1)


def around(element: etree._Element) -> set[str]:
    """Where a date stands, in which tag, and in which tag that stands."""
    features = surroundings(element, OTHER) - {"in:author", "in:comment"}
    features.add(f"tag:{element.tag}")
    if (box := element.getparent()) is not None:
        features.add(f"tag-around:{box.tag}")
    return features
