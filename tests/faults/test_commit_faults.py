"""C07-C19 but C09 and C16: locks, damaged work, inputs and configs that change. What surrounds a build (C20-C27) is in
test_commit_surroundings, the sweeps (C01-C06, C09) in test_crash_sweep, signals (C16) in test_signals."""

from __future__ import annotations

import gzip
import json
import lzma
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_builds import ROOT, load, manifest, page, run, tree, write_config, write_dump
from sweep import Case, Server
from sweep import build as build_in_child

from builder.errors import DumpError, FindingsError, LockedError
from builder.job import make_plan
from builder.plan import inputs
from builder.splits import build_split
from builder.write.files import read_sealed, write_sealed
from builder.write.lock import locked


def balances(out: Path) -> bool:
    counts = manifest(out)["counts"]
    ended = counts["rows"] + counts["duplicates"] + sum(counts["rejected"].values()) + sum(counts["filtered"].values())
    return bool(counts["read"] == ended)


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(bytes(data))


class Killed(BaseException):
    """The end of a process, so far as this process can play it."""


def kill_in(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let a function of the build end the process when it is called."""

    def end(*_arguments: Any, **_options: Any) -> None:
        raise Killed

    monkeypatch.setattr(name, end)


# ------------------------------------------------- C07, C08, C10: the output


def test_C07_an_output_that_is_a_file(server: Server, fresh: Case) -> None:
    fresh.reset()
    fresh.out.write_text("mine")
    done = build_in_child(server, fresh)
    fresh.out.unlink()
    said = f"job.yaml: output: {fresh.out}: Not a directory; choose a folder of its own, here or with --out\n"
    assert (done.status, done.said) == (2, said)


@pytest.mark.skipif(sys.platform != "linux", reason="drops a capability, for root may write anywhere")
def test_C07_an_output_without_the_right_to_write(tmp_path: Path, config: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_OVERRIDE, config, "--out", tmp_path / "locked" / "out", "--workers", "1"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 74, done.stderr
    assert done.stderr == f"{tmp_path}/locked/out: Permission denied\n"


@pytest.mark.skipif(sys.platform != "linux", reason="drops a capability, for root may write anywhere")
@pytest.mark.parametrize("verb", [["plan"], ["build", "--dry-run"]], ids=" ".join)
def test_C07_a_plan_for_an_output_without_the_right_to_write(tmp_path: Path, config: Path, verb: list[str]) -> None:
    """Nothing is there, so nothing needs to be written to say what would be read."""
    (tmp_path / "locked").mkdir(mode=0o500)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_OVERRIDE, *verb, config, "--out", tmp_path / "locked" / "out"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 of 2 splits to read" in done.stdout
    assert list((tmp_path / "locked").iterdir()) == []


WITHOUT_OVERRIDE = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
head = (ctypes.c_uint32 * 2)(0x20080522, 0)
libc.capset(head, (ctypes.c_uint32 * 6)())
from builder.cli import main
main()
"""


def test_C07_an_output_that_is_a_link(tmp_path: Path, config: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to("elsewhere")
    run(config, tmp_path / "link")
    run(config, tmp_path / "plain")
    assert tree(tmp_path / "elsewhere") == tree(tmp_path / "plain")
    assert (tmp_path / "link").is_symlink()


def test_C08_a_second_build_is_refused_at_once(server: Server, fresh: Case) -> None:
    fresh.reset()
    with locked(fresh.out):
        began = time.monotonic()
        done = build_in_child(server, fresh)
        took = time.monotonic() - began
    assert (done.status, f"(process {os.getpid()})" in done.said) == (75, True), done.said
    assert took < 1 or os.getloadavg()[0] > 2
    assert build_in_child(server, fresh).status == 0
    assert tree(fresh.out) == fresh.gold


def test_C08_C14_two_builds_at_the_same_moment(tmp_path: Path, config: Path) -> None:
    """One builds, the other is refused or finds nothing to do; what lies there is what one alone would leave."""
    run(config, tmp_path / "alone")
    command = [sys.executable, "-m", "builder.cli", config, "--out", tmp_path / "out", "--workers", "1", "-q"]
    both = [subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}) for _ in range(2)]
    codes = sorted(process.wait(timeout=120) for process in both)
    assert codes in ([0, 75], [0, 0])
    assert tree(tmp_path / "out") == tree(tmp_path / "alone")


