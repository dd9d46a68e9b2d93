"""The caption of the lead image, and who made it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Set
from itertools import accumulate, islice, takewhile
from typing import NamedTuple

from lxml import etree

from builder.extract.candidates import Candidate
from builder.extract.facts.scan import NEAR, scan
from builder.extract.page import ParsedPage, once_a_page
from builder.extract.structured import lookup
from builder.extract.texts import text_of

_MOST = 20
_PICTURES = ("img", "picture", "amp-img")
_OTHERS = ("table", "pre", "video", "audio", "iframe")
"""What has captions as well, and is no picture."""
_ASIDE = ("aside", "nav", "footer", "form")
_ELSEWHERE = re.compile(
    r"related|sidebar|teaser|recommend|promo|popular|recent|trending|newsletter|subscri|most-?read|comment|advert|nav|menu",
    re.IGNORECASE,
)
"""In the classes of what stands beside a story."""
_HOLDERS = 2
"""How many elements around a caption may hold its picture, where no `<figure>` says so."""
_MADE = "image|photo|photograph|picture|foto|bild|imagen|imagem|immagine|фото|cr[eé]dit|cr[eé]dito|quelle"
_MADE_CASELESS = "写真|图片|صورة|फोटो"
_START = r"(?:^|(?<=[.!?…:;,|/()\[\]»”\"–—-])|(?<=[.!?…:;,|/()\[\]»”\"–—-]\s)|(?<!\w)(?=[A-ZФ]))"
"""Of a sentence, or of a word that is written like one: "A new photo: the station" names nobody."""
_MARK = re.compile(
    r"[(\[]((?=[^()\[\]]*\s)[A-Z][^()\[\]:/\d]{1,60}/\s?[A-Z][^()\[\]:/\d]{1,40})[)\]]$"  # (Jan Bos/AP)
    rf"|{_START}(?:(?:AP|AFP|EPA)\s)?(?i:(?:{_MADE})s?\s*(?:credit|photo|by|source|von|de|di)?\s*(?:[:：©/]|\.\.\.))\s*(.+)$"
    rf"|{_START}(?i:(?:photo(?:graph)?s? by|copyright)\s)\s*(.+)$"
    rf"|(?:(?:{_MADE_CASELESS})\s*[:：©/]|©|\([cC]\))\s*(.+)$"
)
_CREDIT_CLASS = re.compile(r"credit|copyright|source|quelle", re.IGNORECASE)


class _Caption(NamedTuple):
    line: str
    """Without its credit."""
    credit: str | None


def captions(page: ParsedPage) -> Iterator[Candidate]:
    """What is said of the lead image, without its credit."""
    if (caption := _lead_caption(page)) is not None and caption.line:
        yield Candidate([caption.line], "figcaption")


def credits_(page: ParsedPage) -> Iterator[Candidate]:
    """Who made the lead image."""
    if (caption := _lead_caption(page)) is not None and caption.credit:
        yield Candidate([caption.credit], "figcaption")
    yield from (
        Candidate(values, "jsonld:image.creditText")
        for values in [lookup(page.article_object, "image.creditText")]
        if values
    )


@once_a_page
def _lead_caption(page: ParsedPage) -> _Caption | None:
    """The first caption of a picture that belongs to the story and stands near its headline or in its first half."""
    seen = scan(page)
    if not seen.captions:
        return None
    story = _story(page)
    for element in seen.captions[:_MOST]:
        place = seen.place(element)
        if place > story.middle:
            break
        if place >= story.first and _is_of_picture(element) and not _is_elsewhere(element, story.around):
            return _read(element)
    return None


class _Story(NamedTuple):
    first: float
    """Place from which on its lead image may stand: little above its headline and its text."""
    middle: float
    """Place of the middle of its text."""
    around: set[etree._Element]
    """The elements that hold the middle of its text, or its headline."""


def _story(page: ParsedPage) -> _Story:
    seen, blocks = scan(page), page.layout.blocks
    inside = {block.element for block in page.article.blocks}
    sizes = [len(block.text) if block.element in inside else 0 for block in blocks]
    sums = list(accumulate(sizes))
    first = next((number for number, size in enumerate(sizes) if size), None)
    headings = seen.headings[:1]
    if first is None:
        middle, places = len(blocks), [seen.place(heading) for heading in headings]
        held = headings
    else:
        middle = bisect_left(sums, sums[-1] / 2)
        places = [first + 1, *(seen.place(heading) for heading in headings)]
        held = [blocks[middle].element, *headings]
    around = {above for element in held for above in (element, *element.iterancestors())}
    return _Story(min(places, default=0) - NEAR, middle + 1, around)


def _is_elsewhere(caption: etree._Element, story: Set[etree._Element]) -> bool:
    """Whether a caption stands in a teaser, a menu or the like beside the story, or is none, for it holds the story."""
    if caption in story:
        return True
    beside = takewhile(lambda above: above not in story, caption.iterancestors())
    return any(above.tag in _ASIDE or _ELSEWHERE.search(above.get("class") or "") for above in beside)


def _is_of_picture(caption: etree._Element) -> bool:
    """Whether a picture, and nothing else that has captions, stands in the figure of a caption, or beside it.

    A figure that holds nothing but a caption has a picture that a script shows.
    """
    figure = next(caption.iterancestors("figure"), None)
    holders = [figure] if figure is not None else [caption, *islice(caption.iterancestors(), _HOLDERS)]
    holder = next((around for around in holders if next(around.iter(*_PICTURES), None) is not None), None)
    if holder is None and figure is not None and text_of(figure) == text_of(caption):
        holder = figure
    return holder is not None and next(holder.iter(*_OTHERS), None) is None


def _read(element: etree._Element) -> _Caption:
    line = whole = text_of(element)
    by = next(
        (part for part in element.iter("span", "small", "cite", "em") if _CREDIT_CLASS.search(part.get("class") or "")),
        None,
    )
    if by is not None:
        line = line.replace(text_of(by), " ", 1)
    said = line if by is None else text_of(by)
    match = _MARK.search(said)
    credit = match[match.lastindex or 0].strip(" .)©") if match else said.strip(" .()") if by is not None else None
    bare = " ".join(_MARK.sub("", line).split()).strip(" .|-–—(")
    return _Caption(bare or whole, credit or None)
