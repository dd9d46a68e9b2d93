"""Files as the bytes that they hold, whatever they are compressed with; and splits of streams with no way in.

Compression is recognised by content, never by name: gzip (all members), zstd (all frames, skippable ones passed over),
bz2 and xz (all streams). Inflation is bounded: a chunk is 1 MiB at most, however far a bomb would swell.

A compressed stream cannot be entered in the middle. Its splits are *strides*: every one inflates the whole stream and
takes the records of every n-th block of 64, so that work shared by n tasks costs n inflations but one extraction.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from types import TracebackType
from typing import Literal, Protocol, TypeAlias

from builder.dumps.inflate import INFLATE, Compression, DamageError
from builder.dumps.magic import GZIP_DEFLATE, XZ, ZSTD, ZSTD_SKIPPABLE
from builder.records import Dump, Split
from builder.storage.place import Place, place_of
from builder.storage.ranges import Ranges

BLOCK_RECORDS = 64
MOST_STRIDES = 8

_SKIPPED = 64 * 2**10

_BZ2_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")  # a first block, and the end mark of an empty stream


class StreamError(DamageError):
    """A compressed stream ends early or is corrupt. All bytes before `offset`, counted decompressed, were delivered.

    Not an OSError, which would mean that the disk or the store failed.
    """

    def __init__(self, code: Literal["truncated", "damaged"], message: str, offset: int) -> None:
        super().__init__(code, message)
        self.offset = offset


class Readable(Protocol):
    """What can be inflated: `read(n)` gives n bytes, fewer only at the end."""

    def read(self, n: int, /) -> bytes:
        """Return the next n bytes, fewer only at the end."""
        ...


class Inflated:
    """The bytes of a compressed stream, forward only.

    `read` and `readline` give less than was asked for only at the end or before damage; the call after that
    returns b"" or raises StreamError.
    """

    def __init__(self, source: Readable, compression: Compression) -> None:
        self._source = source
        self._chunks = INFLATE[compression](source.read)
        self._buffer = b""
        self._at = 0
        self._base = 0
        self._failure: StreamError | None = None

    def _fill(self) -> bool:
        """Replace the used-up buffer by the next chunk; False when there is none, be it the end or damage."""
        if self._failure is not None:
            return False
        self._base += len(self._buffer)
        self._buffer, self._at = b"", 0
        try:
            self._buffer = next(self._chunks, b"")
        except DamageError as error:
            self._failure = StreamError(error.code, str(error), self._base)
        return bool(self._buffer)

    def _take(self, most: int) -> bytes:
        piece = self._buffer[self._at : self._at + most]
        self._at += len(piece)
        return piece

    def _delivered(self, pieces: list[bytes]) -> bytes:
        if not pieces and self._failure is not None:
            raise self._failure
        return b"".join(pieces)

    def read(self, n: int, /) -> bytes:
        """Return the next n bytes, fewer only at the end or before damage."""
        pieces: list[bytes] = []
        while n > 0 and (self._at < len(self._buffer) or self._fill()):
            pieces.append(self._take(n))
            n -= len(pieces[-1])
        return self._delivered(pieces) if n else b"".join(pieces)

    def readline(self, limit: int, /) -> bytes:
        """Return the next line with its newline, or `limit` bytes of it."""
        pieces: list[bytes] = []
        while limit > 0 and (self._at < len(self._buffer) or self._fill()):
            newline = self._buffer.find(b"\n", self._at, self._at + limit)
            pieces.append(self._take(limit if newline < 0 else newline + 1 - self._at))
            limit -= len(pieces[-1])
            if newline >= 0:
                break
        return self._delivered(pieces)

    def tell(self) -> int:
        """Return the number of bytes delivered."""
        return self._base + self._at

    def close(self) -> None:
        """Close what is read from, where it can be closed."""
        close = getattr(self._source, "close", None)
        if close is not None:
            close()

    def __enter__(self) -> Inflated:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


Source: TypeAlias = io.BufferedReader | Inflated


class _Rest:
    """A stream of which the first bytes have been read already."""

    def __init__(self, head: bytes, source: Readable) -> None:
        self._head = head
        self._source = source

    def read(self, n: int, /) -> bytes:
        piece, self._head = self._head[:n], self._head[n:]
        return piece + self._source.read(n - len(piece)) if len(piece) < n else piece


def compression_by(head: bytes) -> Compression:
    """Return the compression that the first 10 bytes of a file announce.

    >>> compression_by(b"BZh91AY&SY"), compression_by(b"BZh9 is not bzip2"), compression_by(b"")
    ('bz2', 'none', 'none')
    """
    if head.startswith(GZIP_DEFLATE):
        return "gzip"
    if head.startswith(ZSTD) or ZSTD_SKIPPABLE.match(head):
        return "zstd"
    if head.startswith(b"BZh") and head[4:10] in _BZ2_BLOCKS:
        return "bz2"
    return "xz" if head.startswith(XZ) else "none"


def _place(path: str | Place) -> Place:
    return place_of(path) if isinstance(path, str) else path


def compression_of(path: str | Place) -> Compression:
    """Return what the file is compressed with, by its first bytes.

    Raises:
        OSError: the disk or the store failed.

    """
    with _place(path).open("rb") as file:
        return compression_by(file.read(10))


def open_stream(path: str | Place) -> Source:
    """Open a file for reading the bytes that it holds: a plain one as it is, a compressed one as Inflated.

    Both have `read`, `readline`, `tell`, `close` and are context managers; only a plain one can seek.
    Opening raises OSError; reading an Inflated one raises StreamError where it ends early or is corrupt.
    """
    file = _place(path).open("rb")
    compression = compression_by(file.peek(10)[:10])
    return file if compression == "none" else Inflated(file, compression)


def inflated(source: Readable) -> Inflated:
    """Return the bytes that a stream holds, whatever its first bytes say that it is compressed with, if anything."""
    head = source.read(10)
    return Inflated(_Rest(head, source), compression_by(head))


def skip(source: Source, count: int) -> int:
    """Go `count` bytes forward; return how many there were. Seeks where it can, else inflates and drops."""
    if isinstance(source, io.BufferedReader):
        at = source.tell()
        there = min(count, max(0, _size(source) - at))
        source.seek(at + there)
        return there
    left = count
    while left and (piece := source.read(min(left, _SKIPPED))):
        left -= len(piece)
    return count - left


def _size(source: io.BufferedReader) -> int:
    raw = source.raw
    return raw.size if isinstance(raw, Ranges) else os.fstat(source.fileno()).st_size


def even_parts(size: int, n: int) -> Iterator[tuple[int, int]]:
    """Cut [0, size) into n ranges of nearly the same length.

    >>> list(even_parts(10, 3))
    [(0, 3), (3, 6), (6, 10)]
    """
    for i in range(n):
        yield size * i // n, size * (i + 1) // n


def cut_stream(dump: Dump, target: int) -> list[Split]:
    """Return the splits of a compressed dump: strides over the whole, one for every `2 * target` bytes, 8 at most."""
    n = min(max(dump.size // (2 * target), 1), MOST_STRIDES)
    parts = even_parts(dump.size, n)
    return [Split(dump, 0, dump.size, high - low, stride=(i, n)) for i, (low, high) in enumerate(parts)]


def in_stride(ordinal: int, stride: tuple[int, int]) -> bool:
    """Tell whether the record of this number (from 0) is one of the stride's.

    >>> [in_stride(n, (1, 2)) for n in (0, 63, 64, 127, 128)]
    [False, False, True, True, False]
    """
    return ordinal // BLOCK_RECORDS % stride[1] == stride[0]
