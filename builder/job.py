"""The whole build on one page: plan, extract, merge, commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from builder.beside import files_beside, naming_files
from builder.books import (
    balance,
    check_thresholds,
    describe,
    refuse_damage,
    refuse_emptiness,
    refuse_violations,
)
from builder.compiled import Job, allowed, compile_job, extract_digest
from builder.config.models import LoadedConfig
from builder.dedup.settle import CUTS, Cuts, Settled, settle
from builder.drift import check_drift
from builder.engines import ENGINES
from builder.engines.work import Engine, Runner, Work
from builder.errors import naming
from builder.merge.slices import SIZES, Sizes
from builder.merge.stage import MergedAll, Merging, merge
from builder.plan.changes import Change, changes, memory_of
from builder.plan.inputs import (
    HashTask,
    Plan,
    PlannedSplit,
    Stamps,
    hash_input,
    hash_tasks,
    make_plan,
    stamps_now,
    with_keys,
)
from builder.plan.joins import begin_at, gaps
from builder.plan.nodes import prepare
from builder.plan.output import refuse_output
from builder.receipts import Part, Receipt, still_holds
from builder.report.progress import progress
from builder.retry import begin_retry, blame_again, note_of, retry_split
from builder.run_record import Stopwatch, write_run
from builder.splits import SplitTask, apart, blame, build_split, only_whole
from builder.storage.place import Place, exists
from builder.storage.ranges import StoreStat
from builder.write.commit import commit, seen_manifest
from builder.write.lock import locked
from builder.write.manifest import Books, Dataset, to_json
from builder.write.work import WorkFolder

_MERGED_BY_ONE = 16 * 2**20  # staged bytes
_PRELOAD = ("builder.retry", "builder.splits")


@dataclass(frozen=True, slots=True)
class Options:
    """How a build runs; nothing of it shows in the output but `first`, `retry` and `sizes`."""

    out: Place
    workers: int | None = None
    """Tasks at once; None for as many as the engine has CPUs."""
    engine: str = "local"
    first: int | None = None
    """Take only this many pages of the first split of every input."""
    fresh: bool = False
    """Do all work anew."""
    quiet: bool = False
    retry: str | None = None
    """Do not read the splits but the rejects of this code in the published dataset; see builder.retry."""
    accept_drift: bool = False
    """Publish however far the build is from the one before it."""
    cuts: Cuts = CUTS
    """What one task of deciding over duplicates holds."""
    sizes: Sizes = SIZES
    """What one task of merging holds: parts end where slices end."""
    address: str | None = None
    """Of the cluster, where the engine has one."""
    run: Engine | None = None
    """The engine, as long as it is open."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build did, for the summary."""

    out: Place
    books: Books
    parts: tuple[Part, ...]
    changed: bool
    reused: int
    splits: int
    seconds: Mapping[str, float]
    """By stage."""


def build(loaded: LoadedConfig, options: Options) -> Outcome:
    """Build the dataset that a config describes.

    Raises:
        ConfigError, DumpError, FindingsError, LockedError, StoppedError: see builder.errors. OSError: the disk.
        Whatever is raised, the dataset that was published before is untouched.

    """
    watch, job = Stopwatch(), compile_job(loaded)
    plan = make_plan(loaded, options.first)
    refuse_output(plan, loaded, options.out)
    with naming(options.out), locked(options.out) as held, opened(options, plan) as options:
        seen = seen_manifest(options.out)
        work = WorkFolder(options.out / "_work", fresh=options.fresh, build=held.build)
        planned = identify(plan, loaded, options, work)
        if options.retry is None:
            work.remember(memory_of(planned, loaded, options.first))
        watch.ended("plan")
        receipts, reused = (extract if options.retry is None else extract_again)(planned, loaded, options, work)
        watch.ended("extract")
        refuse_damage(plan, planned, receipts)
        settled = settle(job, receipts, work, runner(options), options.cuts)
        refuse_violations(job, settled, work.staged)
        merged = merge_all(job, receipts, settled, options, work)
        watch.ended("merge")
        parts, rejects = merged.rows.parts, merged.rejects
        books = balance(settled.receipts, parts, rejects, settled.duplicates)
        refuse_emptiness(books, settled, work.staged)
        check_thresholds(job, books, parts, first=options.first)
        check_drift(job, merged.rows, options.out, accepted=options.accept_drift, first=options.first)
        dataset = describe(job, plan, planned, settled, merged.rows, rejects, books, options.first)
        manifest, changed = publish(dataset, job.config.exports, merged, options.out, work, seen, held.check)
        work.note_published(manifest, note_of(job, planned, receipts, options.first))
        work.keep({receipt.key for receipt in receipts.values()} | {entry.key for entry in planned}, merged.keys)
        watch.ended("commit")
        outcome = Outcome(options.out, books, parts, changed, reused, len(planned), watch.stages)
        write_run(options.out, watch, _how_it_ran(outcome, options))
        return outcome


