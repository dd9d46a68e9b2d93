from __future__ import annotations

import errno
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from dump_files import cut, dump_of, make_parquet, pages, read

from builder.errors import DumpError, UnreadableError
from builder.records import DumpOptions, Item, Page, Reject

HTML = "<p>Ein kurzer Text, täglich.</p>"
MOMENT = datetime(2022, 2, 23, 22, 7, tzinfo=UTC)


def items_of(table: pa.Table, tmp_path: Path, options: DumpOptions | None = None, **settings: object) -> list[Item]:
    pq.write_table(table, tmp_path / "a.parquet", **settings)
    return read(dump_of(tmp_path / "a.parquet", options))


@pytest.mark.parametrize(
    "kind",
    [
        pa.string(),
        pa.large_string(),
        pa.string_view(),
        pa.binary(),
        pa.large_binary(),
        pa.binary_view(),
        pa.dictionary(pa.int32(), pa.string()),
        pa.dictionary(pa.int8(), pa.binary()),
    ],
    ids=str,
)
def test_the_html_may_be_text_or_binary(kind: pa.DataType, tmp_path: Path) -> None:
    column = pa.array([HTML, None, ""], pa.string()).cast(getattr(kind, "value_type", kind))
    column = column.dictionary_encode() if pa.types.is_dictionary(kind) else column
    first, missing, empty = items_of(pa.table({"html": column, "url": ["a", "b", "c"]}), tmp_path)
    assert isinstance(first, Page)
    assert isinstance(missing, Reject)
    assert isinstance(empty, Page)
    is_text = "string" in str(kind)
    assert first.headers == ({"content-type": "text/html; charset=utf-8"} if is_text else {})
    assert (first.body, empty.body) == (HTML.encode(), b"")
    assert (missing.code, missing.source.offset, missing.source.length) == ("missing_html", 1, 1)
    assert missing.url == "b"


def test_html_as_text_has_the_content_type_that_the_file_gives_but_its_charset(tmp_path: Path) -> None:
    table = pa.table({"html": [HTML] * 3, "content_type": ["image/png", "text/html; charset=latin-1", None]})
    kinds = [found.headers["content-type"] for found in items_of(table, tmp_path) if isinstance(found, Page)]
    assert kinds == ["image/png; charset=utf-8", "text/html; charset=utf-8", "text/html; charset=utf-8"]


@pytest.mark.parametrize("kind", [pa.binary(), pa.binary(1)], ids=str)
def test_binary_html_has_the_content_type_that_the_file_gives(kind: pa.DataType, tmp_path: Path) -> None:
    table = pa.table({"html": pa.array([b"\xe9"], kind), "content_type": ["text/html; charset=latin-1"]})
    (found,) = items_of(table, tmp_path)
    assert isinstance(found, Page)
    assert (found.body, found.headers) == (b"\xe9", {"content-type": "text/html; charset=latin-1"})


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array([MOMENT], pa.timestamp("us", "UTC")), MOMENT),
        (pa.array([MOMENT], pa.timestamp("ns", "Asia/Kolkata")), MOMENT),
        (pa.array([1645654020 * 10**9 + 999], pa.int64()).cast(pa.timestamp("ns")), MOMENT),
        (pa.array([MOMENT.replace(tzinfo=None)], pa.timestamp("ms")), MOMENT),
        (pa.array([date(2022, 2, 23)], pa.date32()), datetime(2022, 2, 23, tzinfo=UTC)),
        (pa.array([1645654020], pa.int64()), MOMENT),
        (pa.array([1645654020000], pa.int64()), MOMENT),
        (pa.array([1645654020000000000], pa.int64()), MOMENT),
        (pa.array([float("nan")]), None),
        (pa.array(["2022-02-24T03:37:00+05:30"]), MOMENT),
        (pa.array(["20220223220700"]).dictionary_encode(), MOMENT),
        (pa.array([b"2022-02-23T22:07:00Z"]), MOMENT),
        (pa.array([None], pa.string()), None),
        (pa.array([None], pa.timestamp("us")), None),
        (pa.nulls(1), None),
    ],
    ids=lambda value: str(getattr(value, "type", "")),
)
def test_times(column: pa.Array, expected: datetime | None, tmp_path: Path) -> None:
    (found,) = items_of(pa.table({"html": [HTML], "fetched_at": column}), tmp_path)
    assert isinstance(found, Page)
    assert found.fetched_at == expected


