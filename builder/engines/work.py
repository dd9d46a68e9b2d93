"""What an engine is given: a function, its tasks, and what to do with a task that kills its process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from builder.records import RejectCode

Beat: TypeAlias = Callable[[int, int], None]
"""Given to a task's function, to be called with the number of the item taken up next and how much is done."""

NO_ITEM = -1
"""Announced where no item is at hand: before the first, and while what came of them all is written."""
OnBeat: TypeAlias = Callable[[int, int], None]
"""Told now and then how much of which task is done: (index of the task, amount)."""
Probe: TypeAlias = Callable[[], str | None]
"""Asked on every machine before it works: what is amiss there, to be read after "workers on NODE", or None."""
Prepare: TypeAlias = Callable[[], Probe]
"""Makes ready what the probe looks for. Called by engines that leave this machine."""


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of task: all of it plain functions at module level, so that it can cross a process."""

    name: str
    run: Callable[[Any, Beat], Any]
    """(task, beat) -> result."""
    blame: Callable[[Any, int, RejectCode, str], Any] | None = None
    """(task, item, code, message) -> the task that goes past the item, or None where it was to do so already; None
    where a task cannot be done in part."""
    seconds: float = 3600.0
    """How long one item may take."""
    memory: int = 4 * 2**30
    """Bytes of resident memory that a worker may take."""
    preload: tuple[str, ...] = ()
    """Modules to import once for all workers. None of them may start a thread."""
    light: bool = False
    """C that lets other threads run, takes no memory and calls `beat` often: at home it needs no process."""
    apart: Callable[[Any, str], Any] | None = None
    """(task, name) -> the task that keeps what it has half done under a name of its own: an engine that cannot be sure
    that a lost worker is dead may have the same task run twice at once. None where nothing is kept before the end."""
    named: Callable[[Any], str] | None = None
    """task -> what messages call it; None where its number has to do."""

    def name_of(self, index: int, task: Any) -> str:
        """What messages call a task."""
        return f"task {index}" if self.named is None else self.named(task)


Engine: TypeAlias = Callable[[Work, Sequence[Any], int, OnBeat], Iterator[tuple[int, Any]]]
"""(work, tasks, workers, on_beat) -> (index of the task, its result), in the order in which they end."""
Runner: TypeAlias = Callable[[Work, Sequence[Any]], Iterator[tuple[int, Any]]]
"""An engine with all that is the user's choice decided: (work, tasks) -> (index of the task, its result)."""


def run_here(work: Work, tasks: Sequence[Any]) -> Iterator[tuple[int, Any]]:
    """Run tasks in this process, which is not supervised: for work that takes less than starting another."""
    for index, task in enumerate(tasks):
        yield index, work.run(task, _unheard)


def run_all(run: Runner, work: Work, tasks: Sequence[Any]) -> list[Any]:
    """The results of all tasks, in their order."""
    results = dict(run(work, tasks))
    return [results[index] for index in range(len(tasks))]


def _unheard(_item: int, _done: int) -> None:
    """A beat that nobody listens to."""


class Opened(NamedTuple):
    """An engine that is ready to run tasks."""

    run: Engine
    cpus: int
    """How many tasks it can run at once."""


OpenEngine: TypeAlias = Callable[[str | None, Prepare], AbstractContextManager[Opened]]
"""(address, prepare) -> the engine, for as long as a build takes.

Raises ConfigError where the engine cannot do this build, OSError where it cannot be reached.
"""
