"""Findings: what is wrong or has changed, as plain data with stable ids."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

Severity: TypeAlias = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to act on (error), to look at (warning) or to know of (note)."""

    rule: str
    """A key of rules.RULES; ids are stable."""
    severity: Severity
    message: str
    field: str | None = None
    """The column, or the path of a file of the dataset."""
    old: str | None = None
    new: str | None = None
    change: str | None = None
    """Of schema changes: none, compatible, widening or breaking."""
    hint: str = ""
    """What to do."""
    file: str | None = None
    """Where to do it: the config, as the user named it; else the file that is wrong."""
    line: int | None = None
    """From 1."""


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of one run, as the format `json` writes them."""

    version: Literal[1]
    failed: bool
    """Whether one of them is an error: the exit code is then 1."""
    counts: Mapping[Severity, Annotated[int, Field(ge=0)]]
    findings: Sequence[Finding]
    """The worst first."""


REPORT = TypeAdapter(Report)


def report_of(findings: Iterable[Finding]) -> Report:
    """The findings of a run in order, and counted."""
    ordered = worst_first(findings)
    counts = {kind: sum(finding.severity == kind for finding in ordered) for kind in SEVERITIES}
    return Report(1, is_broken(ordered), counts, ordered)


def report_schema() -> str:
    """The JSON Schema of the format `json`, as it is published."""
    head = {"$schema": GenerateJsonSchema.schema_dialect, "$id": "urn:dataset-builder:findings:1"}
    schema = head | REPORT.json_schema() | {"title": "Findings of build-dataset validate"}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def is_broken(findings: Iterable[Finding]) -> bool:
    """Whether the exit code is 1."""
    return any(finding.severity == "error" for finding in findings)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """In the order in which they are shown; equal severities keep theirs."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
