"""A folder of HTML files -> pages.

Every file below the folder that is not hidden is looked at once: pages are read, links, pipes and devices rejected
unread, everything else is skipped. URL, time of capture, status and content type stand in the index file; times of the
files mean nothing and are not used.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from stat import S_IFMT, S_IFREG, S_ISLNK, S_ISREG

from builder.dumps.index import NO_INDEX, Index, index_name, index_names, missing_files, read_index
from builder.dumps.pages import OTHER_FILE, check_pages, is_hidden, is_page, member_page, read_body, shown_name
from builder.dumps.streams import open_stream
from builder.dumps.values import rejected
from builder.errors import DumpError, PageError, naming
from builder.records import Dump, DumpOptions, Item, Locator, Skip, Split
from builder.storage.path import StorePath, store_path
from builder.storage.place import Place, exists, files_below, is_file


def folder_size(path: Place, options: DumpOptions) -> int:
    """Return the bytes of all page files below the folder, as stored.

    Raises:
        OSError: the disk or the store failed.

    """
    return sum(size for _, size in _listing(str(path), options))


def page_files(path: Place, pages: tuple[str, ...]) -> Iterator[str]:
    """Yield the names of all page files below the folder.

    Raises:
        OSError: the disk or the store failed.

    """
    return (name for name, _ in _listing(str(path), DumpOptions(pages=pages)) if is_page(name, pages))


def cut_folder(dump: Dump, target: int) -> list[Split]:
    """Return runs of files in the order of their names as bytes, each of about `target` bytes of pages.

    `start` and `end` number the files; `files` are their names, relative, with surrogate escapes for bytes that are
    not UTF-8.

    Raises:
        DumpError: the index is missing.
        UnreadableError: it is a folder of dumps.
        OSError: the disk or the store failed, or a folder below may not be listed.

    """
    found = _listing(dump.path, dump.options)
    index = index_name({name for name, _ in found}, dump)
    found = [file for file in found if file[0] != index]
    check_pages(dump, (name for name, _ in found), "give the dumps themselves as inputs")
    splits, start, size = [], 0, 0
    for end, (_, length) in enumerate(found, 1):
        size += length
        if size >= target or end == len(found):
            files = tuple(name for name, _ in found[start:end])
            splits.append(Split(dump, start, end, size, files=files))
            start, size = end, 0
    return splits or [Split(dump, 0, 0, 0)]


def read_folder(split: Split) -> Iterator[Item]:
    """Yield the pages of the split's files in order.

    Raises:
        DumpError: its index cannot be read.
        OSError: the disk or the store failed.

    """
    index = _index(split)
    yield from missing_files(split.dump, index)
    for name in split.files:
        yield _read_file(split.dump, name, index)


def _read_file(dump: Dump, name: str, index: Index) -> Item:
    raw = name.encode("utf-8", "surrogateescape")
    record_id = shown_name(raw)
    given = index.entries.get(record_id)
    path = _path(dump, name)
    locator = Locator(dump.name, 0, 0, record_id)
    try:
        size, mode = _look_at(path)
        locator = Locator(dump.name, 0, size, record_id)
        if S_ISLNK(mode):
            raise PageError("unsafe_member", "a symbolic link, which is not followed")
        if not is_page(name, dump.options.pages):
            return Skip(OTHER_FILE)
        if not S_ISREG(mode):
            raise PageError("unsafe_member", "a pipe, socket or device, which is not opened")
        if size > dump.options.page_bytes:
            raise PageError("too_large", f"{size} bytes, more than limits.page_bytes")
        with path.open("rb") as file:
            body = read_body(file, dump.options.page_bytes)
    except FileNotFoundError:
        return rejected(locator, PageError("damaged", "the file was removed while the dump was read"))
    except PageError as error:
        return rejected(locator, error, given.url if given else None)
    return member_page(dump, locator, raw, body, given)


def _index(split: Split) -> Index:
    """Return what the index says of the split's files; for the first split also what it names in vain."""
    dump = split.dump
    if not split.files and split.start > 0:
        return NO_INDEX
    known = {name for name, _ in _listing(dump.path, dump.options)} if split.start == 0 else None
    name = index_name(known if known is not None else _top_names(dump), dump)
    if name is None:
        return NO_INDEX
    wanted = {shown_name(file.encode("utf-8", "surrogateescape")) for file in split.files}
    if known is not None:
        known = {shown_name(file.encode("utf-8", "surrogateescape")) for file in known}
    if unread(_path(dump, name)) is not None:
        raise DumpError(f"{dump.name}: its index {name} is a link or no file; put the index itself there")
    with open_stream(_path(dump, name)) as source:
        return read_index(source, dump, name, wanted, known)


