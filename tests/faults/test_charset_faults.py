"""H09 to H14, H16, H19 and H20: bytes in other charsets than they say, and text, URLs and dates that mislead."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fault_builds import build_files, line
from warc_bytes import http_block, record

from builder.errors import PageError
from builder.extract.decode import decode_html
from builder.normalize.dates import DateError, parse_date
from builder.normalize.urls import UrlError, canonical_url, host_of

WORDS = "Прилив: 潮汐 ü"
RUSSIAN = "Прилив"


def decoded(body: bytes, content_type: str | None = None) -> tuple[str, str, str]:
    found = decode_html(body, content_type)
    return found.html.decode(), found.charset, found.found_by


ORDER = {
    "BOM before header and meta": (
        b"\xef\xbb\xbf<meta charset=koi8-r>" + WORDS.encode(), "text/html; charset=koi8-r", WORDS, "utf-8", "bom"),
    "UTF-16 BOM before header": (
        b"\xff\xfe" + WORDS.encode("utf-16-le"), "text/html; charset=utf-8", WORDS, "utf-16-le", "bom"),
    "big-endian BOM": (b"\xfe\xff" + WORDS.encode("utf-16-be"), None, WORDS, "utf-16-be", "bom"),
    "header before meta": (
        b"<meta charset=utf-8>" + RUSSIAN.encode("koi8-r"), "text/html; charset=koi8-r", RUSSIAN, "koi8-r", "header"),
    "an unknown header, then meta": (
        b"<meta charset=koi8-r>" + RUSSIAN.encode("koi8-r"), "text/html; charset=moon", RUSSIAN, "koi8-r", "meta"),
    "meta before the fallback": (
        b"<meta charset=cp1251>" + RUSSIAN.encode("cp1251"), None, RUSSIAN, "cp1251", "meta"),
    "nothing, UTF-8": (WORDS.encode(), None, WORDS, "utf-8", "fallback"),
    "nothing, not UTF-8": ("Größe".encode("cp1252"), None, "Größe", "cp1252", "fallback"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "header", "text", "charset", "found_by"), ORDER.values(), ids=ORDER)
def test_H09_BOM_before_header_before_meta(
    body: bytes, header: str | None, text: str, charset: str, found_by: str
) -> None:
    html, *how = decoded(body, header)
    assert (html.rpartition(">")[2], how) == (text, [charset, found_by])


DECLARED = {
    "charset": ("<meta charset=koi8-r>", "koi8-r"),
    "in quotes, other case": ("<META CHARSET = 'KOI8-R' >", "koi8-r"),
    "http-equiv": ('<meta http-equiv="Content-Type" content="text/html; charset=euc-jp">', "euc_jp"),
    "content first": ('<meta content="text/html;charset=big5" http-equiv=content-type>', "big5hkscs"),
    "http-equiv of another kind": ('<meta http-equiv="refresh" content="charset=big5">', None),
    "in a remark": ("<!-- <meta charset=big5> --><meta charset=koi8-r>", "koi8-r"),
    "in an attribute": ('<a title="<meta charset=big5>">', "big5hkscs"),
    "after a script": ("<script>if (a < b) c()</script><meta charset=koi8-r>", "koi8-r"),
    "an XML declaration": ('<?xml version="1.0" encoding="windows-1251"?>', "cp1251"),
    "Latin-1 is windows-1252": ("<meta charset=iso-8859-1>", "cp1252"),
    "GBK is GB 18030": ("<meta charset=gb2312>", "gb18030"),
    "Latin-5 is windows-1254": ("<meta charset=latin5>", "cp1254"),
    "a tag that only begins so": ("<metabolism charset=koi8-r>", None),
    "an end tag": ("</meta charset=koi8-r>", None),
    "no value": ("<meta charset>", None),
}


@pytest.mark.parametrize(("head", "charset"), DECLARED.values(), ids=DECLARED)
def test_H10_declarations_as_browsers_read_them(head: str, charset: str | None) -> None:
    _, used, found_by = decoded(head.encode() + b"<p>x")
    assert (used, found_by) == ((charset, "meta") if charset else ("utf-8", "fallback"))


LABELS = {
    "utf-16 in ASCII is UTF-8": ("utf-16", "utf-8", "meta"),
    "utf-16be as well": ("utf-16be", "utf-8", "meta"),
    "utf-7 is refused": ("utf-7", "utf-8", "fallback"),
    "iso-2022-kr is refused": ("iso-2022-kr", "utf-8", "fallback"),
    "bogus": ("bogus", "utf-8", "fallback"),
    "unicode": ("unicode", "utf-8", "meta"),
    "x-user-defined": ("x-user-defined", "cp1252", "meta"),
    "quotes in quotes": ("'koi8-r'", "utf-8", "fallback"),
}


@pytest.mark.parametrize(("label", "charset", "found_by"), LABELS.values(), ids=LABELS)
def test_H11_labels_that_lie_or_are_none(label: str, charset: str, found_by: str) -> None:
    html, *how = decoded(f'<meta charset="{label}"><p>+ADw-script+AD4- plain words'.encode())
    assert how == [charset, found_by]
    assert html.endswith("+ADw-script+AD4- plain words")


@pytest.mark.parametrize("charset", ["shift_jis", "gb18030", "big5", "euc-kr", "euc-jp", "utf-8"])
@pytest.mark.parametrize("bad", [b"\xff", b"\x80\xff", b"\xfd\x20"], ids=repr)
def test_H12_a_bad_byte_keeps_what_follows_and_is_counted(tmp_path: Path, charset: str, bad: bytes) -> None:
    body = (
        b"<title>before</title><p>" + bad + b"</p><p>the tail " + "水".encode("cp932" if "jis" in charset else charset)
    )
    page = record(block=http_block(body + b"</p>", Content_Type=f"text/html; charset={charset}"))
    html = decode_html(body, f"text/html; charset={charset}").html.decode()
    assert html.endswith("the tail 水")
    assert "\ufffd" in html
    built = build_files(tmp_path, {"a.warc": page})
    assert built.titles == ["before"]
    if "\ufffd" in html:
        assert built.manifest["counts"]["flags"] == {"replacement_characters": 1}


META = "<meta charset=koi8-r>"
PLACES = {
    "after 1,024 bytes": ("<head>" + "x" * 1100 + META, "meta"), "after 900": ("<p>" + "x" * 900 + META, "meta"),
    "there in the body": ("<body>" + "x" * 1100 + META, "fallback"),
    "the first of two": (META + "<meta charset=utf-8>", "meta"), "in a remark": (f"<!-- {META} -->", "fallback"),
    "in a script": (f"<script>'{META}'</script>", "meta"),  # the standard's pre-scan knows no scripts
}  # fmt: skip


@pytest.mark.parametrize(("head", "found_by"), PLACES.values(), ids=PLACES)
def test_H13_where_a_meta_counts(head: str, found_by: str) -> None:
    html, charset, how = decoded(head.encode() + RUSSIAN.encode("koi8-r"))
    assert how == found_by
    assert charset == ("koi8-r" if found_by == "meta" else "cp1252")
    assert html.endswith(RUSSIAN) == (found_by == "meta")


@pytest.mark.parametrize("text", ["café", "“quoted”", "Größe: 5 €"])
def test_H14_mojibake_is_kept_and_counted(tmp_path: Path, text: str) -> None:
    once = text.encode().decode("cp1252", "replace")
    built = build_files(tmp_path, {"a.jsonl": line(f"<title>{once}</title><p>Reeds</p>") + line(f"<title>{text}")})
    assert built.titles == sorted([unicodedata.normalize("NFC", once).replace("\x9d", ""), text])
    assert built.manifest["counts"]["flags"]["mojibake"] == 1


ODD_TEXT = {
    "bidi controls": ("a\u202eb\u2066c", "a\u202eb\u2066c"), "zero width": ("a\u200bb\u200dc\ufeffd", "ab\u200dcd"),
    "NFD": ("Cafe\u0301", "Café"), "line separators": ("a\u2028b\u2029c", "a b c"),
    "tags": ("a\U000e0061b", "a\U000e0061b"), "soft hyphen": ("a\u00adb", "ab"),
    "marks": ("a" + "\u0301" * 200, "á" + "\u0301" * 199), "homoglyphs": ("раypal", "раypal"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "title"), ODD_TEXT.values(), ids=ODD_TEXT)
def test_H16_odd_characters_are_text_in_NFC(tmp_path: Path, text: str, title: str) -> None:
    assert build_files(tmp_path, {"a.jsonl": line(f"<title>{text}</title><p>x")}).titles == [title]


def test_H16_ten_thousand_marks_take_no_time_and_hosts_are_punycode(tmp_path: Path) -> None:
    built = build_files(tmp_path, {"a.jsonl": line("<title>a" + "\u0301" * 10_000 + "</title><p>x")})
    assert len(built.rows) == 1
    assert host_of("https://раypal.example/") == "xn--ypal-43d9g.example"
    assert host_of("https://Bu\u0308cher.example/") == host_of("https://bücher.example/")


URLS = {
    "relative": ("../b?z=1&a=2#top", "https://www.a.example/b?a=2&z=1"),
    "no scheme": ("//B.example", "https://b.example/"),
    "port and userinfo": ("https://u:p@a.example:443/x", "https://a.example/x"),
    "javascript": ("javascript:alert(1)", None),
    "data": ("data:text/html,x", None),
    "no host": ("http:///x", None),
    "a port that is none": ("http://a:99999/", None),
    "file": ("file:///etc/passwd", None),
    "a bracket": ("http://[x/", None),
    "5,000 characters": ("/" + "x" * 5000, None),
    "tab and newline": ("/a\tb\nc", "https://www.a.example/abc"),
    "NUL": ("/a\0b", "https://www.a.example/a%00b"),
    "blanks": (" /a b ", "https://www.a.example/a%20b"),
    "nothing": ("", None),
}


@pytest.mark.parametrize(("href", "url"), URLS.values(), ids=URLS)
def test_H19_urls_are_canonical_or_null(href: str, url: str | None) -> None:
    try:
        assert canonical_url(href, "https://www.a.example/news/1") == url
    except UrlError:
        assert url is None


@pytest.mark.parametrize("base", ["/deep/", "javascript:x", "http://[", "", "//"])
def test_H19_a_base_that_misleads_costs_no_more_than_the_links(tmp_path: Path, base: str) -> None:
    html = f"<base href='{base}'><title>T</title><link rel=canonical href='one'><p>x</p>"
    built = build_files(tmp_path, {"a.jsonl": line(html)}, fields=["page_url", "title", "url"])
    assert built.titles == ["T"]
    assert (built.rows[0]["url"] or "").startswith("https://www.a.example/")


DATES = {
    "30 February": "2022-02-30", "year 0": "0000-01-01", "year 10000": "10000-01-01", "negative epoch": "-86400",
    "10**30 seconds": "1" + "0" * 30, "day or month": "03/04/2022", "yesterday": "yesterday", "a time alone": "14:30",
    "a month alone": "March 2022", "a day without a year": "24 February", "24:61": "2022-02-24T24:61:00Z",
}  # fmt: skip


@pytest.mark.parametrize("raw", DATES.values(), ids=DATES)
def test_H20_dates_that_say_too_little_or_cannot_be_are_errors(raw: str) -> None:
    with pytest.raises(DateError) as caught:
        parse_date(raw)
    assert str(caught.value)


def test_H20_dates_that_say_enough() -> None:
    assert parse_date("٢٤-٠٢-٢٠٢٢", language="ar").day.isoformat() == "2022-02-24"
    assert parse_date("03/04/2022", language="en-GB").day.isoformat() == "2022-04-03"
    assert parse_date("2022-02-24 03:37 IST", zone="Asia/Kolkata").at == datetime(2022, 2, 23, 22, 7, tzinfo=UTC)


def test_H20_no_date_is_filled_in(tmp_path: Path) -> None:
    html = '<meta property="article:published_time" content="2022-02-30"><title>T</title><p>Yesterday at 14:30.</p>'
    built = build_files(
        tmp_path, {"a.jsonl": line(html)}, fields=["page_url", "title", "published_at", "published_date"]
    )
    assert [row["published_at"] for row in built.rows] == [None]
    assert built.rows[0]["published_date"] is None


def test_a_body_of_the_wrong_kind_is_a_page_error() -> None:
    with pytest.raises(PageError):
        decode_html(b"")
