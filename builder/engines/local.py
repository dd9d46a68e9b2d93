"""Tasks over processes of this machine, supervised: a task that hangs or kills its process costs one item."""

from __future__ import annotations

import os
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from threading import Event
from typing import Any

from builder.engines.supervise import Answer, Worker, context, resident_bytes, start_worker
from builder.engines.work import NO_ITEM, OnBeat, Opened, Prepare, Work
from builder.errors import DumpError, LostTaskError
from builder.records import RejectCode

_POLL = 0.1  # seconds
_STOPPED = 2.0  # seconds: a wait of _POLL that takes longer means that the machine slept, and the workers with it
_TASKS_A_PROCESS = 100  # then a fresh one: libxml2's dictionaries and the allocator's holes grow
_START_SECONDS = 600.0  # without an item: imports, streams that are read to where the task begins, writing
_HINTS: Mapping[RejectCode, str] = {
    "memory": "; raise limits.worker_memory",
    "timeout": "; raise limits.page_seconds, or run again where only the disk was slow",
}
"""What to do about an item that cannot even be read; see splits.blame."""
_TRIES = 2  # a death may come from outside; the same item twice is the item's fault


@contextmanager
def open_local(_address: str | None, _prepare: Prepare) -> Iterator[Opened]:
    """The machine that we are on: nothing to connect to, and nobody whose libraries or disks may be others."""
    yield Opened(run_local, _cpus())


def _cpus() -> int:
    """Those that this process may run on, which a cluster, a container or `taskset` may have given it few of."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_local(work: Work, tasks: Sequence[Any], workers: int, on_beat: OnBeat) -> Iterator[tuple[int, Any]]:
    """Run all tasks on up to `workers` processes; results in the order in which they end.

    Raises:
        DumpError: a task that reads pages killed its process twice, and the page to blame is not known.
        LostTaskError: another task did so, or took too long.
        Exception: what a task raised; the other processes are ended first.

    """
    if work.light:
        yield from _run_in_threads(work, tasks, workers)
        return
    pool = Pool(work, on_beat)
    try:
        yield from pool.run(tasks, workers)
    finally:
        pool.close()


def _run_in_threads(work: Work, tasks: Sequence[Any], workers: int) -> Iterator[tuple[int, Any]]:
    """As `run_local`. What is under way when nobody waits any more ends at its next beat."""
    stop = Event()

    def beat(_item: int, _amount: int) -> None:
        if stop.is_set():
            raise InterruptedError(f"{work.name}: not wanted any more")

    with ThreadPoolExecutor(workers) as threads:
        try:
            running = {threads.submit(work.run, task, beat): index for index, task in enumerate(tasks)}
            for future in as_completed(running):
                yield running[future], future.result()
        finally:
            stop.set()
            threads.shutdown(wait=False, cancel_futures=True)


@dataclass(slots=True)
class Pool:
    """The processes, the tasks not yet handed out, and who died where. A class because all of it changes together."""

    work: Work
    on_beat: OnBeat
    keep: bool = False
    """A process that has nothing to do waits for the next `run`, with all that it has compiled and imported."""
    tasks: list[Any] = field(default_factory=list)
    queue: deque[int] = field(default_factory=deque)
    workers: list[Worker] = field(default_factory=list)
    """With a task in their hands."""
    idle: list[Worker] = field(default_factory=list)
    deaths: Counter[tuple[int, int]] = field(default_factory=Counter)
    ctx: BaseContext = field(init=False)

    def __post_init__(self) -> None:
        self.ctx = context(self.work.preload)

    def run(self, tasks: Sequence[Any], workers: int) -> Iterator[tuple[int, Any]]:
        """Run tasks as `run_local` does. To be closed after an error."""
        self.tasks = list(tasks)
        self.queue.extend(range(len(tasks)))
        self.deaths.clear()
        for _ in range(min(workers, len(tasks))):
            self.start()
        while self.workers:
            yield from self.turn()

    def close(self) -> None:
        """End all processes at once."""
        for worker in (*self.workers, *self.idle):
            worker.kill()
        self.workers.clear()
        self.idle.clear()

    def start(self) -> None:
        """One more process, with a task in its hands."""
        if self.queue:
            waiting = [worker for worker in self.idle if worker.process.is_alive()]
            self.idle = waiting[1:]
            worker = waiting[0] if waiting else start_worker(self.ctx, self.work)
            index = self.queue.popleft()
            self.workers.append(worker)
            worker.give(index, self.tasks[index])

    def turn(self) -> Iterator[tuple[int, Any]]:
        """Wait a little; take what has come back, and look after those that are still at it."""
        before = time.monotonic()
        ready = set(wait([worker.pipe for worker in self.workers], timeout=_POLL))
        now = time.monotonic()
        if now - before > _STOPPED:
            for worker in self.workers:
                worker.since += now - before
        for worker in list(self.workers):
            if worker.pipe in ready:
                yield from self._receive(worker)
            else:
                self._look_after(worker, now)

    def _receive(self, worker: Worker) -> Iterator[tuple[int, Any]]:
        try:
            answer: Answer = worker.pipe.recv()
        except (EOFError, OSError):  # OSError: it died while it sent its answer
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
        if not self.queue and self.keep and worker.done < _TASKS_A_PROCESS:
            self.workers.remove(worker)
            self.idle.append(worker)
        elif not self.queue or worker.done >= _TASKS_A_PROCESS:
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

    def _died(self, worker: Worker, code: RejectCode, message: str) -> None:
        """Hand the task out again: as it was after a first death, past its item after a second or a timeout."""
        index, item = worker.task, worker.item
        assert index is not None
        worker.kill()
        self.workers.remove(worker)
        self.deaths[index, item] += 1
        if code == "timeout" or self.deaths[index, item] >= _TRIES:
            deaths = self.deaths[index, item]
            times = "once" if deaths == 1 else f"{deaths} times"
            text = f"{self.work.name}: {self.work.name_of(index, self.tasks[index])} failed {times}: {message}"
            if self.work.blame is None:
                raise LostTaskError(f"{text}; run again to continue")
            task = None if item == NO_ITEM else self.work.blame(self.tasks[index], item, code, message)
            if task is None:  # it cannot be left out
                raise DumpError(text + _HINTS.get(code, ""))
            self.tasks[index] = task
        self.queue.appendleft(index)
        self.start()
