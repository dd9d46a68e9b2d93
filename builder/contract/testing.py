"""For test suites of projects that build or load datasets: `assert_compatible(old, new)`."""

from __future__ import annotations

import os

from builder.contract.compare import compare
from builder.contract.findings import is_broken
from builder.contract.formats import as_text
from builder.contract.rules import Mode
from builder.contract.sources import load_terms


def assert_compatible(old: str | os.PathLike[str], new: str | os.PathLike[str], mode: Mode = "full") -> None:
    """Fail unless the schema of `new` may take the place of that of `old`.

    Both are what `build-dataset validate --against` takes: a config, a dataset, a manifest, git:REF:PATH, ...

    Raises:
        AssertionError: it may not; the message holds one line a finding.
        ConfigError: one of them cannot be read.
        ValueError: there is no such mode.

    """
    findings = compare(load_terms(os.fspath(old)), load_terms(os.fspath(new), counted=False), mode)
    if is_broken(findings):
        raise AssertionError(f"{os.fspath(new)} cannot take the place of {os.fspath(old)}:\n{as_text(findings)}")
