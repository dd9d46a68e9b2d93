"""receipts -> which rows are published: duplicates, and values that must be unique, decided over all splits.

Duplicates go first. Of the rows that are left and have the same value in a unique field one may have it: the one that
`duplicates.keep` prefers, else the first in the order of inputs. What becomes of the others the field's `on_violation`
says: they are rejects, or kept and counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl
import pyarrow as pa

from builder.compiled import Job
from builder.constraints import shown
from builder.dedup.exact import LOSERS, find_clashes, find_losers
from builder.receipts import Receipt
from builder.storage.place import Place
from builder.write.parquet import read_table, write_parquet
from builder.write.staging import REJECTS
from builder.write.work import WorkFolder


@dataclass(frozen=True, slots=True)
class Settled:
    """What is decided: rows by split and place in its staged file, ascending."""

    receipts: Mapping[int, Receipt]
    """As they were extracted, but with the rows that a unique field costs counted as rejects."""
    duplicates: Mapping[int, Sequence[int]]
    dropped: Mapping[int, Sequence[int]]
    """Duplicates, and what became rejects."""
    rejects: tuple[Place, ...]
    """The reject tables of the splits, in order, and that of what was decided here."""


def settle(job: Job, receipts: Mapping[int, Receipt], work: WorkFolder) -> Settled:
    """Decide, and note for the merge which rows to leave out.

    Raises:
        OSError: the disk.

    """
    staged = [(number, work.staged / receipt.staged.name) for number, receipt in sorted(receipts.items())]
    duplicates = find_losers(staged if job.config.duplicates else [])
    dropped, clashes = duplicates, []
    actions = {field.name: field.on_violation for field in job.fields}
    for name in job.unique:
        found = find_clashes(staged, dropped, name)
        clashes.append((name, found))
        if actions[name] != "keep":
            dropped = pl.concat([dropped, found])
    dropped = dropped.sort("split", "row")
    work.write_losers(dropped)
    rejected = [(name, rows) for name, rows in clashes if actions[name] != "keep"]
    kept = [(name, rows) for name, rows in clashes if actions[name] == "keep"]
    tables = [work.staged / receipt.rejects.name for _, receipt in sorted(receipts.items())]
    if any(len(rows) for _, rows in rejected):
        write_parquet(work.clashes, _reject_tables(rejected, dict(staged)), REJECTS, level=1)
        tables.append(work.clashes)
    counted = {number: _recount(number, receipt, rejected, kept) for number, receipt in receipts.items()}
    return Settled(counted, by_split(duplicates), by_split(dropped), tuple(tables))


def by_split(losers: pl.DataFrame) -> dict[int, list[int]]:
    """Losing rows of every split, ascending."""
    found: dict[int, list[int]] = defaultdict(list)
    for split, row in losers.select(list(LOSERS)).iter_rows():
        found[split].append(row)
    return dict(found)


Clashes = Sequence[tuple[str, pl.DataFrame]]


def _recount(number: int, receipt: Receipt, rejected: Clashes, kept: Clashes) -> Receipt:
    """The receipt with the rows that lost their place for a value moved to the rejects, and each rule counted."""
    lost = {f"{name}.unique": len(rows.filter(pl.col("split") == number)) for name, rows in rejected}
    stay = {f"{name}.unique": len(rows.filter(pl.col("split") == number)) for name, rows in kept}
    if not any((*lost.values(), *stay.values())):
        return receipt
    flagged = {f"constraint:{rule}": count for rule, count in stay.items()}
    total = sum(lost.values())
    return replace(
        receipt,
        rows=receipt.rows - total,
        rejected=_add(receipt.rejected, {"constraint": total}),
        violations=_add(receipt.violations, lost | stay),
        flags=_add(receipt.flags, flagged),
    )


def _add(counts: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted((+(Counter(counts) + Counter(more))).items()))


def _reject_tables(clashes: Clashes, staged: Mapping[int, Place]) -> Iterator[pa.Table]:
    """The reject table's rows for what lost its place, by field, split and row."""
    pieces = []
    for name, rows in clashes:
        for split, lost in sorted(by_split(rows).items()):
            table = read_table(staged[split], [name, "_source", "_url"]).take(lost)
            entries = [
                {
                    **row["_source"],
                    "url": row["_url"],
                    "stage": "merge",
                    "code": "constraint",
                    "message": f"{name}: another row has this value (unique): {shown(row[name])}",
                }
                for row in table.to_pylist()
            ]
            pieces.append(pa.Table.from_pylist(entries, schema=REJECTS))
    yield pa.concat_tables(pieces)
