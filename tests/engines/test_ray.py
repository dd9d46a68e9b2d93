"""Tasks on a Ray cluster of a head and two nodes, disturbed and not: `pytest -m ray -n 0 tests/engines/test_ray.py`.

Cases of the same letter and number stand for one machine in tests/faults.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

pytest.importorskip("ray", reason="needs the extra [ray]")
import ray
from engine_pages import build_split_with
from ray_builds import Many, build_many, building, done_of, nodes_of_tests
from ray_cluster import Nodes, doing, is_alive, kill_node, wait_for
from ray_tasks import kill_ray_worker, noted, nothing_amiss, sleep_or_fail
from small_builds import add_inline_engine, page, run, tree, two_dumps, write_config, write_dump

from builder.engines import ENGINES, open_ray
from builder.engines.work import Opened, Work

pytestmark = [
    pytest.mark.ray,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="Linux"),
    pytest.mark.filterwarnings("ignore::Warning"),  # Ray's own
]
add_inline_engine()


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    with nodes_of_tests() as started:
        yield started


@pytest.fixture
def connected(nodes: Nodes) -> Iterator[Nodes]:
    """This process is a driver of the cluster, so that what it is made to run can be run there."""
    nodes.workers()
    ray.init(address=nodes.address, log_to_driver=False)
    yield nodes
    ray.shutdown()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Many:
    return build_many(tmp_path_factory.mktemp("many"))


# ------------------------------------------------------ the same, undisturbed


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.usefixtures("connected")
def test_C21_ray_gives_the_bytes_of_one_machine(tmp_path: Path, workers: int) -> None:
    config = two_dumps(tmp_path)
    cut = "limits.split_bytes=1KiB"
    run(config, tmp_path / "once", cut)
    run(config, tmp_path / "out", cut, engine="ray", workers=workers)
    assert tree(tmp_path / "out") == tree(tmp_path / "once")


@pytest.mark.usefixtures("connected")
def test_C21_as_many_workers_as_the_cluster_has() -> None:
    with open_ray(None, lambda: nothing_amiss) as opened:
        assert opened.cpus == 2
        assert list(opened.run(Work("nothing", noted), [], 2, lambda _task, _done: None)) == []


# ------------------------------------------------------ pages, supervised there


@pytest.mark.parametrize(
    ("deed", "overrides", "code"),
    [
        pytest.param("kill", (), "crash", id="E02 kills its process"),
        pytest.param("sleep", ("limits.page_seconds=4",), "timeout", id="E03 hangs"),
        pytest.param("eat in Python", ("limits.worker_memory=500MiB",), "memory", id="E04 eats memory"),
    ],
)
@pytest.mark.usefixtures("connected")
def test_E02_to_E04_on_ray_a_bad_page_has_the_reject_of_one_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deed: str, overrides: Sequence[str], code: str
) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(number) for number in range(6)])
    config = write_config(tmp_path)
    monkeypatch.setattr("builder.stages.build_split", functools.partial(build_split_with, deed, ""))
    rejects = {}
    for engine in ("local", "ray"):
        run(config, tmp_path / engine, *overrides, engine=engine, workers=2)
        (rejects[engine],) = pq.read_table(tmp_path / engine / "_rejects", partitioning=None).to_pylist()
    if code == "memory":  # how much it was does not come out the same
        assert all(reject.pop("message").startswith("the process took") for reject in rejects.values())
    else:
        assert tree(tmp_path / "ray") == tree(tmp_path / "local")
    assert rejects["ray"] == rejects["local"]
    assert (rejects["ray"]["code"], rejects["ray"]["url"]) == (code, "https://www.a.example/news/3")


@pytest.mark.usefixtures("connected")
def test_E01_on_ray_a_process_that_dies_once_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = two_dumps(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("builder.stages.build_split", functools.partial(build_split_with, "kill", str(tmp_path / "note")))
        run(config, tmp_path / "out", engine="ray", workers=2)
    assert (tmp_path / "note").exists()
    run(config, tmp_path / "once")
    assert tree(tmp_path / "out") == tree(tmp_path / "once")


@pytest.mark.parametrize("whose", ["own", "there before"])
def test_on_ray_a_task_that_fails_stops_the_others(
    tmp_path: Path, nodes: Nodes, monkeypatch: pytest.MonkeyPatch, whose: str
) -> None:
    """Where the connection is its own, without `ray.cancel`: that may abort the driver."""
    nodes.workers()
    note = tmp_path / "note"
    if whose == "own":
        monkeypatch.delattr(ray, "cancel")
    else:
        ray.init(address=nodes.address, log_to_driver=False)
    tasks = [("sleep", str(note)), ("fail", str(note))]
    try:
        with (
            pytest.raises(ValueError, match="as the task wants"),
            open_ray(nodes.address, lambda: nothing_amiss) as opened,
        ):
            list(opened.run(Work("mixed", sleep_or_fail), tasks, 2, lambda _task, _done: None))
        assert ray.is_initialized() == (whose != "own")
        wait_for(lambda: not is_alive(int(note.read_text())), 15)
    finally:
        ray.shutdown()


# ------------------------------------------------------ what Ray loses


@pytest.mark.usefixtures("connected")
def test_E05_a_ray_worker_that_is_killed_once_costs_nothing(tmp_path: Path) -> None:
    with open_ray(None, lambda: nothing_amiss) as opened:
        tasks = [str(tmp_path / "note"), str(tmp_path)]
        results = sorted(opened.run(Work("kill", kill_ray_worker), tasks, 2, lambda _task, _done: None))
    assert results == [(0, "done"), (1, "done")]


@pytest.mark.usefixtures("connected")
def test_E05_a_task_that_always_kills_its_ray_worker_ends_the_build() -> None:
    with (
        open_ray(None, lambda: nothing_amiss) as opened,
        pytest.raises(OSError, match="its Ray worker was lost 4 times") as error,
    ):
        list(opened.run(Work("kill", kill_ray_worker), [""], 1, lambda _task, _done: None))
    assert error.value.filename == "kill task 0"


@pytest.mark.parametrize(("stage", "folder"), [("extract", "receipts"), ("merge", "merged")])
def test_E05_a_node_that_is_killed_costs_nothing(
    tmp_path: Path, nodes: Nodes, many: Many, stage: str, folder: str
) -> None:
    out = tmp_path / "out"
    workers = nodes.workers()
    whole = {"receipts": many.splits, "merged": 300}[folder]
    with building(many.config, out, nodes.address) as running:
        wait_for(lambda: running.poll() is not None or done_of(out, folder) > 0)
        wait_for(lambda: running.poll() is not None or any(doing(node, stage) for node in workers))
        (victim, *_) = [node for node in workers if doing(node, stage)]
        kill_node(nodes, victim)
        assert done_of(out, folder) < whole
        _, stderr = running.communicate(timeout=180)
    assert running.returncode == 0, stderr
    assert tree(out) == many.tree


@pytest.mark.usefixtures("connected")
def test_E06_every_task_done_twice_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a node is thought lost, and is not. One receipt, the same parts, nothing left."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(number) for number in range(500)])
    config = write_config(tmp_path, partition_by=None)
    (tmp_path / "times").mkdir()

    def run_twice(opened: Opened, work: Work, tasks: Sequence[Any], _workers: int, on_beat: Any) -> Iterator[Any]:
        noting = functools.partial(noted, str(tmp_path / "times"), work.run)
        assert len(tasks) <= 1
        results = [result for _, result in opened.run(replace(work, run=noting), [*tasks, *tasks], 2, on_beat)]
        if tasks:
            first, second = results
            assert first == second
            yield 0, first

    @contextmanager
    def twice(address: str | None, prepare: Any) -> Iterator[Opened]:
        with open_ray(address, prepare) as opened:
            yield Opened(functools.partial(run_twice, opened), 2)

    monkeypatch.setitem(ENGINES, "twice", twice)  # type: ignore[arg-type]
    run(config, tmp_path / "out", engine="twice")
    spans = sorted(tuple(map(float, path.read_text().split())) for path in (tmp_path / "times").iterdir())
    assert len(spans) == 6  # hash, extract, merge
    (_, ended), (began, _) = spans[2:4]
    assert began < ended, "the split was not read twice at once"
    run(config, tmp_path / "once")
    assert tree(tmp_path / "out") == tree(tmp_path / "once")
    assert not list((tmp_path / "out").rglob(".*"))
    assert done_of(tmp_path / "out", "receipts") == 1
