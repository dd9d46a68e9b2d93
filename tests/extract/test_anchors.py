"""Which links are those of the main text: what stands on the page, what of it is chosen, the links."""

from __future__ import annotations

import pytest
from lxml import etree

from builder.extract.anchors import anchors
from builder.extract.blocks import read_layout

PARSER = etree.HTMLParser(encoding="utf-8", remove_comments=True)
CARD = "<a href=/{0}><h2>Story {0}</h2><p>It is told.</p></a>"
LINKS = {
    # the texts that are not chosen stand in the second place
    "in a block": ("<p>See <a href=/a>one</a> and <b><a href=/b>two</a></b>", [], ["/a", "/b"]),
    "around blocks": (CARD.format(1) + CARD.format(2), [], ["/1", "/2"]),
    "around some": (CARD.format(1) + CARD.format(2), ["Story 2", "It is told."], ["/1"]),
    "around and in a block": ("<div>One<a href=/a><h2>Two</h2></a><a href=/b>three</a></div>", ["Two"], ["/b"]),
    "of a box": ("<div>One<ul><li><a href=/a>two</a></ul><a href=/b>three</a></div>", ["two"], ["/b"]),
    "of a chosen box": ("<div>One<ul><li><a href=/a>two</a></ul>three</div>", [], ["/a"]),
    "a picture": ("<p>One <a href=/a><img></a></p><div><a href=/b><img></a></div>", [], ["/a"]),
    "not seen": ("<p>One <noscript><a href=/a>two</a></noscript></p>", ["two"], []),
    "with pieces": ("<div>One <a href=/a>two<div><img></div></a> three</div>", [], ["/a"]),
    "a line": ("<div><a href=/a>One</a><br><br><a href=/b>Two</a></div>", [], ["/a", "/b"]),
}


@pytest.mark.parametrize("case", LINKS)
def test_links_of_chosen_blocks(case: str) -> None:
    body, left, links = LINKS[case]
    blocks = read_layout(etree.fromstring(f"<html><body>{body}</body></html>", PARSER)).blocks
    found = anchors([block for block in blocks if block.text not in left], blocks)
    assert [anchor.get("href") for anchor in found] == links
