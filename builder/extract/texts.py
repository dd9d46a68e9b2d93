"""The text of an element on one line, or on those that it writes."""

from __future__ import annotations

import re
from collections.abc import Set
from itertools import islice, pairwise, starmap

from lxml import etree

from builder.extract.marks import is_hidden, is_veiled

_BREAKS = frozenset(["br", "p", "div", "li", "h1", "h2", "h3", "h4", "ul", "ol", "tr", "td", "section"])
SILENT = frozenset(["script", "style", "noscript", "svg", "template", "rt", "rp"])
"""What stands in these is said to nobody."""
_BESIDE = SILENT | {"button", "small", "time"}
"""Nor do these belong to a headline that they stand in."""
RAISED = frozenset(["sub", "sup"])
"""What belongs to the word before it."""
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""Characters that are no white space and show nothing."""
_JOINED_SCRIPTS = "\u0590", "\u0dff"
"""From Hebrew to Sinhala: no element ends within a word of these."""
_MAY_TOUCH = re.compile(
    r"\d[^\W\d_]|[^\W\d_]\d|\d{5}|\d{3}[.:/-]|[\u0590-\u0dff]{2}|"
    r"[a-zß-öø-ÿĀ-žа-яё][A-ZÀ-ÖØ-ÞĀ-žА-ЯЁ]|[A-ZÀ-ÖØ-ÞĀ-žА-ЯЁ]{2}[a-zß-öø-ÿĀ-žа-яё]"
)
"""What a text holds where two words touch."""
_WIDE = "[\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60]"
"""Characters that fill a square and stand in no words; Korean has words."""
_BEFORE_WIDE = re.compile(rf"\n\s*{_WIDE}")
_WIDE_BREAK = re.compile(rf"({_WIDE})[ \t\r]*\n\s*(?={_WIDE})")
_MANY = 64
"""Elements of a heading that are looked at for any that is not seen: some are never closed, and hold the page."""
_BR = "\0"
"""Stands for `<br>` where lines matter: no parsed text holds it."""


def text_of(element: etree._Element, most: int = 2000) -> str:
    """The text of an element, at most `most` characters of it; scripts and styles are none.

    Siblings whose words would touch are set apart; see `are_apart`.
    """
    return _text(element, most, SILENT)


def lines_of(element: etree._Element, most: int = 2000) -> str:
    """The same with a line break for each `<br>`."""
    return "\n".join(filter(None, map(str.strip, _text(element, most, SILENT, _BR).split(_BR))))


def visible_ends(text: str) -> str:
    r"""Return a text without blanks and invisible characters at its ends.

    >>> visible_ends("\u200b HULL, Feb\u00adruary 24\ufeff")
    'HULL, Feb\xadruary 24'
    """
    return text.strip(f" \n{INVISIBLE}")


def without_wide_breaks(text: str) -> str:
    r"""Return a text without the line breaks between Chinese or Japanese characters, which are no blanks there.

    >>> without_wide_breaks("重新开放了\n  城里的 老\nA")
    '重新开放了城里的 老\nA'
    """
    return _WIDE_BREAK.sub(r"\1", text) if _BEFORE_WIDE.search(text) else text


def heading_text(heading: etree._Element) -> str:
    """What a heading says: without buttons, small print, times and the link to itself, if there is anything else.

    Nor are words for screen readers and what is hidden in it. Its elements are not set apart: it is compared with the
    block that holds it.
    """
    said = ""
    if len(heading) and any(map(_is_unseen, islice(heading.iterdescendants(), _MANY))):
        said = _line("".join(_pieces(heading, 2000, _BESIDE, apart=False, unseen=False)[0])[:2000])
    if not any(map(str.isalnum, said)):
        said = _text(heading, 2000, _BESIDE, apart=False) or text_of(heading)
    return without_permalink(said, heading)


def _is_unseen(part: etree._Element) -> bool:
    return is_veiled(part.get("class")) or is_hidden(part)


def without_permalink(text: str, heading: etree._Element) -> str:
    """The text of a heading without the sign, `¶` or `#`, by which it links to itself.

    >>> heading = etree.fromstring('<h2>C# in brief <a href="#c">#</a></h2>')
    >>> without_permalink("C# in brief #", heading)
    'C# in brief'
    """
    if not text or (text[0].isalnum() and text[-1].isalnum()):
        return text
    said = text
    for link in heading.iter("a"):
        sign = text_of(link)
        if sign and (link.get("href") or "").startswith("#") and not any(map(str.isalnum, sign)):
            said = said.removeprefix(sign).lstrip() if _goes_on(link) else said.removesuffix(sign).rstrip()
    return said or text


def _goes_on(link: etree._Element) -> bool:
    """Whether a sibling or a text stands behind a link; of many as far as the first one is looked at."""
    tails = (text_of(other) or (other.tail or "").strip() for other in link.itersiblings())
    return bool((link.tail or "").strip()) or any(tails)


def are_apart(left: str, right: str) -> bool:
    """Whether texts of two siblings that touch are words of their own, which the page sets apart by style alone.

    So where a letter meets a digit, a number another, a small letter a capital, or capitals a word; and in scripts that
    join letters.

    >>> are_apart("24.02.2022", "03:37"), are_apart("3:37 AM ET", "Updated"), are_apart("H", "arbour")
    (True, True, False)
    """
    before, after = left[-1:], right[:1]
    first, last = _JOINED_SCRIPTS
    if before.isdigit() and after.isdigit():
        return len(left) > 1 and len(right) > 1  # else the figures of a counter
    if first <= before <= last and first <= after <= last:
        return True
    if before.isdigit() or after.isdigit():
        return before.isalnum() and after.isalnum()
    return after.isupper() and (
        before.islower() or (left[-2:-1].isupper() and right[1:2].islower() and before.isupper())
    )


def set_apart(text: str, element: etree._Element) -> str:
    """The text of a block in an element with a space where words would touch."""
    if len(element) == 0 or _MAY_TOUCH.search(text) is None:
        return text
    pieces, seams = _pieces(element, 2 * len(text))
    for seam in seams:
        left, right = pieces[seam - 1].split()[-1], pieces[seam + 1].split()[0]
        text = text.replace(f"{left}{right}", f"{left} {right}", 1)
    return text


def _text(element: etree._Element, most: int, silent: Set[str], br: str = " ", apart: bool = True) -> str:
    if element.tag in silent:
        return ""
    if not len(element):
        return _line((element.text or "")[:most])
    if next(element.iterdescendants(*_BREAKS, *silent), None) is None:
        pieces = list(map(str, element.itertext()))
        if not apart or not any(starmap(are_apart, pairwise(pieces))):
            return _line("".join(pieces)[:most])
    return _line("".join(_pieces(element, most, silent, br, apart)[0])[:most])


def _line(text: str) -> str:
    return " ".join((text if text.isascii() else without_wide_breaks(text)).split())


def _pieces(
    element: etree._Element,
    most: int,
    silent: Set[str] = SILENT,
    br: str = " ",
    apart: bool = True,
    unseen: bool = True,
) -> tuple[list[str], list[int]]:
    """The text of an element in pieces, and which of them are spaces that set apart those around them."""
    parts: list[str] = []
    seams: list[int] = []
    size = 0
    inside: etree._Element | None = None
    has_ended = has_next = False
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if inside is not None and node is not inside:
            continue
        if event == "start":
            if node.tag in silent or (not unseen and node is not element and _is_unseen(node)):
                inside = node
                continue
            has_next = has_ended and node.tag not in RAISED
            if node.tag in _BREAKS:
                parts.append(br if node.tag == "br" else " ")
            piece = node.text
        else:
            inside = None
            has_ended, has_next = True, False
            piece = node.tail if node is not element else None
            if node.tag in _BREAKS:
                parts.append(" ")
        if piece:
            if apart and has_next and parts and are_apart(parts[-1], piece):
                seams.append(len(parts))
                parts.append(" ")
            parts.append(piece)
            size += len(piece)
            has_ended = has_next = False
            if size > most:
                break
    return parts, seams
