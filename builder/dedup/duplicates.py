"""Which rows lose, decided by tasks: no process holds the keys of more than a group of splits, or of one bucket.

    gather   a group of splits -> of every key the best row of the group; the others have lost already
    decide   a bucket, one range of keys over all groups -> which of those best rows lose
    mark     a group of splits -> all rows that it loses, counted and digested for every run; what became rejects

A *round* is one thing that is decided: duplicates first, then each unique field among the rows that are left. Where
there is one group there are no buckets: gathering has decided. Requests are splits + 3 (groups x buckets) a round.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa

from builder.constraints import shown
from builder.dedup.exact import KEYS, LOSERS, buckets_of, contest, keys_of
from builder.engines.work import Beat
from builder.receipts import StagedPartitions
from builder.storage.place import Place, read_many
from builder.write.marks import ORDINAL, RANK, SOURCE, URL
from builder.write.parquet import read_cut, read_table, write_cuts, write_parquet
from builder.write.staging import REJECTS

DIGEST_BYTES = 16
NONE_LOST, ALL_LOST = bytes(DIGEST_BYTES), b"\xff" * DIGEST_BYTES
"""Digests of a partition of a split that drops none of its rows, and of one that drops them all."""


class Round(NamedTuple):
    """One thing that is decided."""

    column: str
    """Of the staged files: rows that have the same value are held against each other."""
    drops: bool
    """The rows that lose are not published."""
    field: str | None = None
    """The unique field whose rejects they become; None for duplicates."""


@dataclass(frozen=True, slots=True)
class Deciding:
    """What all tasks know."""

    folder: Place
    """For what they leave each other."""
    staged: Place
    rounds: tuple[Round, ...]
    firsts: tuple[int, ...]
    """The first split of every group."""
    buckets: int
    """0 where there is one group."""


@dataclass(frozen=True, slots=True)
class GroupTask:
    """A group of splits, by number and name of the staged file. Memory: 150 bytes a row, and a split's columns."""

    deciding: Deciding
    group: int
    round: int
    """The round to gather for; all rounds are over where it is marked."""
    splits: tuple[int, ...]
    names: tuple[str, ...]
    partitions: tuple[StagedPartitions, ...]


@dataclass(frozen=True, slots=True)
class BucketTask:
    """One range of keys. Memory: 150 bytes a key."""

    deciding: Deciding
    round: int
    bucket: int


class Marked(NamedTuple):
    """What became of the rows of a group."""

    lost: tuple[Mapping[int, int], ...]
    """For every round: rows that lose, by split that has any."""
    digests: Mapping[int, bytes]
    """Split that drops rows -> DIGEST_BYTES for each of its partitions: which rows of the partition it drops."""
    rejects: int
    """Rows of the group's table of rejects; none, and there is no table."""


def gather(task: GroupTask, _beat: Beat) -> None:
    """Hold the rows of a group against each other and leave the best of every key, cut into buckets.

    Raises:
        OSError: the disk.

    """
    deciding = task.deciding
    column = deciding.rounds[task.round].column
    before = [lost_in(deciding, number, task.group) for number in range(task.round) if deciding.rounds[number].drops]

    def read(at: int) -> pl.DataFrame:
        table = read_table(deciding.staged / task.names[at], [column, RANK, ORDINAL])
        return keys_of(table, column, task.splits[at])

    keys = pl.concat([pl.DataFrame(schema=KEYS), *read_many(read, range(len(task.names)))])
    if before:
        keys = keys.join(pl.concat(before), on=["split", "row"], how="anti")
    best, lost = contest(keys)
    write_cuts(_lost(deciding, task.round, f"group-{task.group:05d}"), lost.to_arrow(), [len(lost)])
    if deciding.buckets:
        write_cuts(_keys(deciding, task.round, task.group), best.to_arrow(), buckets_of(best, deciding.buckets))


def decide(task: BucketTask, _beat: Beat) -> None:
    """Hold the best rows of all groups against each other, within one range of keys.

    Raises:
        OSError: the disk.

    """
    deciding = task.deciding

    def read(group: int) -> pl.DataFrame:
        return pl.DataFrame(pl.from_arrow(read_cut(_keys(deciding, task.round, group), task.bucket)))

    _, lost = contest(pl.concat(read_many(read, range(len(deciding.firsts)))))
    borders = np.searchsorted(lost["split"].to_numpy(), np.array(deciding.firsts[1:], "u4"), side="left")
    counts = [int(count) for count in np.diff([0, *borders.tolist(), len(lost)])]
    write_cuts(_lost(deciding, task.round, f"bucket-{task.bucket:05d}"), lost.to_arrow(), counts)


