"""What a driver at scale is given: sparse inputs, receipts, and an engine that makes up what tasks would answer."""

from __future__ import annotations

import json
import pickle
import random
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from builder.compiled import Job
from builder.dedup.duplicates import DIGEST_BYTES, GroupTask, Marked
from builder.engines.work import Work
from builder.merge.parts import Target
from builder.merge.rejects import RejectsTask
from builder.merge.shuffle import ShuffleTask, SliceTask, SurveyTask
from builder.merge.task import MergeTask
from builder.plan.inputs import PlannedSplit
from builder.receipts import FileRef, Merged, Part, Receipt, StagedPartition, StagedPartitions
from builder.storage.place import Place
from builder.write.marks import ORDINAL, PARTITION, SPLIT
from builder.write.work import WorkFolder

ROWS, ROW_BYTES, MONTHS = 10_000, 3_000, 12
"""Of a split: its rows, the bytes of each, and the partitions that they fall into."""
SPLITS_A_DUMP = 4
SITES = 50_000
SITES_A_SLICE = 5_000
CONFIG = {
    "name": "scale",
    "partition_by": [{"month": "published_date"}],
    "sort_by": ["published_at", "url"],
    "duplicates": {"by": ["url"], "keep": "latest"},
    "limits": {"split_bytes": "256MiB"},
    "thresholds": {
        "max_reject_rate": {"total": 0.5},
        "min_fill": {"title": 0.5},
        "max_drift": {"rows": 0.1, "fill": 0.1},
    },
    "output": "out",
}


