"""A look at the bytes before the parser gets them, linear in their number: what would take it quadratic time."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from builder.errors import PageError

_STEP = 4096
_TAG = re.compile(rb"<[a-zA-Z](?:[^>\"']|\"[^\"]*\"?|'[^']*'?)*")
_QUOTED = re.compile(rb"\"[^\"]*\"?|'[^']*'?")
_RAW_TEXT = ((b"<script", b"</script"), (b"<style", b"</style"), (b"<!--", b"-->"), (b"<textarea", b"</textarea"))


def check_attributes(html: bytes, limit: int) -> None:
    """Refuse an element with more than `limit` attributes; data URIs and inline scripts are none.

    An element with that many attributes leaves a long stretch without a `>`. Looking for such stretches costs a
    hundredth of parsing; what is found (mostly a script, or an image in a data URI) is looked at closely. Attributes
    that hide a `>` in their values are not found here; the deadline of a page is for them.

    Raises:
        PageError: too_many_attributes.
    """
    stretches = list(_stretches(html, min(_STEP, max(limit, 16))))
    if not stretches:
        return
    scripts, ends = _positions(html, b"<script"), _positions(html, b"</script")
    for start, end in stretches:
        if _last(scripts, start) > _last(ends, start):
            continue  # in a script, as most are; `_is_raw_text` knows the other places
        opened = html.find(b"<", start, end)
        tag = _TAG.search(html, opened, end) if opened >= 0 else None
        if tag is None or tag.end() - tag.start() < 2 * limit:
            continue
        words = _QUOTED.sub(b" ", tag[0]).split()  # a slash before the = parts names as a blank does
        count = sum(1 + word.partition(b"=")[0].strip(b"/").count(b"/") for word in words) - 1
        if count > limit and not _is_raw_text(html, tag.start()):
            raise PageError("too_many_attributes", f"an element with about {count} attributes (limit {limit})")


def _positions(html: bytes, what: bytes) -> list[int]:
    found, at = [], html.find(what)
    while at >= 0:
        found.append(at)
        at = html.find(what, at + len(what))
    return found


def _last(positions: list[int], before: int) -> int:
    """The last position before a place, -1 where there is none."""
    at = bisect_left(positions, before)
    return positions[at - 1] if at else -1


def _stretches(html: bytes, step: int) -> Iterator[tuple[int, int]]:
    """Stretches of at least `step` bytes without a `>`: from the last one before to the next one after."""
    at = 0
    while at + step <= len(html):
        if html.find(b">", at, at + step) < 0:
            end = html.find(b">", at + step)
            end = len(html) if end < 0 else end
            yield html.rfind(b">", 0, at) + 1, end
            at = end
        else:
            at += step


def _is_raw_text(html: bytes, position: int) -> bool:
    """Whether a position lies in a script, a style sheet, a comment or a text field."""
    before = html[:position].lower()
    return any(before.rfind(opened) > before.rfind(closed) for opened, closed in _RAW_TEXT)
