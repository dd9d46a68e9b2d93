"""The text of an element on one line, or on those that it writes."""

from __future__ import annotations

from collections.abc import Set

from lxml import etree

_BREAKS = frozenset(["br", "p", "div", "li", "h1", "h2", "h3", "h4", "ul", "ol", "tr", "td", "section"])
SILENT = frozenset(["script", "style", "noscript", "svg", "template"])
"""What stands in these is said to nobody."""
_BESIDE = SILENT | {"button", "small", "time"}
"""Nor do these belong to a headline that they stand in."""
_BR = "\0"
"""Stands for `<br>` where lines matter: no parsed text holds it."""


def text_of(element: etree._Element, most: int = 2000) -> str:
    """The text of an element, at most `most` characters of it; scripts and styles are none."""
    return _text(element, most, SILENT)


def lines_of(element: etree._Element, most: int = 2000) -> str:
    """The same with a line break for each `<br>`."""
    return "\n".join(filter(None, map(str.strip, _text(element, most, SILENT, _BR).split(_BR))))


def heading_text(heading: etree._Element) -> str:
    """What a heading says: without buttons, small print, times and the link to itself, if there is anything else."""
    return without_permalink(_text(heading, 2000, _BESIDE) or text_of(heading), heading)


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
            after = (link.tail or "") + "".join(text_of(other) + (other.tail or "") for other in link.itersiblings())
            is_first = bool(after.strip())
            said = said.removeprefix(sign).lstrip() if is_first else said.removesuffix(sign).rstrip()
    return said or text


def _text(element: etree._Element, most: int, silent: Set[str], br: str = " ") -> str:
    if not len(element):
        return " ".join((element.text or "")[:most].split())
    if next(element.iterdescendants(*_BREAKS, *silent), None) is None:
        return " ".join("".join(map(str, element.itertext()))[:most].split())
    parts: list[str] = []
    size = 0
    inside: etree._Element | None = None
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if inside is not None and node is not inside:
            continue
        if event == "start":
            if node.tag in silent:
                inside = node
                continue
            if node.tag in _BREAKS:
                parts.append(br if node.tag == "br" else " ")
            piece = node.text
        else:
            inside = None
            piece = node.tail if node is not element else None
            if node.tag in _BREAKS:
                parts.append(" ")
        if piece:
            parts.append(piece)
            size += len(piece)
            if size > most:
                break
    return " ".join("".join(parts)[:most].split())
