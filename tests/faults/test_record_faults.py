"""W14 to W23: what stands inside WARC records: bodies, encodings, types, digests, headers."""

from __future__ import annotations

import base64
import gzip
import hashlib
import resource
import zlib
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest
from fault_builds import build_config, build_files
from warc_bytes import bodies, dump_at, gz, http_block, kinds, mixed, read_all, record, rejects, stored, story

from builder.dumps.warc import cut_warc, read_warc
from builder.records import Dump, DumpOptions, Item, Page

HTML = b"<html><head><title>Tide table</title></head><body><p>Low tide at four.</p></body></html>"


def page_of(path: Path, block: bytes, **headers: str | None) -> Page:
    (item,) = read_all(path, gz(record(block=block, headers={k.replace("_", "-"): v for k, v in headers.items()})))
    assert isinstance(item, Page), item
    return item


def chunked(body: bytes, size: int) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


BODIES = {
    "no last chunk": (chunked(HTML, 20)[:-5], HTML, "transfer"),
    "cut in a chunk": (chunked(HTML, 20)[:60], HTML[:44], "transfer"),
    "a size of 10**15": (b"5\r\n<p>ab\r\n38D7EA4C68000\r\nrest", b"<p>ab", "transfer"),
    "a size that is none": (b"5\r\n<p>ab\r\nzz\r\nrest", b"<p>ab", "transfer"),
    "whole": (chunked(HTML, 20), HTML, None),
    "undone by the crawler": (HTML, HTML, None),
}


@pytest.mark.parametrize(("sent", "body", "truncated"), BODIES.values(), ids=BODIES)
def test_W14_broken_chunks_give_what_is_valid_and_a_flag(
    tmp_path: Path, sent: bytes, body: bytes, truncated: str | None
) -> None:
    page = page_of(tmp_path / "a", http_block(sent, Transfer_Encoding="chunked"))
    assert (page.body, page.truncated) == (body, truncated)


def test_W14_a_body_shorter_than_its_length_or_cut_in_its_compression(tmp_path: Path) -> None:
    assert page_of(tmp_path / "a", http_block(HTML, Content_Length=str(len(HTML) + 1))).truncated == "transfer"
    for stated in (str(len(HTML)), str(len(HTML) - 1), "many", "-1", "9" * 30):
        assert page_of(tmp_path / "a", http_block(HTML, Content_Length=stated)).truncated is None, stated
    packed = gzip.compress(HTML * 50, mtime=0)
    cut = page_of(tmp_path / "a", http_block(packed[:-20], Content_Encoding="gzip"))
    assert (HTML in cut.body, cut.truncated) == (True, "transfer")
    assert page_of(tmp_path / "a", http_block(packed, Content_Encoding="gzip")).truncated is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Transfer_Encoding": "chunked"},
        {"Content_Encoding": "gzip"},
        {"Transfer_Encoding": "chunked", "Content_Encoding": "gzip"},
        {
            "X_Crawler_Content_Encoding": "gzip",
            "X_Crawler_Transfer_Encoding": "chunked",
            "X_Crawler_Content_Length": "9",
        },
    ],
    ids=["chunked", "gzip", "both", "renamed"],
)
def test_W15_a_body_decoded_by_the_crawler_is_not_decoded_twice(tmp_path: Path, headers: dict[str, str]) -> None:
    assert page_of(tmp_path / "a", http_block(HTML, "HTTP/2 200", **headers)).body == HTML


def test_W16_truncated_records_are_kept_and_say_why(tmp_path: Path) -> None:
    reasons = {"length": "length", "TIME": "time", "disconnect": "disconnect", "unspecified": "unspecified",
               "moon": "unspecified", "": None}  # fmt: skip
    data = b"".join(
        gz(record(url=f"http://n.example/{n}", block=http_block(HTML), headers={"WARC-Truncated": stated}))
        for n, stated in enumerate(reasons)
    )
    built = build_files(tmp_path, {"a.warc.gz": data})
    assert [row["truncated"] for row in built.rows] == list(reasons.values())
    assert built.manifest["counts"]["flags"] == {"truncated": 5}


def test_W16_a_length_that_crawlers_cut_at_is_no_proof(tmp_path: Path) -> None:
    body = HTML + b"<p>" + b"x" * (2**20 - len(HTML) - 3)
    (item,) = read_all(tmp_path / "a", gz(record(block=http_block(body))), 2**21)
    assert isinstance(item, Page)
    assert (len(item.body), item.truncated) == (2**20, None)


def test_W17_a_bomb_is_too_large_and_costs_no_memory(tmp_path: Path) -> None:
    squeezed = zlib.compress(bytes(300 * 2**20), 9, wbits=31)
    data = gz(story(1)) + stored(record(block=http_block(squeezed, Content_Encoding="gzip"))) + gz(story(2))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    items = read_all(tmp_path / "a", data)
    assert (len(bodies(items)), [one.code for one in rejects(items)]) == (2, ["too_large"])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KiB


