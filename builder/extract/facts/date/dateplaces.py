"""The places of a page that may state the day of its publication, and what each place is worth knowing by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set

from lxml import etree

from builder.extract.facts.date.datemarks import (
    DIGITS,
    called,
    datelike,
    instant_day,
    is_label_of_people,
    label_features,
    window,
)
from builder.extract.facts.date.linedates import DateCandidate, around, dates_of, loose, near_heading, without_updates
from builder.extract.facts.date.otherdates import of_others
from builder.extract.facts.scan import Scan, scan
from builder.extract.facts.title.headline import headlines
from builder.extract.marks import telling_class
from builder.extract.page import ParsedPage
from builder.extract.roles import DATE
from builder.extract.structured import lookup, types_of
from builder.extract.texts import SILENT, text_of

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
_STATED = frozenset({"ld:published", "micro:published", "meta:published"})
_TIME_WORDS = (
    ("time:updated", re.compile("updat|modif", re.IGNORECASE)),
    ("time:published", re.compile("publi|entry-date", re.IGNORECASE)),
    ("time:posted", re.compile("post", re.IGNORECASE)),
)


def date_places(page: ParsedPage) -> list[DateCandidate]:
    """All dates of a page with the place of each, in a fixed order."""
    seen, places = scan(page), headlines(page)
    found: list[DateCandidate] = []
    found += _structured(page, seen)
    others = of_others(page, places[0].place if places else None)
    found += _times(seen, others)
    found += _classed(seen, others)
    found += near_heading(places)
    found += _from_path(page.url_parts.path)
    if len(found) < 6 and all(item.features.isdisjoint(_STATED) for item in found):
        found += loose(seen, places[0].place if places else None)
    return found


def _structured(page: ParsedPage, seen: Scan) -> Iterator[DateCandidate]:
    main = page.article_object
    for key, feature in (
        ("datePublished", "ld:published"),
        ("dateCreated", "ld:created"),
        ("uploadDate", "ld:upload"),
        ("dateModified", "ld:modified"),
    ):
        for value in lookup(main, key)[:1]:
            yield DateCandidate(value, f"jsonld:{key}", {feature, f"{feature}:{_kind(main)}"})
    for item in page.jsonld:
        if item is not main and (values := lookup(item, "datePublished")):
            yield DateCandidate(values[0], "jsonld:datePublished", {"ld:elsewhere", f"ld:elsewhere:{_kind(item)}"})
            break
    for key, feature in (
        ("datePublished", "micro:published"),
        ("dateCreated", "micro:created"),
        ("dateModified", "micro:modified"),
        ("uploadDate", "micro:upload"),
    ):
        for element in seen.itemprops.get(key, ())[:1]:
            value = element.get("datetime") or element.get("content") or text_of(element, 200)
            if value:
                yield DateCandidate(value, f"microdata:{key}", {feature})
    for number, name in enumerate(DATE_META):
        for value in page.meta.get(name, ())[:1]:
            yield DateCandidate(
                value,
                f"meta:{name}",
                {"meta:published", "meta:article" if number < 2 else "meta:date" if name == "date" else "meta:other"},
            )
    for name in UPDATE_META:
        for value in page.meta.get(name, ())[:1]:
            yield DateCandidate(value, f"meta:{name}", {"meta:modified"})


def _kind(item: Mapping[str, object]) -> str:
    types = set(types_of(dict(item)))
    if any(name.endswith("Page") for name in types):  # WebPage and its kinds
        return "webpage"
    if types & {"Product", "VideoObject", "Event", "Review", "Comment", "Answer", "ImageObject"}:
        return "thing"
    return "story"


def _times(seen: Scan, others: Set[etree._Element]) -> Iterator[DateCandidate]:
    for number, element in enumerate(own for own in seen.times[:_MOST_ELEMENTS] if own not in others):
        stated = (element.get("datetime") or "").strip()
        value, before = _said_by(element, stated), _before(element)
        if not value or not DIGITS.search(value) or is_label_of_people(before):
            continue
        features = {
            "time",
            "time:attr" if value is stated else "time:text",
            "time:first" if number == 0 else "time:later",
        }
        if element.get("pubdate") is not None:
            features.add("time:pubdate")
        names = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        features.update(feature for feature, words in _TIME_WORDS if words.search(names))
        if len(features & {"time:updated", "time:published"}) == 2:  # WordPress, where a story has one time for both
            features.remove("time:updated")
        features.update(called(before))
        yield DateCandidate(value, "time", features | around(element), seen.place(element), element=element)


def _said_by(element: etree._Element, stated: str) -> str:
    """The date of a `<time>`: its attribute, as the standard has it or with clock and zone, else its text, else any."""
    if re.match(r"\d{4}-?\d\d-?\d\d", stated) or (datelike(stated) and instant_day(stated)):
        return stated
    text = text_of(element, 200)
    return next(filter(datelike, (text, stated, element.get("title") or "")), text or stated)


def _before(element: etree._Element) -> str:
    """The words before an element on its line."""
    previous, around = element.getprevious(), element.getparent()
    while previous is not None and previous.tag in SILENT and not (previous.tail or "").strip():
        previous = previous.getprevious()
    if previous is None:
        return (around.text or "")[-40:] if around is not None else ""
    said = previous.tail or ""
    return said[-40:] if said.strip() or previous.tag == "time" else text_of(previous, 60)[-40:]


def _classed(seen: Scan, others: Set[etree._Element]) -> Iterator[DateCandidate]:
    """Elements whose class says date: each date of what they show, else of an attribute."""
    first: float | None = None
    last = 0.0
    for item in without_updates(list(_of_class(seen, others))):
        if "class:attr" not in item.features:
            first = item.order if first is None else first
            item.features.add("class:first" if item.order == first else "class:later")
            if item.order == last:
                item.features.add("class:next")
            last = item.order
        yield item


def _of_class(seen: Scan, others: Set[etree._Element]) -> Iterator[DateCandidate]:
    taken = 0
    for element in (own for own in seen.dates[:150] if own not in others):
        if element.tag in ("time", "ul", "section", "article", "header", "footer", "meta", "img", "link"):
            continue
        text = text_of(element, 400)
        shown = len(text) <= 250 and datelike(text) is not None
        stated = next(filter(None, map(element.get, ("title", "data-time", "datetime", "content"))), "")
        if not shown and not (4 < len(stated) < 60 and datelike(stated)):
            continue
        origin = f"class:{telling_class(element.get('class') or '', DATE)}"
        features, place = {"class"} | around(element), seen.place(element)
        if shown:
            features.update(["class:short"] if len(text) < 40 else ["class:long"] if len(text) > 120 else [])
            for match, start in dates_of(text, _before(element)):
                yield DateCandidate(
                    window(text, match, start), origin, {*features, *label_features(text, match, start)}, place
                )
        else:
            yield DateCandidate(stated, origin, {*features, "class:attr"}, place)
        taken += 1
        if taken == 12:
            return


def _from_path(path: str) -> Iterator[DateCandidate]:
    for match in _URL_DATE.finditer(path):
        if path.find("/web/") == match.start() - 5:  # the time stamp of a web archive
            continue
        features = {"url", "url:slashes" if "/" in match.group() else "url:digits"}
        yield DateCandidate("-".join(match.groups()), "url", features)
        return
