import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from builder.extract.blocks import read_layout, text_lines
from builder.extract.layout import BOLD, IMAGE
from builder.records import Preformatted


def page(body: str) -> etree._Element:
    return etree.fromstring(f"<html><head><title>T</title></head><body>{body}</body></html>", etree.HTMLParser())


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("<p>One  <b>two</b>\n three</p><p>Four</p>", ["One two three", "Four"]),
        ("<div>Before<p>inside</p>after</div>", ["Before", "inside", "after"]),
        ("<div>a<span>b</span> <i>c</i></div>", ["ab c"]),
        ("<p>&zwj;</p><p>a&shy;b</p><p>&#8203;&#65279;</p>", ["a\u00adb"]),
        ("<p>first line<br>second line</p>", ["first line\nsecond line"]),
        ("<div>one<br> <br/>two<br><br><br>three</div>", ["one", "two", "three"]),
        ("<div>one<br>&#8203;<br>two<br>&#65279; <br>&shy;<br>three</div>", ["one", "two", "three"]),
        ("<div>one<br>&#8203;two<br><br>&rlm;three</div>", ["one\n\u200btwo", "\u200fthree"]),
        ("<pre>def f():\n    return 1  \n</pre>", ["def f():\n    return 1"]),
        ("<ul><li>a<ul><li>b</li></ul>c</li></ul>", ["a", "b", "c"]),
        ("<table><tr><td>x</td><td>y</td></tr></table>", ["x", "y"]),
        ("<p>seen<script>var hidden = '<p>no</p>'</script> too</p>", ["seen too"]),
        ("<p>a<svg><g><text>no</text></g></svg>b</p>tail", ["ab", "tail"]),
        ("<style>p {}</style><noscript><p>no</p></noscript>", []),
        (" \n <div> <span> </span> </div>", []),
        ("<a href='#'><div>in a link</div>still</a>", ["in a link", "still"]),
        ("<p>A <x-note>large <b>study</b></x-note> says</p>", ["A large study says"]),
        ("<h2>In <st1:city>Paris</st1:city></h2><p><i>so <x-y>they</x-y></i> say</p>", ["In Paris", "so they say"]),
        ("<x-card><x-title>One</x-title><x-text>Two</x-text></x-card>", ["One", "Two"]),
        ("<p><x-card><table><tr><td>One</td></tr></table>Two</x-card></p>", ["One", "Two"]),
        ("<p>By <meta itemprop=name content=Lee>Ann <link rel=x>Lee<title>no</title></p>", ["By Ann Lee"]),
        ("<p>See <map name=m><area href=/a>the map<p>and the story", ["See the map", "and the story"]),
        ("<h2>Start<a href='#start'>¶</a></h2><p>One<a href='#one'>¶</a></p>", ["Start", "One¶"]),
        ("<td>海の<ruby><rb>堤防</rb><rp>（</rp><rt>ていぼう</rt></ruby>は", ["海の堤防は"]),
        ("<td><ruby><rb>堤</rb><rb>防</rb><rtc><rt>てい</rt><rt>ぼう</rt></rtc></ruby>は", ["堤防は"]),
        ("<embed src=a.mid hidden=true><h1>The wall</h1><div><embed src=b.swf>Old<p>On", ["The wall", "Old", "On"]),
        # elements that HTML does not know: words beside text, sections elsewhere
        ("<div>The <x-term>tidal <b>gates</b></x-term> are <x-y>shut</x-y>.</div>", ["The tidal gates are shut."]),
        ("<li>In <st1:place><st1:city>Paris</st1:city>, <st1:x>France</st1:x></st1:place></li>", ["In Paris, France"]),
        ("<td>Read <x-file><x-name>a.txt</x-name></x-file>", ["Read a.txt"]),
        ("<div><x-day>24 February</x-day> in Bremen</div>", ["24 February in Bremen"]),
        ("<div>Duties: <x-list><x-item>One</x-item> <x-item>Two</x-item></x-list></div>", ["Duties:", "One", "Two"]),
        ("<div>News <x-card><p>One</p></x-card></div>", ["News", "One"]),
        ("<div><x-card>One</x-card> <x-card>Two</x-card></div>", ["One", "Two"]),
        ("<nav><a>Mail</a> <x-icon></x-icon> Chat</nav>", ["Mail", "Chat"]),
        (f"<div>Menu <x-menu>{'<a>One</a>' * 30}</x-menu></div>", ["Menu", "One" * 30]),
    ],
    ids=[
        "inline", "tails", "spaces", "unseen", "br", "double-br", "unseen-between", "unseen-beside", "pre",
        "nested-list", "cells", "script", "svg", "only-skipped", "blank", "link", "unknown-in-line",
        "unknown-in-heading", "unknown-blocks", "block-in-unknown", "metadata", "map", "permalink", "ruby-base",
        "ruby-texts", "embed", "unknown-words", "unknown-nested", "unknown-alone", "unknown-first", "unknown-list",
        "unknown-section", "unknown-cards", "unknown-icon", "unknown-many",
    ],
)  # fmt: skip
def test_blocks_are_the_visible_lines_in_reading_order(body, lines):
    assert text_lines(page(body)) == lines


