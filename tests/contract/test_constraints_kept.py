# ruff: noqa: E501 - tables of constraints, one case a line
"""Constraints that a manifest states: held against the rows, and compared."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from contract.damaged import state
from small_builds import add_inline_engine, page, run, write_config, write_dump

from builder.cli import cli
from builder.contract.compare import compare
from builder.contract.rules import CHANGES, MODES
from builder.contract.sources import load_terms
from builder.contract.terms import Term, Terms
from builder.contract.validate import validate
from builder.errors import ManifestError

add_inline_engine()
FIELDS = ["url", "title", "published_at", "published_date", "fetched_at", "tags",
          {"rank": {"type": "integer", "rules": [{"const": 3}]}}]  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    html = '<html><meta name="keywords" content="heron, reed"><h1>Herons</h1><p>Of herons.</p></html>'
    write_dump(folder / "raw" / "a.jsonl", [page(1), page(2, hour=9), page(3, html=html)])
    run(write_config(folder, fields=FIELDS, partition_by=None), folder / "out")
    return folder / "out"


def stated(whole: Path, folder: Path, field: str, constraints: dict[str, Any]) -> Path:
    out = Path(shutil.copytree(whole, folder, ignore=shutil.ignore_patterns("_work")))
    if constraints:
        state(out, field, constraints)
    return out


KEPT = [
    ("rank", {"min": 3, "max": 3, "one_of": [1, 3]}), ("rank", {"min": 4, "on_violation": "keep"}),
    ("title", {"min_length": 6, "max_length": 12, "pattern": "^Heron", "one_of": ["Heron 1 seen", "Heron 2 seen", "Herons"]}),
    ("published_at", {"min": "2022-03-01T08:00:00Z", "max": "2022-03-01T09:00:00Z", "not_after": "captured"}),
    ("published_at", {"min": "2022-03-01", "max": "2022-03-01"}),
    ("published_date", {"min": "2022-03-01", "max": "2022-03-01", "one_of": ["2022-03-01"], "not_after": "captured"}),
    ("tags", {"min_length": 2, "max_length": 2, "pattern": "^(heron|reed)$", "one_of": ["heron", "reed"]}),
    ("url", {"unique": True}),
]  # fmt: skip
BROKEN = [
    ("rank", {"min": 4}, "min 4: 3 rows, as 3"), ("rank", {"max": 2}, "max 2: 3 rows, as 3"),
    ("rank", {"one_of": [1]}, "one_of [1]: 3 rows, as 3"), ("title", {"min_length": 7}, 'min_length 7: 1 rows, as "Herons"'),
    ("title", {"max_length": 11}, 'max_length 11: 2 rows, as "Heron 1 seen"'),
    ("title", {"pattern": "seen$"}, 'pattern seen$: 1 rows, as "Herons"'),
    ("title", {"one_of": ["Herons"]}, "one_of ['Herons']: 2 rows, as \"Heron 1 seen\""),
    ("published_at", {"max": "2022-03-01T08:59:59Z"}, "max 2022-03-01T08:59:59Z: 1 rows, as 2022-03-01 09:00:00+00:00"),
    ("published_date", {"min": "2022-03-02"}, "min 2022-03-02: 2 rows, as 2022-03-01"),
    ("tags", {"min_length": 3}, "min_length 3: 1 rows, as ['heron', 'reed']"),
    ("tags", {"pattern": "^h"}, "pattern ^h: 1 rows, as ['heron', 'reed']"),
    ("tags", {"one_of": ["reed"]}, "one_of ['reed']: 1 rows, as ['heron', 'reed']"),
    ("fetched_at", {"not_after": "captured", "min": "2023-01-01"}, "min 2023-01-01: 3 rows, as 2022-03-01 08:30:00+00:00"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "constraints"), KEPT, ids=str)
def test_constraints_that_are_kept(whole: Path, tmp_path: Path, field: str, constraints: dict[str, Any]) -> None:
    assert validate(str(stated(whole, tmp_path / "out", field, constraints)), deep=True) == ([], "")


@pytest.mark.parametrize(("field", "constraints", "detail"), BROKEN, ids=str)
def test_constraints_that_are_broken(
    whole: Path, tmp_path: Path, field: str, constraints: dict[str, Any], detail: str
) -> None:
    out = stated(whole, tmp_path / "out", field, constraints)
    ((found,), _) = validate(str(out), deep=True)
    assert (found.rule, found.field) == ("ROWS_CONSTRAINT", field)
    assert found.message == f"a value breaks a constraint of its field: {detail}"


@pytest.mark.parametrize(
    ("field", "constraints"),
    [("rank", {"min": "2022-01-01"}), ("published_date", {"max": "yesterday"}), ("title", {"pattern": "(?=x)"}),
     ("title", {"one_of": ["a", 5]}), ("rank", {"max": 10**30}), ("rank", {"pattern": "3"}), ("rank", {"min_length": 1}),
     ("tags", {"unique": True})],
    ids=str,
)  # fmt: skip
def test_constraints_that_no_config_could_have_given(
    whole: Path, tmp_path: Path, field: str, constraints: dict[str, Any]
) -> None:
    """A manifest that was made by hand: said of it, and everything else is looked at."""
    out = stated(whole, tmp_path / "out", field, constraints)
    ((found,), _) = validate(str(out), deep=True)
    assert (found.rule, found.field) == ("MANIFEST_CONTRADICTS", field)
    assert re.search(rf": {next(iter(constraints))} .* fits no (int64|string|date32|list)", found.message)


@pytest.mark.parametrize(
    ("constraints", "said"),
    [({"min": {}}, "min: a mapping where a number, or a date or time in quotes should be"),
     ({"one_of": 5}, "one_of: the number 5 where a list should be")],
    ids=str,
)  # fmt: skip
def test_constraints_that_cannot_be_compared(
    whole: Path, tmp_path: Path, constraints: dict[str, Any], said: str
) -> None:
    out = stated(whole, tmp_path / "out", "rank", constraints)
    ((found,), _) = validate(str(out))
    assert (found.rule, found.message) == ("MANIFEST_UNREADABLE", f"schema.fields.6.constraints.{said}")
    with pytest.raises(ManifestError, match=re.escape(f"_manifest.json: schema.fields.6.constraints.{said}")):
        validate(str(whole), against=str(out))


def test_a_value_that_is_not_unique(whole: Path, tmp_path: Path) -> None:
    ((found,), _) = validate(str(stated(whole, tmp_path / "out", "rank", {"unique": True})), deep=True)
    assert (found.rule, found.field) == ("ROWS_DUPLICATE", "rank")


CHANGED = {
    "value added": ("title", {"one_of": ["a"]}, {"one_of": ["a", "b"]}, "SCHEMA_VALUE_ADDED", "widening", "compatible"),
    "value removed": ("title", {"one_of": ["a", "b"]}, {"one_of": ["b"]}, "SCHEMA_VALUE_REMOVED", "breaking", "breaking"),
    "longer": ("title", {"max_length": 9}, {"max_length": 10}, "SCHEMA_CONSTRAINT_WIDENED", "widening", "compatible"),
    "shorter": ("title", {"max_length": 9}, {"max_length": 8}, "SCHEMA_CONSTRAINT_NARROWED", "breaking", "breaking"),
    "lower": ("rank", {"min": 2}, {"min": 1}, "SCHEMA_CONSTRAINT_WIDENED", "widening", "compatible"),
    "higher": ("rank", {"min": 1}, {"min": 2}, "SCHEMA_CONSTRAINT_NARROWED", "breaking", "breaking"),
    "a pattern": ("title", {}, {"pattern": "x"}, "SCHEMA_CONSTRAINT_NARROWED", "breaking", "breaking"),
    "no pattern": ("title", {"pattern": "x"}, {}, "SCHEMA_CONSTRAINT_WIDENED", "widening", "compatible"),
    "another pattern": ("title", {"pattern": "x"}, {"pattern": "y"}, "SCHEMA_CONSTRAINT_CHANGED", "breaking", "breaking"),
    "of any length": ("title", {}, {"min_length": 0}, None, "", ""),
    "true or false": ("is_paywalled", {}, {"one_of": [True, False]}, None, "", ""),
    "true alone": ("is_paywalled", {"one_of": [True, False]}, {"one_of": [True]}, "SCHEMA_CONSTRAINT_NARROWED", "breaking",
                   "breaking"),
    "kept all the same": ("title", {"max_length": 9}, {"max_length": 9, "on_violation": "keep"},
                          "SCHEMA_CONSTRAINT_WIDENED", "widening", "compatible"),
    "rejected or nulled": ("title", {"max_length": 9, "on_violation": "reject"}, {"max_length": 9, "on_violation": "null"},
                           None, "", ""),
}  # fmt: skip


def built(folder: Path, field: str, constraints: dict[str, Any]) -> Path:
    """A dataset of a config that declares constraints of a field; pages that break them are rejects."""
    write_dump(folder / "raw" / "a.jsonl", [page(1), page(2, hour=9)])
    declared = {"rank": {"type": "integer", "rules": [{"const": 3}]}}.get(field, {}) | constraints
    others = [entry for entry in FIELDS if entry != field and not (isinstance(entry, dict) and field in entry)]
    run(
        write_config(folder, fields=[{field: declared} if declared else field, *others], partition_by=None),
        folder / "out",
    )
    return folder / "out"


@pytest.mark.parametrize(("field", "old", "new", "rule", "full", "backward"), CHANGED.values(), ids=CHANGED)
def test_M07_constraints_that_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], field: str, old: dict[str, Any],
    new: dict[str, Any], rule: str | None, full: str, backward: str,
) -> None:  # fmt: skip
    before, after = built(tmp_path / "old", field, old), built(tmp_path / "new", field, new)
    code = cli.main(["validate", str(after), "--against", str(before), "--format", "json"], standalone_mode=False) or 0
    found = [f for f in json.loads(capsys.readouterr().out)["findings"] if f["rule"] in CHANGES]
    assert [(f["rule"], f["change"], f["field"]) for f in found] == ([(rule, full, field)] if rule else [])
    assert code == (1 if rule else 0)  # the version owes a step
    terms = [load_terms(str(out)) for out in (before, after)]
    classes = {mode: [f.change for f in compare(*terms, mode) if f.rule in CHANGES] for mode in MODES}
    assert classes["backward"] == ([backward] if rule else [])


@pytest.mark.parametrize(
    ("bound", "before", "after", "rule"),
    [("min", "2022-01-01T00:00:00Z", "2022-01-01T00:00:00.500000Z", "SCHEMA_CONSTRAINT_NARROWED"),
     ("max", "2022-01-01T00:00:00Z", "2022-01-01T00:00:00.500000Z", "SCHEMA_CONSTRAINT_WIDENED"),
     ("min", "2022-01-01T01:00:00+01:00", "2022-01-01T00:00:00Z", None),
     ("max", "2022-01-01T02:00:00+02:00", "2022-01-01T01:00:00Z", "SCHEMA_CONSTRAINT_WIDENED"),
     ("min", "2022-01-02", "2022-01-01", "SCHEMA_CONSTRAINT_WIDENED"),
     ("min", "2022-01-01", "2022-01-01T12:00:00Z", "SCHEMA_CONSTRAINT_CHANGED"),
     ("min", "9", "10", "SCHEMA_CONSTRAINT_CHANGED"), ("min", "2022-01-01", 5, "SCHEMA_CONSTRAINT_CHANGED")],
)  # fmt: skip
def test_bounds_are_compared_as_times(bound: str, before: Any, after: Any, rule: str | None) -> None:
    old, new = (Terms("", (Term("at", type="timestamp", constraints={bound: value}),)) for value in (before, after))
    assert [finding.rule for finding in compare(old, new)] == ([rule] if rule else [])


def test_every_rule_about_values_is_here() -> None:
    assert {row[3] for row in CHANGED.values()} - {None} == {r for r in CHANGES if "CONSTRAINT" in r or "VALUE_" in r}
