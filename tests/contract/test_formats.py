# ruff: noqa: E501 - hostile text, one case a line
"""Findings as text, JSON, JUnit, GitHub annotations, GitLab reports and SARIF, whatever stands in them."""

from __future__ import annotations

import dataclasses
import json
import re
import xml.etree.ElementTree as ElementTree
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from builder.cli import cli
from builder.contract.findings import Finding, is_broken, report_schema
from builder.contract.formats import FORMATS, as_summary
from builder.contract.rules import CHANGES, CHECKS, RULES

SHIPPED = files("builder.contract").joinpath("findings-v1.schema.json").read_text(encoding="utf-8")
VALIDATOR = Draft202012Validator(json.loads(SHIPPED))
ERROR = Finding("SCHEMA_FIELD_DROPPED", "error", "a field is gone", "title", "string", None, "breaking", "keep it",
                "configs/a.yaml", 12)  # fmt: skip
WARNING = Finding("SCHEMA_TYPE_WIDENED", "warning", "a type takes more", "rank", "int32", "int64", "widening")
NOTE = Finding("SCHEMA_FIELD_ADDED", "note", "a field is new", "site", None, "string", "compatible")


def test_text() -> None:
    assert FORMATS["text"]([NOTE, WARNING, ERROR]).splitlines() == [
        "configs/a.yaml:12: error: SCHEMA_FIELD_DROPPED: title: a field is gone: string; keep it",
        "warning: SCHEMA_TYPE_WIDENED: rank: a type takes more: int32 -> int64",
        "note: SCHEMA_FIELD_ADDED: site: a field is new: string",
        "1 error, 1 warning, 1 note",
    ]
    assert FORMATS["text"]([]) == "no findings\n"


def test_json() -> None:
    document = json.loads(FORMATS["json"]([WARNING, ERROR]))
    assert (document["version"], document["failed"]) == (1, True)
    assert document["counts"] == {"error": 1, "warning": 1, "note": 0}
    assert document["findings"][0] == {
        "rule": "SCHEMA_FIELD_DROPPED", "severity": "error", "message": "a field is gone", "field": "title",
        "old": "string", "new": None, "change": "breaking", "hint": "keep it", "file": "configs/a.yaml", "line": 12,
    }  # fmt: skip
    assert json.loads(FORMATS["json"]([]))["failed"] is False


def test_the_shipped_json_schema_is_that_of_the_types(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["schema", "findings"], standalone_mode=False)
    assert capsys.readouterr().out == report_schema() == SHIPPED
    Draft202012Validator.check_schema(json.loads(SHIPPED))


def test_junit() -> None:
    suite = ElementTree.fromstring(FORMATS["junit"]([ERROR, NOTE]))[0]
    assert {key: suite.get(key) for key in ("tests", "failures", "errors")} == {
        "tests": "2",
        "failures": "1",
        "errors": "0",
    }
    failed, told = suite
    assert (failed.get("classname"), failed.get("file"), failed.get("line")) == (
        "SCHEMA_FIELD_DROPPED",
        "configs/a.yaml",
        "12",
    )
    assert failed[0].get("message") == "title: a field is gone: string; keep it"
    assert (told[0].tag, told[0].text) == ("system-out", "note: site: a field is new: string")
    assert ElementTree.fromstring(FORMATS["junit"]([]))[0].get("tests") == "1"


def test_sarif() -> None:
    (run,) = json.loads(FORMATS["sarif"]([ERROR, NOTE]))["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["SCHEMA_FIELD_ADDED", "SCHEMA_FIELD_DROPPED"]
    first, second = run["results"]
    assert (first["ruleId"], first["ruleIndex"], first["level"]) == ("SCHEMA_FIELD_DROPPED", 1, "error")
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "configs/a.yaml"}, "region": {"startLine": 12},
    }  # fmt: skip
    assert "locations" not in second


def test_gitlab() -> None:
    moved = dataclasses.replace(ERROR, line=99)
    first, second, third = json.loads(FORMATS["gitlab"]([NOTE, ERROR, moved]))
    assert {key: value for key, value in first.items() if key != "fingerprint"} == {
        "description": "title: a field is gone: string; keep it", "check_name": "SCHEMA_FIELD_DROPPED",
        "severity": "major", "location": {"path": "configs/a.yaml", "lines": {"begin": 12}},
    }  # fmt: skip
    assert (third["severity"], third["location"]) == ("info", {"path": ".", "lines": {"begin": 1}})
    assert len({first["fingerprint"], second["fingerprint"], third["fingerprint"]}) == 3
    assert json.loads(FORMATS["gitlab"]([moved]))[0]["fingerprint"] == first["fingerprint"]
    assert json.loads(FORMATS["gitlab"]([])) == []


