"""Imported last by the process that workers are forked from: it makes that process, which MARK tells, leave at once.

What is imported there takes half a second to be torn down, and a command that was stopped seems to run for as long.
"""

from __future__ import annotations

import atexit
import os

MARK = "BUILDER_FORKS_WORKERS"
_PROCESS = os.getpid()


def _leave() -> None:
    if os.getpid() == _PROCESS:  # not in what was forked from it
        os._exit(0)


if MARK in os.environ:
    atexit.register(_leave)
