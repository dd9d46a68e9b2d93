"""Dumps -> pages. To add a format: a module with `cut` and `read`, a line in READERS, its names.

    cut(dump, target)   the splits of a dump, each about `target` bytes of it; reads little
    read(split)         its pages in order, what could not be read as Reject, what is no page as Skip; memory stays flat

Both raise DumpError only where the dump as a whole is unreadable; what is damaged in part costs that part alone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from builder.dumps.folder import cut_folder, read_folder
from builder.dumps.jsonl import cut_jsonl, read_jsonl
from builder.dumps.parquet import cut_parquet, read_parquet
from builder.dumps.tar import cut_tar, read_tar
from builder.dumps.unreadable import cut_unreadable, read_unreadable
from builder.dumps.warc import cut_warc, read_warc
from builder.dumps.zip import cut_zip, read_zip
from builder.normalize.urls import without_userinfo
from builder.records import Dump, Format, Item, Page, Reject, Split


class Reader(NamedTuple):
    """How one format is read."""

    cut: Callable[[Dump, int], list[Split]]
    read: Callable[[Split], Iterator[Item]]
    unit: str = "bytes"
    """What `start` and `end` of its splits count, for messages."""
    heeds_unread: bool = False
    """Whether `read` leaves out what Split.unread says."""


READERS: Mapping[Format, Reader] = {
    "warc": Reader(cut_warc, read_warc),
    "folder": Reader(cut_folder, read_folder, unit="files"),
    "zip": Reader(cut_zip, read_zip, unit="members"),
    "tar": Reader(cut_tar, read_tar),
    "jsonl": Reader(cut_jsonl, read_jsonl),
    "parquet": Reader(cut_parquet, read_parquet, unit="row groups", heeds_unread=True),
    "unreadable": Reader(cut_unreadable, read_unreadable),
}
"""Format -> its reader."""


def items_of(split: Split) -> Iterator[Item]:
    """What a split holds as `read` of its format gives it, in order; no URL has a user and password in it.

    Raises:
        UnreadableError, DumpError, OSError: as `read` of the format.

    """
    for item in READERS[split.dump.format].read(split):
        if isinstance(item, Page | Reject) and item.url is not None and "@" in item.url:
            yield replace(item, url=without_userinfo(item.url))
        else:
            yield item


def pages_of(split: Split) -> Iterator[Page | Reject]:
    """The pages of a split, and what could not be read as one, in order: without what is no page.

    Raises:
        UnreadableError, DumpError, OSError: as `read` of the format.

    """
    return (item for item in items_of(split) if isinstance(item, Page | Reject))
