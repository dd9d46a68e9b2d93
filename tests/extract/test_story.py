"""The text of a story: what the page shows of it, and what it only states."""

import json
import re

import pytest
from metapages import article, page

from builder.extract.article import Article
from builder.extract.metadata import AUTO
from builder.schema import FIELD_TYPES, Context

STORY = "The parcel had been on the lower deck since spring. Nobody had asked for it until this week, says the crew."
SHOWN = re.findall("<p>(.*?) ?</p>", article())
LONG = [f"On day {number} the crew said: {STORY}" for number in range(9)]
DAYS = "".join(f"<p>{line}</p>" for line in LONG)
TEASER = "<p>The parcel had been on the lower deck since spring.</p>"
DAILY = [f"On day {number} the crew said: {STORY}" for number in range(20)]
OTHER = [f"{number} boats of the other harbour have been painted, and {STORY}" for number in range(5)]
OTHER_LINES = "".join(f"<p>{line}</p>" for line in OTHER)
OFFER = (
    "<div><p>Subscribe to the Tide to read on, and to support the work of the people who write it every day.</p></div>"
)
SHELL = "<article><h1>Ferry crew</h1>{}</article>"
STATED = {
    # articleBody, what the page shows: paragraphs of the text, where they come from
    "a script shows it": (f"{STORY}\n\n {STORY} ", "<div id=app></div>", [STORY, STORY], "jsonld:articleBody"),
    "payment shows it": (f"{STORY}\r\n" * 4, f"<article>{TEASER}</article>", [STORY] * 4, "jsonld:articleBody"),
    "with tags": (f"<p>1 < 2 &amp; <i>{STORY}</i><br>{STORY}", "", [f"1 < 2 & {STORY}", STORY], "jsonld:articleBody"),
    "with styles and comments": (
        f"<style>.a{{color:red}}</style><!-- wp:paragraph --><p>{STORY}</p><template>no</template>",
        "",
        [STORY],
        "jsonld:articleBody",
    ),
    "with boxes": (
        f"<figure><figcaption>One</figcaption></figure><section>{STORY}</section><dl><dt>Two<dd>three</dl>",
        "",
        ["One", STORY, "Two", "three"],
        "jsonld:articleBody",
    ),
    "with code": (
        f"<h2>One</h2>\n{STORY}<pre>a:\n    b()</pre>",
        "",
        ["One", STORY, "a:\n    b()"],
        "jsonld:articleBody",
    ),
    "lines and tags": (f"One\n<a\nhref=x>{STORY}</a>\nTwo", "", ["One", STORY, "Two"], "jsonld:articleBody"),
    "signs of tags": (f"if a<b and c>d, {STORY}", "", [f"if a<b and c>d, {STORY}"], "jsonld:articleBody"),
    "a long beginning": ("\n".join(DAILY), SHELL.format(DAYS), DAILY, "jsonld:articleBody"),
    "a long beginning and an offer": (
        "\n".join(DAILY),
        SHELL.format(OFFER + DAYS + OFFER),
        DAILY,
        "jsonld:articleBody",
    ),
    "a long beginning on one line": (" ".join(DAILY), SHELL.format(DAYS), [" ".join(DAILY)], "jsonld:articleBody"),
    "a long beginning with other words in it": (
        "\n".join(DAILY),
        SHELL.format(DAYS.replace("<p>On day 4 the", "<p>Later the")),
        [line.replace("On day 4 the", "Later the") for line in LONG],
        "article",
    ),
    "a long beginning of another story": (
        "\n".join(DAILY),
        SHELL.format(OTHER_LINES + DAYS),
        [*OTHER, *LONG],
        "article",
    ),
    "with a few words more": ("\n".join([*LONG, STORY]), SHELL.format(DAYS), LONG, "article"),
    "shown": ("\n".join(SHOWN), article().partition("</head>")[2], SHOWN, "article"),
    "a summary": (STORY, article().partition("</head>")[2], SHOWN, "article"),
    "a little more": ("\n".join([*SHOWN, STORY]), article().partition("</head>")[2], SHOWN, "article"),
    "all of it and much more": (
        "\n".join(LONG * 8),
        article(top=DAYS).partition("</head>")[2],
        LONG + SHOWN,
        "article",
    ),
    "empty": (" ", article().partition("</head>")[2], SHOWN, "article"),
}


@pytest.mark.parametrize("case", STATED)
def test_a_text_that_is_only_stated_is_the_text(case: str) -> None:
    stated, body, paragraphs, origin = STATED[case]
    data = json.dumps({"@type": "NewsArticle", "articleBody": stated})
    html = f'<title>Ferry crew</title><script type="application/ld+json">{data}</script>{body}'
    found = next(iter(AUTO["text"](page(html))))
    assert (found.values, found.origin) == (paragraphs, origin)


