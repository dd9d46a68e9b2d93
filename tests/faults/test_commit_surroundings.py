"""C20-C27: what surrounds a build - clock, locale, umask, workers, readers, devices - does not show in it."""

from __future__ import annotations

import errno
import os
import random
import resource
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from cases import assert_complete
from small_builds import ROOT, always, manifest, page, run, tree, write_config, write_dump
from sweep import Case, Server
from sweep import build as build_in_child

from builder.engines import ENGINES
from builder.engines.work import OnBeat, Work
from builder.errors import FindingsError

NOT_APPLICABLE: dict[str, str] = {}
"""Cases that ask for something that is not there."""


def test_every_case_has_its_test_or_its_reason() -> None:
    assert_complete("C", 27, NOT_APPLICABLE)


# ------------------------------------------------------------ C20: the machine

ELSEWHERE = """
import os, sys, time; from pathlib import Path
sys.path.insert(0, sys.argv[3])
os.umask(0o077)
real = time.time
time.time = lambda: real() - 10**8
from small_builds import add_inline_engine, run
add_inline_engine()
run(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def test_C20_nothing_around_a_build_shows_in_it(tmp_path: Path, fresh: Case) -> None:
    """Another zone, locale, hash seed, home, folder, mask and a clock that is three years slow."""
    surroundings = {"TZ": "Asia/Tokyo", "LANG": "tr_TR.UTF-8", "LC_ALL": "C", "PYTHONHASHSEED": "77", "HOME": "/"}
    subprocess.run(
        [sys.executable, "-c", ELSEWHERE, fresh.config, tmp_path / "out", ROOT / "tests"],
        env={**os.environ, **surroundings, "PYTHONPATH": str(ROOT)},
        cwd="/",
        check=True,
        timeout=120,
    )
    assert tree(tmp_path / "out") == fresh.gold
    modes = {stat.S_IMODE((tmp_path / "out" / path).stat().st_mode) for path in fresh.gold}
    assert modes == {0o600}


# ------------------------------------------------------ C21: workers and order


def shuffled(seed: int) -> Any:
    """An engine that ends its tasks in an order of its own."""

    def run_shuffled(work: Work, tasks: Sequence[Any], _workers: int, _on_beat: OnBeat) -> Iterator[tuple[int, Any]]:
        order = list(range(len(tasks)))
        random.Random(seed).shuffle(order)
        for index in order:
            yield index, work.run(tasks[index], lambda _item, _amount: None)

    return run_shuffled


def test_C21_in_whatever_order_splits_end(tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut = "limits.split_bytes=1KiB"
    run(config, tmp_path / "once", cut)
    for seed in range(4):
        monkeypatch.setitem(ENGINES, "shuffled", always(shuffled(seed)))  # type: ignore[arg-type]
        run(config, tmp_path / str(seed), cut, engine="shuffled")
        assert tree(tmp_path / str(seed)) == tree(tmp_path / "once")


@pytest.mark.parametrize("workers", [1, 3, 8])
def test_C21_with_however_many_workers(fresh: Case, tmp_path: Path, workers: int) -> None:
    run(fresh.config, tmp_path / "out", engine="local", workers=workers)
    assert tree(tmp_path / "out") == fresh.gold


# ------------------------------------------------------------- C22: readers


def read_dataset(out: Path) -> tuple[str, int]:
    """Name and rows of the dataset as a reader of the manifest sees it; it reads again where files went meanwhile."""
    for _ in range(100):
        document = manifest(out)
        try:
            rows = sum(pq.read_table(out / part["path"], partitioning=None).num_rows for part in document["files"])
        except FileNotFoundError:
            continue
        return document["dataset"]["name"], rows
    raise AssertionError("never whole")


def test_C22_readers_see_one_of_the_datasets_at_every_moment(tmp_path: Path, config: Path) -> None:
    kinds = {"one": ("name=one",), "two": ("name=two", "select={published_date: {min: 2022-02-01}}")}
    wanted = {name: run(config, tmp_path / name, *overrides).books.rows for name, overrides in kinds.items()}
    assert len(set(wanted.values())) == 2
    run(config, tmp_path / "out", "name=one")
    seen: set[tuple[str, int]] = set()
    failures: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                seen.add(read_dataset(tmp_path / "out"))
        except BaseException as error:
            failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(8):
            run(config, tmp_path / "out", *kinds["two" if number % 2 == 0 else "one"])
    finally:
        done.set()
        reader.join()
    assert failures == []
    assert seen <= set(wanted.items())


# ------------------------------------------------- C23, P08: many partitions


def many_sections(folder: Path, count: int) -> Path:
    pages = [
        page(number, html=f'<html><title>T</title><b class="s">s{number}</b><p>words</p>') for number in range(count)
    ]
    write_dump(folder / "raw" / "a.jsonl", pages)
    sections: dict[str, Any] = {"part": {"type": "string", "rules": [{"css": ".s"}]}}
    return write_config(folder, fields=["page_url", sections], partition_by=["part"], sort_by=None, duplicates=None)


def build_with_few_descriptors(config: Path, count: int, timeout: float) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "builder.cli", config, "--workers", "1"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)),
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    assert done.returncode == 0, done.stderr
    assert len(manifest(config.parent / "out")["files"]) == count


def test_C23_more_partitions_than_descriptors(tmp_path: Path) -> None:
    build_with_few_descriptors(many_sections(tmp_path, 150), 150, 300)


@pytest.mark.slow
def test_C23_ten_thousand_partitions_and_64_descriptors(tmp_path: Path) -> None:
    build_with_few_descriptors(many_sections(tmp_path, 10_000), 10_000, 1800)


def test_C23_P08_too_many_partitions_are_refused_before_they_are_merged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = many_sections(tmp_path, 30)
    with monkeypatch.context() as patch:
        patch.setattr("builder.merge.stage.MERGE", None)
        with pytest.raises(FindingsError, match=r"makes 30 partitions, write\.max_partitions allows 29"):
            run(config, tmp_path / "out", "write.max_partitions=29")
    assert not (tmp_path / "out" / "_manifest.json").exists()
    outcome = run(config, tmp_path / "out", "write.max_partitions=30")
    assert (outcome.reused, len(outcome.parts)) == (1, 30)


# ------------------------------------------------- C04, C27: full and other disks


def test_C04_a_limit_of_file_size(tmp_path: Path) -> None:
    """Not the disk but the user's limit is reached: the same line, the same way on."""
    noise = random.Random(1)
    words = [" ".join(f"{noise.getrandbits(40):x}" for _ in range(4000)) for _ in range(4)]
    pages = [page(number, html=f"<title>T</title><p>{text}</p>") for number, text in enumerate(words)]
    write_dump(tmp_path / "raw" / "a.jsonl", pages)
    noisy: dict[str, Any] = {"noise": {"type": "text", "rules": [{"css": "p"}]}}
    config = write_config(tmp_path, fields=["page_url", noisy], partition_by=None, sort_by=None, duplicates=None)
    command = [sys.executable, "-m", "builder.cli", config, "--workers", "1"]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command,
        env=surroundings,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (74, "")
    assert done.stderr.startswith(f"{tmp_path}/out/_work/")
    assert Path(done.stderr.partition(": ")[0]).is_dir()  # a file that has no name yet is called by its folder
    assert "File too large; the disk or `ulimit -f` allows no file as large: raise that, then run" in done.stderr
    subprocess.run(command, env=surroundings, check=True, capture_output=True, timeout=120)
    run(config, tmp_path / "once")
    assert tree(tmp_path / "out") == tree(tmp_path / "once")


