"""Hive paths: partition values as folder names that every reader takes back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

UNKNOWN = "unknown"
"""The partition of rows without a value: pandas and pyarrow cannot read `__HIVE_DEFAULT_PARTITION__`."""
_WORD = "unknow%6E"
"""The folder of rows whose value is that word. Readers decode it; its name tells it from the folder of no value."""
_LONGEST = 200
_LONGEST_FOLDER = 255  # bytes of the column's name, `=` and the value, which is what a file system takes
_SPECIAL = re.compile(r"[\x00-\x20!-,/:-@\[-^`{-}\x7f]")


def encode_value(value: str) -> str:
    """A partition value as one path segment: NFC, ASCII specials percent-encoded, other scripts as they are.

    Spark reads percent-encoded UTF-8 as Latin-1, and raw UTF-8 right.

    >>> encode_value("a/b=ü"), encode_value("..")
    ('a%2Fb%3Dü', '..')

    Raises:
        ValueError: longer than 200 bytes.

    """
    encoded = _SPECIAL.sub(lambda found: f"%{ord(found[0]):02X}", unicodedata.normalize("NFC", value))
    if encoded == "__HIVE_DEFAULT_PARTITION__":  # readers take it for null
        encoded = "%5F" + encoded[1:]
    if len(encoded.encode()) > _LONGEST:
        raise ValueError(f"a partition value of more than {_LONGEST} bytes: {value[:60]!r}")
    return encoded or UNKNOWN


def as_level(value: str) -> str:
    """A value as it stands among those of partitions, where UNKNOWN is none: the word itself has a % more.

    >>> as_level("sport"), as_level("unknown"), as_level("unknown%")
    ('sport', 'unknown%', 'unknown%%')
    """
    return f"{value}%" if value.rstrip("%") == UNKNOWN else value


def value_of(level: str) -> str:
    """The value that `as_level` was given; UNKNOWN for none."""
    return level[:-1] if level != UNKNOWN and level.rstrip("%") == UNKNOWN else level


def partition_path(names: Sequence[str], levels: Sequence[str]) -> str:
    """`month=2022-02/site=a.example`; empty without partitions. `levels`: UNKNOWN, or what `as_level` gave.

    Raises:
        ValueError: a value that no folder can be named by.

    """
    return "/".join(_folder(name, level) for name, level in zip(names, levels, strict=True))


def _folder(name: str, level: str) -> str:
    folder = f"{name}={_WORD if level == as_level(UNKNOWN) else encode_value(value_of(level))}"
    if len(folder.encode()) > _LONGEST_FOLDER:
        raise ValueError(f"a folder with a name of more than {_LONGEST_FOLDER} bytes: {folder[:120]!r}")
    return folder


def partition_map(names: Sequence[str], levels: Sequence[str]) -> Mapping[str, str]:
    """Partition column -> value, as readers have it."""
    return dict(zip(names, map(value_of, levels), strict=True))


def has_no_value(path: str, name: str) -> bool:
    """Whether the rows of a part have no value for a partition column, by its path.

    >>> has_no_value("data/desk=unknown/part-1.parquet", "desk"), has_no_value("data/desk=unknow%6E/p.parquet", "desk")
    (True, False)
    """
    return f"{name}={UNKNOWN}" in path.split("/")[1:-1]
