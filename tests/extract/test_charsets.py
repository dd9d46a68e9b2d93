"""Which charset a page is read in: by BOM, header, declaration or its bytes, and under which labels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.extract.charsets import CODECS, ERRORS, codec_for
from builder.extract.decode import Decoded, decode_html, prescan

KOI8 = "<p>Прилив</p>".encode("koi8-r")
META_KOI8 = b"<meta charset=koi8-r>"
HEADER_1251 = "text/html; charset=windows-1251"


# ------------------------------------------------------------------ the order


@pytest.mark.parametrize(
    ("body", "content_type", "charset", "found_by"),
    [
        (b"\xef\xbb\xbf" + META_KOI8, HEADER_1251, "utf-8", "bom"),
        (b"\xff\xfe" + "<p>x".encode("utf-16-le"), HEADER_1251, "utf-16-le", "bom"),
        (b"\xfe\xff" + "<p>x".encode("utf-16-be"), HEADER_1251, "utf-16-be", "bom"),
        (META_KOI8 + KOI8, HEADER_1251, "cp1251", "header"),
        (META_KOI8 + KOI8, "text/html", "koi8-r", "meta"),
        (META_KOI8 + KOI8, None, "koi8-r", "meta"),
        (META_KOI8 + KOI8, "text/html; charset=unheard-of", "koi8-r", "meta"),
        (META_KOI8 + KOI8, "text/html; charset=utf-7", "koi8-r", "meta"),
        (META_KOI8 + KOI8, "text/html; charset=", "koi8-r", "meta"),
        (b"<meta charset=unheard-of>" + "<p>é".encode(), None, "utf-8", "fallback"),
        (b"<meta charset=utf-7><p>+AGE-", None, "utf-8", "fallback"),
        ("<p>größer".encode(), None, "utf-8", "fallback"),
        (b"<p>gr\xf6\xdfer", None, "cp1252", "fallback"),
        ("<p>größer".encode()[:-4] + b"\xc3", None, "utf-8", "fallback"),
        (b" " * 1024 + META_KOI8 + KOI8, None, "koi8-r", "meta"),
        (b" " * 1003 + META_KOI8 + KOI8, None, "koi8-r", "meta"),
    ],
)
def test_bom_before_header_before_meta_before_fallback(
    body: bytes, content_type: str | None, charset: str, found_by: str
) -> None:
    decoded = decode_html(body, content_type)
    assert (decoded.charset, decoded.found_by) == (charset, found_by)


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        ("text/html;charset=KOI8-R", "koi8-r"),
        ('text/html; charset="koi8-r"', "koi8-r"),
        ("text/html; charset = 'koi8-r' ; x=y", "koi8-r"),
        ("text/html; CHARSET=koi8-r, text/html", "koi8-r"),
        ("text/html; charset=utf8", "utf-8"),
        ("text/html; charset=iso-8859-1", "cp1252"),
        ("text/html; charset=ISO-8859-9", "cp1254"),
        ("text/html; charset=gb2312", "gb18030"),
        ("text/html; charset=x-user-defined", "cp1252"),
    ],
)
def test_charsets_of_the_header(content_type: str, charset: str) -> None:
    assert decode_html(b"<p>tide", content_type) == Decoded(b"<p>tide", charset, "header", 0)


@pytest.mark.parametrize("charset", ["utf-16", "utf-16le", "utf-16be"])
@pytest.mark.parametrize("text", ["<p>All ASCII here</p>", "<p>Прилив в четыре</p>"], ids=["ASCII", "Cyrillic"])
def test_utf_16_by_header_without_a_bom(charset: str, text: str) -> None:
    codec = "utf-16-be" if charset == "utf-16be" else "utf-16-le"
    decoded = decode_html(text.encode(codec), f"text/html; charset={charset}")
    assert (decoded.html.decode(), decoded.charset, decoded.found_by) == (text, codec, "header")


# ---------------------------------------------------------------- the prescan


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        ("<meta charset=koi8-r>", "koi8-r"),
        ('<meta charset="koi8-r"/>', "koi8-r"),
        ("<META CHARSET='KOI8-R'>", "koi8-r"),
        ("<meta\tname=x\ncharset = koi8-r >", "koi8-r"),
        ("<meta/charset=koi8-r>", "koi8-r"),
        ("<meta charset=' koi8-r '>", "koi8-r"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">', "koi8-r"),
        ('<meta content="text/html; charset=koi8-r" http-equiv="Content-Type">', "koi8-r"),
        ("<meta http-equiv=content-type content='text/html;charset=\"koi8-r\"'>", "koi8-r"),
        ("<!-- <meta charset=koi8-r> --><meta charset=cp866>", "cp866"),
        ("<!-- a > b <meta charset=koi8-r> -- > <p> --><meta charset=cp866>", "cp866"),
        ("<!-- <meta charset=koi8-r>", None),
        ("<!--><meta charset=koi8-r>-->", "koi8-r"),
        ("<!---><meta charset=koi8-r>-->", "koi8-r"),
        ("<meta charset=utf-16>", "utf-8"),
        ("<meta charset=utf-16be>", "utf-8"),
        ('<meta http-equiv=content-type content="text/html; charset=utf-16le">', "utf-8"),
        ("<meta charset=x-user-defined>", "cp1252"),
        ("<meta charset=unheard-of><meta charset=koi8-r>", "koi8-r"),
        ("<meta charset=utf-7><meta charset=koi8-r>", "koi8-r"),
        ("<meta charset=koi8-r><meta charset=cp866>", "koi8-r"),
        ("<metacharset=koi8-r>", None),
        ("<meta name=charset content=koi8-r>", None),
        ('<meta name="description" content="How to write charset=koi8-r in a page">', None),
        ('<meta name="twitter:data" data-charset="koi8-r">', None),
        ("<p>charset=koi8-r", None),
        ("<title>meta charset=koi8-r</title>", None),
        ('<?xml version="1.0" encoding="koi8-r"?><html>', "koi8-r"),
        ("<?xml version='1.0' encoding='koi8-r'?><meta charset=cp866>", "cp866"),
        ('<?xml version="1.0" encoding="utf-16"?><html>', "utf-8"),
        ("<meta charset=>", None),
        ("<meta charset", None),
        ("", None),
    ],
)
def test_prescan(head: str, codec: str | None) -> None:
    assert prescan(head.encode()) == codec


LATE = {
    "behind a long script": (b"<script>" + b"x" * 2000 + b"</script>" + META_KOI8, "koi8-r"),
    "behind a long remark": (b"<!--" + b"x" * 2000 + b"-->" + META_KOI8, "koi8-r"),
    "http-equiv": (b" " * 2000 + b"<meta http-equiv=content-type content='text/html; charset=koi8-r'>", "koi8-r"),
    "says UTF-8": (b" " * 2000 + b"<meta charset=utf-8>", "utf-8"),
    "in a script": (b" " * 2000 + b"<script>'<meta charset=koi8-r>'</script>", "cp1252"),
    "in a remark": (b" " * 2000 + b"<!-- <meta charset=koi8-r> -->", "cp1252"),
    "in an open script": (b" " * 2000 + b"<script>" + META_KOI8, "cp1252"),
    "in the body": (b" " * 2000 + b"<BODY class=a>" + META_KOI8, "cp1252"),
    "a body in a script before it": (b" " * 2000 + b"<script>'<body >'</script>" + META_KOI8, "koi8-r"),
    "at the end of what is looked at": (b" " * (65536 - len(META_KOI8)) + META_KOI8, "koi8-r"),
    "further on": (b" " * 65536 + META_KOI8, "cp1252"),
}


@pytest.mark.parametrize(("head", "charset"), LATE.values(), ids=LATE)
def test_a_late_declaration_counts_where_the_page_is_not_utf_8(head: bytes, charset: str) -> None:
    assert decode_html(head + KOI8).charset == charset
    assert decode_html(head + "<p>Прилив".encode()).charset == "utf-8"
    assert decode_html(META_KOI8 + head + KOI8).charset == "koi8-r"


def test_a_late_declaration_of_iso_2022_jp_counts_though_its_bytes_are_ascii() -> None:
    body = b" " * 2000 + b"<meta charset=iso-2022-jp>" + "<p>潮が満ちる</p>".encode("iso2022_jp")
    assert "潮が満ちる" in decode_html(body).html.decode()


@given(st.binary(max_size=200))
def test_prescan_of_any_bytes_names_a_known_codec(noise: bytes) -> None:
    assert prescan(b"<meta charset=" + noise) in {None, *CODECS.values()}


def test_every_label_names_a_codec_that_decodes() -> None:
    for label, codec in CODECS.items():
        assert "a".encode(codec).decode(codec, ERRORS) == "a", label
        assert codec_for(f"\t{label.upper()}\n") == codec


@pytest.mark.parametrize(
    "label", ["utf-7", "hz-gb-2312", "iso-2022-kr", "iso-2022-cn", "utf-32", "cesu-8", "x", "", None]
)
def test_labels_that_the_standard_refuses(label: str | None) -> None:
    assert codec_for(label) is None


SPELT = {
    "cp1251": "win-1251 windows1251 CP-1251 win1251",
    "cp1256": "windows1256",
    "cp1250": "win-1250",
    "cp874": "tis620 cp874 x-windows-874",
    "koi8-r": "koi8r",
    "iso8859-2": "ISO8859_2",
    "gb18030": "cp936 MS936 windows-936 GB-2312 GB-18030",
    "big5hkscs": "cp950 ms950 big-5 big5-eten",
    "cp932": "cp932 shiftjis SJIS-win",
    "euc_jp": "eucjp eucJP-win ujis",
    "cp949": "cp949 ms949 euckr euc_kr uhc x-windows-949 ks_c_5601",
}


@pytest.mark.parametrize(
    ("codec", "label"), [(codec, label) for codec, labels in SPELT.items() for label in labels.split()]
)
def test_labels_in_other_spellings(codec: str, label: str) -> None:
    assert codec_for(label) == codec
