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
from builder.extract.structured import item_scope

_SHOWN_TYPES = re.compile(r"(?:Article|BlogPosting|Report|Recipe|WebPage)$")
"""Of what the whole page is: the image of a person or an organization is not its own."""
_NO_IMAGE = re.compile(r"#.*|/*|https?:/*|data:.*", re.IGNORECASE | re.DOTALL)
"""Read as a URL it would be that of the page or of the site."""
_BLANK = re.compile(r"(?:blank|loader|loading|pixel|placeholder|spacer|transparent|1x1)\.\w{3,4}", re.IGNORECASE)
"""Names of files that show nothing."""
_PLACES = ("content", "data-src", "data-original", "data-lazy-src", "src", "href")
"""Attributes that name a picture; where a script will show it `src` names what stands there until then."""
_SHOWS = ("img", "source", "amp-img")
_NO_ADDRESS = frozenset(["alt", "title", "class", "id", "style", "width", "height", "sizes"])
_PART = re.compile(r"[,?&=|]+")
_HOST = re.compile(r"^(?:https?:)?//[^/]*")
_FORM = re.compile(r"(?:\.(?:jpe?g|jfif|png|webp|gif|avif|svg))+$")
_SIZE = re.compile(r"\.(?:jpe?g|png|webp)$|[-_]\d+x\d*$|-scaled$|@\dx$")
"""What tells the sizes of a picture apart."""
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
    """The names of picture files in addresses, in those that stand in their queries, and in lists of them.

    >>> names_in(["https://cdn.example/w9/pier-900x600.jpg?q=8"]), names_in(["/show.php?id=5"])
    ({Name(folder='w9', file='pier')}, set())
    """
    names = set()
    for address in chain.from_iterable(unquote(address).lower().split() for address in addresses):
        parts = _PART.split(address)
        for part in [part for part in parts if _FORM.search(part)] or [part for part in parts if "/" in part][-1:]:
            *folders, file = _HOST.sub("", _FORM.sub("", part)).rsplit("/", 2)
            while (bare := _SIZE.sub("", file)) != file:
                file = bare
            if file and "." not in file:
                names.add(Name(folders[-1] if folders else "", file))
    return names


def shows(element: etree._Element, picture: set[Name]) -> bool:
    """Whether an element shows a picture of one of these names, or a link in it or around it leads to one."""
    files = {name.file for name in picture}
    return any(
        name.file in files
        for part in chain(element.iter(*_SHOWS, "a"), element.iterancestors("a"))
        for name in names_in(_addresses(part, files))
    )


def is_shown(picture: set[Name], page: ParsedPage) -> bool:
    """Whether the story of a page shows a picture of one of these names; one that many bear is told by its folder."""
    files = {name.file for name in picture}
    telling = set(filter(_TELLING.match, files))
    for element in page.root.iter(*_SHOWS):
        if (addresses := _addresses(element, files)) and not is_beside(element, extent(page)):
            names = names_in(addresses)
            if names & picture or any(name.file in telling for name in names):
                return True
    return False


def _addresses(element: etree._Element, files: set[str]) -> list[str]:
    """What the attributes of an element say that may hold the name of one of these files."""
    if len(element.attrib) == 0:
        return []
    values = (str(value) for name, value in element.items() if name not in _NO_ADDRESS)
    return [value for value in values if _holds(value, files) and not value.startswith("data:")]


def _holds(value: str, files: set[str]) -> bool:
    text = (unquote(value) if "%" in value else value).lower()
    return any(file in text for file in files)


def _is_image(value: str) -> bool:
    address = value.strip()
    if _NO_IMAGE.fullmatch(address) or is_left_over(address):
        return False
    file = address.partition("#")[0].partition("?")[0].rpartition("/")[2]
    return _BLANK.fullmatch(file) is None


def _named_images(page: ParsedPage) -> Iterator[Candidate]:
    meta = ("og:image", "og:image:url", "twitter:image", "twitter:image:src")
    yield from stated(page, jsonld="image.url")
    yield from stated(page, jsonld="image.contentUrl", meta=meta)
    for element in page.declaring["link"]:
        if (element.get("rel") or "").lower() == "image_src" and (href := element.get("href")):
            yield Candidate([href], "link:image_src")
            break
    for element in islice(own_items(page, "image"), 5):
        around = item_scope(element)
        if around is None or _SHOWN_TYPES.search(around.get("itemtype") or ""):
            parts = (element, *element.iterdescendants("img", "link", "meta"))
            yield from islice(
                (Candidate([source], "microdata:image") for source in map(picture_of, parts) if source), 1
            )
