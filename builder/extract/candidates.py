"""What one place of a page says about one field."""

from __future__ import annotations

from typing import NamedTuple


class Candidate(NamedTuple):
    """Raw strings, and where they stood (`jsonld:headline`, `h1`, `byline:.author`)."""

    values: list[str]
    origin: str


def source_of(origin: str) -> str:
    """What kind of place an origin is.

    >>> source_of("jsonld:headline"), source_of("h1")
    ('jsonld', 'h1')
    """
    return origin.split(":", 1)[0]