def mark(task: GroupTask, _beat: Beat) -> Marked:
    """Note the rows that a group loses where merge tasks read them, and the rejects that some of them become.

    Raises:
        OSError: the disk.

    """
    deciding = task.deciding
    found = [lost_in(deciding, number, task.group) for number in range(len(deciding.rounds))]
    pairs = list(zip(deciding.rounds, found, strict=True))
    dropped = pl.concat([pl.DataFrame(schema=LOSERS), *(rows for told, rows in pairs if told.drops)])
    dropped = dropped.sort("split", "row")
    write_cuts(deciding.folder / dropped_name(task.group), dropped.to_arrow(), [len(dropped)])
    rejected = [(told.field, rows) for told, rows in pairs if told.drops and told.field is not None and len(rows)]
    if rejected:
        staged = dict(zip(task.splits, task.names, strict=True))
        tables = [table for name, rows in rejected for table in _rejects(name, rows, deciding.staged, staged)]
        write_parquet(deciding.folder / clashes_name(task.group), [pa.concat_tables(tables)], REJECTS, level=1)
    places = dict(zip(task.splits, task.partitions, strict=True))
    return Marked(
        lost=tuple({split: len(rows) for split, rows in by_split(rows)} for rows in found),
        digests={split: _digests(rows, places[split]) for split, rows in by_split(dropped)},
        rejects=sum(len(rows) for _, rows in rejected),
    )


def lost_in(deciding: Deciding, number: int, group: int) -> pl.DataFrame:
    """The LOSERS of a group in one round."""
    pieces = [_lost(deciding, number, f"bucket-{bucket:05d}") for bucket in range(deciding.buckets)]
    own = read_cut(_lost(deciding, number, f"group-{group:05d}"), 0)
    tables = [own, *read_many(partial(read_cut, number=group), pieces)]
    return pl.DataFrame(pl.from_arrow(pa.concat_tables(tables))).sort("split", "row")


def by_split(lost: pl.DataFrame) -> Iterator[tuple[int, list[int]]]:
    """LOSERS split by split, rows ascending."""
    for (split,), rows in lost.partition_by("split", as_dict=True, maintain_order=True).items():
        yield int(split), rows["row"].to_list()


def dropped_name(group: int) -> str:
    """The file of a group's rows that are not published: LOSERS."""
    return f"dropped-{group:05d}.parquet"


def clashes_name(group: int) -> str:
    """The file of the rejects that unique fields cost a group."""
    return f"clashes-{group:05d}.parquet"


def _lost(deciding: Deciding, number: int, what: str) -> Place:
    return deciding.folder / f"lost-{number}-{what}.parquet"


def _keys(deciding: Deciding, number: int, group: int) -> Place:
    return deciding.folder / f"keys-{number}-{group:05d}.parquet"


def _digests(lost: Sequence[int], partitions: StagedPartitions) -> bytes:
    """For every partition of a split a digest of the rows that it loses, counted from its first."""
    rows = np.array(lost, "u4")
    digests = []
    for item in partitions:
        inside = rows[np.searchsorted(rows, item.first_row) : np.searchsorted(rows, item.first_row + item.rows)]
        if len(inside) in (0, item.rows):
            digests.append(ALL_LOST if len(inside) else NONE_LOST)
        else:
            text = (inside - item.first_row).astype("<u4").tobytes()
            digests.append(hashlib.sha256(text).digest()[:DIGEST_BYTES])
    return b"".join(digests)


def _rejects(name: str, lost: pl.DataFrame, folder: Place, staged: Mapping[int, str]) -> Iterator[pa.Table]:
    """The reject table's rows for what lost its place for the value of a field."""
    for split, rows in by_split(lost):
        table = read_table(folder / staged[split], [name, SOURCE, URL]).take(pa.array(rows))
        entries = [
            {
                **row[SOURCE],
                "url": row[URL],
                "stage": "merge",
                "code": "constraint",
                "message": f"{name}: another row has this value (unique): {shown(row[name])}",
            }
            for row in table.to_pylist()
        ]
        yield pa.Table.from_pylist(entries, schema=REJECTS)
