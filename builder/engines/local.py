"""Tasks over processes of this machine, supervised: a task that hangs or kills its process costs one item."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from typing import Any

from builder.engines.supervise import Answer, Worker, context, resident_bytes, start_worker
from builder.engines.work import NO_ITEM, OnBeat, Work
from builder.errors import DumpError

_POLL = 0.1  # seconds
_TASKS_A_PROCESS = 100  # then a fresh one: libxml2's dictionaries and the allocator's holes grow
_START_SECONDS = 600.0  # without an item: imports, streams that are read to where the task begins, writing
_TRIES = 2  # a death may come from outside; the same item twice is the item's fault


def run_local(work: Work, tasks: Sequence[Any], workers: int, on_beat: OnBeat) -> Iterator[tuple[int, Any]]:
    """Run all tasks on up to `workers` processes; results in the order in which they end.

    Raises:
        DumpError: a task killed its process twice and the item to blame is not known.
        Exception: what a task raised; the other processes are ended first.

    """
    pool = _Pool(work, list(tasks), on_beat)
    try:
        for _ in range(min(workers, len(pool.tasks))):
            pool.start()
        while pool.workers:
            yield from pool.turn()
    finally:
        for worker in pool.workers:
            worker.kill()


@dataclass(slots=True)
class _Pool:
    """The processes, the tasks not yet handed out, and who died where. A class because all of it changes together."""

    work: Work
    tasks: list[Any]
    on_beat: OnBeat
    queue: deque[int] = field(default_factory=deque)
    workers: list[Worker] = field(default_factory=list)
    deaths: Counter[tuple[int, int]] = field(default_factory=Counter)
    blamed: set[tuple[int, int]] = field(default_factory=set)
    ctx: BaseContext = field(init=False)

    def __post_init__(self) -> None:
        self.ctx = context(self.work.preload)
        self.queue.extend(range(len(self.tasks)))

    def start(self) -> None:
        """One more process, with a task in its hands."""
        if self.queue:
            worker = start_worker(self.ctx, self.work)
            index = self.queue.popleft()
            self.workers.append(worker)
            worker.give(index, self.tasks[index])

    def turn(self) -> Iterator[tuple[int, Any]]:
        """Wait a little; take what has come back, and look after those that are still at it."""
        ready = set(wait([worker.pipe for worker in self.workers], timeout=_POLL))
        now = time.monotonic()
        for worker in list(self.workers):
            if worker.pipe in ready:
                yield from self._receive(worker)
            else:
                self._look_after(worker, now)

    def _receive(self, worker: Worker) -> Iterator[tuple[int, Any]]:
        try:
            answer: Answer = worker.pipe.recv()
        except (EOFError, ConnectionResetError):
            worker.look(time.monotonic())
            worker.process.join()
            self._died(worker, "crash", f"the process ended with {worker.process.exitcode}")
            return
        if answer.kind == "memory":
            worker.look(time.monotonic())
            self._died(worker, "memory", "the process was refused memory")
        elif answer.kind == "error":
            raise answer.value
        else:
            index = worker.task
            assert index is not None
            worker.done += 1
            self._next(worker)
            yield index, answer.value

    def _next(self, worker: Worker) -> None:
        if not self.queue:
            self._retire(worker)
        elif worker.done >= _TASKS_A_PROCESS:
            self._retire(worker)
            self.start()
        else:
            index = self.queue.popleft()
            worker.give(index, self.tasks[index])

    def _retire(self, worker: Worker) -> None:
        self.workers.remove(worker)
        worker.pipe.close()  # it reads the end of its pipe and leaves
        worker.process.join(timeout=5)
        if worker.process.is_alive():
            worker.process.kill()

    def _look_after(self, worker: Worker, now: float) -> None:
        spent = worker.look(now)
        assert worker.task is not None
        self.on_beat(worker.task, int(worker.shared[1]))
        allowed = self.work.seconds if worker.item != NO_ITEM else max(self.work.seconds, _START_SECONDS)
        if spent > allowed:
            self._died(worker, "timeout", f"took longer than {allowed:g} seconds")
        elif (resident := resident_bytes(worker.process)) > self.work.memory:
            self._died(worker, "memory", f"the process took {resident} bytes (limit {self.work.memory})")

    def _died(self, worker: Worker, code: str, message: str) -> None:
        """Hand the task out again: as it was after a first death, past its item after a second or a timeout."""
        index, item = worker.task, worker.item
        assert index is not None
        worker.kill()
        self.workers.remove(worker)
        self.deaths[index, item] += 1
        if code == "timeout" or self.deaths[index, item] >= _TRIES:
            if self.work.blame is None or item == NO_ITEM or (index, item) in self.blamed:  # it cannot be left out
                raise DumpError(f"{self.work.name}: task {index} failed {self.deaths[index, item]} times: {message}")
            self.blamed.add((index, item))
            self.tasks[index] = self.work.blame(self.tasks[index], item, code, message)
        self.queue.appendleft(index)
        self.start()
