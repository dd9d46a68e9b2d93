"""The members of a tar stream, header by header, forward only; damage is stepped over, never passed over in silence.

`tarfile` ends at the first header that it cannot read as if the archive ended there, and allocates what a header asks
for. So the walk is our own and only the 512 bytes of a header are read by it. Known: ustar, old tar, GNU long names,
pax `path` and `size`. Not supported: sparse members (reported as damaged) and global pax headers (passed over).
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from builder.dumps.streams import Source, skip
from builder.dumps.values import Hole

BLOCK = tarfile.BLOCKSIZE
_EXTENSION_BYTES = 2**20
_ZEROS = bytes(BLOCK)
_EXTENSIONS = (b"L", b"K", b"x", b"X", b"g")
_REST, _LISTED, _LABEL = b"M", b"D", b"V"
"""Types of GNU tar: the rest of a member of the volume before, the list of a folder, the archive's label."""


class Member(NamedTuple):
    """A member; the stream stands at the beginning of its data when the walk yields it."""

    start: int
    """Where its first header block begins, that of a long name included."""
    data: int
    size: int
    name: bytes
    kind: bytes
    """Type flag of its header."""

    @property
    def stored(self) -> int:
        """Bytes of its data in the archive: a link may state a size and has none."""
        return self.size if self._has_data else 0

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file, with `size` bytes of data."""
        return self._has_data and not (self.is_rest or self.is_folder)

    @property
    def is_rest(self) -> bool:
        """Whether it begins in another volume of the archive."""
        return self.kind == _REST

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder, or what is said of a folder or of the archive."""
        return self.kind in (tarfile.DIRTYPE, _LISTED, _LABEL)

    @property
    def _has_data(self) -> bool:
        return self.kind in tarfile.REGULAR_TYPES or self.kind not in tarfile.SUPPORTED_TYPES


class End(NamedTuple):
    """Last of the walk: where the next member begins, or the archive ends."""

    at: int


Step: TypeAlias = Member | Hole | End


class _BadHeaderError(Exception):
    """A block that should be a header and is none, or one that is not supported."""


class _EarlyEndError(Exception):
    """The stream ends inside a header or what belongs to it."""


def walk(source: Source, start: int, end: int | None) -> Iterator[Step]:
    """Yield the members that begin in [start, end) and the holes between them, then End; `end` None is the end of all.

    `source` stands at `start`, where a header begins. Between two steps the caller may read the member's data.
    What follows an end mark is read on (archives that were concatenated).

    Raises:
        StreamError, OSError: as the source.

    """
    at, is_ended = start, False
    block = source.read(BLOCK)
    while block and (end is None or at < end):
        is_ended = block == _ZEROS
        if is_ended:
            at += BLOCK
            block = source.read(BLOCK)
            continue
        try:
            member = _read_member(source, at, block)
        except _EarlyEndError:
            hole = Hole(at, source.tell() - at, "truncated", "the archive ends inside a header")
        except _BadHeaderError as error:
            block = _next_header(source)
            hole = Hole(at, source.tell() - len(block) - at, "damaged", f"no header of a member: {error}")
        else:
            yield member
            if _leave(source, member):
                at = source.tell()
                block = source.read(BLOCK)
                continue
            hole = Hole(member.start, source.tell() - member.start, "truncated", "the archive ends inside a member")
        yield hole
        at = hole.start + hole.length
        if hole.code == "truncated" or not block:
            is_ended, block = True, b""  # the hole reaches to the end: nothing more to say of it
    if not block and not is_ended and (end is None or at < end):
        yield Hole(at, 0, "truncated", "the archive ends without its end mark")
    yield End(at)


def _leave(source: Source, member: Member) -> bool:
    """Go to the block after the member's data; False where the stream ends inside the data."""
    end_of_data = member.data + member.stored
    skip(source, end_of_data - source.tell())
    is_whole = source.tell() >= end_of_data
    skip(source, -(end_of_data - member.data) % BLOCK)
    return is_whole


def _next_header(source: Source) -> bytes:
    """Read block by block up to one that is a header; return it, or b"" at the end of the stream."""
    while len(block := source.read(BLOCK)) == BLOCK:
        if block[257:262] == b"ustar":
            try:
                _parse(block)
            except _BadHeaderError:
                continue
            return block
    return b""


def is_header(block: bytes) -> bool:
    """Whether a block is a header by its checksum: that of an archive older than ustar, or a label, has no magic."""
    try:
        return bool(_parse(block))
    except _BadHeaderError:
        return False


def _parse(block: bytes) -> tarfile.TarInfo:
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError) as error:
        raise _BadHeaderError(str(error)) from None
    if info.size < 0:
        raise _BadHeaderError("a negative size")
    return info


def _read_member(source: Source, at: int, block: bytes) -> Member:
    """Return the member whose first header block, at `at`, has been read."""
    told: dict[bytes, bytes] = {}
    while True:
        if len(block) < BLOCK:
            raise _EarlyEndError
        info = _parse(block)
        if info.type not in _EXTENSIONS:
            break
        told |= _read_extension(source, info)
        block = source.read(BLOCK)
    if info.type == tarfile.GNUTYPE_SPARSE or any(key.startswith(b"GNU.sparse") for key in told):
        raise _BadHeaderError("a sparse member, which is not supported")
    name = told.get(b"path", info.name.encode("utf-8", "surrogateescape"))
    size = told.get(b"size", b"%d" % info.size)
    if not size.isdigit() or len(size) > 19:
        raise _BadHeaderError("a size that is no number")
    return Member(at, source.tell(), int(size), name, info.type)


def _read_extension(source: Source, info: tarfile.TarInfo) -> dict[bytes, bytes]:
    """Return what a header says that stands before the member's own: its long name, its pax records."""
    if info.size > _EXTENSION_BYTES:
        raise _BadHeaderError(f"an extension of {info.size} bytes")
    payload = source.read(info.size)
    padding = -info.size % BLOCK
    if len(payload) < info.size or skip(source, padding) < padding:
        raise _EarlyEndError
    if info.type == tarfile.GNUTYPE_LONGNAME:
        return {b"path": payload.partition(b"\0")[0]}
    return _pax_records(payload) if info.type in (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE) else {}


def _pax_records(payload: bytes) -> dict[bytes, bytes]:
    r"""Return the records of a pax header.

    >>> _pax_records(b"14 path=a.htm\n12 size=123\n")
    {b'path': b'a.htm', b'size': b'123'}
    """
    records = {}
    at = 0
    while at < len(payload) and payload[at]:
        digits = payload[at : payload.find(b" ", at)]
        if not digits.isdigit() or len(digits) > 7 or not len(digits) < int(digits) <= len(payload) - at:
            raise _BadHeaderError("a pax header that is no list of records")
        key, _, value = payload[at + len(digits) + 1 : at + int(digits) - 1].partition(b"=")
        records[key] = value
        at += int(digits)
    return records
