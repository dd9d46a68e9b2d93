"""What the words in classes and ids say: sums over boxes and pages, and weights that are learnt."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from lxml import etree

from builder.extract.blocks import read_layout
from builder.extract.classifier.characters import Floats
from builder.extract.classifier.features import box_arrays
from builder.extract.classifier.names import (
    NAME_ROWS,
    NameJudge,
    NameWeights,
    from_json,
    name_features,
    name_types,
    to_json,
)
from builder.extract.classifier.pagetype import TYPES
from builder.extract.layout import Layout
from builder.extract.marks import words_in
from builder.extract.training.namefit import fit_name_blocks, fit_name_types, words_of_pages
from builder.extract.training.samples import Sample

BLOCKS = {"story": (2.0, 0.5), "menu": (-3.0, -1.0), "lead": (0.25, 1.0), "<p": (1.0, 4.0)}
TYPE_WEIGHTS = {"story": [1.0, 0.0], "shop": [0.0, 2.0]}
WEIGHTS = NameWeights(BLOCKS, TYPE_WEIGHTS, [0.5, 0.0])
PAGE = """
    <div class="menu top">Home</div><div id="story-main" class="menu story"><p class=leadText>One two</p>three</div>
"""


def layout_of(body: str) -> Layout:
    return read_layout(etree.fromstring(f"<html><body>{body}</body></html>", etree.HTMLParser()))


def rows(layout: Layout, weights: NameWeights) -> dict[str, list[float]]:
    words = np.array([len(block.text.split()) for block in layout.blocks], np.float32)
    found = name_features(layout, box_arrays(layout), words, NameJudge(weights))
    return dict(zip(NAME_ROWS, np.round(found, 4).tolist(), strict=True))


def test_words_of_boxes_add_up_from_the_outermost_on() -> None:
    found = rows(layout_of(PAGE), WEIGHTS)
    outer, inner = -3.0 + 2.0 + 2.0, 1.0 + 0.25  # the class and the id both say story
    assert found["names"] == [-3, outer + inner, outer]
    assert found["names:own"] == [-1, 5, 0]
    assert found["names[-1]"] == [-1, -3, outer + inner]
    assert found["names[+1]"] == [outer + inner, outer, -1]
    mean = (1.5 * -3 + 2.5 * (outer + inner) + 1.5 * outer) / 5.5
    assert found["names~10"] == pytest.approx([mean] * 3, abs=1e-3)


def test_words_that_nobody_has_weighed_say_nothing() -> None:
    found = rows(layout_of(PAGE), NameWeights({}, {}, [0.0]))
    assert set(found["names"] + found["names:own"]) == {0}


def test_each_word_counts_once_for_the_type_of_a_page() -> None:
    judge = NameJudge(WEIGHTS)
    one, two = (name_types(layout_of(body), judge) for body in (PAGE, PAGE + PAGE))
    assert np.array_equal(one, two)
    assert one.sum() == pytest.approx(1)
    assert np.log(one[0] / one[1]) == pytest.approx(1.5, abs=1e-4)


def test_a_file_gives_the_weights_back() -> None:
    again = from_json(to_json(WEIGHTS))
    assert rows(layout_of(PAGE), again) == rows(layout_of(PAGE), WEIGHTS)
    assert np.array_equal(
        name_types(layout_of(PAGE), NameJudge(again)), name_types(layout_of(PAGE), NameJudge(WEIGHTS))
    )


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("entry-content wp-block", ["entry", "content", "wp", "block"]),
        ("postBody POSTBody", ["post", "body", "postb", "ody"]),
        ("a b1 x--y", []),
        ("größe 見出し", ["gr"]),
        ("w " * 400 + "late", []),
    ],
)
def test_words_in_names(names: str, words: list[str]) -> None:
    assert words_in(names) == words


def sample(number: int, page_type: str, body: str, good: str) -> Sample:
    """A page of a site of its own, of which the blocks with a word in them belong to the text."""
    layout = layout_of(body)
    labels = np.array([float(good in block.text) for block in layout.blocks], np.float32)
    empty: Floats = np.zeros((1, len(labels)), np.float32)
    return Sample(
        "small", f"site{number}.example", page_type, empty, empty[:, 0], labels, np.ones(len(labels), np.float32),
        [], Counter(), ([], []), [], layout._replace(blocks=[], marked=[]), box_arrays(layout),
    )  # fmt: skip


def test_what_the_words_say_is_learnt() -> None:
    """Of two kinds of page, whose text stands in boxes of the same name, however deep."""
    bodies = {
        "article": "<div class='rail'>menu</div><div class='story'><div><p>good</p><p>good</p></div>good</div>",
        "product": "<div class='rail shop'><p>menu</p></div><div class='story'>good</div>",
    }
    pages = [sample(n, kind, bodies[kind], "good") for n in range(60) for kind in bodies]
    words, known = words_of_pages(pages), np.ones(len(pages), np.bool_)
    blocks = fit_name_blocks(words, known)
    assert blocks["story"][0] > 0.1 > -0.1 > blocks["rail"][0]
    assert "<html" not in blocks or abs(blocks["<html"][0]) < blocks["story"][0]
    types, start = fit_name_types(pages, words, known)
    judge = NameJudge(NameWeights(blocks, types, start))
    for kind, body in bodies.items():
        assert TYPES[int(name_types(layout_of(body), judge).argmax())] == kind


def test_pages_that_are_left_out_teach_nothing() -> None:
    body = "<div class='rail'>menu</div><div class='story'>good</div>"
    pages = [sample(n, "article", body, "good" if n < 30 else "menu") for n in range(60)]
    words = words_of_pages(pages)
    first = np.arange(60) < 30
    assert fit_name_blocks(words, first)["story"][0] > 0 > fit_name_blocks(words, ~first)["story"][0]


def test_words_of_few_sites_are_not_weighed() -> None:
    pages = [sample(n % 3, "article", "<div class='story'>good</div>", "good") for n in range(30)]
    words = words_of_pages(pages)
    assert "story" not in words.blocks
    assert "story" in words.types
