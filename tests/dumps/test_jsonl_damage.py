from __future__ import annotations

import json
import random
from itertools import accumulate
from pathlib import Path

import pytest
from dump_files import COMPRESS, cut, dump_of, jsonl_bytes, page, pages, read
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.dumps import READERS
from builder.records import Dump, DumpOptions, Extent, Item, Page, Reject, Split

GOOD = b'{"html": "<p>"}'


def items_of(data: bytes, tmp_path: Path, options: DumpOptions | None = None, target: int = 2**40) -> list[Item]:
    path = tmp_path / "a.jsonl"
    path.write_bytes(data)
    return [item for item in read(dump_of(path, options, "jsonl"), target) if not isinstance(item, Extent)]


BAD_LINES = {
    "not json": b"words",
    "cut": b'{"html": "<p',
    "array": b'["<p>"]',
    "string": b'"<p>"',
    "null": b"null",
    "two values": b"{} {}",
    "not utf-8": b'{"html": "\xff"}',
    "utf-16": '{"html": 1}'.encode("utf-16-le"),
    "nul": b"\x00",
    "control character": b'{"html": "\x01"}',
    "NaN": b'{"html": NaN}',
    "Infinity": b'{"a": -Infinity}',
    "5000 digits": b'{"a": ' + b"1" * 5000 + b"}",
    "nested": b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "bom inside": b"\xef\xbb\xbf{}",
    "single quotes": b"{'html': 1}",
}


@pytest.mark.parametrize("line", BAD_LINES.values(), ids=BAD_LINES)
@pytest.mark.parametrize("compress", [bytes, COMPRESS["gzip"]], ids=["plain", "gzip"])
def test_a_bad_line_costs_itself(line: bytes, compress, tmp_path: Path) -> None:
    before, bad, after = items_of(compress(GOOD + b"\n" + line + b"\n" + GOOD + b"\n"), tmp_path)
    assert isinstance(before, Page)
    assert isinstance(after, Page)
    assert isinstance(bad, Reject)
    assert (bad.code, bad.source.offset, bad.source.length) == ("bad_line", len(GOOD) + 1, len(line))


ABSENT = "the key 'html' is missing; "
ADVICE = "; give `html:` the right one"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{}", ABSENT + "there are no keys"),
        (b'{"url": "u", "HTML": "<p>"}', ABSENT + "the keys are: url, HTML" + ADVICE),
        (json.dumps({"k" * 300: 1}).encode(), ABSENT + "the keys are: " + "k" * 200 + " ..." + ADVICE),
        (b'{"a\\ud800b": "<p>"}', ABSENT + "the keys are: a\ufffdb" + ADVICE),
        (b'{"html": null, "url": "u"}', "the key 'html' is null"),
        (b'{"html": 5}', "the key 'html' is not text but int"),
        (b'{"html": ["<p>"]}', "the key 'html' is not text but list"),
        (b'{"html": {"html": "<p>"}}', "the key 'html' is not text but dict"),
    ],
    ids=["empty", "others", "long", "surrogate", "null", "number", "list", "object"],
)
def test_a_line_without_html(line: bytes, message: str, tmp_path: Path) -> None:
    (reject,) = items_of(line, tmp_path)
    assert isinstance(reject, Reject)
    assert (reject.code, reject.source.length, reject.message) == ("missing_html", len(line), message)
    assert reject.url == ("u" if b'"url"' in line else None)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"page": {"html": null}}', "the key 'page.html' is null"),
        (b'{"page": null}', "the key 'page.html' is missing; the keys are: page" + ADVICE),
        (b'{"page": "<p>"}', "the key 'page.html' is missing; the keys are: page" + ADVICE),
        (b'{"page": {}}', "the key 'page.html' is missing; the keys are: page" + ADVICE),
    ],
)
def test_a_path_of_keys_that_ends_without_html(line: bytes, message: str, tmp_path: Path) -> None:
    (reject,) = items_of(line, tmp_path, DumpOptions(html="page.html"))
    assert isinstance(reject, Reject)
    assert reject.message == message


