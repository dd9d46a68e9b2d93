"""`publish --iceberg`: an SQLite catalogue, read back by pyiceberg, Polars and DuckDB."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest
from publish.publications import as_rows, bytes_of, dataset, hard_dataset, rows
from pyiceberg.catalog import load_catalog
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import CommitFailedException, NoSuchTableError
from pyiceberg.table import Table
from pyiceberg.utils.config import Config
from small_builds import FIELDS, manifest

from builder.contract.validate import validate
from builder.errors import ConfigError
from builder.publish import publish
from builder.publish.dataset import MANIFEST_KEY

TARGET = "local.news.stories"


@pytest.fixture(autouse=True)
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a user configures it."""
    (tmp_path / "warehouse").mkdir()
    monkeypatch.setenv("PYICEBERG_CATALOG__LOCAL__TYPE", "sql")
    monkeypatch.setenv("PYICEBERG_CATALOG__LOCAL__URI", f"sqlite:///{tmp_path}/catalogue.db")
    monkeypatch.setenv("PYICEBERG_CATALOG__LOCAL__WAREHOUSE", f"file://{tmp_path}/warehouse")
    monkeypatch.setattr("pyiceberg.catalog._ENV_CONFIG", Config())  # it is read when pyiceberg is imported
    monkeypatch.setenv("POLARS_ICEBERG_PLANNER", "pyiceberg")


def load() -> Table:
    with load_catalog("local") as catalog:
        return catalog.load_table("news.stories")


def read(like: pl.DataFrame) -> pl.DataFrame:
    return as_rows(load().scan().to_arrow(), like)


def names() -> set[str]:
    return {Path(task.file.file_path).name for task in load().scan().plan_files()}


def parts(out: Path) -> set[str]:
    return {Path(entry["path"]).name for entry in manifest(out)["files"]}


def test_readers_get_the_rows_of_the_dataset(tmp_path: Path) -> None:
    out = dataset(tmp_path)
    before = bytes_of(out)
    done = publish(out, "iceberg", TARGET)
    assert (done.added, done.removed, done.kept, done.changed) == (3, 0, 0, True)
    want = rows(out)
    assert read(want).equals(want)
    sizes = sorted(task.file.file_size_in_bytes for task in load().scan().plan_files())
    assert sizes == sorted(entry["bytes"] for entry in manifest(out)["files"])
    assert pl.scan_iceberg(load()).collect().select(want.columns).sort("url").equals(want)
    stories = load().scan().to_arrow()  # noqa: F841 - DuckDB finds it by its name
    counted = duckdb.sql("SELECT month, count(*) FROM stories GROUP BY ALL ORDER BY ALL").fetchall()
    assert counted == [("2022-01", 3), ("2022-02", 2), ("2022-03", 2)]
    assert bytes_of(out) == before
    assert validate(str(out), deep=True)[0] == []
    assert not list((tmp_path / "warehouse").rglob("*.parquet"))


def test_columns_have_the_ids_and_words_of_the_manifest(tmp_path: Path) -> None:
    out = dataset(tmp_path, partition_by=["site"])  # which is in no file then
    publish(out, "iceberg", TARGET)
    found = {field.name: (field.field_id, field.doc, field.required) for field in load().schema().fields}
    for column in manifest(out)["schema"]["fields"]:
        assert found[column["name"]] == (column["id"], column["description"], not column["nullable"])


def test_one_partition_and_one_value_open_their_files_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset(tmp_path)
    monkeypatch.chdir(tmp_path)
    publish(Path("out"), "iceberg", TARGET)
    monkeypatch.chdir("/")
    for condition in ("month = '2022-02'", "published_date = '2022-02-15'"):
        scan = load().scan(row_filter=condition)
        assert len(list(scan.plan_files())) == 1
        assert scan.to_arrow().num_rows == 2


def test_the_same_again_changes_nothing(tmp_path: Path) -> None:
    out = dataset(tmp_path)
    first = publish(out, "iceberg", TARGET)
    before = load().metadata_location
    assert publish(out, "iceberg", TARGET) == (first.version, 0, 0, 3, False)
    assert load().metadata_location == before
    assert len(load().snapshots()) == 1


def test_another_manifest_of_the_same_files_is_named(tmp_path: Path) -> None:
    out = dataset(tmp_path)
    first = publish(out, "iceberg", TARGET)
    before = manifest(out)["manifest_sha256"]
    dataset(tmp_path, thresholds={"min_rows": 1})
    assert manifest(out)["manifest_sha256"] != before
    assert publish(out, "iceberg", TARGET) == (first.version, 0, 0, 3, True)
    assert load().properties[MANIFEST_KEY] == manifest(out)["manifest_sha256"]
    assert len(load().snapshots()) == 1
    assert publish(out, "iceberg", TARGET) == (first.version, 0, 0, 3, False)


