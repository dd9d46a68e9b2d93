"""What a driver takes at scale: `python tests/bench/bench_scale.py [--pages N] [--nodes N] [--latency SECONDS]`.

Linux only (/proc). This project's own code, without any page:

--pages 1_000_000_000   The driver of a build of N pages, on this machine alone. Real: the inputs (sparse files of 1 GiB
    that begin as WARCs do), finding and cutting them, keys, memory.json, receipts (written, and read back with
    `--latency` seconds a read), groups, buckets, partitions, merge keys, which rows to look at, borders, chunks,
    slices, notes of merged slices, books, thresholds, the manifest's text, commit of as many files as the dataset has
    (one byte each), drift against that manifest, what the next build finds. Generated: hashes of the inputs, and what
    tasks answer: receipts (10,000 rows a split in 12 months), lost rows (one in ten), picked rows, offsets, parts of
    rows and rejects.
--keys N    N keys in real staged files, a tenth of them twice; the real tasks decide on --workers processes, and the
    driver's memory is watched meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from builder.books import balance, check_thresholds, describe, refuse_damage, refuse_violations
from builder.compiled import Job, compile_job
from builder.config.load import load_config
from builder.config.models import LoadedConfig
from builder.contract.manifest import files_of, read_manifest
from builder.dedup.duplicates import DIGEST_BYTES, GroupTask, Marked
from builder.dedup.settle import CUTS, Settled, settle
from builder.drift import check_drift
from builder.engines.local import run_local
from builder.engines.work import Work
from builder.merge.parts import Target
from builder.merge.rejects import RejectsTask
from builder.merge.shuffle import ShuffleTask, SliceTask, SurveyTask
from builder.merge.slices import SIZES
from builder.merge.stage import MergedAll, Merging, merge
from builder.merge.task import MergeTask
from builder.plan.boundaries import gaps
from builder.plan.changes import changes, memory_of
from builder.plan.inputs import PlannedSplit, hash_tasks, make_plan, stamp, with_keys
from builder.receipts import FileRef, Merged, Part, Receipt, StagedPartition, StagedPartitions
from builder.retry import note_of
from builder.storage.place import Place, read_many
from builder.write.commit import commit
from builder.write.manifest import to_json
from builder.write.marks import ORDINAL, PARTITION, SPLIT
from builder.write.staging import BOOKKEEPING
from builder.write.work import WorkFolder

ROWS, ROW_BYTES, MONTHS = 10_000, 3_000, 12
"""Of a split: its rows, the bytes of each, and the partitions that they fall into."""
SPLITS_A_DUMP = 4
SITES = 50_000
SITES_A_SLICE = 5_000
CONFIG = {
    "name": "scale",
    "partition_by": [{"month": "published_date"}],
    "sort_by": ["published_at", "url"],
    "duplicates": {"by": ["url"], "keep": "latest"},
    "limits": {"split_bytes": "256MiB"},
    "thresholds": {
        "max_reject_rate": {"total": 0.5},
        "min_fill": {"title": 0.5},
        "max_drift": {"rows": 0.1, "fill": 0.1},
    },
    "output": "out",
}


# ------------------------------------------------------------------ measuring


@dataclass
class Meter:
    """Time and memory, stage by stage."""

    lines: list[tuple[str, float, float, float]] = field(default_factory=list)

    def run(self, what: str, call: Callable[[], Any]) -> Any:
        """Measure a call: seconds, CPU seconds, and the highest resident memory meanwhile, in MB."""
        Path("/proc/self/clear_refs").write_text("5")  # the high-water mark begins anew
        began, cpu = time.monotonic(), time.process_time()
        result = call()
        spent = time.monotonic() - began, time.process_time() - cpu
        self.lines.append((what, *spent, high_water()))
        print(f"{what:<52} {spent[0]:7.1f} s {spent[1]:7.1f} s CPU {high_water():7.0f} MB", flush=True)
        return result


def high_water() -> float:
    fields = Path("/proc/self/status").read_text().split("VmHWM:")
    return int(fields[1].split()[0]) / 1024


# ----------------------------------------------------------- what is generated


def write_inputs(folder: Path, splits: int) -> Path:
    """Sparse WARCs of 1 GiB, and the config that reads them."""
    (folder / "raw").mkdir()
    for number in range(-(-splits // SPLITS_A_DUMP)):
        with (folder / "raw" / f"crawl-{number:06}.warc").open("wb") as file:
            file.write(b"WARC/1.0\r\nWARC-Type: warcinfo\r\n")
            file.truncate(min(SPLITS_A_DUMP, splits - number * SPLITS_A_DUMP) * 256 * 2**20)
    path = folder / "job.yaml"
    path.write_text(json.dumps(CONFIG | {"inputs": ["raw/*.warc"]}), encoding="utf-8")
    return path


def receipt_of(entry: PlannedSplit, lost: int) -> Receipt:
    """What a split leaves behind: rows of every month, rejects, some of what real receipts hold."""
    share, rest = divmod(ROWS, MONTHS)
    partitions, first = [], 0
    for month in range(MONTHS):
        rows = share + (month < rest)
        partitions.append(StagedPartition((f"2022-{month + 1:02}",), first, rows, month, 1, rows * ROW_BYTES))
        first += rows
    digest = sha256(entry.key.encode()).hexdigest()
    return Receipt(
        key=entry.key,
        dump=entry.split.dump.name,
        read=ROWS + lost + 500,
        rows=ROWS,
        rejected={"missing_field": lost - lost // 2, "not_html": lost // 2},
        filtered={"http_status": 400, "published_date.min": 100},
        skipped={"request": 10_000, "metadata": 10_000, "warcinfo": 1},
        flags={"mojibake": 3, "truncated": 12, "unreadable:published_at": 40},
        first=entry.split.start,
        next=entry.split.end,
        staged=FileRef(f"{entry.key}.parquet", ROWS * ROW_BYTES // 3, digest, ROWS),
        rejects=FileRef(f"{entry.key}.rejects.parquet", 9000, digest, lost),
        partitions=StagedPartitions.of(partitions),
        violations={"title.required": lost - lost // 2},
    )


def write_receipts(planned: Sequence[PlannedSplit], work: WorkFolder) -> None:
    """As tasks write them on their nodes, but unsynced."""
    for entry in planned:
        text = receipt_of(entry, 200).to_json()
        seal = sha256(text.encode()).hexdigest()
        (on_disk(work.receipts) / f"{entry.key}.json").write_text(f"{text}\n{seal}\n", encoding="utf-8")


def on_disk(place: Place) -> Path:
    """A folder of the work of this build, which is on no store."""
    assert isinstance(place, Path)
    return place


def put(path: Path) -> None:
    """A file of one byte in the place of what a task would have written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")


