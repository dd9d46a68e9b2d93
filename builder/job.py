"""The whole build on one page: plan, extract, merge, commit."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.compiled import Job, compile_job, extract_digest
from builder.config import LoadedConfig
from builder.dedup.exact import find_losers
from builder.engines import ENGINES
from builder.engines.work import Engine, Work
from builder.errors import FindingsError
from builder.merge import MergeTask, merge_partition, merge_rejects
from builder.partitions import by_split, file_schema, merge_key, merge_tasks, schema_fingerprint
from builder.plan import (
    HashTask, Plan, PlannedSplit, begin_at, gaps, hash_input, hash_tasks, make_plan, stamp, tool_versions, with_keys,
)  # fmt: skip
from builder.receipts import FileRef, Part, Receipt
from builder.records import Dump
from builder.report.progress import progress
from builder.splits import SplitTask, blame, build_split
from builder.write.commit import commit
from builder.write.lock import locked
from builder.write.manifest import Books, Column, Dataset, InputEntry, PartitionColumn, to_json
from builder.write.work import WorkFolder


@dataclass(frozen=True, slots=True)
class Options:
    """How a build runs; nothing of it shows in the output but `first`."""

    out: Path
    workers: int
    engine: str = "local"
    first: int | None = None
    """Take only this many pages of every input."""
    fresh: bool = False
    """Do all work anew."""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build did, for the summary."""

    out: Path
    books: Books
    parts: tuple[Part, ...]
    changed: bool
    reused: int
    splits: int


def build(loaded: LoadedConfig, options: Options) -> Outcome:
    """Build the dataset that a config describes.

    Raises:
        ConfigError, DumpError, FindingsError, LockedError, StoppedError: see builder.errors. OSError: the disk.
        Whatever is raised, the dataset that was published before is untouched.
    """
    job = compile_job(loaded)
    with locked(options.out):
        work = WorkFolder(options.out / "_work", fresh=options.fresh)
        plan = make_plan(loaded, options.first)
        planned, hashes = identify(plan, loaded, options, work)
        receipts, reused = extract(planned, loaded, options, work)
        refuse_damage(plan, planned, receipts)
        parts, rejects, duplicates, merged = merge(job, receipts, options, work)
        books = balance(receipts, parts, rejects, duplicates)
        check_thresholds(job, books, parts)
        dataset = describe(loaded, job, plan, planned, hashes, receipts, parts, rejects, duplicates, books, options)
        paths = [*(part.path for part in parts), *(part.name for part in rejects)]
        changed = commit(options.out, work.parts, paths, to_json(dataset))
        work.keep({receipt.key for receipt in receipts.values()} | {entry.key for entry in planned}, merged)
        return Outcome(options.out, books, parts, changed, reused, len(planned))


def identify(
    plan: Plan, loaded: LoadedConfig, options: Options, work: WorkFolder
) -> tuple[tuple[PlannedSplit, ...], Mapping[HashTask, str]]:
    """Hash the inputs, but for those whose size and time of change say that the hash is known; give splits their keys."""
    tasks = hash_tasks(plan)
    stamps = {task: stamp(task) for task in tasks}
    known = work.known_hashes()
    hashes = {task: known[task.label][1] for task in tasks if known.get(task.label, [None])[0] == stamps[task]}
    missing = [task for task in tasks if task not in hashes]
    run = Work("hash", hash_input)
    with progress(len(missing), "hash", "file", quiet=options.quiet) as bar:
        for index, digest in _engine(options)(run, missing, options.workers, lambda _task, _done: None):
            hashes[missing[index]] = digest
            bar.finish(index, 1)
    work.remember_hashes({task.label: [stamps[task], hashes[task]] for task in tasks})
    return with_keys(plan, hashes, loaded, options.first), hashes


def extract(
    planned: Sequence[PlannedSplit], loaded: LoadedConfig, options: Options, work: WorkFolder
) -> tuple[dict[int, Receipt], int]:
    """A receipt for every split: those of earlier runs where their keys are right, new ones for the rest."""
    receipts = {entry.number: known for entry in planned if (known := work.receipt(entry.key)) is not None}
    reused = len(receipts)
    run_splits([entry for entry in planned if entry.number not in receipts], receipts, loaded, options, work)
    current = list(planned)
    while wrong := gaps(current, receipts):
        redone = [begin_at(entry, offset, extract_digest(loaded), options.first) for entry, offset in wrong]
        for entry in redone:
            current[entry.number] = entry
        run_splits(redone, receipts, loaded, options, work)
    return receipts, reused


