"""Builds on a Ray cluster from a store into a store: `pytest -m ray -n 0 tests/engines/test_ray_stores.py`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

pytest.importorskip("ray", reason="needs the extra [ray]")
from ray_cluster import PATHS, Nodes, doing, kill_node, two_nodes, wait_for
from small_builds import page, run, tree, write_config, write_dump
from storage_server import BUCKET, environment, published, s3_server, set_environment

from builder.storage.client import client_of
from builder.storage.path import StorePath
from builder.storage.place import files_below

pytestmark = [
    pytest.mark.ray,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="Linux"),
    pytest.mark.filterwarnings("ignore::Warning"),  # Ray's own
]
INPUTS = StorePath(f"s3://{BUCKET}", "raw")


class Lake(NamedTuple):
    """A cluster that reaches a store, a config whose inputs lie there, and what one machine makes of the same files."""

    nodes: Nodes
    config: Path
    tree: dict[str, str]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    folder = tmp_path_factory.mktemp("lake")
    days = [f"2022-{1 + number % 12:02}-{1 + number % 25:02}" for number in range(600)]
    dump = write_dump(folder / "raw" / "many.jsonl", [page(number, day=day) for number, day in enumerate(days)])
    more = {"limits": {"split_bytes": "30KiB"}, "partition_by": [{"month": "published_date"}]}
    run(write_config(folder, inputs=[str(dump)], **more), folder / "once", engine="local", workers=2)
    config = write_config(folder / "there", inputs=[f"{INPUTS}/*.jsonl"], **more)
    with s3_server() as port, set_environment({**environment(port), "PYTHONPATH": PATHS, "RAY_worker_niceness": "0"}):
        client_of.cache_clear()
        (INPUTS / dump.name).upload(dump)
        with two_nodes() as nodes:  # their workers inherit the way to the store
            yield Lake(nodes, config, tree(folder / "once"))
    client_of.cache_clear()


def command(lake: Lake, out: StorePath) -> list[str]:
    head = [sys.executable, "-m", "builder.cli", str(lake.config), "--out", str(out), "--json"]
    return [*head, "--engine", "ray", "--address", lake.nodes.address]


def test_C21_ray_and_a_store_give_the_bytes_of_one_machine_and_a_disk(lake: Lake) -> None:
    out = StorePath(INPUTS.root, "undisturbed")
    lake.nodes.workers()
    for changed in (True, False):
        done = subprocess.run(command(lake, out), env=os.environ, capture_output=True, text=True, timeout=240)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["changed"] is changed
        assert published(out) == lake.tree


def test_E05_a_node_is_killed_while_it_extracts_into_a_store(lake: Lake) -> None:
    out = StorePath(INPUTS.root, "disturbed")
    victim = lake.nodes.workers()[0]
    with subprocess.Popen(
        command(lake, out), env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as started:
        wait_for(lambda: doing(victim, "extract") and any(files_below(out / "_work" / "receipts")))
        kill_node(lake.nodes, victim)
        said, talk = started.communicate(timeout=240)
    assert started.returncode == 0, talk
    assert json.loads(said)["changed"] is True
    assert published(out) == lake.tree
