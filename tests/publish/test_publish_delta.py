"""`publish --delta`: read back by deltalake, Polars and DuckDB."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from deltalake import DeltaTable
from publish.publications import as_rows, bytes_of, dataset, hard_dataset, rows
from small_builds import FIELDS, manifest

from builder.contract.validate import validate
from builder.errors import ConfigError, FindingsError
from builder.publish import delta as publisher
from builder.publish import publish
from builder.publish.dataset import MANIFEST_KEY


def beside(out: Path) -> Path:
    return out


def elsewhere(out: Path) -> Path:
    return out.parent / "lake" / "stories"


PLACES = pytest.mark.parametrize("place", [beside, elsewhere])
Place = Callable[[Path], Path]


def read(table: Path, like: pl.DataFrame) -> pl.DataFrame:
    return as_rows(DeltaTable(str(table)).to_pyarrow_table(), like)


def names(table: Path) -> set[str]:
    return {Path(uri).name for uri in DeltaTable(str(table)).file_uris()}


def parts(out: Path) -> set[str]:
    return {Path(entry["path"]).name for entry in manifest(out)["files"]}


@PLACES
def test_readers_get_the_rows_of_the_dataset(tmp_path: Path, place: Place) -> None:
    out = dataset(tmp_path)
    before = bytes_of(out)
    table = place(out)
    done = publish(out, "delta", str(table))
    assert done == ("0", 3, 0, 0, True)
    want = rows(out)
    assert read(table, want).equals(want)
    assert pl.read_delta(str(table)).select(want.columns).sort("url").equals(want)
    lake = DeltaTable(str(table)).to_pyarrow_dataset()  # noqa: F841 - DuckDB finds it by its name
    counted = duckdb.sql("SELECT month, count(*) FROM lake GROUP BY ALL ORDER BY ALL").fetchall()
    assert counted == [("2022-01", 3), ("2022-02", 2), ("2022-03", 2)]
    assert bytes_of(out) == before
    assert validate(str(out), deep=True)[0] == []


@pytest.mark.parametrize(
    "written", [lambda path: path.as_uri().replace("//", "//localhost", 1), str], ids=["URI", "path"]
)
def test_linked_files_are_there_once(tmp_path: Path, written: Callable[[Path], str]) -> None:
    out = dataset(tmp_path, range(1))
    table = tmp_path / "the lake" / "100%"
    publish(out, "delta", written(table))
    for path in (out / "data").rglob("*.parquet"):
        assert path.samefile(table / path.relative_to(out))


@PLACES
def test_the_same_again_changes_nothing(tmp_path: Path, place: Place) -> None:
    out = dataset(tmp_path)
    table = place(out)
    publish(out, "delta", str(table))
    before = sorted(path.name for path in (table / "_delta_log").iterdir())
    assert publish(out, "delta", str(table)) == ("0", 0, 0, 3, False)
    assert sorted(path.name for path in (table / "_delta_log").iterdir()) == before


@PLACES
def test_a_rebuilt_dataset_replaces_what_changed_in_one_commit(tmp_path: Path, place: Place) -> None:
    out = dataset(tmp_path)
    table = place(out)
    publish(out, "delta", str(table))
    old = rows(out)
    dataset(tmp_path, [*range(7), 9])  # one more page of January
    assert publish(out, "delta", str(table)) == ("1", 1, 1, 2, True)
    assert names(table) == parts(out)
    assert read(table, rows(out)).equals(rows(out))
    assert len(rows(out)) == len(old) + 1
    (entry,) = DeltaTable(str(table)).history(1)
    assert entry[MANIFEST_KEY] == manifest(out)["manifest_sha256"]
    if place is elsewhere:  # links keep what the rebuild removed from OUT
        assert as_rows(DeltaTable(str(table), version=0).to_pyarrow_table(), old).equals(old)


@PLACES
def test_other_columns_and_partitions_replace_the_table(tmp_path: Path, place: Place) -> None:
    out = dataset(tmp_path)
    table = place(out)
    publish(out, "delta", str(table))
    kept = {"delta.logRetentionDuration": "interval 60 days"}
    DeltaTable(str(table)).alter.set_table_properties(kept)
    fewer = [name for name in FIELDS if name != "title"] + ["language"]
    dataset(tmp_path, fields=fewer, partition_by=["site"])
    assert publish(out, "delta", str(table)) == ("2", 1, 3, 0, True)
    about = DeltaTable(str(table)).metadata()
    assert (about.partition_columns, about.configuration) == (["site"], kept)
    assert read(table, rows(out)).equals(rows(out))
    assert publish(out, "delta", str(table)).changed is False


@pytest.mark.parametrize("then", [{"type": "string"}, {"type": "integer", "required": True}], ids=["type", "required"])
def test_a_column_of_another_kind_replaces_the_table(tmp_path: Path, then: dict[str, Any]) -> None:
    rules = [{"css": "h1", "pattern": r"[0-9]+"}]
    settings: list[dict[str, Any]] = [{"type": "integer", "rules": rules}, {"rules": rules, **then}]
    for number, given in enumerate(settings):
        out = dataset(tmp_path, range(1), fields=["url", "published_date", {"bird": given}], sort_by=None)
        assert publish(out, "delta", str(out))[:3] == (str(number), 1, number)
    want = rows(out)
    assert read(out, want).equals(want)
    nullable = not manifest(out)["schema"]["fields"][2]["nullable"]
    assert DeltaTable(str(out)).schema().fields[2].nullable is not nullable


@PLACES
def test_partition_values_come_back(tmp_path: Path, place: Place) -> None:
    out = hard_dataset(tmp_path)
    publish(out, "delta", str(place(out)))
    want = rows(out)
    assert read(place(out), want).equals(want)
    assert want["desk"].null_count() == 1
    assert publish(out, "delta", str(place(out))).changed is False


def test_a_dataset_without_rows_or_partitions(tmp_path: Path) -> None:
    out = dataset(tmp_path, [], partition_by=None)
    publish(out, "delta", str(out))
    assert read(out, rows(out)).shape == rows(out).shape


def test_statistics_rule_files_out_and_no_rows(tmp_path: Path) -> None:
    out = dataset(tmp_path, fields=[*FIELDS, "agency"], description="Herons of the canal")
    publish(out, "delta", str(out))
    stated = pa.table(DeltaTable(str(out)).get_add_actions(flatten=True))
    assert sum(stated["num_records"].to_pylist()) == len(rows(out))
    days = [day.isoformat() for day in stated["min.published_date"].to_pylist()]
    assert sorted(days) == ["2022-01-15", "2022-02-15", "2022-03-15"]
    nulls = [stated[f"null_count.{name}"].to_pylist() for name in ("agency", "url")]
    assert nulls == [stated["num_records"].to_pylist(), [0, 0, 0]], "readers pass over files by these"
    for url in rows(out)["url"]:
        found = pl.scan_delta(str(out)).filter(pl.col("url") == url).collect()
        assert len(found) == 1


@PLACES
def test_a_commit_that_fails_leaves_the_table_as_it_was(
    tmp_path: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = dataset(tmp_path)
    table = place(out)
    publish(out, "delta", str(table))
    before = names(table)
    dataset(tmp_path, range(4))

    def fails(*_given: object, **_options: object) -> None:
        raise OSError(28, "No space left on device", str(table))

    with monkeypatch.context() as patched:
        patched.setattr(publisher.DeltaTable, "create_write_transaction", fails)
        with pytest.raises(OSError, match="No space"):
            publish(out, "delta", str(table))
    assert (DeltaTable(str(table)).version(), names(table)) == (0, before)
    publish(out, "delta", str(table))
    assert (DeltaTable(str(table)).version(), names(table)) == (1, parts(out))


def test_somebody_elses_commit_is_said_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = dataset(tmp_path)
    publish(out, "delta", str(out))
    dataset(tmp_path, range(4))
    behind = DeltaTable(str(out))
    publish(out, "delta", str(out))
    dataset(tmp_path, range(5))
    monkeypatch.setattr(publisher, "DeltaTable", Behind(behind))
    with pytest.raises(OSError, match=r"(?i)transaction|conflict|concurrent") as caught:
        publish(out, "delta", str(out))
    assert "\n" not in str(caught.value)
    assert DeltaTable(str(out)).version() == 1


class Behind:
    """Gives a table as it was before somebody else's commit."""

    def __init__(self, table: DeltaTable) -> None:
        self.table = table

    def __call__(self, _path: str) -> DeltaTable:
        return self.table

    def is_deltatable(self, _path: str) -> bool:
        return True


