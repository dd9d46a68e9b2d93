"""Members of a WARC file (gzip members, zstd frames), or a plain file, as streams of inflated bytes.

A WARC writer compresses every record on its own. That makes a file of any size splittable, and lets a reader step over
damage: from any offset the next member is found by its magic number and by what its first inflated bytes are.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

import zstandard

from builder.dumps.inflate import DamageError, inflate_frame, up_to_damage
from builder.dumps.magic import GZIP_DEFLATE, ZSTD, ZSTD_SKIPPABLE
from builder.errors import UnreadableError

_READ_BYTES = 64 * 1024
_INFLATED = 16 * _READ_BYTES  # bytes given out at once, so that a bomb inflates piece by piece
PLAIN_START = re.compile(rb"WARC/\d\.\d+\r?\n")
"""How a record begins, once inflated."""
_LARGEST_DICTIONARY = 64 * 2**20
_SOUGHT = 16 * 2**20  # bytes in which a compression is sought where the first ones are damaged

MemberCompression = Literal["gzip", "zstd", "none"]
MAGIC: Mapping[MemberCompression, bytes] = {"gzip": GZIP_DEFLATE, "zstd": ZSTD, "none": b"WARC/"}
"""How a record begins in a file of each compression."""


@dataclass(frozen=True, slots=True)
class MemberFile:
    """An open dump, how it is compressed, its size, and the dictionary that its zstd frames share."""

    file: BinaryIO
    compression: MemberCompression
    size: int
    dictionary: zstandard.ZstdCompressionDict | None = None

    def inflater(self) -> Any:
        """A fresh decompressor for one member; None for a plain file."""
        if self.compression == "gzip":
            return zlib.decompressobj(zlib.MAX_WBITS | 16)
        if self.compression == "zstd":
            return zstandard.ZstdDecompressor(dict_data=self.dictionary).decompressobj()
        return None


def open_members(file: BinaryIO, accept: Callable[[Stream], bool]) -> MemberFile:
    """Recognise the compression by the first bytes, and read the dictionary of a `.warc.zst` where it has one.

    Where they are damaged, the compression is that of the first member that `accept` takes.

    Raises:
        UnreadableError: a dictionary that cannot be used.

    """
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(8)
    if ZSTD_SKIPPABLE.match(head):
        content = _dictionary(file.read(min(int.from_bytes(head[4:8], "little"), _LARGEST_DICTIONARY)))
        return MemberFile(file, "zstd", size, _usable(content) if content else None)
    forms = [MemberFile(file, form, size) for form in MAGIC]
    named = next((members for members in forms if head.startswith(MAGIC[members.compression])), forms[-1])
    if accept(Stream(named, 0)):
        return named
    # plain comes last: a record that a member stores as it is looks like one of a plain file
    found = (members for members in forms if find_member(members, 0, min(size, _SOUGHT), accept) is not None)
    return next(found, named)


def _dictionary(content: bytes) -> bytes:
    """The dictionary as it is used; it may be compressed itself."""
    if not content.startswith(ZSTD):
        return content
    try:
        with zstandard.ZstdDecompressor().stream_reader(content) as reader:
            return reader.read(_LARGEST_DICTIONARY)
    except zstandard.ZstdError as error:
        raise UnreadableError(f"its zstd dictionary cannot be read: {error}") from error


def _usable(content: bytes) -> zstandard.ZstdCompressionDict:
    dictionary = zstandard.ZstdCompressionDict(content)
    try:
        zstandard.ZstdDecompressor(dict_data=dictionary).decompressobj()
    except zstandard.ZstdError as error:
        raise UnreadableError(f"its zstd dictionary cannot be used: {error}") from error
    return dictionary


class Stream:
    """The inflated bytes of the member at `offset`, read forward; of a plain file everything from `offset` on.

    A class because a decompressor, a buffer and a position move together. `end` is the file offset after the member,
    known once it has been inflated to its end (which is where its checksum is verified). With `begins`, which tells
    members that begin a record, `reach` and `skip` go on into those that begin none; `member` is the one at hand.
    """

    __slots__ = (
        "_begins", "_blocks", "_compression", "_failure", "_file", "_inflater", "_members", "_next", "_pending",
        "buffer", "end", "member", "position",
    )  # fmt: skip

    def __init__(self, members: MemberFile, offset: int, begins: Callable[[Stream], bool] | None = None) -> None:
        self._members = members
        self._begins = begins
        self.member = offset
        self._file = members.file
        self._compression = members.compression
        self._inflater = members.inflater()
        self._next = offset  # file offset of the bytes not yet read
        self._blocks: Iterator[bytes] | None = None  # of a zstd frame
        self._pending = b""  # read, but not yet inflated
        self._failure: DamageError | None = None  # met, but what was inflated before it is not used up
        self.buffer = bytearray()
        self.position = 0  # inflated bytes consumed
        self.end: int | None = None

    def fill(self, size: int) -> bool:
        """Have at least `size` bytes in the buffer; False where the member ends before.

        Raises:
            DamageError: corrupt or cut compressed data.

        """
        while len(self.buffer) < size and self.end is None:
            self._read_on()
        return len(self.buffer) >= size

    def reach(self, size: int) -> bool:
        """As `fill`, but a record that does not end with its member is read on in the next."""
        while not self.fill(size):
            if not self._go_on():
                return False
        return True

    def _go_on(self) -> bool:
        """To the member that follows; False where none does, or it begins a record."""
        if self._begins is None or self._inflater is None or self.end is None:
            return False
        following = step_over(self._members, self.end)
        magic = MAGIC[self._compression]
        self._file.seek(following)
        if self._file.read(len(magic)) != magic or self._begins(Stream(self._members, following)):
            return False
        self.member = self._next = following
        self._inflater, self._blocks, self._pending, self.end = self._members.inflater(), None, b"", None
        return True

    def _read_on(self) -> None:
        if self._failure is not None:
            raise self._failure
        if self._compression == "zstd":
            self._read_block()
            return
        data = self._pending or self._read(_READ_BYTES)
        if self._inflater is None:
            self.buffer += data
            if not data:
                self.end = self._next
            return
        inflated = self.position + len(self.buffer)
        if not data:
            raise DamageError("truncated", f"the file ends inside the member ({inflated} bytes inflated)")
        before = self._inflater.copy()
        try:
            self.buffer += self._inflater.decompress(data, _INFLATED)
            self._pending = self._inflater.unconsumed_tail
        except zlib.error as error:
            self.buffer += b"".join(up_to_damage(before, data))  # zlib drops what a failed call had inflated
            self._failure = DamageError("damaged", f"{error} after {self.position + len(self.buffer)} inflated bytes")
        if self._inflater.eof:
            self.end = self._next - len(self._inflater.unused_data)

    def _read_block(self) -> None:
        """The next block of a zstd frame: a few bytes may inflate to 128 KiB, so blocks are taken one by one."""
        inflated = self.position + len(self.buffer)
        if self._blocks is None:
            magic = self._read(4)
            if magic != ZSTD:
                raise DamageError("truncated" if ZSTD.startswith(magic) else "damaged", "no zstd frame begins here")
            self._blocks = inflate_frame(self._read, self._inflater)
        try:
            block = next(self._blocks, None)
        except DamageError as error:
            raise DamageError(error.code, f"{error} after {inflated} inflated bytes") from error
        if block is None:
            self.end = self._next
        else:
            self.buffer += block

    def _read(self, size: int) -> bytes:
        self._file.seek(self._next)
        data = self._file.read(size)
        self._next += len(data)
        return data

    def take(self, size: int) -> bytes:
        """Consume `size` bytes that `fill` has made sure of."""
        out = bytes(self.buffer[:size])
        del self.buffer[:size]
        self.position += size
        return out

    def skip(self, size: int) -> int:
        """Consume up to `size` bytes without holding them; how many there were."""
        left = size
        while left and self.reach(1):
            step = min(left, len(self.buffer))
            del self.buffer[:step]
            self.position += step
            left -= step
        return size - left


def step_over(members: MemberFile, position: int) -> int:
    """Past skippable zstd frames, blank lines of a plain file, and zeros that a file system padded the file with."""
    while position < members.size:
        members.file.seek(position)
        data = members.file.read(16)
        if members.compression == "zstd" and ZSTD_SKIPPABLE.match(data):
            after = position + 8 + int.from_bytes(data[4:8], "little")
            if not _may_end(members, after):
                break  # its length is damaged: what it would pass over may be records
            position = after
            continue
        kept = data.lstrip(b"\0" if members.compression != "none" else b"\0\r\n")
        position += len(data) - len(kept)
        if kept:
            break
    return min(position, members.size)


def _may_end(members: MemberFile, position: int) -> bool:
    """Whether a zstd frame may end here: another begins, or zeros, or the file ends."""
    members.file.seek(position)
    follows = members.file.read(4)
    return position <= members.size and (
        MAGIC["zstd"].startswith(follows) or ZSTD_SKIPPABLE.match(follows) is not None or not any(follows)
    )


def find_member(members: MemberFile, start: int, stop: int, accept: Callable[[Stream], bool]) -> int | None:
    """Offset of the first member that begins in [start, stop) and whose inflated beginning `accept` takes."""
    position = start
    while position < stop:
        members.file.seek(position)
        data = members.file.read(min(16 * _READ_BYTES, stop - position + 16))
        for candidate in _candidates(members.compression, data):
            if position + candidate >= stop:
                return None
            if accept(Stream(members, position + candidate)):
                return position + candidate
        if position + len(data) >= min(stop, members.size):
            return None
        position += max(len(data) - 16, 1)  # a magic number may lie across two reads
    return None


def _candidates(compression: MemberCompression, data: bytes) -> list[int]:
    if compression == "none":
        return [match.start() for match in PLAIN_START.finditer(data)]
    magic = MAGIC[compression]
    found, at = [], data.find(magic)
    while at >= 0:
        found.append(at)
        at = data.find(magic, at + 1)
    return found