CODE = "def f():\n    if a:\n\n        b()"


@pytest.mark.parametrize(
    ("body", "blocks"),
    [
        ("<pre><div>def f():</div><div>    if a:</div><div></div><div>        b()</div></pre>", [CODE]),
        ("<pre><ol><li>def f():<li>    if a:\n<li><br><li>        <i>b</i>()</ol></pre>", [CODE]),
        ("<pre><code><div>def f():<br></div><div>    if a:<br><br></div><div>        b()</div></code></pre>", [CODE]),
        ("<pre>\ndef f():<br>    if a:\n\n        <b>b</b>()  \n</pre>", [CODE]),
        ("<pre><p>one</p><p> two</p></pre>", ["one", "two"]),
        ("<pre><div>one<div> two</div></div></pre>", ["one", "two"]),
        ("<pre>one<ul></ul></pre>", ["one"]),
        ("<pre><div>one</div>two<div>three</div></pre>", ["one", "two", "three"]),
        ("<pre><table><tr><td><pre>1\n2</pre><td><pre>a\nb</pre></table></pre>", ["1\n2", "a\nb"]),
    ],
    ids=["div", "li", "br in lines", "text", "paragraphs", "boxes", "no lines", "between", "table"],
)
def test_code_is_one_block_with_its_blanks(body, blocks):
    assert_code(body, blocks)


LINES = CODE.split("\n")
LINE = {
    "box": "<div class=ec-line><div class=code><i>{}</i></div></div>",
    "numbered box": "<div><div class=gutter><div class=ln>7</div></div><div>{}</div></div>",
    "item": "<li class=li1>\n<div>{}</div></li>\n",
    "row": "<tr><td></td><td class=code>{}</td></tr>",
    "numbered row": "<tr>\n  <td><div>7</div></td>\n  <td><span>{}</span></td>\n</tr>\n",
    "text": "{}\n",
}
AROUND = {"item": "<ol>\n{}</ol>", "row": "<table>{}</table>", "numbered row": "<table><tbody>\n{}</tbody></table>"}


@pytest.mark.parametrize("button", ["", "<button>Copy<div>all</div></button>"])
@pytest.mark.parametrize("kind", LINE)
def test_lines_of_code_may_stand_in_boxes_with_their_numbers_and_a_button(kind: str, button: str) -> None:
    lines = AROUND.get(kind, "{}").format("".join(map(LINE[kind].format, LINES)))
    assert_code(f"<pre><code>{button}{lines}</code>{button}</pre>", [CODE])


@pytest.mark.parametrize(
    ("body", "blocks"),
    [
        ("<code><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", ["a", "b", "c", "d"]),
        ("<code><table><tr><td>1</td></tr><tr><td>2</td></tr></table>", ["1\n2"]),
        ("<div><div>Copy</div><div>Save</div></div><code>a\nb</code>", ["Copy", "Save", "a\nb"]),
        ("<div>1</div><div>2</div>", ["1\n2"]),
        ("<x-y>a</x-y><div>b</div>", ["a", "b"]),
    ],
    ids=["columns", "figures in cells", "boxes of several", "figures", "unknown"],
)
def test_what_is_no_line_of_code_stays_apart_and_no_figure_of_it_is_lost(body: str, blocks: list[str]) -> None:
    assert_code(f"<pre>{body}</pre>", blocks)


def test_many_boxes_and_blanks_in_code_take_no_long_time() -> None:
    start = time.process_time()
    text_lines(page(f"<pre>{'<div> <i></i>' * 240}a{chr(10) * 200_000}{'</div>' * 240}<div>b</div></pre>"))
    text_lines(page(f"<pre>{'<div><div>a</div></div>' * 5_000}</pre>"))
    assert time.process_time() - start < 5


def assert_code(body: str, blocks: list[str]) -> None:
    found = read_layout(page(f"<div><p> a  b</p>{body}<div>c  d</div></div>")).blocks
    assert [block.text for block in found] == ["a b", *blocks, "c d"]
    code = [block.text for block in found if block.tag == "pre"]
    assert all(isinstance(text, Preformatted) for text in code)
    assert not any(isinstance(block.text, Preformatted) for block in found if block.tag != "pre")


def test_comments_and_instructions_are_no_text():
    root = etree.fromstring(
        "<div>a<!-- no <p>x</p> -->b<?php no ?>c</div>", etree.HTMLParser(remove_comments=False, remove_pis=False)
    )
    assert text_lines(root) == ["abc"]


def test_a_subtree_is_read_without_its_tail():
    root = page("<div><p>one <b>two</b></p>tail</div>")
    paragraph = root.find(".//p")
    assert text_lines(paragraph) == ["one two"]
    assert text_lines(paragraph.find("b")) == ["two"]


def test_a_title_is_no_text_of_the_page_but_has_one():
    root = page("<p>one</p>")
    assert text_lines(root.find(".//title")) == ["T"]
    assert [block.text for block in read_layout(root).blocks] == ["one"]


