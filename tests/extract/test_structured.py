import html

import pytest
from metapages import LD, article, page

from builder.extract.metadata import AUTO
from builder.extract.structured import lookup, main_object, types_of, unescaped


def test_graphs_are_flattened_and_references_resolved() -> None:
    parsed = page(
        '<script type="application/ld+json">{"@graph":[{"@type":"Person","@id":"#ann","name":"Ann Lee"},'
        '{"@type":"NewsArticle","headline":"Ferry","author":{"@id":"#ann"}}]}</script><p>x</p>'
    )
    assert lookup(parsed.article_object, "author.name") == ["Ann Lee"]
    assert types_of(parsed.article_object) == ["NewsArticle"]


def test_a_reference_keeps_what_it_says_itself_and_gets_the_rest() -> None:
    parsed = page(
        '<script type="application/ld+json">{"@graph":[{"@type":"Person","@id":"#ann","name":"Ann Lee","url":"/ann"},'
        '{"@type":"NewsArticle","author":{"@id":"#ann","name":"A. Lee"}}]}</script><p>x</p>'
    )
    assert parsed.article_object["author"] == {"@type": "Person", "@id": "#ann", "name": "A. Lee", "url": "/ann"}


def test_the_most_article_like_object_describes_the_page() -> None:
    objects = [{"@type": "WebPage", "name": "a"}, {"@type": ["Thing", "NewsArticle"], "name": "b"}]
    assert main_object(objects, "")["name"] == "b"
    assert main_object([], "") == {}


URLS = {
    "its URL": {"url": "https://a.example/ferry"},
    "a slash more": {"url": "https://a.example/ferry/"},
    "another scheme and host": {"@id": "http://www.a.example/ferry#article"},
    "relative": {"url": "/ferry"},
    "the page as a reference": {"mainEntityOfPage": {"@type": "WebPage", "@id": "https://a.example/ferry"}},
    "the page as a text": {"mainEntityOfPage": "https://a.example/ferry"},
    "the canonical URL": {"url": "https://a.example/stories/1"},
}


@pytest.mark.parametrize("said", URLS.values(), ids=URLS)
def test_among_stories_the_one_of_this_page_describes_it(said: dict[str, object]) -> None:
    other = {"@type": "NewsArticle", "name": "other", "url": "https://a.example/other", "@id": "http://["}
    own = {"@type": "NewsArticle", "name": "own", **said}
    assert main_object([other, own], "https://a.example/ferry", "/stories/1")["name"] == "own"


OTHERS = {
    "of a better type": ({"url": "https://a.example/other"}, "own"),
    "by its identifier": ({"@id": "https://a.example/other#article"}, "own"),
    "of a better type, without a URL": ({}, "other"),
    "a fragment": ({"@id": "#article"}, "other"),
}


@pytest.mark.parametrize(("said", "name"), OTHERS.values(), ids=OTHERS)
def test_a_story_of_another_page_does_not_describe_this_one(said: dict[str, object], name: str) -> None:
    other = {"@type": "NewsArticle", "name": "other", **said}
    own = {"@type": "BlogPosting", "name": "own", "url": "https://a.example/ferry"}
    for objects in ([other, own], [own, other]):
        assert main_object(objects, "https://a.example/ferry", "")["name"] == name


def test_it_does_where_a_page_says_no_more_than_its_url() -> None:
    other = {"@type": "NewsArticle", "name": "other", "url": "https://a.example/amp/ferry"}
    own = {"@type": "WebPage", "name": "own", "url": "https://a.example/ferry"}
    assert main_object([own, other], "https://a.example/ferry", "")["name"] == "other"


def test_a_page_without_a_url_is_that_of_no_object() -> None:
    objects = [{"@type": "NewsArticle", "name": "first"}, {"@type": "NewsArticle", "name": "second", "url": "ferry"}]
    assert main_object(objects, "", "")["name"] == "first"


TITLES = ["Ferry crew returns with lost parcel | Harbor Post", "Ferry crew returns with lost parcel"]
PAGE = {"@type": "WebPage", "name": "own", "url": "https://a.example/ferry"}
SAID = {
    "a story of another page": ({"@type": "NewsArticle", "url": "/zebra", "headline": "Zebra escapes"}, False),
    "a story of another site": ({"@type": "Article", "@id": "https://z.example/1", "headline": "Zebra escapes"}, False),
    "an event": ({"@type": "Event", "url": "/fair", "name": "Harbor fair"}, False),
    "an event without a URL": ({"@type": "Event", "name": "Harbor fair"}, False),
    "a film": ({"@type": "VideoObject", "name": "How tides work"}, False),
    "a question": ({"@type": ["Thing", "Question"], "name": "Who owns what is lost?"}, False),
    "a film of the story": ({"@type": "VideoObject", "name": "Lost parcel: ferry crew returns"}, True),
    "a film that says the page": ({"@type": "VideoObject", "name": "How tides work", "url": "/ferry"}, True),
    "a film without a name": ({"@type": "VideoObject"}, True),
    "a story that says no URL": ({"@type": "NewsArticle", "headline": "Crew finds what was lost"}, True),
    "a product of another page": ({"@type": "Product", "name": "Boots", "url": "/boots"}, False),
    "a product that says no URL": ({"@type": "Product", "name": "Boots"}, True),
    "a recipe that says no URL": ({"@type": "Recipe", "name": "Fish soup"}, True),
    "the story at another address": (
        {"@type": "NewsArticle", "url": "https://a.example", "headline": "Ferry crew \u2018returns\u2019 with parcel"},
        True,
    ),
    "the story with a word before it": (
        {"@type": "NewsArticle", "url": "/?p=7", "headline": "Live: Ferry crew returns with lost parcel"},
        True,
    ),
    "a story of another address without a headline": ({"@type": "NewsArticle", "url": "/?p=7"}, True),
}


