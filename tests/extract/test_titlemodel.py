"""What titles are compared with in numbers, and how weights and trees speak together."""

import numpy as np
import pytest
from metapages import page

from builder.extract.classifier.trees import Forest
from builder.extract.facts.title.titlemodel import TitleModel, title_columns, title_model, title_sums
from builder.extract.facts.title.titlenumbers import NUMBERS
from builder.extract.facts.title.titles import offered, title_candidates
from builder.extract.facts.weights import Choice

HTML = (
    "<title>Ferry back in service | Harbor Post</title><meta property='og:site_name' content='Harbor Post'>"
    "<p>News</p><h1>Ferry back</h1><p>The ferry back in service carries post.</p><p>Ferry back, they say.</p>"
)


def numbers_of(text: str, html: str = HTML, **more: str) -> dict[str, float]:
    found = next(title for title in title_candidates(page(html, **more)) if title.text == text)
    return dict(zip(NUMBERS, found.numbers, strict=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ferry back", {"chars": 10, "words": 2, "separators": 0, "capitals": 1 / 9, "headings": 1, "blocks": 4}),
        ("Ferry back", {"like:h1": 1, "like:title": 1 / 3, "like:og": 0, "beyond:h1": 0, "short:h1": 0}),
        ("Ferry back in service", {"like:h1": 1 / 2, "beyond:h1": 2, "short:h1": 0, "said": 1, "place": -1}),
        ("Ferry back", {"said": 3, "place": 1 / 4, "within": 3, "holds": 1}),
        ("Harbor Post", {"share:site": 1, "share:host": 0, "within": 2}),
        ("Ferry back in service | Harbor Post", {"separators": 1, "holds": 4, "share:site": 1 / 3}),
    ],
)
def test_numbers_of_a_title(text: str, expected: dict[str, float]) -> None:
    found = numbers_of(text, url="https://news.example/2022/story-41")
    assert {name: found[name] for name in expected} == pytest.approx(expected)


def test_numbers_from_the_address() -> None:
    found = numbers_of("Ferry back in service", url="https://ferry.example/news/ferry-back-again-41.html")
    assert (found["of:slug"], found["short:slug"], found["share:slug"]) == pytest.approx((2 / 3, 1, 2 / 4))
    assert found["share:host"] == 1 / 4


def test_a_page_without_text_has_numbers() -> None:
    found = numbers_of("Ferry back", "<title>Ferry back</title>")
    assert (found["blocks"], found["place"], found["said"], found["like:h1"]) == (0, -1, 0, 0)


def asks(name: str, above: float, leaf: float) -> Forest:
    """One tree that gives what passes a threshold so much."""
    return Forest(
        (name,),
        np.zeros((1, 1), np.int32),
        np.full((1, 1), above, np.float32),
        np.array([[[0, leaf]]], np.float32),
        np.zeros(1, np.float32),
    )


def test_weights_and_trees_add_up() -> None:
    candidates, rows = [{"h1"}, {"og"}], [[0.0] * len(NUMBERS)] * 2
    rows[1] = [float(name == "chars") * 60 for name in NUMBERS]
    choice, weights = Choice(candidates, [], set(), rows), {"h1": 2.0, "og": 1.5}
    assert title_sums(candidates, rows, TitleModel(weights, asks("chars", 50, 1))) == [2.0, 2.5]
    assert offered(choice, TitleModel(weights, asks("chars", 50, 1))) == [1, 0]
    assert offered(choice, TitleModel(weights, asks("chars", 70, 1))) == [0, 1]
    assert offered(choice, TitleModel(weights, asks("og", 0.5, 1))) == [1, 0]
    assert offered(Choice([], [], set(), []), TitleModel(weights, asks("og", 0.5, 1))) == []


def test_columns_are_numbers_and_features_by_name() -> None:
    rows = [list(range(len(NUMBERS))), list(range(1, len(NUMBERS) + 1))]
    columns = title_columns(("og", "words", "h1"), [{"h1"}, {"og"}], rows)
    assert columns.tolist() == [[0, 1], [1, 2], [1, 0]]


def test_the_model_asks_only_for_what_candidates_have() -> None:
    features = {name for title in title_candidates(page(HTML)) for name in title.features}
    asked = set(title_model().trees.names)
    assert asked & set(NUMBERS)
    assert asked & features
    assert not any(":word:" in name or ":around:" in name for name in asked)
