"""Fits boosted oblivious trees. Gradients are rounded to integers, so that no sum depends on the order of its terms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from builder.extract.classifier.trees import Forest
from builder.extract.training.adam import Doubles
from builder.extract.training.choices import Choices

_BINS = 32
_NEVER = 255
"""A cut that no bin exceeds: what a tree asks when nothing is left to ask."""
_LARGEST = np.finfo(np.float32).max
_SCALE_G, _SCALE_H = 255, 63
_SHIFT = 2.0**25
"""Gradient and curvature share one exact float: the curvature's sum stays below this."""
_MOST_ROWS = int(_SHIFT / _SCALE_H)


class Settings(NamedTuple):
    """How to grow a forest."""

    trees: int = 150
    depth: int = 5
    rate: float = 0.15
    sample: int = 10
    """Every tree sees one row in so many, in turn."""
    share: int = 3
    """Every tree may ask for one feature in so many, in turn; no divisor in common with `sample`."""
    smoothing: float = 8.0
    """Added to the curvature of a leaf, in units of average rows."""


def bin_edges(columns: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Up to 31 thresholds per feature, at its quantiles, so that `value > edge` parts the rows."""
    step = max(1, columns.shape[1] // 100_000)
    edges = []
    for column in columns[:, ::step]:
        quantiles = np.quantile(column, np.arange(1, _BINS) / _BINS, method="lower")
        values = np.unique(quantiles).astype(np.float32)
        rare = np.unique(column)
        if len(rare) <= 4:  # flags that are seldom set have no quantile of their own
            values = rare[:-1]
        rounded = np.array([float(f"{float(value):.6g}") for value in values], np.float32)
        edges.append(np.unique(rounded[rounded < column.max()]) if len(rounded) else rounded)
    return edges


def binned(columns: NDArray[np.float32], edges: list[NDArray[np.float32]]) -> NDArray[np.uint8]:
    """The number of edges below each value."""
    out = np.empty(columns.shape, np.uint8)
    for number, column in enumerate(columns):
        out[number] = np.searchsorted(edges[number], column, side="left")
    return out


def fit(
    names: tuple[str, ...],
    bins: NDArray[np.uint8],
    edges: list[NDArray[np.float32]],
    targets: NDArray[np.float32],
    weights: NDArray[np.float32],
    settings: Settings,
) -> Forest:
    """A forest for targets (outputs, rows) in 0..1: one logistic loss an output, the same questions for all outputs.

    Raises:
        ValueError: a tree would see more rows than can be summed exactly.
    """
    counted = (weights / weights.mean()).astype(np.float64)
    rate_of = np.clip((targets * counted).sum(1) / counted.sum(), 1e-4, 1 - 1e-4)

    def slopes(sums: Doubles) -> tuple[Doubles, Doubles]:
        probability = 1 / (1 + np.exp(-sums))
        return (targets - probability) * counted, np.maximum(probability * (1 - probability), 1e-4) * counted

    return _grown(names, bins, edges, np.log(rate_of / (1 - rate_of)), slopes, settings)


def fit_choices(
    names: tuple[str, ...],
    bins: NDArray[np.uint8],
    edges: list[NDArray[np.float32]],
    right: NDArray[np.float64],
    sizes: Sequence[int],
    settings: Settings,
) -> Forest:
    """A forest for the choice of one row in each group, by a softmax over their sums (a conditional logit).

    Args:
        names: of the features.
        bins: of the features of all rows.
        edges: of the bins.
        right: 1 for rows that are right, one at least in a group.
        sizes: how many rows each group has.
        settings: how to grow.

    Raises:
        ValueError: a tree would see more rows than can be summed exactly.
    """
    choices = Choices(right, sizes)

    def slopes(sums: Doubles) -> tuple[Doubles, Doubles]:
        probability, hit = choices.shares(sums[0])
        return (hit - probability)[None], np.maximum(probability * (1 - probability), 1e-3)[None]

    return _grown(names, bins, edges, np.zeros(1), slopes, settings)


def _grown(
    names: tuple[str, ...],
    bins: NDArray[np.uint8],
    edges: list[NDArray[np.float32]],
    start: Doubles,
    slopes: Callable[[Doubles], tuple[Doubles, Doubles]],
    settings: Settings,
) -> Forest:
    """A forest for any loss: `slopes` gives gradient and curvature, (outputs, rows), for the sums so far."""
    outputs, rows = len(start), bins.shape[1]
    if rows // settings.sample >= _MOST_ROWS:
        raise ValueError(f"{rows} rows, one in {settings.sample}: a tree sees {_MOST_ROWS} at most; raise `sample`")
    sums = np.repeat(start[:, None], rows, axis=1)
    cuts, size = [len(found) for found in edges], 1 << settings.depth
    grown: list[tuple[list[int], list[np.float32], Doubles]] = []
    for number in range(settings.trees):
        gradient, curve = slopes(sums)
        seen = np.arange(number % settings.sample, rows, settings.sample)
        asked = _questions(bins, cuts, seen, gradient[:, seen], curve[:, seen], settings, number)
        leaf = np.zeros(rows, np.intp)
        for level, (feature, cut) in enumerate(asked):
            leaf |= (bins[feature] > cut).astype(np.intp) << level
        values = np.zeros((outputs, size))
        for output in range(outputs):
            g, h = (np.bincount(leaf, part[output], size) for part in (gradient, curve))
            values[output] = np.round(settings.rate * g / (h + settings.smoothing), 4)
            sums[output] += values[output][leaf]
        grown.append(([f for f, _ in asked], [edges[f][c] if c != _NEVER else _LARGEST for f, c in asked], values))
    return Forest(
        names,
        np.array([g[0] for g in grown], np.int32),
        np.array([g[1] for g in grown], np.float32),
        np.array([g[2] for g in grown], np.float32).transpose(1, 0, 2),
        np.round(start, 4).astype(np.float32),
    )


def _questions(
    bins: NDArray[np.uint8],
    cuts: list[int],
    seen: NDArray[np.intp],
    gradient: NDArray[np.float64],
    curve: NDArray[np.float64],
    settings: Settings,
    number: int,
) -> list[tuple[int, int]]:
    """The (feature, bin) pairs of a tree, level by level the pair that gains most over all leaves and outputs.

    Gradient and curve belong to the rows seen; cuts says how many each feature has; the tree's number decides which
    features are its own.
    """
    scales = _SCALE_G / max(np.abs(gradient).max(), 1e-9), _SCALE_H / max(curve.max(), 1e-9)
    packed = [np.rint(g * scales[0]) * _SHIFT + np.ceil(h * scales[1]) for g, h in zip(gradient, curve, strict=True)]
    usable = range(number % settings.share, len(bins), settings.share)
    leaf = np.zeros(len(seen), np.intp)
    local = {feature: bins[feature, seen] for feature in usable if cuts[feature]}
    asked: list[tuple[int, int]] = []
    for level in range(settings.depth):
        best = (-1.0, 0, _NEVER)
        for feature, values in local.items():
            where = (leaf << 5) + values
            sums = [np.bincount(where, part, _BINS << level).astype(np.float64).reshape(-1, _BINS) for part in packed]
            gain = np.sum([_gains(part, *scales, settings) for part in sums], axis=0)[: cuts[feature]]
            cut = int(np.argmax(gain))
            if gain[cut] > best[0] * (1 + 1e-9) and (feature, cut) not in asked:
                best = (float(gain[cut]), feature, cut)
        _, feature, cut = best
        asked.append((feature, cut))
        if cut != _NEVER:
            leaf += (local[feature] > cut).astype(np.intp) << level
    return asked


def _gains(packed: NDArray[np.float64], scale_g: float, scale_h: float, settings: Settings) -> NDArray[np.float64]:
    """What each cut gains, summed over the leaves so far, from histograms of gradient and curvature in one number."""
    g = np.floor(packed / _SHIFT)
    h = packed - g * _SHIFT
    g, h = np.cumsum(g, axis=1) / scale_g, np.cumsum(h, axis=1) / scale_h
    penalty = settings.smoothing / settings.sample
    below, above = g**2 / (h + penalty), (g[:, -1:] - g) ** 2 / (h[:, -1:] - h + penalty)
    return np.asarray((below + above).sum(axis=0))
