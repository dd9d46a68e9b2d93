"""A look at the bytes before the parser gets them, linear in their number: what would take it quadratic time."""

from __future__ import annotations

import re

from builder.errors import PageError

_STEP = 4096
_TAG = re.compile(rb"<[a-zA-Z](?:[^>\"']|\"[^\"]*\"|'[^']*')*")
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_RAW_TEXT = re.compile(
    rb"<(script|style|textarea|title)\b[^>]*>.*?(?:</\1|$)|<!--.*?(?:-->|$)", re.IGNORECASE | re.DOTALL
)


def check_attributes(html: bytes, limit: int) -> None:
    """Refuse an element with more than `limit` attributes; data URIs and inline scripts are none.

    An element with that many attributes leaves a long stretch without a `>`. Looking for one such stretch costs a
    hundredth of parsing; only where there is one (mostly a script) the tags are looked at.

    Raises:
        PageError: too_many_attributes.

    """
    step = min(_STEP, max(limit, 16))
    if len(html) < step or all(html.find(b">", at, at + step) >= 0 for at in range(0, len(html) - step, step)):
        return
    for tag in _TAG.finditer(_RAW_TEXT.sub(b"", html)):
        if tag.end() - tag.start() > 2 * limit and (count := len(_QUOTED.sub(b" ", tag[0]).split()) - 1) > limit:
            raise PageError("too_many_attributes", f"an element with about {count} attributes (limit {limit})")
