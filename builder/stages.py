"""The stages of a build as the driver sees them: what is done already, and the engine set to do the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any

from builder.compiled import Job, extract_digest, pack, page_budget
from builder.config.models import LoadedConfig
from builder.dedup.settle import Settled
from builder.engines import ENGINES
from builder.engines.work import Engine, Opened, Runner, Work
from builder.merge.stage import MergedAll, Merging, merge
from builder.options import Options
from builder.plan.boundaries import begin_at, gaps
from builder.plan.changes import label
from builder.plan.inputs import Plan, PlannedSplit, hash_input, hash_tasks, stamps_now, with_keys
from builder.plan.nodes import prepare
from builder.receipts import Receipt, still_holds
from builder.report.progress import progress
from builder.retry import begin_retry, retry_split
from builder.splits import SplitTask, apart, blame, build_split, only_whole, task_name
from builder.write.work import WorkFolder

_MERGED_BY_ONE = 16 * 2**20  # staged bytes
_PRELOAD = ("builder.retry", "builder.splits")


@dataclass(frozen=True, slots=True)
class Session:
    """What the stages of one build share, as long as its output is locked and its engine is open."""

    loaded: LoadedConfig
    options: Options
    work: WorkFolder
    engine: Engine
    workers: int
    """Tasks at once."""


def opened(options: Options, plan: Plan) -> AbstractContextManager[Opened]:
    """The engine of the options, for as long as a build takes.

    Raises:
        ConfigError: the engine cannot do this build.
        OSError: it cannot be reached.

    """
    return ENGINES[options.engine](options.address, partial(prepare, options.out, plan))


def identify(plan: Plan, session: Session) -> tuple[PlannedSplit, ...]:
    """Hash the inputs, but for those that have not changed since they were; give splits their keys."""
    tasks, work = hash_tasks(plan), session.work
    stamps = stamps_now(tasks)
    known = work.known_hashes()
    hashes = {task: known[task.label][1] for task in tasks if known.get(task.label, [None])[0] == stamps[task]}
    missing = [task for task in tasks if task not in hashes]
    for index, digest in runner(session)(Work("hash", hash_input, preload=_PRELOAD, light=True), missing):
        hashes[missing[index]] = digest
    work.remember_hashes({task.label: [stamps[task], hashes[task]] for task in tasks})
    return with_keys(plan, hashes, stamps, session.loaded, session.options.limit)


def extract(planned: Sequence[PlannedSplit], session: Session) -> tuple[dict[int, Receipt], int]:
    """A receipt for every split: those of earlier runs where their keys are right, new ones for the rest."""
    budget, digest, work = page_budget(session.loaded.job), extract_digest(session.loaded), session.work
    found = work.receipts_of([entry.key for entry in planned])
    usable = {key: receipt for key, receipt in found.items() if still_holds(receipt, budget)}
    known = only_whole(usable, work.staged, runner(session))
    receipts = {entry.number: known[entry.key] for entry in planned if entry.key in known}
    reused = len(receipts)
    run_splits([entry for entry in planned if entry.number not in receipts], receipts, session)
    current = list(planned)
    while wrong := gaps(current, receipts):
        redone = [begin_at(entry, offset, digest, session.options.limit) for entry, offset in wrong]
        missing = []
        for entry in redone:
            current[entry.number] = entry
            earlier = work.receipt(entry.key)
            if earlier is None or not still_holds(earlier, budget):
                missing.append(entry)
            else:
                receipts[entry.number] = earlier
        run_splits(missing, receipts, session)
    return receipts, reused


def run_splits(
    entries: Sequence[PlannedSplit],
    receipts: dict[int, Receipt],
    session: Session,
) -> None:
    """Extract some splits and add their receipts."""
    limits, work = session.loaded.job.limits, session.work
    kind = Work(
        "extract", build_split, blame, limits.page_seconds, limits.worker_memory, _PRELOAD, apart=apart, named=task_name
    )
    config, limit = pack(session.loaded), session.options.limit
    tasks = [SplitTask(entry.split, entry.key, entry.stamps, config, work.root, limit) for entry in entries]
    with progress(sum(entry.split.size for entry in entries), "extract", "B", quiet=session.options.quiet) as bar:
        for index, receipt in session.engine(kind, tasks, session.workers, bar.beat):
            receipts[entries[index].number] = receipt
            rejected = sum(receipt.rejected.values())
            bar.finish(index, entries[index].split.size, receipt.read, receipt.rows, rejected)


def extract_again(planned: Sequence[PlannedSplit], session: Session) -> tuple[dict[int, Receipt], int]:
    """The receipts of the published dataset, with the rejects of one code read again.

    Raises:
        ConfigError, NothingToRetryError: see begin_retry.

    """
    receipts, tasks = begin_retry(
        planned, session.loaded, session.work, session.options.out, session.options.retry or ""
    )
    limits = session.loaded.job.limits
    kind = Work("retry", retry_split, blame, limits.page_seconds, limits.worker_memory, _PRELOAD, named=task_name)
    with progress(sum(task.split.size for task in tasks), "retry", "B", quiet=session.options.quiet) as bar:
        for index, receipt in session.engine(kind, tasks, session.workers, bar.beat):
            receipts[tasks[index].number] = receipt
            bar.finish(index, tasks[index].split.size)
    retried = [label(entry) for entry in planned if receipts[entry.number].retried]
    session.work.remember({**session.work.memory(), "retried": retried})
    return receipts, len(planned) - len(tasks)


def merge_all(job: Job, receipts: Mapping[int, Receipt], settled: Settled, session: Session) -> MergedAll:
    """Sort and cut every partition; the reject table beside."""
    # Merging a few megabytes takes less time than starting a process.
    most = 1 + sum(receipt.staged.bytes for receipt in receipts.values()) // _MERGED_BY_ONE
    run, options = runner(session, min(session.workers, most)), session.options
    return merge(job, Merging(receipts, settled, session.work, options.out, run, options.sizes))


def runner(session: Session, workers: int | None = None) -> Runner:
    """The engine, with a bar for each kind of task; `workers`: no more tasks at once than that."""

    def run(work: Work, tasks: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        if not tasks:
            return
        with progress(len(tasks), work.name, "task", quiet=session.options.quiet) as bar:
            for index, result in session.engine(work, tasks, workers or session.workers, lambda _task, _done: None):
                bar.finish(index, 1)
                yield index, result

    return run
