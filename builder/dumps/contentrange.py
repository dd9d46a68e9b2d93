"""Responses 206 Partial Content: which part of a page one is, by its Content-Range."""

from __future__ import annotations

import re
from collections.abc import Mapping

_PARTIAL = 206
_RANGE = re.compile(r"[ \t]*bytes[ \t]+(\d{1,18})-(\d{1,18})/(\d{1,18}|\*)[ \t]*", re.ASCII | re.IGNORECASE)


def is_cut(status: int | None, headers: Mapping[str, str]) -> bool:
    """Tell whether a response is only a part of the page, by its own word.

    >>> [is_cut(206, {"content-range": f"bytes {part}"}) for part in ("0-99/100", "0-49/100", "50-99/100", "0-49/*")]
    [False, True, True, False]
    """
    found = _stated(status, headers)
    return found is not None and (int(found[1]) > 0 or (found[3] != "*" and int(found[2]) + 1 < int(found[3])))


def lacks_head(status: int | None, headers: Mapping[str, str]) -> bool:
    """Tell whether a response is a part of the page without its beginning.

    >>> [lacks_head(206, {"content-range": f"bytes {part}"}) for part in ("0-49/100", "50-99/100", "50-99/*")]
    [False, True, True]
    """
    found = _stated(status, headers)
    return found is not None and int(found[1]) > 0


def _stated(status: int | None, headers: Mapping[str, str]) -> re.Match[str] | None:
    return _RANGE.fullmatch(headers.get("content-range", "")) if status == _PARTIAL else None
