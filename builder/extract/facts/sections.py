"""The section of its site that a page stands in, by the breadcrumbs that lead to it."""

from __future__ import annotations

import string
from collections.abc import Iterator
from unicodedata import normalize
from urllib.parse import urljoin, urlsplit

from lxml import etree

from builder.extract.candidates import Candidate
from builder.extract.facts.scan import scan
from builder.extract.facts.title.sitename import fold, is_site_name, is_whole_name, site_words
from builder.extract.facts.title.titles import titles
from builder.extract.page import ParsedPage
from builder.extract.structured import JsonObject, lookup, types_of
from builder.extract.texts import text_of

_MOST_STEPS, _MOST_MARKED, _MOST_STATED = 8, 5, 200
_HOME_WORDS = (
    "home|home page|homepage|main|start|startseite|accueil|inicio|início|strona główna|hem|hjem|etusivu|anasayfa|"
    "ana sayfa|главная|головна|ホーム|トップ|首页|首頁|홈|الرئيسية|होम"
)
_HOME = frozenset(_HOME_WORDS.split("|"))
_STEP_URLS = ("item.url", "item.@id", "url")
"""Where a step in JSON-LD says what it leads to; `item` alone may be the URL."""
_MARKS = string.punctuation + "…«»„‹›「」『』【】（）！？。：، "
_CUT = ("..", "…")
_BACK = ("<", "‹", "«", "←")
"""How a link begins that leads back rather than up."""


def breadcrumbs(page: ParsedPage) -> Iterator[Candidate]:
    """The last step above the page itself, of the first way that the page states or shows."""
    for item in page.jsonld:
        if "BreadcrumbList" in types_of(item):
            steps = _stated(item, page)
            kept = _sections(steps, page)
            if len(kept) > 1 or (kept and len(kept) < len(steps)):
                yield Candidate([kept[-1]], "jsonld:BreadcrumbList")
            return
    for element, origin in _shown(page):
        links = [link for link in element.iter("a") if link.get("href")]
        if 0 < len(links) <= _MOST_STEPS:
            steps = ["" if _leads_to(link.get("href") or "", page) else text_of(link, 200) for link in links]
            steps = ["" if step.startswith(_BACK) else step.strip(" />›»|") for step in steps]
            yield from (Candidate([step], origin) for step in _sections(steps, page)[-1:])
            return


def _stated(item: JsonObject, page: ParsedPage) -> list[str]:
    """The names of the steps of a list in JSON-LD; of the last none where it leads to the page, or alone nowhere."""
    listed = item.get("itemListElement")
    steps = [
        (name, next((url for path in _STEP_URLS for url in lookup(entry, path)), None))
        for entry in (listed[:_MOST_STATED] if isinstance(listed, list) else [listed])
        for name in (lookup(entry, "name") or lookup(entry, "item.name"))[:1]
    ]
    names, urls = [name for name, _ in steps], [url for _, url in steps]
    if urls and (any(urls) if urls[-1] is None else _leads_to(urls[-1], page)):
        names[-1] = ""
    return names


def _shown(page: ParsedPage) -> Iterator[tuple[etree._Element, str]]:
    """Elements that may be breadcrumbs, those in microdata first."""
    for step in scan(page).itemprops.get("itemListElement", ())[:1]:
        for above in step.iterancestors():
            if "BreadcrumbList" in (above.get("itemtype") or ""):
                yield above, "microdata:BreadcrumbList"
    layout = page.layout
    named = {number for number, (_, css_class) in enumerate(layout.kinds) if "readcrumb" in css_class}
    marked = {box for box, element_id in layout.ids if "readcrumb" in element_id}
    if named:
        marked |= {box for box, kind in enumerate(layout.boxes.signatures) if kind in named}
    for box in sorted(marked)[:_MOST_MARKED]:
        tag, first = layout.kinds[layout.boxes.signatures[box]][0], layout.blocks[layout.boxes.starts[box]].element
        around = [above for above in (first, *first.iterancestors()) if above.tag == tag]
        yield [above for above in around if "readcrumb" in f"{above.get('class')} {above.get('id')}"][-1], "breadcrumb"


def _sections(steps: list[str], page: ParsedPage) -> list[str]:
    """The steps that are neither the site nor the page.

    Only where a way begins is a part of the site's name the site: below, Sport on sportweekly.example is a section.
    """
    words, host = site_words(page)
    names = {normalize("NFC", name) for name in words}
    title = next((_folded(found.values[0]) for found in titles(page)), "")
    return [
        step
        for number, step in enumerate(steps)
        if (said := _folded(step))
        and said != title
        and said not in _HOME
        and not (number == len(steps) - 1 and _is_title(said, title))
        and not (is_whole_name if number else is_site_name)(said, names, host)
    ]


def _folded(text: str) -> str:
    """As `fold` does, and in one normal form: the steps are often written by another program than the title."""
    return fold(normalize("NFC", text))


def _is_title(step: str, title: str) -> bool:
    """Whether the last step, folded, is the title cut off, between marks, or with a few more words around it.

    >>> [_is_title(step, "ferry back at last") for step in ("ferry ba...", "“ferry back at last”", "ferry")]
    [True, True, False]
    """
    bare = step.strip(_MARKS)
    if step.endswith(_CUT) and bare and title.startswith(bare):
        return True
    return len(step) < 2 * len(title) and title.strip(_MARKS) in step


def _leads_to(href: str, page: ParsedPage) -> bool:
    """Whether a link leads to the page itself, or to the front page."""
    try:
        path = urlsplit(urljoin(page.base_url, href.strip())).path.strip("/")
    except ValueError:
        return True
    return path in ("", page.url_parts.path.strip("/"))
