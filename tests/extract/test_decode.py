"""Which charset a page is read in, and that no bad byte costs more than itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import PageError
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


# ------------------------------------------------------------------ bad bytes


@pytest.mark.parametrize(
    ("words", "bad"),
    [
        ("Прилив в четыре часа. ", b"\xd0 "),
        ("größer, schöner, später ", b"\xe9 "),
        ("“tide” ", b"\xff"),
        ("潮が満ちる", b"\xe6"),
    ],
)
def test_a_bad_byte_does_not_make_another_charset_of_utf_8(words: str, bad: bytes) -> None:
    text = words.encode() * 10
    for body in (text + bad + text, META_KOI8.rjust(4096) + text + bad + text):
        decoded = decode_html(body)
        assert (decoded.charset, decoded.found_by, decoded.replaced) == ("utf-8", "fallback", 1)
        assert decoded.html == body.replace(text + bad[:1], text + "\ufffd".encode())


OTHERS = {
    "cp1252": "Größe, café, naïve “quoted” €, Ã© ", "cp1251": "«Прилив» в четыре часа – №5 ",
    "koi8-r": "Прилив в четыре часа ", "cp1253": "Ώρα τέσσερις, «Ίσως» ", "cp1256": "المد في الرابعة ",
    "cp874": "น้ำขึ้นตอนสี่โมงเย็น ", "gb18030": "话剧约定无期在河北各市巡演 ", "big5hkscs": "漲潮時間為下午四點 ",
    "cp932": "潮が満ちる四時に港へ ", "euc_jp": "潮が満ちる四時に港へ ", "cp949": "밀물이 네 시에 든다 ",
}  # fmt: skip


@pytest.mark.parametrize(("codec", "words"), OTHERS.items(), ids=OTHERS)
def test_other_charsets_are_not_taken_for_utf_8_with_bad_bytes(codec: str, words: str) -> None:
    for times in (1, 50):
        assert decode_html(words.encode(codec) * times).charset == "cp1252"


@pytest.mark.parametrize(
    ("charset", "bad", "replaced"),
    [
        ("shift_jis", b"\x81", 1),
        ("gb18030", b"\x81", 1),
        ("gb18030", b"\xff", 1),
        ("euc-kr", b"\x81", 1),
        ("euc-kr", b"\xff", 1),
        ("big5", b"\x81", 1),
        ("euc-jp", b"\x8e", 1),
        ("utf-8", b"\xc3", 1),
        ("utf-8", b"\xe2\x82", 1),
        ("utf-8", b"\xed\xa0\x80", 3),
        ("utf-8", b"\xf8", 1),
        ("iso-8859-7", b"\xff", 1),
    ],
)
def test_a_bad_byte_keeps_what_follows(charset: str, bad: bytes, replaced: int) -> None:
    decoded = decode_html(b"<p>before" + bad + b"<p>after", f"text/html; charset={charset}")
    text = decoded.html.decode()
    assert text == "<p>before" + "\ufffd" * replaced + "<p>after"
    assert decoded.replaced == replaced


@pytest.mark.parametrize(
    ("charset", "words"),
    [
        ("shift_jis", "潮が満ちる"), ("euc-jp", "潮が満ちる"), ("gb18030", "涨潮了"), ("euc-kr", "밀물이 든다"),
        ("big5", "漲潮了"), ("windows-1251", "Прилив"), ("iso-2022-jp", "潮が満ちる"),
    ],
)  # fmt: skip
def test_words_around_a_cut_character(charset: str, words: str) -> None:
    good = words.encode(codec_for(charset) or "")
    cut = b"<p>" + good + b"</p>" + good[: len(good) // 2 * 2 - 1]
    decoded = decode_html(cut, f"text/html; charset={charset}")
    assert decoded.html.decode().startswith(f"<p>{words}</p>")


def test_a_bad_byte_in_iso_2022_jp_keeps_the_way_back_to_ascii() -> None:
    decoded = decode_html(b"<p>\x1b$B\x81\x1b(B<p>after", "text/html; charset=iso-2022-jp")
    assert decoded.html.endswith(b"<p>after")


@pytest.mark.parametrize("codec", ["cp1252", "cp1255", "cp874"])
def test_bytes_that_a_code_page_leaves_open_are_controls(codec: str) -> None:
    decoded = decode_html(
        b"<p>\x81</p>", f"text/html; charset={codec if codec == 'cp1252' else 'windows-' + codec[2:]}"
    )
    assert decoded == Decoded("<p>\x81</p>".encode(), codec, "header", 0)


def test_replacement_characters_of_the_page_itself_are_not_counted() -> None:
    body = "<p>\ufffd\ufffd".encode()
    assert decode_html(body, "text/html; charset=utf-8").replaced == 0
    assert decode_html(body + b"\xff", "text/html; charset=utf-8").replaced == 1


def test_nuls_become_replacement_characters() -> None:
    assert decode_html(b"<p>a\0b" + b"c" * 20).html == "<p>a\ufffdb".encode() + b"c" * 20


# ------------------------------------------------------------------- no pages


@pytest.mark.parametrize(
    "body", [b"", b" ", b"\r\n\t\x0c ", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n", b"\xff\xfe", b"\xfe\xff\0 \0\n"], ids=repr
)
def test_empty(body: bytes) -> None:
    with pytest.raises(PageError) as caught:
        decode_html(body)
    assert caught.value.code == "empty"


MAGIC = {
    "PNG": b"\x89PNG\r\n\x1a\n", "GIF": b"GIF89a", "JPEG": b"\xff\xd8\xff\xe0", "PDF": b"%PDF-1.7\n",
    "zip": b"PK\x03\x04", "gzip": b"\x1f\x8b\x08", "zstd": b"\x28\xb5\x2f\xfd", "ELF": b"\x7fELF",
    "WebP": b"RIFF\x10\0\0\0WEBP", "font": b"wOF2", "MP3": b"ID3\x03", "Word": b"\xd0\xcf\x11\xe0", "RTF": b"{\\rtf1",
    "PostScript": b"%!PS-Adobe", "noise": bytes(range(64)) * 4 + b"\0" * 64,
}  # fmt: skip


@pytest.mark.parametrize("magic", MAGIC.values(), ids=MAGIC)
@pytest.mark.parametrize("content_type", [None, "text/html; charset=utf-8"])
def test_binary_data_is_no_page(magic: bytes, content_type: str | None) -> None:
    with pytest.raises(PageError) as caught:
        decode_html(magic + b"<html> and more", content_type)
    assert caught.value.code == "not_html"


MHTML_HEAD = (
    b"From: <Saved by Blink>\r\nSubject: Low tide\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
    b'\ttype="text/html";\r\n\tboundary="----M"\r\n\r\n------M\r\n'
)
MAILS = {
    "Chrome": (MHTML_HEAD, True),
    "a blank line before": (b"\r\n" + MHTML_HEAD, True),
    "one part, bare line feeds": (b"MIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\n\n", True),
    "headers of a server that are part of the page": (b"Content-Type: text/html\nMIME-Version: 1.0\n\n", False),
    "headers of HTTP": (b"HTTP/1.1 200 OK\r\n" + MHTML_HEAD, False),
    "a page about it": (b"<pre>" + MHTML_HEAD, False),
}


@pytest.mark.parametrize(("head", "is_archive"), MAILS.values(), ids=MAILS)
def test_an_mhtml_archive_is_no_page(head: bytes, *, is_archive: bool) -> None:
    if is_archive:
        with pytest.raises(PageError, match="an MHTML archive"):
            decode_html(head + b"<html><p class=3D'a'>Low tide", "text/html")
    else:
        assert decode_html(head + b"<html><p>Low tide").html.endswith(b"tide")


@given(
    st.binary(max_size=300),
    st.sampled_from([None, "", *(f"text/html; charset={label}" for label in sorted(set(CODECS.values())))]),
)
def test_any_bytes_give_utf_8_or_a_page_error(body: bytes, content_type: str | None) -> None:
    try:
        decoded = decode_html(body, content_type)
    except PageError as error:
        if error.code not in ("empty", "not_html"):
            raise
        return
    assert "\0" not in decoded.html.decode("utf-8")
    assert decoded.html.strip()
    assert decoded.replaced >= 0


@given(st.text(min_size=1).filter(lambda text: text.strip() and "\0" not in text and text[0] > "z"))
def test_utf_8_comes_through_unchanged(text: str) -> None:
    body = text.encode()
    if body.startswith((b"\xef\xbb\xbf", b"\x7fELF")):
        return
    assert decode_html(body).html == body
