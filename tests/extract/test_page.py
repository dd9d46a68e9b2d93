"""Pages as trees: what the parser is given whole, and what it is not given at all."""

from __future__ import annotations

import gc
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from builder.errors import PageError
from builder.extract.metadata import AUTO
from builder.extract.page import ParsedPage, ParseLimits, once_a_page, parse_page
from builder.records import Locator, Page

LIMITS = ParseLimits()
URL = "http://news.example/coast/tide.html"


def page_of(html: str | bytes, **headers: str) -> Page:
    body = html if isinstance(html, bytes) else html.encode()
    return Page(URL, body, Locator("a.warc", 0, 1), headers={k.replace("_", "-"): v for k, v in headers.items()})


def parse(html: str | bytes, **headers: str) -> ParsedPage:
    return parse_page(page_of(html, **headers), LIMITS)


def text_of(parsed: ParsedPage) -> str:
    return "".join(str(text) for text in parsed.root.itertext())


def code_of(html: str | bytes, limits: ParseLimits = LIMITS) -> str:
    with pytest.raises(PageError) as caught:
        parse_page(page_of(html), limits)
    return caught.value.code


# -------------------------------------------------------------------- pages of frames

FRAMES = "<frameset cols='20%,80%'><frame src=a><frameset><frame src=b></frameset>{}</frameset>"
PAGE = "<noframes><BODY bgcolor=x><h1>Wall &amp; sea</h1><a href=/b>On</a></BODY></noframes>"


@pytest.mark.parametrize(
    "html", [FRAMES.format(PAGE), FRAMES.format("") + PAGE, FRAMES.format("<noframes></noframes>" + PAGE)]
)
def test_the_page_for_browsers_without_frames_is_the_body_of_a_page_of_frames(html: str) -> None:
    parsed = parse(f"<html><head><title>T</title></head>{html}</html>")
    assert [block.text for block in parsed.blocks] == ["Wall & sea", "On"]
    assert [link.get("href") for link in parsed.root.iter("a")] == ["/b"]


@pytest.mark.parametrize(
    "html",
    [f"<body>Shown{PAGE}</body>", f"<body>{FRAMES.format(PAGE)}Shown", "<embed><noembed><b>No</b></noembed>Shown"],
)
def test_what_browsers_without_frames_or_plugins_would_show_is_no_text_of_other_pages(html: str) -> None:
    assert [block.text for block in parse(html).blocks] == ["Shown"]


@pytest.mark.parametrize("html", [FRAMES.format(""), FRAMES.format("<noframes> </noframes>")])
def test_a_page_of_frames_may_hold_no_other(html: str) -> None:
    assert parse(html).blocks == []


def test_what_lies_too_deep_in_a_page_of_frames_is_no_page() -> None:
    assert code_of(FRAMES.format(f"<noframes>{'<div>' * 3000}deep")) == "too_deep"


# -------------------------------------------------------------------- what follows the end

HTML_AGAIN = "<html><head><title>B</title></head><body><p>two</p></body></html>"
ENDED_EARLY = {
    # a document: its blocks
    "<html><body><p>one</p></body></html><p>two</p>": ["one", "two"],
    "<html><body><p>one</p></body></html>two": ["one", "two"],
    "<html><body><p>one</p></HTML ><!-- made in 3 ms --><p>two</p>": ["one", "two"],
    f"<html><head><title>A</title></head><body><p>one</p></body></html>\n{HTML_AGAIN}": ["one", "two"],
    f"<html><body><div class=main>{HTML_AGAIN}<p>three</p></div></body></html>": ["two", "three"],
    "<html><head></head></html><body>one<p>two</p></body>": ["one", "two"],
    "</html><p>one</p></html><p>two</p></html>": ["one", "two"],
    "<p>one</p><script>write('</html>')</script></html><p>two</p>": ["one", "two"],
}


@pytest.mark.parametrize("html", ENDED_EARLY)
def test_a_document_that_says_too_early_that_it_ends_goes_on(html: str) -> None:
    parsed = parse(html)
    assert [block.text for block in parsed.blocks] == ENDED_EARLY[html]
    assert [str(element.tag) for element in parsed.root.iter("html", "body")] == ["html", "body"]
    assert parsed.root.getnext() is None


def test_what_follows_an_early_end_stays_where_it_stands_and_the_first_title_counts() -> None:
    parsed = parse(f"<title>A</title><body><div class=main>{HTML_AGAIN}<p>three</p></div>")
    assert [element.tag for element in parsed.blocks[1].element.iterancestors()] == ["div", "body", "html"]
    assert parsed.head.title == "A"


