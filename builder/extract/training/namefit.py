"""Fits the weights of the words in classes and ids: logistic regressions, one for blocks and one for page types.

Minimised over all rows at once; weights are rounded at the end, so the last bits of a
processor's arithmetic do not show. What boxes say adds up from the outermost to the innermost, so the sums of all
boxes are worked out level by level, and slopes are handed back the same way: a box is visited once a step, not once
for every box in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from builder.extract.classifier.names import NameWeights, kind_words
from builder.extract.classifier.pagetype import TYPES
from builder.extract.marks import words_in
from builder.extract.training.adam import Doubles, adam
from builder.extract.training.samples import Sample
from builder.extract.training.vocabulary import vocabulary

Ints = NDArray[np.int64]

_SITES, _PAGES = 6, 8
"""A word must stand on so many sites to say something of blocks, and on so many pages to say something of types."""
_AROUND, _OWN, _TYPES = 333.0, 100.0, 33.0
"""How strongly weights are drawn to zero: of blocks in boxes of average weight, of types in pages."""
_LEAST = 0.02
_RATES = tuple(0.1 * (1 - step / 151) for step in range(1, 151))


class Nodes(NamedTuple):
    """The boxes of all pages, those of a page that have the same names and stand in the same boxes as one, outer first.

    The first is no box: what has no box around it stands in it.
    """

    words: Ints
    """Column of each word of each node, laid end to end."""
    node_of: Ints
    parents: Ints
    levels: Ints
    """Index of the first node of each depth, and the number of nodes."""
    pages: Ints
    good: Doubles
    """Weight of the blocks that belong to the text; bad: of those that do not."""
    bad: Doubles


class Words(NamedTuple):
    """The words in the classes and ids of all pages, ready to be weighed."""

    nodes: Nodes
    blocks: Mapping[str, int]
    """The words that may say something of blocks, with their columns."""
    types: Mapping[str, int]
    """Those that may say something of page types."""
    of_pages: Sequence[Set[str]]


def words_of_pages(pages: Sequence[Sample]) -> Words:
    """All words of the pages. Which words there are is no secret of the pages that they are not weighed by."""
    found = [page_words(page) for page in pages]
    blocks = vocabulary(zip((page.site for page in pages), found, strict=True), _SITES)
    types = vocabulary(((str(number), words) for number, words in enumerate(found)), _PAGES)
    return Words(nodes_of(pages, blocks), blocks, types, found)


def page_words(page: Sample) -> set[str]:
    """All words in the classes and ids of a page, and its tags."""
    named = {word for kind in page.layout.kinds for word in kind_words(*kind)}
    return named.union(*(words_in(name) for _, name in page.layout.ids))


def nodes_of(pages: Sequence[Sample], columns: Mapping[str, int]) -> Nodes:
    """The nodes of some pages, those without a block that counts left out."""
    made: list[tuple[int, int, int, list[int]]] = [(0, -1, 0, [])]  # depth, page, parent, words
    sums = [[0.0, 0.0]]
    for number, page in enumerate(pages):
        ids, wanted = dict(page.layout.ids), _boxes_that_count(page)
        seen: dict[tuple[int, int, str], int] = {}
        node: list[int] = []
        for box, (parent, signature) in enumerate(
            zip(page.layout.boxes.parents, page.layout.boxes.signatures, strict=True)
        ):
            if box not in wanted:
                node.append(0)
                continue
            around = node[parent] if box else 0
            key = (around, signature, ids.get(box, ""))
            if key not in seen:
                seen[key] = len(made)
                named = [*kind_words(*page.layout.kinds[signature]), *words_in(key[2])]
                made.append((made[around][0] + 1, number, around, [columns[w] for w in named if w in columns]))
                sums.append([0.0, 0.0])
            node.append(seen[key])
        for box, label, weight in zip(
            page.boxes.own.tolist(), page.labels.tolist(), page.weights.tolist(), strict=True
        ):
            sums[node[box]][label < 0.5] += weight
    return _by_depth(made, np.array(sums))


def _boxes_that_count(page: Sample) -> set[int]:
    """The boxes that hold a block which is learnt from."""
    parents, found = page.layout.boxes.parents, set[int]()
    for box in set(page.boxes.own[page.weights > 0].tolist()):
        at = box
        while at not in found:
            found.add(at)
            at = parents[at]
    return found


def _by_depth(made: Sequence[tuple[int, int, int, list[int]]], sums: Doubles) -> Nodes:
    depths = np.array([depth for depth, _, _, _ in made])
    order = np.argsort(depths, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    words = [made[number][3] for number in order.tolist()]
    parents = np.array([parent for _, _, parent, _ in made])
    return Nodes(
        np.array([word for listed in words for word in listed], np.int64),
        np.repeat(np.arange(len(words)), [len(listed) for listed in words]),
        place[parents[order]],
        np.searchsorted(depths[order], np.arange(depths.max() + 2)),
        np.array([page for _, page, _, _ in made])[order],
        sums[order, 0],
        sums[order, 1],
    )


def fit_names(
    pages: Sequence[Sample], words: Words, known: NDArray[np.bool_], *, types: bool, blocks: bool
) -> NameWeights:
    """What the words of names say of types and blocks, from the `known` pages; nothing of what is not asked for."""
    of_types, start = fit_name_types(pages, words, known) if types else ({}, [0.0] * len(TYPES))
    return NameWeights(fit_name_blocks(words, known) if blocks else {}, of_types, start)


def fit_name_blocks(words: Words, known: NDArray[np.bool_]) -> dict[str, tuple[float, float]]:
    """Word -> its weight around a block, and in the block's own box; from the pages that are `known`."""
    nodes, columns = words.nodes, words.blocks
    used = np.where(nodes.pages >= 0, known[nodes.pages], False)
    scale = (nodes.good + nodes.bad)[used].sum() / max(1, np.count_nonzero((nodes.good + nodes.bad)[used]))
    good, bad = nodes.good * used / scale, nodes.bad * used / scale
    around = _block_weights(nodes, len(columns), good, bad, _AROUND, deep=True)
    own = _block_weights(nodes, len(columns), good, bad, _OWN, deep=False)
    pairs = {word: (round(float(around[n]), 2), round(float(own[n]), 2)) for word, n in columns.items()}
    return {word: pair for word, pair in pairs.items() if max(map(abs, pair)) >= _LEAST}


