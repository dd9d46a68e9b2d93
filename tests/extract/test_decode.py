"""Bytes as UTF-8: no bad byte costs more than itself, and what is no page at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import PageError
from builder.extract.charsets import CODECS, codec_for
from builder.extract.decode import Decoded, decode_html

META_KOI8 = b"<meta charset=koi8-r>"


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


@given(st.text(min_size=1).filter(lambda text: text.strip() and "\0" not in text and text[0] > "z"))
def test_utf_8_comes_through_unchanged(text: str) -> None:
    body = text.encode()
    if body.startswith((b"\xef\xbb\xbf", b"\x7fELF")):
        return
    assert decode_html(body).html == body
