"""When a story was last changed, as its page says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from builder.extract.candidates import Candidate
from builder.extract.facts.datelabels import PUBLISHED, UPDATED
from builder.extract.facts.datemarks import datelike
from builder.extract.facts.extent import extent, is_beside
from builder.extract.facts.scan import scan
from builder.extract.page import ParsedPage
from builder.extract.texts import text_of

_BEGINS = re.compile(rf"\W*(?:\w+\W+){{0,2}}?(?:{UPDATED.pattern})", re.IGNORECASE)
_OF_PAGE = re.compile(
    r"\b(?:this|diese|deze|cette|esta|questa|tę|эта) (?:page|article|story|seite|pagina|página|stronę|страница)\b",
    re.IGNORECASE,
)
_OF_MANY = frozenset(["listing", "collection", "product", "forum"])
"""Types of pages whose lines tell of many things."""
_LONGEST, _LAST = 120, 60
"""Characters of a line that says little more than the day; blocks of a page that may be its footer."""
_NEAR = 8
"""Blocks behind a text that may be its last words."""
_INLINE = frozenset(["span", "b", "strong", "em", "i", "small", "a"])


def marked_updates(page: ParsedPage) -> Iterator[Candidate]:
    """What the page calls an update of its story: times, lines whose class says date, and lines that say it alone."""
    seen = scan(page)
    for element in seen.times[:8]:
        called = f"{element.get('class') or ''} {_said_before(element)[-200:]}"
        value = element.get("datetime") or text_of(element, 200)
        if value and UPDATED.search(called) and not is_beside(element, extent(page)):
            yield Candidate([value], "time")
    for element in seen.dates[:20] if page.article.page_type != "forum" else ():  # there each message has its own
        if (day := _changed(text_of(element, 200))) and not is_beside(element, extent(page)):
            yield Candidate([day], "text")
            return
    yield from islice((Candidate([day], "text") for day in _lines(page)), 1)


def _said_before(element: etree._Element) -> str:
    """The words that stand before a time, and after any other, in the elements around it that are parts of a line."""
    pieces: list[str] = []
    around = element.getparent()
    for before in element.itersiblings(preceding=True):
        pieces.append(before.tail or "")
        if before.tag == "time":
            return " ".join(reversed(pieces))
        pieces.append(text_of(before, 200))
    if around is None:
        return ""
    said = " ".join([around.text or "", *reversed(pieces)])
    return _said_before(around) if around.tag in _INLINE and not said.strip() else said


def _changed(line: str) -> str | None:
    """The first date after a word for changes, with the time of day beside it."""
    called = UPDATED.search(line)
    if called is None or (match := datelike(rest := line[called.start() :])) is None:
        return None
    return None if PUBLISHED.search(rest[: match.start()]) else rest[match.start() : match.end() + 30]


def _lines(page: ParsedPage) -> Iterator[str]:
    """The days of lines near the beginning and the end of the text, and of those at the end that name the page."""
    story, blocks = extent(page), page.layout.blocks
    if page.article.page_type not in _OF_MANY:
        top = max(0, int(story.top) - 1)
        for block in (*blocks[top : story.first + 1], *blocks[story.last : story.last + _NEAR]):
            if len(block.text) < _LONGEST and _BEGINS.match(block.text) and not is_beside(block.element, story):
                yield from filter(None, (_changed(block.text),))
    for block in blocks[-_LAST:]:
        if len(block.text) >= _LONGEST or not _OF_PAGE.search(block.text) or not UPDATED.search(block.text):
            continue
        if match := datelike(block.text):
            yield block.text[match.start() : match.end() + 30]
