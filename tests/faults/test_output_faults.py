"""C07, C08, C10, C14: outputs that cannot be written, locks, and builds beside each other."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from killed_builds import balances
from small_builds import ROOT, load, run, tree
from sweep import Case, Server
from sweep import build as build_in_child

from builder.errors import LockedError
from builder.job import make_plan
from builder.plan import inputs
from builder.write.lock import locked


def test_C07_an_output_that_is_a_file(server: Server, fresh: Case) -> None:
    fresh.reset()
    fresh.out.write_text("mine")
    done = build_in_child(server, fresh)
    fresh.out.unlink()
    said = f"job.yaml: output: {fresh.out}: Not a directory; choose a folder of its own, here or with --out\n"
    assert (done.status, done.said) == (2, said)


@pytest.mark.skipif(sys.platform != "linux", reason="drops a capability, for root may write anywhere")
def test_C07_an_output_without_the_right_to_write(tmp_path: Path, config: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_OVERRIDE, config, "--out", tmp_path / "locked" / "out", "--workers", "1"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 74, done.stderr
    assert done.stderr == f"{tmp_path}/locked/out: Permission denied\n"


@pytest.mark.skipif(sys.platform != "linux", reason="drops a capability, for root may write anywhere")
@pytest.mark.parametrize("verb", [["plan"], ["build", "--dry-run"]], ids=" ".join)
def test_C07_a_plan_for_an_output_without_the_right_to_write(tmp_path: Path, config: Path, verb: list[str]) -> None:
    """Nothing is there, so nothing needs to be written to say what would be read."""
    (tmp_path / "locked").mkdir(mode=0o500)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_OVERRIDE, *verb, config, "--out", tmp_path / "locked" / "out"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 of 2 splits to read" in done.stdout
    assert list((tmp_path / "locked").iterdir()) == []


WITHOUT_OVERRIDE = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
head = (ctypes.c_uint32 * 2)(0x20080522, 0)
libc.capset(head, (ctypes.c_uint32 * 6)())
from builder.cli import main
main()
"""


def test_C07_an_output_that_is_a_link(tmp_path: Path, config: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to("elsewhere")
    run(config, tmp_path / "link")
    run(config, tmp_path / "plain")
    assert tree(tmp_path / "elsewhere") == tree(tmp_path / "plain")
    assert (tmp_path / "link").is_symlink()


def test_C08_a_second_build_is_refused_at_once(server: Server, fresh: Case) -> None:
    fresh.reset()
    with locked(fresh.out):
        began = time.monotonic()
        done = build_in_child(server, fresh)
        took = time.monotonic() - began
    assert (done.status, f"(process {os.getpid()})" in done.said) == (75, True), done.said
    assert took < 1 or os.getloadavg()[0] > 2
    assert build_in_child(server, fresh).status == 0
    assert tree(fresh.out) == fresh.gold


def test_C08_C14_two_builds_at_the_same_moment(tmp_path: Path, config: Path) -> None:
    """One builds, the other is refused or finds nothing to do; what lies there is what one alone would leave."""
    run(config, tmp_path / "alone")
    command = [sys.executable, "-m", "builder.cli", config, "--out", tmp_path / "out", "--workers", "1", "-q"]
    both = [subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}) for _ in range(2)]
    codes = sorted(process.wait(timeout=120) for process in both)
    assert codes in ([0, 75], [0, 0])
    assert tree(tmp_path / "out") == tree(tmp_path / "alone")


def test_C14_builds_of_other_configs_share_no_names(config: Path) -> None:
    loaded, other = load(config), load(config, "sort_by=[url]", "fields=[url, title, published_date]")
    keys = []
    for given in (loaded, loaded, other):
        found = make_plan(given)
        stamps = {task: inputs.stamp(task) for task in inputs.hash_tasks(found)}
        hashes = dict.fromkeys(stamps, "the same")
        keys.append({entry.key for entry in inputs.with_keys(found, hashes, stamps, given, None)})
    assert keys[0] == keys[1]
    assert not keys[0] & keys[2]


def test_C10_the_note_of_a_dead_holder_locks_nothing(tmp_path: Path, config: Path) -> None:
    """A pid that is gone, or that another process has taken up, stands in the note; the lock itself is the system's."""
    for pid in ("999999", "1", str(os.getpid()), "nonsense"):
        work = tmp_path / "out" / "_work"
        work.mkdir(parents=True, exist_ok=True)
        (work / "holder").write_text(pid)
        (work / "lock").touch()
        run(config, tmp_path / "out")
    assert balances(tmp_path / "out")
    with locked(tmp_path / "out"), pytest.raises(LockedError):
        run(config, tmp_path / "out")
