"""What Ray costs: `python tests/bench/bench_ray.py [--rounds N]`. Linux only: it reads /proc.

The real WARCs of $BUILDER_CORPORA (else the committed sample) are built by two workers of this machine and by two Ray
workers, each on a node of its own, in turns and in one process, after one build of each that is not counted: processes
and connections are there. Printed is the throughput on Ray over that at home, by the clock and by the CPU time that all
processes took; the latter says the same on a machine that does other things as well. Ray would nice its workers by 15;
here it does not.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import ray
from bench_build import family, sources
from ray.cluster_utils import Cluster

from builder.config.load import load_config
from builder.config.models import LoadedConfig
from builder.job import build
from builder.options import Options

WORKERS = 2
STORE = 100 * 2**20  # bytes of Ray's object store on each node


class Cost(NamedTuple):
    """One build: seconds."""

    wall: float
    cpu: float


def cpu_seconds() -> float:
    """CPU time of this process and all below it, those that have ended included."""
    spent = 0
    for pid in family(os.getpid()):
        try:
            spent += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
        except OSError:  # it ended meanwhile
            continue
    return spent / os.sysconf("SC_CLK_TCK")


def build_once(loaded: LoadedConfig, out: Path, engine: str) -> tuple[Cost, int]:
    """Build anew; what it took, and the pages read."""
    began, spent = time.perf_counter(), cpu_seconds()
    outcome = build(loaded, Options(out, WORKERS, engine, fresh=True, quiet=True))
    return Cost(time.perf_counter() - began, cpu_seconds() - spent), outcome.books.read


def main() -> None:
    """Start a cluster, build in turns, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=3, help="builds of each kind")
    rounds = options.parse_args().rounds
    costs: dict[str, list[Cost]] = {"local": [], "ray": []}
    with tempfile.TemporaryDirectory() as name:
        config = Path(name) / "bench.yaml"
        job = {"name": "bench", "inputs": [*map(str, sources())], "sort_by": ["page_url"]}
        config.write_text(json.dumps({**job, "limits": {"split_bytes": "2MiB"}, "output": "out"}), encoding="utf-8")
        loaded = load_config(config)
        os.environ["RAY_worker_niceness"] = "0"  # noqa: SIM112 - Ray's spelling
        head = {"num_cpus": 0, "include_dashboard": False, "object_store_memory": STORE}
        cluster = Cluster(initialize_head=True, head_node_args=head)
        try:
            for _ in range(WORKERS):
                cluster.add_node(num_cpus=1, object_store_memory=STORE)
            ray.init(address=cluster.address, log_to_driver=False)
            for turn in range(rounds + 1):
                for engine, kept in costs.items():
                    cost, pages = build_once(loaded, Path(name) / engine, engine)
                    print(
                        f"{engine}: {pages} pages, {pages / cost.wall:.0f} a second, {cost.cpu:.1f} s of CPU",
                        flush=True,
                    )
                    kept.extend([cost] if turn else [])
        finally:
            ray.shutdown()
            cluster.shutdown()
    for measure in Cost._fields:
        home, away = (statistics.median(getattr(cost, measure) for cost in costs[engine]) for engine in costs)
        print(f"throughput on Ray over local by {measure}: {home / away:.2f}")


if __name__ == "__main__":
    main()
