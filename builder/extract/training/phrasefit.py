"""Fits the weights of the words in short blocks: a logistic regression over the blocks whose label is known.

Minimised over all blocks at once; weights are rounded at the end, so the last bits of a processor's arithmetic do not
show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from builder.extract.classifier.phrases import terms
from builder.extract.training.adam import Doubles, adam
from builder.extract.training.samples import Sample
from builder.extract.training.vocabulary import vocabulary

_SITES = 6
"""A term must stand on so many sites to say something."""
_SMOOTHING = 30.0
"""How strongly weights are drawn to zero, in blocks of average weight."""
_LEAST = 0.02
_RATES = tuple(0.1 * (1 - step / 151) for step in range(1, 151))


class Phrases(NamedTuple):
    """The terms of all short blocks, ready to be weighed."""

    columns: Mapping[str, int]
    """The terms that may say something, with their columns."""
    terms: NDArray[np.int64]
    """Column of each term of each block, laid end to end."""
    blocks: NDArray[np.int64]
    """Of each term its block; blocks without a term are none."""
    pages: NDArray[np.int64]
    """Of each block its page."""
    good: Doubles
    """Weight of the blocks that belong to the text; bad: of those that do not."""
    bad: Doubles


def phrases_of_pages(pages: Sequence[Sample]) -> Phrases:
    """All terms of the pages. Which there are is no secret of the pages that they are not weighed by."""
    said = [[terms(text) for text in page.texts] for page in pages]
    listed = ((page.site, set().union(*of_page)) for page, of_page in zip(pages, said, strict=True))
    columns = vocabulary(listed, _SITES)
    known: list[list[int]] = []
    page_of: list[int] = []
    good: list[float] = []
    for number, (page, of_page) in enumerate(zip(pages, said, strict=True)):
        for found, label, weight in zip(of_page, page.labels.tolist(), page.weights.tolist(), strict=True):
            if weight > 0 and (row := [columns[term] for term in found if term in columns]):
                known.append(row)
                page_of.append(number)
                good.append(label >= 0.5)
    owners = np.array(page_of, np.int64)
    # a page with many short blocks has much of the same to say
    weights = 1 / np.sqrt(np.bincount(owners)[owners])
    hits = np.array(good, np.float64)
    flat = np.array([term for row in known for term in row], np.int64)
    return Phrases(
        columns,
        flat,
        np.repeat(np.arange(len(known)), np.array(list(map(len, known)), np.int64)),
        owners,
        weights * hits,
        weights * (1 - hits),
    )


def fit_phrases(phrases: Phrases, known: NDArray[np.bool_]) -> dict[str, float]:
    """Term -> its weight for a block being part of the text; from the pages that are `known`."""
    used = known[phrases.pages]
    total = (phrases.good + phrases.bad) * used
    scale = total.sum() / max(1, np.count_nonzero(total))
    good, total = phrases.good * used / scale, total / scale

    def gradient(weights: Doubles) -> Doubles:
        sums = np.bincount(phrases.blocks, weights[:-1][phrases.terms], len(used)) + weights[-1]
        error = total / (1 + np.exp(-sums)) - good
        found = np.bincount(phrases.terms, error[phrases.blocks], len(phrases.columns)) + _SMOOTHING * weights[:-1]
        return np.append(found, error.sum())

    weights = adam(gradient, np.zeros(len(phrases.columns) + 1), _RATES)[:-1].round(2).tolist()
    return {term: weights[number] for term, number in phrases.columns.items() if abs(weights[number]) >= _LEAST}
