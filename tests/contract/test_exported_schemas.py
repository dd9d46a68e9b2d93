"""Schemas of rows that are exported for programs, each held against the files and rows that they describe."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from contract.exported_datasets import build_exports, describe, file_schema, rows_of
from jsonschema import Draft202012Validator, FormatChecker
from small_builds import add_inline_engine, page, run, write_config, write_dump

from builder.cli import cli
from builder.contract.exports import export
from builder.contract.promise import Described
from builder.errors import ConfigError

add_inline_engine()


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_exports(tmp_path_factory.mktemp("exports"))


@pytest.fixture(scope="module")
def described(out: Path) -> Described:
    return describe(out)


# ------------------------------------------------------------------ Arrow and Parquet


def test_arrow_is_the_schema_of_the_files(out: Path, described: Described) -> None:
    found = pa.ipc.read_schema(pa.py_buffer(export(described, "arrow")))
    assert found.equals(file_schema(out).remove_metadata(), check_metadata=False)


def leaves(out: Path) -> Iterator[tuple[str, str, int, int]]:
    schema = pq.ParquetFile(next((out / "data").rglob("*.parquet"))).schema
    for at in range(len(schema)):
        column = schema.column(at)
        yield column.path, column.physical_type, column.max_definition_level, column.max_repetition_level


def read_message(text: str) -> Iterator[tuple[str, str, int, int]]:
    """The leaves of a Parquet message."""
    path: list[tuple[str, str]] = []
    for line in text.splitlines()[1:-1]:
        words = line.split()
        if words == ["}"]:
            path.pop()
            continue
        repetition, kind, name = words[0], words[1], words[2].rstrip(";")
        path.append((name, repetition))
        if not line.endswith("{"):
            kinds = [entry for _, entry in path]
            yield (
                ".".join(part for part, _ in path), {"binary": "BYTE_ARRAY"}.get(kind, kind.upper()),
                len(kinds) - kinds.count("required"), kinds.count("repeated"),
            )  # fmt: skip
            path.pop()


def test_parquet_has_the_leaves_of_the_files(out: Path, described: Described) -> None:
    assert list(read_message(export(described, "parquet").decode())) == list(leaves(out))


@pytest.mark.parametrize("stated", ["!", "AAAA", ""])
def test_a_manifest_without_a_schema_of_its_files(described: Described, stated: str) -> None:
    broken = described._replace(schema=dataclasses.replace(described.schema, arrow_schema_base64=stated))
    for kind in ("arrow", "parquet", "duckdb", "spark", "readme", "datapackage", "croissant"):
        with pytest.raises(ConfigError, match="arrow_schema_base64 of the manifest is no schema; restore it"):
            export(broken, kind)


# ------------------------------------------------------------------ DuckDB


def test_duckdb_takes_the_table_and_the_rows(out: Path, described: Described, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(out)
    ddl = export(described, "duckdb").decode()
    with duckdb.connect() as connection:
        connection.execute(ddl)
        connection.execute(ddl.splitlines()[0].removeprefix("-- "))
        found = connection.sql('SELECT * FROM "small"').arrow().read_all()
        comments = connection.sql(
            "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'small'"
        ).fetchall()
    schema = file_schema(out)
    assert found.schema.names == [*schema.names, "month", "site"]
    stored = found.select(schema.names).cast(schema.remove_metadata())
    assert stored.num_rows == described.rows
    wanted = ds.dataset(out / "data", partitioning="hive").to_table(columns=schema.names)
    assert stored.sort_by("url").to_pylist() == wanted.sort_by("url").to_pylist()
    assert dict(comments)["title"] == 'What it\'s | called \\ "said"'


def test_duckdb_takes_the_rows_of_a_dataset_without_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), page(2)])
    run(write_config(tmp_path, partition_by=None), tmp_path / "out")
    ddl = CliRunner().invoke(cli, ["schema", "export", str(tmp_path / "out"), "--to", "duckdb"]).output
    monkeypatch.chdir(tmp_path / "out")
    with duckdb.connect() as connection:
        connection.execute(ddl)
        connection.execute(ddl.splitlines()[0].removeprefix("-- "))
        found = connection.sql('SELECT title FROM "small" ORDER BY 1').fetchall()
    assert found == [("Heron 1 seen",), ("Heron 2 seen",)]


# ------------------------------------------------------------------ JSON Schema


def as_json(row: dict[str, Any]) -> Any:
    def plain(value: Any) -> str:
        return value.isoformat().replace("+00:00", "Z") if isinstance(value, dt.date) else str(value)

    return json.loads(json.dumps(row, default=plain))


def test_rows_keep_to_their_json_schema(out: Path, described: Described) -> None:
    document = json.loads(export(described, "json-schema"))
    Draft202012Validator.check_schema(document)
    validator = Draft202012Validator(document, format_checker=FormatChecker())
    rows = rows_of(out)
    assert len(rows) == described.rows
    for row in rows:
        assert [error.message for error in validator.iter_errors(as_json(row))] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("title", None), ("title", "ab"), ("title", "x" * 201), ("word_count", 0), ("word_count", "1"), ("language", "fr"),
     ("tags", ["c"]), ("tags", ["a"] * 10), ("url", "http://x"), ("published_date", "yesterday"), ("source", {}),
     ("links", [{"text": "x"}]), ("other", 1), ("wet", "true")],
)  # fmt: skip
def test_other_rows_do_not(out: Path, described: Described, name: str, value: Any) -> None:
    validator = Draft202012Validator(json.loads(export(described, "json-schema")), format_checker=FormatChecker())
    assert list(validator.iter_errors(as_json(rows_of(out)[0] | {name: value})))


@pytest.fixture(scope="module")
def in_folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fields with constraints that are folders: rows that have them, and one without."""
    folder = tmp_path_factory.mktemp("folders")
    given = ["<b>sport</b><i>3</i><u>true</u>", "<b>news</b>", ""]
    write_dump(folder / "raw" / "a.jsonl", [page(at, html=f"<title>A</title>{tags}") for at, tags in enumerate(given)])
    fields = [
        "url",
        {"sect": {"type": "string", "one_of": ["news", "sport"], "rules": {"css": "b"}}},
        {"issue": {"type": "integer", "min": 1, "rules": {"css": "i"}}},
        {"wet": {"type": "boolean", "rules": {"css": "u"}}},
    ]
    run(write_config(folder, fields=fields, sort_by=None, partition_by=["sect", "issue", "wet"]), folder / "out")
    return folder / "out"


@pytest.mark.parametrize("as_text", [True, False], ids=["text", "what they look like"])
def test_rows_keep_to_their_json_schema_however_folders_are_read(in_folders: Path, as_text: bool) -> None:
    document = json.loads(CliRunner().invoke(cli, ["schema", "export", str(in_folders), "--to", "json-schema"]).output)
    validator = Draft202012Validator(document, format_checker=FormatChecker())
    options = f"hive_partitioning = true, hive_types_autocast = {not as_text}"
    found = duckdb.sql(f"SELECT * FROM read_parquet('{in_folders}/data/**/*.parquet', {options})")
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    assert sorted(row["sect"] for row in rows) == ["news", "sport", "unknown"]
    for row in [*rows, rows[0] | {"sect": None, "issue": 3, "wet": True}]:
        assert [error.message for error in validator.iter_errors(row)] == []
    for wrong in ({"sect": "weather"}, {"issue": 0}, {"wet": 1}):
        assert list(validator.iter_errors(rows[0] | wrong))


def test_what_rows_may_break_is_no_part_of_it(described: Described) -> None:
    section = json.loads(export(described, "json-schema"))["properties"]["section"]
    assert section == {"type": ["string", "null"], "description": section["description"]}
