"""Splits in which one page does something bad: here, because a worker has to import what it runs."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from lxml import etree

from builder import gathering, splits
from builder.errors import DumpError
from builder.receipts import Receipt


def build_split_with(deed: str, note: str, task: Any, beat: Any) -> Receipt:
    """`build_split`, in which page 3 does a deed; where a file `note` is named, only when it is not there yet."""
    real = gathering.build_record

    def build_record(item: Any, job: Any) -> Any:
        if item.url.endswith("/3") and not (note and Path(note).exists()):
            if note:
                Path(note).touch()
            DEEDS[deed]()
        return real(item, job)

    gathering.build_record = build_record
    try:
        return splits.build_split(task, beat)
    finally:
        gathering.build_record = real


def build_split_with_errors(what: str, task: Any, beat: Any) -> Receipt:
    """A split that raises what is hard to hand over."""
    if task.split.dump.name.endswith("a.jsonl"):
        raise ERRORS[what]()
    return splits.build_split(task, beat)


class OddError(Exception):
    """Wants two arguments, and holds what cannot be pickled."""

    def __init__(self, what: str, where: object) -> None:
        super().__init__(f"odd: {what}", where)
        self.stream = sys.stderr


def _cycle() -> DumpError:
    error = DumpError("odd: of itself")
    error.__cause__ = error
    return error


ERRORS: dict[str, Callable[[], Exception]] = {
    "unpicklable": lambda: OddError("at home", sys.stderr),
    "huge": lambda: DumpError("odd: " + "x" * 20_000_000),
    "surrogates": lambda: DumpError("odd: \ud800 \udcff"),
    "cycle": _cycle,
}


def _loop() -> None:
    while True:
        pass


def _refused() -> None:
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (taken + 2**24, resource.RLIM_INFINITY))
    try:
        bytearray(2**30)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _eat_in_python() -> None:
    held = [bytes([number % 251]) * 2**20 for number in range(900)]
    time.sleep(60)
    del held


def _eat_in_arrow() -> None:
    held = pa.concat_arrays([pa.array(np.ones(2**20))] * 110)
    time.sleep(60)
    del held


def _eat_in_lxml() -> None:
    root = etree.Element("html")
    for _ in range(2_500_000):
        etree.SubElement(root, "p").text = "x" * 100
    time.sleep(60)


DEEDS: dict[str, Callable[[], object]] = {
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "segfault": lambda: ctypes.string_at(0),
    "exit 0": lambda: os._exit(0),
    "system exit": lambda: sys.exit(3),
    "memory error": lambda: (_ for _ in ()).throw(MemoryError()),
    "sleep": lambda: time.sleep(3600),
    "loop": _loop,
    "loop in C": lambda: 7 ** (7**9),
    "eat in Python": _eat_in_python,
    "eat in Arrow": _eat_in_arrow,
    "eat in lxml": _eat_in_lxml,
    "refused by the system": _refused,
}
