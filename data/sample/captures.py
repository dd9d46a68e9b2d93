"""What each dump of the sample holds, in order, with the outcome of every page.

The outcome `duplicate` is not written here: `gold.books` finds it, as the latest capture of a URL stays.
"""

from __future__ import annotations

from dataclasses import replace

from sample.capture import Capture, at, story
from sample.layouts import devdiscourse, tagblatt
from sample.sites import SITES

MOVED = b"<html><head><title>Moved | Devdiscourse</title></head><body><h1>Moved permanently</h1></body></html>"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000") + bytes(range(256)) * 2
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + bytes(range(256)) * 3 + bytes.fromhex("ffd9")
DEV = SITES["devdiscourse"].root
SOL = SITES["sol"].root
MARSA = SITES["marsa"].root
BLANK = b"\r\n \t\r\n"
FLIPPED = "a bit of the gzip member is flipped"
NO_DATE = "published_date.missing"
"""Filtered pages name the rule that leaves them out."""
STORIES = list(SITES["devdiscourse"].stories.values())
GONE = ("Nothing stands here.",)
ABOUT = (
    "We write about development: who plans it, who pays for it and who lives with it.",
    "Our readers are engineers, officials, students and everybody who wants to know why the road ends where it does.",
)


def february() -> list[Capture]:
    """Make 2022-02.warc.gz: the crawl of late February, with all that a crawler also brings home."""
    return [
        story("devdiscourse", "blinken", "2022-02-23T22:41:08"),
        story("tagblatt", "schleuse", "2022-02-24T10:55:31"),
        story("harborledger", "lobster", "2022-02-24T14:20:12", wire="chunked"),
        story("minato", "tram", "2022-02-24T04:10:45"),
        story("sol", "teleferico", "2022-02-24T15:40:02", wire="gzip"),
        story("vestnik", "led", "2022-02-24T12:15:27"),
        story("marsa", "zaytun", "2022-02-24T09:05:50"),
        _picture(f"{DEV}/img/blinken.jpg", "2022-02-23T22:41:11"),
        story("devdiscourse", "blinken", "2022-02-24T06:02:19", query="?utm_source=newsletter&utm_medium=email"),
        story("harborledger", "ice", "2022-02-24T14:21:40", damage=True, outcome="damaged", why=FLIPPED),
        story("devdiscourse", "cable", "2022-02-24T12:30:09"),
        _site_page("/article/technology", devdiscourse.front(STORIES, "Technology"), "2022-02-24T12:31:00"),
        _site_page("/about-us", devdiscourse.plain("About us", ABOUT), "2022-02-24T12:31:20"),
        _site_page("/article/gone/1", devdiscourse.plain("Page not found", GONE), "2022-02-24T12:31:44", status=404),
        Capture(
            "http://devdiscourse.com/", at("2022-02-24T12:31:50"),
            MOVED, status=301, headers=(("Location", f"{DEV}/"),), outcome="filtered", why="http_status",
        ),
        Capture(f"{tagblatt.HOST}/wetter/karte", at("2022-02-24T11:00:00"), PNG, outcome="not_html", why="a PNG"),
        Capture(f"{SOL}/ciudad/borrador-n7742", at("2022-02-24T15:41:33"), b"", outcome="empty"),
        story("marsa", "zaytun", "2022-02-24T09:06:10", query="?p=1", wire="badgzip", outcome="bad_content_encoding"),
        story("tagblatt", "schleuse", "2022-02-24T18:00:05"),
        story("devdiscourse", "firstbaby", "2022-02-24T13:00:13"),
        story("devdiscourse", "lastbus", "2022-02-24T13:00:21", outcome="filtered", why="published_date.min"),
        story("minato", "sunrise", "2022-02-24T04:11:30"),
        story("devdiscourse", "tiles", "2022-03-02T07:12:55", "renamed"),
    ]  # fmt: skip


def mixed() -> list[Capture]:
    """Make 2022-mixed.warc.zst: pages from the whole year, devdiscourse.com in every variant of its markup."""
    return [
        story("tagblatt", "storch", "2022-04-21T15:20:00"),
        story("devdiscourse", "ferry-1", "2022-04-09T08:00:00"),
        story("devdiscourse", "ferry-2", "2022-04-09T17:30:00"),
        story("minato", "squid", "2022-05-11T09:30:00", wire="gzip"),
        story("vestnik", "yarmarka", "2022-05-14T09:00:00", content_type="text/html"),
        story("marsa", "maktaba", "2022-06-09T18:10:00"),
        story("tagblatt", "freibad", "2022-06-14T06:00:00"),
        story("devdiscourse", "tide", "2022-06-16T14:00:00", "bare"),
        story("tagblatt", "muehle", "2022-07-13T07:00:00", "new"),
        story("devdiscourse", "goats", "2022-07-21T03:30:00", "renamed"),
        story("vestnik", "tramvay", "2022-07-28T16:00:00"),
        story("tagblatt", "freibad", "2022-08-02T08:45:00", "new"),
        story("devdiscourse", "library", "2022-08-18T12:00:00", "inline"),
        story("tagblatt", "theater", "2022-09-09T05:10:00", "new"),
        story("minato", "market", "2022-09-30T01:15:00"),
        _truncated(story("devdiscourse", "bridge", "2022-09-30T09:00:00")),
        story("devdiscourse", "well", "2022-10-17T15:00:00"),
        story("sol", "banda", "2022-10-21T00:30:00", wire="chunked"),
        story("devdiscourse", "mural", "2022-11-05T11:30:00", "soup"),
        story("harborledger", "zoning", "2022-11-09T14:00:00"),
        story("sol", "lluvia", "2022-11-16T02:00:00"),
        story("tagblatt", "deich", "2022-11-25T14:00:00", "new"),
        story("devdiscourse", "kites", "2022-12-31T19:05:00", "soup"),
        story("harborledger", "countdown", "2023-01-01T05:02:00"),
        story("harborledger", "firstswim", "2023-01-01T05:30:00", outcome="filtered", why="published_date.max"),
        _front_of_tagblatt("2022-11-25T14:01:00"),
    ]


