"""Footers of files that are opened again and again."""

from collections import OrderedDict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builder.write import footers, parquet
from builder.write.parquet import open_parquet


@pytest.fixture(autouse=True)
def none_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footers, "_kept", OrderedDict())


def write(path: Path, rows: int) -> Path:
    pq.write_table(pa.table({"n": range(rows)}), path, row_group_size=1)
    return path


def rows_of(path: Path) -> list[int]:
    with open_parquet(path) as file:
        return file.read_row_groups(list(range(file.num_row_groups))).column("n").to_pylist()


def test_a_footer_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = []
    real = pq.ParquetFile
    monkeypatch.setattr(
        parquet.pq, "ParquetFile", lambda *args, **named: given.append(named["metadata"]) or real(*args, **named)
    )
    path = write(tmp_path / "a.parquet", 3)
    assert [rows_of(path), rows_of(path)] == [[0, 1, 2]] * 2
    assert [footer and footer.num_row_groups for footer in given] == [None, 3]


def test_another_file_of_that_name_has_its_own_footer(tmp_path: Path) -> None:
    assert rows_of(write(tmp_path / "a.parquet", 3)) == [0, 1, 2]
    write(tmp_path / "b.parquet", 2).replace(tmp_path / "a.parquet")
    assert rows_of(tmp_path / "a.parquet") == [0, 1]


def test_no_more_footers_are_kept_than_there_is_room_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [write(tmp_path / f"{number}.parquet", 3) for number in range(4)]
    size = pq.read_metadata(paths[0]).serialized_size
    monkeypatch.setattr(footers, "_MOST", 2 * size)
    for path in (*paths[:2], paths[0], *paths[2:3]):
        rows_of(path)
    assert [Path(key[0]).stem for key in footers._kept] == ["0", "2"]
    monkeypatch.setattr(footers, "_MOST", 1)
    rows_of(paths[3])
    assert [Path(key[0]).stem for key in footers._kept] == ["3"]


def test_no_more_footers_are_kept_than_are_counted_quickly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footers, "_FILES", 2)
    for number in range(4):
        rows_of(write(tmp_path / f"{number}.parquet", 3))
    assert [Path(key[0]).stem for key in footers._kept] == ["2", "3"]
