"""The whole build on one page: plan, extract, merge, commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from builder.books import balance, check_thresholds, refuse_damage, refuse_emptiness, refuse_violations
from builder.compiled import compile_job
from builder.config.models import LoadedConfig
from builder.dedup.settle import settle
from builder.describe import describe
from builder.drift import check_drift
from builder.errors import naming
from builder.merge.stage import MergedAll
from builder.options import Options
from builder.plan.changes import Change, changes, memory_of, published_inputs
from builder.plan.inputs import HashTask, Stamps, hash_tasks, make_plan, with_keys
from builder.plan.output import refuse_output
from builder.receipts import Part
from builder.retry import note_of
from builder.run_record import Stopwatch, write_run
from builder.sidecars import files_beside, naming_files
from builder.stages import Session, extract, extract_again, identify, merge_all, opened, runner
from builder.storage.place import Place, exists
from builder.storage.ranges import StoreStat
from builder.write.commit import commit, seen_manifest
from builder.write.lock import locked
from builder.write.manifest import Books, Dataset, to_json
from builder.write.work import WorkFolder


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
        ConfigError, DumpError, FindingsError, NothingToRetryError, LockedError, StoppedError: see builder.errors.
        OSError: the disk. Whatever is raised, the dataset that was published before is untouched.

    """
    watch, job = Stopwatch(), compile_job(loaded)
    plan = make_plan(loaded, options.limit)
    refuse_output(plan, loaded, options.out, options.limit)
    with naming(options.out), locked(options.out) as held, opened(options, plan) as engine:
        seen = seen_manifest(options.out)
        work = WorkFolder(options.out / "_work", fresh=options.fresh, build=held.build)
        session = Session(loaded, options, work, engine.run, options.workers or engine.cpus)
        planned = identify(plan, session)
        if options.retry is None:
            work.remember(memory_of(planned, loaded, options.limit))
        watch.ended("plan")
        receipts, reused = (extract if options.retry is None else extract_again)(planned, session)
        watch.ended("extract")
        refuse_damage(plan, planned, receipts)
        settled = settle(job, receipts, work, runner(session), options.cuts)
        refuse_violations(job, settled, work.staged)
        merged = merge_all(job, receipts, settled, session)
        watch.ended("merge")
        parts, rejects = merged.rows.parts, merged.rejects
        books = balance(settled.receipts, parts, rejects, settled.duplicates)
        refuse_emptiness(books, settled, work.staged)
        check_thresholds(job, books, parts, limit=options.limit)
        check_drift(job, merged.rows, options.out, accepted=options.accept_drift)
        dataset = describe(job, plan, planned, settled, merged.rows, rejects, books, options.limit)
        note = note_of(job, planned, receipts, options.limit)
        changed = commit_dataset(dataset, job.config.exports, merged, options.out, work, seen, held.check, note)
        work.forget_all_but(
            {receipt.key for receipt in receipts.values()} | {entry.key for entry in planned}, merged.keys
        )
        watch.ended("commit")
        outcome = Outcome(options.out, books, parts, changed, reused, len(planned), watch.stages)
        write_run(options.out, watch, _how_it_ran(outcome, session))
        return outcome


def plan_build(loaded: LoadedConfig, options: Options) -> list[Change]:
    """What `build` would read, and why. Nothing of the output changes; hashes of inputs are noted for the build.

    Where nothing was built all is to be read: nothing is hashed then, and nothing is left behind.

    Raises:
        ConfigError, DumpError, LockedError: see builder.errors. OSError: the disk.
    """
    plan = make_plan(loaded, options.limit)
    refuse_output(plan, loaded, options.out, options.limit)
    named = published_inputs(options.out)
    if not exists(options.out / "_work"):
        tasks = hash_tasks(plan)
        unread: dict[HashTask, Stamps] = {task: [] for task in tasks}
        planned = with_keys(plan, dict.fromkeys(tasks, ""), unread, loaded, options.limit)
        with TemporaryDirectory() as folder:
            return changes(planned, loaded, WorkFolder(Path(folder)), options.limit, named)
    with naming(options.out), locked(options.out), opened(options, plan) as engine:
        work = WorkFolder(options.out / "_work")
        session = Session(loaded, options, work, engine.run, options.workers or engine.cpus)
        return changes(identify(plan, session), loaded, work, options.limit, named)


def commit_dataset(
    dataset: Dataset,
    exports: Sequence[str],
    merged: MergedAll,
    out: Place,
    work: WorkFolder,
    seen: StoreStat | None,
    check: Callable[[], None],
    note: Mapping[str, Any],
) -> bool:
    """Commit the parts, the files beside the manifest and the manifest; whether anything has changed.

    What the dataset rests on is noted in the work folder, with the files beside it.
    """
    beside = files_beside(dataset, exports, work.parts, out)
    named = naming_files(dataset, beside)
    paths = [*(part.path for part in merged.rows.parts), *(part.name for part in merged.rejects)]
    manifest = to_json(named)
    changed = commit(out, work.parts, paths, manifest, beside, seen, check, work.noted_exports)
    work.note_published(manifest, {**note, "exports": {entry.name: entry.sha256 for entry in named.exports}})
    return changed


def _how_it_ran(outcome: Outcome, session: Session) -> dict[str, Any]:
    return {
        "engine": session.options.engine,
        "workers": session.workers,
        "splits": outcome.splits,
        "splits_reused": outcome.reused,
        "changed": outcome.changed,
    }
