"""A path in a store does what the path of a disk does: odd names, parts of a path, listings, what is not there."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from storage_server import BUCKET

from builder.storage.path import StorePath, store_path
from builder.storage.place import each, files_below, place_of, remove_all, remove_tree

ODD = [
    "a b", "a%2Fb", "%C3%A9", "k=%20", "ü/é", "e\u0301", "a+b", "a#b", "a?b", "a&b=c", "[x]*", "~t", "a'\"b", "a\\b",
    "{x}", "^`|<>", "😀", "..x", "...", "a:b", "month=2022-01/part-00000.parquet", "x" * 255,
]  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_an_odd_name_is_one_name(bucket: StorePath, name: str) -> None:
    path, folder = bucket / "odd" / name, bucket / "odd"
    path.upload(name.encode())
    assert path.read_text() == name
    assert path.stat().st_size == len(name.encode())
    with path.open() as file:
        assert file.read() == name.encode()
    assert [found for found, _ in files_below(folder)] == [name]
    assert [str(entry.relative_to(folder)) for entry in folder.iterdir()] == [name.partition("/")[0]]
    path.copy(bucket / "copied" / name)
    assert (bucket / "copied" / name).read_text() == name
    remove_tree(folder)
    assert not folder.exists()
    assert (bucket / "copied").is_dir()
    assert str(place_of(str(path))) == str(path)


@pytest.mark.parametrize("name", ["a\nb", "a\tb", "a\x00b"])
def test_a_control_character_is_no_name(bucket: StorePath, name: str) -> None:
    with pytest.raises(OSError, match="illegal character"):
        (bucket / name).upload(b"x")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("s3://b/raw/x.warc.gz", ("s3://b", "raw/x.warc.gz")),
        ("s3://b/raw//2022/./../x", ("s3://b", "raw/x")),
        ("s3://b/../../x", ("s3://b", "x")),
        ("s3://b", ("s3://b", "")),
        ("s3://b/", ("s3://b", "")),
        ("gs://b/a%20b", ("gs://b", "a%20b")),
        ("https://host:8080/a%20b/c", ("https://host:8080", "a b/c")),
        ("ftp://b/x", None),
        ("raw/x", None),
        ("c:/x", None),
        ("S3://b/x", None),
    ],
)
def test_what_a_text_means(text: str, expected: tuple[str, str] | None) -> None:
    assert store_path(text) == (None if expected is None else StorePath(*expected))


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        (lambda path: path.name, "c.warc.gz"),
        (lambda path: path.stem, "c.warc"),
        (lambda path: path.suffix, ".gz"),
        (lambda path: str(path.parent), "s3://b/x/y"),
        (lambda path: [str(parent) for parent in path.parents], ["s3://b/x/y", "s3://b/x", "s3://b"]),
        (lambda path: path.parts, ("s3://b", "x", "y", "c.warc.gz")),
        (lambda path: str(path.with_suffix("")), "s3://b/x/y/c.warc"),
        (lambda path: str(path / "../d"), "s3://b/x/y/d"),
        (lambda path: str(path.parent / ".." / "d"), "s3://b/x/d"),
        (lambda path: path.is_relative_to(StorePath("s3://b", "x")), True),
        (lambda path: path.is_relative_to(StorePath("s3://b", "x/yy")), False),
        (lambda path: path.is_relative_to(StorePath("s3://other", "x")), False),
        (lambda path: path.is_relative_to(Path("x")), False),
        (lambda path: path.relative_to(StorePath("s3://b", "x")).as_posix(), "y/c.warc.gz"),
        (lambda path: path.resolve(), StorePath("s3://b", "x/y/c.warc.gz")),
    ],
)
def test_what_a_path_says_of_itself(ask: Callable[[StorePath], Any], expected: object) -> None:
    assert ask(StorePath("s3://b", "x/y/c.warc.gz")) == expected


def test_a_path_does_not_lie_below_another() -> None:
    with pytest.raises(ValueError, match="does not lie below"):
        StorePath("s3://b", "xy").relative_to(StorePath("s3://b", "x"))


def test_listings_of_more_than_a_page(bucket: StorePath) -> None:
    names = [f"{number:04d}" for number in range(1003)]
    each(bucket, lambda name: (bucket / "many" / name).upload(b"x"), names)
    each(bucket, lambda name: (bucket / "many" / "below" / name).upload(b""), names[:3])
    assert [entry.name for entry in (bucket / "many").iterdir()] == [*names, "below"]
    assert len(list(files_below(bucket / "many"))) == 1006
    assert dict(files_below(bucket / "many"))["below/0001"] == 0
    remove_tree(bucket / "many")
    assert list(files_below(bucket / "many")) == []


def test_a_marker_of_a_folder_is_no_file(bucket: StorePath) -> None:
    """Consoles put an empty object where a folder begins."""

    address = f"{os.environ['AWS_ENDPOINT_URL']}/{BUCKET}/{bucket.key}/raw/"
    with urlopen(Request(address, method="PUT", data=b""), timeout=10):
        pass
    (bucket / "raw" / "a").upload(b"1")
    assert list(files_below(bucket / "raw")) == [("a", 1)]
    assert [entry.name for entry in (bucket / "raw").iterdir()] == ["a"]


def test_what_is_not_there(bucket: StorePath) -> None:
    gone = bucket / "gone"
    assert not gone.exists()
    assert not gone.is_file()
    assert not gone.is_dir()
    assert list(gone.iterdir()) == []
    assert list(files_below(gone)) == []
    for ask in (gone.stat, gone.read_bytes, gone.open, gone.unlink, lambda: gone.copy(bucket / "x")):
        with pytest.raises(FileNotFoundError, match="no such object") as caught:
            ask()
        assert caught.value.filename == str(gone)
    gone.unlink(missing_ok=True)
    remove_tree(gone)
    remove_all(bucket, ["gone", "gone too"])


@pytest.mark.parametrize(
    "ask",
    [
        lambda path: path.stat(),
        lambda path: path.open(),
        lambda path: path.read_bytes(),
        lambda path: path.read_range(0, 1),
        lambda path: path.upload(b"x"),
        lambda path: path.upload_if(b"x", None),
        lambda path: path.copy(path / "x"),
        lambda path: path.unlink(),
    ],
)
def test_a_bucket_is_no_object(bucket: StorePath, ask: Callable[[StorePath], Any]) -> None:
    """Some stores answer what is asked of it with a listing, and a put would make it."""
    (bucket / "x").upload(b"x")
    root = StorePath(bucket.root)
    with pytest.raises(FileNotFoundError, match="no such object") as caught:
        ask(root)
    assert (caught.value.filename, root.is_file(), root.is_dir()) == (bucket.root, False, True)


def test_no_such_bucket(bucket: StorePath) -> None:
    with pytest.raises(FileNotFoundError):
        (StorePath("s3://no-such-bucket", bucket.key) / "x").read_bytes()
