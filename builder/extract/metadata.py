"""What the generic extractor offers for every field: candidates in order of trust, each with its origin.

The first candidate that can be read as the field's type wins. An offer is made only where the page says something:
nothing is guessed from what other pages do. Title, text, authors and publication date have modules of their own.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from builder.extract.candidates import Candidate
from builder.extract.facts.author.agency import agencies
from builder.extract.facts.author.authors import authors
from builder.extract.facts.author.wire import datelines, syndicated
from builder.extract.facts.captions import captioned_pictures, captions, credits_
from builder.extract.facts.date.dateplaces import UPDATE_META
from builder.extract.facts.date.published import published
from builder.extract.facts.date.updated import marked_updates
from builder.extract.facts.extent import extent, is_beside
from builder.extract.facts.pictures import stated_images
from builder.extract.facts.sections import breadcrumbs
from builder.extract.facts.stated import is_left_over, names, stated, without_tags, words
from builder.extract.facts.story import text
from builder.extract.facts.title.titles import titles
from builder.extract.page import ParsedPage
from builder.extract.texts import text_of

Auto = Callable[[ParsedPage], Iterator[Candidate]]

_MOST_TAGS = 100
_COMMAS = ",;،、，；"
_COMMA = re.compile(f"[{_COMMAS}]")
_AROUND = _COMMAS + string.whitespace
_MANY = 5
"""Words between commas that are no longer one tag."""
_LISTS = ("news_keywords", "keywords")
"""Names of `<meta>` that hold many words, however often one stands on a page."""


def updated(page: ParsedPage) -> Iterator[Candidate]:
    """When the story was last changed: as stated for machines, else a time that is called an update."""
    yield from stated(page, jsonld="dateModified", micro="dateModified", meta=UPDATE_META)
    yield from marked_updates(page)


def images(page: ParsedPage) -> Iterator[Candidate]:
    """The image that stands for the page: as stated for those who show it, else the picture that the caption is of."""
    yield from stated_images(page)
    yield from captioned_pictures(page)


def page_types(page: ParsedPage) -> Iterator[Candidate]:
    """The kind of page, as the generic extractor judges it."""
    if page.article.page_type is not None:
        yield Candidate([page.article.page_type], "article")


def languages(page: ParsedPage) -> Iterator[Candidate]:
    """What the page declares: the `lang` of its root, body or article, structured data, the HTTP header."""
    root = page.root
    if lang := root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang"):
        yield Candidate([lang], "html:lang")
    else:
        body = root.find("body")
        parts = [*([] if body is None else [body]), *page.declaring["article"]]
        said = ((str(element.tag), element.get("lang")) for element in parts)
        yield from islice((Candidate([lang], f"{tag}:lang") for tag, lang in said if lang), 1)
    yield from stated(
        page,
        jsonld="inLanguage",
        micro="inLanguage",
        read=words,
        meta=("content-language", "language", "dc.language", "dcterms.language", "og:locale"),
    )
    if header := page.page.headers.get("content-language"):
        yield Candidate([header], "header:content-language")


def canonical(page: ParsedPage) -> Iterator[Candidate]:
    """The URL that the page calls its own, else the one it was captured at."""
    if page.canonical and not is_left_over(page.canonical):
        yield Candidate([page.canonical], "link:canonical")
    yield from (found for found in stated(page, meta=("og:url",)) if not is_left_over(found.values[0]))
    yield Candidate([page.page.url], "capture:page_url")


def sections(page: ParsedPage) -> Iterator[Candidate]:
    """The section of the site: as stated, else the last step of the breadcrumbs above the page itself."""
    yield from stated(
        page,
        jsonld="articleSection",
        micro="articleSection",
        read=names,
        meta=("article:section", "parsely-section", "og:section"),
    )
    yield from breadcrumbs(page)


def tags(page: ParsedPage) -> Iterator[Candidate]:
    """Keywords, cut at commas unless they are listed one by one; else the links of the story that are called tags."""
    meta = ("article:tag", *_LISTS)
    for found in stated(page, jsonld="keywords", micro="keywords", read=names, meta=meta):
        values = dict.fromkeys(found.values)
        is_list = len(values) == 1 or found.origin.removeprefix("meta:") in _LISTS
        cut = ((value, _COMMA.split(value)) for value in values)
        listed = (word for value, few in cut for word in (few if is_list or len(few) >= _MANY else [value]))
        parts = (word.strip().strip(_AROUND) for word in listed)
        yield Candidate(list(dict.fromkeys(filter(None, parts)))[:_MOST_TAGS], found.origin)
    links = [link for link in page.declaring["a"] if _is_tag(link.get("rel") or "")]
    said = (text_of(link, 200) for link in links[: 4 * _MOST_TAGS] if not is_beside(link, extent(page)))
    if linked := list(dict.fromkeys(filter(None, said)))[:_MOST_TAGS]:
        yield Candidate(linked, "rel:tag")


def _is_tag(rel: str) -> bool:
    """Whether a link leads to a tag; those to categories say both."""
    return rel == "tag" or ("tag" in rel and "tag" in rel.split() and "category" not in rel)


def filed_from(page: ParsedPage) -> Iterator[Candidate]:
    """Where the story was filed: as stated, else beside the agency that signs it. Some state a day for it."""
    said = stated(page, jsonld="dateline", micro="dateline", read=words)
    yield from (found for found in said if not re.search(r"\d\d", found.values[0]))
    yield from datelines(page)


def paywall(page: ParsedPage) -> Iterator[Candidate]:
    """The opposite of `isAccessibleForFree`, and what Open Graph says of the content's tier."""
    for found in stated(page, jsonld="isAccessibleForFree", micro="isAccessibleForFree"):
        value = found.values[0].strip().lower().rsplit("/", 1)[-1]
        if value in ("true", "false"):
            yield Candidate(["false" if value == "true" else "true"], found.origin)
    for value in page.meta.get("article:content_tier", []):
        yield Candidate(["false" if value.lower() == "free" else "true"], "meta:article:content_tier")


def _text(jsonld: str, micro: str, meta: tuple[str, ...]) -> Auto:
    """What structured data says in words."""

    def offer(page: ParsedPage) -> Iterator[Candidate]:
        for found in stated(page, jsonld=jsonld, micro=micro, read=words, meta=meta):
            if values := list(filter(None, map(without_tags, found.values))):
                yield Candidate(values, found.origin)

    return offer


AUTO: Mapping[str, Auto] = {
    "url": canonical,
    "title": titles,
    "subtitle": _text("alternativeHeadline", "alternativeHeadline", ()),
    "authors": authors,
    "agency": agencies,
    "dateline": filed_from,
    "published_at": published,
    "updated_at": updated,
    "section": sections,
    "tags": tags,
    "description": _text("description", "", ("og:description", "description", "twitter:description", "dc.description")),
    "text": text,
    "page_type": page_types,
    "language": languages,
    "image_url": images,
    "image_caption": captions,
    "image_credit": credits_,
    "is_paywalled": paywall,
    "is_syndicated": syndicated,
}
"""Field -> what the generic extractor offers for it. To add one: a function and a line here."""
