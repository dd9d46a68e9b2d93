from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.extract.article import ALL_NAMES, block_probabilities, models, models_of
from builder.extract.classifier.features import BoxArrays
from builder.extract.classifier.network import (
    GAPS,
    Inputs,
    Network,
    chunked_matmul,
    dilated_window,
    from_json,
    group_mean,
    grouped,
    network_logits,
    quantized_weights,
    to_json,
)
from builder.extract.classifier.trees import Forest, score
from builder.extract.training.networkfit import (
    Batch,
    NetworkSettings,
    collated,
    dilated_window_gradient,
    fit_network,
    gradient_of,
    layers_of,
    shapes_of,
)

NONE_DROPPED = NetworkSettings(width=4, dropped=0.0, unseen=0.0)
NAMES = ("a", "b", "c")


def frame_of(own: list[int], parents: list[int], signatures: list[int]) -> BoxArrays:
    """Only what the network looks at."""
    nothing = np.zeros(len(parents), np.int64)
    stated = [np.array(part, np.int64) for part in (own, parents, signatures)]
    return BoxArrays(stated[0], stated[1], nothing, nothing, nothing, stated[2], nothing, nothing)


@dataclass
class Page:
    columns: np.ndarray
    boxes: BoxArrays


def page_of(random: np.random.Generator, blocks: int) -> Page:
    boxes = random.integers(1, 6)
    parents = [0, *(int(random.integers(0, number)) for number in range(1, boxes))]
    own, signatures = random.integers(0, boxes, blocks), random.integers(0, 3, boxes)
    columns = random.normal(size=(len(NAMES), blocks)).astype(np.float32) * 3
    return Page(columns, frame_of(own.tolist(), parents, signatures.tolist()))


def network_of(random: np.random.Generator, width: int = 4) -> Network:
    shapes = shapes_of(len(NAMES), width)
    weights = random.normal(size=sum(o * (i + 1) for o, i in shapes))
    ranges = [np.array(values, np.float32)[:, None] for values in ([-3] * 3, [3] * 3, [0.5, 0, -1], [1, 0.7, 2])]
    return Network(NAMES, Inputs(*ranges), layers_of(weights, shapes))


def is_exact(network: Network) -> bool:
    """Whether every sum stays where single precision holds all multiples of 1/32 times 1/256."""
    sums = [np.abs(layer.weights).sum(axis=1) * 16 + np.abs(layer.bias[:, 0]) for layer in network.layers]
    return max(float(most.max()) for most in sums) <= 2**24 / 32 / 256


def by_hand(network: Network, page: Page) -> list[float]:
    """Block by block, in double precision, whose sums are exact for longer."""

    def grid(values: np.ndarray) -> np.ndarray:
        return np.rint(np.minimum(values, 16) * 32) / 32

    def held(values: np.ndarray) -> np.ndarray:
        return np.minimum(grid(np.maximum(values, 0)), 16 - 1 / 32)

    inputs = [part.astype(np.float64)[:, 0] for part in network.inputs]
    layers = [(layer.weights.astype(np.float64), layer.bias.astype(np.float64)[:, 0]) for layer in network.layers]
    count = page.columns.shape[1]
    (weights, bias), *middle, (last, last_bias) = layers
    now = [
        held(weights @ grid((np.clip(page.columns[:, n], inputs[0], inputs[1]) - inputs[2]) * inputs[3]) + bias)
        for n in range(count)
    ]
    own, parents, kinds = page.boxes.own, page.boxes.parents, page.boxes.signatures
    for number, (weights, bias) in enumerate(middle):
        seen = []
        for n in range(count):
            if number < 3:
                same = [
                    m
                    for m in range(count)
                    if number == 0
                    or (number == 1 and parents[own[m]] == parents[own[n]])
                    or (number == 2 and kinds[own[m]] == kinds[own[n]])
                ]
                seen.append(grid(np.mean([now[m] for m in same], axis=0)))
            else:
                gap = GAPS[number - 3]
                around = [n + shift * gap for shift in (-2, -1, 0, 1, 2)]
                seen.append(np.concatenate([now[m] if 0 <= m < count else np.zeros_like(now[0]) for m in around]))
        now = [held(now[n] + np.maximum(weights @ seen[n] + bias, 0)) for n in range(count)]
    return [float((last @ at + last_bias)[0]) for at in now]


