"""What known titles, authors and dates teach: the features of every candidate of a page, and which are right.

Where a page is known to have no author or no date, "none" is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from pathlib import Path
from typing import Any, NamedTuple

from builder.extract.facts.author import authors
from builder.extract.facts.author.names import names_in
from builder.extract.facts.date import published
from builder.extract.facts.date.datemarks import datelike, same_day
from builder.extract.facts.title import titles
from builder.extract.facts.title.sitename import fold
from builder.extract.facts.typed import typed
from builder.extract.facts.weights import Choice
from builder.extract.page import ParsedPage
from builder.extract.training.samples import Look, look_of, parsed, read_pages, read_truths, site_of

Offered = Callable[[Choice, Any], list[int]]
_ENOUGH = 0.5
"""A byline with half of the names is worth learning from where none has more."""
_BETWEEN = re.compile(r"\s*(?:[;,/|&•·、]|\s(?:and|und|et|y|e|og|och|en|i)\s)\s*")


class Hits(NamedTuple):
    """What an answer is worth: values that are right, those that are wrong, and right ones that it lacks."""

    right: int
    wrong: int
    missed: int


class Example(NamedTuple):
    """One page, one field."""

    corpus: str
    site: str
    look: Look | None
    """What the type of the page is told by; None of one without text."""
    candidates: list[list[str]]
    """The features of each; last those of a page without a value."""
    values: list[str]
    """What each says, empty for the last."""
    right: list[bool]
    hits: list[Hits]
    """What each would be worth as the answer."""
    numbers: list[Sequence[float]]
    """What trees ask of each (`titlenumbers`); of fields without trees nothing."""
    sources: list[str]
    """Where each stands; see `Choice`."""


class Judged(NamedTuple):
    """One candidate beside the truth."""

    features: Set[str]
    value: str
    right: bool
    hits: Hits
    numbers: Sequence[float] = ()
    source: str = ""


class Field(NamedTuple):
    """How a field is learnt."""

    judge: Callable[[ParsedPage, Any], list[Judged]]
    """(page, truth) -> every candidate, last that of having no value; nothing where the truth does not say."""
    offered: Offered
    """(candidates, what was learnt) -> those worth offering, the best first."""
    is_typed: bool = True
    """Whether its candidates have features of the page's type."""


def read_examples(folder: Path) -> dict[str, list[Example]]:
    """The examples of one corpus by field, in its order.

    Raises:
        OSError: `pages.warc.gz` or `truth.jsonl` cannot be read.
    """
    truths = read_truths(folder)
    found: dict[str, list[Example]] = {field: [] for field in FIELDS}
    for page in read_pages(folder / "pages.warc.gz"):
        fields = FIELDS.keys() & truths.get(page.url, {}).keys()
        tree = parsed(page) if fields else None
        if tree is None:
            continue
        look = look_of(tree)
        for field in sorted(fields):
            judged = FIELDS[field].judge(tree, truths[page.url][field])
            if judged:
                features, *rest = map(list, zip(*judged, strict=True))
                found[field].append(Example(folder.name, site_of(page.url), look, list(map(sorted, features)), *rest))
    return found


def with_types(example: Example, types: Mapping[str, float]) -> Example:
    """An example with the features that the type of its page adds; `types`: probabilities, empty if unknown."""
    *candidates, none = map(frozenset, example.candidates)
    choice = typed(Choice(candidates, example.values[:-1], none, sources=example.sources[:-1]), types)
    return example._replace(candidates=list(map(sorted, (*choice.candidates, choice.none))))


def answered(example: Example, offered: Offered, model: Any) -> int:
    """The candidate that the extractor would answer with; the last where it would rather not answer."""
    *candidates, none = map(frozenset, example.candidates)
    choice = Choice(candidates, example.values[:-1], none, example.numbers[:-1])
    return next(iter(offered(choice, model)), len(candidates))


def _titles(page: ParsedPage, truth: Any) -> list[Judged]:
    wanted = fold(truth or "")
    if not wanted:
        return []
    rows = [
        _one(title.features, title.text, fold(title.text) == wanted, wanted)._replace(numbers=title.numbers)
        for title in titles.title_candidates(page)
    ]
    return [*rows, Judged(frozenset(), "", False, Hits(0, 0, 1))]


def _authors(page: ParsedPage, truth: Any) -> list[Judged]:
    found = authors.author_candidates(page)
    choice = authors.author_choice(page, found)
    wanted = _people([truth] if isinstance(truth, str) else truth or [])
    shares = [_share(wanted, _people(item.names)) for item in found]
    best = max(shares, default=0.0)
    listed = _listed([truth] if isinstance(truth, str) else truth or [])
    rows = []
    for item, share, value, source in zip(found, shares, choice.values, choice.sources, strict=True):
        got = _listed(item.names)
        hits = Hits(len(listed & got), len(got - listed), len(listed - got))
        rows.append(Judged(item.features, str(value), share == best and share >= _ENOUGH, hits, (), source))
    return [*rows, Judged(choice.none, "", not wanted, Hits(0, 0, len(listed)))]


def _people(texts: list[str] | tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold(part) for text in texts for name in names_in(text) for part in re.split(r",\s*", name))


def _listed(texts: Sequence[str]) -> frozenset[str]:
    """The names as benchmarks count them: whatever stands between separators, credentials too."""
    parts = (part.strip(" .:-\"'()[]") for text in texts for part in _BETWEEN.split(fold(text)))
    return frozenset(filter(None, (part.removeprefix("by ") for part in parts)))


def _share(wanted: frozenset[str], got: frozenset[str]) -> float:
    """The F1 over names."""
    return 2 * len(wanted & got) / (len(wanted) + len(got)) if wanted else 0.0


def _dates(page: ParsedPage, truth: Any) -> list[Judged]:
    found = published.date_candidates(page)
    choice = published.date_choice(page, found)
    rights = [bool(truth) and same_day(str(truth), _stated(item.text)) for item in found]
    rows = [
        _one(item.features, item.day, right, truth)._replace(source=source)
        for item, right, source in zip(found, rights, choice.sources, strict=True)
    ]
    return [*rows, Judged(choice.none, "", not truth, Hits(0, 0, int(bool(truth))))]


def _one(features: Set[str], value: str, right: bool, wanted: object) -> Judged:
    """A candidate of a field that has one value at most."""
    return Judged(features, value, right, Hits(int(right), int(not right), int(bool(wanted) and not right)))


def _stated(text: str) -> str:
    """The date in a text without the numbers around it."""
    match = datelike(text)
    return match.group() if match else text


FIELDS: Mapping[str, Field] = {
    "title": Field(_titles, titles.offered, is_typed=False),
    "author": Field(_authors, authors.offered),
    "date": Field(_dates, published.offered),
}
"""Field of the truth -> how it is learnt."""
