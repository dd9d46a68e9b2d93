"""Files that are there whole or not at all, on disks and in stores."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeAlias

from builder.errors import ConfigError, naming
from builder.storage.path import StorePath
from builder.storage.place import Place, exists, is_dir, is_file

_BESIDE = ".tmp-"
Name: TypeAlias = Callable[[str], str]
"""SHA-256 of a finished file -> its name."""


class Written(NamedTuple):
    """A finished file."""

    name: str
    bytes: int
    sha256: str


def write_atomic(path: Place, write: Callable[[BinaryIO], None]) -> None:
    """Write beside `path`, sync, rename over it, sync the folder: a reader sees the old file or the new one.

    Raises:
        OSError: nothing is left behind.

    """
    _write(path, write, None)


def write_named(folder: Place, name: Name, write: Callable[[BinaryIO], None]) -> Written:
    """`write_atomic` of a file whose name follows from its bytes.

    Raises:
        OSError: nothing is left behind.

    """
    return _write(folder / "unnamed", write, name)


def _write(path: Place, write: Callable[[BinaryIO], None], name: Name | None) -> Written:
    """`_put`, with errors that name the file, or the folder of one whose name is not known, and not the one beside."""
    try:
        return _put(path, write, name)
    except OSError as error:
        told = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
        if isinstance(path, StorePath) or not Path(told).name.startswith(_BESIDE):
            raise
        raise OSError(error.errno, error.strerror, str(path.parent if name else path)) from error


def _put(path: Place, write: Callable[[BinaryIO], None], name: Name | None) -> Written:
    """What `write` gives is gathered beside the path, for a store on a disk of this machine, and put there whole."""
    beside = None if isinstance(path, StorePath) else path.parent
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, made = tempfile.mkstemp(prefix=_BESIDE, suffix=path.suffix, dir=beside)
    try:
        with naming(made), os.fdopen(descriptor, "wb") as file:
            write(file)
            file.flush()
            if beside:
                os.fsync(file.fileno())
        written = Written("", Path(made).stat().st_size, sha256_of(Path(made)) if name else "")
        target = path.parent / name(written.sha256) if name else path
        if isinstance(target, StorePath):
            target.upload(Path(made))
            Path(made).unlink()
        else:
            Path(made).chmod(0o666 & ~_umask())
            Path(made).replace(target)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
    sync_folder(target.parent)
    return written._replace(name=target.name)


def write_text(path: Place, text: str) -> None:
    """`write_atomic` of a string as UTF-8."""
    write_bytes(path, text.encode())


def write_bytes(path: Place, content: bytes) -> None:
    """`write_atomic` of bytes that are known."""
    if isinstance(path, StorePath):
        path.upload(content)
        return

    def write(file: BinaryIO) -> None:
        file.write(content)

    write_atomic(path, write)


def write_output(path: Place, content: bytes) -> None:
    """`write_bytes` where somebody says: through links, and into what is no file (a pipe, a device) as it is.

    Raises:
        ConfigError: a folder or a bucket. OSError: with the path that was said.

    """
    is_folder = not path.key if isinstance(path, StorePath) else is_dir(path)
    if is_folder:
        raise ConfigError(f"{path}: a folder; name a file in it")
    if isinstance(path, StorePath):
        path.upload(content)
        return
    try:
        target = Path(os.path.realpath(path))  # pathlib raises where links lead in a circle
        if is_file(path) or not (exists(path) or exists(target, follow=False)):
            write_bytes(target, content)
        else:
            path.write_bytes(content)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


def write_sealed(path: Place, text: str) -> None:
    """`write_text` of one line, with its SHA-256 in the line below: what builds leave for each other."""
    write_text(path, f"{text}\n{hashlib.sha256(text.encode()).hexdigest()}\n")


def read_sealed(path: Place) -> str:
    """The line that `write_sealed` wrote.

    Raises:
        ValueError: it was cut or changed since. OSError: it cannot be read.

    """
    text, _, seal = path.read_text(encoding="utf-8").removesuffix("\n").rpartition("\n")
    if hashlib.sha256(text.encode()).hexdigest() != seal:
        raise ValueError(f"{path}: not what was written")
    return text


def sync_folder(folder: Place) -> None:
    """Make renames and links in a folder durable, where the platform can; a store has done so when it answers."""
    if isinstance(folder, StorePath) or os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with naming(folder):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256_of(path: Place) -> str:
    """SHA-256 of a file in hexadecimal, read in pieces."""
    with naming(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_range(path: Place, offset: int, length: int) -> bytes:
    """Some bytes of a file.

    Raises:
        OSError: they cannot be read, or the file ends before.

    """
    if isinstance(path, StorePath):
        data = path.read_range(offset, length)
    else:
        with naming(path), path.open("rb", buffering=0) as file:
            file.seek(offset)
            data = file.read(length)
            while len(data) < length and (more := file.read(length - len(data))):
                data += more
    if len(data) < length:
        raise OSError(errno.EIO, "ends too early", str(path))
    return data


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
