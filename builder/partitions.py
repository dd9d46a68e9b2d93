"""receipts -> merge tasks: which rows of which staged files each partition is made of."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence

from builder.compiled import Job
from builder.contract.promise import file_schema, schema_fingerprint
from builder.errors import FindingsError
from builder.merge import MergeTask, Run
from builder.receipts import Receipt
from builder.storage.path import StorePath
from builder.storage.place import Place
from builder.write.layout import UNKNOWN, partition_path
from builder.write.parquet import Layout


def merge_tasks(job: Job, receipts: Mapping[int, Receipt], work: Place, losers: Place) -> list[MergeTask]:
    """One task a partition, sorted by partition; one without rows where no split has any, for a dataset has a schema.

    Raises:
        FindingsError: more partitions than a dataset should have, or a value that no folder can be named by.

    """
    runs: dict[tuple[str, ...], list[Run]] = defaultdict(list)
    for number, receipt in sorted(receipts.items()):
        path = work / "staged" / receipt.staged.name
        for item in receipt.partitions:
            runs[item.values].append(Run(number, path, item.first_row, item.rows, item.first_group, item.groups))
    if not runs:
        runs[tuple(UNKNOWN for _ in job.config.partition_by)] = []
    most = job.config.write.max_partitions
    if len(runs) > most:
        raise FindingsError(
            f"partition_by makes {len(runs)} partitions, write.max_partitions allows {most}; choose coarser ones"
        )
    _refuse_folders(job, list(runs), work)
    return [_task(job, values, tuple(runs[values]), work, losers) for values in sorted(runs)]


def _refuse_folders(job: Job, partitions: Sequence[tuple[str, ...]], work: Place) -> None:
    """Values that no folder can be named by; on a disk that does not tell A from a, values that would share one."""
    cased = isinstance(work, StorePath) or not (work.parent / work.name.swapcase()).exists()
    seen: dict[str, tuple[str, ...]] = {}
    for values in sorted(partitions):
        try:
            path = partition_path([level.name for level in job.config.partition_by], values)
        except ValueError as error:
            hint = "; partition by a field with shorter values, or let a `pattern` take their beginning"
            raise FindingsError(f"partition_by: {error}{hint}") from error
        other = seen.setdefault(path if cased else path.casefold(), values)
        if other != values:
            raise FindingsError(
                f"partition_by: {'/'.join(values)!r} and {'/'.join(other)!r} are the same folder on this disk"
            )


def _task(job: Job, values: tuple[str, ...], runs: tuple[Run, ...], work: Place, losers: Place) -> MergeTask:
    options = job.config.write
    schema = file_schema(job)
    return MergeTask(
        names=tuple(level.name for level in job.config.partition_by),
        values=values,
        runs=runs,
        losers=losers,
        schema=schema,
        sort_by=job.config.sort_by,
        part_bytes=options.part_bytes,
        group_bytes=options.row_group_bytes,
        level=options.compression_level,
        layout=Layout(
            tuple(field.name for field in job.fields if field.type == "text"),
            options.bloom or (),
            options.content_defined_chunks,
        ),
        metadata={"dataset.name": job.config.name, "dataset.fingerprint": schema_fingerprint(job)},
        out=work / "parts",
    )


def merge_key(
    task: MergeTask, receipts: Mapping[int, Receipt], losers: Mapping[int, Sequence[int]], tool: object
) -> str:
    """Hash of all that the parts of a partition depend on: its rows, which of them are duplicates, and the options."""
    rows = []
    for run in task.runs:
        lost = losers.get(run.split, ())
        inside = lost[bisect_left(lost, run.first_row) : bisect_left(lost, run.first_row + run.rows)]
        rows.append([receipts[run.split].staged.sha256, run.first_row, run.rows, list(inside)])
    options = [
        task.names,
        task.values,
        task.sort_by,
        task.part_bytes,
        task.group_bytes,
        task.level,
        task.layout,
        task.layout,
        task.metadata,
    ]
    text = json.dumps([rows, options, str(task.schema), tool], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
