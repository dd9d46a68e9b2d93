"""An object as a file that can be sought in: every read is a request for a range."""

from __future__ import annotations

import errno
import io
from typing import Any, NamedTuple

from obstore.store import ObjectStore

from builder.errors import DumpError
from builder.storage.client import ask

BUFFER = 4 * 2**20
"""Bytes that a reader asks for at once: what a request waits for its first byte is worth more than they are."""
HEAD = 2**16
"""Bytes that come with the size when an object is opened: many a file has no more, and formats are told by them."""

_HELD = 2
"""Pieces that an open object holds."""
_NO_RANGE = ("416", "non-partial response", "Range request not supported")
"""What is said where there are none: 416 also of an object that is empty."""


class StoreStat(NamedTuple):
    """What a store says of an object: its size, by the name that a disk's answer has, and which version it is."""

    st_size: int
    e_tag: str | None
    version: str | None
    """Some stores tell versions by the one, some by the other."""


def stat_of(meta: Any) -> StoreStat:
    """What obstore says of an object."""
    return StoreStat(meta["size"], meta["e_tag"], meta["version"])


class Ranges(io.RawIOBase):
    """An object of one version, open. A class for `io.BufferedReader` asks for one."""

    def __init__(self, client: ObjectStore, key: str, name: str) -> None:
        """Ask for the first bytes.

        Raises:
            FileNotFoundError: there is no such object.
            DumpError: the server gives no ranges.
            OSError: the store failed.

        """
        self._client, self._key, self._at = client, key, 0
        self.name = name
        head, self.stat = self._get(0, HEAD)
        self.size = self.stat.st_size
        self._held = [(0, head)]
        """The last pieces: who reads ahead and goes back a little does not ask for them again."""

    def _get(self, start: int, length: int) -> tuple[bytes, StoreStat]:
        def request() -> tuple[bytes, StoreStat]:
            found = self._client.get(self._key, options={"range": (start, start + length)})
            return bytes(found.bytes()), stat_of(found.meta)

        try:
            return ask(self.name, request)
        except OSError as error:
            if start or not any(sign in str(error.strerror) for sign in _NO_RANGE):
                raise
        found = ask(self.name, lambda: self._client.head(self._key))
        if found["size"]:
            raise DumpError(f"{self.name}: the server gives no byte ranges; copy the file to a disk or a store")
        return b"", stat_of(found)

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
        """Read into a buffer; fewer bytes than it takes also where a piece ends.

        Raises:
            OSError: the store failed.

        """
        if not self._at < self.size:
            return 0
        start, piece = next((held for held in self._held if held[0] <= self._at < held[0] + len(held[1])), (0, b""))
        if not piece:
            start, (piece, found) = self._at, self._get(self._at, min(len(buffer), self.size - self._at))
            if found != self.stat:
                raise OSError(errno.ESTALE, "changed while it was read", self.name)
            if len(piece) <= BUFFER:
                self._held = [*self._held, (start, piece)][-_HELD:]
        within = memoryview(piece)[self._at - start :][: len(buffer)]
        buffer[: len(within)] = within
        self._at += len(within)
        return len(within)
