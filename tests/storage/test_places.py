"""What lies on a disk: files, folders, links and nothing; and a disk that does not say."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from builder.storage.place import exists, files_below, is_dir, is_file

THERE = {
    # name: (exists, exists unless followed, is_file, is_dir)
    "file": (True, True, True, False),
    "folder": (True, True, False, True),
    "to-file": (True, True, True, False),
    "to-folder": (True, True, False, True),
    "pipe": (True, True, False, False),
    "dangling": (False, True, False, False),
    "loop": (False, True, False, False),
    "missing": (False, False, False, False),
    "file/below": (False, False, False, False),
    "a\0b": (False, False, False, False),
    "x" * 300: (False, False, False, False),
}


@pytest.mark.parametrize("name", THERE)
def test_what_lies_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for link, target in {"to-file": "file", "to-folder": "folder", "dangling": "nowhere", "loop": "loop"}.items():
        (tmp_path / link).symlink_to(target)
    path = tmp_path / name
    assert (exists(path), exists(path, follow=False), is_file(path), is_dir(path)) == THERE[name]


@pytest.mark.parametrize("error", [errno.EIO, errno.EACCES, errno.ESTALE, errno.ETIMEDOUT])
@pytest.mark.parametrize(
    "ask", [exists, lambda path: exists(path, follow=False), is_file, is_dir, lambda path: list(files_below(path))]
)
def test_a_disk_that_does_not_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask, error: int) -> None:
    def fail(path: Path, **_more: object) -> None:
        raise OSError(error, os.strerror(error), os.fspath(path))

    monkeypatch.setattr(os, "stat", fail)
    with pytest.raises(OSError, match="x") as caught:
        ask(tmp_path / "x")
    assert (caught.value.errno, caught.value.filename) == (error, str(tmp_path / "x"))


def test_what_is_no_name_on_windows_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, **_more: object) -> None:
        error = OSError(errno.EINVAL, "the file name is incorrect", os.fspath(path))
        error.winerror = 123  # type: ignore[attr-defined] # an attribute that Windows alone fills in
        raise error

    monkeypatch.setattr(os, "stat", fail)
    assert (exists(tmp_path / "https:"), is_file(tmp_path / "https:")) == (False, False)
