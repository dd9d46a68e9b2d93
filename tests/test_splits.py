from __future__ import annotations

import os
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from killed_builds import Killed
from small_builds import load, page, two_dumps, write_config, write_dump

from builder import splits
from builder.compiled import PackedConfig, pack
from builder.config.models import LoadedConfig
from builder.plan.inputs import hash_input, hash_tasks, make_plan, stamp, with_keys
from builder.records import Format, RejectCode
from builder.splits import SplitTask, apart, blame, build_split

PAGES = 12


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadedConfig:
    """Of pages in several partitions, one without HTML, one that is filtered, a line that is none."""
    folder = tmp_path_factory.mktemp("split")
    config = two_dumps(folder)
    given = [page(number, day=f"2022-0{1 + number % 3}-15") for number in range(PAGES)]
    given[3]["html"] = None
    given[6]["http_status"] = 404
    write_dump(folder / "raw" / "a.jsonl", given)
    return load(config)


@pytest.fixture(scope="module")
def task(loaded: LoadedConfig) -> SplitTask:
    return first_task(loaded)


def first_task(loaded: LoadedConfig) -> SplitTask:
    plan = make_plan(loaded)
    tasks = hash_tasks(plan)
    hashes = {each: hash_input(each, lambda _item, _done: None) for each in tasks}
    entry = with_keys(plan, hashes, {each: stamp(each) for each in tasks}, loaded, None)[0]
    return SplitTask(entry.split, entry.key, entry.stamps, pack(loaded), loaded.path.parent)


def files(work: Path) -> dict[str, bytes]:
    return {path.relative_to(work).as_posix(): path.read_bytes() for path in work.rglob("*") if path.is_file()}


def run(task: SplitTask, work: Path, dies_at: int | None = None) -> dict[str, bytes]:
    """Build the split, or play a process that dies as it takes up an item; what is then in the work folder."""

    def beat(item: int, _amount: int) -> None:
        if item == dies_at:
            raise Killed

    try:
        build_split(replace(task, work=work), beat)
    except Killed:
        assert dies_at is not None
    return files(work)


@pytest.mark.parametrize("seconds", [0.0, 3600.0], ids=["saved after every item", "never saved"])
@pytest.mark.parametrize("item", [0, 1, 4, 7, PAGES])
def test_a_split_taken_over_is_the_same_to_the_byte(
    tmp_path: Path, task: SplitTask, monkeypatch: pytest.MonkeyPatch, seconds: float, item: int
) -> None:
    monkeypatch.setattr(splits, "SAVE_SECONDS", seconds)
    left = run(task, tmp_path / "disturbed", dies_at=item)
    assert [name.partition("-")[0] for name in left] == ([f"unfinished/{task.key}"] if item and not seconds else [])
    assert run(task, tmp_path / "disturbed") == run(task, tmp_path / "once")


