"""Fits the network over blocks: Adam over batches of pages.

Rounding has a slope of one here (a straight-through estimator: Bengio et al., 2013). Slopes are rounded too, so that no
sum depends on the order of its terms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from builder.extract.adam import Doubles, minimised
from builder.extract.classifier.characters import Floats
from builder.extract.classifier.features import Frame
from builder.extract.classifier.network import (
    GAPS,
    LIMIT,
    MEANS,
    REACH,
    Inputs,
    Layer,
    Network,
    group_numbers,
    grouped,
    held_after,
    layer_of,
    mean,
    on_grid,
    rounded,
    spoken,
    standard,
    views_of,
)

_SLOPE_STEP = 2.0**22
_FARTHEST = 7.92
"""Standard deviations beyond which a feature is cut: no input exceeds LIMIT, which sums are exact for."""
_BETWEEN = REACH * max(GAPS)
"""Columns of nothing between the pages of a batch: no convolution reaches over them."""


class NetworkSettings(NamedTuple):
    """How to fit a network."""

    width: int = 32
    rounds: int = 7
    """How often every page is seen."""
    rate: float = 0.002
    """At its highest, after a third of the steps; it rises from nothing and falls to nothing."""
    pages: int = 8
    """In a batch."""
    dropped: float = 0.3
    """Share of what a layer says that is left out, at random, of every step; of features `unseen`."""
    unseen: float = 0.1


class Lot(NamedTuple):
    """The blocks of some pages side by side."""

    columns: Floats
    """Standard inputs."""
    groups: NDArray[np.int64]
    real: Floats
    """(blocks,): 0 between pages."""
    targets: Floats
    weights: Floats


class Step(NamedTuple):
    """What a layer did with a lot."""

    seen: Floats
    """What its weights were multiplied by."""
    spoke: Floats
    """1 where what it said counts, more where it also stands for what was left out, else 0."""
    held: Floats
    """1 where more of it would have been held, else 0."""


def fit_network(
    names: tuple[str, ...],
    pages: Sequence[tuple[Floats, Frame, Floats, Floats]],
    settings: NetworkSettings,
) -> Network:
    """A network from pages: (features, boxes, targets in 0..1, weights), the latter two an entry a block."""
    inputs = inputs_of([page[0] for page in pages])
    counted = [weights[weights > 0] for *_, weights in pages]
    scale = np.float32(np.concatenate(counted).mean(dtype=np.float64))
    lots = [
        Lot(
            standard(inputs, columns), group_numbers(frame), np.ones(len(targets), np.float32), targets, weights / scale
        )
        for columns, frame, targets, weights in pages
    ]
    shapes = shapes_of(len(names), settings.width)
    random = np.random.Generator(np.random.PCG64(1))
    batches = _batches(lots, settings, random)
    kept = _kept_of(random)
    steps = settings.rounds * -(-len(lots) // settings.pages)

    def slope(weights: Doubles) -> Doubles:
        return slope_of(layers_of(weights, shapes), next(batches), settings, kept)

    weights = minimised(slope, _start(shapes, random), _rates(steps, settings.rate))
    return Network(names, inputs, layers_of(weights, shapes))


def inputs_of(pages: Sequence[Floats]) -> Inputs:
    """Ranges from the first to the last hundredth, means and deviations of features, from every eighth block."""
    some = np.concatenate([columns[:, number % 8 :: 8] for number, columns in enumerate(pages)], axis=1)
    low, high = np.quantile(some, [0.01, 0.99], axis=1, method="nearest").astype(np.float32)
    rare = low == high  # flags that are seldom set
    low[rare], high[rare] = some.min(axis=1)[rare], some.max(axis=1)[rare]
    cut = np.clip(some, low[:, None], high[:, None]).astype(np.float64)
    middle, scale = cut.mean(axis=1), 1 / (cut.std(axis=1) + 1e-3)
    stated = np.maximum(low, middle - _FARTHEST / scale), np.minimum(high, middle + _FARTHEST / scale), middle, scale
    return Inputs(*(np.array([float(f"{value:.4g}") for value in part], np.float32)[:, None] for part in stated))


def shapes_of(features: int, width: int) -> list[tuple[int, int]]:
    """(outputs, inputs) of every layer; each has a bias too."""
    middle = [(width, width)] * MEANS + [(width, (2 * REACH + 1) * width)] * len(GAPS)
    return [(width, features), *middle, (1, width)]


def _start(shapes: Sequence[tuple[int, int]], random: np.random.Generator) -> Doubles:
    """Weights at random, smaller the more of them are added up."""
    return np.concatenate([(random.random(o * (i + 1)) * 2 - 1) / i**0.5 for o, i in shapes])


def layers_of(weights: Doubles, shapes: Sequence[tuple[int, int]]) -> list[Layer]:
    """All weights laid end to end, cut into layers and rounded."""
    found, at = [], 0
    for outputs, inputs in shapes:
        found.append(layer_of(rounded(weights[at : at + outputs * (inputs + 1)].reshape(outputs, inputs + 1))))
        at += outputs * (inputs + 1)
    return found


def _rates(steps: int, highest: float) -> Iterator[float]:
    rise = max(1, steps // 3)
    for step in range(steps):
        yield highest * ((step + 1) / rise if step < rise else (steps - step) / (steps - rise))


def _batches(lots: Sequence[Lot], settings: NetworkSettings, random: np.random.Generator) -> Iterator[Lot]:
    """Lots of some pages each, every page once a round, in a new order each."""
    while True:
        order = random.random(len(lots)).argsort(kind="stable").tolist()
        for start in range(0, len(order), settings.pages):
            yield joined([lots[number] for number in order[start : start + settings.pages]])


def joined(lots: Sequence[Lot]) -> Lot:
    """Lots side by side, apart enough not to see each other."""
    numbers = 0
    parts: list[Lot] = []
    gap = ((0, 0), (0, _BETWEEN))
    for lot in lots:
        groups = np.pad(lot.groups + numbers, gap, constant_values=numbers + int(lot.groups.max()) + 1)
        numbers = int(groups.max()) + 1
        parts.append(Lot(np.pad(lot.columns, gap), groups, *(np.pad(part, gap[1]) for part in lot[2:])))
    return Lot(*(np.concatenate(part, axis=-1) for part in zip(*parts, strict=True)))


Kept = Callable[[Floats, float], Floats]
"""(values, share) -> 0 for a share of them, at random, for the others what makes up for that."""


def _kept_of(random: np.random.Generator) -> Kept:
    return lambda values, share: np.asarray((random.random(values.shape, np.float32) >= share) / np.float32(1 - share))


def slope_of(layers: Sequence[Layer], lot: Lot, settings: NetworkSettings, kept: Kept) -> Doubles:
    """The slope of the logistic loss of a lot, for all weights laid end to end."""
    back = [*(partial(mean, groups=grouped(numbers)) for numbers in lot.groups)]
    back += [partial(near_back, gap=gap) for gap in GAPS]
    steps = _forward(layers, lot, settings, kept)
    sums = layers[-1].weights @ steps[-1].seen + layers[-1].bias
    slope = _on_grid((1 / (1 + np.exp(-sums.astype(np.float64))) - lot.targets) * lot.weights)
    found = [_of_layer(slope, steps[-1].seen)]
    slope = layers[-1].weights.T.astype(np.float64) @ slope * steps[-1].spoke
    for layer, step, handed in zip(layers[-2:0:-1], steps[-2:0:-1], reversed(back), strict=True):
        slope = _on_grid(slope * step.held)
        said = _on_grid(slope * step.spoke)
        found.append(_of_layer(said, step.seen))
        slope = slope + handed(_on_grid(layer.weights.T.astype(np.float64) @ said))
    found.append(_of_layer(_on_grid(slope * steps[0].held * steps[0].spoke), steps[0].seen))
    return np.concatenate(found[::-1])


def _forward(layers: Sequence[Layer], lot: Lot, settings: NetworkSettings, kept: Kept) -> list[Step]:
    """As `network_sums` does it, some of what is said left out; a step for each layer."""
    seen = on_grid(lot.columns * kept(lot.columns, settings.unseen))
    said = layers[0].weights @ seen + layers[0].bias
    spoke = (said > 0).astype(np.float32)
    held = held_after(spoken(said)) * lot.real
    steps = [Step(seen, spoke, _open(held, lot))]
    for layer, view in zip(layers[1:-1], views_of(lot.groups), strict=True):
        seen = view(held)
        said = layer.weights @ seen + layer.bias
        spoke = (said > 0) * kept(said, settings.dropped)
        held = held_after(held + said * spoke) * lot.real
        steps.append(Step(seen, spoke, _open(held, lot)))
    spoke = kept(held, settings.dropped)
    return [*steps, Step(on_grid(held * spoke), spoke, spoke)]


def _open(held: Floats, lot: Lot) -> Floats:
    return np.asarray((held < LIMIT) * lot.real)


def _of_layer(slope: Doubles, seen: Floats) -> Doubles:
    """The slope for a layer's weights: its bias before its weights, an output a row."""
    return np.concatenate([slope.sum(axis=1, keepdims=True), slope @ seen.T.astype(np.float64)], axis=1).ravel()


def near_back(slopes: Doubles, gap: int) -> Doubles:
    """The slope of what `near` was given, from that of what it made of it."""
    count, margin = slopes.shape[1], REACH * gap
    padded = np.zeros((len(slopes) // (2 * REACH + 1), count + 2 * margin))
    for part, start in zip(np.split(slopes, 2 * REACH + 1), range(0, 2 * margin + 1, gap), strict=True):
        padded[:, start : start + count] += part
    return padded[:, margin : margin + count]


def _on_grid(slopes: Doubles) -> Doubles:
    return np.asarray(np.rint(slopes * _SLOPE_STEP) / _SLOPE_STEP)
