"""What a finished build says of itself: all of the manifest, but for the files beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from builder.compiled import Job
from builder.contract.promise import about_of, schema_of
from builder.dedup.settle import Settled
from builder.plan.inputs import Plan, PlannedSplit, tool_versions
from builder.receipts import FileRef, Merged, Receipt, summed
from builder.records import Dump
from builder.write.document import InputEntry
from builder.write.manifest import Books, Dataset

_BY_CHANCE = frozenset({"timeout", "memory"})
"""Codes of pages that another machine, or this one at another moment, may take: both are measured now and then."""


def describe(
    job: Job,
    plan: Plan,
    planned: Sequence[PlannedSplit],
    settled: Settled,
    merged: Merged,
    rejects: Sequence[FileRef],
    books: Books,
    limit: int | None,
) -> Dataset:
    """All that the manifest says, but for the files beside it."""
    receipts = settled.receipts.values()
    of_dump: dict[str, list[PlannedSplit]] = {dump.name: [] for dump in plan.dumps}
    for entry in planned:
        of_dump[entry.split.dump.name].append(entry)
    inputs = [_input(dump, of_dump[dump.name], settled.receipts, settled.duplicates) for dump in plan.dumps]
    return Dataset(
        about=about_of(job),
        schema=schema_of(job),
        parts=merged.parts,
        rejects=rejects,
        exports=(),
        inputs=inputs,
        books=books,
        flags=summed(receipt.flags for receipt in receipts),
        violations=summed(receipt.violations for receipt in receipts),
        sites=merged.sites,
        tool=tool_versions(),
        config_sha256=job.fingerprint,
        deterministic=not any(
            _BY_CHANCE.intersection(receipt.blamed.values()) or receipt.retried for receipt in receipts
        ),
        limited_to=limit,
    )


def _input(
    dump: Dump,
    entries: Sequence[PlannedSplit],
    receipts: Mapping[int, Receipt],
    lost: Mapping[int, int],
) -> InputEntry:
    duplicates = sum(lost.get(entry.number, 0) for entry in entries)
    mine = [receipts[entry.number] for entry in entries]
    digests = list(dict.fromkeys(entry.identity for entry in entries))
    return InputEntry(
        name=dump.name,
        format=dump.format,
        bytes=dump.size,
        sha256=digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest(),
        read=sum(receipt.read for receipt in mine),
        rows=sum(receipt.rows for receipt in mine) - duplicates,
        rejected=summed(receipt.rejected for receipt in mine),
        filtered=summed(receipt.filtered for receipt in mine),
        duplicates=duplicates,
        skipped=summed(receipt.skipped for receipt in mine),
    )
