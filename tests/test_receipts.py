from __future__ import annotations

import pickle
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.receipts import FileRef, Receipt, StagedPartition, StagedPartitions

U32 = st.integers(0, 2**32 - 1)
PLACES = st.builds(
    StagedPartition, st.tuples(st.text(max_size=3), st.text(max_size=3)), U32, U32, U32, U32, st.integers(0, 2**64 - 1)
)


@given(st.lists(PLACES, max_size=5))
def test_partitions_come_back_as_they_were_packed(items: list[StagedPartition]) -> None:
    packed = StagedPartitions.of(items)
    assert (list(packed), len(packed)) == (items, len(items))
    again = pickle.loads(pickle.dumps(packed))
    assert again == packed
    assert again.values is packed.values  # a driver holds the values of a hundred thousand splits once


@pytest.mark.parametrize("wrong", [-1, 2**32, "7", None, 1.5])
def test_a_number_that_is_none_is_a_value_error(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"^partitions: "):
        StagedPartitions.of([StagedPartition(("a",), wrong, 1, 0, 1, 1)])  # type: ignore[arg-type]


def test_a_receipt_comes_back_from_its_text() -> None:
    places = StagedPartitions.of([StagedPartition(("2022-01", "é"), 0, 7, 0, 2, 700)])
    file = FileRef("k.parquet", 9, "0" * 64, 7)
    receipt = Receipt("k", "d", 9, 7, {"empty": 2}, {}, {}, {}, 0, 99, file, file, places, {"3": "crash"}, ("crash",))
    receipt = replace(receipt, allowed=(60.0, 2**31))
    assert Receipt.from_json(receipt.to_json()) == receipt


def test_a_partition_of_a_split_takes_some_thirty_bytes() -> None:
    many = StagedPartitions.of([StagedPartition((f"m{n}",), n, 1, n, 1, 1) for n in range(1000)])
    assert sys.getsizeof(many.places) + sys.getsizeof(many.values) < 34_000
