"""A lock in a store: an object that its holder writes anew every few seconds.

Nobody's clock is compared with another's: who finds a lease watches it. When it changes, its holder lives. When it has
not changed for as long as a lease lasts, its holder is taken for dead, and the lease is taken over by a put that the
store does only if it is still the version that was seen. So of two who take over one succeeds. A holder that was only
slow finds at its next beat that the lease is another's. What decides in the end is the put of the manifest: `commit`.
"""

from __future__ import annotations

import json
import os
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from builder.errors import ConfigError, LockedError
from builder.storage.path import StorePath, StoreStat

LEASE_SECONDS = "BUILDER_LEASE_SECONDS"
"""Environment variable: how long a lease holds that is not renewed. Equal for all who build into one output."""
_SECONDS = 30.0
_BEATS = 4  # a lease
_LOOKS = 15  # a lease


@contextmanager
def leased(path: StorePath) -> Iterator[Callable[[], None]]:
    """Hold a lease; gives a function that raises LockedError once it is lost.

    Raises:
        LockedError: another build holds it. OSError: the store.

    """
    seconds = _lease_seconds()
    lease = _Lease(path)
    lease.take(seconds)
    ended = Event()
    thread = Thread(target=lease.keep, args=(ended, seconds / _BEATS), daemon=True)
    thread.start()
    try:
        yield lease.check
    finally:
        ended.set()
        thread.join()
        lease.give_back()


def _lease_seconds() -> float:
    given = os.environ.get(LEASE_SECONDS, "")
    try:
        return max(0.5, float(given)) if given else _SECONDS
    except ValueError:
        raise ConfigError(f"{LEASE_SECONDS}={given}: not a number of seconds") from None


class _Lease:
    """A lease and the version of it that this process wrote last. A class because the two change together."""

    def __init__(self, path: StorePath) -> None:
        self._path = path
        self._who = {"host": socket.gethostname(), "process": os.getpid(), "build": uuid.uuid4().hex}
        self._beats = 0
        self._mine: StoreStat | None = None
        self._lost = False

    def take(self, seconds: float) -> None:
        """Take the lease, from a holder who shows no life for as long as it lasts if need be."""
        while not self._write(None):
            seen = self._seen()
            if seen is not None:
                self._watch(seen, seconds)
                if self._write(seen):
                    return

    def _watch(self, seen: StoreStat, seconds: float) -> None:
        holder = _holder(self._path)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(seconds / _LOOKS)
            now = self._seen()
            if now is None:
                return
            if now != seen:
                out = self._path.parent.parent
                raise LockedError(f"{out}: another build is at work here{holder}; wait for it, or choose another --out")

    def keep(self, ended: Event, pause: float) -> None:
        """Renew the lease until it is given back or lost."""
        while not ended.wait(pause) and not self._lost:
            with suppress(OSError):  # the store may answer again before the lease has run out
                self._lost = not self._write(self._mine)

    def check(self) -> None:
        """Raise LockedError where the lease is another's."""
        if self._lost:
            raise LockedError(f"{self._path.parent.parent}: another build has taken over; run again when it has ended")

    def give_back(self) -> None:
        """Remove the lease where it is still this process's."""
        with suppress(OSError):
            if not self._lost and self._seen() == self._mine:
                self._path.unlink(missing_ok=True)

    def _seen(self) -> StoreStat | None:
        try:
            return self._path.stat()
        except FileNotFoundError:
            return None

    def _write(self, seen: StoreStat | None) -> bool:
        self._beats += 1
        content = json.dumps({**self._who, "beat": self._beats}, sort_keys=True).encode()
        if not self._path.upload_if(content, seen):
            return False
        self._mine = self._path.stat()
        return True


def _holder(path: StorePath) -> str:
    try:
        who = json.loads(path.read_bytes())
        return f" (process {int(who['process'])} on {str(who['host'])[:100]})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
