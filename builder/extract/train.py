"""python -m builder.extract.train CORPORA [--cv] [--sets A,B] [--out DIR]: learns all models, writes their files.

The block model must see page types as uncertain as they are on unknown pages, so a page's type comes from a model that
was fitted on the other folds' sites. `--cv` also answers every page by models that never saw its site, and scores text,
titles, authors and dates with the measures that the benchmarks use. Same corpora, same files, byte for byte.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

import numpy as np
from numpy.typing import NDArray

from builder.extract.article import ALL_NAMES, MODEL_FILES, type_probabilities, with_types
from builder.extract.classifier.characters import Floats
from builder.extract.classifier.fit import Settings, bin_edges, binned, fit
from builder.extract.classifier.pagetype import TYPES, page_names
from builder.extract.classifier.samples import Sample, read_samples
from builder.extract.classifier.trees import Forest, probability, score, to_json
from builder.extract.facts.fit import fit_signs
from builder.extract.facts.lessons import FIELDS, Lesson, read_lessons
from builder.extract.quality import field_table, text_table

FOLDS = 5
TYPE_SETTINGS = Settings(trees=60, depth=3, rate=0.2, sample=1, share=2, smoothing=4)
BLOCK_SETTINGS = Settings(trees=480, depth=5, rate=0.1, sample=10, share=3)


class Data(NamedTuple):
    """Samples laid end to end."""

    samples: Sequence[Sample]
    folds: NDArray[np.intp]
    """Fold of each page, by site."""
    ends: NDArray[np.intp]
    """Index after each page's last block."""
    page_of: NDArray[np.intp]
    """Page of each block."""


def data_of(samples: Sequence[Sample]) -> Data:
    """Samples with their folds: sites in alphabetical order take turns."""
    sites = _folds(sample.site for sample in samples)
    counts = [sample.columns.shape[1] for sample in samples]
    folds = np.array([sites[sample.site] for sample in samples], np.intp)
    return Data(samples, folds, np.cumsum(counts), np.repeat(np.arange(len(samples)), counts))


def _folds(sites: Iterable[str]) -> dict[str, int]:
    return {site: number % FOLDS for number, site in enumerate(sorted(set(sites)))}


def fit_types(data: Data, pages: NDArray[np.intp]) -> Forest:
    """The page type model, from those of the pages whose type is known."""
    known = [page for page in pages.tolist() if data.samples[page].page_type in TYPES]
    columns = np.stack([data.samples[page].page for page in known], axis=1)
    said = np.array([TYPES.index(data.samples[page].page_type or "") for page in known])
    targets = (said[None, :] == np.arange(len(TYPES))[:, None]).astype(np.float32)
    rarity = 1 / np.sqrt(np.maximum(targets.mean(axis=1), 1e-3))
    edges = bin_edges(columns)
    return fit(
        tuple(page_names()), binned(columns, edges), edges, targets, rarity[said].astype(np.float32), TYPE_SETTINGS
    )


class Bins(NamedTuple):
    """The features of all blocks, cut into bins once."""

    edges: list[Floats]
    bins: NDArray[np.uint8]


def bins_of(columns: Floats) -> Bins:
    """Features in bins."""
    edges = bin_edges(columns)
    return Bins(edges, binned(columns, edges))


def fit_blocks(cut: Bins, data: Data, pages: NDArray[np.intp]) -> Forest:
    """The block model, from some pages."""
    rows = np.isin(data.page_of, pages)
    targets = np.concatenate([data.samples[page].labels >= 0.5 for page in pages.tolist()]).astype(np.float32)
    weights = np.concatenate([data.samples[page].weights for page in pages.tolist()])
    known = weights > 0
    bins = cut.bins[:, np.flatnonzero(rows)[known]]
    return fit(ALL_NAMES, bins, cut.edges, targets[None, known], weights[known], BLOCK_SETTINGS)


def unseen_types(data: Data) -> Floats:
    """Type probabilities of every page, (types, pages), by models of the other folds."""
    types = np.zeros((len(TYPES), len(data.samples)), np.float32)
    for fold in range(FOLDS):
        inside = np.flatnonzero(data.folds == fold)
        if len(inside):
            forest = fit_types(data, np.flatnonzero(data.folds != fold))
            types[:, inside] = type_probabilities(forest, page_columns(data)[:, inside])
    return types


def page_columns(data: Data) -> Floats:
    """The page features of all pages."""
    return np.stack([sample.page for sample in data.samples], axis=1)


def known_columns(data: Data, types: Floats) -> Floats:
    """The features of all blocks with the types of their pages."""
    parts = [with_types(sample.columns, types[:, page, None]) for page, sample in enumerate(data.samples)]
    return np.concatenate(parts, axis=1)


