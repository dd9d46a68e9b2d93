# ruff: noqa: E501 - tables of damage, one case a line
"""Datasets that are damaged, or contradict themselves: what `validate` finds in files, and deep in rows."""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from contract.damaged import edit, rewrite, rules
from small_builds import add_inline_engine, page, run, two_dumps, write_config, write_dump

from builder.cli import cli
from builder.config.values import derived_id
from builder.write.parquet import column_statistics

add_inline_engine()
FLIPS = int(os.environ.get("BUILDER_FLIPS", "30"))
"""Positions in every file; 200 for all that was promised."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    run(two_dumps(folder), folder / "out")
    return folder / "out"


@pytest.fixture
def out(whole: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    return Path(shutil.copytree(whole, tmp_path / "out", ignore=shutil.ignore_patterns("_work")))


def command(*arguments: object) -> int:
    return cli.main([*map(str, arguments)], standalone_mode=False) or 0


def first(out: Path, folder: str = "data") -> Path:
    return min((out / folder).rglob("*.parquet"))


def link(out: Path) -> None:
    part = first(out)
    part.rename(out.parent / "elsewhere.parquet")
    part.symlink_to(out.parent / "elsewhere.parquet")


def link_folder(out: Path) -> None:
    folder = first(out).parent
    folder.rename(out.parent / "elsewhere")
    folder.symlink_to(out.parent / "elsewhere")


def give_up(*_signal: object) -> None:
    raise TimeoutError


def pipe(out: Path, part: str = "data") -> None:
    path = first(out, part)
    path.unlink()
    os.mkfifo(path)


FAST: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "missing": (lambda out: first(out).unlink(), ["FILE_MISSING"]),
    "rejects missing": (lambda out: first(out, "_rejects").unlink(), ["FILE_MISSING"]),
    "extra": (lambda out: shutil.copy(first(out), out / "data" / "more.parquet"), ["FILE_EXTRA"]),
    "extra rejects": (lambda out: (out / "_rejects" / "x").touch(), ["FILE_EXTRA"]),
    "longer": (lambda out: first(out).write_bytes(first(out).read_bytes() + b"x"), ["FILE_SIZE", "FILE_UNREADABLE"]),
    "cut": (lambda out: os.truncate(first(out), 100), ["FILE_SIZE", "FILE_UNREADABLE"]),
    "empty": (lambda out: os.truncate(first(out), 0), ["FILE_SIZE", "FILE_UNREADABLE"]),
    "rows": (lambda out: rewrite(out, lambda table: table, rows=99), ["FILE_ROWS", "MANIFEST_CONTRADICTS"]),
    "rows gone": (lambda out: rewrite(out, lambda table: table.slice(1)), ["MANIFEST_CONTRADICTS"]),
    "column gone": (lambda out: rewrite(out, lambda table: table.drop_columns("title")), ["FILE_SCHEMA"]),
    "ids gone": (lambda out: rewrite(out, lambda table: table.cast(pa.schema([f.remove_metadata() for f in table.schema]))),
                 ["FILE_SCHEMA"]),
    "not marked": (lambda out: (out / "data" / "_SUCCESS").unlink(), ["DATASET_NOT_MARKED"]),
    "mark not empty": (lambda out: (out / "data" / "_SUCCESS").write_text("x"), ["DATASET_NOT_MARKED"]),
    "link": (link, ["FILE_LINK", "FILE_MISSING"]),
    "folder is a link": (link_folder, ["FILE_LINK", "FILE_MISSING"]),
    "pipe": (pipe, ["FILE_LINK", "FILE_MISSING"]),
    "pipe of rejects": (lambda out: pipe(out, "_rejects"), ["FILE_LINK", "FILE_MISSING"]),
    "books": (lambda out: edit(out, '"read": 12,', '"read": 13,'), ["BOOKS_UNBALANCED", "MANIFEST_CONTRADICTS"]),
    "books of an input": (lambda out: edit(out, '"duplicates": 0, "filtered"', '"duplicates": 1, "filtered"'),
                          ["BOOKS_UNBALANCED", "MANIFEST_CONTRADICTS"]),
    "reject counts": (lambda out: edit(out, '"missing_html": 1\n', '"bad_line": 1\n'), ["MANIFEST_CONTRADICTS"]),
    "schema": (lambda out: edit(out, '"arrow_type": "string"', '"arrow_type": "int64"'), ["MANIFEST_CONTRADICTS"]),
    "arrow schema": (lambda out: edit(out, '"arrow_schema_base64": "', '"arrow_schema_base64": "!'), ["MANIFEST_CONTRADICTS"]),
    "key": (lambda out: edit(out, '"primary_key": [\n   "url"', '"primary_key": [\n   "uri"'), ["MANIFEST_CONTRADICTS"]),
    "order of nothing": (lambda out: edit(out, '"published_at",\n   "url"', '"published_at",\n   "uri"'), ["MANIFEST_CONTRADICTS"]),
    "order of a list": (lambda out: edit(out, '"published_at",\n   "url"', '"published_at",\n   "source"'), ["MANIFEST_CONTRADICTS"]),
    "id": (lambda out: edit(out, f'"id": {derived_id("title")},', '"id": 5,'), ["MANIFEST_CONTRADICTS"]),
    "type": (lambda out: edit(out, '"type": "timestamp"', '"type": "date"'), ["MANIFEST_CONTRADICTS"]),
    "partition of no field": (lambda out: edit(out, '"field": "published_date"', '"field": "date"'), ["MANIFEST_CONTRADICTS"]),
    "month of a text": (lambda out: edit(out, '"field": "published_date"', '"field": "title"'), ["MANIFEST_CONTRADICTS"]),
    "month as a number": (lambda out: edit(out, '"type": "string",\n    "unit"', '"type": "integer",\n    "unit"'), ["MANIFEST_CONTRADICTS"]),
    "partition": (lambda out: edit(out, '"partition": {"month": "2022-01"}', '"partition": {"month": "2022-09"}'),
                  ["MANIFEST_CONTRADICTS"]),
    "partition name": (lambda out: edit(out, '"partition": {"month"', '"partition": {"moon"'), ["MANIFEST_CONTRADICTS"]),
    "digest of the manifest": (lambda out: os.truncate(out / "_manifest.json", 900), ["MANIFEST_UNREADABLE"]),
}  # fmt: skip


@pytest.mark.parametrize(("damage", "found"), FAST.values(), ids=FAST)
def test_M03_what_is_wrong_with_files_is_listed(
    out: Path, damage: Callable[[Path], object], found: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    damage(out)
    assert command("validate", out) == 1
    printed = capsys.readouterr().out
    assert sorted({line.split(": ")[2] for line in printed.splitlines()[:-1]}) == sorted(set(found))
    assert all(line.startswith(f"{out}/") for line in printed.splitlines()[:-1])


SCHEMAS = ["schema", "arrow schema", "key", "order of nothing", "order of a list", "id", "type", "partition of no field",
           "month of a text", "month as a number"]  # fmt: skip


@pytest.mark.parametrize("damage", SCHEMAS)
def test_a_schema_that_contradicts_itself_is_said_deep_as_well(out: Path, damage: str) -> None:
    FAST[damage][0](out)
    assert set(rules(out, deep=True)) == {"MANIFEST_CONTRADICTS"}


def restated(change: Callable[[pa.Table], pa.Table]) -> Callable[[Path], None]:
    """Rows changed, and the manifest's statistics with them."""

    def apply(out: Path) -> None:
        table = change(pq.read_table(first(out), partitioning=None))
        rewrite(out, lambda _: table, columns=column_statistics(table))

    return apply


