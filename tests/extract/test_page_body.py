"""What the body of a page is: of one of frames, and of one that ends too early."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsed_pages import code_of, parse, text_of

from builder.extract.page import ParseLimits

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


# -------------------------------------------------------------------- line breaks


@pytest.mark.parametrize("html", ["<p>Ada Holm</br>Senior editor</p>", "<P>Ada Holm</BR>Senior editor</P>"])
def test_the_end_of_a_line_break_is_one(html: str) -> None:
    assert [block.text for block in parse(html).blocks] == ["Ada Holm\nSenior editor"]


def test_line_breaks_that_are_written_as_ends_count_as_elements() -> None:
    assert code_of("<p>" + "</br>" * 300, ParseLimits(nodes=250)) == "too_many_nodes"


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


# -------------------------------------------------------------------- what stands before the beginning


BEFORE = {
    "a warning": "<br />\n<b>Warning</b>: no $x in <b>index.php</b>",
    "a line": "1f40\r\n",
    "an invisible character": "\u200b",
    "a script": "<script>var page = '<html lang=en>'</script>",
    "a style": "<style>p{}</style>",
    "a link": "<link rel=x>",
    "an element": "<div></div>",
    "a tag of its own": "<html>",
    "a document": "<!doctype html><html><head></head></html>",
    "a comment": "x<!-- <html lang=en><body class=front> -->",
    "another name": "x<htmlx lang=en><bodyguard class=front>",
    "nothing": "",
}


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
def test_what_a_page_says_of_itself_counts_behind_what_makes_it_begin_earlier(before: str) -> None:
    html = "<html data-x=1 lang='de'><head><title>T</title></head><body id=a class='single  post\n'><p>one</p>"
    root = parse(f"{before}{html}").root
    assert root.get("lang") == "de"
    assert root.find("body").get("class").split() == ["single", "post"]
    root = parse(f"{before.upper()}{html.upper().replace('LANG', 'XML:LANG')}").root
    assert (root.get("lang") or root.get("xml:lang")) == "DE"
    assert root.find("body").get("class").split() == ["SINGLE", "POST"]


@pytest.mark.parametrize(
    "html",
    [
        "<html><body><p>one<script>var a = '<html lang=de><body class=b>'</script>",
        "<html><body><p>one<textarea><html lang=de><body class=b></textarea>",
        "<html><body><p>one<!-- <html lang=de><body class=b> -->",
        "x<html lang=d\x01e><body class=\x01b>",
        "x<html lang><body class=''>",
    ],
    ids=["script", "text field", "comment", "control characters", "nothing"],
)
def test_what_is_no_tag_of_the_page_says_nothing_of_it(html: str) -> None:
    root = parse(html).root
    assert (root.get("lang"), root.find("body").get("class")) == (None, None)


def test_a_page_that_begins_many_times_takes_linear_time() -> None:
    began = time.process_time()
    parse(f"x{'<html lang><body class>' * 100_000}")
    assert time.process_time() - began < 4
