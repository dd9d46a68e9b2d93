"""The news agency that a story came from: as a page states it, as its byline, or where the story begins or ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, takewhile

from lxml import etree

from builder.extract.candidates import Candidate
from builder.extract.facts.author.bywords import SPOKEN
from builder.extract.facts.author.offices import agency_alone, agency_in
from builder.extract.facts.author.wire import AGENCIES, names_agency, signed
from builder.extract.facts.date.datemarks import datelike
from builder.extract.facts.extent import OF_MANY, Extent, extent, is_beside
from builder.extract.facts.scan import said, scan
from builder.extract.marks import class_roles
from builder.extract.page import ParsedPage
from builder.extract.roles import CAPTION, COMMENT
from builder.extract.structured import lookup

_PARTS = re.compile(r"[|•·–—]|\s-\s")
_LINE = 120
"""Characters from which on a piece of text is no byline."""
_MOST, _FEW, _ABOVE, _BELOW = 20, 3, 15, 4
"""Bylines that are looked at, those that a class marks and others; blocks above and below the first of the story."""


def agencies(page: ParsedPage) -> Iterator[Candidate]:
    """The news agency that a story came from, as the page writes it.

    As stated for machines, also as its author; else as its byline or behind that of a person, in the line over the
    story, in its first words, or at its end.
    """
    if stated := lookup(page.article_object, "sourceOrganization.name"):
        yield Candidate(stated, "jsonld:sourceOrganization.name")
    for origin, names in (
        ("jsonld:author.name", lookup(page.article_object, "author.name")),
        ("meta:author", page.meta.get("author", [])),
    ):
        found = (name if name.strip() in AGENCIES else agency_alone(name) for name in names)
        yield from (Candidate([name], origin) for name in filter(None, found))
    if page.article.page_type not in OF_MANY and page.article.blocks:
        yield from (Candidate([name], "byline") for name in chain(_marked(page), _spoken(page)))
    yield from (Candidate([match["agency"]], "text") for match in signed(page))


def _marked(page: ParsedPage) -> Iterator[str]:
    """The agencies in what markup calls the byline of the story."""
    story, seen = extent(page), scan(page)
    near = [element for element in seen.authors[:_MOST] if _is_near(seen.place(element), story)]
    for element in (*near, *seen.by_rel[:_FEW], *seen.itemprops.get("author", ())[:_FEW]):
        text = seen.byline(element)
        if len(text) < _LINE and (name := agency_in(text)):  # the place of what no class marks takes a walk
            yield from [name] if _is_near(seen.place(element), story) and not _is_elsewhere(element, story) else []


def _is_near(place: float, story: Extent) -> bool:
    return story.first - _ABOVE <= place <= story.first + _BELOW


def _spoken(page: ParsedPage) -> Iterator[str]:
    """The agencies in the lines between the headline and the first day, where there is one."""
    story = extent(page)
    above = page.layout.blocks[max(0, int(story.top) - 1, story.first - _ABOVE) : story.first + _BELOW]
    short = [block for block in above if len(block.text) < _LINE]
    if not any(names_agency(block.text) for block in short):  # a tenth of the time that looking for days takes
        return
    found: list[str] = []
    for block in short:
        for line in said(block).split("\n"):
            if names_agency(line) and (name := _agency_of(line)) and not _is_elsewhere(block.element, story):
                found.append(name)
            if datelike(line):
                yield from found
                return


def _agency_of(line: str) -> str | None:
    """The agency of a line that begins with words for "by"; else the one that is all of a part of it."""
    return agency_in(line) if SPOKEN.match(line) else next(filter(None, map(agency_alone, _PARTS.split(line))), None)


def _is_elsewhere(element: etree._Element, story: Extent) -> bool:
    """Whether an element stands in a caption, a comment or beside the story."""
    boxes = takewhile(lambda box: box not in story.around, (element, *element.iterancestors()))
    return any(
        box.tag in ("figure", "figcaption") or class_roles(box.get("class")) & (CAPTION | COMMENT) for box in boxes
    ) or is_beside(element, story)
