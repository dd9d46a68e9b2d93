from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.receipts import FileRef, StagedPartition
from builder.records import Locator, Record, Reject
from builder.write import staging
from builder.write.files import sha256_of
from builder.write.marks import BYTES, KEY, ORDINAL, RANK
from builder.write.staging import BOOKKEEPING, STAGED_REJECTS, Staging, partition_value, row_bytes, staged_schema

SCHEMA = pa.schema([("url", pa.string()), ("n", pa.int64()), ("tags", pa.list_(pa.string()))])


class Given(NamedTuple):
    n: int | None
    partition: tuple[str, ...] = ("p",)
    key: bytes | None = None
    rank: int = 0


class Staged(NamedTuple):
    file: FileRef
    partitions: tuple[StagedPartition, ...]
    rows: list[dict[str, Any]]
    groups: list[int]


def stage(folder: Path, rows: list[Given], sort_by: tuple[str, ...] = ("n",)) -> Staged:
    staged = Staging(SCHEMA, sort_by)
    for place, row in enumerate(rows):
        add(staged, place, row)
    file, partitions = staged.write_rows(folder / "staged.parquet")
    metadata = pq.read_metadata(folder / "staged.parquet")
    groups = [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]
    return Staged(file, partitions, pq.read_table(folder / "staged.parquet").to_pylist(), groups)


def add(staged: Staging, place: int, row: Given) -> None:
    staged.add({"url": f"u{place}", "n": row.n, "tags": ["a"]}, row.partition, row.key, row.rank, place)


def test_rows_stand_by_partition_then_by_the_sort_columns_then_as_they_came(tmp_path: Path) -> None:
    rows = [
        Given(2, ("b",)),
        Given(1, ("a",)),
        Given(None, ("b",)),
        Given(1, ("b",)),
        Given(2, ("b",)),
        Given(0, ("b",)),
    ]
    staged = stage(tmp_path, rows)
    assert [(row["n"], row[ORDINAL]) for row in staged.rows] == [(1, 1), (0, 5), (1, 3), (2, 0), (2, 4), (None, 2)]
    size = staged.rows[0][BYTES]
    assert staged.partitions == (
        StagedPartition(("a",), 0, 1, 0, 1, size),
        StagedPartition(("b",), 1, 5, 1, 1, sum(row[BYTES] for row in staged.rows[1:])),
    )


def test_without_sort_columns_rows_stand_as_they_came(tmp_path: Path) -> None:
    staged = stage(tmp_path, [Given(3), Given(1), Given(2)], sort_by=())
    assert [row["n"] for row in staged.rows] == [3, 1, 2]


def test_what_merging_wants_to_know_stands_beside_the_row(tmp_path: Path) -> None:
    staged = stage(tmp_path, [Given(7, key=b"k" * 16, rank=-5), Given(8)])
    assert pq.read_schema(tmp_path / "staged.parquet") == staged_schema(SCHEMA) == pa.schema([*SCHEMA, *BOOKKEEPING])
    first, second = staged.rows
    assert (first[KEY], first[RANK], first[ORDINAL]) == (b"k" * 16, -5, 0)
    assert (second[KEY], second[RANK], second[ORDINAL]) == (None, 0, 1)
    assert first[BYTES] == row_bytes({"url": "u0", "n": 7, "tags": ["a"]})


def test_a_split_without_rows_leaves_a_file_with_the_schema(tmp_path: Path) -> None:
    staged = stage(tmp_path, [])
    assert (staged.partitions, staged.rows, staged.file.rows) == ((), [], 0)
    assert pq.read_schema(tmp_path / "staged.parquet") == staged_schema(SCHEMA)


def test_the_answer_names_the_file_by_size_and_sum(tmp_path: Path) -> None:
    path = tmp_path / "staged.parquet"
    file = stage(tmp_path, [Given(1)] * 3).file
    assert file == FileRef("staged.parquet", path.stat().st_size, sha256_of(path), 3)


def test_a_large_partition_has_more_than_one_row_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "_GROUP_BYTES", 60)
    staged = stage(tmp_path, [Given(n, (partition,)) for partition in "ab" for n in range(5)])
    assert staged.groups == [2, 2, 1, 2, 2, 1]
    size = 5 * staged.rows[0][BYTES]
    assert staged.partitions == (StagedPartition(("a",), 0, 5, 0, 3, size), StagedPartition(("b",), 5, 5, 3, 3, size))


PARTITIONS = st.tuples(st.sampled_from(["x", "y", "z"]), st.sampled_from(["1", "é"]))
ROWS = st.lists(st.tuples(st.none() | st.integers(-3, 3), PARTITIONS).map(lambda pair: Given(*pair)), max_size=40)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.integers(1, 5))
def test_every_partition_stands_where_its_entry_says(rows: list[Given], batch: int) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(staging, "_BATCH_ROWS", batch)
        patch.setattr(staging, "_GROUP_BYTES", 80)
        staged = stage(Path(folder), rows)
    assert [entry.values for entry in staged.partitions] == sorted({row.partition for row in rows})
    for entry in staged.partitions:
        stretch = staged.rows[entry.first_row : entry.first_row + entry.rows]
        wanted = [place for place, row in enumerate(rows) if row.partition == entry.values]
        assert sorted(row[ORDINAL] for row in stretch) == wanted
        assert sum(staged.groups[: entry.first_group]) == entry.first_row
        assert sum(staged.groups[entry.first_group : entry.first_group + entry.groups]) == entry.rows
        keys = [(row["n"] is None, row["n"] or 0, row[ORDINAL]) for row in stretch]
        assert all(one < other for one, other in pairwise(keys))
    assert sum(entry.rows for entry in staged.partitions) == len(rows) == staged.file.rows


