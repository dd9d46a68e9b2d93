from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.write.layout import (
    UNKNOWN,
    as_level,
    encode_value,
    has_no_value,
    partition_map,
    partition_path,
    value_of,
)

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
NASTY = [
    "plain", "2022-02", "a/b", "..", ".", "%2F", "%", "a b", " a", "é", "日本語", "🦊",
    "k=v", "a=b/c=d", "*", "[x]", "{y}", "#?&+", "'quote'", '"', "back\\slash", "tab\tnew\nline", "007", "null", "NULL",
    "~tilde_dash-dot.", "unknown", "\x7f",
]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "segment"),
    [
        pytest.param("2022-02", "2022-02", id="plain"),
        pytest.param("a/b", "a%2Fb", id="slash"),
        pytest.param("100%", "100%25", id="percent"),
        pytest.param("a b", "a%20b", id="space"),
        pytest.param("x=y", "x%3Dy", id="equals sign"),
        pytest.param("a\x00b", "a%00b", id="NUL"),
        pytest.param("e\u0301", "\u00e9", id="NFC"),
        pytest.param("", UNKNOWN, id="empty"),
        pytest.param("__HIVE_DEFAULT_PARTITION__", "%5F_HIVE_DEFAULT_PARTITION__", id="what readers take for null"),
        pytest.param("x" * 200, "x" * 200, id="as long as may be"),
    ],
)
def test_encode(value: str, segment: str) -> None:
    assert encode_value(value) == segment


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("x" * 201, id="ASCII"),
        pytest.param("日" * 67, id="three bytes a character"),
        pytest.param("/" * 67, id="three bytes when encoded"),
    ],
)
def test_what_no_file_system_takes_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="more than 200 bytes"):
        encode_value(value)


def test_a_folder_whose_name_no_file_system_takes_is_refused() -> None:
    """It is the name of the column, `=` and the value."""
    assert partition_path(["a" * 54], ["x" * 200]) == f"{'a' * 54}={'x' * 200}"
    with pytest.raises(ValueError, match=r"more than 255 bytes: 'aaa.*aaa=xxx"):
        partition_path(["a" * 55], ["x" * 200])
    with pytest.raises(ValueError, match="more than 255 bytes"):
        partition_path(["a" * 63], ["日" * 64])


@given(TEXT)
def test_a_value_comes_back(value: str) -> None:
    assert unquote(encode_value(value)) == (unicodedata.normalize("NFC", value) or UNKNOWN)


@given(TEXT)
def test_a_segment_is_one_name_of_a_path(value: str) -> None:
    segment = encode_value(value)
    assert segment
    assert not set(segment) & set('/\\=%:*?"<>|\x00 ') - {"%"}
    assert encode_value(unquote(segment)) == segment


@given(st.lists(st.sampled_from(["a", "b_c", "site"]), unique=True, max_size=3), st.data())
def test_paths_have_one_segment_a_level(names: list[str], data: st.DataObject) -> None:
    values = [data.draw(TEXT.filter(lambda text: len(text.encode()) < 60)) for _ in names]
    path = partition_path(names, values)
    segments = path.split("/") if path else []
    assert [segment.split("=")[0] for segment in segments] == names
    assert partition_map(names, list(map(as_level, values))) == dict(zip(names, values, strict=True))


@given(st.one_of(TEXT, st.sampled_from(["unknown", "unknown%", "unknown%%", "Unknown", "unknow%6E"])))
def test_no_value_looks_like_none(value: str) -> None:
    """And apart from that word every value is the same folder as ever."""
    assert value_of(as_level(value)) == value
    assert as_level(value) != UNKNOWN
    path = partition_path(["k"], [as_level(value)])
    assert unquote(path) == f"k={unicodedata.normalize('NFC', value) or UNKNOWN}"
    assert (path == f"k={encode_value(value)}") is (value != UNKNOWN)
    assert has_no_value(f"data/{path}/part.parquet", "k") is (value == "")
    assert has_no_value(f"data/{partition_path(['a', 'k'], [as_level(value), UNKNOWN])}/part.parquet", "k")


def read_pyarrow(folder: Path) -> list[str | None]:
    hive = ds.partitioning(pa.schema([("k", pa.string())]), flavor="hive")
    return list(ds.dataset(folder, partitioning=hive).to_table().column("k").to_pylist())


def read_polars(folder: Path) -> list[str | None]:
    return pl.scan_parquet(folder, hive_partitioning=True, hive_schema={"k": pl.String}).collect()["k"].to_list()


def read_polars_glob(folder: Path) -> list[str | None]:
    frame = pl.scan_parquet(folder / "*" / "*.parquet", hive_partitioning=True, hive_schema={"k": pl.String})
    return frame.collect()["k"].to_list()


def read_duckdb(folder: Path) -> list[str | None]:
    query = "SELECT k FROM read_parquet($1, hive_partitioning = true, hive_types_autocast = false)"
    with duckdb.connect() as connection:
        return [value for (value,) in connection.execute(query, [f"{folder}/*/*.parquet"]).fetchall()]


READERS = {"pyarrow": read_pyarrow, "polars": read_polars, "polars glob": read_polars_glob, "duckdb": read_duckdb}


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nasty")
    for number, value in enumerate(NASTY):
        path = folder / partition_path(["k"], [as_level(value)])
        path.mkdir()
        pq.write_table(pa.table({"n": [number] * 2}), path / "part.parquet")
    return folder


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_readers_take_every_value_back(nasty: Path, read: Callable[[Path], list[str | None]]) -> None:
    assert Counter(read(nasty)) == Counter(NASTY * 2)


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_the_name_of_null_is_the_only_value_that_is_lost(
    tmp_path: Path, read: Callable[[Path], list[str | None]]
) -> None:
    """pyarrow and polars decode a segment before they look whether it means null: no encoding gets past them."""
    for value in ("__HIVE_DEFAULT_PARTITION__", "__hive_default_partition__"):
        path = tmp_path / partition_path(["k"], [value])
        path.mkdir()
        pq.write_table(pa.table({"n": [1]}), path / "part.parquet")
    found = set(read(tmp_path))
    assert "__hive_default_partition__" in found
    assert found - {"__hive_default_partition__"} <= {None, "__HIVE_DEFAULT_PARTITION__"}
