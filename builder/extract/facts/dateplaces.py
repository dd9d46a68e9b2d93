"""The places of a page that may state the day of its publication, and what each place is worth knowing by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml import etree

from builder.extract.facts.datemarks import (
    DIGITS,
    called,
    datelike,
    dates_in,
    is_of_people,
    is_told,
    label_signs,
    line_signs,
    window,
)
from builder.extract.facts.scan import Scan, scan, surroundings
from builder.extract.page import ParsedPage
from builder.extract.roles import OTHER
from builder.extract.structured import lookup, types_of
from builder.extract.texts import text_of

DATE_META = (
    "article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date", "sailthru.date",
    "pubdate", "publishdate", "publish-date", "publication_date", "dc.date.issued", "dcterms.issued", "dcterms.created",
    "dc.date", "dcterms.date", "dc.date.created", "cxenseparse:recs:publishtime", "citation_publication_date",
    "citation_date", "citation_online_date", "og:published_time", "published_time", "og:pubdate", "displaydate",
    "publication-date",
    "date", "article.published", "article:published", "created", "article.created", "last_published",
    "rnews:datepublished", "video:release_date",
    "og:release_date", "release_date", "gentime", "publish_time", "dc.created", "bt:pubdate", "cdate",
    "originalpublicationdate", "date_published",
)  # fmt: skip


UPDATE_META = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "dc.date.modified", "last-modified",
    "og:modified_time", "article:updated_time", "revised", "lastmod", "modified", "article:modified", "dc.modified",
)  # fmt: skip


_URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_.-]?(0[1-9]|1[0-2])[/_.-]?(0[1-9]|[12]\d|3[01])(?!\d)")


_MOST_ELEMENTS = 30


@dataclass(slots=True)
class Dated:
    """A string that holds a date, where it stood and what speaks for it."""

    text: str
    origin: str
    signs: set[str] = field(default_factory=set)
    order: float = 0
    day: str = ""
    """The day it says, to see which candidates say the same; set when all are known."""


def date_places(page: ParsedPage) -> list[Dated]:
    """All dates of a page with the place of each, in a fixed order."""
    seen = scan(page)
    found: list[Dated] = []
    found += _structured(page, seen)
    found += _times(seen)
    found += _classed(seen)
    found += _near_heading(seen)
    found += _from_url(page.page.url)
    if not any(item.signs & {"ld:published", "micro:published", "meta:published"} for item in found) and len(found) < 6:
        found += _loose(seen)
    return found


def _structured(page: ParsedPage, seen: Scan) -> Iterator[Dated]:
    main = page.article_object
    for key, sign in (
        ("datePublished", "ld:published"),
        ("dateCreated", "ld:created"),
        ("uploadDate", "ld:upload"),
        ("dateModified", "ld:modified"),
    ):
        for value in lookup(main, key)[:1]:
            yield Dated(value, f"jsonld:{key}", {sign, f"{sign}:{_kind(main)}"})
    for item in page.jsonld:
        if item is not main and (values := lookup(item, "datePublished")):
            yield Dated(values[0], "jsonld:datePublished", {"ld:elsewhere", f"ld:elsewhere:{_kind(item)}"})
            break
    for key, sign in (
        ("datePublished", "micro:published"),
        ("dateCreated", "micro:created"),
        ("dateModified", "micro:modified"),
        ("uploadDate", "micro:upload"),
    ):
        for element in seen.itemprops.get(key, ())[:1]:
            value = element.get("datetime") or element.get("content") or text_of(element, 200)
            if value:
                yield Dated(value, f"microdata:{key}", {sign})
    for number, name in enumerate(DATE_META):
        for value in page.meta.get(name, ())[:1]:
            yield Dated(
                value,
                f"meta:{name}",
                {"meta:published", "meta:article" if number < 2 else "meta:date" if name == "date" else "meta:other"},
            )
    for name in UPDATE_META:
        for value in page.meta.get(name, ())[:1]:
            yield Dated(value, f"meta:{name}", {"meta:modified"})


def _kind(item: Mapping[str, object]) -> str:
    types = set(types_of(dict(item)))
    if any(name.endswith("Page") for name in types):  # WebPage and its kinds
        return "webpage"
    if types & {"Product", "VideoObject", "Event", "Review", "Comment", "Answer", "ImageObject"}:
        return "thing"
    return "story"


def _times(seen: Scan) -> Iterator[Dated]:
    for number, element in enumerate(seen.times[:_MOST_ELEMENTS]):
        stated = (element.get("datetime") or "").strip()
        value = _said_by(element, stated)
        if not value or not DIGITS.search(value):
            continue
        signs = {"time", "time:attr" if value is stated else "time:text", "time:first" if number == 0 else "time:later"}
        if element.get("pubdate") is not None:
            signs.add("time:pubdate")
        names = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        signs.update(sign for sign, words in _TIME_WORDS if words.search(names))
        if len(signs & {"time:updated", "time:published"}) == 2:  # WordPress, where a story has one time for both
            signs.remove("time:updated")
        signs.update(called(_before(element)))
        yield Dated(value, "time", signs | _around(element), seen.place(element))


_TIME_WORDS = (
    ("time:updated", re.compile("updat|modif", re.IGNORECASE)),
    ("time:published", re.compile("publi|entry-date", re.IGNORECASE)),
    ("time:posted", re.compile("post", re.IGNORECASE)),
)


def _said_by(element: etree._Element, stated: str) -> str:
    """The date of a `<time>`: its attribute in the form of the standard, else what it shows, else any attribute."""
    if re.match(r"\d{4}-?\d\d-?\d\d", stated):
        return stated
    text = text_of(element, 200)
    return next(filter(datelike, (text, stated, element.get("title") or "")), text or stated)


def _before(element: etree._Element) -> str:
    """The words before an element on its line."""
    previous, around = element.getprevious(), element.getparent()
    if previous is None:
        return (around.text or "")[-40:] if around is not None else ""
    said = previous.tail or ""
    return said[-40:] if said.strip() or previous.tag == "time" else text_of(previous, 60)[-40:]


def _classed(seen: Scan) -> Iterator[Dated]:
    taken = 0
    for element in seen.dates[:150]:
        if element.tag in ("time", "ul", "section", "article", "header", "footer", "meta", "img", "link"):
            continue
        text = text_of(element, 400)
        if len(text) > 250 or datelike(text) is None:
            stated = (
                element.get("title")
                or element.get("data-time")
                or element.get("datetime")
                or element.get("content")
                or ""
            )
            if not (4 < len(stated) < 60 and datelike(stated)):
                continue
            yield Dated(
                stated,
                f"class:{(element.get('class') or '').split()[0]}",
                {"class", "class:attr"} | _around(element),
                seen.place(element),
            )
            taken += 1
        else:
            signs = {"class", "class:first" if taken == 0 else "class:later"} | _around(element)
            if len(text) < 40:
                signs.add("class:short")
            elif len(text) > 120:
                signs.add("class:long")
            origin = f"class:{(element.get('class') or '').split()[0]}"
            for more, start in _dated(text):
                signs_here = {*signs, *label_signs(text, more, start), *(["class:next"] if start else [])}
                yield Dated(window(text, more, start), origin, signs_here, seen.place(element))
            taken += 1
        if taken == 12:
            return


def _near_heading(seen: Scan) -> Iterator[Dated]:
    for number, heading in enumerate([h for h in seen.headings if h.tag == "h1"][:3]):
        taken = 0
        for distance, line in enumerate(seen.lines_after(heading)):
            if len(line) >= 400 or not DIGITS.search(line):
                continue
            for match, start in _dated(line):
                if is_told(line, match):
                    continue
                signs = {*_near_signs(number, distance, taken, line), *label_signs(line, match, start)}
                signs.update(line_signs("near", line, match))
                yield Dated(window(line, match, start), "text", signs, seen.place(heading) + distance + 1)
                taken += 1
            if taken >= 3:
                break


def _dated(line: str) -> Iterator[tuple[re.Match[str], int]]:
    """The dates of a line that may be the page's, each with the place where the one before it ends."""
    start = 0
    for match in dates_in(line):
        if not is_of_people(line, match):
            yield match, start
        start = match.end()


