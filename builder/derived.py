"""Fields that follow from the page, its capture, or other fields."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from builder.extract.blocks import text_lines
from builder.normalize.dates import Moment
from builder.normalize.text import clean_line, word_count
from builder.normalize.urls import UrlError, canonical_url, host_of, site_of
from builder.reading import Reading
from builder.records import Record


def _published(reading: Reading) -> Moment | None:
    moment: Moment | None = reading.get("published_at", "timestamp").value
    return moment


def _source(reading: Reading) -> Record:
    source = reading.page.page.source
    return {"input": source.input, "offset": source.offset, "length": source.length, "record_id": source.record_id}


def _links(reading: Reading) -> list[dict[str, str | None]] | None:
    """Links of the article's blocks in reading order, each target once."""
    elements = dict.fromkeys(block.element for block in reading.page.article.blocks)
    links: dict[str, str | None] = {}
    for element in elements:
        for anchor in element.iter("a"):
            try:
                target = canonical_url(anchor.get("href") or "", reading.page.base_url)
            except UrlError:
                continue
            links.setdefault(target, clean_line(" ".join(text_lines(anchor))) or None)
    return [{"url": target, "text": text} for target, text in links.items()] or None


DERIVED: Mapping[str, Callable[[Reading], Any]] = {
    "page_url": lambda reading: reading.page.page.url,
    "site": lambda reading: site_of(host_of(reading.page.page.url)),
    "published_date": _published,
    "published_raw": lambda reading: clean_line(reading.get("published_at", "timestamp").raw or "") or None,
    "timezone_source": lambda reading: _published(reading) and _zone_source(_published(reading)),
    "word_count": lambda reading: _count(reading.get("text", "text").value),
    "links": _links,
    "fetched_at": lambda reading: _captured(reading.page.page.fetched_at),
    "http_status": lambda reading: reading.page.page.http_status,
    "source": _source,
    "profile": lambda reading: reading.profile.name if reading.profile else None,
    "truncated": lambda reading: reading.page.page.truncated,
    "content_sha256": lambda reading: hashlib.sha256(reading.page.page.body).hexdigest(),
}
"""Fields that follow from the page or from other fields, unless rules are given for them."""


def _zone_source(moment: Moment | None) -> str | None:
    return str(moment.zone_source) if moment and moment.zone_source else None


def _captured(at: datetime | None) -> Moment | None:
    return None if at is None else Moment(at, at.date(), None)


def _count(text: str | None) -> int | None:
    return None if text is None else word_count(text)
