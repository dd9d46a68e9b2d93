"""Small builds into a store, disturbed by a proxy or not, and what readers of the store see."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from proxy import Proxy, Rule
from small_builds import ROOT, page, write_dump
from storage_server import published
from sweep import Server

from builder.storage.path import StorePath
from builder.storage.place import files_below

NOT_THE_LEASE = r"^(?!.*_work/lock)"
"""Keys but for the one that is written every now and then, whatever the build does."""


class Case(NamedTuple):
    """A build that is disturbed: from what, to what."""

    name: str
    home: StorePath
    config: StorePath
    before: StorePath | None
    """The output that is there already."""
    gold: Mapping[str, str]
    old: Mapping[str, str]


class Struck(NamedTuple):
    """How a build ended."""

    status: int
    said: str


def whole_dataset(out: StorePath) -> str | None:
    """The digest of the manifest, None where there is none. Every file that it names is there, to the byte."""
    try:
        content = (out / "_manifest.json").read_bytes()
    except FileNotFoundError:
        return None
    document = json.loads(content)
    named = {entry.get("path") or entry["name"]: entry["sha256"] for entry in document["files"] + document["rejects"]}
    there = published(out)
    assert {name: there.get(name) for name in named} == named
    if "data/_SUCCESS" in there:
        assert there.keys() - named.keys() == {"_manifest.json", "data/_SUCCESS"}, "marked, with files of no dataset"
    return hashlib.sha256(content).hexdigest()


def put_folder(folder: Path, target: StorePath) -> StorePath:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            (target / file.relative_to(folder).as_posix()).upload(file.read_bytes())
    return target


def put_config(config: Path, target: StorePath, **changes: Any) -> StorePath:
    target.upload(json.dumps(json.loads(config.read_text()) | changes).encode())
    return target


def copy_tree(source: StorePath, target: StorePath) -> None:
    for name, _ in files_below(source):
        (source / name).copy(target / name)


def change(raw: Path) -> None:
    """Another second dump: parts of the dataset stay, come and go."""
    write_dump(raw / "b.jsonl", [page(30, day="2022-04-20"), page(2, day="2022-03-15", hour=10)])


def arguments(config: StorePath | Path, out: StorePath, *more: str) -> list[str]:
    return [str(config), "--out", str(out), "--workers", "1", "--engine", "inline", "-q", *more]


Told: TypeAlias = Callable[..., Struck]
"""Runs the command; what it says on stdout and stderr is one text."""


def teller(server: Server, said: Path) -> Told:
    """The command in children of the server."""

    def told(*words: object) -> Struck:
        status = int(server.ask(arguments=[str(word) for word in words], said=str(said)))
        return Struck(status, said.read_text())

    return told


def build(server: Server, said: Path, case: Case, out: StorePath, *more: str) -> Struck:
    """Build in a child of the server."""
    status = int(server.ask(arguments=arguments(case.config, out, *more), said=str(said)))
    return Struck(status, said.read_text())


def build_struck(server: Server, said: Path, case: Case, out: StorePath, proxy: Proxy, *rules: Rule) -> Struck:
    """Build in a child that some requests of do not go well for, or kill."""
    child = int(server.ask(arguments=arguments(case.config, out), said=str(said), traced=True))
    proxy.on_kill = lambda: os.kill(child, signal.SIGKILL)
    proxy.set(*rules)
    server.tell("go")
    status = int(server.answer())
    proxy.rules = []
    return Struck(status, said.read_text())


def command(*words: object, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "builder.cli", *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@contextmanager
def started(*words: object, env: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "builder.cli", *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            yield running
        finally:
            if running.poll() is None:
                running.kill()
