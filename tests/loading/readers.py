"""Readers that load a dataset, each into the same rows and types, in Arrow's notation."""

from __future__ import annotations

import base64
import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as pads
import pyarrow.parquet as pq
import pytest

Row = dict[str, Any]
DAY, STAMP = "date32[day]", "timestamp[us, tz=UTC]"


class Loaded(NamedTuple):
    """A dataset as a reader gives it."""

    types: Mapping[str, str]
    rows: Sequence[Row]


def arrow_type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return f"list<{arrow_type(kind.value_type)}>"
    if pa.types.is_struct(kind):
        return f"struct<{', '.join(f'{part.name}: {arrow_type(part.type)}' for part in kind)}>"
    if pa.types.is_dictionary(kind):
        return arrow_type(kind.value_type)
    return {"large_string": "string", "string_view": "string"}.get(str(kind), str(kind))


def from_arrow(table: pa.Table) -> Loaded:
    return Loaded({field.name: arrow_type(field.type) for field in table.schema}, table.to_pylist())


def with_pyarrow_dataset(data: Path, _request: pytest.FixtureRequest) -> Loaded:
    return from_arrow(pads.dataset(data, partitioning="hive").to_table())


def with_pyarrow_table(data: Path, _request: pytest.FixtureRequest) -> Loaded:
    return from_arrow(pq.read_table(data))


DUCKDB = {
    "varchar": "string",
    "bigint": "int64",
    "double": "double",
    "boolean": "bool",
    "date": DAY,
    "timestamp with time zone": STAMP,
}


def duckdb_type(kind: Any) -> str:
    if kind.id == "list":
        return f"list<{duckdb_type(kind.children[0][1])}>"
    if kind.id == "struct":
        return f"struct<{', '.join(f'{name}: {duckdb_type(part)}' for name, part in kind.children)}>"
    return DUCKDB.get(kind.id, str(kind))


def with_duckdb(data: Path, _request: pytest.FixtureRequest) -> Loaded:
    with duckdb.connect() as connection:
        relation = connection.read_parquet(f"{data}/**/*.parquet", hive_partitioning=True)
        types = {name: duckdb_type(kind) for name, kind in zip(relation.columns, relation.types, strict=True)}
        return Loaded(types, [dict(zip(types, row, strict=True)) for row in relation.fetchall()])


POLARS = {
    pl.String(): "string",
    pl.Int64(): "int64",
    pl.Float64(): "double",
    pl.Boolean(): "bool",
    pl.Date(): DAY,
    pl.Datetime("us", "UTC"): STAMP,
}


def polars_type(kind: Any) -> str:
    if isinstance(kind, pl.List):
        return f"list<{polars_type(kind.inner)}>"
    if isinstance(kind, pl.Struct):
        return f"struct<{', '.join(f'{part.name}: {polars_type(part.dtype)}' for part in kind.fields)}>"
    return POLARS.get(kind, str(kind))


def from_polars(frame: pl.DataFrame) -> Loaded:
    return Loaded({name: polars_type(kind) for name, kind in frame.schema.items()}, frame.to_dicts())


def with_polars(data: Path, _request: pytest.FixtureRequest) -> Loaded:
    return from_polars(pl.read_parquet(data))


def with_polars_lazy(data: Path, _request: pytest.FixtureRequest) -> Loaded:
    return from_polars(pl.scan_parquet(data, hive_partitioning=True).collect())


def with_polars_glob(data: Path, _request: pytest.FixtureRequest) -> Loaded:
    return from_polars(pl.read_parquet(f"{data}/**/*.parquet", hive_partitioning=True))


def pandas_type(column: pd.Series, stated: str) -> str:
    """The stated type where the column has the dtype that pandas gives it, which depends on whether nulls are there."""
    holed = bool(column.isna().any())
    wanted = {
        "string": {"str", "object"},
        "int64": {"float64"} if holed else {"int64"},
        "double": {"float64"},
        "bool": {"object"} if holed else {"bool"},
        STAMP: {"datetime64[us, UTC]"},
    }.get(stated, {"object"})
    return stated if str(column.dtype) in wanted else str(column.dtype)


def with_pandas(data: Path, _request: pytest.FixtureRequest) -> Loaded:
    frame = pd.read_parquet(data)
    stated = {field.name: arrow_type(field.type) for field in stated_schema(data.parent)}
    types = {name: pandas_type(frame[name], stated.get(str(name), "partition")) for name in frame}
    return Loaded({str(name): kind for name, kind in types.items()}, frame.to_dict("records"))


