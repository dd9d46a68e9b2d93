"""Paths and patterns of a config -> the files that they mean, with names that are the same on every machine."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from builder.errors import naming
from builder.storage.path import StorePath, store_path
from builder.storage.place import Place, exists, is_dir, is_file

_MAGIC = frozenset("*?[")


class Match(NamedTuple):
    """An input as found: where it lies, and its path as the config wrote it."""

    path: Place
    written: str


def expand(base: Place, pattern: str) -> list[Match]:
    """The files and folders that a path or pattern means, sorted by bytes; hidden ones only where named.

    A store is asked what lies in a folder, a request for every thousand names; over HTTP that cannot be asked: a URL
    means one file.

    Unlike `glob` this raises where a folder cannot be listed: an input that is not seen is an input that is lost.

    Raises:
        OSError: a folder cannot be listed.

    """
    root, prefix, segments = _begin(base, pattern)
    if isinstance(root, StorePath) and root.root.startswith("http"):
        path = root / "/".join(segments)
        return [Match(path, str(path))] if is_file(path) else []
    found = _walk(root, [segment for segment in segments if segment not in ("", ".")], [])
    matches = {prefix + "/".join(names): path for path, names in found}
    return [Match(path, written) for written, path in sorted(matches.items(), key=lambda item: os.fsencode(item[0]))]


def _begin(base: Place, pattern: str) -> tuple[Place, str, list[str]]:
    """Where to look, what the names of what is found begin with, and the segments to go along."""
    store = store_path(pattern)
    if store is not None:
        return StorePath(store.root), f"{store.root}/", store.key.split("/")
    segments = pattern.replace(os.sep, "/").split("/")
    return (Path("/"), "/", segments) if pattern.startswith("/") else (base, "", segments)


def _walk(folder: Place, segments: Sequence[str], names: list[str]) -> Iterator[tuple[Place, list[str]]]:
    if not segments:
        yield folder, names
        return
    segment, rest = segments[0], segments[1:]
    if segment == "**":
        if not rest and isinstance(folder, StorePath) and not is_dir(folder):
            return
        yield from _walk(folder, rest, names)
        for name, kind in _list(folder):
            if kind == "folder" and not name.startswith("."):
                yield from _walk(folder / name, segments, [*names, name])
    elif _MAGIC.isdisjoint(segment):
        path = folder / segment
        if (rest and isinstance(path, StorePath)) or exists(path):  # what is not there has nothing below it
            yield from _walk(path, rest, [*names, segment])
    else:
        for name, kind in _list(folder):
            hidden = name.startswith(".") and not segment.startswith(".")
            if fnmatch.fnmatchcase(name, segment) and not hidden and (not rest or kind != "file"):
                yield from _walk(folder / name, rest, [*names, name])


def _list(folder: Place) -> list[tuple[str, str]]:
    """Name and kind (file, folder, link to a folder) of what lies in a folder, sorted by bytes."""
    if isinstance(folder, StorePath):
        return [(path.name, kind) for path, kind in folder.listed()]
    if not is_dir(folder):
        return []
    with naming(folder), os.scandir(folder) as entries:
        return [(entry.name, _kind(entry)) for entry in sorted(entries, key=lambda entry: os.fsencode(entry.name))]


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    return "link" if entry.is_symlink() and is_dir(Path(entry.path)) else "file"


def names_of(matches: Sequence[Match]) -> list[str]:
    """What locators and the manifest call each input: as written, but of absolute paths only what sets them apart.

    >>> names_of([Match(Path("/a/b/x.warc"), "/a/b/x.warc"), Match(Path("/a/c/x.warc"), "/a/c/x.warc")])
    ['b/x.warc', 'c/x.warc']
    >>> names_of([Match(Path("s3://a/x.warc"), "s3://a/x.warc")])
    ['x.warc']
    """
    written = [match.written.replace("://", "/", 1) if "://" in match.written else match.written for match in matches]
    written = [f"/{path}" if "://" in match.written else path for match, path in zip(matches, written, strict=True)]
    parents = [os.path.dirname(path) for path in written if path.startswith("/")]  # noqa: PTH120 - POSIX text, no path
    common = os.path.commonpath(parents) if parents else ""
    names = [path.removeprefix(common).lstrip("/") if path.startswith("/") else path for path in written]
    return [os.fsencode(name).decode("utf-8", "backslashreplace") for name in names]
