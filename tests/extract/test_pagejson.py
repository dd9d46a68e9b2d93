import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from metapages import page

from builder.extract.pagejson import read_json

READ = {
    "plain": '{"a": 1}',
    "comment": '<!-- {"a": 1} -->',
    "cdata": '//<![CDATA[\n{"a": 1}\n//]]>',
    "trailing comma": '{"a": 1,}',
    "semicolon": '{"a": 1};',
    "remark to the end of the line": '{\n// "b": 2,\n"a": 1 // for now\n}',
    "remark in between": '{"a": /* of three */ 1}',
    "comma before a remark": '{"a": 1, // last\n}',
    "one brace too many": '{"a": 1}}',
    "more than JSON behind it": '{"a": 1} var b = 2',
}


@pytest.mark.parametrize("text", READ.values(), ids=READ)
def test_json_as_pages_hold_it(text: str) -> None:
    assert read_json(text) == {"a": 1}


@pytest.mark.parametrize("between", ["", "\n", ",", " ;\n"])
def test_values_one_after_the_other(between: str) -> None:
    assert read_json(f'{{"a": 1}}{between}{{"b": [2, ],}}') == [{"a": 1}, {"b": [2]}]


def test_remarks_and_commas_in_a_text_are_its_own() -> None:
    assert read_json('{"a": "http://x.example/ /* , ] \\" ,}", "b": [1,],}') == {
        "a": 'http://x.example/ /* , ] " ,}',
        "b": [1],
    }


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "x" * (2 * 2**20 + 1)], ids=["empty", "open", "deep", "long"])
def test_json_that_cannot_be_read(text: str) -> None:
    assert read_json(text) is None


BROKEN = """{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Ferry crew returns",
"description": "The <a href="/crew">crew</a> is back", "publisher": {"@type": "Organization", "name": "Harbor Post"},
"author": %s, "datePublished": "2022-02-24T06:30:00Z", "dateModified": "2022-02-25"}"""


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ('{"@type": "Person", "name": "Ann Lee"}', "Ann Lee"),
        ('[{"@type": "Person", "name": "Ann Lee"}, {"name": "Bo"}]', "Ann Lee"),
        ('"Ann Lee"', "Ann Lee"),
        ("null", None),
    ],
)
def test_what_matters_of_a_broken_script(author: str, name: str | None) -> None:
    expected: dict[str, Any] = {
        "@type": "NewsArticle",
        "headline": "Ferry crew returns",
        "datePublished": "2022-02-24T06:30:00Z",
        "dateModified": "2022-02-25",
    }
    assert read_json(BROKEN % author) == expected | ({"author": name} if name else {})


def test_a_broken_script_of_a_shop_says_nothing() -> None:
    assert read_json(BROKEN.replace("NewsArticle", "Product") % "null") is None


def test_a_broken_script_describes_its_page() -> None:
    html = f'<script type="application/ld+json">{BROKEN % "null"}</script><p>x</p>'
    assert page(html).article_object["headline"] == "Ferry crew returns"


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_any_json_is_read_as_it_is(value: Any) -> None:
    assert read_json(f" {json.dumps([value])} ") == [value]


HOSTILE = {
    "open strings": '"\\' * 500_000,
    "open remarks": "/*" * 500_000,
    "slashes": "{" + "/" * 1_000_000,
    "commas": "{" + "," * 1_000_000,
    "blanks after commas": "[1" + ", " * 500_000,
    "keys": '{"headline" : ' * 100_000,
    "authors": '"author":{"name"' * 60_000,
    "values": "1 " * 500_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_scripts_take_bounded_time(text: str) -> None:
    began = time.process_time()
    read_json(text)
    assert time.process_time() - began < 4
