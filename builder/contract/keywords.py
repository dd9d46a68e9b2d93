"""What JSON Schema calls constraints, and with it Table Schema and data contracts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builder.write.layout import UNKNOWN

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
ARROW_TYPE = "arrowType"
"""The custom property of a data contract's column that says its Arrow type: the physical one is that of SQL."""
NO_FOLDER_VALUE: Mapping[str, Any] = {"const": UNKNOWN, "description": "The folder of rows without a value"}
FOLDER_TEXT: Mapping[str, Any] = {
    "type": "string",
    "description": "The name of the folder, where readers take it for text",
}
"""What a column of folders may be in JSON besides a value of its field: of fields that are text, of others."""
