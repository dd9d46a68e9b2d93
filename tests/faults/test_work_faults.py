"""C11-C13: what earlier builds left behind is damaged, gone, or beside something that is nobody's."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from killed_builds import Killed, balances, kill_in
from small_builds import flip, page, run, tree, write_dump

from builder.errors import FindingsError
from builder.write.files import read_sealed, write_sealed


def a_receipt(out: Path) -> Path:
    return min((out / "_work/receipts").iterdir())


def a_staged_file(out: Path) -> Path:
    """The staged rows that belong to `a_receipt`."""
    return out / "_work" / "staged" / f"{a_receipt(out).stem}.parquet"


def staged_rejects(out: Path) -> list[Path]:
    return sorted((out / "_work/staged").glob("*.rejects.parquet"))


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


def name_otherwise(out: Path) -> None:
    for path in (out / "_work/merged").iterdir():
        write_sealed(path, read_sealed(path).replace('"data/', '"data/../data/'))


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
    "C12 staged rejects gone": lambda out: [path.unlink() for path in staged_rejects(out)],
    "C12 staged rejects flipped": lambda out: [flip(path, 40) for path in staged_rejects(out)],
    "C11 hashes cut": lambda out: (out / "_work/hashes.json").write_bytes(b'{"a": ['),
    "C11 hashes of another version": lambda out: (out / "_work/hashes.json").write_bytes(b"[1]"),
    "C11 decisions left behind": lambda out: leave_behind(out, "settle/dropped-00000.parquet"),
    "C11 slices left behind": lambda out: leave_behind(out, "shuffle/chunk-00000.arrows"),
    "C11 all of the work": lambda out: shutil.rmtree(out / "_work"),
    "C11 merged notes cut": lambda out: [path.write_bytes(b"[{") for path in (out / "_work/merged").iterdir()],
    "C11 merged notes that name files by other ways": name_otherwise,
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
