"""The field catalogue of a news page: what a config may name without saying more.

Fields are found by rules (a profile's, the job's, else the generic extractor), or derived from the page and from other
fields: `derived.DERIVED` says how.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Definition:
    """Type (a key of schema.FIELD_TYPES), one line of documentation, and whether a row must have a value."""

    type: str
    description: str
    required: bool = False
    heavy: bool = False
    """Long, or never alike: columns without dictionary and statistics in the files."""


CATALOGUE: Mapping[str, Definition] = {
    "url": Definition("url", "Canonical URL: the page's own where it stays on the site, without tracking parameters"),
    "page_url": Definition("string", "URL as captured; `file:` and the name in the dump where the dump has none", True),
    "site": Definition("string", "Registrable domain of the captured URL by the Public Suffix List"),
    "page_type": Definition("string", "Kind of page: article, forum, listing, product ..."),
    "title": Definition("string", "Headline, without the name of the site"),
    "subtitle": Definition("string", "Second headline or standfirst"),
    "authors": Definition("list<string>", "Names of the people who wrote it, in order"),
    "agency": Definition("string", "News agency that the story came from"),
    "dateline": Definition("string", "Place that the story was filed from"),
    "published_at": Definition("timestamp", "When it was first published, UTC; null where only a day is stated"),
    "updated_at": Definition("timestamp", "When it was last changed, UTC"),
    "published_date": Definition("date", "Calendar day of publication at the site"),
    "published_raw": Definition("string", "The publication date as the page writes it", heavy=True),
    "timezone_source": Definition(
        "string", "Where the zone of published_at comes from: offset, name, profile or unknown (then read as UTC)"
    ),
    "section": Definition("string", "Section of the site"),
    "tags": Definition("list<string>", "Keywords of the story"),
    "countries": Definition("list<string>", "Countries that the site files the story under"),
    "description": Definition("string", "Summary as given for search engines and social media", heavy=True),
    "text": Definition("text", "Main text; paragraphs separated by an empty line"),
    "word_count": Definition("integer", "Words of the text; characters in scripts without spaces"),
    "language": Definition("language", "Language that the page declares, primary subtag"),
    "image_url": Definition("url", "Lead image"),
    "image_caption": Definition("string", "Caption of the lead image, without its credit"),
    "image_credit": Definition("string", "Credit of the lead image"),
    "is_paywalled": Definition("boolean", "Whether the page says that it is not free to read"),
    "is_syndicated": Definition("boolean", "Whether the page says that it comes from a syndicated feed"),
    "links": Definition("list<link>", "Links in the main text: absolute URL and text"),
    "fetched_at": Definition("timestamp", "When the page was captured, UTC"),
    "http_status": Definition("integer", "HTTP status of the capture"),
    "source": Definition("source", "Dump, byte offset, length and record id that the row was read from", True),
    "profile": Definition("string", "Site profile that was used; null for generic extraction"),
    "truncated": Definition("string", "Why the capture is cut: length, time, disconnect, transfer or unspecified"),
    "content_sha256": Definition("string", "SHA-256 of the captured body, in hexadecimal", True, heavy=True),
}
CATALOGUE_TYPES: Mapping[str, str] = {name: definition.type for name, definition in CATALOGUE.items()}
"""Field name -> type."""
