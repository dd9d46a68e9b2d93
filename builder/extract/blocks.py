"""The tree as blocks: runs of text between block-level borders, in reading order, and the boxes they stand in.

One pass over the elements in document order, without end events: what closes between two elements is found by going
up to the parent of the second. Boxes are looked at only when a block stands in them. The tree is not changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain, islice
from operator import itemgetter

from lxml import etree

from builder.extract.elements import (
    BLOCK,
    BREAK,
    INLINE,
    KINDS,
    KINDS_IN_CODE,
    KINDS_OF_A_TITLE,
    KINDS_WITHOUT_SCRIPTS,
    LINK,
    SKIP,
    holds_lines,
    unknown_kind,
)  # fmt: skip
from builder.extract.layout import LINKS, TIME, VEILED, Block, Boxes, Layout, Marked
from builder.extract.marks import CLASSES, MARKS, TAG_BITS, VEILED_BIT, VERDICTS, WANTED_BITS, class_roles
from builder.extract.roles import author_step
from builder.extract.texts import INVISIBLE, without_permalink, without_wide_breaks
from builder.records import Preformatted

_new = tuple.__new__
_LITTLE = 300
"""Characters; a page with less text is probably written by scripts."""
_MORE = 1.5
"""How many times as much text such a page has with `<noscript>`; else that holds pictures, or asks for scripts."""
_NOTED = WANTED_BITS | VEILED_BIT
"""What is looked for in the classes of inline elements."""
_ALWAYS = frozenset(["h1", "figcaption"])
"""Boxes that are remembered whatever their class says."""
_WHOLE = frozenset(["html", "head", "body"])
"""What is said of these is said of every page alike."""
_SELF_LINKED = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "dt"])
"""What documentation lets link to itself."""
_FEW = 8
"""A line of so many characters may hold none that is seen: editors leave joiners and marks in empty paragraphs."""
_BR = "\0"
"""Stands for `<br>` while text gathers: no parsed text holds it."""
_LINE_START = "\0\r"
"""Stands for the start of an element that is a line of code."""
_CODE_BREAK = re.compile(r"(?:(?:\n[ \t]{0,200}+){1,8}+|\0(?!\r))?\0\r|\0")
"""A line that is an element ends the one before, and so do the blanks between the tags of both."""
_PARAGRAPH_BREAK = re.compile(rf"\0(?:[\s{INVISIBLE}]*\0)+\s*")


def text_lines(element: etree._Element) -> list[str]:
    """The text of an element, one line a block; its tail is not part of it."""
    return [block.text for block in blocks_in(element)]


def blocks_in(element: etree._Element) -> list[Block]:
    """The blocks of an element; its tail is in none."""
    return _read(element, KINDS_OF_A_TITLE if element.tag == "title" else KINDS).blocks


def read_layout(root: etree._Element) -> Layout:
    """The blocks of a page and their boxes; with `<noscript>` where scripts would write nearly all of the text."""
    layout = _read(root, KINDS)
    size = _size(layout)
    if size < _LITTLE and next(root.iter("noscript"), None) is not None:
        whole = _read(root, KINDS_WITHOUT_SCRIPTS)
        return whole if _size(whole) > _MORE * size else layout
    return layout


def _size(layout: Layout) -> int:
    return sum(len(block.text) for block in layout.blocks)


def _read(root: etree._Element, kinds: Mapping[object, int]) -> Layout:
    reader = _Reader()
    _walk(root, reader, kinds)
    marked = sorted(reader.marked, key=itemgetter(0, 1))
    return Layout(reader.blocks, reader.boxes, list(reader.signatures), reader.ids, marked)


class _Reader:
    """What gathers during a walk. A class because blocks and open boxes are shared by the walk's few steps."""

    __slots__ = ("blocks", "boxes", "ids", "marked", "open_boxes", "opened", "signatures")

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.boxes = Boxes([], [], [], [], [], [], [])
        self.ids: list[tuple[int, str]] = []
        self.marked: list[Marked] = []
        self.opened: list[etree._Element] = []
        self.open_boxes: list[int] = []
        self.signatures: dict[tuple[str, str], int] = {}

    def add(self, text: str, link_chars: int, links: int, inline: int) -> None:
        """What was said since the last border becomes a block; none where nothing of it is seen."""
        opened = self.opened
        element = opened[-1]
        tag = element.tag
        if tag != "pre" and not text.isascii():
            text = without_wide_breaks(text)
        if tag == "pre":
            text = _code(text)
        elif _BR in text:
            pieces = [_lines(piece) for piece in _PARAGRAPH_BREAK.split(text)]
            if len(pieces) > 1:
                self.add_pieces(pieces, link_chars, links, inline)
                return
            text = pieces[0]
        else:
            text = text.strip()
            if "\n" in text or "  " in text or not text.isprintable():  # to know takes a third of the time
                text = " ".join(text.split())
        if tag in _SELF_LINKED and text:
            text = without_permalink(text, element)
        if text and (len(text) > _FEW or text.strip(INVISIBLE)):
            boxes = self.open_boxes
            box = boxes[-1] if len(boxes) == len(opened) else self.enter()
            if link_chars > len(text):
                link_chars = len(text)
            self.blocks.append(_new(Block, (text, tag, element, link_chars, links, inline, box)))

    def add_pieces(self, pieces: list[str], link_chars: int, links: int, inline: int) -> None:
        """Paragraphs that only `<br>` parts, each with its share of the links."""
        whole = sum(map(len, pieces)) or 1
        for piece in filter(None, pieces):
            self.add(piece.replace("\n", _BR), link_chars * len(piece) // whole, links, inline)

    def enter(self) -> int:
        """Boxes for all open elements that have none yet; the index of the innermost."""
        parents, own, inherited, kinds, depths, starts, ends = self.boxes
        open_boxes, signatures, start = self.open_boxes, self.signatures, len(self.blocks)
        depth = len(open_boxes)
        number = len(ends)
        parent, bits = (open_boxes[-1], inherited[open_boxes[-1]]) if depth else (0, 0)
        table_of = VERDICTS.get
        for element in self.opened[depth:]:
            tag = element.tag
            marks, css_class = TAG_BITS.get(tag, 0), ""
            items: list[tuple[str, str]] = element.items()  # type: ignore[assignment]
            for name, value in items:
                if (table := table_of(name)) is not None:
                    marks |= table[value]
                    if name == "class":
                        css_class = value
                    elif name == "id" and value:
                        self.ids.append((number, value))
            if (css_class and CLASSES[css_class] & WANTED_BITS) or tag in _ALWAYS:
                self.marked.append(Marked(start, False, element, class_roles(css_class)))
            marks = 0 if tag in _WHOLE else marks & MARKS
            bits |= marks
            parents.append(parent)
            own.append(marks)
            inherited.append(bits)
            kinds.append(signatures.setdefault((tag, css_class), len(signatures)))
            depths.append(depth)
            starts.append(start)
            ends.append(0)
            open_boxes.append(number)
            parent = number
            number += 1
            depth += 1
        return parent


def _code(text: str) -> Preformatted:
    """Preformatted text with its line breaks and indentation; one that ends a line of its own starts no other."""
    lines = _CODE_BREAK.sub("\n", text).splitlines()
    return Preformatted("\n".join(line.rstrip() for line in lines).strip("\n"))


def _lines(text: str) -> str:
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split(_BR))))


