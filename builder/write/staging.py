"""The staged file of a split: its rows ordered by partition and sort columns, row groups cut at partition borders.

However many partitions a split touches, it writes one file. Besides the columns of the dataset it holds what merging
wants to know of a row without reading it, under the names of `write.marks`. Rejects are staged beside with theirs. As
`ORDINAL` settles every tie it does not matter in which order, or in how many attempts, the items of a split were taken.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from builder.receipts import FileRef, StagedPartition
from builder.records import Locator, Record, Reject, locator_text
from builder.storage.place import Place
from builder.write.layout import UNKNOWN, as_level
from builder.write.marks import BYTES, KEY, ORDINAL, PARTITION, RANK, RULE, SOURCE, URL, unique_mark
from builder.write.parquet import PLAIN, ColumnOptions, cut_rows, write_parquet

BOOKKEEPING = pa.schema([(KEY, pa.binary(16)), (RANK, pa.int64()), (BYTES, pa.int32()), (ORDINAL, pa.int64())])
REJECTS = pa.schema(
    [
        pa.field("input", pa.string(), nullable=False),
        pa.field("offset", pa.int64(), nullable=False),
        pa.field("length", pa.int64(), nullable=False),
        pa.field("record_id", pa.string()),
        pa.field("url", pa.string()),
        pa.field("stage", pa.string(), nullable=False),
        pa.field("code", pa.string(), nullable=False),
        pa.field("message", pa.string(), nullable=False),
    ]
)
PUBLISHED_REJECTS = pa.schema(
    [*REJECTS, pa.field("config_sha256", pa.string(), nullable=False), pa.field("tool", pa.string(), nullable=False)]
)
STAGED_REJECTS = pa.schema([*REJECTS, pa.field(ORDINAL, pa.int64(), nullable=False), pa.field(RULE, pa.string())])
_NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__"
"""However it is encoded, pyarrow and polars read this value as null, and pandas then fails for the whole dataset."""
_BATCH_ROWS = 512
_GROUP_BYTES = 4 * 2**20
_LEVEL = 1


def place_of_reject(row: Mapping[str, Any]) -> str:
    """Where a row of a reject table says that its page stands, as `preview` takes it."""
    return locator_text(Locator(row["input"], row["offset"], row["length"], row["record_id"]))


def staged_schema(schema: pa.Schema) -> pa.Schema:
    """The columns of a staged file for a dataset's schema."""
    return pa.schema([*schema, *BOOKKEEPING])


def with_marks(schema: pa.Schema, unique: Sequence[str]) -> pa.Schema:
    """A dataset's schema and, where fields are unique, what deciding over them wants to know of a row."""
    if not unique:
        return schema
    digests = [pa.field(unique_mark(name), pa.binary(16)) for name in unique]
    place = pa.struct([REJECTS.field(name) for name in ("input", "offset", "length", "record_id")])
    return pa.schema([*schema, *digests, pa.field(SOURCE, place), pa.field(URL, pa.string())])


class Gathered(NamedTuple):
    """Rows, each with its partition, and rejects, each with its ordinal: what staging was given in some stretch."""

    rows: Sequence[pa.RecordBatch]
    partitions: Sequence[tuple[str, ...]]
    rejects: Sequence[tuple[int, Reject]]


