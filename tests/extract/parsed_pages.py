"""Pages of a few elements, parsed or refused."""

from __future__ import annotations

import pytest

from builder.errors import PageError
from builder.extract.page import ParsedPage, ParseLimits, parse_page
from builder.records import Locator, Page

LIMITS = ParseLimits()
URL = "http://news.example/coast/tide.html"


def page_of(html: str | bytes, **headers: str) -> Page:
    body = html if isinstance(html, bytes) else html.encode()
    return Page(URL, body, Locator("a.warc", 0, 1), headers={k.replace("_", "-"): v for k, v in headers.items()})


def parse(html: str | bytes, **headers: str) -> ParsedPage:
    return parse_page(page_of(html, **headers), LIMITS)


def text_of(parsed: ParsedPage) -> str:
    return "".join(str(text) for text in parsed.root.itertext())


def code_of(html: str | bytes, limits: ParseLimits = LIMITS) -> str:
    with pytest.raises(PageError) as caught:
        parse_page(page_of(html), limits)
    return caught.value.code
