# ruff: noqa: E501 - lines as they are printed
"""What can be compared with: configs, datasets, files, JSON Schemas, Arrow schemas, and what is none of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from contract.rich_schemas import FIELDS, LEVELS, ODCS, RICH, changed, exported, found, rich_config
from small_builds import add_inline_engine, page, run, write_config, write_dump

from builder.cli import cli
from builder.contract.sources import load_terms
from builder.errors import ConfigError

add_inline_engine()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    write_dump(folder / "raw" / "a.jsonl", [page(1)])
    run(write_config(folder, fields=FIELDS), folder / "out")
    return folder


def test_a_config_promises_what_its_dataset_has(folder: Path) -> None:
    config = load_terms(str(folder / "job.yaml"))
    built = load_terms(str(folder / "out"))
    assert (config.version, config.partition_by, config.primary_key, config.sort_by) == (
        built.version, built.partition_by, built.primary_key, built.sort_by,
    )  # fmt: skip
    assert found(folder / "job.yaml", folder / "out") == found(folder / "out", folder / "job.yaml") == []


def test_a_schema_file_says_all_of_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["schema", "show", "--json", str(folder / "out")], standalone_mode=False)
    (folder / "schema.json").write_text(capsys.readouterr().out)
    assert found(folder / "schema.json", folder / "out") == found(folder / "job.yaml", folder / "schema.json") == []
    run(write_config(folder, fields=FIELDS[:-1]), folder / "less")
    assert [f.rule for f in found(folder / "schema.json", folder / "less")] == [
        "SCHEMA_FIELD_DROPPED",
        "SCHEMA_VERSION_STEP",
    ]
    write_config(folder, fields=FIELDS)


def test_one_file_has_a_schema(folder: Path) -> None:
    (part,) = (folder / "out" / "data").rglob("*.parquet")
    assert [finding for finding in found(part, folder / "out") if finding.severity == "error"] == []


@pytest.mark.parametrize(("kind", "name"), [("json-schema", "rows.json"), ("odcs", "contract.odcs.yaml")])
def test_a_json_schema_and_a_contract_say_fields_types_and_constraints(tmp_path: Path, kind: str, name: str) -> None:
    config = rich_config(tmp_path)
    schema = exported(config, kind, name)
    assert found(schema, config) == found(config, schema) == []


@pytest.mark.parametrize(
    ("fields", "rules"),
    [
        (RICH[1:], ["SCHEMA_FIELD_DROPPED"]),
        ([*RICH, "authors"], ["SCHEMA_FIELD_ADDED"]),
        ([*RICH, "page_url"], ["SCHEMA_REQUIRED_FIELD_ADDED"]),
        (changed("price", type="string", min=None, rules=[{"css": "i"}]),
         ["SCHEMA_CONSTRAINT_WIDENED", "SCHEMA_TYPE_CHANGED"]),
        (changed("wet", required=False), ["SCHEMA_FIELD_NOW_NULLABLE"]),
        (changed("title", required=True), ["SCHEMA_FIELD_NOW_REQUIRED"]),
        (changed("title", max_length=100), ["SCHEMA_CONSTRAINT_NARROWED"]),
        (changed("tags", one_of=["a", "b", "c"], max_length=None), ["SCHEMA_CONSTRAINT_WIDENED", "SCHEMA_VALUE_ADDED"]),
        (changed("text", description="Words"), ["SCHEMA_DESCRIPTION_CHANGED"]),
        (changed("text", deprecated="gone soon"), ["SCHEMA_FIELD_DEPRECATED"]),
        (changed("published_at", min="1996-01-01T00:00:00Z", not_after=None), []),
    ],
    ids=["dropped", "added", "required added", "type", "nullable", "required", "narrower", "wider", "words", "deprecated",
         "what it cannot say"],
)  # fmt: skip
def test_what_has_changed_since_a_json_schema(tmp_path: Path, fields: list[Any], rules: list[str]) -> None:
    schema = exported(rich_config(tmp_path), "json-schema", "rows.json")
    given = json.loads(json.dumps(fields).replace('"1996-01-01T00:00:00Z"', '"MOMENT"'))
    key = None if fields == RICH[1:] else {"by": ["url"]}
    new = rich_config(tmp_path, fields=given, duplicates=key, sort_by=None)
    assert sorted(f.rule for f in found(schema, new)) == rules


def test_a_json_schema_of_somebody_else(tmp_path: Path) -> None:
    """By reference or choice, open to more fields, in another order."""
    schema = {
        "type": "object",
        "$defs": {"Title": {"type": "string"}},
        "properties": {
            "title": {"$ref": "#/$defs/Title"},
            "word_count": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}], "maximum": 100_000},
            "url": {"type": "string", "format": "uri", "pattern": "^https://"},
            "wet": {"type": "boolean"},
            "price": {"type": ["number", "string"]},
        },
        "required": ["url", "wet"],
    }
    (tmp_path / "rows.json").write_text(json.dumps(schema))
    config = rich_config(tmp_path)
    assert [f.rule for f in found(tmp_path / "rows.json", config) if f.severity != "note"] == [
        "SCHEMA_CONSTRAINT_NARROWED", "SCHEMA_CONSTRAINT_NARROWED",
    ]  # the lengths of title  # fmt: skip
    new = rich_config(tmp_path, fields=[*RICH[:-1], {"wet": {"type": "number"}}])
    assert "SCHEMA_TYPE_CHANGED" in {f.rule for f in found(tmp_path / "rows.json", new)}


@pytest.mark.parametrize("name", ["schema.arrow", "stream.arrow", "file.arrow"])
def test_an_arrow_schema_says_ids_types_and_nulls(tmp_path: Path, name: str) -> None:
    config = rich_config(tmp_path, partition_by=LEVELS[1:])
    path = exported(config, "arrow", "schema.arrow")
    table = pa.ipc.read_schema(pa.py_buffer(path.read_bytes())).empty_table()
    for other, writer in (("stream.arrow", pa.ipc.new_stream), ("file.arrow", pa.ipc.new_file)):
        with writer(str(tmp_path / other), table.schema) as sink:
            sink.write_table(table)
    assert [f for f in found(tmp_path / name, config) if f.severity != "note"] == []
    renamed = {"headline": {"type": "string", "renamed_from": "title", "rules": [{"css": "h1"}]}}
    fields = [renamed if isinstance(field, dict) and "title" in field else field for field in RICH]
    new = rich_config(tmp_path, fields=fields, partition_by=LEVELS[1:])
    assert [f.rule for f in found(tmp_path / name, new) if f.severity == "error"] == ["SCHEMA_FIELD_RENAMED"]


def test_a_schema_of_files_says_nothing_of_folders(tmp_path: Path) -> None:
    """Whether its values may be missing or not; a field that stands in neither is new all the same."""
    fields = [{"site": {"required": True}} if field == "site" else field for field in RICH]
    config = rich_config(tmp_path, fields=fields, partition_by=[*LEVELS[:2], "site"])
    path = exported(config, "arrow", "schema.arrow")
    assert found(path, config) == found(config, path) == []
    new = rich_config(tmp_path, fields=[*fields, "page_url"], partition_by=[*LEVELS[:2], "site"])
    assert [f.rule for f in found(path, new)] == ["SCHEMA_REQUIRED_FIELD_ADDED"]
    assert [f.rule for f in found(new, path)] == ["SCHEMA_FIELD_DROPPED"]


@pytest.mark.parametrize("kind", ["json-schema", "odcs", "arrow"])
def test_nothing_has_changed_since_itself(tmp_path: Path, kind: str) -> None:
    schema = exported(rich_config(tmp_path), kind, f"a.{'json' if kind == 'json-schema' else kind}")
    if kind == "odcs":  # as others have it, without types of Arrow
        arrow = r"^ *customProperties:\n *- property: arrowType\n.*\n"
        text = re.sub(arrow, "", schema.read_text(), flags=re.MULTILINE)
        assert "arrowType" not in text
        schema = schema.with_name("a.odcs.yaml")
        schema.write_text(text)
    assert found(schema, schema) == []


@pytest.mark.parametrize("kind", ["json-schema", "odcs"])
def test_what_is_shown_of_a_source_says_no_more_than_it(
    tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    config = rich_config(tmp_path)
    schema = exported(config, kind, "rows.json" if kind == "json-schema" else "contract.odcs.yaml")
    cli.main(["schema", "show", "--json", str(schema)], standalone_mode=False)
    (tmp_path / "shown.json").write_text(capsys.readouterr().out)
    assert found(tmp_path / "shown.json", config) == found(config, tmp_path / "shown.json") == []


def term(**stated: Any) -> dict[str, Any]:
    """What `schema show --json` prints of one field."""
    said = {"version": None, "partition_by": None, "primary_key": None, "sort_by": None}
    return {"terms": 1, **said, **{key: stated.pop(key) for key in {*said} & stated.keys()},
            "fields": [{"name": "rank", "type": "integer", "arrow_type": "int64", **stated}]}  # fmt: skip


def rows(**schema: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"rank": {"type": "integer", **schema}}}


def column(**stated: Any) -> dict[str, Any]:
    return ODCS | {"schema": [{"name": "a", "properties": [{"name": "rank", "logicalType": "integer", **stated}]}]}


ODD: dict[str, tuple[dict[str, Any], str]] = {
    "newer": (term() | {"terms": 2}, "terms: 2 is newer than this build-dataset knows; update build-dataset"),
    "no fields": ({"terms": 1}, "fields: field required"),
    "fields": ({"terms": 1, "fields": {"url": "string"}}, "fields: input should be a valid "),
    "id": (term(id=[1]), "fields.0.id: input should be a valid integer"),
    "name": (term(name=None), "fields.0.name: input should be a valid string"),
    "Arrow type": (term(arrow_type=7), "fields.0.arrow_type: input should be a valid string"),
    "bound": (term(constraints={"min": {}}), "fields.0.constraints.min: a mapping where a number, or a date or time in quotes should be"),
    "values": (term(constraints={"one_of": "a"}), 'fields.0.constraints.one_of: the string "a" where a list should be'),
    "version": (term(version="one"), "version: string should match pattern "),
    "huge version": (term(version=f"{'1' * 5000}.0.0"), "version: string should match pattern "),
    "key": (term(primary_key=["url", 1]), "primary_key.1: input should be a valid string"),
    "folders": (term(partition_by=[{"name": 1}]), "partition_by.0.name: input should be a valid string"),
    "a reference": (rows(maxLength={"$data": "1/x"}), "properties.rank.maxLength: a mapping where a number should be"),
    "line ends": (rows(minLength="a\nb\x1b"), 'properties.rank.minLength: the string "a\\nb\\x1b" where a number should be'),
    "true": (rows(minimum=True), "properties.rank.minimum: true where a number, or a date or time in quotes should be"),
    "enum": (rows(enum=5), "properties.rank.enum: the number 5 where a list should be"),
    "of entries": (rows(items={"pattern": 1}), "properties.rank.pattern: the number 1 where text should be"),
    "format": (rows(format=["date"]), "properties.rank.format: a list where text should be"),
    "type": (rows(type=["integer", 5]), "properties.rank.type: the number 5 where the name of a type should be"),
    "choices": (rows(anyOf={"type": "null"}), "properties.rank.anyOf: a mapping where a list should be"),
    "choice": (rows(anyOf=[{"type": "null"}, 5]), "properties.rank.anyOf: the number 5 where a schema should be"),
    "required": (rows() | {"required": "rank"}, 'required: the string "rank" where a list should be'),
    "never": (rows() | {"properties": {"rank": False}}, "properties.rank: false where a schema should be"),
    "option": (column(logicalTypeOptions={"maximum": [1]}), "schema.0.properties.0.logicalTypeOptions.maximum: a list where a number, or a date or time in quotes should be"),
    "options": (column(logicalTypeOptions=[1]), "schema.0.properties.0.logicalTypeOptions: a list where a mapping should be"),
    "rule": (column(quality=["none"]), 'schema.0.properties.0.quality.0: the string "none" where a mapping should be'),
    "yes": (column(required="yes"), 'schema.0.properties.0.required: the string "yes" where true or false should be'),
    "kind": (column(logicalType=["integer"]), "schema.0.properties.0.logicalType: a list where the name of a type should be"),
    "column": (column(name=["rank"]), "schema.0.properties.0.name: a list where a name should be"),
    "place": (column(primaryKey=True, primaryKeyPosition="1"), 'schema.0.properties.0.primaryKeyPosition: the string "1" where a number should be'),
}  # fmt: skip
"""What somebody else may have written, and what is said of it."""


@pytest.mark.parametrize(("data", "message"), ODD.values(), ids=ODD)
def test_what_is_no_schema_is_a_mistake_of_usage(tmp_path: Path, data: dict[str, Any], message: str) -> None:
    path = tmp_path / ("odd.odcs.yaml" if "kind" in data else "odd.json")
    path.write_text(json.dumps(data))
    config = rich_config(tmp_path)
    with pytest.raises(ConfigError) as caught:
        cli.main(["validate", str(config), "--against", str(path)], standalone_mode=False)
    assert str(caught.value).startswith(f"{path}: nothing to compare with: {message}")
    assert (caught.value.exit_code, len(str(caught.value).splitlines())) == (2, 1)


@pytest.mark.parametrize(
    "data",
    [rows(anyOf=[{"type": "null"}, {"type": "null"}]), rows() | {"properties": {"rank": True}},
     column(logicalTypeOptions=None, quality=None, required=None, primaryKeyPosition=None, description=None),
     column(logicalTypeOptions={"minimum": None, "format": ["i32"]}), column(quality=[{"type": "text"}, {"metric": "invalidValues", "mustBe": 0}])],
    ids=["null or null", "anything", "nothing said", "no bound", "other rules"],
)  # fmt: skip
def test_what_says_little_is_a_schema_all_the_same(tmp_path: Path, data: dict[str, Any]) -> None:
    path = tmp_path / ("odd.odcs.yaml" if "kind" in data else "odd.json")
    path.write_text(json.dumps(data))
    new = write_config(
        tmp_path,
        fields=["url", {"rank": {"type": "integer", "rules": [{"const": 1}]}}],
        sort_by=None,
        partition_by=None,
    )
    assert [f.rule for f in found(path, new) if f.field == "rank"] == []
