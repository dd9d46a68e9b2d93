"""How each element is read: as a block of its own, as part of a line, or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice, takewhile

from lxml import etree

from builder.extract.layout import BOLD, IMAGE, INPUT, QUOTE, TIME

BLOCK, INLINE, LINK, BREAK = range(4)
SKIP, LINE = 128, 129
"""Kinds of elements; those of `layout.Block.inline` are kinds as well. A LINE is a line of code."""
_SKIPPED = """
    title meta link base script style noscript template svg math iframe object applet canvas audio video
    select option datalist textarea dialog noframes noembed rt rp
"""
SKIPPED_TAGS = frozenset(_SKIPPED.split())
"""Elements whose content is not read as text: `<rt>` says a word again. A head is no such: where the tags of head and
body are left out, as HTML allows, libxml2 takes all for head up to the first element that it knows as one of the body,
and `<main>` is none."""
_INLINE = """
    a abbr acronym b bdi bdo big cite code data del dfn em embed font i img ins kbd label mark nobr q rb rtc ruby s
    samp small span strike strong sub sup time tt u var wbr input picture source map area
"""
INLINE_TAGS = frozenset(_INLINE.split())
"""Elements that do not interrupt a line of text. `<embed>` has no content, but libxml2 takes what follows for such."""
_BLOCKS = """
    html head body div p h1 h2 h3 h4 h5 h6 hgroup ul ol li dl dt dd dir menu table caption colgroup col thead tbody
    tfoot tr td th section article main header footer nav aside search figure figcaption blockquote pre form fieldset
    legend button address details summary hr center marquee frameset frame
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
KINDS_IN_CODE = {tag: kind for tag, kind in KINDS.items() if kind != BLOCK}
"""In a `<pre>` that holds its lines as elements; block-level ones are looked at one by one."""
KINDS_OF_A_TITLE = {**KINDS, "title": BLOCK}
"""No text of the page, but a profile may ask for it."""
_LINES = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6"])
"""No block may stand in these, so what HTML does not know is a part of the line: `<p>A <x-note>study</x-note> says`."""
_BLOCK_TAGS = tuple(_BLOCKS.split())
_BLOCKS_OF_TEXT = tuple(tag for tag in _BLOCK_TAGS if tag != "button")
_LINES_OF_CODE = ("div", "li", "td", "th")
_BOXES_OF_A_LINE = (*_LINES_OF_CODE, "tr")
_AROUND_LINES = ("ol", "ul", "table", "thead", "tbody", "tfoot")
_NUMBER_NAMES = frozenset(["gutter", "ln", "lineno", "line-number", "line-numbers", "linenumber", "linenumbers"])
"""Classes of elements that number the lines of code."""
_DIGITS = re.compile(r"[\s\d]*")
_MOST_IN_WORDS = 30
"""Elements in one that HTML does not know, from which on it is a section of the page and no part of a line."""


def unknown_kind(element: etree._Element, parent: etree._Element | None, kind: int, block: etree._Element) -> int:
    """The kind of an element that HTML does not know, in a parent of some kind and the nearest block around both.

    It is a part of the line where no block may stand, in another such part, and beside text if it holds but words. So
    are asked for as well what KINDS_IN_CODE leaves out.
    """
    if element.tag in KINDS:
        return _kind_in_code(element)
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
    """Whether the block-level elements in a `<pre>` are its lines, their numbers and buttons.

    Lines are those that hold no others. They may stand in lists and tables, and each in boxes of its own.
    """
    if next(code.iterdescendants(*_BLOCK_TAGS), None) is None:
        return False
    found = False
    held: set[etree._Element] = set()
    walker = etree.iterwalk(code, events=("start",))
    for _, element in walker:
        if element is code or KINDS.get(element.tag, BLOCK) != BLOCK:
            continue
        kind = _kind_in_code(element)
        if kind == BLOCK or (element.tag != "button" and element.tail and not element.tail.isspace()):
            return False
        if kind == SKIP:
            walker.skip_subtree()
        elif kind == LINE:
            for box in takewhile(lambda above: above is not code, element.iterancestors(*_BOXES_OF_A_LINE, "pre")):
                if box in held:
                    return False
                held.add(box)
        elif element.text and not element.text.isspace():
            return False
        found = found or kind != INLINE
    return found


def _kind_in_code(element: etree._Element) -> int:
    """The kind of a block-level element in a `<pre>`: INLINE where it holds lines, BLOCK where it is none of it."""
    tag = element.tag
    if tag == "button" or _is_line_number(element):
        return SKIP
    if tag in _LINES_OF_CODE:
        return LINE if next(element.iterdescendants(*_BLOCKS_OF_TEXT), None) is None else INLINE
    return INLINE if tag == "tr" or tag in _AROUND_LINES else BLOCK


def _is_line_number(element: etree._Element) -> bool:
    if element.tag in ("td", "th"):
        may_be = element.getnext() is not None and next(element.iterdescendants("table"), None) is None
    else:
        may_be = not _NUMBER_NAMES.isdisjoint((element.get("class") or "").split())
    return may_be and all(_DIGITS.fullmatch(str(text)) for text in element.itertext())
