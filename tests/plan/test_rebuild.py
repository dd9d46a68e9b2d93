"""What a second build does again: what changed and no more, with the bytes of a fresh build."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow.dataset as ds
import pytest
from small_builds import add_inline_engine, flip, page, run, touch, tree, two_dumps, write_config, write_dump

from builder.storage.place import READS
from builder.write.files import read_sealed, write_sealed

add_inline_engine()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return two_dumps(tmp_path)


# ------------------------------------------------------- only what changed


def test_a_changed_input_costs_its_own_splits_and_partitions(tmp_path: Path, config: Path) -> None:
    run(config, tmp_path / "out")
    before = tree(tmp_path / "out")
    write_dump(tmp_path / "raw" / "c.jsonl", [page(30, day="2022-02-20")])
    outcome = run(config, tmp_path / "out")
    assert (outcome.changed, outcome.reused, outcome.splits) == (True, 2, 3)
    after = tree(tmp_path / "out")
    changed = {name for name, digest in after.items() if before.get(name) != digest}
    assert {name.split("/")[1] if name.startswith("data") else name for name in changed} == {
        "month=2022-02",
        "_manifest.json",
    }


def test_other_bytes_of_the_same_size_and_time_are_seen(tmp_path: Path, config: Path) -> None:
    """As a copy or an archive that keeps times leaves them."""
    dump = tmp_path / "raw" / "b.jsonl"
    run(config, tmp_path / "out")
    before = dump.stat()
    dump.write_bytes(dump.read_bytes().replace(b"Heron 20", b"Egret 20"))
    os.utime(dump, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (dump.stat().st_size, dump.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    outcome = run(config, tmp_path / "out")
    assert (outcome.changed, outcome.reused) == (True, 1)
    run(config, tmp_path / "fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_untouched_parts_are_not_written_again(tmp_path: Path, config: Path) -> None:
    run(config, tmp_path / "out")
    untouched = [*(tmp_path / "out/data/month=2022-01").iterdir(), *(tmp_path / "out/data/month=2022-03").iterdir()]
    before = [(path, path.stat().st_ino, path.stat().st_mtime_ns) for path in untouched]
    write_dump(tmp_path / "raw" / "c.jsonl", [page(30, day="2022-02-20")])
    run(config, tmp_path / "out")
    assert [(path, path.stat().st_ino, path.stat().st_mtime_ns) for path in untouched] == before


def test_a_changed_build_is_what_a_fresh_one_would_be(tmp_path: Path, config: Path) -> None:
    run(config, tmp_path / "out")
    lines = (tmp_path / "raw" / "a.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "raw" / "a.jsonl").write_text("".join(lines[1:]), encoding="utf-8")
    write_dump(tmp_path / "raw" / "0.jsonl", [page(4, day="2022-02-15", hour=12)])
    assert run(config, tmp_path / "out").reused == 1
    run(config, tmp_path / "fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_an_input_that_has_gone_takes_its_rows_with_it(tmp_path: Path, config: Path) -> None:
    run(config, tmp_path / "out")
    (tmp_path / "raw" / "b.jsonl").unlink()
    work = tmp_path / "out" / "_work"
    touch(work, "unfinished/of-a-build-that-was-killed.log")
    assert run(config, tmp_path / "out").books.rows == 8
    run(config, tmp_path / "fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")
    left = {folder.name: len(list(folder.iterdir())) for folder in work.iterdir() if folder.is_dir()}
    assert left == {"receipts": 1, "staged": 2, "merged": 3}


def test_an_index_that_changes_changes_the_rows(tmp_path: Path) -> None:
    folder = tmp_path / "raw" / "mirror"
    folder.mkdir(parents=True)
    (folder / "one.html").write_text(page(1)["html"], encoding="utf-8")
    (folder / "index.csv").write_text("file,url\none.html,https://a.example/old\n")
    config = write_config(tmp_path, inputs=["raw/mirror"])
    run(config, tmp_path / "out")
    (folder / "index.csv").write_text("file,url\none.html,https://a.example/new\n")
    run(config, tmp_path / "out")
    assert ds.dataset(tmp_path / "out/data").to_table().column("url").to_pylist() == ["https://a.example/new"]


INDEXED = ("a.html", "b.html", "c.html", "d.html", "e.html", "f.html")


def test_a_folder_that_is_said_to_have_no_index(tmp_path: Path) -> None:
    config = indexed_folder(tmp_path, "a.html", "b.html")
    assert run(config, tmp_path / "out").books.rejected == {"missing_html": 4}
    config.write_text(config.read_text().replace('"mirror"', '{"path": "mirror", "index": ""}'))
    assert run(config, tmp_path / "out").books.rejected == {}


def indexed_folder(folder: Path, *names: str) -> Path:
    """Files of 300 bytes, three a split, and an index that names six."""
    (folder / "mirror").mkdir(parents=True)
    for name in names:
        text = f"<title>Heron {name}</title><p>" + "words of a page " * 20
        (folder / "mirror" / name).write_text(text[:300])
    lines = "".join(f"{name},https://a.example/{name}\n" for name in INDEXED)
    (folder / "mirror/index.csv").write_text(f"file,url\n{lines}")
    return write_config(folder, inputs=["mirror"], fields=["url", "title"], partition_by=None, sort_by=None,
                        duplicates=None, limits={"split_bytes": 900})  # fmt: skip


def moved(name: str, other: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).rename(folder / other)


@pytest.mark.parametrize(
    ("names", "change", "reused", "rejected"),
    [
        pytest.param("abcdeg", moved("g.html", "f.html"), 0, 0, id="the index is right at last"),
        pytest.param("abcdef", moved("f.html", "g.html"), 0, 1, id="one is named in vain"),
        pytest.param("abcdefg", moved("g.html", "h.html"), 2, 0, id="one that is not named"),
        pytest.param("abcdef", lambda folder: shutil.copy(folder / "f.html", folder / "g.html"), 2, 0, id="one more"),
    ],
)
def test_a_folder_with_an_index_is_what_a_fresh_build_would_make_of_it(
    tmp_path: Path, names: str, change: Callable[[Path], object], reused: int, rejected: int
) -> None:
    config = indexed_folder(tmp_path, *(f"{name}.html" for name in names))
    run(config, tmp_path / "out")
    change(tmp_path / "mirror")
    outcome = run(config, tmp_path / "out")
    fresh = run(config, tmp_path / "fresh")
    assert (outcome.reused, sum(fresh.books.rejected.values())) == (reused, rejected)
    assert outcome.books == fresh.books
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_a_link_in_a_folder_that_leads_elsewhere_changes_its_reject(tmp_path: Path) -> None:
    """Its length is that of the path that it holds; it is not followed."""
    config = indexed_folder(tmp_path, "a.html")
    (tmp_path / "mirror/b.html").symlink_to("a")
    run(config, tmp_path / "out")
    (tmp_path / "mirror/b.html").unlink()
    (tmp_path / "mirror/b.html").symlink_to("elsewhere")
    run(config, tmp_path / "out")
    run(config, tmp_path / "fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_each_of_many_partitions_is_known_again(tmp_path: Path) -> None:
    """More than notes of them are read at a time."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(number, f"{number}.example") for number in range(READS + 2)])
    config = write_config(tmp_path, partition_by=["site"])
    run(config, tmp_path / "out")
    before = {path: path.stat().st_ino for path in (tmp_path / "out" / "data").rglob("*.parquet")}
    write_dump(tmp_path / "raw" / "b.jsonl", [page(90, "3.example"), page(91, f"{READS + 1}.example")])
    assert run(config, tmp_path / "out").books.rows == READS + 4
    assert sum(path.exists() and path.stat().st_ino == before[path] for path in before) == READS