def unseen_chances(data: Data, cut: Bins, columns: Floats) -> Floats:
    """Probabilities of all blocks by models of the other folds."""
    found = np.zeros(columns.shape[1], np.float32)
    for fold in range(FOLDS):
        rows = data.folds[data.page_of] == fold
        if rows.any():
            forest = fit_blocks(cut, data, np.flatnonzero(data.folds != fold))
            found[rows] = probability(score(forest, columns[:, rows]))[0]
            _say(f"fold {fold + 1} of {FOLDS}", sys.stderr)
    return found


def _say(text: str, file: TextIO | None = None) -> None:
    (file or sys.stdout).write(text + "\n")


def main(given: Sequence[str] | None = None) -> int:
    """Train, write the files, print the scores; the exit code."""
    options = _options(given)
    sets = options.sets.split(",")
    try:
        lessons = _lessons(options.corpora, sets)
        data = data_of([sample for name in sets for sample in read_samples(options.corpora / name)])
    except OSError as error:
        _say(f"{error.filename}: {error.strerror}; CORPORA must hold a folder for each of {options.sets}", sys.stderr)
        return 2
    if not any(sample.page_type in TYPES for sample in data.samples):
        _say(
            f"{options.corpora}: no page of {options.sets} has a page_type; learn from a set that names them",
            sys.stderr,
        )
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    learn_signs(lessons, options.out / "weights.json", cv=options.cv)
    learn_text(data, options.out, cv=options.cv)
    return 0


def _options(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m builder.extract.train", description=__doc__)
    parser.add_argument("corpora", type=Path, help="folder with a folder a set: pages.warc.gz and truth.jsonl")
    parser.add_argument(
        "--sets",
        default="wcxb,scrapinghub,trafilatura,htmldate",
        help="sets to learn from, separated by commas; default: %(default)s",
    )
    parser.add_argument("--cv", action="store_true", help="also score pages by models that never saw their sites")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "models", help="folder of the model files")
    return parser.parse_args(given)


def _lessons(corpora: Path, sets: Sequence[str]) -> dict[str, list[Lesson]]:
    found: dict[str, list[Lesson]] = {field: [] for field in FIELDS}
    for name in sets:
        for field, lessons in read_lessons(corpora / name).items():
            found[field] += lessons
    return found


def learn_signs(lessons: Mapping[str, Sequence[Lesson]], path: Path, *, cv: bool) -> None:
    """Write the weights of title, author and date; print how right the answers are."""
    weights = {field: fit_signs(pages) for field, pages in lessons.items()}
    path.write_text(json.dumps(weights, indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="\n")
    for field, pages in lessons.items():
        _say(f"{field}: F1 on the pages learnt from\n{field_table(field, pages, [weights[field]] * len(pages))}")
        if cv:
            folds = _folds(lesson.site for lesson in pages)
            others = [
                fit_signs([lesson for lesson in pages if folds[lesson.site] != fold])
                for fold in range(FOLDS if pages else 0)
            ]
            unseen = field_table(field, pages, [others[folds[lesson.site]] for lesson in pages])
            _say(f"{field}: F1 on unseen sites\n{unseen}")


def learn_text(data: Data, out: Path, *, cv: bool) -> None:
    """Write the models of page types and blocks; print the F1 of the text."""
    types = unseen_types(data)
    columns = known_columns(data, types)
    cut = bins_of(columns)
    pages = np.arange(len(data.samples))
    forests = fit_types(data, pages), fit_blocks(cut, data, pages)
    for name, forest in zip(MODEL_FILES, forests, strict=True):
        (out / name).write_text(to_json(forest), encoding="utf-8", newline="\n")
    own = type_probabilities(forests[0], page_columns(data))
    chances = probability(score(forests[1], known_columns(data, own)))[0]
    _say(f"text F1 on the pages learnt from; page type {type_accuracy(data, own):.3f}")
    _say(text_table(data.samples, own, np.split(chances, data.ends[:-1])))
    if cv:
        unseen = unseen_chances(data, cut, columns)
        _say(f"text F1 on unseen sites; page type {type_accuracy(data, types):.3f}")
        _say(text_table(data.samples, types, np.split(unseen, data.ends[:-1])))


def type_accuracy(data: Data, types: Floats) -> float:
    """The share of pages whose likeliest type is the stated one."""
    pairs = zip(np.argmax(types, axis=0).tolist(), (sample.page_type for sample in data.samples), strict=True)
    hits = [TYPES[number] == name for number, name in pairs if name]
    return sum(hits) / len(hits)


if __name__ == "__main__":
    sys.exit(main())