def named_in_vain(first: Split) -> tuple[str, ...]:
    """Return what the index names and the folder does not have, which its first split rejects.

    Raises:
        DumpError: its index cannot be read.
        OSError: the disk or the store failed.

    """
    return _index(first).missing


def names_stamp(folder: Place) -> list[int]:
    """Return two numbers that are others when another set of files lies below the folder.

    Raises:
        OSError: the disk or the store failed.

    """
    names = [name for name, _ in _listing(str(folder), DumpOptions(pages=()))]
    digest = hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape")).digest()
    return [len(names), int.from_bytes(digest[:7], "big")]


def folder_index(dump: Dump) -> str | None:
    """Return the name of the folder's index, None where it has none.

    Raises:
        DumpError: the one that is named is missing.

    """
    return index_name(_top_names(dump), dump)


def _top_names(dump: Dump) -> set[str]:
    """Return which of the names that an index may have are there."""
    return {name for name in index_names(dump.options.index) if _is_there(_path(dump, name))}


def _look_at(path: Place) -> tuple[int, int]:
    """Return size and mode of a file, not following links; in a store all is files.

    Raises:
        OSError: the disk or the store failed.

    """
    if isinstance(path, StorePath):
        return path.stat().st_size, S_IFREG
    found = path.lstat()
    return found.st_size, found.st_mode


def unread(path: Place) -> str | None:
    """Return what a reject says of a link, pipe or device, which is not opened; None for a file.

    Raises:
        OSError: the disk or the store failed.

    """
    size, mode = _look_at(path)
    return None if S_ISREG(mode) else f"no file: {S_IFMT(mode)}, {size}"


def _is_there(path: Place) -> bool:
    return is_file(path) if isinstance(path, StorePath) else exists(path, follow=False)


def _path(dump: Dump, name: str) -> Place:
    """Return the path of a file, from bytes: what encoding the locale has does not matter."""
    folder = store_path(dump.path)
    if folder is not None:
        return folder / name
    return Path(os.fsdecode(os.fsencode(dump.path) + b"/" + name.encode("utf-8", "surrogateescape")))


def _listing(path: str, options: DumpOptions) -> list[tuple[str, int]]:
    """Return name and size of all files that are not hidden, by name; the size of what is no page is 0."""
    folder = store_path(path)
    if folder is not None:
        shown = ((name, size) for name, size in files_below(folder) if not is_hidden(name))
        return [(name, size if is_page(name, options.pages) else 0) for name, size in shown]
    # os.walk and glob pass over a folder that cannot be listed without a word; scandir raises
    root = os.fsencode(path) + b"/"
    found: list[tuple[bytes, int]] = []
    folders = [b""]
    while folders:
        under = folders.pop()
        with naming(os.fsdecode(root + under)), os.scandir(root + under) as entries:
            for entry in entries:
                if entry.name.startswith(b"."):
                    continue
                name = under + entry.name
                if entry.is_dir(follow_symlinks=False):
                    folders.append(name + b"/")
                else:
                    found.append((name, _page_size(entry, name, options)))
    return [(name.decode("utf-8", "surrogateescape"), size) for name, size in sorted(found)]


def _page_size(entry: os.DirEntry[bytes], name: bytes, options: DumpOptions) -> int:
    if not entry.is_file(follow_symlinks=False) or not is_page(shown_name(name), options.pages):
        return 0
    return entry.stat(follow_symlinks=False).st_size
