"""partitions -> the tasks that shuffle them: where their slices begin, which splits make a chunk.

All is cut by what receipts say of rows and bytes, never by workers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from builder.dedup.settle import Dropped
from builder.merge.partitions import Partition
from builder.merge.shuffle import ShuffleTask, SliceTask, Source, SurveyTask, order_columns
from builder.merge.task import Runs
from builder.receipts import Receipt
from builder.write.marks import BYTES, ORDINAL, PARTITION
from builder.write.parquet import cut_rows, write_cuts
from builder.write.work import WorkFolder


@dataclass(frozen=True, slots=True)
class Sizes:
    """What one task may hold. Bytes are those of rows, uncompressed."""

    runs: int = 512
    """Of a partition; with more it is cut into slices."""
    rows: int = 2_000_000
    """Of a partition; with more it is cut into slices, and none of them has many more."""
    slice_bytes: int = 2**30
    chunk_bytes: int = 2**30
    picked: int = 64
    """Rows that are looked at to find the end of a slice: its size is right to an eighth."""
    surveyed: int = 256
    """Picked rows of one task."""


SIZES = Sizes()


class Shuffled(NamedTuple):
    """Partitions that are shuffled together."""

    partitions: Sequence[Partition]
    borders: pl.DataFrame
    """Sorted; see shuffle.ShuffleTask."""

    @property
    def counts(self) -> list[int]:
        """Slices of every partition."""
        cuts = np.bincount(self.borders[PARTITION].to_numpy(), minlength=len(self.partitions))
        return [int(count) + 1 for count in cuts]


def is_sliced(partition: Partition, sizes: Sizes) -> bool:
    """Whether a partition is more than one task should hold."""
    return len(partition.runs) > sizes.runs or int(partition.runs["rows"].sum()) > sizes.rows


def survey_tasks(
    partitions: Sequence[Partition], receipts: Mapping[int, Receipt], work: WorkFolder, sizes: Sizes
) -> list[SurveyTask]:
    """Which rows to look at: in every run one a step of so many bytes, from a start that its name gives."""
    picked = [_picked(number, partition, receipts, sizes) for number, partition in enumerate(partitions)]
    runs = np.concatenate([runs for runs, _, _ in picked])
    offsets = np.concatenate([offsets for _, offsets, _ in picked])
    numbers = np.concatenate([numbers for _, _, numbers in picked])
    order = np.lexsort([offsets, numbers, runs["split"]])
    tasks = []
    for start in range(0, len(order), sizes.surveyed):
        mine = order[start : start + sizes.surveyed]
        source = _source(runs[mine], numbers[mine], receipts, work, partitions[0].target.sort_by)
        tasks.append(SurveyTask(source, offsets[mine]))
    return tasks


def _picked(
    number: int, partition: Partition, receipts: Mapping[int, Receipt], sizes: Sizes
) -> tuple[Runs, npt.NDArray[np.uint64], npt.NDArray[np.uint32]]:
    """Runs (again for each row picked from it), the bytes before the row, and the number of the partition."""
    total, slices = int(partition.runs["bytes"].sum()), _slices(partition, sizes)
    step = max(1, total // (sizes.picked * slices))
    ats: list[int] = []
    offsets: list[int] = []
    if slices > 1:
        for at, (split, place, size) in enumerate(partition.runs[["split", "place", "bytes"]].tolist()):
            name = f"{receipts[split].staged.sha256}:{place}"
            start = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") % step
            found = range(start, size, step)
            ats += [at] * len(found)
            offsets += found
    return partition.runs[ats], np.array(offsets, "u8"), np.full(len(ats), number, "u4")


def _slices(partition: Partition, sizes: Sizes) -> int:
    total, rows = int(partition.runs["bytes"].sum()), int(partition.runs["rows"].sum())
    return max(1, -(-total // sizes.slice_bytes), -(-rows // sizes.rows))


def _source(
    runs: Runs,
    partitions: npt.NDArray[np.uint32],
    receipts: Mapping[int, Receipt],
    work: WorkFolder,
    sort_by: tuple[str, ...],
) -> Source:
    names = tuple(receipts[split].staged.name for split in runs["split"].tolist())
    return Source(work.staged, runs, names, partitions, sort_by)


def borders_of(partitions: Sequence[Partition], surveyed: Sequence[pl.DataFrame], sizes: Sizes) -> pl.DataFrame:
    """Of the rows that were looked at those with which slices begin, in order; none where nothing had to be."""
    if not surveyed:
        return pl.DataFrame(schema={PARTITION: pl.UInt32})
    names = order_columns(partitions[0].target.sort_by)
    rows = pl.concat(surveyed).unique().sort(names, nulls_last=True)
    wanted: list[int] = []
    start = 0
    for count, partition in zip(_lengths(rows, len(partitions)), partitions, strict=True):
        slices = min(_slices(partition, sizes), count + 1)
        wanted += sorted({start + cut * count // slices for cut in range(1, slices)})
        start += count
    return rows.select(names).select(pl.all().gather(pl.Series(wanted, dtype=pl.UInt32)))


def _lengths(rows: pl.DataFrame, partitions: int) -> list[int]:
    return [int(count) for count in np.bincount(rows[PARTITION].to_numpy(), minlength=partitions)]


def shuffle_tasks(
    shuffled: Shuffled, receipts: Mapping[int, Receipt], dropped: Dropped, work: WorkFolder, sizes: Sizes
) -> list[ShuffleTask]:
    """A task for every chunk: splits that follow each other, of so many bytes."""
    partitions = shuffled.partitions
    path = work.shuffle / "borders.parquet"
    write_cuts(path, shuffled.borders.to_arrow(), [len(shuffled.borders)])
    numbers = np.repeat(np.arange(len(partitions), dtype="u4"), [len(partition.runs) for partition in partitions])
    runs = np.concatenate([partition.runs for partition in partitions])
    order = np.lexsort([numbers, runs["split"]])
    runs, numbers = runs[order], numbers[order]
    target = partitions[0].target
    names = target.schema.names
    columns = (*names, *(name for name in target.sort_by if name not in names), BYTES, ORDINAL)
    tasks = []
    for number, (start, end) in enumerate(_chunks(runs, sizes)):
        source = _source(runs[start:end], numbers[start:end], receipts, work, target.sort_by)
        files = tuple(dropped.folder / name for name in dropped.files(runs["split"][start:end].tolist()))
        out = work.shuffle / f"chunk-{number:05d}.arrows"
        tasks.append(ShuffleTask(source, files, path, sum(shuffled.counts), columns, out))
    return tasks


def _chunks(runs: Runs, sizes: Sizes) -> Iterator[tuple[int, int]]:
    """Stretches of runs, cut between splits."""
    starts = np.flatnonzero(np.diff(runs["split"], prepend=np.uint32(2**32 - 1)))
    ends = [*starts[1:].tolist(), len(runs)]
    weights = np.add.reduceat(runs["bytes"], starts).tolist()
    for first, count in cut_rows(weights, sizes.chunk_bytes, most=None):
        yield int(starts[first]), int(ends[first + count - 1])


def slice_tasks(
    shuffled: Shuffled, work: WorkFolder, files: tuple[str, ...], offsets: npt.NDArray[np.uint64]
) -> Iterator[SliceTask]:
    """A task for every slice, partition by partition. `offsets` holds a row for each file, and a column a slice."""
    at = 0
    for partition, count in zip(shuffled.partitions, shuffled.counts, strict=True):
        for number in range(count):
            yield SliceTask(partition.target, number, work.shuffle, files, offsets[:, at : at + 2])
            at += 1


def slice_keys(shuffled: Shuffled, keys: Sequence[str]) -> list[list[str]]:
    """For every partition the keys of its slices, of all that their parts depend on; `keys` are its own."""
    found = []
    at = 0
    for key, count in zip(keys, shuffled.counts, strict=True):
        ends = ["", *map(repr, shuffled.borders[at : at + count - 1].drop(PARTITION).rows()), ""]
        at += count - 1
        texts = [repr((key, number, pair)) for number, pair in enumerate(pairwise(ends))]
        found.append([hashlib.sha256(text.encode()).hexdigest()[:32] for text in texts])
    return found
