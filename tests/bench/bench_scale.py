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
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from scale_answers import ROWS, Answers, write_inputs, write_receipts
from scale_keys import decide

from builder.books import balance, check_thresholds, refuse_damage, refuse_violations
from builder.compiled import Job, compile_job
from builder.config.load import load_config
from builder.config.models import LoadedConfig
from builder.contract.manifest import files_of, read_manifest
from builder.dedup.settle import CUTS, Settled, settle
from builder.describe import describe
from builder.drift import check_drift
from builder.merge.slices import SIZES
from builder.merge.stage import MergedAll, Merging, merge
from builder.plan.boundaries import gaps
from builder.plan.changes import changes, memory_of
from builder.plan.inputs import PlannedSplit, hash_tasks, make_plan, stamp, with_keys
from builder.receipts import Receipt
from builder.retry import note_of
from builder.storage.place import read_many
from builder.write.commit import commit
from builder.write.manifest import to_json
from builder.write.work import WorkFolder


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
    cuts = replace(CUTS, here=0)  # few rows are decided on without an engine, and there are none in the staged files
    settled: Settled = meter.run("settle", lambda: settle(job, found, work, engine.run, cuts))
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
            decide(folder / "keys", given.keys, given.workers)
        if given.pages or not given.keys:
            drive(folder / "pages", given.pages or 1_000_000_000, given.nodes, given.latency)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
