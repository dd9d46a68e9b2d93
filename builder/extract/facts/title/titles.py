"""The headline: every string that a page may mean by it, scored by what speaks for and against each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from urllib.parse import unquote, urlsplit

from lxml import etree

from builder.extract.candidates import Candidate
from builder.extract.facts.bounds import below
from builder.extract.facts.scan import Scan, class_features, scan
from builder.extract.facts.title.sitename import fold, site_words
from builder.extract.facts.title.titlefeatures import Title, judge, separators, words_in_title
from builder.extract.facts.title.titlemodel import TitleModel, title_model, title_sums
from builder.extract.facts.title.titlenumbers import Compared, numbers_of
from builder.extract.facts.weights import Choice
from builder.extract.marks import class_roles
from builder.extract.page import ParsedPage, once_a_page
from builder.extract.roles import HEADLINE, OTHER
from builder.extract.structured import lookup, types_of, unescaped
from builder.extract.texts import heading_text

MAX_TITLE = 400
"""Characters of the longest string that can be a headline."""


_MAX_HEADINGS = 12
_TAG = re.compile(r"</?(?:i|b|u|em|strong|span|sup|sub|br|font|cite)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_SAYS = re.compile(r"\w")
_LOGO = re.compile(r"logo|brand|site-?title|site-?name|blog-?title|masthead", re.IGNORECASE)
_HIDDEN = re.compile(r"hidden|sr-only|screen-?reader|d-none|visually")
_SITELIKE = re.compile(
    r"\W(?:news|blog|magazine|review|official|online|shop|store|\w+\.(?:com|org|net|de|co|io|fr|uk|ch|at))\W",
    re.IGNORECASE,
)
_CUTS = {
    ":": "cut:colon",
    **dict.fromkeys("|｜丨»«", "cut:pipe"),
    **dict.fromkeys("-–—", "cut:dash"),
}
"""What parts a title from the name of its site -> the feature of it."""


def titles(page: ParsedPage) -> Iterator[Candidate]:
    """The strings that may be the headline, the most likely first."""
    yield from ranked_titles(page)


@once_a_page
def ranked_titles(page: ParsedPage) -> tuple[Candidate, ...]:
    """The three most likely headlines."""
    found = title_candidates(page)
    texts = [title.text for title in found]
    choice = Choice([title.features for title in found], texts, set(), [title.numbers for title in found])
    best = offered(choice, title_model())[:3]
    return tuple(Candidate([found[number].text], found[number].origin) for number in best)


def offered(choice: Choice, model: TitleModel) -> list[int]:
    """Candidates, the best first: every page has a title, so none stays unoffered."""
    sums = title_sums(choice.candidates, choice.numbers, model)
    return sorted(range(len(sums)), key=lambda number: -sums[number])


def title_candidates(page: ParsedPage) -> list[Title]:
    """All candidates with the features that hold for each, in a fixed order."""
    seen = scan(page)
    whole = _line(_stated_title(page.declaring["title"]))
    og = _line(next(iter(page.meta.get("og:title", ())), ""))
    found: dict[str, Title] = {}

    def offer(text: str, origin: str, *features: str) -> None:
        if 0 < len(text) <= MAX_TITLE and _SAYS.search(text):
            found.setdefault(fold(text), Title(text, origin)).features.update(features)

    _headings(page, seen, offer)
    for value in lookup(page.article_object, "headline")[:1]:
        offer(_line(value), "jsonld:headline", "jsonld")
        _segments(_line(value), "jsonld:headline", "jsonldseg", offer)
    for value in lookup(page.article_object, "name")[:1]:
        offer(
            _line(value),
            "jsonld:name",
            "jsonldname" if "Product" not in types_of(page.article_object) else "productname",
        )
    for element in seen.itemprops.get("headline", ())[:2]:
        offer(_line(element.get("content") or heading_text(element)), "microdata:headline", "micro")
    for element in seen.itemprops.get("name", ())[:1]:
        if element.tag[0] == "h":
            offer(heading_text(element), "microdata:name", "microname")
    offer(og, "meta:og:title", "og")
    _segments(og, "meta:og:title", "ogseg", offer)
    for name in ("twitter:title", "dc.title", "citation_title", "parsely-title", "sailthru.title"):
        for value in page.meta.get(name, ())[:1]:
            offer(_line(value), f"meta:{name}", "twitter" if name == "twitter:title" else "metatitle")
    offer(whole, "title", "title")
    _segments(whole, "title", "seg", offer)
    judge(list(found.items()), page, fold(whole), fold(og))
    compared = _compared(page, seen, fold(whole), fold(og))
    rows = numbers_of({key: title.text for key, title in found.items()}, page, compared)
    for title, row in zip(found.values(), rows, strict=True):
        title.numbers = row
    return list(found.values())


def _compared(page: ParsedPage, seen: Scan, title: str, og: str) -> Compared:
    headings = [fold(heading_text(heading)) for heading in seen.headings[:60] if heading.tag == "h1"][:_MAX_HEADINGS]
    said = list(filter(None, headings))
    names, host = site_words(page)
    words = frozenset(word for name in names for word in words_in_title(name))
    return Compared(next(iter(said), ""), len(said), title, og, words, host, unquote(page.url_parts.path))


def _stated_title(found: Sequence[etree._Element]) -> str:
    """What the first `<title>` of the head says that says anything, else the first of all but those of pictures."""
    written = [title for title in found if title.text and not title.text.isspace()]
    in_head = (title for title in written if (above := title.getparent()) is not None and above.tag == "head")
    of_page = (title for title in written if next(title.iterancestors("svg"), None) is None)
    return next((title.text or "" for title in chain(in_head, of_page)), "")


def _line(text: str) -> str:
    """A title that is stated for machines, on one line, without the tags that some write into it."""
    return " ".join(_TAG.sub("", unescaped(text[: 4 * MAX_TITLE])).split())


def _headings(page: ParsedPage, seen: Scan, offer: Callable[..., None]) -> None:
    firsts = [heading for heading in seen.headings[:60] if heading.tag == "h1"]
    number = 0
    for heading in seen.headings[:_MAX_HEADINGS]:
        text = heading_text(heading)
        if not text:
            continue
        level = str(heading.tag)
        features = [level]
        if level == "h1":
            features.append("h1:only" if len(firsts) == 1 else "h1:first" if number == 0 else "h1:later")
            number += 1
        found = (*_heading_features(heading, page), *sorted(class_features(heading)))
        features += [f"{level}:{feature}" for feature in found]
        offer(text, level, *features)
        if level == "h1":
            _segments(text, "h1", "h1seg", offer)


def _heading_features(heading: etree._Element, page: ParsedPage) -> Iterator[str]:
    kinds = class_roles(heading.get("class"))
    if kinds & HEADLINE:
        yield "class"
    if (heading.get("itemprop") or "") in ("headline", "name"):
        yield "itemprop"
    boxes = list(heading.iterancestors())
    names = " ".join(f"{e.get('class', '')} {e.get('id', '')}" for e in [heading, *boxes[:2]])
    if _LOGO.search(names):
        yield "logo"
    if _HIDDEN.search(heading.get("class") or ""):
        yield "hidden"
    around = {box.tag for box in boxes}
    if "header" in around and "article" not in around and "main" not in around:
        yield "header"
    if around & {"nav", "aside", "footer"}:
        yield "aside"
    if around & {"main", "article"}:
        yield "main"
    if any(class_roles(box.get("class")) & OTHER for box in boxes[:4]):
        yield "other"
    link = heading if heading.tag == "a" else next(heading.iter("a"), None)
    if link is None and (parent := heading.getparent()) is not None and parent.tag == "a":
        link = parent
    if link is not None:
        yield "home" if _is_home(link.get("href") or "", page.url_parts.path or page.url_parts.scheme) else "link"


def _is_home(href: str, own: str) -> bool:
    """Whether a link leads to the front page, from another one: `own` is the path of the page."""
    try:
        target = urlsplit(href.strip())
    except ValueError:
        return False
    if target.path.strip("/") in ("", "index.html", "index.php", "home") and not target.query:
        return bool(href.strip()) and not href.startswith("#") and own.strip("/") != ""
    return False


def _segments(text: str, origin: str, feature: str, offer: Callable[..., None]) -> None:
    """The parts of a title between separators, and what is left when one or two are cut off at an end."""
    cuts = separators(text[:MAX_TITLE])[:8]
    if not cuts:
        return
    bounds = [0, *(cut.end() for cut in cuts)], [*(cut.start() for cut in cuts), len(text)]
    parts = [text[start:end].strip() for start, end in zip(*bounds, strict=True)]
    longest = max(parts, key=len)
    last = len(parts) - 1
    for number, part in enumerate(parts):
        place = "first" if number == 0 else "last" if number == last else "mid"
        marks = [feature, f"{feature}:{place}"]
        if part is longest:
            marks.append(f"{feature}:longest")
        if number == 0:
            marks += _cut_features(cuts[0].group(), text[cuts[0].end() :])
        elif number == last:
            marks += [f"tail:{mark}" for mark in _cut_features(cuts[-1].group(), text[: cuts[-1].start()])]
        offer(part, origin, *marks)
    if len(cuts) > 1:
        _shortened(text, cuts, origin, feature, offer)


def _shortened(text: str, cuts: Sequence[re.Match[str]], origin: str, feature: str, offer: Callable[..., None]) -> None:
    """What is left of a title when a part is cut off at an end."""
    first, last = cuts[0], cuts[-1]
    after = _cut_features(last.group(), text[last.end() :])
    offer(text[: last.start()].strip(), origin, feature, f"{feature}:butlast", *after)
    before = [f"tail:{mark}" for mark in _cut_features(first.group(), text[: first.start()])]
    offer(text[first.end() :].strip(), origin, feature, f"{feature}:butfirst", *before)
    if len(cuts) > 2:
        after = _cut_features(cuts[-2].group(), text[cuts[-2].end() :])
        offer(text[: cuts[-2].start()].strip(), origin, feature, f"{feature}:buttwo", *after)


def _cut_features(separator: str, rest: str) -> Iterator[str]:
    """How a part was cut from the rest of a title, and how long the rest is."""
    mark = separator.strip()
    yield _CUTS.get(mark, "cut:other")
    words = len(rest.split())
    yield "rest:1" if words == 1 else below(words, ((4, "rest:2-3"), (7, "rest:4-6")), "rest:7+")
    if _SITELIKE.search(f" {rest} "):
        yield "rest:sitelike"