def put(table: pa.Table, name: str, values: list[Any]) -> pa.Table:
    at = table.schema.get_field_index(name)
    return table.set_column(at, table.schema.field(at), pa.array(values, table.schema.field(at).type))


@pytest.mark.parametrize("damage", ["link", "folder is a link", "pipe", "pipe of rejects", "missing"])
def test_what_is_no_file_is_not_read(out: Path, damage: str) -> None:
    FAST[damage][0](out)
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(30)  # reading a pipe never ends
    try:
        assert sorted(set(rules(out, deep=True))) == FAST[damage][1]
    finally:
        signal.alarm(0)


DEEP: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "statistics": (lambda out: edit(out, '"null_count": 0', '"null_count": 1'), ["ROWS_STATISTICS"]),
    "bounds": (lambda out: edit(out, '"min": "2022-01-15T08:00:00Z"', '"min": "2021-01-15T08:00:00Z"'), ["ROWS_STATISTICS"]),
    "order": (restated(lambda table: table.take(list(range(len(table)))[::-1])), ["ROWS_UNSORTED"]),
    "duplicate": (restated(lambda table: put(table, "url", [table["url"][0].as_py()] * len(table))), ["ROWS_DUPLICATE"]),
    "partition": (restated(lambda table: put(table, "published_date", [date(2023, 5, 1)] * len(table))), ["ROWS_PARTITION"]),
    "rejects": (lambda out: rewrite(out, lambda table: put(table, "code", ["bad_line"]), "_rejects"), ["BOOKS_UNBALANCED"]),
    "rejects of another input": (lambda out: rewrite(out, lambda table: put(table, "input", ["raw/a.jsonl"]), "_rejects"),
                                 ["BOOKS_UNBALANCED", "BOOKS_UNBALANCED"]),
    "source": (restated(lambda table: put(table, "source", [{**row, "input": "x"} for row in table["source"].to_pylist()])),
               ["BOOKS_UNBALANCED", "BOOKS_UNBALANCED"]),
}  # fmt: skip


