"""What becomes of a page: a row, a reject, or left out by the config."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from small_builds import load, write_config

from builder.compiled import compile_job
from builder.extract.metadata import AUTO
from builder.pipeline import Filtered, Reject, Row, build_record
from builder.records import Locator, Page

HTML = b"""<html lang="en"><head><title>Heron seen</title><meta name="keywords" content="sport, politics">
<meta name="views" content="7"></head><body><h1>Heron seen</h1></body></html>"""
VIEWS = {"views": {"type": "integer", "rules": {"meta": "views"}}}


PAGE = Locator("a", 0, 1)


def outcome(folder: Path, **config: Any) -> Row | Reject | Filtered:
    job = compile_job(load(write_config(folder, partition_by=None, sort_by=None, duplicates=None, **config)))
    return build_record(Page("https://a.example/1", HTML, PAGE, datetime(2022, 3, 1, tzinfo=UTC)), job)


@pytest.mark.parametrize(
    ("condition", "rule"),
    [
        ({"tags": {"one_of": ["sport"]}}, None),
        ({"tags": {"one_of": ["culture", "politics"]}}, None),
        ({"tags": {"one_of": ["culture"]}}, "tags.one_of"),
        ({"authors": {"one_of": ["Ann Lee"]}}, "authors.missing"),
        ({"views": {"one_of": [1, 7]}}, None),
        ({"views": {"one_of": [1]}}, "views.one_of"),
        ({"language": {"one_of": ["en"]}}, None),
    ],
    ids=str,
)
def test_one_of_wants_one_entry_of_a_list(tmp_path: Path, condition: dict[str, Any], rule: str | None) -> None:
    found = outcome(tmp_path, fields=["tags", "authors", "language", VIEWS], select=condition)
    assert isinstance(found, Row) if rule is None else found == Filtered(rule)


@pytest.mark.parametrize(
    ("status", "stated", "select", "is_row"),
    [
        (206, "bytes 0-499/500", {}, True),
        (206, "bytes 0-99/500", {}, True),
        (206, "bytes 100-499/500", {}, False),
        (206, "bytes 100-499/500", {"http_status": {"one_of": [206]}}, True),
        (200, "bytes 100-499/500", {}, True),
        (404, "", {}, False),
    ],
)
def test_a_page_without_its_beginning_is_filtered_like_an_error(
    tmp_path: Path, status: int, stated: str, select: dict[str, Any], is_row: bool
) -> None:
    written = write_config(
        tmp_path, fields=["title", "http_status"], select=select, partition_by=None, sort_by=None, duplicates=None
    )
    page = Page("https://a.example/1", HTML, PAGE, None, status, {"content-range": stated})
    found = build_record(page, compile_job(load(written)))
    assert isinstance(found, Row) if is_row else found == Filtered("http_status")


@pytest.mark.parametrize(
    "url",
    [
        "https://[broken/b",
        "https://news.example]/d",
        "https://news.exa\u2100mple.com/c",
        "https://[::1/e?f[]=1",
        "https://news.example:99999/g",
    ],
)
def test_a_url_that_cannot_be_taken_apart_costs_what_follows_from_it_alone(tmp_path: Path, url: str) -> None:
    job = compile_job(load(write_config(tmp_path, fields=None, partition_by=None, sort_by=None, duplicates=None)))
    head = "<title>Heron seen by the lake</title><meta property=article:published_time content=2022-02-24T03:37:00Z>"
    steps = "<div class=breadcrumb><a href=/>Home</a><a href=/sport>Sport</a></div>"
    shown = "<h1><a href=/b>Heron seen by the lake</a></h1><p class=date>24 February 2022</p>"
    text = "<p>A heron has been seen by the lake on Monday, as the wardens of the park have said.</p>" * 6
    html = f"<html><head>{head}</head><body>{steps}<article>{shown}{text}</article></body></html>".encode()
    found = build_record(Page(url, html, PAGE), job)
    assert isinstance(found, Row), found
    names = ("url", "page_url", "title", "published_date")
    assert [found.record[name] for name in names] == [None, url, "Heron seen by the lake", date(2022, 2, 24)]
    assert "A heron has been seen" in found.record["text"]


def test_what_fails_in_a_library_is_told_with_the_line_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(AUTO, "tags", lambda _page: json.loads("{"))  # type: ignore[index]
    found = outcome(tmp_path, fields=["title", "tags"])
    assert isinstance(found, Reject)
    assert (found.code, found.rule) == ("extract_failed", None)
    assert found.message.startswith("JSONDecodeError: ")
    assert "(reading.py:" in found.message
