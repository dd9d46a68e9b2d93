"""One WARC record: its header and block out of a stream of inflated bytes, and what it is: page, reject or skip."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from builder.dumps.digests import check_digests
from builder.dumps.http import HEADER_LIMIT, holds_page, parse_headers, parse_response, read_head
from builder.dumps.inflate import DamageError
from builder.dumps.magic import BLANK_LINE
from builder.dumps.mediatypes import may_be_page
from builder.dumps.values import fetch_time
from builder.dumps.warcstream import PLAIN_START, Stream
from builder.errors import PageError
from builder.records import TRUNCATED, Item, Locator, Page, Reject, Skip, Split

_VERSION = re.compile(rb"WARC/\d\.\d+\r?\n")
_VERSION_BYTES = 16
_TARGET_URI = re.compile(rb"^WARC-Target-URI[ \t]*:", re.IGNORECASE | re.MULTILINE)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?!\d)", re.IGNORECASE)  # a number behind it is a port
_PAGE_SCHEMES = ("http", "https", "file", "ftp")
_COARSE = re.compile(r"(?!0000)\d{4}(?:-(?:0[1-9]|1[0-2]))?", re.ASCII)  # a year or a month, as WARC 1.1 lets dates be
_WARC_TYPE = re.compile(rb"\nWARC-Type[ \t]*:", re.IGNORECASE)


def read_record(stream: Stream, room: int | None, split: Split) -> tuple[dict[str, str], bytes | None]:
    """Header and content block of the next record; the block is None where it is no page.

    Of a block that is larger than a page may be it is the beginning.

    `room` is the number of bytes of the stream where that is known, so that a wrong length is seen without reading on.

    Raises:
        DamageError: the record contradicts itself, or ends before its Content-Length says.

    """
    raw = _read_head(stream)
    head = parse_headers(raw)
    if ", " in head.get("warc-target-uri", "") and len(_TARGET_URI.findall(raw)) > 1:
        del head["warc-target-uri"]  # which of them is meant nobody says
    stated = head.get("content-length", "")
    if not (stated.isascii() and stated.isdigit()):
        raise DamageError("damaged", f"Content-Length is {stated[:40]!r}")
    length = int(stated[:20])
    if room is not None and stream.position + length > room:
        raise DamageError("truncated", f"Content-Length {length} reaches past the end of the file")
    block, taken = None, 0
    if head.get("warc-type", "").lower() in ("response", "resource"):
        taken = length if length <= split.dump.options.page_bytes + HEADER_LIMIT else HEADER_LIMIT
        block = stream.take(taken) if stream.reach(taken) else None
    if (taken and block is None) or stream.skip(length - taken) < length - taken:
        raise DamageError("damaged", "the record is shorter than its Content-Length")
    return head, block


def _read_head(stream: Stream) -> bytes:
    """The header lines of a record, without the version line before and the blank line after them."""
    while (blank := BLANK_LINE.search(stream.buffer, 0, HEADER_LIMIT)) is None:
        if len(stream.buffer) >= HEADER_LIMIT:
            raise DamageError("damaged", "a record header without an end")
        if not stream.reach(len(stream.buffer) + 1):
            raise DamageError("truncated", "the data ends inside a record header")
    head = stream.take(blank.end())
    if _VERSION.match(head) is None:
        raise DamageError("damaged", "a record that does not begin with WARC/")
    return head.partition(b"\n")[2].rstrip()


def check_what_follows(stream: Stream, plain: bool) -> bool:
    """After a record come blank lines or padding, then another record or the end, where a checksum is verified.

    False where other bytes come after the two line ends that close a record of a plain file: its length is right, and
    they are none of it.
    """
    stream.fill(4)
    closed = plain and stream.buffer.startswith((b"\r\n\r\n", b"\n\n"))
    skip_blank(stream)
    stream.fill(5)
    sure = b"WARC/".startswith(stream.buffer[:5])
    if not sure and not closed:
        raise DamageError("damaged", "the record is longer than its Content-Length")
    return sure


def skip_blank(stream: Stream) -> None:
    """Consume blank lines and padding."""
    while stream.fill(1) and stream.buffer[0] in b"\r\n\0":
        head = bytes(stream.buffer[:4096])
        stream.take(len(head) - len(head.lstrip(b"\r\n\0")))


def to_item(head: dict[str, str], block: bytes | None, source: Locator, split: Split) -> Item:
    """A record as page, reject or skip."""
    kind = head.get("warc-type", "unknown").lower()
    if ", " in kind:
        return Reject(source, "read", "bad_record", "a record with more than one WARC-Type")
    if kind not in ("response", "resource"):
        return Skip(f"warc_{kind}")
    url = head.get("warc-target-uri", "").strip().removeprefix("<").removesuffix(">")
    limit = split.dump.options.page_bytes
    if kind == "response" and not head.get("content-type", "application/http").lower().startswith("application/http"):
        return Skip("not_http")  # dns:, ftp: and the like
    if not url:
        return Reject(source, "read", "bad_record", "a record without WARC-Target-URI, or with more than one")
    if kind == "resource" and (scheme := _SCHEME.match(url)) and scheme[1].lower() not in _PAGE_SCHEMES:
        return Skip("not_http")  # what crawlers write beside pages: urn:text:, metadata: and the like
    is_large = int(head["content-length"][:20]) > limit + (HEADER_LIMIT if kind == "response" else 0)
    if block is None or (is_large and _may_be_page(kind, head, block)):
        return Reject(source, "read", "too_large", f"larger than limits.page_bytes ({limit} bytes)", url)
    try:
        fetched_at = _captured_at(head.get("warc-date"))
    except ValueError as error:
        return Reject(source, "read", "bad_fetch_time", f"WARC-Date: {error}", url)
    try:
        if split.dump.options.verify_digests and not is_large:
            check_digests(head, block)
        if kind == "resource":
            named = {"content-type": head.get("content-type", "")}
            return Page(url, b"" if is_large else block, source, fetched_at, None, named, _truncated(head))
        status, headers, body, is_whole = parse_response(block, limit)
    except PageError as error:
        return Reject(source, "decode", error.code, error.message, url)
    body, cut = (b"", None) if is_large else (body, None if is_whole else "transfer")
    return Page(url, body, source, fetched_at, status, headers, _truncated(head) or cut)


def _captured_at(stated: str | None) -> datetime | None:
    """The time of a WARC-Date; None where it says no more than the year or the month, which is not a time.

    Raises:
        ValueError: it is not readable.

    """
    return None if stated is not None and _COARSE.fullmatch(stated.strip()) else fetch_time(stated, epoch=False)


def _may_be_page(kind: str, head: Mapping[str, str], block: bytes) -> bool:
    """Whether a record that is too large may be a page, by what it says of itself and how it begins."""
    if kind == "resource":
        return may_be_page(head.get("content-type", ""), block)
    try:
        _, headers, body = read_head(block)
    except PageError:
        return True
    return holds_page(headers, body)


def _truncated(head: Mapping[str, str]) -> str | None:
    """Why the crawler cut the record, by its own word; the rest may stand in further segments, which are not read."""
    stated = head.get("warc-truncated", "").strip().lower() or head.get("warc-segment-number", "")
    return None if not stated else stated if stated in TRUNCATED else "unspecified"


def begins_record(stream: Stream) -> bool:
    """Whether a record begins here, behind blank lines or none."""
    try:
        skip_blank(stream)
    except DamageError:
        return False
    return is_at_record(stream)


def is_at_record(stream: Stream) -> bool:
    """A version line, and WARC-Type among the first header lines."""
    try:
        stream.fill(_VERSION_BYTES)
        if _VERSION.match(stream.buffer) is None:
            return False
        while BLANK_LINE.search(stream.buffer) is None and len(stream.buffer) <= HEADER_LIMIT:
            if not stream.reach(len(stream.buffer) + 1):
                break
    except DamageError:
        pass
    blank = BLANK_LINE.search(stream.buffer)
    return _WARC_TYPE.search(stream.buffer, 0, blank.end() if blank else HEADER_LIMIT) is not None


def go_to_record(stream: Stream) -> bool:
    """Consume what stands before the next record; False where there is none.

    Raises:
        DamageError: the data cannot be inflated up to there.

    """
    while stream.reach(_VERSION_BYTES):
        found = PLAIN_START.search(stream.buffer)
        if found is None:
            stream.skip(len(stream.buffer) - _VERSION_BYTES + 1)  # one may begin in the rest
            continue
        stream.skip(found.start())
        if is_at_record(stream):
            return True
        stream.skip(1)
    return False


def holds_record(stream: Stream) -> bool:
    """A record begins in the member, be it behind the rest of one that began before it."""
    try:
        return begins_record(stream) or go_to_record(stream)
    except DamageError:
        return False
