"""Chinese, Japanese and Korean as the Encoding Standard reads them, where Python's codecs differ."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest

from builder.extract.charsets import codec_for, read_as

ROWS = range(1, 95)


def _shift_jis(row: int, cell: int) -> str:
    """A place of JIS X 0208 by way of Shift_JIS, of which Python has the standard's table."""
    lead = (row + 1) // 2 + (0x80 if row < 63 else 0xC0)
    trail = cell + 0x9E if row % 2 == 0 else cell + 0x3F + (cell > 63)
    read = bytes([lead, trail]).decode("cp932", "replace")
    return "\ufffd" if "\ufffd" in read else read


@pytest.mark.parametrize(
    ("label", "before", "high", "after"), [("euc-jp", b"", 0x80, b""), ("iso-2022-jp", b"\x1b$B", 0, b"\x1b(B")]
)
def test_every_place_of_jis_x_0208(label: str, before: bytes, high: int, after: bytes) -> None:
    for row in ROWS:
        for cell in ROWS:
            pair = bytes([0x20 + row + high, 0x20 + cell + high])
            found = read_as(codec_for(label) or "", b"<p>" + before + pair + after + b"<p>")
            assert found == f"<p>{_shift_jis(row, cell)}<p>", (row, cell)


# SHA-256 of the lines "8740 ①" of all characters of two bytes, from the indexes of the standard. In that of Big5 A241
# and A242 stand as U+FF0F and U+FF3C; in that of GB 18030 no character is left in private use that its edition of 2022
# has elsewhere.
INDEXES = {
    "big5": (18594, "5964acdaa22d79746f376bab35c904595cedc91a33a845ad407149a2b59fbcc9"),
    "gbk": (23940, "4b0719ed805ab18fd6ddda63838775395196203816f10c1c8697eef6b9e3ddb7"),
    "gb18030": (23940, "4b0719ed805ab18fd6ddda63838775395196203816f10c1c8697eef6b9e3ddb7"),
    "euc-jp": (7399, "426bcd3e60943455e044e90071e074b9d5be66528002e85bf6c24518b0975919"),
    "shift_jis": (17668, "b8770c36b379fa2fd3abd536281cab176386d40520c49693fdc75f3947898c50"),
    "euc-kr": (17048, "a5e919a75f66d8e116085b248f952d5535080812d88cdb21547b5b99af28dfe4"),
}


def _characters(label: str) -> Iterator[bytes]:
    codec = codec_for(label) or ""
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0x100):
            character = read_as(codec, bytes([lead, trail]))
            if "\ufffd" not in character:
                yield f"{lead:02x}{trail:02x} {character}\n".encode()


@pytest.mark.parametrize(("label", "index"), INDEXES.items(), ids=INDEXES)
def test_every_character_of_two_bytes(label: str, index: tuple[int, str]) -> None:
    known = list(_characters(label))
    assert (len(known), hashlib.sha256(b"".join(known)).hexdigest()) == index


OTHER_THAN_PYTHONS = [
    ("euc-jp", b"\xad\xa1\xad\xea\xad\xb7\xad\xe2\xad\xdf\xfc\xe2", "①㈱Ⅲ№㍻髙"),
    ("euc-jp", b"\xa1\xc1\xa1\xdd\xa1\xc2\xa1\xf1", "～－∥￠"),
    ("euc-jp", b"\x8e\xb1\x8f\xb0\xa1\\~", "ｱ丂\\~"),
    ("iso-2022-jp", b"\x1b$B\x2d\x21\x46\x7c\x1b(Ba\x1b(I\x31\x1b(J\\\x1b$@\x30\x21\x1b(B.", "①日aｱ¥亜."),
    ("gbk", b"\x80 5, \xa8\xbc\xa3\xa0\xa6\xd9\xfe\x59", "€ 5, ḿ\u3000︐龴"),
    ("gb18030", b"\x95\x32\x82\x36\xa2\xe3", "𠀀€"),
    ("big5", b"\xa3\xe1 5, \xa1\x45\xa2\x44\xa3\xc0\xa3\xe0\x87\x7a\x87\xdf\x8e\x69\x88\x62", "€ 5, ‧￥␀␡㡵鿋箸Ê̄"),
    ("shift_jis", b"\x87\x40\xfb\xfc\x81\x60\xa0\xb1", "①髙～\ufffdｱ"),
    ("koi8-u", b"\xae\xbe\xa4", "ўЎє"),
]
"""Characters that Python lacks or reads as others."""
UNKNOWN = [
    ("euc-jp", b"\xad\xff\xc6\xfc\xcb\xdc", "\ufffd日本"),
    ("euc-jp", b"\xa9\xa1\xc6\xfc\xcb\xdc", "\ufffd日本"),
    ("euc-jp", b"\x8e\xe0\xc6\xfc", "\ufffd日"),
    ("euc-jp", b"\x8f\xa1\xa1\xc6\xfc", "\ufffd日"),
    ("euc-jp", b"\x8f\xa1<\x8f<\xc6<\x80\xc6\xfc", "\ufffd<\ufffd<\ufffd<\ufffd日"),
    ("euc-jp", b"\xc6\xfc\x8f\xb0", "日\ufffd"),
    ("iso-2022-jp", b"\x1b$B\x29\x21\x46\x7c\x1b(Ba", "\ufffd日a"),
    ("iso-2022-jp", b"\x1b$Za", "\ufffd$Za"),
    ("shift_jis", b"\x81\xad\x93\xfa\xfc<", "\ufffd日\ufffd<"),
    ("gb18030", b"\xff\xc4\xe3\xba\xff\xc4\xe3\xba<", "\ufffd你\ufffd你\ufffd<"),
    ("gb18030", b"\x81\x30<\x81\x30\x81<\xc4\xe3", "\ufffd0<\ufffd0\ufffd<你"),
    ("gb18030", b"\xe4\x30\x81\x30\xc4\xe3\x81\x30", "\ufffd你\ufffd"),
    ("big5", b"\x81\xff\xa4\xa4\x81<", "\ufffd中\ufffd<"),
    ("euc-kr", b"\xc9\xa1\xc7\xd1\xc9<", "\ufffd한\ufffd<"),
]
"""What is unknown is one error, and never swallows ASCII."""


@pytest.mark.parametrize(("label", "body", "text"), [*OTHER_THAN_PYTHONS, *UNKNOWN])
def test_bytes_are_read_as_browsers_do(label: str, body: bytes, text: str) -> None:
    assert read_as(codec_for(label) or "", body) == text
