"""Where Python's codecs for Chinese, Japanese and Korean part from the Encoding Standard (encoding.spec.whatwg.org).

They know fewer characters, read some as others, and take up reading at another byte behind what they do not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import contains

_JAPANESE = (("\u301c", "～"), ("\u2016", "∥"), ("\u2212", "－"), ("¢", "￠"), ("£", "￡"), ("¬", "￢"))
_PRIVATE = (
    "\ue5e5\ue7c7\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796"
    "\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864"
)
OTHERWISE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "euc_jp": _JAPANESE,
    "iso2022_jp_ext": _JAPANESE,
    "gb18030": tuple(zip(_PRIVATE, "\u3000ḿ︐︒︑︓︔︕︖︗︘︙龴龵龶龷龸龹龺龻", strict=True)),
    # A241 and A242 stay a slash and a backslash: Python reads A1FE and A240 as the same.
    "big5hkscs": tuple(zip("\u2022､‾∼♁☉¥¢£", "‧﹑¯～⊕⊙￥￠￡", strict=True)),
    "cp932": tuple((chr(code), "\ufffd") for code in range(0xF8F0, 0xF8F4)),  # the bytes A0, FD, FE and FF
}
"""Codec -> what it reads, and what the standard reads there; no other bytes give what it reads."""

_HKSCS_2008 = (
    "㡵𡵓𣚞𦀡㻬𥣞㫵竼龗𤅡𨤍𣇪𠪊𣉞䌊蒄龖鐯䤰蘓墖靊鈘秐稲晠権袝瑌篅枂稬剏遆"
    "㓦珄𥶹瓆鿇垳䤯呌䄱𣚎堘穲𧭥讏䚮𦺈䆁𥶙箮𢒼鿈𢓁𢓉𢓌鿉蔄𣖻䂴鿊䓡𪷿拁灮鿋"
)
_DOUBLE = """
    8e69箸 8e6f簆 8e7e糎 8eab緒 8eb4縝 8ecd者 8ed0耨 8f57菁 8f69蒨 8f6e萏 8fcb覦 8fcc覩 8ffe起 906d都 907a銹 90dc靜
    90f1響 91bf鼖 9244蔃 92af兙 92b0兛 92b1兝 92b2兞 92c8鍮 92d1瑹 9447浧 94ca禛 95d9邗 9644靝 96ed瀞 96fc嬨 9b76爁
    9b78矗 9b7b纇 9bc6駖 9bde釔 9bec惞 9bf6澶 9c42輶 9c53侻 9c62營 9c68鄄 9c6b鷰 9c77菏 9cbc尐 9cbd秣 9cd0婧 9d57輋
    9d5a筑 9dc4拐 9ea9恢 9eef痹 9efd汊 9f60鬮 9f66鼗 9fcb僭 9fd8弌 a063蠏 a077拎 a0d5瑨 a0df煢 a0e4牐 a3e1€ c6cf廴
    c6d3无 c6d5癶 c6d7隶 c6de〃 c6df仝 fa5f倩 fa66偽 fabd包 fac5卄 fad5卿 fb48嘅 fbb8婷 fbf3幵 fbf9廐 fc4f彘 fc6c悤
    fcb9撐 fce2晴 fcf1杞 fdb7沜 fdb8渝 fdbb港 fdf1煮 fe52猪 fe6f瑜 feaa瓩 fedd砉
"""
"""The second places of characters that Big5 has anyway, which Hong Kong gave up, and the euro."""
_BIG5 = {
    **{bytes.fromhex(entry[:4]): entry[4:] for entry in _DOUBLE.split()},
    **dict(zip((bytes([0x87, trail]) for trail in (*range(0x7A, 0x7F), *range(0xA1, 0xE0))), _HKSCS_2008, strict=True)),
    **{bytes([0xA3, trail]): chr(0x2400 + trail - 0xC0) for trail in range(0xC0, 0xE0)},
    b"\xa3\xe0": "\u2421",
}
_LEADS = {
    "gb18030": range(0x81, 0xFF),
    "big5hkscs": range(0x81, 0xFF),
    "euc_jp": (0x8E, 0x8F, *range(0xA1, 0xFF)),
    "iso2022_jp_ext": range(0x21, 0x7F),
    "cp932": (*range(0x81, 0xA0), *range(0xE0, 0xFD)),
    "cp949": range(0x81, 0xFF),
}
MULTIBYTE = frozenset(_LEADS)
_DIGITS = range(0x30, 0x3A)


def _jis_row(row: int) -> dict[bytes, str]:
    """A row of JIS X 0208 by its bytes in EUC-JP, as Shift_JIS has it at another place."""
    lead = (row - 1) // 2 + (0x81 if row < 63 else 0xC1)
    trails = [*range(0x40, 0x7F), *range(0x80, 0x9F)] if row % 2 else range(0x9F, 0xFD)
    read = (bytes([lead, trail]).decode("cp932", "replace") for trail in trails)
    return {bytes([0xA0 + row, 0xA1 + cell]): found for cell, found in enumerate(read) if "\ufffd" not in found}


_JIS = {pair: character for row in (13, *range(89, 93)) for pair, character in _jis_row(row).items()}


def read_unknown(codec: str, body: bytes, at: int) -> tuple[str, int]:
    r"""What the standard reads at a place where a codec knows nothing, and where it goes on: ASCII is never swallowed.

    >>> read_unknown("euc_jp", b"\xad\xa1", 0), read_unknown("euc_jp", b"\xad\xff<", 0)
    (('①', 2), ('\ufffd', 2))
    """
    pair = body[at : at + 2]
    known = None
    if codec == "gb18030" and body[at] == 0x80:
        return "€", at + 1
    if codec == "big5hkscs":
        known = _BIG5.get(pair)
    elif codec == "euc_jp":
        known = _JIS.get(pair)
    elif codec == "iso2022_jp_ext" and pair.isascii():
        known = _JIS.get(bytes(byte | 0x80 for byte in pair))
    return (known, at + 2) if known else ("\ufffd", at + _length(codec, body[at : at + 4]))


def _length(codec: str, found: bytes) -> int:
    """How many of the bytes that follow are one error."""
    leads, rest = _LEADS[codec], found[1:]
    if found[0] not in leads or not rest:
        return 1
    if codec == "gb18030" and rest[0] in _DIGITS:
        return len(found) if all(map(contains, (_DIGITS, leads, _DIGITS), rest)) else 1
    if codec == "euc_jp" and found[0] == 0x8F and 0xA1 <= rest[0] < 0xFF:
        return 2 + (rest[1:2] >= b"\x80")
    if codec == "iso2022_jp_ext":
        return 1 + (rest[0] in leads)
    return 1 + (rest[0] >= 0x80)