@pytest.mark.parametrize(
    ("data", "offsets"),
    [
        (GOOD, [0]),
        (b"\xef\xbb\xbf" + GOOD + b"\n" + GOOD, [0, 19]),
        (GOOD + b"\r\n" + GOOD + b"\r\n", [0, 17]),
        (b"\n\n  \r\n\t\n" + GOOD + b"\n\n", [8]),
        (b"\xef\xbb\xbf\n" + GOOD, [4]),
        (b"", []),
        (b"\n", []),
    ],
    ids=["no newline", "bom", "crlf", "blank lines", "bom alone", "empty", "newline"],
)
@pytest.mark.parametrize("compress", [bytes, COMPRESS["zstd"]], ids=["plain", "zstd"])
@pytest.mark.parametrize("target", [1, 2**40])
def test_no_mistakes(data: bytes, offsets: list[int], compress, target: int, tmp_path: Path) -> None:
    found = items_of(compress(data), tmp_path, target=target)
    assert [item.source.offset for item in found if isinstance(item, Page)] == offsets
    assert len(found) == len(offsets)


def test_lone_surrogates_become_replacement_characters(tmp_path: Path) -> None:
    (found,) = items_of(rb'{"html": "a\ud800b\ud83d\ude00", "url": "https://example.org/\udfff"}', tmp_path)
    assert isinstance(found, Page)
    assert (found.body.decode(), found.url) == ("a�b😀", "https://example.org/�")


def test_of_a_key_given_twice_the_last_one_counts(tmp_path: Path) -> None:
    (found,) = items_of(b'{"html": "one", "html": "two"}', tmp_path)
    assert isinstance(found, Page)
    assert found.body == b"two"


LONG = b'{"html": "' + b"x" * 3_000_000 + b'"}'


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
@pytest.mark.parametrize("lines", [[GOOD, LONG], [GOOD, LONG, b""], [LONG, GOOD, LONG, LONG, GOOD, GOOD]])
@pytest.mark.parametrize("compress", [bytes, *COMPRESS.values()], ids=["plain", *COMPRESS])
def test_a_line_too_long_to_hold(lines: list[bytes], newline: bytes, compress, tmp_path: Path) -> None:
    data = newline.join(lines)
    found = items_of(compress(data), tmp_path, DumpOptions(page_bytes=1000), target=1_000_000)
    offsets = accumulate((len(line + newline) for line in lines[:-1]), initial=0)
    assert [(one.source.offset, getattr(one, "code", "page")) for one in found] == [
        (offset, "too_large" if line is LONG else "page") for offset, line in zip(offsets, lines, strict=True) if line
    ]
    stored = [data[one.source.offset :][: one.source.length].rstrip() for one in found]
    assert stored == [line for line in lines if line]


