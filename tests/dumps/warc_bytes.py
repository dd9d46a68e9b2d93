"""WARC records and files as bytes, sound ones and broken ones."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import zstandard

from builder.dumps.warc import cut_warc, read_warc
from builder.records import Dump, DumpOptions, Extent, Item, Page, Reject, Skip

DATE = "2022-02-24T03:37:00Z"
HTTP_TYPES = {"response": "response", "request": "request", "revisit": "response"}


def http_block(body: bytes, status: str = "HTTP/1.1 200 OK", **headers: str) -> bytes:
    named = {"Content-Type": "text/html; charset=utf-8", **{key.replace("_", "-"): v for key, v in headers.items()}}
    lines = [status, *(f"{name}: {value}" for name, value in named.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def record(
    kind: str = "response",
    url: str | None = "http://news.example/story",
    block: bytes = b"",
    headers: Mapping[str, str | None] | None = None,
    newline: str = "\r\n",
    ending: bytes = b"\r\n\r\n",
) -> bytes:
    """One record; `headers` adds named fields, changes them, or takes them away (None)."""
    content_type = f"application/http; msgtype={HTTP_TYPES[kind]}" if kind in HTTP_TYPES else "text/html"
    named: dict[str, str | None] = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:example:{kind}:{url}>",
        "WARC-Date": DATE,
        "WARC-Target-URI": url,
        "Content-Type": content_type,
        "Content-Length": str(len(block)),
    }
    named.update(headers or {})
    lines = ["WARC/1.0", *(f"{name}: {value}" for name, value in named.items() if value is not None), "", ""]
    return newline.join(lines).encode() + block + ending


def story(number: int, size: int = 300) -> bytes:
    """A response record with a page of its own words and about `size` bytes that hardly compress."""
    noise = "".join(f"{(number + 1) * 7919 ** (i + 1) % 2**61:x} " for i in range(size // 16))
    body = f"<html><title>Tide table {number}</title><p>Das Wasser steigt — {noise}</p></html>".encode()
    return record(url=f"http://news.example/tide/{number}", block=http_block(body))


def mixed() -> list[bytes]:
    """One record of every type, the pages being `response` and `resource`."""
    return [
        record("warcinfo", None, b"software: own pen\r\n"),
        record("request", block=b"GET /story HTTP/1.1\r\nHost: news.example\r\n\r\n"),
        record("response", block=http_block(b"<p>Low tide at four.</p>")),
        record("metadata", block=b"via: http://news.example/\r\n"),
        record("revisit", block=http_block(b"")),
        record("resource", "http://news.example/kept", b"<p>Kept as it was.</p>"),
        record("conversion", block=b"plain words"),
        record("continuation", block=b"the second half"),
    ]


# ------------------------------------------------------------- compressions


def gz(data: bytes) -> bytes:
    return gzip.compress(data, 6, mtime=0)


def stored(data: bytes) -> bytes:
    """A gzip member that holds its bytes as they are."""
    return gzip.compress(data, 0, mtime=0)


def gz_extra(data: bytes) -> bytes:
    """A gzip member with an extra field, as archives wrote it for the compressed and plain length."""
    member = gz(data)
    extra = b"sl\x08\x00" + struct.pack("<II", len(member), len(data))
    return member[:3] + b"\x04" + member[4:10] + struct.pack("<H", len(extra)) + extra + member[10:]


def zst(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


def skippable(content: bytes, magic: int = 0x184D2A5D) -> bytes:
    return struct.pack("<II", magic, len(content)) + content


def zst_with_dictionary(records: Sequence[bytes], *, packed: bool) -> bytes:
    """Frames that share the dictionary in the first, skippable frame, which may be a zstd frame itself."""
    samples: list[bytes | bytearray | memoryview] = [story(number) for number in range(100, 160)]
    dictionary = zstandard.train_dictionary(2048, samples)
    compressor = zstandard.ZstdCompressor(dict_data=dictionary, write_checksum=True)
    content = dictionary.as_bytes()
    head = skippable(zstandard.ZstdCompressor().compress(content) if packed else content)
    return head + b"".join(compressor.compress(one) for one in records)


def each(compress: Callable[[bytes], bytes]) -> Callable[[Sequence[bytes]], bytes]:
    return lambda records: b"".join(compress(one) for one in records)


FORMS: dict[str, Callable[[Sequence[bytes]], bytes]] = {
    "plain": b"".join,
    "gzip": each(gz),
    "gzip-stored": each(stored),
    "gzip-extra": each(gz_extra),
    "gzip-whole": lambda records: gz(b"".join(records)),
    "zstd": each(zst),
    "zstd-whole": lambda records: zst(b"".join(records)),
    "zstd-dictionary": lambda records: zst_with_dictionary(records, packed=False),
    "zstd-packed-dictionary": lambda records: zst_with_dictionary(records, packed=True),
}


# ------------------------------------------------------------------ reading


def dump_at(path: Path, data: bytes, page_bytes: int = 2**20) -> Dump:
    path.write_bytes(data)
    return Dump(path.name, str(path), "warc", len(data), DumpOptions(page_bytes=page_bytes))


def read_splits(dump: Dump, target: int = 2**40) -> list[list[Item]]:
    return [list(read_warc(split)) for split in cut_warc(dump, target)]


def read_all(path: Path, data: bytes, page_bytes: int = 2**20) -> list[Item]:
    """Everything in one split, without the Extent."""
    (items,) = read_splits(dump_at(path, data, page_bytes))
    assert isinstance(items[-1], Extent)
    return items[:-1]


def bodies(items: Sequence[Item]) -> list[bytes]:
    return [item.body for item in items if isinstance(item, Page)]


def rejects(items: Sequence[Item]) -> list[Reject]:
    return [item for item in items if isinstance(item, Reject)]


def kinds(items: Sequence[Item]) -> list[str]:
    return [item.kind for item in items if isinstance(item, Skip)]
