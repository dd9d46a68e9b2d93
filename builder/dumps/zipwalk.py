"""A zip without a readable central directory: its members by their own headers, and a directory made of them.

Where a header does not know the size of its data (it stands behind them), deflated data are inflated to their end and
others are searched for the descriptor that fits. What is no member is a hole with its range.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from builder.dumps.values import Hole
from builder.dumps.zipnames import unicode_path

_LOCAL, _CENTRAL, _DESCRIPTOR, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x07\x08", b"PK\x05\x06"
_HEADER = struct.Struct("<4s5H3L2H")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_BEHIND = 0x8  # flag: sizes and checksum stand behind the data
_DEFLATED = 8
_BIG = 0xFFFFFFFF
_VERSION = 45  # of the format: with zip64
_CHUNK = 2**16
_END_64 = b"PK\x06\x06"
_LOCATOR_64 = 20  # bytes: where the record before it stands
_NO_COMMENT = 22  # bytes of the end record without its comment


class Member(NamedTuple):
    """A member as its local header has it; sizes and checksum from behind the data where they stand there."""

    offset: int
    flags: int
    method: int
    time: int
    date: int
    crc: int
    stored: int
    """Bytes of its data in the file."""
    size: int
    """Bytes of its content."""
    name: bytes
    unicode_path: bytes
    """The extra field that says what the name is in Unicode; empty where none does."""
    end: int
    """Where its data, and their descriptor, end."""


def walk_zip(file: BinaryIO, size: int) -> Iterator[Member | Hole]:
    """Yield members and the holes between them; at last one for what a central directory should have been.

    Or for what stands behind one that is whole, which zipfile seeks from the end and may not find.
    """
    at = 0
    while at < size:
        member = _member(file, at, size)
        if member is not None:
            yield member
            at = member.end
            continue
        file.seek(at)
        head = file.read(4)
        found = size if head in (_CENTRAL, _END) else _search(file, at + 1, size, _LOCAL)
        if found == size:
            break
        yield Hole(at, found - at, "damaged", "no member of the zip begins here, or its data have no end")
        at = found
    end = _end_of_zip(file, at, size)
    if end is None:
        yield Hole(at, size - at, "truncated", "the zip ends without a readable central directory")
    elif not _is_padding(file, end, size):
        yield Hole(end, size - end, "damaged", "other bytes behind the end of the zip")


def _end_of_zip(file: BinaryIO, at: int, size: int) -> int | None:
    """Where the zip ends whose central directory begins at `at`; None where that is not whole."""
    count = 0
    while (head := _read_at(file, at, _ENTRY.size)).startswith(_CENTRAL) and len(head) == _ENTRY.size:
        at += _ENTRY.size + sum(struct.unpack_from("<3H", head, 28))
        count += 1
    if head.startswith(_END_64) and len(head) > 12:
        at += 12 + struct.unpack_from("<Q", head, 4)[0] + _LOCATOR_64
        head = _read_at(file, min(at, size), _ENTRY.size)
    if not head.startswith(_END) or len(head) < _NO_COMMENT:
        return None
    stated, comment = struct.unpack_from("<H", head, 10)[0], struct.unpack_from("<H", head, 20)[0]
    end = at + _NO_COMMENT + int(comment)
    return end if stated == min(count, 0xFFFF) and end <= size else None


def _read_at(file: BinaryIO, at: int, size: int) -> bytes:
    file.seek(at)
    return file.read(size)


def _is_padding(file: BinaryIO, at: int, size: int) -> bool:
    """Whether no byte stands from `at` on, or none that is not zero."""
    return not any(_read_at(file, place, _CHUNK).strip(b"\0") for place in range(at, size, _CHUNK))


def _member(file: BinaryIO, at: int, size: int) -> Member | None:
    """The member whose header stands at `at`; None where there is none or it does not end in the file."""
    file.seek(at)
    head = file.read(_HEADER.size)
    if len(head) < _HEADER.size or not head.startswith(_LOCAL):
        return None
    _, _, flags, method, time, date, crc, stored, content, name_bytes, extra_bytes = _HEADER.unpack(head)
    name, extra = file.read(name_bytes), file.read(extra_bytes)
    is_long = False
    if len(extra) >= 20 and extra.startswith(b"\x01\x00"):  # zip64: the sizes stand here
        is_long = True
        content, stored = struct.unpack_from("<2Q", extra, 4)
    begin = at + _HEADER.size + name_bytes + extra_bytes
    if begin > size:
        return None
    if flags & _BEHIND and not stored:
        described = _described(file, begin, size, method, is_long=is_long)
        if described is None:
            return None
        crc, stored, content, end = described
    else:
        end = begin + stored
    called, _ = unicode_path(extra, name)
    return Member(at, flags, method, time, date, crc, stored, content, name, called, end) if end <= size else None


def _described(
    file: BinaryIO, begin: int, size: int, method: int, *, is_long: bool
) -> tuple[int, int, int, int] | None:
    """Checksum, stored and inflated size of data that begin at `begin`, from their descriptor, and where it ends."""
    form = struct.Struct("<L2Q" if is_long else "<3L")
    at = _end_of_deflated(file, begin) if method == _DEFLATED else begin
    while at is not None and at < size:
        if method != _DEFLATED:
            at = _search(file, at, size, _DESCRIPTOR)
        file.seek(at)
        data = file.read(4 + form.size)
        data = data[4:] if data.startswith(_DESCRIPTOR) else data[: form.size]
        if len(data) == form.size and form.unpack(data)[1] == at - begin:
            crc, stored, content = form.unpack(data)
            file.seek(at)
            return crc, stored, content, at + form.size + (4 if file.read(4) == _DESCRIPTOR else 0)
        if method == _DEFLATED:
            return None
        at += 1
    return None


def _end_of_deflated(file: BinaryIO, begin: int) -> int | None:
    """Where deflated data that begin at `begin` end; None where they do not."""
    inflater = zlib.decompressobj(-15)
    file.seek(begin)
    fed = begin
    try:
        while not inflater.eof and (piece := inflater.unconsumed_tail or file.read(_CHUNK)):
            if not inflater.unconsumed_tail:
                fed += len(piece)
            inflater.decompress(piece, 2**20)
    except zlib.error:
        return None
    return fed - len(inflater.unused_data) if inflater.eof else None


def _search(file: BinaryIO, at: int, size: int, wanted: bytes) -> int:
    """Where `wanted` stands next, from `at` on; `size` where it does not."""
    before = b""
    file.seek(at)
    while piece := file.read(_CHUNK):
        window = before + piece
        if (place := window.find(wanted)) >= 0:
            return at - len(before) + place
        at += len(piece)
        before = window[-(len(wanted) - 1) :]
    return size


def directory(members: Sequence[Member], at: int) -> bytes:
    """The central directory of some members, as it would stand at `at`."""
    entries = b"".join(map(_entry, members))
    count, size = len(members), len(entries)
    end = b""
    if count >= 0xFFFF or at + size >= _BIG:
        end = struct.pack("<4sQ2H2L4Q", _END_64, 44, 45, 45, 0, 0, count, count, size, at)
        end += struct.pack("<4sLQL", b"PK\x06\x07", 0, at + size, 1)
    most = min(count, 0xFFFF)
    return entries + end + struct.pack("<4s4H2LH", _END, 0, 0, most, most, min(size, _BIG), min(at, _BIG), 0)


def _entry(member: Member) -> bytes:
    large = (member.size, member.stored, member.offset)
    extra = b"" if max(large) < _BIG else struct.pack("<2H3Q", 1, 24, *large)
    size, stored, offset = (_BIG,) * 3 if extra else large
    extra += member.unicode_path
    head = _ENTRY.pack(
        _CENTRAL, _VERSION, _VERSION, member.flags, member.method, member.time, member.date, member.crc,
        stored, size, len(member.name), len(extra), 0, 0, 0, 0, offset,
    )  # fmt: skip
    return head + member.name + extra


class Joined(io.RawIOBase):
    """A file with bytes put behind its end, for readers that want one file."""

    def __init__(self, file: BinaryIO, size: int, tail: bytes) -> None:
        self._file, self._size, self._tail, self._at = file, size, tail, 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """As files do."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size + len(self._tail)}[whence]
        if base + offset < 0:
            raise OSError(22, "Invalid argument")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        """As files do."""
        return self._at

    def read(self, n: int = -1, /) -> bytes:
        """As files do."""
        whole = self._size + len(self._tail)
        stop = whole if n < 0 else min(self._at + n, whole)
        piece = b""
        if self._at < min(stop, self._size):
            self._file.seek(self._at)
            piece = self._file.read(min(stop, self._size) - self._at)
        if stop > self._size:
            piece += self._tail[max(self._at - self._size, 0) : stop - self._size]
        self._at += len(piece)
        return piece

    def close(self) -> None:
        """Close the file as well."""
        self._file.close()
        super().close()