def test_C27_a_place_that_a_part_cannot_be_moved_to_is_named(tmp_path: Path, config: Path) -> None:
    target = tmp_path / "out" / run(config, tmp_path / "first").parts[0].path
    target.mkdir(parents=True)
    with pytest.raises(IsADirectoryError) as caught:
        run(config, tmp_path / "out")
    assert caught.value.filename == str(target)


def other_device(tmp_path: Path) -> Path | None:
    """A folder on another device than the tests' own, where there is one."""
    for place in (Path("/dev/shm"), Path.home(), Path("/var/tmp")):
        if place.is_dir() and os.access(place, os.W_OK) and place.stat().st_dev != tmp_path.stat().st_dev:
            return place / f"build-dataset-test-{os.getpid()}"
    return None


def test_C27_a_work_folder_on_another_device(tmp_path: Path, fresh: Case, server: Server) -> None:
    """Parts come over by a copy that is there whole or not at all; killed amid it, the next build ends the same."""
    place = other_device(tmp_path)
    if place is None:
        pytest.skip("no other device to write to")
    fresh.reset()
    place.mkdir()
    fresh.out.mkdir()
    (fresh.out / "_work").symlink_to(place)
    try:
        assert build_in_child(server, fresh, shim=[str(fresh.out / "data"), "kill", 7]).status == -9
        assert not (fresh.out / "_manifest.json").exists()
        done = build_in_child(server, fresh)
        assert (done.status, done.said) == (0, "")
        assert tree(fresh.out) == fresh.gold
        assert list(fresh.out.rglob(".tmp-*")) == []
    finally:
        subprocess.run(["rm", "-r", place], check=True)


@pytest.mark.parametrize("full", ["_work", "data"])
def test_C27_the_message_says_which_disk_is_full(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch, full: str
) -> None:
    """_work and data/ may lie on two devices; either may be full."""
    real = os.replace

    def replace(source: Any, target: Any, **options: Any) -> None:
        if Path(target).is_relative_to(tmp_path / "out" / full):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
        real(source, target, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replace)
        with pytest.raises(OSError, match="No space left") as error:
            run(config, tmp_path / "out")
    assert Path(error.value.filename).is_relative_to(tmp_path / "out" / full)
    run(config, tmp_path / "out")
    run(config, tmp_path / "once")
    assert tree(tmp_path / "out") == tree(tmp_path / "once")
