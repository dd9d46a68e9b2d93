"""Readers that are asked for one partition open its files alone: all others are made unreadable."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset as ds
import pytest
from conftest import build_into, write_inputs

from builder.write.layout import partition_path

WANTED = "новости"


def with_duckdb(data: Path, _request: pytest.FixtureRequest, told: str = "") -> list[str]:
    with duckdb.connect() as connection:
        query = f"SELECT title FROM read_parquet(?, hive_partitioning = true{told}) WHERE desk = ?"
        return [title for (title,) in connection.execute(query, [f"{data}/*/*.parquet", WANTED]).fetchall()]


def with_duckdb_told(data: Path, request: pytest.FixtureRequest) -> list[str]:
    return with_duckdb(data, request, ", hive_types_autocast = false")


def with_polars(data: Path, _request: pytest.FixtureRequest) -> list[str]:
    frame = pl.scan_parquet(data, hive_partitioning=True)
    return list(frame.filter(pl.col("desk") == WANTED).collect()["title"])


def with_polars_told(data: Path, _request: pytest.FixtureRequest) -> list[str]:
    frame = pl.scan_parquet(data, hive_schema={"desk": pl.String})
    return list(frame.filter(pl.col("desk") == WANTED).collect()["title"])


def with_pandas(data: Path, _request: pytest.FixtureRequest) -> list[str]:
    titles: list[str] = pd.read_parquet(data, filters=[("desk", "==", WANTED)])["title"].to_list()
    return titles


def with_pyarrow(data: Path, _request: pytest.FixtureRequest) -> list[str]:
    found = ds.dataset(data, partitioning="hive").to_table(columns=["title"], filter=ds.field("desk") == WANTED)
    titles: list[str] = found["title"].to_pylist()
    return titles


def with_dask(data: Path, request: pytest.FixtureRequest) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of pandas, to dask
        frame = request.getfixturevalue("dask").read_parquet(str(data), filters=[("desk", "==", WANTED)]).compute()
    titles: list[str] = frame["title"].to_list()
    return titles


def with_daft(data: Path, request: pytest.FixtureRequest) -> list[str]:
    titles: list[str] = request.getfixturevalue("daft")(data, [f"desk={WANTED}"])["title"].to_pylist()
    return titles


def with_spark(data: Path, request: pytest.FixtureRequest) -> list[str]:
    frame = request.getfixturevalue("spark").read.parquet(str(data))
    return [row["title"] for row in frame.where(frame["desk"] == WANTED).collect()]


def with_hugging_face(data: Path, request: pytest.FixtureRequest) -> list[str]:
    """It knows no partition columns: the folder is named instead."""
    files = f"{data}/{partition_path(['desk'], [WANTED])}/*"
    titles: list[str] = request.getfixturevalue("hub")("parquet", data_files=files, split="train")["title"][:]
    return titles


CASES = [
    pytest.param(with_duckdb, "files", id="duckdb"),
    pytest.param(with_duckdb_told, "files", id="duckdb-told"),
    pytest.param(with_polars, "files", id="polars"),
    pytest.param(with_polars_told, "files", id="polars-told"),
    pytest.param(with_pandas, "files", id="pandas"),
    pytest.param(with_pyarrow, "files", id="pyarrow"),
    pytest.param(with_dask, "files", id="dask"),
    pytest.param(with_daft, "pages", id="daft", marks=pytest.mark.daft),
    pytest.param(with_spark, "files", id="spark", marks=pytest.mark.spark),
    pytest.param(with_hugging_face, "files", id="hugging-face", marks=pytest.mark.hf),
]
"""Reader (told that folders are text, or not), and what of the other files is gone.

Daft takes the schema from the footer of any file.
"""


def footer_bytes(raw: bytes) -> int:
    """Bytes of the footer of a Parquet file, with its length and mark."""
    return int.from_bytes(raw[-8:-4], "little") + 8


@pytest.fixture(scope="module")
def spoilt(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of which only the first file, where readers look for the schema, and the wanted ones can be read.

    Of the others nothing is left (`files`), or nothing but their footers (`pages`).
    """
    folder = tmp_path_factory.mktemp("spoilt")
    out = build_into(write_inputs(folder, "partition_by: [desk]"), folder / "out")
    files = sorted((out / "data").rglob("*.parquet"))
    for path in files[1:]:
        if path.parent.name != f"desk={WANTED}":
            raw = path.read_bytes()
            left = raw[-footer_bytes(raw) :] if request.param == "pages" else b"PAR1"
            path.write_bytes(b"PAR1" + bytes(len(raw) - 4 - len(left)) + left)
    assert len(files) > 20
    return out / "data"


@pytest.mark.parametrize(("reader", "spoilt"), CASES, indirect=["spoilt"])
def test_only_the_files_of_the_partition_are_read(
    reader: Callable[[Path, pytest.FixtureRequest], list[str]], spoilt: Path, request: pytest.FixtureRequest
) -> None:
    assert reader(spoilt, request) == ["Ferry 2 is late again"]


@pytest.mark.parametrize("spoilt", ["files", "pages"], indirect=True)
def test_the_others_cannot_be_read(spoilt: Path) -> None:
    with pytest.raises(pl.exceptions.PolarsError):
        pl.read_parquet(spoilt)
