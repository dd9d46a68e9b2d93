"""C16: signals and closed pipes. What is finished is kept, nobody stays behind, and the next run ends the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from small_builds import ROOT, page, run, tree, write_config, write_dump

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")
SURROUNDINGS = {**os.environ, "PYTHONPATH": str(ROOT)}
STOPPED = "interrupted; what is finished is kept, run the same command again to continue"

PROMPT = 10
"""Seconds in which a stopped build is gone on a machine that is busy; it does not wait for what takes minutes."""


class Many(NamedTuple):
    config: Path
    tree: dict[str, str]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Many:
    """A dump of enough splits to be stopped amid them, and what a build makes of it that nobody stops."""
    folder = tmp_path_factory.mktemp("many")
    write_dump(folder / "raw" / "many.jsonl", [page(number) for number in range(400)])
    config = write_config(folder, limits={"split_bytes": "20KiB"})
    run(config, folder / "once")
    return Many(config, tree(folder / "once"))


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def heed_all_signals() -> None:
    """As a shell starts a command, even where these tests run under nohup."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


@contextmanager
def amid_its_splits(config: Path, out: Path, *before: str) -> Iterator[subprocess.Popen[str]]:
    """A build of two workers, of which the first split is done. `before`: what starts the command."""
    command = [*before, sys.executable, "-m", "builder.cli", config, "--out", out, "--workers", "2"]
    with subprocess.Popen(
        command, env=SURROUNDINGS, stderr=subprocess.PIPE, text=True, preexec_fn=heed_all_signals
    ) as running:
        receipts = out / "_work" / "receipts"
        wait_for(lambda: running.poll() is not None or (receipts.is_dir() and any(receipts.glob("[!.]*.json"))))
        yield running


def offspring(pid: int) -> set[int]:
    """All processes below one, by /proc; empty where there is none."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(entry.parent.name)] = int(fields[1])
    below = {pid}
    for _ in range(4):
        below |= {child for child, parent in parents.items() if parent in below}
    return below - {pid}


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(
    "number",
    [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL],
    ids=["SIGTERM", "SIGINT", "SIGHUP", "SIGKILL"],
)
def test_C16_a_build_that_is_stopped_goes_on_where_it_was(tmp_path: Path, many: Many, number: signal.Signals) -> None:
    out = tmp_path / "out"
    with amid_its_splits(many.config, out) as running:
        workers = offspring(running.pid)
        running.send_signal(number)
        sent = time.monotonic()
        _, stderr = running.communicate(timeout=60)
    if number == signal.SIGKILL:
        assert running.returncode == -number
    else:
        assert (running.returncode, time.monotonic() - sent < PROMPT) == (128 + number, True), stderr
        assert stderr.splitlines() == [STOPPED]
    wait_for(lambda: not any(map(is_alive, workers)), 5)
    assert not (out / "_manifest.json").exists()
    outcome = run(many.config, out)
    assert 0 < outcome.reused < outcome.splits
    assert tree(out) == many.tree


IMPORTED = """
import os, sys
class Signalled:
    def find_spec(self, name, path=None, target=None):
        if name == "pyarrow":
            os.kill(os.getpid(), {number})
sys.meta_path.insert(0, Signalled())
sys.argv = ["build-dataset", "--version"]
from builder.__main__ import main
main()
"""
"""A signal comes while the command imports its libraries."""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=["SIGTERM", "SIGINT", "SIGHUP"])
@pytest.mark.parametrize("stderr", ["", " 2>&-"], ids=["open", "closed"])
def test_C16_a_command_that_is_stopped_while_it_starts(number: signal.Signals, stderr: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f'exec "$@"{stderr}', "sh", sys.executable, "-c", IMPORTED.format(number=int(number))],
        env=SURROUNDINGS, capture_output=True, text=True, timeout=60, preexec_fn=heed_all_signals,
    )  # fmt: skip
    said = "" if stderr else "interrupted before anything was begun; run the same command again\n"
    assert (done.returncode, done.stdout, done.stderr) == (128 + number, "", said)


def test_the_command_starts_where_signals_are_heeded() -> None:
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert stated["project"]["scripts"] == {"build-dataset": "builder.__main__:main"}


SLOWLY = """
import sys, time
if any("forkserver" in argument for argument in sys.orig_argv):
    time.sleep(30)