def test_an_end_that_is_taken_out_makes_no_element_that_was_not_looked_at() -> None:
    flood = " ".join(f"a{number}=1" for number in range(200_000))
    parsed = parse(f"<p>one</p></html><p>two</p><d</body>iv {flood}>")
    assert [block.text[:3] for block in parsed.blocks][:2] == ["one", "two"]
    assert max(len(element.attrib) for element in parsed.root.iter()) < 10


PARTS = """
    <html> </html> <head> </head> <body> </body> <div> </div> <table> <td> </table> <ul> <li> </ul> <main> </main>
    <form> </form> <a> </a> <b> </b> <x-y> </x-y> <title>t</title> <h1> </h1> <p> </p> <script>s</script> <br>
"""


@given(st.lists(st.sampled_from(PARTS.split()), max_size=12))
def test_no_word_is_lost_wherever_parts_begin_and_end(tags: list[str]) -> None:
    html = "".join(f"{tag}word{number}." for number, tag in enumerate(tags))
    said = text_of(parse("<p>begun</p>" + html))
    assert [number for number in range(len(tags)) if f"word{number}." not in said] == []


# -------------------------------------------------------------------- limits


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


# ------------------------------------------------------------------- oddities


@pytest.mark.parametrize(
    "html",
    [
        "<?php echo 1 ?>",
        "<!-- only a remark -->",
        "<!doctype html>",
        "<?xml version='1.0'?><!-- a --><!-- b -->",
        "<!---->",
    ],
)
def test_documents_without_an_element(html: str) -> None:
    try:
        assert text_of(parse(html)).strip() == ""
    except PageError as error:
        if error.code != "parse_failed":
            raise


@pytest.mark.parametrize(("html", "code"), [("", "empty"), (" \n", "empty"), (b"%PDF-1.4", "not_html")])
def test_what_is_no_page(html: str | bytes, code: str) -> None:
    assert code_of(html) == code


@pytest.mark.parametrize(
    "html",
    [
        "<html><body><p>High tide", "<p>High tide</p></body", "<p>High tide</p><a hre", "<p>High tide</p><a href='x",
        "<p>High tide</p><!-- cut", "<p>High tide</p><script>if (a", "<p>High tide</p>&am", "<p>High tide</p><",
    ],
)  # fmt: skip
def test_cut_documents_keep_what_came_before(html: str) -> None:
    paragraph = parse(html).root.find(".//p")
    assert paragraph is not None
    assert (paragraph.text or "").startswith("High tide")


@pytest.mark.parametrize(
    "subset",
    [
        '<!DOCTYPE html [<!ENTITY tide "SWOLLEN">]>',
        '<!DOCTYPE html [<!ENTITY a "SWOLLEN SWOLLEN"><!ENTITY tide "&a;&a;&a;&a;">]>',
        '<!DOCTYPE html [<!ENTITY tide SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE html SYSTEM "http://news.example/x.dtd">',
    ],
)
def test_entities_of_the_document_are_never_expanded(subset: str) -> None:
    text = parse(f"{subset}<p>&tide;</p>").root.findtext(".//p") or ""
    assert text == "&tide;"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a &amp; b", "a & b"), ("<p>&euro;5", "€5"), ("<p>&#8364;5", "€5"), ("<p>&#x20AC;5", "€5"),
        ("<p>&nbsp;", "\xa0"), ("<p>AT&T", "AT&T"), ("<p>&bogus;", "&bogus;"),
    ],
)  # fmt: skip
def test_character_references(html: str, text: str) -> None:
    assert parse(html).root.findtext(".//p") == text


def test_remarks_and_instructions_are_no_text() -> None:
    parsed = parse("<p>a<!-- remark -->b<?php echo 1 ?>c</p>")
    assert text_of(parsed) == "abc"


def test_the_charset_of_the_header_decides() -> None:
    body = "<meta charset=utf-8><p>Прилив".encode("koi8-r")
    parsed = parse(body, content_type="text/html; charset=koi8-r")
    assert (text_of(parsed), parsed.decoded.charset) == ("Прилив", "koi8-r")


