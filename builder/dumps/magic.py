"""What files, streams and records begin with, or are told by: bytes that several readers look for."""

from __future__ import annotations

import re

GZIP = b"\x1f\x8b"
GZIP_DEFLATE = b"\x1f\x8b\x08"
"""With the only method that there is: three bytes are less often there by chance."""
ZSTD = b"\x28\xb5\x2f\xfd"
ZSTD_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
"""A frame that decoders pass over; its length follows."""
XZ = b"\xfd7zXZ\x00"
BOM = b"\xef\xbb\xbf"
"""Of UTF-8."""
BLANK_LINE = re.compile(rb"\r?\n\r?\n")
"""What ends the headers of HTTP and WARC."""
