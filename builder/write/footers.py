"""Footers of Parquet files that are opened again and again, kept as they were read.

A staged file has a row group for every partition, so its footer grows with their number, and every partition opens it:
read anew each time, they would make the work of a merge the square of the number of partitions.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

import pyarrow.parquet as pq

_MOST = 8 * 2**20
"""Bytes of all footers that are kept, as they stand in files; in memory they take ten times as much."""
_FILES = 64
"""Footers that are kept at most: small ones cost little to read, and each that is kept is counted at every opening."""
_kept: OrderedDict[Hashable, pq.FileMetaData] = OrderedDict()
_lock = Lock()


def known_footer(key: Hashable) -> pq.FileMetaData | None:
    """The footer that was kept under this key, if it still is."""
    with _lock:
        return _kept.get(key)


def keep_footer(key: Hashable, footer: pq.FileMetaData) -> None:
    """Keep a footer, whatever its size, and let go of those that were asked for the longest ago.

    Args:
        key: the file and its version: the same for the same bytes alone.
        footer: what was read of it.
    """
    with _lock:
        _kept[key] = footer
        _kept.move_to_end(key)
        while len(_kept) > _FILES or (len(_kept) > 1 and sum(kept.serialized_size for kept in _kept.values()) > _MOST):
            _kept.popitem(last=False)