def kept(rows: int) -> int:
    """Rows of a run that are no duplicates."""
    return rows - rows // 10


class Answers:
    """An engine that makes up what tasks would answer; it counts them, and the bytes that they take on their way."""

    def __init__(self, job: Job, work: WorkFolder) -> None:
        self.job, self.work = job, work
        self.tasks: dict[str, int] = {}
        self.sizes: dict[str, int] = {}
        self.kept: dict[tuple[str, ...], list[int]] = {}
        self.columns = {name: {"null_count": 10, "min": "a" * 40, "max": "z" * 40} for name in job.schema.names}

    def run(self, work: Work, tasks: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        if not tasks:
            return
        self.tasks[work.name] = self.tasks.get(work.name, 0) + len(tasks)
        largest = max(len(pickle.dumps(task)) for task in tasks[:: max(1, len(tasks) // 100)])
        self.sizes[work.name] = max(self.sizes.get(work.name, 0), largest)
        answers: dict[str, Callable[[Any], Any]] = {
            "gather": lambda _task: None, "decide": lambda _task: None, "mark": self.mark, "survey": self.survey,
            "merge": self.whole, "shuffle": self.shuffle, "slice": self.slice, "rejects": self.rejects,
        }  # fmt: skip
        if work.name == "slice":
            self.share(tasks)
        for index, task in enumerate(tasks):
            yield index, answers[work.name](task)

    def mark(self, task: GroupTask) -> Marked:
        lost = {
            split: sum(item.rows - kept(item.rows) for item in partitions)
            for split, partitions in zip(task.splits, task.partitions, strict=True)
        }
        noise = random.Random(task.group)
        digests = {
            split: noise.randbytes(DIGEST_BYTES * len(partitions))
            for split, partitions in zip(task.splits, task.partitions, strict=True)
        }
        return Marked((lost,), digests, 0)

    def survey(self, task: SurveyTask) -> pa.Table:
        count = len(task.offsets)
        noise = np.random.default_rng(int(task.source.runs["split"][0]))
        at = pa.array(noise.integers(1_640_995_200, 1_672_531_200, count) * 1_000_000, pa.timestamp("us", tz="UTC"))
        return pa.table(
            {
                PARTITION: task.source.partitions,
                "published_at": at,
                "url": [
                    f"https://www.site{noise.integers(SITES)}.example/{noise.integers(2**60)}" for _ in range(count)
                ],
                SPLIT: task.source.runs["split"],
                ORDINAL: noise.integers(0, ROWS, count),
            }
        )

    def shuffle(self, task: ShuffleTask) -> Any:
        size = int(task.source.runs["bytes"].sum()) // 3
        return np.linspace(0, size, task.slices + 1).astype("u8")

    def share(self, tasks: Sequence[SliceTask]) -> None:
        """How many rows each slice has: those of its partition, shared out."""
        counts: dict[tuple[str, ...], int] = {}
        for task in tasks:
            counts[task.target.values] = counts.get(task.target.values, 0) + 1
        for values, slices in counts.items():
            month = int(values[0][-2:]) - 1
            rows = kept(ROWS // MONTHS + (month < ROWS % MONTHS)) * self.splits
            self.kept[values] = [rows // slices + (number < rows % slices) for number in range(slices)]

    splits = 0

    def whole(self, task: MergeTask) -> Merged:
        return self.merged(task.target, 0, sum(kept(int(rows)) for rows in task.runs["rows"]))

    def slice(self, task: SliceTask) -> Merged:
        return self.merged(task.target, task.number, self.kept[task.target.values][task.number])

    def merged(self, target: Target, slice_number: int, rows: int) -> Merged:
        count = max(1, -(-rows * ROW_BYTES // target.part_bytes))
        month = target.values[0]
        parts = [self.part(month, slice_number, at, rows // count + (at < rows % count)) for at in range(count)]
        noise = random.Random(slice_number)
        sites = {f"site{noise.randrange(SITES)}.example": rows // SITES_A_SLICE for _ in range(SITES_A_SLICE)}
        return Merged(tuple(parts), sites)

    def part(self, month: str, slice_number: int, number: int, rows: int) -> Part:
        digest = sha256(f"{month} {slice_number} {number}".encode()).hexdigest()
        path = f"data/month={month}/part-{slice_number:05}{number:04}-{digest[:16]}.parquet"
        put(on_disk(self.work.parts) / path)
        columns = json.loads(json.dumps(self.columns))  # as unpickled: nothing is shared
        return Part(path, {"month": month}, rows, 1, digest, columns)

    def rejects(self, task: RejectsTask) -> FileRef:
        digest = sha256(str(task.number).encode()).hexdigest()
        name = f"_rejects/part-{task.number:05}-{digest[:16]}.parquet"
        put(on_disk(self.work.parts) / name)
        return FileRef(name, 1, digest, 200 * len(task.staged))


# ------------------------------------------------------------------ the driver


def drive(folder: Path, pages: int, nodes: int, latency: float) -> None:
    """All that a driver does for a build of so many pages, but for the tasks."""
    meter, splits = Meter(), -(-pages // ROWS)
    config = write_inputs(folder, splits)
    loaded = load_config(config)
    job, out = compile_job(loaded), folder / "out"
    work = WorkFolder(out / "_work")
    print(f"{pages:,} pages, {splits:,} splits, {latency * 1000:.0f} ms a read; start: {high_water():.0f} MB")
    plan = meter.run("plan: find inputs, cut splits", lambda: make_plan(loaded))
    planned = meter.run("plan: stamps, keys, memory.json", lambda: identified(plan, loaded, work))
    write_receipts(planned, work)
    found = meter.run("receipts read back", lambda: read_receipts(planned, work, latency))
    assert len(found) == len(planned) == splits
    assert not meter.run("boundaries of splits", lambda: gaps(planned, found))
    meter.run("damage refused", lambda: refuse_damage(plan, planned, found))
    engine = Answers(job, work)
    engine.splits = splits
    settled: Settled = meter.run("settle", lambda: settle(job, found, work, engine.run, CUTS))
    meter.run("violations refused", lambda: refuse_violations(job, settled, work.staged))
    merging = Merging(found, settled, work, out, engine.run, SIZES)
    merged: MergedAll = meter.run("merge", lambda: merge(job, merging))
    books = meter.run("books", lambda: balance(settled.receipts, merged.rows.parts, merged.rejects, settled.duplicates))
    meter.run("thresholds", lambda: check_thresholds(job, books, merged.rows.parts, limit=None))
    text = meter.run(
        "manifest written",
        lambda: to_json(
            describe(job, plan, planned, settled, merged.rows, merged.rejects, books, None),
        ),
    )
    paths = [*(part.path for part in merged.rows.parts), *(part.name for part in merged.rejects)]
    assert meter.run("commit", partial(commit, out, work.parts, paths, text))
    size = len(text)
    del text
    meter.run("drift, as the next build would", partial(check_drift, job, merged.rows, out, accepted=False))
    meter.run("published.json, old work removed", lambda: finish(job, planned, found, merged, work, out))
    meter.run("plan of the next build (no file is there)", lambda: changes(planned, loaded, work, None))
    manifest = meter.run("manifest read, streamed", lambda: read_manifest(out))
    assert sum(part.rows for part in files_of(manifest)) == books.rows
    report(meter, engine, work, size, len(paths), nodes)


def identified(plan: Any, loaded: LoadedConfig, work: WorkFolder) -> tuple[PlannedSplit, ...]:
    tasks = hash_tasks(plan)
    stamps = dict(zip(tasks, read_many(stamp, tasks), strict=True))
    hashes = {task: sha256(task.path.encode()).hexdigest() for task in tasks}
    work.remember_hashes({task.label: [stamps[task], hashes[task]] for task in tasks})
    planned = with_keys(plan, hashes, stamps, loaded, None)
    work.remember(memory_of(planned, loaded, None))
    return planned


def read_receipts(planned: Sequence[PlannedSplit], work: WorkFolder, latency: float) -> dict[int, Receipt]:
    read = work._receipt

    def slowly(key: str) -> Receipt | None:
        time.sleep(latency)
        return read(key)

    work._receipt = slowly  # type: ignore[method-assign]
    found = work.receipts_of([entry.key for entry in planned])
    work._receipt = read  # type: ignore[method-assign]
    return {entry.number: found[entry.key] for entry in planned}


def finish(
    job: Job, planned: Sequence[PlannedSplit], found: dict[int, Receipt], merged: MergedAll, work: WorkFolder, out: Path
) -> None:
    work.note_published((out / "_manifest.json").read_text(encoding="utf-8"), note_of(job, planned, found, None))
    work.forget_all_but({receipt.key for receipt in found.values()}, merged.keys)


def report(meter: Meter, engine: Answers, work: WorkFolder, size: int, files: int, nodes: int) -> None:
    peak = max(line[3] for line in meter.lines)
    spent = {what: seconds for what, seconds, _, _ in meter.lines}
    plan = sum(seconds for what, seconds in spent.items() if what.startswith("plan: "))
    commit_ = sum(spent[what] for what in ("books", "thresholds", "manifest written", "commit"))
    print(f"planning {plan:.0f} s, books to commit {commit_:.0f} s, peak {peak:,.0f} MB")
    print(f"manifest {size / 2**20:.0f} MB, {files:,} files")
    for name in ("hashes.json", "memory.json", "published.json"):
        print(f"{name} {(work.root / name).stat().st_size / 2**20:.1f} MB")
    for name, count in engine.tasks.items():
        largest = engine.sizes[name] / 1024
        print(f"{name}: {count:,} tasks, {count / nodes:.1f} a node, up to {largest:.0f} KiB pickled")


# -------------------------------------------------------------------- real keys


def write_keys(work: WorkFolder, keys: int) -> dict[int, Receipt]:
    """Staged files of the columns that are decided by, 10,000 rows each; one key in ten is of another split as well."""
    receipts = {}
    noise = np.random.default_rng(1)
    pool = np.frombuffer(noise.bytes(16 * ROWS), "V16")
    for number in range(-(-keys // ROWS)):
        mine = np.frombuffer(noise.bytes(16 * ROWS), "V16").copy()
        mine[: ROWS // 10] = pool[: ROWS // 10]
        pool = mine[noise.permutation(ROWS)]
        column = pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), ROWS, [None, pa.py_buffer(mine.tobytes())])
        table = pa.table(
            [column, noise.integers(0, 2**40, ROWS), np.ones(ROWS, "i4"), np.arange(ROWS)], schema=BOOKKEEPING
        )
        path = work.staged / f"{number}.parquet"
        pq.write_table(table, path, compression="none")
        place = StagedPartitions.of([StagedPartition(("all",), 0, ROWS, 0, 1, ROWS)])
        nothing: dict[str, int] = {}
        receipts[number] = Receipt(
            str(number), "d", ROWS, ROWS, nothing, nothing, nothing, nothing, None, None,
            FileRef(path.name, 1, "0" * 64, ROWS), FileRef("none", 0, "0" * 64, 0), place,
        )  # fmt: skip
    return receipts


def decide(folder: Path, keys: int, workers: int) -> None:
    """Duplicates among so many keys, really."""
    config = folder / "job.yaml"
    (folder / "raw").mkdir()
    (folder / "raw" / "a.jsonl").write_text("{}\n")
    config.write_text(json.dumps(CONFIG | {"inputs": ["raw/*.jsonl"]}), encoding="utf-8")
    job = compile_job(load_config(config))
    work = WorkFolder(folder / "_work")
    receipts = write_keys(work, keys)
    looks: list[tuple[float, float, float]] = []
    over = threading.Event()
    watcher = threading.Thread(target=watch, args=(looks, over))

    def run(kind: Work, tasks: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        print(f"  {kind.name}: {len(tasks)} tasks", flush=True)
        if tasks:
            yield from run_local(kind, tasks, workers, lambda _task, _done: None)

    before = resident(os.getpid())
    watcher.start()
    began = time.monotonic()
    settled = settle(job, receipts, work, run, CUTS)
    spent = time.monotonic() - began
    over.set()
    watcher.join()
    quarters = [max((mb for at, mb, _ in looks if i <= 4 * at / spent < i + 1), default=0) for i in range(4)]
    lost = sum(settled.duplicates.values())
    print(
        f"{keys:,} keys, {lost:,} duplicates, {spent:.0f} s: driver {before:.0f} MB before, by quarters "
        f"{', '.join(f'{mb:.0f}' for mb in quarters)} MB; largest task {max(look[2] for look in looks):.0f} MB"
    )
    assert lost == (len(receipts) - 1) * (ROWS // 10)


def watch(looks: list[tuple[float, float, float]], over: threading.Event) -> None:
    """Seconds, MB of this process, MB of the largest below it."""
    began = time.monotonic()
    while not over.wait(0.05):
        below = max(map(resident, descendants(os.getpid())), default=0)
        looks.append((time.monotonic() - began, resident(os.getpid()), below))


def resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except (OSError, IndexError):  # it ended meanwhile
        return 0


def descendants(pid: int) -> Iterator[int]:
    try:
        listed = [path.joinpath("children").read_text() for path in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return
    for child in (int(child) for text in listed for child in text.split()):
        yield child
        yield from descendants(child)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int)
    parser.add_argument("--nodes", type=int, default=1000)
    parser.add_argument("--latency", type=float, default=0.02)
    parser.add_argument("--keys", type=int)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder unless given")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(dir=given.folder))
    try:
        if given.keys:
            decide(folder, given.keys, given.workers)
        if given.pages or not given.keys:
            drive(folder, given.pages or 1_000_000_000, given.nodes, given.latency)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
