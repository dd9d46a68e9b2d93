"""What the words of short blocks say: sums over a block and its neighbours, and weights that are learnt."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from builder.extract.classifier.features import BoxArrays
from builder.extract.classifier.phrases import (
    PHRASE_ROWS,
    PhraseJudge,
    from_json,
    phrase_features,
    terms,
    to_json,
)
from builder.extract.layout import Boxes, Layout
from builder.extract.training.phrasefit import fit_phrases, phrases_of_pages
from builder.extract.training.samples import Sample

NOTHING = np.zeros(0, np.int64)
WEIGHTS = {"reply": -2.0, "ann": 0.5, "=reply": -1.0, "#": 0.25}


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("Reply", ["reply", "=reply"]),
        ("Page 4  of\n12", ["page", "#", "of", "page #", "# of", "of #", "=page # of #"]),
        ("Page 4 of 12, page 5", ["page", "#", "of", "page #", "# of", "of #", "# page"]),
        ("Donaudampfschifffahrtsgesellschaft", ["donaudampfschifffahr", "=donaudampfschifffahr"]),
        ("»→«", []),
        ("a " * 12, ["a", "a a"]),
        ("a " * 13, []),
        ("x" * 101, []),
    ],
)
def test_what_a_text_is_known_by(text: str, known: list[str]) -> None:
    assert terms(text) == known


def test_terms_of_a_block_add_up_and_its_neighbours_see_them() -> None:
    texts = ["Reply", "Ann, 12 March", "A line " * 30, "Reply to 3"]
    rows = dict(zip(PHRASE_ROWS, phrase_features(texts, PhraseJudge(WEIGHTS)).tolist(), strict=True))
    assert rows["phrase"] == [-3.0, 0.75, 0.0, -1.75]
    assert rows["phrase[-1]"] == [-1.0, -3.0, 0.75, 0.0]
    assert rows["phrase[+1]"] == [0.75, 0.0, -1.75, -1.0]
    assert rows["phrase~4"] == [-1.0] * 4


def sample(site: str, *blocks: tuple[str, float]) -> Sample:
    """A page of blocks and their labels; a negative one is not known."""
    labels = np.array([label for _, label in blocks], np.float32)
    empty = Layout([], Boxes([], [], [], [], [], [], []), [], [], [])
    return Sample(
        "small", site, None, np.zeros((0, len(blocks)), np.float32), np.zeros(0, np.float32), labels,
        (labels >= 0).astype(np.float32), [], Counter(), ([], []), [text for text, _ in blocks], empty,
        BoxArrays(*[NOTHING] * 8),
    )  # fmt: skip


def test_weights_are_learnt_from_known_pages_and_blocks() -> None:
    blocks = (("Reply", 0.0), ("Conclusion", 1.0), ("Share", -1.0), ("Share", -1.0))
    pages = [sample(f"{number}.example", *blocks) for number in range(8)]
    pages += [sample(f"{number}.example", ("Reply", 1.0), ("Conclusion", 0.0), ("Odd", 1.0)) for number in range(4)]
    phrases = phrases_of_pages(pages)
    assert "odd" not in phrases.columns  # of too few sites
    found = fit_phrases(phrases, np.arange(len(pages)) < 8)
    assert "share" not in found
    assert found["reply"] == -found["conclusion"] < 0
    assert found["=reply"] == found["reply"] == round(found["reply"], 2)
    assert fit_phrases(phrases, np.arange(len(pages)) >= 8)["reply"] > 0
    assert from_json(to_json(found)) == found
    assert to_json(found) == to_json(dict(reversed(found.items())))


def test_pages_without_short_blocks_say_nothing() -> None:
    phrases = phrases_of_pages([sample("a.example", ("x" * 200, 1.0))])
    assert fit_phrases(phrases, np.ones(1, np.bool_)) == {}
