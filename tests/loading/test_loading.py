"""What was built loads everywhere: every reader sees the rows, columns, types and partitions that the manifest states.

The common notation of types is Arrow's. What a reader must give is taken from the files one by one, as the manifest
names them, so that nothing here depends on how a reader walks a folder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from conftest import ROOT, SHAPES
from readers import NAMES, READERS, Loaded, Row, arrow_type, manifest_of, stated_schema, with_dask, with_hugging_face


def plain(value: Any) -> Any:
    """A value as Python has it, instants in UTC. A time without zone stays one: it equals no instant."""
    if isinstance(value, np.ndarray | list):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if value is None or pd.isna(value):
        return None
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    return value


def stored(rows: Sequence[Row], names: Sequence[str]) -> list[Row]:
    """The columns that stand in the files, in the order of the dump."""
    cut = [{name: plain(row[name]) for name in names} for row in rows]
    return sorted(
        cut, key=lambda row: [str(row["source"][name]).zfill(20) for name in ("input", "offset", "record_id")]
    )


def as_text(value: Any) -> str:
    """A partition value as the manifest writes it, whatever type a reader makes of its path."""
    return str(value).lower() if isinstance(value, bool | np.bool_) else str(value)


def derived(row: Row, level: Mapping[str, str]) -> str:
    """The partition of a row by the field that decides it."""
    value: Any = row[level["field"]]
    if level["unit"] == "value":
        return "unknown" if value is None else as_text(value)
    day = value.astimezone(UTC).date() if isinstance(value, datetime) else value
    return "unknown" if day is None else day.isoformat()[: {"year": 4, "month": 7, "day": 10}[level["unit"]]]


def stated_partitions(manifest: Any, names: Sequence[str]) -> Counter[tuple[str, ...]]:
    """Rows of each partition that has any."""
    rows: Counter[tuple[str, ...]] = Counter()
    for entry in manifest["files"]:
        rows[tuple(entry["partition"][name] for name in names)] += entry["rows"]
    return +rows


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_gives_what_the_manifest_states(
    reader: Callable[[Path, pytest.FixtureRequest], Loaded], out: Path, request: pytest.FixtureRequest
) -> None:
    manifest, schema = manifest_of(out), stated_schema(out)
    levels = manifest["schema"]["partition_by"]
    tables = {entry["path"]: pq.ParquetFile(out / entry["path"]).read() for entry in manifest["files"]}
    assert all(table.schema.remove_metadata() == schema for table in tables.values())

    loaded = reader(out / "data", request)
    if reader is with_hugging_face:  # it takes no columns from paths: what is no column of the files is derived
        levels = [level for level in levels if level["field"] in schema.names]
        rows = [{**row, **{level["name"]: derived(row, level) for level in levels}} for row in loaded.rows]
        loaded = Loaded({**loaded.types, **{level["name"]: "string" for level in levels}}, rows)

    assert len(loaded.rows) == manifest["counts"]["rows"] == sum(table.num_rows for table in tables.values())
    names = [level["name"] for level in levels]
    assert sorted(loaded.types) == sorted([*schema.names, *names])
    assert {name: loaded.types[name] for name in schema.names} == {
        field.name: arrow_type(field.type) for field in schema
    }
    partitions = Counter(tuple(as_text(row[name]) for name in names) for row in loaded.rows)
    wanted = stated_partitions(manifest, names)
    for at, name in enumerate(names):  # all numbers: most readers take them for such
        if wanted and all(key[at].isdigit() for key in wanted) and not isinstance(loaded.rows[0][name], str):
            wanted = Counter({(*key[:at], str(int(key[at])), *key[at + 1 :]): rows for key, rows in wanted.items()})
    if reader is with_dask and ("007",) in wanted:  # it takes some folders for numbers, and then finds no such folder
        wanted[("nan",)] = wanted.pop(("007",))
    assert partitions == wanted
    expected = [row for table in tables.values() for row in table.to_pylist()]
    assert stored(loaded.rows, schema.names) == stored(expected, schema.names)


NOTES = {
    ("hugging", "empty"): " (2)",
    **{("dask", shape): " (3)" for shape in ("synthetic", "kept", "evolved")},
    **{(reader, "numbers"): " (5)" for reader in ("polars", "pandas", "pyarrow", "dask", "spark")},
}
OF_READERS = {"hugging": " (1)", "daft": " (4)"}


def table_of_readers() -> list[str]:
    """The README's table: each reader and shape that the test above holds together."""
    tested = dict.fromkeys(str(reader.id).partition("-")[0] for reader in READERS)
    lines = [f"| | {' | '.join(SHAPES.values())} |", f"| --- |{' --- |' * len(SHAPES)}"]
    for reader in tested:
        cells = [f"yes{NOTES.get((reader, shape), '')}" for shape in SHAPES]
        lines.append(f"| {NAMES[reader]}{OF_READERS.get(reader, '')} | {' | '.join(cells)} |")
    return lines


def test_the_table_of_the_readme_is_what_is_tested() -> None:
    assert "\n".join(table_of_readers()) in (ROOT / "README.md").read_text(encoding="utf-8")