def plan_build(loaded: LoadedConfig, options: Options) -> list[Change]:
    """What `build` would read, and why. Nothing of the output changes; hashes of inputs are noted for the build.

    Where nothing was built all is to be read: nothing is hashed then, and nothing is left behind.

    Raises:
        ConfigError, DumpError, LockedError: see builder.errors. OSError: the disk.
    """
    plan = make_plan(loaded, options.first)
    refuse_output(plan, loaded, options.out)
    if not exists(options.out / "_work"):
        tasks = hash_tasks(plan)
        unread: dict[HashTask, Stamps] = {task: [] for task in tasks}
        planned = with_keys(plan, dict.fromkeys(tasks, ""), unread, loaded, options.first)
        with TemporaryDirectory() as folder:
            return changes(planned, loaded, WorkFolder(Path(folder)), options.first)
    with naming(options.out), locked(options.out), opened(options, plan) as options:
        work = WorkFolder(options.out / "_work")
        return changes(identify(plan, loaded, options, work), loaded, work, options.first)


def identify(plan: Plan, loaded: LoadedConfig, options: Options, work: WorkFolder) -> tuple[PlannedSplit, ...]:
    """Hash the inputs, but for those that have not changed since they were; give splits their keys."""
    tasks = hash_tasks(plan)
    stamps = stamps_now(tasks)
    known = work.known_hashes()
    hashes = {task: known[task.label][1] for task in tasks if known.get(task.label, [None])[0] == stamps[task]}
    missing = [task for task in tasks if task not in hashes]
    for index, digest in runner(options)(Work("hash", hash_input, preload=_PRELOAD, light=True), missing):
        hashes[missing[index]] = digest
    work.remember_hashes({task.label: [stamps[task], hashes[task]] for task in tasks})
    return with_keys(plan, hashes, stamps, loaded, options.first)


def extract(
    planned: Sequence[PlannedSplit], loaded: LoadedConfig, options: Options, work: WorkFolder
) -> tuple[dict[int, Receipt], int]:
    """A receipt for every split: those of earlier runs where their keys are right, new ones for the rest."""
    given = allowed(loaded)
    found = work.receipts_of([entry.key for entry in planned])
    usable = {key: receipt for key, receipt in found.items() if still_holds(receipt, given)}
    known = only_whole(usable, work.staged, runner(options))
    receipts = {entry.number: known[entry.key] for entry in planned if entry.key in known}
    reused = len(receipts)
    run_splits([entry for entry in planned if entry.number not in receipts], receipts, loaded, options, work)
    current = list(planned)
    while wrong := gaps(current, receipts):
        redone = [begin_at(entry, offset, extract_digest(loaded), options.first) for entry, offset in wrong]
        missing = []
        for entry in redone:
            current[entry.number] = entry
            earlier = work.receipt(entry.key)
            if earlier is None or not still_holds(earlier, given):
                missing.append(entry)
            else:
                receipts[entry.number] = earlier
        run_splits(missing, receipts, loaded, options, work)
    return receipts, reused


