"""Small pages for the tests of titles, authors, dates and other fields, and what is found on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from builder.extract.facts.author.authors import authors
from builder.extract.facts.date.published import published
from builder.extract.page import ParsedPage, ParseLimits, parse_page
from builder.records import Locator, Page

URL = "https://harborpost.example/news/ferry-crew-returns-with-lost-parcel"
LD = '<script type="application/ld+json">{}</script>'
MICRODATA_IMAGE = '<div itemscope itemtype="https://schema.org/{}"><p itemprop="image" itemscope><a href="/x">x</a><img src="{}"></p></div>'  # noqa: E501


def page(html: str, url: str = URL, fetched_at: datetime | None = None) -> ParsedPage:
    body = html.encode()
    headers = {"content-type": "text/html; charset=utf-8"}
    source = Locator("t", 0, len(body))
    return parse_page(Page(url=url, body=body, source=source, headers=headers, fetched_at=fetched_at), ParseLimits())


def article(head: str = "", top: str = "", title: str = "Ferry crew returns with lost parcel", lang: str = "en") -> str:
    words = "The parcel had been on the lower deck since the spring, and nobody had asked for it until this week. "
    return (
        f'<html lang="{lang}"><head><title>{title} | Harbor Post</title>'
        f'<meta property="og:type" content="article"><meta property="og:site_name" content="Harbor Post">{head}</head><body class="single-post">'  # noqa: E501
        f'<nav><a href="/">Home</a></nav><main><article><h1 class="entry-title">{title}</h1>{top}'
        f"<p>{words * 3}</p><p>{words * 2}</p></article></main><footer>© 2019 Harbor Post</footer></body></html>"
    )


def found_date(source: str, **more: Any) -> tuple[str, str] | None:
    """The date of publication that is found first, and where; `more` is of the page."""
    return next(((candidate.values[0], candidate.origin) for candidate in published(page(source, **more))), None)


def found_authors(html: str, **more: str) -> list[str]:
    """The authors that are found first; `more` is of the page."""
    return next((candidate.values for candidate in authors(page(html, **more))), [])
