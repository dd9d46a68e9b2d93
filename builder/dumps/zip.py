"""A zip archive of HTML files -> pages. Nothing is written to disk: the names of members are text and no paths.

The central directory is the list of members. Where it cannot be read they are found by their own headers (see zipwalk),
and what is no member is rejected. Memory grows with the number of members, not with their size: their list and the
index are read once for all splits of the same bytes, and a process holds those of one archive.
"""

from __future__ import annotations

import io
import lzma
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from stat import S_ISLNK
from typing import IO, NamedTuple

from builder.dumps.index import NO_INDEX, Index, index_name, missing_files, read_index
from builder.dumps.inflate import CHUNK
from builder.dumps.pages import OTHER_FILE, check_pages, is_page, member_page, read_body
from builder.dumps.streams import Readable, inflated
from builder.dumps.values import Hole, rejected
from builder.dumps.zipnames import member_name, slashed
from builder.dumps.zipwalk import Joined, Member, directory, walk_zip
from builder.errors import DumpError, PageError, UnreadableError
from builder.records import Dump, Item, Locator, Page, Reject, Skip, Split
from builder.storage.place import place_of, stamp_of

_ENCRYPTED = 0x1
_READ = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_UNREAD = {1: "Shrink", 6: "Implode", 9: "Deflate64", 93: "Zstandard", 95: "XZ", 98: "PPMd"}
"""Methods of compression that are not read, also where a version of Python can, for rows may not depend on it."""
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError, NotImplementedError)
_SMALL = 4096
_NO_MEMBERS = b"PK\x05\x06".ljust(22, b"\0")


def cut_zip(dump: Dump, target: int) -> list[Split]:
    """Return runs of members in the order in which they stand in the file, each of about `target` bytes.

    `start` and `end` number the members.

    Raises:
        UnreadableError: there is neither a directory nor a member, or the members are dumps (a WACZ).

    """
    with _open(dump) as (archive, _):
        members = _members(archive, dump)
        check_pages(dump, map(_key, members), "unzip it and give the dumps as inputs")
        offsets = [info.header_offset for info in members]
    splits, start, begin = [], 0, 0
    for end in range(1, len(offsets) + 1):
        border = offsets[end] if end < len(offsets) else dump.size
        if border - begin >= target or end == len(offsets):
            splits.append(Split(dump, start, end, border - begin))
            start, begin = end, border
    return splits or [Split(dump, 0, 0, dump.size)]


def read_zip(split: Split) -> Iterator[Item]:
    """Yield the pages of the split's members.

    Raises:
        UnreadableError: as `cut_zip`.
        DumpError: its index cannot be read.

    """
    dump = split.dump
    contents = _contents(dump)
    if split.start == 0:
        yield from missing_files(dump, contents.given)
    with place_of(dump.path).open("rb") as file, _archive(file) as archive:
        for info in contents.members[split.start : split.end]:
            if not _is_folder(info) and contents.index_name not in _keys(info):
                yield _read_member(archive, info, dump, contents.given)
    for hole in contents.holes if split.start == 0 else ():
        yield rejected(Locator(dump.name, hole.start, hole.length), PageError(hole.code, hole.message))


class _Contents(NamedTuple):
    """What is known of an archive before a page of it is read."""

    members: list[zipfile.ZipInfo]
    """In order of their place."""
    holes: list[Hole]
    index_name: str | None
    given: Index


_HELD: dict[tuple[Dump, tuple[int, ...]], _Contents] = {}
"""Of this process, one at a time: of a large archive they take longer to read than the pages of a split."""


def _contents(dump: Dump) -> _Contents:
    key = dump, tuple(stamp_of(place_of(dump.path)))
    if key not in _HELD:
        _HELD.clear()
        with _open(dump) as (archive, holes):
            members = _members(archive, dump)
            _HELD[key] = _Contents(members, holes, *_index(archive, members, dump))
    return _HELD[key]


def _archive(file: IO[bytes]) -> zipfile.ZipFile:
    """What opens members that are known; of the file itself zipfile would read their list again."""
    archive = zipfile.ZipFile(io.BytesIO(_NO_MEMBERS))
    archive.fp = file
    return archive


@contextmanager
def _open(dump: Dump) -> Iterator[tuple[zipfile.ZipFile, list[Hole]]]:
    """A zip by its central directory; else by one made of what there is, with the holes that it has then."""
    with place_of(dump.path).open("rb") as file:
        try:
            archive = zipfile.ZipFile(file)
            holes = list(_before(archive, file, dump.size))
        except (*_DAMAGE, UnicodeDecodeError) as error:
            if isinstance(error.__context__, OSError):
                raise error.__context__ from None  # the disk, which zipfile takes for damage
            found = list(walk_zip(file, dump.size))
            members = [item for item in found if isinstance(item, Member)]
            holes = [item for item in found if isinstance(item, Hole)]
            if not members:
                message = f"{dump.name}: the zip has no readable central directory ({error}) and no whole member"
                raise UnreadableError(message) from None
            archive = _made(dump, Joined(file, dump.size, directory(members, dump.size)))
        with archive:
            yield archive, holes


