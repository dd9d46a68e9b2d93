"""The books: where every page went, and whether that may be published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from builder.compiled import Job
from builder.dedup.settle import Settled
from builder.errors import DumpError, FindingsError
from builder.plan.inputs import Plan, PlannedSplit
from builder.receipts import FileRef, Part, Receipt, summed
from builder.records import SKIP_KINDS
from builder.storage.place import Place
from builder.write.manifest import Books, missing
from builder.write.parquet import read_table
from builder.write.staging import place_of_reject

DAMAGE = ("damaged", "truncated", "unreadable")
"""Codes of bytes that are lost, whatever they held."""


def refuse_damage(plan: Plan, planned: Sequence[PlannedSplit], receipts: Mapping[int, Receipt]) -> None:
    """Hold inputs to their `on_bad_input: fail`.

    Raises:
        FindingsError: such an input is damaged or cut.

    """
    strict = {dump.name for dump, spec in zip(plan.dumps, plan.specs, strict=True) if spec.on_bad_input == "fail"}
    for entry in planned:
        broken = {code: count for code, count in receipts[entry.number].rejected.items() if code in DAMAGE}
        if broken and entry.split.dump.name in strict:
            what = f"on_bad_input is fail, and {_counts(broken)} there"
            raise FindingsError(f"{entry.split.dump.name}: {what}; mend it, or let it be reject")


def refuse_violations(job: Job, settled: Settled, staged: Place) -> None:
    """Hold fields to their `on_violation: fail`; `staged` is the folder of the splits' rejects.

    Raises:
        FindingsError: one line for each such field that a page breaks, with the place of the first.

    """
    counts = summed(receipt.violations for receipt in settled.receipts.values())
    problems = []
    for field in job.fields:
        broken = {rule: count for rule, count in counts.items() if _field_of(rule) == field.name}
        if field.on_violation == "fail" and broken:
            problems.append(
                f"fields.{field.name}.on_violation is fail, and pages break {_counts(broken)}; the first: "
                f"{next(_broken(field.name, settled, staged))}"
            )
    if problems:
        raise FindingsError("\n".join(problems))


def _field_of(rule: str) -> str:
    return rule.rpartition(".")[0]


def _broken(name: str, settled: Settled, staged: Place) -> Iterator[str]:
    """The rejects for a field: where, and what is wrong."""
    found = (receipt for _, receipt in sorted(settled.receipts.items()) if name in map(_field_of, receipt.violations))
    own = (staged / receipt.rejects.name for receipt in found)
    for path in (*own, *(settled.dropped.folder / clashes for clashes, _ in settled.clashes)):
        for row in read_table(path).to_pylist():
            if row["stage"] in ("check", "merge") and row["message"].startswith(f"{name}: "):
                yield f"{place_of_reject(row)}: {row['message']}"


def balance(
    receipts: Mapping[int, Receipt],
    parts: Sequence[Part],
    rejects: Sequence[FileRef],
    lost: Mapping[int, int],
) -> Books:
    """Where every page went: rows as the parts hold them, rejects as the table holds them.

    Raises:
        FindingsError: they are not as many as were read.

    """
    books = Books(
        read=sum(receipt.read for receipt in receipts.values()),
        rows=sum(part.rows for part in parts),
        rejected=summed(receipt.rejected for receipt in receipts.values()),
        filtered=summed(receipt.filtered for receipt in receipts.values()),
        duplicates=sum(lost.values()),
        skipped=summed(receipt.skipped for receipt in receipts.values()),
    )
    kept = sum(receipt.rows for receipt in receipts.values()) - books.duplicates
    tabled = sum(part.rows for part in rejects)
    if (books.read, books.rows, sum(books.rejected.values())) != (books.accounted, kept, tabled):
        raise FindingsError(f"the books do not balance, nothing is published: {books}")
    return books


def refuse_emptiness(books: Books, settled: Settled, staged: Place) -> None:
    """A dataset of no row is no answer where no input or no page can be read, or all that they hold is no page.

    `staged` is the folder of the splits' rejects.

    Raises:
        DumpError: not one input can be read, which for some shows only when their pages are sought.
        FindingsError: not one page was read, but there were other things than what a WARC says of itself, or all were
            rejected before they were pages.

    """
    tables = (read_table(staged / receipt.rejects.name) for _, receipt in sorted(settled.receipts.items()))
    if books.read == books.rejected.get("unreadable"):
        raise DumpError("\n".join(row["message"] for table in tables for row in table.to_pylist()))
    if books.read and books.read == sum(books.rejected.values()):
        _refuse_unread(books, tables)
    held = {kind: count for kind, count in books.skipped.items() if kind != "warc_warcinfo"}
    if held and not books.read:
        meant = "; ".join(f"{kind}: {SKIP_KINDS[kind]}" for kind in held if kind in SKIP_KINDS)
        raise FindingsError(f"the inputs hold no page but {_counts(held)}" + (f" ({meant})" if meant else ""))


def _refuse_unread(books: Books, tables: Iterable[pa.Table]) -> None:
    """Refuse rejects of which none came further than being read; one that did was a page."""
    first: Mapping[str, Any] | None = None
    for table in tables:
        if set(table.column("stage").unique().to_pylist()) - {"read"}:
            return
        first = first or next(iter(table.slice(0, 1).to_pylist()), None)
    if first is not None:
        where = f"{place_of_reject(first)}: {first['message']}"
        counts = _counts(books.rejected)
        raise FindingsError(f"not one page of the inputs can be read: {counts}; the first: {where}")


def check_thresholds(job: Job, books: Books, parts: Sequence[Part], *, limit: int | None) -> None:
    """Hold the build to the config's thresholds; a trial run of `limit` pages has not the rows of the whole.

    Raises:
        FindingsError: one line for each that is passed.

    """
    wanted = job.config.thresholds
    problems = list(_reject_rates(wanted.max_reject_rate, books))
    if limit is None and wanted.min_rows is not None and books.rows < wanted.min_rows:
        problems.append(f"thresholds.min_rows: {books.rows} rows (at least {wanted.min_rows})")
    for name, rate in wanted.min_fill.items():
        filled = books.rows - sum(missing(part, name) for part in parts)
        if books.rows and filled < rate * books.rows:
            problems.append(f"thresholds.min_fill.{name}: {filled / books.rows:.2%} of the rows (at least {rate:.2%})")
    if problems:
        raise FindingsError("\n".join(problems))


def _reject_rates(wanted: Mapping[str, float], books: Books) -> Iterator[str]:
    for name, rate in sorted(wanted.items()):
        is_total = name == "total"
        count = sum(books.rejected.values()) if is_total else books.rejected.get(name, 0)
        if count > rate * books.read:
            yield (
                f"thresholds.max_reject_rate{'' if is_total else f'.{name}'}: {count} of {books.read} pages rejected, "
                f"{count / books.read:.2%} (at most {rate:.2%})" + (f": {_counts(books.rejected)}" if is_total else "")
            )


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
