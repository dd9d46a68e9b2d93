"""The merge stage as the driver sees it: what is done already, which way a partition goes, what came of them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from builder.compiled import Job
from builder.engines.work import Runner, Work, run_all
from builder.merge import MergeTask, RejectsTask, merge_partition, merge_rejects
from builder.partitions import Partition, merge_key, partitions_of
from builder.parts import joined
from builder.plan import tool_name, tool_versions
from builder.receipts import FileRef, Merged, Receipt
from builder.settle import Settled
from builder.shuffle import merge_slice, shuffle, survey
from builder.slices import (
    Shuffled,
    Sizes,
    borders_of,
    is_sliced,
    shuffle_tasks,
    slice_keys,
    slice_tasks,
    survey_tasks,
)
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
    out: Path
    run: Runner
    sizes: Sizes


def merge(job: Job, merging: Merging) -> MergedAll:
    """Sort and cut every partition; the reject table beside. Unchanged partitions are kept.

    Raises:
        FindingsError: more partitions than a dataset should have, or a value that no folder can be named by.
        OSError: the disk.

    """
    work, digests = merging.work, merging.settled.dropped.digests
    partitions = partitions_of(job, merging.receipts, work.root)
    keys = [merge_key(partition, merging.receipts, digests, tool_versions()) for partition in partitions]
    done = {at: known for at, key in enumerate(keys) if (known := work.merged(key, merging.out)) is not None}
    missing = [at for at in range(len(partitions)) if at not in done]
    whole = [at for at in missing if not is_sliced(partitions[at], merging.sizes)]
    tasks = [_merge_task(partitions[at], merging) for at in whole]
    for index, merged in merging.run(MERGE, tasks):
        done[whole[index]] = merged
        work.remember_merged(keys[whole[index]], merged)
    sliced = [at for at in missing if is_sliced(partitions[at], merging.sizes)]
    if sliced:
        for at, merged in zip(sliced, _merge_sliced(partitions, keys, sliced, merging), strict=True):
            done[at] = merged
            work.remember_merged(keys[at], merged)
    rejects = run_all(merging.run, REJECTS, list(_reject_tasks(job, merging)))
    return MergedAll(joined(done[at] for at in sorted(done)), tuple(rejects), frozenset(keys))


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
    listed = [name for few in names for name in few]
    done = {at: known for at, name in enumerate(listed) if (known := work.merged(name, merging.out)) is not None}
    missing = [at for at in range(len(listed)) if at not in done]
    if missing:
        tasks = shuffle_tasks(shuffled, merging.receipts, merging.settled.dropped, work, sizes)
        offsets = np.stack(run_all(run, SHUFFLE, tasks))
        slices = list(slice_tasks(shuffled, work, tuple(task.path.name for task in tasks), offsets))
        for index, merged in run(SLICE, [slices[at] for at in missing]):
            done[missing[index]] = merged
            work.remember_merged(listed[missing[index]], merged)
    at = 0
    for few in names:
        yield joined(done.pop(number) for number in range(at, at + len(few)))
        at += len(few)


def _reject_tasks(job: Job, merging: Merging) -> Iterator[RejectsTask]:
    """A task for every part of the reject table: staged tables in order, until they have rows enough."""
    for number, paths in enumerate(_reject_parts(merging)):
        yield RejectsTask(
            number, paths, merging.work.parts, job.config.write.compression_level, job.fingerprint, tool_name()
        )


def _reject_parts(merging: Merging) -> Iterator[tuple[Path, ...]]:
    held: list[Path] = []
    rows = 0
    for path, count in _reject_tables(merging):
        if rows >= REJECT_ROWS or len(held) == _REJECT_FILES:
            yield tuple(held)
            held, rows = [], 0
        held.append(path)
        rows += count
    if held:
        yield tuple(held)


def _reject_tables(merging: Merging) -> Iterator[tuple[Path, int]]:
    """Staged tables with their rows: those of the splits, then what was decided over all of them."""
    for _, receipt in sorted(merging.receipts.items()):
        if receipt.rejects.rows:
            yield merging.work.staged / receipt.rejects.name, receipt.rejects.rows
    for name, rows in merging.settled.clashes:
        yield merging.settled.dropped.folder / name, rows
