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
    holders = {block.element for block in every}
    seen: set[etree._Element] = set()
    for element in dict.fromkeys(block.element for block in chosen):
        around = reversed(list(element.iterancestors("a")))
        own = (anchor for anchor in element.iter("a") if _is_own(anchor, element, holders))
        for anchor in (*around, *own):
            if anchor not in seen:
                seen.add(anchor)
                yield anchor


def _is_own(anchor: etree._Element, element: etree._Element, holders: set[etree._Element]) -> bool:
    """Whether a link stands in the text of an element itself: in no block within it, and around none."""
    above = anchor if anchor is element else anchor.getparent()
    while above is not None and above is not element:
        if KINDS.get(above.tag) in (BLOCK, SKIP):
            return False
        above = above.getparent()
    return not any(inner in holders for inner in anchor.iterdescendants())
