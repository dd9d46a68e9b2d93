"""A dump that no reader takes: all of it is one reject, so that the books know of it and the other inputs are built."""

from __future__ import annotations

from collections.abc import Iterator

from builder.records import Dump, Item, Locator, Reject, Split


def cut_unreadable(dump: Dump, _target: int) -> list[Split]:
    """One split."""
    return [Split(dump, 0, dump.size, dump.size)]


def read_unreadable(split: Split) -> Iterator[Item]:
    """One reject, of all bytes."""
    dump = split.dump
    yield Reject(Locator(dump.name, 0, dump.size), "read", "unreadable", dump.problem or "it cannot be read")
