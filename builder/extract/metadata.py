"""What the generic extractor offers for every field: candidates in order of trust, each with its origin.

The first candidate that can be read as the field's type wins. An offer is made only where the page says something:
nothing is guessed from what other pages do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from builder.extract.article import article_blocks
from builder.extract.blocks import Block, text_lines
from builder.extract.page import ParsedPage
from builder.extract.structured import lookup


class Candidate(NamedTuple):
    """What one place of a page says: raw strings, and where they stood (`jsonld:headline`, `h1`, `byline:.author`)."""

    values: list[str]
    origin: str


Auto = Callable[[ParsedPage], Iterator[Candidate]]

_TITLE_SEPARATOR = re.compile(r"\s+[|\-–—·•»:›/]+\s+|\s*[|»]\s*")
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:byline|by-line|author|authors|article-author|post-author|writer)(?:$|[\s_-])", re.IGNORECASE
)
_BY = re.compile(
    r"^\s*(?:written\s+by|posted\s+by|by|von|par|por|di|door|av|af|text|autor(?:in)?|author)\b[:\s]+", re.IGNORECASE
)
_NAME_END = re.compile(
    r"\s*(?:[|•·–—]|\s-\s|\d|,\s*(?:updated|published|posted)\b|\bupdated\b|\bpublished\b|\bposted\b).*$", re.IGNORECASE
)
_DATE_META = (
    "article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date", "sailthru.date",
    "pubdate", "publishdate", "publish-date", "publication_date", "dc.date.issued", "dcterms.issued", "dcterms.created",
    "dc.date", "dc.date.created", "cxenseparse:recs:publishtime", "date", "citation_publication_date",
)  # fmt: skip
_UPDATE_META = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
)
_CAPTIONS = etree.XPath("(//figure//figcaption | //*[contains(@class, 'caption')])[1]")
_TIMES = etree.XPath("//time[@datetime or @pubdate or normalize-space()]")
_H1 = etree.XPath("//h1")
_REL_AUTHOR = etree.XPath("//a[@rel='author' or contains(concat(' ', @rel, ' '), ' author ')]")
_CLASSED = etree.XPath("//*[contains(@class, 'uthor') or contains(@class, 'yline')]")
_CREDIT = re.compile(
    r"(?:image|photo|picture|foto|bild|imagen)\s*(?:credit|by|source|:)?\s*[:©]\s*(.+)$|(?:©|\(c\))\s*(.+)$",
    re.IGNORECASE,
)


def _first(
    page: ParsedPage, *, jsonld: str = "", meta: tuple[str, ...] = (), micro: tuple[str, ...] = ()
) -> Iterator[Candidate]:
    """What structured data says, JSON-LD before microdata before meta."""
    if jsonld and (values := lookup(page.article_object, jsonld)):
        yield Candidate(values, f"jsonld:{jsonld}")
    for name in micro:
        if values := page.microdata.get(name, []):
            yield Candidate(values, f"microdata:{name}")
    for name in meta:
        if values := page.meta.get(name, []):
            yield Candidate(values, f"meta:{name}")


def titles(page: ParsedPage) -> Iterator[Candidate]:
    """The headline: what both a heading and the document's title say, then structured data, then either alone."""
    whole = " ".join((page.root.findtext(".//head/title") or page.root.findtext(".//title") or "").split())
    headings = [" ".join(text_lines(element)) for element in _H1(page.root)[:20]]
    for heading in headings:
        if heading and heading.casefold() in whole.casefold():
            yield Candidate([heading], "h1")
    yield from _first(page, jsonld="headline", micro=("headline",), meta=("og:title", "twitter:title", "dc.title"))
    if stripped := strip_site(whole):
        yield Candidate([stripped], "title")
    if headings and headings[0]:
        yield Candidate([headings[0]], "h1")


def strip_site(title: str) -> str:
    """A document title without the name of its site: the longest of the parts between separators.

    >>> strip_site("Talks end without result | The Harbor Ledger")
    'Talks end without result'
    """
    parts = [part for part in _TITLE_SEPARATOR.split(title) if part]
    return max(parts, key=len) if parts else ""


def authors(page: ParsedPage) -> Iterator[Candidate]:
    """Names of people; links and e-mail addresses are none."""
    yield from (
        _names(found)
        for found in _first(
            page, jsonld="author.name", meta=("author", "article:author", "dc.creator", "parsely-author")
        )
    )
    if links := [" ".join(text_lines(element)) for element in _REL_AUTHOR(page.root)[:20]]:
        yield _names(Candidate(links, "rel:author"))
    for element in _CLASSED(page.root)[:50]:
        if _BYLINE.search(element.get("class") or ""):
            lines = text_lines(element)
            if lines and len(lines[0]) < 100:
                yield _names(Candidate(lines[:1], f"byline:.{(element.get('class') or '').split()[0]}"))


def _names(found: Candidate) -> Candidate:
    cleaned = (_NAME_END.sub("", _BY.sub("", value)) for value in found.values)
    parts = [name for value in cleaned for name in re.split(r"\s*(?:[;,/&]|\s(?:and|und|et|y|e)\s)\s*", value)]
    names = list(dict.fromkeys(name.strip() for name in parts if is_name(name.strip())))
    return Candidate(names, found.origin)


