"""What structured data says of a field: JSON-LD before microdata before meta, and of microdata only the page's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import TypeAlias

from lxml import etree

from builder.extract.blocks import text_lines
from builder.extract.candidates import Candidate
from builder.extract.facts.extent import OF_MANY, extent, is_beside
from builder.extract.facts.scan import scan
from builder.extract.facts.title.headline import is_about
from builder.extract.facts.title.sitename import fold
from builder.extract.facts.title.titles import MAX_TITLE, ranked_titles
from builder.extract.page import ParsedPage, once_a_page
from builder.extract.structured import RANKS, item_scope, lookup, unescaped
from builder.extract.texts import text_of

_MOST, _MOST_ASKED = 20, 200
_LEFT_OVER = re.compile(r"null|undefined|(?:\{\{|\{%|\$\{|<%).*", re.IGNORECASE | re.DOTALL)
_LONGEST = 10_000
"""Characters of a text that may be parsed once more: nobody can hide in it what a parser is slow at."""
_MARKUP = re.compile(
    r"</[a-z][a-z0-9]*\s*>|^\s*<(?:p|div|span|br|img|strong|em|b|i|h[1-6]|!--)(?![a-z])[^<>]*>", re.IGNORECASE
)
_PARSER = etree.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
_OF_READERS = frozenset(["Comment", "UserComments", "Answer"])
"""Types of what readers say under a story, never that of the story."""
_TITLES = ("headline", "name")


Reader: TypeAlias = Callable[[etree._Element], list[str]]


def machine_values(item: etree._Element) -> list[str]:
    """What an item says for machines, days and addresses among it; its text where it says nothing for them."""
    value = next(filter(None, map(item.get, ("content", "datetime", "href", "src"))), None) or text_of(item)
    return [value] if value else []


def words(item: etree._Element) -> list[str]:
    """What an item says to readers, where a link leads is no part of it."""
    value = item.get("content") or text_of(item)
    return [value] if value else []


def names(item: etree._Element) -> list[str]:
    """The same of an item that lists names: one value a link in it, or a block where it has none."""
    if value := item.get("content"):
        return [value]
    linked = list(filter(None, (text_of(link, 200) for link in item.iterdescendants("a"))))
    return linked or list(filter(None, text_lines(item)))


def stated(
    page: ParsedPage,
    *,
    jsonld: str = "",
    micro: str = "",
    read: Reader = machine_values,
    meta: tuple[str, ...] = (),
) -> Iterator[Candidate]:
    """The values at a path of the page's JSON-LD object, of an itemprop, read as `read` does, and of `<meta>` names."""
    if jsonld and (values := lookup(page.article_object, jsonld)):
        yield Candidate(values, f"jsonld:{jsonld}")
    if micro and (values := [value for item in own_items(page, micro) for value in read(item)]):
        yield Candidate(values, f"microdata:{micro}")
    for name in meta:
        if values := _own_metas(page, name):
            yield Candidate(values, f"meta:{name}")


def is_left_over(value: str) -> bool:
    """Whether a value is what a template leaves where it has none.

    >>> is_left_over("{{canonical}}"), is_left_over("/null")
    (True, False)
    """
    return _LEFT_OVER.fullmatch(value.strip()) is not None


def without_tags(value: str) -> str:
    """A text for machines without the HTML that some write into it: where a tag ends in it, or one begins it.

    >>> [without_tags(text) for text in ("<p>A lost<br>parcel", "<!-- 1 -->A parcel", "How to use <p> and <b>")]
    ['A lost parcel', 'A parcel', 'How to use <p> and <b>']
    """
    if "<" not in value or len(value) > _LONGEST or _MARKUP.search(value) is None:
        return value
    return text_of(etree.fromstring(f"<div>{value}</div>", _PARSER), _LONGEST)


def own_items(page: ParsedPage, name: str) -> Iterator[etree._Element]:
    """The first elements with an itemprop that is not that of a comment, or of another story or thing on the page."""
    return islice((item for item in scan(page).itemprops.get(name, ())[:_MOST_ASKED] if _is_own(item, page)), _MOST)


def _own_metas(page: ParsedPage, name: str) -> list[str]:
    """The values of `<meta>` of one name but for those in microdata of something else."""
    values = page.meta.get(name, [])
    if not values:
        return []
    items = chain.from_iterable(items for key, items in scan(page).itemprops.items() if key.lower() == name)
    others = {
        unescaped(item.get("content") or "").strip()
        for item in islice(items, _MOST_ASKED)
        if item.tag == "meta" and not _is_own(item, page)
    }
    return [value for value in values if value not in others] if others else values


def _is_own(item: etree._Element, page: ParsedPage) -> bool:
    """Whether what an itemprop says, it says of the page: by the nearest comment, story or thing that it belongs to."""
    for scope in item.iterancestors():
        types = {kind.rsplit("/", 1)[-1] for kind in (scope.get("itemtype") or "").split()}
        if not types.isdisjoint(_OF_READERS):
            return False
        if not types.isdisjoint(RANKS):
            judged = _judged(page)
            if scope not in judged:
                judged[scope] = _is_of_page(scope, item, page)
            return judged[scope]
    return True


@once_a_page
def _judged(_page: ParsedPage) -> dict[etree._Element, bool]:
    """What `_is_of_page` has said of the items of a page so far."""
    return {}


def _is_of_page(scope: etree._Element, item: etree._Element, page: ParsedPage) -> bool:
    """Whether a story or thing is what its page is about: it holds the headline or the text, or says the title.

    On a page of many things the text is that of any of them. What has no title is of the page unless it stands beside.
    """
    story = extent(page)
    if scope in story.around:
        headings = scan(page).headings[:1] if page.article.page_type in OF_MANY else []
        if all(scope is heading or scope in heading.iterancestors() for heading in headings):
            return True
    if not (said := fold(_title_of(scope))):
        return not is_beside(item, story)
    return is_about(next((fold(found.values[0]) for found in ranked_titles(page)), ""), said)


def _title_of(scope: etree._Element) -> str:
    """The headline, else the name, that an item gives itself."""
    found: dict[str, str] = {}
    for element in scope.iterfind(".//*[@itemprop]"):
        for name in (element.get("itemprop") or "").split():
            if name in _TITLES and name not in found and item_scope(element) is scope:
                found[name] = element.get("content") or text_of(element, MAX_TITLE)
    return next(filter(None, map(found.get, _TITLES)), "")
