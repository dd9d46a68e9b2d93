"""What engines say that cannot be had, and how many tasks those that can be had run at once."""

from __future__ import annotations

import multiprocessing
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from small_builds import ROOT, two_dumps

WITHOUT_RAY = "import sys; sys.modules['ray'] = None; from builder.cli import main; main()"


def said(code: str, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def test_ray_that_is_not_installed(tmp_path: Path) -> None:
    code, stderr = said(WITHOUT_RAY, str(two_dumps(tmp_path)), "--engine", "ray")
    wanted = "--engine ray: Ray is not installed; in a clone of this project: pip install '.[ray]'\n"
    assert (code, stderr) == (2, wanted)


def test_an_address_without_a_cluster(tmp_path: Path) -> None:
    code, stderr = said(WITHOUT_RAY, str(two_dumps(tmp_path)), "--address", "auto")
    assert code == 2
    assert "--address is that of a cluster: it goes with --engine ray" in stderr


WITHOUT_WORKERS = """
import multiprocessing
multiprocessing.set_executable("/bin/false")
from builder.cli import main
main()
"""


@pytest.mark.skipif("forkserver" not in multiprocessing.get_all_start_methods(), reason="no fork server")
def test_an_interpreter_that_cannot_be_started_is_named(tmp_path: Path) -> None:
    """As for a user who may not enter its folder: it is not the output that is at fault."""
    code, stderr = said(WITHOUT_WORKERS, str(two_dumps(tmp_path)), "--workers", "1")
    assert code == 74
    wanted = r"/bin/false: starts no worker processes \(.+\); see that this user may run it; run again to continue"
    assert re.fullmatch(wanted, stderr.splitlines()[-1]), stderr


COUNT = """
import os
os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:1]))
from builder.engines import ENGINES
with ENGINES["local"](None, lambda: None) as engine:
    print(engine.cpus)
"""


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="Linux")
@pytest.mark.skipif(os.cpu_count() == 1, reason="one CPU is all of them")
def test_cpus_that_are_not_ours_are_not_counted() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", COUNT], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"
