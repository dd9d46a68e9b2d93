"""A lock in a store: an object that its holder writes anew every few seconds.

Nobody's clock is compared with another's: who finds a lease watches it. When it changes, its holder lives. When it has
not changed for as long as a lease lasts, its holder is taken for dead, and the lease is taken over by a put that the
store does only if it is still the version that was seen. So of two who take over one succeeds. A holder that was only
slow finds at its next beat, and before all that cannot be undone, that the lease is another's. What decides in the end
is the put of the manifest: see `commit`.
"""

from __future__ import annotations

import json
import os
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread
from typing import NamedTuple

from builder.errors import ConfigError, LockedError
from builder.storage.client import seconds_from_env
from builder.storage.path import StorePath
from builder.storage.ranges import StoreStat

LEASE_SECONDS = "BUILDER_LEASE_SECONDS"
"""Environment variable: how long a lease holds that is not renewed. Equal for all who build into one output."""
_SECONDS = 30.0
_BEATS = 4  # a lease
_LOOKS = 15  # a lease


class Held(NamedTuple):
    """A lock that is held."""

    check: Callable[[], None]
    """Raises LockedError where it has been lost. Called before what cannot be undone."""
    build: str
    """What tells this holder from all others; empty where the system keeps the lock and there can be no other."""


@contextmanager
def leased(path: StorePath) -> Iterator[Held]:
    """Hold a lease.

    Raises:
        LockedError: another build holds it, or has taken it over.
        ConfigError: a store that does not do what a lease rests on, a setting that is no number of seconds.
        OSError: the store.

    """
    seconds = seconds_from_env(LEASE_SECONDS, _SECONDS, 0.5)
    lease = _Lease(path)
    ended = Event()
    keeper = Thread(target=lease.keep, args=(ended, seconds / _BEATS), daemon=True)
    try:
        lease.take(seconds)
        keeper.start()
        yield Held(lease.check, lease.build)
    except FileNotFoundError:  # who took over may have cleared it away
        with suppress(OSError):
            lease.check()
        raise
    except OSError:
        lease.refuse_if_lost()
        raise
    finally:
        ended.set()
        if keeper.ident is not None:
            keeper.join(seconds)  # a store that does not answer is not waited for
        elif lease.is_held:
            lease.give_back()


class _Lease:
    """A lease and the version of it that this process wrote last. A class because the two change together."""

    def __init__(self, path: StorePath) -> None:
        self.build = uuid.uuid4().hex
        self._path, self._out = path, path.parent.parent
        self._beats = 0
        self._mine: StoreStat | None = None
        self._is_lost = False
        self._lock = Lock()

    @property
    def is_held(self) -> bool:
        """Whether it was taken and is not known to be lost."""
        return self._mine is not None and not self._is_lost

    def take(self, seconds: float) -> None:
        """Take the lease, from a holder who shows no life for as long as it lasts if need be."""
        seen: StoreStat | None = None
        while (mine := self._path.upload_if(self._content(), seen)) is None:
            seen = self._watch(seconds)
        self._mine = mine
        if self._path.upload_if(b"", None) is not None:
            raise ConfigError(
                f"{self._out}: this store ignores conditions of writes (If-Match), so two builds at once could "
                "overwrite each other; build into another one, or on a disk"
            )

    def _watch(self, seconds: float) -> StoreStat | None:
        """The version of a lease that did not change for as long as it lasts, None where there is none any more."""
        seen = self._seen()
        end = time.monotonic() + seconds
        while seen is not None and time.monotonic() < end:
            time.sleep(seconds / _LOOKS)
            now = self._seen()
            if now is not None and now != seen:
                holder = _holder(self._path)
                hint = "wait for it, or choose another --out"
                raise LockedError(f"{self._out}: another build is at work here{holder}; {hint}")
            seen = now
        return seen

    def keep(self, ended: Event, pause: float) -> None:
        """Renew the lease until it is lost, or no longer wanted: then give it back."""
        while not ended.wait(pause) and not self._is_lost:
            with suppress(OSError):  # the store may answer again before the lease has run out
                self._renew()
        if self.is_held:
            self.give_back()

    def check(self) -> None:
        """Renew the lease now.

        Raises:
            LockedError: it is another's.
            OSError: the store does not say.

        """
        self._renew()
        self.refuse_if_lost()

    def refuse_if_lost(self) -> None:
        """Raise LockedError where the lease is known to be another's."""
        if self._is_lost:
            raise LockedError(f"{self._out}: another build has taken over here; run again when it has ended")

    def give_back(self) -> None:
        """Remove the lease where it is still this process's."""
        with suppress(OSError):
            if self._seen() == self._mine:
                self._path.unlink(missing_ok=True)

    def _renew(self) -> None:
        with self._lock:
            content = self._content()
            mine = self._path.upload_if(content, self._mine)
            if mine is None and (seen := self._seen_as_mine()) is not None:  # the reply to a beat was lost
                mine = self._path.upload_if(content, seen)
            self._is_lost = mine is None
            self._mine = mine or self._mine

    def _seen(self) -> StoreStat | None:
        try:
            return self._path.stat()
        except FileNotFoundError:
            return None

    def _seen_as_mine(self) -> StoreStat | None:
        with suppress(FileNotFoundError):
            content, stat = self._path.read_version()
            return stat if _who(content).get("build") == self.build else None
        return None

    def _content(self) -> bytes:
        self._beats += 1
        who = {"host": socket.gethostname(), "process": os.getpid(), "build": self.build, "beat": self._beats}
        return json.dumps(who, sort_keys=True).encode()


def _who(content: bytes) -> dict[str, object]:
    with suppress(ValueError):
        found = json.loads(content)
        return found if isinstance(found, dict) else {}
    return {}


def _holder(path: StorePath) -> str:
    with suppress(OSError):
        who = _who(path.read_bytes())
        if isinstance(who.get("process"), int):
            return f" (process {who['process']} on {str(who.get('host'))[:100]})"
    return ""
