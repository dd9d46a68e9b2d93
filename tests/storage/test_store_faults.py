"""C24-C26: what goes wrong between a build and its store, at every request that it makes."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import pytest
from proxy import Proxy, Rule
from small_builds import two_dumps
from store_builds import (
    NOT_THE_LEASE,
    Case,
    Struck,
    Told,
    build,
    build_struck,
    copy_tree,
    published,
    put_config,
    whole_dataset,
)
from sweep import Server

from builder.storage.path import StorePath

TRANSIENT = ("reset", "lost", "cut", "slow", "500", "503")
LASTING = ("reset", "503", "403")
KILLS = ("kill", "kill_after")
FOREVER = 10**9
EVERY = int(os.environ.get("BUILDER_STORE_STRIDE", "1"))
"""How many of them `-m stores` takes: all."""
STRIDE, LASTING_STRIDE = 61, 89
"""The default suite takes every so manieth request; primes, so that no kind of request is left out by rhythm."""


def output(case: Case) -> StorePath:
    """A new output, as it was before the build."""
    out = case.home / uuid.uuid4().hex
    if case.before:
        copy_tree(case.before, out)
    return out


def requests(server: Server, said: Path, case: Case, proxy: Proxy) -> int:
    """How many requests the undisturbed build makes."""
    counting = Rule("slow", key=NOT_THE_LEASE, times=FOREVER)
    done = build_struck(server, said, case, output(case), proxy, counting)
    assert done.status == 0, done.said
    return counting.seen


def assert_survived(server: Server, said: Path, case: Case, out: StorePath, struck: Struck) -> None:
    """Readers see the old dataset or the new one; the next build ends with the bytes of the undisturbed one."""
    seen = whole_dataset(out)
    assert seen in (case.gold["_manifest.json"], case.old.get("_manifest.json")), "a mixture"
    if struck.status == 0:
        assert published(out) == case.gold, "exit 0 with other data"
    elif struck.status > 0:
        assert_told(struck)
    again = build(server, said, case, out)
    assert again.status == 0, again.said
    assert published(out) == case.gold


def assert_told(struck: Struck) -> None:
    """One line: which object, what happened, what to do; exit 74."""
    lines = struck.said.splitlines()
    assert (struck.status, len(lines)) == (74, 1), struck
    assert lines[0].startswith("s3://crawl/"), struck
    assert "run again to continue" in lines[0], struck
    assert len(lines[0]) < 600, struck


def sample(count: int, step: int, begin: int) -> range:
    return range(begin % step, count, step)


def sweep_requests(server: Server, said: Path, case: Case, proxy: Proxy, fault: str, times: int, step: int) -> None:
    count = requests(server, said, case, proxy)
    assert count > 60
    begin = [*TRANSIENT, *LASTING, *KILLS].index(fault) * 5  # other faults strike other requests
    for number in sample(count, step, begin):
        out = output(case)
        rule = Rule(fault, key=NOT_THE_LEASE, nth=number, times=times, amount=20)  # type: ignore[arg-type]
        struck = build_struck(server, said, case, out, proxy, rule)
        if fault in KILLS:
            assert struck.status == -9, (number, struck)
        elif times == 1:
            assert struck.status == 0, (number, proxy.log[-1], struck)
        elif number < count - 1:  # the last is for the lease, which may run out by itself
            assert struck.status, (number, proxy.log[-1])
        assert_survived(server, said, case, out, struck)


@pytest.mark.parametrize("name", ["fresh", "changed"])
@pytest.mark.usefixtures("behind")
@pytest.mark.parametrize("fault", [*TRANSIENT, *KILLS])
def test_C24_a_fault_that_passes_is_outlasted_and_a_build_that_was_killed_continued(
    server: Server, said: Path, cases: dict[str, Case], proxy: Proxy, name: str, fault: str
) -> None:
    sweep_requests(server, said, cases[name], proxy, fault, 1, STRIDE)


@pytest.mark.parametrize("name", ["fresh", "changed"])
@pytest.mark.usefixtures("behind")
@pytest.mark.parametrize("fault", LASTING)
def test_C24_C26_a_fault_that_stays_ends_the_build_and_another_completes_it(
    server: Server, said: Path, cases: dict[str, Case], proxy: Proxy, name: str, fault: str
) -> None:
    """403 is what credentials that expire amid a build give."""
    sweep_requests(server, said, cases[name], proxy, fault, FOREVER, LASTING_STRIDE)


@pytest.mark.parametrize(
    ("fault", "key", "words"),
    [
        ("reset", "job.yaml", ["{home}/job.yaml"]),
        ("403", "job.yaml", ["{home}/job.yaml"]),
        ("403", "sites", ["{home}/job.yaml"]),
        ("403", "job.yaml", ["preview", "{home}/job.yaml", "raw/a.jsonl@0"]),
        ("403", "sites", ["validate", "{home}/job.yaml"]),
        ("403", "job.yaml", ["validate", "{disk}", "--against", "{home}/job.yaml"]),
        ("403", "job.yaml", ["validate", "{built}", "--config", "{home}/job.yaml"]),
        ("reset", "_manifest", ["schema", "show", "{built}"]),
        ("403", "sites", ["schema", "diff", "{disk}", "{home}/job.yaml"]),
    ],
)
def test_C24_a_store_that_is_down_is_no_mistake_of_a_config(
    told: Told,
    cases: dict[str, Case],
    behind: StorePath,
    tmp_path: Path,
    proxy: Proxy,
    fault: str,
    key: str,
    words: list[str],
) -> None:
    config = two_dumps(tmp_path)
    put_config(config, behind / "job.yaml", sites="sites")
    (behind / "sites" / "a.example.yaml").upload(b"domains: [a.example]\nprofiles: [{fields: {title: {css: h1}}}]")
    proxy.set(Rule(fault, kind="GET|HEAD|LIST", key=f"/{key}", times=FOREVER))  # type: ignore[arg-type]
    named = {"home": behind, "disk": config, "built": cases["fresh"].home / "first"}
    assert_told(told(*(word.format(**named) for word in words)))


@pytest.mark.stores
@pytest.mark.parametrize("name", ["fresh", "changed"])
@pytest.mark.usefixtures("behind")
@pytest.mark.parametrize("fault", [*TRANSIENT, *KILLS])
def test_C24_at_every_request(
    server: Server, said: Path, cases: dict[str, Case], proxy: Proxy, name: str, fault: str
) -> None:
    sweep_requests(server, said, cases[name], proxy, fault, 1, EVERY)


@pytest.mark.stores
@pytest.mark.parametrize("name", ["fresh", "changed"])
@pytest.mark.usefixtures("behind")
@pytest.mark.parametrize("fault", LASTING)
def test_C24_C26_from_every_request_on(
    server: Server, said: Path, cases: dict[str, Case], proxy: Proxy, name: str, fault: str
) -> None:
    sweep_requests(server, said, cases[name], proxy, fault, FOREVER, EVERY)
