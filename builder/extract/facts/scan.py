"""One walk over the elements that title, authors and dates are read from; a word of a class is judged once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from builder.extract.page import ParsedPage

HEADLINE, AUTHOR, DATE, OTHER, CAPTION, COMMENT = 1, 2, 4, 8, 16, 32
"""What the words of a class say that an element holds; OTHER stands in comments, sidebars and lists."""

_TAGS = (
    "h1",
    "h2",
    "h3",
    "time",
    "a",
    "div",
    "span",
    "p",
    "address",
    "small",
    "cite",
    "em",
    "li",
    "figcaption",
    "td",
    "strong",
)
_ITEM_TAGS = (
    *_TAGS,
    "meta",
    "link",
    "img",
    "section",
    "article",
    "header",
    "footer",
    "h4",
    "b",
    "i",
    "dd",
    "abbr",
    "ul",
)
_WORDS = (
    (HEADLINE, ["title", "headline", "heading", "header-line", "titel", "titre", "titulo", "subject"]),
    (
        AUTHOR,
        [
            "author",
            "autor",
            "auteur",
            "byline",
            "by-line",
            "writer",
            "redakteur",
            "vcard",
            "journalist",
            "contributor",
            "username",
            "user-name",
            "poster",
        ],
    ),
    (
        DATE,
        [
            "date",
            "datum",
            "fecha",
            "time",
            "publish",
            "posted",
            "postmeta",
            "post-meta",
            "entry-meta",
            "meta-info",
            "article-meta",
            "articlemeta",
            "article-info",
            "articleinfo",
            "metadata",
            "byline",
        ],
    ),
    (
        OTHER,
        [
            "comment",
            "related",
            "sidebar",
            "widget",
            "recent",
            "popular",
            "footer",
            "teaser",
            "recommend",
            "trending",
            "card",
            "promo",
            "nav",
            "menu",
            "most-read",
            "mostread",
            "event",
            "countdown",
            "copyright",
            "product",
            "review-",
        ],
    ),
    (CAPTION, ["caption"]),
    (COMMENT, ["comment"]),
)
_MOST = 400


@dataclass(slots=True)
class Scan:
    """Elements by what they may hold, in order of the page. `order` is the place of an element in the walk."""

    headings: list[etree._Element] = field(default_factory=list)
    """h1, and h2 whose class says title."""
    times: list[etree._Element] = field(default_factory=list)
    by_rel: list[etree._Element] = field(default_factory=list)
    """Links with rel=author."""
    authors: list[etree._Element] = field(default_factory=list)
    """Elements whose class says author."""
    dates: list[etree._Element] = field(default_factory=list)
    """Elements whose class says date."""
    caption: etree._Element | None = None
    """The first caption of a picture."""
    itemprops: dict[str, list[etree._Element]] = field(default_factory=dict)
    order: dict[etree._Element, int] = field(default_factory=dict)


@lru_cache(maxsize=16384)
def class_kinds(names: str) -> int:
    """What the words of a class attribute say, as bits.

    >>> class_kinds("post-author") == AUTHOR, class_kinds("grid") == 0
    (True, True)
    """
    kinds = 0
    for word in names[:500].split():
        kinds |= _word_kinds(word)
    return kinds


@lru_cache(maxsize=32768)
def _word_kinds(name: str) -> int:
    if len(name) < 4 or ":" in name or "[" in name:  # `md:flex`: words of style sheets that name no role
        return 0
    words = name.lower().replace("timeline", "").replace("timer", "").replace("navy", "")
    kinds = 0
    for bit, known in _WORDS:
        for word in known:
            if word in words:
                kinds |= bit
                break
    return kinds


@lru_cache(maxsize=1)
def scan(page: ParsedPage) -> Scan:
    """The elements of a page that matter. Worked out once for the page at hand."""
    found = Scan()
    has_items = b"itemprop" in page.decoded.html
    known: dict[str, int] = {}
    for place, element in enumerate(page.root.iter(*(_ITEM_TAGS if has_items else _TAGS)), 1):
        names = element.get("class")
        kinds = 0
        if names:
            stored = known.get(names)
            kinds = known[names] = class_kinds(names) if stored is None else stored
        tag = element.tag
        if kinds & _WANTED or tag in _ALWAYS:
            _sort(found, element, tag, kinds, place)
        if has_items and (stated := element.get("itemprop")):
            for name in stated.split():
                _keep(found.itemprops.setdefault(name, []), element, found, place)
    return found


_WANTED = HEADLINE | AUTHOR | DATE | CAPTION
_ALWAYS = frozenset({"h1", "time", "a", "figcaption"})


def _sort(found: Scan, element: etree._Element, tag: str, kinds: int, place: int) -> None:
    if tag == "h1" or (kinds & HEADLINE and tag == "h2"):
        _keep(found.headings, element, found, place)
    elif tag == "time":
        _keep(found.times, element, found, place)
    elif tag == "a" and "author" in (element.get("rel") or ""):
        _keep(found.by_rel, element, found, place)
    if kinds & AUTHOR:
        _keep(found.authors, element, found, place)
    if kinds & DATE:
        _keep(found.dates, element, found, place)
    if found.caption is None and (tag == "figcaption" or kinds & CAPTION):
        found.caption = element


def _keep(where: list[etree._Element], element: etree._Element, found: Scan, place: int) -> None:
    if len(where) < _MOST:
        where.append(element)
        found.order[element] = place


_BREAKS = frozenset(["br", "p", "div", "li", "h1", "h2", "h3", "h4", "ul", "ol", "tr", "td", "section"])
_SILENT = frozenset(["script", "style", "noscript", "svg", "template"])
_MARKED = tuple(sorted(_BREAKS | _SILENT))


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
            if node.tag in _SILENT:
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


@lru_cache(maxsize=2)
def texts_after(heading: etree._Element, most: int = 40) -> tuple[str, ...]:
    """Pieces of text that follow an element, the nearest first."""
    pieces: list[str] = []
    node: etree._Element | None = heading
    while node is not None and node.tag != "body":
        for sibling in node.itersiblings():
            for piece in _pieces(sibling):
                pieces.append(piece)
                if len(pieces) >= most:
                    return tuple(pieces)
        node = node.getparent()
    return tuple(pieces)


def _pieces(element: etree._Element) -> Iterator[str]:
    for node in element.iter():
        if node.tag not in _SILENT:
            for piece in (node.text, node.tail if node is not element else None):
                if piece and not piece.isspace():
                    yield " ".join(piece[:500].split())
