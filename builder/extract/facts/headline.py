"""Where the headline stands: the h1 that says it, else whatever block does; logos are h1 often enough."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from builder.extract.facts.scan import Scan, scan
from builder.extract.facts.sitename import fold
from builder.extract.facts.titles import ranked_titles
from builder.extract.layout import Block
from builder.extract.page import ParsedPage, once_a_page
from builder.extract.texts import heading_text

_MOST, _MOST_LINES = 3, 40
_HEADINGS = frozenset(["h2", "h3", "h4", "h5"])
_LONGER = 10
"""Characters that a block may have more or less than the title that it says."""


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
    said = title and not any(fold(heading_text(heading)) == title for heading in firsts) and _said(title, seen)
    return (said,) if said else tuple(marked)


def _said(title: str, seen: Scan) -> Headline | None:
    """The first heading that says a title, else the first block a line of which does."""
    found: Headline | None = None
    for number, block in enumerate(seen.layout.blocks):
        if found is not None and block.tag not in _HEADINGS:
            continue
        line = _line_of(title, block)
        if line is not None:
            behind = (text for after in seen.layout.blocks[number + 1 :] for text in after.text.split("\n"))
            lines = (*block.text.split("\n")[line + 1 :], *islice(behind, _MOST_LINES))
            found = Headline(number + 1, lines[:_MOST_LINES])
            if block.tag in _HEADINGS:
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
