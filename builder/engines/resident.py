"""Imported last by the forkserver, so that it exits at once: its teardown takes half a second.

A command that was stopped would seem to run for as long. MARK in the environment tells the forkserver from the command.
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
