"""Builds cut as large ones are: keys in groups and buckets, partitions in chunks and slices. They change no row."""

from __future__ import annotations

import json
import random
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pydantic import TypeAdapter, ValidationError
from small_builds import add_inline_engine, manifest, page, run, tree, write_config, write_dump

from builder.config.values import Name
from builder.contract.validate import validate
from builder.dedup.settle import Cuts
from builder.merge.shuffle import SliceTask, _read_slice, _write_slice
from builder.merge.slices import Sizes
from builder.receipts import Merged
from builder.write import marks
from builder.write.marks import unique_mark
from builder.write.parquet import read_table
from builder.write.work import WorkFolder

add_inline_engine()
CUTS = Cuts(splits=8, rows=100, here=0)
SIZES = Sizes(runs=4, rows=60, slice_bytes=20_000, chunk_bytes=30_000, picked=8, surveyed=5)
SMALL: dict[str, Any] = {"cuts": CUTS, "sizes": SIZES}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four dumps of 80 pages in 100 splits: every fifth page again, headlines that clash, lines that are none."""
    folder = tmp_path_factory.mktemp("scale")
    noise = random.Random(6)
    for name in "abcd":
        pages = []
        for _ in range(80):
            number = noise.randrange(270)
            told = page(
                noise.randrange(2000), f"{'abc'[number % 3]}.example", f"2022-{number % 3 + 1:02d}-15", number % 24
            )
            pages.append(
                told | {"url": f"https://www.x.example/{number}"} | ({"html": None} if number % 40 == 0 else {})
            )
        write_dump(folder / "raw" / f"{name}.jsonl", pages)
    fields = ["url", "site", {"title": {"unique": True}}, "published_at", "published_date", "text", "source"]
    return write_config(folder, fields=fields, limits={"split_bytes": 2200}, write={"part_bytes": 8000})


@pytest.fixture(scope="module")
def plain(config: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build in which nothing is cut."""
    out = tmp_path_factory.mktemp("plain")
    run(config, out)
    return out


def extracted(plain: Path, out: Path) -> Path:
    """A folder in which the splits are read already."""
    for name in ("receipts", "staged"):
        shutil.copytree(plain / "_work" / name, out / "_work" / name)
    return out


def rows(out: Path) -> dict[str, list[dict[str, Any]]]:
    """Folder of a partition -> its rows, in the order of its parts."""
    found: dict[str, list[dict[str, Any]]] = {}
    for part in manifest(out)["files"]:
        found.setdefault(part["path"].rpartition("/")[0], []).extend(read_table(out / part["path"]).to_pylist())
    return found


def rejects(out: Path) -> list[str]:
    listed = [row for part in manifest(out)["rejects"] for row in read_table(out / part["name"]).to_pylist()]
    return sorted(json.dumps(row, sort_keys=True) for row in listed)


def counts(out: Path) -> dict[str, Any]:
    document = manifest(out)
    return {"counts": document["counts"], "inputs": document["inputs"]}


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(SMALL, id="all cut"),
        pytest.param({"cuts": CUTS}, id="keys cut"),
        pytest.param({"sizes": SIZES}, id="partitions cut"),
        pytest.param(
            {"cuts": Cuts(splits=50, rows=20, here=0), "sizes": Sizes(1, 30, 9999, 9999, 3, 1)}, id="in pieces"
        ),
        pytest.param({"cuts": CUTS, "sizes": Sizes(runs=4)}, id="many runs of few rows"),
        pytest.param({**SMALL, "engine": "local", "workers": 2}, id="in processes"),
    ],
)
def test_however_the_work_is_cut_the_rows_are_the_same(
    config: Path, plain: Path, tmp_path: Path, options: dict[str, Any]
) -> None:
    outcome = run(config, extracted(plain, tmp_path), **options)
    assert outcome.splits == outcome.reused > 90
    assert rows(tmp_path) == rows(plain)
    assert counts(tmp_path) == counts(plain)
    assert rejects(tmp_path) == rejects(plain)
    assert validate(str(tmp_path), deep=True)[0] == []
    document = manifest(tmp_path)
    assert document["counts"]["duplicates"] > 25
    assert document["counts"]["violations"]["title.unique"] > 5
    names = [part["path"] for part in document["files"]]
    assert names == sorted(set(names))
    assert {path.name for path in (tmp_path / "_work").iterdir()}.isdisjoint({"settle", "shuffle", "parts"})


