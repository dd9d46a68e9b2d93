"""The images that a page states as its own, and where the picture of an element lies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from builder.extract.candidates import Candidate
from builder.extract.facts.extent import extent, is_beside
from builder.extract.facts.stated import is_left_over, own_items, stated
from builder.extract.page import ParsedPage

_SHOWN_TYPES = re.compile(r"(?:Article|BlogPosting|Report|Recipe|WebPage)$")
"""Of what the whole page is: the image of a person or an organization is not its own."""
_NO_IMAGE = re.compile(
    r"#.*|/*|https?:/*|data:.*"
    r"|(?:[^?#]*/)?(?:blank|loader|loading|pixel|placeholder|spacer|transparent|1x1)\.\w{3,4}(?:[?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
"""What stands where there is no image; read as a URL it would be that of the page or the site, or of a blank."""
_PLACES = ("content", "data-src", "data-original", "data-lazy-src", "src", "href")
"""Attributes that name a picture; where a script will show it `src` names what stands there until then."""
_SHOWS = ("img", "source", "amp-img")
_NO_ADDRESS = frozenset(["alt", "title", "class", "id", "style", "width", "height", "sizes"])
_PART = re.compile(r"[\s,?&=|]+")
_HOST = re.compile(r"(?:https?:)?//[^/]*", re.IGNORECASE)
_ENDING = re.compile(r"(?:\.(?:jpe?g|jfif|png|webp|gif|avif|svg))+$|[-_]\d+x\d*$|-scaled$|@\dx$", re.IGNORECASE)
"""What tells the forms and sizes of a picture apart."""
_TELLING = re.compile(r"(?=.*[\d_-]).{8}")
"""A name that is no word as many pictures bear it: large, original, photo."""


def stated_images(page: ParsedPage) -> Iterator[Candidate]:
    """The images that stand for the page, as stated for those who show it; blanks are none."""
    for found in _named_images(page):
        if values := [value for value in found.values if _is_image(value)]:
            yield Candidate(values, found.origin)


def picture_of(element: etree._Element) -> str | None:
    """The address of the picture that an element shows or names, as it is written."""
    return next((value for value in filter(None, map(element.get, _PLACES)) if _is_image(value)), None)


def picture_in(element: etree._Element) -> str | None:
    """The address of the first picture in an element."""
    return next(filter(None, map(picture_of, element.iter("img", "amp-img"))), None)


class Name(NamedTuple):
    """The name of a picture's file without its form and size, and of the folder that it lies in."""

    folder: str
    file: str


def names_in(addresses: Iterable[str]) -> set[Name]:
    """The names of files in addresses, in those that stand in their queries, and in lists of them.

    >>> sorted(names_in(["https://cdn.example/w9/pier-900x600.jpg?q=8"]))[-1]
    Name(folder='w9', file='pier')
    """
    names = set()
    for address in addresses:
        for part in _PART.split(unquote(address)):
            *folders, file = _HOST.sub("", part).lower().rsplit("/", 2)
            while (bare := _ENDING.sub("", file)) != file:
                file = bare
            if file:
                names.add(Name(folders[-1] if folders else "", file))
    return names


def pictures_in(element: etree._Element) -> set[Name]:
    """The names in what an element shows, and in what links in it and around it lead to."""
    shown = chain(element.iter(*_SHOWS, "a"), element.iterancestors("a"))
    return {name for part in shown for name in names_in(_addresses(part))}


def is_shown(picture: set[Name], page: ParsedPage) -> bool:
    """Whether the story of a page shows a picture of one of these names; one that many bear is told by its folder."""
    telling = {name.file for name in picture if _TELLING.match(name.file)}
    for element in page.root.iter(*_SHOWS):
        names = names_in(_addresses(element))
        if (names & picture or any(name.file in telling for name in names)) and not is_beside(element, extent(page)):
            return True
    return False


def _addresses(element: etree._Element) -> list[str]:
    values = (str(value) for name, value in element.items() if name not in _NO_ADDRESS)
    return [value for value in values if not value.startswith("data:")]


def _is_image(value: str) -> bool:
    return _NO_IMAGE.fullmatch(value.strip()) is None and not is_left_over(value)


def _named_images(page: ParsedPage) -> Iterator[Candidate]:
    meta = ("og:image", "og:image:url", "twitter:image", "twitter:image:src")
    yield from stated(page, jsonld="image.url")
    yield from stated(page, jsonld="image.contentUrl", meta=meta)
    for element in page.root.iter("link"):
        if (element.get("rel") or "").lower() == "image_src" and (href := element.get("href")):
            yield Candidate([href], "link:image_src")
            break
    for element in islice(own_items(page, "image"), 5):
        around = next((above for above in element.iterancestors() if above.get("itemscope") is not None), None)
        if around is None or _SHOWN_TYPES.search(around.get("itemtype") or ""):
            parts = (element, *element.iterdescendants("img", "link", "meta"))
            yield from islice(
                (Candidate([source], "microdata:image") for source in map(picture_of, parts) if source), 1
            )
