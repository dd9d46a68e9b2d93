"""The text of chosen blocks as it is seen: the walk joins what it finds, and the models have learnt it so.

The few blocks for which that is not enough are read again: words that style alone sets apart, words for screen readers
in a line, quotations whose marks a browser adds.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, islice, pairwise, starmap
from operator import attrgetter
from typing import NamedTuple
from unicodedata import category

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from builder.extract.elements import BLOCK, BREAK, INLINE, KINDS, LINE, LINK, SKIP, unknown_kind
from builder.extract.layout import LINKS, QUOTE, VEILED, Block
from builder.extract.marks import is_veiled
from builder.extract.texts import RAISED, are_apart
from builder.records import Preformatted

_TOUCHES = (b"aA", b"0a", b"0A", b"a0", b"A0", b"AAa", b":a", b":A", b":0", b"00000")
"""What a text holds where words may touch, by the classes of its characters; see `_table`."""
_CODES = 0x3000
"""Characters beyond these have no capitals, but for a few that nobody writes."""
_MANY = 64
"""Pieces of text from which on an element is read again without a look at them."""
_CODE = frozenset(["code", "kbd", "samp", "tt", "var"])
"""Style parts a word in these."""
_SETTING_APART = frozenset(["img", "picture", "svg", "cite", "label"])
"""What follows these need not stand in an element to be set apart from what is before them, or in them."""
_LINE_STYLE = re.compile(r"display\s*:\s*(?:block|flex|grid|table)")
_CELLS = frozenset(["td", "th"])
_NONE_OF_IT = (SKIP, BLOCK, LINE)
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
_CLOSING_SIGNS = frozenset(".,;:!?%)]}…-–/’'”\"")
_ENDING_SIGNS = frozenset(".,;:!?)]}…")
_QUOTATION_MARKS = frozenset("\"'«»‘’‚‛“”„‟‹›「」『』")
_UNPARTED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Letters of scripts that put no spaces between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""
_OPENING, _CLOSING = "“”"
_START = attrgetter("start")


class _Edit(NamedTuple):
    """What stands instead of some characters of an element, counted without its blanks."""

    start: int
    end: int
    text: str


def as_seen(blocks: Sequence[Block]) -> list[Block]:
    """Blocks with the text that a reader sees, but for those that hold none of it; the cell of a table has a picture.

    Headlines (h1) stay as they are, for they are compared with what else says the title; so does code.
    """
    found = list(blocks)
    read: dict[etree._Element, tuple[str, list[_Edit]]] = {}
    ends: dict[etree._Element, int] = {}
    for number in _doubtful(blocks):
        block = blocks[number]
        if block.element not in read:
            read[block.element] = _read_again(block.element)
        letters, edits = read[block.element]
        own = "".join(block.text.split())
        start = letters.find(own, ends.get(block.element, 0)) if edits else -1
        if start >= 0:
            end = ends[block.element] = start + len(own)
            near = edits[bisect_left(edits, start, key=_START) : bisect_right(edits, end, key=_START)]
            text = _edited(block.text, start, end, near)
            found[number] = block._replace(text=text or (block.text if block.tag in _CELLS else ""))
        else:
            read[block.element] = "", []  # looking for each of many would take long
    return [_without_sign(block) for block in found if block.text]


def _without_sign(block: Block) -> Block:
    """A block without the sign by which Sphinx and MkDocs let captions link to themselves, as headings do."""
    text, element = block.text, block.element
    if text[-1] != "¶" or not len(element) or "headerlink" not in (element[-1].get("class") or ""):
        return block
    return block._replace(text=text[:-1].rstrip() or text)


def _doubtful(blocks: Sequence[Block]) -> Iterator[int]:
    """Which blocks hold elements, and words that touch where one ends, or what is not to be read as it stands."""
    sizes = {element: len(element) for element in {block.element for block in blocks}}  # counted, so each but once
    parted = [
        number
        for number, (text, tag, element, *_) in enumerate(blocks)
        if sizes[element] and tag != "h1" and not isinstance(text, Preformatted)
    ]
    if not parted:
        return
    near = set(_with_touches([blocks[number].text for number in parted]))
    for place, number in enumerate(parted):
        if blocks[number].inline & (QUOTE | VEILED | LINKS) or (place in near and _may_part(blocks[number])):
            yield number


def _may_part(block: Block) -> bool:
    """Whether words touch between two pieces of an element, as far as these are easily seen."""
    pieces = list(map(str, islice(block.element.itertext(), _MANY)))
    if len(pieces) == _MANY or " ".join("".join(pieces).split()) != block.text:
        return True
    return any(starmap(_touch, pairwise(pieces)))


def _with_touches(texts: Sequence[str]) -> Iterator[int]:
    """Which texts hold what words that touch do; looked for in all of them at once."""
    ends = list(accumulate(len(text) + 1 for text in texts))
    codes = np.frombuffer("\n".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    classes = _table().take(codes, mode="clip").tobytes()
    for touch in _TOUCHES:
        at = classes.find(touch)
        while at >= 0:
            place = bisect_right(ends, at)
            yield place
            at = classes.find(touch, ends[place])


@lru_cache(maxsize=1)
def _table() -> NDArray[np.uint8]:
    """A letter a character: small letter, capital, digit, colon; a blank for all others."""
    table = np.full(_CODES, ord(" "), np.uint8)
    for code in range(_CODES):
        sign = chr(code)
        kind = "a" if sign.islower() else "A" if sign.isupper() else "0" if sign.isdigit() else " "
        table[code] = ord(kind)
    table[ord(":")] = ord(":")
    return table


class _Piece(NamedTuple):
    """A piece of the text in an element, in its order."""

    text: str
    is_seen: bool = True
    is_apart: bool = False
    """Style may set it apart from the piece before."""
    is_next_link: bool = False
    """It begins a link, and the piece before ends another."""
    is_mark: bool = False
    """The page does not hold it: a quotation mark."""


_ENDS = {BLOCK: _Piece("\n\0\n"), BREAK: _Piece("\n")}
"""What ends a line. A block in the element is none of its text."""


def _read_again(element: etree._Element) -> tuple[str, list[_Edit]]:
    """The letters of an element without its blanks, and what is to be changed in them."""
    letters: list[str] = []
    edits: list[_Edit] = []
    size, last, is_bare = 0, "", False
    for piece in _pieces(element):
        own = "".join(piece.text.split())
        if piece.is_mark:
            edits.append(_Edit(size, size, piece.text))
            last, is_bare = piece.text, False
            continue
        if not piece.is_seen:
            edits.append(_Edit(size, size + len(own), ""))
            is_bare = True
        else:
            is_apart = (piece.is_apart and _touch(last, piece.text)) or (
                piece.is_next_link and _are_words(last, piece.text)
            )
            if is_apart or (is_bare and _are_bare(last, piece.text)):
                edits.append(_Edit(size, size, " "))
            last, is_bare = last + piece.text if own == ":" else piece.text, False
        letters.append(own)
        size += len(own)
    return "".join(letters), edits


def _pieces(element: etree._Element) -> Iterator[_Piece]:
    """What stands in an element and in no block within it."""
    kinds: list[int] = []
    has_ended = has_next = is_next_link = False
    veiled = code = 0
    link: str | None = None
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, node in walker:
        tag, is_start, kind, piece = node.tag, event == "start", INLINE, node.tail
        if node is element:
            if not is_start:
                return
            piece = node.text
        elif is_start:
            kind = _kind_of(node, element, is_direct=not kinds)
            kinds.append(kind)
            veiled, code = veiled + is_veiled(node.get("class")), code + (tag in _CODE)
            has_ended = has_ended and tag != "wbr"
            has_next = (has_ended and tag not in RAISED) or _is_line(node)
            link = link if has_next else None
            is_next_link = link is not None and (is_next_link or node.get("href", link) != link)
            if kind in _NONE_OF_IT:
                walker.skip_subtree()
            piece = None if kind in _NONE_OF_IT else node.text
        else:
            kind = kinds.pop()
            veiled, code = veiled - is_veiled(node.get("class")), code - (tag in _CODE)
            has_ended, has_next = tag != "wbr", tag in _SETTING_APART or _is_line(node)
            if kind == LINK:
                link, is_next_link = node.get("href"), False
        if kind in _ENDS:
            yield _ENDS[kind]
            has_ended, has_next, link = False, False, None
        elif kind == QUOTE and not veiled and (mark := _mark(node, is_start)):
            yield _Piece(mark, is_mark=True)
        if piece:
            yield _Piece(piece, not veiled, has_next and not code, is_next_link and not code)
            has_ended, has_next, is_next_link, link = False, False, False, None


def _is_line(node: etree._Element) -> bool:
    style = node.get("style")
    return bool(style and _LINE_STYLE.search(style[:1000]))


def _kind_of(node: etree._Element, block: etree._Element, is_direct: bool) -> int:
    known = KINDS.get(node.tag)
    return unknown_kind(node, node.getparent(), BLOCK if is_direct else INLINE, block) if known is None else known


def _mark(quotation: etree._Element, is_start: bool) -> str:
    """The mark at one end of a quotation; empty where the page writes its own, or nothing is quoted."""
    said = next(filter(None, (str(text).strip() for text in quotation.itertext())), "")
    return "" if not said or said[0] in _QUOTATION_MARKS else _OPENING if is_start else _CLOSING


def _touch(left: str, right: str) -> bool:
    """Whether texts that style sets apart are words that touch; those of scripts without capitals are not told apart.

    >>> _touch("Height", "12 m"), _touch("Height:", "grey"), _touch("10:", "30"), _touch("3", "rd")
    (True, True, False, False)
    """
    before, after = left[-1:], right[:1]
    if not after.isalnum():
        return False
    if before == ":":
        return not left[-2:-1].isdigit()
    if not are_apart(left, right) or (before.isdigit() and _ORDINAL.match(right)):
        return False
    return all(sign.isdigit() or sign.lower() != sign.upper() for sign in (before, after))


def _are_words(left: str, right: str) -> bool:
    """Whether two links that touch are words of their own, in a script that parts words.

    >>> _are_words("sea", "walls"), _are_words("sea", ", walls"), _are_words("海軍", "基地")
    (True, False, False)
    """
    before, after = left[-1:], right[:1]
    return after.isalnum() and category(before or " ")[0] in "LMN" and not _UNPARTED.search(before + after)


def _are_bare(left: str, right: str) -> bool:
    """Whether two texts touch when what stood between them is gone."""
    return bool(left and right) and not (left[-1].isspace() or right[0].isspace() or right[0] in _CLOSING_SIGNS)


def _edited(text: str, start: int, end: int, edits: Sequence[_Edit]) -> str:
    """The text of a block, whose letters are some of its element's, as edits have it."""
    places = [place for place, sign in enumerate(text) if not sign.isspace()]
    signs = list(text)
    for first, after, instead in edits:
        if first < after and start <= first and after <= end:
            begin, stop = places[first - start], places[after - 1 - start] + 1
            if first > start and text[stop : stop + 1] in _ENDING_SIGNS:
                begin = places[first - 1 - start] + 1
            signs[begin:stop] = [""] * (stop - begin)
        elif instead == _CLOSING and start < first <= end:
            signs[places[first - 1 - start]] += instead
        elif instead != _CLOSING and start <= first < end:
            signs[places[first - start]] = instead + signs[places[first - start]]
    lines = (" ".join(line.split()) for line in "".join(signs).split("\n"))
    return "\n".join(filter(None, lines))