@pytest.mark.parametrize(("damage", "found"), DEEP.values(), ids=DEEP)
def test_what_is_wrong_with_rows_is_found_deep(out: Path, damage: Callable[[Path], None], found: list[str]) -> None:
    damage(out)
    assert rules(out) == []
    assert rules(out, deep=True) == found


def test_order_and_keys_hold_across_files(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(number, hour=number) for number in range(1, 6)])
    config = write_config(tmp_path, write={"part_bytes": "100B", "row_group_bytes": "100B"})
    run(config, tmp_path / "out")
    assert len(list((tmp_path / "out" / "data").rglob("*.parquet"))) == 5
    table = pq.read_table(sorted((tmp_path / "out" / "data").rglob("*.parquet"))[1], partitioning=None)
    rewrite(tmp_path / "out", lambda _: table, columns=column_statistics(table))
    assert rules(tmp_path / "out", deep=True) == ["ROWS_DUPLICATE"]
    last = pq.read_table(sorted((tmp_path / "out" / "data").rglob("*.parquet"))[-1], partitioning=None)
    rewrite(tmp_path / "out", lambda _: last, columns=column_statistics(last))
    assert rules(tmp_path / "out", deep=True) == ["ROWS_UNSORTED", "ROWS_DUPLICATE"]


def dataset_files(out: Path) -> list[Path]:
    """All but the record of the run, which nothing is held against."""
    return [path for path in sorted(out.rglob("*")) if path.is_file() and path.name != "_run.json"]


def flipped(path: Path, at: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1 << (at % 8)
    path.write_bytes(raw)


def test_M09_one_byte_changed_in_any_file_is_found(out: Path) -> None:
    """200 positions: BUILDER_FLIPS=200 pytest tests/contract/test_damaged_datasets.py -k M09"""
    choose = random.Random(9)
    files = [path for path in dataset_files(out) if path.stat().st_size]
    assert {path.name.partition("-")[0] for path in files} == {"part", "_manifest.json"}
    unseen = []
    for path in files:
        raw = path.read_bytes()
        for at in {0, len(raw) - 1, *(choose.randrange(len(raw)) for _ in range(FLIPS))}:
            flipped(path, at)
            if not rules(out, deep=True):
                unseen.append((path.name, at))
            path.write_bytes(raw)
    assert unseen == []


def test_M09_one_byte_more_or_less_is_found(out: Path) -> None:
    for path in dataset_files(out):
        raw = path.read_bytes()
        for other in filter(lambda other: other != raw, (raw + b"\n", raw[:-1])):
            path.write_bytes(other)
            assert rules(out), (path, len(other) - len(raw))
        path.write_bytes(raw)
    assert rules(out, deep=True) == []


def test_M09_exports_are_part_of_the_dataset(tmp_path: Path) -> None:
    two_dumps(tmp_path)
    run(write_config(tmp_path, exports=["readme", "odcs"]), tmp_path / "out")
    assert rules(tmp_path / "out", deep=True) == []
    choose = random.Random(9)
    for name in ("README.md", "contract.odcs.yaml"):
        raw = (tmp_path / "out" / name).read_bytes()
        for at in {0, len(raw) - 1, *(choose.randrange(len(raw)) for _ in range(FLIPS))}:
            flipped(tmp_path / "out" / name, at)
            assert rules(tmp_path / "out") == ["FILE_DIGEST"], at
            (tmp_path / "out" / name).write_bytes(raw)
        (tmp_path / "out" / name).unlink()
        assert rules(tmp_path / "out") == ["FILE_MISSING"]
        (tmp_path / "out" / name).write_bytes(raw)
