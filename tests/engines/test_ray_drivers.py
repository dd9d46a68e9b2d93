"""Drivers of builds on a Ray cluster, killed and stopped, and clusters that will not do.

`pytest -m ray -n 0 tests/engines/test_ray_drivers.py` runs them.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("ray", reason="needs the extra [ray]")
from ray_builds import SURROUNDINGS, Many, build_many, building, command, done_of, finished, nodes_of_tests
from ray_cluster import PATHS, Nodes, add_node, at_work, is_alive, wait_for
from small_builds import page, tree, two_dumps, write_config, write_dump

pytestmark = [
    pytest.mark.ray,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="Linux"),
    pytest.mark.filterwarnings("ignore::Warning"),  # Ray's own
]
STOPPED = "interrupted; what is finished is kept, run the same command again to continue"


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    with nodes_of_tests() as started:
        yield started


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Many:
    return build_many(tmp_path_factory.mktemp("many"))


# ------------------------------------------------------ the driver


def test_E07_a_driver_that_is_killed_leaves_nobody(tmp_path: Path, nodes: Nodes, many: Many) -> None:
    """The second driver comes from outside of the cluster, and names the output from where it is."""
    out = tmp_path / "out"
    nodes.workers()
    with building(many.config, out, nodes.address) as running:
        wait_for(lambda: running.poll() is not None or done_of(out, "receipts") > 0)
        orphans: set[int] = set()
        while len(orphans) < 6:  # two Ray workers, each with the process that forks, and one that works
            assert running.poll() is None
            orphans = at_work(nodes)
        running.kill()
    wait_for(lambda: not any(map(is_alive, orphans)), 15)
    assert not (out / "_manifest.json").exists()
    done = finished(many.config, Path("out"), nodes.client, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert 0 < json.loads(done.stdout)["splits_reused"] < many.splits
    assert tree(out) == many.tree


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_C16_on_ray_a_build_that_is_stopped_leaves_nobody(
    tmp_path: Path, nodes: Nodes, many: Many, number: signal.Signals
) -> None:
    out = tmp_path / "out"
    nodes.workers()
    with building(many.config, out, nodes.address) as running:
        wait_for(lambda: running.poll() is not None or done_of(out, "receipts") > 0)
        workers = at_work(nodes)
        running.send_signal(number)
        sent = time.monotonic()
        _, stderr = running.communicate(timeout=60)
    assert (running.returncode, time.monotonic() - sent < 10) == (128 + number, True), stderr
    assert stderr.splitlines() == [STOPPED]
    wait_for(lambda: not any(map(is_alive, workers)), 15)
    assert not (out / "_manifest.json").exists()


def test_C16_on_ray_a_second_signal_does_not_wait(tmp_path: Path, nodes: Nodes, many: Many) -> None:
    out = tmp_path / "out"
    nodes.workers()
    with building(many.config, out, nodes.address) as running:
        wait_for(lambda: running.poll() is not None or done_of(out, "receipts") > 0)
        running.send_signal(signal.SIGINT)
        running.send_signal(signal.SIGTERM)
        sent = time.monotonic()
        running.communicate(timeout=60)
    assert running.returncode in (130, 143)
    assert time.monotonic() - sent < 5


# ------------------------------------------------------ clusters that will not do


@pytest.mark.parametrize(
    ("changes", "out", "unseen"),
    [
        pytest.param({}, "/proc/self/cwd/out", "cannot see /proc/self/cwd/out", id="output"),
        pytest.param(
            {"inputs": ["/proc/self/cwd/raw/a.jsonl"]},
            "out",
            "cannot see the input /proc/self/cwd/raw/a.jsonl",
            id="input",
        ),
    ],
)
def test_E08_workers_that_do_not_see_the_files(
    tmp_path: Path, nodes: Nodes, changes: dict[str, Any], out: str, unseen: str
) -> None:
    """What lies in the driver's working folder by that path lies elsewhere, or nowhere, for everyone else."""
    nodes.workers()
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1)])
    config = write_config(tmp_path, **changes)
    done = finished(config, Path(out), nodes.address, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("workers on "))  # Ray may tell its own
    assert line.endswith(f" {unseen}; use a shared disk or an object store (s3://...)")
    assert not (tmp_path / "out" / "_manifest.json").exists()


def test_E09_a_node_with_other_libraries_is_named(tmp_path: Path, nodes: Nodes) -> None:
    info = tmp_path / "other" / "tzdata-1999.1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tzdata\nVersion: 1999.1\n")
    nodes.workers()
    path = os.pathsep.join([str(info.parent), PATHS])
    odd = add_node(nodes.cluster, env_vars={"PYTHONPATH": path})
    try:
        done = finished(two_dumps(tmp_path), tmp_path / "out", nodes.address)
    finally:
        nodes.cluster.remove_node(odd)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert f"({odd.node_id[:8]}) have tzdata 1999.1 instead of 20" in line
    assert line.endswith("; install what the driver has")


@pytest.mark.parametrize("scheme", ["", "ray://"])
@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b""], ids=["a web server", "nobody"])
def test_an_address_that_is_no_cluster_is_said_soon(tmp_path: Path, scheme: str, answer: bytes) -> None:
    config = two_dumps(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"{scheme}127.0.0.1:{server.getsockname()[1]}"
        if not answer:
            server.close()
        line = command(config, tmp_path / "out", address)
        with subprocess.Popen(line, env=SURROUNDINGS, stderr=subprocess.PIPE, text=True) as running:
            if answer:
                connection, _ = server.accept()
                with connection:
                    connection.sendall(answer)
                    _, stderr = running.communicate(timeout=60)
            else:
                _, stderr = running.communicate(timeout=60)
    assert running.returncode == 74
    assert stderr.startswith(f"--address {address}: no Ray cluster answers (")
    assert len(stderr.splitlines()) == 1


def test_an_address_that_is_none_is_a_mistake(tmp_path: Path) -> None:
    done = finished(two_dumps(tmp_path), tmp_path / "out", "head-node")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "neither auto, nor HOST:PORT, nor ray://HOST:PORT" in done.stderr
