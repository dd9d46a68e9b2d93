"""What a build must find: gold pages for each profile, and the books of the whole sample."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from sample.capture import Capture, story
from sample.sites import SITES, Site
from sample.story import Story, utc

CASES = (
    ("blinken-normal", "devdiscourse", "blinken", "2022-02-23T22:41:08", "normal"),
    ("blinken-renamed", "devdiscourse", "blinken", "2022-02-23T22:41:08", "renamed"),
    ("blinken-bare", "devdiscourse", "blinken", "2022-02-23T22:41:08", "bare"),
    ("blinken-soup", "devdiscourse", "blinken", "2022-02-23T22:41:08", "soup"),
    ("two-countries", "devdiscourse", "cable", "2022-02-24T12:30:09", "normal"),
    ("two-countries-inline", "devdiscourse", "library", "2022-08-18T12:00:00", "inline"),
    ("own-story", "devdiscourse", "tiles", "2022-03-02T07:12:55", "renamed"),
    ("own-story-bare", "devdiscourse", "well", "2022-10-17T15:00:00", "bare"),
    ("updated-next-day", "devdiscourse", "tide", "2022-06-16T14:00:00", "bare"),
    ("first-hour-of-year", "devdiscourse", "firstbaby", "2022-02-24T13:00:13", "soup"),
    ("last-hour-of-year", "devdiscourse", "kites", "2022-12-31T19:05:00", "soup"),
    ("old-layout-updated", "tagblatt", "schleuse", "2022-02-24T10:55:31", "old"),
    ("old-layout", "tagblatt", "storch", "2022-04-21T15:20:00", "old"),
    ("old-layout-last-weeks", "tagblatt", "freibad", "2022-06-14T06:00:00", "old"),
    ("new-layout-of-older-story", "tagblatt", "freibad", "2022-08-02T08:45:00", "new"),
    ("new-layout-two-authors", "tagblatt", "muehle", "2022-07-13T07:00:00", "new"),
    ("new-layout-winter-time", "tagblatt", "deich", "2022-11-25T14:00:00", "new"),
    ("shift-jis", "minato", "tram", "2022-02-24T04:10:45", "normal"),
    ("two-authors", "minato", "squid", "2022-05-11T09:30:00", "normal"),
    ("first-morning-of-year", "minato", "sunrise", "2022-02-24T04:11:30", "normal"),
    ("windows-1251", "vestnik", "led", "2022-02-24T12:15:27", "normal"),
    ("two-authors", "vestnik", "tramvay", "2022-07-28T16:00:00", "normal"),
    ("paywalled", "harborledger", "lobster", "2022-02-24T14:20:12", "normal"),
    ("last-minutes-of-year", "harborledger", "countdown", "2023-01-01T05:02:00", "normal"),
    ("jsonld", "sol", "teleferico", "2022-02-24T15:40:02", "normal"),
    ("right-to-left", "marsa", "zaytun", "2022-02-24T09:05:50", "normal"),
)
"""Case, site, story, time of capture, variant of the layout."""


def expected(site: Site, told: Story, variant: str) -> dict[str, object]:
    """Field -> value that the page of a story states and a build must find; null where it must find nothing."""
    facts: dict[str, object] = {
        "url": site.root + told.path,
        "title": told.title,
        "authors": list(told.authors),
        "published_at": utc(told.published),
        "updated_at": utc(told.updated) if told.updated else None,
        "published_date": f"{told.published:%Y-%m-%d}",
        "section": told.section,
        "text": told.text,
    }
    # the generic extractor may call a summary subtitle or description, and cut captions in its own way
    if site.name in PROFILED:
        facts |= {
            "subtitle": told.subtitle,
            "language": site.language,
            "image_caption": told.caption,
            "image_credit": told.credit,
            "timezone_source": "offset" if variant == "new" else "profile",
        }
    return facts | SPECIAL.get(site.name, _tagged)(told)


def _devdiscourse(told: Story) -> dict[str, object]:
    return {
        "authors": [told.author] if told.author else None,
        "agency": told.agency,
        "dateline": told.dateline,
        "countries": list(told.countries),
        "is_syndicated": bool(told.agency),
        "published_raw": f"{told.published:%d-%m-%Y %H:%M} IST",
    }


def _harborledger(told: Story) -> dict[str, object]:
    return {"is_paywalled": told.paywalled, "timezone_source": "offset", "tags": list(told.tags)}


def _sol(told: Story) -> dict[str, object]:
    return {"updated_at": utc(told.updated or told.published), "timezone_source": "offset", "is_paywalled": False}


def _marsa(_told: Story) -> dict[str, object]:
    return {"timezone_source": "offset"}


def _tagged(told: Story) -> dict[str, object]:
    return {"tags": list(told.tags)}


PROFILED = ("devdiscourse", "tagblatt", "minato", "vestnik")
SPECIAL = {"devdiscourse": _devdiscourse, "harborledger": _harborledger, "sol": _sol, "marsa": _marsa}


def write_pages(folder: Path) -> None:
    """Write `<domain>/<case>.html` and `<case>.json` for every case."""
    for case, site_name, story_id, fetched, variant in CASES:
        site = SITES[site_name]
        capture = story(site_name, story_id, fetched, variant)
        told = {
            "url": capture.url,
            "fetched_at": utc(capture.fetched_at),
            "headers": {"content-type": capture.content_type},
            "expect": expected(site, site.stories[story_id], variant),
        }
        (folder / site.domain).mkdir(parents=True, exist_ok=True)
        (folder / site.domain / f"{case}.html").write_bytes(capture.body)
        write_json(folder / site.domain / f"{case}.json", told)


def books(dumps: Mapping[str, Sequence[Capture]], broken: Mapping[str, Sequence[dict[str, str]]],
          stored: Mapping[str, dict[str, int]]) -> dict[str, object]:  # fmt: skip
    """Tell the outcome of everything that the sample holds.

    `broken`: entries of a dump that are no capture, with their reject code; `stored`: what a dump holds by kind.
    """
    winners = _winners(dumps)
    by_dump: dict[str, list[dict[str, str]]] = {
        name: [*(_entry(capture, winners) for capture in captures), *broken.get(name, ())]
        for name, captures in dumps.items()
    }
    entries = [entry for listed in by_dump.values() for entry in listed]
    outcomes = Counter("rejected" if "code" in e else e["outcome"] for e in entries)
    return {
        "read": sum(outcomes.values()),
        "outcomes": dict(sorted(outcomes.items())),
        "filtered": dict(sorted(Counter(e["rule"] for e in entries if "rule" in e).items())),
        "rejects": dict(sorted(Counter(e["code"] for e in entries if "code" in e).items())),
        "rows_by_month": dict(
            sorted(Counter(e["published_date"][:7] for e in entries if e["outcome"] == "row").items())
        ),
        "dumps": {name: {"holds": stored[name], "entries": listed} for name, listed in by_dump.items()},
    }


def _winners(dumps: Mapping[str, Sequence[Capture]]) -> dict[str, Capture]:
    """Find the latest capture of each URL (without its query); two at the same time would have no winner."""
    latest: dict[str, Capture] = {}
    rows = [capture for captures in dumps.values() for capture in captures if capture.outcome == "row"]
    assert len({(_address(c), c.fetched_at) for c in rows}) == len(rows), "a tie"
    for capture in sorted(rows, key=lambda c: c.fetched_at):
        latest[_address(capture)] = capture
    return latest


def _address(capture: Capture) -> str:
    return capture.url.partition("?")[0]


def _entry(capture: Capture, winners: Mapping[str, Capture]) -> dict[str, str]:
    entry = {"url": capture.url, "fetched_at": utc(capture.fetched_at), "outcome": capture.outcome}
    if capture.outcome == "row":
        winner = winners[_address(capture)]
        site_name, _, story_id = capture.story.partition("/")
        entry["canonical_url"] = _address(capture)
        entry["published_date"] = f"{SITES[site_name].stories[story_id].published:%Y-%m-%d}"
        if winner is not capture:
            entry["outcome"] = "duplicate"
    elif capture.outcome == "filtered":
        return entry | {"rule": capture.why}
    else:
        entry |= {"outcome": "rejected", "code": capture.outcome}
    return entry | ({"why": capture.why} if capture.why else {})


def write_json(path: Path, value: object) -> None:
    """Write JSON for readers: indented, letters as they are."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")
