"""A finding in words."""

from __future__ import annotations

from builder.contract.findings import Finding


def sentence(finding: Finding) -> str:
    """What has been found: the field, what of it, and what it was and is."""
    subject = f"{finding.field}: " if finding.field else ""
    if finding.old is not None and finding.new is not None:
        return f"{subject}{finding.message}: {finding.old} -> {finding.new}"
    value = finding.new if finding.old is None else finding.old
    return f"{subject}{finding.message}{f': {value}' if value is not None else ''}"
