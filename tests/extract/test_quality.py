from collections import Counter

import numpy as np
import pytest

from builder.extract.article import ALL_NAMES
from builder.extract.classifier.features import BoxArrays
from builder.extract.classifier.pagetype import TYPES
from builder.extract.layout import Boxes, Layout
from builder.extract.training.examples import Example, Hits
from builder.extract.training.quality import field_table, text_table
from builder.extract.training.samples import Sample

RIGHT, WRONG, INVENTED, NOTHING, MISSED = (
    Hits(1, 0, 0),
    Hits(0, 1, 1),
    Hits(0, 1, 0),
    Hits(0, 0, 0),
    Hits(0, 0, 1),
)
WEIGHTS = {"ld:published": 2.0, "time": 1.0, "none": 1.5}


def dated(*hits: Hits) -> Example:
    """A page that states one date in JSON-LD and shows another."""
    features = [["ld:published"], ["time"], ["none"]]
    values, right, numbers = ["2022-02-24", "2022-02-25", ""], [False] * 3, [()] * 3
    sources = ["jsonld", "time", ""]
    return Example("small", "a.example", None, features, values, right, list(hits), numbers, sources)


@pytest.mark.parametrize(
    ("examples", "expected"),
    [
        ([dated(RIGHT, WRONG, MISSED)], 1.0),
        ([dated(WRONG, RIGHT, MISSED)], 0.0),
        ([dated(RIGHT, WRONG, MISSED), dated(WRONG, RIGHT, MISSED)], 0.5),
        ([dated(RIGHT, WRONG, MISSED), dated(INVENTED, INVENTED, NOTHING)], 2 / 3),
    ],
    ids=["right", "wrong", "one of two", "one invented"],
)
def test_a_field_is_answered_as_the_extractor_would(examples, expected):
    assert field_table("date", examples, [WEIGHTS] * len(examples)).split() == [
        "small", str(len(examples)), f"{expected:.4f}"
    ]  # fmt: skip


def test_a_page_that_is_not_answered_misses_its_value():
    weights = {**WEIGHTS, "none": 9.0}
    pages = [dated(RIGHT, WRONG, MISSED), dated(INVENTED, INVENTED, NOTHING)]
    assert field_table("date", pages, [weights] * 2).split()[-1] == "0.0000"


def sample(texts: list[str], text: str | None, pieces: tuple[list[str], list[str]] = ([], [])) -> Sample:
    columns = np.zeros((len(ALL_NAMES), len(texts)), np.float32)
    columns[ALL_NAMES.index("words")] = [np.log1p(len(line.split())) for line in texts]
    words = [line.lower().split() for line in texts]
    nothing = np.zeros(0, np.float32)
    kind = "article" if text is not None else None
    reference = Counter(text.lower().split()) if text is not None else None
    layout = Layout([], Boxes([], [], [], [], [], [], []), [], [], [])
    boxes = BoxArrays(*[np.zeros(0, np.int64)] * len(BoxArrays._fields))
    return Sample(
        "small", "a.example", kind, columns, nothing, nothing, nothing, words, reference, pieces, texts, layout, boxes
    )


TEXTS = ["Home", "the ferry is back", "read more"]


@pytest.mark.parametrize(
    ("probabilities", "text", "expected"),
    [
        ([0, 1, 0], "the ferry is back", "1.0000"),
        ([0, 1, 1], "the ferry is back", "0.8000"),
        ([0, 1, 0], "the ferry is back with us now", "0.7273"),
    ],
    ids=["exact", "too much", "too little"],
)
def test_the_text_is_scored_by_its_words(probabilities, text, expected):
    types = np.zeros((len(TYPES), 1), np.float32)
    lines = text_table([sample(TEXTS, text)], types, [np.array(probabilities, np.float32)]).split("\n")
    assert [line.split() for line in lines] == [["small", "all", "1", expected], ["small", "article", "1", expected]]


@pytest.mark.parametrize(
    ("page_type", "in_title", "expected"),
    [("article", 1, "1.0000"), ("article", 0, "0.8889"), ("service", 1, "0.8889")],
    ids=["headline", "heading", "no article"],
)
def test_the_headline_of_an_article_is_no_part_of_its_text(page_type, in_title, expected):
    headed = sample(TEXTS, "the ferry is back")
    headed.columns[[ALL_NAMES.index("tag:h1"), ALL_NAMES.index("in_title")], 0] = 1, in_title
    types = np.array([[float(name == page_type)] for name in TYPES], np.float32)
    assert text_table([headed], types, [np.array([1, 1, 0], np.float32)]).split()[3] == expected


def test_pieces_of_a_text_are_counted_over_all_pages():
    pages = [sample(TEXTS, None, (["ferry is back"], ["read more"])), sample(TEXTS, None, (["Home"], []))]
    probabilities = [np.array([0, 1, 1], np.float32)] * 2
    types = np.zeros((len(TYPES), 2), np.float32)
    assert text_table(pages, types, probabilities).split() == ["small", "2", "0.5000"]
