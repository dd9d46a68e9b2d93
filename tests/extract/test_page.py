"""Pages as trees: odd documents, charsets and URLs, and what is known of a page once it is parsed."""

from __future__ import annotations

import gc
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from parsed_pages import LIMITS, URL, code_of, page_of, parse, text_of

from builder.errors import PageError
from builder.extract.metadata import AUTO
from builder.extract.page import ParsedPage, once_a_page, parse_page
from builder.records import Locator


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
    assert code_of(html) == "parse_failed"


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