@pytest.mark.parametrize("kind", COMPRESS)
def test_a_line_too_long_to_hold_that_breaks_off(kind: str, tmp_path: Path) -> None:
    noise = random.Random(0).randbytes(3_000_000).replace(b"\n", b" ")
    stored = COMPRESS[kind](GOOD + b"\n" + noise + b"\n" + GOOD)
    first, reject = items_of(stored[: len(stored) // 2], tmp_path, DumpOptions(page_bytes=1000))
    assert isinstance(first, Page)
    assert isinstance(reject, Reject)
    assert (reject.code, reject.source.offset) == ("truncated", len(GOOD) + 1)


def test_a_page_too_large_in_a_line_that_is_not(tmp_path: Path) -> None:
    (bad,) = items_of(json.dumps({"html": "x" * 1001, "url": "u"}).encode(), tmp_path, DumpOptions(page_bytes=1000))
    assert isinstance(bad, Reject)
    assert (bad.code, bad.url) == ("too_large", "u")


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [("fetched_at", "soon", "bad_fetch_time"), ("http_status", "fine", "bad_record"), ("url", 5, "bad_record")],
)
def test_values_that_cannot_be_read(key: str, value: object, code: str, tmp_path: Path) -> None:
    (bad,) = items_of(json.dumps({"html": "", key: value}).encode(), tmp_path)
    assert isinstance(bad, Reject)
    assert bad.code == code


def test_keys_may_be_paths(tmp_path: Path) -> None:
    options = DumpOptions(html="page.html", url="meta.url", http_status="meta.http.status", fetched_at="a.b")
    record = {"page": {"html": "<p>"}, "meta.url": "u", "meta": {"http": {"status": "404"}}, "a": 5}
    (found,) = items_of(json.dumps(record).encode(), tmp_path, options)
    assert isinstance(found, Page)
    assert (found.body, found.url, found.http_status, found.fetched_at) == (b"<p>", "u", 404, None)


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ('"text/html; charset=latin-1"', "text/html"),
        ('"Text/HTML"', "text/html"),
        ('"image/png"', "image/png"),
        ('" "', "text/html"),
        ("null", "text/html"),
    ],
)
def test_of_the_content_type_all_holds_but_the_charset_before_the_page_was_decoded(
    stated: str, kept: str, tmp_path: Path
) -> None:
    (found,) = items_of(b'{"html": "\\u00e9", "content_type": %b}' % stated.encode(), tmp_path)
    assert isinstance(found, Page)
    assert (found.body, found.headers) == (b"\xc3\xa9", {"content-type": f"{kept}; charset=utf-8"})


def test_a_content_type_that_is_no_text_is_a_reject(tmp_path: Path) -> None:
    (reject,) = items_of(b'{"html": "<p>", "content_type": ["text/html"]}', tmp_path)
    assert isinstance(reject, Reject)
    assert (reject.code, reject.message) == ("bad_record", "the content type is not text: ['text/html']")


@pytest.mark.parametrize("target", [1, 2**40])
@pytest.mark.parametrize("kind", COMPRESS)
def test_a_compressed_file_that_is_cut_off(kind: str, target: int, tmp_path: Path) -> None:
    lines = jsonl_bytes(pages(200)).splitlines(keepends=True)
    stored = COMPRESS[kind](b"".join(lines))
    items = items_of(stored[: len(stored) * 9 // 10], tmp_path, target=target)
    found = sorted(item.source.offset for item in items if isinstance(item, Page))
    (reject,) = [item for item in items if isinstance(item, Reject)]
    assert 0 < len(found) < 200
    assert (reject.code, reject.source.offset) == ("truncated", sum(map(len, lines[: len(found)])))
    assert 0 <= reject.source.length < len(lines[len(found)])


def test_garbage_after_a_compressed_file_is_reported(tmp_path: Path) -> None:
    first, reject = items_of(COMPRESS["gzip"](GOOD + b"\n") + b"garbage", tmp_path)
    assert isinstance(first, Page)
    assert isinstance(reject, Reject)
    assert (reject.code, reject.source.offset, reject.source.length) == ("damaged", len(GOOD) + 1, 0)


def test_an_exact_split_begins_where_it_says(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(jsonl_bytes([page(0), page(1), page(2)]))
    dump = dump_of(path)
    _, second, third, extent = READERS["jsonl"].read(cut(dump)[0])
    assert isinstance(second, Page)
    rest = Split(dump, second.source.offset, dump.size, 0, exact=True)
    assert list(READERS["jsonl"].read(rest)) == [second, third, Extent(second.source.offset, extent.next)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([GOOD, b"", b"x", b"\r", b"\xef\xbb\xbf", b'{"html": "' + b"y" * 90 + b'"}'])),
    st.booleans(),
    st.integers(1, 60),
)
def test_any_bytes_cut_anywhere(tmp_path_factory, lines: list[bytes], is_ended: bool, target: int) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n" * is_ended)
    dump = Dump("any", str(path), "jsonl", path.stat().st_size, DumpOptions(page_bytes=20))
    items = [item for item in read(dump, target) if not isinstance(item, Extent)]
    assert items == [item for item in read(dump) if not isinstance(item, Extent)]
