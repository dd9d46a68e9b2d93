"""One field on one page: what rules of every kind make of it, from the config to the value in the record."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from small_builds import load, write_config

from builder.compiled import compile_job
from builder.derived import DERIVED
from builder.extract.page import ParseLimits, parse_page
from builder.pipeline import Row, build_record, read_fields, read_record
from builder.records import Locator, Page

HTML = """<html lang="en"><head><title>Heron seen | The Tide</title><meta name="latitude" content="48.857">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Heron seen", "geo": {"latitude": 48.857},
 "rating": 4.667, "below": -1.234, "tiny": 1e-05, "large": 1e16, "whole": 1000000.0, "count": 4125, "said": "4.667"}
</script></head><body><h1>Heron seen</h1><p class="price">1.234 EUR</p><ul><li>a<li>b</ul></body></html>"""


def read(folder: Path, kind: str, rule: dict[str, Any] | list[dict[str, Any]], html: str = HTML) -> Row:
    """The row of a page with one field of its own."""
    fields: list[Any] = ["url", {"own": {"type": kind, "rules": rule}}]
    job = compile_job(load(write_config(folder, fields=fields, partition_by=None, sort_by=None)))
    page = Page("https://news.example/a", html.encode(), Locator("a", 0, 1), datetime(2022, 3, 1, tzinfo=UTC), 200)
    row = build_record(page, job)
    assert isinstance(row, Row)
    return row


NUMBERS: list[tuple[str, dict[str, Any], float | str]] = [
    ("number", {"const": 4.125}, 4.125),
    ("number", {"const": -2.125}, -2.125),
    ("number", {"const": 1e-05}, 1e-05),
    ("number", {"const": 1e20}, 1e20),
    ("number", {"css": "h1", "value": 4.125}, 4.125),
    ("number", {"jsonld": "geo.latitude"}, 48.857),
    ("number", {"jsonld": "rating"}, 4.667),
    ("number", {"jsonld": "rating", "pattern": r"\d\.\d{3}"}, 4.667),
    ("number", {"jsonld": "rating", "decimal": ","}, 4.667),
    ("number", {"jsonld": "below"}, -1.234),
    ("number", {"jsonld": "tiny"}, 1e-05),
    ("number", {"jsonld": "large"}, 1e16),
    ("integer", {"jsonld": "whole"}, 1000000),
    ("integer", {"jsonld": "count"}, 4125),
    ("string", {"jsonld": "rating"}, "4.667"),
    ("number", {"xpath": "4.125"}, 4.125),
    ("integer", {"xpath": "count(//li)"}, 2),
    ("integer", {"xpath": "count(//video)"}, 0),
    ("boolean", {"xpath": "count(//li) > 1"}, True),
    ("boolean", {"xpath": "boolean(//video)"}, False),
    ("number", {"jsonld": "said"}, 4667),
    ("number", {"jsonld": "said", "decimal": "."}, 4.667),
    ("number", {"meta": "latitude", "decimal": "."}, 48.857),
    ("number", {"css": ".price"}, 1234),
    ("number", {"css": ".price", "decimal": "."}, 1.234),
    ("integer", {"css": ".price", "decimal": ","}, 1234),
]


@pytest.mark.parametrize(("kind", "rule", "value"), NUMBERS, ids=[f"{kind} {rule}" for kind, rule, _ in NUMBERS])
def test_numbers_are_those_of_the_page(tmp_path: Path, kind: str, rule: dict[str, Any], value: float | str) -> None:
    """What is a number where it stands is that one; what is written as text is read as people write."""
    row = read(tmp_path, kind, rule)
    assert (row.record["own"], row.flags) == (value, ())


@pytest.mark.parametrize("rule", [{"jsonld": "rating"}, {"css": ".price", "decimal": "."}], ids=str)
def test_a_number_with_a_fraction_is_no_integer(tmp_path: Path, rule: dict[str, Any]) -> None:
    row = read(tmp_path, "integer", rule)
    assert (row.record["own"], row.flags) == (None, ("unreadable:own",))


CHANGED = """<html><head><meta property="article:modified_time" content="2022-02-25T04:00:00Z"></head>
<body><h1>Heron seen</h1><p class="day">Updated 25 February 2022</p><p class="other">24 February 2022</p>
<p class="never">soon</p></body></html>"""
TIME = datetime(2022, 2, 25, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rules", "value"),
    [
        ([{"css": ".day"}, {"meta": "article:modified_time"}], TIME),
        ([{"meta": "article:modified_time"}, {"css": ".day"}], TIME),
        ([{"css": ".day"}, {"css": ".never"}, {"meta": "article:modified_time"}], TIME),
        ([{"css": ".day"}, {"css": ".other"}], None),
    ],
    ids=str,
)
def test_a_day_alone_is_no_timestamp(tmp_path: Path, rules: list[dict[str, Any]], value: datetime | None) -> None:
    """The first rule that finds a time wins, and what was found before it is no flaw of the row."""
    row = read(tmp_path, "timestamp", rules, CHANGED)
    assert (row.record["own"], row.flags) == (value, ())


@pytest.mark.parametrize(
    ("rules", "day", "outcomes"),
    [
        ([{"css": ".other"}, {"css": ".day"}], 24, ["won", "only a day"]),
        ([{"css": ".other"}, {"css": ".never"}], 24, ["won", "no date with day, month and year: 'soon'"]),
        ([{"css": ".other"}, {"meta": "article:modified_time"}], 25, ["only a day", "won"]),
    ],
    ids=str,
)
def test_the_day_of_publication_is_that_of_the_first_rule_where_none_knows_the_time(
    tmp_path: Path, rules: list[dict[str, Any]], day: int, outcomes: list[str]
) -> None:
    config = write_config(
        tmp_path, fields=["published_at", "published_date"], rules={"published_at": rules}, partition_by=None,
        sort_by=None, duplicates=None,
    )  # fmt: skip
    page = Page("https://news.example/a", CHANGED.encode(), Locator("a", 0, 1))
    reading = read_fields(parse_page(page, ParseLimits()), compile_job(load(config)), [])
    assert reading.found["published_date"].value.day == date(2022, 2, day)
    assert [tried.outcome for tried in reading.tried if tried.field == "published_at"] == outcomes
    assert reading.unreadable == {}


STORY = """<html lang="en"><head><title>Heron seen | The Tide</title>
<meta property="article:published_time" content="2022-02-24T03:37:00+05:30">
<meta name="day" content="2022-02-23"></head>
<body><article><h1>Heron seen</h1><p>The heron of the pond was seen again, and it stayed for the whole of the day.</p>
<p>Nobody knows whether it will come back, but the reeds are high and the water is clear.</p></article></body></html>"""


def story(folder: Path, **config: Any) -> dict[str, Any]:
    loaded = load(write_config(folder, partition_by=None, sort_by=None, duplicates=None, **config))
    page = Page("https://www.news.example/a", STORY.encode(), Locator("a", 0, 1), datetime(2022, 3, 1, tzinfo=UTC), 200)
    row = build_record(page, compile_job(loaded))
    assert isinstance(row, Row)
    return row.record


FOLLOW = sorted(DERIVED.keys() - {"source", "links"})
"""Fields that follow from the page or from other fields, and can be had by rules."""


@pytest.mark.parametrize("name", FOLLOW)
def test_auto_of_a_field_that_follows_from_others(tmp_path: Path, name: str) -> None:
    """Where the rules before it find nothing, it is what it is without rules, and from the same place."""
    plain = story(tmp_path, fields=[{name: {"origin_as": "whence"}}])
    ruled = story(tmp_path, fields=[{name: {"origin_as": "whence", "rules": [{"css": ".missing"}, {"auto": True}]}}])
    assert ruled == plain
    assert name in ("profile", "truncated") or plain[name] is not None


def test_links_are_those_of_the_text_and_say_what_is_seen(tmp_path: Path) -> None:
    link = "seen <a href='/pond#x'>at <b>noon</b><i class=sr-only>(map)</i></a> again"
    box = "<ul class=share><li><a href=/share>Share</a><li><a href=/mail>Mail</a></ul>"
    story = STORY.replace("seen again", link).replace("</article>", f"{box}</article>")
    page = Page("https://www.news.example/a", story.encode(), Locator("a", 0, 1))
    loaded = load(write_config(tmp_path, partition_by=None, sort_by=None, duplicates=None, fields=["links"]))
    row = build_record(page, compile_job(loaded))
    assert isinstance(row, Row)
    assert row.record["links"] == [{"url": "https://www.news.example/pond", "text": "at noon"}]


@pytest.mark.parametrize(
    ("kind", "rule", "value"),
    [
        ("date", {"auto": "published_date"}, date(2022, 2, 24)),
        ("integer", {"auto": "word_count"}, 34),
        ("url", {"auto": "page_url"}, "https://www.news.example/a"),
        ("string", {"auto": "site"}, "news.example"),
        ("string", {"auto": "published_raw", "pattern": r"T(\d\d:\d\d)"}, "03:37"),
        ("timestamp", {"auto": "fetched_at"}, datetime(2022, 3, 1, tzinfo=UTC)),
        ("list<string>", {"auto": "timezone_source"}, ["offset"]),
    ],
)
def test_auto_of_another_field_that_follows(tmp_path: Path, kind: str, rule: dict[str, Any], value: object) -> None:
    assert story(tmp_path, fields=[{"own": {"type": kind, "rules": rule}}])["own"] == value


def test_a_rule_before_auto_wins(tmp_path: Path) -> None:
    rules = [{"meta": "day"}, {"auto": True}]
    assert story(tmp_path, fields=[{"published_date": {"rules": rules}}])["published_date"] == date(2022, 2, 23)


def test_the_raw_date_is_the_one_that_was_read(tmp_path: Path) -> None:
    """Not what stands before or behind it in the same element, and is no date."""
    line = "<div class=line><p>By Ann Lee</p><p>31/31/2022</p><p>24 February 2022</p><p>1 March</p></div>"
    row = read_record(
        Page("https://www.news.example/a", STORY.replace("<article>", f"<article>{line}").encode(), Locator("a", 0, 1)),
        compile_job(load(write_config(
            tmp_path, fields=["published_date", "published_raw"], rules={"published_at": [{"css": ".line p"}]},
            partition_by=None, sort_by=None, duplicates=None,
        ))), [],
    )  # fmt: skip
    assert isinstance(row, Row)
    assert row.record == {"published_date": date(2022, 2, 24), "published_raw": "24 February 2022"}


def test_fields_that_follow_from_each_other_have_no_value(tmp_path: Path) -> None:
    rules = {"published_at": [{"auto": "published_date"}], "text": [{"auto": "word_count"}]}
    record = story(tmp_path, fields=["published_at", "published_date", "text", "word_count"], rules=rules)
    assert set(record.values()) == {None}


@pytest.mark.parametrize(
    ("stamp", "language", "form"), [("22/02/24", "ja", "%y/%m/%d"), ("03/04/2022", "en", "%d/%m/%Y")]
)
def test_an_ambiguous_date_is_read_by_what_its_message_asks_for(
    tmp_path: Path, stamp: str, language: str, form: str
) -> None:
    html = f"<html lang={language}><body><h1>Heron seen</h1><p class=day>{stamp}</p></body></html>"
    config = {"partition_by": None, "sort_by": None, "duplicates": None}
    fields = [{"own": {"type": "date", "rules": {"css": ".day"}}}]
    page = Page("https://news.example/a", html.encode(), Locator("a", 0, 1))
    reading = read_fields(
        parse_page(page, ParseLimits()), compile_job(load(write_config(tmp_path, fields=fields, **config))), []
    )
    assert "give the rule a `date` format" in reading.unreadable["own"]
    row = read(tmp_path, "date", {"css": ".day", "date": form}, html)
    assert row.record["own"] is not None


HEADS = ["", '<link rel="canonical" href="/">', '<meta property="og:url" content="https://news.example">']
FRONT_PAGES = ["/", "/?utm_source=rss&utm_medium=feed", "/?fbclid=abc", "/#top", "/;jsessionid=1?gclid=x#top"]


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize(
    ("captured", "url"),
    [*((address, "/") for address in FRONT_PAGES), ("/?page=2&utm_source=rss", "/?page=2"), ("/a?fbclid=x", "/a")],
)
def test_a_front_page_has_its_url_whatever_tracks_the_reader(
    tmp_path: Path, head: str, captured: str, url: str
) -> None:
    job = compile_job(load(write_config(tmp_path, fields=["url"], partition_by=None, sort_by=None)))
    page = Page(f"https://news.example{captured}", f"{head}<p>Heron seen".encode(), Locator("a", 0, 1))
    row = build_record(page, job)
    assert isinstance(row, Row)
    assert row.record["url"] == f"https://news.example{url}"
