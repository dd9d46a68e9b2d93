"""Language tags as pages declare them."""

from __future__ import annotations

import re

_TAG = re.compile(r"([a-zA-Z]{2,3})(?:[-_]([a-zA-Z]{4}))?(?:[-_]([a-zA-Z]{2}|\d{3}))?(?:[-_.].*)?")
_ISO_639_2 = {"eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "por": "pt", "ita": "it",
              "rus": "ru", "zho": "zh", "chi": "zh", "jpn": "ja", "ara": "ar", "hin": "hi",
              "kor": "ko", "nld": "nl"}  # fmt: skip
_OLD = {"iw": "he", "in": "id", "ji": "yi"}


def parse_language(raw: str) -> str:
    """The primary language of a tag, in lower case: BCP 47, POSIX locale or ISO 639-2.

    >>> parse_language("en-US"), parse_language("pt_BR.UTF-8"), parse_language("ger")
    ('en', 'pt', 'de')

    Raises:
        ValueError: not a language tag.

    """
    match = _TAG.fullmatch(raw.split(",")[0].strip())
    if match is None or match[1].lower() in ("und", "mul", "zxx"):
        raise ValueError(f"not a language tag: {raw[:80]!r}")
    primary = match[1].lower()
    return _OLD.get(primary) or _ISO_639_2.get(primary, primary)


def region_of(raw: str) -> str | None:
    """The region of a language tag in upper case, which decides how its dates are written.

    >>> region_of("en-us"), region_of("de"), region_of("zh-Hant-TW")
    ('US', None, 'TW')
    """
    match = _TAG.fullmatch(raw.strip())
    return match[3].upper() if match and match[3] else None
