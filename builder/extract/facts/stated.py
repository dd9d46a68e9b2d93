"""What structured data says of a field: JSON-LD before microdata before meta, and of microdata only the page's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeAlias

from lxml import etree

from builder.extract.blocks import text_lines
from builder.extract.candidates import Candidate
from builder.extract.facts.scan import scan
from builder.extract.page import ParsedPage
from builder.extract.structured import lookup
from builder.extract.texts import text_of

_MOST = 20


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
        if values := page.meta.get(name, []):
            yield Candidate(values, f"meta:{name}")


def own_items(page: ParsedPage, name: str) -> Iterator[etree._Element]:
    """The first elements with an itemprop."""
    return islice(scan(page).itemprops.get(name, ()), _MOST)
