import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from builder.extract.article import Article, chosen, read_article, taken
from builder.extract.blocks import read_layout
from builder.extract.classifier.pagetype import TYPES, Head, read_head, url_features
from builder.extract.declaring import declaring

PARSER = etree.HTMLParser(encoding="utf-8")


def article(page: str, url: str = "https://ledger.example/2022/02/24/a-story-of-the-harbor.html") -> Article:
    root = etree.fromstring(page.encode(), PARSER)
    return read_article(read_layout(root), read_head(declaring(root)), url)


def text(found: Article) -> str:
    return "\n".join(block.text for block in found.blocks)


STORIES = json.loads(Path(__file__).with_name("stories.json").read_text(encoding="utf-8"))
"""A small story by language: menu, headline, paragraphs and footer of its page."""


def story_page(language: str) -> str:
    story = STORIES[language]
    links = "".join(f'<li><a href="/{number}">{entry}</a></li>' for number, entry in enumerate(story["menu"]))
    body = "".join(f"<p>{paragraph}</p>" for paragraph in story["paragraphs"])
    headline, footer = story["headline"], story["footer"]
    return (
        f'<html lang="{language}"><head><title>{headline}</title><meta property="og:type" content="article"></head>'
        f'<body><header><nav class="menu"><ul>{links}</ul></nav></header><div class="page"><h1>{headline}</h1>'
        f'<div class="article-body">{body}</div></div><footer class="footer"><p>{footer}</p></footer></body></html>'
    )


@pytest.mark.parametrize("language", STORIES)
def test_a_story_keeps_its_paragraphs_and_loses_menu_and_footer(language):
    story = STORIES[language]
    paragraphs = story["paragraphs"]
    lines = text(article(story_page(language))).split("\n")
    assert [line for line in lines if line in paragraphs] == paragraphs
    assert not {*story["menu"], story["footer"]} & set(lines)


@pytest.mark.parametrize(
    "label",
    [
        "Advertisement", "ANZEIGE", "Publicidad", "Реклама", "広告", "Advertentie", "Reklama", "Inzerce", "Annons",
        "ΔΙΑΦΗΜΙΣΗ", "Διαφημίσεις", "Reklam", "REKLAM ALANI", "Iklan", "Quảng cáo", "โฆษณา", "বিজ্ঞাপন", "விளம்பரம்",
        "تبلیغات", "פרסומת", "광고", "- Anzeige -", "— Advertisement —", "【广告】", "[広告]", "Реклама:", "（廣告）",
        "La suite après cette publicité", "Continua após a publicidade", "ARTICLE CONTINUES BELOW", "請繼續往下閱讀",
        "スポンサーリンク", "Anuncios", "Werbeanzeigen",
    ],
)  # fmt: skip
def test_the_label_of_an_advertisement_is_no_text(label):
    first, *_ = STORIES["en"]["paragraphs"]
    page = story_page("en").replace(f"<p>{first}</p>", f"<p>{first}</p><p>{label}</p>")
    lines = text(article(page)).split("\n")
    assert first in lines
    assert label not in lines


def test_the_text_is_what_a_reader_sees():
    first, *_ = STORIES["en"]["paragraphs"]
    note = "<p><b>Built:</b><span>2018, by the town</span>, as <q>a bridge for all</q><i class=sr-only>(note)</i>.</p>"
    lines = text(article(story_page("en").replace(f"<p>{first}</p>", f"<p>{first}</p>{note}"))).split("\n")
    assert "Built: 2018, by the town, as “a bridge for all”." in lines


def test_page_type_of_a_story():
    found = article(story_page("en"))
    assert found.page_type == "article"
    assert set(found.types) == set(TYPES)
    assert sum(found.types.values()) == pytest.approx(1, abs=1e-4)


def test_a_page_without_text_has_no_article():
    assert article("<html><body><script>x</script></body></html>") == Article([], None, {})


@pytest.mark.parametrize(
    "message",
    [
        "You need to enable JavaScript to run this app.",
        "We're sorry but Lantern doesn't work properly without JavaScript enabled. Please enable it to continue.",
        "このアプリを実行するにはJavaScriptを有効にする必要があります。",
    ],
)
def test_what_but_asks_for_scripts_is_no_text(message):
    shell = f"<html><body><noscript><p>{message}</p></noscript>{{}}</body></html>"
    assert article(shell.format("<div id=root></div>")) == Article([], None, {})
    assert article(shell.format("<p>The ferry stays.</p>")).page_type is not None
    story = "".join(f"<p>{line}</p>" for line in STORIES["en"]["paragraphs"])
    assert STORIES["en"]["paragraphs"][0] in text(article(f"<html><body><noscript>{story}</noscript></body></html>"))