def test_the_same_rows_make_the_same_bytes_however_they_are_gathered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [Given(n % 5, (str(n % 3),), bytes([n] * 16), n) for n in range(50)]
    one = stage(tmp_path, rows).file
    monkeypatch.setattr(staging, "_BATCH_ROWS", 7)
    assert stage(tmp_path, rows).file == one


def test_what_was_gathered_elsewhere_in_any_order_makes_the_same_bytes(tmp_path: Path) -> None:
    rows = [Given(n % 5, (str(n % 3),), bytes([n] * 16), n) for n in range(50)]
    one = stage(tmp_path, rows).file
    first, second = Staging(SCHEMA, ("n",)), Staging(SCHEMA, ("n",))
    for place in reversed(range(20, 50)):
        add(first, place, rows[place])
    second.take(first.news())
    assert second.news().rows == first.news().rows == []
    for place in range(20):
        add(second, place, rows[place])
    assert [batch.num_rows for batch in second.news().rows] == [20]
    assert second.write_rows(tmp_path / "staged.parquet")[0] == one


def test_rejects_are_news_once_and_those_taken_over_are_none(tmp_path: Path) -> None:
    rejects = [Reject(Locator("b.warc", place, 1), "read", "damaged", "a hole") for place in range(4)]
    first, second = Staging(SCHEMA, ()), Staging(SCHEMA, ())
    told = []
    for place in (3, 2):
        first.reject(rejects[place], place)
        told.append(first.news())
    assert [list(gathered.rejects) for gathered in (*told, first.news())] == [[(3, rejects[3])], [(2, rejects[2])], []]
    for gathered in told:
        second.take(gathered)
    second.reject(rejects[0], 0)
    assert list(second.news().rejects) == [(0, rejects[0])]
    second.write_rejects(tmp_path / "rejects.parquet")
    assert pq.read_table(tmp_path / "rejects.parquet")[ORDINAL].to_pylist() == [0, 2, 3]


def test_rejects_stand_in_the_order_of_their_items(tmp_path: Path) -> None:
    staged = Staging(SCHEMA, ())
    staged.reject(Reject(Locator("b.warc", 2**40, 0), "check", "missing_field", "title: …", "https://a.example/"), 7)
    staged.reject(Reject(Locator("b.warc", 9, 4, "id"), "read", "damaged", "a hole", None), 3)
    written = staged.write_rejects(tmp_path / "rejects.parquet")
    table = pq.read_table(tmp_path / "rejects.parquet")
    assert (written.rows, table.schema) == (2, STAGED_REJECTS)
    assert [tuple(row.values()) for row in table.to_pylist()] == [
        ("b.warc", 9, 4, "id", None, "read", "damaged", "a hole", 3, None),
        ("b.warc", 2**40, 0, None, "https://a.example/", "check", "missing_field", "title: …", 7, None),
    ]


def test_no_rejects_leave_a_table_without_rows(tmp_path: Path) -> None:
    assert Staging(SCHEMA, ()).write_rejects(tmp_path / "rejects.parquet").rows == 0
    assert pq.read_schema(tmp_path / "rejects.parquet") == STAGED_REJECTS


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param({}, 0, id="nothing"),
        pytest.param({"a": "four"}, 8, id="string"),
        pytest.param({"a": "für"}, 8, id="string of more bytes than characters"),
        pytest.param({"a": 1, "b": None, "c": True}, 24, id="plain values"),
        pytest.param({"a": ["xx", "y"]}, 4 + 6 + 5, id="list"),
        pytest.param({"a": {"b": "xx", "c": 1}}, 14, id="struct"),
        pytest.param({"a": [{"b": "xx"}]}, 10, id="list of structs"),
    ],
)
def test_row_bytes(record: Record, expected: int) -> None:
    assert row_bytes(record) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        pytest.param(date(2022, 2, 24), "year", "2022", id="year of a date"),
        pytest.param(date(2022, 2, 24), "month", "2022-02", id="month of a date"),
        pytest.param(date(2022, 2, 24), "day", "2022-02-24", id="day of a date"),
        pytest.param(date(999, 2, 4), "year", "0999", id="an early year"),
        pytest.param(datetime(2022, 12, 31, 23, 59, tzinfo=UTC), "day", "2022-12-31", id="day of a timestamp"),
        pytest.param(datetime(2022, 1, 1, tzinfo=UTC), "month", "2022-01", id="month of a timestamp"),
        pytest.param(date(2022, 2, 24), "value", "2022-02-24", id="a date itself"),
        pytest.param("de", "value", "de", id="string"),
        pytest.param("unknown", "value", "unknown%", id="the word for no value"),
        pytest.param("", "value", "unknown", id="empty string"),
        pytest.param(None, "value", "unknown", id="no value"),
        pytest.param("__HIVE_DEFAULT_PARTITION__", "value", "unknown", id="what readers take for null"),
        pytest.param(None, "month", "unknown", id="no date"),
        pytest.param(True, "value", "true", id="true"),
        pytest.param(False, "value", "false", id="false is a value"),
        pytest.param(0, "value", "0", id="zero is a value"),
        pytest.param(-7, "value", "-7", id="integer"),
    ],
)
def test_partition_value(value: Any, unit: str, expected: str) -> None:
    assert partition_value(value, unit) == expected
