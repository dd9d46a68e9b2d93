"""Data contracts (ODCS) as what is compared with: kept, broken, changed, or not readable."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from contract.rich_schemas import FIELDS, ODCS, RICH, changed, exported, found, rich_config
from small_builds import add_inline_engine, page, run, write_config, write_dump

from builder.contract.sources import load_terms
from builder.errors import ConfigError

add_inline_engine()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    write_dump(folder / "raw" / "a.jsonl", [page(1)])
    run(write_config(folder, fields=FIELDS), folder / "out")
    return folder


def contract(folder: Path, **changes: dict[str, Any]) -> Path:
    properties = [entry | changes.get(entry["name"], {}) for entry in ODCS["schema"][0]["properties"]]
    path = folder / "stories.odcs.yaml"
    path.write_text(json.dumps(ODCS | {"schema": [{"name": "stories", "properties": properties}]}))
    return path


def test_a_contract_that_is_kept(folder: Path) -> None:
    assert [f for f in found(contract(folder), folder / "out") if f.severity != "note"] == []


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"title": {"name": "headline"}}, "SCHEMA_FIELD_DROPPED"),
        ({"title": {"logicalType": "integer"}}, "SCHEMA_TYPE_CHANGED"),
        ({"tags": {"logicalType": "string"}}, "SCHEMA_TYPE_CHANGED"),
        ({"published_date": {"physicalType": "int32"}}, "SCHEMA_TYPE_CHANGED"),
        (
            {"title": {"customProperties": [{"property": "arrowType", "value": "int64"}]}},
            "SCHEMA_TYPE_CHANGED",
        ),
        ({"url": {"required": True}}, "SCHEMA_FIELD_NOW_NULLABLE"),
        ({"url": {"primaryKey": False}, "title": {"primaryKey": True}}, "SCHEMA_KEY_CHANGED"),
    ],
    ids=["name", "type", "list", "physical type", "Arrow type", "required", "key"],
)
def test_a_contract_that_is_broken(folder: Path, changes: dict[str, Any], rule: str) -> None:
    assert [f.rule for f in found(contract(folder, **changes), folder / "out") if f.severity == "error"] == [rule]


@pytest.mark.parametrize(
    ("fields", "rules"),
    [
        (changed("title", max_length=100), ["SCHEMA_CONSTRAINT_NARROWED"]),
        (changed("published_date", max="DAY AFTER"), ["SCHEMA_CONSTRAINT_WIDENED"]),
        (changed("tags", max_length=10, one_of=["a"]), ["SCHEMA_CONSTRAINT_WIDENED"]),
        (changed("section", one_of=["news"], on_violation=None), []),
        (changed("language", one_of=["en", "de"]), ["SCHEMA_VALUE_ADDED"]),
        (changed("language", one_of=None), ["SCHEMA_CONSTRAINT_WIDENED"]),
        (changed("title", deprecated=None), []),
        (changed("text", description="Words"), ["SCHEMA_DESCRIPTION_CHANGED"]),
    ],
    ids=["narrower", "a later day", "of lists", "kept till now", "one more value", "any value", "deprecated", "words"],
)
def test_what_has_changed_since_a_contract(tmp_path: Path, fields: list[Any], rules: list[str]) -> None:
    before = [{"language": {"one_of": ["en"]}} if field == "language" else field for field in RICH]
    contract = exported(rich_config(tmp_path, fields=before), "odcs", "contract.odcs.yaml")
    given = [{"language": {"one_of": ["en"]}} if field == "language" else field for field in fields]
    new = rich_config(tmp_path, fields=json.loads(json.dumps(given).replace('"DAY AFTER"', '"2030-01-02"')))
    new.write_text(new.read_text().replace('"2030-01-02"', "2030-01-02"))
    assert sorted(f.rule for f in found(contract, new)) == rules


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"apiVersion": "v2.2.2"}, "apiVersion v2.2.2; this reads contracts of v3"),
        ({"schema": []}, "schema must hold exactly one table"),
        ({"schema": [{"name": "a"}]}, "schema.0.properties must be a list of columns with names"),
        (
            {"schema": [{"name": "a", "properties": [{"logicalType": "string"}]}]},
            "must be a list of columns with names",
        ),
    ],
    ids=["version", "no table", "no columns", "no names"],
)
def test_a_contract_that_cannot_be_read(folder: Path, changes: dict[str, Any], message: str) -> None:
    path = folder / "odd.odcs.yaml"
    path.write_text(json.dumps(ODCS | changes))
    with pytest.raises(ConfigError, match=message):
        load_terms(str(path))


def test_a_contract_that_is_read_in_part_is_none(tmp_path: Path) -> None:
    """An alias is refused, as in configs: without it the contract would say less than is written."""
    path = tmp_path / "a.odcs.yaml"
    head = "apiVersion: v3.1.0\nkind: DataContract\nschema:\n- name: a\n  properties:\n"
    path.write_text(f"{head}  - name: url\n    required: &yes true\n  - name: title\n    required: *yes\n")
    with pytest.raises(ConfigError, match=r"a\.odcs\.yaml:7:15: anchors \(&name\) are not allowed; remove it$"):
        load_terms(str(path))