def test_a_rebuilt_dataset_replaces_what_changed_in_one_commit(tmp_path: Path) -> None:
    out = dataset(tmp_path)
    publish(out, "iceberg", TARGET)
    dataset(tmp_path, [*range(7), 9])  # one more page of January
    done = publish(out, "iceberg", TARGET)
    assert (done.added, done.removed, done.kept, done.changed) == (1, 1, 2, True)
    assert names() == parts(out)
    assert read(rows(out)).equals(rows(out))
    assert len(load().snapshots()) == 2
    assert load().properties[MANIFEST_KEY] == manifest(out)["manifest_sha256"]
    summary = load().current_snapshot().summary
    assert (summary["total-data-files"], summary["total-records"]) == ("3", "8")


def test_other_columns_and_partitions_come_in_the_same_commit(tmp_path: Path) -> None:
    out = dataset(tmp_path)
    publish(out, "iceberg", TARGET)
    renamed = {"headline": {"type": "string", "renamed_from": "title", "rules": [{"css": "h1"}]}}
    fields = [*(name for name in FIELDS if name != "title"), "language", renamed]
    before = load().schema().find_field("title").field_id
    dataset(tmp_path, fields=fields, partition_by=["site"])
    publish(out, "iceberg", TARGET)
    assert read(rows(out)).equals(rows(out))
    assert load().schema().find_field("headline").field_id == before
    assert len(load().snapshots()) == 3  # without the old files, with the new ones: both of one commit
    assert len(load().metadata.metadata_log) == 1
    assert publish(out, "iceberg", TARGET).changed is False
    dataset(tmp_path)  # and back again: schema and partitions are those of before
    publish(out, "iceberg", TARGET)
    assert read(rows(out)).equals(rows(out))
    assert len(load().metadata.partition_specs) == len(load().metadata.schemas) == 3


def test_other_words_leave_the_files(tmp_path: Path) -> None:
    publish(dataset(tmp_path), "iceberg", TARGET)
    fields = [{"title": {"description": "What stands above the story"}} if name == "title" else name for name in FIELDS]
    done = publish(dataset(tmp_path, fields=fields), "iceberg", TARGET)
    assert (done.added, done.removed, done.kept, done.changed) == (0, 0, 3, True)
    assert load().schema().find_field("title").doc == "What stands above the story"
    assert len(load().snapshots()) == 1


def test_partition_values_come_back(tmp_path: Path) -> None:
    out = hard_dataset(tmp_path)
    publish(out, "iceberg", TARGET)
    want = rows(out)
    assert read(want).equals(want)
    assert want["desk"].null_count() == 1
    assert pl.scan_iceberg(load()).collect().select(want.columns).sort("url").equals(want)
    assert publish(out, "iceberg", TARGET).changed is False


def test_a_dataset_without_rows_or_partitions(tmp_path: Path) -> None:
    out = dataset(tmp_path, [], partition_by=None)
    assert publish(out, "iceberg", TARGET) == ("0", 0, 0, 0, True)
    assert read(rows(out)).shape == rows(out).shape
    assert publish(out, "iceberg", TARGET) == ("0", 0, 0, 0, False)
    dataset(tmp_path, range(3), partition_by=None)
    publish(out, "iceberg", TARGET)
    assert read(rows(out)).equals(rows(out))
    assert load().current_snapshot().summary["total-data-files"] == "1"
    dataset(tmp_path, [], partition_by=None)
    publish(out, "iceberg", TARGET)
    assert read(rows(out)).shape == rows(out).shape
    assert load().current_snapshot().summary["total-data-files"] == "0"


@pytest.mark.parametrize("is_there", [False, True])
def test_a_commit_that_fails_leaves_the_table_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_there: bool
) -> None:
    out = dataset(tmp_path)
    if is_there:
        publish(out, "iceberg", TARGET)
        before = load().metadata_location
        dataset(tmp_path, range(4))

    def fails(*_given: object, **_options: object) -> None:
        raise CommitFailedException("somebody else was faster\nand so on")

    with monkeypatch.context() as patched:
        patched.setattr(SqlCatalog, "commit_table", fails)
        with pytest.raises(OSError, match=r"somebody else was faster: 'local") as caught:
            publish(out, "iceberg", TARGET)
    assert caught.value.filename == TARGET
    if is_there:
        assert load().metadata_location == before
    else:
        with pytest.raises(NoSuchTableError):
            load()
    publish(out, "iceberg", TARGET)
    assert names() == parts(out)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        pytest.param("local.stories", "write CATALOG.NAMESPACE.TABLE", id="no-namespace"),
        pytest.param("local..stories", "write CATALOG.NAMESPACE.TABLE", id="empty-namespace"),
        pytest.param("local.news.2022.stories", "no namespaces in others", id="a namespace in another"),
        pytest.param("nowhere.news.stories", "the catalog 'nowhere': .*pyiceberg.yaml", id="no-such-catalogue"),
    ],
)
def test_targets_that_name_no_table(tmp_path: Path, target: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        publish(dataset(tmp_path), "iceberg", target)
    with load_catalog("local") as catalog:
        assert catalog.list_namespaces() == []
