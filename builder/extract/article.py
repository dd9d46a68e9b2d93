"""The main text of a page, found without rules for its site: the element that holds most of the prose, without its furniture.

A block of prose is one with enough characters outside of links, in no area of menus, footers or sign-up boxes. The
article is the deepest element that holds two thirds of all prose; in it the blocks that are mostly links or stand in
an area of their own are left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from builder.extract.blocks import ASIDE, FOOTER, FORM, HIDDEN, NAV, NEGATIVE, Block

_FURNITURE = NAV | FOOTER | ASIDE | FORM | HIDDEN | NEGATIVE
_PROSE_CHARACTERS = 40
_SHARE = 2 / 3
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def article_blocks(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of the main text in reading order; empty where the page has no prose."""
    prose = [block for block in blocks if is_prose(block) and not block.areas & _FURNITURE]
    furniture = _FURNITURE
    if sum(len(block.text) for block in prose) < 200:  # the whole page may stand in an area by mistake
        furniture = NAV | FOOTER | HIDDEN
        prose = [block for block in blocks if is_prose(block) and not block.areas & furniture]
    if not prose:
        return []
    inside = _inside(_deepest_with_share(prose), blocks)
    kept = [block for block in inside if not block.areas & furniture and not _mostly_links(block)]
    return _without_loose_ends(kept)


def is_prose(block: Block) -> bool:
    """Whether a block is running text rather than a label or a list of links."""
    return len(block.text) - block.link_chars >= _PROSE_CHARACTERS and block.link_chars * 2 < len(block.text)


def _mostly_links(block: Block) -> bool:
    return block.link_chars * 2 >= len(block.text) and block.link_chars > 0


def _deepest_with_share(prose: Sequence[Block]) -> etree._Element:
    weights: dict[etree._Element, int] = {}
    total = sum(len(block.text) for block in prose)
    for block in prose:
        for element in (block.element, *block.element.iterancestors()):
            weights[element] = weights.get(element, 0) + len(block.text)
    return min(
        (element for element, weight in weights.items() if weight >= total * _SHARE),
        key=lambda element: weights[element],
    )


def _inside(container: etree._Element, blocks: Sequence[Block]) -> list[Block]:
    elements = set(container.iter())
    return [block for block in blocks if block.element in elements]


def _without_loose_ends(blocks: list[Block]) -> list[Block]:
    """Headings that nothing follows, and short labels before the first and after the last block of prose."""
    prose = [number for number, block in enumerate(blocks) if is_prose(block)]
    if not prose:
        return blocks
    first, last = prose[0], prose[-1]
    while first and blocks[first - 1].tag in _HEADINGS and blocks[first - 1].tag != "h1":
        first -= 1
    while last + 1 < len(blocks) and blocks[last + 1].tag in ("p", "li", "blockquote", "pre", "td", "dd"):
        last += 1
    return blocks[first : last + 1]
