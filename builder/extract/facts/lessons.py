"""What known titles, authors and dates teach: the signs of every candidate of a page, and which are right.

Where a page is known to have no author or no date, "none" is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from builder.extract.classifier.samples import parsed, read_pages, read_truths, site_of
from builder.extract.facts import authors, published, titles
from builder.extract.facts.datemarks import datelike, same_day
from builder.extract.facts.names import names_in
from builder.extract.facts.sitename import fold
from builder.extract.page import ParsedPage


class Lesson(NamedTuple):
    """One page, one field."""

    site: str
    candidates: list[list[str]]
    """The signs of each."""
    right: list[bool]


def read_lessons(folder: Path) -> dict[str, list[Lesson]]:
    """The lessons of one corpus by field, in its order; none where no candidate is right.

    Raises:
        OSError: `pages.warc.gz` or `truth.jsonl` cannot be read.
    """
    truths = read_truths(folder)
    found: dict[str, list[Lesson]] = {field: [] for field in LESSONS}
    for page in read_pages(folder / "pages.warc.gz"):
        fields = LESSONS.keys() & truths.get(page.url, {}).keys()
        tree = parsed(page) if fields else None
        for field in sorted(fields) if tree is not None else ():
            candidates, right = [], []
            for signs, fits in LESSONS[field](tree, truths[page.url][field]):
                candidates.append(sorted(signs))
                right.append(fits)
            if any(right):
                found[field].append(Lesson(site_of(page.url), candidates, right))
    return found


Judged = Iterator[tuple[set[str], bool]]


def _titles(page: ParsedPage, truth: Any) -> Judged:
    for title in titles.title_candidates(page):
        yield title.signs, fold(title.text) == fold(truth or "")


def _authors(page: ParsedPage, truth: Any) -> Judged:
    found = authors.author_candidates(page)
    wanted = _people([truth] if isinstance(truth, str) else truth or [])
    shares = [_share(wanted, _people(item.names)) for item in found]
    best = max(shares, default=0.0)
    for item, share in zip(found, shares, strict=True):
        yield item.signs, share == best and share >= _ENOUGH
    yield authors.none_signs(page, found), not wanted


_ENOUGH = 0.5
"""A byline with half of the names is worth learning from where none has more."""


def _people(texts: list[str] | tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold(part) for text in texts for name in names_in(text) for part in re.split(r",\s*", name))


def _share(wanted: frozenset[str], got: frozenset[str]) -> float:
    """The F1 over names."""
    return 2 * len(wanted & got) / (len(wanted) + len(got)) if wanted else 0.0


def _dates(page: ParsedPage, truth: Any) -> Judged:
    found = published.date_candidates(page)
    for item in found:
        yield item.signs, bool(truth) and same_day(str(truth), _stated(item.text))
    yield published.none_signs(page, found), not truth


def _stated(text: str) -> str:
    """The date in a text without the numbers around it."""
    match = datelike(text)
    return match.group() if match else text


LESSONS: Mapping[str, Callable[..., Judged]] = {"title": _titles, "author": _authors, "date": _dates}
"""Field of the truth -> (page, truth) -> the signs of every candidate and whether it is right."""
