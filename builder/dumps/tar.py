"""A tar archive of HTML files, plain or compressed -> pages. Nothing is written to disk: names are text only.

A plain tar is cut at the headers of members into byte ranges. A compressed one is read by strides (see `streams`).
What an index costs: it may stand anywhere. Of a plain tar the cutting, which sees all headers, notes where; each stride
of a compressed one inflates it a second time to look for it, unless `index: ""` says that there is none. An index that
is there is read by every split, which keeps what it says of its own members.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from builder.dumps.index import NO_INDEX, Index, index_name, index_names, missing_files, read_index
from builder.dumps.inflate import DamageError
from builder.dumps.pages import OTHER_FILE, check_pages, is_page, member_page, read_body, shown_name
from builder.dumps.streams import (
    Source,
    StreamError,
    compression_of,
    cut_stream,
    in_stride,
    inflated,
    open_stream,
    skip,
)
from builder.dumps.tarwalk import End, Member, walk
from builder.dumps.values import Hole, rejected
from builder.errors import DumpError, PageError
from builder.records import Dump, Extent, Item, Locator, Skip, Split


class _Found(NamedTuple):
    """The index: its name in the archive, and what it says of the split's members."""

    name: str | None
    facts: Index


def cut_tar(dump: Dump, target: int) -> list[Split]:
    """Return byte ranges of about `target` bytes that begin at the header of a member; strides for a compressed tar.

    Walks the headers of a plain tar.

    Raises:
        OSError: the disk or the store failed.

    """
    if compression_of(dump.path) != "none":
        return cut_stream(dump, target)
    borders, indexes, candidates = [0], {}, index_names(dump.options.index)
    for _, member in _members(dump):
        if member.start - borders[-1] >= target:
            borders.append(member.start)
        if member.is_file and (name := shown_name(member.name)) in candidates:
            indexes[name] = member.start
    borders.append(max(dump.size, borders[-1]))
    index = next((indexes[name] for name in candidates if name in indexes), None)
    return [Split(dump, start, end, end - start, exact=True, index=index) for start, end in pairwise(borders)]


def read_tar(split: Split) -> Iterator[Item]:
    """Yield the pages of the split, for a plain tar an Extent at last.

    Raises:
        UnreadableError: the members are dumps, told by the first split.
        DumpError: for the index. OSError: the disk.

    """
    found = _find_index(split)
    if _is_first(split):
        yield from missing_files(split.dump, found.facts)
    if compression_of(split.dump.path) == "none":
        yield from _read_range(split, found)
    else:
        yield from _read_stride(split, found)


def _is_first(split: Split) -> bool:
    return split.start == 0 and split.stride[0] == 0


def _read_range(split: Split, found: _Found) -> Iterator[Item]:
    is_last = split.end >= split.dump.size
    with open_stream(split.dump.path) as source:
        skip(source, split.start)
        for step in walk(source, split.start, None if is_last else split.end):
            if isinstance(step, End):
                yield Extent(split.start, step.at)
            else:
                yield from _items(step, source, split.dump, found)


def _read_stride(split: Split, found: _Found) -> Iterator[Item]:
    start = stop = 0  # of the member at hand
    with open_stream(split.dump.path) as source:
        try:
            for ordinal, step in enumerate(walk(source, 0, None)):
                if isinstance(step, End):
                    break
                start, stop = step.start, _stop(step)
                if in_stride(ordinal, split.stride):
                    yield from _items(step, source, split.dump, found)
        except StreamError as error:
            if split.stride[0] == 0:
                begin = min(stop, error.offset) if error.offset >= stop else start
                locator = Locator(split.dump.name, begin, error.offset - begin)
                yield rejected(locator, PageError(error.code, f"{error}; what follows is lost"))


def _stop(step: Member | Hole) -> int:
    if isinstance(step, Hole):
        return step.start + step.length
    return step.data + step.stored


