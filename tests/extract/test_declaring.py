"""The elements that are found by their tag."""

from lxml import etree
from metapages import page

from builder.extract.declaring import declaring
from builder.extract.page import ParsedPage

HTML = (
    "<head><title>One</title><meta name='a'><base href='/'><script>1</script></head>"
    "<body><svg><title>Two</title></svg><link rel='b'><h1>x</h1><article>3<a>4</a></article></body>"
)


def test_they_are_found_by_tag_in_order_wherever_they_stand() -> None:
    found = declaring(etree.fromstring(HTML, etree.HTMLParser()))
    assert {tag: len(elements) for tag, elements in found.items()} == {
        "title": 2, "meta": 1, "link": 1, "script": 1, "base": 1, "article": 1, "h1": 1, "blockquote": 0, "a": 1,
    }  # fmt: skip
    assert [title.text for title in found["title"]] == ["One", "Two"]


def test_a_page_looks_for_them_once() -> None:
    parsed: ParsedPage = page(HTML)
    assert parsed.declaring is parsed.declaring
    assert parsed.head.title == "One"
