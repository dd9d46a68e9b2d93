"""What engines say that cannot be had."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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
    assert (code, stderr) == (2, "--engine ray: Ray is not installed; install 'dataset-builder[ray]'\n")


def test_an_address_without_a_cluster(tmp_path: Path) -> None:
    code, stderr = said(WITHOUT_RAY, str(two_dumps(tmp_path)), "--address", "auto")
    assert code == 2
    assert "--address is that of a cluster: it goes with --engine ray" in stderr
