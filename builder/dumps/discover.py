"""Paths and patterns of a config -> the files that they mean, with names that are the same on every machine."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from builder.errors import naming

_MAGIC = frozenset("*?[")


class Match(NamedTuple):
    """An input as found: where it lies, and its path as the config wrote it."""

    path: Path
    written: str


def expand(base: Path, pattern: str) -> list[Match]:
    """The files and folders that a path or pattern means, sorted by bytes; hidden ones only where named.

    Unlike `glob` this raises where a folder cannot be listed: an input that is not seen is an input that is lost.

    Raises:
        OSError: a folder cannot be listed.

    """
    segments = pattern.replace(os.sep, "/").split("/")
    root = Path("/") if pattern.startswith("/") else base
    found = _walk(root, [segment for segment in segments if segment not in ("", ".")], [])
    prefix = "/" if pattern.startswith("/") else ""
    matches = {prefix + "/".join(names): path for path, names in found}
    return [Match(path, written) for written, path in sorted(matches.items(), key=lambda item: os.fsencode(item[0]))]


def _walk(folder: Path, segments: Sequence[str], names: list[str]) -> Iterator[tuple[Path, list[str]]]:
    if not segments:
        yield folder, names
        return
    segment, rest = segments[0], segments[1:]
    if segment == "**":
        yield from _walk(folder, rest, names)
        for entry in _list(folder):
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                yield from _walk(folder / entry.name, segments, [*names, entry.name])
    elif _MAGIC.isdisjoint(segment):
        path = folder / segment
        if path.exists():
            yield from _walk(path, rest, [*names, segment])
    else:
        for entry in _list(folder):
            hidden = entry.name.startswith(".") and not segment.startswith(".")
            if fnmatch.fnmatchcase(entry.name, segment) and not hidden and (not rest or entry.is_dir()):
                yield from _walk(folder / entry.name, rest, [*names, entry.name])


def _list(folder: Path) -> list[os.DirEntry[str]]:
    if not folder.is_dir():
        return []
    with naming(folder), os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: os.fsencode(entry.name))


def names_of(matches: Sequence[Match]) -> list[str]:
    """What locators and the manifest call each input: as written, but of absolute paths only what sets them apart.

    >>> names_of([Match(Path("/a/b/x.warc"), "/a/b/x.warc"), Match(Path("/a/c/x.warc"), "/a/c/x.warc")])
    ['b/x.warc', 'c/x.warc']
    """
    absolute = [match.written for match in matches if match.written.startswith("/")]
    parents = [os.path.dirname(written) for written in absolute]  # noqa: PTH120 - POSIX text, not a path of this machine
    common = os.path.commonpath(parents) if parents else ""
    names = [
        match.written.removeprefix(common).lstrip("/") if match.written.startswith("/") else match.written
        for match in matches
    ]
    return [os.fsencode(name).decode("utf-8", "backslashreplace") for name in names]
