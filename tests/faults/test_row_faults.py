"""I07 to I13: lines of JSON and rows of Parquet that are damaged or odd."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from dump_files import COMPRESS, MAKERS, dump_of, pages, read
from fault_builds import as_parquet, build_files, line

from builder.errors import DumpError
from builder.records import Page, Reject

# -------------------------------------------------------------- JSON Lines

LINES: dict[str, tuple[bytes, int, list[str]]] = {
    "a last line that is cut": (line("<p>a</p>") + line("<p>b</p>")[:-9], 1, ["bad_line"]),
    "no newline at the end": (line("<p>a</p>") + line("<p>b</p>")[:-1], 2, []),
    "CRLF": (line("<p>a</p>").replace(b"\n", b"\r\n") * 2, 2, []),
    "BOM": (b"\xef\xbb\xbf" + line("<p>a</p>"), 1, []),
    "blank lines": (b"\n\n" + line("<p>a</p>") + b"  \n" + line("<p>b</p>"), 2, []),
    "a line of UTF-16": (line("<p>a</p>") + '{"html": "<p>b"}'.encode("utf-16-le") + b"\n", 1, ["bad_line"]),
    "NUL": (line("<p>a</p>") + b'{"html": "<p>\0b"}\n', 1, ["bad_line"]),
}


@pytest.mark.parametrize(("data", "rows", "codes"), LINES.values(), ids=LINES)
def test_I07_ends_and_marks_of_lines(tmp_path: Path, data: bytes, rows: int, codes: list[str]) -> None:
    built = build_files(tmp_path, {"a.jsonl": data})
    assert (len(built.rows), built.codes) == (rows, codes)
    assert [one["offset"] for one in built.rejects] == [data.index(b"\n") + 1] * len(codes)


OBJECTS: dict[str, tuple[bytes, str | None]] = {
    "a key twice": (b'{"html": "<p>one</p>", "html": "<p>two</p>"}', None),
    "NaN": (b'{"html": "<p>x</p>", "n": NaN}', "bad_line"),
    "Infinity": (b'{"html": "<p>x</p>", "n": -Infinity}', "bad_line"),
    "5,000 digits": (b'{"html": "<p>x</p>", "n": ' + b"1" * 5000 + b"}", "bad_line"),
    "100,000 brackets": (b'{"html": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "bad_line"),
    "a lone surrogate": (rb'{"html": "<p>x\ud800y</p>"}', None),
    "an array": (b'["<p>x</p>"]', "bad_line"),
    "a very long line": (b'{"html": "' + b"x" * 3_000_000 + b'"}', "too_large"),
}


@pytest.mark.parametrize("compress", [bytes, COMPRESS["gzip"]], ids=["plain", "gzip"])
@pytest.mark.parametrize(("odd", "code"), OBJECTS.values(), ids=OBJECTS)
def test_I08_lines_that_parsers_stumble_over(tmp_path: Path, odd: bytes, code: str | None, compress) -> None:
    data = line("<p>before</p>") + odd + b"\n" + line("<p>after</p>")
    built = build_files(tmp_path, {"a.jsonl": compress(data)}, limits={"page_bytes": 2**19})
    assert len(built.rows) == (2 if code else 3)
    assert [(one["code"], one["offset"]) for one in built.rejects] == (
        [(code, len(line("<p>before</p>")))] if code else []
    )


JSON_TEXTS = {
    "accepted": ['""', '"\\u0041\\n"', "0", "-0.1e+9", "true", "null", "[]", "{}", '[1,[2,{"a":null}]]', "1e400",
                 '" \u2028"', '"\\ud83d\\ude00"', " 1 ", "\t[ ]\r"],
    "refused": ["", "nul", "01", "1.", ".5", "+1", "0x1", "'a'", '"a', '"\\x"', "[1,]", "{a:1}", '{"a"}', "[1 2]",
                "1 2",
                '"\t"', "--1", "[", "}", '"\\u12"', "Infinity", "\ufeff1"],
}  # fmt: skip


@pytest.mark.parametrize("text", [*JSON_TEXTS["accepted"], *JSON_TEXTS["refused"]])
def test_I09_JSON_is_taken_as_the_standard_says(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"html": "<p>x</p>", "x": ' + text.encode() + b"}\n")
    item, *_ = read(dump_of(tmp_path / "a.jsonl"))
    assert isinstance(item, Page) == (text in JSON_TEXTS["accepted"])


# ----------------------------------------------------------------- Parquet


def test_I10_mutated_parquet_is_read_or_refused_and_never_crashes(tmp_path: Path) -> None:
    path, rng = tmp_path / "a.parquet", random.Random(10)
    MAKERS["parquet"](path, pages(45, size=200))
    sound = path.read_bytes()
    footer = len(sound) - 8 - pq.read_metadata(path).serialized_size
    outcomes = set()
    for _ in range(150):
        data = bytearray(sound)
        for _ in range(rng.choice((1, 3, 30))):
            data[rng.randrange(4, len(data))] ^= 1 << rng.randrange(8)
        path.write_bytes(data[: rng.choice((len(data), len(data), rng.randrange(8, len(data))))])
        try:
            items = read(dump_of(path, kind="parquet"))
        except DumpError:
            outcomes.add("refused")
            continue
        outcomes.add("damaged" if any(isinstance(item, Reject) for item in items) else "read")
        if path.read_bytes()[footer:] == sound[footer:]:  # it says how many rows there are
            assert sum(item.source.length for item in items if isinstance(item, Page | Reject)) == 45
    assert {"refused", "damaged"} <= outcomes


@pytest.mark.parametrize("compression", ["none", "zstd"])
def test_I11_a_flipped_bit_under_a_page_checksum_is_seen(tmp_path: Path, compression: str) -> None:
    html = [f"<p>row {number} of the heron book, {'reed ' * 30}</p>" for number in range(40)]
    data = bytearray(as_parquet(pa.table({"html": html}), compression=compression, row_group_size=20,
                                write_page_checksum=True, use_dictionary=False))  # fmt: skip
    (tmp_path / "sound.parquet").write_bytes(data)
    group = pq.ParquetFile(tmp_path / "sound.parquet").metadata.row_group(0).column(0)
    data[group.data_page_offset + group.total_compressed_size - 9] ^= 1
    built = build_files(tmp_path, {"a.parquet": bytes(data)})
    assert (len(built.rows), built.codes) == (20, ["damaged"])
    assert [(one["offset"], one["length"]) for one in built.rejects] == [(0, 20)]


TEXT = ["<p>a</p>", "<p>b</p>"]
TABLES: dict[str, tuple[pa.Table, str | None]] = {
    "missing": (pa.table({"text": TEXT}), "no column 'html' with the HTML; the columns are: text"),
    "binary": (pa.table({"html": pa.array(TEXT).cast(pa.binary())}), None),
    "large_string": (pa.table({"html": pa.array(TEXT, pa.large_string())}), None),
    "dictionary": (pa.table({"html": pa.array(TEXT).dictionary_encode()}), None),
    "a list": (pa.table({"html": [["<p>a</p>"]]}), "is list<"),
    "nothing but null": (pa.table({"html": pa.nulls(2)}), None),
    "a column of another case": (pa.table({"HTML": TEXT}), "no column 'html'"),
    "the same name twice": (
        pa.Table.from_arrays([pa.array(TEXT), pa.array(TEXT)], ["html", "html"]), "more than one column 'html'",
    ),
    "names that differ in case": (pa.table({"html": TEXT, "HTML": ["", ""]}), None),
}  # fmt: skip


@pytest.mark.parametrize(("table", "message"), TABLES.values(), ids=TABLES)
def test_I12_columns_of_every_kind(tmp_path: Path, table: pa.Table, message: str | None) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(as_parquet(table))
    if message is None:
        items = read(dump_of(path))
        expected = Reject if pa.types.is_null(table.schema.field("html").type) else Page
        assert [type(item) for item in items] == [expected] * 2
    else:
        with pytest.raises(DumpError, match=r"^a\.parquet: ") as caught:
            read(dump_of(path))
        assert message in str(caught.value)


def test_I13_a_file_whose_numbers_contradict_each_other(tmp_path: Path) -> None:
    # the footer promises more rows than the row group has: what is missing is booked
    table = pa.table({"html": [f"<p>{number}</p>" for number in range(200)]})
    data = as_parquet(table, compression="none", use_dictionary=False, write_statistics=False)
    (tmp_path / "a.parquet").write_bytes(data)
    metadata = pq.ParquetFile(tmp_path / "a.parquet").metadata
    footer = bytearray(data[-8 - metadata.serialized_size : -8])
    few, many = b"\x16\x90\x03", b"\x16\xf0\x03"  # 200 and 248, as the footer writes 64-bit numbers
    places = [at for at in range(len(footer)) if footer.startswith(few, at)]
    for at in places:
        footer[at : at + 3] = many
    assert places
    (tmp_path / "a.parquet").write_bytes(data[: -8 - len(footer)] + footer + data[-8:])
    items = read(dump_of(tmp_path / "a.parquet"))
    assert sum(isinstance(item, Page) for item in items) <= 248
    assert isinstance(items[-1], Reject)
    assert sum(item.source.length for item in items if isinstance(item, Page | Reject)) == 248
