from metapages import page

from builder.extract.structured import lookup, main_object, types_of


def test_graphs_are_flattened_and_references_resolved() -> None:
    parsed = page(
        '<script type="application/ld+json">{"@graph":[{"@type":"Person","@id":"#ann","name":"Ann Lee"},'
        '{"@type":"NewsArticle","headline":"Ferry","author":{"@id":"#ann"}}]}</script><p>x</p>'
    )
    assert lookup(parsed.article_object, "author.name") == ["Ann Lee"]
    assert types_of(parsed.article_object) == ["NewsArticle"]


def test_the_most_article_like_object_describes_the_page() -> None:
    objects = [{"@type": "WebPage", "name": "a"}, {"@type": ["Thing", "NewsArticle"], "name": "b"}]
    assert main_object(objects, "")["name"] == "b"
    assert main_object([], "") == {}


def test_meta_is_read_by_every_name_in_order() -> None:
    parsed = page(
        '<meta NAME="Author" property="x:y" content=" Ann "><meta name="author" content="Bo"><meta name="z" content=""><p>x</p>'  # noqa: E501
    )
    assert parsed.meta == {"author": ["Ann", "Bo"], "x:y": ["Ann"]}


def test_microdata_takes_the_attribute_for_machines() -> None:
    parsed = page('<p itemprop="a b">  two  words </p><time itemprop="a" datetime="2022-02-24">then</time>')
    assert parsed.microdata == {"a": ["two words", "2022-02-24"], "b": ["two words"]}
