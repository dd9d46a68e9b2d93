"""Which type of page it is: features of a whole page, the words of its URL and the types that it declares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from builder.extract.classifier.characters import Floats
from builder.extract.classifier.features import GROUPS
from builder.extract.classifier.rounding import expm1, log1p
from builder.extract.declaring import Declaring
from builder.extract.marks import NAMES
from builder.normalize.urls import UrlError, canonical_url, split_url

TYPES = ("article", "collection", "documentation", "forum", "listing", "product", "service")
URL_WORDS = {
    "article": (
        "blog blogs news article articles post posts story stories magazine press opinion recipe recipes "
        "artikel actualites noticias"
    ),
    "product": "product products shop item items dp buy store produkt p pd sku",
    "collection": "collection collections category categories c catalog catalogue shop store browse kategorie all",
    "forum": (
        "forum forums thread threads topic topics t viewtopic showthread question questions community "
        "discussion discussions board r comments"
    ),
    "docs": (
        "docs doc documentation api reference guide guides manual wiki help tutorial tutorials learn "
        "developer developers kb support library"
    ),
    "service": (
        "service services about solutions solution pricing contact company features platform consulting "
        "agency industries"
    ),
    "listing": (
        "tag tags search archive archives list directory jobs events best top index latest page topics listing listings"
    ),
}
"""What a word of the URL points to."""
DECLARED = {
    "article": (
        "article newsarticle blogposting reportagenewsarticle techarticle scholarlyarticle recipe "
        "opinionnewsarticle analysisnewsarticle"
    ),
    "product": "product offer aggregateoffer productgroup individualproduct og:product product.item",
    "collection": "collectionpage itemlist searchresultspage offercatalog",
    "forum": "discussionforumposting qapage question answer comment socialmediaposting",
    "service": "service localbusiness professionalservice faqpage softwareapplication organization corporation",
    "website": "website webpage",
    "crumbs": "breadcrumblist",
    "dated": "published_time",
}
"""What a declared type (JSON-LD, Open Graph) points to."""
_URL_WORD = {
    word: tuple(name for name in URL_WORDS if word in URL_WORDS[name].split())
    for words in URL_WORDS.values()
    for word in words.split()
}
_DECLARED = {word: name for name, words in DECLARED.items() for word in words.split()}
_WORDS = re.compile(r"[a-z]+")
_DATED = re.compile(r"/(?:19|20)\d\d[/-][01]?\d(?:[/-]|$)")
_TYPES = re.compile(r'"@type"\s*:\s*\[?\s*"(?:https?://schema\.org/|schema:)?([A-Za-z]{3,40})"')
_SCRIPT_LIMIT = 50_000


class Head(NamedTuple):
    """What the page says of itself outside of its text."""

    title: str
    declared: frozenset[str]
    """Keys of DECLARED."""


def read_head(found: Declaring) -> Head:
    """The document's title, and the types that its metadata name. JSON-LD is only skimmed."""
    declared = set()
    for script in found["script"]:
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            declared.update(_TYPES.findall(script.text[:_SCRIPT_LIMIT]))
    for meta in found["meta"]:
        name = (meta.get("property") or meta.get("name") or "").strip().lower()
        if name == "og:type":
            declared.add(meta.get("content") or "")
        elif name == "article:published_time":
            declared.add("published_time")
    titles = (" ".join(title.text.split()) for title in found["title"] if title.text)
    title = next(filter(None, titles), "")
    return Head(title, frozenset(_DECLARED[name.lower()] for name in declared if name.lower() in _DECLARED))


def page_names() -> list[str]:
    """The name of every row of `page_features`."""
    names = [
        *(f"url:{name}" for name in URL_WORDS),
        "url:dated",
        "url:depth",
        "url:last",
        "url:hyphens",
        "url:digits",
        "url:query",
        "url:root",
    ]
    names += [f"declared:{name}" for name in DECLARED]
    names += [
        "blocks",
        "prose",
        "link_share",
        "long",
        "long_share",
        "mean_prose",
        "alike",
        "best_share",
        "digits",
        "ends",
        "capitals",
        "price",
    ]
    names += [f"count:{name}" for name in GROUPS] + [f"prose_in:{name}" for name in GROUPS]
    return names + [f"prose_in:{name}" for name in NAMES] + [f"blocks_in:{name}" for name in NAMES]


def url_features(url: str) -> list[float]:
    """What the words and the shape of a URL say; all zero but for `url:root` where there is none to be had."""
    with suppress(UrlError):  # how a reader came to the page says nothing of it
        url = canonical_url(url)
    parts = split_url(url[:2000].lower())
    path = parts.path.rstrip("/")
    said = {name for word in _WORDS.findall(f"{parts.netloc} {path}") for name in _URL_WORD.get(word, ())}
    last = path.rsplit("/", 1)[-1]
    return [
        *(float(name in said) for name in URL_WORDS),
        float(_DATED.search(path) is not None), path.count("/"), len(last), last.count("-"),
        sum(map(str.isdigit, last)), float(bool(parts.query)), float(not path),
    ]  # fmt: skip


def page_features(columns: Floats, names: Mapping[str, int], head: Head, url: str) -> Floats:
    """One column for the page, from the features of its blocks.

    Sums are of doubles, and products no matrix product: the order in which BLAS adds is that of the processor.
    """
    prose, chars = expm1(columns[[names["prose"], names["chars"]]]).astype(np.float64)
    total = prose.sum() + 1
    long = prose >= 100
    count = columns.shape[1]
    tags = columns[names[f"tag:{GROUPS[0]}"] :][: len(GROUPS)]
    marks = columns[names[NAMES[0]] :][: len(NAMES)]
    mean = (prose * long).sum() / (long.sum() + 1)
    whole = [
        log1p(count), log1p(total), 1 - total / (chars.sum() + 1), log1p(long.sum()),
        (prose * long).sum() / total, log1p(mean),
        log1p(columns[names["box0:alike"]].max()), (prose * columns[names["best_box"]]).sum() / total,
        columns[names["digit_share"]].mean(dtype=np.float64), columns[names["ends_rate"]].mean(dtype=np.float64),
        columns[names["capital_share"]].mean(dtype=np.float64),
        log1p(columns[names["own.word:product"]].sum()),
    ]  # fmt: skip
    parts: list[ArrayLike] = [url_features(url), [float(name in head.declared) for name in DECLARED], whole]
    parts += [log1p(tags.sum(1)), (tags * prose).sum(1) / total, (marks * prose).sum(1) / total, marks.mean(1)]
    return np.concatenate([np.asarray(part, np.float32) for part in parts])
