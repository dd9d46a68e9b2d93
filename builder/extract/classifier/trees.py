"""Boosted oblivious trees: every level of a tree asks all rows the same, so a few array operations score a page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

_ROWS_AT_ONCE = 4096


class Forest(NamedTuple):
    """Trees of equal depth over named features. A row's leaf has a bit for each level whose threshold it exceeds."""

    names: tuple[str, ...]
    features: NDArray[np.int32]
    """(trees, depth): index into names. Depth is 8 at most."""
    thresholds: NDArray[np.float32]
    """(trees, depth)."""
    leaves: NDArray[np.float32]
    """(outputs, trees, 2**depth)."""
    start: NDArray[np.float32]
    """(outputs,): the sum before the first tree."""


def score(forest: Forest, columns: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sums of leaves, (outputs, rows). Columns: (features, rows), in the order of the forest's names."""
    count = columns.shape[1]
    if count > _ROWS_AT_ONCE:
        cuts = range(0, count, _ROWS_AT_ONCE)
        return np.concatenate([score(forest, columns[:, cut : cut + _ROWS_AT_ONCE]) for cut in cuts], axis=1)
    trees, depth = forest.features.shape
    bits = np.zeros((trees, count), np.uint8)
    for level in range(depth):
        above = columns[forest.features[:, level]] > forest.thresholds[:, level, None]
        bits |= above.view(np.uint8) << np.uint8(level)
    index = bits + (np.arange(trees, dtype=np.intp) << depth)[:, None]
    sums = [np.take(leaves.ravel(), index).sum(axis=0) for leaves in forest.leaves]
    return np.array(sums, np.float32) + forest.start[:, None]


def probability(sums: NDArray[np.float32]) -> NDArray[np.float32]:
    """The logistic function."""
    return np.asarray(1 / (1 + np.exp(-sums)), np.float32)


def to_json(forest: Forest) -> str:
    """A readable file: a line a tree, its questions before its leaves; numbers have as many digits as count."""
    used = sorted({int(feature) for feature in forest.features.ravel()})
    lines = []
    for tree in range(len(forest.features)):
        asked = [
            [forest.names[f], _short(t)] for f, t in zip(forest.features[tree], forest.thresholds[tree], strict=True)
        ]
        leaves = [[round(float(v), 4) for v in output[tree]] for output in forest.leaves]
        lines.append(json.dumps({"asks": asked, "leaves": leaves}, ensure_ascii=False))
    head = {"features": [forest.names[number] for number in used], "start": [round(float(v), 4) for v in forest.start]}
    return json.dumps(head, ensure_ascii=False)[:-1] + ',\n"trees": [\n' + ",\n".join(lines) + "\n]}\n"


def _short(number: np.float32) -> float:
    return float(f"{float(number):.6g}")


def from_json(text: str) -> Forest:
    """The forest of a file that `to_json` wrote. Its names are only those that its trees ask for."""
    data: Mapping[str, Any] = json.loads(text)
    place = {name: number for number, name in enumerate(data["features"])}
    asks = [tree["asks"] for tree in data["trees"]]
    features = np.array([[place[name] for name, _ in tree] for tree in asks], np.int32)
    thresholds = np.array([[value for _, value in tree] for tree in asks], np.float32)
    leaves = np.array([tree["leaves"] for tree in data["trees"]], np.float32).transpose(1, 0, 2)
    return Forest(
        tuple(data["features"]), features, thresholds, np.ascontiguousarray(leaves), np.array(data["start"], np.float32)
    )


def aligned(forest: Forest, names: Sequence[str]) -> Forest:
    """The same forest over rows of other names; those it asks for must be among them."""
    place = {name: number for number, name in enumerate(names)}
    rows = np.array([place[name] for name in forest.names], np.int32)
    return forest._replace(names=tuple(names), features=rows[forest.features])