def test_partitions_are_really_cut(config: Path, plain: Path, tmp_path: Path) -> None:
    run(config, extracted(plain, tmp_path), **SMALL)
    slices = {part["path"].rpartition("part-")[2][:5] for part in manifest(tmp_path)["files"]}
    assert len(slices) > 2
    assert {len(part["path"].rpartition("part-")[2].partition("-")[0]) for part in manifest(plain)["files"]} == {5}


@pytest.mark.parametrize(
    ("sort_by", "partition_by"),
    [(None, None), (None, ["site"]), (["site", "title"], ["site"]), (["published_date", "text"], None)],
)
def test_whatever_it_is_sorted_and_partitioned_by(
    config: Path, tmp_path: Path, sort_by: list[str] | None, partition_by: list[str] | None
) -> None:
    other = write_config(
        tmp_path,
        inputs=[str(config.parent / "raw" / "a.jsonl")],
        fields=["url", "site", "title", "published_date", "text", "source"],
        sort_by=sort_by,
        partition_by=partition_by,
        limits={"split_bytes": 4096},
    )
    run(other, tmp_path / "plain")
    run(other, tmp_path / "out", **SMALL)
    assert rows(tmp_path / "out") == rows(tmp_path / "plain")
    assert validate(str(tmp_path / "out"), deep=True)[0] == []


MARKS = [unique_mark("title"), *(name for key, name in vars(marks).items() if key.isupper())]


@pytest.mark.parametrize("mark", MARKS)
def test_no_field_can_have_the_name_of_a_column_that_builds_put_beside(mark: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Name).validate_python(mark)


@pytest.mark.parametrize("options", [{}, SMALL], ids=["whole", "cut"])
@pytest.mark.parametrize("name", ["_bytes", "_partition", "_row", "_source"])
def test_a_field_may_have_nearly_that_name(tmp_path: Path, name: str, options: dict[str, Any]) -> None:
    for dump, at in (("a", 0), ("b", 3)):
        told = [page(number, hour=23 - number) for number in (7, 4, 1, 5, 4, 0)]
        write_dump(tmp_path / "raw" / f"{dump}.jsonl", [{**one, "html": one["html"] + f"<!--{at}-->"} for one in told])
    number = {"type": "integer", "rules": [{"url": "/([0-9]+)$"}], "unique": True}
    config = write_config(tmp_path, fields=["title", {name: number}, "text"], duplicates={"by": [name]},
                          partition_by=None, sort_by=[name], limits={"split_bytes": 2200})  # fmt: skip
    run(config, tmp_path / "out", **options)
    assert [row[name] for row in rows(tmp_path / "out")["data"]] == [0, 1, 4, 5, 7]
    assert validate(str(tmp_path / "out"), deep=True)[0] == []


