"""The digests that a WARC record bears of its block and of its payload, held against the bytes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

from builder.dumps.http import dechunk, parse_headers
from builder.dumps.magic import BLANK_LINE
from builder.errors import PageError

_ALGORITHMS = ("sha1", "sha256", "sha512", "md5")


def check_digests(head: Mapping[str, str], block: bytes) -> None:
    """Hold a record to its WARC-Block-Digest and, where its block is an HTTP response, its WARC-Payload-Digest.

    A payload is taken with its chunks or without, for writers differ. A digest by an unknown algorithm says nothing.

    Raises:
        PageError: bad_digest.

    """
    payload = BLANK_LINE.search(block) if block.startswith(b"HTTP/") else None
    body = block[payload.end() :] if payload else block
    chunked = payload and "chunked" in parse_headers(block[: payload.start()]).get("transfer-encoding", "").lower()
    forms = {"warc-block-digest": (block,), "warc-payload-digest": (body, dechunk(body)[0]) if chunked else (body,)}
    for name, contents in forms.items():
        algorithm, _, stated = head.get(name, "").partition(":")
        algorithm = algorithm.strip().lower().replace("-", "")
        if algorithm in _ALGORITHMS and not any(_is_digest(stated.strip(), algorithm, one) for one in contents):
            raise PageError("bad_digest", f"{name} is {stated.strip()[:80]!r}, which the bytes do not give")


def _is_digest(stated: str, algorithm: str, content: bytes) -> bool:
    """Written in base 32, as most do, or in hexadecimal."""
    digest = hashlib.new(algorithm, content, usedforsecurity=False)
    base32 = base64.b32encode(digest.digest()).decode()
    return stated.upper().rstrip("=") == base32.rstrip("=") or stated.lower() == digest.hexdigest()