def regional() -> list[Capture]:
    """Make regional.zip: pages with an index.csv; no HTTP headers, so the charset must come from the page."""
    return [
        story("harborledger", "ice", "2022-01-19T20:00:00"),
        story("harborledger", "press", "2022-05-03T13:00:00"),
        _stray_byte(story("sol", "cacao", "2022-04-06T01:00:00")),
        story("sol", "eclipse", "2022-05-16T14:00:00"),
        story("sol", "puente", "2022-08-29T18:30:00"),
        story("vestnik", "muzey", "2022-10-06T10:00:00"),
        story("vestnik", "elka", "2022-12-20T14:00:00"),
        story("marsa", "jisr", "2022-09-21T13:00:00"),
        story("marsa", "matar", "2022-12-02T09:00:00"),
        story("minato", "library-ja", "2022-08-03T03:00:00"),
        story("minato", "snowtrain", "2022-12-19T11:30:00"),
        Capture(f"{MARSA}/local/draft", at("2022-09-21T13:01:00"), BLANK, outcome="empty", file="marsa-draft.html"),
        story("minato", "squid", "2022-05-12T02:00:00"),
    ]  # fmt: skip


def wire() -> list[Capture]:
    """Make wire.jsonl: pages already decoded to text, as many feeds and crawlers hand them over."""
    return [
        story("harborledger", "heat", "2022-07-23T16:00:00"),
        story("harborledger", "cider", "2022-10-14T12:00:00"),
        story("harborledger", "bell", "2022-03-12T02:00:00"),
        story("harborledger", "lobster", "2022-02-25T09:00:00", query="?utm_campaign=weekend&fbclid=Ab12Cd34"),
        story("tagblatt", "baeckerei", "2022-03-17T09:00:00"),
        story("tagblatt", "muehle", "2022-07-13T09:30:00", "new", query="?utm_source=push"),
        story("sol", "teleferico", "2022-02-25T11:00:00"),
        story("minato", "market", "2022-10-01T03:00:00"),
        story("vestnik", "yarmarka", "2022-05-15T10:00:00"),
        story("devdiscourse", "cable", "2022-02-25T04:00:00"),
        Capture(
            f"{DEV}/article/headlines/1944999-untitled", at("2022-11-05T12:00:00"),
            devdiscourse.untitled(SITES["devdiscourse"].stories["mural"], STORIES[:6]).encode(),
            outcome="missing_field", why="no title, and title is required",
        ),
        story("harborledger", "cider", "2022-10-15T12:00:00"),
    ]  # fmt: skip


def mirror() -> list[Capture]:
    """Make mirror/: a folder of saved pages with an index.jsonl that gives address, time and content type."""
    return [
        story("tagblatt", "radweg", "2022-05-30T16:00:00"),
        story("tagblatt", "baeckerei", "2022-03-18T07:00:00", file="tagblatt-nord.example/baeckerei-2.html"),
        story("tagblatt", "storch", "2022-04-22T06:00:00"),
        story("vestnik", "led", "2022-02-25T08:00:00"),
        story("devdiscourse", "goats", "2022-07-21T02:40:00"),
        story("devdiscourse", "tide", "2022-06-15T05:00:00", "bare"),
        story("sol", "puente", "2022-08-30T12:00:00"),
        story("marsa", "maktaba", "2022-06-10T07:00:00"),
    ]


def _site_page(path: str, html: str, fetched: str, status: int = 200) -> Capture:
    return Capture(
        DEV + path,
        at(fetched),
        html.encode(),
        status=status,
        outcome="filtered",
        why=NO_DATE if status == 200 else "http_status",
    )


def _front_of_tagblatt(fetched: str) -> Capture:
    html = tagblatt.front(list(SITES["tagblatt"].stories.values())[4:], "Kultur")
    return Capture(f"{tagblatt.HOST}/kultur/", at(fetched), html.encode(), outcome="filtered", why=NO_DATE)


def _picture(url: str, fetched: str) -> Capture:
    return Capture(url, at(fetched), JPEG, "image/jpeg", outcome="filtered", why="content_type")


def _truncated(capture: Capture) -> Capture:
    """Cut the page inside its list of other stories, in the middle of a tag."""
    end = capture.body.rindex(b'<div class="trend"') + 9
    return _changed(capture, capture.body[:end], "cut short behind the article")


def _stray_byte(capture: Capture) -> Capture:
    """Write a letter of a UTF-8 page in windows-1252: it becomes U+FFFD."""
    body = capture.body.replace("préstamo".encode(), "préstamo".encode("windows-1252"))
    assert body != capture.body
    return _changed(capture, body, "a byte that is no UTF-8: one U+FFFD in the second paragraph")


def _changed(capture: Capture, body: bytes, why: str) -> Capture:
    return replace(capture, body=body, why=why)
