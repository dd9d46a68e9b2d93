"""The list of an archive's members and its index are read once for all splits of the same bytes."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

from dump_files import cut, dump_of, read

from builder.dumps import READERS
from builder.records import Page, Split

MEMBERS = 20_000


def write(path: Path, members: int, words: str = "Low tide.") -> None:
    names = [f"{number:06d}.html" for number in range(members)]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("index.csv", "file,url\n" + "".join(f"{name},http://a.example/{name}\n" for name in names))
        for name in names:
            archive.writestr(name, f"<p>{words}</p>")


def seconds(splits: list[Split]) -> float:
    """Of the processor, until the first page of each is there."""
    began = time.process_time()
    for split in splits:
        next(READERS["zip"].read(split), None)
    return time.process_time() - began


def test_many_splits_read_the_list_once(tmp_path: Path) -> None:
    write(tmp_path / "a.zip", MEMBERS)
    first, *others = cut(dump_of(tmp_path / "a.zip"), 60_000)
    once = seconds([first])
    assert len(others) > 15
    assert seconds(others) < 4 * once


def test_an_archive_that_is_replaced_is_read_anew(tmp_path: Path) -> None:
    for words in ("Low tide.", "Low fare.", "High tide."):
        write(tmp_path / "new.zip", 3, words)
        (tmp_path / "new.zip").replace(tmp_path / "a.zip")
        found = [item for item in read(dump_of(tmp_path / "a.zip"), 1) if isinstance(item, Page)]
        assert [item.body for item in found] == [f"<p>{words}</p>".encode()] * 3
        assert found[2].url == "http://a.example/000002.html"
