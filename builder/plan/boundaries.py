"""Splits of one dump must join: where one ended the next begins. What to read again where they do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from builder.plan.inputs import PlannedSplit, split_key
from builder.receipts import Receipt
from builder.records import Dump, Split


def gaps(planned: Sequence[PlannedSplit], receipts: Mapping[int, Receipt]) -> list[tuple[PlannedSplit, int]]:
    """Splits that did not begin where the one before them ended, with the place where they must begin.

    A split finds its first record by looking for one, and may take bytes inside a record for one (a WARC that holds a
    WARC). The split before knows better. Only the first such split of every dump is given: what follows depends on it.
    """
    wrong: list[tuple[PlannedSplit, int]] = []
    expected: int | None = None
    dump: Dump | None = None
    for entry in planned:
        receipt = receipts[entry.number]
        if entry.split.dump != dump:
            dump, expected = entry.split.dump, None
        if receipt.first is None or receipt.next is None:
            continue
        if expected is not None and _misplaced(entry.split, receipt.first, expected):
            if not wrong or wrong[-1][0].split.dump != dump:
                wrong.append((entry, expected))
            continue
        expected = max(receipt.next, expected or 0)
    return wrong


def _misplaced(split: Split, first: int, expected: int) -> bool:
    if split.exact and split.start == min(expected, split.end):
        return False  # it began where it must, and what it found there is booked
    if first >= split.end:  # it found no record, so none may begin in it
        return expected < split.end
    return first != expected


def begin_at(entry: PlannedSplit, offset: int, digest: str, limit: int | None) -> PlannedSplit:
    """The split with its first record where it must be."""
    split = replace(entry.split, start=min(offset, entry.split.end), exact=True)
    return replace(entry, split=split, key=split_key(split, entry.identity, digest, limit))
