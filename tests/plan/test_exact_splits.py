"""Splits that were read again from where the one before them ended."""

from __future__ import annotations

import pytest

from builder.plan.boundaries import gaps
from builder.plan.inputs import PlannedSplit
from builder.receipts import FileRef, Receipt
from builder.records import Dump, Split

DUMP = Dump("a", "/x/a", "warc", 200)
NOTHING = FileRef("", 0, "", 0)


@pytest.mark.parametrize(
    ("start", "first", "expected"),
    [
        pytest.param(130, 130, [], id="a record begins there"),
        pytest.param(130, 160, [], id="damage is there, and the first record behind it"),
        pytest.param(130, 200, [], id="damage is there, and no record"),
        pytest.param(150, 160, [130], id="it was read from elsewhere"),
    ],
)
def test_it_is_not_read_a_third_time(start: int, first: int, expected: list[int]) -> None:
    """What it found there is booked: told as a gap once more, the build would never end."""
    splits = [Split(DUMP, 0, 100, 100), Split(DUMP, start, 200, 100, exact=True)]
    entries = [PlannedSplit(number, split, "id", "key", []) for number, split in enumerate(splits)]
    extents = [(0, 130), (first, 200)]
    receipts = {
        number: Receipt("k", "a", 0, 0, {}, {}, {}, {}, *extent, NOTHING, NOTHING, ())  # type: ignore[arg-type]
        for number, extent in enumerate(extents)
    }
    assert [(entry.number, offset) for entry, offset in gaps(entries, receipts)] == [(1, offset) for offset in expected]
