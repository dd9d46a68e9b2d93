"""The merge stage as the driver sees it: what is done already, which way a partition goes, what came of them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import polars as pl

from builder.compiled import Job
from builder.dedup.settle import Settled
from builder.engines.work import Runner, Work, run_all
from builder.merge.partitions import Partition, merge_key, partitions_of
from builder.merge.rejects import RejectsTask, merge_rejects
from builder.merge.shuffle import merge_slice, shuffle, survey
from builder.merge.slices import (
    Shuffled,
    Sizes,
    borders_of,
    is_sliced,
    shuffle_tasks,
    slice_keys,
    slice_tasks,
    survey_tasks,
)
from builder.merge.task import MergeTask, merge_partition
from builder.plan.inputs import tool_name, tool_versions
from builder.receipts import FileRef, Merged, Part, Receipt
from builder.storage.place import READS, Place, read_many
from builder.write.work import WorkFolder

MERGE = Work("merge", merge_partition)
SURVEY, SHUFFLE, SLICE = Work("survey", survey), Work("shuffle", shuffle), Work("slice", merge_slice)
REJECTS = Work("rejects", merge_rejects)
REJECT_ROWS = 500_000  # rows of one part of the reject table
_REJECT_FILES = 4096  # of which one part is made: each is a read


class MergedAll(NamedTuple):
    """The dataset's files, finished but not published."""

    rows: Merged
    rejects: tuple[FileRef, ...]
    keys: frozenset[str]
    """Of the notes that another build may use again."""


@dataclass(frozen=True, slots=True)
class Merging:
    """What the steps of the stage share."""

    receipts: Mapping[int, Receipt]
    settled: Settled
    work: WorkFolder
    out: Place
    run: Runner
    sizes: Sizes


def merge(job: Job, merging: Merging) -> MergedAll:
    """Sort and cut every partition; the reject table beside. Unchanged partitions are kept.

    Raises:
        FindingsError: more partitions than a dataset should have, or a value that no folder can be named by.
        OSError: the disk.

    """
    work, digests = merging.work, merging.settled.dropped.digests
    partitions = partitions_of(job, merging.receipts, digests, work.root)
    keys = [merge_key(partition, merging.receipts, digests, tool_versions()) for partition in partitions]
    gathered, missing = _known(keys, merging)
    whole = [at for at in missing if not is_sliced(partitions[at], merging.sizes)]
    tasks = [_merge_task(partitions[at], merging) for at in whole]
    for index, merged in merging.run(MERGE, tasks):
        work.remember_merged(keys[whole[index]], merged)
        gathered.add(whole[index], merged)
    sliced = [at for at in missing if is_sliced(partitions[at], merging.sizes)]
    if sliced:
        for at, merged in zip(sliced, _merge_sliced(partitions, keys, sliced, merging), strict=True):
            work.remember_merged(keys[at], merged)
            gathered.add(at, merged)
    rejects = run_all(merging.run, REJECTS, list(_reject_tasks(job, merging)))
    return MergedAll(gathered.all(), tuple(rejects), frozenset(keys))


@dataclass(frozen=True, slots=True)
class _Gathered:
    """What tasks have merged. A class because rows by site are summed up at once: held by task they fill a driver."""

    parts: dict[int, tuple[Part, ...]] = field(default_factory=dict)
    """By the place of the task."""
    sites: Counter[str] = field(default_factory=Counter)

    def add(self, at: int, merged: Merged) -> None:
        self.parts[at] = merged.parts
        self.sites.update(merged.sites)

    def all(self) -> Merged:
        parts = tuple(part for at in sorted(self.parts) for part in self.parts[at])
        return Merged(parts, dict(sorted(self.sites.items())))


def _known(keys: Sequence[str], merging: Merging) -> tuple[_Gathered, list[int]]:
    """What was merged by an earlier build, or before this one was stopped; and what was not."""
    gathered = _Gathered()
    missing = []
    for first in range(0, len(keys), READS):  # not all at once: a note holds the sites of its task
        notes = read_many(lambda key: merging.work.merged(key, merging.out), keys[first : first + READS])
        for at, note in enumerate(notes, first):
            if note is None:
                missing.append(at)
            else:
                gathered.add(at, note)
    return gathered, missing


def _merge_task(partition: Partition, merging: Merging) -> MergeTask:
    splits = partition.runs["split"].tolist()
    dropped = merging.settled.dropped
    return MergeTask(
        target=partition.target,
        runs=partition.runs,
        staged=merging.work.staged,
        names=tuple(merging.receipts[split].staged.name for split in splits),
        dropped=tuple(dropped.folder / name for name in dropped.files(splits)),
    )


def _merge_sliced(
    partitions: Sequence[Partition], keys: Sequence[str], wanted: Sequence[int], merging: Merging
) -> Iterator[Merged]:
    """What becomes of partitions that are cut into slices. A slice that is done is kept: a build may be killed here."""
    work, run, sizes = merging.work, merging.run, merging.sizes
    mine = [partitions[at] for at in wanted]
    surveyed = run_all(run, SURVEY, survey_tasks(mine, merging.receipts, work, sizes))
    frames = [pl.DataFrame(pl.from_arrow(table)) for table in surveyed]
    shuffled = Shuffled(mine, borders_of(mine, frames, sizes))
    names = slice_keys(shuffled, [keys[at] for at in wanted])
    found = [_known(few, merging) for few in names]
    if any(missing for _, missing in found):
        tasks = shuffle_tasks(shuffled, merging.receipts, merging.settled.dropped, work, sizes)
        offsets = np.stack(run_all(run, SHUFFLE, tasks))
        slices = slice_tasks(shuffled, work, tuple(task.path.name for task in tasks), offsets)
        places = [(which, number) for which, few in enumerate(names) for number in range(len(few))]
        left = {(which, number) for which, (_, missing) in enumerate(found) for number in missing}
        todo = [(place, task) for place, task in zip(places, slices, strict=True) if place in left]
        for index, merged in run(SLICE, [task for _, task in todo]):
            which, number = todo[index][0]
            work.remember_merged(names[which][number], merged)
            found[which][0].add(number, merged)
    for gathered, _ in found:
        yield gathered.all()


def _reject_tasks(job: Job, merging: Merging) -> Iterator[RejectsTask]:
    """A task for every part of the reject table: staged tables in order, until they have rows enough."""
    for number, paths in enumerate(_reject_parts(merging)):
        yield RejectsTask(
            number, paths, merging.work.parts, job.config.write.compression_level, job.fingerprint, tool_name()
        )


def _reject_parts(merging: Merging) -> Iterator[tuple[Place, ...]]:
    held: list[Place] = []
    rows = 0
    for path, count in _reject_tables(merging):
        if rows >= REJECT_ROWS or len(held) == _REJECT_FILES:
            yield tuple(held)
            held, rows = [], 0
        held.append(path)
        rows += count
    if held:
        yield tuple(held)


def _reject_tables(merging: Merging) -> Iterator[tuple[Place, int]]:
    """Staged tables with their rows: those of the splits, then what was decided over all of them."""
    for _, receipt in sorted(merging.receipts.items()):
        if receipt.rejects.rows:
            yield merging.work.staged / receipt.rejects.name, receipt.rejects.rows
    for name, rows in merging.settled.clashes:
        yield merging.settled.dropped.folder / name, rows
