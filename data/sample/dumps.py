"""Writes captures as WARC, zip, JSON Lines and folder; the same bytes at every run."""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import io
import json
import uuid
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

import zstandard

from sample.capture import Capture
from sample.story import utc

SPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
REASONS = {200: "OK", 301: "Moved Permanently", 404: "Not Found"}


def write_warc(
    path: Path, captures: Sequence[Capture], *, requests: bool, revisit_of: int | None = None
) -> dict[str, int]:
    """Write a WARC, one gzip member or zstd frame a record by the suffix; how many records of each type it holds.

    `revisit_of`: number of the capture that a revisit record at the end points to.
    """
    info = b"software: data/make_sample.py\r\nformat: WARC File Format 1.1\r\n"
    first = captures[0].fetched_at
    records = [("warcinfo", _record("warcinfo", path.name, first, "application/warc-fields", info), False)]
    for capture in captures:
        records.append(("response", _exchange("response", capture, _http(capture)), capture.damage))
        if requests:
            _, _, host, rest = capture.url.split("/", 3)
            asked = f"GET /{rest} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: sample-crawler\r\n\r\n".encode()
            records.append(("request", _exchange("request", capture, asked), False))
    if revisit_of is not None:
        records.append(("revisit", _revisit(captures[revisit_of], captures[-1].fetched_at), False))
    pack = _gzip if path.suffix == ".gz" else _zstd
    path.write_bytes(b"".join(_flip(pack(record)) if damage else pack(record) for _, record, damage in records))
    kinds = [kind for kind, _, _ in records]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def _exchange(kind: str, capture: Capture, block: bytes) -> bytes:
    return _record(kind, capture.url, capture.fetched_at, f"application/http; msgtype={kind}", block)


def _record(
    kind: str, uri: str, when: datetime, content_type: str, block: bytes, extra: Iterable[tuple[str, str]] = ()
) -> bytes:
    target = ("WARC-Filename", uri) if kind == "warcinfo" else ("WARC-Target-URI", uri)
    headers = [
        ("WARC-Type", kind), ("WARC-Record-ID", f"<urn:uuid:{uuid.uuid5(SPACE, f'{kind} {when} {uri}')}>"),
        ("WARC-Date", utc(when)), target, ("WARC-Block-Digest", digest(block)), *extra,
        ("Content-Type", content_type), ("Content-Length", str(len(block))),
    ]  # fmt: skip
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"WARC/1.1\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def _revisit(capture: Capture, when: datetime) -> bytes:
    extra = (
        ("WARC-Profile", "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"),
        ("WARC-Refers-To-Target-URI", capture.url), ("WARC-Refers-To-Date", utc(capture.fetched_at)),
        ("WARC-Payload-Digest", digest(capture.body)),
    )  # fmt: skip
    block = f"HTTP/1.1 200 OK\r\nContent-Type: {capture.content_type}\r\n\r\n".encode()
    return _record("revisit", capture.url, when, "application/http; msgtype=response", block, extra)


def digest(data: bytes) -> str:
    """Give a digest as WARC writes it.

    >>> digest(b"")
    'sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def _http(capture: Capture) -> bytes:
    body, extra = capture.body, list(capture.headers)
    if capture.wire == "gzip":
        body, extra = gzip.compress(body, mtime=0), [*extra, ("Content-Encoding", "gzip")]
    if capture.wire == "badgzip":
        body, extra = gzip.compress(body, mtime=0)[:10] + b"\xff" * 900, [*extra, ("Content-Encoding", "gzip")]
    if capture.wire == "chunked":
        pieces = [body[i : i + 4000] for i in range(0, len(body), 4000)]
        body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
        extra.append(("Transfer-Encoding", "chunked"))
    else:
        extra.append(("Content-Length", str(len(body))))
    head = [("Date", format_datetime(capture.fetched_at, usegmt=True)), ("Content-Type", capture.content_type), *extra]
    lines = "".join(f"{name}: {value}\r\n" for name, value in head)
    return f"HTTP/1.1 {capture.status} {REASONS[capture.status]}\r\n{lines}\r\n".encode() + body


def _gzip(record: bytes) -> bytes:
    return gzip.compress(record, 9, mtime=0)


def _zstd(record: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=19, write_checksum=True).compress(record)


def _flip(member: bytes) -> bytes:
    """Flip one bit where zlib cannot go on (a flip elsewhere would only break the checksum)."""
    for place in range(len(member) // 2, len(member) - 8):
        broken = member[:place] + bytes([member[place] ^ 0x10]) + member[place + 1 :]
        try:
            zlib.decompressobj(31).decompress(broken)
        except zlib.error as error:
            if "check" not in str(error):
                return broken
    raise AssertionError("no bit of this member breaks it")


def write_zip(path: Path, captures: Sequence[Capture], extra: dict[str, bytes]) -> None:
    """Write pages, an index.csv (file, url, fetched_at) and further files."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("file", "url", "fetched_at"))
    table.writerows((c.file, c.url, utc(c.fetched_at)) for c in captures)
    members = {"index.csv": text.getvalue().encode(), **extra, **{c.file: c.body for c in captures}}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in members.items():
            member = zipfile.ZipInfo(name, (2022, 1, 1, 0, 0, 0))
            member.compress_type, member.create_system, member.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(member, data)


def write_jsonl(path: Path, captures: Sequence[Capture], charset: dict[str, str], extra: dict[int, str]) -> None:
    """Write a line a page, the body decoded with the charset of its content type or of `charset` (by host).

    `extra`: further lines, by the number of captures written before them.
    """
    lines = []
    for number, capture in enumerate(captures):
        lines += [extra[number]] if number in extra else []
        _, _, declared = capture.content_type.partition("charset=")
        html = capture.body.decode(declared or charset[capture.url.split("/")[2]])
        when = utc(capture.fetched_at)
        entry = {"url": capture.url, "fetched_at": when, "http_status": capture.status, "html": html}
        lines.append(json.dumps(entry, ensure_ascii=False))
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="\n")


def write_folder(
    path: Path, captures: Sequence[Capture], extra: dict[str, bytes], missing: Sequence[dict[str, str]]
) -> None:
    """Write pages, further files, and an index.jsonl that also lists the `missing` ones."""
    index = [
        {"file": c.file, "url": c.url, "fetched_at": utc(c.fetched_at), "content_type": c.content_type}
        for c in captures
    ]
    rows = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in [*index, *missing])
    for name, data in {"index.jsonl": rows.encode(), **extra, **{c.file: c.body for c in captures}}.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