ENCODED = {
    "gzip on plain": ("gzip", HTML), "br on plain": ("br", HTML), "deflate": ("deflate", zlib.compress(HTML)),
    "raw deflate": ("deflate", zlib.compress(HTML, wbits=-15)), "identity": ("identity", HTML),
    "bogus": ("utf-8", HTML),
    "twice": ("gzip, gzip", gzip.compress(gzip.compress(HTML))),
    "one of two": ("gzip, br", gzip.compress(HTML, mtime=0)),
    "begins like br": ("gzip, br", gzip.compress(HTML, mtime=0x6B091C22)),
}  # fmt: skip


@pytest.mark.parametrize(("label", "body"), ENCODED.values(), ids=ENCODED)
def test_W18_labels_of_encodings_that_lie(tmp_path: Path, label: str, body: bytes) -> None:
    data = gz(record(block=http_block(body, Content_Encoding=label))) + gz(story(1))
    items = read_all(tmp_path / "a", data)
    if label == "gzip, br":  # neither br nor text: what it is cannot be known
        assert [one.code for one in rejects(items)] == ["bad_content_encoding"]
    else:
        assert bodies(items)[0] == HTML
    assert len(bodies(items)) + len(rejects(items)) == 2, "and the next record is read"


def test_W19_records_that_are_no_pages_are_counted_by_type(tmp_path: Path) -> None:
    segmented = record("continuation", headers={"WARC-Segment-Number": "2"}, block=b"the second half")
    records = [*mixed(), segmented, record("response", block=b"\0\1", headers={"Content-Type": "text/dns"})]
    items = read_all(tmp_path / "a", b"".join(map(gz, records)))
    assert Counter(kinds(items)) == {
        "warc_warcinfo": 1, "warc_request": 1, "warc_metadata": 1, "warc_revisit": 1, "warc_conversion": 1,
        "warc_continuation": 2, "not_http": 1,
    }  # fmt: skip
    assert (len(bodies(items)), rejects(items)) == (2, [])


def digest(content: bytes, algorithm: str = "sha1", *, base32: bool = True) -> str:
    made = hashlib.new(algorithm, content)
    return f"{algorithm}:{base64.b32encode(made.digest()).decode() if base32 else made.hexdigest()}"


def read_verified(path: Path, data: bytes) -> list[Item]:
    dump = dump_at(path, data)
    strict = Dump(dump.name, dump.path, dump.format, dump.size, DumpOptions(verify_digests=True))
    return [item for split in cut_warc(strict, 2**40) for item in read_warc(split)][:-1]


BLOCK, CHUNKS = http_block(HTML), http_block(chunked(HTML, 20), Transfer_Encoding="chunked")
GOOD = {
    "block": (BLOCK, {"WARC-Block-Digest": digest(BLOCK)}),
    "payload": (BLOCK, {"WARC-Payload-Digest": digest(HTML)}),
    "hexadecimal": (BLOCK, {"WARC-Payload-Digest": digest(HTML, "sha256", base32=False)}),
    "payload with chunks": (CHUNKS, {"WARC-Payload-Digest": digest(chunked(HTML, 20), "md5")}),
    "payload without": (CHUNKS, {"WARC-Payload-Digest": digest(HTML)}),
    "an unknown algorithm": (BLOCK, {"WARC-Block-Digest": "crc64:AAAA"}),
    "none": (BLOCK, {}),
}


@pytest.mark.parametrize(("block", "headers"), GOOD.values(), ids=GOOD)
def test_W20_digests_that_are_right(tmp_path: Path, block: bytes, headers: dict[str, str | None]) -> None:
    assert bodies(read_verified(tmp_path / "a", record(block=block, headers=headers))) == [HTML]


@pytest.mark.parametrize("name", ["WARC-Block-Digest", "WARC-Payload-Digest"])
@pytest.mark.parametrize("stated", [digest(b"other"), "sha1:", "sha-256:XYZ", "md5:é"])
def test_W20_digests_that_are_wrong(tmp_path: Path, name: str, stated: str) -> None:
    data = record(block=BLOCK, headers={name: stated})
    assert [one.code for one in rejects(read_verified(tmp_path / "a", data + story(1)))] == ["bad_digest"]
    assert bodies(read_all(tmp_path / "a", data)) == [HTML], "unless they are not looked at"


def test_W20_digests_are_verified_where_the_config_says_so(tmp_path: Path) -> None:
    data = gz(record(block=BLOCK, headers={"WARC-Block-Digest": digest(b"other")}))
    inputs = [{"path": "raw/a.warc.gz", "verify_digests": True}]
    assert build_files(tmp_path, {"a.warc.gz": data}, inputs=inputs).codes == ["bad_digest"]


HEADERS: dict[str, tuple[dict[str, str | None], str | None]] = {
    "no URL": ({"WARC-Target-URI": None}, "bad_record"),
    "a bad date": ({"WARC-Date": "tomorrow"}, "bad_fetch_time"),
    "NUL in a header": ({"X-Odd": "a\0b"}, None),
    "folded": ({"X-Odd": "a\r\n b"}, None),
    "headers twice": ({"X-Odd": "a\r\nX-Odd: b"}, None),
    "64 KiB of headers": ({"X-Odd": "x" * 70_000}, "damaged"),
    "a URL twice": ({"X": "y\r\nWARC-Target-URI: http://n.example/b"}, "bad_record"),
}


