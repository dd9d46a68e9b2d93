"""Where authors are found on a page: stated, marked, beside a date, behind words for by; and where nobody is."""

from __future__ import annotations

import re
import time

import pytest
from metapages import article, found_authors, page

from builder.extract.facts.author.authors import author_candidates, authors
from builder.extract.facts.scan import scan
from builder.extract.facts.storyfeatures import story_features

STATED = {
    "JSON-LD": '<script type="application/ld+json">{"@type":"NewsArticle","author":[{"@type":"Person","name":"Ann Lee"}]}</script>',  # noqa: E501
    "JSON-LD with its organisation": (
        '<script type="application/ld+json">{"@type":"NewsArticle","author":[{"@type":"Person","name":"Ann Lee"},'
        '{"@type":"Organization","name":"Harbor Post"}]}</script>'
    ),
    "meta": '<meta name="author" content="Ann Lee">',
}


@pytest.mark.parametrize("head", STATED.values(), ids=STATED)
def test_a_stated_author_is_found(head: str) -> None:
    assert found_authors(article(head)) == ["Ann Lee"]


UNMARKED = {
    "a link to the author's page beside a date": '<p><a href="/authors/ann-lee">Ann Lee</a> 24 February 2022</p>',
    "behind a date": "<p>24 February 2022 | Ann Lee</p>",
    "in the line before a date": "<p>Ann Lee</p><p>24 February 2022</p>",
    "said beside the headline": "<p>By Ann Lee</p>",
}


@pytest.mark.parametrize("line", UNMARKED.values(), ids=UNMARKED)
def test_a_byline_that_no_class_marks_is_found(line: str) -> None:
    assert found_authors(article(top=line)) == ["Ann Lee"]


@pytest.mark.parametrize("name", ["Άννα Λέκκα", "Łucja Żak", "Іван Гай", "İlker Şen", "Eva Řehoř"])
def test_a_name_beside_a_date_begins_with_the_capitals_of_many_languages(name: str) -> None:
    origins = {item.origin for item in author_candidates(page(article(top=f"<p>24 February 2022 | {name}</p>")))}
    assert origins == {"text"}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("김하늘 기자", "김하늘"),
        ("森あかり 記者", "森あかり"),
        ("記者 王小明", "王小明"),
        ("记者 王小明", "王小明"),
        ("金文 太郎", "金文 太郎"),
        ("\u200fליאת גל\u200f", "ליאת גל"),
    ],
)
def test_a_title_beside_a_name_in_jsonld_is_cut(said: str, name: str) -> None:
    author = f'{{"@type":"NewsArticle","author":{{"@type":"Person","name":"{said}"}}}}'
    assert found_authors(article(f'<script type="application/ld+json">{author}</script>')) == [name]


@pytest.mark.parametrize(
    ("byline", "feature"),
    [
        ("森あかり", "words:2"),
        ("王小明", "words:2"),
        ("欧阳晓明", "words:2"),
        ("ジョン・スミス", "words:2"),
        ("김하늘", "words:2"),
        ("港口网", "words:1"),
        ("港口日报", "words:1"),
        ("港町新聞", "words:1"),
        ("항구일보", "words:1"),
        ("온라인팀", "words:1"),
        ("Hal", "words:1"),
    ],
)
def test_a_name_in_letters_without_spaces_counts_as_a_full_one(byline: str, feature: str) -> None:
    [item] = author_candidates(page(article(top=f'<p class="author">{byline}</p>')))
    assert {found for found in item.features if found.startswith("words:")} == {feature}


