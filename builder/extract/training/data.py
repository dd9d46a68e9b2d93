"""Samples laid end to end, and the folds that their sites belong to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from builder.extract.classifier.characters import Floats
from builder.extract.training.namefit import Words, words_of_pages
from builder.extract.training.phrasefit import Phrases, phrases_of_pages
from builder.extract.training.samples import Sample

FOLDS = 5


class Data(NamedTuple):
    """Samples laid end to end."""

    samples: Sequence[Sample]
    folds: NDArray[np.intp]
    """Fold of each page, by site."""
    ends: NDArray[np.intp]
    """Index after each page's last block."""
    page_of: NDArray[np.intp]
    """Page of each block."""
    words: Words
    """The words in the classes and ids of all pages."""
    phrases: Phrases
    """The words in their short blocks."""


def data_of(samples: Sequence[Sample]) -> Data:
    """Samples with their folds."""
    sites = folds_of(sample.site for sample in samples)
    counts = [sample.columns.shape[1] for sample in samples]
    folds = np.array([sites[sample.site] for sample in samples], np.intp)
    page_of = np.repeat(np.arange(len(samples)), counts)
    return Data(samples, folds, np.cumsum(counts), page_of, words_of_pages(samples), phrases_of_pages(samples))


def folds_of(sites: Iterable[str]) -> dict[str, int]:
    """The fold of every site: in alphabetical order they take turns."""
    return {site: number % FOLDS for number, site in enumerate(sorted(set(sites)))}


def is_among(data: Data, pages: NDArray[np.intp]) -> NDArray[np.bool_]:
    """For every page whether it is one of some pages."""
    return np.isin(np.arange(len(data.samples)), pages)


def blocks_of(data: Data, pages: NDArray[np.intp]) -> Iterator[tuple[int, slice]]:
    """Some pages, and where the blocks of each lie."""
    for page in pages.tolist():
        yield page, slice(data.ends[page] - data.samples[page].columns.shape[1], data.ends[page])


def page_columns(data: Data) -> Floats:
    """The page features of all pages."""
    return np.stack([sample.page for sample in data.samples], axis=1)
