"""C05, C15, C17-C19: disks, inputs, configs and versions that fail or change amid a build, or between two runs."""

from __future__ import annotations

import gzip
import lzma
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from killed_builds import Killed, kill_in
from small_builds import page, run, tree, warc_record, write_config, write_dump
from sweep import Case, Server
from sweep import build as build_in_child

from builder.engines.work import NO_ITEM
from builder.errors import DumpError
from builder.plan import inputs
from builder.splits import build_split


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


def test_C17_an_input_that_is_gone_when_it_was_read(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(task: Any, beat: Any) -> Any:
        def then_remove(item: int, done: int) -> None:
            beat(item, done)
            if item == NO_ITEM:
                Path(task.split.dump.path).unlink(missing_ok=True)

        return build_split(task, then_remove)

    monkeypatch.setattr("builder.stages.build_split", read)
    with pytest.raises(DumpError, match=r"[ab]\.jsonl: changed while it was read; run again when"):
        run(config, tmp_path / "out")
    assert not (tmp_path / "out" / "data").exists()


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
