"""What the parser is given whole, and what it is not given at all."""

from __future__ import annotations

import pytest
from parsed_pages import code_of, page_of, parse, text_of

from builder.extract.page import ParseLimits, parse_page


@pytest.mark.parametrize("depth", [1, 300, 1_900])
@pytest.mark.parametrize("tag", ["div", "span", "b", "ul"])
def test_deep_documents_are_kept_whole(depth: int, tag: str) -> None:
    parsed = parse("<body>" + f"<{tag}>" * depth + "the last word" + f"</{tag}>" * depth + "<p>after</p>")
    assert len(list(parsed.root.iter(tag))) == depth
    assert "the last word" in text_of(parsed)
    assert text_of(parsed).endswith("after")


def test_a_refused_page_leaves_no_trace_in_the_next() -> None:
    assert code_of("<div>" * 3_000) == "too_deep"
    assert text_of(parse("<p>sound")) == "sound"


def test_the_limit_of_depth_is_the_configs() -> None:
    limits = ParseLimits(depth=100)
    parse_page(page_of("<div>" * 90 + "tide"), limits)
    assert code_of("<div>" * 200 + "tide", limits) == "too_deep"


@pytest.mark.parametrize("limit", [16, 200])
def test_the_limit_of_attributes_is_the_configs(limit: int) -> None:
    html = "<p " + " ".join(f"a{number}=1" for number in range(500)) + ">tide"
    assert code_of(html, ParseLimits(attributes=limit)) == "too_many_attributes"
    assert parse(html).root.find(".//p").get("a499") == "1"  # type: ignore[union-attr]


NODES = {
    "closed": "<div>tide</div>", "open": "<p>tide", "void": "tide<br>", "capitals": "<LI>tide", "with a slash": "<i/>",
    "with attributes": "<p title='a > b'>tide</p>",
}  # fmt: skip


@pytest.mark.parametrize("unit", NODES.values(), ids=NODES)
def test_the_limit_of_nodes_is_the_configs(unit: str) -> None:
    parse_page(page_of("<body>" + unit * 99), ParseLimits(nodes=100))
    assert code_of("<body>" + unit * 100, ParseLimits(nodes=100)) == "too_many_nodes"
    assert len(list(parse("<body>" + unit * 100).root.iter())) == 102  # html and body


NO_NODES = {
    "closing tags": "</div></p>", "a script": "<script>'<i><i>'</script>", "a comment": "<!-- <i><i> -->",
    "text": "1 < 2 << 3", "an attribute": "<p title='<i><i>'>", "a text field": "<textarea><i><i></textarea>",
}  # fmt: skip


@pytest.mark.parametrize("unit", NO_NODES.values(), ids=NO_NODES)
def test_what_is_no_node_does_not_count(unit: str) -> None:
    assert text_of(parse_page(page_of("<p>tide</p>" + unit * 60), ParseLimits(nodes=70))).startswith("tide")


def test_a_megabyte_of_text_in_one_element() -> None:
    words = "the tide comes in and goes out " * 34_000
    assert text_of(parse(f"<p>{words}</p>")) == words


def test_a_long_attribute_is_kept() -> None:
    value = "data:image/png;base64," + "QUJD" * 300_000
    assert parse(f'<img src="{value}">').root.find(".//img").get("src") == value  # type: ignore[union-attr]


def test_a_hundred_thousand_elements() -> None:
    assert len(list(parse("<p>x</p>" * 100_000).root.iter("p"))) == 100_000
