"""Findings as people and machines want them: FORMATS says which there are."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from builder.contract.findings import SEVERITIES, Finding, report_of, worst_first
from builder.contract.gitlab import as_gitlab
from builder.contract.junit import as_junit
from builder.contract.sarif import as_sarif
from builder.contract.words import sentence
from builder.printable import printable

_SHOWN_BY_GITHUB = 10
"""Annotations of one kind and step; GitHub leaves out the rest without a word."""
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
_SUMMARY_BYTES = 2**20


def as_text(findings: Sequence[Finding]) -> str:
    """One line a finding, the worst first, and a last line that counts them."""
    lines = []
    for finding in worst_first(findings):
        place = f"{finding.file}:{finding.line}: " if finding.line else f"{finding.file}: " if finding.file else ""
        hint = f"; {finding.hint}" if finding.hint else ""
        lines.append(printable(f"{place}{finding.severity}: {finding.rule}: {sentence(finding)}{hint}"))
    return "\n".join([*lines, counted(findings)]) + "\n"


def counted(findings: Sequence[Finding]) -> str:
    """How many there are of each severity."""
    counts = Counter(finding.severity for finding in findings)
    found = [f"{counts[kind]:,} {kind}{'s' if counts[kind] != 1 else ''}" for kind in SEVERITIES if counts[kind]]
    return ", ".join(found) or "no findings"


def as_json(findings: Sequence[Finding]) -> str:
    """One document: version of the format, whether the check failed, counts, and the findings."""
    return json.dumps(asdict(report_of(findings)), indent=1) + "\n"


def as_github(findings: Sequence[Finding]) -> str:
    """Workflow commands that annotate lines of a pull request; ten of a kind, for no more are shown."""
    lines = []
    for severity in SEVERITIES:
        found = [finding for finding in findings if finding.severity == severity]
        most = _SHOWN_BY_GITHUB if len(found) <= _SHOWN_BY_GITHUB else _SHOWN_BY_GITHUB - 1
        lines += [_annotation(finding) for finding in found[:most]]
        if len(found) > most:
            more = f"{len(found) - most:,} more of this kind; the summary of the step has all"
            lines.append(f"::{_COMMANDS[severity]}::{_message(more)}")
    return "".join(f"{line}\n" for line in [*lines, counted(findings)])


def _annotation(finding: Finding) -> str:
    properties = {"file": finding.file, "line": str(finding.line) if finding.line else None, "title": finding.rule}
    stated = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
    hint = f"; {finding.hint}" if finding.hint else ""
    return f"::{_COMMANDS[finding.severity]} {stated}::{_message(sentence(finding) + hint)}"


def _message(text: str) -> str:
    return printable(text, keep="\r\n").replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def as_summary(findings: Sequence[Finding]) -> str:
    """A table in Markdown, for the summary of a step: as many rows as GitHub takes."""
    head = f"### Dataset contract: {counted(findings)}\n\n"
    if not findings:
        return head
    rows = ["| | rule | field | what | old | new |\n| --- | --- | --- | --- | --- | --- |\n"]
    size = len(head) + len(rows[0])
    shown = 0
    for finding in worst_first(findings):
        cells = (finding.severity, finding.rule, finding.field, finding.message, finding.old, finding.new)
        row = "| " + " | ".join(_cell(cell) for cell in cells) + " |\n"
        size += len(row.encode("utf-8", "replace"))
        if size > _SUMMARY_BYTES - 200:
            break
        rows.append(row)
        shown += 1
    more = f"\n{len(findings) - shown:,} more\n" if shown < len(findings) else ""
    return head + "".join(rows) + more


def _cell(text: str | None) -> str:
    """Text in a cell of a table: nothing in it is Markdown or HTML."""
    words = printable(" ".join((text or "").split()))[:300]
    return "".join(f"&#{ord(char)};" if char in "|`*_<>[]&\\~#!@" else char for char in words)


FORMATS: Mapping[str, Callable[[Sequence[Finding]], str]] = {
    "text": as_text,
    "json": as_json,
    "junit": as_junit,
    "github": as_github,
    "gitlab": as_gitlab,
    "sarif": as_sarif,
}
"""Name -> findings as text. To add one: a line here."""
