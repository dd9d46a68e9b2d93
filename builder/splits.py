"""split -> receipt: the task of the extract stage. A plain function of plain data, run anywhere."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from builder.compiled import Job, compile_job, extract_digest
from builder.config.models import LoadedConfig
from builder.dumps import READERS
from builder.pipeline import Filtered, Row, build_record
from builder.receipts import Receipt
from builder.records import Extent, Item, Page, Record, Reject, Skip, Split
from builder.write.files import write_text
from builder.write.layout import UNKNOWN
from builder.write.staging import Staging, partition_value

Beat = Callable[[int, int], None]
"""Called with the number of the item that is taken up next, and the bytes of the dump that are done."""
_NO_RANK = -(2**63)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SplitTask:
    """All that a worker needs to know."""

    split: Split
    key: str
    loaded: LoadedConfig
    work: Path
    """Folder of receipts and staged files."""
    first: int | None = None
    """Take only this many pages of the split (`--limit`)."""
    blamed: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    """Items that ended a worker: number -> (code, message). They become rejects unread."""


def blame(task: SplitTask, item: int, code: str, message: str) -> SplitTask:
    """The same task past an item that its process did not survive."""
    return SplitTask(task.split, task.key, task.loaded, task.work, task.first, {**task.blamed, item: (code, message)})


_COMPILED: dict[str, Job] = {}  # of this process, one at a time: compiling takes longer than a page


def compiled(loaded: LoadedConfig) -> Job:
    """The compiled job of this process, built once a config."""
    digest = extract_digest(loaded)
    if digest not in _COMPILED:
        _COMPILED.clear()
        _COMPILED[digest] = compile_job(loaded)
    return _COMPILED[digest]


def build_split(task: SplitTask, beat: Beat) -> Receipt:
    """Read a split, extract its pages, write the staged file, the rejects and the receipt.

    Raises:
        DumpError: the dump as a whole cannot be read.
        MemoryError: refused while an item was worked on.
        OSError: the disk.

    """
    job = compiled(task.loaded)
    staging = Staging(job.schema, job.config.sort_by)
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("rejected", "filtered", "skipped", "flags")}
    rows = 0
    extent: Extent | None = None
    for item in _announced(task, beat):
        if isinstance(item, Extent):
            extent = item
        elif isinstance(item, Skip):
            counts["skipped"][item.kind] += 1
        else:
            outcome = item if isinstance(item, Reject) else build_record(item, job)
            if isinstance(outcome, Reject):
                counts["rejected"][outcome.code] += 1
                staging.reject(outcome)
            elif isinstance(outcome, Filtered):
                counts["filtered"][outcome.rule] += 1
            else:
                rows += 1
                counts["flags"].update(outcome.flags)
                record = outcome.record
                staging.add(record, partition_of(record, job), duplicate_key(record, job), rank(outcome, job))
    return _receipt(task, staging, counts, rows, extent)


def _announced(task: SplitTask, beat: Beat) -> Iterator[Item]:
    """The items of a split, each announced before it is read; blamed ones come as rejects."""
    split = task.split
    items = READERS[split.dump.format].read(split)
    pages = 0
    done = 0
    for number in range(2**62):
        beat(number, done)
        item = next(items, None)
        if item is None:
            return
        if isinstance(item, Page | Reject):
            pages += 1
            if task.first is not None and pages > task.first:
                return
            done = min(max(item.source.offset + item.source.length - split.start, done), split.size)
            if number in task.blamed:
                code, message = task.blamed[number]
                yield Reject(item.source, "engine", code, message, item.url)
                continue
        yield item


def _receipt(
    task: SplitTask, staging: Staging, counts: Mapping[str, Counter[str]], rows: int, extent: Extent | None
) -> Receipt:
    staged, partitions = staging.write_rows(task.work / "staged" / f"{task.key}.parquet")
    rejects = staging.write_rejects(task.work / "staged" / f"{task.key}.rejects.parquet")
    receipt = Receipt(
        key=task.key,
        dump=task.split.dump.name,
        read=rows + counts["rejected"].total() + counts["filtered"].total(),
        rows=rows,
        **{name: dict(sorted(counter.items())) for name, counter in counts.items()},
        first=extent.first if extent else None,
        next=extent.next if extent else None,
        staged=staged,
        rejects=rejects,
        partitions=partitions,
        blamed={str(item): code for item, (code, _) in sorted(task.blamed.items())},
    )
    write_text(receipt_path(task.work, task.key), receipt.to_json())
    return receipt


def receipt_path(work: Path, key: str) -> Path:
    """Where the receipt of a split lies."""
    return work / "receipts" / f"{key}.json"


def partition_of(record: Record, job: Job) -> tuple[str, ...]:
    """The partition values of a row, as text."""
    return tuple(partition_value(record[level.field], level.unit, UNKNOWN) for level in job.config.partition_by)


def duplicate_key(record: Record, job: Job) -> bytes | None:
    """Equal for rows that are duplicates by the config; None where a value is missing, for such a row is none."""
    rule = job.config.duplicates
    if rule is None:
        return None
    values = [record[name] for name in rule.by]
    if any(value is None for value in values):
        return None
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, default=str).encode("utf-8", "replace")).digest()[:16]


def rank(row: Row, job: Job) -> int:
    """Among duplicates the row with the largest rank is kept; without the value that decides a row comes last."""
    keep = job.config.duplicates.keep if job.config.duplicates else None
    if keep == "longest":
        return len(row.record["text"] or "")
    if keep is None or row.fetched_at is None:
        return _NO_RANK
    microseconds = (row.fetched_at - _EPOCH) // timedelta(microseconds=1)
    return microseconds if keep == "latest" else -microseconds
