"""What JSON Schema calls constraints, and with it Table Schema and data contracts."""

from __future__ import annotations

from collections.abc import Mapping

KEYWORDS: Mapping[str, str] = {
    "min": "minimum",
    "max": "maximum",
    "min_length": "minLength",
    "max_length": "maxLength",
    "pattern": "pattern",
}
"""Constraint -> what it is called where it is one of a value."""
OF_LISTS: Mapping[str, str] = {"min_length": "minItems", "max_length": "maxItems"}
"""Constraint -> what it is called where it is one of a list."""
CONSTRAINTS: Mapping[str, str] = {theirs: ours for names in (KEYWORDS, OF_LISTS) for ours, theirs in names.items()}
"""What either is called -> the constraint."""
