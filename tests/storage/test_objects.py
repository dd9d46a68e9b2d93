"""What an object holds: read by ranges, put whole or in pieces, under conditions, through faults, and with versions."""

from __future__ import annotations

import io
import os
import random
from pathlib import Path
from typing import Any

import boto3
import pytest
from proxy import Proxy, Rule

from builder.errors import ConfigError
from builder.storage.path import StorePath
from builder.storage.place import files_below, remove_tree, stamp_of
from builder.storage.ranges import HEAD
from builder.write.files import read_sealed, sha256_of, write_named, write_sealed, write_text
from builder.write.lease import leased

CONTENT = random.Random(1).randbytes(2 * HEAD + 77)


@pytest.mark.parametrize("size", [0, 1, HEAD - 1, HEAD, HEAD + 1, len(CONTENT)])
@pytest.mark.parametrize("buffering", [1000, HEAD, 2**22])
def test_ranges_at_every_border(bucket: StorePath, size: int, buffering: int) -> None:
    """The same reads of an object and of a file in memory."""
    (bucket / "o").upload(CONTENT[:size])
    memory = io.BytesIO(CONTENT[:size])
    borders = [0, 1, buffering, HEAD - 1, HEAD, HEAD + 1, size - 1, size, size + 1]
    with (bucket / "o").open("rb", buffering) as file:
        assert file.seek(0, io.SEEK_END) == size
        for start in borders:
            for count in (0, 1, 10, buffering, buffering + 1, HEAD, size):
                assert file.seek(max(start, 0)) == memory.seek(max(start, 0))
                assert file.read(count) == memory.read(count)
                assert file.tell() == memory.tell()
        file.seek(0)
        assert file.read() == CONTENT[:size]
        assert file.read(1) == b""


def test_lines_and_peeks(bucket: StorePath) -> None:
    lines = [b"x" * 3, b"", b"y" * HEAD, b"z" * (HEAD - 3), b"end"]
    (bucket / "o").upload(b"\n".join(lines))
    with (bucket / "o").open("rb", 4096) as file:
        assert file.peek(3)[:3] == b"xxx"
        assert [line.rstrip(b"\n") for line in file] == lines
        file.seek(-3, io.SEEK_END)
        assert file.peek(10) == b"end"
        assert file.readline(2) == b"en"


def test_what_changes_while_it_is_read_is_no_mixture(bucket: StorePath) -> None:
    (bucket / "o").upload(CONTENT)
    with (bucket / "o").open() as file:
        file.read(10)
        (bucket / "o").upload(CONTENT[::-1])
        with pytest.raises(OSError, match="changed while it was read") as caught:
            file.read()
    assert caught.value.filename == str(bucket / "o")


@pytest.mark.parametrize("size", [0, 1, 5 * 2**20, 16 * 2**20, 33 * 2**20 + 1])
def test_what_is_put_is_what_is_there(bucket: StorePath, tmp_path: Path, size: int) -> None:
    """The largest in three pieces; from memory and from a file."""
    content = random.Random(size).randbytes(size)
    (tmp_path / "file").write_bytes(content)
    (bucket / "a").upload(content)
    (bucket / "b").upload(tmp_path / "file")
    assert (bucket / "a").read_bytes() == (bucket / "b").read_bytes() == content
    assert sha256_of(bucket / "a") == sha256_of(tmp_path / "file")


def test_a_put_with_a_condition(bucket: StorePath) -> None:
    path = bucket / "o"
    first = path.upload_if(b"1", None)
    assert first == path.stat()
    assert path.upload_if(b"2", None) is None, "there is one"
    assert path.upload_if(b"1", None) == first, "it is the same"
    second = path.upload_if(b"2", first)
    assert second == path.stat()
    assert path.upload_if(b"3", first) is None, "another put was faster"
    assert path.read_bytes() == b"2"
    path.unlink()
    assert path.upload_if(b"3", second) is None, "it has gone"
    assert not path.exists()


@pytest.mark.parametrize("fault", ["reset", "lost", "500", "503", "409", "412"])
@pytest.mark.parametrize("is_new", [True, False])
def test_a_put_with_a_condition_whose_outcome_is_not_known(
    behind: StorePath, proxy: Proxy, fault: Any, is_new: bool
) -> None:
    """409: two puts at the same moment, the store has refused one. 412 where nothing has changed is taken for that."""
    path = behind / "o"
    seen = None if is_new else path.upload_if(b"1", None)
    proxy.set(Rule(fault, kind="PUT"))
    done = path.upload_if(b"2", seen)
    assert done == path.stat()
    assert path.read_bytes() == b"2"
    assert [request.kind for request in proxy.log].count("PUT") >= 2, "it was struck"


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("amount", [0, 1, 50_000])
def test_answers_that_break_off_are_asked_for_again(behind: StorePath, proxy: Proxy, times: int, amount: int) -> None:
    (behind / "o").upload(CONTENT)
    proxy.set(Rule("cut", kind="GET", times=times, amount=amount))
    with (behind / "o").open() as file:
        assert file.read() == CONTENT
    proxy.set(Rule("cut", kind="LIST", times=times, amount=min(amount, 100)))
    assert [name for name, _ in files_below(behind)] == ["o"]
    proxy.set(Rule("cut", kind="COPY", times=times), Rule("cut", kind="BULK DELETE", times=times))
    (behind / "o").copy(behind / "p")
    remove_tree(behind)
    assert list(files_below(behind)) == []


