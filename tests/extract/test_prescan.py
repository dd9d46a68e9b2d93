"""Elements with too many attributes are seen before the parser spends minutes on them; nothing else is refused."""

from __future__ import annotations

import time
import tracemalloc
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import PageError
from builder.extract.prescan import _RAW_TEXT, _bound, _most, _outside_scripts, _RawText, check_attributes

LIMIT = 2000
AROUND = b"<html><body><p>Low tide.</p>" * 50


def many(count: int, write: str = ' a{}="1"') -> bytes:
    return b"<p" + "".join(write.format(number) for number in range(count)).encode() + b">"


BAD = {
    "bare": " a{}", "value": " a{}=1", "double quotes": ' a{}="x y"', "single quotes": " a{}='x y'",
    "no blank between": 'a{}="1"', "line feeds": "\na{}=1", "blanks around =": ' a{} = "1"',
    "slashes": "/a{}", "< in the name": " a{}<", "equal names": " a=1 b{}",
    "> in double quotes": ' a{}=">"', "> in single quotes": " a{} = '>'", "a tag in quotes": ' a{}="<b>"',
    "stray quotes": ' a{0}" b{0}=">"', "> and text": ' a{0}="> x" b{0}',
}  # fmt: skip


@pytest.mark.parametrize("write", BAD.values(), ids=BAD)
@pytest.mark.parametrize("count", [32_000, 100_000])
def test_too_many_attributes_are_refused_quickly(write: str, count: int) -> None:
    html = AROUND + many(count, write) + AROUND
    began = time.process_time()
    with pytest.raises(PageError) as caught:
        check_attributes(html, LIMIT)
    assert caught.value.code == "too_many_attributes"
    assert time.process_time() - began < 1  # of the processor; the parser takes minutes


HIDING = {
    "after an open comment in a value": b'<p t="<!--"' + many(32_000)[2:],
    "after an open script in a value": b'<p t="<script"' + many(32_000)[2:] + AROUND,
    "never closed": AROUND + many(32_000)[:-1],
    "in a later element": AROUND + many(10) + many(32_000),
    "at the very end": many(LIMIT + 1),
    "after a script": b"<script>" + b"x" * 10_000 + b"</script>" + many(32_000),
}


@pytest.mark.parametrize("html", HIDING.values(), ids=HIDING)
def test_wherever_it_stands(html: bytes) -> None:
    with pytest.raises(PageError):
        check_attributes(html, LIMIT)


@pytest.mark.parametrize("write", [" a{}", " a{}=1", ' a{}="x y"', " a{}='x = y'"])
@pytest.mark.parametrize("limit", [1, 5, 100, LIMIT])
def test_the_limit_is_exact(write: str, limit: int) -> None:
    padding = b"<i>tide</i>" * 1000
    check_attributes(padding + many(limit, write) + padding, limit)
    if limit >= 16:  # a tag so short costs nothing, whatever the limit
        with pytest.raises(PageError):
            check_attributes(padding + many(2 * limit, write) + padding, limit)


GOOD = {
    "data URI": b'<img src="data:image/png;base64,' + b"QUJD" * 50_000 + b'">',
    "data URI with blanks": b'<img src="data:image/svg+xml, ' + b"M 1 2 L 3 4 " * 10_000 + b'">',
    "path in single quotes": b"<path d='" + b"M 1 2 " * 10_000 + b"'>",
    "quoted > and blanks": b'<div data-x="' + b"a > b " * 10_000 + b'">',
    "srcset": b'<img srcset="' + b"/tide.jpg 100w, " * 5_000 + b'" alt="tide">',
    "long script": b"<script>" + b"if (a < b) { c = 'd e f' } " * 5_000 + b"</script>",
    "script with tags": b"<script>x = '<p " + b"a b " * 5_000 + b"'</script>",
    "JSON": b'<script type="application/json">{' + b'"a b": 1, ' * 10_000 + b"}</script>",
    "style": b"<style>p {" + b"color : red ; " * 5_000 + b"}</style>",
    "comment": b"<!-- <p " + b"a b c " * 5_000 + b"-->",
    "long text": b"<p>" + b"words and words " * 10_000 + b"</p>",
    "an < in text": b"<p>1 < 2 and " + b"words and words " * 10_000 + b"</p>",
    "textarea": b"<textarea><p " + b"a b " * 5_000 + b"</textarea>",
    "1,999 attributes": many(1999),
    "no tag at all": b"x " * 100_000,
    "empty": b"",
}


@pytest.mark.parametrize("html", GOOD.values(), ids=GOOD)
def test_what_is_not_refused(html: bytes) -> None:
    check_attributes(AROUND + html + AROUND, LIMIT)
    check_attributes(html, LIMIT)


@given(
    st.lists(
        st.sampled_from([b"<p ", b"a", b"=", b'"', b"'", b">", b" ", b"<!--", b"-->", b"<script>", b"/"]), max_size=80
    )
)
def test_few_attributes_are_never_refused(pieces: list[bytes]) -> None:
    check_attributes(b"".join(pieces) * 30, 80 * 30)


@pytest.mark.parametrize("unit", [b"<", b"<p ", b'"', b"<!--", b"<script", b"<p '", b'<p "<!--', b"</", b"<a<a '"])
def test_no_input_takes_long(unit: bytes) -> None:
    html = unit * (200_000 // len(unit))
    began = time.process_time()
    try:
        check_attributes(html, LIMIT)
    except PageError as error:
        if error.code != "too_many_attributes":
            raise
    assert time.process_time() - began < 2


def test_a_page_is_not_read_again_for_every_long_stretch() -> None:
    html = b"<textarea>" + (b"<a " + b"w " * 2_100 + b">") * 1_500 + b"</textarea>"
    began = time.process_time()
    check_attributes(html, LIMIT)
    assert time.process_time() - began < 4


@given(
    st.lists(st.sampled_from([*chain(*_RAW_TEXT), b"<STYLE", b"ab", b"<", b"-"]), max_size=20),
    st.sets(st.integers(0, 120)),
)
def test_what_is_raw_text_is_found_in_one_reading(pieces: list[bytes], places: set[int]) -> None:
    """A place is inside where something that was opened before it was not closed since."""
    html, raw = b"".join(pieces), _RawText(b"".join(pieces))
    for place in sorted(place for place in places if place <= len(html)):
        before = html[:place].lower()
        assert raw.holds(place) == any(before.rfind(start) > before.rfind(end) for start, end in _RAW_TEXT)


_scripts = st.lists(
    st.sampled_from([b"<script", b"</script", b"<script>", b"</script>", b"text ", b"<p>", b"/"]), max_size=20
)


@given(_scripts.map(b"".join), st.sets(st.integers(0, 120)))
def test_places_outside_of_scripts_are_found_in_one_reading(html, places):
    """A place is inside where the last script that was opened before it was not closed since."""
    within = sorted(place for place in places if place <= len(html))
    wanted = [
        place for place in within if html.rfind(b"<script", 0, place + 6) <= html.rfind(b"</script", 0, place + 7)
    ]
    assert list(_outside_scripts(html, within)) == wanted


@given(st.text(" \t\n\r\x0b\x0c/\"'ab=é", max_size=200).map(str.encode))
def test_the_cheap_bound_is_never_below_the_dear_one(html):
    assert _bound(html) >= _most(html)


def test_a_tag_that_never_ends_costs_no_memory() -> None:
    html = b"<p " + b"x" * 3_000_000
    tracemalloc.start()
    try:
        check_attributes(html, LIMIT)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10 * len(html)
