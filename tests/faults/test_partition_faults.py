"""P01-P07, P09, P10, P14: values that become folders."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from cases import assert_complete
from desk_builds import by_manifest, desks
from small_builds import load, manifest, page, run, two_dumps, write_config, write_dump

from builder.contract.sources import load_terms
from builder.contract.validate import validate
from builder.errors import ConfigError, FindingsError
from builder.report.facts import facts_of

NASTY = {
    "P01": ["a/b", "../up", "..", ".", "a\\b", "C:", "CON", "tail.", "..."],
    "P02": ["%", "%2F", "k=v", "a+b", "a&b", "#1", "q?", "it's", 'say "so"', "{a,b}", "[x]", "star*", "two words"],
    "P04": ["null", "None", "NaN", "nil", "__HIVE", "unknown2"],
    "P05": ["é", "日本語", "🦊", "שלום", "e\u0301te", "\u00e9te", "fi\ufb01"],
    "P07": ["01", "1e5", "true", "2022-01-01", "0x10", "1.0", "-1", "inf"],
}  # fmt: skip


def test_every_case_has_its_test_or_its_reason() -> None:
    assert_complete("P", 16, {})


class Built(NamedTuple):
    out: Path
    wanted: Counter[str]


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """All of the nasty values in one dataset, and how many rows each should have."""
    folder = tmp_path_factory.mktemp("nasty")
    values = [value for family in NASTY.values() for value in family]
    outcome = run(desks(folder, [*values, None, ""]), folder / "out")
    wanted = Counter(unicodedata.normalize("NFC", value) for value in values)
    wanted["unknown"] += 2
    assert by_manifest(outcome) == wanted
    return Built(folder / "out", wanted)


READERS = {
    "pyarrow": lambda data: ds.dataset(
        data, partitioning=ds.partitioning(pa.schema([("desk", pa.string())]), flavor="hive")
    ).to_table().column("desk").to_pylist(),
    "polars": lambda data: pl.read_parquet(
        data, hive_partitioning=True, hive_schema={"desk": pl.String}
    )["desk"].to_list(),
    "pandas": lambda data: pd.read_parquet(data)["desk"].astype(str).tolist(),
    "duckdb": lambda data: [row[0] for row in duckdb.sql(
        f"SELECT desk FROM read_parquet('{data}/**/*.parquet', hive_partitioning=true, hive_types={{'desk': VARCHAR}})"
    ).fetchall()],
}  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
def test_P01_P02_P05_P07_P14_values_come_back_in_every_reader(nasty: Built, reader: str) -> None:
    """Spark and Hugging Face: tests/loading, with the same kinds of values."""
    assert Counter(READERS[reader](str(nasty.out / "data"))) == nasty.wanted


def test_P01_P02_P05_each_value_is_one_folder_of_safe_characters(nasty: Built) -> None:
    names = [path.name for path in (nasty.out / "data").iterdir() if path.is_dir()]
    assert len(names) == len(nasty.wanted)
    assert all(path.is_file() for folder in names for path in (nasty.out / "data" / folder).iterdir())
    for name in names:
        assert name.startswith("desk=")
        assert not set(name[5:]) & set("/\\:*?\"<>|=#&{}[]' \t\n\0")
        assert "%C3" not in name, "Spark reads percent-encoded UTF-8 as Latin-1"


@pytest.mark.parametrize("value", [None, "", "   "])
def test_P03_P04_nothing_is_the_partition_unknown(tmp_path: Path, value: str | None) -> None:
    outcome = run(desks(tmp_path, [value, "sport"]), tmp_path / "out")
    assert by_manifest(outcome) == {"unknown": 1, "sport": 1}
    assert not list((tmp_path / "out/data").glob("desk=/*"))
    assert outcome.books.rows == 2


def test_P04_a_value_that_is_the_word_unknown_is_a_value(tmp_path: Path) -> None:
    """It has a folder of its own, which readers decode, and is counted as what it is."""
    config = desks(tmp_path, ["unknown", "unknown", "unknown%", None, "sport"])
    outcome = run(config, tmp_path / "out", "thresholds.min_fill={desk: 0.8}")
    folders = {part.path.split("/")[1]: (part.partition["desk"], part.rows) for part in outcome.parts}
    assert folders == {
        "desk=unknow%6E": ("unknown", 2), "desk=unknown": ("unknown", 1), "desk=unknown%25": ("unknown%", 1),
        "desk=sport": ("sport", 1),
    }  # fmt: skip
    with pytest.raises(FindingsError, match=r"min_fill\.desk: 80\.00% of the rows"):
        run(config, tmp_path / "out", "thresholds.min_fill={desk: 0.9}")
    data = str(tmp_path / "out" / "data")
    for reader in READERS.values():
        assert Counter(reader(data)) == {"unknown": 3, "unknown%": 1, "sport": 1}
    assert facts_of(tmp_path / "out").filled["desk"] == 4
    assert load_terms(str(tmp_path / "out")).fields[1].missing == 1
    assert validate(str(tmp_path / "out"), deep=True)[0] == []


def test_P04_a_required_value_that_is_the_word_unknown(tmp_path: Path) -> None:
    config = desks(tmp_path, ["unknown", "sport"], thresholds={"min_fill": {"desk": 1.0}})
    field = {"desk": {"type": "string", "required": True, "rules": [{"jsonld": "articleSection"}]}}
    assert run(config, tmp_path / "out", f"fields={json.dumps(['page_url', field])}").books.rows == 2


def test_P04_the_word_unknown_in_a_field_that_stays_in_the_files(tmp_path: Path) -> None:
    """There every row can be held to its folder."""
    config = desks(tmp_path, ["unknown", None, "sport"], partition_by=[{"value": "desk", "as": "paper"}])
    run(config, tmp_path / "out")
    assert validate(str(tmp_path / "out"), deep=True)[0] == []


def test_P04_rows_without_a_value_are_equal_to_none(tmp_path: Path) -> None:
    """Not where they are looked for by a column that stands in the path, either."""
    config = desks(tmp_path, [None, None, "unknown"], duplicates={"by": ["desk"], "keep": "latest"})
    assert run(config, tmp_path / "out").books.rows == 3
    assert validate(str(tmp_path / "out"), deep=True)[0] == []


def test_P04_the_word_that_readers_take_for_null(tmp_path: Path) -> None:
    outcome = run(desks(tmp_path, ["__HIVE_DEFAULT_PARTITION__"]), tmp_path / "out")
    assert by_manifest(outcome) == {"unknown": 1}
    assert [path.name for path in (tmp_path / "out/data").iterdir() if path.is_dir()] == ["desk=unknown"]


@pytest.mark.parametrize("twins", [("caf\u00e9", "cafe\u0301"), ("\u1e9b\u0323", "\u017f\u0323\u0307")])
def test_P05_twins_of_composed_and_decomposed_letters_are_one_partition(tmp_path: Path, twins: tuple[str, str]) -> None:
    outcome = run(desks(tmp_path, list(twins)), tmp_path / "out")
    (part,) = outcome.parts
    assert (part.partition["desk"], part.rows) == (unicodedata.normalize("NFC", twins[0]), 2)


@pytest.mark.parametrize("value", ["NUL\0x", "new\nline", "tab\tx", "\x1b[31m", "\x7f"])
def test_P05_control_characters_never_merge_two_partitions(tmp_path: Path, value: str) -> None:
    """Pyarrow cuts a folder's value at NUL. What a text keeps of such characters, a reader gets back."""
    outcome = run(desks(tmp_path, [value, "NUL", "plain"]), tmp_path / "out")
    data = str(tmp_path / "out" / "data")
    assert sum(by_manifest(outcome).values()) == 3
    for reader in ("pyarrow", "polars"):
        assert Counter(READERS[reader](data)) == by_manifest(outcome)