class Staging:
    """Rows and rejects of a split on their way to disk. A class because they gather while the split is read."""

    def __init__(self, schema: pa.Schema, sort_by: Sequence[str], columns: ColumnOptions = PLAIN) -> None:
        self.schema = staged_schema(schema)
        self._sort_by, self._columns = sort_by, columns
        self._pending: list[Record] = []
        self._batches: list[pa.RecordBatch] = []
        self._partitions: list[tuple[str, ...]] = []
        self._rejects: list[tuple[int, Reject]] = []
        self._told = (0, 0, 0)

    def add(self, record: Record, partition: tuple[str, ...], key: bytes | None, rank: int, ordinal: int) -> None:
        """Take a row."""
        self._pending.append({**record, KEY: key, RANK: rank, BYTES: row_bytes(record), ORDINAL: ordinal})
        self._partitions.append(partition)
        if len(self._pending) >= _BATCH_ROWS:
            self._flush()

    def reject(self, reject: Reject, ordinal: int) -> None:
        """Take a reject."""
        self._rejects.append((ordinal, reject))

    def _flush(self) -> None:
        if self._pending:
            self._batches.append(pa.RecordBatch.from_pylist(self._pending, schema=self.schema))
            self._pending = []

    def news(self) -> Gathered:
        """What came since this was last asked."""
        self._flush()
        batches, partitions, rejects = self._told
        self._told = len(self._batches), len(self._partitions), len(self._rejects)
        return Gathered(self._batches[batches:], self._partitions[partitions:], self._rejects[rejects:])

    def take(self, gathered: Gathered) -> None:
        """Take what another staging was given: it is no news."""
        self._flush()
        self._batches.extend(gathered.rows)
        self._partitions.extend(gathered.partitions)
        self._rejects.extend(gathered.rejects)
        self._told = len(self._batches), len(self._partitions), len(self._rejects)

    def write_rows(self, path: Place) -> tuple[FileRef, tuple[StagedPartition, ...]]:
        """Order the rows and write them."""
        self._flush()
        table = pa.Table.from_batches(self._batches, schema=self.schema)
        self._batches = []
        ranks = {values: rank for rank, values in enumerate(sorted(set(self._partitions)))}
        keyed = table.append_column(PARTITION, pa.array([ranks[values] for values in self._partitions], pa.int32()))
        order = pc.sort_indices(  # nulls last
            keyed,
            sort_keys=[
                (PARTITION, "ascending"),
                *((name, "ascending") for name in self._sort_by),
                (ORDINAL, "ascending"),
            ],
        )
        table = table.take(order)
        in_order = [self._partitions[index] for index in order.to_pylist()]
        groups: list[pa.Table] = []
        placed: list[StagedPartition] = []
        for values, first, count in _runs(in_order):
            run = table.slice(first, count)
            sizes = run.column(BYTES).to_pylist()
            cut = [run.slice(*rows) for rows in cut_rows(sizes, _GROUP_BYTES)]
            placed.append(StagedPartition(values, first, count, len(groups), len(cut), sum(sizes)))
            groups.extend(cut)
        return write_parquet(path, groups, self.schema, level=_LEVEL, columns=self._columns), tuple(placed)

    def write_rejects(self, path: Place) -> FileRef:
        """Write the rejects in the order of their items."""
        rows = [
            {
                "input": item.source.input, "offset": item.source.offset, "length": item.source.length,
                "record_id": item.source.record_id, "url": item.url, "stage": item.stage, "code": item.code,
                "message": item.message, ORDINAL: ordinal, RULE: item.rule,
            }
            for ordinal, item in sorted(self._rejects, key=itemgetter(0))
        ]  # fmt: skip
        table = pa.Table.from_pylist(rows, schema=STAGED_REJECTS)
        return write_parquet(path, [table], STAGED_REJECTS, level=_LEVEL)


def _runs(partitions: Sequence[tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Runs of equal values: (values, first row, rows)."""
    first = 0
    for values, run in groupby(partitions):
        count = sum(1 for _ in run)
        yield values, first, count
        first += count


def row_bytes(record: Record) -> int:
    """About how many bytes a row takes uncompressed: the same estimate wherever it is asked."""
    return sum(map(_value_bytes, record.values()))


def _value_bytes(value: Any) -> int:
    if isinstance(value, str):
        return 4 + (len(value) if value.isascii() else len(value.encode("utf-8", "replace")))
    if isinstance(value, list):
        return 4 + sum(map(_value_bytes, value))
    if isinstance(value, dict):
        return sum(map(_value_bytes, value.values()))
    return 8


def partition_value(value: Any, unit: str) -> str:
    """The partition that a value falls into: `as_level` of itself, or its year, month or day (a timestamp's in UTC).

    >>> from datetime import date
    >>> partition_value(date(2022, 2, 24), "month"), partition_value(None, "value")
    ('2022-02', 'unknown')
    """
    if value is None or value in ("", _NULL_FOLDER):
        return UNKNOWN
    if unit == "value":  # composed and decomposed letters are one folder to a file system, so they are one value
        return str(value).lower() if isinstance(value, bool) else as_level(unicodedata.normalize("NFC", str(value)))
    day = value.date() if isinstance(value, datetime) else value
    return str(day.isoformat()[: {"year": 4, "month": 7, "day": 10}[unit]])
