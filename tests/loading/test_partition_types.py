"""Folders that look like numbers or dates: what each reader takes them for, and how it is told that they are text."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import chdir
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as pads
import pytest
from conftest import DESKS, NUMBERS, ROOT, build_into, write_inputs
from readers import NAMES, manifest_of

from builder.contract.exports import export
from builder.contract.manifest import read_manifest
from builder.contract.promise import Described
from builder.report.summary import load_lines

Row = Mapping[str, Any]
Reader = Callable[[Path, Sequence[str], pytest.FixtureRequest], Sequence[Row]]
DATES = "partition_by: [{year: published_date}, {month: published_date}, {day: published_date}]"
DATASETS = {"dated": (DATES, DESKS[:7]), "undated": (DATES, DESKS[:8]), "numbers": ("partition_by: [desk]", NUMBERS)}
"""What is partitioned by, and pages: the eighth is the first without a date."""


@pytest.fixture(scope="module", params=DATASETS)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one of the datasets."""
    more, desks = DATASETS[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    return build_into(write_inputs(folder, more, desks), folder / "out")


def levels_of(out: Path) -> list[str]:
    return [level["name"] for level in manifest_of(out)["schema"]["partition_by"]]


# ------------------------------------------------------------------ readers: (data, columns told to be text, request)


def with_duckdb(data: Path, text: Sequence[str], _request: pytest.FixtureRequest) -> Sequence[Row]:
    told = ", hive_types_autocast = false" if text else ""
    return rows_of_sql(f"SELECT * FROM read_parquet('{data}/**/*.parquet', hive_partitioning = true{told})")


def rows_of_sql(query: str) -> Sequence[Row]:
    with duckdb.connect() as connection:
        relation = connection.sql(query)
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def with_polars(data: Path, text: Sequence[str], _request: pytest.FixtureRequest) -> Sequence[Row]:
    return pl.scan_parquet(data, hive_schema=dict.fromkeys(text, pl.String) or None).collect().to_dicts()


def all_text(names: Sequence[str]) -> pa.Schema:
    return pa.schema([(name, pa.string()) for name in names])


def hive(text: Sequence[str]) -> Any:
    return pads.partitioning(all_text(text), flavor="hive") if text else "hive"


def with_pandas(data: Path, text: Sequence[str], _request: pytest.FixtureRequest) -> Sequence[Row]:
    rows: Sequence[Row] = pd.read_parquet(data, partitioning=hive(text)).to_dict("records")
    return rows


def with_pyarrow(data: Path, text: Sequence[str], _request: pytest.FixtureRequest) -> Sequence[Row]:
    rows: Sequence[Row] = pads.dataset(data, partitioning=hive(text)).to_table().to_pylist()
    return rows


def with_dask(data: Path, text: Sequence[str], request: pytest.FixtureRequest) -> Sequence[Row]:
    told = {"partitioning": {"flavor": "hive"} | ({"schema": all_text(text)} if text else {})}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of pandas, to dask
        frame = request.getfixturevalue("dask").read_parquet(str(data), dataset=told).compute()
    rows: Sequence[Row] = frame.to_dict("records")
    return rows


def with_daft(data: Path, text: Sequence[str], request: pytest.FixtureRequest) -> Sequence[Row]:
    rows: Sequence[Row] = request.getfixturevalue("daft")(data, text).to_pylist()
    return rows


def with_spark(data: Path, text: Sequence[str], request: pytest.FixtureRequest) -> Sequence[Row]:
    spark, key = request.getfixturevalue("spark"), "spark.sql.sources.partitionColumnTypeInference.enabled"
    spark.conf.set(key, str(not text).lower())
    try:
        return [row.asDict() for row in spark.read.parquet(str(data)).collect()]
    finally:
        spark.conf.unset(key)


READERS = [
    pytest.param(with_duckdb, id="duckdb"),
    pytest.param(with_polars, id="polars"),
    pytest.param(with_pandas, id="pandas"),
    pytest.param(with_pyarrow, id="pyarrow"),
    pytest.param(with_dask, id="dask"),
    pytest.param(with_daft, id="daft", marks=pytest.mark.daft),
    pytest.param(with_spark, id="spark", marks=pytest.mark.spark),
]
DAYS = {
    "duckdb": "date", "polars": "date", "pandas": "text", "pyarrow": "text", "dask": "text", "daft": "date",
    "spark": "date",
}  # fmt: skip
"""Reader -> what it takes days for."""


# ------------------------------------------------------------------ what they make of folders


def kind(value: object) -> str:
    return "number" if isinstance(value, int | np.integer) else "date" if isinstance(value, date) else "text"


def kinds(rows: Sequence[Row]) -> dict[str, set[str]]:
    return {name: {kind(row[name]) for row in rows} for name in ("year", "month", "day")}


@pytest.mark.parametrize("built", ["dated"], indirect=True)
@pytest.mark.parametrize("reader", READERS)
def test_folders_are_what_all_of_them_look_like(reader: Reader, built: Path, request: pytest.FixtureRequest) -> None:
    day = DAYS[reader.__name__.removeprefix("with_")]
    assert kinds(reader(built / "data", (), request)) == {"year": {"number"}, "month": {"text"}, "day": {day}}


@pytest.mark.parametrize("built", ["undated"], indirect=True)
@pytest.mark.parametrize("reader", [reader for reader in READERS if reader.id != "daft"])
def test_one_row_without_a_date_makes_text_of_them(reader: Reader, built: Path, request: pytest.FixtureRequest) -> None:
    """Of Daft it depends on the file that it finds first."""
    assert kinds(reader(built / "data", (), request)) == {"year": {"text"}, "month": {"text"}, "day": {"text"}}


@pytest.mark.parametrize("reader", READERS)
def test_folders_are_text_for_readers_that_are_told(
    reader: Reader, built: Path, request: pytest.FixtureRequest
) -> None:
    names = levels_of(built)
    found = [[row[name] for name in names] for row in reader(built / "data", names, request)]
    files = manifest_of(built)["files"]
    stated = [[entry["partition"][name] for name in names] for entry in files for _ in range(entry["rows"])]
    assert sorted(found) == sorted(stated)


@pytest.mark.parametrize("built", ["dated", "undated"], indirect=True)
def test_the_lines_that_are_printed_and_exported_tell_duckdb_and_polars(built: Path) -> None:
    document = read_manifest(built).document
    printed = dict(line.split(maxsplit=1) for line in load_lines(built, levels_of(built)))
    block = export(Described(document.dataset, document.schema), "readme").decode().partition("```python\n")[2]
    exported = {line.partition(".")[0]: line for line in block.partition("```")[0].splitlines()}
    with chdir(built):
        loaded = [
            rows_of_sql(printed["DuckDB"]),
            eval(printed["Polars"], {"pl": pl}).collect().to_dicts(),
            rows_of_sql(exported["duckdb"].removeprefix('duckdb.sql("').removesuffix('")')),
            eval(exported["polars"], {"polars": pl}).collect().to_dicts(),
        ]
    for rows in loaded:
        assert len(rows) == document.counts.rows
        assert kinds(rows) == {"year": {"text"}, "month": {"text"}, "day": {"text"}}


def test_the_table_of_the_readme_is_what_is_tested() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| number \| (\w+) \| (\S+) \| `", readme, re.MULTILINE)
    said = {name: (day, mixed) for names, day, mixed in rows for name in names.split(", ")}
    assert said == {NAMES[reader]: (day, "(4)" if reader == "daft" else "text") for reader, day in DAYS.items()}