@given(st.integers(0, 2**32), st.integers(1, 40))
def test_sums_are_what_the_layers_say_block_by_block(seed, blocks):
    """Equal, not close: the way of adding up does not show."""
    random = np.random.default_rng(seed)
    network, page = network_of(random), page_of(random, blocks)
    assert is_exact(network)
    assert network_logits(network, page.columns, page.boxes).tolist() == by_hand(network, page)


@pytest.mark.parametrize("columns", [1, 255, 256, 257, 1000])
def test_products_of_some_columns_at_a_time_are_those_of_all(columns):
    random = np.random.default_rng(columns)
    weights = quantized_weights(random.normal(size=(32, 32)))
    held = (random.integers(0, 512, (32, columns)) / 32).astype(np.float32)
    assert np.array_equal(chunked_matmul(weights, held), weights.astype(np.float64) @ held)


def test_the_network_that_comes_with_the_package_adds_up_exactly():
    network = models().network
    assert network.names == ALL_NAMES
    assert is_exact(network)


def test_weights_that_are_too_large_to_be_added_exactly_are_cut():
    random = np.random.default_rng(1)
    shapes = shapes_of(len(NAMES), 4)
    large = random.choice([-1e6, 1e6], sum(o * (i + 1) for o, i in shapes))
    network = network_of(random)._replace(layers=layers_of(large, shapes))
    assert is_exact(network)
    assert all(np.abs(layer.weights).min() > 5 for layer in network.layers)


def test_a_network_survives_its_file():
    random = np.random.default_rng(3)
    network, page = network_of(random), page_of(random, 20)
    again = from_json(to_json(network))
    assert again.names == network.names
    assert np.array_equal(
        network_logits(again, page.columns, page.boxes), network_logits(network, page.columns, page.boxes)
    )
    assert to_json(again) == to_json(network)


def test_trees_and_network_count_alike():
    random = np.random.default_rng(4)
    network, page = network_of(random), page_of(random, 30)
    leaves = np.array([[[-2, 1], [0.5, 3]]], np.float32)
    forest = Forest(
        NAMES, np.array([[0], [2]], np.int32), np.zeros((2, 1), np.float32), leaves, np.zeros(1, np.float32)
    )
    trees, sums = score(forest, page.columns)[0], network_logits(network, page.columns, page.boxes)
    assert len(set(trees.tolist())) == 4
    expected = 1 / (1 + np.exp(-(trees.astype(np.float64) + sums) / 2))
    assert np.allclose(block_probabilities(forest, network, page.columns, page.boxes), expected, atol=1e-6)


def test_a_network_over_other_features_is_refused():
    files = ['{"features": [], "start": [0], "trees": [{"asks": [], "leaves": [[0]]}]}'] * 2
    with pytest.raises(ValueError, match=r"network.json: learnt from other features; run python -m"):
        models_of([*files, to_json(network_of(np.random.default_rng(1))), "{}", "{}"])


@given(st.integers(0, 2**32), st.integers(1, 30))
def test_slopes_are_handed_back_the_way_that_values_came(seed, blocks):
    """The adjoint: <f(x), y> = <x, g(y)>."""
    random = np.random.default_rng(seed)
    held = random.integers(0, 99, (2, blocks)).astype(np.float64)
    groups = grouped(random.integers(0, 4, blocks))
    other = random.integers(0, 99, (2, blocks)).astype(np.float64)
    assert (group_mean(held, groups) * other).sum() == pytest.approx((held * group_mean(other, groups)).sum())
    for gap in GAPS:
        gradients = random.integers(0, 99, (10, blocks)).astype(np.float64)
        assert (dilated_window(held, gap) * gradients).sum() == (held * dilated_window_gradient(gradients, gap)).sum()


