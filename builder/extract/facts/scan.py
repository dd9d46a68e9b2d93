"""The elements that title, authors and dates are read from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any, cast

from lxml import etree

from builder.extract.layout import Block, Layout
from builder.extract.marks import class_roles, words_in
from builder.extract.page import ParsedPage, once_a_page
from builder.extract.roles import AUTHOR, CAPTION, COMMENT, DATE, HEADLINE, OTHER, author_step
from builder.extract.texts import SILENT, lines_of, set_apart

_MOST, _MOST_AFTER = 400, 40
_LINE, _NUMBER = 400, re.compile(r"\d[\d年]")
"""Characters from which on a block is more than a line of facts; what a line with a day has."""
NEAR, FAR = 8, 45
"""Blocks from the headline that a byline stands close to it, or far."""
_ITEMS = etree.XPath("//@itemprop")
"""Attributes, which know their elements: a quarter of what a predicate on every element costs, and less than half of
what looking for the word in the page does."""
_ROLE_FEATURES = ((OTHER, "in:other"), (COMMENT, "in:comment"), (DATE, "in:date"), (AUTHOR, "in:author"))
_TAG_FEATURES = (
    (("aside", "footer", "nav"), "in:aside"),
    (("article",), "in:article"),
    (("header",), "in:header"),
    (("li", "td"), "in:list"),
    (("a",), "in:link"),
)


@dataclass(slots=True)
class Scan:
    """Elements by what they may hold, in order of the page."""

    layout: Layout
    headings: list[etree._Element] = field(default_factory=list)
    """h1, and h2 whose class says title."""
    times: list[etree._Element] = field(default_factory=list)
    by_rel: list[etree._Element] = field(default_factory=list)
    """Links with rel=author."""
    authors: list[etree._Element] = field(default_factory=list)
    """Elements whose class says author."""
    profiles: list[etree._Element] = field(default_factory=list)
    """Links to where a site tells of its authors."""
    dates: list[etree._Element] = field(default_factory=list)
    """Elements whose class says date."""
    captions: list[etree._Element] = field(default_factory=list)
    itemprops: dict[str, list[etree._Element]] = field(default_factory=dict)
    places: dict[etree._Element, float] = field(default_factory=dict)
    following: dict[etree._Element, tuple[str, ...]] = field(default_factory=dict)
    """See `texts_after`."""
    bylines: dict[etree._Element, str] = field(default_factory=dict)
    """See `byline`."""

    def byline(self, element: etree._Element) -> str:
        """The lines of an element that may be a byline, some 300 characters at most."""
        if element not in self.bylines:
            self.bylines[element] = lines_of(element, 300)
        return self.bylines[element]

    def place(self, element: etree._Element) -> float:
        """How many blocks stand before an element, plus one; before the box around it where it is not known itself.

        Elements before the same block differ in the fraction.
        """
        if element in self.places:
            return self.places[element]
        blocks = self.layout.blocks
        first = {blocks[number].element: number + 1 for number in range(len(blocks) - 1, -1, -1)}
        return next((first[box] for box in (element, *element.iterancestors()) if box in first), 0)

    def lines_after(self, heading: etree._Element) -> Iterator[str]:
        """The lines that follow a headline, those nearest first; its own are none."""
        blocks = self.layout.blocks[int(self.place(heading)) - 1 :]
        return islice(lines_in(block for block in blocks if block.element is not heading), _MOST_AFTER)

    def texts_after(self, heading: etree._Element) -> tuple[str, ...]:
        """Pieces of text that follow an element, the nearest first."""
        if heading not in self.following:
            self.following[heading] = _texts_after(heading)
        return self.following[heading]


def lines_in(blocks: Iterable[Block]) -> Iterator[str]:
    """The lines of blocks; the elements of those that may hold a day are set apart."""
    for block in blocks:
        may_be = len(block.text) < _LINE and _NUMBER.search(block.text)
        yield from (said(block) if may_be else block.text).split("\n")


def said(block: Block) -> str:
    """What a block says, its elements set apart."""
    return set_apart(block.text, block.element) if len(block.element) else block.text


@once_a_page
def scan(page: ParsedPage) -> Scan:
    """The elements of a page that matter."""
    found = Scan(page.layout)
    for number, (place, _, element, roles) in enumerate(page.layout.marked[: 4 * _MOST]):
        found.places[element] = place + 1 + number / (8 * _MOST)
        _sort(found, element, str(element.tag), roles)
    found.by_rel = [link for link in page.declaring["a"] if "author" in (link.get("rel") or "")][:_MOST]
    for names in cast(list[Any], _ITEMS(page.root))[: 10 * _MOST]:
        for name in names.split():
            found.itemprops.setdefault(name, []).append(names.getparent())
    return found


def _sort(found: Scan, element: etree._Element, tag: str, roles: int) -> None:
    if tag == "h1" or (roles & HEADLINE and tag == "h2"):
        found.headings.append(element)
    elif tag == "time":
        found.times.append(element)
    elif tag == "a" and author_step(element.get("href") or ""):
        found.profiles.append(element)
    if roles & AUTHOR:
        found.authors.append(element)
    if roles & DATE:
        found.dates.append(element)
    if tag == "figcaption" or roles & CAPTION:
        found.captions.append(element)


def surroundings(element: etree._Element, own: int) -> set[str]:
    """Features of where an element stands: in the story, in a menu, in comments.

    Of its own class only the roles in `own` count; of those around it all that the seven nearest have. What is said of
    the body is said of all that stands in it.
    """
    roles = class_roles(element.get("class")) & own
    boxes = list(element.iterancestors())
    tags = {box.tag for box in boxes}
    for box in boxes[:7]:
        if box.tag not in ("body", "html"):
            roles |= class_roles(box.get("class"))
    features = {feature for role, feature in _ROLE_FEATURES if roles & role}
    features.update(feature for named, feature in _TAG_FEATURES if not tags.isdisjoint(named))
    if "article" not in tags and "main" in tags:
        features.add("in:main")
    return features | class_features(element)


def class_features(element: etree._Element) -> frozenset[str]:
    """A feature for every word in the class of an element, and in that of the element around it."""
    around = element.getparent()
    outer = None if around is None else around.get("class")
    return _word_features("word", element.get("class") or "") | _word_features("around", outer or "")


@lru_cache(maxsize=8192)
def _word_features(place: str, names: str) -> frozenset[str]:
    return frozenset(f"{place}:{word}" for word in words_in(names))


def _texts_after(heading: etree._Element) -> tuple[str, ...]:
    pieces: list[str] = []
    node: etree._Element | None = heading
    while node is not None and node.tag != "body":
        for sibling in node.itersiblings():
            unsaid: set[etree._Element] = set()  # an iterator costs less than a walk that can leave out what is in them
            for element in sibling.iter():
                if element in unsaid:
                    continue
                text = element.text
                if element.tag in SILENT:
                    unsaid.update(element.iterdescendants())
                elif text and not text.isspace():
                    pieces.append(" ".join(text[:500].split()))
                text = element.tail
                if text and element is not sibling and not text.isspace():
                    pieces.append(" ".join(text[:500].split()))
                if len(pieces) >= _MOST_AFTER:
                    return tuple(pieces[:_MOST_AFTER])
        node = node.getparent()
    return tuple(pieces)
