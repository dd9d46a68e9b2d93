"""python -m builder.extract.train CORPORA [--cv] [--sets A,B] [--out DIR]: learns all models, writes their files.

Other models must see page types, and what words say, as uncertain as they are on unknown pages, so for each page they
come from models that were fitted on the other folds' sites. Blocks are also learnt from stories that are interrupted
by boxes of our own writing, see `training.inserts`. `--cv` also answers every page by models that never
saw its site, and scores text, titles, authors and dates with the measures that the benchmarks use. Same corpora, same
files, byte for byte.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from builder.extract.article import ALL_NAMES, MODEL_FILES, block_probabilities, whole_columns
from builder.extract.classifier.characters import Floats
from builder.extract.classifier.names import NameJudge, NameWeights, name_features
from builder.extract.classifier.names import to_json as names_to_json
from builder.extract.classifier.network import Network
from builder.extract.classifier.network import to_json as network_to_json
from builder.extract.classifier.pagetype import TYPES
from builder.extract.classifier.phrases import PhraseJudge, phrase_features
from builder.extract.classifier.phrases import to_json as phrases_to_json
from builder.extract.classifier.rounding import expm1
from builder.extract.classifier.trees import Forest, to_json
from builder.extract.facts.title.titlemodel import TREES_FILE, TitleModel
from builder.extract.training.data import FOLDS, Data, blocks_of, data_of, folds_of, page_columns
from builder.extract.training.examples import FIELDS, Example, read_examples
from builder.extract.training.inserts import others_by_fold, read_interrupted
from builder.extract.training.namefit import fit_names
from builder.extract.training.networkfit import NetworkSettings, fit_network
from builder.extract.training.phrasefit import fit_phrases
from builder.extract.training.quality import field_table, text_table
from builder.extract.training.samples import read_samples, read_truths
from builder.extract.training.titlefit import fit_titles
from builder.extract.training.treefit import Settings, bin_edges, binned, fit
from builder.extract.training.typefit import (
    TypeModel,
    fit_types,
    fold_models,
    type_accuracy,
    typed_examples,
    types_of,
    unseen_types,
)
from builder.extract.training.weightfit import fit_weights

BLOCK_SETTINGS = Settings(trees=480, depth=5, rate=0.1, sample=2, share=3)
NETWORK_SETTINGS = NetworkSettings()
_WORDS = ALL_NAMES.index("words")
_FITS: Mapping[str, Callable[[Sequence[Example]], Any]] = {
    "title": fit_titles,
    "author": fit_weights,
    "date": fit_weights,
}
"""What learns each field from its examples."""


def fit_blocks(columns: Floats, data: Data, pages: NDArray[np.intp]) -> tuple[Forest, Network]:
    """The block models, from some pages; `columns`: the features of the blocks of all."""
    targets = (np.concatenate([sample.labels for sample in data.samples]) >= 0.5).astype(np.float32)
    weights = np.concatenate([sample.weights for sample in data.samples])
    rows = np.flatnonzero(np.isin(data.page_of, pages) & (weights > 0))
    edges = bin_edges(columns)
    forest = fit(ALL_NAMES, binned(columns, edges)[:, rows], edges, targets[None, rows], weights[rows], BLOCK_SETTINGS)
    learnt = [
        (columns[:, part], data.samples[page].boxes, targets[part], weights[part])
        for page, part in blocks_of(data, pages)
        if weights[part].any()
    ]
    return forest, fit_network(ALL_NAMES, learnt, NETWORK_SETTINGS)


def said_of(
    data: Data, pages: NDArray[np.intp], names: NameWeights, phrases: Mapping[str, float]
) -> Iterator[tuple[int, Floats]]:
    """What the words of names and of short blocks say of the blocks of some pages: (page, rows)."""
    judge, listener = NameJudge(names), PhraseJudge(phrases)
    for page in pages.tolist():
        sample = data.samples[page]
        of_names = name_features(sample.layout, sample.boxes, expm1(sample.columns[_WORDS]), judge)
        yield page, np.concatenate([of_names, phrase_features(sample.texts, listener)])


def unseen_words(data: Data, without: int | None = None) -> list[Floats]:
    """What words say of the blocks of every page, learnt from other folds, and without one of them."""
    found: dict[int, Floats] = {}
    for fold in range(FOLDS):
        others = (data.folds != fold) & (data.folds != (fold if without is None else without))
        names = fit_names(data.samples, data.words, others, types=False, blocks=True)
        phrases = fit_phrases(data.phrases, others)
        found.update(said_of(data, np.flatnonzero(data.folds == fold), names, phrases))
    return [found[page] for page in range(len(data.samples))]


def all_columns(data: Data, words: Sequence[Floats], types: Floats) -> Floats:
    """The features of all blocks, with what words say of them and the types of their pages."""
    pages = zip(data.samples, words, types.T, strict=True)
    return np.concatenate([whole_columns(sample.columns, said, own[:, None]) for sample, said, own in pages], axis=1)


def probabilities_of(
    columns: Floats, data: Data, pages: NDArray[np.intp], models: tuple[Forest, Network]
) -> Iterator[Floats]:
    """Of some pages the probabilities of their blocks."""
    for page, part in blocks_of(data, pages):
        yield block_probabilities(*models, columns[:, part], data.samples[page].boxes)


def unseen_probabilities(data: Data, types: Floats) -> list[Floats]:
    """Of every page the probabilities of its blocks by models of other folds, their features from yet other folds."""
    found: dict[int, Floats] = {}
    for fold in range(FOLDS):
        pages = np.flatnonzero(data.folds == fold)
        if len(pages):
            columns = all_columns(data, unseen_words(data, without=fold), types)
            models = fit_blocks(columns, data, np.flatnonzero(data.folds != fold))
            found.update(zip(pages.tolist(), probabilities_of(columns, data, pages, models), strict=True))
            _say(f"fold {fold + 1} of {FOLDS}", sys.stderr)
    return [found[page] for page in range(len(data.samples))]


def _say(text: str, file: TextIO | None = None) -> None:
    (file or sys.stdout).write(text + "\n")


def main(given: Sequence[str] | None = None) -> int:
    """Train, write the files, print the scores; the exit code."""
    options = _options(given)
    sets = options.sets.split(",")
    try:
        examples = _examples(options.corpora, sets)
        samples = [sample for name in sets for sample in read_samples(options.corpora / name)]
        folds = folds_of(sample.site for sample in samples)
        truths = (truth for name in sets for truth in read_truths(options.corpora / name).values())
        others = others_by_fold(truths, folds)
        samples += [sample for name in sets for sample in read_interrupted(options.corpora / name, folds, others)]
    except OSError as error:
        _say(f"{error.filename}: {error.strerror}; CORPORA must hold a folder for each of {options.sets}", sys.stderr)
        return 2
    data = data_of(samples)
    known = [page.page_type in TYPES and bool(page.weights.any()) for page in data.samples]
    if len(set(data.folds[known].tolist())) < (3 if options.cv else 2):
        _say(
            f"{options.corpora}: too few sites in {options.sets} whose pages have a page_type and text that is found: "
            "it takes two, with --cv three, of different turns (sites take turns in five folds)",
            sys.stderr,
        )
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    models = fold_models(data)
    learn_fields(typed_examples(examples, data, models), options.out, cv=options.cv)
    learn_text(data, unseen_types(data, models), options.out, cv=options.cv)
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


def _examples(corpora: Path, sets: Sequence[str]) -> dict[str, list[Example]]:
    found: dict[str, list[Example]] = {field: [] for field in FIELDS}
    for name in sets:
        for field, examples in read_examples(corpora / name).items():
            found[field] += examples
    return found


def learn_fields(examples: Mapping[str, Sequence[Example]], out: Path, *, cv: bool) -> None:
    """Write the models of title, author and date; print how right the answers are."""
    models = {field: _FITS[field](pages) for field, pages in examples.items()}
    title: TitleModel = models["title"]
    weights = {**models, "title": title.weights}
    (out / "weights.json").write_text(
        json.dumps(weights, indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="\n"
    )
    (out / TREES_FILE).write_text(to_json(title.trees), encoding="utf-8", newline="\n")
    for field, pages in examples.items():
        _say(f"{field}: F1 on the pages learnt from\n{field_table(field, pages, [models[field]] * len(pages))}")
        if cv:
            folds = folds_of(example.site for example in pages)
            others = [
                _FITS[field]([example for example in pages if folds[example.site] != fold])
                for fold in range(FOLDS if pages else 0)
            ]
            unseen = field_table(field, pages, [others[folds[example.site]] for example in pages])
            _say(f"{field}: F1 on unseen sites\n{unseen}")


def learn_text(data: Data, types: Floats, out: Path, *, cv: bool) -> None:
    """Write the models of page types and blocks; print the F1 of the text; `types`: what `unseen_types` gives."""
    pages = np.arange(len(data.samples))
    names = fit_names(data.samples, data.words, pages >= 0, types=True, blocks=True)
    of_types = fit_types(data, pages)
    phrases = fit_phrases(data.phrases, pages >= 0)
    models = fit_blocks(all_columns(data, unseen_words(data), types), data, pages)
    forests = to_json(of_types), to_json(models[0])
    files = *forests, network_to_json(models[1]), names_to_json(names), phrases_to_json(phrases)
    for name, text in zip(MODEL_FILES, files, strict=True):
        (out / name).write_text(text, encoding="utf-8", newline="\n")
    layouts = [sample.layout for sample in data.samples]
    own = types_of(page_columns(data), layouts, TypeModel(of_types, NameJudge(names)))
    columns = all_columns(data, [rows for _, rows in said_of(data, pages, names, phrases)], own)
    _say(f"text F1 on the pages learnt from; page type {type_accuracy(data, own):.3f}")
    _say(text_table(data.samples, own, list(probabilities_of(columns, data, pages, models))))
    if cv:
        _say(f"text F1 on unseen sites; page type {type_accuracy(data, types):.3f}")
        _say(text_table(data.samples, types, unseen_probabilities(data, types)))


if __name__ == "__main__":
    sys.exit(main())
