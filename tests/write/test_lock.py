from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from builder.errors import LockedError
from builder.write.lock import locked

HOLD = "import sys, time; from pathlib import Path; from builder.write.lock import locked\n"
HOLD += "with locked(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"


def test_the_second_build_is_told_who_holds_it(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(LockedError, match=rf"process {os.getpid()}\b") as error, locked(tmp_path):
        pytest.fail("both hold the lock")
    assert error.value.exit_code == 75
    assert str(tmp_path) in str(error.value)


def test_a_refused_build_leaves_the_holder_its_lock(tmp_path: Path) -> None:
    with locked(tmp_path):
        for _ in range(2):
            with pytest.raises(LockedError, match=str(os.getpid())), locked(tmp_path):
                pytest.fail("both hold the lock")


@pytest.mark.parametrize("error", [None, ValueError("a build that failed"), KeyboardInterrupt()])
def test_the_lock_is_free_afterwards(tmp_path: Path, error: BaseException | None) -> None:
    try:
        with locked(tmp_path):
            if error:
                raise error
    except (ValueError, KeyboardInterrupt):
        pass
    with locked(tmp_path):
        pass
    assert not (tmp_path / "_work" / "holder").exists()


def test_a_holder_that_cannot_be_removed_does_not_keep_the_lock(tmp_path: Path) -> None:
    """A dataset that is published by then is no failure."""
    holder = tmp_path / "_work" / "holder"
    with locked(tmp_path):
        holder.unlink()
        holder.mkdir()
    holder.rmdir()
    with locked(tmp_path):
        assert holder.is_file()


def test_outputs_do_not_lock_each_other(tmp_path: Path) -> None:
    with locked(tmp_path / "a"), locked(tmp_path / "b"):
        assert (tmp_path / "b" / "_work").is_dir()


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_killed_build_holds_nothing(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LockedError, match=rf"process {holder.pid}\b"), locked(tmp_path):
            pytest.fail("both hold the lock")
        holder.send_signal(signal.SIGKILL)
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            with locked(tmp_path):
                return
        except LockedError:
            time.sleep(0.05)
    pytest.fail("the lock of a process that is gone is still held")


def test_an_output_that_cannot_be_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"), locked(tmp_path / "file"):
        pytest.fail("a file is no folder")


def test_a_holder_that_says_nonsense_is_not_named(tmp_path: Path) -> None:
    with locked(tmp_path):
        (tmp_path / "_work" / "holder").write_text("nobody")
        with pytest.raises(LockedError) as error, locked(tmp_path):
            pytest.fail("both hold the lock")
    assert "process" not in str(error.value)
