"""What speaks for and against a string as the headline, besides the place where it stood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from urllib.parse import unquote

from builder.extract.facts.title.sitename import is_site_name, site_words
from builder.extract.page import ParsedPage

_SEPARATOR = re.compile(
    r"\s+[|\-–—·•»«›>→★⋆:/~⋅]+\s+|^[»«]\s+|\s+[»«]$|\s*(?:[|｜]|——)\s*|:\s+|(?<=[\u3040-\u9fff])[-_—－](?=[\u3040-\u9fff])|"
    r"\s[-–—](?=\S)|(?<=\S)_+(?=\S)|\s?丨(?<=[^丨]{8}丨)(?=[^丨]{2,12}(?:丨[^丨]{2,12})?\Z)\s?|"
    r"：(?<=.{8}：)(?=[^：]{1,8}(?:新聞|デジタル|ニュース|オンライン|ドットコム|网|網|[日晚]报|[日晚]報|新闻|在线)\Z)"
)
"""The upright stroke of Chinese sites at the end alone, the wide colon before the name of one: headlines have both."""
_QUOTED = re.compile(r"«[^«»]*»|»(?=\S)[^«»]*(?<=\S)«")
"""Words in quotation marks that may be separators as well: nothing in them, nor the marks, parts a title."""

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")


@dataclass(slots=True)
class Title:
    """A string that may be the headline, where it stood and what speaks for it."""

    text: str
    origin: str
    features: set[str] = field(default_factory=set)
    numbers: Sequence[float] = ()
    """See `titlenumbers`."""


@lru_cache(maxsize=64)
def separators(text: str) -> tuple[re.Match[str], ...]:
    """What parts a title from the name of its site, in order; their places are those of the text.

    >>> [found.group() for found in separators("«Wait» - «A - B» » Harbor Post")]
    [' - ', ' » ']
    """
    return tuple(_SEPARATOR.finditer(_without_quotations(text)))


def _without_quotations(text: str) -> str:
    return _QUOTED.sub(lambda quoted: "x" * len(quoted[0]), text) if "«" in text else text


def words_in_title(text: str) -> list[str]:
    """The words of a text; each letter of Chinese and Japanese is one."""
    return _WORD.findall(text)


def judge(found: list[tuple[str, Title]], page: ParsedPage, whole: str, og: str) -> None:
    """Add the features that compare a candidate with the site's name, the address, the whole title and the others."""
    names, host = site_words(page)
    path = unquote(page.url_parts.path)
    slug = slug_words(path)
    story = next(iter(page.meta.get("og:type", ())), "").lower() == "article"
    folds = [key for key, _ in found]
    for key, title in found:
        words = words_in_title(key)
        new = [*_site_features(key, names, host, whole, og), *_word_features(words), *_slug_features(key, slug)]
        if key != whole and key in whole:
            new.append("in:title")
        if key != og and key in og:
            new.append("in:og")
        if len(key) > 8 and any(other != key and key in other for other in folds):
            new.append("in:other")
        if page.is_front_page:
            new.append("home:h1" if "h1" in title.features else "home:other")
        new += _heading_agreement(key, words, title.features, whole, og)
        if story and "h1" in title.features:
            new.append("h1:article")
        title.features.update(new)


def slug_words(path: str) -> list[str]:
    """The words of the longest step of an address, without those that name its kind."""
    words = words_in_title(max(path.casefold().split("/"), key=len)[:1000])
    return [
        word for word in words if len(word) > 2 and not word.isdigit() and word not in ("html", "php", "htm", "aspx")
    ]


def _site_features(key: str, names: set[str], host: str, whole: str, og: str) -> Iterator[str]:
    if is_site_name(key, names, host):
        yield "site"
    cut = [(found.start(), found.end()) for found in separators(key)]
    parts = [key[start:end] for (_, start), (end, _) in pairwise([(0, 0), *cut, (len(key), len(key))])]
    if len(said := list(filter(None, parts))) > 1:
        yield "cuttable"
        if is_site_name(said[-1], names, host):
            yield "ends:site"
        if is_site_name(said[0], names, host):
            yield "starts:site"
    elif any(len(name) > 3 and key.endswith(name) and key != name for name in names):
        yield "ends:name"
    if rest := _rest(key, whole) or _rest(key, og):
        yield "rest:site" if is_site_name(rest, names, host) else "rest:notsite"


def _word_features(words: list[str]) -> Iterator[str]:
    for most, feature in ((0, ""), (1, "words:1"), (2, "words:2"), (4, "words:3-4"), (18, ""), (30, "words:19-30")):
        if len(words) <= most:
            if feature or most == 0:
                yield feature or "words:3-4"
            return
    yield "words:30+"


def _slug_features(key: str, slug: list[str]) -> Iterator[str]:
    if len(slug) > 1:
        share = sum(word in key for word in slug) / len(slug)
        for least, feature in ((0.99, "slug:all"), (0.6, "slug:most"), (0.3, "slug:some"), (-1.0, "slug:none")):
            if share > least:
                yield feature
                return


def _heading_agreement(key: str, words: list[str], features: set[str], whole: str, og: str) -> Iterator[str]:
    is_h1 = "h1" in features
    if is_h1 and (key in whole or key in og):
        yield "h1:agrees"
    if is_h1 and whole.startswith(key):
        yield "h1:starts"
    if whole and (is_h1 or "h2" in features):
        share = sum(word in whole for word in words) / (len(words) or 1)
        if is_h1:
            yield "h1:near" if share >= 0.5 else "h1:far" if share < 0.2 else "h1:apart"
        else:
            yield "h2:near" if share >= 0.5 else "h2:far"


def _rest(key: str, whole: str) -> str:
    """What follows a candidate in the whole title, without the separator."""
    if key == whole or not whole.startswith(key):
        return ""
    match = _SEPARATOR.match(_without_quotations(whole), len(key))
    return whole[match.end() :] if match else ""
