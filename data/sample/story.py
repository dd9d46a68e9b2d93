"""Stories as data: read from `stories/*.toml`, with times placed in the site's zone."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

STORIES = Path(__file__).parent / "stories"


@dataclass(frozen=True, slots=True)
class Story:
    """What happened, who wrote it and when; what a layout shows of it is the layout's business."""

    id: str
    path: str
    title: str
    paragraphs: tuple[str, ...]
    published: datetime
    """Aware, in the site's zone."""
    updated: datetime | None = None
    subtitle: str = ""
    kicker: str = ""
    author: str | None = None
    """A desk that stands in the place of the agency."""
    authors: tuple[str, ...] = ()
    agency: str | None = None
    dateline: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    caption: str = ""
    credit: str = ""
    paywalled: bool | None = None

    @property
    def text(self) -> str:
        """The paragraphs as a dataset holds them."""
        return "\n\n".join(self.paragraphs)


def load_stories(name: str, zone: str) -> dict[str, Story]:
    """Read `stories/<name>.toml`; id -> story. Wall-clock times become aware ones in `zone`."""
    entries = tomllib.loads((STORIES / f"{name}.toml").read_text(encoding="utf-8"))["story"]
    stories = [_story(entry, ZoneInfo(zone)) for entry in entries]
    return {story.id: story for story in stories}


def _story(entry: dict[str, object], zone: ZoneInfo) -> Story:
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    for key in ("published", "updated"):
        if isinstance(moment := values.get(key), datetime):
            values[key] = moment.replace(tzinfo=zone)
    return Story(**values)  # type: ignore[arg-type]


def utc(moment: datetime) -> str:
    """Write an aware time in the form that the gold files use.

    >>> utc(datetime(2022, 2, 23, 22, 7, tzinfo=UTC))
    '2022-02-23T22:07:00Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
