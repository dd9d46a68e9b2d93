"""Parquet files: bytes that depend on rows alone, row groups, and statistics."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.write.files import sha256_of
from builder.write.parquet import (
    MAX_GROUP_ROWS,
    ColumnOptions,
    column_statistics,
    cut_rows,
    read_cut,
    write_cuts,
    write_parquet,
)

SCHEMA = pa.schema(
    [
        pa.field("url", pa.string(), nullable=False),
        pa.field("links", pa.list_(pa.struct([("url", pa.string()), ("text", pa.string())]))),
        pa.field("source", pa.struct([("input", pa.string()), ("offset", pa.int64())])),
        pa.field("text", pa.string()),
        pa.field("at", pa.timestamp("us", tz="UTC")),
        pa.field("words", pa.int64()),
    ]
)


def row(number: int) -> dict[str, Any]:
    """A row with a null now and then."""
    return {
        "url": f"https://a.example/{number:04d}",
        "links": [{"url": f"https://b.example/{number}", "text": None}] * (number % 3) if number % 5 else None,
        "source": {"input": "a.warc", "offset": number} if number % 7 else None,
        "text": f"Text number {number}. " * (number % 11) or None,
        "at": datetime(2022, 1, 1 + number % 28, tzinfo=UTC) if number % 4 else None,
        "words": number,
    }


TABLE = pa.Table.from_pylist([row(number) for number in range(120)], schema=SCHEMA)


def chunked(table: pa.Table, cuts: list[int]) -> pa.Table:
    """The same rows in other chunks, and slices of arrays instead of arrays."""
    edges = [0, *sorted(cuts), table.num_rows]
    return pa.concat_tables([table.slice(start, end - start) for start, end in pairwise(edges)])


def write(folder: Path, groups: list[pa.Table], name: str = "file.parquet", **options: Any) -> Path:
    write_parquet(folder / name, groups, SCHEMA, **{"level": 3, **options})
    return folder / name


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 120), max_size=6), st.integers(1, 119))
def test_bytes_do_not_depend_on_chunks(cuts: list[int], border: int) -> None:
    groups = [TABLE.slice(0, border), TABLE.slice(border)]
    other = chunked(TABLE, cuts)
    with tempfile.TemporaryDirectory() as folder:
        plain = write(Path(folder), groups, "plain.parquet")
        cut = write(Path(folder), [other.slice(0, border), other.slice(border)], "cut.parquet")
        assert plain.read_bytes() == cut.read_bytes()


def test_rows_come_back(tmp_path: Path) -> None:
    path = write(tmp_path, [TABLE])
    assert pq.read_table(path).equals(TABLE)


def test_the_answer_says_what_was_written(tmp_path: Path) -> None:
    written = write_parquet(tmp_path / "file.parquet", [TABLE, TABLE], SCHEMA, level=3)
    path = tmp_path / "file.parquet"
    assert written.name == "file.parquet"
    assert (written.rows, written.bytes, written.sha256) == (240, path.stat().st_size, sha256_of(path))


def test_tables_may_come_one_at_a_time(tmp_path: Path) -> None:
    listed, given = (tmp_path / name for name in ("listed.parquet", "given.parquet"))
    groups = [TABLE.slice(0, 20), TABLE.slice(20)]
    write_parquet(listed, groups, SCHEMA, level=3)
    assert write_parquet(given, iter(groups), SCHEMA, level=3).rows == 120
    assert given.read_bytes() == listed.read_bytes()


def test_one_row_group_a_table_and_none_for_empty_ones(tmp_path: Path) -> None:
    path = write(tmp_path, [TABLE.slice(0, 20), SCHEMA.empty_table(), TABLE.slice(20, 70), TABLE.slice(90)])
    metadata = pq.read_metadata(path)
    assert [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)] == [20, 70, 30]


@pytest.mark.parametrize("groups", [[], [SCHEMA.empty_table()]], ids=["no table", "an empty table"])
def test_a_file_without_rows_has_the_schema(tmp_path: Path, groups: list[pa.Table]) -> None:
    table = pq.read_table(write(tmp_path, groups))
    assert (table.num_rows, table.schema) == (0, SCHEMA)


def test_metadata_is_kept_with_the_schema(tmp_path: Path) -> None:
    path = write(tmp_path, [TABLE], metadata={"dataset.name": "small"})
    schema = pq.read_schema(path)
    assert (schema.metadata, schema.remove_metadata()) == ({b"dataset.name": b"small"}, SCHEMA)


def test_page_index_and_zstd_everywhere_and_statistics_but_for_long_and_nested_columns(tmp_path: Path) -> None:
    group = pq.read_metadata(write(tmp_path, [TABLE], columns=ColumnOptions(heavy=("text",)))).row_group(0)
    columns = {group.column(at).path_in_schema: group.column(at) for at in range(group.num_columns)}
    assert all(column.has_offset_index and column.compression == "ZSTD" for column in columns.values())
    assert all(columns[name].has_column_index for name in ("url", "at", "words"))
    with_statistics = {name for name, column in columns.items() if column.is_stats_set}
    assert with_statistics == {"url", "at", "words"}
    assert columns["words"].statistics.max == 119
    assert columns["url"].statistics.null_count == 0


def test_a_flipped_bit_is_found_by_the_checksum(tmp_path: Path) -> None:
    path = write(tmp_path, [TABLE])
    column = pq.read_metadata(path).row_group(0).column(0)
    data = bytearray(path.read_bytes())
    start = column.dictionary_page_offset or column.data_page_offset
    data[start + column.total_compressed_size - 1] ^= 1  # the last byte of the last page
    path.write_bytes(bytes(data))
    with pytest.raises(OSError, match="CRC"):
        pq.read_table(path, page_checksum_verification=True)


@pytest.mark.parametrize("sorting", [("url",), ("words", "url"), ("at",)])
def test_the_stated_order_names_the_sorted_columns(tmp_path: Path, sorting: tuple[str, ...]) -> None:
    """By the number of the leaf, which is not that of the field once a struct stands before it."""
    group = pq.read_metadata(write(tmp_path, [TABLE], sorting=sorting)).row_group(0)
    stated = [group.column(order.column_index).path_in_schema for order in group.sorting_columns]
    assert stated == list(sorting)
    assert not any(order.nulls_first or order.descending for order in group.sorting_columns)


def test_the_level_of_compression_counts(tmp_path: Path) -> None:
    table = pa.concat_tables([TABLE] * 40)
    fast, small = (write(tmp_path, [table], f"{level}.parquet", level=level) for level in (1, 19))
    assert small.stat().st_size < fast.stat().st_size


# ------------------------------------------------------------------ row groups


@pytest.mark.parametrize(
    ("sizes", "target", "expected"),
    [
        pytest.param([], 10, [], id="no rows"),
        pytest.param([1], 10, [1], id="one row"),
        pytest.param([5, 5, 5], 10, [2, 1], id="as many as fit"),
        pytest.param([11, 11], 10, [1, 1], id="rows larger than the target stand alone"),
        pytest.param([1, 50, 1, 1], 10, [1, 1, 2], id="a large row between small ones"),
        pytest.param([0] * 5, 10, [5], id="rows of no size"),
        pytest.param([10, 1], 10, [1, 1], id="to the byte"),
    ],
)
def test_cut_rows(sizes: list[int], target: int, expected: list[int]) -> None:
    assert [count for _, count in cut_rows(sizes, target)] == expected


@given(st.lists(st.integers(0, 100), max_size=60), st.integers(1, 200), st.none() | st.integers(1, 9))
def test_runs_are_all_rows_and_none_is_too_large_or_cut_too_early(
    sizes: list[int], target: int, most: int | None
) -> None:
    runs = [range(first, first + count) for first, count in cut_rows(sizes, target, most)]
    assert [row for run in runs for row in run] == list(range(len(sizes)))
    assert all(len(run) == 1 or sum(sizes[row] for row in run) <= target for run in runs)
    assert all(most is None or len(run) <= most for run in runs)
    for before, after in pairwise(runs):
        assert len(before) == most or sum(sizes[row] for row in before) + sizes[after[0]] > target


def test_row_groups_have_a_largest_number_of_rows() -> None:
    assert [count for _, count in cut_rows([0] * (MAX_GROUP_ROWS + 5), 1)] == [MAX_GROUP_ROWS, 5]


# ------------------------------------------------------------------ statistics


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        pytest.param(pa.string(), ["b", None, "a"], {"null_count": 1, "min": "a", "max": "b"}, id="string"),
        pytest.param(pa.int64(), [3, 1, None], {"null_count": 1, "min": 1, "max": 3}, id="integer"),
        pytest.param(pa.float64(), [0.5, -1.0], {"null_count": 0, "min": -1.0, "max": 0.5}, id="number"),
        pytest.param(pa.bool_(), [True, None], {"null_count": 1}, id="boolean"),
        pytest.param(pa.string(), [None, None], {"null_count": 2}, id="nothing but nulls"),
        pytest.param(pa.int64(), [], {"null_count": 0}, id="no rows"),
        pytest.param(pa.list_(pa.string()), [["a"], None], {"null_count": 1}, id="list"),
        pytest.param(
            pa.date32(), [date(2022, 3, 1), date(2022, 1, 2)],
            {"null_count": 0, "min": "2022-01-02", "max": "2022-03-01"}, id="date",
        ),
        pytest.param(
            pa.timestamp("us", tz="UTC"), [datetime(2022, 1, 2, 3, 4, 5, 6, tzinfo=UTC)],
            {"null_count": 0, "min": "2022-01-02T03:04:05.000006Z", "max": "2022-01-02T03:04:05.000006Z"},
            id="timestamp",
        ),
        pytest.param(pa.string(), ["y" * 65, "x" * 65], {"null_count": 0, "min": "x" * 64}, id="long strings"),
        pytest.param(pa.string(), ["x" * 64], {"null_count": 0, "min": "x" * 64, "max": "x" * 64}, id="just not long"),
    ],
)  # fmt: skip
def test_column_statistics(kind: pa.DataType, values: list[Any], expected: dict[str, Any]) -> None:
    assert column_statistics(pa.table({"column": pa.array(values, kind)})) == {"column": expected}


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=130), min_size=1, max_size=5))
def test_bounds_of_strings_hold(values: list[str]) -> None:
    entry = column_statistics(pa.table({"column": pa.array(values, pa.string())}))["column"]
    assert all(entry["min"].encode() <= value.encode() for value in values)
    assert all(value.encode() <= entry.get("max", value).encode() for value in values)


# ------------------------------------------------------------------ cuts that are read alone


@pytest.mark.parametrize(
    "counts", [[0], [3], [0, 2, 0, 0, 5, 0], [MAX_GROUP_ROWS + 1, 0, 2 * MAX_GROUP_ROWS, 7], [1] * 300]
)
def test_every_cut_is_read_alone(tmp_path: Path, counts: list[int]) -> None:
    table = pa.table({"n": pa.array(range(sum(counts)), pa.uint32())})
    write_cuts(tmp_path / "cuts.parquet", table, counts)
    found = [read_cut(tmp_path / "cuts.parquet", number) for number in range(len(counts))]
    assert [piece.num_rows for piece in found] == counts
    assert pa.concat_tables(found).column("n").to_pylist() == list(range(sum(counts)))
    assert pq.read_metadata(tmp_path / "cuts.parquet").num_row_groups <= sum(counts) // MAX_GROUP_ROWS + len(counts)
