"""What is exported for readers does what it says with the datasets themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pandas
import polars
import pytest
from conftest import DESKS, build_into, write_inputs
from contract.exported_datasets import describe
from readers import arrow_type, manifest_of, spark_type, stated_schema

from builder.contract.exports import export
from builder.contract.promise import Described


@pytest.fixture
def described(out: Path) -> Described:
    return describe(out)


@pytest.mark.spark
def test_spark_takes_the_table_over_the_files(spark: Any, out: Path, described: Described) -> None:
    name = described.about.name.replace("-", "_")
    levels = [level.name for level in described.schema.partition_by]
    ddl = export(described, "spark").decode()
    located = ddl.replace("-- LOCATION '/where/it/lies/data'", f"LOCATION '{out / 'data'}'")
    assert located != ddl
    spark.sql(f"DROP TABLE IF EXISTS `{name}`")
    try:
        spark.sql(located)
        if levels:
            spark.sql(f"MSCK REPAIR TABLE `{name}`")
        table = spark.table(f"`{name}`")
        types = {field.name: spark_type(field.dataType) for field in table.schema.fields}
        stated = {field.name: arrow_type(field.type) for field in stated_schema(out)}
        assert types == stated | dict.fromkeys(levels, "string")
        assert table.count() == described.rows
    finally:
        spark.sql(f"DROP TABLE IF EXISTS `{name}`")


@pytest.mark.spark
def test_the_parquet_message_is_that_of_the_files(spark: Any, out: Path, described: Described) -> None:
    """Read by the Java library, which is how Spark and its kin read schemas."""
    java = spark._jvm
    stated = java.org.apache.parquet.schema.MessageTypeParser.parseMessageType(export(described, "parquet").decode())
    path = java.org.apache.hadoop.fs.Path(str(out / described.files[0].path))
    settings = spark._jsc.hadoopConfiguration()
    file = java.org.apache.parquet.hadoop.util.HadoopInputFile.fromPath(path, settings)
    reader = java.org.apache.parquet.hadoop.ParquetFileReader.open(file)
    try:
        found = reader.getFooter().getFileMetaData().getSchema()
    finally:
        reader.close()
    assert found.toString() == stated.toString()


def rows_of_duckdb(line: str, _request: pytest.FixtureRequest) -> int:
    return len(eval(line, {"duckdb": duckdb}).fetchall())


def rows_of_polars(line: str, _request: pytest.FixtureRequest) -> int:
    return int(eval(line, {"polars": polars}).collect().height)


def rows_of_pandas(line: str, _request: pytest.FixtureRequest) -> int:
    return len(eval(line, {"pandas": pandas}))


def rows_of_spark(line: str, request: pytest.FixtureRequest) -> int:
    there = line.replace('"data"', f'"{Path.cwd() / "data"}"')  # Java stays in the folder that it was started in
    assert there != line
    return int(eval(there, {"spark": request.getfixturevalue("spark")}).count())


def rows_of_datasets(line: str, request: pytest.FixtureRequest) -> int:
    library = SimpleNamespace(load_dataset=request.getfixturevalue("hub"))
    try:
        return int(eval(line, {"datasets": library}).num_rows)
    except ValueError as error:
        if "corresponds to no data" in str(error):  # it makes no table of no rows
            return 0
        raise


TOOLS = [
    pytest.param(rows_of_duckdb, id="duckdb"),
    pytest.param(rows_of_polars, id="polars"),
    pytest.param(rows_of_pandas, id="pandas"),
    pytest.param(rows_of_spark, id="spark", marks=pytest.mark.spark),
    pytest.param(rows_of_datasets, id="datasets", marks=pytest.mark.hf),
]


@pytest.mark.parametrize("rows_of", TOOLS)
def test_each_line_of_the_readme_loads_all_rows(
    rows_of: Callable[[str, pytest.FixtureRequest], int],
    out: Path,
    described: Described,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tool = rows_of.__name__.removeprefix("rows_of_")
    block = export(described, "readme").decode().partition("```python\n")[2].partition("```")[0]
    (line,) = (line for line in block.splitlines() if line.startswith(f"{tool}."))
    monkeypatch.chdir(out)
    assert rows_of(line, request) == described.rows


@pytest.mark.hf
def test_hugging_face_loads_the_folder_itself(
    hub: Callable[..., Any], out: Path, described: Described, tmp_path: Path
) -> None:
    """With JSON, YAML and the reject table beside the data: the README says what the data is."""
    if described.rows == 0:
        with pytest.raises(ValueError, match="corresponds to no data"):
            hub(str(out), split="train", cache_dir=str(tmp_path))
        return
    found = hub(str(out), split="train", cache_dir=str(tmp_path))
    assert found.num_rows == manifest_of(out)["counts"]["rows"] > 0
    assert found.column_names == stated_schema(out).names


ABOUT = """\
description: Ferries.
about: {license: CC0-1.0, url: 'https://pier.example/', creator: Pier, date_published: 2022-12-31}
partition_by: [{value: desk, as: shelf}]
"""


@pytest.mark.hf
@pytest.mark.parametrize("exports", ["", "datapackage, croissant, odcs", "readme, datapackage, croissant, odcs"])
def test_hugging_face_wants_the_readme_or_the_folder_of_data(
    hub: Callable[..., Any], tmp_path: Path, exports: str
) -> None:
    """Without it `load_dataset(OUT)` takes the reject table and what lies in _work for rows, whatever is exported."""
    config = write_inputs(tmp_path, ABOUT)
    config.write_text(re.sub("exports: .*", f"exports: [{exports}]", config.read_text()))
    out = build_into(config, tmp_path / "out")
    whole = partial(hub, str(out), cache_dir=str(tmp_path / "whole"))
    if "readme" in exports:
        assert whole()["train"].num_rows == len(DESKS)
    else:
        with pytest.raises(Exception, match="An error occurred while generating the dataset"):
            whole()
    rows = hub(str(out / "data"), split="train", cache_dir=str(tmp_path / "data"))
    assert Counter(rows["desk"]) == Counter(DESKS)