@pytest.mark.parametrize(
    ("name", "features"),
    [
        ("Ann Lee", {"words:2"}),
        ("Marieke van den Berg", {"words:2", "long"}),
        ("Jan-Willem van ’t Hoff", {"words:2", "long"}),
        ("Maria do Carmo Silva", {"words:3", "long"}),
        ("María José García López", {"words:3", "long"}),
        ("Nguyễn Thị Thu Hà", {"words:3", "long"}),
        ("محمد عبد الرحمن بن صالح", {"words:3", "long"}),
        ("van den Berg", {"words:3", "lower:some"}),
        ("Ann Lee from the ferry", {"words:4+", "long", "lower:some"}),
        ("Ann May Bea Cy Lee", {"words:4+", "long"}),
    ],
)
def test_particles_and_a_fourth_word_are_part_of_a_full_name(name: str, features: set[str]) -> None:
    [item] = author_candidates(page(article(top=f'<p class="author">{name}</p>')))
    assert {found for found in item.features if found.startswith(("words:", "lower:", "long"))} == features


@pytest.mark.parametrize(
    "line",
    [
        "Door Marieke van den Berg",
        "Por Maria do Carmo Silva",
        "Por María José García López",
        "Tác giả: Nguyễn Thị Thu Hà",
        "By Mary Anne van der Berg",
    ],
)
def test_a_long_name_that_words_for_by_alone_mark_is_found(line: str) -> None:
    html = article(top=f"<p>{line}</p>").replace('<meta property="og:type" content="article">', "")
    assert found_authors(html) == [re.split(r": |Door |Por |By ", line)[1]]


def test_a_link_to_where_a_site_tells_of_its_authors_may_be_a_byline() -> None:
    html = article(top='<p><a href="/authors/ann-lee">Ann Lee</a> and <a href="/harbors/bo">Bo Ruiz</a></p>')
    assert [(item.names, item.origin) for item in author_candidates(page(html))] == [(("Ann Lee",), "href")]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Written by Ann Lee", [("Ann Lee",)]),
        ("Autorin: Ann Lee", [("Ann Lee",)]),
        ("Haber: Ann Lee", [("Ann Lee",)]),
        ("By Associated Press", []),
        ("Par Ann Lee<br>Publié le 24/02/2022", [("Ann Lee",)]),
        ("<span>By Ann Lee</span><span>Published</span>", [("Ann Lee",)]),
        ("By the harbor", []),
        ("Ann Lee", []),
    ],
    ids=["en", "de", "tr", "an agency", "above another line", "beside another element", "no name", "no word for by"],
)
def test_a_line_anywhere_may_say_by_whom(line: str, names: list[tuple[str, ...]]) -> None:
    html = article().replace("</article>", f"<p>{line}</p></article>")
    assert line in html
    assert [item.names for item in author_candidates(page(html)) if "told" in item.features] == names


def test_a_name_beside_a_date_may_stand_before_the_headline() -> None:
    html = article().replace("<h1", "<p>Ann Lee</p><p>24 February 2022</p><h1")
    assert [item.names for item in author_candidates(page(html)) if "dated:before" in item.features] == [("Ann Lee",)]


NO_NAMES = [
    "Last Updated | 24 February 2022 | Senior Reporter",
    "ANI | Washington Heights | Updated: 24-02-2022 03:37 IST | Created: 24-02-2022 03:37 IST",
    "Source: PTI | Model Town | February 24, 2022",
    "Reuters, Model Town — Feb 24, 2022",
    "24 February 2022 | Model Town | AFP",
    "Harbor | Model Town | 24 February 2022",
    "New Delhi | 24 February 2022",
    "24 February 2022, Rio de Janeiro",
    "Нижний Новгород, 24.02.2022",
    "Giriş Tarihi: 24.02.2022 03:37",
    "Giriş Tarihi 24.02.2022 03:37",
    "Son Güncelleme 24.02.2022 03:37",
    "Letzte Aktualisierung | 24.02.2022",
    "Ultimo Aggiornamento 24.02.2022",
    "Indian Summer: 24 February 2022",
]


@pytest.mark.parametrize("line", NO_NAMES)
def test_what_stands_beside_a_date_may_be_no_name(line: str) -> None:
    assert author_candidates(page(article(top=f"<p>{line}</p>"))) == []