def _items(step: Member | Hole, source: Source, dump: Dump, found: _Found) -> Iterator[Item]:
    """Yield what a step of the walk is: one item, none for a folder, the index and a member that is cut off."""
    if isinstance(step, Hole):
        yield rejected(Locator(dump.name, step.start, step.length), PageError(step.code, step.message))
        return
    name = shown_name(step.name)
    if step.is_folder or (step.is_file and name == found.name):
        return
    given = found.facts.entries.get(name)
    locator = Locator(dump.name, step.start, _stop(step) - step.start, name)
    try:
        if step.is_rest:
            raise PageError("damaged", "begins in the volume before; unpack all with `tar --multi-volume`, pack anew")
        if not step.is_file:
            raise PageError("unsafe_member", "a link, pipe or device, which is not followed")
        if not is_page(name, dump.options.pages):
            yield Skip(OTHER_FILE)
            return
        if step.size > dump.options.page_bytes:
            raise PageError("too_large", f"{step.size} bytes, more than limits.page_bytes")
        stored = source.read(step.size)
        if len(stored) < step.size:
            return  # the walk reports a hole here
        body = read_body(io.BytesIO(stored), dump.options.page_bytes)
    except PageError as error:
        yield rejected(locator, error, given.url if given else None)
        return
    yield member_page(dump, locator, step.name, body, given)


def _find_index(split: Split) -> _Found:
    dump = split.dump
    if _is_first(split):
        names = (shown_name(member.name) for _, member in _members(dump) if member.is_file)
        check_pages(dump, names, "unpack it and give the dumps as inputs")
    if dump.options.index == "":
        return _Found(None, NO_INDEX)
    candidates = _candidates(split)
    name = index_name(candidates, dump)
    if name is None:
        return _Found(None, NO_INDEX)
    known, wanted = _names(split)
    with open_stream(dump.path) as source:
        member = candidates[name]
        try:
            if skip(source, member.data) < member.data:
                raise DamageError("truncated", "the archive is cut off")
            lines = inflated(_MemberData(source, member.size))
        except DamageError as error:
            raise DumpError(f"{dump.name}: its index {name} cannot be read: {error}") from None
        return _Found(name, read_index(lines, dump, name, wanted, known))


def _candidates(split: Split) -> dict[str, Member]:
    """Return the files that may be the index by their names: of several of one name the last, as tar unpacks them."""
    begin, end = 0, None
    if compression_of(split.dump.path) == "none":
        if split.index is None:
            return {}
        begin, end = split.index, split.index + 1
    names = index_names(split.dump.options.index)
    files = ((shown_name(member.name), member) for _, member in _members(split.dump, begin, end) if member.is_file)
    return {name: member for name, member in files if name in names}


def _names(split: Split) -> tuple[set[str] | None, set[str]]:
    """Return the names of all files for the first split, which reports what the index names in vain; and the split's.

    Only where there is an index: of a tar without one no names are kept.
    """
    is_cut = compression_of(split.dump.path) == "none"
    begin, end = (split.start, split.end) if is_cut and not _is_first(split) else (0, None)
    known: set[str] | None = set() if _is_first(split) else None
    wanted: set[str] = set()
    for ordinal, member in _members(split.dump, begin, end):
        if not member.is_file:
            continue
        name = shown_name(member.name)
        if known is not None:
            known.add(name)
        if member.start < split.end if is_cut else in_stride(ordinal, split.stride):
            wanted.add(name)
    return known, wanted


def _members(dump: Dump, begin: int = 0, end: int | None = None) -> Iterator[tuple[int, Member]]:
    """Yield the members that begin in a range, each with its number among the steps of the walk, which strides go by.

    Ends where a stream breaks off: the reading of the pages comes to the same place and reports it.
    """
    with open_stream(dump.path) as source:
        skip(source, begin)
        try:
            for ordinal, step in enumerate(walk(source, begin, end)):
                if isinstance(step, Member):
                    yield ordinal, step
        except StreamError:
            return


class _MemberData:
    """The data of a member as a stream of its own; `source` stands at its beginning."""

    def __init__(self, source: Source, size: int) -> None:
        self._source = source
        self._left = size

    def read(self, n: int, /) -> bytes:
        wanted = min(n, self._left)
        data = self._source.read(wanted)
        if len(data) < wanted:
            raise DamageError("truncated", "the archive ends inside it")
        self._left -= wanted
        return data