def test_headings_lists_quotes_code_and_tables_are_kept_in_order():
    paragraphs = STORIES["en"]["paragraphs"]
    parts = [
        f"<p>{paragraphs[0]}</p><p>{paragraphs[1]}</p><h2>What it cost the town in the end</h2><p>{paragraphs[2]}</p>",
        "<ul><li>The arches took most of the money that there was.</li>"
        "<li>The lamps were paid for by the people of the east bank.</li></ul>",
        "<blockquote><p>I have waited for this bridge since I was a boy, said one of the first.</p></blockquote>",
        "<pre><code>for arch in bridge:\n    print(arch.height)\n</code></pre>",
        "<table><tr><th>Year</th><th>Repairs</th></tr><tr><td>2018</td><td>40,000</td></tr></table>",
        f"<p>{paragraphs[3]}</p>",
    ]
    body = f"<article><h1>Bridge</h1>{''.join(parts)}</article>"
    lines = text(article(f"<html><head><title>Bridge</title></head><body>{body}</body></html>"))
    wanted = [
        paragraphs[0],
        "What it cost",
        paragraphs[2],
        "The arches took",
        "The lamps",
        "I have waited",
        paragraphs[3],
    ]
    places = [lines.find(part) for part in wanted]
    assert -1 not in places
    assert places == sorted(places)


def test_the_same_page_gives_the_same_answer():
    assert article(story_page("de"))[1:3] == article(story_page("de"))[1:3]


def test_a_page_of_many_blocks_is_scored():
    rows = "".join(f"<tr><td>{number}</td><td>row number {number} of the register</td></tr>" for number in range(6000))
    assert article(f"<html><body><table>{rows}</table></body></html>").page_type in TYPES


@given(st.lists(st.tuples(st.floats(0, 1, width=32), st.integers(0, 50)), min_size=1, max_size=30))
def test_choice_takes_the_likeliest_blocks(pairs):
    probabilities = np.array([chance for chance, _ in pairs], np.float32)
    keep = chosen(probabilities, np.array([words for _, words in pairs], np.float32))
    assert not any(chance < 0.1 for chance in probabilities[keep])
    assert all(chance < 0.61 for chance in probabilities[~keep])
    if keep.any() and not keep.all():
        assert probabilities[keep].min() >= probabilities[~keep].max()


LONG = "The crew of the ferry found a parcel on the lower deck."


@pytest.mark.parametrize(
    ("texts", "page_type", "expected"),
    [
        ([LONG, "Ferry", LONG.upper(), "Ferry"], "forum", [True, True, False, True]),
        ([LONG, "Ferry", LONG, "Ferry"], "documentation", [True] * 4),
    ],
)
def test_a_long_block_is_taken_once_but_from_documentation(texts, page_type, expected):
    types = np.array([float(name == page_type) for name in TYPES], np.float32)
    assert taken(np.full(4, 0.9, np.float32), np.full(4, 9, np.float32), texts, types) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<title> A\n b </title><meta property="og:type" content="article">', Head("A b", frozenset({"article"}))),
        (
            '<script type="application/ld+json">{"@type": ["Product", "Thing"]}</script>',
            Head("", frozenset({"product"})),
        ),
        ('<meta name="OG:Type" content="article">', Head("", frozenset({"article"}))),
        (
            '<script type="Application/LD+JSON">{"@type": "schema:Product"}</script>',
            Head("", frozenset({"product"})),
        ),
        ('<meta property="og:type" content="unheard-of"><script>"@type": "Product"</script>', Head("", frozenset())),
    ],
    ids=["og", "json-ld", "og-by-name", "json-ld-prefixed", "neither"],
)
def test_head(head, expected):
    root = etree.fromstring(f"<html><head>{head}</head><body>x</body></html>", PARSER)
    assert read_head(declaring(root)) == expected


def test_url_features_of_no_url():
    assert sum(url_features("")) == 1
    assert sum(url_features("https://a.example/forum/viewtopic")) > 2


@pytest.mark.parametrize("more", ["?utm_source=feed&fbclid=x", "#top"])
def test_how_a_reader_came_to_a_page_says_nothing_of_its_type(more):
    own = "https://a.example/news/the-wall"
    assert url_features(own + more) == url_features(own)
    assert url_features(own + "?id=7") != url_features(own)


def test_headings_do_not_say_the_sign_that_links_to_them() -> None:
    paragraphs = STORIES["en"]["paragraphs"]
    sections = "".join(
        f'<section id="s{number}"><h2>Chapter {number}<a href="#s{number}">¶</a></h2><p>{paragraph}</p></section>'
        for number, paragraph in enumerate(paragraphs)
    )
    page = f'<title>The ferry</title><main class="body"><h1>The ferry<a href="#ferry">¶</a></h1>{sections}</main>'
    found = article(page, "https://docs.harbor.example/guide/ferry.html")
    lines = [line for number, paragraph in enumerate(paragraphs) for line in (f"Chapter {number}", paragraph)]
    assert text(found).removeprefix("The ferry\n").split("\n") == lines


@pytest.mark.parametrize(
    "beginning",
    [
        "<!doctype html><title>{title}</title>",
        "<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><link rel=icon href=i.svg>",
        "<html><head><title>{title}</title>",
        "<html><head><title>{title}</title></head><body>",
    ],
)
@pytest.mark.parametrize("tag", ["main", "article", "section", "div", "news-story"])
def test_head_and_body_may_be_left_out(beginning: str, tag: str) -> None:
    """As HTML allows; libxml2 then takes what it does not know, `<main>` too, for a part of the head."""
    story = STORIES["en"]
    paragraphs = "".join(f"<p>{paragraph}" for paragraph in story["paragraphs"])
    page = f"{beginning.format(title=story['headline'])}<{tag}><h1>{story['headline']}</h1>{paragraphs}</{tag}>"
    assert text(article(page)).removeprefix(f"{story['headline']}\n").split("\n") == story["paragraphs"]