def _near_signs(number: int, distance: int, taken: int, text: str) -> Iterator[str]:
    yield "near"
    yield "near:h1" if number == 0 else "near:later"
    yield "near:0-4" if distance < 5 else "near:5-14" if distance < 15 else "near:15+"
    yield "near:first" if taken == 0 else "near:next"
    if len(text) < 60:
        yield "near:short"
    elif len(text) > 150:
        yield "near:long"


def _loose(seen: Scan) -> Iterator[Dated]:
    """Short lines anywhere that are hardly more than a date: for pages that mark theirs in no way."""
    taken = 0
    known = set(seen.dates) | set(seen.times)
    heading = next((seen.place(h) for h in seen.headings if h.tag == "h1"), None)
    digits = DIGITS.search
    for number, block in enumerate(seen.layout.blocks[:2000]):
        if not digits(block.text) or block.element in known:
            continue
        for line in block.text.split("\n"):
            if len(line) > 120 or not (match := datelike(line)):
                continue
            if is_told(line, match) or is_of_people(line, match):
                continue
            signs = {"loose", *line_signs("loose", line, match)}
            signs.add("loose:first" if taken == 0 else "loose:next" if taken < 3 else "loose:later")
            signs.add("loose:after" if heading is None or number + 1 >= heading else "loose:before")
            if heading is None:
                signs.add("loose:noh1")
            signs.update(label_signs(line, match))
            yield Dated(window(line, match), "text", signs | _around(block.element), number + 1)
            taken += 1
            if taken == 8:
                return


def _around(element: etree._Element) -> set[str]:
    """Where a date stands, in which tag, and in which tag that stands."""
    signs = surroundings(element, OTHER) - {"in:author", "in:comment"}
    signs.add(f"tag:{element.tag}")
    if (around := element.getparent()) is not None:
        signs.add(f"tag-around:{around.tag}")
    return signs


def _from_url(url: str) -> Iterator[Dated]:
    try:
        path = urlsplit(url).path
    except ValueError:
        return
    for match in _URL_DATE.finditer(path):
        if path.find("/web/") == match.start() - 5:  # the time stamp of a web archive
            continue
        signs = {"url", "url:slashes" if "/" in match.group() else "url:digits"}
        yield Dated("-".join(match.groups()), "url", signs)
        return
