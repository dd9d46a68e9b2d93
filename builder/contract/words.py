"""A finding in words, safe to print."""

from __future__ import annotations

from builder.contract.findings import Finding

_OVERRIDES = "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def plain(text: str, keep: str = "") -> str:
    r"""The text without what a terminal, XML or a viewer would obey: control characters, direction marks, surrogates.

    >>> plain("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    return "".join(char if char in keep or _is_plain(char) else _escaped(char) for char in text)


def _is_plain(char: str) -> bool:
    code = ord(char)
    wrong = code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or code in (0xFFFE, 0xFFFF)
    return not wrong and char not in _OVERRIDES


def _escaped(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


def sentence(finding: Finding) -> str:
    """What has been found: the field, what of it, and what it was and is."""
    subject = f"{finding.field}: " if finding.field else ""
    if finding.old is not None and finding.new is not None:
        return f"{subject}{finding.message}: {finding.old} -> {finding.new}"
    value = finding.new if finding.old is None else finding.old
    return f"{subject}{finding.message}{f': {value}' if value is not None else ''}"