def _block_weights(nodes: Nodes, words: int, good: Doubles, bad: Doubles, smoothing: float, *, deep: bool) -> Doubles:
    count = len(nodes.parents)
    bounds = list(zip(nodes.levels[1:-1].tolist(), nodes.levels[2:].tolist(), strict=True)) if deep else []

    def gradient(weights: Doubles) -> Doubles:
        sums = np.bincount(nodes.node_of, weights[:-1][nodes.words], count)
        for low, high in bounds:
            sums[low:high] += sums[nodes.parents[low:high]]
        probability = 1 / (1 + np.exp(-(sums + weights[-1])))
        error = (good + bad) * probability - good
        total = error.sum()
        for low, high in reversed(bounds):
            error += np.bincount(nodes.parents[low:high], error[low:high], count)
        found = np.bincount(nodes.words, error[nodes.node_of], words) + smoothing * weights[:-1]
        return np.append(found, total)

    return adam(gradient, np.zeros(words + 1), _RATES)[:-1]


def fit_name_types(
    pages: Sequence[Sample], words: Words, known: NDArray[np.bool_]
) -> tuple[dict[str, list[float]], list[float]]:
    """Word -> its weight for each type, and the weights of the start; from the `known` pages whose type is known."""
    columns, used = words.types, [n for n, page in enumerate(pages) if known[n] and page.page_type in TYPES]
    found = [[columns[word] for word in sorted(words.of_pages[n]) if word in columns] for n in used]
    flat = np.array([word for listed in found for word in listed], np.int64)
    row = np.repeat(np.arange(len(found)), [len(listed) for listed in found])
    said = np.array([TYPES.index(pages[n].page_type or "") for n in used])
    target = (said[:, None] == np.arange(len(TYPES))).astype(np.float64)

    def gradient(weights: Doubles) -> Doubles:
        sums = np.stack([np.bincount(row, part[flat], len(found)) for part in weights[:-1].T], axis=1) + weights[-1]
        probability = np.exp(sums - sums.max(axis=1, keepdims=True))
        error = probability / probability.sum(axis=1, keepdims=True) - target
        back = np.stack([np.bincount(flat, part[row], len(columns)) for part in error.T], axis=1)
        return np.concatenate([back + _TYPES * weights[:-1], error.sum(axis=0)[None]])

    weights = np.round(adam(gradient, np.zeros((len(columns) + 1, len(TYPES))), _RATES), 2)
    kept = {word: weights[number].tolist() for word, number in columns.items()}
    return {word: row for word, row in kept.items() if max(map(abs, row)) >= _LEAST}, weights[-1].tolist()
