"""Faults of the file system without strace: the calls that Python makes below one folder are counted, and one fails.

What C++ does on its own (pyarrow and polars reading by path) is not seen here; all writing is, for the builder gives
writers a Python file.
"""

from __future__ import annotations

import builtins
import functools
import io
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

BY_PATH = ("open", "mkdir", "rmdir", "unlink", "remove", "rename", "replace", "link", "scandir", "listdir", "stat")
BY_DESCRIPTOR = ("fsync", "write", "ftruncate")
CALLS = {
    "kill": {"open", "mkdir", "rmdir", "unlink", "remove", "rename", "replace", "link", "fsync", "write"},
    "EIO": {*BY_PATH, *BY_DESCRIPTOR, "read"},
    "ENOSPC": {"open", "mkdir", "rename", "replace", "link", "write"},
}
"""Fault -> the calls that it may strike; ENOSPC those that may need room."""


class Counter:
    """Calls so far. A class because the wrappers share it."""

    def __init__(self, root: str, fault: str, number: int) -> None:
        self.root, self.fault, self.left, self.seen = root, fault, number, 0
        self.lock = threading.Lock()

    def strike(self, call: str, path: Any) -> None:
        """Count a call on a path or descriptor; raise, or end the process, where it is the one."""
        if call not in CALLS[self.fault] or not self.is_inside(path):
            return
        with self.lock:  # threads read together, and none of their numbers may be passed over
            self.seen += 1
            mine = self.seen
        if mine == self.left:
            if self.fault == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            number = {"EIO": 5, "ENOSPC": 28}[self.fault]
            raise OSError(number, os.strerror(number), None if isinstance(path, int) else os.fspath(path))

    def is_inside(self, path: Any) -> bool:
        if isinstance(path, int):
            try:
                path = Path(f"/proc/self/fd/{path}").readlink()
            except OSError:  # no /proc: what is not known is counted
                return True
        return str(os.fspath(path)).startswith(self.root)


class File(io.FileIO):
    """A file whose reads and writes count."""

    counter: Counter

    def write(self, data: Any) -> int:
        self.counter.strike("write", self.fileno())
        return super().write(data)

    def readinto(self, buffer: Any) -> int:
        self.counter.strike("read", self.fileno())
        return super().readinto(buffer)

    def readall(self) -> bytes:
        self.counter.strike("read", self.fileno())
        return super().readall()


def install(root: str, fault: str, number: int, note: str | None = None) -> None:
    """Let the call with this number below `root` fail. With `note`, write how many calls there were to that file."""
    counter = Counter(root, fault, number)
    File.counter = counter
    for name in BY_PATH:
        setattr(os, name, counted(counter, name, getattr(os, name)))
    for name in BY_DESCRIPTOR:
        setattr(os, name, counted(counter, name, getattr(os, name)))
    opener = counted_open(counter)
    builtins.open = io.open = opener  # type: ignore[assignment]
    if note:
        exit_now = os._exit

        def leave(code: int) -> None:
            seen = counter.seen  # before the note, which is a call as well
            os.write(os.open(note, os.O_WRONLY | os.O_CREAT), str(seen).encode())
            exit_now(code)

        os._exit = leave  # type: ignore[assignment]


def counted(counter: Counter, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(real)
    def call(path: Any = ".", *rest: Any, **options: Any) -> Any:
        counter.strike(name, path)
        return real(path, *rest, **options)

    return call


def counted_open(counter: Counter) -> Callable[..., Any]:
    real = io.open

    def opener(
        file: Any, mode: str = "r", buffering: int = -1, encoding: Any = None, *rest: Any, **options: Any
    ) -> Any:
        if not isinstance(file, int):
            counter.strike("open", file)
        if not counter.is_inside(file):
            return real(file, mode, buffering, encoding, *rest, **options)
        raw = File(file, mode.replace("b", "").replace("t", ""), options.get("closefd", True))
        if buffering == 0:
            return raw
        buffered = (io.BufferedReader if "r" in mode and "+" not in mode else io.BufferedWriter)(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, encoding or "utf-8")

    return opener
