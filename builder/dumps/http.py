"""The HTTP message inside a WARC response record: status, headers, and the body with its transfer undone."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

import zstandard

from builder.dumps.contentrange import is_cut
from builder.dumps.inflate import DamageError, inflate_frame
from builder.dumps.magic import BLANK_LINE, GZIP, ZSTD, ZSTD_SKIPPABLE
from builder.dumps.mediatypes import is_page_type, may_be_page
from builder.errors import PageError, to_install

HEADER_LIMIT = 64 * 1024
_STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})")
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")  # bytes that make a resource binary: WHATWG MIME Sniffing
_ZSTD_FRAME = re.compile(re.escape(ZSTD) + b"|" + ZSTD_SKIPPABLE.pattern + b"(.{4})", re.DOTALL)
_BROTLI_SLICE = 1024
_CHUNK_SIZE = re.compile(rb"[ \t]*0*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,1024})?\r?\n")


class Response(NamedTuple):
    """An HTTP response with its transfer undone."""

    status: int
    headers: dict[str, str]
    """Lower-case names."""
    body: bytes
    is_whole: bool
    """False where the body is a part or shorter than its headers say, or its chunks or compression break off."""


def parse_response(block: bytes, limit: int) -> Response:
    """An HTTP response, the last where interim ones stand before it; chunks and Content-Encoding are undone.

    A body that is not encoded as its headers say is taken as it is where it looks like text: crawlers often leave the
    headers of the transfer on a body that they have already decoded. `limit` bounds the inflated body in bytes. Of what
    is no page by its content type the body is left out, however large.

    Raises:
        PageError: bad_record, bad_content_encoding or too_large.

    """
    status, headers, body = read_head(block)
    if not holds_page(headers, body):
        return Response(status, headers, b"", is_whole=True)
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body, is_received = dechunk(body)
    else:
        stated = headers.get("content-length", "")
        is_received = not (stated.isascii() and stated.isdigit() and len(stated) < 19 and int(stated) > len(body))
    body, is_decoded = decode_content(body, headers, limit)
    return Response(status, headers, body, is_received and is_decoded and not is_cut(status, headers))


def read_head(block: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status and headers of an HTTP response, the last where interim ones stand before it, and the body as sent.

    Raises:
        PageError: bad_record.

    """
    status, head, body = _message(block)
    while status.startswith(b"1") and _STATUS_LINE.match(body):  # interim: 100 Continue, 103 Early Hints
        status, head, body = _message(body)
    return int(status), parse_headers(head.partition(b"\n")[2]), body


