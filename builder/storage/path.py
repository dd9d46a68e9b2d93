"""A path in an object store, with the methods of pathlib's that the builder uses: code that takes a Path takes it too.

A store has objects and no folders: a folder is there as long as an object lies below it, none has to be made or
removed. An object appears whole or not at all, so nothing has to be synced.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import unquote

from obstore.store import ObjectStore

from builder.storage.client import SCHEMES, client_of, store_errors

BUFFER = 2**20
"""Bytes that a reader asks for at once: what a request waits for its first byte is worth more than they are."""
_UPLOAD_PIECE = 16 * 2**20
_PIECES_AT_ONCE = 4


class StoreStat(NamedTuple):
    """What a store says of an object: its size, by the name that a disk's answer has, and which version it is."""

    st_size: int
    e_tag: str | None
    version: str | None
    """Some stores tell versions by the one, some by the other."""


@dataclass(frozen=True, slots=True, order=True)
class StorePath:
    """An object, or what stands before a `/` in names of objects."""

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
        """The path from another to this. Raises ValueError where it does not lie below."""
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
        """Size and version. Raises FileNotFoundError, OSError."""
        with store_errors(str(self)):
            found = self.client.head(self.key)
        return StoreStat(found["size"], found["e_tag"], found["version"])

    def is_file(self) -> bool:
        """Whether there is such an object. Raises OSError where the store does not say."""
        try:
            self.stat()
        except FileNotFoundError:
            return False
        return True

    def is_dir(self) -> bool:
        """Whether objects lie below."""
        return self.root.split(":")[0] not in ("http", "https") and next(self.iterdir(), None) is not None

    def exists(self) -> bool:
        """Whether it is an object, or objects lie below."""
        return self.is_file() or self.is_dir()

    def listed(self) -> list[tuple[StorePath, str]]:
        """What lies below it, one level deep, with its kind (file, folder), by name. Raises OSError."""
        with store_errors(str(self)):
            found = self.client.list_with_delimiter(f"{self.key}/" if self.key else None)
        kinds = dict.fromkeys((key.rstrip("/") for key in found["common_prefixes"]), "folder")
        kinds |= {entry["path"]: "file" for entry in found["objects"] if entry["path"] != self.key}
        return [(StorePath(self.root, key), kinds[key]) for key in sorted(kinds)]

    def iterdir(self) -> Iterator[StorePath]:
        """What lies below it, one level deep, by name. Raises OSError."""
        return (path for path, _ in self.listed())

    def open(self, mode: str = "rb", buffering: int = BUFFER) -> io.BufferedReader:
        """Open an object for reading by ranges. Raises FileNotFoundError, OSError; also what is read may raise it."""
        if mode != "rb":
            raise ValueError(f"{self}: an object is written whole, by storage.files")
        return io.BufferedReader(Ranges(self, self.stat().st_size), buffering)

    def read_bytes(self) -> bytes:
        """The whole object. Raises FileNotFoundError, OSError."""
        with store_errors(str(self)):
            return bytes(self.client.get(self.key).bytes())

    def read_range(self, offset: int, length: int) -> bytes:
        """Some bytes of the object, fewer where it ends before. Raises FileNotFoundError, OSError."""
        with store_errors(str(self)):
            return bytes(self.client.get_range(self.key, start=offset, length=length))

    def read_text(self, encoding: str = "utf-8") -> str:
        """The whole object as text."""
        return self.read_bytes().decode(encoding)

    def upload(self, content: bytes | Path) -> None:
        """Put bytes, or a file of this machine, in place of whatever is there; large ones in pieces. Raises OSError."""
        with store_errors(str(self)):
            self.client.put(self.key, content, chunk_size=_UPLOAD_PIECE, max_concurrency=_PIECES_AT_ONCE)

    def upload_if(self, content: bytes, seen: StoreStat | None) -> bool:
        """Put bytes in place of one version of the object, None being that there is none. Returns whether that is done.

        A reply that is lost says nothing of what was done, so what is there is read before anything else.

        Raises:
            OSError: the store does not answer, and what is there is not these bytes: nothing was done yet.

        """
        told = {"e_tag": seen.e_tag, "version": seen.version} if seen else {}
        mode: Any = {name: value for name, value in told.items() if value is not None} or "create"
        try:
            with store_errors(str(self)):
                self.client.put(self.key, content, mode=mode)
        except FileExistsError:  # by another; or by this, and the client asked again because the reply was lost
            return self.read_bytes() == content
        except OSError:
            if self.is_file() and self.read_bytes() == content:
                return True
            raise
        return True

    def unlink(self, missing_ok: bool = False) -> None:
        """Remove the object. Raises FileNotFoundError, OSError."""
        if not missing_ok:
            self.stat()
        with store_errors(str(self)):
            try:
                self.client.delete(self.key)
            except FileNotFoundError:  # some stores say so, others do not
                if not missing_ok:
                    raise

    def replace(self, target: StorePath) -> None:
        """Give the object another name, within the store: copied there, then removed here. Raises OSError."""
        with store_errors(str(self)):
            self.client.copy(self.key, target.key)
        self.unlink(missing_ok=True)

    def mkdir(self, **_options: Any) -> None:
        """Nothing: a store has no folders."""

    rmdir = mkdir


class Ranges(io.RawIOBase):
    """An object as a file that can be sought in: every read is a request for a range."""

    def __init__(self, path: StorePath, size: int) -> None:
        self._path, self._at = path, 0
        self.size = size
        self.name = str(path)

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes: it costs nothing."""
        return True

    def tell(self) -> int:
        """Where the next read begins."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go elsewhere."""
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence])
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        """Read into a buffer, fewer bytes than it takes only at the end. Raises OSError."""
        wanted = min(len(buffer), self.size - self._at)
        if wanted <= 0:
            return 0
        with store_errors(self.name):
            piece = self._path.client.get_range(self._path.key, start=self._at, length=wanted)
        buffer[: len(piece)] = memoryview(piece).cast("B")
        self._at += len(piece)
        return len(piece)


def store_path(text: str) -> StorePath | None:
    """The path that an URL means; None where it is none of a store.

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
