"""Bounded inflation: compressed bytes in, chunks of the bytes that they hold out, 1 MiB at most at a time.

Each function takes the `read(n)` of what is to be inflated (n bytes, fewer only at the end) and yields chunks.
It raises DamageError where the data ends early or is corrupt, after all that could be inflated before that point:
for gzip to the byte, for zstd to the block, for bz2 and xz to within 64 KiB (their decoders give back nothing of a
failed call).
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Literal, TypeAlias

import zstandard

from builder.dumps.magic import GZIP, XZ, ZSTD, ZSTD_SKIPPABLE

Compression: TypeAlias = Literal["none", "gzip", "zstd", "bz2", "xz"]
Read: TypeAlias = Callable[[int], bytes]

CHUNK = 2**20
_SLICE = 64 * 2**10
_SMALL_SLICE = 256  # of bz2 and xz: what of a failed call is lost is what this much input gives
_XZ_MEMORY = 256 * 2**20
_ZSTD_BLOCK = 128 * 2**10


class DamageError(Exception):
    """Data ends early (`truncated`) or is corrupt (`damaged`): reject codes both."""

    def __init__(self, code: Literal["truncated", "damaged"], message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message


def inflate_none(read: Read) -> Iterator[bytes]:
    """Yield plain bytes as they are."""
    while chunk := read(CHUNK):
        yield chunk


def inflate_gzip(read: Read) -> Iterator[bytes]:
    """Yield the content of all members. Zero bytes after a member are padding."""
    data = read(_SLICE)
    while data:
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        while not member.eof:
            # zlib drops what a failed call had inflated; the copy is there to get at it byte by byte
            before = member.copy()
            try:
                chunk = member.decompress(data, CHUNK)
            except zlib.error as error:
                yield from up_to_damage(before, data)
                raise DamageError("damaged", f"the gzip data is corrupt: {error}") from None
            if chunk:
                yield chunk
            data = member.unconsumed_tail
            if not data and not member.eof and not (data := read(_SLICE)) and not chunk:
                raise DamageError("truncated", "the gzip data ends early")
        data = _next_stream(member.unused_data, read, _SLICE, GZIP)


def up_to_damage(member: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """Yield what can be inflated of data on which a call of `decompress` failed; `member` as it was before the call."""
    for i in range(len(data)):
        try:
            chunk = member.decompress(data[i : i + 1])
        except zlib.error:
            return
        if chunk:
            yield chunk


def _next_stream(data: bytes, read: Read, size: int, magic: bytes) -> bytes:
    """Return what comes after zero bytes, b"" at the end; anything but a further stream is damage."""
    while not (data := data.lstrip(b"\0")):
        if not (data := read(size)):
            break
    if not magic.startswith(data[: len(magic)]):
        raise DamageError("damaged", "other bytes follow the end of the compressed data")
    return data


def inflate_bz2(read: Read) -> Iterator[bytes]:
    """Yield the content of all bzip2 streams."""
    return _inflate_streams(read, bz2.BZ2Decompressor, b"BZh")


def inflate_xz(read: Read) -> Iterator[bytes]:
    """Yield the content of all xz streams. One that wants a dictionary of more than 256 MiB counts as damaged."""
    return _inflate_streams(read, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY), XZ)


def _inflate_streams(
    read: Read, new: Callable[[], bz2.BZ2Decompressor | lzma.LZMADecompressor], magic: bytes
) -> Iterator[bytes]:
    data = read(_SMALL_SLICE)
    while data:
        stream = new()
        while not stream.eof:
            try:
                chunk = stream.decompress(data, _SLICE)
            except (OSError, lzma.LZMAError, ValueError, EOFError) as error:
                raise DamageError("damaged", f"the compressed data is corrupt: {error}") from None
            if chunk:
                yield chunk
            data = read(_SMALL_SLICE) if stream.needs_input and not stream.eof else b""
            if not data and not chunk and not stream.eof:
                raise DamageError("truncated", "the compressed data ends early")
        data = _next_stream(stream.unused_data, read, _SMALL_SLICE, magic)


def inflate_zstd(read: Read) -> Iterator[bytes]:
    """Yield the content of all frames."""
    while magic := read(4):
        if ZSTD_SKIPPABLE.match(magic):
            left = int.from_bytes(_exactly(read, 4), "little")
            while left:
                left -= len(_exactly(read, min(left, CHUNK)))
        elif magic == ZSTD:
            yield from inflate_frame(read, zstandard.ZstdDecompressor().decompressobj())
        elif ZSTD.startswith(magic):
            raise DamageError("truncated", "the zstd data ends early")
        else:
            raise DamageError("damaged", "bytes that are no zstd frame follow the last one")


def inflate_frame(read: Read, decoder: zstandard.ZstdDecompressionObj) -> Iterator[bytes]:
    """Yield a frame, whose magic number has been read, block by block.

    The library has no bound on what one call may return; a block has one (128 KiB).
    """
    head = _exactly(read, 1)
    descriptor = head[0]
    single, has_checksum = descriptor >> 5 & 1, descriptor >> 2 & 1
    dictionary_bytes = (0, 1, 2, 4)[descriptor & 3]
    size_bytes = (single, 2, 4, 8)[descriptor >> 6]
    head += _exactly(read, (1 - single) + dictionary_bytes + size_bytes)
    yield from _decode(decoder, ZSTD + head)
    is_last = 0
    while not is_last:
        block = _exactly(read, 3)
        bits = int.from_bytes(block, "little")
        is_last, kind, size = bits & 1, bits >> 1 & 3, bits >> 3
        if kind == 3 or size > _ZSTD_BLOCK:
            raise DamageError("damaged", "the zstd data is corrupt: no valid block")
        yield from _decode(decoder, block + _exactly(read, 1 if kind == 1 else size))
    if has_checksum:
        yield from _decode(decoder, _exactly(read, 4))


def _decode(decoder: zstandard.ZstdDecompressionObj, data: bytes) -> Iterator[bytes]:
    try:
        chunk = decoder.decompress(data)
    except zstandard.ZstdError as error:
        raise DamageError("damaged", f"the zstd data is corrupt: {error}") from None
    if chunk:
        yield chunk


def _exactly(read: Read, n: int) -> bytes:
    data = read(n)
    if len(data) < n:
        raise DamageError("truncated", "the zstd data ends early")
    return data


INFLATE: Mapping[Compression, Callable[[Read], Iterator[bytes]]] = {
    "none": inflate_none,
    "gzip": inflate_gzip,
    "zstd": inflate_zstd,
    "bz2": inflate_bz2,
    "xz": inflate_xz,
}
"""Compression -> the function that undoes it."""
