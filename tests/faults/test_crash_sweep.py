"""C01-C06, C09: a fault at the file-system calls of a small build, and what a reader and the next run see.

Here a sample of the calls; all of them by `pytest -m sweep -n 2 tests/faults`.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Sequence

import pytest
import sweep
from small_builds import run, tree
from sweep import Case, Point, Server

SAMPLE = 7
"""Calls of each kind of fault and build that are struck by default."""
SLICES = 16
needs_strace = pytest.mark.skipif(not sweep.HAS_STRACE, reason="no strace: `fault_shim` strikes what Python calls")
needs_kill = pytest.mark.skipif(os.name != "posix", reason="fork and SIGKILL")
pytestmark = needs_kill


def strike_all(server: Server, case: Case, fault: str, points: Sequence[Point]) -> None:
    """Each call is struck in a build of its own; every one of them must arrive."""
    for point in points:
        struck = sweep.strike(server, case, fault, point)
        assert struck.arrived, (point, struck)
        try:
            sweep.assert_survived(server, case, fault, struck)
        except AssertionError as error:
            error.add_note(f"{case.name} build, {fault} at {point.call} {point.number}")
            raise


def spread(points: Sequence[Point], fault: str) -> list[Point]:
    """A sample over the whole length of the build, the same in every run."""
    start = random.Random(fault).random()
    return [points[int((number + start) * len(points) / SAMPLE)] for number in range(SAMPLE)]


@pytest.fixture
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.getfixturevalue(request.param)
    return found


def of_case(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", names, indirect=True)


@needs_strace
@of_case("fresh", "changed")
def test_C01_C02_killed_in_a_fresh_build_and_over_a_dataset_of_another_config(server: Server, case: Case) -> None:
    strike_all(server, case, "kill", spread(sweep.points(server, case, "kill"), "kill"))


@pytest.mark.parametrize(("at", "workers"), [(0.5, 2), (0.8, 3)])
def test_C03_killed_and_continued_by_other_workers_in_another_order(
    server: Server, changed: Case, at: float, workers: int
) -> None:
    number = int(at * sweep.shim_calls(server, changed, "kill"))
    changed.reset()
    assert sweep.build(server, changed, shim=[str(changed.root), "kill", number]).status == -9
    run(changed.config, changed.out, engine="local", workers=workers)
    assert tree(changed.out) == changed.gold


@needs_strace
@pytest.mark.parametrize("case", ["fresh", "changed"], indirect=True)
def test_C04_the_disk_is_full(server: Server, case: Case) -> None:
    strike_all(server, case, "ENOSPC", spread(sweep.points(server, case, "ENOSPC"), "ENOSPC"))


@needs_strace
@pytest.mark.parametrize("case", ["fresh", "changed"], indirect=True)
def test_C05_the_disk_fails(server: Server, case: Case) -> None:
    strike_all(server, case, "EIO", spread(sweep.points(server, case, "EIO"), "EIO"))


@needs_strace
@of_case("changed")
def test_C06_fsync_fails_once(server: Server, case: Case) -> None:
    """What was not synced is not trusted: it is made again."""
    syncs = [point for point in sweep.points(server, case, "EIO") if point.call == "fsync"]
    for point in syncs[3::12]:
        struck = sweep.strike(server, case, "EIO", point)
        assert (struck.arrived, struck.status) == (True, 74), struck
        sweep.assert_survived(server, case, "EIO", struck)


@pytest.mark.parametrize("case", ["fresh", "changed"], indirect=True)
@pytest.mark.parametrize("fault", sweep.FAULTS)
def test_C01_to_C05_without_strace(server: Server, case: Case, fault: str) -> None:
    calls = sweep.shim_calls(server, case, fault)
    assert calls > 100
    for number in (int(calls * at) for at in (0.3, 0.6, 0.95)):
        case.reset()
        struck = sweep.build(server, case, shim=[str(case.root), fault, number])
        sweep.assert_survived(server, case, fault, struck)


@needs_strace
@pytest.mark.sweep
@pytest.mark.parametrize("part", range(SLICES))
@pytest.mark.parametrize("case", ["fresh", "changed"], indirect=True)
@pytest.mark.parametrize("fault", sweep.FAULTS)
def test_every_call(server: Server, case: Case, fault: str, part: int) -> None:
    strike_all(server, case, fault, sweep.points(server, case, fault)[part::SLICES])


@pytest.mark.sweep
@pytest.mark.parametrize("part", range(SLICES))
@pytest.mark.parametrize("case", ["fresh", "changed"], indirect=True)
@pytest.mark.parametrize("fault", sweep.FAULTS)
def test_every_call_without_strace(server: Server, case: Case, fault: str, part: int) -> None:
    for number in range(1 + part, sweep.shim_calls(server, case, fault) + 1, SLICES):
        case.reset()
        struck = sweep.build(server, case, shim=[str(case.root), fault, number])
        sweep.assert_survived(server, case, fault, struck)


# ------------------------------------------------------------------- C09


@needs_strace
@of_case("changed")
def test_C09_the_order_of_what_is_made_durable(server: Server, case: Case) -> None:
    """A file is synced before it gets its name, its folder after; the manifest after all parts, _SUCCESS last."""
    case.reset()
    _, trace = sweep.build_traced(server, case, "-e", "trace=fsync,rename,unlink,openat")
    out = str(case.out)
    synced: set[str] = set()
    loose: set[str] = set()
    order: list[str] = []
    for _, call, rest in sweep.calls_of(trace):
        if call == "fsync":
            path = re.findall(r"<(/[^>]*)>", rest)[0]
            synced.add(path)
            loose = {name for name in loose if os.path.dirname(name) != path}  # noqa: PTH120 - text of a trace
            continue
        names = re.findall(r'"(/[^"]*)"', rest)
        if not names or not names[-1].startswith(out):
            continue
        short = names[-1].removeprefix(out + "/")
        if call == "rename":
            assert names[0] in synced, f"{short} was renamed before it was synced"
            synced.discard(names[0])
            synced.add(names[1])
            loose.add(names[1])
            if not short.startswith(("_work/", "_run.json")):
                order.append(f"put {short}")
            if short == "_manifest.json":
                assert not {name for name in loose if name.startswith((f"{out}/data/", f"{out}/_rejects/"))}
        elif call == "unlink" and short.startswith(("data/", "_rejects/")):
            order.append(f"remove {short}")
            assert short == "data/_SUCCESS" or f"{out}/_manifest.json" not in loose, "removed before the commit held"
    assert order[0] == "remove data/_SUCCESS"
    assert order[-1] == "put data/_SUCCESS"
    commit = order.index("put _manifest.json")
    assert {entry.split()[0] for entry in order[1:commit]} == {"put"}
    assert {entry.split()[0] for entry in order[commit + 1 : -1]} == {"remove"}
    assert len(order[commit + 1 : -1]) >= 2


@pytest.mark.parametrize(("fault", "number"), [("EIO", 1), ("EIO", 2), ("ENOSPC", 1)])
def test_C05_a_disk_that_fails_is_no_mistake_of_the_config(
    server: Server, fresh: Case, fault: str, number: int
) -> None:
    fresh.reset()
    struck = sweep.build(server, fresh, shim=[str(fresh.config), fault, number])
    assert struck.status == 74, struck
    sweep.assert_survived(server, fresh, fault, struck)