def is_name(text: str) -> bool:
    """Whether a text can be the name of a person: short, no URL, no address, no digits."""
    return 2 < len(text) < 60 and len(text.split()) <= 6 and not re.search(r"https?:|www\.|@|\d|[<>{}\[\]]", text)


def published(page: ParsedPage) -> Iterator[Candidate]:
    """When the story was first published."""
    yield from _first(page, jsonld="datePublished", micro=("datePublished",), meta=_DATE_META)
    yield from _first(page, jsonld="dateCreated", micro=("dateCreated",))
    for element in _TIMES(page.root)[:3]:
        value = element.get("datetime") or " ".join("".join(element.itertext()).split())
        if value:
            yield Candidate([value], "time")


def updated(page: ParsedPage) -> Iterator[Candidate]:
    """When the story was last changed."""
    yield from _first(page, jsonld="dateModified", micro=("dateModified",), meta=_UPDATE_META)


def text(page: ParsedPage) -> Iterator[Candidate]:
    """The main text, a value a block; the headline is not repeated in it."""
    blocks = article_blocks(page.blocks)
    kept = [block.text for block in blocks if not _is_headline(block)]
    if kept:
        yield Candidate(kept, "article")


def _is_headline(block: Block) -> bool:
    return block.tag == "h1"


def languages(page: ParsedPage) -> Iterator[Candidate]:
    """What the page declares: the `lang` of its root, structured data, the HTTP header."""
    if (
        lang := page.root.get("lang")
        or page.root.get("{http://www.w3.org/XML/1998/namespace}lang")
        or page.root.get("xml:lang")
    ):
        yield Candidate([lang], "html:lang")
    yield from _first(
        page,
        jsonld="inLanguage",
        micro=("inLanguage",),
        meta=("content-language", "language", "dc.language", "og:locale"),
    )
    if header := page.page.headers.get("content-language"):
        yield Candidate([header], "header:content-language")


def canonical(page: ParsedPage) -> Iterator[Candidate]:
    """The URL that the page calls its own, else the one it was captured at."""
    for element in page.root.iter("link"):
        if (element.get("rel") or "").lower() == "canonical" and element.get("href"):
            yield Candidate([element.get("href") or ""], "link:canonical")
            break
    yield from _first(page, meta=("og:url",))
    yield Candidate([page.page.url], "capture:page_url")


def captions(page: ParsedPage) -> Iterator[Candidate]:
    """The caption of the first picture that has one, without its credit."""
    for element in _CAPTIONS(page.root):
        if lines := text_lines(element):
            yield Candidate([_CREDIT.sub("", " ".join(lines)).strip(" .|-–—(") or lines[0]], "figcaption")


def credits_(page: ParsedPage) -> Iterator[Candidate]:
    """Who made the first picture that has a caption."""
    for element in _CAPTIONS(page.root):
        if match := _CREDIT.search(" ".join(text_lines(element))):
            yield Candidate([(match[1] or match[2]).strip(" .)")], "figcaption")
    yield from _first(page, jsonld="image.creditText")


def tags(page: ParsedPage) -> Iterator[Candidate]:
    """Keywords, cut at commas."""
    for found in _first(page, jsonld="keywords", meta=("article:tag", "news_keywords", "keywords")):
        yield Candidate(
            list(dict.fromkeys(part.strip() for value in found.values for part in re.split("[,;]", value))),
            found.origin,
        )


def paywall(page: ParsedPage) -> Iterator[Candidate]:
    """The opposite of `isAccessibleForFree`, and what Open Graph says of the content's tier."""
    for value in lookup(page.article_object, "isAccessibleForFree"):
        if value.lower() in ("true", "false"):
            yield Candidate(["false" if value.lower() == "true" else "true"], "jsonld:isAccessibleForFree")
    for value in page.meta.get("article:content_tier", []):
        yield Candidate(["false" if value.lower() == "free" else "true"], "meta:article:content_tier")


@lru_cache(maxsize=64)
def _structured(jsonld: str, micro: tuple[str, ...], meta: tuple[str, ...]) -> Auto:
    return lambda page: _first(page, jsonld=jsonld, micro=micro, meta=meta)


AUTO: Mapping[str, Auto] = {
    "url": canonical,
    "title": titles,
    "subtitle": _structured("alternativeHeadline", ("alternativeHeadline",), ()),
    "authors": authors,
    "agency": _structured("sourceOrganization.name", (), ()),
    "dateline": _structured("dateline", ("dateline",), ()),
    "published_at": published,
    "updated_at": updated,
    "section": _structured("articleSection", ("articleSection",), ("article:section", "parsely-section")),
    "tags": tags,
    "description": _structured(
        "description", (), ("og:description", "description", "twitter:description", "dc.description")
    ),
    "text": text,
    "language": languages,
    "image_url": _structured("image.url", (), ("og:image", "og:image:url", "twitter:image", "twitter:image:src")),
    "image_caption": captions,
    "image_credit": credits_,
    "is_paywalled": paywall,
}
"""Field -> what the generic extractor offers for it. To add one: a function and a line here."""
