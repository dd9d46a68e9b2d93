"""One capture: what a crawler fetched, and what a build must make of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sample.sites import OLD_TAGBLATT, SITES


@dataclass(frozen=True, slots=True)
class Capture:
    """Bytes of one fetch with the outcome that the config `configs/2022.yaml` must give it."""

    url: str
    fetched_at: datetime
    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    """Further HTTP headers."""
    outcome: str = "row"
    """row, filtered, duplicate, or a reject code."""
    why: str = ""
    """For filtered pages the rule that leaves them out, else a remark."""
    file: str = ""
    """Its name in a folder or archive."""
    story: str = ""
    """Site and id of the story, for rows."""
    wire: str = ""
    """How the body travels in a WARC: gzip, chunked, badgzip."""
    damage: bool = False
    """Flip a bit of the stored record."""


def story(
    site_name: str, story_id: str, fetched: str, variant: str = "", *, query: str = "", **changes: object
) -> Capture:
    """Make the capture of a story at `fetched` (ISO, UTC). `changes` replaces fields of the capture."""
    site = SITES[site_name]
    variant = variant or ("old" if site_name == "tagblatt" else "normal")
    charset, content_type = OLD_TAGBLATT if variant == "old" else (site.charset, site.content_type)
    made = Capture(
        url=site.url(story_id) + query,
        fetched_at=at(fetched),
        body=site.body(story_id, variant, charset),
        content_type=content_type,
        file=f"{site.domain}/{story_id}.html",
        story=f"{site_name}/{story_id}",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def at(text: str) -> datetime:
    """Read an ISO time, UTC.

    >>> at('2022-02-24T01:02:03').isoformat()
    '2022-02-24T01:02:03+00:00'
    """
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
