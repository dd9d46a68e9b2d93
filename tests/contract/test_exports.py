# ruff: noqa: E501 - what a standard asks for in one table; the README's own lines are run
"""Exports: each held against what its standard wants, and against the dataset that it describes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from collections.abc import Iterator
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator, FormatChecker
from ruamel.yaml import YAML
from small_builds import add_inline_engine, load, manifest, page, run, tree, write_config, write_dump

from builder.cli import cli
from builder.compiled import compile_job
from builder.config.values import EXPORT_NEEDS
from builder.config.yaml import read_document
from builder.contract.exports import EXPORTS, export
from builder.contract.manifest import files_of, read_manifest
from builder.contract.promise import Described, promised
from builder.errors import ConfigError, FindingsError
from builder.write.document import Column

add_inline_engine()
ABOUT = {
    "title": 'Herons, "seen"', "license": "CC-BY-4.0", "url": "https://herons.example/data", "creator": "Reed Watch",
    "keywords": ["herons", "canals"], "citation": "Reed Watch (2022): Herons",
}  # fmt: skip
FIELDS: list[Any] = [
    {"url": {"required": True, "unique": True, "pattern": "^https://"}},
    "site",
    {"title": {"required": True, "min_length": 3, "max_length": 200, "description": 'What it\'s | called \\ "said"'}},
    {"tags": {"max_length": 9, "one_of": ["a", "b"]}},
    "links",
    "published_at",
    "published_date",
    {"word_count": {"min": 1, "max": 100_000}},
    {"section": {"one_of": ["news", "sport"], "on_violation": "keep"}},
    {"language": {"one_of": ["en", "de"]}},
    {"price": {"type": "number", "rules": [{"const": 1.5}]}},
    {"wet": {"type": "boolean", "rules": [{"const": True}]}},
    "source",
]
FILES = ["README.md", "contract.odcs.yaml", "croissant.json", "datapackage.json"]


def make_config(folder: Path, **changes: Any) -> Path:
    """JSON has no dates, so the date of publication is put in as YAML."""
    given: dict[str, Any] = {
        "description": "Herons that were seen on canals.",
        "about": ABOUT | {"date_published": "DAY"},
        "exports": ["readme", "datapackage", "croissant", "odcs"],
        "fields": FIELDS,
        "partition_by": [{"month": "published_date"}, "site"],
    }
    path = write_config(folder, **(given | changes))
    path.write_text(path.read_text().replace('"DAY"', "2022-12-31"))
    return path


def dump(folder: Path) -> None:
    days = ["2022-01-15", "2022-02-15", "2022-03-15"]
    pages = [page(number, f"{'ab'[number % 2]}.example", day=days[number % 3]) for number in range(9)]
    links = "<article><h1>Heron 1 seen</h1><p>" + "Reeds were <a href='/x'>cut</a> on the old canal bank again. " * 9
    pages.append(page(30, html=f"<html lang='en'><title>Undated heron</title>{links}</p></article></html>"))
    write_dump(folder / "raw" / "a.jsonl", pages)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    dump(folder)
    run(make_config(folder), folder / "out")
    return folder


@pytest.fixture(scope="module")
def out(folder: Path) -> Path:
    return folder / "out"


@pytest.fixture(scope="module")
def described(out: Path) -> Described:
    found = read_manifest(out)
    return Described(found.document.dataset, found.document.schema, list(files_of(found)), found.document.counts.rows)


def rows_of(out: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ds.dataset(out / "data", partitioning="hive").to_table().to_pylist()
    return rows


def file_schema(out: Path) -> pa.Schema:
    return pq.read_schema(next((out / "data").rglob("*.parquet")))


# ------------------------------------------------------------------ beside the manifest


def test_exports_lie_beside_the_manifest_and_it_names_them(out: Path) -> None:
    named = {entry["name"]: entry["bytes"] for entry in manifest(out)["exports"]}
    assert named == {name: (out / name).stat().st_size for name in FILES}


def test_a_config_and_its_dataset_give_the_same_schema(folder: Path, described: Described) -> None:
    job = promised(compile_job(load(folder / "job.yaml")))
    for kind, item in EXPORTS.items():
        if "files" not in item.needs and kind != "readme":
            assert export(job, kind) == export(described, kind)


def test_a_second_build_changes_nothing(folder: Path, out: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in out.iterdir() if path.is_file() and path.name != "_run.json"}
    assert not run(folder / "job.yaml", out).changed
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_an_export_that_is_damaged_is_written_again_and_one_that_is_not_wanted_goes(tmp_path: Path) -> None:
    dump(tmp_path)
    config = make_config(tmp_path)
    run(config, tmp_path / "out")
    whole = {name: (tmp_path / "out" / name).read_bytes() for name in FILES}
    (tmp_path / "out" / "README.md").write_text("gone")
    assert run(config, tmp_path / "out").changed
    assert {name: (tmp_path / "out" / name).read_bytes() for name in FILES} == whole
    before = tree(tmp_path / "out")
    run(config, tmp_path / "out", "exports=[odcs]")
    assert [name for name in FILES if (tmp_path / "out" / name).exists()] == ["contract.odcs.yaml"]
    run(config, tmp_path / "out")
    assert tree(tmp_path / "out") == before


def test_a_file_of_somebody_else_is_not_written_over(tmp_path: Path) -> None:
    dump(tmp_path)
    run(make_config(tmp_path, exports=[]), tmp_path / "out")
    (tmp_path / "out" / "README.md").write_text("mine")
    before = tree(tmp_path / "out")
    with pytest.raises(FindingsError, match=r"README\.md was not written by a build; move it away"):
        run(make_config(tmp_path, exports=["readme"]), tmp_path / "out")
    assert tree(tmp_path / "out") == before


@pytest.mark.parametrize("damage", [None, "", "{", "{}", "[]"])
def test_where_the_manifest_is_lost_the_exports_are_still_known(tmp_path: Path, damage: str | None) -> None:
    """They are what the last build noted of them, and are made whole, or go; what somebody has put there stays."""
    dump(tmp_path)
    config, out = make_config(tmp_path), tmp_path / "out"
    for number, exports in enumerate(["exports=[readme, odcs]", "exports=[]"]):
        run(config, out)
        (out / "_manifest.json").unlink() if damage is None else (out / "_manifest.json").write_text(damage)
        for folder in (out, tmp_path / f"fresh-{number}"):
            run(config, folder, "description=Other words.", exports)
        assert tree(out) == tree(tmp_path / f"fresh-{number}")
    run(config, out)
    (out / "_manifest.json").unlink()
    (out / "README.md").write_text("mine")
    with pytest.raises(FindingsError, match=r"README\.md was not written by a build; move it away"):
        run(config, out)
    run(config, out, "exports=[]")
    assert [name for name in FILES if (out / name).exists()] == ["README.md"]


@pytest.mark.parametrize("lost", [*EXPORT_NEEDS["croissant"], "description"])
def test_what_a_standard_needs_is_asked_for(tmp_path: Path, lost: str) -> None:
    about = {key: value for key, value in (ABOUT | {"date_published": "DAY"}).items() if key != lost}
    description = None if lost == "description" else "Herons."
    config = make_config(tmp_path, about=about, description=description)
    name = lost if lost == "description" else f"about.{lost}"
    with pytest.raises(ConfigError, match=rf"job\.yaml:\d+:\d+: exports\.2: croissant needs {name}; add"):
        load(config)
    with pytest.raises(ConfigError, match=rf"croissant needs {name}; add them to the config"):
        export(
            promised(compile_job(load(make_config(tmp_path, about=about, description=description, exports=[])))),
            "croissant",
        )


def test_what_names_files_needs_a_built_dataset(folder: Path) -> None:
    needing = [kind for kind, item in EXPORTS.items() if "files" in item.needs]
    assert needing == [kind for kind, item in EXPORTS.items() if item.meaning.endswith("of a built dataset alone")]
    with pytest.raises(ConfigError, match="datapackage names the files; give the folder of a built dataset"):
        export(promised(compile_job(load(folder / "job.yaml"))), "datapackage")


# ------------------------------------------------------------------ the command


@pytest.mark.parametrize("kind", EXPORTS)
def test_the_command(out: Path, described: Described, kind: str, tmp_path: Path) -> None:
    printed = CliRunner().invoke(cli, ["schema", "export", str(out), "--to", kind])
    assert (printed.exit_code, printed.stdout_bytes) == (0, export(described, kind))
    target = tmp_path / "link"
    target.symlink_to("there")
    done = CliRunner().invoke(cli, ["schema", "export", str(out / "_manifest.json"), "--to", kind, "-o", str(target)])
    assert (done.exit_code, done.stdout_bytes, target.read_bytes()) == (0, b"", printed.stdout_bytes)
    assert target.is_symlink()
    if EXPORTS[kind].file:
        assert (out / str(EXPORTS[kind].file)).read_bytes() == printed.stdout_bytes


def test_the_command_takes_a_config(folder: Path) -> None:
    done = CliRunner().invoke(cli, ["schema", "export", str(folder / "job.yaml"), "--to", "duckdb"])
    assert (done.exit_code, 'CREATE TABLE "small"' in done.stdout) == (0, True)


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


# ------------------------------------------------------------------ Data Package

PATH = r"^((?=[^./~])(?!file:)((?!\/\.\.\/)(?!\\)(?!:\/\/).)*|(http|ftp)s?:\/\/.*)$"
PACKAGE = {
    "type": "object",
    "required": ["resources"],
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9_.-]+$"},
        "homepage": {"type": "string", "format": "uri"},
        "created": {"type": "string", "format": "date-time"},
        "keywords": {"type": "array", "minItems": 1, "items": {"type": "string"}},
        "contributors": {"type": "array", "minItems": 1, "items": {
            "minProperties": 1,
            "properties": {"title": {"type": "string"}, "roles": {"type": "array", "minItems": 1}},
        }},
        "licenses": {"type": "array", "minItems": 1, "items": {
            "anyOf": [{"required": ["name"]}, {"required": ["path"]}],
            "properties": {"name": {"pattern": "^([-a-zA-Z0-9._])+$"}, "path": {"pattern": PATH}},
        }},
        "resources": {"type": "array", "minItems": 1, "items": {
            "required": ["name", "path"],
            "properties": {
                "type": {"const": "table"},
                "path": {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": PATH}},
                "schema": {"type": "object", "required": ["fields"], "properties": {
                    "primaryKey": {"type": "array", "minItems": 1, "items": {"type": "string"}},
                    "fields": {"type": "array", "minItems": 1, "items": {
                        "type": "object",
                        "required": ["name", "type"],
                        "properties": {
                            "type": {"enum": ["string", "integer", "number", "boolean", "date", "datetime", "array", "object"]},
                            "constraints": {"type": "object", "additionalProperties": False, "properties": {
                                "required": {"type": "boolean"}, "unique": {"type": "boolean"},
                                "minLength": {"type": "integer"}, "maxLength": {"type": "integer"},
                                "minimum": {}, "maximum": {},
                                "enum": {"type": "array", "minItems": 1, "uniqueItems": True},
                            }},
                        },
                    }},
                }},
            },
        }},
    },
}  # fmt: skip
"""What the published profiles ask of what we write."""


def test_the_data_package(out: Path, described: Described) -> None:
    document = json.loads((out / "datapackage.json").read_text(encoding="utf-8"))
    assert list(Draft202012Validator(PACKAGE, format_checker=FormatChecker()).iter_errors(document)) == []
    (resource,) = document["resources"]
    assert sorted(resource["path"]) == sorted(
        path.relative_to(out).as_posix() for path in (out / "data").rglob("*.parquet")
    )
    assert [field["name"] for field in resource["schema"]["fields"]] == file_schema(out).names
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    assert fields["title"]["constraints"] == {"required": True, "minLength": 3, "maxLength": 200}
    assert fields["url"]["constraints"] == {"required": True, "unique": True}
    assert "constraints" not in fields["section"]
    assert resource["partitionBy"] == ["month", "site"]
    assert resource["schema"]["primaryKey"] == ["url"]
    assert (document["version"], document["created"]) == (described.about.version, "2022-12-31T00:00:00Z")


@pytest.mark.parametrize(
    ("license", "entry"),
    [("MIT", {"name": "MIT"}), ("https://x.example/l", {"path": "https://x.example/l"}),
     ("All rights reserved", {"name": "other", "title": "All rights reserved"})],
)  # fmt: skip
def test_licenses(described: Described, license: str, entry: Any) -> None:  # noqa: A002
    about = described._replace(about=type(described.about)("a", "1.0.0", None, license=license))
    assert json.loads(export(about, "datapackage"))["licenses"] == [entry]


# ------------------------------------------------------------------ Croissant


@pytest.mark.filterwarnings("ignore")
def test_croissant_is_valid_and_gives_the_rows(out: Path, described: Described) -> None:
    mlcroissant = pytest.importorskip("mlcroissant", reason="mlcroissant is not installed")
    dataset = mlcroissant.Dataset(jsonld=out / "croissant.json")
    assert dataset.metadata.issues.errors == set()
    assert dataset.metadata.issues.warnings == set()
    assert dataset.metadata.ctx.is_v1_1()
    rows = list(dataset.records("rows"))
    assert len(rows) == described.rows
    titles = sorted(row["rows/title"].decode() for row in rows)
    assert titles == sorted(row["title"] for row in rows_of(out))


# ------------------------------------------------------------------ ODCS


def test_the_contract_keeps_to_its_standard(out: Path, described: Described) -> None:
    pytest.importorskip("open_data_contract_standard", reason="open-data-contract-standard is not installed")
    published = json.loads(files("open_data_contract_standard").joinpath("schema.json").read_text(encoding="utf-8"))
    document = YAML(typ="safe").load(StringIO((out / "contract.odcs.yaml").read_text(encoding="utf-8")))
    assert [error.message for error in Draft202012Validator(published).iter_errors(document)] == []
    assert document["apiVersion"] == "v3.1.0"
    (table,) = document["schema"]
    columns = {column["name"]: column for column in table["properties"]}
    assert list(columns) == [column.name for column in described.schema.fields]
    assert columns["site"]["partitionKeyPosition"] == 2
    assert table["customProperties"] == [{"property": "partitionBy", "value": ["month", "site"]}]
    assert (columns["url"]["primaryKey"], columns["url"]["unique"], columns["title"]["required"]) == (True, True, True)
    assert columns["title"]["logicalTypeOptions"] == {"minLength": 3, "maxLength": 200}
    assert columns["language"]["quality"][0]["arguments"] == {"validValues": ["en", "de"]}
    assert columns["links"]["items"]["properties"][0] == {
        "name": "url", "logicalType": "string", "physicalType": "VARCHAR", "required": True,
    }  # fmt: skip
    assert columns["tags"]["physicalType"] == "ARRAY<VARCHAR>"
    assert document["servers"][0]["path"] == "./data/*/*/*.parquet"
    files_said = str(out / document["servers"][0]["path"])
    assert len(duckdb.read_parquet(files_said, union_by_name=True, hive_partitioning=True)) == described.rows
    stated = {column.name: column.arrow_type for column in described.schema.fields}
    assert {name: column["customProperties"] for name, column in columns.items()} == {
        name: [{"property": "arrowType", "value": arrow}] for name, arrow in stated.items()
    }


NO_TEXT = [
    "no", "Yes", "ON", "off", "y", "N", "true", "null", "~", "", "=", "<<", "12:30:45", "1:30.5", "0x1F", "017", "0o7",
    "0b1", "1_000", "1e3", ".5", "1.0", ".inf", "2022-01-01", "2022-01-01 10:00:00", "a: b", "a #b", "- a", "a\nb ",
    "a\u2028b", "a\x85b", "a\x7fb", "\ufeff", "\\'\"", "x, y", "é 😀",
]  # fmt: skip
"""Text that a reader of YAML may take for something else where it stands bare."""


def read_by_all(raw: bytes) -> list[Any]:
    """What readers of YAML 1.1, of YAML 1.2, and of configs see."""
    old = pytest.importorskip("yaml", reason="PyYAML is not installed")
    read = read_document("x", raw)
    assert read.problems == []
    return [old.safe_load(raw), YAML(typ="safe", pure=True).load(raw), read.data]


def test_the_contract_is_the_same_to_every_reader_of_yaml(described: Described) -> None:
    allowed = Column("no", "string", "string", True, "12:30:45", 1, None, {"one_of": NO_TEXT})
    bounded = Column("price", "number", "double", True, "on", 2, None, {"min": -1e-07, "max": 1e22})
    given = described._replace(
        about=dataclasses.replace(described.about, title="No", creator="1:30", keywords=NO_TEXT),
        schema=dataclasses.replace(described.schema, fields=[allowed, bounded], partition_by=()),
    )
    for document in read_by_all(export(given, "odcs")):
        assert (document["name"], document["team"]["name"], document["tags"]) == ("No", "1:30", NO_TEXT)
        first, second = document["schema"][0]["properties"]
        assert (first["name"], first["description"]) == ("no", "12:30:45")
        assert first["quality"][0]["arguments"] == {"validValues": NO_TEXT}
        assert second["logicalTypeOptions"] == {"minimum": -1e-07, "maximum": 1e22}


# ------------------------------------------------------------------ README


def test_the_head_of_the_readme_is_the_same_to_every_reader_of_yaml(described: Described) -> None:
    for text in NO_TEXT:
        about = dataclasses.replace(described.about, title=text, license=f"{text}!", keywords=NO_TEXT)
        head = export(described._replace(about=about), "readme").partition(b"\n---\n")[0]
        for document in read_by_all(head + b"\n"):
            assert (document.get("pretty_name", ""), document["license_name"]) == (text, f"{text}!")
            assert document["tags"] == NO_TEXT


def test_the_readme_says_what_is_there(out: Path, described: Described) -> None:
    text = (out / "README.md").read_text(encoding="utf-8")
    head = YAML(typ="safe").load(StringIO(text.split("---\n")[1]))
    assert head == {
        "pretty_name": ABOUT["title"], "license": "cc-by-4.0", "tags": ["herons", "canals"],
        "configs": [{"config_name": "default", "data_files": [{"split": "train", "path": "data/**/*.parquet"}]}],
    }  # fmt: skip
    table = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    assert table == [*(column.name for column in described.schema.fields), "month"]
    assert f"{described.rows} rows in {len(described.files)} files" in text


def test_the_lines_of_the_readme_load(out: Path, described: Described, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(out)
    text = (out / "README.md").read_text(encoding="utf-8")
    lines = text.split("```python\n")[1].split("```")[0].splitlines()
    assert len(eval(lines[0]).fetchall()) == described.rows
    assert eval(lines[1].replace("polars", "pl")).collect().height == described.rows
    assert pl.scan_parquet("data", hive_partitioning=True).collect_schema().names()[-2:] == ["month", "site"]


# ------------------------------------------------------------------ and back


def test_a_dataset_with_exports_is_sound_and_keeps_to_its_own_contract(out: Path) -> None:
    done = CliRunner().invoke(cli, ["validate", str(out), "--deep", "--against", str(out / "contract.odcs.yaml")])
    assert (done.exit_code, done.output) == (0, "no findings\n")
