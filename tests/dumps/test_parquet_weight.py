"""Large values in a Parquet: what is held at once, and what is left where no process survives reading it."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from dump_files import cut, dump_of

from builder.dumps import pages_of
from builder.records import DumpOptions, Page, Reject

HTML = "<p>Ein kurzer Text, täglich.</p>"
LARGE = 2 * 2**20


@pytest.mark.parametrize(
    ("sizes", "page_bytes", "most"),
    [
        pytest.param([LARGE] * 64, 16 * 2**20, 5, id="large pages"),
        pytest.param([100] * 100 + [LARGE] * 40 + [100] * 100, LARGE - 1, 10, id="videos among small pages"),
        pytest.param([100] * 10 + [16 * LARGE] + [100] * 10, LARGE, 20, id="one that is far too large"),
    ],
)
def test_memory_grows_with_one_value_and_not_with_the_batch(
    sizes: list[int], page_bytes: int, most: int, tmp_path: Path
) -> None:
    """Beside what the library needs to decode a data page."""
    noise = random.Random(1).randbytes(max(sizes))
    table = pa.table({"html": pa.array([b"<html>" + noise[: size - 6] for size in sizes], pa.large_binary())})
    path = tmp_path / "a.parquet"
    pq.write_table(table, path, compression="none", use_dictionary=False, write_batch_size=1, data_page_size=LARGE)
    del table
    before = pa.total_allocated_bytes()
    held, codes = 0, []
    (split,) = cut(dump_of(path, DumpOptions(page_bytes=page_bytes)))
    for item in pages_of(split):
        held = max(held, pa.total_allocated_bytes() - before)
        codes.append(item.code if isinstance(item, Reject) else None)
    assert codes == ["too_large" if size > page_bytes else None for size in sizes]
    assert held < most * LARGE


@pytest.mark.parametrize("weight", [0, 2**20], ids=["light rows", "heavy rows"])
@pytest.mark.parametrize(
    ("unread", "rejected"),
    [
        pytest.param((), [], id="all is read"),
        pytest.param((0,), [(0, 20)], id="from its first row on"),
        pytest.param((33,), [(33, 7)], id="from the middle on"),
        pytest.param((39,), [(39, 1)], id="its last row"),
        pytest.param((5, 6), [(5, 15), (20, 20)], id="two of them"),
        pytest.param((60,), [], id="behind the last"),
    ],
)
def test_a_row_group_is_left_where_no_process_survived(
    unread: tuple[int, ...], rejected: list[tuple[int, int]], weight: int, tmp_path: Path
) -> None:
    bodies = [f"{HTML} {i}" + " " * weight for i in range(60)]
    pq.write_table(pa.table({"html": bodies}), tmp_path / "a.parquet", row_group_size=20)
    (split,) = cut(dump_of(tmp_path / "a.parquet"))
    items = list(pages_of(replace(split, unread=unread)))
    lost = [item for item in items if isinstance(item, Reject)]
    assert [(item.source.offset, item.source.length) for item in lost] == rejected
    assert {(item.code, item.message) for item in lost} <= {
        ("memory", f"row group {group} cannot be read from this row on") for group in range(3)
    }
    left = {row for start, length in rejected for row in range(start, start + length)}
    assert [item.source.offset for item in items if isinstance(item, Page)] == sorted({*range(60)} - left)
