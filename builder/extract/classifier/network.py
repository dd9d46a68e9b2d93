"""A small network over the blocks of a page, which passes messages between them; trees judge each block alone.

    features ── first layer ──┬── means over the page, over the box around, over boxes of the same kind ──┐
                              └──────────── neighbours 1, 2 and 4 blocks apart (convolutions) ────────────┴── one sum

Each layer adds to the activations of a block (a residual network: He et al., 2016; dilated convolutions: Yu and Koltun,
2016). Activations are multiples of 1/32 below 16, weights of 1/256: all sums are exact in single precision, and so the
same whatever order a processor adds in. `networkfit` learns the weights.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from builder.extract.classifier.characters import Floats
from builder.extract.classifier.features import BoxArrays

Ints = NDArray[np.intp]

MEANS = 3
"""Layers that see the mean activations of groups of blocks: see `group_numbers`."""
GAPS = (1, 2, 4)
REACH = 2
"""A convolution sees so many blocks before and after, each `gap` from the next."""
_STEP, _WEIGHT_STEP = 32.0, 256.0
LIMIT = 16.0 - 1 / _STEP
_AT_ONCE = 2**18
"""Multiplications in one call. OpenBLAS starts threads for more, who go on waiting on other cores: a page then costs a
quarter more than it needs to, wherever threads are not forbidden as they are in workers."""
_EXACT = 2.0**24 / (_STEP * _WEIGHT_STEP)
"""Whole multiples of both steps are exact below."""


class Inputs(NamedTuple):
    """How features become inputs: cut to a range, moved and scaled. Each (features, 1)."""

    low: Floats
    high: Floats
    middle: Floats
    scale: Floats


class Layer(NamedTuple):
    """The activations of a block are multiplied by `weights` (outputs, inputs), and `bias` (outputs, 1) added."""

    weights: Floats
    bias: Floats


class Network(NamedTuple):
    """Weights over named features."""

    names: tuple[str, ...]
    inputs: Inputs
    layers: Sequence[Layer]
    """The first, those of MEANS, one for each of GAPS, the last."""


class Groups(NamedTuple):
    """Blocks that belong together: of a page, of a box, of a kind."""

    order: Ints
    """Blocks, group by group."""
    starts: Ints
    sizes: Floats
    of: Ints
    """Group of each block."""


def grouped(of: NDArray[Any]) -> Groups:
    """Groups from a number for each block."""
    order = of.argsort(kind="stable")
    ranked = of[order]
    first = np.ones(len(of), np.bool_)
    np.not_equal(ranked[1:], ranked[:-1], out=first[1:])
    starts = first.nonzero()[0]
    group = np.empty(len(of), np.intp)
    group[order] = first.cumsum() - 1
    sizes = np.empty(len(starts), np.float32)
    sizes[:-1], sizes[-1] = starts[1:] - starts[:-1], len(of) - starts[-1]
    return Groups(order, starts, sizes, group)


def group_numbers(boxes: BoxArrays) -> NDArray[np.int64]:
    """Three numbers for every block: those of the page, of the box around its box, and of its box's kind are equal."""
    return np.array([np.zeros_like(boxes.own), boxes.parents[boxes.own], boxes.signatures[boxes.own]])


def group_mean(hidden: NDArray[Any], groups: Groups) -> NDArray[np.float64]:
    """The mean activations of each block's group. A symmetric map: so is its gradient."""
    return _means(hidden, groups).take(groups.of, axis=1)


def _means(hidden: NDArray[Any], groups: Groups) -> NDArray[np.float64]:
    sums = np.add.reduceat(hidden.take(groups.order, axis=1), groups.starts, axis=1, dtype=np.float64)
    return np.asarray(sums / groups.sizes)


def quantized_mean(hidden: Floats, groups: Groups) -> Floats:
    """As `group_mean`, to the nearest multiples of 1/32."""
    return quantized(_means(hidden, groups).astype(np.float32)).take(groups.of, axis=1)


def dilated_window(hidden: Floats, gap: int) -> Floats:
    """The activations of each block and of those around it, below each other; zero beyond the page's ends."""
    rows, count = hidden.shape
    margin = REACH * gap
    padded = np.zeros((rows, count + 2 * margin), hidden.dtype)
    padded[:, margin : margin + count] = hidden
    return np.concatenate([padded[:, start : start + count] for start in range(0, 2 * margin + 1, gap)])


