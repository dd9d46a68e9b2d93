"""One worker process and what its supervisor knows of it.

A worker announces the item that it takes up in memory that it shares with the supervisor, which costs it nothing. So
a process that hangs, dies or grows can be told which item it was at, and only that item is given up.
"""

from __future__ import annotations

import contextlib
import errno
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing import forkserver, spawn
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from builder.engines import resident
from builder.engines.work import NO_ITEM, Beat, Work

_NO_THREADS = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}
"""What keeps numpy and pyarrow from starting threads when they are imported."""
_LONGEST_FOLDER = 60


@dataclass(slots=True)
class Worker:
    """A live process, its pipe, and the task in its hands."""

    process: BaseProcess
    pipe: Connection
    shared: Any
    """Two 64-bit integers: the item at hand, and how much of the task is done."""
    task: int | None = None
    item: int = NO_ITEM
    since: float = field(default_factory=time.monotonic)
    done: int = 0
    """Tasks finished."""

    def give(self, index: int, task: Any) -> None:
        """Hand over a task."""
        self.task, self.item, self.since = index, NO_ITEM, time.monotonic()
        self.shared[0], self.shared[1] = NO_ITEM, 0
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it died waiting; its pipe will tell
            self.pipe.send(task)

    def look(self, now: float) -> float:
        """Seconds since the item at hand was taken up."""
        item = int(self.shared[0])
        if item != self.item:
            self.item, self.since = item, now
        return now - self.since

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back through the pipe."""

    kind: Literal["result", "error", "memory"]
    value: Any


def context(preload: Sequence[str] = ()) -> BaseContext:
    """Forkserver where there is one: processes are forked from one that has imported `preload` and has no thread.

    So a worker is there in a few milliseconds, and no lock is held in it by a thread that it does not have. The first
    call decides what is imported.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    ctx = multiprocessing.get_context("forkserver")
    if sys.platform.startswith("linux"):  # elsewhere libraries of the system start threads of their own
        ctx.set_forkserver_preload([*preload, resident.__name__])
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # not for it nor for any worker: the driver ends them
    try:
        with _environment({**_NO_THREADS, resident.MARK: "1"}), _short_temporary_folder():
            forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    return ctx


def end_fork_server() -> None:
    """Let a process that is about to exit leave no fork server behind, which notices only when its imports are done.

    Until then it would hold the streams of the command, and `build-dataset ... 2>&1 | tee` would not end. The standard
    library ends it only by waiting for it, so its number is looked for where that keeps it.
    """
    server = getattr(forkserver, "_forkserver", None)
    number = getattr(server, "_forkserver_pid", None)
    if number is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)


@contextlib.contextmanager
def _short_temporary_folder() -> Iterator[None]:
    """The address of a socket is a path of some hundred bytes; a long TMPDIR leaves no room for its name."""
    before = tempfile.tempdir
    if len(os.fsencode(tempfile.gettempdir())) > _LONGEST_FOLDER:
        tempfile.tempdir = "/tmp"  # noqa: S108 - what the standard library makes there is a folder of its own
    try:
        yield
    finally:
        tempfile.tempdir = before


@contextlib.contextmanager
def _environment(wanted: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def start_worker(ctx: BaseContext, work: Work) -> Worker:
    """Start a process that waits for tasks of one kind.

    Raises:
        OSError: the interpreter, which is named, starts none.

    """
    here, there = ctx.Pipe()
    shared = ctx.RawArray("q", [NO_ITEM, 0])
    process = ctx.Process(target=_serve, args=(work, there, shared), name=f"builder-{work.name}", daemon=True)  # type: ignore[attr-defined]
    try:
        with _without_main():
            process.start()
    except (ConnectionError, EOFError) as error:  # the fork server ended before it answered
        text = (
            f"starts no worker processes ({getattr(error, 'strerror', None) or error}); see that this user may run it"
        )
        raise OSError(errno.EIO, text, os.fsdecode(spawn.get_executable())) from error
    there.close()
    return Worker(process, here, shared)


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """Else every worker would run the main module of this process again, as far as it goes: imports that nobody needs.

    What workers run they import by its name.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _serve(work: Work, pipe: Connection, shared: Any) -> None:
    """The life of a worker: task in, answer out, until the pipe closes. Interrupts are the driver's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

    threading.Thread(target=_leave_with_the_driver, daemon=True).start()

    def beat(item: int, amount: int) -> None:
        shared[0] = item
        shared[1] = amount

    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            task = pipe.recv()
            pipe.send(_answer(work, task, beat))


def _leave_with_the_driver() -> None:
    """A driver that was killed cannot end its workers; a task that it will not hear of must not go on writing."""
    driver = multiprocessing.parent_process()
    if driver is not None:
        wait([driver.sentinel])
        os._exit(1)


def _answer(work: Work, task: Any, beat: Beat) -> Answer:
    try:
        return Answer("result", work.run(task, beat))
    except MemoryError:
        return Answer("memory", None)
    except Exception as error:
        error.add_note("".join(traceback.format_exception(error)))
        return Answer("error", _portable(error))


def _portable(error: Exception) -> Exception:
    """The error itself where it survives pickling, else its words."""
    try:
        copy = multiprocessing.reduction.ForkingPickler.loads(multiprocessing.reduction.ForkingPickler.dumps(error))
    except Exception:
        return RuntimeError("".join(traceback.format_exception(error))[-4000:])
    return error if type(copy) is type(error) else RuntimeError(str(error))


def resident_bytes(process: BaseProcess) -> int:
    """Resident memory of a process; 0 where the platform does not tell."""
    if not sys.platform.startswith("linux"):
        return 0
    try:
        return int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):  # it ended meanwhile
        return 0
