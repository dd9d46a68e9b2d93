"""What a dump says of a page besides its bytes -> the values of a Page. Shared by all readers."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Literal, NamedTuple
from urllib.parse import quote

from builder.dumps.mediatypes import may_be_page
from builder.errors import PageError
from builder.records import Locator, Page, Reject

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_COMPACT = re.compile(r"\d{14}", re.ASCII)
_NUMBER = re.compile(r"-?\d{9,13}(?:\.\d+)?|\d{16}|\d{19}", re.ASCII)
_RFC_2822 = re.compile(
    r"(?:[A-Za-z]{3}, *)?\d{1,2} [A-Za-z]{3} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT|UTC?|Z|[ECMP][SD]T)", re.ASCII
)
_FIRST_MILLISECONDS = 10**11  # as seconds the year 5138, as milliseconds March 1973
_FIRST_COMPACT = 10**13  # 14 digits: as milliseconds the year 2286 and later
_MICROSECONDS = (10**15, 10**16)  # from 2001 to 2286
_NANOSECONDS = (10**18, 10**19)
_SURROGATE = re.compile("[\ud800-\udfff]")


class Given(NamedTuple):
    """What the dump says of a page, as found there; None where it says nothing."""

    url: object = None
    fetched_at: object = None
    http_status: object = None
    content_type: object = None


class Hole(NamedTuple):
    """Bytes of an archive that are no member, nor what ends it."""

    start: int
    length: int
    code: Literal["truncated", "damaged"]
    message: str


def fetch_time(value: object, *, epoch: bool = True) -> datetime | None:
    """Return a time of capture as UTC; None for None, blank text, NaN.

    Takes datetime and date objects, ISO 8601, 14 digits `YYYYMMDDhhmmss`, RFC 2822, and seconds or milliseconds since
    1970 as number or digits, microseconds and nanoseconds where they have 16 and 19 digits; not without `epoch`, for
    digits of a WARC are a date that is cut. What names no zone is UTC; a date is its midnight. An unknown zone name is
    an error.

    >>> fetch_time("2022-02-24T03:37:00+05:30").isoformat()
    '2022-02-23T22:07:00+00:00'
    >>> fetch_time("20220223220700") == fetch_time(1645654020) == fetch_time("Wed, 23 Feb 2022 22:07:00 GMT")
    True
    >>> fetch_time(" ") is fetch_time(float("nan")) is None
    True

    Raises:
        ValueError: it is not readable.

    """
    value = _plain(value)
    if value is None:
        return None
    try:
        moment = _from_text(value.strip(), epoch=epoch) if isinstance(value, str) else _from_object(value)
        return None if moment is None else _as_utc(moment)
    except (ValueError, OverflowError):
        raise ValueError(f"not a time: {ascii(value)[:80]}") from None


def _plain(value: object) -> object:
    """What tables hold where others have a whole number or none: decimals, and floats because NaN is one."""
    if isinstance(value, (float, Decimal)) and math.isnan(value):
        return None
    if isinstance(value, (float, Decimal)) and math.isfinite(value):
        return int(value) if value == int(value) else float(value)
    return value


def _from_object(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(value)
    raise ValueError("not a time")


def _from_text(text: str, *, epoch: bool) -> datetime | None:
    if not text:
        return None
    if _COMPACT.fullmatch(text):
        return _from_compact(text)
    if epoch and _NUMBER.fullmatch(text):
        return _from_number(float(text) if "." in text else int(text))
    if _RFC_2822.fullmatch(text):
        return parsedate_to_datetime(text)
    if not text.isascii():
        raise ValueError("not a time")
    return datetime.fromisoformat(text.removesuffix(" UTC"))


def _from_compact(digits: str) -> datetime:
    year, rest = int(digits[:4]), digits[4:]
    month, day, hour, minute, second = (int(rest[i : i + 2]) for i in range(0, 10, 2))
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def _from_number(number: float) -> datetime:
    if _MICROSECONDS[0] <= number < _MICROSECONDS[1]:
        return EPOCH + timedelta(microseconds=number)
    if _NANOSECONDS[0] <= number < _NANOSECONDS[1]:
        return EPOCH + timedelta(microseconds=number // 1000)
    if not abs(number) < _FIRST_COMPACT:  # also refuses NaN
        if not _COMPACT.fullmatch(str(number)):
            raise ValueError("not a time")
        return _from_compact(str(number))
    if abs(number) < _FIRST_MILLISECONDS:
        return EPOCH + timedelta(seconds=number)
    return EPOCH + timedelta(milliseconds=number)


def _as_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def status(value: object) -> int | None:
    """Return an HTTP status, 100 to 999; None for None, blank text and NaN.

    >>> status("200"), status(404.0), status(None), status("")
    (200, 404, None, None)

    Raises:
        ValueError: it is anything else.

    """
    value = _plain(value)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    text = value.strip() if isinstance(value, str) else str(value)
    if isinstance(value, (str, int)) and re.fullmatch(r"[1-9]\d\d", text, re.ASCII):
        return int(text)
    raise ValueError(f"not an HTTP status: {ascii(value)[:80]}")


def without_surrogates(text: str) -> str:
    r"""Return the text with each lone surrogate, which has no UTF-8 form, as U+FFFD.

    >>> without_surrogates("a\ud800b")
    'a�b'
    """
    return _SURROGATE.sub("\ufffd", text)


def file_url(dump_name: str, name: bytes) -> str:
    """Return the URL of a file in a dump that gives no URL for it.

    >>> file_url("pages 2022.zip", "a/b c#ü.html".encode())
    'file:pages%202022.zip/a/b%20c%23%C3%BC.html'
    """
    return f"file:{quote(dump_name)}/{quote(name)}"


def record_url(dump_name: str, offset: int) -> str:
    """Return the URL of a line or row that gives none.

    >>> record_url("2022/pages.jsonl", 4096)
    'file:2022/pages.jsonl#4096'
    """
    return f"file:{quote(dump_name)}#{offset}"


def make_page(source: Locator, body: bytes | memoryview, given: Given, url: str, page_bytes: int) -> Page | Reject:
    """Return the page, or the reject where what the dump says of it cannot be read or it is too large.

    `url` stands in where the dump gives none. The body's size is counted as inflated; one that is too large is not
    copied.
    """
    try:
        return _make_page(source, body, given, url, page_bytes)
    except PageError as error:
        return rejected(source, error, url=given.url)


def _make_page(source: Locator, body: bytes | memoryview, given: Given, url: str, page_bytes: int) -> Page:
    stated_url, content_type = _text("url", given.url), _text("content type", given.content_type)
    if len(body) > page_bytes:
        if may_be_page(content_type or "", body):
            raise PageError("too_large", f"{len(body)} bytes of HTML, more than limits.page_bytes ({page_bytes})")
        body = b""  # by its content type it is filtered, not by its size rejected
    try:
        fetched_at = fetch_time(given.fetched_at)
    except ValueError as error:
        raise PageError("bad_fetch_time", str(error)) from None
    try:
        http_status = status(given.http_status)
    except ValueError as error:
        raise PageError("bad_record", str(error)) from None
    headers = {"content-type": content_type} if content_type else {}
    return Page(stated_url or url, bytes(body), source, fetched_at, http_status, headers)


def _text(what: str, value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise PageError("bad_record", f"the {what} is not text: {ascii(value)[:80]}")
    return without_surrogates(value) if value.strip() else None


def rejected(source: Locator, error: PageError, url: object = None) -> Reject:
    """Return the reject of a page that could not be read."""
    return Reject(source, "read", error.code, error.message, without_surrogates(url) if isinstance(url, str) else None)
