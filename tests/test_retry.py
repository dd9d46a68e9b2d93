"""Rejects read again: what comes back to the byte, and what another config makes of them."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from killed_builds import Killed
from narrow_builds import build_narrow, fields_with, wide
from small_builds import (
    SAMPLE,
    add_inline_engine,
    always,
    manifest,
    page,
    run,
    run_inline,
    tree,
    two_dumps,
    write_config,
    write_dump,
)

from builder.engines import ENGINES
from builder.engines.work import OnBeat, Work
from builder.errors import NothingToRetryError

add_inline_engine()
SAMPLE_CODES = ["bad_content_encoding", "bad_fetch_time", "bad_line", "damaged", "empty", "missing_field"]
SAMPLE_CODES += ["missing_html", "not_html"]


def run_losing(work: Work, tasks: Sequence[Any], workers: int, on_beat: OnBeat) -> Iterator[tuple[int, Any]]:
    """An engine that gives up items 1 and 3 of whatever names its items."""
    if work.blame is not None:
        for item, code in ((1, "timeout"), (3, "crash")):
            tasks = [work.blame(task, item, code, "it was the machine's fault") for task in tasks]
    yield from run_inline(work, tasks, workers, on_beat)


ENGINES["losing"] = always(run_losing)  # type: ignore[index]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Two dumps of several splits and a compressed one that is read by strides."""
    two_dumps(tmp_path)
    lines = [page(number, "c.example", day="2022-02-15") for number in range(40, 46)]
    path = write_dump(tmp_path / "raw" / "c.jsonl", lines)
    (tmp_path / "raw" / "c.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    path.unlink()
    return write_config(tmp_path, inputs=["raw/*.jsonl", "raw/c.gz"], limits={"split_bytes": "4KiB"})


def rejected(out: Path) -> list[str]:
    parts = [out / part["name"] for part in manifest(out)["rejects"]]
    return [code for part in parts for code in pq.read_table(part, partitioning=None).column("code").to_pylist()]


# ------------------------------------------------------- nothing has changed


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sample") / "out"
    run(SAMPLE, out)
    return out


@pytest.mark.parametrize("code", SAMPLE_CODES)
def test_what_fails_again_changes_no_byte(sample: Path, code: str) -> None:
    """Rejects of every kind of dump, read again where their locators say, by ranges or by reading through."""
    before = tree(sample)
    assert manifest(sample)["counts"]["rejected"][code] > 0
    outcome = run(SAMPLE, sample, retry=code)
    assert not outcome.changed
    assert tree(sample) == before
    assert outcome.reused < outcome.splits
    assert run(SAMPLE, sample).reused == outcome.splits


def test_a_reject_that_stands_at_no_byte_stays(tmp_path: Path) -> None:
    """What the index of a tar names in vain."""
    index = b"file,url\n1.html,https://a.example/1\ngone.html,https://a.example/2\nlost.html,https://a.example/3\n"
    (tmp_path / "raw").mkdir()
    with tarfile.open(tmp_path / "raw" / "a.tar", "w") as archive:
        for name, content in (("1.html", page(1)["html"].encode()), ("index.csv", index)):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    config = write_config(tmp_path, inputs=["raw/a.tar"])
    assert run(config, tmp_path / "out").books.rejected == {"missing_html": 2}
    before = tree(tmp_path / "out")
    assert not run(config, tmp_path / "out", retry="missing_html").changed
    assert tree(tmp_path / "out") == before


@pytest.mark.parametrize("codes", [("timeout", "crash"), ("crash", "timeout")], ids="-".join)
def test_what_the_machine_lost_comes_back_to_the_byte(tmp_path: Path, config: Path, codes: tuple[str, str]) -> None:
    lossy = run(config, tmp_path / "out", engine="losing")
    assert min(lossy.books.rejected["timeout"], lossy.books.rejected["crash"]) > 1
    assert not manifest(tmp_path / "out")["build"]["deterministic"]
    once = run(config, tmp_path / "once")
    first = run(config, tmp_path / "out", retry=codes[0])
    assert codes[0] not in first.books.rejected
    assert first.books.rejected[codes[1]] == lossy.books.rejected[codes[1]]
    assert run(config, tmp_path / "out", retry=codes[1]).books == once.books
    assert tree(tmp_path / "out") == tree(tmp_path / "once")
    left, right = (
        {path.name: path.read_bytes() for path in (tmp_path / out / "_work" / "receipts").iterdir()}
        for out in ("out", "once")
    )
    assert left == right
    again = run(config, tmp_path / "out")
    assert (again.changed, again.reused) == (False, again.splits)


def test_what_is_lost_again_is_booked_again(tmp_path: Path, config: Path) -> None:
    run(config, tmp_path / "out", engine="losing")
    before = tree(tmp_path / "out")
    assert not run(config, tmp_path / "out", retry="timeout", engine="losing").changed
    assert tree(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("engine", "override", "reused"),
    [
        pytest.param("inline", "limits.page_seconds=90", 4, id="more time, none given up"),
        pytest.param("inline", "limits.worker_memory=3GiB", 4, id="more memory, none given up"),
        pytest.param("inline", "limits.page_seconds=30", 0, id="less time"),
        pytest.param("inline", "limits.worker_memory=1GiB", 0, id="less memory"),
        pytest.param("losing", "limits.page_seconds=90", 1, id="more time"),
        pytest.param("losing", "limits.worker_memory=3GiB", 1, id="more memory"),
        pytest.param("losing", "name=other", 4, id="the same limits"),
    ],
)
def test_with_other_limits_only_what_they_may_change_is_read_again(
    tmp_path: Path, config: Path, engine: str, override: str, reused: int
) -> None:
    write_dump(tmp_path / "raw" / "one.jsonl", [page(60)])  # has no item 1 to be given up
    run(config, tmp_path / "out", engine=engine)
    outcome = run(config, tmp_path / "out", override)
    assert (outcome.reused, outcome.splits) == (reused, 4)
    once = run(config, tmp_path / "once", override, engine="losing" if override.startswith("name") else "inline")
    assert outcome.books == once.books
    assert tree(tmp_path / "out") == tree(tmp_path / "once")


def test_a_retry_with_more_time_is_one_with_another_config(tmp_path: Path, config: Path) -> None:
    """Other pages of the split were given up as well, and might now be read."""
    run(config, tmp_path / "out", engine="losing")
    more = "limits.page_seconds=90"
    outcome = run(config, tmp_path / "out", more, retry="timeout")
    assert set(outcome.books.rejected) >= {"crash"}
    assert not manifest(tmp_path / "out")["build"]["deterministic"]
    run(config, tmp_path / "out", more)
    run(config, tmp_path / "once", more)
    assert tree(tmp_path / "out") == tree(tmp_path / "once")


@pytest.fixture
def narrow(tmp_path: Path) -> Path:
    return build_narrow(tmp_path)


# ------------------------------------------------------- another config


def test_a_retry_with_another_config(tmp_path: Path, narrow: Path) -> None:
    """The rows are those of a full build where only those pages change; the next build knows that it was none."""
    run(narrow, tmp_path / "full", "limits.attributes=100")
    outcome = run(narrow, tmp_path / "out", "limits.attributes=100", retry="too_many_attributes")
    assert (outcome.changed, outcome.reused) == (True, 1)
    assert outcome.books.rejected == {"missing_html": 1}
    mixed, full = tree(tmp_path / "out"), tree(tmp_path / "full")
    assert {name for name in full if mixed.get(name) != full[name]} == {"_manifest.json"}
    assert (manifest(tmp_path / "out")["build"]["deterministic"], len(mixed)) == (False, len(full))
    later = run(narrow, tmp_path / "out", "limits.attributes=100")
    assert (later.changed, later.reused) == (True, 0)
    assert tree(tmp_path / "out") == full


def test_a_retry_of_a_retried_dataset(tmp_path: Path, narrow: Path) -> None:
    run(narrow, tmp_path / "full", "limits.attributes=100")
    run(narrow, tmp_path / "out", "limits.attributes=100", retry="missing_html")
    assert rejected(tmp_path / "out") == ["too_many_attributes", "missing_html", "too_many_attributes"]
    run(narrow, tmp_path / "out", "limits.attributes=100", retry="too_many_attributes")
    data = {name: digest for name, digest in tree(tmp_path / "full").items() if name != "_manifest.json"}
    assert data.items() <= tree(tmp_path / "out").items()
    run(narrow, tmp_path / "out")
    run(narrow, tmp_path / "first")
    assert tree(tmp_path / "out") == tree(tmp_path / "first")


def test_a_retry_that_is_killed_leaves_the_old_dataset_or_the_new(
    tmp_path: Path, narrow: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(tmp_path / "out", tmp_path / "new")
    run(narrow, tmp_path / "new", "limits.attributes=100", retry="too_many_attributes")
    old, new = tree(tmp_path / "out"), tree(tmp_path / "new")
    real = os.fsync
    for step in range(0, 80, 5):
        out, left = tmp_path / f"at-{step}", [step]
        shutil.copytree(tmp_path / "out", out)

        def fsync(descriptor: int, left: list[int] = left) -> None:
            if left[0] == 0:
                raise Killed
            left[0] -= 1
            real(descriptor)

        monkeypatch.setattr(os, "fsync", fsync)
        try:
            run(narrow, out, "limits.attributes=100", retry="too_many_attributes")
            break
        except Killed:
            named = {part["path"] for part in manifest(out)["files"]}
            found = tree(out)
            assert found["_manifest.json"] in (old["_manifest.json"], new["_manifest.json"])
            assert all(found[name] == (old | new)[name] for name in named)
        finally:
            monkeypatch.setattr(os, "fsync", real)
        run(narrow, out)
        assert tree(out) == old
    assert step > 15


@pytest.mark.parametrize("code", ["crash", "constraint"])
@pytest.mark.parametrize("override", ["name=small", "limits.attributes=100"])
def test_without_such_rejects_nothing_is_published(tmp_path: Path, code: str, override: str) -> None:
    """Old rows would bear the name of a config that gives others. A unique value is lost when rows are merged."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), wide(2), page(1, "b.example")])
    config = write_config(tmp_path, limits={"attributes": 10}, fields=fields_with(unique=True))
    assert run(config, tmp_path / "out").books.rejected == {"constraint": 1, "too_many_attributes": 1}
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file() and path.name != "hashes.json"]
    before = {path: path.stat().st_mtime_ns for path in files}
    with pytest.raises(NothingToRetryError, match=f"no page was rejected as {code} when it was read; nothing has"):
        run(config, tmp_path / "out", override, retry=code)
    assert {path: path.stat().st_mtime_ns for path in before} == before


@pytest.mark.parametrize(("column", "is_deterministic"), [("url", True), ("address", False)])
def test_a_dump_that_the_config_would_read_otherwise_is_told(
    tmp_path: Path, column: str, is_deterministic: bool
) -> None:
    """Though it has no such rejects: its rows are those of the old config."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), page(2, html=None)])
    write_dump(tmp_path / "raw" / "b.jsonl", [page(3, address="https://www.b.example/3")])
    config = write_config(tmp_path, inputs=["raw/a.jsonl", {"path": "raw/b.jsonl", "url": "url"}])
    run(config, tmp_path / "out")
    run(config, tmp_path / "out", f"inputs.1.url={column}", retry="missing_html")
    assert manifest(tmp_path / "out")["build"]["deterministic"] == is_deterministic
    run(config, tmp_path / "out", retry="missing_html")
    assert manifest(tmp_path / "out")["build"]["deterministic"]
