"""The caption of the lead image, and who made it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from lxml import etree

from builder.extract.candidates import Candidate
from builder.extract.facts.extent import extent, is_beside
from builder.extract.facts.scan import NEAR, scan
from builder.extract.page import ParsedPage, once_a_page
from builder.extract.structured import lookup
from builder.extract.texts import text_of

_MOST = 20
_PICTURES = ("img", "picture", "amp-img")
_OTHERS = ("table", "pre", "video", "audio", "iframe")
"""What has captions as well, and is no picture."""
_HOLDERS = 2
"""How many elements around a caption may hold its picture, where no `<figure>` says so."""
_MADE = "image|photo|photograph|picture|foto|bild|imagen|imagem|immagine|фото|cr[eé]dito?|quelle"
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
    if values := lookup(page.article_object, "image.creditText"):
        yield Candidate(values, "jsonld:image.creditText")


@once_a_page
def _lead_caption(page: ParsedPage) -> _Caption | None:
    """The first caption of a picture that belongs to the story and stands near its headline or in its first half."""
    seen = scan(page)
    if not seen.captions:
        return None
    story = extent(page)
    for element in seen.captions[:_MOST]:
        place = seen.place(element)
        if place > story.middle:
            break
        if place < story.top - NEAR or element in story.around or is_beside(element, story):
            continue
        if _is_of_picture(element):
            return _read(element)
    return None


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
