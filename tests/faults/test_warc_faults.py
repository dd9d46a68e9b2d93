"""W01 to W13: files, members and records of a WARC that are cut, damaged or odd."""

from __future__ import annotations

import gzip
import io
import random
import zlib
from pathlib import Path

import pytest
import zstandard
from cases import assert_complete
from fault_builds import build_files, holes
from warc_bytes import (
    FORMS,
    bodies,
    dump_at,
    gz,
    gz_extra,
    http_block,
    kinds,
    mixed,
    read_all,
    read_splits,
    record,
    rejects,
    stored,
    story,
    zst,
    zst_with_dictionary,
)  # fmt: skip

from builder.dumps.detect import detect_format
from builder.errors import DumpError
from builder.records import Page

NOT_APPLICABLE: dict[str, str] = {}
FIVE = [story(number, size=200) for number in range(5)]
WHOLE = gz(b"".join(FIVE))


def test_every_case_of_family_W_is_tested_or_has_its_reason() -> None:
    assert_complete("W", 23, NOT_APPLICABLE)


def urls(path: Path, data: bytes) -> list[str]:
    return [item.url.rpartition("/")[2] for item in read_all(path, data) if isinstance(item, Page)]


def ranges(path: Path, data: bytes) -> list[tuple[str, int, int]]:
    return [(one.code, one.source.offset, one.source.length) for one in rejects(read_all(path, data))]


def test_W01_a_clipped_file_is_truncated_in_the_books(tmp_path: Path) -> None:
    members = [gz(one) for one in FIVE]
    data = b"".join(members)[:-40]
    built = build_files(tmp_path, {"a.warc.gz": data})
    assert len(built.rows) == 4
    start = len(b"".join(members[:4]))
    assert [(one["code"], one["offset"], one["length"]) for one in built.rejects] == [
        ("truncated", start, len(data) - start)
    ]
    assert build_strict_fails(tmp_path / "strict", data)


def build_strict_fails(folder: Path, data: bytes) -> bool:
    """With `on_bad_input: fail` such an input is not published."""
    with pytest.raises(Exception, match="on_bad_input is fail, and 1 truncated there"):
        build_files(folder, {"a.warc.gz": data}, inputs=[{"path": "raw/a.warc.gz", "on_bad_input": "fail"}])
    return not (folder / "out" / "_manifest.json").exists()


@pytest.mark.parametrize("form", ["gzip", "zstd", "plain"])
def test_W02_no_cut_passes_as_whole_but_at_a_border(tmp_path: Path, form: str) -> None:
    members = [FORMS[form]([one]) for one in FIVE[:3]]
    data = b"".join(members)
    borders = {len(b"".join(members[:count])) for count in range(4)}
    if form == "plain":
        borders |= {border - blank for border in borders for blank in range(1, 5)}
    for cut in {*range(8, len(data), 5), *(border for border in borders if border)}:
        assert bool(ranges(tmp_path / "a.warc", data[:cut])) == (cut not in borders), cut
    at_border = build_files(tmp_path, {"a.warc": data[: len(members[0])]}).manifest["inputs"]
    whole = build_files(tmp_path, {"a.warc": data}).manifest["inputs"]
    assert [entry["bytes"] for entry in (*at_border, *whole)] == [len(members[0]), len(data)]
    assert at_border[0]["sha256"] != whole[0]["sha256"]


