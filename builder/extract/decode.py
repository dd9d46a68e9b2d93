"""Bytes -> UTF-8: which charset a page is in, in the order of a browser, and no page lost for a bad byte."""

from __future__ import annotations

import re
from dataclasses import dataclass

from builder.errors import PageError
from builder.extract.charsets import codec_for, read_as

PRESCAN = 1024
_LATE_PRESCAN = 64 * 1024
_FAR_MORE = 4
_BY_ESCAPES, _ESCAPED = "iso2022_jp_ext", b"\x1b$"
"""The one charset whose pages are all ASCII, and so UTF-8 as well, and what the Japanese in them begins with."""
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le"))
_COMMENT = re.compile(rb"<!(?=--).*?(?:-->|$)", re.DOTALL)
_SILENT = re.compile(
    rb"<!(?=--).*?(?:-->|\Z)|<(script|style|title|noscript|textarea)(?=[\s/>]).*?(?:</\1|\Z)", re.IGNORECASE | re.DOTALL
)
_BODY = re.compile(rb"<body[\s/>]", re.IGNORECASE)
_META = re.compile(rb"<meta[\s/]((?:[^>\"']|\"[^\"]*\"|'[^']*')*)", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"([^\s/>=\"'][^\s/>=]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]*)))?")
_META_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([^\s\"';]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:\-]+)", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_MOJIBAKE = (b"\xc3\x83\xc2", b"\xc3\xa2\xe2\x82\xac")  # of `é` and its neighbours, of quotation marks and dashes
_RARE = (b"\x83", b"\x82")  # a byte of each that most pages lack: one byte is found at a tenth of the time
_MOJIBAKE_SOUGHT = 64 * 1024
_MAGIC = (
    (b"\x89PNG", "a PNG image"), (b"GIF8", "a GIF image"), (b"\xff\xd8\xff", "a JPEG image"), (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive"), (b"\x1f\x8b", "gzip data"), (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"\x7fELF", "an ELF binary"), (b"RIFF", "a RIFF file"), (b"OggS", "an Ogg file"), (b"wOFF", "a font"),
    (b"wOF2", "a font"), (b"\x00\x00\x01\x00", "an icon"), (b"ID3", "an MP3 file"), (b"BM\x00", "a bitmap"),
    (b"\xd0\xcf\x11\xe0", "an Office document"), (b"Rar!", "a RAR archive"), (b"7z\xbc\xaf", "a 7z archive"),
    (b"%!PS", "PostScript"), (b"{\\rtf", "RTF"),
)  # fmt: skip

_MAIL_HEAD = re.compile(rb"\s*(?:[a-z][a-z0-9-]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)+", re.IGNORECASE)
_MAIL = (b"mime-version:", (b"multipart/", b"content-transfer-encoding:"))  # the first alone some broken servers send


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page as UTF-8 bytes without BOM and NUL, and how it was read."""

    html: bytes
    charset: str
    """Python codec that was used."""
    found_by: str
    """bom, header, meta or fallback."""
    replaced: int
    """Byte sequences that the charset does not know, now U+FFFD."""
    is_mojibake: bool = False
    """Whether text near its beginning is UTF-8 that was read as windows-1252 and written again; kept as it is."""


def decode_html(body: bytes, content_type: str | None = None) -> Decoded:
    """Decode a page: BOM, HTTP header, early `<meta>`, UTF-8 if it is, `<meta>` further on, windows-1252.

    Algorithm: WHATWG HTML, "determining the character encoding" (an early `<meta>` begins in the first 1,024 bytes) and
    "changing the encoding while parsing", but UTF-8 comes before what the locale would be asked for.

    Raises:
        PageError: empty, or not_html for binary data.

    """
    if not body or body.isspace():
        raise PageError("empty", "the body is empty")
    codec, found_by, skip = _choose(body, content_type)
    if found_by != "bom":
        _refuse_binary(body, wide=codec.startswith("utf-16"))
    text_bytes = body[skip:]
    if codec == "utf-8":
        html, replaced = _valid_utf8(text_bytes)
    else:
        text = read_as(codec, text_bytes)
        html, replaced = text.encode("utf-8", "replace"), text.count("\ufffd")
    if b"\0" in html:
        html = html.replace(b"\0", "\ufffd".encode())
    if html.isspace() or not html:
        raise PageError("empty", "nothing but white space")
    return Decoded(html, codec, found_by, replaced, _is_mojibake(html))


def _is_mojibake(html: bytes) -> bool:
    return not html.isascii() and any(
        html.find(rare, 0, _MOJIBAKE_SOUGHT) >= 0 and html.find(sign, 0, _MOJIBAKE_SOUGHT) >= 0
        for rare, sign in zip(_RARE, _MOJIBAKE, strict=True)
    )


def _choose(body: bytes, content_type: str | None) -> tuple[str, str, int]:
    """Codec, how it was found, and the length of the BOM."""
    for bom, codec in _BOMS:
        if body.startswith(bom):
            return codec, "bom", len(bom)
    if content_type and (stated := _HEADER_CHARSET.search(content_type)) and (codec_ := codec_for(stated[1])):
        return codec_, "header", 0
    if (named := prescan(body[:PRESCAN])) is not None:
        return named, "meta", 0
    if _ESCAPED in body and _late(body) == _BY_ESCAPES:
        return _BY_ESCAPES, "meta", 0
    if _is_utf8(body) or _is_mostly_utf8(body):
        return "utf-8", "fallback", 0
    if (named := _late(body)) is not None:
        return named, "meta", 0
    return "cp1252", "fallback", 0


def _late(body: bytes) -> str | None:
    """What a `<meta>` declares that a browser comes to only when it has begun to parse: anywhere in the head."""
    head = _SILENT.sub(b"", body[:_LATE_PRESCAN])
    begun = _BODY.search(head)
    return prescan(head[: begun.start()] if begun else head)


def prescan(head: bytes) -> str | None:
    """The codec that the beginning of a page declares, None where it declares none or an unknown one.

    >>> prescan(b'<meta http-equiv=Content-Type content="text/html; charset=Shift_JIS">'), prescan(b"<p>")
    ('cp932', None)
    """
    xml = _XML_ENCODING.match(head)
    for match in _META.finditer(_COMMENT.sub(b"", head)):
        if (codec := _declared(_meta_label(match[1]))) is not None:
            return codec
    return _declared(xml[1]) if xml else None


def _meta_label(attributes: bytes) -> bytes:
    """What a `<meta>` declares: its charset, or that of its content where it stands for Content-Type; else nothing."""
    given: dict[bytes, bytes] = {}
    for name, *quoted in _ATTRIBUTE.findall(attributes):
        given.setdefault(name.lower(), b"".join(quoted))
    if b"charset" in given:
        return given[b"charset"]
    if given.get(b"http-equiv", b"").strip().lower() != b"content-type":
        return b""
    stated = _META_CHARSET.search(given.get(b"content", b""))
    return stated[1] if stated else b""


def _declared(label: bytes) -> str | None:
    codec = codec_for(label.decode("latin-1"))
    # A declaration that could be read as ASCII cannot be in UTF-16; the standard takes it as UTF-8.
    return "utf-8" if codec and codec.startswith("utf-16") else codec


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"  # the crawler cut it inside a character
    return True


def _is_mostly_utf8(body: bytes) -> bool:
    """Whether far more characters are whole in UTF-8 than broken: of other charsets' text at most twice as many are."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return len(text) - len(text.encode("ascii", "ignore")) - broken > _FAR_MORE * broken


def _valid_utf8(body: bytes) -> tuple[bytes, int]:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
        return text.encode("utf-8"), text.count("\ufffd") - body.count("\ufffd".encode())
    return body, 0


def _refuse_binary(body: bytes, *, wide: bool) -> None:
    for magic, what in _MAGIC:
        if body.startswith(magic):
            raise PageError("not_html", f"{what}, not HTML")
    head = body[:4096]
    lines = _MAIL_HEAD.match(head)
    if lines is not None and _MAIL[0] in (stated := lines[0].lower()) and any(word in stated for word in _MAIL[1]):
        raise PageError("not_html", "an MHTML archive, not HTML")
    if not wide and head.count(b"\0") * 10 > len(head):
        raise PageError("not_html", "binary data, not HTML")
