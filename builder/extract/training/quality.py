"""How right the answers are on pages whose truth is known: tables by corpus and by type of page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from builder.extract.article import ALL_NAMES, taken
from builder.extract.classifier.characters import Floats
from builder.extract.classifier.pagetype import TYPES
from builder.extract.classifier.rounding import expm1
from builder.extract.training.examples import FIELDS, Example, answered
from builder.extract.training.samples import Sample

_WORDS, _HEADING, _IN_TITLE = (ALL_NAMES.index(name) for name in ("words", "tag:h1", "in_title"))
_Row = tuple[str, int, float]


def text_table(samples: Sequence[Sample], types: Floats, probabilities: Sequence[Floats]) -> str:
    """Mean F1 over words where the whole text is known, by corpus and type; where pieces are, F1 over all of them.

    Args:
        samples: the pages.
        types: type probabilities, (types, pages).
        probabilities: of every page the probabilities of its blocks.
    """
    means: dict[str, list[float]] = defaultdict(list)
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for number, (sample, mine) in enumerate(zip(samples, probabilities, strict=True)):
        keep = _without_headline(sample, types[:, number], mine)
        if sample.reference is None:
            text = " ".join(" ".join(text.split()) for text, kept in zip(sample.texts, keep, strict=True) if kept)
            wanted, unwanted = (sum(" ".join(piece.split()) in text for piece in part) for part in sample.pieces)
            counts = {"right": wanted, "wrong": unwanted, "missed": len(sample.pieces[0]) - wanted, "pages": 1}
            totals[sample.corpus].update(counts)
            continue
        value = f1_of(sample, keep)
        means[f"{sample.corpus} all"].append(value)
        if sample.page_type:
            means[f"{sample.corpus} {sample.page_type}"].append(value)
    rows = [(name, len(values), sum(values) / len(values)) for name, values in sorted(means.items())]
    return _lines([*rows, *_totals(totals)])


def _without_headline(sample: Sample, types: Floats, probabilities: Floats) -> list[bool]:
    """Which blocks the extractor would take for the text; the headline of an article is a field of its own.

    What the title is samples do not say: an h1 that stands in that of the document is taken for it.
    """
    keep = taken(probabilities, expm1(sample.columns[_WORDS]), sample.texts, types)
    if TYPES[int(np.argmax(types))] != "article":
        return keep
    headline = sample.columns[_HEADING] * sample.columns[_IN_TITLE]
    return [kept and not said for kept, said in zip(keep, headline, strict=True)]


def f1_of(sample: Sample, keep: Sequence[bool]) -> float:
    """The F1 over words of the blocks that are kept, on a page whose text is known."""
    assert sample.reference is not None
    got = Counter(word for words, kept in zip(sample.words, keep, strict=True) if kept for word in words)
    total = got.total() + sample.reference.total()
    return 2 * (sample.reference & got).total() / total if total else 1.0


def field_table(field: str, examples: Sequence[Example], models: Sequence[Any]) -> str:
    """F1 over the values of all pages of each corpus, each page answered by a model of its own.

    Of titles, of which a page has one and gets one, this is the share of pages with the right one.
    """
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for example, own in zip(examples, models, strict=True):
        hits = example.hits[answered(example, FIELDS[field].offered, own)]
        totals[example.corpus].update({"pages": 1, **hits._asdict()})
    return _lines(_totals(totals))


def _totals(totals: Mapping[str, Counter[str]]) -> list[_Row]:
    return [
        (name, found["pages"], 2 * found["right"] / max(1, 2 * found["right"] + found["wrong"] + found["missed"]))
        for name, found in totals.items()
    ]


def _lines(rows: Sequence[_Row]) -> str:
    return "\n".join(f"  {name:<20}{pages:>6}{value:>8.4f}" for name, pages, value in rows)
