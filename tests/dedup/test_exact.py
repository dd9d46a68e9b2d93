from __future__ import annotations

from typing import NamedTuple

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.dedup.exact import KEYS, LOSERS, contest, keys_of
from builder.write.marks import BYTES, KEY, ORDINAL, RANK
from builder.write.staging import BOOKKEEPING


class Row(NamedTuple):
    key: str | None
    rank: int = 0
    ordinal: int | None = None
    """Place in the split; that in the file where None."""


def losers_of(splits: list[list[Row]], numbers: list[int] | None = None) -> pl.DataFrame:
    """The duplicates among the rows of splits, as their staged files hold them."""
    keys = [pl.DataFrame(schema=KEYS)]
    for number, rows in zip(numbers or range(len(splits)), splits, strict=True):
        records = [
            {
                KEY: None if row.key is None else row.key.encode().ljust(16, b"."),
                RANK: row.rank,
                BYTES: 1,
                ORDINAL: place if row.ordinal is None else row.ordinal,
            }
            for place, row in enumerate(rows)
        ]
        keys.append(keys_of(pa.Table.from_pylist(records, schema=BOOKKEEPING), KEY, number))
    best, losers = contest(pl.concat(keys))
    assert len(best) + len(losers) == sum(row.key is not None for rows in splits for row in rows)
    return losers


def model(splits: list[list[Row]]) -> list[tuple[int, int]]:
    """The same in so many words: per key all rows but the one of the largest rank, of equal ranks the first."""
    by_key: dict[str, list[tuple[int, int, int, int]]] = {}
    for split, rows in enumerate(splits):
        for place, row in enumerate(rows):
            if row.key is not None:
                ordinal = place if row.ordinal is None else row.ordinal
                by_key.setdefault(row.key, []).append((-row.rank, split, ordinal, place))
    return sorted((split, place) for found in by_key.values() for _, split, _, place in sorted(found)[1:])


@pytest.mark.parametrize(
    ("splits", "expected"),
    [
        pytest.param([], [], id="no splits"),
        pytest.param([[]], [], id="a split without rows"),
        pytest.param([[Row("a"), Row("b")]], [], id="all different"),
        pytest.param([[Row("a"), Row("a")]], [(0, 1)], id="equal ranks: the first stays"),
        pytest.param([[Row("a", 1), Row("a", 2)]], [(0, 0)], id="the larger rank stays"),
        pytest.param([[Row("a")], [Row("a")], [Row("a")]], [(1, 0), (2, 0)], id="over splits: the first stays"),
        pytest.param([[Row("a", 1)], [Row("a", 5)], [Row("a", 3)]], [(0, 0), (2, 0)], id="over splits: rank decides"),
        pytest.param([[Row(None), Row(None)], [Row(None)]], [], id="without a key nothing is a duplicate"),
        pytest.param([[Row("a", -(2**63)), Row("a", 2**63 - 1)]], [(0, 0)], id="the ends of the range"),
        pytest.param([[Row("a", 0, 7), Row("a", 0, 3)]], [(0, 0)], id="the item's place decides, not the file's"),
        pytest.param([[Row("b"), Row("a")], [Row("a"), Row("b")]], [(1, 0), (1, 1)], id="in order of splits and rows"),
    ],
)
def test_losers(splits: list[list[Row]], expected: list[tuple[int, int]]) -> None:
    found = losers_of(splits)
    assert found.rows() == expected
    assert dict(found.schema) == LOSERS


def test_numbers_of_splits_need_not_be_without_gaps() -> None:
    assert losers_of([[Row("a")], [Row("a")]], [3, 70_000]).rows() == [(70_000, 0)]


def test_the_order_in_which_splits_are_given_does_not_matter() -> None:
    splits = [[Row("a"), Row("b", 2)], [Row("b"), Row("a")]]
    assert losers_of(splits[::-1], [1, 0]).rows() == losers_of(splits).rows()


def test_bytes_of_keys_are_compared_not_their_text() -> None:
    keys = [b"\x00" * 16, b"\xff" * 16, b"\x00" * 15 + b"\x01", b"\xff" * 16]
    table = pa.table({KEY: keys, RANK: [0] * 4, BYTES: [1] * 4, ORDINAL: range(4)}, schema=BOOKKEEPING)
    best, losers = contest(keys_of(table, KEY, 0))
    assert losers.rows() == [(0, 3)]
    assert best["row"].to_list() == [0, 2, 1]


@st.composite
def staged_splits(draw: st.DrawFn) -> list[list[Row]]:
    splits = []
    for length in draw(st.lists(st.integers(0, 6), max_size=4)):
        ordinals = draw(st.permutations(range(length)))
        keys = draw(st.lists(st.sampled_from(["a", "b", "c", None]), min_size=length, max_size=length))
        ranks = draw(st.lists(st.integers(-1, 1), min_size=length, max_size=length))
        splits.append([Row(*values) for values in zip(keys, ranks, ordinals, strict=True)])
    return splits


@settings(max_examples=60, deadline=None)
@given(staged_splits())
def test_as_the_model_says(splits: list[list[Row]]) -> None:
    assert losers_of(splits).rows() == model(splits)
