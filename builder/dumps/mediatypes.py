"""Content types: which of them pages are sent under, and the bytes that decide where one says little."""

from __future__ import annotations

import re

HTML_AS_UTF8 = "text/html; charset=utf-8"
"""Content type of HTML that the dump gave as text, where it states none."""

_PLAIN = ("text/plain", "application/octet-stream")
_PAGES = ("text/html", "application/xhtml", "unknown", *_PLAIN)
_TAG = re.compile(rb"<(?:!|/?[a-z][a-z0-9:-]*[\s/>])", re.IGNORECASE)
_BEGINNING = 16 * 1024  # bytes of what is sent as plain text in which a page has a tag


def media_type(content_type: str) -> str:
    """Return a content type in lower case, without what follows it.

    >>> media_type("Text/HTML; charset=utf-8")
    'text/html'
    """
    return content_type.partition(";")[0].strip().lower()


def as_utf8(stated: object) -> object:
    """Return the content type of what a dump gave as text: the charset that its bytes had before no longer holds.

    What is no text stays what it is.

    >>> as_utf8("image/PNG"), as_utf8("text/html; charset=latin-1"), as_utf8(None)
    ('image/png; charset=utf-8', 'text/html; charset=utf-8', 'text/html; charset=utf-8')
    """
    if stated is None or (isinstance(stated, str) and not stated.strip()):
        return HTML_AS_UTF8
    return f"{media_type(stated)}; charset=utf-8" if isinstance(stated, str) else stated


def is_page_type(content_type: str) -> bool:
    """Tell whether HTML is sent under the content type, or none is stated.

    >>> [is_page_type(kind) for kind in ("Text/HTML; charset=utf-8", "", "text/plain", "image/png")]
    [True, True, True, False]
    """
    stated = media_type(content_type)
    return "/" not in stated or stated.startswith(_PAGES)


def may_be_page(content_type: str, body: bytes | memoryview) -> bool:
    """As `is_page_type`; what is sent as plain text or as bytes has a tag near its beginning.

    Without one it is a `robots.txt`, a log or a download.

    >>> [may_be_page(kind, b"User-agent: *") for kind in ("", "text/html", "text/plain", "image/png")]
    [True, True, False, False]
    >>> may_be_page("text/plain", b"<!DOCTYPE html>"), may_be_page("text/plain", b"Ann <ann@news.example> a<b")
    (True, False)
    """
    if not media_type(content_type).startswith(_PLAIN):
        return is_page_type(content_type)
    return _TAG.search(bytes(body[:_BEGINNING]).replace(b"\0", b"")) is not None  # without NUL: it may be in UTF-16
