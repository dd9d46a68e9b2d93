"""How each element is read: as a block of its own, as part of a line, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from lxml import etree

from builder.extract.layout import BOLD, IMAGE, INPUT, QUOTE, TIME

BLOCK, INLINE, LINK, BREAK = range(4)
SKIP, LINE = 128, 129
"""Kinds of elements; those of `layout.Block.inline` are kinds as well. A LINE is a line of code."""
_SKIPPED = """
    title meta link base script style noscript template svg math iframe object embed applet canvas audio video
    select option datalist textarea dialog rt rp
"""
SKIPPED_TAGS = frozenset(_SKIPPED.split())
"""Elements whose content is not read as text: `<rt>` says a word again. A head is no such: where the tags of head and
body are left out, as HTML allows, libxml2 takes all for head up to the first element that it knows as one of the body,
and `<main>` is none."""
_INLINE = """
    a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr q ruby s samp small
    span strike strong sub sup time tt u var wbr input picture source map area
"""
INLINE_TAGS = frozenset(_INLINE.split())
"""Elements that do not interrupt a line of text."""
_BLOCKS = """
    html head body div p h1 h2 h3 h4 h5 h6 hgroup ul ol li dl dt dd dir menu table caption colgroup col thead tbody
    tfoot tr td th section article main header footer nav aside search figure figcaption blockquote pre form fieldset
    legend button address details summary hr center marquee frameset frame noframes
"""
_FLAGS = {"b": BOLD, "strong": BOLD, "time": TIME, "img": IMAGE, "input": INPUT, "q": QUOTE}
KINDS: Mapping[object, int] = {
    **dict.fromkeys(SKIPPED_TAGS, SKIP),
    **dict.fromkeys((etree.Comment, etree.ProcessingInstruction, etree.Entity), SKIP),
    **{tag: _FLAGS.get(tag, INLINE) for tag in INLINE_TAGS},
    **dict.fromkeys(_BLOCKS.split(), BLOCK),
    "a": LINK,
    "br": BREAK,
}
KINDS_WITHOUT_SCRIPTS = {**KINDS, "noscript": BLOCK}
KINDS_IN_CODE = {tag: LINE if kind == BLOCK else kind for tag, kind in KINDS.items()}
KINDS_OF_A_TITLE = {**KINDS, "title": BLOCK}
"""No text of the page, but a profile may ask for it."""
_LINES = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6"])
"""No block may stand in these, so what HTML does not know is a part of the line: `<p>A <x-note>study</x-note> says`."""
_MOST_IN_WORDS = 30
"""Elements in one that HTML does not know, from which on it is a section of the page and no part of a line."""


def unknown_kind(element: etree._Element, parent: etree._Element | None, kind: int, block: etree._Element) -> int:
    """The kind of an element that HTML does not know, in a parent of some kind and the nearest block around both.

    It is a part of the line where no block may stand, in another such part, and beside text if it holds but words.
    """
    if block.tag in _LINES or (kind == INLINE and parent is not None and parent.tag not in KINDS):
        return INLINE
    return INLINE if _has_text_beside(element) and _holds_words(element) else BLOCK


def _has_text_beside(element: etree._Element) -> bool:
    before, parent = element.getprevious(), element.getparent()
    said = before.tail if before is not None else parent.text if parent is not None else None
    return bool((said and not said.isspace()) or (element.tail and not element.tail.isspace()))


def _holds_words(element: etree._Element) -> bool:
    """Whether an element holds text and few others: parts of lines, and unknown ones beside text or alone in theirs."""
    inside = list(islice(element.iterdescendants(), _MOST_IN_WORDS))
    if len(inside) == _MOST_IN_WORDS or not any(not text.isspace() for text in map(str, element.itertext())):
        return False
    return all(
        KINDS[part.tag] != BLOCK
        if part.tag in KINDS
        else _has_text_beside(part) or (part.getprevious() is None and part.getnext() is None)
        for part in inside
    )


def holds_lines(code: etree._Element) -> bool:
    """Whether the block-level elements in a `<pre>` are its lines: `<div>` or `<li>` that hold no others."""
    found = False
    for element in code.iterdescendants():
        if KINDS.get(element.tag, BLOCK) == BLOCK:
            if element.tail and not element.tail.isspace():
                return False
            if element.tag not in ("ol", "ul"):
                if element.tag not in ("div", "li") or next(element.iterdescendants("div", "li"), None) is not None:
                    return False
                found = True
    return found