def run_splits(
    entries: Sequence[PlannedSplit], receipts: dict[int, Receipt], loaded: LoadedConfig, options: Options, work: WorkFolder
) -> None:
    """Extract some splits and add their receipts."""
    limits = loaded.job.limits
    kind = Work("extract", build_split, blame, limits.page_seconds, limits.worker_memory)
    tasks = [SplitTask(entry.split, entry.key, loaded, work.root, options.first) for entry in entries]
    with progress(sum(entry.split.size for entry in entries), "extract", "B", quiet=options.quiet) as bar:
        for index, receipt in _engine(options)(kind, tasks, options.workers, bar.beat):
            receipts[entries[index].number] = receipt
            rejected = sum(receipt.rejected.values())
            bar.finish(index, entries[index].split.size, receipt.read, receipt.rows, rejected)


def merge(
    job: Job, receipts: Mapping[int, Receipt], options: Options, work: WorkFolder
) -> tuple[tuple[Part, ...], tuple[FileRef, ...], Mapping[int, Sequence[int]], set[str]]:
    """Decide duplicates, then sort and cut every partition; the reject table beside. Unchanged partitions are kept."""
    staged = [(number, work.staged / receipt.staged.name) for number, receipt in sorted(receipts.items())]
    losers = find_losers(staged if job.config.duplicates else [])
    work.write_losers(losers)
    lost = by_split(losers)
    tasks = merge_tasks(job, receipts, work.root, work.losers)
    keys = [merge_key(task, receipts, lost, tool_versions()) for task in tasks]
    done = {at: known for at, key in enumerate(keys) if (known := work.merged(key, options.out)) is not None}
    missing = [at for at in range(len(tasks)) if at not in done]
    kind = Work("merge", merge_partition)
    with progress(len(missing), "merge", "partition", quiet=options.quiet) as bar:
        todo: list[MergeTask] = [tasks[at] for at in missing]
        for index, parts in _engine(options)(kind, todo, options.workers, lambda _task, _done: None):
            done[missing[index]] = parts
            work.remember_merged(keys[missing[index]], parts)
            bar.finish(index, 1)
    rejected = [work.staged / receipt.rejects.name for _, receipt in sorted(receipts.items())]
    rejects = merge_rejects(rejected, work.parts, job.config.write.compression_level)
    return tuple(part for at in sorted(done) for part in done[at]), rejects, lost, set(keys)


def _engine(options: Options) -> Engine:
    return ENGINES[options.engine]


# ---------------------------------------------------------------- the books


def refuse_damage(plan: Plan, planned: Sequence[PlannedSplit], receipts: Mapping[int, Receipt]) -> None:
    """Hold inputs to their `on_bad_input: fail`.

    Raises:
        FindingsError: such an input is damaged or cut.
    """
    strict = {dump.name for dump, spec in zip(plan.dumps, plan.specs, strict=True) if spec.on_bad_input == "fail"}
    for entry in planned:
        broken = {code: count for code, count in receipts[entry.number].rejected.items() if code in ("damaged", "truncated")}
        if broken and entry.split.dump.name in strict:
            raise FindingsError(f"{entry.split.dump.name}: on_bad_input is fail, and {_counts(broken)} there")


def balance(
    receipts: Mapping[int, Receipt], parts: Sequence[Part], rejects: Sequence[FileRef], lost: Mapping[int, Sequence[int]]
) -> Books:
    """Where every page went: rows as the parts hold them, rejects as the table holds them.

    Raises:
        FindingsError: they are not as many as were read.
    """
    books = Books(
        read=sum(receipt.read for receipt in receipts.values()),
        rows=sum(part.rows for part in parts),
        rejected=_sum(receipt.rejected for receipt in receipts.values()),
        filtered=_sum(receipt.filtered for receipt in receipts.values()),
        duplicates=sum(map(len, lost.values())),
    )
    if books.read != books.accounted or sum(books.rejected.values()) != sum(part.rows for part in rejects):
        raise FindingsError(f"the books do not balance, nothing is published: {books}")
    return books


