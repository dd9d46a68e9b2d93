"""The text of an element."""

from __future__ import annotations

from lxml import etree

_BREAKS = frozenset(["br", "p", "div", "li", "h1", "h2", "h3", "h4", "ul", "ol", "tr", "td", "section"])
SILENT = frozenset(["script", "style", "noscript", "svg", "template"])
_MARKED = tuple(sorted(_BREAKS | SILENT))


def text_of(element: etree._Element, most: int = 2000) -> str:
    """The text of an element on one line, at most `most` characters of it; scripts and styles are none."""
    if not len(element):
        return " ".join((element.text or "")[:most].split())
    if next(element.iterdescendants(*_MARKED), None) is None:
        return " ".join("".join(map(str, element.itertext()))[:most].split())
    parts: list[str] = []
    size = 0
    silent: etree._Element | None = None
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if silent is not None and node is not silent:
            continue
        if event == "start":
            if node.tag in SILENT:
                silent = node
                continue
            if node.tag in _BREAKS:
                parts.append(" ")
            piece = node.text
        else:
            silent = None
            piece = node.tail if node is not element else None
            if node.tag in _BREAKS:
                parts.append(" ")
        if piece:
            parts.append(piece)
            size += len(piece)
            if size > most:
                break
    return " ".join("".join(parts)[:most].split())
