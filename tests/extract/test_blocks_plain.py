"""Blocks beside a second reading of the tree: recursive, without any of the shortcuts of the first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from builder.extract.blocks import _read
from builder.extract.elements import INLINE_TAGS, KINDS, SKIPPED_TAGS
from builder.extract.layout import BOLD, IMAGE, INPUT, LINKS, TIME

_FLAGS = {"b": BOLD, "strong": BOLD, "time": TIME, "img": IMAGE, "input": INPUT}
_PARSER = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)


def plain(root: etree._Element) -> list[tuple[str, str, int, int, int]]:
    """Text, tag, link characters, links and inline bits of every block, for trees without `pre` and `br`."""
    found: list[tuple[str, str, int, int, int]] = []
    said: list[tuple[str, bool]] = []
    state = {"links": 0, "inline": 0, "depth": 0}

    def border(tag: str) -> None:
        text = " ".join("".join(piece for piece, _ in said).split())
        if text:
            chars = sum(len(piece.strip()) for piece, linked in said if linked)
            found.append((text, tag, min(chars, len(text)), state["links"], state["inline"]))
            state["links"], state["inline"] = int(state["depth"] > 0), 0
        said.clear()

    def read(element: etree._Element, around: str, is_block: bool) -> None:
        if element.tag in SKIPPED_TAGS:
            return
        if is_block:
            border(around)
        is_link = element.tag == "a" and not is_block
        if is_link:
            state["links"] += not state["depth"]
            state["depth"] += 1
        elif not is_block:
            state["inline"] |= _FLAGS.get(element.tag, 0)
        own = element.tag if is_block else around
        said.append((element.text or "", state["depth"] > 0))
        for child in element:
            is_part = own in ("p", "h1") or (not is_block and element.tag not in KINDS) or is_word(child)
            read(child, own, not (child.tag in INLINE_TAGS or (child.tag not in KINDS and is_part)))
            said.append((child.tail or "", state["depth"] > 0))
        if is_block:
            border(own)
        state["depth"] -= is_link

    read(root, "", True)
    return found


def is_word(element: etree._Element) -> bool:
    """Whether an element stands beside text and holds some, no block, and others that HTML does not know as words."""
    inside = list(element.iter())[1:]
    return (
        is_beside_text(element)
        and len(inside) < 30
        and bool("".join(map(str, element.itertext())).strip())
        and all(
            part.tag in INLINE_TAGS | SKIPPED_TAGS
            or (part.tag not in KINDS and (is_beside_text(part) or len(list(part.getparent())) == 1))
            for part in inside
        )
    )


def is_beside_text(element: etree._Element) -> bool:
    parent = element.getparent()
    children = list(parent)
    texts = [parent.text or "", *(child.tail or "" for child in children)]
    return any(text.strip() for text in texts[children.index(element) :][:2])


def same(html: bytes) -> None:
    root = etree.fromstring(html, _PARSER)
    assert [(b.text, b.tag, b.link_chars, b.links, b.inline & ~LINKS) for b in _read(root, KINDS).blocks] == plain(root)


_text = st.text("ab \n\xa0\u3000é中😀<>&\"'", max_size=6).map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
)
_tags = [
    "div",
    "p",
    "a",
    "span",
    "b",
    "time",
    "li",
    "ul",
    "td",
    "tr",
    "table",
    "script",
    "svg",
    "noscript",
    "o:p",
    "h1",
    "x-y",
]
_nodes = st.recursive(
    _text,
    lambda inner: st.tuples(st.sampled_from(_tags), st.lists(inner, max_size=4), st.booleans()).map(
        lambda node: f"<{node[0]} title='<p> a>b'>{''.join(node[1])}{f'</{node[0]}>' if node[2] else ''}"
    ),
    max_leaves=25,
)


@given(st.lists(_nodes, max_size=6))
def test_blocks_are_those_of_a_plain_reading(nodes):
    """Whatever is nested, left open or empty: text, tag, links and inline elements are the same."""
    same(f"<html><body>{''.join(nodes)}</body></html>".encode())


@pytest.mark.parametrize(
    "html",
    [
        b"<table><tr><td>a<table><tr><td>b</td></tr></table>c</td></tr></table>",
        b"<p>one<p>two<div>three<p>four</div>five",
        b"<a href=1>x<div>y<a href=2>z</a></div>w</a>",
        b"<p>a &lt;b&gt; &amp;amp; &#65; &nbsp; &euro;</p><p title='<p>'>c</p>",
        b"<p>a<!-- <p>no</p> -->b<![CDATA[ c ]]>d<?php no ?>e</p>",
        b"<svg:rect>a</svg:rect><o:p>b</o:p><div<p>c</div<p>",
        "<p>a\ufffdb\u200bc &#xD800; &#0; d</p>".encode(),
        b"<div>" * 200 + b"<b>deep</b>" + b"</div>" * 200,
        b"<body>text<body class=x>more</body>after</html>last",
        b"<select><option>no</option></select><textarea>no</textarea><p>yes<textarea><p>open",
    ],
    ids=[
        "nested-tables", "unclosed", "nested-links", "entities", "comments", "namespaces", "no-characters", "deep",
        "two-bodies", "raw-text",
    ],
)  # fmt: skip
def test_hostile_shapes_are_read_alike(html):
    same(html)
