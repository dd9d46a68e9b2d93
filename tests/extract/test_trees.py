import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.extract.classifier.trees import Forest, aligned, from_json, score, to_json
from builder.extract.training.choices import Choices
from builder.extract.training.treefit import Settings, bin_edges, binned, fit, fit_choices


def by_hand(forest: Forest, column: np.ndarray) -> list[float]:
    sums = [float(value) for value in forest.start]
    for tree in range(len(forest.features)):
        leaf = sum(
            (column[feature] > threshold) << level
            for level, (feature, threshold) in enumerate(
                zip(forest.features[tree], forest.thresholds[tree], strict=True)
            )
        )
        for output in range(len(sums)):
            sums[output] += float(forest.leaves[output, tree, leaf])
    return sums


def grown(rows: int = 400, outputs: int = 1) -> tuple[Forest, np.ndarray, np.ndarray]:
    random = np.random.default_rng(7)
    columns = random.normal(size=(4, rows)).astype(np.float32)
    targets = np.array([(columns[0] > 0.2) ^ (columns[number + 1] > 0) for number in range(outputs)], np.float32)
    edges = bin_edges(columns)
    settings = Settings(trees=30, depth=3, rate=0.3, sample=1, share=1, smoothing=1)
    forest = fit(("a", "b", "c", "d"), binned(columns, edges), edges, targets, np.ones(rows, np.float32), settings)
    return forest, columns, targets


def test_more_rows_than_can_be_summed_are_refused():
    bins, weights = np.zeros((1, 600_000), np.uint8), np.ones(600_000, np.float32)
    edges = [np.zeros(1, np.float32)]
    with pytest.raises(ValueError, match="600000 rows, one in 1: a tree sees 532610 at most"):
        fit(("a",), bins, edges, weights[None], weights, Settings(trees=1, sample=1))
    fit(("a",), bins, edges, weights[None], weights, Settings(trees=1, sample=2, share=1))


@pytest.mark.parametrize("outputs", [1, 2])
def test_fit_learns_what_depends_on_two_features_together(outputs):
    forest, columns, targets = grown(outputs=outputs)
    assert ((score(forest, columns) > 0) == (targets > 0.5)).mean() > 0.93


def test_score_is_what_the_trees_say_row_by_row():
    forest, columns, _ = grown(60, 2)
    expected = np.array([by_hand(forest, columns[:, row]) for row in range(60)]).T
    assert np.allclose(score(forest, columns), expected, atol=1e-4)


def test_many_rows_are_scored_in_pieces():
    forest, columns, _ = grown(50)
    many = np.tile(columns, 200)
    assert np.array_equal(score(forest, many)[:, :50], score(forest, many)[:, -50:])


def test_a_forest_survives_its_file():
    forest, columns, _ = grown()
    again = aligned(from_json(to_json(forest)), forest.names)
    assert np.allclose(score(again, columns), score(forest, columns), atol=1e-5)
    assert to_json(again) == to_json(forest)


def test_aligned_finds_features_by_name():
    forest, columns, _ = grown()
    other = aligned(forest, ("d", "c", "x", "b", "a"))
    moved = np.array([columns[3], columns[2], np.zeros(columns.shape[1]), columns[1], columns[0]], np.float32)
    assert np.array_equal(score(other, moved), score(forest, columns))


def test_same_data_same_file():
    assert to_json(grown()[0]) == to_json(grown()[0])


@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=80))
def test_bins_agree_with_thresholds(values):
    column = np.array([values], np.float32)
    edges = bin_edges(column)
    bins = binned(column, edges)
    for number, edge in enumerate(edges[0]):
        assert np.array_equal(bins[0] > number, column[0] > edge)
    assert len(edges[0]) <= 31


def choices(pages: int = 200) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Of three candidates of a page that is right which has the most of the first, unless the second forbids it."""
    random = np.random.default_rng(3)
    columns = random.normal(size=(3, 3 * pages)).astype(np.float32)
    worth = np.where(columns[1] > 0.5, -9, columns[0]).reshape(pages, 3)
    right = (worth == worth.max(axis=1, keepdims=True)).astype(np.float64).ravel()
    return columns, right, [3] * pages


def chosen_by(settings: Settings) -> tuple[Forest, float]:
    """A forest, and the share of pages on which it chooses right."""
    columns, right, sizes = choices()
    edges = bin_edges(columns)
    forest = fit_choices(("a", "b", "c"), binned(columns, edges), edges, right, sizes, settings)
    best = score(forest, columns)[0].reshape(-1, 3).argmax(axis=1)
    return forest, float(right.reshape(-1, 3)[np.arange(len(best)), best].mean())


def test_fit_learns_which_of_a_page_to_choose():
    settings = Settings(trees=60, depth=3, rate=0.2, sample=1, share=1, smoothing=1)
    forest, hits = chosen_by(settings)
    assert hits > 0.9
    assert to_json(forest) == to_json(chosen_by(settings)[0])


def test_a_choice_is_among_the_candidates_of_its_page():
    choice = Choices(np.array([1.0, 0, 0, 1, 1]), [2, 3])
    probability, hit = choice.shares(np.zeros(5))
    assert np.allclose(probability, [1 / 2, 1 / 2, 1 / 3, 1 / 3, 1 / 3])
    assert np.allclose(hit, [1, 0, 0, 1 / 2, 1 / 2])