def with_pandas_on_arrow(data: Path, _request: pytest.FixtureRequest) -> Loaded:
    frame = pd.read_parquet(data, dtype_backend="pyarrow")
    types = {
        str(name): arrow_type(kind.pyarrow_dtype) if isinstance(kind, pd.ArrowDtype) else str(kind)
        for name, kind in frame.dtypes.items()
    }
    return Loaded(types, frame.to_dict("records"))


def with_dask(data: Path, request: pytest.FixtureRequest) -> Loaded:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of pandas, to dask
        frame = request.getfixturevalue("dask").read_parquet(str(data)).compute()
    stated = {field.name: arrow_type(field.type) for field in stated_schema(data.parent)}
    types = {name: pandas_type(frame[name], stated.get(str(name), "partition")) for name in frame}
    return Loaded({str(name): kind for name, kind in types.items()}, frame.to_dict("records"))


SPARK = {"long": "int64", "boolean": "bool", "date": DAY, "timestamp": STAMP}


def spark_type(kind: Any) -> str:
    if kind.typeName() == "array":
        return f"list<{spark_type(kind.elementType)}>"
    if kind.typeName() == "struct":
        return f"struct<{', '.join(f'{part.name}: {spark_type(part.dataType)}' for part in kind.fields)}>"
    return SPARK.get(kind.typeName(), str(kind.typeName()))


def with_spark(data: Path, request: pytest.FixtureRequest) -> Loaded:
    frame = request.getfixturevalue("spark").read.parquet(str(data))
    types = {field.name: spark_type(field.dataType) for field in frame.schema.fields}
    return Loaded(types, frame.toArrow().to_pylist())


def with_hugging_face(data: Path, request: pytest.FixtureRequest) -> Loaded:
    load, files = request.getfixturevalue("hub"), f"{data}/**/*.parquet"
    if manifest_of(data.parent)["counts"]["rows"] == 0:  # it makes no table of no rows, and says so
        with pytest.raises(ValueError, match="corresponds to no data"):
            load("parquet", data_files=files, split="train")
        found = load("parquet", data_files=files, split="train", streaming=True)
        rows = list(found)
    else:
        found = load("parquet", data_files=files, split="train")
        rows = found.with_format("arrow")[:].to_pylist()
    return Loaded({field.name: arrow_type(field.type) for field in found.features.arrow_schema}, rows)


def with_daft(data: Path, request: pytest.FixtureRequest) -> Loaded:
    """Told that folders are text: else it takes their type from whichever file it finds first, not always the same."""
    levels = [level["name"] for level in manifest_of(data.parent)["schema"]["partition_by"]]
    return from_arrow(request.getfixturevalue("daft")(data, levels))


READERS = [
    pytest.param(with_duckdb, id="duckdb"),
    pytest.param(with_polars, id="polars"),
    pytest.param(with_polars_lazy, id="polars-lazy"),
    pytest.param(with_polars_glob, id="polars-glob"),
    pytest.param(with_pandas, id="pandas"),
    pytest.param(with_pandas_on_arrow, id="pandas-on-arrow"),
    pytest.param(with_pyarrow_dataset, id="pyarrow-dataset"),
    pytest.param(with_pyarrow_table, id="pyarrow-table"),
    pytest.param(with_dask, id="dask"),
    pytest.param(with_daft, id="daft", marks=pytest.mark.daft),
    pytest.param(with_spark, id="spark", marks=pytest.mark.spark),
    pytest.param(with_hugging_face, id="hugging-face", marks=pytest.mark.hf),
]
NAMES = {
    "duckdb": "DuckDB", "polars": "Polars", "pandas": "pandas", "pyarrow": "pyarrow", "dask": "Dask", "daft": "Daft",
    "spark": "Spark", "hugging": "Hugging Face datasets",
}  # fmt: skip
"""What a reader is called, by the beginning of its id."""


def manifest_of(out: Path) -> Any:
    return json.loads((out / "_manifest.json").read_text(encoding="utf-8"))


def stated_schema(out: Path) -> pa.Schema:
    encoded = base64.b64decode(manifest_of(out)["schema"]["arrow_schema_base64"])
    return pa.ipc.read_schema(pa.py_buffer(encoded))
