"""Where the headline stands: the h1 that says it, else whatever block does; logos are h1 often enough."""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from builder.extract.facts.scan import Scan, lines_in, scan
from builder.extract.facts.title.sitename import fold
from builder.extract.facts.title.titles import ranked_titles
from builder.extract.layout import Block
from builder.extract.page import ParsedPage, once_a_page
from builder.extract.texts import heading_text

_MOST, _MOST_LINES = 3, 40
_HEADINGS = frozenset(["h2", "h3", "h4", "h5"])
_LONGER = 10
"""Characters that a block may have more or less than the title that it says."""
_WORD = re.compile(r"\w+")


class Headline(NamedTuple):
    """A place of a page that may be its headline."""

    place: float
    """As `Scan.place` counts."""
    lines: tuple[str, ...]
    """Those that follow it, the nearest first."""


@once_a_page
def headlines(page: ParsedPage) -> tuple[Headline, ...]:
    """The headline, then others that are marked as one, at most three in all."""
    seen = scan(page)
    firsts = [heading for heading in seen.headings if heading.tag == "h1"][:_MOST]
    marked = (Headline(seen.place(heading), tuple(seen.lines_after(heading))) for heading in firsts)
    title = next((fold(found.values[0]) for found in ranked_titles(page)), "")
    said = None if any(is_about(title, fold(heading_text(heading))) for heading in firsts) else _said(title, seen)
    return (said,) if said else tuple(marked)


def is_about(title: str, text: str) -> bool:
    """Whether a heading says a title, or most of its words are of it.

    >>> [is_about("ferry back at last", text) for text in ("live: ferry back at last", "ferry is back", "ferry news")]
    [True, True, False]
    """
    words = set(_WORD.findall(text))
    return title in text or 2 * len(words.intersection(_WORD.findall(title))) > len(words)


def _said(title: str, seen: Scan) -> Headline | None:
    """The first heading that says a title, else, where no h1 is, the first other block that does: of menus none."""
    found: Headline | None = None
    headings_only = not title or any(heading.tag == "h1" for heading in seen.headings)
    for number, block in enumerate(seen.layout.blocks):
        is_heading = block.tag in _HEADINGS
        if not is_heading and (headings_only or block.tag == "li"):
            continue
        line = _line_of(title, block)
        if line is not None:
            behind = islice(lines_in(seen.layout.blocks[number + 1 :]), _MOST_LINES)
            lines = (*block.text.split("\n")[line + 1 :], *behind)
            found, headings_only = Headline(number + 1, lines[:_MOST_LINES]), True
            if is_heading:
                return found
    return found


def _line_of(title: str, block: Block) -> int | None:
    """Which line of a block says a title."""
    text = block.text
    if len(text) < len(title) - _LONGER or (len(text) > len(title) + _LONGER and "\n" not in text):
        return None
    lines = enumerate(text.split("\n"))
    return next(
        (number for number, line in lines if abs(len(line) - len(title)) <= _LONGER and fold(line) == title), None
    )
