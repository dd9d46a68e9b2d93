"""A path in an object store, with the methods of pathlib's that the builder uses: code that takes a Path takes it too.

A store has objects and no folders: a folder is there as long as an object lies below it, none has to be made or
removed. An object appears whole or not at all, so nothing has to be synced.
"""

from __future__ import annotations

import errno
import io
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from obstore.store import ObjectStore

from builder.storage.client import SCHEMES, ask, client_of
from builder.storage.ranges import BUFFER, Ranges, StoreStat, stat_of

_UPLOAD_PIECE = 16 * 2**20
_PIECES_AT_ONCE = 4
_PAUSES = (0.1, 0.4, 1.6)
"""Seconds before the next try of a put that met another."""


@dataclass(frozen=True, slots=True, order=True)
class StorePath:
    """An object, or what names begin with before a `/`. What asks the store raises FileNotFoundError, else OSError."""

    root: str
    """`s3://bucket`, `https://host`."""
    key: str = ""

    def __str__(self) -> str:
        return f"{self.root}/{self.key}" if self.key else self.root

    def __truediv__(self, name: str) -> StorePath:
        return StorePath(self.root, _joined(self.key, name))

    @property
    def _pure(self) -> PurePosixPath:
        return PurePosixPath(self.key)

    @property
    def client(self) -> ObjectStore:
        """What speaks with the store."""
        return client_of(self.root)

    @property
    def _object(self) -> str:
        """The key that a request is for; FileNotFoundError of a bucket alone, for it would be one for the bucket."""
        if not self.key and not self.is_web:
            raise FileNotFoundError(errno.ENOENT, "no such object", str(self))
        return self.key

    @property
    def is_web(self) -> bool:
        """Whether it is a file of a web server, which lists no folders and is not written to."""
        return self.root.startswith("http")

    @property
    def name(self) -> str:
        """The last segment."""
        return self._pure.name

    @property
    def stem(self) -> str:
        """The name without its last ending."""
        return self._pure.stem

    @property
    def suffix(self) -> str:
        """The last ending of the name."""
        return self._pure.suffix

    @property
    def parent(self) -> StorePath:
        """The path without its last segment."""
        return StorePath(self.root, self.key.rpartition("/")[0])

    @property
    def parents(self) -> tuple[StorePath, ...]:
        """All paths above, the nearest first."""
        parent = self.parent
        return () if not self.key else (parent, *parent.parents)

    @property
    def parts(self) -> tuple[str, ...]:
        """The root and the segments."""
        return (self.root, *filter(None, self.key.split("/")))

    def with_suffix(self, suffix: str) -> StorePath:
        """The path with another last ending."""
        return StorePath(self.root, str(self._pure.with_suffix(suffix)))

    def is_relative_to(self, other: object) -> bool:
        """Whether it is another path of the store or lies below it."""
        return isinstance(other, StorePath) and self.parts[: len(other.parts)] == other.parts

    def relative_to(self, other: StorePath) -> PurePosixPath:
        """The path from another to this; ValueError where it does not lie below."""
        if not self.is_relative_to(other):
            raise ValueError(f"{self} does not lie below {other}")
        return PurePosixPath(*self.parts[len(other.parts) :])

    def as_posix(self) -> str:
        """The path as text."""
        return str(self)

    def resolve(self) -> StorePath:
        """The path itself: a store has no links."""
        return self

    def stat(self) -> StoreStat:
        """Size and version."""
        return stat_of(ask(str(self), lambda: self.client.head(self._object)))

    def is_file(self) -> bool:
        """Whether there is such an object."""
        try:
            self.stat()
        except FileNotFoundError:
            return False
        return True

    def is_symlink(self) -> bool:
        """No: a store has no links."""
        return False

    def is_dir(self) -> bool:
        """Whether objects lie below. Costs one listing of a few; over HTTP that cannot be asked."""
        if self.is_web:
            return False
        return bool(ask(str(self), lambda: next(iter(self.client.list(self._below, chunk_size=1)), None)))

    def exists(self) -> bool:
        """Whether it is an object, or objects lie below."""
        return self.is_file() or self.is_dir()

    @property
    def _below(self) -> str | None:
        return f"{self.key}/" if self.key else None

    def listed(self) -> list[tuple[StorePath, str]]:
        """What lies below it, one level deep, with its kind (file, folder), by name."""
        found = ask(str(self), lambda: self.client.list_with_delimiter(self._below))
        kinds = dict.fromkeys((key.rstrip("/") for key in found["common_prefixes"]), "folder")
        kinds |= {entry["path"]: "file" for entry in found["objects"] if entry["path"] != self.key}
        return [(StorePath(self.root, key), kinds[key]) for key in sorted(kinds)]

    def iterdir(self) -> Iterator[StorePath]:
        """What lies below it, one level deep, by name."""
        return (path for path, _ in self.listed())

    def below(self) -> list[tuple[str, int]]:
        """All objects below it, however deep: name, relative to it, and size, by name."""
        listed = ask(str(self), lambda: [entry for batch in self.client.list(self._below) for entry in batch])
        at = len(self._below or "")  # what some tools put where a folder begins has no name below it
        return sorted((entry["path"][at:], entry["size"]) for entry in listed if entry["path"][at:])

    def open(self, mode: str = "rb", buffering: int = BUFFER) -> io.BufferedReader:
        """Open an object for reading by ranges; the first bytes of it come at once, with its size.

        Raises:
            FileNotFoundError, OSError: so may what is read. DumpError: a server that gives no ranges.

        """
        if mode != "rb":
            raise ValueError(f"{self}: an object is written whole, by write.files")
        return io.BufferedReader(Ranges(self.client, self._object, str(self)), buffering)

    def read_bytes(self) -> bytes:
        """The whole object."""
        return self.read_version()[0]

    def read_version(self) -> tuple[bytes, StoreStat]:
        """The whole object, and which version of it that is."""

        def request() -> tuple[bytes, StoreStat]:
            found = self.client.get(self._object)
            return bytes(found.bytes()), stat_of(found.meta)

        return ask(str(self), request)

    def read_range(self, offset: int, length: int) -> bytes:
        """Some bytes of the object, fewer where it ends before."""
        return ask(str(self), lambda: bytes(self.client.get_range(self._object, start=offset, length=length)))

    def read_text(self, encoding: str = "utf-8") -> str:
        """The whole object as text."""
        return self.read_bytes().decode(encoding)

    def upload(self, content: bytes | Path) -> None:
        """Put bytes, or a file of this machine, in place of whatever is there; large ones in pieces."""

        def request() -> None:
            self.client.put(self._object, content, chunk_size=_UPLOAD_PIECE, max_concurrency=_PIECES_AT_ONCE)

        try:
            ask(str(self), request)
        except FileNotFoundError:  # the upload had ended and the reply was lost: asked again, the store knows of none
            ask(str(self), request)

    def upload_if(self, content: bytes, seen: StoreStat | None) -> StoreStat | None:
        """Put bytes in place of one version of the object, None being that there is none.

        Returns the version that they are now, None where something else is there. A reply that is lost says nothing of
        what was done, so what is there is read before anything else.

        Raises:
            OSError: the store does not answer, and what is there is not these bytes, or it does not say what is there.

        """
        told = {"e_tag": seen.e_tag, "version": seen.version} if seen else {}
        mode: Any = {name: value for name, value in told.items() if value is not None} or "create"
        for pause in (*_PAUSES, None):
            try:
                done = ask(str(self), lambda: self.client.put(self._object, content, mode=mode))
            except OSError as error:
                if isinstance(error, FileNotFoundError) and seen is not None:
                    return None  # removed meanwhile
                there = self._version_or_none()
                if there is not None and there[0] == content:
                    return there[1]
                if not isinstance(error, FileExistsError):
                    raise
                if pause is None or (there[1] if there else None) != seen:
                    return None
                time.sleep(pause)  # two puts at the same moment: the store has refused both
            else:
                return StoreStat(len(content), done["e_tag"], done["version"])
        raise AssertionError("the last try returns or raises")

    def _version_or_none(self) -> tuple[bytes, StoreStat] | None:
        try:
            return self.read_version()
        except FileNotFoundError:
            return None

    def unlink(self, missing_ok: bool = False) -> None:
        """Remove the object."""
        if not missing_ok:
            self.stat()
        with suppress(FileNotFoundError):  # some stores say so, others do not
            ask(str(self), lambda: self.client.delete(self._object))

    def unlink_all(self, names: Iterable[str]) -> None:
        """Remove objects below it, many with a request where the store can; those that have gone are no error."""
        keys = [(self / name).key for name in names]
        with suppress(FileNotFoundError):
            if keys:
                ask(str(self), lambda: self.client.delete(keys))

    def copy(self, target: StorePath) -> None:
        """Let the store copy the object, in place of whatever is there."""
        ask(str(self), lambda: self.client.copy(self._object, target._object))

    def mkdir(self, **_options: Any) -> None:
        """Nothing: a store has no folders."""


def store_path(text: str) -> StorePath | None:
    """The path that a URL means; None where it is none of a store.

    >>> store_path("s3://bucket/raw//2022/../x.warc.gz"), store_path("raw/x.warc.gz")
    (StorePath(root='s3://bucket', key='raw/x.warc.gz'), None)
    """
    scheme, found, rest = text.partition("://")
    if not found or scheme not in SCHEMES:
        return None
    host, _, key = rest.partition("/")
    return StorePath(f"{scheme}://{host}", _joined("", unquote(key) if scheme.startswith("http") else key))


def _joined(key: str, more: str) -> str:
    segments = [segment for segment in key.split("/") if segment]
    for segment in more.split("/"):
        if segment == "..":
            segments[-1:] = []
        elif segment not in ("", "."):
            segments.append(segment)
    return "/".join(segments)
