"""Splits of a dump must join: gaps between them, and splits that begin where the one before has ended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builder.plan.boundaries import begin_at, gaps
from builder.plan.inputs import PlannedSplit, split_key
from builder.receipts import FileRef, Receipt
from builder.records import Dump, Split

DUMPS = {name: Dump(name, f"/x/{name}", "warc", 400) for name in "ab"}
NOTHING = FileRef("", 0, "", 0)


def receipt(first: int | None, following: int | None) -> Receipt:
    return Receipt("k", "a", 0, 0, {}, {}, {}, {}, first, following, NOTHING, NOTHING, ())


def planned(*dumps: str) -> list[PlannedSplit]:
    """Splits of a hundred bytes each."""
    entries = []
    for number, name in enumerate(dumps):
        start = 100 * dumps[:number].count(name)
        entries.append(PlannedSplit(number, Split(DUMPS[name], start, start + 100, 100), "id", "key", []))
    return entries


@pytest.mark.parametrize(
    ("dumps", "extents", "expected"),
    [
        pytest.param("a", [(0, 130)], [], id="one split"),
        pytest.param("aaa", [(0, 130), (130, 220), (220, 300)], [], id="they join"),
        pytest.param("aaa", [(0, 130), (130, 200), (200, 300)], [], id="a record begins at the border"),
        pytest.param("aaa", [(0, 130), (150, 220), (220, 300)], [(1, 130)], id="a gap"),
        pytest.param("aaa", [(0, 170), (150, 220), (220, 300)], [(1, 170)], id="an overlap"),
        pytest.param("aaa", [(0, 100), (140, 240), (220, 300)], [(1, 100)], id="only the first of a dump"),
        pytest.param("aaa", [(0, 350), (200, 200), (350, 350)], [], id="a record over whole splits"),
        pytest.param("aaa", [(0, 350), (160, 220), (350, 350)], [(1, 350)], id="records found inside of one"),
        pytest.param("aaa", [(0, 150), (250, 250), (250, 300)], [(1, 150)], id="none found where one begins"),
        pytest.param("aabb", [(0, 120), (130, 200), (0, 120), (90, 200)], [(1, 120), (3, 120)], id="two dumps"),
        pytest.param("ab", [(0, 150), (20, 100)], [], id="dumps do not join each other"),
        pytest.param("aa", [(None, None), (None, None)], [], id="dumps that are not cut by bytes"),
    ],
)  # fmt: skip
def test_gaps(dumps: str, extents: list[tuple[int | None, int | None]], expected: list[tuple[int, int]]) -> None:
    receipts = {number: receipt(*extent) for number, extent in enumerate(extents)}
    assert [(entry.number, offset) for entry, offset in gaps(planned(*dumps), receipts)] == expected


@pytest.mark.parametrize(("offset", "start"), [(130, 130), (100, 100), (350, 200)])
def test_begin_at(offset: int, start: int) -> None:
    entry = planned("a", "a")[1]
    moved = begin_at(entry, offset, "digest", None)
    assert moved.split == replace(entry.split, start=start, exact=True)
    assert (moved.number, moved.identity) == (entry.number, entry.identity)
    assert moved.key != entry.key


def test_a_known_beginning_is_another_task_than_a_search_from_there() -> None:
    entry = planned("a")[0]
    assert begin_at(entry, 0, "digest", None).key != split_key(entry.split, entry.identity, "digest", None)
    assert begin_at(entry, 0, "digest", None).key != begin_at(entry, 0, "digest", 5).key
