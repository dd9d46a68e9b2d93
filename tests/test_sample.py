"""The sample, built: books, rows, rejects, partitions and manifest are those that are written down beside it."""

from __future__ import annotations

import json
import os
import platform
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from small_builds import ROOT, SAMPLE, add_inline_engine, manifest, run, tree

from builder.job import Outcome

add_inline_engine()
BOOKS = json.loads((ROOT / "tests" / "sites" / "sample_books.json").read_text(encoding="utf-8"))


class Built(NamedTuple):
    out: Path
    outcome: Outcome
    tree: dict[str, str]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Built:
    out = tmp_path_factory.mktemp("sample") / "out"
    outcome = run(SAMPLE, out)
    return Built(out, outcome, tree(out))


def entries(outcome: str) -> Iterator[dict[str, Any]]:
    return (entry for dump in BOOKS["dumps"].values() for entry in dump["entries"] if entry["outcome"] == outcome)


def short(name: str) -> str:
    return name.rpartition("/")[2]


def test_the_books_of_the_sample(sample: Built) -> None:
    counts = manifest(sample.out)["counts"]
    assert counts["read"] == BOOKS["read"]
    assert (counts["rejected"], counts["filtered"]) == (BOOKS["rejects"], BOOKS["filtered"])
    assert {
        "row": counts["rows"],
        "rejected": sum(counts["rejected"].values()),
        "filtered": sum(counts["filtered"].values()),
        "duplicate": counts["duplicates"],
    } == BOOKS["outcomes"]


@pytest.mark.parametrize("dump", BOOKS["dumps"])
def test_the_books_of_every_dump(sample: Built, dump: str) -> None:
    listed = BOOKS["dumps"][dump]["entries"]
    (found,) = [entry for entry in manifest(sample.out)["inputs"] if short(entry["name"]) == dump]
    assert found["read"] == len(listed)
    assert found["rows"] == sum(entry["outcome"] == "row" for entry in listed)
    assert found["duplicates"] == sum(entry["outcome"] == "duplicate" for entry in listed)
    assert found["rejected"] == Counter(entry["code"] for entry in listed if entry["outcome"] == "rejected")
    assert found["filtered"] == Counter(entry["rule"] for entry in listed if entry["outcome"] == "filtered")


def test_the_rows_are_those_of_the_books(sample: Built) -> None:
    table = ds.dataset(sample.out / "data", partitioning="hive").to_table(
        columns=["url", "published_date", "fetched_at"]
    )
    found = [
        (row["url"], row["published_date"].isoformat(), row["fetched_at"].isoformat().replace("+00:00", "Z"))
        for row in table.to_pylist()
    ]
    wanted = [(entry["canonical_url"], entry["published_date"], entry["fetched_at"]) for entry in entries("row")]
    assert sorted(found) == sorted(wanted)


def test_the_rejects_are_those_of_the_books(sample: Built) -> None:
    table = pq.read_table(sample.out / "_rejects", partitioning=None).to_pylist()
    found = Counter((short(row["input"]), row["code"]) for row in table)
    assert found == Counter(
        (name, entry["code"])
        for name, dump in BOOKS["dumps"].items()
        for entry in dump["entries"]
        if entry["outcome"] == "rejected"
    )
    made = manifest(sample.out)["build"]
    assert made["tool"]["python"] == ".".join(platform.python_version_tuple()[:2])
    tool = f"{made['tool']['builder']}+{made['tool']['code_sha256'][:12]}"
    assert {(row["config_sha256"], row["tool"]) for row in table} == {(made["config_sha256"], tool)}
    known = {row["url"] for row in table} - {None}
    assert known <= {entry.get("url") for entry in entries("rejected")}


def test_the_partitions_are_the_months(sample: Built) -> None:
    rows: Counter[str] = Counter()
    for part in manifest(sample.out)["files"]:
        assert part["path"].startswith(f"data/month={part['partition']['month']}/part-00000-")
        rows[part["partition"]["month"]] += part["rows"]
    assert rows == BOOKS["rows_by_month"]


def test_the_manifest_names_what_is_there(sample: Built) -> None:
    document = manifest(sample.out)
    named = {part["path"]: part["sha256"] for part in document["files"]}
    named |= {part["name"]: part["sha256"] for part in document["rejects"]}
    there = {path: digest for path, digest in sample.tree.items() if path not in ("_manifest.json", "data/_SUCCESS")}
    assert named == there
    assert "data/_SUCCESS" in sample.tree


def test_the_manifest_says_nothing_of_this_machine(sample: Built) -> None:
    text = (sample.out / "_manifest.json").read_text(encoding="utf-8")
    assert str(ROOT) not in text
    assert str(sample.out) not in text
    assert os.uname().nodename not in text


def test_rows_stand_in_their_order(sample: Built) -> None:
    for part in manifest(sample.out)["files"]:
        rows = pq.read_table(sample.out / part["path"], columns=["published_at", "url"], partitioning=None).to_pylist()
        keys = [(row["published_at"], row["url"]) for row in rows]
        assert keys == sorted(keys)


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_processes_make_the_same_bytes(sample: Built, tmp_path: Path, workers: int) -> None:
    run(SAMPLE, tmp_path / "out", engine="local", workers=workers)
    assert tree(tmp_path / "out") == sample.tree


def test_a_second_run_changes_nothing(sample: Built) -> None:
    before = {path: path.stat().st_mtime_ns for path in [sample.out / name for name in sample.tree]}
    outcome = run(SAMPLE, sample.out)
    assert (outcome.changed, outcome.reused, outcome.splits) == (False, 5, 5)
    assert outcome.books == sample.outcome.books
    assert {path: path.stat().st_mtime_ns for path in before} == before
