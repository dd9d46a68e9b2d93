"""What signals that ask the command to stop do to it: imports nothing, for it is needed before all that takes time."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType


def on_signals(handler: Callable[[int, FrameType | None], None]) -> None:
    """What was ignored from the start stays so: `nohup` says it of the end of a session, a shell of jobs behind `&`."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def leave(number: int, _frame: FrameType | None) -> None:
    """Do not wait for anything. Workers leave when their driver has gone."""
    os._exit(128 + number)


def leave_at_start(number: int, _frame: FrameType | None) -> None:
    """Say so and leave: nothing is begun that has to be ended."""
    if sys.stderr is not None:
        with suppress(OSError, RuntimeError):  # there is nobody to tell, or a library is just writing
            sys.stderr.write("interrupted before anything was begun; run the same command again\n")
            sys.stderr.flush()
    os._exit(128 + number)
