"""Tasks for the tests on Ray: here, because a worker has to import what it runs."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4


def kill_ray_worker(note: str, beat: Callable[[int, int], None]) -> str:
    """Kill the Ray worker above; where a file is named, only when it is not there yet."""
    beat(0, 0)
    if not (note and Path(note).exists()):
        if note:
            Path(note).touch()
        parent = multiprocessing.parent_process()
        assert parent is not None
        assert parent.pid is not None
        os.kill(parent.pid, signal.SIGKILL)
        time.sleep(60)
    return "done"


def sleep_or_fail(task: tuple[str, str], beat: Callable[[int, int], None]) -> None:
    """Note which process this is and sleep; or fail once somebody sleeps."""
    deed, note = task
    beat(0, 0)
    if deed == "sleep":
        Path(note).write_text(str(os.getpid()))
        time.sleep(60)
    while not (Path(note).exists() and Path(note).read_text()):
        time.sleep(0.05)
    raise ValueError("as the task wants")


def noted(folder: str, run: Callable[[Any, Any], Any], task: Any, beat: Any) -> Any:
    """Run a task, and note when it began and ended."""
    began = time.monotonic()
    result = run(task, beat)
    Path(folder, f"{uuid4()}").write_text(f"{began} {time.monotonic()}")
    return result


def nothing_amiss() -> None:
    """A probe that is content."""
