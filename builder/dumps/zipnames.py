"""What the members of a zip are called: the bytes of a name do not say what encoding they are in, unless flagged.

Read here and not by zipfile, of which some versions know the Unicode path and some do not.
"""

from __future__ import annotations

import re
import struct
import zlib
from zipfile import ZipInfo

_UTF_8 = 0x800  # flag: the name is in UTF-8
_WINDOWS = 0  # what made the member: MS-DOS and what came of it
_UNICODE_PATH = 0x7075
_SEPARATOR = re.compile(r"(?<![^\x00-\x7f])\\")


def member_name(info: ZipInfo) -> str:
    """Return the name of a member as its writer meant it.

    In UTF-8 where it is flagged so; else its Unicode path; else in UTF-8 where it is valid, which Info-ZIP, macOS and
    old Java write without the flag and hardly a name in another encoding is; else in that of MS-DOS, cp437.
    """
    stated = info.orig_filename.partition("\0")[0]
    if info.flag_bits & _UTF_8 or (stated.isascii() and not info.extra):
        return stated
    raw = info.orig_filename.encode("cp437")
    _, unicode_name = unicode_path(info.extra, raw)
    if unicode_name:
        return unicode_name
    try:
        return raw.partition(b"\0")[0].decode()
    except UnicodeDecodeError:
        return stated


def slashed(info: ZipInfo, name: str) -> str:
    """Return `name`, what `member_name` gave, with slashes: some programs of Windows write a backslash.

    No name has one there. But where the encoding is not known it may be the second byte of a character (in Shift-JIS,
    GBK, Big5), and stays where it stands behind a byte that is not ASCII.
    """
    if info.create_system != _WINDOWS:
        return name
    is_known = info.flag_bits & _UTF_8 or name != info.orig_filename.partition("\0")[0]
    return name.replace("\\", "/") if is_known else _SEPARATOR.sub("/", name)


def unicode_path(extra: bytes, raw: bytes) -> tuple[bytes, str]:
    """Return the extra field that says what the name `raw` is in Unicode, and what it says; empty where none does."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        field = extra[at : at + 4 + length]
        at += 4 + length
        if kind != _UNICODE_PATH or len(field) < 4 + length or length < 5:
            continue
        version, checksum = struct.unpack_from("<BL", field, 4)
        if version == 1 and checksum == zlib.crc32(raw):
            try:
                return field, field[9:].decode().partition("\0")[0]
            except UnicodeDecodeError:
                break
    return b"", ""
