"""What is known of a tar before its pages are read: its cost and its memory do not grow with splits and members."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from dump_files import COMPRESS, cut, dump_of, index_csv, pages, read, tar_bytes

from builder.dumps import READERS
from builder.records import Page, Reject

MEMBERS = 10_000
GIVEN = pages(150, 300)
FILES = [(page.name, page.body) for page in GIVEN]
INDEX = ("index.csv", index_csv(GIVEN))
IN_VAIN = ("index.csv", b"file,url\nnot there.html,http://a.example/1\n")
OTHER = ("index.jsonl", b'{"file": "day/00000.html", "url": "http://a.example/other"}\n')

COMPRESSIONS: dict[str, Callable[[bytes], bytes]] = {"plain": bytes, "zstd": COMPRESS["zstd"]}


def many(path: Path, compress: Callable[[bytes], bytes]) -> None:
    path.write_bytes(
        compress(tar_bytes([(f"day/{number:06d}.html", b"<p>Low tide.</p>") for number in range(MEMBERS)]))
    )


def seconds(call: Callable[[], object]) -> float:
    """Of the processor."""
    began = time.process_time()
    call()
    return time.process_time() - began


def test_many_splits_do_not_walk_all_headers_each(tmp_path: Path) -> None:
    many(tmp_path / "a.tar", bytes)
    dump = dump_of(tmp_path / "a.tar")
    once = seconds(lambda: cut(dump, 500_000))
    splits = cut(dump, 500_000)
    assert len(splits) > 15
    assert seconds(lambda: [next(READERS["tar"].read(split)) for split in splits]) < 2 * once


@pytest.mark.parametrize("kind", COMPRESSIONS)
def test_without_an_index_no_names_are_kept(kind: str, tmp_path: Path) -> None:
    many(tmp_path / "a.tar", COMPRESSIONS[kind])
    first = cut(dump_of(tmp_path / "a.tar"))[0]
    tracemalloc.start()
    try:
        began = tracemalloc.get_traced_memory()[0]
        assert isinstance(next(READERS["tar"].read(first)), Page)
        peak = tracemalloc.get_traced_memory()[1] - began
    finally:
        tracemalloc.stop()
    assert peak < 2**20


@pytest.mark.parametrize("kind", COMPRESSIONS)
@pytest.mark.parametrize("target", [1, 2000, 2**40])
@pytest.mark.parametrize(
    ("files", "missing"),
    [
        pytest.param([INDEX, *FILES], [], id="first"),
        pytest.param([*FILES[:70], INDEX, *FILES[70:]], [], id="in the middle"),
        pytest.param([*FILES, INDEX], [], id="last"),
        pytest.param([IN_VAIN, *FILES, INDEX], [], id="again at the end"),
        pytest.param([OTHER, *FILES, INDEX], [], id="two of two names"),
        pytest.param([*FILES, ("index.csv", INDEX[1] + b"x.html,,\n")], ["x.html"], id="names a file in vain"),
    ],
)
def test_an_index_is_found_from_every_split(
    files: list[tuple[str, bytes]], missing: list[str], kind: str, target: int, tmp_path: Path
) -> None:
    (tmp_path / "a.tar").write_bytes(COMPRESSIONS[kind](tar_bytes(files)))
    items = read(dump_of(tmp_path / "a.tar", kind="tar"), target)
    found = {item.source.record_id: item.url for item in items if isinstance(item, Page)}
    assert found == {page.name: page.url for page in GIVEN}
    assert [item.source.record_id for item in items if isinstance(item, Reject)] == missing
