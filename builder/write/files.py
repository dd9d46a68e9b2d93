"""Files that are there whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, TypeVar

from builder.errors import naming

Item = TypeVar("Item")
Result = TypeVar("Result")
READS = 32
"""Files that a process reads at a time."""


def write_atomic(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write beside `path`, sync, rename over it, sync the folder: a reader sees the old file or the new one.

    Raises:
        OSError: nothing is left behind.

    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".tmp-", suffix=path.suffix, dir=path.parent)
    try:
        with naming(path), os.fdopen(descriptor, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_text(path: Path, text: str) -> None:
    """`write_atomic` of a string as UTF-8."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """`write_atomic` of bytes that are known."""

    def write(file: BinaryIO) -> None:
        file.write(content)

    write_atomic(path, write)


def write_sealed(path: Path, text: str) -> None:
    """`write_text` of one line, with its SHA-256 in the line below: what builds leave for each other."""
    write_text(path, f"{text}\n{hashlib.sha256(text.encode()).hexdigest()}\n")


def read_sealed(path: Path) -> str:
    """The line that `write_sealed` wrote.

    Raises:
        ValueError: it was cut or changed since. OSError: it cannot be read.

    """
    text, _, seal = path.read_text(encoding="utf-8").removesuffix("\n").rpartition("\n")
    if hashlib.sha256(text.encode()).hexdigest() != seal:
        raise ValueError(f"{path}: not what was written")
    return text


def sync_folder(folder: Path) -> None:
    """Make renames and links in a folder durable, where the platform can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with naming(folder):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file in hexadecimal, read in pieces."""
    with naming(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_range(path: Path, offset: int, length: int) -> bytes:
    """Some bytes of a file.

    Raises:
        OSError: they cannot be read, or the file ends before.

    """
    with naming(path), path.open("rb", buffering=0) as file:
        file.seek(offset)
        data = file.read(length)
        while len(data) < length and (more := file.read(length - len(data))):
            data += more
    if len(data) < length:
        raise OSError(errno.EIO, "ends too early", str(path))
    return data


def read_many(read: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """`read` of every item, in order; several at a time, for on an object store each waits for its answer."""
    listed = list(items)
    if len(listed) < 2:
        return [read(item) for item in listed]
    with ThreadPoolExecutor(min(len(listed), READS)) as threads:
        return list(threads.map(read, listed))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
