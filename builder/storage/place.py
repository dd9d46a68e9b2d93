"""A place: a path on a disk of this machine or in a store. What both can do their methods do; the rest is here."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import TypeAlias, TypeVar

import pyarrow as pa

from builder.errors import naming
from builder.storage.path import StorePath, store_path

Place: TypeAlias = Path | StorePath
READS = 32
"""Files that a process reads, or asks a store for, at a time."""

Item = TypeVar("Item")
Result = TypeVar("Result")
_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG)
"""What says that a path leads to nothing."""
_ABSENT_ON_WINDOWS = (21, 123, 1921)
"""The same there: a drive without a medium, a name that cannot be one (a URL), a link that cannot be followed."""


def place_of(text: str | os.PathLike[str], base: Place | None = None) -> Place:
    """The place that a path or URL means; what is relative is relative to `base`.

    >>> str(place_of("../raw", place_of("s3://bucket/configs"))), str(place_of("/raw", place_of("s3://bucket/configs")))
    ('s3://bucket/raw', '/raw')
    """
    written = os.fspath(text)
    found = store_path(written)
    if found is not None:
        return found
    if isinstance(base, StorePath):
        return Path(written) if os.path.isabs(written) else base / written  # noqa: PTH117 - Path would read the text
    return Path(written) if base is None else base / written


def on_web(place: Place) -> bool:
    """Whether it is a file of a web server, which lists no folders and is not written to."""
    return isinstance(place, StorePath) and place.is_web


def absolute(place: Place) -> Place:
    """The place as processes with other working folders know it."""
    return place if isinstance(place, StorePath) else place.absolute()


def exists(place: Place, *, follow: bool = True) -> bool:
    """Whether there is such a file or folder; unless `follow`, a link is there that leads nowhere.

    The methods of `Path` keep to themselves what the disk says against it, from Python 3.14 on whatever the error is.

    Raises:
        OSError: the disk does not say; so do the two below. What is not seen must not be taken for gone.

    """
    return place.exists() if isinstance(place, StorePath) else _mode(place, follow=follow) is not None


def is_file(place: Place) -> bool:
    """Whether there is a file, or a link to one.

    Raises:
        OSError: the disk or the store failed.

    """
    return place.is_file() if isinstance(place, StorePath) else S_ISREG(_mode(place) or 0)


def is_dir(place: Place) -> bool:
    """Whether there is a folder, or a link to one.

    Raises:
        OSError: the disk or the store failed.

    """
    return place.is_dir() if isinstance(place, StorePath) else S_ISDIR(_mode(place) or 0)


def _mode(path: Path, *, follow: bool = True) -> int | None:
    try:
        return path.stat(follow_symlinks=follow).st_mode
    except ValueError:  # a NUL in its name
        return None
    except OSError as error:
        if error.errno in _ABSENT or getattr(error, "winerror", None) in _ABSENT_ON_WINDOWS:
            return None
        raise


def files_below(folder: Place) -> Iterator[tuple[str, int]]:
    """Name, relative to the folder, and size of every file below it, by name; none where there is no such folder.

    Links are files.

    Raises:
        OSError: a folder cannot be listed; what is not seen must not be taken for gone.

    """
    if isinstance(folder, StorePath):
        yield from folder.below()
    elif is_dir(folder):
        yield from _walk(folder, "")


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, int]]:
    with naming(folder), os.scandir(folder) as listed:
        entries = sorted(listed, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(folder / entry.name, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name, entry.stat(follow_symlinks=False).st_size


def remove_tree(folder: Place) -> None:
    """Remove a folder and all below it, as far as that can be done; a disk that will not is no error."""
    if not isinstance(folder, StorePath):
        shutil.rmtree(folder, ignore_errors=True)
        return
    folder.unlink_all(name for name, _ in folder.below())


def remove_all(folder: Place, names: Iterable[str]) -> None:
    """Remove files below a folder; those that have gone are no error.

    Raises:
        OSError: the disk or the store failed.

    """
    if isinstance(folder, StorePath):
        folder.unlink_all(names)
        return
    for name in names:
        (folder / name).unlink(missing_ok=True)


def each(where: Place, work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Do something with every item, in order; in a store with many at once, for there each waits for an answer."""
    return read_many(work, items) if isinstance(where, StorePath) else [work(item) for item in items]


def read_many(read: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """`read` of every item, in order; several at a time."""
    listed = list(items)
    if len(listed) < 2:
        return [read(item) for item in listed]
    with ThreadPoolExecutor(min(len(listed), READS)) as threads:
        return list(threads.map(read, listed))


def arrow_source(path: Path) -> Path | pa.NativeFile:
    """What pyarrow, which takes paths for UTF-8, opens a file on a disk by.

    Raises:
        OSError: the file, whose name is not UTF-8 and which is opened here, cannot be.

    """
    name = os.fsencode(path)
    return path if name.decode("utf-8", "replace") == str(path) else pa.OSFile(name)


def stamp_of(place: Place, *, follow: bool = True) -> list[int]:
    """Numbers that are others when the content of a file has changed: size, and time of change or version.

    On a disk a third one, which nobody can put back: when the system noted that, or another name or other rights.
    """
    if isinstance(place, StorePath):
        stat = place.stat()
        told = f"{stat.e_tag or stat.version}".encode()
        return [stat.st_size, int.from_bytes(hashlib.sha256(told).digest()[:7], "big")]
    found = place.stat() if follow else place.lstat()
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns]
