"""The images that a page states as its own, and where the picture of an element lies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from builder.extract.candidates import Candidate
from builder.extract.facts.stated import own_items, stated
from builder.extract.page import ParsedPage

_SHOWN_TYPES = re.compile(r"(?:Article|BlogPosting|Report|Recipe|WebPage)$")
"""Of what the whole page is: the image of a person or an organization is not its own."""
TEMPLATE = r"null|undefined|(?:\{\{|\{%|\$\{|<%).*"
"""What templates leave where they have no value."""
_NO_IMAGE = re.compile(
    rf"#.*|/*|https?:/*|data:.*|{TEMPLATE}|(?:[^?#]*/)?(?:blank|loader|loading|pixel|placeholder|spacer|transparent|1x1)\.\w{{3,4}}(?:[?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
"""What stands where there is no image; read as a URL it would be that of the page or the site, or of a blank."""
_PLACES = ("content", "data-src", "data-original", "data-lazy-src", "src", "href")
"""Attributes that name a picture; where a script will show it `src` names what stands there until then."""


def stated_images(page: ParsedPage) -> Iterator[Candidate]:
    """The images that stand for the page, as stated for those who show it; blanks are none."""
    for found in _named_images(page):
        if values := [value for value in found.values if _is_image(value)]:
            yield Candidate(values, found.origin)


def picture_of(element: etree._Element) -> str | None:
    """The address of the picture that an element shows or names, as it is written."""
    return next((value for value in filter(None, map(element.get, _PLACES)) if _is_image(value)), None)


def _is_image(value: str) -> bool:
    return _NO_IMAGE.fullmatch(value.strip()) is None


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
