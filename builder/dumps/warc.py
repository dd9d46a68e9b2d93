"""WARC files, plain or compressed record by record (`.warc`, `.warc.gz`, `.warc.zst`) -> pages.

Any byte range can be entered: the reader looks for the first record that begins in it, and reads every record up to the
first that begins at its end or later. The same search steps over damage: what lies between a record that cannot be
read and the next one that can is one reject, with its range. A stream whose last byte is not the end of a record
is truncated, however cleanly it seems to end.

Some files are compressed in pieces that know nothing of records (pzstd, bgzip, halves put together). A member that
begins no record goes on with the one before it, and is read with it: by the split in which that one begins.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from itertools import pairwise

from builder.dumps.inflate import DamageError
from builder.dumps.warcrecord import (
    begins_record,
    check_what_follows,
    go_to_record,
    holds_record,
    is_at_record,
    read_record,
    skip_blank,
    to_item,
)
from builder.dumps.warcstream import (
    MAGIC,
    MemberFile,
    Stream,
    find_member,
    open_members,
    step_over,
)
from builder.records import Dump, Extent, Item, Locator, Reject, RejectCode, Split
from builder.storage.place import place_of

_ATTEMPTS = 100  # to go on inside a damaged member; each inflates it anew


def cut_warc(dump: Dump, target: int) -> list[Split]:
    """Equal byte ranges of about `target` bytes."""
    pieces = max(1, round(dump.size / target))
    borders = [dump.size * number // pieces for number in range(pieces + 1)]
    return [Split(dump, start, end, end - start) for start, end in pairwise(borders)]


def read_warc(split: Split) -> Iterator[Item]:
    """The pages of all response and resource records that begin in the split, and an Extent at last."""
    with place_of(split.dump.path).open("rb") as file:
        members = open_members(file, begins_record)
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
        found = find_member(members, split.start, split.end, begins_record)
        return split.end if found is None else found
    return (yield from _settle(members, split.start, split))


def _settle(members: MemberFile, position: int, split: Split) -> Generator[Item, None, int]:
    """From the end of one record to the beginning of the next; what lies between and is no record is reported."""
    position = step_over(members, position)
    members.file.seek(position)
    magic = MAGIC[members.compression]
    if magic.startswith(members.file.read(len(magic))):
        return position  # the reader of the record looks closer
    return (yield from _lose(members, position, split, "damaged", "no WARC record begins here"))


def _lose(
    members: MemberFile, position: int, split: Split, code: RejectCode, message: str
) -> Generator[Item, None, int]:
    """Report the bytes from `position` to the next readable record, and go there."""
    found = find_member(members, position + 1, members.size, holds_record)
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
            head, block = read_record(stream, members.size - offset, split)
            end = offset + stream.position
            sure = check_what_follows(stream, plain=True)
            yield to_item(head, block, _locate(split, begin, end - begin, head), split)
            begin = offset + stream.position
            if not stream.fill(1) or not sure:
                break
    except DamageError as damage:
        return (yield from _lose(members, begin, split, damage.code, damage.message))
    return (yield from _settle(members, begin, split))


def _read_compressed(members: MemberFile, offset: int, split: Split) -> Generator[Item, None, int]:
    """The records of one member: mostly one, all of the file where it was compressed as a whole.

    A record that goes on in the members after it is read to its end there, and those that begin in the last of them.
    """
    stream = Stream(members, offset, is_at_record)
    at, begin = 0, offset  # of the record at hand: in the inflated bytes, and the member that it begins in
    attempts = 0
    while stream.end is None or stream.buffer:
        try:
            skip_blank(stream)
            at, begin = stream.position, stream.member
            if not stream.buffer:
                break
            head, block = read_record(stream, None, split)
            check_what_follows(stream, plain=False)
        except DamageError as damage:
            attempts += 1
            further = (
                _after(members, offset, at + 1) if attempts <= _ATTEMPTS and _may_hold(members, offset, at) else None
            )
            if further is None:
                return (yield from _lose(members, begin, split, damage.code, damage.message))
            message = f"byte {at} of the inflated member: {damage}"
            yield Reject(_locate(split, begin, _end_of(members, further) - begin), "read", "damaged", message)
            stream = further
        else:
            yield to_item(head, block, _locate(split, begin, _end_of(members, stream) - begin, head), split)
        at, begin = stream.position, stream.member
    return (yield from _settle(members, stream.end or members.size, split))


def _end_of(members: MemberFile, stream: Stream) -> int:
    """The end of the member at hand; of the file where it is not known yet."""
    return stream.end or members.size


def _may_hold(members: MemberFile, offset: int, at: int) -> bool:
    """Whether records are to be sought in a member behind one at `at` that cannot be read.

    Not where it is the first: then the member holds that alone, and what looks like a record is part of it.
    """
    return bool(at or not offset) or not begins_record(Stream(members, offset))


def _after(members: MemberFile, offset: int, at: int) -> Stream | None:
    """The member at `offset`, inflated anew up to the first record that begins behind its inflated byte `at`.

    None where there is none. A record whose length is wrong may have swallowed others, so the way back is to its start.
    """
    stream = Stream(members, offset, is_at_record)
    try:
        stream.skip(at)
        return stream if go_to_record(stream) else None
    except DamageError:
        return None


def _locate(split: Split, offset: int, length: int, head: Mapping[str, str] | None = None) -> Locator:
    return Locator(split.dump.name, offset, length, head.get("warc-record-id") if head else None)