DATED = {
    "Ann Lee | 24 February 2022": ["Ann Lee"],
    "Ann Lee, 24.02.2022 03:37, 3 min read": ["Ann Lee"],
    "Laura Osborne | Updated: 24-02-2022 03:37": ["Laura Osborne"],
    "24 February 2022, 03:37 | Ann Lee": ["Ann Lee"],
    "Harbor | By Ann Lee | 24 February 2022": ["Ann Lee"],
    "ANI | By Ann Lee | Washington Heights | 24 February 2022": ["Ann Lee"],
    "Ann Lee | Harbor Life | 24 February 2022": ["Ann Lee"],
}


@pytest.mark.parametrize("line", DATED)
def test_a_name_stands_at_an_end_of_a_dated_line_or_behind_words_for_by(line: str) -> None:
    names = [item.names for item in author_candidates(page(article(top=f"<p>{line}</p>"))) if "dated" in item.features]
    assert [name for found in names for name in found] == DATED[line]


@pytest.mark.parametrize("name", ["no-comments", "comments-open", "production", "single-post category-news archive"])
def test_a_body_whose_class_names_something_else_is_no_comment_and_no_shop(name: str) -> None:
    html = '<h1>Ferry crew returns</h1><p class="author">By Ann Lee</p><p>The crew came home.</p>'
    body, plain = (page(f"<html><body{said}>{html}</body></html>") for said in (f' class="{name}"', ""))
    assert [item.names for item in author_candidates(body)] == [item.names for item in author_candidates(plain)]
    assert "body:page" not in story_features(body)


@pytest.mark.parametrize("name", ["home", "archive category-news", "single-product", "page-id-7", "x-category-view"])
def test_a_body_whose_class_names_a_shop_or_a_list(name: str) -> None:
    html = f'<html><body class="{name}"><p>The crew came home.</p></body></html>'
    assert "body:page" in story_features(page(html))


ABSTAIN = {
    "nobody is named": article(),
    "a comment's author": article(top='<div class="comments"><p class="comment-author">Cy Ng</p><p>Nice.</p></div>'),
    "an address as author": article('<meta name="author" content="https://facebook.example/harborpost">'),
}


@pytest.mark.parametrize("html", ABSTAIN.values(), ids=ABSTAIN)
def test_no_author_where_the_page_names_none(html: str) -> None:
    assert found_authors(html) == []


@pytest.mark.parametrize(
    "html",
    [
        f'<meta name="author" content="{"Ann Lee and " * 9000}"><h1>x</h1>',
        '<p class="author">By Ann Lee</p>' * 10_000,
        f'<p class="byline">{"by " * 40_000}</p>',
    ],
    ids=["long meta", "many bylines", "endless by"],
)
def test_hostile_bylines_take_bounded_time(html: str) -> None:
    parsed = page(html)
    start = time.process_time()
    list(authors(parsed))
    assert time.process_time() - start < 2


SAID_IN_JSON = {
    "a text": ('"Ann Lee"', ["Ann Lee"]),
    "texts": ('["Ann Lee", "Bo Ruiz"]', ["Ann Lee", "Bo Ruiz"]),
    "a reference with a name": ('{"name": "Ann Lee", "@id": "#ann"}', ["Ann Lee"]),
    "a person who is an organisation": ('{"@type": ["Person", "Organization"], "name": "Ann Lee"}', ["Ann Lee"]),
    "a name like an interface": ('{"@type": "Person", "name": "Jonathan V. Last"}', ["Jonathan V. Last"]),
    "a name like a byline": ('{"@type": "Person", "name": "Par Lagerkvist"}', ["Par Lagerkvist"]),
    "escaped twice": ('{"@type": "Person", "name": "Se&amp;aacute;n Lee"}', ["Seán Lee"]),
    "the newsroom": ('"Harbor Post"', []),
    "an account": ('"admin7"', []),
}


@pytest.mark.parametrize(("author", "names"), SAID_IN_JSON.values(), ids=SAID_IN_JSON)
def test_an_author_that_only_json_ld_states(author: str, names: list[str]) -> None:
    story = f'{{"@type": "NewsArticle", "headline": "Ferry", "author": {author}}}'
    graph = f'{{"@graph": [{story}, {{"@type": "Person", "@id": "#ann", "url": "/ann"}}]}}'
    assert found_authors(article(f'<script type="application/ld+json">{graph}</script>')) == names