def test_github() -> None:
    assert FORMATS["github"]([ERROR, NOTE]).splitlines() == [
        "::error file=configs/a.yaml,line=12,title=SCHEMA_FIELD_DROPPED::title: a field is gone: string; keep it",
        "::notice title=SCHEMA_FIELD_ADDED::site: a field is new: string",
        "1 error, 1 note",
    ]


@pytest.mark.parametrize(("count", "shown"), [(10, 10), (11, 10), (10_000, 10)])
def test_M08_github_shows_ten_of_a_kind(count: int, shown: int) -> None:
    lines = FORMATS["github"]([ERROR] * count + [NOTE]).splitlines()
    errors = [line for line in lines if line.startswith("::error")]
    assert len(errors) == shown
    if count > 10:
        assert errors[-1] == f"::error::{count - 9:,} more of this kind; the summary of the step has all"


def test_M08_the_summary_stays_below_what_github_takes() -> None:
    summary = as_summary([ERROR] * 30_000)
    assert len(summary.encode()) < 2**20
    assert re.search(r"\n[0-9,]+ more\n$", summary)
    assert as_summary([]) == "### Dataset contract: no findings\n\n"


def test_M08_sarif_holds_as_many_results_as_are_taken() -> None:
    (run,) = json.loads(FORMATS["sarif"]([NOTE] * 25_001 + [ERROR]))["runs"]
    assert (len(run["results"]), run["results"][0]["level"]) == (25_000, "error")


HOSTILE = [
    "::error::x",
    "a\nb",
    "a\r\nb",
    "100%",
    "%0A",
    "\x1b[2J",
    "a:b,c",
    "<b>&\"'",
    "]]>",
    "\x00",
    "\ud800",
    "\u202e",
    "|x|",
    "\ufffe",
]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_M08_nothing_in_a_finding_is_obeyed(text: str) -> None:
    finding = Finding("SCHEMA_FIELD_DROPPED", "error", "gone", text, text, text, "breaking", text, text, 1)
    shown = {name: as_text([finding]) for name, as_text in FORMATS.items()} | {"summary": as_summary([finding])}
    for name, printed in shown.items():
        assert "\x1b" not in printed, name
        assert printed.encode("utf-8"), name
    assert len(shown["text"].splitlines()) == len(shown["github"].splitlines()) == 2
    command, _, properties = shown["github"].splitlines()[0].partition(" ")
    assert command == "::error"
    assert "::" not in properties[: properties.index(",line=1,title=SCHEMA_FIELD_DROPPED::")]
    assert len(ElementTree.fromstring(shown["junit"].encode())[0]) == 1
    assert json.loads(shown["json"])["findings"][0]["field"] == text
    assert shown["summary"].count("\n") == 5
    assert shown["summary"].splitlines()[4].count("|") == 7


@settings(deadline=None)
@given(st.lists(st.builds(Finding, st.sampled_from(sorted(RULES)), st.sampled_from(["error", "warning", "note"]), st.text(),
                          st.none() | st.text(), st.none() | st.text(), st.none() | st.text(), st.none(), st.text(),
                          st.none() | st.text(min_size=1), st.none() | st.integers(1, 9)), max_size=30))  # fmt: skip
def test_M08_machines_can_read_what_is_written(findings: list[Finding]) -> None:
    document = json.loads(FORMATS["json"](findings))
    assert document["failed"] == is_broken(findings)
    assert list(VALIDATOR.iter_errors(document)) == []
    assert len(json.loads(FORMATS["sarif"](findings))["runs"][0]["results"]) == len(findings)
    assert len({issue["fingerprint"] for issue in json.loads(FORMATS["gitlab"](findings))}) == len(findings)
    suite = ElementTree.fromstring(FORMATS["junit"](findings).encode())[0]
    assert len(suite) == max(len(findings), 1)
    assert len(suite.findall(".//failure")) == sum(finding.severity == "error" for finding in findings)
    assert len(FORMATS["text"](findings).split("\n")) == len(findings) + 2


def test_rule_ids_are_of_one_table_each() -> None:
    assert not CHANGES.keys() & CHECKS.keys()
    assert all(re.fullmatch(r"[A-Z]+(_[A-Z]+)+", rule) for rule in RULES)
