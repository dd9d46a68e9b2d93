"""Tasks for the engine's tests: here, because a worker has to import what it runs."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from builder.errors import DumpError


class UnpicklableError(Exception):
    """Survives no pipe: it wants two arguments, and pickling remembers one."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(f"{what} at {where}")


@dataclass(frozen=True, slots=True)
class Walk:
    """A task of some items, one of which does something bad."""

    items: int
    bad: int = -1
    deed: str = ""
    note: str = ""
    """A file that says that the deed was done once."""
    blamed: tuple[tuple[int, str], ...] = ()


def walk(task: Walk, beat: Callable[[int, int], None]) -> list[str]:
    """What became of every item: its number, or the code under which it was given up."""
    blamed = dict(task.blamed)
    outcome = []
    for item in range(task.items):
        beat(item, item)
        if item in blamed:
            outcome.append(blamed[item])
            continue
        if item == task.bad:
            DEEDS[task.deed](task)
        outcome.append(str(item))
    return outcome


def past(task: Walk, item: int, code: str, _message: str) -> Walk | None:
    """The task without an item."""
    return None if item in dict(task.blamed) else replace(task, blamed=(*task.blamed, (item, code)))


STUBBORN: list[int] = []
"""Items that `stubborn` was to go past, in the process of the supervisor."""


def stubborn(task: Walk, item: int, _code: str, _message: str) -> Walk | None:
    """The task as it is, once: what dies while an item is read cannot leave it out."""
    STUBBORN.append(item)
    if STUBBORN.count(item) > 1:
        return None
    assert len(STUBBORN) < 5, "the same item is given up again and again"
    return task


def late(seconds: float, beat: Callable[[int, int], None]) -> str:
    """A task that takes its time before the first item, as a worker that has much to import does."""
    time.sleep(seconds)
    beat(0, 0)
    return "done"


def die_at_once(_task: Any, _beat: Callable[[int, int], None]) -> None:
    """A task that names no item and kills its process."""
    os._exit(9)


def answer_and_die(task: tuple[int, str], beat: Callable[[int, int], None]) -> str:
    """An answer of some length; where a file is named, when it is there, and by a process that then ends, but once."""
    size, name = task
    beat(0, 0)
    if name and not Path(name + ".done").exists():
        while not Path(name).exists():
            time.sleep(0.01)
        Path(name + ".done").touch()
        threading.Timer(0.3, os._exit, (9,)).start()
    return "x" * size


def _hang(_task: Walk) -> None:
    time.sleep(600)


def _work(task: Walk) -> None:
    """Two seconds, of which those do not count in which the process stands still."""
    for step in range(20):
        if step == 5:  # the supervisor has seen it
            Path(task.note).touch()
        time.sleep(0.1)


def _exit(_task: Walk) -> None:
    os._exit(3)


def _kill(_task: Walk) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _exit_once(task: Walk) -> None:
    note = Path(task.note)
    if not note.exists():
        note.touch()
        os._exit(3)


def _refused(_task: Walk) -> None:
    raise MemoryError


def _eat(_task: Walk) -> None:
    held = bytearray(os.urandom(1)) * (700 * 2**20)
    time.sleep(600)
    raise AssertionError(len(held))


def _dump_error(_task: Walk) -> None:
    raise DumpError("pages.warc: not what it says")


def _unpicklable(_task: Walk) -> None:
    raise UnpicklableError("a thing that stays", "home")


def _disk_full(_task: Walk) -> None:
    raise OSError(28, "No space left on device", "staged.parquet")


DEEDS: dict[str, Callable[[Walk], None]] = {
    "hang": _hang, "work": _work, "exit": _exit, "kill": _kill, "exit once": _exit_once, "memory error": _refused,
    "eat": _eat, "dump error": _dump_error, "unpicklable": _unpicklable, "disk full": _disk_full,
}  # fmt: skip
