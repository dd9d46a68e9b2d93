"""Real keys, decided over by the real tasks, and the memory of all processes meanwhile. Linux only (/proc)."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from processes import descendants, resident
from scale_answers import CONFIG, ROWS

from builder.compiled import compile_job
from builder.config.load import load_config
from builder.dedup.settle import CUTS, settle
from builder.engines.local import run_local
from builder.engines.work import Work
from builder.receipts import FileRef, Receipt, StagedPartition, StagedPartitions
from builder.write.staging import BOOKKEEPING
from builder.write.work import WorkFolder


def write_keys(work: WorkFolder, keys: int) -> dict[int, Receipt]:
    """Staged files of the columns that are decided by, 10,000 rows each; one key in ten is of another split as well."""
    receipts = {}
    noise = np.random.default_rng(1)
    pool = np.frombuffer(noise.bytes(16 * ROWS), "V16")
    for number in range(-(-keys // ROWS)):
        mine = np.frombuffer(noise.bytes(16 * ROWS), "V16").copy()
        mine[: ROWS // 10] = pool[: ROWS // 10]
        pool = mine[noise.permutation(ROWS)]
        column = pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), ROWS, [None, pa.py_buffer(mine.tobytes())])
        table = pa.table(
            [column, noise.integers(0, 2**40, ROWS), np.ones(ROWS, "i4"), np.arange(ROWS)], schema=BOOKKEEPING
        )
        path = work.staged / f"{number}.parquet"
        pq.write_table(table, path, compression="none")
        place = StagedPartitions.of([StagedPartition(("all",), 0, ROWS, 0, 1, ROWS)])
        nothing: dict[str, int] = {}
        receipts[number] = Receipt(
            str(number), "d", ROWS, ROWS, nothing, nothing, nothing, nothing, None, None,
            FileRef(path.name, 1, "0" * 64, ROWS), FileRef("none", 0, "0" * 64, 0), place,
        )  # fmt: skip
    return receipts


def decide(folder: Path, keys: int, workers: int) -> None:
    """Duplicates among so many keys, really."""
    config = folder / "job.yaml"
    (folder / "raw").mkdir(parents=True)
    (folder / "raw" / "a.jsonl").write_text("{}\n")
    config.write_text(json.dumps(CONFIG | {"inputs": ["raw/*.jsonl"]}), encoding="utf-8")
    job = compile_job(load_config(config))
    work = WorkFolder(folder / "_work")
    receipts = write_keys(work, keys)
    looks: list[tuple[float, float, float]] = []
    over = threading.Event()
    watcher = threading.Thread(target=watch, args=(looks, over))

    def run(kind: Work, tasks: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        print(f"  {kind.name}: {len(tasks)} tasks", flush=True)
        if tasks:
            yield from run_local(kind, tasks, workers, lambda _task, _done: None)

    before = resident(os.getpid()) / 2**20
    watcher.start()
    began = time.monotonic()
    settled = settle(job, receipts, work, run, CUTS)
    spent = time.monotonic() - began
    over.set()
    watcher.join()
    quarters = [max((mb for at, mb, _ in looks if i <= 4 * at / spent < i + 1), default=0) for i in range(4)]
    lost = sum(settled.duplicates.values())
    print(
        f"{keys:,} keys, {lost:,} duplicates, {spent:.0f} s: driver {before:.0f} MB before, by quarters "
        f"{', '.join(f'{mb:.0f}' for mb in quarters)} MB; largest task {max(look[2] for look in looks):.0f} MB"
    )
    assert lost == (len(receipts) - 1) * (ROWS // 10)


def watch(looks: list[tuple[float, float, float]], over: threading.Event) -> None:
    """Seconds, MB of this process, MB of the largest below it."""
    began = time.monotonic()
    while not over.wait(0.05):
        below = max(map(resident, descendants(os.getpid())), default=0)
        looks.append((time.monotonic() - began, resident(os.getpid()) / 2**20, below / 2**20))
