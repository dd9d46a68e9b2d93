"""Processes as Linux shows them under /proc."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def resident(pid: int) -> int:
    """Bytes of memory; 0 of a process that has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def descendants(pid: int) -> Iterator[int]:
    """The processes below a process, itself left out."""
    try:
        listed = [path.joinpath("children").read_text() for path in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return
    for child in (int(child) for text in listed for child in text.split()):
        yield child
        yield from descendants(child)
