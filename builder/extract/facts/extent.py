"""Where the story stands on its page, and what stands beside it: teasers, menus, comments."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import accumulate, takewhile
from typing import NamedTuple

from lxml import etree

from builder.extract.facts.scan import scan
from builder.extract.page import ParsedPage, once_a_page

OF_MANY = frozenset(["listing", "collection", "product", "forum"])
"""Types of pages whose lines tell of many things, not of one story."""
_ASIDE = ("aside", "nav", "form")
_BESIDE = re.compile(
    r"related|sidebar|teaser|recommend|promo|popular|recent|trending|newsletter|subscri|most-?read|comment|advert|nav|menu|cloud",
    re.IGNORECASE,
)
"""In the classes of what stands beside a story."""


class Extent(NamedTuple):
    """Places, as `Scan.place` counts them, and elements."""

    top: float
    """Of the headline or the beginning of the text, whichever is first."""
    first: int
    """Of the beginning of the text."""
    middle: int
    last: int
    around: frozenset[etree._Element]
    """The elements that hold the middle of the text, or the headline."""


@once_a_page
def extent(page: ParsedPage) -> Extent:
    """From where to where the story of a page goes; to its end where it has no text."""
    blocks = page.layout.blocks
    inside = {block.element for block in page.article.blocks}
    sizes = [len(block.text) if block.element in inside else 0 for block in blocks]
    headings = scan(page).headings[:1]
    places = [scan(page).place(heading) for heading in headings]
    first, middle, last, held = 1, len(blocks), len(blocks), headings
    if any(sizes):
        first = next(number for number, size in enumerate(sizes, 1) if size)
        last = next(number for number in range(len(sizes), 0, -1) if sizes[number - 1])
        middle = bisect_left(sums := list(accumulate(sizes)), sums[-1] / 2) + 1
        held = [*headings, blocks[middle - 1].element]
        places.append(first)
    around = frozenset(above for element in held for above in (element, *element.iterancestors()))
    return Extent(min(places, default=1), first, middle, last, around)


def is_beside(element: etree._Element, story: Extent) -> bool:
    """Whether an element stands in a teaser, a menu or the like, outside of what holds the story."""
    beside = takewhile(lambda above: above not in story.around, element.iterancestors())
    return any(above.tag in _ASIDE or _BESIDE.search(above.get("class") or "") for above in beside)
