"""Real WARCs, killed at fifty random moments and continued: `pytest -m slow tests/faults/test_killed_corpora.py`.

It needs the corpora (BUILDER_CORPORA), two workers and some minutes; BUILDER_KILLS says how often, BUILDER_SEED when.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sweep
from small_builds import ROOT, manifest, tree

NAMES = ("htmldate", "scrapinghub", "trafilatura", "wcxb")
COMMAND = [sys.executable, "-m", "builder.cli"]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("BUILDER_CORPORA") or ROOT.parent / "shared" / "corpora").absolute()
    inputs = [folder / name / "pages.warc.gz" for name in NAMES]
    if not all(path.is_file() for path in inputs):
        pytest.skip("no corpora: set BUILDER_CORPORA to their folder")
    path = tmp_path / "job.yaml"
    text = {"name": "corpora", "inputs": [*map(str, inputs)], "sort_by": ["page_url"], "partition_by": ["site"]}
    path.write_text(json.dumps({**text, "limits": {"split_bytes": "256KiB"}, "output": "out"}))
    return path


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_killed_at_fifty_random_moments_a_build_ends_with_the_same_bytes(config: Path, tmp_path: Path) -> None:
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    began = time.monotonic()
    gold = tmp_path / "gold"
    subprocess.run([*COMMAND, config, "--out", gold, "--workers", "2", "-q"], env=surroundings, check=True)
    undisturbed = time.monotonic() - began
    counts = manifest(gold)["counts"]
    wanted, digest = tree(gold), sweep.whole_dataset(gold)
    out, moments = tmp_path / "out", random.Random(int(os.environ.get("BUILDER_SEED", "50")))
    kills, whole, splits = 0, 0, []
    command = [*COMMAND, config, "--out", out, "--workers", "2", "-q"]
    while kills < int(os.environ.get("BUILDER_KILLS", "50")):
        with subprocess.Popen(command, env=surroundings) as running:
            try:
                assert running.wait(timeout=1 + moments.random() * undisturbed / 12) == 0
            except subprocess.TimeoutExpired:
                running.kill()
                kills += 1
        assert sweep.whole_dataset(out) in (None, digest)
        splits.append(len(list((out / "_work" / "receipts").glob("[!.]*.json"))))
        if running.returncode == 0:
            assert tree(out) == wanted
            whole += 1
            shutil.rmtree(out)
    subprocess.run(command, env=surroundings, check=True)
    assert tree(out) == wanted
    assert not [path for path in out.rglob(".tmp-*") if "_work" not in path.parts]
    took = time.monotonic() - began
    print(f"{kills} kills, {whole + 1} builds ended, splits done at each kill: {splits}; {counts}")
    print(f"undisturbed {undisturbed:.0f} s, all {took:.0f} s")