def test_one_of_several_parts_of_a_partition_that_is_gone_is_made_again(tmp_path: Path, config: Path) -> None:
    small = "write.part_bytes=1KiB"
    run(config, tmp_path / "out", small)
    before = tree(tmp_path / "out")
    parts = sorted((tmp_path / "out" / "data").rglob("*.parquet"))
    assert parts[1].parent == parts[0].parent
    parts[1].unlink()
    run(config, tmp_path / "out", small)
    assert tree(tmp_path / "out") == before


def test_how_parts_are_written_needs_no_page_again(tmp_path: Path, config: Path) -> None:
    run(config, tmp_path / "out")
    outcome = run(config, tmp_path / "out", "write.compression_level=12")
    assert (outcome.changed, outcome.reused) == (True, 2)


# ------------------------------------------------------------------- anew


def test_fresh_makes_everything_again(tmp_path: Path, config: Path) -> None:
    run(config, tmp_path / "out")
    before = tree(tmp_path / "out")
    part = min((tmp_path / "out").rglob("data/*/*.parquet"))
    flip(part, 40)
    hashes = tmp_path / "out" / "_work" / "hashes.json"
    write_sealed(hashes, re.sub("[0-9a-f]{64}", "0" * 64, read_sealed(hashes)))
    assert run(config, tmp_path / "out", fresh=True).reused == 0
    assert tree(tmp_path / "out") == before