def write_inputs(folder: Path, splits: int) -> Path:
    """Sparse WARCs of 1 GiB, and the config that reads them."""
    (folder / "raw").mkdir(parents=True)
    for number in range(-(-splits // SPLITS_A_DUMP)):
        with (folder / "raw" / f"crawl-{number:06}.warc").open("wb") as file:
            file.write(b"WARC/1.0\r\nWARC-Type: warcinfo\r\n")
            file.truncate(min(SPLITS_A_DUMP, splits - number * SPLITS_A_DUMP) * 256 * 2**20)
    path = folder / "job.yaml"
    path.write_text(json.dumps(CONFIG | {"inputs": ["raw/*.warc"]}), encoding="utf-8")
    return path


def receipt_of(entry: PlannedSplit, lost: int) -> Receipt:
    """What a split leaves behind: rows of every month, rejects, some of what real receipts hold."""
    share, rest = divmod(ROWS, MONTHS)
    partitions, first = [], 0
    for month in range(MONTHS):
        rows = share + (month < rest)
        partitions.append(StagedPartition((f"2022-{month + 1:02}",), first, rows, month, 1, rows * ROW_BYTES))
        first += rows
    digest = sha256(entry.key.encode()).hexdigest()
    return Receipt(
        key=entry.key,
        dump=entry.split.dump.name,
        read=ROWS + lost + 500,
        rows=ROWS,
        rejected={"missing_field": lost - lost // 2, "not_html": lost // 2},
        filtered={"http_status": 400, "published_date.min": 100},
        skipped={"request": 10_000, "metadata": 10_000, "warcinfo": 1},
        flags={"mojibake": 3, "truncated": 12, "unreadable:published_at": 40},
        first=entry.split.start,
        next=entry.split.end,
        staged=FileRef(f"{entry.key}.parquet", ROWS * ROW_BYTES // 3, digest, ROWS),
        rejects=FileRef(f"{entry.key}.rejects.parquet", 9000, digest, lost),
        partitions=StagedPartitions.of(partitions),
        violations={"title.required": lost - lost // 2},
    )


def write_receipts(planned: Sequence[PlannedSplit], work: WorkFolder) -> None:
    """As tasks write them on their nodes, but unsynced."""
    for entry in planned:
        text = receipt_of(entry, 200).to_json()
        seal = sha256(text.encode()).hexdigest()
        (on_disk(work.receipts) / f"{entry.key}.json").write_text(f"{text}\n{seal}\n", encoding="utf-8")


def on_disk(place: Place) -> Path:
    """A folder of the work of this build, which is on no store."""
    assert isinstance(place, Path)
    return place


def put(path: Path) -> None:
    """A file of one byte in the place of what a task would have written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")


def kept(rows: int) -> int:
    """Rows of a run that are no duplicates."""
    return rows - rows // 10


class Answers:
    """An engine that makes up what tasks would answer; it counts them, and the bytes that they take on their way."""

    def __init__(self, job: Job, work: WorkFolder) -> None:
        self.job, self.work = job, work
        self.tasks: dict[str, int] = {}
        self.sizes: dict[str, int] = {}
        self.kept: dict[tuple[str, ...], list[int]] = {}
        self.columns = {name: {"null_count": 10, "min": "a" * 40, "max": "z" * 40} for name in job.schema.names}

    def run(self, work: Work, tasks: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        if not tasks:
            return
        self.tasks[work.name] = self.tasks.get(work.name, 0) + len(tasks)
        largest = max(len(pickle.dumps(task)) for task in tasks[:: max(1, len(tasks) // 100)])
        self.sizes[work.name] = max(self.sizes.get(work.name, 0), largest)
        answers: dict[str, Callable[[Any], Any]] = {
            "gather": lambda _task: None, "decide": lambda _task: None, "mark": self.mark, "survey": self.survey,
            "merge": self.whole, "shuffle": self.shuffle, "slice": self.slice, "rejects": self.rejects,
        }  # fmt: skip
        if work.name == "slice":
            self.share(tasks)
        for index, task in enumerate(tasks):
            yield index, answers[work.name](task)

    def mark(self, task: GroupTask) -> Marked:
        lost = {
            split: sum(item.rows - kept(item.rows) for item in partitions)
            for split, partitions in zip(task.splits, task.partitions, strict=True)
        }
        noise = random.Random(task.group)
        digests = {
            split: noise.randbytes(DIGEST_BYTES * len(partitions))
            for split, partitions in zip(task.splits, task.partitions, strict=True)
        }
        return Marked((lost,), digests, 0)

    def survey(self, task: SurveyTask) -> pa.Table:
        count = len(task.offsets)
        noise = np.random.default_rng(int(task.source.runs["split"][0]))
        at = pa.array(noise.integers(1_640_995_200, 1_672_531_200, count) * 1_000_000, pa.timestamp("us", tz="UTC"))
        return pa.table(
            {
                PARTITION: task.source.partitions,
                "published_at": at,
                "url": [
                    f"https://www.site{noise.integers(SITES)}.example/{noise.integers(2**60)}" for _ in range(count)
                ],
                SPLIT: task.source.runs["split"],
                ORDINAL: noise.integers(0, ROWS, count),
            }
        )

    def shuffle(self, task: ShuffleTask) -> Any:
        size = int(task.source.runs["bytes"].sum()) // 3
        return np.linspace(0, size, task.slices + 1).astype("u8")

    def share(self, tasks: Sequence[SliceTask]) -> None:
        """How many rows each slice has: those of its partition, shared out."""
        counts: dict[tuple[str, ...], int] = {}
        for task in tasks:
            counts[task.target.values] = counts.get(task.target.values, 0) + 1
        for values, slices in counts.items():
            month = int(values[0][-2:]) - 1
            rows = kept(ROWS // MONTHS + (month < ROWS % MONTHS)) * self.splits
            self.kept[values] = [rows // slices + (number < rows % slices) for number in range(slices)]

    splits = 0

    def whole(self, task: MergeTask) -> Merged:
        return self.merged(task.target, 0, sum(kept(int(rows)) for rows in task.runs["rows"]))

    def slice(self, task: SliceTask) -> Merged:
        return self.merged(task.target, task.number, self.kept[task.target.values][task.number])

    def merged(self, target: Target, slice_number: int, rows: int) -> Merged:
        count = max(1, -(-rows * ROW_BYTES // target.part_bytes))
        month = target.values[0]
        parts = [self.part(month, slice_number, at, rows // count + (at < rows % count)) for at in range(count)]
        noise = random.Random(slice_number)
        sites = {f"site{noise.randrange(SITES)}.example": rows // SITES_A_SLICE for _ in range(SITES_A_SLICE)}
        return Merged(tuple(parts), sites)

    def part(self, month: str, slice_number: int, number: int, rows: int) -> Part:
        digest = sha256(f"{month} {slice_number} {number}".encode()).hexdigest()
        path = f"data/month={month}/part-{slice_number:05}{number:04}-{digest[:16]}.parquet"
        put(on_disk(self.work.parts) / path)
        columns = json.loads(json.dumps(self.columns))  # as unpickled: nothing is shared
        return Part(path, {"month": month}, rows, 1, digest, columns)

    def rejects(self, task: RejectsTask) -> FileRef:
        digest = sha256(str(task.number).encode()).hexdigest()
        name = f"_rejects/part-{task.number:05}-{digest[:16]}.parquet"
        put(on_disk(self.work.parts) / name)
        return FileRef(name, 1, digest, 200 * len(task.staged))