def test_W03_a_flipped_bit_costs_its_member_and_no_other(tmp_path: Path) -> None:
    members = [gz(story(number)) for number in range(50)]
    data = bytearray(b"".join(members))
    start = len(b"".join(members[:17]))
    data[start + len(members[17]) // 2] ^= 4
    items = read_all(tmp_path / "a.warc", bytes(data))
    assert len(bodies(items)) == 49
    assert [(one.code, one.source.offset, one.source.length) for one in rejects(items)] == [
        ("damaged", start, len(members[17]))
    ]
    assert holes(items, bytes(data)) == b""


@pytest.mark.parametrize("form", ["gzip", "zstd", "plain"])
def test_W04_garbage_and_padding_after_the_last_record(tmp_path: Path, form: str) -> None:
    data = FORMS[form](FIVE)
    assert ranges(tmp_path / "a.warc", data + bytes(3000)) == []
    for garbage in (b"not a record", bytes(7) + b"rest", random.Random(4).randbytes(5000)):
        items = read_all(tmp_path / "a.warc", data + garbage)
        assert len(bodies(items)) == 5
        (reject,) = rejects(items)
        assert reject.source.offset + reject.source.length == len(data + garbage)
        assert holes(items, data + garbage) == b""


@pytest.mark.parametrize("form", ["gzip-whole", "zstd-whole"])
def test_W05_a_file_that_is_one_member_is_read(tmp_path: Path, form: str) -> None:
    data = FORMS[form](FIVE)
    assert urls(tmp_path / "a.warc", data) == ["0", "1", "2", "3", "4"]
    (items, *rest) = read_splits(dump_at(tmp_path / "a.warc", data), len(data) // 3)
    assert (len(bodies(items)), [bodies(items) for items in rest]) == (5, [[], []])


def test_W05_one_member_damaged_gives_what_stands_before_the_damage(tmp_path: Path) -> None:
    many = [story(number, size=400) for number in range(12)]
    broken = bytearray(gz(b"".join(many)))
    at = len(broken) * 3 // 5
    broken[at : at + 30] = bytes(30)
    plain = zlib.decompressobj(wbits=31)
    before = plain.decompress(bytes(broken[: at - 64]))
    complete = sum(len(before) >= len(b"".join(many[: number + 1])) for number in range(12))
    found = urls(tmp_path / "a.warc", bytes(broken))
    assert complete >= 2, "or this shows nothing"
    assert found[:complete] == [str(number) for number in range(complete)]
    assert {(offset, length) for _, offset, length in ranges(tmp_path / "a.warc", bytes(broken))} == {(0, len(broken))}


def test_W05_one_member_with_a_wrong_checksum_gives_its_records_and_says_so(tmp_path: Path) -> None:
    broken = WHOLE[:-8] + bytes(4) + WHOLE[-4:]
    assert urls(tmp_path / "a.warc", broken) == ["0", "1", "2", "3"]  # what the last one is nobody vouches for
    assert ranges(tmp_path / "a.warc", broken) == [("damaged", 0, len(broken))]


@pytest.mark.parametrize("off", [-60, 150, 100_000, 10**20], ids=lambda off: f"{off:+}")
@pytest.mark.parametrize("compress", [gz, zst], ids=["gzip", "zstd"])
def test_W05_a_bad_record_inside_one_member_costs_itself(tmp_path: Path, compress, off: int) -> None:
    block = http_block(b"<p>" + b"word " * 40 + b"</p>")
    bad = record(block=block, headers={"Content-Length": str(len(block) + off)})
    data = compress(b"".join([*FIVE[:2], bad, *FIVE[2:4], bad, FIVE[4]]))
    assert urls(tmp_path / "a.warc", data) == ["0", "1", "2", "3", "4"]
    assert ranges(tmp_path / "a.warc", data) == [("damaged", 0, len(data))] * 2


def test_W05_inside_a_damaged_member_among_others_only_it_is_lost(tmp_path: Path) -> None:
    several = bytearray(gz(b"".join(FIVE)))
    several[len(several) // 2 :] = bytes(len(several) - len(several) // 2)
    data = gz(story(10)) + bytes(several) + gz(story(11)) + gz(story(12))
    found = urls(tmp_path / "a.warc", data)
    assert found[0] == "10"
    assert found[-2:] == ["11", "12"]
    assert "0" in found[1:-2]
    assert ranges(tmp_path / "a.warc", data) == [("damaged", len(gz(story(10))), len(several))]


def test_W06_members_that_hold_other_than_one_record(tmp_path: Path) -> None:
    pairs = b"".join(gz(FIVE[number] + FIVE[number + 1]) for number in (0, 2)) + gz(FIVE[4])
    assert urls(tmp_path / "a.warc", pairs) == ["0", "1", "2", "3", "4"]
    torn = gz(FIVE[0]) + gz(FIVE[1][:200]) + gz(FIVE[1][200:]) + gz(FIVE[2])
    assert urls(tmp_path / "a.warc", torn) == ["0", "1", "2"]
    assert ranges(tmp_path / "a.warc", torn) == []
    # what does not go on in the next member, for a record begins there, was cut: it is said to be lost
    cut = gz(FIVE[0]) + gz(FIVE[1][:200]) + gz(FIVE[2])
    assert urls(tmp_path / "a.warc", cut) == ["0", "2"]
    assert ranges(tmp_path / "a.warc", cut) == [("damaged", len(gz(FIVE[0])), len(gz(FIVE[1][:200])))]


@pytest.mark.parametrize("stated", ["-1", "NaN", str(10**20), "30", "100000", "1+n", ""])
@pytest.mark.parametrize("form", ["plain", "gzip", "zstd"])
def test_W07_a_content_length_that_is_wrong(tmp_path: Path, form: str, stated: str) -> None:
    bad = record(block=http_block(b"<p>" + b"word " * 40), headers={"Content-Length": stated})
    data = FORMS[form]([FIVE[0], bad, FIVE[1], FIVE[2]])
    items = read_all(tmp_path / "a.warc", data)
    assert bodies(items) == [body for one in FIVE[:3] for body in bodies(read_all(tmp_path / "b.warc", one))]
    assert rejects(items)
    assert holes(items, data) == b""


def test_W08_a_record_cut_before_the_next_one(tmp_path: Path) -> None:
    request = record("request", block=b"GET / HTTP/1.1\r\n\r\n")
    data = FIVE[0][: len(FIVE[0]) // 2] + request + FIVE[1]
    items = read_all(tmp_path / "a.warc", data)
    assert kinds(items) == ["warc_request"]
    assert len(bodies(items)) == 1
    assert [(one.source.offset, one.source.length) for one in rejects(items)] == [(0, len(FIVE[0]) // 2)]


def test_W09_an_ARC_file_is_refused_by_name(tmp_path: Path) -> None:
    arc = (
        b"filedesc://a.arc 0.0.0.0 20220224033700 text/plain 76\n1 0 pen\n"
        b"URL IP-address Archive-date Content-type Archive-length\n\n\n"
    )
    for name, data in (("a.arc", arc), ("a.arc.gz", gz(arc))):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(DumpError, match=f"^{name}: an ARC file; convert it to WARC"):
            detect_format(tmp_path / name)


@pytest.mark.parametrize("packed", [False, True])
def test_W10_compressions_are_known_by_content(tmp_path: Path, packed: bool) -> None:
    assert len(urls(tmp_path / "a.warc.gz", zst_with_dictionary(FIVE, packed=packed))) == 5
    for form in ("plain", "gzip", "zstd"):
        (tmp_path / "a.warc").write_bytes(FORMS[form](FIVE))
        assert detect_format(tmp_path / "a.warc") == "warc"
    (tmp_path / "a.warc.lz4").write_bytes(b"\x04\x22\x4d\x18" + bytes(60))
    with pytest.raises(DumpError, match="lz4"):
        detect_format(tmp_path / "a.warc.lz4")


def test_W10_damaged_first_bytes_do_not_hide_the_compression(tmp_path: Path) -> None:
    packed = http_block(gzip.compress(b"<p>packed</p>", mtime=0), Content_Encoding="gzip")
    holding = [record(url="http://news.example/packed", block=packed), *FIVE]
    for form, data in (("plain", b"".join(holding)), ("stored", b"".join(map(stored, holding)))):
        for count in (1, 4, 12):
            assert urls(tmp_path / form, bytes(count) + data[count:])[-5:] == ["0", "1", "2", "3", "4"], (form, count)
    name = tmp_path / "a.warc.gz"
    name.write_bytes(b"XXXX" + b"".join(map(gz, FIVE))[4:])
    assert detect_format(name) == "warc"


def test_W11_extra_fields_joined_files_and_files_without_a_page(tmp_path: Path) -> None:
    assert len(urls(tmp_path / "a", b"".join(map(gz_extra, FIVE)))) == 5
    assert len(urls(tmp_path / "a", b"".join(map(gz, FIVE)) + b"".join(map(gz, FIVE)))) == 10
    info = record("warcinfo", None, b"software: own pen\r\n")
    built = build_files(tmp_path, {"empty.warc": b"", "empty.warc.gz": b"", "info.warc.gz": gz(info)})
    assert (built.rows, built.rejects) == ([], [])


@pytest.mark.parametrize(
    ("stated", "url"),
    [("<http://n.example/a>", "http://n.example/a"), ("http://n.example/a b", "http://n.example/a b"),
     ("http://n.example/ü", "http://n.example/ü")],
)  # fmt: skip
def test_W12_target_uris_are_kept_as_written(tmp_path: Path, stated: str, url: str) -> None:
    data = record(block=http_block(b"<title>T</title><p>x</p>"), headers={"WARC-Target-URI": stated})
    built = build_files(tmp_path, {"a.warc": data}, fields=["page_url", "url", "source"])
    assert built.rows[0]["page_url"] == url
    assert built.rows[0]["url"].isascii()


@pytest.mark.parametrize("form", ["plain", "gzip"])
def test_W13_headers_with_bare_line_feeds(tmp_path: Path, form: str) -> None:
    odd = [
        record(url=f"http://n.example/{n}", block=http_block(b"<p>%d" % n), newline="\n", ending=b"\n\n")
        for n in range(30)
    ]
    assert len(urls(tmp_path / "a.warc", FORMS[form](odd))) == 30


def test_the_makers_agree_with_other_readers() -> None:
    assert gzip.decompress(WHOLE) == b"".join(FIVE)
    frames = io.BytesIO(b"".join(map(zst, FIVE)))
    assert zstandard.ZstdDecompressor().stream_reader(frames, read_across_frames=True).read() == b"".join(FIVE)
    assert len(mixed()) == 8
