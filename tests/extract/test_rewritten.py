"""Pages written otherwise to learn from them."""

import numpy as np
import pytest
from lxml import html
from test_train import write_corpus

from builder.extract.blocks import read_layout
from builder.extract.training.rewritten import CHANGES, read_rewritten, with_unknown_names
from builder.extract.training.samples import read_samples

PAGE = """<html><head><title>Ferry</title></head><body class="single">Before <nav id="menu"><a href="/">Home</a></nav>
<main class="story wide"><h1>Ferry</h1><p class="lead">The <b class="x">old</b> ferry stays.</p><p>It does.</p></main>
<div class="lead">After</div></body></html>"""


def texts(root):
    return [block.text for block in read_layout(root).blocks]


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_page_says_stays_the_same_and_its_markup_does_not(change):
    root = html.document_fromstring(PAGE)
    before, written = texts(root), html.tostring(root)
    change(root)
    assert texts(root) == before
    assert html.tostring(root) != written


@pytest.mark.parametrize("change", CHANGES)
def test_a_page_without_a_body_is_left_as_it_is(change):
    root = html.document_fromstring("<frameset></frameset>")
    change(root)
    assert html.tostring(root) == b"<html><frameset></frameset></html>"


def test_unknown_names_are_the_same_for_the_same_and_others_on_other_pages():
    first, second = html.document_fromstring(PAGE), html.document_fromstring(PAGE.replace("<title>Ferry", "<title>Bus"))
    with_unknown_names(first)
    with_unknown_names(second)
    names = [[element.get("class") for element in root.iter("p", "div", "main")] for root in (first, second)]
    assert names[0][1] == names[0][3]
    assert len(names[0][0].split()) == 2
    assert set(names[0][0].split()).isdisjoint(names[1][0].split())
    assert not any(name in str(names) for name in ("lead", "story", "wide"))


def test_some_pages_are_learnt_from_once_more_at_less_weight(tmp_path):
    write_corpus(tmp_path / "small")
    plain = list(read_samples(tmp_path / "small"))
    found = list(read_rewritten(tmp_path / "small"))
    assert 0 < len(found) < len(plain)
    for sample in found:
        own = next(own for own in plain if own.texts == sample.texts)
        assert sample.labels.tolist() == own.labels.tolist()
        assert np.allclose(sample.weights, own.weights / 2)
        assert (sample.site, sample.page_type, sample.reference) == (own.site, None, own.reference)
        assert sample.layout != own.layout
