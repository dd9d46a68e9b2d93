"""What a site calls itself, and whether a string is that name."""

from __future__ import annotations

import re
from functools import lru_cache

from builder.extract.page import ParsedPage, once_a_page
from builder.extract.structured import lookup

_ALIKE = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00ad": None, "\u200b": None, "\xa0": " "}
)
_NO_LETTERS = re.compile(r"[^a-z0-9]+")
_MOST_WORDS = 4
_ARTICLE = re.compile(r"^(?:www|the|blog|shop|store|my|get)(?=\w{4})")


def fold(text: str) -> str:
    """A string as it is compared: case, white space, quotes and dashes alike."""
    return " ".join((text if text.isascii() else text.translate(_ALIKE)).casefold().split())


@once_a_page
def site_words(page: ParsedPage) -> tuple[set[str], str]:
    """What the site calls itself, folded, and the letters of its domain."""
    names = [
        *page.meta.get("og:site_name", ())[:1],
        *page.meta.get("application-name", ())[:1],
        *page.meta.get("apple-mobile-web-app-title", ())[:1],
    ]
    names += lookup(page.article_object, "publisher.name")[:1]
    host = re.sub(r"^www\d?\.", "", page.url_parts.netloc.lower())
    return {fold(name) for name in names if 1 < len(name) < 80}, re.sub(r"[^a-z0-9.]", "", host.split(":")[0])


def is_site_name(text: str, names: set[str], host: str) -> bool:
    """Whether a folded string is the name of the site or of its domain, or how one of them begins or goes on."""
    if is_whole_name(text, names, host):
        return True
    if len(text.split()) > _MOST_WORDS:
        return False
    bare = _bare(_NO_LETTERS.sub("", text))
    labels = _labels(host)[0][:-1] if len(bare) > 3 else ()
    return any(len(label) > 3 and (label.startswith(bare) or bare.startswith(label)) for label in labels)


def is_whole_name(text: str, names: set[str], host: str) -> bool:
    """Whether a folded string is the name of the site or of its domain.

    >>> is_whole_name("the harbor post", set(), "harbor-post.example"), is_whole_name("news", set(), "newsday.example")
    (True, False)
    """
    if text in names:
        return True
    letters = _NO_LETTERS.sub("", text)
    labels, whole = _labels(host)
    return len(letters) > 2 and (letters in labels or _bare(letters) in labels or letters == whole)


def _bare(letters: str) -> str:
    """The letters of a name without an article."""
    return _ARTICLE.sub("", letters)


@lru_cache(maxsize=16)
def _labels(host: str) -> tuple[list[str], str]:
    """The parts of a domain without hyphens, and all of it without dots."""
    return host.replace("-", "").split("."), host.replace(".", "")
