"""Builds, each in a child forked when everything is imported: a crash test costs a build and no start of Python.

`python build_server.py CONFIG`. Every line of its input is a JSON object: `arguments` of the command, `said` (a file
for what the child prints), and either `shim` (a fault of `fault_shim`) or `traced`: then the child's pid is printed,
and the child waits for one more line, so that strace can take hold of it. At last its exit status is printed, -n for
signal n.
"""

from __future__ import annotations

import _strptime  # noqa: F401 - what a build would import when it needs it: each child would do so anew
import ctypes
import json
import os
import select
import sys
import warnings
from pathlib import Path
from typing import Any

import fault_shim
import pyarrow as pa
import pyarrow.dataset
from small_builds import add_inline_engine, load, page

add_inline_engine()

from builder import cli, splits  # noqa: E402 - cli reads the table of engines when it is imported
from builder.compiled import compile_job  # noqa: E402
from builder.pipeline import build_record  # noqa: E402
from builder.plan.inputs import tool_versions  # noqa: E402
from builder.records import Locator, Page  # noqa: E402

splits.SAVE_SECONDS = 0.0  # a frame an item: how many calls a build makes must not hang on how fast it is


def serve() -> None:
    """Answer the lines of stdin until it ends."""
    for line in sys.stdin:
        wanted = json.loads(line)
        gate, opened = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(opened)
            become(wanted, gate)
        os.close(gate)
        if wanted.get("traced"):
            print(child, flush=True)
            sys.stdin.readline()
        os.close(opened)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def become(wanted: dict[str, Any], gate: int) -> None:
    """Be the command, as soon as the gate is closed; never return."""
    code = 70
    try:
        said = os.open(wanted["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for descriptor in (1, 2):
            os.dup2(said, descriptor)
        sys.argv = ["build-dataset", *wanted["arguments"]]
        if wanted.get("traced"):
            ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1 % 2**64), 0, 0, 0)  # any process may trace this one
            select.select([gate], [], [])  # not a read, for those are counted
        elif wanted.get("shim"):
            fault_shim.install(*wanted["shim"])
        cli.main()
    except SystemExit as stop:
        code = int(stop.code or 0)
    finally:
        os._exit(code)


if __name__ == "__main__":
    warnings.simplefilter("ignore", DeprecationWarning)  # of forks beside threads: those of the allocators, at rest
    tool_versions()
    pa.array([1.0])  # imports pandas, where there is one
    sample = page(1)
    build_record(Page(sample["url"], sample["html"].encode(), Locator("a", 0, 1)), compile_job(load(Path(sys.argv[1]))))
    serve()