def _made(dump: Dump, whole: Joined) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(whole)
    except (*_DAMAGE, UnicodeDecodeError) as error:
        raise UnreadableError(
            f"{dump.name}: neither the zip's directory nor its members can be read: {error}"
        ) from None


def _members(archive: zipfile.ZipFile, dump: Dump) -> list[zipfile.ZipInfo]:
    """The members by their names, in order of their place, which lies in the file whatever a damaged directory says."""
    members = sorted(archive.infolist(), key=lambda info: info.header_offset)
    for info in members:  # where the beginning is cut off; zipfile would seek there
        info.header_offset = min(max(info.header_offset, 0), dump.size)
        info.filename = member_name(info)
    return members


def _before(archive: zipfile.ZipFile, file: IO[bytes], size: int) -> Iterator[Hole]:
    """What stands before the first member, where it begins like one: another zip, whose directory is not this one's.

    Of a program that unpacks the zip it is none of its pages.
    """
    first = min((info.header_offset for info in archive.infolist()), default=size)
    file.seek(0)
    if first > 0 and file.read(4) == b"PK\x03\x04":
        message = "members that the zip's directory does not name: two zips in one file? give each a file of its own"
        yield Hole(0, first, "damaged", message)


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return _key(info).endswith("/")  # zipfile's own answer fails for a name of no characters


def _key(info: zipfile.ZipInfo) -> str:
    return slashed(info, info.filename).removeprefix("./")


def _keys(info: zipfile.ZipInfo) -> tuple[str, ...]:
    """Return what the index may call a member: with slashes, or as it is stored."""
    return _key(info), info.filename.removeprefix("./")


def _index(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], dump: Dump) -> tuple[str | None, Index]:
    known = {key: info for info in members if not _is_folder(info) for key in _keys(info)}
    name = index_name(known, dump)
    if name is None:
        return None, NO_INDEX
    try:
        # unlike a page an index may be large; it is streamed
        with _opened(archive, known[name]) as member:
            return name, read_index(inflated(_Member(member, known[name])), dump, name, known, known)
    except (*_DAMAGE, RuntimeError, PageError) as error:
        raise DumpError(f"{dump.name}: its index {name} cannot be read: {error}") from None


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    method = info.compress_type
    if method in _UNREAD:
        message = f"compressed with {_UNREAD[method]} (method {method}), which is not read; pack it anew with Deflate"
        raise PageError("unsafe_member", message)
    if method not in _READ:
        raise PageError("damaged", f"the member says that it is compressed by method {method}, which is none")
    with warnings.catch_warnings(category=UserWarning, action="ignore"):  # of overlaps, which are told by headers
        return archive.open(info)


class _Member:
    """A member as a stream: what its decoder inflates at once is bounded, and its errors are PageErrors."""

    def __init__(self, member: Readable, info: zipfile.ZipInfo) -> None:
        self._member = member
        # zipfile bounds what comes out for stored and deflated members, for others only what goes in
        self._most = CHUNK if info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) else _SMALL

    def read(self, n: int, /) -> bytes:
        pieces = []
        while n > 0:
            try:
                piece = self._member.read(min(n, self._most))
            except OSError as error:
                if error.errno is not None:
                    raise  # the disk, not the data
                raise PageError("damaged", f"the member cannot be read: {error}") from None
            except _DAMAGE as error:
                raise PageError("damaged", f"the member cannot be read: {error}") from None
            if not piece:
                break
            pieces.append(piece)
            n -= len(piece)
        return b"".join(pieces)


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, dump: Dump, index: Index) -> Page | Reject | Skip:
    given = next((index.entries[key] for key in _keys(info) if key in index.entries), None)
    length = min(info.compress_size, dump.size - info.header_offset)
    locator = Locator(dump.name, info.header_offset, length, info.filename)
    try:
        if S_ISLNK(info.external_attr >> 16):
            raise PageError("unsafe_member", "a symbolic link, which is not followed")
        if not is_page(_key(info), dump.options.pages):
            return Skip(OTHER_FILE)
        if info.flag_bits & _ENCRYPTED:
            raise PageError("unsafe_member", "the member is encrypted")
        if info.file_size > dump.options.page_bytes:
            raise PageError("too_large", f"{info.file_size} bytes, more than limits.page_bytes")
        body = _body(archive, info, dump.options.page_bytes)
    except PageError as error:
        return rejected(locator, error, given.url if given else None)
    return member_page(dump, locator, _key(info).encode("utf-8", "surrogateescape"), body, given)


def _body(archive: zipfile.ZipFile, info: zipfile.ZipInfo, page_bytes: int) -> bytes:
    try:
        member = _opened(archive, info)
    except (*_DAMAGE, RuntimeError) as error:
        raise PageError("damaged", f"the member cannot be read: {error}") from None
    with member:
        return read_body(_Member(member, info), page_bytes)