def test_P06_values_that_are_too_long_for_a_folder(tmp_path: Path) -> None:
    config = desks(tmp_path, ["x" * 300, "y"])
    with pytest.raises(
        FindingsError, match=r"^partition_by: a partition value of more than 200 bytes: .*; partition by"
    ):
        run(config, tmp_path / "out")
    assert not (tmp_path / "out" / "_manifest.json").exists()
    shorter = {"desk": {"type": "string", "rules": [{"jsonld": "articleSection", "pattern": "^.{1,20}"}]}}
    outcome = run(config, tmp_path / "out", f"fields={json.dumps(['page_url', shorter])}")
    assert by_manifest(outcome) == {"x" * 20: 1, "y": 1}


@pytest.mark.parametrize("name", ["x" * 300, "/".join(["d" * 200] * 21)])
def test_P06_an_output_whose_path_is_too_long_is_told_before_any_work(tmp_path: Path, name: str) -> None:
    config = two_dumps(tmp_path)
    (tmp_path / "out").mkdir()
    with pytest.raises(ConfigError, match="File name too long; choose a folder of its own"):
        run(config, tmp_path / "out" / name)
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize("kind", ["number", "timestamp", "list<string>", "text"])
def test_P07_types_whose_text_is_not_one_value_are_no_partitions(tmp_path: Path, kind: str) -> None:
    config = desks(tmp_path, ["1"])
    field = {"desk": {"type": kind, "rules": [{"jsonld": "articleSection"}]}}
    with pytest.raises(ConfigError, match=rf"partition_by\.0: desk is a {kind}; this takes string, url"):
        load(config, f"fields={json.dumps(['page_url', field])}")


