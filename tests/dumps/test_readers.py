"""What every reader promises, whatever the format."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import tracemalloc
from pathlib import Path

import pytest
from dump_files import MAKERS, Given, cut, dump_of, index_csv, page, pages, read
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.dumps import READERS
from builder.records import Dump, DumpOptions, Extent, Item, Locator, Page, Reject, Split

LIMIT = 32 * 1024
EMPTY = page(50)._replace(body=b"")
LARGE = page(100, size=2 * LIMIT)
PAGES = [*pages(50), EMPTY, *(page(i) for i in range(51, 100)), LARGE, *(page(i) for i in range(101, 150))]
IN_RANGES = ("jsonl", "tar", "warc", "warc.gz", "warc.zst")
STRIDED = ("jsonl.gz", "jsonl.zst", "tar.gz", "tar.zst", "tar.bz2", "tar.xz")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Dump]:
    folder = tmp_path_factory.mktemp("dumps")
    dumps = {}
    for kind, make in MAKERS.items():
        make(folder / f"pages.{kind}", PAGES)
        dumps[kind] = dump_of(folder / f"pages.{kind}", DumpOptions(page_bytes=LIMIT))
    return dumps


@pytest.fixture(params=MAKERS)
def dump(request: pytest.FixtureRequest, made: dict[str, Dump]) -> Dump:
    return made[request.param]


def without_extents(items: list[Item]) -> list[Item]:
    return [item for item in items if not isinstance(item, Extent)]


def in_order(items: list[Item]) -> list[Item]:
    """Sort by place: strides give blocks of records in turn."""
    return sorted(items, key=lambda item: item.source.offset if isinstance(item, Page | Reject) else -1)


def test_every_page_comes_back(dump: Dump) -> None:
    items = read(dump)
    expected = [(p.url, p.fetched_at, p.body) for p in PAGES if p is not LARGE]
    assert [(p.url, p.fetched_at, p.body) for p in items if isinstance(p, Page)] == expected


def test_the_large_page_is_the_only_reject(dump: Dump) -> None:
    rejects = [item for item in read(dump) if isinstance(item, Reject)]
    assert [(r.code, r.url) for r in rejects] == [("too_large", LARGE.url)]


def test_every_page_tells_its_charset_only_where_the_dump_decoded_it(made: dict[str, Dump]) -> None:
    said = {
        kind: next(i for i in read(d) if isinstance(i, Page)).headers.get("content-type") for kind, d in made.items()
    }
    decoded = [kind for kind in made if kind.startswith(("jsonl", "parquet", "warc"))]
    assert said == {kind: "text/html; charset=utf-8" if kind in decoded else None for kind in made}


@pytest.fixture(scope="module")
def uncut(made: dict[str, Dump]) -> dict[str, list[Item]]:
    return {kind: without_extents(read(dump)) for kind, dump in made.items()}


@pytest.mark.parametrize("kind", [kind for kind in MAKERS if kind not in STRIDED])
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_any_cut_gives_the_same_pages(
    kind: str, made: dict[str, Dump], uncut: dict[str, list[Item]], data: st.DataObject
) -> None:
    target = data.draw(st.integers(made[kind].size // 40, 2 * made[kind].size))
    assert without_extents(read(made[kind], target)) == uncut[kind]


@pytest.mark.parametrize("strides", [1, 3, 100])
@pytest.mark.parametrize("kind", STRIDED)
def test_any_number_of_strides_gives_the_same_pages(
    kind: str, strides: int, made: dict[str, Dump], uncut: dict[str, list[Item]]
) -> None:
    items = read(made[kind], max(1, made[kind].size // (2 * strides)))
    assert in_order(items) == in_order(uncut[kind])


@pytest.mark.parametrize("kind", STRIDED)
def test_strides_share_the_records_out(kind: str, made: dict[str, Dump]) -> None:
    dump = made[kind]
    splits = cut(dump, dump.size // 6)
    counts = [sum(isinstance(item, Page | Reject) for item in READERS[dump.format].read(split)) for split in splits]
    assert [split.stride for split in splits] == [(0, 3), (1, 3), (2, 3)]
    assert counts == [64, 64, 22]


@pytest.mark.parametrize("kind", ["folder", "zip", "tar", "parquet"])
def test_the_smallest_target_cuts_at_every_record(kind: str, made: dict[str, Dump]) -> None:
    splits = cut(made[kind], 1)
    assert len(splits) >= (8 if kind == "parquet" else len(PAGES) - 1)
    assert without_extents(read(made[kind], 1)) == without_extents(read(made[kind]))


@pytest.mark.parametrize("kind", ["jsonl", "jsonl.gz", "tar", "warc", "warc.gz"])
def test_a_target_of_one_byte(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"small.{kind}"
    MAKERS[kind](path, pages(3, size=64))
    dump = dump_of(path)
    assert without_extents(read(dump, 1)) == without_extents(read(dump))


@pytest.mark.parametrize("target", [1000, 50_000, 2**40])
def test_split_sizes_add_up_to_the_dump(dump: Dump, target: int) -> None:
    splits = cut(dump, target)
    assert sum(split.size for split in splits) == dump.size
    assert all(split.size >= 0 for split in splits)


@pytest.mark.parametrize("kind", ["folder", "zip", "tar", "jsonl", "parquet"])
def test_splits_have_about_the_size_asked_for(kind: str, made: dict[str, Dump]) -> None:
    target = made[kind].size // 4
    assert 3 <= len(cut(made[kind], target)) <= 5


@pytest.mark.parametrize("target", [1000, 50_000, 2**40])
@pytest.mark.parametrize("kind", IN_RANGES)
def test_extents_join_without_gap_or_overlap(kind: str, target: int, made: dict[str, Dump]) -> None:
    dump = made[kind]
    extents = []
    for split in cut(dump, target):
        *items, extent = READERS[dump.format].read(split)
        assert isinstance(extent, Extent)
        assert not any(isinstance(item, Extent) for item in items)
        assert not items or split.start <= extent.first < split.end
        extents.append(extent)
    # a split in which no record begins says its own end or later, so only those with records need to join
    joints = [extent for extent in extents if extent.first != extent.next]
    assert [e.next for e in joints[:-1]] == [e.first for e in joints[1:]]
    assert (extents[0].first, extents[-1].next) == (0, dump.size)


@pytest.mark.parametrize("kind", [kind for kind in MAKERS if kind not in IN_RANGES])
def test_only_byte_ranges_have_extents(kind: str, made: dict[str, Dump]) -> None:
    assert not any(isinstance(item, Extent) for item in read(made[kind]))


def test_locators_are_unique(dump: Dump) -> None:
    places = [item.source for item in read(dump) if isinstance(item, Page | Reject)]
    assert len(places) == len(set(places)) == len(PAGES)
    assert {place.input for place in places} == {dump.name}


def from_tar(data: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(data + bytes(-len(data) % 512 + 1024))) as archive:
        member = archive.extractfile(archive.next())
        assert member is not None
        return member.read()


def from_jsonl(data: bytes) -> bytes:
    return json.loads(data)["html"].encode()


def from_warc(data: bytes) -> bytes:
    assert data.startswith(b"WARC/1.0")
    return data.rstrip(b"\r\n").split(b"\r\n\r\n", 2)[2]


@pytest.mark.parametrize(
    ("kind", "opened", "parse"),
    [
        ("tar", bytes, from_tar),
        ("tar.gz", gzip.decompress, from_tar),
        ("jsonl", bytes, from_jsonl),
        ("jsonl.gz", gzip.decompress, from_jsonl),
        ("warc", bytes, from_warc),
    ],
)
def test_the_bytes_at_a_locator_are_the_record(kind: str, opened, parse, made: dict[str, Dump]) -> None:
    stored = opened(Path(made[kind].path).read_bytes())
    for item in read(made[kind]):
        if isinstance(item, Page) and item.body:
            assert parse(stored[item.source.offset :][: item.source.length]) == item.body


def test_the_bytes_at_a_locator_are_the_member_of_a_warc_gz(made: dict[str, Dump]) -> None:
    stored = Path(made["warc.gz"].path).read_bytes()
    found = [item for item in read(made["warc.gz"]) if isinstance(item, Page) and item.body]
    for item in found:
        assert from_warc(gzip.decompress(stored[item.source.offset :][: item.source.length])) == item.body


@pytest.mark.parametrize("kind", ["folder", "zip", "tar", "tar.gz"])
def test_a_member_is_called_by_its_name(kind: str, made: dict[str, Dump]) -> None:
    assert [i.source.record_id for i in read(made[kind]) if isinstance(i, Page | Reject)] == [p.name for p in PAGES]


def test_reading_twice_gives_the_same(dump: Dump) -> None:
    assert read(dump, 50_000) == read(dump, 50_000)


def peak(dump: Dump) -> int:
    splits = cut(dump)
    tracemalloc.start()
    for split in splits:
        for _ in READERS[dump.format].read(split):
            pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


@pytest.mark.parametrize("kind", [kind for kind in MAKERS if kind not in ("tar.bz2", "tar.xz")])
def test_memory_does_not_grow_with_the_dump(kind: str, tmp_path: Path) -> None:
    peaks = []
    for count in (100, 300):
        path = tmp_path / f"{count}.{kind}"
        MAKERS[kind](path, pages(count, size=12_000))
        peaks.append(peak(dump_of(path)))
    assert peaks[1] < peaks[0] + 2**20, "300 pages are 4 MB, 100 pages are 1 MB"


@pytest.mark.parametrize("kind", MAKERS)
def test_a_dump_without_pages(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"none.{kind}"
    MAKERS[kind](path, [])
    dump = dump_of(path)
    assert without_extents(read(dump)) == []
    assert sum(split.size for split in cut(dump)) == dump.size


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_a_page_without_url_is_called_by_its_place(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"no urls.{kind}"
    MAKERS[kind](path, [page(0)._replace(url=""), page(1)])
    first, second = (item for item in read(dump_of(path)) if isinstance(item, Page))
    assert (first.url, second.url) == (f"file:no%20urls.{kind}#0", page(1).url)


@pytest.mark.parametrize("kind", ["folder", "zip", "tar"])
def test_a_member_without_index_is_called_by_its_name(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a dump.{kind}"
    MAKERS[kind](path, [page(0)._replace(name="ü/a b.html")])
    found = [item for item in read(dump_of(path, DumpOptions(index=""))) if isinstance(item, Page)]
    assert [(p.url, p.fetched_at) for p in found] == [(f"file:a%20dump.{kind}/%C3%BC/a%20b.html", None)]


@pytest.mark.parametrize("kind", ["folder", "zip", "tar", "tar.gz"])
def test_what_the_index_names_in_vain_is_rejected_once(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"pages.{kind}"
    gone = Given("gone.html", "https://example.org/gone", page(0).fetched_at, b"")
    MAKERS[kind](path, pages(80), index_csv([*pages(80), gone]))
    dump = dump_of(path)
    items = read(dump, dump.size // 20)
    locator = Locator(dump.name, 0, 0, "gone.html")
    assert [(i.source, i.stage, i.code) for i in items if isinstance(i, Reject)] == [(locator, "read", "missing_html")]
    assert sum(isinstance(item, Page) for item in items) == 80


def test_splits_name_the_files_of_a_folder_alone(dump: Dump) -> None:
    splits: list[Split] = cut(dump, dump.size // 3)
    assert any(split.files for split in splits) == (dump.format == "folder")