def test_link_characters_and_links_are_counted_per_block():
    body = "<p>See <a href='/a'>this</a> and <a href='/b'> that </a>.</p><a href='/c'><div>all of it</div></a>"
    block, second = read_layout(page(body)).blocks
    assert (block.link_chars, block.links) == (8, 2)
    assert (second.link_chars, second.links) == (len("all of it"), 1)


def test_inline_elements_are_noted():
    first, second = read_layout(page("<p><b>bold</b> text <img src='x.png'></p><p>plain</p>")).blocks
    assert first.inline == BOLD | IMAGE
    assert second.inline == 0


def test_block_knows_its_element_and_tag():
    root = page("<div><h2>Head</h2><p>Text <em>x</em></p></div>")
    assert [(block.tag, block.element) for block in read_layout(root).blocks] == [
        ("h2", root.find(".//h2")),
        ("p", root.find(".//p")),
    ]


def test_boxes_hold_runs_of_blocks():
    layout = read_layout(page("<div class=a><p>1</p><p>2</p></div><div></div><div class=b><p>3</p>4</div>"))
    held = [
        [block.text for block in layout.blocks[start:end]]
        for start, end in zip(layout.boxes.starts, layout.boxes.ends, strict=True)
    ]
    assert held == [["1", "2", "3", "4"]] * 2 + [["1", "2"], ["1"], ["2"], ["3", "4"], ["3"]]
    assert layout.boxes.depths == [0, 1, 2, 3, 3, 2, 3]


def test_same_tag_and_class_have_the_same_signature():
    layout = read_layout(page("<div class=card>1</div><div class=card>2</div><div class=other>3</div>"))
    first, second, third = (layout.boxes.signatures[block.box] for block in layout.blocks)
    assert first == second != third


def test_noscript_is_read_where_scripts_would_write_the_page():
    story = "<p>" + "The ferry stays, the council said on Monday. " * 10 + "</p>"
    assert len(read_layout(page(f"<p>Loading</p><noscript>{story}</noscript>")).blocks) == 2
    assert len(read_layout(page(f"{story}<noscript><p>Please allow scripts.</p></noscript>")).blocks) == 1


@pytest.mark.parametrize(
    ("shown", "hidden"), [("議会は月曜日、フェリーを残すことに決めた。" * 4, ""), ("The ferry stays. ", "A boat")]
)
def test_noscript_parts_no_line_of_a_short_page(shown, hidden):
    """As pages do that load their pictures late; in Chinese a whole story may be short."""
    body = f"<p>{shown}<img><noscript><img src=a.jpg>{hidden}</noscript>{shown}</p>"
    assert len(read_layout(page(body)).blocks) == 1


def test_the_tree_is_not_changed():
    root = page("<p>a<br>b <i>c</i></p><script>x</script><table><tr><td>d</td></tr></table>")
    before = etree.tostring(root)
    read_layout(root)
    assert etree.tostring(root) == before


def test_deep_nesting_is_read():
    parser = etree.HTMLParser(huge_tree=True)
    root = etree.fromstring("<div>" * 1500 + "deep" + "</div>" * 1500, parser)
    assert text_lines(root) == ["deep"]


_words = st.text("abc ", min_size=1, max_size=8)
_trees = st.recursive(
    _words,
    lambda inner: st.tuples(
        st.sampled_from(["div", "p", "span", "a", "li", "td", "script"]), st.lists(inner, max_size=4)
    ),
    max_leaves=20,
)


def _build(parent: etree._Element, node) -> None:
    if isinstance(node, str):
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + node
        else:
            parent.text = (parent.text or "") + node
        return
    child = etree.SubElement(parent, node[0])
    for inner in node[1]:
        _build(child, inner)


def _visible(element: etree._Element) -> str:
    if element.tag == "script":
        return ""
    return (element.text or "") + "".join(_visible(child) + (child.tail or "") for child in element)


@given(st.lists(_trees, max_size=6))
def test_no_character_is_lost_or_doubled(nodes):
    root = html.Element("body")
    for node in nodes:
        _build(root, node)
    layout = read_layout(root)
    assert "".join("".join(block.text.split()) for block in layout.blocks) == "".join(_visible(root).split())
    boxes = layout.boxes
    for parent, first, end in zip(boxes.parents, boxes.starts, boxes.ends, strict=True):
        assert boxes.starts[parent] <= first < end <= boxes.ends[parent] <= len(layout.blocks)
    for block in layout.blocks:
        assert 0 <= block.link_chars <= len(block.text)


@pytest.mark.parametrize(
    ("inner", "line"),
    [
        ("<ruby>蓮湖<rp>(</rp><rt>れんこ</rt><rp>)</rp></ruby>市", "蓮湖市"),
        ("重新开放了\n  城里的老剧院，\r\n剧院因", "重新开放了城里的老剧院，剧院因"),
        ("城里的<br>\n老\n剧院", "城里的\n老剧院"),
        ("연호시\n극장", "연호시 극장"),
        ("荷湖\nGDP", "荷湖 GDP"),
    ],
)
def test_lines_of_chinese_and_japanese(inner: str, line: str) -> None:
    assert text_lines(html.fromstring(f"<p>{inner}</p>")) == [line]
