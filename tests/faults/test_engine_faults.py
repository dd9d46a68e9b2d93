"""E01-E12: workers that die, hang, eat memory or answer with what no pipe takes, amid a real build.

The same for tasks that are no pages stands in tests/engines/test_local.py, for Ray in tests/engines/test_ray.py.
"""

from __future__ import annotations

import functools
import multiprocessing
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cases import assert_complete
from engine_pages import build_split_with, build_split_with_errors
from small_builds import manifest, page, run, tree, write_config, write_dump

NOT_APPLICABLE = {
    "E10": "dask: there is no engine of that kind in the table of engines",
    "E12": "configs name rules, not code: there is no extractor of a user that could be random",
}
"""Cases that ask for something that is not there."""


def test_every_case_has_its_test_or_its_reason() -> None:
    assert_complete("E", 12, NOT_APPLICABLE)


@pytest.fixture
def flock(tmp_path: Path) -> Path:
    """Two dumps of six pages; page 3 is the one that something happens at."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(number) for number in range(6)])
    write_dump(tmp_path / "raw" / "b.jsonl", [page(number) for number in range(10, 16)])
    return write_config(tmp_path)


def disturbed(
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    deed: str,
    *overrides: str,
    note: Path | None = None,
    workers: int = 2,
) -> dict[str, Any]:
    """Build by processes, in which page 3 does something bad - once, where there is a note. The manifest."""
    monkeypatch.setattr("builder.stages.build_split", functools.partial(build_split_with, deed, str(note or "")))
    run(config, config.parent / "out", *overrides, engine="local", workers=workers)
    assert multiprocessing.active_children() == []
    counts: dict[str, Any] = manifest(config.parent / "out")
    return counts


def assert_balanced(document: dict[str, Any], rows: int, rejected: dict[str, int]) -> None:
    counts = document["counts"]
    assert (counts["read"], counts["rows"], counts["rejected"]) == (rows + sum(rejected.values()), rows, rejected)


@pytest.mark.parametrize("deed", ["kill", "segfault", "exit 0", "system exit", "memory error"])
def test_E01_a_worker_that_dies_once_costs_nothing(
    tmp_path: Path, flock: Path, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    assert_balanced(disturbed(flock, monkeypatch, deed, note=tmp_path / "note"), 12, {})
    assert (tmp_path / "note").exists()
    monkeypatch.undo()
    run(flock, tmp_path / "once")
    assert tree(tmp_path / "out") == tree(tmp_path / "once")


@pytest.mark.parametrize("deed", ["kill", "exit 0"])
def test_E02_a_page_that_always_ends_its_worker_is_a_reject(
    tmp_path: Path, flock: Path, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    document = disturbed(flock, monkeypatch, deed)
    assert_balanced(document, 11, {"crash": 1})
    assert document["build"]["deterministic"] is True, "the page does it everywhere"
    (reject,) = pq.read_table(tmp_path / "out/_rejects", partitioning=None).to_pylist()
    assert reject["url"] == "https://www.a.example/news/3"
    assert (reject["stage"], reject["input"], reject["offset"] > 0) == ("engine", "raw/a.jsonl", True)
    lines = (tmp_path / "raw" / "a.jsonl").read_bytes()
    assert b'"https://www.a.example/news/3"' in lines[reject["offset"] : reject["offset"] + reject["length"]]


@pytest.mark.parametrize("deed", ["sleep", "loop", "loop in C"])
def test_E03_a_page_that_hangs_is_a_reject_and_the_others_go_on(
    flock: Path, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    document = disturbed(flock, monkeypatch, deed, "limits.page_seconds=4")
    assert_balanced(document, 11, {"timeout": 1})
    assert document["build"]["deterministic"] is False, "another machine may be faster"


@pytest.mark.parametrize("deed", ["eat in Python", "eat in Arrow", "eat in lxml"])
def test_E04_a_page_that_takes_all_memory_is_a_reject(flock: Path, monkeypatch: pytest.MonkeyPatch, deed: str) -> None:
    """By the supervisor's limit: the process ends before the machine has none left. Retried once, then given up."""
    document = disturbed(flock, monkeypatch, deed, "limits.worker_memory=500MiB", workers=1)
    assert_balanced(document, 11, {"memory": 1})
    assert document["build"]["deterministic"] is False, "what a page takes is looked at now and then"


def test_E04_memory_that_the_system_refuses(flock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """RLIMIT_AS in the worker: what Python is refused is booked as memory."""
    document = disturbed(flock, monkeypatch, "refused by the system", workers=1)
    assert_balanced(document, 11, {"memory": 1})
    assert document["build"]["deterministic"] is False, "another machine may have more"


def write_large_group(path: Path) -> None:
    given = [page(number) for number in range(403)]
    for large in given[2:402]:
        large["html"] += " " * 2**20
    groups = [pa.Table.from_pylist(rows) for rows in (given[:2], given[2:402], given[402:])]
    with pq.ParquetWriter(path, groups[0].schema, compression="zstd") as writer:
        for group in groups:
            writer.write_table(group)


def test_E04_a_row_group_that_takes_all_memory_is_a_reject(tmp_path: Path) -> None:
    """Its rows lie in one data page, which is inflated as a whole before anything is known of a row."""
    (tmp_path / "raw").mkdir()
    # apart, for what a process has once held shows in the figures of those that it starts
    writer = multiprocessing.get_context("spawn").Process(
        target=write_large_group, args=(tmp_path / "raw" / "a.parquet",)
    )
    writer.start()
    writer.join()
    assert writer.exitcode == 0
    write_dump(tmp_path / "raw" / "b.jsonl", [page(number) for number in range(500, 503)])
    config = write_config(tmp_path, inputs=["raw/*"])
    little = "limits.worker_memory=400MiB"
    run(config, tmp_path / "out", little, engine="local", workers=1)
    (reject,) = pq.read_table(tmp_path / "out/_rejects", partitioning=None).to_pylist()
    before = reject["offset"] - 2  # what takes the memory is seen a moment later
    assert (reject["input"], before + reject["length"]) == ("raw/a.parquet", 400)
    assert_balanced(manifest(tmp_path / "out"), 6 + before, {"memory": 1})
    assert reject["message"].startswith("row group 1 cannot be read from this row on: the process took ")
    run(config, tmp_path / "out", little, engine="local", workers=1, retry="memory")
    assert_balanced(manifest(tmp_path / "out"), 6 + before, {"memory": 1})


@pytest.mark.parametrize("what", ["unpicklable", "huge", "surrogates", "cycle"])
def test_E11_an_error_with_odd_contents_is_reported(
    tmp_path: Path, flock: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """What a worker raises arrives in words, whatever is in it; nothing hangs, and the next run goes on."""
    began = time.monotonic()
    with monkeypatch.context() as patch:
        patch.setattr("builder.stages.build_split", functools.partial(build_split_with_errors, what))
        with pytest.raises(Exception, match="odd") as error:
            run(flock, tmp_path / "out", engine="local", workers=2)
    assert time.monotonic() - began < 60
    str(error.value).encode("utf-8", "backslashreplace")
    assert multiprocessing.active_children() == []
    run(flock, tmp_path / "out")
    run(flock, tmp_path / "once")
    assert tree(tmp_path / "out") == tree(tmp_path / "once")
