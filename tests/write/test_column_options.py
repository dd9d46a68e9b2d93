"""What files of a dataset do with some columns: Bloom filters, chunks by content, no statistics of what is long."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from small_builds import add_inline_engine, manifest, page, run, write_config, write_dump

from builder.contract.validate import validate
from builder.write.parquet import ColumnOptions, write_parquet

MANY = pa.table(
    {"url": [f"https://a.example/{number * 7919 % 5000}" for number in range(5000)], "story": ["word " * 50] * 5000}
)


def written(path: Path, columns: ColumnOptions) -> Path:
    groups = [MANY.slice(at, 1000) for at in range(0, 5000, 1000)]
    write_parquet(path, groups, MANY.schema, level=3, columns=columns, most_rows=1000)
    return path


def test_a_bloom_filter_lets_duckdb_pass_over_groups(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", ColumnOptions(bloom=("url",)))
    with duckdb.connect() as connection:
        probe = "SELECT bloom_filter_excludes FROM parquet_bloom_probe(?, 'url', ?)"
        here = connection.execute(probe, [str(path), "https://a.example/2919"]).fetchall()
        nowhere = connection.execute(probe, [str(path), "https://a.example/00"]).fetchall()
    assert len(here) == 5
    assert sum(excluded for (excluded,) in here) >= 3
    assert sum(excluded for (excluded,) in nowhere) >= 4


def test_without_asking_there_is_none(tmp_path: Path) -> None:
    assert written(tmp_path / "a.parquet", ColumnOptions()).stat().st_size < written(
        tmp_path / "b.parquet", ColumnOptions(bloom=("url",))
    ).stat().st_size  # fmt: skip


def test_heavy_columns_have_no_statistics(tmp_path: Path) -> None:
    group = pq.read_metadata(written(tmp_path / "a.parquet", ColumnOptions(heavy=("story",)))).row_group(0)
    assert [group.column(at).is_stats_set for at in range(2)] == [True, False]


def test_content_defined_chunks_keep_rows_and_bytes_the_same(tmp_path: Path) -> None:
    one, two = (written(tmp_path / name, ColumnOptions(chunked=True)) for name in ("a.parquet", "b.parquet"))
    assert one.read_bytes() == two.read_bytes()
    assert pq.read_table(one).equals(pq.read_table(written(tmp_path / "c.parquet", ColumnOptions())))


def test_content_defined_chunks_leave_later_pages_as_they_were(tmp_path: Path) -> None:
    """A row more at the front moves the borders of all pages that are cut by size, and of no other page after them."""
    noise = [hashlib.sha256(str(number).encode()).hexdigest() * 4 for number in range(20_000)]
    table = pa.table({"noise": noise})
    more = pa.concat_tables([pa.table({"noise": ["first"]}), table])

    def shared(chunked: bool) -> float:
        digests = []
        for name, rows in (("one", table), ("two", more)):
            path = tmp_path / f"{name}-{chunked}.parquet"
            write_parquet(path, [rows], rows.schema, level=1, columns=ColumnOptions(heavy=("noise",), chunked=chunked))
            digests.append(page_digests(path))
        return len(digests[0] & digests[1]) / len(digests[0])

    assert shared(chunked=True) > 0.5 > shared(chunked=False)


def page_digests(path: Path) -> set[str]:
    """SHA-256 of every page as stored."""
    with duckdb.connect() as connection:
        columns = connection.sql(
            f"SELECT data_page_offset, total_compressed_size FROM parquet_metadata('{path}')"
        ).fetchall()
    data = path.read_bytes()
    found = set()
    for start, size in columns:
        pieces = data[start : start + size].split(b"\x28\xb5\x2f\xfd")  # each page is a zstd frame
        found |= {hashlib.sha256(piece[:-60]).hexdigest() for piece in pieces[1:]}  # the next page's header follows
    return found


def test_long_text_has_no_bounds_in_files_and_manifest_by_its_type_and_not_by_its_name(tmp_path: Path) -> None:
    rule = {"css": "p"}
    body = {"type": "text", "description": "All of it", "rules": rule}
    line = {"type": "string", "description": "One line of it", "rules": rule}
    add_inline_engine()
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), page(2)])
    fields = ["url", "text", {"body": body}, {"line": line}]
    run(write_config(tmp_path, fields=fields, partition_by=None, sort_by=None), tmp_path / "out", engine="inline")
    (part,) = manifest(tmp_path / "out")["files"]
    assert {name for name, entry in part["columns"].items() if "min" not in entry} == {"text", "body"}
    staged = [path for path in (tmp_path / "out/_work/staged").iterdir() if "reject" not in path.name]
    for path in (tmp_path / "out" / part["path"], *staged):
        group = pq.read_metadata(path).row_group(0)
        columns = [group.column(at) for at in range(4)]
        assert [column.is_stats_set for column in columns] == [True, False, False, True], path
        assert ["RLE_DICTIONARY" in column.encodings for column in columns] == [True, False, False, True], path
    assert validate(str(tmp_path / "out"), deep=True)[0] == []


def test_columns_of_which_a_value_is_too_long_to_be_stated_have_no_statistics_in_any_row_group(tmp_path: Path) -> None:
    """Half of them, or those of some groups alone, some readers take for those of all."""
    rule = {"css": "main b"}
    notes = ["n/a"] * 40 + ["long " * 1000]
    html = "<title>Heron</title><main><b>{}</b><i>short</i></main>"
    add_inline_engine()
    write_dump(tmp_path / "raw" / "a.jsonl", [page(at, html=html.format(note)) for at, note in enumerate(notes)])
    write_dump(tmp_path / "raw" / "b.jsonl", [page(99, html=None, url=f"https://a.example/{'x' * 5000}")])
    fields = ["url", {"note": {"type": "string", "rules": rule}}, {"word": {"type": "string", "rules": {"css": "i"}}}]
    write = {"row_group_bytes": 1024}
    config = write_config(tmp_path, fields=fields, partition_by=None, sort_by=["url"], write=write)
    run(config, tmp_path / "out", engine="inline")
    (part,), (rejects,) = ((tmp_path / "out" / name).glob("*.parquet") for name in ("data", "_rejects"))
    stated = {name: with_statistics(pq.read_metadata(tmp_path / name)) for name in (part, rejects)}
    assert len(stated[part]) > 2
    assert all(columns == {"url", "word"} for columns in stated[part]), stated[part]
    assert all("url" not in columns for columns in stated[rejects])
    assert all("code" in columns for columns in stated[rejects])
    stated_of = manifest(tmp_path / "out")["files"][0]["columns"]["note"]
    assert stated_of == {"null_count": 0, "min": "long " * 12 + "long", "max": "n/a"}


def with_statistics(metadata: pq.FileMetaData) -> list[set[str]]:
    """Of each row group, the columns that have statistics of any kind."""
    return [
        {group.column(at).path_in_schema for at in range(group.num_columns) if group.column(at).is_stats_set}
        for group in map(metadata.row_group, range(metadata.num_row_groups))
    ]
