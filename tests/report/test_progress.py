"""The progress bar: what it says, where it says it, and what it costs."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios

import pytest

BAR = """
import multiprocessing, os, sys
from pathlib import Path
from builder.report.progress import progress
multiprocessing.set_start_method("forkserver")  # the default of newer Pythons
sys.stderr.isatty = lambda: {terminal}
with progress(10, "extract", "B", quiet={quiet}) as bar:
    bar.beat(0, 5)
    bar.finish(0, 10, pages=3, rows=2, rejects=1)
print(Path(f"/proc/self/task/{{os.getpid()}}/children").read_text())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="processes are counted in /proc")
@pytest.mark.parametrize(
    ("terminal", "quiet", "shown"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_a_bar_shows_on_a_terminal_and_starts_no_process(*, terminal: bool, quiet: bool, shown: bool) -> None:
    code = BAR.format(terminal=terminal, quiet=quiet)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == []
    assert ("2 rows, 1 rejects" in done.stderr, "extract" in done.stderr) == (shown, shown), done.stderr
    assert bool(done.stderr) == shown


@pytest.mark.skipif(sys.platform != "linux", reason="as BAR is")
@pytest.mark.parametrize(("lines", "columns"), [(24, 100), (0, 0), (0, 100), (24, 0)])
def test_a_bar_shows_on_a_terminal_that_does_not_know_its_size(lines: int, columns: int) -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (lines, columns))
    code = BAR.format(terminal=True, quiet=False)
    subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=theirs, check=True, timeout=60)
    os.set_blocking(ours, False)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    os.close(theirs)
    assert "extract: 100%" in shown
    assert " pages/s, 2 rows" in shown
    assert max(map(len, shown.split("\r"))) < (columns or 80)
