"""The elements that several sources look for by their tag, found in one walk: those by which a page says what it is.

An iterator of lxml looks for the next match before it hands out one: to take the first `<title>` is to go through the
whole tree. So all sources share one walk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

_TAGS = ("title", "meta", "link", "script", "base", "article", "h1", "blockquote", "a")

Declaring = Mapping[str, Sequence[etree._Element]]
"""Tag -> its elements in order of the page; of these tags alone."""


def declaring(root: etree._Element) -> Declaring:
    """The elements of a page, or of a part of it."""
    found: dict[str, list[etree._Element]] = {tag: [] for tag in _TAGS}
    for element in root.iter(*_TAGS):
        found[element.tag].append(element)
    return found