def _walk(root: etree._Element, reader: _Reader, kinds: Mapping[object, int]) -> None:  # noqa: C901 - the one hot loop: calls would double its cost
    parts: list[str] = []
    opened, open_boxes, blocks, ends, add, mark = (
        reader.opened,
        reader.open_boxes,
        reader.blocks,
        reader.boxes.ends,
        reader.add,
        reader.marked.append,
    )
    say, kind_of, verdict = parts.append, kinds.get, CLASSES.__getitem__
    link_chars = links = inline = depth = link_start = link_end = 0
    if kind_of(root.tag, BLOCK) == SKIP:
        return
    opened.append(root)
    if root.text:
        say(root.text)
    stack: list[tuple[etree._Element | None, int]] = [(None, BLOCK)]
    top: etree._Element | None = root
    code: etree._Element | None = None
    kind = BLOCK
    for element in chain(islice(root.iter(), 1, None), (None,)):
        parent = element.getparent() if element is not None else None
        while top is not parent:
            if kind == BLOCK:
                if parts:
                    if depth:
                        link_chars += sum(len(part.strip()) for part in parts[link_start:])
                    add("".join(parts), link_chars, links, inline)
                    parts.clear()
                    link_chars = link_start = link_end = inline = 0
                    links = 1 if depth else 0
                opened.pop()
                if top is code:
                    kind_of = kinds.get
                if len(open_boxes) > len(opened):
                    ends[open_boxes.pop()] = len(blocks)
            elif kind == LINK:
                depth -= 1
                if not depth:
                    for part in parts[link_start:]:
                        link_chars += len(part.strip())
                    link_end = len(parts)
            text = top.tail  # type: ignore[union-attr]
            top, kind = stack.pop()
            if text and kind != SKIP and top is not None and (parts or not text.isspace()):
                say(text)
        if element is None:
            return
        stack.append((top, kind))
        top = element
        if kind == SKIP:
            continue
        tag = element.tag
        known = kind_of(tag)
        kind = known if known is not None else unknown_kind(element, *stack[-1], opened[-1])
        if kind == BLOCK:
            if parts:
                if depth:
                    link_chars += sum(len(part.strip()) for part in parts[link_start:])
                add("".join(parts), link_chars, links, inline)
                parts.clear()
                link_chars = link_start = link_end = inline = 0
                links = 1 if depth else 0
            opened.append(element)
            if tag == "pre" and holds_lines(element):
                code, kind_of = element, KINDS_IN_CODE.get
        elif kind == BREAK:
            say(_BR)
        elif kind >= SKIP:
            if kind == SKIP:
                continue
            say(_LINE_START)
        else:
            names = element.get("class")
            noted = names and verdict(names) & _NOTED
            if noted or kind == TIME or (kind == LINK and (href := element.get("href")) and author_step(href)):
                if noted and noted & VEILED_BIT:
                    inline |= VEILED
                mark(Marked(len(blocks), True, element, class_roles(names)))
            if kind == LINK:
                if not depth:
                    link_start = len(parts)
                    links += 1
                    if link_start == link_end and link_end:
                        inline |= LINKS
                depth += 1
            elif kind != INLINE:
                inline |= kind
        text = element.text
        if text and (parts or not text.isspace()):
            say(text)
