"""The links of the main text: those in the blocks that were chosen, and those around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from builder.extract.elements import BLOCK, KINDS, SKIP
from builder.extract.layout import Block


def anchors(chosen: Sequence[Block], every: Sequence[Block]) -> Iterator[etree._Element]:
    """The `<a>` elements of the chosen blocks of a page in reading order, each once.

    Args:
        chosen: blocks as the walk found them.
        every: all blocks of the page: what they say in a chosen element is not a part of its own text.
    """
    holders: set[etree._Element] = set()
    seen: set[etree._Element] = set()
    for element in dict.fromkeys(block.element for block in chosen if block.links):
        found = list(element.iterancestors("a"))[::-1]
        for anchor in element.iter("a"):
            if not _is_near(anchor, element):
                continue
            if boxes := [inner for inner in anchor.iterdescendants() if KINDS.get(inner.tag, BLOCK) == BLOCK]:
                holders = holders or {block.element for block in every}  # seldom asked for
                if not holders.isdisjoint(boxes):
                    continue
            found.append(anchor)
        yield from (anchor for anchor in found if anchor not in seen)
        seen.update(found)


def _is_near(anchor: etree._Element, element: etree._Element) -> bool:
    """Whether a link stands in the text of an element itself, and in no block within it."""
    above = anchor if anchor is element else anchor.getparent()
    while above is not None and above is not element:
        if KINDS.get(above.tag) in (BLOCK, SKIP):
            return False
        above = above.getparent()
    return True
