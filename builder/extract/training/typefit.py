"""Fits what tells the type of a page: trees over its features, and the words of its classes and ids.

Other models must see types as uncertain as they are on unknown pages, so for each page they come from models that were
fitted on the other folds' sites.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from builder.extract.article import joint_types, tells_of_many, type_probabilities, types_of_story
from builder.extract.classifier.characters import Floats
from builder.extract.classifier.names import NameJudge, name_types
from builder.extract.classifier.pagetype import TYPES, page_names
from builder.extract.classifier.trees import Forest
from builder.extract.layout import Layout
from builder.extract.training.data import Data, is_among, page_columns
from builder.extract.training.examples import FIELDS, Example, with_types
from builder.extract.training.namefit import fit_names
from builder.extract.training.samples import Look
from builder.extract.training.treefit import Settings, bin_edges, binned, fit

TYPE_SETTINGS = Settings(trees=300, depth=3, rate=0.1, sample=1, share=5, smoothing=4)


class TypeModel(NamedTuple):
    """What tells the type of a page."""

    forest: Forest
    names: NameJudge


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


def fit_type_model(data: Data, pages: NDArray[np.intp]) -> TypeModel:
    """Both parts of the model, from some pages."""
    names = fit_names(data.samples, data.words, is_among(data, pages), types=True, blocks=False)
    return TypeModel(fit_types(data, pages), NameJudge(names))


def fold_models(data: Data) -> dict[int, TypeModel]:
    """For every fold of some pages the model of the others."""
    return {fold: fit_type_model(data, np.flatnonzero(data.folds != fold)) for fold in sorted(set(data.folds.tolist()))}


def types_of(columns: Floats, layouts: Sequence[Layout], model: TypeModel) -> Floats:
    """Type probabilities, (types, pages), of pages with these page features and layouts."""
    by_names = np.stack([name_types(layout, model.names) for layout in layouts], axis=1)
    return joint_types(type_probabilities(model.forest, columns), by_names)


def unseen_types(data: Data, models: Mapping[int, TypeModel]) -> Floats:
    """Type probabilities of every page, (types, pages), by the models of the other folds."""
    types = np.zeros((len(TYPES), len(data.samples)), np.float32)
    for fold, model in models.items():
        inside = np.flatnonzero(data.folds == fold)
        layouts = [data.samples[page].layout for page in inside.tolist()]
        types[:, inside] = types_of(page_columns(data)[:, inside], layouts, model)
    return types


def typed_examples(
    examples: Mapping[str, Sequence[Example]], data: Data, models: Mapping[int, TypeModel]
) -> dict[str, list[Example]]:
    """Examples with what the types of their pages say, by models that have not learnt from their sites."""
    folds = dict(zip((sample.site for sample in data.samples), data.folds.tolist(), strict=True))
    stranger = next(iter(models.values()))  # for sites that none has learnt from

    def seen(example: Example) -> Example:
        model = models[folds[example.site]] if example.site in folds else stranger
        return with_types(example, _types(example.look, model) if example.look else {})

    return {
        field: list(map(seen, pages)) if FIELDS[field].is_typed else list(pages) for field, pages in examples.items()
    }


def _types(look: Look, model: TypeModel) -> dict[str, float]:
    """The probability of each type, as the extractor sees it."""
    types = types_of(look.page[:, None], [look.layout], model)
    if look.is_story and tells_of_many(types):
        types = types_of_story(types)
    return dict(zip(TYPES, types[:, 0].tolist(), strict=True))


def type_accuracy(data: Data, types: Floats) -> float:
    """The share of pages whose likeliest type is the stated one."""
    pairs = zip(np.argmax(types, axis=0).tolist(), (sample.page_type for sample in data.samples), strict=True)
    hits = [TYPES[number] == name for number, name in pairs if name]
    return sum(hits) / len(hits)
