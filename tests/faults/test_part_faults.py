"""P08, P11-P13, P16: parts that are too large, without rows or values, or half written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from desk_builds import by_manifest, desks
from small_builds import page, run, tree, two_dumps, write_config, write_dump
from sweep import Case, Server, shim_calls
from sweep import build as build_in_child


def test_P08_one_value_that_holds_nearly_all_is_cut_by_size(tmp_path: Path) -> None:
    config = desks(tmp_path, ["hot"] * 99 + ["cold"], write={"part_bytes": "1KiB"})
    outcome = run(config, tmp_path / "out")
    assert by_manifest(outcome) == {"hot": 99, "cold": 1}
    assert sum(part.partition["desk"] == "hot" for part in outcome.parts) > 3
    assert max(part.rows for part in outcome.parts) < 40


def test_P11_no_rows_are_one_file_with_the_schema(tmp_path: Path) -> None:
    config = two_dumps(tmp_path)
    outcome = run(config, tmp_path / "out", "select={published_date: {min: 2030-01-01}}")
    (part,) = outcome.parts
    assert (outcome.books.rows, part.rows) == (0, 0)
    data = str(tmp_path / "out" / "data")
    assert pl.read_parquet(data).height == pd.read_parquet(data).shape[0] == ds.dataset(data).count_rows() == 0
    assert duckdb.sql(f"SELECT count(*) FROM '{data}/*/*.parquet'").fetchall() == [(0,)]
    assert "published_at" in pq.read_schema(tmp_path / "out" / part.path).names


def test_P12_a_column_of_nulls_has_its_type_in_every_file(tmp_path: Path) -> None:
    pages = [page(1, day="2022-01-15"), page(2, day="2022-02-15")]
    pages[1]["html"] = pages[1]["html"].replace("<body>", "<body><h2 class='deck'>The deck of it</h2>")
    deck = {"deck": {"type": "string", "rules": [{"css": ".deck"}]}}
    for name, order in (("one", pages), ("two", pages[::-1])):
        write_dump(tmp_path / name / "raw" / "a.jsonl", order)
        config = write_config(tmp_path / name, fields=["url", "published_date", deck], sort_by=["url"])
        outcome = run(config, tmp_path / name / "out")
        schemas = [pq.read_schema(tmp_path / name / "out" / part.path).remove_metadata() for part in outcome.parts]
        assert schemas[0] == schemas[1]
        assert schemas[0].field("deck").type == pa.string()
    data = str(tmp_path / "one" / "out" / "data")
    assert pq.read_table(data).column("deck").null_count == 1


def test_P13_row_groups_are_cut_by_bytes_and_strings_are_never_large(tmp_path: Path) -> None:
    """So no row group comes near the 2 GiB that a column of strings may have, however long the texts are."""
    words = "".join(f"<p>{'heron reeds canal ' * 400}</p>" for _ in range(10))
    pages = [page(number, html=f"<title>T</title><main>{words}</main>") for number in range(40)]
    write_dump(tmp_path / "raw" / "a.jsonl", pages)
    field = {"all": {"type": "text", "rules": [{"css": "p"}]}}
    rest: dict[str, Any] = {"partition_by": None, "sort_by": ["page_url"], "duplicates": None}
    config = write_config(tmp_path, fields=["page_url", field], **rest, write={"row_group_bytes": "256KiB"})
    outcome = run(config, tmp_path / "out")
    file = pq.ParquetFile(tmp_path / "out" / outcome.parts[0].path)
    sizes = [file.metadata.row_group(number).num_rows for number in range(file.metadata.num_row_groups)]
    assert sum(sizes) == 40
    assert max(sizes) <= 4
    assert {str(kind) for kind in file.schema_arrow.types} == {"string"}


def test_P16_a_part_that_is_half_written_lies_in_the_work_folder_alone(server: Server, fresh: Case) -> None:
    calls = shim_calls(server, fresh, "kill")
    halves = 0
    for at in range(40, 80, 5):
        fresh.reset()
        assert build_in_child(server, fresh, shim=[str(fresh.root), "kill", calls * at // 100]).status == -9
        files = [path.relative_to(fresh.out).as_posix() for path in fresh.out.rglob("*") if path.is_file()]
        assert [name for name in files if not name.startswith("_work/")] == []
        halves += sum("/.tmp-" in name for name in files)
    assert halves
    assert build_in_child(server, fresh).status == 0
    assert tree(fresh.out) == fresh.gold
    assert os.listdir(fresh.out / "_work" / "staged")  # noqa: PTH208
