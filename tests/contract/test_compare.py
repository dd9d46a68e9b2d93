"""Each row of the table of changes: two datasets that were built, what is found, and the exit code."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pytest
from small_builds import add_inline_engine, page, run, write_config, write_dump

from builder.catalogue import CATALOGUE
from builder.cli import cli
from builder.contract import terms
from builder.contract.compare import compare
from builder.contract.rules import CHANGES, MODES, judge
from builder.contract.sources import load_terms
from builder.contract.testing import assert_compatible
from builder.contract.types import is_widened
from builder.schema import FIELD_TYPES, FieldType

add_inline_engine()

BASE = ["url", "title", "published_at", "published_date"]
Fields = list[Any]


def rank(kind: str = "integer", **settings: Any) -> Fields:
    """The base and a field that always has a value."""
    return [*BASE, {"rank": {"type": kind, "rules": [{"const": "3" if kind == "string" else 3}]} | settings}]


def replaced(name: str, settings: Any, new_name: str | None = None) -> Fields:
    return [{new_name or name: settings} if field == name else field for field in BASE]


HEADLINE = {"type": "string", "renamed_from": "title", "description": CATALOGUE["title"].description,
            "rules": [{"css": "h1"}]}  # fmt: skip
ALIASED = {"type": "string", "description": CATALOGUE["title"].description, "aliases": ["title"],
           "rules": [{"css": "h1"}]}  # fmt: skip
TITLE_URL = {"duplicates": {"by": ["title", "url"]}}
ONLY_UNIQUE = {"duplicates": None, "fields": replaced("url", {"unique": True})}
KICKER = {"type": "string", "rules": [{"css": ".kicker"}]}


class Row(NamedTuple):
    """What changes, and what is said of it (rules with blanks between them).

    Changes are those of the config; `stored` are Arrow types of integer &c.
    """

    rule: str | None
    old: dict[str, Any]
    new: dict[str, Any]
    full: str
    """Class in the mode full; forward and backward beside it."""
    forward: str
    backward: str
    exit: int
    """With an unchanged version of the schema, in the mode full."""
    step: str | None
    """The version that is owed after 1.0.0."""
    old_stored: dict[str, pa.DataType] | None = None
    new_stored: dict[str, pa.DataType] | None = None


def rules_of(row: Row) -> list[str]:
    return row.rule.split() if row.rule else []


def types(**stored: pa.DataType) -> dict[str, pa.DataType]:
    return stored


N, C, W, B = "none", "compatible", "widening", "breaking"
ROWS = {
    "nothing": Row(None, {}, {}, "", "", "", 0, None),
    "words": Row("SCHEMA_DESCRIPTION_CHANGED", {}, {"fields": replaced("title", {"description": "Words above"})},
                 N, N, N, 0, "1.0.1"),
    "order": Row("SCHEMA_FIELD_ORDER_CHANGED", {}, {"fields": BASE[::-1]}, N, N, N, 0, "1.0.1"),
    "statistics": Row(None, {}, {"inputs": ["raw/b.jsonl"]}, "", "", "", 0, None),
    "announced to go": Row("SCHEMA_FIELD_DEPRECATED", {}, {"fields": replaced("title", {"deprecated": "read url"})},
                           C, C, C, 1, "1.1.0"),
    "added": Row("SCHEMA_FIELD_ADDED", {}, {"fields": [*BASE, "site"]}, C, C, C, 1, "1.1.0"),
    "added, required": Row("SCHEMA_REQUIRED_FIELD_ADDED", {}, {"fields": [*BASE, "page_url"]}, B, C, B, 1, "2.0.0"),
    "dropped": Row("SCHEMA_FIELD_DROPPED", {"fields": [*BASE, "site"]}, {}, B, B, C, 1, "2.0.0"),
    "dropped as announced": Row("SCHEMA_DEPRECATED_FIELD_DROPPED", {"fields": [*BASE, {"site": {"deprecated": "x"}}]},
                                {},
                                B, B, C, 1, "2.0.0"),
    "renamed": Row("SCHEMA_FIELD_RENAMED", {}, {"fields": replaced("title", HEADLINE, "headline")},
                   B, B, B, 1, "2.0.0"),
    "renamed, old name kept": Row("SCHEMA_FIELD_ADDED SCHEMA_FIELD_DEPRECATED", {},
                                  {"fields": replaced("title", ALIASED, "headline")}, C, C, C, 1, "1.1.0"),
    "old name dropped": Row("SCHEMA_DEPRECATED_FIELD_DROPPED", {"fields": replaced("title", ALIASED, "headline")},
                            {"fields": replaced("title", {**ALIASED, "aliases": []}, "headline")}, B, B, C, 1, "2.0.0"),
    "another field": Row("SCHEMA_FIELD_REPLACED", {}, {"fields": replaced("title", {"id": 5})}, B, B, B, 1, "2.0.0"),
    "int32 to int64": Row("SCHEMA_TYPE_WIDENED", {"fields": rank()}, {"fields": rank()}, W, W, C, 1, "1.1.0",
                          old_stored=types(integer=pa.int32())),
    "float to double": Row("SCHEMA_TYPE_WIDENED", {"fields": rank("number")}, {"fields": rank("number")}, W, W, C, 1,
                           "1.1.0", old_stored=types(number=pa.float32())),
    "more digits": Row("SCHEMA_TYPE_WIDENED", {"fields": rank("number")}, {"fields": rank("number")}, W, W, C, 1,
                       "1.1.0", types(number=pa.decimal128(9, 2)), types(number=pa.decimal128(12, 2))),
    "int64 to int32": Row("SCHEMA_TYPE_NARROWED", {"fields": rank()}, {"fields": rank()}, B, B, B, 1, "2.0.0",
                          new_stored=types(integer=pa.int32())),
    "number to string": Row("SCHEMA_TYPE_CHANGED", {"fields": rank()}, {"fields": rank("string")}, B, B, B, 1, "2.0.0"),
    "date to timestamp": Row("SCHEMA_TYPE_CHANGED", {"fields": [*BASE, {"day": {"type": "date"}}]},
                             {"fields": [*BASE, {"day": {"type": "timestamp"}}]}, B, B, B, 1, "2.0.0"),
    "another unit": Row("SCHEMA_TYPE_CHANGED", {}, {}, B, B, B, 1, "2.0.0",
                        new_stored=types(timestamp=pa.timestamp("ms", tz="UTC"))),
    "no zone": Row("SCHEMA_TYPE_CHANGED", {}, {}, B, B, B, 1, "2.0.0", new_stored=types(timestamp=pa.timestamp("us"))),
    "another kind": Row("SCHEMA_KIND_CHANGED", {"fields": [*BASE, {"kicker": KICKER}]},
                        {"fields": [*BASE, {"kicker": {**KICKER, "type": "url"}}]}, C, C, C, 1, "1.1.0"),
    "may be null": Row("SCHEMA_FIELD_NOW_NULLABLE", {"fields": replaced("title", {"required": True})}, {},
                       B, B, C, 1, "2.0.0"),
    "required": Row("SCHEMA_FIELD_NOW_REQUIRED", {"fields": [*BASE, {"kicker": KICKER}]},
                    {"fields": [*BASE, {"kicker": {**KICKER, "required": True}}]}, B, C, B, 1, "2.0.0"),
    "required, and always there": Row("SCHEMA_FILLED_FIELD_NOW_REQUIRED", {},
                                      {"fields": replaced("title", {"required": True})}, C, C, C, 1, "1.1.0"),
    "another key": Row("SCHEMA_KEY_CHANGED", {}, {"duplicates": {"by": ["title"]}}, B, B, B, 1, "2.0.0"),
    "a key": Row("SCHEMA_KEY_NARROWED", {"duplicates": None}, {}, B, C, B, 1, "2.0.0"),
    "a key of fewer fields": Row("SCHEMA_KEY_NARROWED", TITLE_URL, {}, B, C, B, 1, "2.0.0"),
    "no key": Row("SCHEMA_KEY_WIDENED", {}, {"duplicates": None}, B, B, C, 1, "2.0.0"),
    "a key of more fields": Row("SCHEMA_KEY_WIDENED", {}, TITLE_URL, B, B, C, 1, "2.0.0"),
    "a key in another order": Row(None, TITLE_URL, {"duplicates": {"by": ["url", "title"]}}, "", "", "", 0, None),
    "no key, and one of its fields unique": Row("SCHEMA_KEY_NARROWED", TITLE_URL, ONLY_UNIQUE, B, C, B, 1, "2.0.0"),
    "unique, and no key": Row(None, {}, ONLY_UNIQUE, "", "", "", 0, None),
    "a key, and no longer unique": Row(None, ONLY_UNIQUE, {}, "", "", "", 0, None),
    "unique": Row("SCHEMA_KEY_NARROWED", {"duplicates": None}, ONLY_UNIQUE, B, C, B, 1, "2.0.0"),
    "no longer unique": Row("SCHEMA_KEY_WIDENED", ONLY_UNIQUE, {"duplicates": None}, B, B, C, 1, "2.0.0"),
    "a key of more fields than the unique one": Row("SCHEMA_KEY_WIDENED", ONLY_UNIQUE, TITLE_URL, B, B, C, 1, "2.0.0"),
    "sorted": Row("LAYOUT_SORT_EXTENDED", {"sort_by": None}, {}, B, C, B, 1, "2.0.0"),
    "sorted by more": Row("LAYOUT_SORT_EXTENDED", {"sort_by": ["published_at"]}, {}, B, C, B, 1, "2.0.0"),
    "sorted by fewer": Row("LAYOUT_SORT_SHORTENED", {}, {"sort_by": ["published_at"]}, B, B, C, 1, "2.0.0"),
    "no longer sorted": Row("LAYOUT_SORT_SHORTENED", {}, {"sort_by": None}, B, B, C, 1, "2.0.0"),
    "another order of rows": Row("LAYOUT_SORT_CHANGED", {}, {"sort_by": ["url"]}, B, B, B, 1, "2.0.0"),
    "other partitions": Row("LAYOUT_PARTITIONS_CHANGED", {}, {"partition_by": [{"year": "published_date"}]},
                            B, B, B, 1, "2.0.0"),
    "no partitions": Row("LAYOUT_PARTITIONS_CHANGED", {}, {"partition_by": None}, B, B, B, 1, "2.0.0"),
}  # fmt: skip
Build = Callable[..., Path]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Datasets by config and storage, each built once."""
    folder = tmp_path_factory.mktemp("changes")
    write_dump(folder / "raw" / "a.jsonl", [page(1), page(2, day="2022-04-01")])
    write_dump(folder / "raw" / "b.jsonl", [page(1)])
    done: dict[str, Path] = {}

    def build_once(changes: dict[str, Any], stored: dict[str, pa.DataType] | None, version: str = "1.0.0") -> Path:
        config = {"fields": BASE, "inputs": ["raw/a.jsonl"], "version": version} | changes
        key = json.dumps([config, str(stored)])
        if key not in done:
            out = folder / f"out-{len(done)}"
            with pytest.MonkeyPatch.context() as patched:
                for name, arrow in (stored or {}).items():
                    patched.setitem(FIELD_TYPES, name, as_stored(FIELD_TYPES[name], arrow))  # type: ignore[arg-type]
                run(write_config(folder, **config), out)
            done[key] = out
        return done[key]

    return build_once


