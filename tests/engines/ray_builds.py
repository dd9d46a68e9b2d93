"""Builds on the cluster of the tests, each driven by a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ray_cluster import PATHS, Nodes, two_nodes
from small_builds import add_inline_engine, page, run, tree, write_config, write_dump

SURROUNDINGS = {**os.environ, "PYTHONPATH": PATHS}
add_inline_engine()


@contextmanager
def nodes_of_tests() -> Iterator[Nodes]:
    """The cluster, as it finds this project and the tasks of tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", PATHS)
        patch.delenv("RAY_ADDRESS", raising=False)
        patch.setenv("RAY_worker_niceness", "0")  # beside other tests they would come last
        with two_nodes() as started:
            yield started


class Many(NamedTuple):
    config: Path
    tree: dict[str, str]
    splits: int


def build_many(folder: Path) -> Many:
    """Enough splits and partitions to be disturbed amid them, and what a build makes of it that nobody disturbs."""
    days = [f"2022-{1 + number % 12:02}-{1 + number % 25:02}" for number in range(1200)]
    write_dump(folder / "raw" / "many.jsonl", [page(number, day=day) for number, day in enumerate(days)])
    config = write_config(folder, limits={"split_bytes": "40KiB"}, partition_by=[{"day": "published_date"}])
    outcome = run(config, folder / "once", engine="local", workers=2)
    assert len(outcome.parts) == 300
    return Many(config, tree(folder / "once"), outcome.splits)


def command(config: Path, out: Path, address: str, *more: str) -> list[str]:
    head = [sys.executable, "-m", "builder.cli", str(config), "--out", str(out)]
    return [*head, "--engine", "ray", "--address", address, *more]


@contextmanager
def building(config: Path, out: Path, address: str, *more: str) -> Iterator[subprocess.Popen[str]]:
    line = command(config, out, address, *more)
    with subprocess.Popen(line, env=SURROUNDINGS, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as started:
        try:
            yield started
        finally:
            started.kill()


def finished(config: Path, out: Path, address: str, *more: str, **options: Any) -> subprocess.CompletedProcess[str]:
    line = command(config, out, address, *more)
    return subprocess.run(line, capture_output=True, text=True, timeout=180, **{"env": SURROUNDINGS, **options})


def done_of(out: Path, folder: str) -> int:
    return len(list((out / "_work" / folder).glob("[!.]*.json")))