def standardized(inputs: Inputs, columns: Floats) -> Floats:
    """Features (features, rows) as the network takes them."""
    values = np.minimum(np.maximum(columns, inputs.low), inputs.high)
    values -= inputs.middle
    values *= inputs.scale
    return quantized(values)


def quantized(values: Floats) -> Floats:
    """The nearest multiples of 1/32, written over the values."""
    values *= np.float32(_STEP)
    np.rint(values, out=values)
    values *= np.float32(1 / _STEP)
    return values


def clipped(values: Floats) -> Floats:
    """Activations as they are kept: cut at LIMIT, and quantized. Written over the values."""
    np.minimum(values, np.float32(LIMIT), out=values)
    return quantized(values)


def relu(values: Floats) -> Floats:
    """Nothing below zero (a rectified linear unit). Written over the values."""
    return np.maximum(values, 0, out=values)


def chunked_matmul(weights: Floats, columns: Floats) -> Floats:
    """The matrix product, some columns at a time: a multiple of 16, which BLAS is quickest with."""
    outputs, count = len(weights), columns.shape[1]
    some = max(_AT_ONCE // weights.size // 16, 1) * 16
    whole = count - count % some
    found = np.empty((outputs, count), np.float32)
    parts = [table[:, :whole].reshape(len(table), -1, some).transpose(1, 0, 2) for table in (columns, found)]
    np.matmul(weights, parts[0], out=parts[1])
    np.matmul(weights, columns[:, whole:], out=found[:, whole:])
    return found


def network_logits(network: Network, columns: Floats, boxes: BoxArrays) -> Floats:
    """The logit of every block, (rows,).

    Args:
        network: its weights.
        columns: (features, rows) in the order of the network's names.
        boxes: the boxes of the page.
    """
    first, *middle, last = network.layers
    hidden = clipped(relu(chunked_matmul(first.weights, standardized(network.inputs, columns)) + first.bias))
    for layer, view in zip(middle, views_of(group_numbers(boxes)), strict=True):
        hidden = clipped(relu(chunked_matmul(layer.weights, view(hidden)) + layer.bias) + hidden)
    return np.asarray((hidden * last.weights.T).sum(axis=0) + last.bias[0])


def views_of(numbers: NDArray[np.int64]) -> list[Callable[[Floats], Floats]]:
    """What each layer but the first and the last makes of the activations it is given; `numbers`: of the groups."""
    return [
        *(partial(quantized_mean, groups=grouped(of)) for of in numbers),
        *(partial(dilated_window, gap=gap) for gap in GAPS),
    ]


def quantized_weights(weights: NDArray[Any]) -> Floats:
    """A layer's weights (outputs, inputs) as near multiples of 1/256, none so large that a sum is no longer exact."""
    most = np.floor(_EXACT / LIMIT / weights.shape[1] * _WEIGHT_STEP)
    return np.asarray(np.clip(np.rint(weights * _WEIGHT_STEP), -most, most) / _WEIGHT_STEP, np.float32)


def layer_of(table: Floats) -> Layer:
    """A layer from a row an output, its bias before its weights."""
    return Layer(np.ascontiguousarray(table[:, 1:]), table[:, :1].copy())


def to_json(network: Network) -> str:
    """A readable file, a line a feature and a line an output of a layer; weights in units of 1/256."""
    features = [
        f"{json.dumps(name)}: {json.dumps([float(f'{float(v):.6g}') for v in row])}"
        for name, row in zip(network.names, np.concatenate(network.inputs, axis=1), strict=True)
    ]
    layers = [
        "[\n" + ",\n".join(json.dumps(np.rint(row * _WEIGHT_STEP).astype(int).tolist()) for row in rows) + "\n]"
        for rows in (np.concatenate([layer.bias, layer.weights], axis=1) for layer in network.layers)
    ]
    return '{"features": {\n' + ",\n".join(features) + '\n},\n"layers": [\n' + ",\n".join(layers) + "\n]}\n"


def from_json(text: str) -> Network:
    """The network of a file that `to_json` wrote."""
    data = json.loads(text)
    ranges = np.array(list(data["features"].values()), np.float32).T[:, :, None]
    tables = [np.array(rows, np.float32) / np.float32(_WEIGHT_STEP) for rows in data["layers"]]
    return Network(tuple(data["features"]), Inputs(*ranges), list(map(layer_of, tables)))