def run_splits(
    entries: Sequence[PlannedSplit],
    receipts: dict[int, Receipt],
    loaded: LoadedConfig,
    options: Options,
    work: WorkFolder,
) -> None:
    """Extract some splits and add their receipts."""
    limits = loaded.job.limits
    kind = Work("extract", build_split, blame, limits.page_seconds, limits.worker_memory, _PRELOAD, apart=apart)
    tasks = [SplitTask(entry.split, entry.key, entry.stamps, loaded, work.root, options.first) for entry in entries]
    with progress(sum(entry.split.size for entry in entries), "extract", "B", quiet=options.quiet) as bar:
        for index, receipt in _engine(options)(kind, tasks, _workers(options), bar.beat):
            receipts[entries[index].number] = receipt
            rejected = sum(receipt.rejected.values())
            bar.finish(index, entries[index].split.size, receipt.read, receipt.rows, rejected)


def extract_again(
    planned: Sequence[PlannedSplit], loaded: LoadedConfig, options: Options, work: WorkFolder
) -> tuple[dict[int, Receipt], int]:
    """The receipts of the published dataset, with the rejects of one code read again."""
    receipts, tasks = begin_retry(planned, loaded, work, options.out, options.retry or "")
    limits = loaded.job.limits
    kind = Work("retry", retry_split, blame_again, limits.page_seconds, limits.worker_memory, _PRELOAD)
    with progress(sum(task.split.size for task in tasks), "retry", "B", quiet=options.quiet) as bar:
        for index, receipt in _engine(options)(kind, tasks, _workers(options), bar.beat):
            receipts[tasks[index].number] = receipt
            bar.finish(index, tasks[index].split.size)
    return receipts, len(planned) - len(tasks)


def merge_all(
    job: Job, receipts: Mapping[int, Receipt], settled: Settled, options: Options, work: WorkFolder
) -> MergedAll:
    """Sort and cut every partition; the reject table beside."""
    # Merging a few megabytes takes less time than starting a process.
    most = 1 + sum(receipt.staged.bytes for receipt in receipts.values()) // _MERGED_BY_ONE
    run = runner(replace(options, workers=min(_workers(options), most)))
    return merge(job, Merging(receipts, settled, work, options.out, run, options.sizes))


def publish(
    dataset: Dataset,
    exports: Sequence[str],
    merged: MergedAll,
    out: Place,
    work: WorkFolder,
    seen: StoreStat | None,
    check: Callable[[], None],
) -> tuple[str, bool]:
    """Commit the parts, the files beside the manifest and the manifest; its text, and whether anything has changed."""
    beside = files_beside(dataset, exports, work.parts, out)
    paths = [*(part.path for part in merged.rows.parts), *(part.name for part in merged.rejects)]
    manifest = to_json(naming_files(dataset, beside))
    return manifest, commit(out, work.parts, paths, manifest, beside, seen, check)


def _how_it_ran(outcome: Outcome, options: Options) -> dict[str, Any]:
    return {
        "engine": options.engine,
        "workers": options.workers,
        "splits": outcome.splits,
        "splits_reused": outcome.reused,
        "changed": outcome.changed,
    }


@contextmanager
def opened(options: Options, plan: Plan) -> Iterator[Options]:
    """The options with the engine at hand."""
    with ENGINES[options.engine](options.address, partial(prepare, options.out, plan)) as engine:
        yield replace(options, run=engine.run, workers=options.workers or engine.cpus)


def runner(options: Options) -> Runner:
    """The engine of the options, with a bar for each kind of task."""

    def run(work: Work, tasks: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        if not tasks:
            return
        with progress(len(tasks), work.name, "task", quiet=options.quiet) as bar:
            for index, result in _engine(options)(work, tasks, _workers(options), lambda _task, _done: None):
                bar.finish(index, 1)
                yield index, result

    return run


def _engine(options: Options) -> Engine:
    assert options.run is not None
    return options.run


def _workers(options: Options) -> int:
    assert options.workers is not None
    return options.workers