def test_a_meta_that_lies_does_not_mislead_the_parser() -> None:
    parsed = parse("\ufeff<meta charset=koi8-r><p>Прилив")
    assert text_of(parsed) == "Прилив"


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("", URL),
        ("<base href='/news/'>", "http://news.example/news/"),
        ("<base href=' http://other.example/x '>", "http://other.example/x"),
        ("<base target=_top><base href=one><base href=two>", "http://news.example/coast/one"),
        ("<base href=''>", URL),
        ("<base href='http://[broken'>", URL),
    ],
)
def test_the_base_of_relative_urls(base: str, url: str) -> None:
    assert parse(f"<head>{base}</head><p>x").base_url == url


@settings(max_examples=300)
@given(st.text("<>/!-?&;=\"' abdipstv\n", max_size=120))
def test_any_soup_is_a_tree_or_a_page_error(soup: str) -> None:
    try:
        parsed = parse(soup)
    except PageError as error:
        if error.code not in ("empty", "parse_failed"):
            raise
    else:
        assert parsed.root.tag == "html"


def test_once_a_page_is_once_for_every_page() -> None:
    asked: list[ParsedPage] = []

    @once_a_page
    def count(page: ParsedPage) -> int:
        asked.append(page)
        return len(asked)

    first, second = parse("<p>a"), parse("<p>a")
    assert [count(page) for page in (first, second, first, second)] == [1, 2, 1, 2]
    assert asked == [first, second]


def test_a_tree_goes_with_its_page() -> None:
    """Nothing beside the page holds it, once every field was read; no collection is waited for."""
    gc.collect()
    before = _elements()
    gc.disable()
    try:
        page = parse("<title>Tide</title><h1>Tide</h1><p class=byline>By Ann Lee, 24 February 2022</p><p>High water.")
        assert [next(iter(read(page)), None) for read in AUTO.values()]
        assert _elements() > before
        del page
        assert _elements() == before
    finally:
        gc.enable()


def _elements() -> int:
    return sum(isinstance(held, etree._Element) for held in gc.get_objects())


_LD = '<script type="application/ld+json">{"@type": "%s", "headline": "%s"}</script>'
_MICRO = '<div itemscope itemtype="https://schema.org/%s"><meta itemprop="headline" content="%s"></div>'


@pytest.mark.parametrize("form", [_LD, _MICRO])
@pytest.mark.parametrize(
    ("kind", "headline", "is_story"),
    [
        ("NewsArticle", "The tide is in", True),
        ("BlogPosting", "The  Tide &amp;#105;s in", True),
        ("NewsArticle", "The harbour wall", False),
        ("Article", "The tide is in", False),
        ("DiscussionForumPosting", "The tide is in", False),
    ],
)
def test_a_page_whose_h1_is_the_headline_of_a_declared_story_is_no_list(
    form: str, kind: str, headline: str, is_story: bool
) -> None:
    entries = "".join(f"<li><a href=/threads/{n}>Thread number {n}</a> <i>{n} replies</i></li>" for n in range(40))
    body = f"<h1>The tide is in</h1><ul class=threads>{entries}</ul>"
    page = replace(page_of(form % (kind, headline) + body), url="http://news.example/forum/threads/")
    found = parse_page(page, LIMITS).article
    assert (found.page_type in ("collection", "forum", "listing")) is not is_story
    assert sum(found.types.values()) == pytest.approx(1, abs=1e-4)


NAMED = {
    "a member of a tar": ("file:old%20forum.tar/2022/tide.html", "old forum.tar"),
    "a file of a folder": ("file:forum/threads/2022/tide.html", "forum/threads"),
}


@pytest.mark.parametrize(("url", "dump"), NAMED.values(), ids=NAMED)
def test_what_a_dump_is_called_says_nothing_of_its_pages(url: str, dump: str) -> None:
    entries = "".join(f"<p>The tide came in at the {n}th hour, and the town went down to see it.</p>" for n in range(9))
    html = f"<h1>The tide is in</h1>{entries}"
    found = parse_page(replace(page_of(html), url=url, source=Locator(dump, 0, 1)), LIMITS)
    other = parse_page(replace(page_of(html), url="file:p.zip/2022/tide.html", source=Locator("p.zip", 0, 1)), LIMITS)
    assert found.url_parts.path == "/2022/tide.html"
    assert found.article.types == other.article.types


def test_a_row_without_a_url_has_no_path_and_is_no_front_page() -> None:
    row = parse_page(replace(page_of("<p>x"), url="file:forum.jsonl#4096", source=Locator("forum.jsonl", 0, 1)), LIMITS)
    assert (row.url_parts.path, row.is_front_page) == ("", False)