@pytest.mark.parametrize("options", [{}, SMALL], ids=["whole", "cut"])
def test_a_partition_that_loses_all_its_rows_is_none(tmp_path: Path, options: dict[str, Any]) -> None:
    """No part without rows: its folder would make text of a column that readers take for a number."""
    undated = [page(number, day="2020-03-01") for number in range(6)]
    undated = [one | {"html": one["html"].replace("published_time", "other")} for one in undated]
    write_dump(tmp_path / "raw" / "a.jsonl", undated)
    years = {"partition_by": [{"year": "published_date"}], "write": {"max_partitions": 2}}
    config = write_config(tmp_path, **years, limits={"split_bytes": 2200})
    run(config, tmp_path / "out", **options)
    assert list(rows(tmp_path / "out")) == ["data/year=unknown"]
    for dump, days in (("b", ["2021-03-01"] * 3), ("c", ["2022-03-01"] * 3)):
        pages = [page(number, day=day) for number, day in enumerate(days, 0 if dump == "b" else 3)]
        write_dump(tmp_path / "raw" / f"{dump}.jsonl", pages)
    run(config, tmp_path / "out", **options)
    run(config, tmp_path / "fresh", **options)
    assert {folder: len(few) for folder, few in rows(tmp_path / "out").items()} == {
        "data/year=2021": 3, "data/year=2022": 3,
    }  # fmt: skip
    assert [path.name for path in sorted((tmp_path / "out" / "data").iterdir())] == [
        "_SUCCESS",
        "year=2021",
        "year=2022",
    ]
    assert (
        manifest(tmp_path / "out")["counts"] | {"duplicates": 6, "rows": 6, "read": 12}
        == manifest(tmp_path / "out")["counts"]
    )
    assert validate(str(tmp_path / "out"), deep=True)[0] == []
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_chunks_groups_and_workers_do_not_show_in_the_bytes(config: Path, plain: Path, tmp_path: Path) -> None:
    run(config, extracted(plain, tmp_path / "a"), **SMALL)
    others = {"cuts": Cuts(splits=3, rows=30, here=0), "sizes": Sizes(4, 60, 20_000, 9_000, 8, 3)}
    run(config, extracted(plain, tmp_path / "b"), **others, engine="local", workers=2)
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_what_did_not_change_is_not_merged_again_and_has_the_bytes_of_a_fresh_build(
    config: Path, tmp_path: Path
) -> None:
    for dump in sorted((config.parent / "raw").iterdir())[:1]:
        (tmp_path / "raw" / dump.name).parent.mkdir(exist_ok=True)
        (tmp_path / "raw" / dump.name).write_bytes(dump.read_bytes())
    mine = write_config(tmp_path, limits={"split_bytes": 4096}, write={"part_bytes": 8000}, duplicates=None)
    run(mine, tmp_path / "out", **SMALL)
    before = {path: path.stat().st_ino for path in (tmp_path / "out" / "data").rglob("*.parquet")}
    write_dump(tmp_path / "raw" / "0.jsonl", [page(number, day="2022-02-15") for number in range(3000, 3010)])
    run(mine, tmp_path / "out", **SMALL)
    after = {path: path.stat().st_ino for path in (tmp_path / "out" / "data").rglob("*.parquet")}
    kept = {path for path in before if before[path] == after.get(path)}
    assert {path.parent.name for path in kept} >= {"month=2022-01", "month=2022-03"}
    assert {path for path in before if path.parent.name != "month=2022-02"} <= kept
    run(mine, tmp_path / "fresh", **SMALL)
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


class StoppedError(Exception):
    """What a test stops a build by."""


def test_a_build_that_was_stopped_amid_its_slices_goes_on_behind_them(
    config: Path, plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []

    def stop(self: WorkFolder, key: str, what: Merged) -> None:
        if len(done) == 3:
            raise StoppedError
        done.append(key)
        noted(self, key, what)

    noted = WorkFolder.remember_merged
    with monkeypatch.context() as patch:
        patch.setattr(WorkFolder, "remember_merged", stop)
        with pytest.raises(StoppedError):
            run(config, extracted(plain, tmp_path / "out"), **SMALL)
    merged: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(
            WorkFolder, "remember_merged", lambda self, key, what: (merged.append(key), noted(self, key, what))
        )
        run(config, tmp_path / "out", **SMALL)
    assert len(merged) > 3
    assert set(done).isdisjoint(merged)
    run(config, extracted(plain, tmp_path / "fresh"), **SMALL)
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_a_slice_of_many_small_pieces_is_read_in_proportion(tmp_path: Path) -> None:
    """Each looked at once, not all that are held again for every one more."""
    batch = pa.record_batch({"url": ["https://www.x.example/1"]})
    with pa.OSFile(str(tmp_path / "chunk"), "wb") as file, pa.ipc.new_stream(file, batch.schema) as writer:
        for _ in range(4000):
            writer.write_batch(batch)
    ranges = np.array([[0, (tmp_path / "chunk").stat().st_size]], "u8")
    target: Any = None
    began = time.process_time()
    (table,) = _read_slice(SliceTask(target, 0, tmp_path, ("chunk",), ranges))
    assert table.num_rows == 4000
    assert time.process_time() - began < 5


@pytest.mark.parametrize("few", [9, 36], ids=["some together", "each by itself"])
def test_a_slice_of_several_batches_has_every_row_once(tmp_path: Path, few: int) -> None:
    """More than is put together at a time, on both ways."""
    tables = [
        pa.table({"row": list(range(first, first + few)), "text": ["x" * 2**20] * few}) for first in range(0, 72, few)
    ]
    path = tmp_path / "chunk"
    with path.open("wb") as file:
        _write_slice(file, tables)
    target: Any = None
    read = _read_slice(SliceTask(target, 0, tmp_path, ("chunk",), np.array([[0, path.stat().st_size]], "u8")))
    assert [row for table in read for row in table["row"].to_pylist()] == list(range(72))
    assert len(read) > 1
