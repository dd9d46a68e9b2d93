"""Findings as JUnit XML: a test case a finding; errors fail, warnings and notes are told."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from builder.contract.findings import Finding, worst_first
from builder.contract.words import sentence
from builder.printable import printable


def as_junit(findings: Sequence[Finding]) -> str:
    """One test suite; without findings one test that passed, for readers want at least one."""
    failures = sum(finding.severity == "error" for finding in findings)
    cases = [_case(finding) for finding in worst_first(findings)] or [
        '  <testcase classname="build-dataset" name="contract"/>'
    ]
    head = f'<testsuite name="build-dataset validate" tests="{len(cases)}" failures="{failures}" errors="0">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", f" {head}", *cases,
                      " </testsuite>", "</testsuites>", ""])  # fmt: skip


def _case(finding: Finding) -> str:
    name = f"{finding.rule} {finding.field}" if finding.field else finding.rule
    place = f" file={_quoted(finding.file)}" if finding.file else ""
    place += f' line="{finding.line}"' if finding.line else ""
    opened = f"  <testcase classname={_quoted(finding.rule)} name={_quoted(name)}{place}>"
    words = sentence(finding) + (f"; {finding.hint}" if finding.hint else "")
    if finding.severity == "error":
        inner = f"<failure type={_quoted(finding.rule)} message={_quoted(words)}/>"
    else:
        inner = f"<system-out>{escape(printable(f'{finding.severity}: {words}'))}</system-out>"
    return f"{opened}{inner}</testcase>"


def _quoted(text: str) -> str:
    return quoteattr(printable(text))