@pytest.mark.parametrize("beside", [[], [PAGE]], ids=["alone", "beside the page"])
@pytest.mark.parametrize(("item", "is_it"), SAID.values(), ids=SAID)
def test_what_says_neither_the_url_nor_the_title_is_something_else(
    item: dict[str, object], is_it: bool, beside: list[dict[str, object]]
) -> None:
    expected = item if is_it else next(iter(beside), {})
    found = main_object([*beside, item], "https://a.example/ferry", "", titles=lambda: TITLES)
    assert found == expected


def test_where_a_page_has_no_title_any_object_may_be_its_own() -> None:
    film = {"@type": "VideoObject", "name": "How tides work"}
    assert main_object([film], "https://a.example/ferry", titles=list) == film


FIELDS = ["authors", "section", "tags", "description"]


def test_another_story_in_the_head_changes_no_field() -> None:
    other = (
        '{"@type":"NewsArticle","headline":"Zebra escapes","url":"/zebra",'
        '"author":{"name":"Zed Zebra"},"description":"A zebra.","keywords":"zebra","articleSection":"Zoo"}'
    )
    film = '{"@type":"VideoObject","name":"How tides work","description":"A film."}'
    head = '<meta name="description" content="It is back.">'
    parsed = page(article(head + LD.format(other) + LD.format(film)))
    found = {name: [found.values for found in AUTO[name](parsed)][:1] for name in FIELDS}
    assert found == {name: [["It is back."]] if name == "description" else [] for name in FIELDS}


TYPES = ["SatiricalArticle", "HowTo", "CreativeWork", "MedicalWebPage", "QAPage", "PodcastEpisode"]


@pytest.mark.parametrize("kind", TYPES)
def test_what_less_usual_types_say_is_read(kind: str) -> None:
    thing = f'{{"@type":"{kind}","datePublished":"2022-02-24","author":{{"@type":"Person","name":"Ann Lee"}}}}'
    parsed = page(f'<script type="application/ld+json">\ufeff{thing}</script><p>x</p>')
    assert lookup(parsed.article_object, "datePublished") == ["2022-02-24"]


def test_meta_is_read_by_every_name_in_order() -> None:
    parsed = page(
        '<meta NAME="Author" property="x:y" content=" Ann "><meta name="author" content="Bo"><meta name="z" content=""><p>x</p>'  # noqa: E501
    )
    assert parsed.meta == {"author": ["Ann", "Bo"], "x:y": ["Ann"]}


ESCAPED = {
    "/i.jpg?w=5&region=eu&section=5&timestamp=9&lt=3": "/i.jpg?w=5&region=eu&section=5&timestamp=9&lt=3",
    "/i.jpg?w=5&amp;region=eu&amp;copy=2": "/i.jpg?w=5&region=eu&copy=2",
    "/i.jpg?w=5&#38;copy=2&#x26;para=1": "/i.jpg?w=5&copy=2&para=1",
    "B&not C, AT&T &copy 2022": "B&not C, AT&T &copy 2022",
    "B&not C &amp; D": "B&not C & D",
    "Q&A &copyright; &region; &lt;b&gt;": "Q&A &copyright; &region; <b>",
    "Sean&#8217;s &hellip; and that&#821": "Sean’s … and that&#821",
}


@pytest.mark.parametrize(("written", "said"), ESCAPED.items())
def test_only_whole_entities_are_unescaped(written: str, said: str) -> None:
    assert unescaped(written) == said
    assert lookup({"image": written}, "image") == [said]
    assert page(f"<meta name=x content='{html.escape(written)}'><p>x</p>").meta == {"x": [said]}


def test_json_ld_that_was_escaped_twice() -> None:
    assert lookup({"image": "/i.jpg?w=5&amp;amp;copy=2"}, "image") == ["/i.jpg?w=5&copy=2"]


def test_microdata_takes_the_attribute_for_machines() -> None:
    parsed = page('<p itemprop="a b">  two  words </p><time itemprop="a" datetime="2022-02-24">then</time>')
    assert parsed.microdata == {"a": ["two words", "2022-02-24"], "b": ["two words"]}


def test_microdata_gives_one_value_a_block_however_long() -> None:
    paragraphs = [f"Paragraph {number} of the story." for number in range(300)]
    written = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    parsed = page(f"<div itemprop=text>{written}<script>x()</script></div><meta itemprop=b content={'c' * 6000}>")
    assert parsed.microdata == {"text": paragraphs, "b": ["c" * 6000]}


@pytest.mark.parametrize(
    "value",
    ["[" * 600 + '"Low tide"' + "]" * 600, '{"name":' * 600 + '"Low tide"' + "}" * 600],
    ids=["lists", "objects"],
)
def test_what_is_nested_without_end_costs_itself_alone(value: str) -> None:
    html = (
        f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Tide", "author": {value}}}</script>'
    )
    found = page(f"<html><head>{html}</head><body><p>Low tide.</p></body></html>").article_object
    assert (lookup(found, "headline"), lookup(found, "author")) == (["Tide"], [])
