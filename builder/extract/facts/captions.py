"""The caption of the lead image, and who made it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import chain, islice
from typing import NamedTuple

from lxml import etree

from builder.extract.candidates import Candidate
from builder.extract.facts.author.wire import AGENCIES
from builder.extract.facts.extent import extent, is_beside
from builder.extract.facts.pictures import is_shown, names_in, picture_in, shows, stated_images
from builder.extract.facts.scan import NEAR, scan
from builder.extract.marks import is_hidden, is_veiled, telling_class
from builder.extract.page import ParsedPage, once_a_page
from builder.extract.roles import CAPTION
from builder.extract.structured import lookup
from builder.extract.texts import text_of
from builder.normalize.text import clean_line

_MOST = 20
_PICTURES = ("img", "picture", "amp-img")
_OTHERS = ("table", "pre", "video", "audio", "iframe")
"""What has captions as well, and is no picture."""
_HOLDERS = 2
"""How many elements around a caption may hold its picture, where no `<figure>` says so."""
_MADE = (
    "(?:file |archiv|arkiv|symbol)?(?:image|photo|photograph|picture|pic|ph|foto|bild|beeld|imagen|imagem|immagine|"
    r"фото|fotoğraf|fotografía|fotografie|fotograf|zdjęcie|kuva|fotó|ảnh(?: minh họa)?|φωτ(?:ο|ογραφία|\.)?)"
    r"|surs[aă] foto|автор фото|cr[eé]dito?|(?:bild)?quelle|"
    r"(?:aufnahme|grafik|illustration|görsel|изображение|иллюстрация|зображення|autor)(?=s?\s?[:：])"
)
_MADE_BY = rf"(?:(?i:(?:{_MADE})s?(?: photo)?)\s?[:：]\s*)"
_MADE_CASELESS = (
    "写真(?:提供)?|撮影|提供|图片来源|图源|图片|[供配]?图|摄影|圖片來源|圖片|[供配]?圖|攝影|사진(?: ?(?:제공|출처))?|"
    "صورة|تصوير|(?:منبع )?(?:عکس|تصویر)|عکاس|فوٹو|צילום|קרדיט(?: צילום)?|"
    "(?:फ\u093c?ोटो|\u095eोटो)(?: (?:साभार|क्रेडिट|सोर्स))?|इमेज सोर्स|"
    "तस्वीर|ছবি|(?:புகைப்)?படம்|(?:ที่มา|เครดิต)?ภาพ(?:จาก)?"
)
_BORDER = r"(?<![\w\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e])"
"""No letter and no vowel sign before: the word is none of the last syllables of another."""
_STOCK = r"(?:Getty Images|imago(?: images)?|picture alliance|Shutterstock|iStock)"
_MORE = "EPA|Ansa|AAP|DHA|Agência Brasil|ANTARA FOTO|ロイター|AFP時事|ＡＦＰ時事"
_WIRE = rf"(?:(?:{'|'.join(sorted(map(re.escape, AGENCIES), key=len, reverse=True))}|{_MORE})(?: via {_STOCK})?)"
_ANY = rf"(?:{_WIRE}|{_STOCK})"
"""Who is credited without a word for it, as they sign: "the reuters building" is no credit."""
_START = r"(?:^|(?<=[.!?…:;,|/()\[\]»”\"–—-])|(?<=[.!?…:;,|/()\[\]»”\"–—-]\s)|(?<!\w)(?=[A-ZẢΠΦАДЗИФŹ]))"
"""Of a sentence, or of a word that is written like one: "A new photo: the station" names nobody."""
_BEHIND = r"(?:(?<=[.!?…–—|-]\s)|(?<=[)\]”\"]\s))"
"""Where a sentence or what stands in brackets has ended."""
_WORD = r"[^\W\d_a-zа-яё][\w.'’&-]*"
_NAME = rf"{_WORD}(?: (?:d[aei]|del|van|von|der|al|y|e|{_WORD})){{0,4}}(?:, {_WORD})?"
_FULL = rf"{_WORD}(?: (?:d[aei]|del|van|von|der|{_WORD})){{1,4}}"
_SHORT = r"(?:[Ff]oto|Beeld|Bild|Photo|Ph\.|Φωτ\.|Фото)"
"""What stands before a full name with no sign between them."""
_CASELESS = r"[\u0590-\u109f\u1100-\u11ff\u3040-\ud7a3]"
"""Where no letter is a capital any words would be a name."""
_SAID = re.compile(
    r"[(\[]((?=[^()\[\]]*\s)[A-Z][^()\[\]:/\d]{1,60}/\s?[A-Z][^()\[\]:/\d]{1,40})[)\]]$"  # (Jan Bos/AP)
    rf"|{_START}(?:(?:AP|AFP|EPA|ANTARA)\s)?(?i:(?:{_MADE})s?\s*(?:credit|photo|by|source|von|de|di)?\s*(?:[:：©/]|\.\.\.))\s*(.+)$"
    rf"|{_START}(?i:(?:photo(?:graph)?s? by|copyright:?|(?:photo )?courtesy of)\s|fot\.:?\s|\(dok\.\s)\s*(.+)$"
    rf"|{_START}(?i:(?:{_MADE})\s(?:d[’']archives\s)?)({_ANY}(?:\s?/\s?{_NAME})?)[)\]]?$"  # Foto ANP
    rf"|{_START}Foto (?:di|von) ({_NAME})[)\]]?$"
    rf"|{_BEHIND}{_SHORT}(?: de)? ({_FULL})$|[(\[]{_SHORT} ({_FULL})[)\]]$"
    rf"|(?:{_BORDER}(?:(?:{_MADE_CASELESS})\s*[:：©/／=＝]|撮影・)|[©ⓒ]|\([cC]\))\s*{_MADE_BY}?(.+)$"
    r"|(?:^|(?<=[。\s(（]))((?:\w+社)?[记記]者\s?\w+?|[\u4e00-\u9fff]{2,4})\s?(?:／?[摄攝]|／攝影)[)）]?$"
    r"|[=＝](?:[^=＝]{0,60}、)?([^\s=＝、。]{2,20}?)\s?撮影[)）]?$"
    rf"|(?:{_BEHIND}|(?<=[(（\[<]))([\w·]+(?: [\w·]+){{0,2}}) 제공[)）\]>]?$"
)
"""Words for whoever made an image, and the forms that have no other meaning."""
_SOURCE = re.compile(
    rf"(?:{_START}(?i:source|fuente|fonte|sumber|kaynak|źródło|zdroj|bron|lähde|forrás|sursa|nguồn|πηγή|источник|"
    r"джерело)|(?<!\w)(?:المصدر|منبع|সূত্র|ที่มา|来源|來源|出典|출처))\s?[:：]\s*"
    r"([^|:：]{2,60})$"
)
"""Often that of what an image shows."""
_SIGNED = re.compile(
    rf"(?:^|{_BEHIND})({_WIRE}\s?/\s?{_NAME}(?:/File Photo)?)$"  # REUTERS/Jan Bos
    rf"|(?:^(?!{_CASELESS})|{_BEHIND})({_NAME}\s?/\s?{_WIRE})$"
    rf"|{_BEHIND}({_NAME}\s?/\s?{_STOCK}|{_FULL} \({_ANY}\))$"
    rf"|(?:{_BEHIND}|\s[/|–—-]\s?|＝)({_ANY}(?:\s?/\s?{_ANY})?)$"
    rf"|[(（\[]({_ANY})[)）\]]$"
)
"""The name of an agency at the end, alone or with that of a photographer."""
_SIGNS_BEFORE = re.compile(r"^(?:[\s|/–—＝]|-(?=\s))+")
"""What stands between a caption and a credit before it; no bracket, which is one of the caption, and no minus."""
_PAIRS = {")": "(", "）": "（", "]": "[", ">": "<"}
_CREDIT_CLASS = re.compile(r"credit|copyright|source|quelle", re.IGNORECASE)
_CREDIT_WORD = re.compile(r"credit|copyright|photo|foto|quelle|©", re.IGNORECASE)
_WRAPPERS = ("b", "i", "p", "div")
_CREDITED = ("span", "small", "cite", "em", *_WRAPPERS)
_TOGGLE_CLASS = re.compile(r"(?<![\w-])(?:hide|toggle)-caption(?![\w-])")
"""In the class of what shows and hides a caption."""


class _Caption(NamedTuple):
    line: str
    """Without its credit."""
    credit: str | None
    place: str
    """What says that it is a caption: its tag, else its class."""
    picture: str | None
    picture_place: str


def captions(page: ParsedPage) -> Iterator[Candidate]:
    """What is said of the lead image, without its credit."""
    if (caption := _lead_caption(page)) is not None and caption.line:
        yield Candidate([caption.line], caption.place)


def captioned_pictures(page: ParsedPage) -> Iterator[Candidate]:
    """The picture of that caption."""
    if (caption := _lead_caption(page)) is not None and caption.picture:
        yield Candidate([caption.picture], caption.picture_place)


def credits_(page: ParsedPage) -> Iterator[Candidate]:
    """Who made the lead image."""
    if (caption := _lead_caption(page)) is not None and caption.credit:
        yield Candidate([caption.credit], caption.place)
    if values := lookup(page.article_object, "image.creditText"):
        yield Candidate(values, "jsonld:image.creditText")


@once_a_page
def _lead_caption(page: ParsedPage) -> _Caption | None:
    """The caption of the image that the page states, else the first of the story.

    None where the story shows that image without one: the first caption is that of another picture.
    """
    captioned = _captioned(page)
    if (first := next(captioned, None)) is None:
        return None
    picture = names_in(next((found.values for found in stated_images(page)), ()))
    own = next(filter(lambda found: shows(found[1], picture), chain([first], captioned)), None) if picture else first
    if own is None and not is_shown(picture, page):
        own = first
    if own is None:
        return None
    element, holder = own
    is_marked = element.tag == "figcaption"
    place = "figcaption" if is_marked else f"caption:.{telling_class(element.get('class') or '', CAPTION)}"
    return _Caption(*_read(element), place, picture_in(holder), "figure" if holder.tag == "figure" else place)


def _captioned(page: ParsedPage) -> Iterator[tuple[etree._Element, etree._Element]]:
    """Captions of pictures that belong to the story and stand near its headline or in its first half, with both."""
    seen = scan(page)
    for element in seen.captions[:_MOST]:
        story = extent(page)
        place = seen.place(element)
        if place > story.middle:
            break
        if place < story.top - NEAR or element in story.around or is_beside(element, story):
            continue
        if (holder := _holder(element)) is not None:
            yield element, holder


def _holder(caption: etree._Element) -> etree._Element | None:
    """What holds a caption and its picture, a figure or what stands around both, and nothing else that has captions.

    A figure that holds nothing but a caption has a picture that a script shows.
    """
    figure = next(caption.iterancestors("figure"), None)
    holders = [figure] if figure is not None else [caption, *islice(caption.iterancestors(), _HOLDERS)]
    holder = next((around for around in holders if next(around.iter(*_PICTURES), None) is not None), None)
    if holder is None and figure is not None and text_of(figure) == text_of(caption):
        holder = figure
    return holder if holder is not None and next(holder.iter(*_OTHERS), None) is None else None


def _read(caption: etree._Element) -> tuple[str, str | None]:
    """What a caption says without its credit, and the credit."""
    element = _without_controls(caption)
    whole = clean_line(text_of(element) or text_of(caption))
    line = whole.lstrip("▲△▼ ")
    credited = _credited(element, whole)
    by = next(iter(credited), None)
    if by is not None:
        line = line.replace(by, " ", credited.count(by))  # some write it twice, for narrow and wide screens
    said = line if by is None else by
    marks = (_SAID, _SOURCE, _SIGNED) if by is None else (_SAID, _SOURCE)
    mark, match = next(((mark, match) for mark in marks if (match := mark.search(said))), (_SAID, None))
    if match is None and by is None:
        return line.strip(" |/"), None
    credit = _bare(match[match.lastindex or 0] if match else said)
    bare = " ".join(mark.sub("", line).split()).rstrip(" |/-–—(（[<＝").removesuffix(" .")
    bare = _SIGNS_BEFORE.sub("", bare)
    return bare if bare.strip(".") else whole, credit or None


def _credited(caption: etree._Element, whole: str) -> list[str]:
    """What those elements say whose class says that they hold the credit, and that hold nothing else."""
    named = [part for part in caption.iter(*_CREDITED) if _CREDIT_CLASS.search(part.get("class") or "")]
    texts = []
    for part in named:
        said, is_around = clean_line(text_of(part)), any(part in other.iterancestors() for other in named)
        is_all = said == whole and part.tag in _WRAPPERS and "caption" in part.get("class", "").lower()
        if said and not is_around and not is_all:
            texts.append(said)
    return texts


def _without_controls(caption: etree._Element) -> etree._Element:
    """A caption without buttons, what is hidden, and labels for screen readers, but for those of credits."""
    if not any(map(_is_control, caption.iterdescendants())):
        return caption
    copy = deepcopy(caption)
    for part in list(filter(_is_control, copy.iterdescendants())):
        del part[:]
        part.text = None  # its tail stays: lxml may refuse to be given what it has parsed, as control characters
    return copy


def _is_control(part: etree._Element) -> bool:
    names = part.get("class")
    if part.tag == "button" or is_veiled(names) or _TOGGLE_CLASS.search(names or ""):
        return not _CREDIT_WORD.search(text_of(part, 200))
    return is_hidden(part)


def _bare(credit: str) -> str:
    """A credit without the brackets that it stands in, or that begin before it.

    >>> _bare("(Cy Ng)"), _bare("ロイター）"), _bare("Twitter(@harbor).")
    ('Cy Ng', 'ロイター', 'Twitter(@harbor)')
    """
    said = credit.strip(" .©ⓒ/|")
    last = said[-1:]
    if (first := _PAIRS.get(last)) is None:
        return said
    if said[0] == first and said.index(last) == len(said) - 1:
        return _bare(said[1:-1])
    return said if said.count(first) == said.count(last) else _bare(said[:-1])
