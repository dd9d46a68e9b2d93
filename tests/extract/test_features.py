import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from builder.extract.blocks import read_layout
from builder.extract.classifier.characters import TEXT_NAMES, characters_of, text_counts
from builder.extract.classifier.features import block_features, block_names, box_arrays

_texts = st.lists(
    st.one_of(st.text("aB1.,!é中，。😀𝐚 ", min_size=1, max_size=12), st.just("Long. " * 800 + "end")),
    min_size=1,
    max_size=8,
)


@given(_texts, st.text("aB1.é ", max_size=30))
def test_flags_of_blocks_are_what_the_texts_say(texts, title):
    """Whatever planes and lengths: looked up for all texts at once as one by one."""
    body = html.Element("body")
    for text in texts:
        html.etree.SubElement(body, "p").text = text
    layout = read_layout(body)
    if not layout.blocks:
        return
    columns = dict(zip(block_names(), block_features(layout, box_arrays(layout), title).tolist(), strict=True))
    said = [block.text for block in layout.blocks]
    assert columns["in_title"] == [3 < len(text) < 300 and text.casefold() in title.casefold() for text in said]
    assert columns["repeated"] == [said.count(text) for text in said]
    assert columns["ends_sentence"] == [text[-1] in ".!?…。！？।؟۔:\"”'" for text in said]
    assert columns["starts_lower"] == [text[0].islower() for text in said]
    assert columns["same_as_before"] == [text == last for text, last in zip(said, ["", *said], strict=False)]


@given(_texts)
def test_characters_are_counted_by_class(texts):
    """A row a class; of a long text the first 4,000 characters."""
    counts = dict(zip(TEXT_NAMES, text_counts(texts, characters_of(texts)).tolist(), strict=True))
    assert counts["ends"] == [sum(text[:4000].count(sign) for sign in ".!?…。") for text in texts]
    assert counts["commas"] == [sum(text[:4000].count(sign) for sign in ",，") for text in texts]
    assert counts["digits"] == [text[:4000].count("1") for text in texts]
    assert counts["capitals"] == [sum(text[:4000].count(sign) for sign in "BL") for text in texts]


@pytest.mark.parametrize("text", ["พ", "က", "ក", "ひ", "漢", "한", "가", "힣"])
def test_a_letter_that_says_more_than_a_latin_one_counts_for_more(text):
    counts = dict(zip(TEXT_NAMES, text_counts([text * 4], characters_of([text * 4]))[:, 0].tolist(), strict=True))
    assert (counts["wide"], counts["chars"]) == (4, 10)


def test_room_is_left_for_what_the_caller_adds():
    layout = read_layout(html.fromstring("<body><p>One.</p><p>Two.</p></body>"))
    columns = block_features(layout, box_arrays(layout), "", room=3)
    assert columns.shape == (len(block_names()) + 3, 2)
    assert np.array_equal(columns[:-3], block_features(layout, box_arrays(layout), ""))
