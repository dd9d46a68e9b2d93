"""The crash sweep: a small build, a fault at one of its file-system calls, and what readers and the next run see.

strace strikes any call of the process, also those of pyarrow and polars; `fault_shim` those of Python, on any platform.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from small_builds import ROOT, manifest, page, run, tree, two_dumps, write_dump

FAULTS = ("kill", "EIO", "ENOSPC")
_MAKES = [
    "openat",
    "mkdir",
    "mkdirat",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "write",
    "pwrite64",
    "ftruncate",
]
_CHANGES = [*_MAKES, *["unlink", "unlinkat", "rmdir", "fsync", "fdatasync", "flock", "chmod", "fchmod"]]
CALLS = {
    "kill": _CHANGES,
    "EIO": [*_CHANGES, *["read", "pread64", "getdents64", "newfstatat", "statx"]],
    "ENOSPC": _MAKES,
}
"""Fault -> the system calls that it may strike."""
HAS_STRACE = sys.platform == "linux" and shutil.which("strace") is not None


class Point(NamedTuple):
    """The n-th call of a kind, of any thread."""

    call: str
    number: int


@dataclass(slots=True)
class Server:
    """The process that forks builds."""

    process: subprocess.Popen[str]

    def ask(self, **wanted: Any) -> str:
        self.tell(json.dumps(wanted))
        return self.answer()

    def tell(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "the build server has gone"
        return line.strip()


def start_server(config: Path) -> Server:
    """A server with everything imported. Threads that can be done without are left out, for strace counts by thread."""
    quiet = dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_IO_THREADS"), "1")
    paths = os.pathsep.join(map(str, (ROOT, ROOT / "tests", ROOT / "tests" / "faults")))
    process = subprocess.Popen(
        [sys.executable, ROOT / "tests" / "faults" / "build_server.py", config],
        env={**os.environ, **quiet, "PYTHONPATH": paths, "PYTHONHASHSEED": "0", "PYTHONWARNINGS": "ignore"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Server(process)


@dataclass(frozen=True, slots=True)
class Case:
    """A build that is disturbed: from what, to what, and what lies below `root` in between."""

    name: str
    root: Path
    config: Path
    before: Path | None
    """The output that is there already."""
    gold: dict[str, str]
    """The tree of the undisturbed build."""
    old: dict[str, str] = field(default_factory=dict)

    @property
    def out(self) -> Path:
        return self.root / "out"

    def reset(self) -> None:
        """The output as it was before the build."""
        shutil.rmtree(self.out, ignore_errors=True)
        if self.before:
            shutil.copytree(self.before, self.out)


def fresh_case(root: Path) -> Case:
    """A build where nothing is yet."""
    config = two_dumps(root)
    run(config, root / "gold")
    return Case("fresh", root, config, None, tree(root / "gold"))


def changed_case(root: Path) -> Case:
    """A build over a dataset, with other inputs and another config: parts stay, come and go."""
    config = two_dumps(root)
    run(config, root / "old")
    write_dump(root / "raw" / "b.jsonl", [page(30, day="2022-04-20"), page(2, day="2022-03-15", hour=10)])
    config.write_text(config.read_text().replace('"latest"', '"earliest"').replace('"small"', '"renamed"'))
    run(config, root / "gold")
    return Case("changed", root, config, root / "old", tree(root / "gold"), tree(root / "old"))


class Struck(NamedTuple):
    """What a disturbed build left: its exit status, what it said, and whether the fault arrived."""

    status: int
    said: str
    arrived: bool


def build(server: Server, case: Case, *more: str, shim: Sequence[Any] | None = None) -> Struck:
    """Build in a child of the server."""
    said = case.root / "said"
    arguments = [str(case.config), "--out", str(case.out), "--workers", "1", "--engine", "inline", "-q", *more]
    status = int(server.ask(arguments=arguments, said=str(said), shim=shim))
    return Struck(status, said.read_text(), True)


def build_traced(server: Server, case: Case, *options: str) -> tuple[Struck, str]:
    """Build in a child that strace has taken hold of; the trace of the calls below the root beside."""
    said, log = case.root / "said", case.root / "trace"
    arguments = [str(case.config), "--out", str(case.out), "--workers", "1", "--engine", "inline", "-q"]
    child = server.ask(arguments=arguments, said=str(said), traced=True)
    strace = ["strace", "-f", "-y", "-s", "0", "-p", child, "-o", str(log), *options]
    with subprocess.Popen(strace, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr
        attached = tracer.stderr.readline()
        assert "attached" in attached, attached
        server.tell("go")
        status = int(server.answer())
        tracer.communicate(timeout=60)
    trace = log.read_text(errors="replace")
    return Struck(status, said.read_text(), "(INJECTED" in trace or status < 0), trace


def points(server: Server, case: Case, fault: str) -> list[Point]:
    """All calls that the fault may strike: those that touch something below the root."""
    case.reset()
    done, trace = build_traced(server, case, "-e", f"trace={','.join(CALLS[fault])}")
    assert done.status == 0, done.said
    seen: Counter[tuple[str, str]] = Counter()
    found: dict[Point, None] = {}
    for thread, call, rest in calls_of(trace):
        seen[thread, call] += 1
        if str(case.root) in rest and str(case.root / "said") not in rest:
            found[Point(call, seen[thread, call])] = None
    return list(found)


def calls_of(trace: str) -> Iterator[tuple[str, str, str]]:
    """Thread, name and arguments of every call in a trace, in the order in which they began."""
    for line in trace.splitlines():
        begun = re.match(r"(\d+) +(\w+)\((.*)", line)
        if begun:
            yield begun[1], begun[2], begun[3]


def strike(server: Server, case: Case, fault: str, point: Point) -> Struck:
    """Build, and let one call fail."""
    case.reset()
    how = "signal=SIGKILL" if fault == "kill" else f"error={fault}"
    return build_traced(
        server, case, "-e", f"inject={point.call}:{how}:when={point.number}", "-e", "trace=" + point.call
    )[0]


def shim_calls(server: Server, case: Case, fault: str) -> int:
    """How many calls of Python the fault may strike."""
    case.reset()
    note = case.root / "note"
    note.unlink(missing_ok=True)
    done = build(server, case, shim=[str(case.root), fault, 0, str(note)])
    assert done.status == 0, done.said
    return int(note.read_text())


def assert_survived(server: Server, case: Case, fault: str, struck: Struck) -> None:
    """Readers see the old dataset or the new one; the next run ends with the bytes of the undisturbed build."""
    seen = whole_dataset(case.out)
    assert seen in (case.gold.get("_manifest.json"), case.old.get("_manifest.json")), "a mixture"
    if fault == "kill":
        assert struck.status == -9, struck
    elif struck.status == 0:
        assert tree(case.out) == case.gold, "exit 0 with other data"
    else:
        assert_told(case, struck)
    again = build(server, case)
    assert again.status == 0, again.said
    assert tree(case.out) == case.gold
    left = [path for path in case.out.rglob(".*") if path.parent.name != "_work"]
    assert left == [], left


def assert_told(case: Case, struck: Struck) -> None:
    """One line: which path, what happened, what to do; exit 74."""
    lines = struck.said.splitlines()
    assert (struck.status, len(lines)) == (74, 1), struck
    assert lines[0].startswith(str(case.root)), struck
    assert "run again to continue" in lines[0], struck


def whole_dataset(out: Path) -> str | None:
    """The digest of the manifest, None where there is none. Every file that it names is there, to the byte."""
    if not (out / "_manifest.json").exists():
        return None
    document = manifest(out)
    for named in (*document["files"], *document["rejects"]):
        content = (out / (named.get("path") or named["name"])).read_bytes()
        assert hashlib.sha256(content).hexdigest() == named["sha256"], named
    return hashlib.sha256((out / "_manifest.json").read_bytes()).hexdigest()