def batch_of(page: Page) -> Batch:
    count = page.columns.shape[1]
    groups = np.array(
        [np.zeros(count, np.int64), page.boxes.parents[page.boxes.own], page.boxes.signatures[page.boxes.own]]
    )
    ones = np.ones(count, np.float32)
    grid = np.rint(page.columns * 32) / np.float32(32)
    return Batch(grid, groups, ones, (page.columns[0] > 0).astype(np.float32), ones)


def everything(values: np.ndarray, _: float) -> np.ndarray:
    return np.ones(values.shape, np.float32)


@given(st.integers(0, 2**32), st.lists(st.integers(1, 12), min_size=2, max_size=4))
def test_pages_of_a_batch_do_not_see_each_other(seed, sizes):
    random = np.random.default_rng(seed)
    layers = network_of(random).layers
    batches = [batch_of(page_of(random, size)) for size in sizes]
    together = gradient_of(layers, collated(batches), NONE_DROPPED, everything)
    apart = sum(gradient_of(layers, batch, NONE_DROPPED, everything) for batch in batches)
    assert np.allclose(together, apart, atol=1e-4)


def loss(weights: np.ndarray, shapes: list[tuple[int, int]], page: Page, batch: Batch) -> float:
    ranges = [np.full((len(NAMES), 1), value, np.float32) for value in (-99, 99, 0, 1)]
    sums = network_logits(Network(NAMES, Inputs(*ranges), layers_of(weights, shapes)), page.columns, page.boxes)
    signs = np.where(batch.targets > 0, 1, -1)
    return float(np.logaddexp(0, -signs * sums.astype(np.float64)).sum())


def test_the_slope_says_how_the_loss_changes():
    """Along a line through many weights; steps are large, for the loss is rounded."""
    random = np.random.default_rng(5)
    shapes = shapes_of(len(NAMES), 8)
    page = page_of(random, 300)
    batch = batch_of(page)
    for _ in range(5):
        weights = random.normal(size=sum(o * (i + 1) for o, i in shapes)) * 0.3
        gradient = gradient_of(layers_of(weights, shapes), batch, NONE_DROPPED, everything)
        line = gradient / np.linalg.norm(gradient)
        steps = np.linspace(-0.1, 0.1, 61)
        losses = [loss(weights + step * line, shapes, page, batch) for step in steps]
        measured = np.polyfit(steps, losses, 3)[2]
        assert measured == pytest.approx(np.linalg.norm(gradient), rel=0.06)


def test_fit_learns_what_stands_around_a_block():
    """A block is wanted where the one two before it says so, on a page that says so somewhere."""
    random = np.random.default_rng(11)
    pages = []
    for number in range(120):
        columns = random.integers(0, 2, (3, 30)).astype(np.float32)
        columns[1] = 0
        columns[1, random.integers(30)] = number % 2
        targets = np.zeros(30, np.float32)
        targets[2:] = columns[0, :-2] * (number % 2)
        pages.append((columns, frame_of([0] * 30, [0], [0]), targets, np.ones(30, np.float32)))
    settings = NetworkSettings(width=8, rounds=40, rate=0.02, pages=10, dropped=0, unseen=0)
    network = fit_network(NAMES, pages[:100], settings)
    hits = [
        (network_logits(network, columns, boxes) > 0) == (targets > 0) for columns, boxes, targets, _ in pages[100:]
    ]
    assert np.concatenate(hits).mean() > 0.97


def test_fit_twice_is_the_same():
    random = np.random.default_rng(2)
    pages = []
    for size in (5, 9, 30, 12):
        page = page_of(random, size)
        pages.append((page.columns, page.boxes, (page.columns[0] > 0).astype(np.float32), np.ones(size, np.float32)))
    settings = NetworkSettings(width=4, rounds=5, pages=2)
    assert to_json(fit_network(NAMES, pages, settings)) == to_json(fit_network(NAMES, pages, settings))