def test_C14_builds_of_other_configs_share_no_names(config: Path) -> None:
    loaded, other = load(config), load(config, "sort_by=[url]", "fields=[url, title, published_date]")
    keys = []
    for given in (loaded, loaded, other):
        found = make_plan(given)
        stamps = {task: inputs.stamp(task) for task in inputs.hash_tasks(found)}
        hashes = dict.fromkeys(stamps, "the same")
        keys.append({entry.key for entry in inputs.with_keys(found, hashes, stamps, given, None)})
    assert keys[0] == keys[1]
    assert not keys[0] & keys[2]


def test_C10_the_note_of_a_dead_holder_locks_nothing(tmp_path: Path, config: Path) -> None:
    """A pid that is gone, or that another process has taken up, stands in the note; the lock itself is the system's."""
    for pid in ("999999", "1", str(os.getpid()), "nonsense"):
        work = tmp_path / "out" / "_work"
        work.mkdir(parents=True, exist_ok=True)
        (work / "holder").write_text(pid)
        (work / "lock").touch()
        run(config, tmp_path / "out")
    assert balances(tmp_path / "out")
    with locked(tmp_path / "out"), pytest.raises(LockedError):
        run(config, tmp_path / "out")


# --------------------------------------------- C11-C13: what lies there is damaged


def a_receipt(out: Path) -> Path:
    return min((out / "_work/receipts").iterdir())


def a_staged_file(out: Path) -> Path:
    """The staged rows that belong to `a_receipt`."""
    return out / "_work" / "staged" / f"{a_receipt(out).stem}.parquet"


def swap_sha(path: Path) -> None:
    receipt = json.loads(read_sealed(path))
    receipt["staged"]["sha256"] = "0" * 64
    write_sealed(path, json.dumps(receipt))


def count_one_more(out: Path) -> None:
    for path in (out / "_work/receipts").iterdir():
        path.write_text(path.read_text().replace('"rows":8', '"rows":9'))


def swap_receipts(out: Path) -> None:
    first, second = sorted((out / "_work/receipts").iterdir())
    data = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(data)


def leave_behind(out: Path, name: str) -> None:
    path = out / "_work" / name
    path.parent.mkdir()
    path.write_bytes(b"half")