@pytest.mark.parametrize("kind", ["BEGIN UPLOAD", "PUT PIECE", "END UPLOAD"])
@pytest.mark.parametrize("fault", ["reset", "lost", "cut", "503"])
def test_C25_an_upload_in_pieces_outlasts_a_fault(behind: StorePath, proxy: Proxy, kind: str, fault: Any) -> None:
    content = random.Random(2).randbytes(33 * 2**20)
    proxy.set(Rule(fault, kind=kind))
    (behind / "o").upload(content)
    assert (behind / "o").read_bytes() == content


def test_C25_of_an_upload_that_fails_nothing_is_seen(behind: StorePath, proxy: Proxy) -> None:
    proxy.set(Rule("403", kind="PUT PIECE", nth=1, times=100))
    with pytest.raises(PermissionError, match="403 Forbidden: ExpiredToken"):
        (behind / "o").upload(bytes(33 * 2**20))
    assert not (behind / "o").exists()
    assert "ABORT UPLOAD" in proxy.kinds(), "what was put is not left to be paid for"


def test_files_that_builds_leave_for_each_other(bucket: StorePath) -> None:
    write_text(bucket / "w" / "text", "é\n")
    assert (bucket / "w" / "text").read_text() == "é\n"
    write_sealed(bucket / "w" / "sealed", "line")
    assert read_sealed(bucket / "w" / "sealed") == "line"
    (bucket / "w" / "sealed").upload(b"lime\n" + b"0" * 64)
    with pytest.raises(ValueError, match="not what was written"):
        read_sealed(bucket / "w" / "sealed")
    written = write_named(bucket / "w", lambda sha256: f"{sha256[:4]}.bin", lambda file: file.write(b"abc") and None)
    assert written.name == "ba78.bin"
    assert sorted(name for name, _ in files_below(bucket / "w")) == ["ba78.bin", "sealed", "text"]


def test_a_stamp_is_another_when_the_content_is(bucket: StorePath) -> None:
    (bucket / "o").upload(b"1")
    first = stamp_of(bucket / "o")
    assert stamp_of(bucket / "o") == first
    (bucket / "o").upload(b"2")
    assert stamp_of(bucket / "o") != first
    assert first[0] == 1


@pytest.mark.parametrize("given", ["long", "inf", "nan", "1e15", "86401"])
@pytest.mark.parametrize("name", ["BUILDER_STORE_RETRY_SECONDS", "BUILDER_LEASE_SECONDS"])
def test_a_setting_that_is_no_number_of_seconds(
    bucket: StorePath, monkeypatch: pytest.MonkeyPatch, name: str, given: str
) -> None:
    monkeypatch.setenv(name, given)
    with pytest.raises(ConfigError) as error, leased(bucket / "lock"):
        pass
    assert str(error.value) == f"{name}={given}: not a number of seconds up to 86400"
    assert error.value.exit_code == 2


@pytest.mark.parametrize("given", ["", "86400", "0", "1.5"])
def test_a_setting_that_is_a_number_of_seconds(bucket: StorePath, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    for name in ("BUILDER_STORE_RETRY_SECONDS", "BUILDER_LEASE_SECONDS"):
        monkeypatch.setenv(name, given)
    with leased(bucket / "lock") as held:
        held.check()


def test_a_bucket_that_keeps_versions(bucket: StorePath) -> None:
    """Versions are told with what is put and with what is asked: they are the same."""
    server = boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL"], region_name="us-east-1")
    server.create_bucket(Bucket="kept")
    server.put_bucket_versioning(Bucket="kept", VersioningConfiguration={"Status": "Enabled"})
    path = StorePath("s3://kept", bucket.key) / "out" / "_work" / "lock"
    with leased(path) as lease:
        lease.check()
        lease.check()
        assert path.stat().version
        before = stamp_of(path)
    assert not path.exists(), "it was known for one's own and given back"
    first = path.upload_if(b"1", None)
    assert first == path.stat() == path.read_version()[1]
    assert path.upload_if(b"2", first)
    assert path.upload_if(b"3", first) is None
    assert stamp_of(path) != before
    with path.open() as file:
        assert file.read() == b"2"
    remove_tree(path.parent)
    assert list(files_below(path.parent)) == []
