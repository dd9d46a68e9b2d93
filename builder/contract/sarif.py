"""Findings as SARIF 2.1.0, as code scanning services take it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from builder import __version__
from builder.contract.findings import Finding, worst_first
from builder.contract.rules import RULES
from builder.contract.words import sentence
from builder.printable import printable

_MOST = 25_000
"""Results that a service takes of one run."""


def as_sarif(findings: Sequence[Finding]) -> str:
    """One run; rules that were found, and results that point to them."""
    shown = worst_first(findings)[:_MOST]
    rules = sorted({finding.rule for finding in shown})
    driver = {
        "name": "build-dataset",
        "version": __version__,
        "rules": [{"id": rule, "shortDescription": {"text": RULES[rule]}} for rule in rules],
    }
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": [_result(finding, rules) for finding in shown]}],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _result(finding: Finding, rules: Sequence[str]) -> dict[str, Any]:
    words = printable(sentence(finding) + (f"; {finding.hint}" if finding.hint else ""))
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": finding.severity,
        "message": {"text": words},
    }
    if finding.file:
        uri = quote(PurePath(finding.file).as_posix().encode("utf-8", "surrogatepass"))
        physical: dict[str, Any] = {"artifactLocation": {"uri": uri}}
        if finding.line:
            physical["region"] = {"startLine": finding.line}
        result["locations"] = [{"physicalLocation": physical}]
    return result