def test_what_was_saved_is_not_extracted_again(
    tmp_path: Path, task: SplitTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(splits, "SAVE_SECONDS", 0.0)
    run(task, tmp_path, dies_at=8)
    taken: list[int] = []
    real = splits.Gathering.take
    monkeypatch.setattr(
        splits.Gathering, "take", lambda self, item, number: [taken.append(number), real(self, item, number)][1]
    )
    run(task, tmp_path)
    assert taken == [8, 9, 10, 11]


def test_what_another_process_saved_of_the_same_items_is_not_taken_up(
    tmp_path: Path, task: SplitTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is taken for dead may go on beside the one that took its split over."""
    monkeypatch.setattr(splits, "SAVE_SECONDS", 0.0)
    (name,) = run(task, tmp_path / "out", dies_at=5)
    log = tmp_path / "out" / name
    log.write_bytes(log.read_bytes() * 2)
    assert run(task, tmp_path / "out") == run(task, tmp_path / "once")


def test_what_was_saved_of_another_file_or_other_items_is_not_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The content may have been another for a while; items behind one that is left unread have other numbers."""
    monkeypatch.setattr(splits, "SAVE_SECONDS", 0.0)
    loaded = load(two_dumps(tmp_path))
    first = first_task(loaded)
    run(first, tmp_path / "out", dies_at=1)
    os.utime(tmp_path / "raw" / "a.jsonl", ns=(0, 0))
    touched = first_task(loaded)
    assert (touched.key, touched.stamps == first.stamps) == (first.key, False)
    others = [touched, replace(touched, split=replace(touched.split, unread=(2,))), apart(touched, "again")]
    logs = [sum(name.startswith("unfinished/") for name in run(each, tmp_path / "out", dies_at=1)) for each in others]
    assert logs == [2, 3, 4]


@pytest.mark.parametrize("seconds", [0.0, 3600.0], ids=["saved after every item", "never saved"])
def test_items_given_up_stay_given_up(
    tmp_path: Path, task: SplitTask, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    """By the process that goes on past them, and by one of a later run, which knows only what was saved."""
    monkeypatch.setattr(splits, "SAVE_SECONDS", seconds)
    first = blame(task, 2, "timeout", "took longer than 1 seconds")
    second = blame(first, 9, "crash", "the process ended with 3")
    once = run(second, tmp_path / "once")
    run(task, tmp_path / "out", dies_at=2)
    run(first, tmp_path / "out", dies_at=9)
    run(second, tmp_path / "out", dies_at=11)
    assert run(second if seconds else task, tmp_path / "out") == once
    assert b'"blamed":{"2":"timeout","9":"crash"}' in once[f"receipts/{task.key}.json"]


def test_what_is_no_page_is_not_given_up(tmp_path: Path) -> None:
    """Where a process ended as it read one, which its machine may have done to it."""
    record = "WARC/1.0\r\nWARC-Type: request\r\nContent-Length: 4\r\n\r\nGET \r\n\r\n"
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.warc").write_text(record * 3, newline="")
    task = first_task(load(write_config(tmp_path, inputs=["raw/a.warc"])))
    once = run(task, tmp_path / "once")
    assert b'"skipped":{"warc_request":3}' in once[f"receipts/{task.key}.json"]
    given_up = blame(task, 1, "crash", "the process ended with 9")
    assert given_up is not None
    assert run(given_up, tmp_path / "out") == once


@pytest.mark.parametrize(
    ("kind", "code", "unread"),
    [
        ("parquet", "memory", (1, 4)),
        ("parquet", "crash", (1, 4)),
        ("parquet", "timeout", None),
        ("jsonl", "memory", None),
    ],
)
def test_what_cannot_even_be_read_is_left_out_where_it_can_be(
    task: SplitTask, kind: Format, code: RejectCode, unread: tuple[int, ...] | None
) -> None:
    """What came behind it is numbered anew, so what was known of that is forgotten."""
    split = replace(task.split, dump=replace(task.split.dump, format=kind), unread=(1, 6))
    given_up = blame(replace(task, split=split, blamed={1: (code, "a"), 5: (code, "b")}), 4, code, "c")
    assert (given_up.split, given_up.blamed) == (split, {1: (code, "a"), 5: (code, "b"), 4: (code, "c")})
    left = blame(given_up, 4, code, "d")
    if unread is None:
        assert left is None
        return
    assert (left.split, left.blamed) == (replace(split, unread=unread), {1: (code, "a"), 4: (code, "d")})
    assert blame(left, 4, code, "e") is None


def test_what_was_given_up_under_other_limits_is_taken_up_again(
    tmp_path: Path, loaded: LoadedConfig, task: SplitTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(splits, "SAVE_SECONDS", 0.0)
    limits = loaded.job.limits.model_copy(update={"page_seconds": 90.0})
    job = loaded.job.model_copy(update={"limits": limits})
    other = replace(task, config=pack(replace(loaded, job=job)))
    run(blame(task, 2, "timeout", "took longer than 60 seconds"), tmp_path / "out", dies_at=9)
    left = run(other, tmp_path / "out")
    assert {name: left[name] for name in run(other, tmp_path / "once")} == run(other, tmp_path / "once")
    assert b'"blamed":{}' in left[f"receipts/{task.key}.json"]


def test_a_process_reads_a_config_once(tmp_path: Path, task: SplitTask) -> None:
    """A config of many sites takes seconds, and a build has many splits."""
    once = run(task, tmp_path / "once")
    known = replace(task, config=PackedConfig(task.config.digest, b"not to be read"))
    assert run(known, tmp_path / "again") == once
    with pytest.raises(zlib.error):
        run(replace(task, config=PackedConfig("new", b"not to be read")), tmp_path / "other")
