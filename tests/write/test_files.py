from __future__ import annotations

import hashlib
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from builder.errors import ConfigError
from builder.storage.place import READS, read_many
from builder.write.files import (
    read_range,
    sha256_of,
    sync_folder,
    write_atomic,
    write_output,
    write_text,
)


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    write_text(tmp_path / "a" / "b" / "note.txt", "grün\r\n")
    assert (tmp_path / "a" / "b" / "note.txt").read_bytes() == "grün\r\n".encode()


def test_a_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    write_text(path, "a long old text")
    write_text(path, "new")
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ValueError("no"), KeyboardInterrupt()])
def test_a_failed_write_leaves_the_old_file_and_nothing_beside(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "note.txt"
    write_text(path, "old")

    def fail(file: BinaryIO) -> None:
        file.write(b"half of the n")
        raise error

    with pytest.raises(type(error)):
        write_atomic(path, fail)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_old_file_is_read_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    write_text(path, "old")
    seen = []

    def look(file: BinaryIO) -> None:
        file.write(b"new")
        file.flush()
        seen.append(path.read_text())

    write_atomic(path, look)
    assert (seen, path.read_text()) == (["old"], "new")


def test_what_is_written_is_on_disk_before_it_gets_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []

    def note(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            steps.append(name)
            return real(*args)

        return call

    fsync = os.fsync

    def note_fsync(descriptor: int) -> None:
        steps.append("sync folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "sync file")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(Path, "replace", note("replace", Path.replace))
    write_text(tmp_path / "note.txt", "new")
    assert steps == ["sync file", "replace", "sync folder"]


@pytest.mark.skipif(os.name != "posix", reason="POSIX modes")
@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_the_mode_is_what_the_umask_leaves(tmp_path: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        write_text(tmp_path / "note.txt", "new")
        assert stat.S_IMODE((tmp_path / "note.txt").stat().st_mode) == mode
        assert os.umask(mask) == mask
    finally:
        os.umask(before)


@pytest.mark.parametrize("size", [0, 1, 2**18, 2**20 + 1])
def test_sha256_of(tmp_path: Path, size: int) -> None:
    data = b"0123456789abcdef" * (size // 16 + 1)
    (tmp_path / "file").write_bytes(data[:size])
    assert sha256_of(tmp_path / "file") == hashlib.sha256(data[:size]).hexdigest()


def test_a_folder_that_is_not_there_cannot_be_synced(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sync_folder(tmp_path / "gone")


def test_a_range_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_bytes(bytes(range(100)))
    assert read_range(path, 10, 5) == bytes(range(10, 15))
    assert read_range(path, 100, 0) == b""
    with pytest.raises(OSError, match="ends too early") as error:
        read_range(path, 98, 5)
    assert error.value.filename == str(path)


def test_many_are_read_in_order_and_the_first_failure_is_raised() -> None:
    assert read_many(lambda item: item * 2, range(5 * READS)) == [2 * item for item in range(5 * READS)]
    assert read_many(str, []) == []
    with pytest.raises(ZeroDivisionError):
        read_many(lambda item: 1 // (item - 7), range(20))


@pytest.mark.parametrize("there", [True, False])
def test_an_output_that_is_a_link_is_written_where_it_leads(tmp_path: Path, there: bool) -> None:
    if there:
        (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "between").symlink_to("real")
    (tmp_path / "link").symlink_to(tmp_path / "between")
    write_output(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "between").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


@pytest.mark.skipif(os.name != "posix", reason="POSIX pipes")
@pytest.mark.parametrize("linked", [True, False])
def test_an_output_that_is_a_pipe_is_written_to(tmp_path: Path, linked: bool) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append((tmp_path / "pipe").read_bytes()), daemon=True)
    reader.start()
    write_output(tmp_path / ("link" if linked else "pipe"), b"told")
    assert stat.S_ISFIFO((tmp_path / "pipe").lstat().st_mode)
    reader.join(10)
    assert found == [b"told"]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="names of open files")
def test_an_output_that_is_a_pipe_without_a_name_is_written_to() -> None:
    """As the shell passes it for `-o >(command)`."""
    reading, writing = os.pipe()
    write_output(Path(f"/proc/self/fd/{writing}"), b"told")
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        assert file.read() == b"told"


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        pytest.param("folder", ConfigError, "a folder; name a file in it", id="a folder"),
        pytest.param("file/report", OSError, "file/report", id="below a file"),
        pytest.param("circle", OSError, "circle", id="a link to itself"),
        pytest.param("x" * 300, OSError, "x" * 300, id="a name that is too long"),
    ],
)
def test_an_output_that_cannot_be_is_called_as_it_was_named(
    tmp_path: Path, name: str, error: type[Exception], said: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(error) as caught:
        write_output(tmp_path / name, b"content")
    assert said in str(caught.value)
    assert ".tmp-" not in str(caught.value)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["circle", "file", "folder"]


@pytest.mark.parametrize("name", ["x" * 300, "folder"], ids=["a name that is too long", "a folder that is in the way"])
def test_what_cannot_be_written_is_called_by_its_own_name(tmp_path: Path, name: str) -> None:
    """Not by that of the file beside it, which nobody has seen."""
    (tmp_path / "folder" / "x").mkdir(parents=True)
    with pytest.raises(OSError, match=name) as caught:
        write_text(tmp_path / name, "new")
    assert (caught.value.filename, ".tmp-" in str(caught.value)) == (str(tmp_path / name), False)
    assert list(tmp_path.iterdir()) == [tmp_path / "folder"]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="a folder in which nobody makes files")
def test_a_file_beside_which_none_can_be_made_is_called_by_its_own_name() -> None:
    with pytest.raises(OSError, match="note") as caught:
        write_text(Path("/proc/note.txt"), "new")
    assert caught.value.filename == "/proc/note.txt"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_an_output_in_a_folder_that_cannot_be_written_is_called_as_it_was_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(PermissionError) as caught:
        write_output(tmp_path / "report", b"content")
    assert caught.value.filename == str(tmp_path / "report")