"""
"""A fork server that takes long to import what it forks processes with."""


def is_fork_server(pid: int) -> bool:
    try:
        return b"forkserver" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="processes are found by /proc")
def test_C16_a_build_that_is_stopped_before_it_has_workers_lets_go_of_stderr(tmp_path: Path, config: Path) -> None:
    """As in `build-dataset ... 2>&1 | tee`, which ends when nobody has the pipe any more."""
    (tmp_path / "slow").mkdir()
    (tmp_path / "slow" / "sitecustomize.py").write_text(SLOWLY)
    surroundings = {**SURROUNDINGS, "PYTHONPATH": f"{tmp_path / 'slow'}:{ROOT}"}
    command = [sys.executable, "-m", "builder.cli", config, "--workers", "2"]
    with subprocess.Popen(
        command, env=surroundings, stderr=subprocess.PIPE, text=True, preexec_fn=heed_all_signals
    ) as running:
        wait_for(lambda: any(map(is_fork_server, offspring(running.pid))))
        running.send_signal(signal.SIGTERM)
        sent = time.monotonic()
        _, stderr = running.communicate(timeout=60)
    assert (running.returncode, time.monotonic() - sent < PROMPT) == (143, True), stderr
    assert stderr.splitlines() == [STOPPED]


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT], ids=["SIGHUP", "SIGINT"])
def test_C16_what_was_ignored_from_the_start_stops_nothing(tmp_path: Path, many: Many, number: signal.Signals) -> None:
    """As under nohup, and behind an & in a script."""
    ignoring = ("sh", "-c", f'trap "" {number.name.removeprefix("SIG")}; exec "$@"', "sh")
    with amid_its_splits(many.config, tmp_path / "out", *ignoring) as running:
        running.send_signal(number)
        _, stderr = running.communicate(timeout=60)
    assert running.returncode == 0, stderr
    assert tree(tmp_path / "out") == many.tree


def test_C16_two_signals_at_once(tmp_path: Path, many: Many) -> None:
    """The second does not wait for anything, and leaves no more than the first."""
    with amid_its_splits(many.config, tmp_path / "out") as running:
        running.send_signal(signal.SIGINT)
        running.send_signal(signal.SIGTERM)
        sent = time.monotonic()
        _, stderr = running.communicate(timeout=60)
    assert running.returncode in (130, 143)
    assert time.monotonic() - sent < PROMPT
    assert stderr.splitlines() in ([], [STOPPED])
    run(many.config, tmp_path / "out")
    assert tree(tmp_path / "out") == many.tree


def test_C16_a_large_file_that_is_hashed_delays_no_signal(tmp_path: Path) -> None:
    """Sixty-four sparse gigabytes take most of a minute to hash; they are let go of at once."""
    dump = tmp_path / "raw" / "a.jsonl"
    write_dump(dump, [page(1)])
    os.truncate(dump, 64 * 2**30)
    config = write_config(tmp_path)
    command = [sys.executable, "-m", "builder.cli", config, "--workers", "2"]
    with subprocess.Popen(command, env=SURROUNDINGS, stderr=subprocess.PIPE, text=True) as running:
        wait_for(lambda: (tmp_path / "out/_work/merged").is_dir())
        time.sleep(0.2)
        running.send_signal(signal.SIGTERM)
        sent = time.monotonic()
        _, stderr = running.communicate(timeout=60)
    assert (running.returncode, time.monotonic() - sent < PROMPT) == (143, True), stderr
    assert stderr.splitlines() == [STOPPED]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        pytest.param("{build} --json | true; exit ${{PIPESTATUS[0]}}", (0, 74), id="nobody reads stdout"),
        pytest.param("{build} 2>&1 >/dev/null | true; exit ${{PIPESTATUS[0]}}", (0, 74), id="nobody reads stderr"),
        pytest.param("{build} >&-", (0,), id="no stdout"),
        pytest.param("{build} 2>&-", (0,), id="no stderr"),
        pytest.param("{build} --json >/dev/full", (74,), id="stdout is full"),
        pytest.param("{build} 2>/dev/full", (0, 74), id="stderr is full"),
    ],
)
def test_C16_pipes_that_are_closed_or_full(tmp_path: Path, config: Path, command: str, code: tuple[int, ...]) -> None:
    """The dataset is published all the same, and there is no traceback."""
    build = f"'{sys.executable}' -m builder.cli '{config}' --workers 1"
    done = subprocess.run(
        ["bash", "-c", command.format(build=build)], env=SURROUNDINGS, capture_output=True, text=True, timeout=120
    )
    assert done.returncode in code, done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
    run(config, tmp_path / "once")
    assert tree(tmp_path / "out") == tree(tmp_path / "once")


def test_C16_the_number_of_a_closed_stream_is_taken(config: Path) -> None:
    """As by libraries that open a file when they are imported."""
    code = "import os; assert os.open(os.devnull, os.O_RDONLY) == 2; from builder.cli import main; main()"
    command = f"'{sys.executable}' -c '{code}' '{config}' --workers 1 2>&-"
    done = subprocess.run(["bash", "-c", command], env=SURROUNDINGS, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, "")
    assert (config.parent / "out" / "_manifest.json").is_file()
