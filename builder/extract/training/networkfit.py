"""Fits the network over blocks: Adam over batches of pages.

Rounding has a derivative of one here (a straight-through estimator: Bengio et al., 2013). Gradients are rounded too, so
that no sum depends on the order of its terms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from builder.extract.classifier.characters import Floats
from builder.extract.classifier.features import BoxArrays
from builder.extract.classifier.network import (
    GAPS,
    LIMIT,
    MEANS,
    REACH,
    Inputs,
    Layer,
    Network,
    clipped,
    group_mean,
    group_numbers,
    grouped,
    layer_of,
    quantized,
    quantized_weights,
    relu,
    standardized,
    views_of,
)
from builder.extract.training.adam import Doubles, adam

_GRADIENT_STEP = 2.0**22
_FARTHEST = 7.92
"""Standard deviations beyond which a feature is cut: no input exceeds LIMIT, which sums are exact for."""
_BETWEEN = REACH * max(GAPS)
"""Columns of nothing between the pages of a batch: no convolution reaches over them."""
Dropout = Callable[[Floats, float], Floats]
"""(values, share) -> 0 for a share of them, at random, for the others what makes up for that."""


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
    """Share of a layer's output that is dropped, at random, in every step; of features `unseen`."""
    unseen: float = 0.1


class Batch(NamedTuple):
    """The blocks of some pages side by side."""

    columns: Floats
    """Standard inputs."""
    groups: NDArray[np.int64]
    real: Floats
    """(blocks,): 0 between pages."""
    targets: Floats
    weights: Floats


class Step(NamedTuple):
    """What the backward pass needs of a layer's forward pass."""

    seen: Floats
    """What its weights were multiplied by."""
    active: Floats
    """1 where its output counts, more where it also stands for what was dropped, else 0."""
    unclipped: Floats
    """1 where the activation is below LIMIT, else 0."""