@pytest.mark.parametrize(("headers", "code"), HEADERS.values(), ids=HEADERS)
def test_W21_headers_that_are_missing_or_odd(tmp_path: Path, headers: dict[str, str | None], code: str | None) -> None:
    data = gz(record(block=BLOCK, headers=headers)) + gz(story(1))
    items = read_all(tmp_path / "a", data)
    assert [one.code for one in rejects(items)] == ([code] if code else [])
    assert len(bodies(items)) == (1 if code else 2)


TYPES = {
    "PDF as HTML": ("text/html", b"%PDF-1.7\n%\xe2\xe3", "not_html"),
    "PNG as HTML": ("text/html", b"\x89PNG\r\n\x1a\n" + bytes(40), "not_html"),
    "zip without a type": ("", b"PK\x03\x04" + bytes(40), "not_html"),
    "HTML without a type": ("", HTML, None),
    "HTML as plain text": ("text/plain", HTML, None),
    "HTML as unknown bytes": ("application/octet-stream", HTML, None),
}


@pytest.mark.parametrize(("content_type", "body", "code"), TYPES.values(), ids=TYPES)
def test_W22_the_bytes_decide_what_is_html(tmp_path: Path, content_type: str, body: bytes, code: str | None) -> None:
    built = build_files(tmp_path, {"a.warc": record(block=http_block(body, Content_Type=content_type))})
    assert (built.codes, len(built.rows)) == (([code], 0) if code else ([], 1))


PLAIN = {
    "robots.txt": ("text/plain", b"User-agent: *\nDisallow: /a<b*\n", True),
    "a log with an address": ("Text/Plain; charset=utf-8", b"Saved by Ann <ann@news.example> in 2 < 3 s", True),
    "nothing": ("text/plain", b"", True),
    "a download": ("application/octet-stream", b"\x01\x02 words", True),
    "a comment first": ("text/plain", b"\n<!-- saved --><p>Low tide at four.", False),
    "an end tag": ("text/plain", b"Low tide</b> at four.", False),
    "in UTF-16": ("text/plain; charset=utf-16le", HTML.decode().encode("utf-16-le"), False),
    "words under no type": ("", b"Low tide at four.", False),
}


@pytest.mark.parametrize(("content_type", "body", "is_filtered"), PLAIN.values(), ids=PLAIN)
def test_W22_plain_text_without_a_tag_is_filtered(
    tmp_path: Path, content_type: str, body: bytes, *, is_filtered: bool
) -> None:
    built = build_files(tmp_path, {"a.warc": record(block=http_block(body, Content_Type=content_type))})
    assert built.manifest["counts"]["filtered"] == ({"content_type": 1} if is_filtered else {})
    assert (built.codes, len(built.rows)) == ([], 0 if is_filtered else 1)


def test_W22_a_crawl_with_what_crawlers_write_beside_pages_builds_by_the_config_of_init(tmp_path: Path) -> None:
    """A log, the text of every page and a robots.txt are no pages, and no reason to publish nothing."""
    plain = {"Content-Type": "text/plain"}
    pages = [record(url=f"https://n.example/{number}", block=http_block(HTML)) for number in range(10)]
    texts = [record("resource", f"urn:text:https://n.example/{n}", b"Low tide at four.", plain) for n in range(10)]
    log = record("resource", "metadata://gnu.org/software/wget/warc/wget.log", b"saved\n", plain)
    robots = record(url="https://n.example/robots.txt", block=http_block(b"User-agent: *\n", Content_Type="text/plain"))
    (tmp_path / "dumps").mkdir()
    (tmp_path / "dumps" / "a.warc.gz").write_bytes(b"".join(map(gz, [*pages, *texts, log, robots])))
    template = files("builder.config").joinpath("template.yaml").read_text(encoding="utf-8")
    (tmp_path / "job.yaml").write_text(template, encoding="utf-8")
    built = build_config(tmp_path / "job.yaml", tmp_path / "out")
    assert (len(built.rows), built.codes) == (10, [])
    assert built.manifest["counts"]["filtered"] == {"content_type": 1}
    assert built.manifest["inputs"][0]["skipped"] == {"not_http": 11}


def test_W23_records_that_occur_twice_are_both_kept_unless_the_config_says_otherwise(tmp_path: Path) -> None:
    data = b"".join(gz(record(block=http_block(HTML))) for _ in range(3))
    built = build_files(tmp_path, {"a.warc.gz": data})
    offsets = [row["source"]["offset"] for row in built.rows]
    assert len(offsets) == 3
    assert offsets == sorted(offsets)
    once = build_files(tmp_path, {"a.warc.gz": data}, duplicates={"by": ["page_url"], "keep": "latest"})
    assert (len(once.rows), once.manifest["counts"]["duplicates"]) == (1, 2)
