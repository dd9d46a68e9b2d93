"""Findings: what is wrong or has changed, as plain data with stable ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

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


def is_broken(findings: Iterable[Finding]) -> bool:
    """Whether the exit code is 1."""
    return any(finding.severity == "error" for finding in findings)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """In the order in which they are shown; equal severities keep theirs."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