@pytest.mark.parametrize(
    "column",
    [
        pa.array(["soon"]),
        pa.array([b"\xff"]),
        pa.array([10**17], pa.int64()),
        pa.array([2**62], pa.int64()).cast(pa.timestamp("us")),
        pa.array([2**63 - 1], pa.int64()).cast(pa.timestamp("ms")),
        pa.array([2**64 // 1000 + 1645654020000], pa.int64()).cast(pa.timestamp("ms")),
        pa.array([-(2**63)], pa.int64()).cast(pa.timestamp("ms", "UTC")),
        pa.array([True]),
        pa.array([[1]]),
    ],
    ids=lambda column: str(column.type),
)
def test_unreadable_times(column: pa.Array, tmp_path: Path) -> None:
    (found,) = items_of(pa.table({"html": [HTML], "fetched_at": column, "url": ["u"]}), tmp_path)
    assert isinstance(found, Reject)
    assert (found.code, found.url) == ("bad_fetch_time", "u")


@pytest.mark.parametrize(
    "moment", [datetime(9999, 12, 31, 23, 59, 59), datetime(2022, 2, 23, 22, 7), datetime(1, 1, 1)]
)
def test_times_of_96_bits(moment: datetime, tmp_path: Path) -> None:
    table = pa.table({"html": [HTML], "fetched_at": pa.array([moment], pa.timestamp("us"))})
    (found,) = items_of(table, tmp_path, use_deprecated_int96_timestamps=True)
    assert isinstance(found, Page)
    assert found.fetched_at == moment.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array([404.0]), 404),
        (pa.array([200], pa.int16()), 200),
        (pa.array([float("nan")]), None),
        (pa.array([Decimal(200)], pa.decimal128(20, 0)), 200),
    ],
)
def test_status(column: pa.Array, expected: int | None, tmp_path: Path) -> None:
    (found,) = items_of(pa.table({"html": [HTML], "http_status": column}), tmp_path)
    assert isinstance(found, Page)
    assert found.http_status == expected


def test_columns_may_be_fields_of_a_struct(tmp_path: Path) -> None:
    page = pa.array([{"html": HTML, "url": "u", "time": None}, None])
    table = pa.table({"page": page, "a.b": [404, 404]})
    options = DumpOptions(html="page.html", url="page.url", http_status="a.b", fetched_at="page.time")
    found, missing = items_of(table, tmp_path, options)
    assert isinstance(found, Page)
    assert isinstance(missing, Reject)
    assert (found.body, found.url, found.http_status, found.fetched_at) == (HTML.encode(), "u", 404, None)
    assert missing.code == "missing_html"


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pa.table({"body": ["x"], "HTML": ["y"]}), "no column 'html' with the HTML; the columns are: body, HTML"),
        (pa.table({"html": [5]}), "the column 'html' is int64, not text or binary; give `html:` the right one"),
        (pa.table({"html": [["x"]]}), "the column 'html' is list<"),
        (pa.table([["x"], ["y"]], names=["html", "html"]), "more than one column 'html'"),
        (pa.table([["x"], ["y"], ["z"]], names=["html", "url", "url"]), "more than one column 'url'"),
        (pa.table([["x"], [1], [2]], names=["html", "fetched_at", "fetched_at"]), "more than one column 'fetched_at'"),
    ],
    ids=["missing", "int", "list", "twice", "two URLs", "two times"],
)
def test_a_file_without_usable_html_is_an_error(table: pa.Table, message: str, tmp_path: Path) -> None:
    pq.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(DumpError) as caught:
        cut(dump_of(tmp_path / "a.parquet"))
    assert str(caught.value).startswith(f"a.parquet: {message}")


