"""Findings as a Code Quality report of GitLab, which merge requests show (`artifacts: reports: codequality`)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from builder.contract.findings import Finding, worst_first
from builder.contract.words import sentence
from builder.printable import printable

_SEVERITIES = {"error": "major", "warning": "minor", "note": "info"}
_NOWHERE = "."
"""A report must name a path; some findings are of no file."""


def as_gitlab(findings: Sequence[Finding]) -> str:
    """One issue a finding. Fingerprints stay what they are when lines move, so that what is known is not new."""
    seen: Counter[str] = Counter()
    issues = []
    for finding in worst_first(findings):
        path = printable(PurePath(finding.file).as_posix()) if finding.file else _NOWHERE
        words = printable(sentence(finding))
        same = "\0".join([finding.rule, path, words])
        seen[same] += 1
        issues.append(
            {
                "description": words + (f"; {printable(finding.hint)}" if finding.hint else ""),
                "check_name": finding.rule,
                "fingerprint": hashlib.sha256(f"{same}\0{seen[same]}".encode()).hexdigest(),
                "severity": _SEVERITIES[finding.severity],
                "location": {"path": path, "lines": {"begin": finding.line or 1}},
            }
        )
    return json.dumps(issues, ensure_ascii=False, indent=1) + "\n"
