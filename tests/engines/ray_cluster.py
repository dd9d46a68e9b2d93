"""A Ray cluster of several nodes on this machine, nodes that are killed, and what runs below them. Linux: by /proc."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from ray.cluster_utils import Cluster

ROOT = Path(__file__).parents[2]
PATHS = os.pathsep.join(str(ROOT / name) for name in (".", "tests", "tests/faults", "tests/engines"))
"""Where workers find this project, and the tasks of tests."""
_STORE = 100 * 2**20  # bytes of a node's object store


class Nodes(NamedTuple):
    """A head that runs no tasks, and two nodes that run one each."""

    cluster: Any
    client: str
    """Address for Ray Client."""

    @property
    def address(self) -> str:
        return str(self.cluster.address)

    def workers(self) -> list[Any]:
        """The nodes that run tasks; a new one for each that is gone."""
        while len(self.cluster.worker_nodes) < 2:
            add_node(self.cluster)
        return sorted(self.cluster.worker_nodes, key=raylet)


@contextmanager
def two_nodes() -> Iterator[Nodes]:
    """The cluster, for as long as it is needed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    head = {
        "num_cpus": 0,
        "include_dashboard": False,
        "object_store_memory": _STORE,
        "ray_client_server_port": port,
    }
    cluster = Cluster(initialize_head=True, head_node_args=head)
    nodes = Nodes(cluster, f"ray://127.0.0.1:{port}")
    try:
        nodes.workers()
        yield nodes
    finally:
        cluster.shutdown()


def add_node(cluster: Any, **changes: Any) -> Any:
    """One more node that runs one task at a time."""
    return cluster.add_node(num_cpus=1, object_store_memory=_STORE, **changes)


def raylet(node: Any) -> int:
    """The process that all workers of a node descend from."""
    return int(node.all_processes["raylet"][0].process.pid)


def kill_node(nodes: Nodes, node: Any) -> None:
    """SIGKILL for a node and all that run on it; the cluster is to find out by itself."""
    pid = raylet(node)
    for each in (pid, *below(pid)):
        os.kill(each, signal.SIGKILL)
    nodes.cluster.worker_nodes.discard(node)
    node.kill_all_processes(check_alive=False, allow_graceful=False)  # what is left of it: its handles


def below(root: int) -> set[int]:
    """All processes that descend from one."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():  # a pattern would look at each, and fail where one has ended
        if not entry.name.isdigit():
            continue
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = {root}
    for _ in range(8):
        found |= {child for child, parent in parents.items() if parent in found}
    return found - {root}


def doing(node: Any, stage: str) -> bool:
    """Whether a node runs a task of a stage now: Ray workers bear its name."""
    for pid in below(raylet(node)):
        try:
            if f"ray::build-{stage}".encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                return True
        except OSError:
            continue
    return False


def at_work(nodes: Nodes) -> set[int]:
    """Ray workers that have tasks of a build, and the processes that they started."""
    found = set()
    for node in nodes.cluster.worker_nodes:
        for pid in below(raylet(node)):
            try:
                named = b"ray::build-" in Path(f"/proc/{pid}/cmdline").read_bytes()
            except OSError:
                continue
            if named:
                found |= {pid, *below(pid)}
    return found


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_for(condition: Callable[[], bool], seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)