@pytest.mark.parametrize(
    "data", [b"PAR1", b"PAR1PAR1", b"PAR1" + bytes(100) + b"PAR1", b"PAR1" + b"\xff" * 99 + b"PAR1"]
)
def test_a_file_that_is_no_parquet_is_an_error(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(data)
    with pytest.raises(DumpError, match=r"^a\.parquet: cannot be read as Parquet: "):
        cut(dump_of(tmp_path / "a.parquet"))


@pytest.mark.parametrize("key", ["url", "fetched_at", "http_status", "content_type"])
@pytest.mark.parametrize("name", ["URL", "page.url"])
def test_a_column_that_the_config_names_must_be_there(key: str, name: str, tmp_path: Path) -> None:
    pq.write_table(pa.table({"html": ["<p>"], "other": ["u"]}), tmp_path / "a.parquet")
    said = rf"^a\.parquet: no column '{name}'; the columns are: html, other; give `{key}:` the right one$"
    with pytest.raises(DumpError, match=said):
        cut(dump_of(tmp_path / "a.parquet", replace(DumpOptions(), **{key: name})))
    assert len(cut(dump_of(tmp_path / "a.parquet"))) == 1


@pytest.mark.parametrize("before", [30, 5, 200], ids=["the same", "shorter", "longer"])
@pytest.mark.parametrize("indexed", [False, True], ids=["plain", "page index"])
def test_two_files_in_one_are_an_error(before: int, indexed: bool, tmp_path: Path) -> None:
    path, data = tmp_path / "a.parquet", b""
    for count in (before, 30):
        table = pa.table({"html": [page.body for page in pages(count)]})
        pq.write_table(table, path, write_page_index=indexed, row_group_size=10)
        assert len(cut(dump_of(path))) == 1
        data += path.read_bytes()
    path.write_bytes(data)
    with pytest.raises(UnreadableError, match=r"^a\.parquet: two Parquet files in one.* give each a file of its own$"):
        cut(dump_of(path))


def test_a_file_cut_off_is_an_error(tmp_path: Path) -> None:
    make_parquet(tmp_path / "a.parquet", pages(30))
    stored = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(stored[:-100])
    with pytest.raises(DumpError, match="cannot be read as Parquet"):
        cut(dump_of(tmp_path / "a.parquet"))


@pytest.mark.parametrize("target", [1, 2**40])
def test_a_damaged_row_group_costs_itself(target: int, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = pa.table({"html": [f"{HTML} {i}" for i in range(60)]})
    pq.write_table(table, path, row_group_size=20, write_page_checksum=True, compression="none", use_dictionary=False)
    stored = bytearray(path.read_bytes())
    stored[stored.find(f"{HTML} 25".encode()) + 4] ^= 1
    path.write_bytes(stored)
    items = read(dump_of(path), target)
    assert [item.source.offset for item in items if isinstance(item, Page)] == [*range(20), *range(40, 60)]
    (reject,) = [item for item in items if isinstance(item, Reject)]
    assert (reject.code, reject.source.offset, reject.source.length) == ("damaged", 20, 20)


class _Failing(io.FileIO):
    """A disk that gives the end of a file alone."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() < 100:
            raise OSError(errno.EIO, "disk error", self.name)
        return super().read(size) or b""


def test_a_disk_that_fails_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_parquet(tmp_path / "a.parquet", pages(30))
    with _Failing(tmp_path / "a.parquet") as file:
        monkeypatch.setattr("builder.dumps.parquet.arrow_source", lambda _place: file)
        with pytest.raises(OSError, match="disk error"):
            read(dump_of(tmp_path / "a.parquet"))


def test_text_that_is_not_utf_8_is_passed_on(tmp_path: Path) -> None:
    raw = pa.array([b"<p>\xff"])
    text = pa.StringArray.from_buffers(1, *raw.buffers()[1:])
    bad_url = pa.StringArray.from_buffers(1, *raw.buffers()[1:])
    (found,) = items_of(pa.table({"html": text}), tmp_path)
    assert isinstance(found, Page)
    assert found.body == b"<p>\xff"
    (reject,) = items_of(pa.table({"html": [HTML], "url": bad_url}), tmp_path)
    assert isinstance(reject, Reject)
    assert reject.code == "bad_record"


@pytest.mark.parametrize("rows", [0, 1, 63, 64, 65, 129])
def test_rows_are_numbered_through_the_file(rows: int, tmp_path: Path) -> None:
    items = items_of(pa.table({"html": pa.array([HTML] * rows, pa.string())}), tmp_path, row_group_size=50)
    found = [(item.source.offset, item.url) for item in items if isinstance(item, Page)]
    assert found == [(row, f"file:a.parquet#{row}") for row in range(rows)]


def test_a_file_without_row_groups_is_a_dump_without_pages(tmp_path: Path) -> None:
    with pq.ParquetWriter(tmp_path / "a.parquet", pa.schema([("html", pa.string())])):
        pass
    dump = dump_of(tmp_path / "a.parquet")
    assert [split.size for split in cut(dump)] == [dump.size]
    assert read(dump) == []


def test_too_large(tmp_path: Path) -> None:
    kept, bad = items_of(pa.table({"html": ["x" * 100, "x" * 101]}), tmp_path, DumpOptions(page_bytes=100))
    assert isinstance(kept, Page)
    assert isinstance(bad, Reject)
    assert bad.code == "too_large"