@pytest.mark.parametrize(
    ("target", "said"),
    [
        pytest.param("s3://bucket/stories", "has its files below it", id="a-store"),
        pytest.param("{out}/data", "lies in the dataset", id="in-the-dataset"),
        pytest.param("{out}/../job.yaml", "no folder can be there", id="a-file"),
        pytest.param("{out}/../job.yaml/x", "no folder can be there", id="below-a-file"),
    ],
)
def test_places_that_cannot_be(tmp_path: Path, target: str, said: str) -> None:
    out = dataset(tmp_path)
    with pytest.raises(ConfigError, match=said):
        publish(out, "delta", target.format(out=out))


@pytest.mark.parametrize("is_there", [True, False])
def test_a_folder_that_cannot_hold_links_is_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_there: bool
) -> None:
    """As one on another disk."""

    def refuse(_source: Path, target: Path) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link", str(target))

    out = dataset(tmp_path)
    if is_there:
        (tmp_path / "lake").mkdir()
    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(ConfigError, match=r"cannot hold links to the files of .*; give .* itself"):
        publish(out, "delta", str(tmp_path / "lake"))
    assert list(tmp_path.glob("lake/*")) == []
    assert (tmp_path / "lake").exists() is is_there


def test_what_deltalake_says_is_a_line_without_colours(tmp_path: Path) -> None:
    """It raises errors of the system without a number, in several lines."""
    out = dataset(tmp_path)
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "_delta_log").write_text("no folder")
    with pytest.raises(OSError, match="_delta_log") as caught:
        publish(out, "delta", str(tmp_path / "lake"))
    assert (caught.value.errno, caught.value.filename) == (errno.EIO, str(tmp_path / "lake"))
    said = str(caught.value.strerror)
    assert "\n" not in said
    assert "\x1b" not in said


def test_a_dataset_that_is_not_whole_is_not_published(tmp_path: Path) -> None:
    out = dataset(tmp_path)
    min((out / "data").rglob("*.parquet")).unlink()
    with pytest.raises(FindingsError, match="a file that the manifest names is missing"):
        publish(out, "delta", str(out))
    assert not (out / "_delta_log").exists()


def test_the_log_names_files_by_relative_paths(tmp_path: Path) -> None:
    """So the folder may be moved."""
    out = dataset(tmp_path)
    publish(out, "delta", str(out))
    lines = (out / "_delta_log" / f"{0:020d}.json").read_text(encoding="utf-8").splitlines()
    added = [entry["add"] for entry in map(json.loads, lines) if "add" in entry]
    found = {entry["path"]: (entry["size"], entry["modificationTime"], entry["dataChange"]) for entry in added}
    assert found == {
        entry["path"]: (entry["bytes"], (out / entry["path"]).stat().st_mtime_ns // 10**6, True)
        for entry in manifest(out)["files"]
    }
    want = rows(out)
    moved = out.rename(tmp_path / "moved")
    assert read(moved, want).equals(want)
