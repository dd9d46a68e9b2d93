"""What a walk over the tree of a page brings back: its blocks of text, and the boxes that they stand in."""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

BOLD, TIME, IMAGE, INPUT = 8, 16, 32, 64
"""Inline elements in a block, as bits of `Block.inline`."""
QUOTE, VEILED, LINKS = 4, 256, 512
"""More of them, which the models have not learnt: quotations, what `marks.is_veiled` knows, links that touch."""


class Block(NamedTuple):
    """A run of text that no block-level element interrupts."""

    text: str
    """White space folded but in `pre`; a line break for each `<br>`."""
    tag: str
    """The nearest block-level element around it."""
    element: etree._Element
    link_chars: int
    """How many characters of the text stand in links."""
    links: int
    """How many links began since the block before."""
    inline: int
    """Which inline elements began since the block before: bits BOLD, TIME, IMAGE, INPUT, QUOTE, VEILED, LINKS."""
    box: int
    """Index of its box in the layout."""


class Boxes(NamedTuple):
    """The block-level elements with text in them, in order of their start, as lists of one length."""

    parents: list[int]
    """Index of the box around it; of the first its own."""
    marks: list[int]
    """Bits of its own tag, class, id and role; see `marks`."""
    inherited: list[int]
    """The same with those of all boxes around it."""
    signatures: list[int]
    """The same number for the same tag and class."""
    depths: list[int]
    starts: list[int]
    """Index of the first block in it."""
    ends: list[int]
    """Index after the last block in it."""


class Marked(NamedTuple):
    """An element that may hold a headline, an author, a date or a caption."""

    place: int
    """How many blocks stand before it."""
    is_inline: bool
    element: etree._Element
    roles: int
    """Bits; see `roles`."""


class Layout(NamedTuple):
    """All text of a page."""

    blocks: list[Block]
    boxes: Boxes
    kinds: list[tuple[str, str]]
    """Tag and class of every signature."""
    ids: list[tuple[int, str]]
    """Index and id of every box that has one."""
    marked: list[Marked]
    """In order of their place, boxes before what stands in them."""
