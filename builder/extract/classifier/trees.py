"""Boosted oblivious trees: every level of a tree asks all rows the same, so a few array operations score a page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

_ROWS_AT_ONCE = 256
"""What is worked out for so many rows stays in the cache: half of the time that a page at once takes."""
_ONE = np.uint64(1)


class Questions(NamedTuple):
    """What trees ask, each question once: they share most, for thresholds are the borders of a few bins."""

    features: NDArray[np.intp]
    """(questions,)"""
    thresholds: NDArray[np.float32]
    """(questions, 1)"""
    asked: NDArray[np.intp]
    """(depth, trees): index of the question."""


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
    questions: Questions | None = None
    """Worked out from the others by `aligned`, for a forest that scores many pages."""


def questions_of(forest: Forest) -> Questions:
    """The distinct questions of a forest."""
    stated = np.stack([forest.features.ravel().astype(np.float64), forest.thresholds.ravel().astype(np.float64)])
    distinct, asked = np.unique(stated, axis=1, return_inverse=True)
    return Questions(
        distinct[0].astype(np.intp),
        distinct[1].astype(np.float32)[:, None],
        np.ascontiguousarray(asked.reshape(forest.features.shape).T.astype(np.intp)),
    )


def score(forest: Forest, columns: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sums of leaves, (outputs, rows). Columns: (features, rows), in the order of the forest's names."""
    if forest.questions is None:
        forest = forest._replace(questions=questions_of(forest))
    count = columns.shape[1]
    cuts = range(0, count, _ROWS_AT_ONCE)
    parts = [_score(forest, columns[:, cut : cut + _ROWS_AT_ONCE]) for cut in cuts] or [_score(forest, columns)]
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)


def _score(forest: Forest, columns: NDArray[np.float32]) -> NDArray[np.float32]:
    """Answers lie eight rows to a word, so that the bits of leaves are put together eight at a time."""
    assert forest.questions is not None
    features, thresholds, asked = forest.questions
    trees, depth = forest.features.shape
    count = columns.shape[1]
    answers = np.zeros((len(features), -(-count // 8) * 8), np.uint8)
    np.greater(columns.take(features, axis=0), thresholds, out=answers[:, :count].view(np.bool_))
    words = answers.view(np.uint64)
    bits = words.take(asked[depth - 1], axis=0)
    for level in range(depth - 2, -1, -1):
        bits <<= _ONE
        bits |= words.take(asked[level], axis=0)
    index = bits.view(np.uint8)[:, :count] + (np.arange(trees, dtype=np.intp) << depth)[:, None]
    sums = [leaves.ravel().take(index).sum(axis=0) for leaves in forest.leaves]
    return np.array(sums, np.float32) + forest.start[:, None]


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
    forest = forest._replace(names=tuple(names), features=rows[forest.features])
    return forest._replace(questions=questions_of(forest))
