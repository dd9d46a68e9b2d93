"""Paths and patterns of a config -> the files that they mean, with names that are the same on every machine."""

from __future__ import annotations

import fnmatch
import os
import posixpath
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path, PurePath, PureWindowsPath
from typing import NamedTuple

from builder.errors import naming
from builder.storage.path import StorePath, store_path
from builder.storage.place import Place, exists, is_dir, is_file, on_web

_MAGIC = frozenset("*?[")


class Match(NamedTuple):
    """An input as found: where it lies, and its path as the config wrote it, with `/`; `/C:/` begins one on Windows."""

    path: Place
    written: str
    folder: str = ""
    """What the pattern names before its first wildcard, written likewise; empty where it has none."""


def expand(base: Place, pattern: str) -> list[Match]:
    """The files and folders that a path or pattern means, sorted by bytes; hidden ones only where named.

    A store is asked what lies in a folder, a request for every thousand names; over HTTP that cannot be asked: a URL
    means one file.

    Unlike `glob` this raises where a folder cannot be listed: an input that is not seen is an input that is lost.

    Raises:
        OSError: a folder cannot be listed.

    """
    root, prefix, segments = _begin(base, pattern)
    if on_web(root):
        path = root / "/".join(segments)
        return [Match(path, str(path))] if is_file(path) else []
    segments = [segment for segment in segments if segment not in ("", ".")]
    plain = list(takewhile(_MAGIC.isdisjoint, segments))
    folder = prefix + "/".join(plain) if plain != segments else ""
    matches = {prefix + "/".join(names): path for path, names in _walk(root, segments, [])}
    ordered = sorted(matches.items(), key=lambda item: os.fsencode(item[0]))
    return [Match(path, written, folder) for written, path in ordered]


def _begin(base: Place, pattern: str) -> tuple[Place, str, list[str]]:
    """Where to look, what the names of what is found begin with, and the segments to go along."""
    store = store_path(pattern)
    if store is not None:
        return StorePath(store.root), f"{store.root}/", store.key.split("/")
    anchor, segments = split_anchor(pattern)
    return (Path(anchor), f"/{anchor.lstrip('/')}", segments) if anchor else (base, "", segments)


def split_anchor(pattern: str, kind: type[PurePath] = PurePath) -> tuple[str, list[str]]:
    """Where an absolute path begins as its system has it, empty for a relative one, and the segments behind it."""
    path = kind(pattern)
    if isinstance(path, PureWindowsPath):
        pattern, anchor = pattern.replace("\\", "/"), path.anchor.replace("\\", "/")
    else:
        anchor = path.anchor[:1]  # two slashes are one
    return anchor, pattern[len(anchor) :].split("/")


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

    What sets them apart is told by the config, not by what lies there today: an input that comes renames no other.

    >>> names_of([Match(Path("/a/b/x.warc"), "/a/b/x.warc"), Match(Path("/a/c/x.warc"), "/a/c/x.warc")])
    ['b/x.warc', 'c/x.warc']
    >>> names_of([Match(Path("s3://a/x.warc"), "s3://a/x.warc")])
    ['x.warc']
    >>> names_of([Match(Path("/a/b/x.warc"), "/a/b/x.warc", "/a")])
    ['b/x.warc']
    """
    written = [_from_root(match.written) for match in matches]
    folders = [_from_root(match.folder) for match in matches]
    pairs = [pair for pair in zip(written, folders, strict=True) if pair[0].startswith("/")]
    # Of `/a/**` the folder is a match itself, and needs a name. POSIX text, no path.
    parents = [posixpath.dirname(path) if folder in ("", path) else folder for path, folder in pairs]
    common = posixpath.commonpath(parents) if parents else ""
    names = [path.removeprefix(common).lstrip("/") if path.startswith("/") else path for path in written]
    return [os.fsencode(name).decode("utf-8", "backslashreplace") for name in names]


def _from_root(written: str) -> str:
    """A URL as a path that begins with its scheme; all else as it is."""
    return f"/{written.replace('://', '/', 1)}" if "://" in written else written