def holds_page(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a body, as sent, may be a page by its headers and how it begins."""
    stated = headers.get("content-type", "")
    return is_page_type(stated) and ("content-encoding" in headers or may_be_page(stated, body))


def _message(block: bytes) -> tuple[bytes, bytes, bytes]:
    """Status, header lines with the status line, and what stands behind them."""
    status = _STATUS_LINE.match(block)
    if status is None:
        raise PageError("bad_record", "the response does not start with an HTTP status line")
    blank = BLANK_LINE.search(block, 0, HEADER_LIMIT)
    if blank is None and len(block) > HEADER_LIMIT:
        raise PageError("bad_record", "HTTP headers without an end")
    return (status[1], block[: blank.start()], block[blank.end() :]) if blank else (status[1], block, b"")


def parse_headers(lines: bytes) -> dict[str, str]:
    r"""Header lines as a mapping of lower-case names; continuation lines are folded, repeated names joined by a comma.

    >>> parse_headers(b"Content-Type: text/html;\r\n charset=utf-8\r\nA: 1\r\na: 2")
    {'content-type': 'text/html; charset=utf-8', 'a': '1, 2'}
    """
    headers: dict[str, str] = {}
    name = ""
    for line in decode_header(lines).split("\n"):
        if line[:1] in (" ", "\t") and name in headers:
            headers[name] += " " + line.strip()
            continue
        name, colon, value = line.partition(":")
        name = name.strip().lower()
        if colon and name:
            headers[name] = f"{headers[name]}, {value.strip()}" if name in headers else value.strip()
    return headers


def decode_header(raw: bytes) -> str:
    """UTF-8 where it is valid, Latin-1 otherwise, as HTTP has always had it."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def dechunk(body: bytes) -> tuple[bytes, bool]:
    r"""The body of a chunked message, as far as its chunks are valid, and whether the last one is there.

    A body that is not chunked at all is whole.

    >>> dechunk(b"5\r\nhello\r\n0\r\n\r\n"), dechunk(b"5\r\nhel"), dechunk(b"<html>")
    ((b'hello', True), (b'hel', False), (b'<html>', True))
    """
    chunks: list[bytes] = []
    position = 0
    while (size_line := _CHUNK_SIZE.match(body, position)) is not None:
        size = int(size_line[1], 16)
        if size == 0:
            return b"".join(chunks), True
        chunks.append(body[size_line.end() : size_line.end() + size])
        position = size_line.end() + size
        if body[position : position + 2] == b"\r\n":
            position += 2
        elif body[position : position + 1] == b"\n":
            position += 1
        elif position < len(body):  # the size lied: what follows is no chunk
            break
    else:
        if not chunks:
            return body, True
    return b"".join(chunks), False


def decode_content(body: bytes, headers: Mapping[str, str], limit: int) -> tuple[bytes, bool]:
    """Undo the Content-Encoding, the last applied first; False where the compressed data ends early or is corrupt.

    Raises:
        PageError: bad_content_encoding for a body that is neither as labelled nor text, too_large past `limit` bytes.

    """
    is_whole = True
    labels = [label.strip().lower() for label in headers.get("content-encoding", "").split(",")]
    for label in reversed(labels):
        decoder = DECODERS.get(label)
        if decoder is None or not body:  # identity, utf-8, none and other inventions say nothing of the bytes
            continue
        try:
            decoded, is_ended = decoder(body, limit + 1)
        except (zlib.error, ValueError) as error:
            if not looks_like_text(body):
                raise PageError("bad_content_encoding", f"labelled {label}, but it is not: {error}") from error
            continue
        if decoded or not looks_like_text(body):
            if not decoded and not is_ended:  # some bytes begin like what they are not, and give nothing
                raise PageError("bad_content_encoding", f"labelled {label}, but nothing of it can be decompressed")
            body, is_whole = decoded, is_whole and is_ended
        if len(body) > limit:
            break
    if len(body) > limit:
        raise PageError("too_large", f"a body of more than limits.page_bytes ({limit} bytes)")
    return body, is_whole


def looks_like_text(body: bytes) -> bool:
    """No binary control character in the first kilobyte, and a tag or only ASCII: a page, not a compressed stream."""
    head = body[:1024]
    return _BINARY.search(head) is None and (b"<" in head or head.isascii()) and not head.startswith(b"\x28\xb5")


def _gunzip(body: bytes, limit: int) -> tuple[bytes, bool]:
    return _inflate(body, limit, zlib.MAX_WBITS | 16)


def _undeflate(body: bytes, limit: int) -> tuple[bytes, bool]:
    """`deflate` means zlib by the standard, raw deflate by what some servers send."""
    try:
        return _inflate(body, limit, zlib.MAX_WBITS)
    except zlib.error:
        return _inflate(body, limit, -zlib.MAX_WBITS, whole=looks_like_text(body))  # some text inflates to a few bytes


def _inflate(body: bytes, limit: int, wbits: int, *, whole: bool = False) -> tuple[bytes, bool]:
    """As much as can be inflated, and whether that is all: a page that was cut is still a page.

    Raises:
        zlib.error: nothing can be inflated, or with `whole` the stream has no end.

    """
    inflater = zlib.decompressobj(wbits)
    parts: list[bytes] = []
    size = 0
    start = 0
    while start < len(body) and size < limit:
        data = body[start : start + 16384]
        try:
            part = inflater.decompress(data, limit - size)
        except zlib.error:
            if not size:
                raise
            break
        parts.append(part)
        size += len(part)
        start += len(data) - len(inflater.unused_data)
        if inflater.eof:
            if body[start : start + 2] != GZIP:
                break
            inflater = zlib.decompressobj(wbits)  # gzip may have several members
    if whole and not inflater.eof and size < limit:
        raise zlib.error("the stream has no end")
    return b"".join(parts), inflater.eof or size >= limit


def _unzstd(body: bytes, limit: int) -> tuple[bytes, bool]:
    """As `_inflate`, by blocks: all frames, and what begins none is none of it."""
    source = io.BytesIO(body)
    parts: list[bytes] = []
    size = 0
    try:
        while size < limit and (begin := _ZSTD_FRAME.match(body, source.tell())) is not None:
            source.seek(begin.end() + int.from_bytes(begin[1] or b"", "little"))
            if begin[1]:
                continue  # a skippable frame
            for part in inflate_frame(source.read, zstandard.ZstdDecompressor().decompressobj()):
                parts.append(part)
                size += len(part)
                if size >= limit:
                    break
    except DamageError as error:
        if not parts and error.code == "damaged":
            raise ValueError(str(error)) from error
        return b"".join(parts), False
    if not source.tell():
        raise ValueError("no zstd frame begins here")
    return b"".join(parts)[:limit], True


def _unbrotli(body: bytes, limit: int) -> tuple[bytes, bool]:
    if find_spec("brotli") is None:
        raise PageError("bad_content_encoding", f"Content-Encoding br: no brotli; {to_install('brotli')}")
    brotli = import_module("brotli")
    found, is_ended, read = _unbrotli_by(brotli, body, limit, len(body), 0)
    if read < len(body) and not looks_like_text(body):  # a call that fails gives nothing of what it was given
        _, _, read = _unbrotli_by(brotli, body, limit, _BROTLI_SLICE, 0)
        found, is_ended, _ = _unbrotli_by(brotli, body, limit, 1, read)
    if not is_ended and (not found or looks_like_text(body)):
        raise ValueError("the stream is damaged or has no end")
    return found, is_ended or len(found) >= limit


def _unbrotli_by(brotli: Any, body: bytes, limit: int, step: int, sound: int) -> tuple[bytes, bool, int]:
    """What can be decompressed by calls with `step` bytes, whether it has its end, and how many were read for it.

    The first `sound` bytes are known to be sound and given at once.
    """
    decompressor = brotli.Decompressor()
    parts: list[bytes] = []
    size, read = 0, 0
    try:
        while read < len(body) and size < limit and not decompressor.is_finished():
            piece = body[read : sound if read < sound else read + step]
            part = decompressor.process(piece, output_buffer_limit=limit)
            while part and size < limit:
                parts.append(part)
                size += len(part)
                part = decompressor.process(b"", output_buffer_limit=limit)
            read += len(piece)
    except brotli.error:
        return b"".join(parts)[:limit], False, read
    return b"".join(parts)[:limit], bool(decompressor.is_finished()), read


DECODERS: Mapping[str, Callable[[bytes, int], tuple[bytes, bool]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
"""Content-Encoding -> (body, limit) -> at most `limit` inflated bytes, and whether the data does not break off."""
