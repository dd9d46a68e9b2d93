"""One build at a time for one output."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from builder.errors import LockedError, naming


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold the lock of an output. The system releases it when the process ends, however it ends.

    Raises:
        LockedError: another build holds it.
        OSError: the output cannot be written.

    """
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
        (work / "holder").unlink(missing_ok=True)
        with naming(work / "lock"):
            lock.release()


def _holder(work: Path) -> str:
    try:
        return f" (process {int((work / 'holder').read_text())})"
    except (OSError, ValueError):
        return ""
