"""receipts -> which rows are published: duplicates, and values that must be unique, decided over all splits.

Duplicates go first. Of the rows that are left and have the same value in a unique field one may have it: the one that
`duplicates.keep` prefers, else the first in the order of inputs. What becomes of the others the field's `on_violation`
says: they are rejects, or kept and counted.

The driver holds counts alone; rows are read by tasks (builder.dedup.duplicates), or here where they are few.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from builder.compiled import Job
from builder.dedup.duplicates import (
    BucketTask,
    Deciding,
    GroupTask,
    Marked,
    Round,
    clashes_name,
    decide,
    dropped_name,
    gather,
    mark,
)
from builder.engines.work import Runner, Work, run_all, run_here
from builder.receipts import Receipt
from builder.storage.place import Place
from builder.write.marks import KEY, unique_mark
from builder.write.work import WorkFolder

GATHER, DECIDE, MARK = Work("gather", gather), Work("decide", decide), Work("mark", mark)


@dataclass(frozen=True, slots=True)
class Cuts:
    """How the work is cut. It shows in no output: any cuts decide the same."""

    splits: int = 256
    """Of a group, at most."""
    rows: int = 4_000_000
    """Of a group and of a bucket, about."""
    here: int = 200_000
    """Rows that are decided in the process of the driver: less than starting another costs."""


CUTS = Cuts()


@dataclass(frozen=True, slots=True)
class Dropped:
    """The rows that are not published: which, the files of `folder` say."""

    folder: Place
    firsts: tuple[int, ...] = ()
    """The first split of every group; none where nothing had to be decided."""
    digests: Mapping[int, bytes] = field(default_factory=dict)
    """Of splits that drop any; see duplicates.Marked."""

    def files(self, splits: Sequence[int]) -> tuple[str, ...]:
        """Names of the files that hold the rows dropped of some splits."""
        groups = {bisect_right(self.firsts, split) - 1 for split in splits} if self.firsts else set()
        return tuple(map(dropped_name, sorted(groups)))


@dataclass(frozen=True, slots=True)
class Settled:
    """What is decided."""

    receipts: Mapping[int, Receipt]
    """As they were extracted, but with the rows that a unique field costs counted as rejects."""
    duplicates: Mapping[int, int]
    """How many, by split that has any."""
    dropped: Dropped
    """Duplicates, and what became rejects."""
    clashes: tuple[tuple[str, int], ...]
    """Reject tables of what was decided here, with their rows: names in the folder of what is dropped."""


def settle(job: Job, receipts: Mapping[int, Receipt], work: WorkFolder, run: Runner, cuts: Cuts) -> Settled:
    """Decide, and note for the merge which rows to leave out.

    Raises:
        OSError: the disk.

    """
    rounds = rounds_of(job)
    if not rounds or not receipts:
        return Settled(receipts, {}, Dropped(work.settle), ())
    if sum(receipt.rows for receipt in receipts.values()) <= cuts.here:
        run = run_here
    groups = groups_of(receipts, cuts)
    deciding = plan_deciding(work, rounds, receipts, groups, cuts)
    for number in range(len(rounds)):
        run_all(run, GATHER, group_tasks(deciding, receipts, groups, number))
        run_all(run, DECIDE, [BucketTask(deciding, number, bucket) for bucket in range(deciding.buckets)])
    marked = run_all(run, MARK, group_tasks(deciding, receipts, groups, len(rounds)))
    return _settled(rounds, deciding, receipts, marked)


def rounds_of(job: Job) -> tuple[Round, ...]:
    """What is to be decided, in order."""
    actions = {field.name: field.on_violation for field in job.fields}
    unique = [Round(unique_mark(name), actions[name] != "keep", name) for name in job.unique]
    return (*([Round(KEY, drops=True)] if job.config.duplicates else []), *unique)


def groups_of(receipts: Mapping[int, Receipt], cuts: Cuts) -> list[range]:
    """Runs of splits, as places in their order, that one task can hold the keys of."""
    groups: list[range] = []
    start = held = 0
    for place, (_, receipt) in enumerate(sorted(receipts.items())):
        if place > start and (place - start == cuts.splits or held + receipt.rows > cuts.rows):
            groups.append(range(start, place))
            start, held = place, 0
        held += receipt.rows
    return [*groups, range(start, len(receipts))]


def plan_deciding(
    work: WorkFolder, rounds: tuple[Round, ...], receipts: Mapping[int, Receipt], groups: Sequence[range], cuts: Cuts
) -> Deciding:
    """What all tasks know."""
    numbers = sorted(receipts)
    rows = sum(receipt.rows for receipt in receipts.values())
    buckets = -(-rows // cuts.rows) if len(groups) > 1 else 0
    firsts = tuple(numbers[group.start] for group in groups)
    return Deciding(work.settle, work.staged, rounds, firsts, buckets)


def group_tasks(
    deciding: Deciding, receipts: Mapping[int, Receipt], groups: Sequence[range], number: int
) -> list[GroupTask]:
    """A task a group, for one round or, after the last, to be marked."""
    ordered = sorted(receipts.items())
    tasks = []
    for at, group in enumerate(groups):
        mine = ordered[group.start : group.stop]
        splits, names = tuple(split for split, _ in mine), tuple(receipt.staged.name for _, receipt in mine)
        # Only marking looks at the partitions, and they are most of a task.
        partitions = tuple(receipt.partitions for _, receipt in mine) if number == len(deciding.rounds) else ()
        tasks.append(GroupTask(deciding, at, number, splits, names, partitions))
    return tasks


def _settled(
    rounds: Sequence[Round], deciding: Deciding, receipts: Mapping[int, Receipt], marked: Sequence[Marked]
) -> Settled:
    counted = dict(receipts)
    duplicates: dict[int, int] = {}
    for found in marked:
        fields: dict[int, list[tuple[Round, int]]] = {}
        for told, lost in zip(rounds, found.lost, strict=True):
            if told.field is None:
                duplicates |= lost
                continue
            for split, count in lost.items():
                fields.setdefault(split, []).append((told, count))
        counted |= {split: _recount(receipts[split], costs) for split, costs in fields.items()}
    digests = {split: digest for found in marked for split, digest in found.digests.items()}
    clashes = tuple((clashes_name(group), found.rejects) for group, found in enumerate(marked) if found.rejects)
    return Settled(counted, duplicates, Dropped(deciding.folder, deciding.firsts, digests), clashes)


def _recount(receipt: Receipt, costs: Sequence[tuple[Round, int]]) -> Receipt:
    """The receipt with the rows that lost their place for a value moved to the rejects, and each rule counted."""
    lost = sum(count for told, count in costs if told.drops)
    return replace(
        receipt,
        rows=receipt.rows - lost,
        rejected=_add(receipt.rejected, {"constraint": lost}),
        violations=_add(receipt.violations, {f"{told.field}.unique": count for told, count in costs}),
        flags=_add(
            receipt.flags, {f"constraint:{told.field}.unique": count for told, count in costs if not told.drops}
        ),
    )


def _add(counts: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted((+(Counter(counts) + Counter(more))).items()))
