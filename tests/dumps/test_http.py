"""HTTP messages: status, headers, chunks, and which part of a page one is."""

from __future__ import annotations

import pytest
from encoded_bodies import ENCODE, HTML, LIMIT
from hypothesis import given
from hypothesis import strategies as st

from builder.dumps.http import dechunk, parse_headers, parse_response
from builder.errors import PageError

# ----------------------------------------------------------------- messages


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"HTTP/1.1 200 OK", 200),
        (b"HTTP/1.0 404 Not Found", 404),
        (b"HTTP/1.1 200", 200),
        (b"HTTP/2 200", 200),
        (b"HTTP/3 503 ", 503),
        (b"HTTP/1.1  301 Moved", 301),
    ],
)
def test_status_lines(line: bytes, status: int) -> None:
    assert parse_response(line + b"\r\nA: 1\r\n\r\n<p>", LIMIT) == (status, {"a": "1"}, b"<p>", True)


@pytest.mark.parametrize(
    "block", [b"", b"<html>", b"HTTP/1.1 OK", b"HTTP/x 200 OK", b"ICY 200 OK", b" HTTP/1.1 200 OK"]
)
def test_what_is_no_response(block: bytes) -> None:
    with pytest.raises(PageError) as caught:
        parse_response(block, LIMIT)
    assert caught.value.code == "bad_record"


@pytest.mark.parametrize(
    ("block", "headers", "body"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n<p>", {}, b"<p>"),
        (b"HTTP/1.1 200 OK\nA: 1\n\n<p>\r\n\r\n<q>", {"a": "1"}, b"<p>\r\n\r\n<q>"),
        (b"HTTP/1.1 200 OK\r\nA: 1", {"a": "1"}, b""),
        (b"HTTP/1.1 200 OK\r\nA: 1\r\n\r\n", {"a": "1"}, b""),
        (b"HTTP/1.1 200 OK\r\nno colon here\r\nA: 1\r\n\r\n<p>", {"a": "1"}, b"<p>"),
    ],
    ids=["no headers", "line feeds", "no blank line", "no body", "a line that is no header"],
)
def test_where_the_headers_end(block: bytes, headers: dict[str, str], body: bytes) -> None:
    assert parse_response(block, LIMIT) == (200, headers, body, True)


INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (b"HTTP/1.1 100 Continue\r\n\r\n" + b"HTTP/1.1 200 OK\r\nA: 1\r\n\r\n<p>", (200, {"a": "1"}, b"<p>", True)),
        (INTERIM * 3 + b"HTTP/1.1 404 Gone\r\n\r\n<p>", (404, {}, b"<p>", True)),
        (INTERIM, (103, {"link": "</a.css>"}, b"", True)),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x05hello", (101, {}, b"\x81\x05hello", True)),
        (b"HTTP/1.1 200 OK\r\n\r\n" + INTERIM, (200, {}, INTERIM, True)),
    ],
    ids=["continue", "several", "nothing after it", "other bytes after it", "in a body"],
)
def test_interim_responses_are_passed_over(block: bytes, expected: tuple[object, ...]) -> None:
    assert parse_response(block, LIMIT) == expected


def test_headers_without_an_end_are_a_bad_record() -> None:
    block = b"HTTP/1.1 200 OK\r\nCookie: " + b"x" * 70_000 + b"\r\n\r\n" + HTML
    with pytest.raises(PageError) as caught:
        parse_response(block, LIMIT)
    assert caught.value.code == "bad_record"


@pytest.mark.parametrize(
    ("lines", "headers"),
    [
        (b"", {}),
        (b"A:1\r\nB : 2 \r\n", {"a": "1", "b": "2"}),
        (b"A: 1\r\n\t2\r\n  3", {"a": "1 2 3"}),
        (b" folded onto nothing\r\nA: 1", {"a": "1"}),
        (b"Set-Cookie: a=1\r\nset-cookie: b=2", {"set-cookie": "a=1, b=2"}),
        (b"Place: K\xc3\xb6ln", {"place": "Köln"}),
        (b"Place: K\xf6ln", {"place": "Köln"}),
        (b"Time: 10:30:00", {"time": "10:30:00"}),
        (b": nameless\r\nA:", {"a": ""}),
        (b"no colon\r\n folded onto it\r\nA: 1", {"a": "1"}),
        (b": nameless\r\n folded\r\nA: 1\r\n 2", {"a": "1 2"}),
    ],
)
def test_headers(lines: bytes, headers: dict[str, str]) -> None:
    assert parse_headers(lines) == headers