NO_BYLINES = {
    "a heading": "<h2>Von Berlin nach Paris</h2>",
    "a slogan": "<h2>By Popular Demand</h2>",
    "a poem": "<blockquote>By William Blake</blockquote>",
}


@pytest.mark.parametrize("piece", NO_BYLINES.values(), ids=NO_BYLINES)
def test_what_begins_like_a_byline_and_is_none(piece: str) -> None:
    html = article().replace("</article>", f"{piece}<p>The crew of the ferry went on with its work.</p></article>")
    assert found_authors(html) == []


def test_by_behind_a_date() -> None:
    assert found_authors(article(top="<p>24 Feb 2022 by Ann Lee</p>")) == ["Ann Lee"]


PERSON = '<span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">{}</span></span>'
BOXES = {
    "one box": "{} {} {}",
    "a box each": "<div>{}</div><div>{}</div><div>{}</div>",
    "a list": "<ul><li>{}<li>{}<li>{}</ul>",
}


@pytest.mark.parametrize("boxes", BOXES.values(), ids=BOXES)
def test_microdata_names_all_authors_of_an_item(boxes: str) -> None:
    names = ["Ann Lee", "Bo Ruiz", "Carla de la Vega"]
    html = article(top=f"<div>{boxes.format(*map(PERSON.format, names))}</div><p>24 February 2022</p>").replace(
        "<article>", '<article itemscope itemtype="https://schema.org/NewsArticle">'
    )
    comment = f'<div itemprop="comment" itemscope><p>{PERSON.format("Cy Ng")}</p><p>Well done, all of you.</p></div>'
    assert found_authors(html.replace("</article>", f"{comment}</article>")) == names


@pytest.mark.parametrize("box", ["p", "b", "div"])
@pytest.mark.parametrize("link", ["{}", '<a href="/x">{}</a>'], ids=["plain", "linked"])
def test_by_and_several_names_in_elements_of_their_own(box: str, link: str) -> None:
    names = ["Ann Lee", "Bo Ruiz", "Carla de la Vega", "Dan Ode"]
    first, second, third, last = map(link.format, names)
    html = article(top=f"<{box}>By {first}, {second}, {third} and {last}</{box}><br><i>24 February 2022</i>")
    assert found_authors(html) == names


SILENT = {
    "style": '<style data-emotion="css 1x">.css-1x{color:#111}</style>',
    "script": "<script>window.by=1</script>",
    "svg": '<svg viewBox="0 0 9 9"><title>Author icon</title><path d="M0"/></svg>',
}
BESIDE_SILENT = [
    '<div class="author">{0}<p>Ann Lee</p>{0}<p>Senior Reporter</p></div>',
    '<div class="author">{0}<div>Ann Lee</div>{0}<div>Editor</div></div>',
    "<div><span>{0} By <b>Ann Lee</b></span></div>",
    "<div>By {0}Ann Lee</div>",
    "<p>By {0}<b>Ann Lee</b></p>",
    "<div>{0}<span>By</span> {0}<span>Ann Lee</span></div>",
    "<p class='author'>{0}Ann Lee</p>",
]


@pytest.mark.parametrize("silent", SILENT.values(), ids=SILENT)
@pytest.mark.parametrize("byline", BESIDE_SILENT)
def test_what_is_said_to_nobody_is_no_name_and_hides_none(byline: str, silent: str) -> None:
    assert found_authors(article(top=byline.format(silent))) == ["Ann Lee"]


@pytest.mark.parametrize("silent", SILENT.values(), ids=SILENT)
def test_the_texts_after_a_headline_go_on_behind_what_is_said_to_nobody(silent: str) -> None:
    parsed = page(f"<div><h1>Ferry</h1><p><span>{silent} By <b>Ann</b></span>{silent}Hull</p></div>")
    assert scan(parsed).texts_after(parsed.root.find(".//h1")) == ("By", "Ann", "Hull")
