"""One build at a time for one output."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from builder.errors import LockedError, naming
from builder.storage.path import StorePath
from builder.storage.place import Place
from builder.write.lease import Held, leased


@contextmanager
def locked(out: Place) -> Iterator[Held]:
    """Hold the lock of an output: on a disk the system releases it when the process ends, however it ends.

    In a store it is a lease, see `lease`.

    Raises:
        LockedError: another build holds it.
        OSError: the output cannot be written.

    """
    if isinstance(out, StorePath):
        with leased(out / "_work" / "lock") as held:
            yield held
    else:
        with _locked(out):
            yield Held(_cannot_be_lost, "")


def _cannot_be_lost() -> None:
    """A lock of the system is held as long as its process lives."""


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    work = out / "_work"
    work.mkdir(parents=True, exist_ok=True)
    lock = FileLock(work / "lock")
    with naming(work / "lock"):
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise LockedError(
                f"{out}: another build is at work here{_holder(work)}; wait for it, or choose another --out"
            ) from error
    try:
        (work / "holder").write_text(str(os.getpid()))
        yield
    finally:
        with suppress(OSError):  # what it says is only looked at where the lock is held
            (work / "holder").unlink()
        with naming(work / "lock"):
            lock.release()


def _holder(work: Path) -> str:
    try:
        return f" (process {int((work / 'holder').read_text())})"
    except (OSError, ValueError):
        return ""
