"""One progress bar for a build, on a terminal only: bytes done, pages a second, rows, rejects, time left."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from tqdm import tqdm

_COLUMNS, _LINES = 80, 24
"""Of a terminal that says 0, as in containers and recorded sessions."""


class Progress:
    """A bar for one stage. A class because the amounts of running tasks are replaced by those of finished ones."""

    def __init__(self, total: int, label: str, unit: str, *, disable: bool | None, file: TextIO) -> None:
        tqdm.set_lock(threading.RLock())  # its own would be for other processes too, and cost a process that tracks it
        self._bar = tqdm(
            total=total, desc=label, unit=unit, unit_scale=unit == "B", unit_divisor=1024, disable=disable, file=file,
            mininterval=0.5, **_size(file),
        )  # fmt: skip
        self._running: dict[int, int] = {}
        self._finished = 0
        self._pages = self._rows = self._rejects = 0
        self._since = time.monotonic()

    def beat(self, task: int, amount: int) -> None:
        """A running task has done so much."""
        self._running[task] = amount
        self._show()

    def finish(self, task: int, amount: int, pages: int = 0, rows: int = 0, rejects: int = 0) -> None:
        """A task is done."""
        self._running.pop(task, None)
        self._finished += amount
        self._pages, self._rows, self._rejects = self._pages + pages, self._rows + rows, self._rejects + rejects
        if self._pages:
            rate = self._pages / max(time.monotonic() - self._since, 0.001)
            self._bar.set_postfix_str(f"{rate:.0f} pages/s, {self._rows} rows, {self._rejects} rejects", refresh=False)
        self._show()

    def _show(self) -> None:
        done = self._finished + sum(self._running.values())
        if done > self._bar.n:
            self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Leave the bar as it is."""
        self._bar.close()


def _size(file: TextIO) -> dict[str, Any]:
    """The bar's size: at any moment that of the terminal, a fixed one where the terminal does not know its own."""
    try:
        columns, lines = os.get_terminal_size(file.fileno())
    except (OSError, ValueError):
        return {"dynamic_ncols": True}
    if columns and lines:
        return {"dynamic_ncols": True}
    return {"ncols": (columns or _COLUMNS) - 1, "nrows": _LINES}  # the last column would begin a line


@contextmanager
def progress(total: int, label: str, unit: str, *, quiet: bool) -> Iterator[Progress]:
    """A bar that shows on a terminal unless `quiet`, and writes nothing to a pipe."""
    bar = Progress(total, label, unit, disable=True if quiet else None, file=sys.stderr)
    try:
        yield bar
    finally:
        bar.close()