def as_stored(kind: FieldType, arrow: pa.DataType) -> FieldType:
    """A field type as an earlier version of the tool may have stored it."""
    if pa.types.is_timestamp(arrow) and arrow.tz is None:
        return kind._replace(arrow=arrow, plain=lambda moment: kind.plain(moment).replace(tzinfo=None))
    return kind._replace(arrow=arrow)


def validate(*arguments: object) -> int:
    return cli.main([*map(str, arguments)], standalone_mode=False) or 0


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_M07_what_changes_is_found(build: Build, row: Row, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = build(row.old, row.old_stored), build(row.new, row.new_stored)
    assert validate("validate", new, "--against", old, "--format", "json") == row.exit
    found = [f for f in json.loads(capsys.readouterr().out)["findings"] if f["rule"] in CHANGES]
    assert sorted((f["rule"], f["change"]) for f in found) == [(rule, row.full) for rule in rules_of(row)]


@pytest.mark.parametrize(
    "row", [row for row in ROWS.values() if row.rule], ids=[name for name in ROWS if ROWS[name].rule]
)
def test_M07_each_mode_has_its_class(build: Build, row: Row) -> None:
    loaded = [load_terms(str(build(row.old, row.old_stored))),
              load_terms(str(build(row.new, row.new_stored)))]  # fmt: skip
    classes = {mode: {f.change for f in compare(*loaded, mode) if f.rule in CHANGES} for mode in MODES}
    assert classes == {"full": {row.full}, "forward": {row.forward}, "backward": {row.backward}}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_M07_the_version_owes_a_step(build: Build, row: Row, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = build(row.old, row.old_stored), build(row.new, row.new_stored)
    validate("validate", new, "--against", old, "--format", "json")
    hints = [f["hint"] for f in json.loads(capsys.readouterr().out)["findings"] if f["rule"] == "SCHEMA_VERSION_STEP"]
    assert hints == ([f"set `version: {row.step}` in the config"] if row.step else [])
    if row.step:
        promised = load_terms(str(new))
        stepped = dataclasses.replace(promised, version=row.step)
        found = compare(load_terms(str(old)), stepped)
        assert "error" not in {finding.severity for finding in found}
        assert {finding.rule for finding in found} == set(rules_of(row))


def test_every_change_of_the_table_has_its_datasets() -> None:
    elsewhere = {"LAYOUT_ENCODING_CHANGED"}
    assert {rule for row in ROWS.values() for rule in rules_of(row)} >= set(CHANGES) - elsewhere - CONSTRAINTS


CONSTRAINTS = {rule for rule in CHANGES if "CONSTRAINT" in rule or "VALUE" in rule}


def test_M07_partition_values_written_otherwise(
    build: Build, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = build({}, {})
    with monkeypatch.context() as patched:
        real = terms.levels_of
        patched.setattr(
            "builder.contract.promise.levels_of",
            lambda job: [dataclasses.replace(level, missing="no") for level in real(job)],
        )
        new = build({"name": "other"}, {})
    assert validate("validate", new, "--against", old) == 1
    said = (
        "LAYOUT_ENCODING_CHANGED: partition values are written otherwise: hive, missing: unknown -> hive, missing: no"
    )
    assert said in capsys.readouterr().out


def test_a_step_taken_in_a_real_build(build: Build, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = build({"fields": [*BASE, "site"]}, {}), build({}, {}, version="2.0.0")
    assert validate("validate", new, "--against", old) == 0
    assert "warning: SCHEMA_FIELD_DROPPED: site: a field is gone: string\n1 warning" in capsys.readouterr().out
    assert validate("validate", old, "--against", new) == 1
    assert "SCHEMA_VERSION_BACK: the schema's version is lower than before: 2.0.0 -> 1.0.0" in capsys.readouterr().out


def test_the_helper_for_test_suites(build: Build) -> None:
    small, large = build({}, {}), build({"fields": [*BASE, "site"]}, {}, version="1.1.0")
    assert_compatible(small, large)
    with pytest.raises(AssertionError, match="SCHEMA_FIELD_DROPPED: site"):
        assert_compatible(large, small)
    assert_compatible(large, build({}, {}, version="1.2.0"), mode="backward")


@pytest.mark.parametrize("mode", ["forwards", "Backward", "", None])
def test_a_mode_that_is_none_is_refused_whatever_has_changed(build: Build, mode: Any) -> None:
    with pytest.raises(ValueError, match=rf"^mode {mode!r}: there is full, forward, backward$"):
        assert_compatible(build({}, {}), build({}, {}), mode)


@pytest.mark.parametrize(
    ("old", "new", "widened"),
    [
        ("int8", "int16", True), ("int64", "int8", False), ("int64", "double", False), ("float", "double", True),
        ("decimal128(9, 2)", "decimal128(12, 2)", True), ("decimal128(9, 2)", "decimal128(12, 3)", False),
        ("date32[day]", "timestamp[us]", True), ("date32[day]", "timestamp[us, tz=UTC]", False),
        ("timestamp[ms]", "timestamp[us]", False), ("string", "large_string", False), ("int32", "int32", False),
    ],
)  # fmt: skip
def test_which_types_are_widened(old: str, new: str, widened: bool) -> None:
    assert is_widened(old, new) == widened


def test_no_change_is_worse_in_one_direction_than_in_both() -> None:
    order = [N, C, W, B]
    for change in CHANGES.values():
        classes = {mode: order.index(judge(change, mode).change) for mode in MODES}
        assert classes["full"] == max(classes.values())
