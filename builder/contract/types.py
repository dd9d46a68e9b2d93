"""Which Arrow types take all the values of another one, by their names. After Iceberg's promotions."""

from __future__ import annotations

import re

from builder.schema import FIELD_TYPES

_INTEGERS = ("int8", "int16", "int32", "int64")
_FLOATS = ("halffloat", "float", "double")
_DECIMAL = re.compile(r"decimal(?:32|64|128|256)\(([0-9]+), (-?[0-9]+)\)")
_DAY, _NAIVE = "date32[day]", re.compile(r"timestamp\[(us|ms)\]")
_STORED = {
    "string": ("string",),
    "int64": _INTEGERS,
    "double": (*_FLOATS, *_INTEGERS),
    "bool": ("bool",),
    _DAY: (_DAY,),
}
_KINDS = {name: stored for name, kind in FIELD_TYPES.items() if (stored := _STORED.get(str(kind.arrow))) is not None}
_KINDS["string"] = ("string", "large_string")
"""Kind of value -> the Arrow types that it may be stored as. Others begin with their name: list, struct, timestamp."""


def is_widened(old: str, new: str) -> bool:
    """Whether every value of the old type is one of the new type, in the way that table formats promote types.

    >>> is_widened("int32", "int64"), is_widened("int64", "int32"), is_widened("int64", "double")
    (True, False, False)
    """
    for family in (_INTEGERS, _FLOATS):
        if old in family and new in family:
            return family.index(old) < family.index(new)
    before, after = _DECIMAL.fullmatch(old), _DECIMAL.fullmatch(new)
    if before and after:
        return before[2] == after[2] and int(before[1]) < int(after[1])
    return old == _DAY and _NAIVE.fullmatch(new) is not None


def same_kind(old: str | None, new: str | None, arrow: str | None) -> bool:
    """Whether two kinds of value may be the same, where one side says no more than its kind.

    >>> same_kind("integer", None, "int64"), same_kind("date", "timestamp", None), same_kind("array", "array", None)
    (True, False, True)
    """
    if old is None or (arrow is None and new in (None, old)):
        return True
    stored = _KINDS.get(old)
    if arrow is not None and stored is not None:
        return arrow in stored
    found = arrow or new or ""
    family = {"array": "list", "object": "struct", "timestamp": "timestamp", "source": "struct"}.get(old, old)
    if arrow is None and stored is not None:
        return found == old or _KINDS.get(found) == stored or (old, found) in {("string", "url"), ("url", "string")}
    return found.startswith(family) or (family == "struct" and found == "source")
