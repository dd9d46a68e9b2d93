"""Patterns of users, on RE2: linear in the text, whatever the pattern."""

from __future__ import annotations

from typing import Any

import re2


def compile_pattern(pattern: str) -> Any:
    """Return the pattern compiled.

    Raises:
        re2.error: RE2 does not take it; nothing is written to stderr.

    """
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)