@given(st.binary(max_size=300))
def test_headers_of_any_bytes(lines: bytes) -> None:
    assert all(name == name.strip().lower() and name for name in parse_headers(lines))


# ------------------------------------------------------------------- chunks


def chunked(body: bytes, size: int, newline: bytes = b"\r\n", extension: bytes = b"") -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    lines = [b"%x" % len(piece) + extension + newline + piece + newline for piece in pieces]
    return b"".join(lines) + b"0" + newline + newline


@given(st.binary(max_size=400), st.integers(1, 50), st.sampled_from([b"\r\n", b"\n"]), st.sampled_from([b"", b" ;x=1"]))
def test_dechunk_undoes_chunking(body: bytes, size: int, newline: bytes, extension: bytes) -> None:
    assert dechunk(chunked(body, size, newline, extension)) == (body, True)


@pytest.mark.parametrize(
    ("body", "expected", "is_whole"),
    [
        (b"5\r\nfirst\r\n6\r\nsecond", b"firstsecond", False),
        (b"5\r\nfirst\r\n6\r\nsec", b"firstsec", False),
        (b"5\r\nfirst\r\n", b"first", False),
        (b"5\r\nfirst\r\nzz\r\nrest", b"first", False),
        (b"3\r\nfirst\r\n0\r\n\r\n", b"fir", False),
        (b"5\r\nfirst\r\n38D7EA4C68000\r\nrest", b"first", False),
        (b"0\r\n\r\n", b"", True),
        (b"0\r\nTrailer: 1\r\n\r\n", b"", True),
        (b"A\r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n", b"0123456789", True),
        (b"000005   \r\nfirst\r\n0\r\n\r\n", b"first", True),
        (b"0000000000000005\r\nfirst\r\n000000000000000000\r\n\r\n", b"first", True),
        (b"<html>never chunked</html>", b"<html>never chunked</html>", True),
        (b"\r\n<html>", b"\r\n<html>", True),
        (b"", b"", True),
    ],
    ids=[
        "no last chunk", "cut", "cut after a chunk", "no size", "size too small", "size of 10**15", "empty",
        "trailer only",
        "trailer", "padded size", "size of 16 digits", "not chunked", "blank line, not chunked", "nothing",
    ],
)  # fmt: skip
def test_broken_chunks_give_what_is_valid(body: bytes, expected: bytes, is_whole: bool) -> None:
    assert dechunk(body) == (expected, is_whole)


@given(st.binary(max_size=200))
def test_dechunk_never_adds_bytes(body: bytes) -> None:
    assert len(dechunk(body)[0]) <= len(body)


@pytest.mark.parametrize("body", [HTML, chunked(HTML, 100)], ids=["undone already", "as labelled"])
@pytest.mark.parametrize("label", ["chunked", "Chunked", "gzip, chunked"])
def test_chunks_are_undone_once(body: bytes, label: str) -> None:
    block = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: {label}\r\n\r\n".encode() + body
    assert parse_response(block, LIMIT)[2] == HTML


def test_headers_that_a_crawler_renamed_are_not_obeyed() -> None:
    block = (
        b"HTTP/1.1 200 OK\r\nX-Crawler-Content-Encoding: gzip\r\nX-Crawler-Transfer-Encoding: chunked\r\n\r\n" + HTML
    )
    assert parse_response(block, LIMIT)[2] == HTML


def test_chunks_around_gzip() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    assert parse_response(head + chunked(ENCODE["gzip"](HTML), 64), LIMIT)[2] == HTML


@pytest.mark.parametrize(
    ("status", "stated", "is_whole"),
    [
        (206, "bytes 0-99/100", True),
        (206, "bytes 0-99/*", True),
        (206, "bytes 0-49/100", False),
        (206, "Bytes 50-99/100", False),
        (206, "bytes 50-99/*", False),
        (206, "bytes */100", True),
        (206, "", True),
        (206, "bytes 99999999999999999999-1/2", True),
        (200, "bytes 50-99/100", True),
    ],
)
def test_a_part_of_a_page_is_not_whole(status: int, stated: str, is_whole: bool) -> None:
    block = f"HTTP/1.1 {status} Some\r\nContent-Range: {stated}\r\n\r\n<p>".encode()
    assert parse_response(block, LIMIT).is_whole is is_whole
