"""WARC files, plain or compressed record by record (`.warc`, `.warc.gz`, `.warc.zst`) -> pages.

Any byte range can be entered: the reader looks for the first record that begins in it, and reads every record up to the
first that begins at its end or later. The same search steps over damage: what lies between a record that cannot be
read and the next one that can is one reject, with its range. A stream whose last byte is not the end of a record
is truncated, however cleanly it seems to end.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from itertools import pairwise

from builder.dumps.digests import check_digests
from builder.dumps.http import HEADER_LIMIT, parse_headers, parse_response
from builder.dumps.values import fetch_time
from builder.dumps.warcstream import MAGIC, PLAIN_START, Damage, MemberFile, Stream, find_member, open_members
from builder.errors import PageError
from builder.records import TRUNCATED, Dump, Extent, Item, Locator, Page, Reject, Skip, Split
from builder.storage.place import place_of

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_VERSION = re.compile(rb"WARC/\d\.\d+\r?\n")
_VERSION_BYTES = 16
_SKIPPABLE = b"\x2a\x4d\x18"
_ATTEMPTS = 100  # to go on inside a damaged member; each inflates it anew
_WARC_TYPE = re.compile(rb"\nWARC-Type[ \t]*:", re.IGNORECASE)


def cut_warc(dump: Dump, target: int) -> list[Split]:
    """Equal byte ranges of about `target` bytes."""
    pieces = max(1, round(dump.size / target))
    borders = [dump.size * number // pieces for number in range(pieces + 1)]
    return [Split(dump, start, end, end - start) for start, end in pairwise(borders)]


def read_warc(split: Split) -> Iterator[Item]:
    """The pages of all response and resource records that begin in the split, and an Extent at last."""
    with place_of(split.dump.path).open("rb") as file:
        members = open_members(file, _begins_record)
        position = yield from _enter(members, split)
        first = position
        while position < split.end:
            position = yield from _read_member(members, position, split)
        yield Extent(first, position)


def _enter(members: MemberFile, split: Split) -> Generator[Item, None, int]:
    """Where the first record of the split begins; its end or later where none does."""
    if split.start >= split.end:
        return split.end  # the record before it reaches over all of it
    if split.start and not split.exact:
        found = find_member(members, split.start, split.end, _begins_record)
        return split.end if found is None else found
    return (yield from _settle(members, split.start, split))


def _settle(members: MemberFile, position: int, split: Split) -> Generator[Item, None, int]:
    """From the end of one record to the beginning of the next; what lies between and is no record is reported."""
    position = _step_over(members, position)
    members.file.seek(position)
    magic = MAGIC[members.compression]
    if magic.startswith(members.file.read(len(magic))):
        return position  # the reader of the record looks closer
    return (yield from _lose(members, position, split, "damaged", "no WARC record begins here"))


def _lose(members: MemberFile, position: int, split: Split, code: str, message: str) -> Generator[Item, None, int]:
    """Report the bytes from `position` to the next readable record, and go there."""
    found = find_member(members, position + 1, members.size, _begins_record)
    resume = members.size if found is None else found
    if found is not None and code == "truncated":
        code = "damaged"  # the input goes on
    yield Reject(Locator(split.dump.name, position, resume - position), "read", code, message)
    return resume


def _read_member(members: MemberFile, offset: int, split: Split) -> Generator[Item, None, int]:
    """The records of one member, or of a plain file up to the split's end; the offset at which to go on."""
    if members.compression != "none":
        return (yield from _read_compressed(members, offset, split))
    stream = Stream(members, offset)
    begin = offset
    try:
        while begin < split.end:
            head, block = _read_record(stream, members.size - offset, split)
            end = offset + stream.position
            sure = _check_what_follows(stream, plain=True)
            yield _to_item(head, block, _locate(split, begin, end - begin, head), split)
            begin = offset + stream.position
            if not stream.fill(1) or not sure:
                break
    except Damage as damage:
        return (yield from _lose(members, begin, split, _code(damage), str(damage)))
    return (yield from _settle(members, begin, split))


def _read_compressed(members: MemberFile, offset: int, split: Split) -> Generator[Item, None, int]:
    """The records of one member: mostly one, all of the file where it was compressed as a whole."""
    stream = Stream(members, offset)
    at = 0  # of the record at hand, in the inflated bytes
    attempts = 0
    while stream.end is None or stream.buffer:
        try:
            head, block = _read_record(stream, None, split)
            _check_what_follows(stream, plain=False)
        except Damage as damage:
            attempts += 1
            further = _after(members, offset, at + 1) if (at or not offset) and attempts <= _ATTEMPTS else None
            if further is None:
                return (yield from _lose(members, offset, split, _code(damage), str(damage)))
            message = f"byte {at} of the inflated member: {damage}"
            yield Reject(_locate(split, offset, (further.end or members.size) - offset), "read", "damaged", message)
            stream = further
        else:
            yield _to_item(head, block, _locate(split, offset, (stream.end or members.size) - offset, head), split)
        at = stream.position
    return (yield from _settle(members, stream.end or members.size, split))


def _after(members: MemberFile, offset: int, at: int) -> Stream | None:
    """The member at `offset`, inflated anew up to the first record that begins behind its inflated byte `at`.

    None where there is none. A record whose length is wrong may have swallowed others, so the way back is to its start.
    """
    stream = Stream(members, offset)
    try:
        stream.skip(at)
        while stream.fill(_VERSION_BYTES):
            found = PLAIN_START.search(stream.buffer)
            if found is None:
                stream.skip(len(stream.buffer) - _VERSION_BYTES + 1)  # one may begin in the rest
                continue
            stream.skip(found.start())
            if _begins_record(stream):
                return stream
            stream.skip(1)
    except Damage:
        pass
    return None