LISTED = {
    # URLs that stories state: whether the text of the first is that of the page
    "of other pages": (["/news/a", "/news/b"], False),
    "one of this page": (["/news/ferry-crew-returns-with-lost-parcel", "/news/b"], True),
    "another URL of this page": (["/amp/ferry"], True),
    "none": (["", ""], True),
}


@pytest.mark.parametrize(("urls", "is_text"), LISTED.values(), ids=LISTED)
def test_a_text_that_is_stated_for_a_story_of_a_list_is_not_that_of_the_list(urls: list[str], is_text: bool) -> None:
    stories = [{"@type": "BlogPosting", "url": url, "articleBody": f"{STORY}\n" * 9} for url in urls]
    teasers = "".join(f"<article><h2><a href='{url}'>Ferry</a></h2><p>{TEASER}</p></article>" for url in urls)
    html = f'<title>Ferry crew</title><script type="application/ld+json">{json.dumps(stories)}</script>{teasers}'
    found = next(iter(AUTO["text"](page(html))), None)  # of teasers this short the classifier may keep none
    assert (found is not None and found.origin == "jsonld:articleBody") is is_text


HEADED = {
    # what an article shows: the paragraphs of its text
    "h1": ("<h1>Ferry crew</h1><p>A parcel.</p>", ["A parcel."]),
    "twice": ("<h1>Ferry crew</h1><p>A parcel.</p><h1>Ferry crew</h1><p>Ann.</p>", ["A parcel.", "Ann."]),
    "under a day and with words for screen readers": (
        '<p>24</p><h1><i class="sr-only">Article: </i>Ferry crew</h1><p>A parcel.</p>',
        ["24", "A parcel."],
    ),
    "sections": ("<h1>Ferry crew</h1><p>A parcel.</p><h1>Its sender</h1>", ["A parcel.", "Its sender"]),
    "sections under h2": ("<h2>Ferry crew</h2><h1>Its sender</h1><p>Ann.</p>", ["Its sender", "Ann."]),
    "h3": ("<h3>FERRY  crew</h3><p>A parcel.</p><h3>Its sender</h3>", ["A parcel.", "Its sender"]),
    "under the day": ("<p>24 February</p><h2>Ferry crew</h2><p>Ann.</p>", ["24 February", "Ann."]),
    "a line": ("<p><b>Ferry crew</b><br>24 February</p><p>Ann.</p>", ["24 February", "Ann."]),
    "under a paragraph": (f"<p>{STORY}</p><h2>Ferry crew</h2><p>Ann.</p>", [STORY, "Ferry crew", "Ann."]),
    "a section": ("<h1>Ferry crew</h1><p>A list.</p><h2>Ferry crew</h2>", ["A list.", "Ferry crew"]),
    "said above the text": ("<header><h1>Ferry crew</h1></header><p>24</p><h2>Ferry crew</h2>", ["24", "Ferry crew"]),
    "heading above it": ("<header><h2>Ferry crew</h2></header><h1>Its sender</h1><p>Ann.</p>", ["Its sender", "Ann."]),
    "in other words": ("<h1>The crew</h1><p>Ann.</p><h1>Its sender</h1>", ["Ann.", "Its sender"]),
    "not shown": ("<p>A parcel.</p><h1>Its sender</h1>", ["A parcel.", "Its sender"]),
}


@pytest.mark.parametrize("case", HEADED)
def test_only_what_says_the_title_of_an_article_is_left_out_of_its_text(case: str) -> None:
    body, paragraphs = HEADED[case]
    parsed = page(f'<meta property="og:title" content="Ferry crew"><title>Ferry crew</title>{body}')
    blocks = [
        block for block in parsed.layout.blocks if "header" not in body or block.element.getparent().tag == "body"
    ]
    parsed.__dict__["article"] = Article(blocks, "article", {})
    assert next(iter(AUTO["text"](parsed))).values == paragraphs


def test_code_keeps_its_blanks_up_to_the_field() -> None:
    parsed = page(f"<p>{STORY}</p><pre>if a:\n\n    b()</pre>")
    parsed.__dict__["article"] = Article(parsed.layout.blocks, "article", {})
    values = next(iter(AUTO["text"](parsed))).values
    assert FIELD_TYPES["text"].read(values, Context()) == f"{STORY}\n\nif a:\n\n    b()"


@pytest.mark.parametrize(("page_type", "first"), [("article", "A parcel."), ("service", "Ferry crew")])
def test_the_headline_is_left_out_of_the_text_of_articles_alone(page_type: str, first: str) -> None:
    parsed = page("<h1>Ferry crew</h1><p>A parcel.</p>")
    parsed.__dict__["article"] = Article(parsed.layout.blocks, page_type, {})
    assert next(iter(AUTO["text"](parsed))).values[0] == first
