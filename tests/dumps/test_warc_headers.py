"""Headers of WARC records: which make a page, and what of a page they state."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from warc_bytes import FORMS, bodies, http_block, read_all, record, rejects, story

from builder.records import Page, Reject, Skip

PAGE = b"<p>The harbour wakes.</p>"


@pytest.mark.parametrize("form", ["plain", "gzip", "gzip-whole", "zstd"])
def test_headers_with_bare_line_feeds(tmp_path: Path, form: str) -> None:
    one = record(block=b"HTTP/1.0 200 OK\nContent-Type: text/html\n\n" + PAGE, newline="\n", ending=b"\n\n")
    items = read_all(tmp_path / "a.warc", FORMS[form]([one, one, one]))
    assert bodies(items) == [PAGE] * 3


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n", b"\n\n", b"\r\n" * 5], ids=repr)
def test_any_number_of_blank_lines_between_records(tmp_path: Path, ending: bytes) -> None:
    records = [record(block=http_block(PAGE), ending=ending)] * 3
    for form in ("plain", "gzip", "gzip-whole"):
        items = read_all(tmp_path / "a.warc", FORMS[form](records))
        assert (bodies(items), rejects(items)) == ([PAGE] * 3, []), form


@pytest.mark.parametrize(
    ("stated", "url"),
    [
        ("http://news.example/a b", "http://news.example/a b"),
        ("<http://news.example/angled>", "http://news.example/angled"),
        ("http://news.example/größe?q=雪", "http://news.example/größe?q=雪"),
        ("HTTPS://News.Example/A", "HTTPS://News.Example/A"),
        ("http://news.example/fol\r\n ded", "http://news.example/fol ded"),
        ("http://news.example/a, b", "http://news.example/a, b"),
    ],
    ids=["blank", "angle brackets", "not ASCII", "upper case", "folded", "comma"],
)
def test_target_uris(tmp_path: Path, stated: str, url: str) -> None:
    (page,) = read_all(tmp_path / "a.warc", record(url=stated, block=http_block(PAGE)))
    assert isinstance(page, Page)
    assert page.url == url


@pytest.mark.parametrize("content_type", ["text/dns", "text/x-ftp", "image/png"])
def test_responses_of_other_protocols_are_skipped(tmp_path: Path, content_type: str) -> None:
    other = record(
        url="dns:news.example", block=b"news.example. 60 IN A 10.0.0.1\n", headers={"Content-Type": content_type}
    )
    assert read_all(tmp_path / "a.warc", other) == [Skip("not_http")]


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("urn:text:https://news.example/a", False),
        ("urn:pageinfo:https://news.example/a", False),
        ("<metadata://gnu.org/software/wget/warc/wget.log>", False),
        ("dns:news.example", False),
        ("HTTPS://news.example/a", True),
        ("ftp://news.example/a.html", True),
        ("file:a.html", True),
        ("news.example/a.html", True),
        ("localhost:8080/a.html", True),
    ],
)
def test_resources_beside_pages_are_skipped(tmp_path: Path, url: str, *, taken: bool) -> None:
    (item,) = read_all(tmp_path / "a.warc", record("resource", url, PAGE))
    assert item == Skip("not_http") if not taken else isinstance(item, Page)


@pytest.mark.parametrize("content_type", ["application/http", "Application/HTTP;msgtype=response", None])
def test_a_response_is_http_in_any_spelling_and_by_default(tmp_path: Path, content_type: str | None) -> None:
    items = read_all(tmp_path / "a.warc", record(block=http_block(PAGE), headers={"Content-Type": content_type}))
    assert bodies(items) == [PAGE]


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"WARC-Target-URI": None}, "bad_record"),
        ({"WARC-Target-URI": ""}, "bad_record"),
        ({"WARC-Date": "yesterday"}, "bad_fetch_time"),
        ({"WARC-Date": "2022-13-45T00:00:00Z"}, "bad_fetch_time"),
        ({"WARC-Date": f"2022-02-24T03:37:00Z\r\nWARC-Date: {'2022-02-24T03:38:00Z'}"}, "bad_fetch_time"),
        ({"X": "y\r\nWARC-Target-URI: http://news.example/other"}, "bad_record"),
        ({"X": "y\r\nwarc-target-uri : http://news.example/story"}, "bad_record"),
        ({"X": "y\r\nWARC-Type: response"}, "bad_record"),
        ({"X": "y\r\nWARC-Type: request"}, "bad_record"),
        ({"WARC-Date": "202202240337"}, "bad_fetch_time"),
        ({"WARC-Date": "2022022403"}, "bad_fetch_time"),
        ({"WARC-Date": "1645654020.5"}, "bad_fetch_time"),
        ({"WARC-Date": "2022-13"}, "bad_fetch_time"),
        ({"WARC-Date": "0000"}, "bad_fetch_time"),
        ({"WARC-Date": "2022-2"}, "bad_fetch_time"),
    ],
    ids=[
        "no URI", "empty URI", "words for a date", "no such day", "two dates",
        "two URIs", "one URI twice", "one type twice", "two types",
        "12 digits", "10 digits", "seconds",
        "no such month", "no such year", "month of one digit",
    ],
)  # fmt: skip
def test_headers_that_make_no_page(tmp_path: Path, headers: dict[str, str | None], code: str) -> None:
    bad = record(block=http_block(PAGE), headers=headers)
    for form in ("plain", "gzip"):
        items = read_all(tmp_path / "a.warc", FORMS[form]([story(1), bad, story(2)]))
        assert (len(bodies(items)), [one.code for one in rejects(items)]) == (2, [code])


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2022-02-24T03:37:00Z", datetime(2022, 2, 24, 3, 37, tzinfo=UTC)),
        ("2022-02-24T03:37:00.123456Z", datetime(2022, 2, 24, 3, 37, 0, 123456, tzinfo=UTC)),
        ("2022-02-24T03:37:00+05:30", datetime(2022, 2, 23, 22, 7, tzinfo=UTC)),
        ("20220224033700", datetime(2022, 2, 24, 3, 37, tzinfo=UTC)),
        ("2022-02-24T03:37Z", datetime(2022, 2, 24, 3, 37, tzinfo=UTC)),
        ("2022-02-24", datetime(2022, 2, 24, tzinfo=UTC)),
        ("2022-02", None),
        (" 2022 ", None),
        (None, None),
    ],
    ids=["WARC 1.0", "WARC 1.1", "offset", "14 digits", "minute", "day", "month", "year", "missing"],
)
def test_dates(tmp_path: Path, stated: str | None, expected: datetime | None) -> None:
    (page,) = read_all(tmp_path / "a.warc", record(block=http_block(PAGE), headers={"WARC-Date": stated}))
    assert isinstance(page, Page)
    assert page.fetched_at == expected


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"WARC-Segment-Number": "1"}, "unspecified"),
        ({"WARC-Segment-Number": "1", "WARC-Truncated": "time"}, "time"),
        ({}, None),
    ],
)
@pytest.mark.parametrize("kind", ["response", "resource"])
def test_the_first_segment_of_a_record_is_known_to_be_cut(
    tmp_path: Path, kind: str, headers: dict[str, str], reason: str | None
) -> None:
    first = record(kind, block=http_block(PAGE), headers=headers)
    rest = record("continuation", block=b"words", headers={"WARC-Segment-Number": "2"})
    page, skip = read_all(tmp_path / "a.warc", first + rest)
    assert isinstance(page, Page)
    assert (page.truncated, skip) == (reason, Skip("warc_continuation"))


@pytest.mark.parametrize("form", ["plain", "gzip", "zstd"])
def test_nul_and_obs_fold_in_headers(tmp_path: Path, form: str) -> None:
    odd = record(block=http_block(PAGE), headers={"WARC-Note": "a\0b", "WARC-Fold": "one\r\n\ttwo", "no colon": ""})
    assert bodies(read_all(tmp_path / "a.warc", FORMS[form]([odd, story(1)])))[0] == PAGE


@pytest.mark.parametrize("form", ["plain", "gzip", "gzip-whole", "zstd"])
def test_a_header_of_64_kib_and_more_is_refused_wherever_it_stands(tmp_path: Path, form: str) -> None:
    # not only where the reader's buffer happens to end: what is read must not depend on the cut
    long = record(block=http_block(PAGE), headers={"WARC-Long": "x" * 70_000})
    for before in ([], [story(1)], [story(number) for number in range(90)]):
        items = read_all(tmp_path / "a.warc", FORMS[form]([*before, long]))
        assert len(bodies(items)) == len(before)
        assert len(rejects(items)) == 1


def test_no_record_type_is_counted_as_unknown(tmp_path: Path) -> None:
    items = read_all(tmp_path / "a.warc", record(headers={"WARC-Type": None, "X": "WARC-Type"}, block=b"words"))
    assert items == [Skip("warc_unknown")]


def test_the_type_may_be_written_in_any_case(tmp_path: Path) -> None:
    items = read_all(tmp_path / "a.warc", record(headers={"WARC-Type": "Response"}, block=http_block(PAGE)))
    assert bodies(items) == [PAGE]


def test_a_response_without_a_status_line_is_a_bad_record(tmp_path: Path) -> None:
    (reject,) = read_all(tmp_path / "a.warc", record(block=b"<html>no HTTP here</html>"))
    assert isinstance(reject, Reject)
    assert (reject.stage, reject.code, reject.url) == ("decode", "bad_record", "http://news.example/story")


def test_a_resource_keeps_its_content_type_and_has_no_status(tmp_path: Path) -> None:
    (page,) = read_all(tmp_path / "a.warc", record("resource", "file:///x.html", PAGE))
    assert isinstance(page, Page)
    assert (page.url, page.http_status, dict(page.headers)) == ("file:///x.html", None, {"content-type": "text/html"})
