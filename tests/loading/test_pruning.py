"""Readers that are asked for one partition open its files alone: all others are made unreadable."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset as ds
import pytest
from conftest import build_into, write_inputs

WANTED = "новости"


def with_duckdb(data: Path) -> list[str]:
    with duckdb.connect() as connection:
        query = "SELECT title FROM read_parquet(?, hive_partitioning = true) WHERE desk = ?"
        return [title for (title,) in connection.execute(query, [f"{data}/*/*.parquet", WANTED]).fetchall()]


def with_polars(data: Path) -> list[str]:
    titles: list[str] = (
        pl.scan_parquet(data, hive_partitioning=True).filter(pl.col("desk") == WANTED).collect()["title"].to_list()
    )
    return titles


def with_pandas(data: Path) -> list[str]:
    titles: list[str] = pd.read_parquet(data, filters=[("desk", "==", WANTED)])["title"].to_list()
    return titles


def with_pyarrow(data: Path) -> list[str]:
    found = ds.dataset(data, partitioning="hive").to_table(columns=["title"], filter=ds.field("desk") == WANTED)
    titles: list[str] = found["title"].to_pylist()
    return titles


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of which only the first file, where readers look for the schema, and the wanted ones can be read."""
    folder = tmp_path_factory.mktemp("spoilt")
    out = build_into(write_inputs(folder, "partition_by: [desk]"), folder / "out")
    files = sorted((out / "data").rglob("*.parquet"))
    for path in files[1:]:
        if path.parent.name != f"desk={WANTED}":
            path.write_bytes(b"PAR1" + bytes(path.stat().st_size - 8) + b"PAR1")
    assert len(files) > 20
    return out / "data"


@pytest.mark.parametrize("reader", [with_duckdb, with_polars, with_pandas, with_pyarrow])
def test_only_the_files_of_the_partition_are_read(reader: Callable[[Path], list[str]], spoilt: Path) -> None:
    assert reader(spoilt) == ["Ferry 2 is late again"]


def test_the_others_cannot_be_read(spoilt: Path, tmp_path: Path) -> None:
    shutil.copytree(spoilt, tmp_path / "data")
    with pytest.raises(pl.exceptions.PolarsError):
        pl.read_parquet(tmp_path / "data")
