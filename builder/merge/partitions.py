"""receipts -> partitions: which rows of which staged files each is made of, and what its parts depend on."""

from __future__ import annotations

import hashlib
import json
import struct
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from builder.compiled import Job
from builder.contract.promise import file_schema, schema_fingerprint
from builder.dedup.duplicates import ALL_LOST, DIGEST_BYTES, NONE_LOST
from builder.errors import FindingsError
from builder.merge.parts import Target
from builder.merge.task import RUN, Runs
from builder.receipts import PLACE, Receipt
from builder.schema import heavy_fields, long_fields
from builder.storage.place import Place, exists
from builder.write.layout import UNKNOWN, partition_path
from builder.write.parquet import ColumnOptions

_HEAD = struct.Struct("<II")  # what RUN has before the fields of receipts.PLACE


@dataclass(frozen=True, slots=True)
class Partition:
    """How its parts are to be, and where its rows stand, in order of splits."""

    target: Target
    runs: Runs


def partitions_of(
    job: Job, receipts: Mapping[int, Receipt], digests: Mapping[int, bytes], work: Place
) -> list[Partition]:
    """All partitions that have rows, sorted; one without where none has any, for a dataset has a schema.

    `digests` are those of duplicates.Marked: a run of which all rows are dropped is none.

    Raises:
        FindingsError: more partitions than a dataset should have, or a value that no folder can be named by.

    """
    runs: dict[tuple[str, ...], bytearray] = defaultdict(bytearray)
    for number, receipt in sorted(receipts.items()):
        places, lost = receipt.partitions.places, digests.get(number)
        for at, values in enumerate(receipt.partitions.values):
            if lost is not None and _digest(lost, at) == ALL_LOST:
                continue  # not a part without rows: its folder would change what readers take the others for
            runs[values] += _HEAD.pack(number, at) + places[at * PLACE.size : (at + 1) * PLACE.size]
    if not runs:
        runs[tuple(UNKNOWN for _ in job.config.partition_by)] = bytearray()
    most = job.config.write.max_partitions
    if len(runs) > most:
        raise FindingsError(
            f"partition_by makes {len(runs)} partitions, write.max_partitions allows {most}; choose coarser ones"
        )
    _refuse_folders(job, list(runs), work)
    target = _target_maker(job, work)
    return [Partition(target(values), np.frombuffer(bytes(runs.pop(values)), dtype=RUN)) for values in sorted(runs)]


def _refuse_folders(job: Job, partitions: Sequence[tuple[str, ...]], work: Place) -> None:
    """Values that no folder can be named by, here or anywhere; where A is taken for a, values that would share one.

    A name whose last dot a disk drops is written there, and not found again.
    """
    cased = not exists(work.parent / work.name.swapcase())
    dotted = not exists(work.parent / f"{work.name}.")
    seen: dict[str, tuple[str, ...]] = {}
    for values in sorted(partitions):
        try:
            path = partition_path([level.name for level in job.config.partition_by], values)
        except ValueError as error:
            hint = "; partition by a field with shorter values, or let a `pattern` take their beginning"
            raise FindingsError(f"partition_by: {error}{hint}") from error
        if not dotted and any(folder.endswith(".") for folder in path.split("/")):
            what = f"{'/'.join(values)!r} ends in a dot, which this disk drops from the name of a folder"
            raise FindingsError(f"partition_by: {what}; let a `pattern` leave it out, or build on another disk")
        other = seen.setdefault(path if cased else path.casefold(), values)
        if other != values:
            what = f"{'/'.join(values)!r} and {'/'.join(other)!r} are the same folder on this disk"
            raise FindingsError(f"partition_by: {what}; let a `pattern` take one of them, or build on another disk")


def _target_maker(job: Job, work: Place) -> Callable[[tuple[str, ...]], Target]:
    """All but the values is the same for every partition, and is held once."""
    options = job.config.write
    same = Target(
        names=tuple(level.name for level in job.config.partition_by),
        values=(),
        schema=file_schema(job),
        sort_by=job.config.sort_by,
        part_bytes=options.part_bytes,
        group_bytes=options.row_group_bytes,
        level=options.compression_level,
        columns=ColumnOptions(
            heavy_fields(job.fields),
            long_fields(job.fields),
            options.bloom or (),
            options.content_defined_chunks,
        ),
        metadata={"dataset.name": job.config.name, "dataset.fingerprint": schema_fingerprint(job)},
        out=work / "parts",
    )
    return lambda values: replace(same, values=values)


def merge_key(partition: Partition, receipts: Mapping[int, Receipt], digests: Mapping[int, bytes], tool: object) -> str:
    """Hash of all that the parts of a partition depend on: its rows, which of them are dropped, and the options.

    `digests` are those of duplicates.Marked.
    """
    target = partition.target
    options = [
        target.names,
        target.values,
        target.sort_by,
        target.part_bytes,
        target.group_bytes,
        target.level,
        target.columns,
        dict(target.metadata),
    ]
    key = hashlib.sha256(json.dumps([options, str(target.schema), tool], sort_keys=True).encode())
    for split, place, first, rows in partition.runs[["split", "place", "first_row", "rows"]].tolist():
        lost = digests.get(split)
        dropped = _digest(lost, place) if lost else NONE_LOST
        key.update(f"{receipts[split].staged.sha256} {first} {rows} ".encode() + dropped)
    return key.hexdigest()[:32]


def _digest(digests: bytes, place: int) -> bytes:
    """That of one partition of a split."""
    return digests[place * DIGEST_BYTES : (place + 1) * DIGEST_BYTES]
