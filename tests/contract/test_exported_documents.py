# ruff: noqa: E501 - what a standard asks for in one table; the README's own lines are run
"""Documents about a dataset that are exported, each held against its standard and what readers make of it."""

from __future__ import annotations

import dataclasses
import json
import re
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from contract.exported_datasets import ABOUT, build_exports, describe, file_schema, rows_of
from jsonschema import Draft202012Validator, FormatChecker
from ruamel.yaml import YAML

from builder.config.yaml import read_document
from builder.contract.exports import export
from builder.contract.promise import Described
from builder.write.document import Column


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_exports(tmp_path_factory.mktemp("exports"))


@pytest.fixture(scope="module")
def described(out: Path) -> Described:
    return describe(out)


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
