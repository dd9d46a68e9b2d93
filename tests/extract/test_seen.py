"""The text of a block as a reader sees it: what stands on the page, and what the blocks then say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from builder.extract.blocks import read_layout
from builder.extract.layout import VEILED
from builder.extract.seen import as_seen
from builder.records import Preformatted

PARSER = etree.HTMLParser(encoding="utf-8", remove_comments=True)
HIDDEN = "<span class='icon sr-only'>of the ferry</span>"
SEEN = {
    # words that style alone sets apart
    "<p><span>Height</span><span>12 m</span>": ["Height 12 m"],
    "<p><strong>Height:</strong><span>grey</span>": ["Height: grey"],
    "<p><time>6 May 2024</time><span>The lamp</span>": ["6 May 2024 The lamp"],
    "<p>See <a>the old tower</a><a>The new</a>": ["See the old tower The new"],
    "<p><span>The tower</span><svg></svg><span>It is</span>": ["The tower It is"],
    "<p>The tower is old<img>It is high": ["The tower is old It is high"],
    "<p><label>Debian</label><label>Fedora</label>": ["Debian Fedora"],
    "<blockquote><cite>bo wrote:</cite>The lamp": ["bo wrote: The lamp"],
    "<p>It is<b style='display: block'>The tower</b>It is high, <b style='color:red'>Wi</b>Fi": [
        "It is The tower It is high, WiFi"
    ],
    "<p><b>Мир</b><b>Труд</b>": ["Мир Труд"],
    "<p>mp4 as <b>mp</b><b>4</b>": ["mp4 as mp 4"],
    "<p>One<br><b>two</b><b>Three</b><br><br><b>four</b><b>Five</b>": ["One\ntwo Three", "four Five"],
    "<div><b>a</b><b>B</b><p><b>c</b><b>D</b></p><b>e</b><b>F</b></div>": ["a B", "c D", "e F"],
    "<div><x-a>one</x-a><x-a>Two</x-a></div>": ["one", "Two"],
    "<p><x-a>one</x-a><x-a>Two</x-a>": ["one Two"],
    # links side by side
    "<p>On: <a href=1>harbour</a><a href=2>sea walls</a><a href=3><b>old</b></a>": ["On: harbour sea walls old"],
    "<p><span><a href=1>sea</a></span><span><a href=2>walls</a></span>": ["sea walls"],
    "<p><a href=1>الميناء</a><a href=2>السد</a>": ["الميناء السد"],
    "<p><a href=1>con</a><a href=1>tact</a>, <a>wal</a><a href=1>ls</a>": ["contact, walls"],
    "<p><a href=1>sea</a><a href=2>, walls</a> <a href=3>(</a><a href=4>old</a><a href=5>)</a>": ["sea, walls (old)"],
    "<p><a href=1>sea</a>-<a href=2>wall</a> <a href=1>old</a>er <a href=3>on</a><wbr><a href=2>es</a>": [
        "sea-wall older ones"
    ],
    "<p><a href=1>walls</a><sup><a href=2>a</a></sup> <a href=1>海軍</a><a href=2>基地</a>": ["wallsa 海軍基地"],
    "<p><code><a href=1>is</a><a href=2>old</a></code>": ["isold"],
    "<p><a href=1>sea</a><a href=2></a>wall, <a href=1>sea</a><a href=2><img>wall</a>": ["seawall, sea wall"],
    # words that only look so
    "<p>10<b>km</b>, Mc<b>Lean</b>, <b>Wi</b>Fi": ["10km, McLean, WiFi"],
    "<p>On the <b>3</b><b>rd</b>, at <b>10:</b><b>30</b>": ["On the 3rd, at 10:30"],
    "<p>24<sup>th</sup>, H<sub>2</sub>": ["24th, H2"],
    "<p><code><b>is</b><b>Old</b></code>": ["isOld"],
    "<pre><b>is</b><b>Old</b></pre>": ["isOld"],
    "<p><b>Java</b><wbr><b>Script</b>": ["JavaScript"],
    "<p><b>二月</b><b>3</b><b>日</b> <b>ال</b><b>كتاب</b>": ["二月3日 الكتاب"],
    "<h1><span>The old</span><span>Tower</span></h1>": ["The oldTower"],
    # what only screen readers say, and links to edit
    f"<p>The crew {HIDDEN} sings": ["The crew sings"],
    f"<p><a>The crew{HIDDEN}</a>sings{HIDDEN}, again": ["The crew sings, again"],
    f"<p>{HIDDEN}<span>by mason</span>": ["by mason"],
    "<p>See <a>the form<i class=sr-only> (new tab)</i></a>. (The crew <i class=sr-only>sings</i>)": [
        "See the form. (The crew)"
    ],
    f"<p>{HIDDEN}</p><p>Old<p>{HIDDEN} {HIDDEN}</p>": ["Old"],
    f"<h2>The crew</h2><div><a href=#c>{HIDDEN}</a></div>Old": ["The crew", "Old"],
    f"<table><tr><td><i class=icon-check></i>{HIDDEN}</td><td>The crew {HIDDEN}</td></tr></table>": [
        "of the ferry",
        "The crew",
    ],
    f"<p>{HIDDEN}<br><br>sings<br><br>{HIDDEN}": ["sings"],
    "<p>Seen <span class='sr-only sm:not-sr-only'>on screens</span>": ["Seen on screens"],
    "<p>Was <s aria-hidden=true>$12</s><b class=screen-reader-text>It was $12.</b><i>$9</i>": ["Was $12 $9"],
    "<div class=sr-only>Menu</div><p>The crew": ["Menu", "The crew"],
    "<h2>The crew<span class='mw-editsection'>[<a href=/e>edit</a>]</span></h2>": ["The crew"],
    # links of documentation to its parts
    "<figcaption><p>Wall<a class=headerlink href='#w'>¶</a></p></figcaption>": ["Wall"],
    "<table><caption><b>Walls</b><a class=headerlink href='#w'> ¶</a></caption></table>": ["Walls"],
    "<p>A sign: ¶<p>One<a href='#one'>¶</a><p><a class=headerlink>¶</a>": ["A sign: ¶", "One¶", "¶"],
    # quotations
    "<p>She said: <q>We <b>sing</b></q>, and left": ["She said: “We sing”, and left"],
    "<p><q>«We sing»</q> <q>We sing</q>": ["«We sing» “We sing”"],
    "<p>Sung<br><q>We sing</q><br><br><q>We sang</q><q> </q>": ["Sung\n“We sing”", "“We sang”"],
}


@pytest.mark.parametrize("body", SEEN)
def test_what_blocks_say_is_what_a_reader_sees(body: str) -> None:
    blocks = read_layout(etree.fromstring(f"<html><body>{body}</body></html>", PARSER)).blocks
    seen = as_seen(blocks)
    assert [block.text for block in seen] == SEEN[body]
    assert all(isinstance(block.text, Preformatted) == (block.tag == "pre") for block in seen)


_words = st.sampled_from(["a", "B", "12", "é", "字", "ok:", " ", "x y"])
_trees = st.recursive(
    _words,
    lambda inner: st.tuples(
        st.sampled_from(["b", "a", "q", "i class=sr-only", "p", "code", "x-y", "sup"]), st.lists(inner, max_size=4)
    ).map(lambda tree: f"<{tree[0]}>{''.join(tree[1])}</{tree[0].split()[0]}>"),
    max_leaves=15,
)


@given(st.lists(_trees, max_size=5).map("".join))
def test_no_block_that_is_seen_is_lost_and_none_gains_words(body: str) -> None:
    blocks = read_layout(etree.fromstring(f"<html><body><div>{body}</div>.</body></html>", PARSER)).blocks
    rest = iter(as_seen(blocks))
    after = next(rest)
    for before in blocks:
        if before._replace(text="") != after._replace(text="") or not is_made_of(after.text, before.text):
            assert before.inline & VEILED
            continue
        assert after.text == after.text.strip() != ""
        after = next(rest, after)
    assert next(rest, None) is None


def is_made_of(text: str, letters: str) -> bool:
    left = iter("".join(letters.split()))
    return all(letter in left for letter in text if letter not in "“” \n")
