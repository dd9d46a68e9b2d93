"""Every source that a rule may name, and every option of a rule."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import re2
from hypothesis import example, given, settings
from hypothesis import strategies as st

from builder.compiled import candidates, compile_rule
from builder.config.rulespec import Rule
from builder.config.values import SOURCES as CONFIG_SOURCES
from builder.extract.page import ParsedPage, ParseLimits, parse_page
from builder.extract.selectors import CAPTURES, SOURCES, first_group, in_lines
from builder.patterns import compile_pattern
from builder.records import Locator, Page

HTML = """<html lang="en"><head>
<title>Ferry late again | The Tide</title>
<meta name="Author" content=" Ann Lee "><meta property="og:title" content="Ferry late again">
<meta name="keywords" content="ferry, tide,harbour"><meta name="empty" content="">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferry late &amp; slow", "wordCount": 120,
 "author": [{"@type": "Person", "name": "Ann Lee"}, {"@type": "Person", "name": "Bo Li"}], "isAccessibleForFree": false}
</script></head><body>
<h1 class="head">Ferry  late<br>again</h1>
<p class="dateline" data-place="Hull">Hull | Updated: 24-02-2022 | Created: 23-02-2022</p>
<svg viewBox="0 0 9 9"></svg>
<ul class="tags"><li><a href="/t/ferry" rel="tag">Ferry</a></li><li><a href="/t/tide" rel="tag">Tide</a></li>
<li><a rel="tag">Advertisement</a></li></ul>
<div itemscope><span itemprop="genre">coast</span>
<time itemprop="datePublished" datetime="2022-02-24">today</time></div>
<div class="body"><p>First words.</p><p>Second words.</p><p>Read also: the lighthouse</p><p>Elsewhere.</p></div>
</body></html>"""
PAGE = Page(
    "http://news.example/2022/02/24/ferry-late-8812.html?page=2",
    HTML.encode(),
    Locator("dumps/a.warc", 40, 900, "<urn:example:1>"),
    datetime(2022, 2, 24, 3, 37, tzinfo=UTC),
    200,
    {"content-type": "text/html; charset=utf-8", "last-modified": "Thu, 24 Feb 2022 03:00:00 GMT"},
)
BARE = Page("http://news.example/", b"<p>nothing to see", Locator("a.zip", 0, 1))


def parsed(page: Page = PAGE) -> ParsedPage:
    return parse_page(page, ParseLimits())


def values(rule: dict[str, Any], page: Page = PAGE, field: str = "title") -> list[list[str]]:
    compiled = compile_rule(Rule(**rule), field)
    return [found.values for found in candidates(compiled, compiled.source(parsed(page)))]


def test_the_config_and_the_extractor_know_the_same_sources() -> None:
    assert tuple(SOURCES) == CONFIG_SOURCES


# -------------------------------------------------------------------- sources

FOUND: list[tuple[dict[str, Any], list[str]]] = [
    ({"css": "h1"}, ["Ferry late\nagain"]),
    ({"css": ".tags a"}, ["Ferry", "Tide", "Advertisement"]),
    ({"css": ".tags a", "attr": "href"}, ["/t/ferry", "/t/tide"]),
    ({"css": ".dateline", "attr": "data-place"}, ["Hull"]),
    ({"css": ".dateline", "attr": "DATA-Place"}, ["Hull"]),
    ({"xpath": "//svg", "attr": "viewBox"}, ["0 0 9 9"]),
    ({"css": "H1.head"}, ["Ferry late\nagain"]),
    ({"css": ".body"}, ["First words.", "Second words.", "Read also: the lighthouse", "Elsewhere."]),
    ({"xpath": "//li[1]/a"}, ["Ferry"]),
    ({"xpath": "//a/@href"}, ["/t/ferry", "/t/tide"]),
    ({"xpath": "//li/a", "attr": "href"}, ["/t/ferry", "/t/tide"]),
    ({"xpath": "string(//h1)"}, ["Ferry  lateagain"]),
    ({"xpath": "//li[2]/a/text()"}, ["Tide"]),
    ({"xpath": "count(//li)"}, ["3.0"]),
    ({"xpath": "count(//h7)"}, ["0.0"]),
    ({"xpath": "boolean(//h1)"}, ["true"]),
    ({"xpath": "boolean(//h7)"}, ["false"]),
    ({"line": "^Hull"}, ["Hull"]),
    ({"line": r"Updated: (\d\d)-"}, ["24"]),
    ({"jsonld": "headline"}, ["Ferry late & slow"]),
    ({"jsonld": "author.name"}, ["Ann Lee", "Bo Li"]),
    ({"jsonld": "author"}, ["Ann Lee", "Bo Li"]),
    ({"jsonld": "wordCount"}, ["120"]),
    ({"jsonld": "isAccessibleForFree"}, ["false"]),
    ({"meta": "author"}, ["Ann Lee"]),
    ({"meta": "AUTHOR"}, ["Ann Lee"]),
    ({"meta": "og:title"}, ["Ferry late again"]),
    ({"microdata": "genre"}, ["coast"]),
    ({"microdata": "datePublished"}, ["2022-02-24"]),
    ({"header": "Last-Modified"}, ["Thu, 24 Feb 2022 03:00:00 GMT"]),
    ({"capture": "fetched_at"}, ["2022-02-24T03:37:00+00:00"]),
    ({"capture": "http_status"}, ["200"]),
    ({"capture": "page_url"}, [PAGE.url]),
    ({"capture": "record_id"}, ["<urn:example:1>"]),
    ({"capture": "input"}, ["dumps/a.warc"]),
    ({"url": r"-(\d+)\.html"}, ["8812"]),
    ({"url": r"\d{4}/\d\d/\d\d"}, ["2022/02/24"]),
    ({"const": "coast"}, ["coast"]),
    ({"const": 7}, ["7"]),
    ({"const": 2.5}, ["2.5"]),
    ({"const": True}, ["true"]),
    ({"const": date(2022, 2, 24)}, ["2022-02-24"]),
]


WIRE = [
    "Menu",
    "ANI | Washington DC | Updated: 24-02-2022",
    "A flag. Image Credit: ANI",
    "Country: Togo",
    "Lomé, words.",
]
PARTED = "<br>".join(WIRE)
PREFORMATTED = "<pre>" + "\n  ".join(WIRE) + "</pre>"
LINES: list[tuple[str, str, list[str]]] = [
    (html, pattern, found)
    for html in (PARTED, PREFORMATTED)
    for pattern, found in [
        (r"^([^|]+?) *\|[^|]+\| *Updated: *\d", ["ANI"]),
        (r"Image Credit: *(\S.*)$", ["ANI"]),
        (r"^Country: *(.+)$", ["Togo"]),
        ("^(?:Country|Menu)", ["Menu", "Country"]),
    ]
] + [
    (PARTED, "Credit: (ANI Country)", ["ANI Country"]),
    (PREFORMATTED, "Credit: (ANI +Country)", []),
    ("<p>By<br>Ann Lee<p>By Bo Li", "^By (.+)", ["Bo Li"]),
    ("<p>By<br>Ann Lee<p>By<br>Bo Li", "^By (.+)", ["Ann Lee", "Bo Li"]),
]  # fmt: skip


@pytest.mark.parametrize(("html", "pattern", "found"), LINES)
def test_a_line_ends_where_it_is_seen_to(html: str, pattern: str, found: list[str]) -> None:
    page = Page("http://news.example/", html.encode(), Locator("a.zip", 0, 1))
    assert values({"line": pattern}, page) == ([found] if found else [])


def test_every_source_and_capture_is_tested() -> None:
    assert {key for rule, _ in FOUND for key in rule} >= set(SOURCES) - {"auto"}
    assert {rule["capture"] for rule, _ in FOUND if "capture" in rule} == set(CAPTURES)


NOTHING: list[dict[str, Any]] = [
    {"css": ".missing"}, {"css": "h1", "attr": "title"}, {"xpath": "//h7"}, {"xpath": "//h1/@title"},
    {"xpath": "string(//h7)"}, {"line": "no such words"}, {"jsonld": "publisher.name"},
    {"meta": "empty"}, {"meta": "missing"}, {"microdata": "missing"}, {"header": "etag"}, {"url": "no such path"},
    {"auto": "no_such_field"}, {"xpath": "boolean(//h7)", "value": True}, {"xpath": "count(//h7)", "value": "some"},
]  # fmt: skip


BARE_CAPTURES = {"fetched_at": [], "http_status": [], "record_id": [], "input": [["a.zip"]], "page_url": [[BARE.url]]}


@pytest.mark.parametrize("argument", BARE_CAPTURES)
def test_a_dump_that_says_nothing_of_the_capture(argument: str) -> None:
    assert values({"capture": argument}, BARE) == BARE_CAPTURES[argument]


@pytest.mark.parametrize(("rule", "field"), [({"auto": True}, "title"), ({"auto": "title"}, "headline")])
def test_auto_is_the_generic_value_of_the_field_or_of_another(rule: dict[str, Any], field: str) -> None:
    assert ["Ferry late & slow"] in values(rule, field=field)
    assert values({"auto": True}, field="headline") == []


@pytest.mark.parametrize(
    ("rule", "origin"),
    [
        ({"css": "h1"}, "css:h1"), ({"xpath": "//h1"}, "xpath://h1"), ({"line": "^Hull"}, "line:^Hull"),
        ({"jsonld": "headline"}, "jsonld:headline"), ({"meta": "author"}, "meta:author"), ({"const": "x"}, "const"),
        ({"microdata": "genre"}, "microdata:genre"), ({"header": "Content-Type"}, "header:Content-Type"),
        ({"capture": "input"}, "capture:input"), ({"url": "ferry"}, "url:ferry"),
        ({"css": "html", "attr": "Lang"}, "css:html@Lang"), ({"xpath": "//html", "attr": "lang"}, "xpath://html@lang"),
    ],
)  # fmt: skip
def test_a_candidate_says_where_it_stood(rule: dict[str, Any], origin: str) -> None:
    (found,) = compile_rule(Rule(**rule), "title").source(parsed())
    assert found.origin == origin


# -------------------------------------------------------------------- options


OPTIONS: list[tuple[dict[str, Any], list[str]]] = [
    ({"css": ".dateline", "pattern": r"^([^|]+?) *\|"}, ["Hull"]),
    ({"css": ".dateline", "pattern": r"\d\d-\d\d-\d{4}"}, ["24-02-2022"]),
    ({"css": ".tags a", "pattern": "^T.*"}, ["Tide"]),
    ({"css": ".tags a", "drop": "^Adv"}, ["Ferry", "Tide"]),
    ({"css": ".tags a", "drop": ["^Adv", "^Fer"]}, ["Tide"]),
    ({"css": ".body p", "until": "^Read also"}, ["First words.", "Second words."]),
    ({"css": ".body p", "until": "never said"}, ["First words.", "Second words.", "Read also: the lighthouse",
    "Elsewhere."]),
    ({"meta": "keywords", "split": ","}, ["ferry", " tide", "harbour"]),
    ({"meta": "keywords", "split": ", "}, ["ferry", "tide,harbour"]),
    ({"css": "h1", "value": "a story"}, ["a story"]),
    ({"xpath": "contains(//h1, 'late')", "value": "a delay"}, ["a delay"]),
    ({"css": ".tags a", "value": False}, ["false", "false", "false"]),
    ({"css": ".body p", "until": "^Elsewhere", "drop": "^Read", "pattern": r"^(\w+)", "split": "t"}, ["Firs", "",
    "Second"]),
]  # fmt: skip
NOTHING_LEFT: list[dict[str, Any]] = [
    {"css": ".tags a", "drop": "."}, {"css": ".tags a", "until": "Ferry"}, {"css": ".tags a",
    "pattern": r"^(\d+)$"},
    {"css": ".missing", "value": "x"}, {"css": ".tags a", "pattern": "^(z*)"},
]  # fmt: skip


@pytest.mark.parametrize(("rule", "found"), [*FOUND, *OPTIONS], ids=str)
def test_what_a_rule_finds(rule: dict[str, Any], found: list[str]) -> None:
    assert values(rule) == [found]


@pytest.mark.parametrize("rule", [*NOTHING, *NOTHING_LEFT], ids=str)
def test_a_rule_that_finds_nothing_or_leaves_nothing_gives_no_candidate(rule: dict[str, Any]) -> None:
    assert values(rule) == []


def test_the_format_of_a_date_is_handed_on() -> None:
    assert compile_rule(Rule(css="time", date="%d-%m-%Y"), "published_at").date_format == "%d-%m-%Y"


# ------------------------------------------------------------------- patterns


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("b+", "abbc", "bb"), ("a(b+)c", "abbc", "bb"), ("a(x)?b", "ab", ""), ("z", "ab", ""), ("(a)(b)", "ab", "a"),
        ("(?i)tide", "TIDE", "TIDE"), ("прилив", "Высокий прилив", "прилив"), (r"(?P<day>\d+)", "on 24", "24"), ("",
        "a", ""),
    ],
)  # fmt: skip
def test_first_group(pattern: str, text: str, found: str) -> None:
    assert first_group(compile_pattern(pattern), text) == found


def test_patterns_are_linear_in_the_text() -> None:
    assert first_group(compile_pattern("(a*)*b"), "a" * 100_000) == ""


_PIECES = [
    "a", "b", "A", "é", ".", "^", "$", "|", "*", "+?", "?", "(", ")", "(?:", "(?i)", "(?s)", "(?m)", "(?U)", "(?-s)",
    "(?-m:", r"\A", r"\z", r"\b", r"\B", r"\s", r"\C", r"\n", r"\Q^\E", "[^a]", "{0,2}", "\n", "\r", "\\", " ",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(_PIECES), max_size=8).map("".join),
    st.lists(st.text("abAé^ \r\x0b\x0c\x1c\x85\u2028", max_size=6), max_size=5),
)
@example("^$", ["a", "", "b"])
@example("^a$", ["b", "a", "b"])
@example(r"\Aa\z", ["b", "a", "b"])
@example("(?-m)^a", ["b", "a"])
@settings(max_examples=1_000)
def test_a_pattern_that_one_of_the_lines_holds_is_found_in_all(pattern: str, lines: list[str]) -> None:
    """So that where it is not found no line has to be looked at."""
    try:
        compiled, anywhere = compile_pattern(pattern), in_lines(pattern)
    except re2.error:
        return
    held = [line for line in lines if compiled.search(line) is not None]
    assert not held or anywhere is None or anywhere.search("\n".join(lines).encode()) is not None


def test_lines_that_are_looked_at_one_by_one() -> None:
    assert in_lines(r"\Aa") is in_lines(r"a\z") is in_lines("(?i-m)a") is None
    assert in_lines("(?i)^a$") is not None


@given(st.text(max_size=50))
def test_any_text_can_be_searched(text: str) -> None:
    assert first_group(compile_pattern("(?s).*"), text) == text
