"""JSON Lines -> pages: one object a line, UTF-8. A byte order mark at the start, CRLF and blank lines are no mistakes.

A plain file is cut into byte ranges at any byte: a split takes every line that begins in it. A compressed one is read
by strides (see `streams`). JSON is strict: no NaN, no second value on a line; of a key given twice the last counts.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

from builder.dumps.inflate import CHUNK
from builder.dumps.magic import BOM
from builder.dumps.mediatypes import as_utf8
from builder.dumps.streams import (
    Source,
    StreamError,
    compression_of,
    cut_stream,
    even_parts,
    in_stride,
    open_stream,
)
from builder.dumps.values import Given, make_page, record_url, rejected, without_surrogates
from builder.errors import PageError
from builder.records import Dump, DumpOptions, Extent, Item, Locator, Page, Reject, Split
from builder.storage.place import place_of

_LINE_FACTOR = 4
"""A line may have this many times the bytes of a page: escapes, and what stands beside the HTML."""

_SHOWN = 200  # characters of keys in a message
_ABSENT = object()


class _Line(NamedTuple):
    offset: int
    length: int
    """Bytes, that of the newline included."""
    data: bytes | None
    """None where it is longer than a line may be."""


def cut_jsonl(dump: Dump, target: int) -> list[Split]:
    """Return byte ranges of about `target` bytes; strides for a compressed file.

    Raises:
        OSError: the disk or the store failed.

    """
    if compression_of(dump.path) != "none":
        return cut_stream(dump, target)
    parts = even_parts(dump.size, max(1, dump.size // target))
    return [Split(dump, start, end, end - start) for start, end in parts]


def read_jsonl(split: Split) -> Iterator[Item]:
    """Yield the pages of all lines that begin in the split, and for a plain file an Extent at last.

    Raises:
        OSError: the disk or the store failed.

    """
    if compression_of(split.dump.path) == "none":
        yield from _read_range(split)
    else:
        yield from _read_stride(split)


def _read_range(split: Split) -> Iterator[Item]:
    with place_of(split.dump.path).open("rb") as source:
        first = split.start
        if split.start:
            source.seek(split.start - 1)  # a line that begins at `start` has its newline just before
            first += _to_newline(source) - 1
        source.seek(first)
        end = first
        for line in _lines(source, first, split.end, _longest(split.dump)):
            end = line.offset + line.length
            yield from _items(line, split.dump)
        yield Extent(first, end)


def _read_stride(split: Split) -> Iterator[Item]:
    ordinal, end = 0, 0
    with open_stream(split.dump.path) as source:
        try:
            for line in _lines(source, 0, sys.maxsize, _longest(split.dump)):
                end = line.offset + line.length
                if _is_blank(line):
                    continue
                if in_stride(ordinal, split.stride):
                    yield from _items(line, split.dump)
                ordinal += 1
        except StreamError as error:
            if split.stride[0] == 0:
                locator = Locator(split.dump.name, end, error.offset - end)
                yield rejected(locator, PageError(error.code, f"{error}; what follows is lost"))


def _longest(dump: Dump) -> int:
    return _LINE_FACTOR * dump.options.page_bytes


def _lines(source: Source, offset: int, end: int, longest: int) -> Iterator[_Line]:
    """Yield the lines that begin in [offset, end); `source` stands at `offset`, where one begins.

    A line at which a compressed stream breaks off is none: StreamError is raised.
    """
    while offset < end and (data := source.readline(longest + 1)):
        is_ended = data.endswith(b"\n")
        length = len(data) + (0 if is_ended else _to_newline(source))
        yield _Line(offset, length, data if is_ended or len(data) <= longest else None)
        offset += length


def _to_newline(source: Source) -> int:
    """Read up to the end of the line, newline included; return the number of bytes."""
    length = 0
    while piece := source.readline(CHUNK):
        length += len(piece)
        if piece.endswith(b"\n"):
            break
    return length


def _is_blank(line: _Line) -> bool:
    return line.data is not None and not _content(line.data, line.offset).strip()


def _content(data: bytes, offset: int) -> bytes:
    return data.removeprefix(BOM) if offset == 0 else data


def _items(line: _Line, dump: Dump) -> Iterator[Page | Reject]:
    """Yield the page or reject that a line is, nothing for a blank one."""
    if line.data is None:
        locator = Locator(dump.name, line.offset, line.length)
        yield rejected(locator, PageError("too_large", f"a line of {line.length} bytes"))
        return
    locator = Locator(dump.name, line.offset, len(line.data.rstrip(b"\r\n")))
    data = _content(line.data, line.offset)
    if not data.strip():
        return
    given = Given()
    try:
        record = _parse(data)
        given = _given(record, dump.options)
        body = _body(record, dump.options)
    except PageError as error:
        yield rejected(locator, error, given.url)
        return
    yield make_page(locator, body, given, record_url(dump.name, line.offset), dump.options.page_bytes)


def _parse(data: bytes) -> dict[str, Any]:
    try:
        record = _DECODER.decode(data.decode())
    except UnicodeDecodeError as error:
        raise PageError("bad_line", f"not UTF-8: {error.reason} at byte {error.start} of the line") from None
    except (ValueError, RecursionError) as error:
        raise PageError("bad_line", f"not JSON: {error}") from None
    if not isinstance(record, dict):
        raise PageError("bad_line", f"not a JSON object but {type(record).__name__}")
    return record


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def _body(record: dict[str, Any], options: DumpOptions) -> bytes:
    html = _value(record, options.html, _ABSENT)
    if not isinstance(html, str):
        found = "null" if html is None else f"not text but {type(html).__name__}"
        found = f"missing; {_keys_of(record)}" if html is _ABSENT else found
        raise PageError("missing_html", f"the key {options.html!r} is {found}")
    return without_surrogates(html).encode()


def _given(record: dict[str, Any], options: DumpOptions) -> Given:
    return Given(
        _value(record, options.url),
        _value(record, options.fetched_at),
        _value(record, options.http_status),
        as_utf8(_value(record, options.content_type)),
    )


def _keys_of(record: dict[str, Any]) -> str:
    """What keys there are, the first of them where they are many, and what to do."""
    if not record:
        return "there are no keys"
    keys = without_surrogates(", ".join(record))
    shown = keys if len(keys) <= _SHOWN else f"{keys[:_SHOWN]} ..."
    return f"the keys are: {shown}; give `html:` the right one"


def _value(record: dict[str, Any], key: str, absent: object = None) -> Any:
    """Return the value under a key, or under a path of keys joined by dots; `absent` where there is none.

    >>> _value({"page": {"html": "x"}}, "page.html"), _value({"page.html": "y"}, "page.html"), _value({}, "page.html")
    ('x', 'y', None)
    """
    if key in record:
        return record[key]
    value: Any = record
    for part in key.split("."):
        if not isinstance(value, dict):
            return absent
        value = value.get(part, absent)
    return value
