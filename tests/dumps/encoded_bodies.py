"""A body in every content encoding."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import brotli
import zstandard

LIMIT = 10**6
HTML = b"<html><title>Ferry late</title><p>" + b"The ferry is late today, as it was on Monday. " * 40 + b"</html>"


def zst(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


ENCODE: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "x-gzip": lambda data: gzip.compress(data, mtime=0),
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zst,
}
