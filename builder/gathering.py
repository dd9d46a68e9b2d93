"""What a split has yielded so far: rows and rejects, counts, and which items were given up.

It can be put away in frames and taken up again by another process; what the receipt says is the same either way.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, astuple
from datetime import timedelta
from typing import Any

from builder.compiled import Job
from builder.dumps.values import EPOCH
from builder.pipeline import Filtered, Row, build_record
from builder.receipts import FileRef, Receipt, StagedPartitions
from builder.records import Locator, Page, Record, Reject, RejectCode, Skip, Stage
from builder.schema import heavy_fields
from builder.storage.place import Place
from builder.write.marks import ORDINAL, RULE, SOURCE, URL, unique_mark
from builder.write.parquet import ColumnOptions, read_table
from builder.write.staging import Gathered, Staging, partition_value, with_marks
from builder.write.unfinished import Frame

_NO_RANK = -(2**63)
_REJECT = ("input", "offset", "length", "record_id", "stage", "code", "message", "url", RULE)


class Gathering:
    """The yield of one split while it grows: a class because rows, rejects and counts must change together."""

    def __init__(self, job: Job) -> None:
        self.job = job
        columns = ColumnOptions(heavy_fields(job.fields))
        self.staging = Staging(with_marks(job.schema, job.unique), job.config.sort_by, columns)
        self.rows = 0
        self.counts: dict[str, Counter[str]] = {
            name: Counter() for name in ("rejected", "filtered", "skipped", "flags", "violations")
        }
        self.blamed: dict[int, str] = {}
        self._told_until = 0

    def take(self, item: Page | Reject | Skip, number: int) -> None:
        """Make of an item what becomes of it; `number` is its place in the split.

        Raises:
            MemoryError: refused while the page was worked on.

        """
        if isinstance(item, Skip):
            self.counts["skipped"][item.kind] += 1
            return
        outcome = item if isinstance(item, Reject) else build_record(item, self.job)
        if isinstance(outcome, Reject):
            self.counts["rejected"][outcome.code] += 1
            self.counts["violations"].update([outcome.rule] if outcome.rule else [])
            self.staging.reject(outcome, number)
        elif isinstance(outcome, Filtered):
            self.counts["filtered"][outcome.rule] += 1
        else:
            self.rows += 1
            self.counts["flags"].update(outcome.flags)
            self.counts["violations"].update(outcome.violations)
            record, job = outcome.record, self.job
            marked = record | marks(record, item, job)
            self.staging.add(marked, partition_of(record, job), duplicate_key(record, job), rank(outcome, job), number)

    def give_up(self, item: Page | Reject, number: int, code: RejectCode, message: str) -> None:
        """Book an item that ended its process; with what the reader says of it, where it could read none."""
        self.blamed[number] = code
        text = f"{item.message}: {message}" if isinstance(item, Reject) and item.stage == "read" else message
        self.take(Reject(item.source, "engine", code, text, item.url), number)

    @property
    def read(self) -> int:
        """Pages taken."""
        return self.rows + self.counts["rejected"].total() + self.counts["filtered"].total()

    def frame(self, following: int) -> Frame:
        """What came since the last frame, and the counts of all; `following` is the item to go on with."""
        news = self.staging.news()
        state = {
            "first": self._told_until,
            "following": following,
            "rows": self.rows,
            "counts": self.counts,
            "blamed": list(self.blamed.items()),
            "partitions": news.partitions,
            "rejects": [(number, *_plain(reject)) for number, reject in news.rejects],
        }
        self._told_until = following
        return Frame(state, news.rows)

    def restore(self, frames: Iterable[Frame]) -> int:
        """Take up what was put away; return the item to go on with.

        A frame that does not begin where the one before it ended is another process's, that worked on the same split.
        """
        following = 0
        for state, rows in frames:
            if state["first"] != following:
                break
            rejects = [(number, _reject(*plain)) for number, *plain in state["rejects"]]
            self.staging.take(Gathered(rows, [tuple(values) for values in state["partitions"]], rejects))
            self.rows = state["rows"]
            self.counts = {name: Counter(counts) for name, counts in state["counts"].items()}
            self.blamed = {int(number): code for number, code in state["blamed"]}
            following = int(state["following"])
        self._told_until = following
        return following

    def take_over(self, base: Receipt, folder: Place, code: str) -> list[tuple[int, Reject]]:
        """Take up what a finished split has yielded, but for its rejects of one code: those are returned.

        Raises:
            OSError: the disk.

        """
        rows = read_table(folder / base.staged.name).to_batches()
        partitions = [item.values for item in base.partitions for _ in range(item.rows)]
        table = read_table(folder / base.rejects.name).to_pylist()
        rejects = [(row[ORDINAL], _reject(*(row[name] for name in _REJECT))) for row in table]
        kept = [(number, reject) for number, reject in rejects if reject.code != code]
        wanted = [(number, reject) for number, reject in rejects if reject.code == code]
        self.staging.take(Gathered(rows, partitions, kept))
        self.rows = base.rows
        self.counts = {name: Counter(getattr(base, name)) for name in self.counts}
        del self.counts["rejected"][code]
        self.counts["violations"] -= Counter(reject.rule for _, reject in wanted if reject.rule)
        self.blamed = {int(number): given for number, given in base.blamed.items() if given != code}
        return wanted

    def write(self, folder: Place, key: str) -> tuple[FileRef, FileRef, StagedPartitions]:
        """Write the staged rows and rejects of the split under a key.

        Raises:
            OSError: the disk.

        """
        staged, partitions = self.staging.write_rows(folder / f"{key}.parquet")
        return staged, self.staging.write_rejects(folder / f"{key}.rejects.parquet"), StagedPartitions.of(partitions)


def _plain(reject: Reject) -> tuple[object, ...]:
    return (*astuple(reject.source), reject.stage, reject.code, reject.message, reject.url, reject.rule)


def _reject(
    name: str,
    offset: int,
    length: int,
    record_id: str | None,
    stage: Stage,
    code: RejectCode,
    message: str,
    url: str | None,
    rule: str | None,
) -> Reject:
    return Reject(Locator(name, offset, length, record_id), stage, code, message, url, rule)


def partition_of(record: Record, job: Job) -> tuple[str, ...]:
    """The partition values of a row, as text."""
    return tuple(partition_value(record[level.field], level.unit) for level in job.config.partition_by)


def marks(record: Record, page: Page | Reject, job: Job) -> Record:
    """What deciding over unique values wants to know: the values' digests, and where the page stands."""
    if not job.unique:
        return {}
    digests = {unique_mark(name): _digest([record[name]]) for name in job.unique}
    return {**digests, SOURCE: asdict(page.source), URL: page.url}


def duplicate_key(record: Record, job: Job) -> bytes | None:
    """Equal for rows that are duplicates by the config; None where a value is missing, for such a row is none."""
    rule = job.config.duplicates
    return None if rule is None else _digest([record[name] for name in rule.by])


def _digest(values: list[Any]) -> bytes | None:
    """Equal for equal values: -0.0 is 0.0."""
    if any(value is None for value in values):
        return None
    alike = [value + 0.0 if isinstance(value, float) else value for value in values]
    return hashlib.sha256(json.dumps(alike, ensure_ascii=False, default=str).encode("utf-8", "replace")).digest()[:16]


def rank(row: Row, job: Job) -> int:
    """Among duplicates the row with the largest rank is kept; without the value that decides a row comes last."""
    keep = job.config.duplicates.keep if job.config.duplicates else None
    if keep == "longest":
        return len(row.record["text"] or "")
    if keep is None or row.fetched_at is None:
        return _NO_RANK
    microseconds = (row.fetched_at - EPOCH) // timedelta(microseconds=1)
    return microseconds if keep == "latest" else -microseconds