def _code(damage: Damage) -> str:
    return "truncated" if damage.truncated else "damaged"


def _locate(split: Split, offset: int, length: int, head: Mapping[str, str] | None = None) -> Locator:
    return Locator(split.dump.name, offset, length, head.get("warc-record-id") if head else None)


def _read_record(stream: Stream, room: int | None, split: Split) -> tuple[dict[str, str], bytes | None]:
    """Header and content block of the next record; the block is None where it is no page or larger than a page may be.

    `room` is the number of bytes of the stream where that is known, so that a wrong length is seen without reading on.

    Raises:
        Damage: the record contradicts itself, or ends before its Content-Length says.

    """
    head = parse_headers(_read_head(stream))
    stated = head.get("content-length", "")
    if not (stated.isascii() and stated.isdigit()):
        raise Damage(f"Content-Length is {stated[:40]!r}")
    length = int(stated[:20])
    if room is not None and stream.position + length > room:
        raise Damage(f"Content-Length {length} reaches past the end of the file", truncated=True)
    if (
        head.get("warc-type", "").lower() not in ("response", "resource")
        or length > split.dump.options.page_bytes + HEADER_LIMIT
    ):
        complete, block = stream.skip(length) == length, None
    else:
        complete = stream.fill(length)
        block = stream.take(length) if complete else None
    if not complete:
        raise Damage("the record is shorter than its Content-Length")
    return head, block


def _read_head(stream: Stream) -> bytes:
    """The header lines of a record, without the version line before and the blank line after them."""
    while (blank := _BLANK_LINE.search(stream.buffer, 0, HEADER_LIMIT)) is None:
        if len(stream.buffer) >= HEADER_LIMIT:
            raise Damage("a record header without an end")
        if not stream.fill(len(stream.buffer) + 1):
            raise Damage("the data ends inside a record header", truncated=True)
    head = stream.take(blank.end())
    if _VERSION.match(head) is None:
        raise Damage("a record that does not begin with WARC/")
    return head.partition(b"\n")[2].rstrip()


def _check_what_follows(stream: Stream, plain: bool) -> bool:
    """After a record come blank lines or padding, then another record or the end, where a checksum is verified.

    False where other bytes come after the two line ends that close a record of a plain file: its length is right, and
    they are none of it.
    """
    stream.fill(4)
    closed = plain and stream.buffer.startswith((b"\r\n\r\n", b"\n\n"))
    while stream.fill(1) and stream.buffer[0] in b"\r\n\0":
        head = bytes(stream.buffer[:4096])
        stream.take(len(head) - len(head.lstrip(b"\r\n\0")))
    stream.fill(5)
    sure = b"WARC/".startswith(stream.buffer[:5])
    if not sure and not closed:
        raise Damage("the record is longer than its Content-Length")
    return sure


def _to_item(head: dict[str, str], block: bytes | None, source: Locator, split: Split) -> Item:
    """A record as page, reject or skip."""
    kind = head.get("warc-type", "unknown").lower()
    if kind not in ("response", "resource"):
        return Skip(f"warc_{kind}")
    url = head.get("warc-target-uri", "").strip().removeprefix("<").removesuffix(">")
    limit = split.dump.options.page_bytes
    if kind == "response" and not head.get("content-type", "application/http").lower().startswith("application/http"):
        return Skip("not_http")  # dns:, ftp: and the like
    if not url:
        return Reject(source, "read", "bad_record", "a record without WARC-Target-URI")
    if block is None:
        return Reject(source, "read", "too_large", f"larger than limits.page_bytes ({limit} bytes)", url)
    try:
        fetched_at = fetch_time(head.get("warc-date"))
    except ValueError as error:
        return Reject(source, "read", "bad_fetch_time", f"WARC-Date: {error}", url)
    try:
        if split.dump.options.verify_digests:
            check_digests(head, block)
        if kind == "resource":
            named = {"content-type": head.get("content-type", "")}
            return Page(url, block, source, fetched_at, None, named, _truncated(head))
        status, headers, body, is_whole = parse_response(block, limit)
    except PageError as error:
        return Reject(source, "decode", error.code, error.message, url)
    return Page(url, body, source, fetched_at, status, headers, _truncated(head) or (None if is_whole else "transfer"))


def _truncated(head: Mapping[str, str]) -> str | None:
    """Why the crawler cut the record, by its own word."""
    stated = head.get("warc-truncated", "").strip().lower()
    return None if not stated else stated if stated in TRUNCATED else "unspecified"


def _begins_record(stream: Stream) -> bool:
    """A version line, and WARC-Type among the first header lines."""
    try:
        stream.fill(_VERSION_BYTES)
        if _VERSION.match(stream.buffer) is None:
            return False
        while _BLANK_LINE.search(stream.buffer) is None and len(stream.buffer) <= HEADER_LIMIT:
            if not stream.fill(len(stream.buffer) + 1):
                break
    except Damage:
        pass
    blank = _BLANK_LINE.search(stream.buffer)
    return _WARC_TYPE.search(stream.buffer, 0, blank.end() if blank else HEADER_LIMIT) is not None


def _step_over(members: MemberFile, position: int) -> int:
    """Past skippable zstd frames, blank lines of a plain file, and zeros that a file system padded the file with."""
    while position < members.size:
        members.file.seek(position)
        data = members.file.read(16)
        if members.compression == "zstd" and data[1:4] == _SKIPPABLE and 0x50 <= data[0] <= 0x5F:
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
        MAGIC["zstd"].startswith(follows) or follows[1:] == _SKIPPABLE or not any(follows)
    )
