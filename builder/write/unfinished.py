"""What is done of a split that is not finished, so that a page that ends its process costs that page and not the split.

A worker adds a frame to the log of its split now and then. The one that takes the split over reads the frames back
and goes on behind the last one. Rows are ordered when the staged file is written, so where the frames were cut does not
show in it. The log proves nothing: only a receipt says that a split is finished, and then its log is removed.

Nothing is synced: what a process has written outlives the process. Every frame has its length and CRC-32; the log ends
before the first that is cut or damaged, and what was in it is done again.
"""

from __future__ import annotations

import errno
import json
import os
import struct
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from builder.storage.place import Place, exists

_HEAD = struct.Struct("<III")  # bytes of the state, bytes of the rows, CRC-32 of both


class Frame(NamedTuple):
    """What was added to a split between two frames."""

    state: Mapping[str, Any]
    """Plain data."""
    rows: Sequence[pa.RecordBatch]


def logs_of(work: Place) -> Path:
    """The folder of the logs of a build; for one into a store on the machine that this runs on, its user's own.

    Raises:
        PermissionError: it is another user's, who could put rows into the dataset. OSError: the disk.

    """
    if isinstance(work, Path):
        return work / "unfinished"
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"build-dataset-{user}-{zlib.crc32(str(work).encode()):08x}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.lstat().st_uid != user:
        raise PermissionError(errno.EACCES, "belongs to another user; set TMPDIR", str(folder))
    return folder


def add_frame(path: Path, frame: Frame, schema: pa.Schema) -> None:
    """Add a frame to a log.

    Raises:
        OSError: the disk.

    """
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        for batch in frame.rows:
            writer.write_batch(batch)
    rows = sink.getvalue().to_pybytes()
    state = json.dumps(frame.state).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(_HEAD.pack(len(state), len(rows), zlib.crc32(rows, zlib.crc32(state))) + state + rows)


def take_frames(path: Path) -> list[Frame]:
    """The whole frames of a log, none where there is none; what follows the last of them is cut off.

    Raises:
        OSError: the disk.

    """
    if not exists(path):
        return []
    frames: list[Frame] = []
    with path.open("r+b") as file:
        data = file.read()
        at = 0
        while (end := _end_of_frame(data, at)) is not None:
            frames.append(_frame(data, at))
            at = end
        file.truncate(at)
    return frames


def _end_of_frame(data: bytes, at: int) -> int | None:
    """Where the frame that begins at `at` ends; None where no whole one begins there."""
    if len(data) < at + _HEAD.size:
        return None
    state, rows, checksum = _HEAD.unpack_from(data, at)
    begin, end = at + _HEAD.size, at + _HEAD.size + state + rows
    return end if state and end <= len(data) and zlib.crc32(memoryview(data)[begin:end]) == checksum else None


def _frame(data: bytes, at: int) -> Frame:
    state, rows, _ = _HEAD.unpack_from(data, at)
    begin = at + _HEAD.size
    with pa.ipc.open_stream(pa.py_buffer(data[begin + state : begin + state + rows])) as reader:
        return Frame(json.loads(data[begin : begin + state]), list(reader))
