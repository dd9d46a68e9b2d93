"""A build that kills itself: `python kill_build.py CONFIG OUT STEP`. A process of its own, for SIGKILL takes all of it.

STEP counts the calls that make something durable, so a step is the same moment in every run.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from small_builds import add_inline_engine, run


def kill_at(step: int) -> None:
    """Let SIGKILL stand in for the call of os.fsync with this number."""
    real, left = os.fsync, [step]

    def fsync(descriptor: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        real(descriptor)

    os.fsync = fsync


if __name__ == "__main__":
    add_inline_engine()
    kill_at(int(sys.argv[3]))
    run(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.exit("the build was over before that step")
