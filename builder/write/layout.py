"""Hive paths: partition values as folder names that every reader takes back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from urllib.parse import unquote

UNKNOWN = "unknown"
"""The partition of rows without a value: pandas and pyarrow cannot read `__HIVE_DEFAULT_PARTITION__`."""
_LONGEST = 200
_SPECIAL = re.compile(r"[\x00-\x20!-,/:-@\[-^`{-}\x7f]")


def encode_value(value: str) -> str:
    """A partition value as one path segment: NFC, ASCII specials percent-encoded, other scripts as they are.

    Spark reads percent-encoded UTF-8 as Latin-1, and raw UTF-8 right.

    >>> encode_value("a/b=ü"), encode_value("..")
    ('a%2Fb%3Dü', '..')

    Raises:
        ValueError: longer than 200 bytes; a file system takes 255 for the whole segment.

    """
    encoded = _SPECIAL.sub(lambda found: f"%{ord(found[0]):02X}", unicodedata.normalize("NFC", value))
    if encoded == "__HIVE_DEFAULT_PARTITION__":  # readers take it for null
        encoded = "%5F" + encoded[1:]
    if len(encoded.encode()) > _LONGEST:
        raise ValueError(f"a partition value of more than {_LONGEST} bytes: {value[:60]!r}")
    return encoded or UNKNOWN


def decode_value(segment: str) -> str:
    """The value of an encoded segment."""
    return unquote(segment)


def partition_path(names: Sequence[str], values: Sequence[str]) -> str:
    """`month=2022-02/site=a.example`; empty without partitions."""
    return "/".join(f"{name}={encode_value(value)}" for name, value in zip(names, values, strict=True))


def partition_map(names: Sequence[str], values: Sequence[str]) -> Mapping[str, str]:
    """Partition column -> value."""
    return dict(zip(names, values, strict=True))