def fit_network(
    names: tuple[str, ...],
    pages: Sequence[tuple[Floats, BoxArrays, Floats, Floats]],
    settings: NetworkSettings,
) -> Network:
    """A network from pages: (features, boxes, targets in 0..1, weights), the latter two an entry a block."""
    inputs = inputs_of([page[0] for page in pages])
    counted = [weights[weights > 0] for *_, weights in pages]
    scale = np.float32(np.concatenate(counted).mean(dtype=np.float64))
    single = [
        Batch(
            standardized(inputs, columns),
            group_numbers(boxes),
            np.ones(len(targets), np.float32),
            targets,
            weights / scale,
        )
        for columns, boxes, targets, weights in pages
    ]
    shapes = shapes_of(len(names), settings.width)
    random = np.random.Generator(np.random.PCG64(1))
    batches = _batches(single, settings, random)
    dropout = _dropout_of(random)
    steps = settings.rounds * -(-len(pages) // settings.pages)

    def gradient(weights: Doubles) -> Doubles:
        return gradient_of(layers_of(weights, shapes), next(batches), settings, dropout)

    weights = adam(gradient, _start(shapes, random), _rates(steps, settings.rate))
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
        found.append(
            layer_of(quantized_weights(weights[at : at + outputs * (inputs + 1)].reshape(outputs, inputs + 1)))
        )
        at += outputs * (inputs + 1)
    return found


def _rates(steps: int, highest: float) -> Iterator[float]:
    rise = max(1, steps // 3)
    for step in range(steps):
        yield highest * ((step + 1) / rise if step < rise else (steps - step) / (steps - rise))


def _batches(single: Sequence[Batch], settings: NetworkSettings, random: np.random.Generator) -> Iterator[Batch]:
    """Batches of some pages each, every page once a round, in a new order each; from those of a page each."""
    while True:
        order = random.random(len(single)).argsort(kind="stable").tolist()
        for start in range(0, len(order), settings.pages):
            yield collated([single[number] for number in order[start : start + settings.pages]])


def collated(batches: Sequence[Batch]) -> Batch:
    """Batches side by side, apart enough not to see each other."""
    numbers = 0
    parts: list[Batch] = []
    gap = ((0, 0), (0, _BETWEEN))
    for batch in batches:
        groups = np.pad(batch.groups + numbers, gap, constant_values=numbers + int(batch.groups.max()) + 1)
        numbers = int(groups.max()) + 1
        parts.append(Batch(np.pad(batch.columns, gap), groups, *(np.pad(part, gap[1]) for part in batch[2:])))
    return Batch(*(np.concatenate(part, axis=-1) for part in zip(*parts, strict=True)))


def _dropout_of(random: np.random.Generator) -> Dropout:
    return lambda values, share: np.asarray((random.random(values.shape, np.float32) >= share) / np.float32(1 - share))


def gradient_of(layers: Sequence[Layer], batch: Batch, settings: NetworkSettings, dropout: Dropout) -> Doubles:
    """The gradient of the logistic loss of a batch, for all weights laid end to end."""
    backwards = [*(partial(group_mean, groups=grouped(numbers)) for numbers in batch.groups)]
    backwards += [partial(dilated_window_gradient, gap=gap) for gap in GAPS]
    steps = _forward(layers, batch, settings, dropout)
    sums = layers[-1].weights @ steps[-1].seen + layers[-1].bias
    gradient = _quantized((1 / (1 + np.exp(-sums.astype(np.float64))) - batch.targets) * batch.weights)
    found = [_of_layer(gradient, steps[-1].seen)]
    gradient = layers[-1].weights.T.astype(np.float64) @ gradient * steps[-1].active
    for layer, step, backward in zip(layers[-2:0:-1], steps[-2:0:-1], reversed(backwards), strict=True):
        gradient = _quantized(gradient * step.unclipped)
        inner = _quantized(gradient * step.active)
        found.append(_of_layer(inner, step.seen))
        gradient = gradient + backward(_quantized(layer.weights.T.astype(np.float64) @ inner))
    found.append(_of_layer(_quantized(gradient * steps[0].unclipped * steps[0].active), steps[0].seen))
    return np.concatenate(found[::-1])


def _forward(layers: Sequence[Layer], batch: Batch, settings: NetworkSettings, dropout: Dropout) -> list[Step]:
    """As `network_logits` does it, with dropout; a step for each layer."""
    seen = quantized(batch.columns * dropout(batch.columns, settings.unseen))
    output = layers[0].weights @ seen + layers[0].bias
    active = (output > 0).astype(np.float32)
    hidden = clipped(relu(output)) * batch.real
    steps = [Step(seen, active, _open(hidden, batch))]
    for layer, view in zip(layers[1:-1], views_of(batch.groups), strict=True):
        seen = view(hidden)
        output = layer.weights @ seen + layer.bias
        active = (output > 0) * dropout(output, settings.dropped)
        hidden = clipped(hidden + output * active) * batch.real
        steps.append(Step(seen, active, _open(hidden, batch)))
    active = dropout(hidden, settings.dropped)
    return [*steps, Step(quantized(hidden * active), active, active)]


def _open(hidden: Floats, batch: Batch) -> Floats:
    return np.asarray((hidden < LIMIT) * batch.real)


def _of_layer(gradient: Doubles, seen: Floats) -> Doubles:
    """The gradient for a layer's weights: its bias before its weights, an output a row."""
    return np.concatenate([gradient.sum(axis=1, keepdims=True), gradient @ seen.T.astype(np.float64)], axis=1).ravel()


def dilated_window_gradient(gradients: Doubles, gap: int) -> Doubles:
    """The gradient of what `dilated_window` was given, from that of what it made of it."""
    count, margin = gradients.shape[1], REACH * gap
    padded = np.zeros((len(gradients) // (2 * REACH + 1), count + 2 * margin))
    for part, start in zip(np.split(gradients, 2 * REACH + 1), range(0, 2 * margin + 1, gap), strict=True):
        padded[:, start : start + count] += part
    return padded[:, margin : margin + count]


def _quantized(gradients: Doubles) -> Doubles:
    return np.asarray(np.rint(gradients * _GRADIENT_STEP) / _GRADIENT_STEP)