def check_thresholds(job: Job, books: Books, parts: Sequence[Part]) -> None:
    """Hold the build to the config's thresholds.

    Raises:
        FindingsError: one line for each that is passed.
    """
    wanted = job.config.thresholds
    rejected = sum(books.rejected.values())
    problems = []
    if wanted.max_reject_rate is not None and rejected > wanted.max_reject_rate * books.read:
        problems.append(
            f"thresholds.max_reject_rate: {rejected} of {books.read} pages rejected, "
            f"{rejected / books.read:.2%} (at most {wanted.max_reject_rate:.2%}): {_counts(books.rejected)}"
        )
    if wanted.min_rows is not None and books.rows < wanted.min_rows:
        problems.append(f"thresholds.min_rows: {books.rows} rows (at least {wanted.min_rows})")
    for name, rate in wanted.min_fill.items():
        filled = books.rows - sum(part.columns[name]["null_count"] for part in parts if name in part.columns)
        if books.rows and filled < rate * books.rows:
            problems.append(f"thresholds.min_fill.{name}: {filled / books.rows:.2%} of the rows (at least {rate:.2%})")
    if problems:
        raise FindingsError("\n".join(problems))


def _sum(counts: Any) -> dict[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(sorted(total.items()))


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


# ------------------------------------------------------------- the manifest


def describe(
    loaded: LoadedConfig, job: Job, plan: Plan, planned: Sequence[PlannedSplit], hashes: Mapping[HashTask, str],
    receipts: Mapping[int, Receipt], parts: Sequence[Part], rejects: Sequence[FileRef],
    lost: Mapping[int, Sequence[int]], books: Books, options: Options,
) -> Dataset:  # fmt: skip
    """All that the manifest says."""
    of_dump: dict[str, list[PlannedSplit]] = {dump.name: [] for dump in plan.dumps}
    for entry in planned:
        of_dump[entry.split.dump.name].append(entry)
    inputs = [_input(dump, of_dump[dump.name], hashes, receipts, lost) for dump in plan.dumps]
    config = [loaded.job.model_dump(mode="json", exclude={"output", "inputs"}), extract_digest(loaded)]
    units = {"year": "integer", "month": "string", "day": "date"}
    types = {field.name: field.type for field in job.fields}
    return Dataset(
        name=job.config.name,
        description=job.config.description,
        columns=[
            Column(field.name, field.type, str(field.arrow.type), field.arrow.nullable, field.description)
            for field in job.fields
        ],
        partition_by=[
            PartitionColumn(level.name, units.get(level.unit, types[level.field]), level.field, level.unit)
            for level in job.config.partition_by
        ],
        sort_by=job.config.sort_by,
        file_schema=file_schema(job),
        fingerprint=schema_fingerprint(job),
        parts=parts,
        rejects=rejects,
        inputs=inputs,
        books=books,
        flags=_sum(receipt.flags for receipt in receipts.values()),
        tool=tool_versions(),
        config_sha256=hashlib.sha256(json.dumps(config, sort_keys=True, ensure_ascii=False).encode()).hexdigest(),
        deterministic=not any("timeout" in receipt.blamed.values() for receipt in receipts.values()),
        limited_to=options.first,
    )


def _input(
    dump: Dump, entries: Sequence[PlannedSplit], hashes: Mapping[HashTask, str], receipts: Mapping[int, Receipt],
    lost: Mapping[int, Sequence[int]],
) -> InputEntry:  # fmt: skip
    mine = [receipts[entry.number] for entry in entries]
    digests = list(dict.fromkeys(entry.identity for entry in entries))
    return InputEntry(
        name=dump.name,
        format=dump.format,
        bytes=dump.size,
        sha256=digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest(),
        read=sum(receipt.read for receipt in mine),
        rows=sum(receipt.rows for receipt in mine) - sum(len(lost.get(entry.number, ())) for entry in entries),
        rejected=_sum(receipt.rejected for receipt in mine),
        filtered=_sum(receipt.filtered for receipt in mine),
        duplicates=sum(len(lost.get(entry.number, ())) for entry in entries),
        skipped=_sum(receipt.skipped for receipt in mine),
    )


