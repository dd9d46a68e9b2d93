"""Fields that follow from the page, its capture, or other fields."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from builder.catalogue import CATALOGUE
from builder.extract.anchors import anchors
from builder.extract.blocks import blocks_in
from builder.extract.candidates import Candidate
from builder.extract.layout import Block
from builder.extract.seen import as_seen
from builder.normalize.dates import Moment
from builder.normalize.text import clean_line, word_count
from builder.normalize.urls import UrlError, canonical_url, host_of, site_of
from builder.reading import Found, Reading
from builder.records import Record
from builder.schema import FIELD_TYPES


def _published(reading: Reading) -> Moment | None:
    moment: Moment | None = reading.get("published_at", "timestamp").value
    return moment


def _source(reading: Reading) -> Record:
    source = reading.page.page.source
    return {"input": source.input, "offset": source.offset, "length": source.length, "record_id": source.record_id}


def _links(reading: Reading) -> list[dict[str, str | None]] | None:
    """Links of the article's blocks in reading order, each target once."""
    page = reading.page
    links: dict[str, list[Block]] = {}
    for anchor in anchors(page.article.chosen, page.blocks):
        try:
            target = canonical_url(anchor.get("href") or "", page.base_url)
        except UrlError:
            continue
        if target not in links:
            links[target] = blocks_in(anchor)
    said = iter(as_seen([block for blocks in links.values() for block in blocks]))
    texts = (" ".join(block.text for block in islice(said, len(blocks))) for blocks in links.values())
    return [
        {"url": target, "text": clean_line(text) or None} for target, text in zip(links, texts, strict=True)
    ] or None


class Derivation(NamedTuple):
    """How a field follows from the page or from another field, and whence its values are said to come."""

    value: Callable[[Reading], Any]
    origin: str = "capture"
    """Said where it follows from no other field."""
    follows: str | None = None
    """The field from whose value, and so from whose place, it comes."""

    def found(self, reading: Reading) -> Found:
        """The value for one page, and its origin."""
        value = self.value(reading)
        return Found(value, origin=reading.found[self.follows].origin if self.follows else self.origin)


DERIVED: Mapping[str, Derivation] = {
    "page_url": Derivation(lambda reading: reading.page.page.url, "capture:page_url"),
    "site": Derivation(lambda reading: site_of(host_of(reading.page.page.url)), "capture:page_url"),
    "published_date": Derivation(_published, follows="published_at"),
    "published_raw": Derivation(
        lambda reading: clean_line(reading.get("published_at", "timestamp").raw or "") or None, follows="published_at"
    ),
    "timezone_source": Derivation(
        lambda reading: _published(reading) and _zone_source(_published(reading)), follows="published_at"
    ),
    "word_count": Derivation(lambda reading: _count(reading.get("text", "text").value), follows="text"),
    "links": Derivation(_links, "article"),
    "fetched_at": Derivation(lambda reading: _captured(reading.page.page.fetched_at), "capture:fetched_at"),
    "http_status": Derivation(lambda reading: reading.page.page.http_status, "capture:http_status"),
    "source": Derivation(_source),
    "profile": Derivation(lambda reading: reading.profile.name if reading.profile else None, "capture:page_url"),
    "truncated": Derivation(lambda reading: reading.page.page.truncated),
    "content_sha256": Derivation(lambda reading: hashlib.sha256(reading.page.page.body).hexdigest()),
}
"""Fields that follow from the page or from other fields, unless rules are given for them."""


def derived(reading: Reading, name: str) -> Iterator[Candidate]:
    """The value of such a field as a string, for a rule that asks for it; nothing for any other field."""
    if name not in DERIVED:
        return
    found = DERIVED[name].found(reading)
    plain = None if found.value is None else FIELD_TYPES[CATALOGUE[name].type].plain(found.value)
    if plain is not None:
        yield Candidate([str(plain)], found.origin or "capture")


def _zone_source(moment: Moment | None) -> str | None:
    return str(moment.zone_source) if moment and moment.zone_source else None


def _captured(at: datetime | None) -> Moment | None:
    return None if at is None else Moment(at, at.date(), None)


def _count(text: str | None) -> int | None:
    return None if text is None else word_count(text)