DAMAGES: dict[str, Callable[[Path], Any]] = {
    "C11 receipt cut": lambda out: a_receipt(out).write_bytes(a_receipt(out).read_bytes()[:100]),
    "C11 receipt empty": lambda out: a_receipt(out).write_bytes(b""),
    "C11 receipt is no text": lambda out: a_receipt(out).write_bytes(b"\xff\xfe"),
    "C11 receipt of another version": lambda out: a_receipt(out).write_bytes(b'{"key": "x"}'),
    "C11 receipt is a list": lambda out: a_receipt(out).write_bytes(b"[]"),
    "C11 receipt gone": lambda out: a_receipt(out).unlink(),
    "C11 receipts of each other": swap_receipts,
    "C11 receipt with another sha": lambda out: swap_sha(a_receipt(out)),
    "C11 receipt that counts otherwise": count_one_more,
    "C12 staged file gone": lambda out: a_staged_file(out).unlink(),
    "C12 staged file cut": lambda out: a_staged_file(out).write_bytes(a_staged_file(out).read_bytes()[:-10]),
    "C12 staged file flipped": lambda out: flip(a_staged_file(out), 40),
    "C11 hashes cut": lambda out: (out / "_work/hashes.json").write_bytes(b'{"a": ['),
    "C11 hashes of another version": lambda out: (out / "_work/hashes.json").write_bytes(b"[1]"),
    "C11 decisions left behind": lambda out: leave_behind(out, "settle/dropped-00000.parquet"),
    "C11 slices left behind": lambda out: leave_behind(out, "shuffle/chunk-00000.arrows"),
    "C11 all of the work": lambda out: shutil.rmtree(out / "_work"),
    "C11 merged notes cut": lambda out: [path.write_bytes(b"[{") for path in (out / "_work/merged").iterdir()],
    "C11 left behind": lambda out: (out / "_work" / "staged" / ".tmp-xyz.parquet").write_bytes(b"half"),
    "C13 a part cut": lambda out: min(out.rglob("data/*/*.parquet")).write_bytes(b"PAR1"),
    "C13 a part gone": lambda out: min(out.rglob("data/*/*.parquet")).unlink(),
    "C13 the rejects gone": lambda out: shutil.rmtree(out / "_rejects"),
    "C13 a part more": lambda out: (out / "data" / f"part-00009-{'0' * 16}.parquet").write_bytes(b"PAR1"),
    "M01 the manifest gone": lambda out: (out / "_manifest.json").unlink(),
    "M01 the manifest cut": lambda out: (out / "_manifest.json").write_bytes(b'{"format_version": 1, "files": ['),
    "M01 the manifest is no text": lambda out: (out / "_manifest.json").write_bytes(b"\xff\xfe\x00"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("grows", [False, True], ids=["as it was", "with one input more"])
def test_C11_C12_C13_what_is_damaged_is_made_again(
    tmp_path: Path, config: Path, damage: Callable[[Path], Any], grows: bool
) -> None:
    run(config, tmp_path / "out")
    if grows:
        write_dump(tmp_path / "raw" / "c.jsonl", [page(0, day="2022-01-15", hour=20), page(31, day="2022-02-15")])
    damage(tmp_path / "out")
    run(config, tmp_path / "out")
    run(config, tmp_path / "fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")
    assert balances(tmp_path / "out")


@pytest.mark.parametrize("damage", ["flip", "cut"])
def test_C12_a_finished_part_that_was_damaged_before_the_commit(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    """Killed between merge and commit; what lies there then is trusted by its content, not by its name."""
    with monkeypatch.context() as patch:
        kill_in(patch, "builder.job.commit")
        with pytest.raises(Killed):
            run(config, tmp_path / "out")
    part = min((tmp_path / "out/_work/parts").rglob("data/*/part-*.parquet"))
    if damage == "flip":
        flip(part, 60)
    else:
        part.write_bytes(part.read_bytes()[:-1])
    run(config, tmp_path / "out")
    run(config, tmp_path / "fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


@pytest.mark.parametrize("kind", ["file", "parquet", "link to a file", "link to a folder", "pipe"])
def test_C13_M02_a_stranger_in_the_data_is_named_and_stays(tmp_path: Path, config: Path, kind: str) -> None:
    """Also a link, behind which readers that glob would find rows of nobody knows where; it is never followed."""
    run(config, tmp_path / "out")
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "part.parquet").write_bytes(b"PAR1")
    stranger = tmp_path / "out" / "data" / "month=2022-01" / "notes.parquet"
    make: dict[str, Callable[[], Any]] = {
        "file": lambda: stranger.write_text("mine"),
        "parquet": lambda: stranger.write_bytes(b"PAR1"),
        "link to a file": lambda: stranger.symlink_to(tmp_path / "far" / "part.parquet"),
        "link to a folder": lambda: stranger.symlink_to(tmp_path / "far"),
        "pipe": lambda: os.mkfifo(stranger),
    }
    make[kind]()
    before = tree(tmp_path / "out") if kind != "pipe" else {}
    write_dump(tmp_path / "raw" / "c.jsonl", [page(30)])
    with pytest.raises(FindingsError, match=r"data/month=2022-01/notes\.parquet was not written by a build; move it"):
        run(config, tmp_path / "out")
    assert kind == "pipe" or tree(tmp_path / "out") == before
    assert (tmp_path / "far" / "part.parquet").read_bytes() == b"PAR1"
    stranger.unlink()
    assert run(config, tmp_path / "out").books.rows == 10


# ---------------------------------------------- C15, C17-C19: amid a build


@pytest.mark.parametrize("at", ["_remove_unnamed", "write_bytes"])
def test_C15_killed_after_the_manifest_was_put(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """The commit held, and nobody was told: the next run finds it done, and finishes what comes after."""
    run(config, tmp_path / "out")
    write_dump(tmp_path / "raw" / "b.jsonl", [page(30, day="2022-04-20")])
    with monkeypatch.context() as patch:
        kill_in(patch, f"builder.write.commit.{at}")
        with pytest.raises(Killed):
            run(config, tmp_path / "out")
    published = (tmp_path / "out/_manifest.json").read_bytes()
    assert not (tmp_path / "out/data/_SUCCESS").exists()
    run(config, tmp_path / "out")
    run(config, tmp_path / "once")
    assert (tmp_path / "out/_manifest.json").read_bytes() == published
    assert tree(tmp_path / "out") == tree(tmp_path / "once")


CHANGES: dict[str, Callable[[Path], Any]] = {
    "longer": lambda path: write_dump(path, [page(number) for number in range(40)]),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-1000]),
    "same size": lambda path: path.write_bytes(path.read_bytes().replace(b"heron", b"goose")),
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_C17_an_input_that_changes_during_the_build(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], Any]
) -> None:
    run(config, tmp_path / "out")
    before = tree(tmp_path / "out")
    dump = write_dump(tmp_path / "raw" / "c.jsonl", [page(number, day="2022-05-01") for number in range(40, 60)])
    original = dump.read_bytes()

    def meanwhile(task: Any, beat: Any) -> Any:
        if task.split.dump.name.endswith("c.jsonl"):
            change(dump)
        return build_split(task, beat)

    with monkeypatch.context() as patch:
        patch.setattr("builder.stages.build_split", meanwhile)
        with pytest.raises((DumpError, FileNotFoundError), match=r"c\.jsonl(: changed while it was read|'$)"):
            run(config, tmp_path / "out")
    assert tree(tmp_path / "out") == before
    dump.write_bytes(original)
    assert run(config, tmp_path / "out").reused == 2, "what was read of other bytes is not trusted"
    run(config, tmp_path / "fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_C18_another_config_between_kill_and_continuation(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        kill_in(patch, "builder.job.commit")
        with pytest.raises(Killed):
            run(config, tmp_path / "out", "fields=[url, title, published_date, published_at]")
    assert run(config, tmp_path / "out").reused == 0
    run(config, tmp_path / "fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")
    assert {path.stem for path in (tmp_path / "out/_work/receipts").iterdir()} == {
        path.stem for path in (tmp_path / "fresh/_work/receipts").iterdir()
    }


def test_C19_another_version_between_kill_and_continuation(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(inputs, "tool_versions", lambda: {"builder": "0.0.1", "code_sha256": "0" * 64})
        kill_in(patch, "builder.job.commit")
        with pytest.raises(Killed):
            run(config, tmp_path / "out")
    assert run(config, tmp_path / "out").reused == 0
    run(config, tmp_path / "fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.warc.gz", "a.warc", "a.jsonl.gz", "a.jsonl.xz", "folder"])
def test_C05_a_disk_that_fails_is_never_taken_for_a_damaged_dump(server: Server, tmp_path: Path, name: str) -> None:
    """EIO at every read and listing of an input: exit 74, or the whole of the data; never rejects in its place."""
    make_dump(tmp_path / "raw" / name)
    config = write_config(tmp_path, inputs=[f"raw/{name}"], partition_by=None)
    run(config, tmp_path / "gold")
    case = Case(name, tmp_path, config, None, tree(tmp_path / "gold"))
    note = tmp_path / "note"
    assert build_in_child(server, case, shim=[str(tmp_path / "raw"), "EIO", 0, str(note)]).status == 0
    calls = int(note.read_text())
    assert calls > 4
    for number in range(1, calls + 1, max(1, calls // 8)):
        case.reset()
        struck = build_in_child(server, case, shim=[str(tmp_path / "raw"), "EIO", number])
        assert struck.status == 74 or (struck.status == 0 and tree(case.out) == case.gold), (number, struck)
        assert struck.status == 0 or struck.said.startswith(f"{tmp_path}/raw"), struck
    assert build_in_child(server, case).status == 0
    assert tree(case.out) == case.gold


def make_dump(path: Path) -> None:
    """Eight pages in the format that the name says."""
    pages = [page(number) for number in range(8)]
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == "" or path.suffix in (".zip", ".tar"):
        folder = path if path.suffix == "" else path.parent.parent / "loose"
        folder.mkdir()
        for number, given in enumerate(pages):
            (folder / f"{number}.html").write_text(given["html"])
        if path.suffix:
            shutil.make_archive(str(path.with_suffix("")), path.suffix[1:], folder)
        return
    if ".jsonl" in path.suffixes:
        data = write_dump(path.parent / "plain", pages).read_bytes()
        (path.parent / "plain").unlink()
    else:
        data = b"".join(map(warc_record, pages))  # a .warc.gz of one member
    path.write_bytes({".gz": gzip.compress, ".xz": lzma.compress}.get(path.suffix, bytes)(data))


def warc_record(given: dict[str, Any]) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + given["html"].encode()
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {given['url']}\r\nWARC-Date: {given['fetched_at']}\r\n"
    head += (
        f"WARC-Record-ID: <{given['url']}>\r\nContent-Type: application/http\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"