def test_P07_the_manifest_says_the_type_of_a_partition(tmp_path: Path) -> None:
    config = desks(tmp_path, ["01", "7"])
    field = {"desk": {"type": "integer", "rules": [{"jsonld": "articleSection"}]}}
    run(config, tmp_path / "out", f"fields={json.dumps(['page_url', field])}")
    (level,) = manifest(tmp_path / "out")["schema"]["partition_by"]
    assert (level["name"], level["type"], level["encoding"]) == ("desk", "integer", "hive")


def test_P09_values_that_differ_in_case_alone(tmp_path: Path) -> None:
    """Two folders where the disk tells them apart; refused where it does not, for half of the rows would change."""
    config = desks(tmp_path, ["Sport", "sport"])
    assert by_manifest(run(config, tmp_path / "out")) == {"Sport": 1, "sport": 1}
    (tmp_path / "blind" / "_WORK").mkdir(parents=True)  # as a disk that does not tell them apart would show
    with pytest.raises(FindingsError, match="'sport' and 'Sport' are the same folder on this disk; let a `pattern`"):
        run(config, tmp_path / "blind")


def test_P09_values_that_end_in_a_dot(tmp_path: Path) -> None:
    """Folders as any other; refused where the disk would drop the dot, and nothing would be found again."""
    config = desks(tmp_path, ["Acme Inc.", "Acme Inc"])
    assert by_manifest(run(config, tmp_path / "out")) == {"Acme Inc.": 1, "Acme Inc": 1}
    (tmp_path / "blind" / "_work.").mkdir(parents=True)  # as a disk that drops it would show
    with pytest.raises(FindingsError, match=r"'Acme Inc\.' ends in a dot, which this disk drops"):
        run(config, tmp_path / "blind")


@pytest.mark.parametrize("value", [str(2**63), "-9223372036854775809", "9" * 400])
def test_P10_numbers_of_more_than_64_bits(tmp_path: Path, value: str) -> None:
    config = desks(tmp_path, [value, "5"], partition_by=None)
    field = {"desk": {"type": "integer", "required": True, "rules": [{"jsonld": "articleSection"}]}}
    outcome = run(config, tmp_path / "out", f"fields={json.dumps(['page_url', field])}")
    assert (outcome.books.rows, sum(outcome.books.rejected.values())) == (1, 1)
    assert set(outcome.books.rejected) <= {"unreadable_field", "missing_field"}


def test_P10_the_first_and_the_last_year(tmp_path: Path) -> None:
    pages = [page(number, day=day) for number, day in enumerate(["1600-01-01", "2022-01-01", "9999-12-31"])]
    write_dump(tmp_path / "raw" / "a.jsonl", [given | {"fetched_at": "2022-01-01T00:00:00Z"} for given in pages])
    outcome = run(write_config(tmp_path), tmp_path / "out")
    assert outcome.books.read == outcome.books.rows == 3
    table = ds.dataset(tmp_path / "out/data").to_table()
    assert str(table.schema.field("published_at").type) == "timestamp[us, tz=UTC]"


def test_P14_partition_columns_are_not_in_the_files(nasty: Built) -> None:
    """pandas and pyarrow fail where a value stands in the path and in the file."""
    for part in manifest(nasty.out)["files"]:
        assert pq.read_schema(nasty.out / part["path"]).names == ["page_url"]
