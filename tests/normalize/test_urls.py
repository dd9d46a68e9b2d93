"""URLs in one spelling, and the site that they belong to."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from builder.normalize.urls import (
    _PLAIN,
    URL_LIMIT,
    UrlError,
    _absolute,
    _in_one_spelling,
    canonical_url,
    host_of,
    site_of,
    without_userinfo,
)

HOST = "http://news.example"


@pytest.mark.parametrize(
    ("raw", "url"),
    [
        ("http://news.example", f"{HOST}/"),
        (" \n http://news.example/a \t", f"{HOST}/a"),
        ("HTTP://News.EXAMPLE/Tide", f"{HOST}/Tide"),
        ("http://news.example:80/", f"{HOST}/"),
        ("https://news.example:443/", "https://news.example/"),
        ("https://news.example:80/", "https://news.example:80/"),
        ("http://news.example:8080/", f"{HOST}:8080/"),
        ("http://news.example:/", f"{HOST}/"),
        ("http://news.example./", f"{HOST}/"),
        ("http://me:secret@news.example/", f"{HOST}/"),
        ("http://news.example/a#part", f"{HOST}/a"),
        ("http://news.example/a?", f"{HOST}/a"),
        ("http://news.example/?b=2&a=1", f"{HOST}/?a=1&b=2"),
        ("http://news.example/?a=2&a=1", f"{HOST}/?a=1&a=2"),
        ("http://news.example/?a=&b", f"{HOST}/?a=&b="),
        ("http://news.example/?&&a=1&&", f"{HOST}/?a=1"),
        ("http://news.example/?utm_source=x&UTM_Medium=y&fbclid=1&gclid=2&a=1", f"{HOST}/?a=1"),
        ("http://news.example/?utm_source=x", f"{HOST}/"),
        ("http://news.example/?utm=1&mcx=2&ga=3&id=4", f"{HOST}/?ga=3&id=4&mcx=2&utm=1"),
        ("http://news.example/a;jsessionid=1A2B?x=1", f"{HOST}/a?x=1"),
        ("http://news.example/a;JSESSIONID=1/b", f"{HOST}/a/b"),
        ("http://news.example/a;x=1", f"{HOST}/a;x=1"),
        ("http://news.example/a/./b/../c", f"{HOST}/a/c"),
        ("http://news.example/../../a", f"{HOST}/a"),
        ("http://news.example/a/..", f"{HOST}/"),
        ("http://news.example/a/b/.", f"{HOST}/a/b/"),
        ("http://news.example/a//b", f"{HOST}/a//b"),
        ("http://news.example/...", f"{HOST}/..."),
        ("http://news.example/%7Etide/%c3%a9", f"{HOST}/~tide/%C3%A9"),
        ("http://news.example/%2Fa%3Fb", f"{HOST}/%2Fa%3Fb"),
        ("http://news.example/é?q=雪", f"{HOST}/%C3%A9?q=%E9%9B%AA"),
        ("http://news.example/a b", f"{HOST}/a%20b"),
        ("http://news.example/a\tb\r\nc", f"{HOST}/abc"),
        ("http://news.example/?q=a+b", f"{HOST}/?q=a+b"),
        ("http://Bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://B%C3%BCcher.example/%C3%BC", "http://xn--bcher-kva.example/%C3%BC"),
        ("http://%c3%9Cber.%4Eews.example:80/", "http://xn--ber-goa.news.example/"),
        ("http://10.0.0.1/", "http://10.0.0.1/"),
        ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"),
        (f"{HOST}/".ljust(URL_LIMIT, "x"), f"{HOST}/".ljust(URL_LIMIT, "x")),
        (f"{HOST}/%41".ljust(URL_LIMIT, "x"), f"{HOST}/A".ljust(URL_LIMIT - 2, "x")),
    ],
    ids=lambda text: ascii(text[:40]),
)
def test_canonical_url(raw: str, url: str) -> None:
    assert canonical_url(raw) == url
    assert canonical_url(url) == url


@pytest.mark.parametrize(
    ("raw", "base", "url"),
    [
        ("/a", "http://news.example/b/c", f"{HOST}/a"),
        ("a", "http://news.example/b/c", f"{HOST}/b/a"),
        ("../a", "http://news.example/b/c/d", f"{HOST}/b/a"),
        ("?x=1", "http://news.example/b", f"{HOST}/b?x=1"),
        ("#x", "http://news.example/b", f"{HOST}/b"),
        ("//other.example/a", "https://news.example/", "https://other.example/a"),
        ("http://other.example/a", "http://news.example/", "http://other.example/a"),
        ("http://other.example/a", "file:dump.zip/x.html", "http://other.example/a"),
    ],
)
def test_relative_urls(raw: str, base: str, url: str) -> None:
    assert canonical_url(raw, base) == url


@pytest.mark.parametrize(
    ("raw", "base"),
    [
        ("", ""), ("  ", HOST), ("a", ""), ("/a", "file:dump.zip/x.html"), ("//x.example", ""), ("javascript:void(0)",
        HOST),
        ("mailto:a@news.example", HOST), ("data:text/html,x", HOST), ("ftp://news.example/", ""), ("http:///a", ""),
        ("http://", ""), ("http://[broken/", ""), ("http://news.example:99999/", ""), ("http://news.example:x/", ""),
        ("http://ex ample.org/", ""), ("http://exa<mple/", ""), ("http://a..example/", ""), ("http://%zz.example/", ""),
        ("http://a.example%2Fb/", ""), ("http://me%40a.example/", ""), ("http://%2561.example/", ""),
        ("http://%FF.example/", ""), ("http://a%00.example/", ""), ("http://a.example%3A80/", ""),
        (f"{HOST}/".ljust(URL_LIMIT + 1, "x"), ""), (f"{HOST}/{'é' * 1000}", ""),
        (f"{HOST}/\ud800", ""), ("file:a.html", ""),
    ],
    ids=lambda text: ascii(text[:40]),
)  # fmt: skip
def test_what_is_no_url(raw: str, base: str) -> None:
    with pytest.raises(UrlError) as caught:
        canonical_url(raw, base)
    assert type(caught.value) is UrlError


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://u:pw@h.example/a", "https://h.example/a"), ("HTTPS://pw@h.example", "HTTPS://h.example"),
        (" https://u:pw@h.example/", " https://h.example/"), ("<https://u:pw@h.example/>", "<https://h.example/>"),
        ("//u:pw@h.example/", "//h.example/"), (r"\\u:pw@h.example/", r"\\h.example/"),
        (r"https:\\u:pw@h.example/", r"https:\\h.example/"), ("https:/u:pw@h.example", "https:/h.example"),
        ("https:///u:pw@h.example", "https:///h.example"), ("http:u:pw@h.example", "http:h.example"),
        ("http:/\t/u:\npw@h.example", "http:/\t/h.example"), ("ftp://u:pw@h.example", "ftp://h.example"),
        ("view-source:https://u:pw@h.example/", "view-source:https://h.example/"),
        ("https://u:pw@x@h.example/", "https://h.example/"), ("https://u:pw@[broken/", "https://[broken/"),
        *((same, same) for same in (
            "https://h.example/@me", "https://h.example?a@b", "https://h.example#a@b", "/a@b", "a@b",
            "mailto:a@h.example", "file:a@b.html", "file:/a@b.html", "file:///home/a@b.html",
            "urn:text:a@b", "https://h.example/http://a@b/",
        )),
    ],
    ids=ascii,
)  # fmt: skip
def test_a_user_and_password_are_dropped_as_a_browser_sees_them(url: str, kept: str) -> None:
    assert without_userinfo(url) == kept


@pytest.mark.parametrize("start", ["http:", "https:/", "view-source:", "<", " ", "\\", "/", "a", "a:", "a://"])
def test_no_url_takes_long_to_look_for_a_user_in(start: str) -> None:
    url = start * 200_000 + "/@"
    assert without_userinfo(url) in (url, url.removesuffix("@"))


@pytest.mark.parametrize(
    "rest", ["[x/", "h.example:99999/", "exa\u2100mple.com/", "h.example/\ud800", "", "h.example/" + "x" * URL_LIMIT]
)
@pytest.mark.parametrize("scheme", ["https://", "ftp://", "https:///"])
def test_what_is_said_of_a_wrong_url_tells_no_password(scheme: str, rest: str) -> None:
    with pytest.raises(UrlError) as caught:
        canonical_url(f"{scheme}me:secret@{rest}")
    assert "secret" not in str(caught.value)


PIECES = st.sampled_from(
    [
        "/", "//", "a", "B", "é", "%", "%41", "%2F", "%2e", "%6D", "%3B", "%zz", ".", "..", "./", "../", ";",
        ";jsessionid=1", "?",
        "&", "=", "+", "#", "utm_", "ut%6D_x", "x=1", "fbclid=", " ", "%20", "\\", "'", '"', "<", "@", ":", "[", "|",
        "雪", "%C3%A9",
        "%c3", "~", "!", "*", "(", ",", "$", "\t", "\x00", "%00", "%0A",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map("".join))
@example("?ut%6D_source=x")
@example("/%2e%2e/x")
@example("/a;%6Asessionid=1")
def test_canonical_twice_is_canonical(rest: str) -> None:
    url = canonical_url(f"{HOST}/{rest}")
    assert canonical_url(url) == url
    assert url.isascii()
    assert url.startswith(f"{HOST}/")
    assert not urlsplit(url).fragment


_LABEL = st.text("ab0-_", min_size=1, max_size=4) | st.sampled_from(
    ["xn--", "xn--a", "xn--bcher-kva", "127", "0x7f", "a" * 63]
)
_SEGMENT = st.text("aB1._~-", max_size=4) | st.sampled_from(["", ".", "..", "...", "a.", "~", "-", "a;b", "%41", "é"])


@given(
    st.sampled_from(["http", "https", "HTTP", "ftp"]),
    st.lists(_LABEL, min_size=1, max_size=4).map(".".join),
    st.lists(_SEGMENT, max_size=4).map("/".join),
    st.sampled_from(["", HOST, "https://a.example/b/c?d#e", "file:x"]),
)
@settings(max_examples=500)
def test_what_is_taken_as_it_stands_is_what_the_long_way_gives(scheme: str, host: str, path: str, base: str) -> None:
    url = f"{scheme}://{host}/{path}"
    if _PLAIN.fullmatch(url):
        assert _in_one_spelling(_absolute(url, base), url) == url
    relative = _absolute(f"/{path}", base)
    if _PLAIN.fullmatch(relative):
        assert _in_one_spelling(relative, path) == relative


def test_most_urls_are_taken_as_they_stand() -> None:
    assert _PLAIN.fullmatch("https://www.news.example/2022/02/24/ferry-late_8812.html")
    assert _PLAIN.fullmatch(f"{HOST}/")


@given(st.text(max_size=60), st.sampled_from(["", HOST, "http://a.example/b/c?d#e", "file:x"]))
def test_any_text_is_canonical_or_no_url(raw: str, base: str) -> None:
    try:
        url = canonical_url(raw, base)
    except UrlError:
        return
    assert canonical_url(url) == url
    assert host_of(url)


@given(
    st.lists(st.tuples(st.text("abc", min_size=1, max_size=2), st.text("xyz12", max_size=3)), max_size=6), st.randoms()
)
def test_the_order_of_the_query_means_nothing(pairs: list[tuple[str, str]], random: object) -> None:
    written = [f"{name}={value}" for name, value in pairs]
    shuffled = list(written)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert canonical_url(f"{HOST}/?{'&'.join(written)}") == canonical_url(f"{HOST}/?{'&'.join(shuffled)}")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://News.Example:80/a", "news.example"), ("https://me:pw@news.example/", "news.example"),
        ("news.example/a", ""),
        ("http://news.example./", "news.example"), ("http://[::1]:80/", "::1"), ("file:a.html", ""), ("", ""),
        ("http://Прилив.example/", "xn--b1alalsg.example"), ("http://[broken/", ""),
        ("http://" + "ü" * 70 + ".example/", ""), ("http://st%C3%B6rche.example/", "xn--strche-xxa.example"),
        ("http://a%2Eexample%2e/", "a.example"), ("http://a%2Fb.example/", ""), ("http://%00.example/", ""),
    ],
)  # fmt: skip
def test_host_of(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("news.example.com", "example.com"), ("example.com", "example.com"), ("a.b.c.example.co.uk", "example.co.uk"),
        ("co.uk", "co.uk"), ("com", "com"), ("localhost", "localhost"), ("10.0.0.1", "10.0.0.1"), ("2001:db8::1",
        "2001:db8::1"),
        ("tide.example.com.au", "example.com.au"), ("xn--bcher-kva.de", "xn--bcher-kva.de"), ("", None),
        ("news.unheard-of-tld", "news.unheard-of-tld"),
    ],
)  # fmt: skip
def test_site_of(host: str, site: str | None) -> None:
    assert site_of(host) == site


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=5), min_size=1, max_size=4))
def test_the_site_of_a_site_is_itself(labels: list[str]) -> None:
    host = ".".join([*labels, "com"])
    site = site_of(host)
    assert site is not None
    assert host.endswith(site)
    assert site_of(site) == site
