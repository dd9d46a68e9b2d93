from __future__ import annotations

import gzip
import json
import os
import platform
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from small_builds import (
    FIELDS,
    ROOT,
    SAMPLE,
    add_inline_engine,
    load,
    manifest,
    page,
    run,
    tree,
    two_dumps,
    write_config,
    write_dump,
)  # fmt: skip

from builder import gathering, splits
from builder.contract.validate import validate
from builder.errors import ConfigError, FindingsError, StoppedError
from builder.job import Outcome, build, plan_build
from builder.options import Options
from builder.receipts import Receipt
from builder.write import work as work_module

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


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return two_dumps(tmp_path)


# ------------------------------------------------------------------ the sample


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


# ------------------------------------------------------- only what changed


def test_a_changed_input_costs_its_own_splits_and_partitions(tmp_path: Path, config: Path) -> None:
    run(config, tmp_path / "out")
    before = tree(tmp_path / "out")
    write_dump(tmp_path / "raw" / "c.jsonl", [page(30, day="2022-02-20")])
    outcome = run(config, tmp_path / "out")
    assert (outcome.changed, outcome.reused, outcome.splits) == (True, 2, 3)
    after = tree(tmp_path / "out")
    changed = {name for name, digest in after.items() if before.get(name) != digest}
    assert {name.split("/")[1] if name.startswith("data") else name for name in changed} == {
        "month=2022-02",
        "_manifest.json",
    }


def test_other_bytes_of_the_same_size_and_time_are_seen(tmp_path: Path, config: Path) -> None:
    """As a copy or an archive that keeps times leaves them."""
    dump = tmp_path / "raw" / "b.jsonl"
    run(config, tmp_path / "out")
    before = dump.stat()
    dump.write_bytes(dump.read_bytes().replace(b"Heron 20", b"Egret 20"))
    os.utime(dump, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (dump.stat().st_size, dump.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    outcome = run(config, tmp_path / "out")
    assert (outcome.changed, outcome.reused) == (True, 1)
    run(config, tmp_path / "fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_untouched_parts_are_not_written_again(tmp_path: Path, config: Path) -> None:
    run(config, tmp_path / "out")
    untouched = [*(tmp_path / "out/data/month=2022-01").iterdir(), *(tmp_path / "out/data/month=2022-03").iterdir()]
    before = [(path, path.stat().st_ino, path.stat().st_mtime_ns) for path in untouched]
    write_dump(tmp_path / "raw" / "c.jsonl", [page(30, day="2022-02-20")])
    run(config, tmp_path / "out")
    assert [(path, path.stat().st_ino, path.stat().st_mtime_ns) for path in untouched] == before


def test_a_changed_build_is_what_a_fresh_one_would_be(tmp_path: Path, config: Path) -> None:
    run(config, tmp_path / "out")
    lines = (tmp_path / "raw" / "a.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "raw" / "a.jsonl").write_text("".join(lines[1:]), encoding="utf-8")
    write_dump(tmp_path / "raw" / "0.jsonl", [page(4, day="2022-02-15", hour=12)])
    assert run(config, tmp_path / "out").reused == 1
    run(config, tmp_path / "fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_an_input_that_has_gone_takes_its_rows_with_it(tmp_path: Path, config: Path) -> None:
    run(config, tmp_path / "out")
    (tmp_path / "raw" / "b.jsonl").unlink()
    assert run(config, tmp_path / "out").books.rows == 8
    run(config, tmp_path / "fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")
    assert len(list((tmp_path / "out/_work/receipts").iterdir())) == 1


def test_an_index_that_changes_changes_the_rows(tmp_path: Path) -> None:
    folder = tmp_path / "raw" / "mirror"
    folder.mkdir(parents=True)
    (folder / "one.html").write_text(page(1)["html"], encoding="utf-8")
    (folder / "index.csv").write_text("file,url\none.html,https://a.example/old\n")
    config = write_config(tmp_path, inputs=["raw/mirror"])
    run(config, tmp_path / "out")
    (folder / "index.csv").write_text("file,url\none.html,https://a.example/new\n")
    run(config, tmp_path / "out")
    assert ds.dataset(tmp_path / "out/data").to_table().column("url").to_pylist() == ["https://a.example/new"]


INDEXED = ("a.html", "b.html", "c.html", "d.html", "e.html", "f.html")


def test_a_folder_that_is_said_to_have_no_index(tmp_path: Path) -> None:
    config = indexed_folder(tmp_path, "a.html", "b.html")
    assert run(config, tmp_path / "out").books.rejected == {"missing_html": 4}
    config.write_text(config.read_text().replace('"mirror"', '{"path": "mirror", "index": ""}'))
    assert run(config, tmp_path / "out").books.rejected == {}


def indexed_folder(folder: Path, *names: str) -> Path:
    """Files of 300 bytes, three a split, and an index that names six."""
    (folder / "mirror").mkdir(parents=True)
    for name in names:
        text = f"<title>Heron {name}</title><p>" + "words of a page " * 20
        (folder / "mirror" / name).write_text(text[:300])
    lines = "".join(f"{name},https://a.example/{name}\n" for name in INDEXED)
    (folder / "mirror/index.csv").write_text(f"file,url\n{lines}")
    return write_config(folder, inputs=["mirror"], fields=["url", "title"], partition_by=None, sort_by=None,
                        duplicates=None, limits={"split_bytes": 900})  # fmt: skip


def moved(name: str, other: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).rename(folder / other)


@pytest.mark.parametrize(
    ("names", "change", "reused", "rejected"),
    [
        pytest.param("abcdeg", moved("g.html", "f.html"), 0, 0, id="the index is right at last"),
        pytest.param("abcdef", moved("f.html", "g.html"), 0, 1, id="one is named in vain"),
        pytest.param("abcdefg", moved("g.html", "h.html"), 2, 0, id="one that is not named"),
        pytest.param("abcdef", lambda folder: shutil.copy(folder / "f.html", folder / "g.html"), 2, 0, id="one more"),
    ],
)
def test_a_folder_with_an_index_is_what_a_fresh_build_would_make_of_it(
    tmp_path: Path, names: str, change: Callable[[Path], object], reused: int, rejected: int
) -> None:
    config = indexed_folder(tmp_path, *(f"{name}.html" for name in names))
    run(config, tmp_path / "out")
    change(tmp_path / "mirror")
    outcome = run(config, tmp_path / "out")
    fresh = run(config, tmp_path / "fresh")
    assert (outcome.reused, sum(fresh.books.rejected.values())) == (reused, rejected)
    assert outcome.books == fresh.books
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_a_link_in_a_folder_that_leads_elsewhere_changes_its_reject(tmp_path: Path) -> None:
    """Its length is that of the path that it holds; it is not followed."""
    config = indexed_folder(tmp_path, "a.html")
    (tmp_path / "mirror/b.html").symlink_to("a")
    run(config, tmp_path / "out")
    (tmp_path / "mirror/b.html").unlink()
    (tmp_path / "mirror/b.html").symlink_to("elsewhere")
    run(config, tmp_path / "out")
    run(config, tmp_path / "fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_how_parts_are_written_needs_no_page_again(tmp_path: Path, config: Path) -> None:
    run(config, tmp_path / "out")
    outcome = run(config, tmp_path / "out", "write.compression_level=12")
    assert (outcome.changed, outcome.reused) == (True, 2)


def test_splits_do_not_show_in_the_rows(tmp_path: Path, config: Path) -> None:
    run(config, tmp_path / "out")
    assert run(config, tmp_path / "cut", "limits.split_bytes=1KiB").splits > 4
    ours, theirs = ({name for name in tree(tmp_path / out) if name.startswith("data")} for out in ("out", "cut"))
    assert ours == theirs


def test_small_parts(tmp_path: Path, config: Path) -> None:
    """Parts are cut by size, and the rows of all of them are those of one."""
    run(config, tmp_path / "one")
    outcome = run(config, tmp_path / "many", "write.part_bytes=1KiB")
    assert len(outcome.parts) > 3
    tables = [ds.dataset(tmp_path / out / "data").to_table().sort_by("url") for out in ("one", "many")]
    assert tables[0].equals(tables[1])
    january = [part.path.split("/")[-1][:10] for part in outcome.parts if part.partition["month"] == "2022-01"]
    assert january == [f"part-{number:05d}" for number in range(len(january))]


def nested_warc(folder: Path) -> Path:
    """A WARC, not compressed, of one page that holds whole WARC records: splits begin amid them."""
    inner = b"".join(warc_record(page(number)) for number in range(20))
    outer = page(99)
    outer["html"] = outer["html"].replace("</body>", f"<pre>{inner.decode()}</pre></body>")
    (folder / "raw").mkdir(parents=True)
    data = warc_record(page(50)) + warc_record(outer) + warc_record(page(51))
    (folder / "raw" / "nested.warc").write_bytes(data)
    return write_config(folder, inputs=["raw/*.warc"])


def warc_record(given: dict[str, Any]) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + given["html"].encode()
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {given['url']}\r\nWARC-Date: {given['fetched_at']}\r\n"
    head += f"WARC-Record-ID: <urn:uuid:{len(block):032d}>\r\nContent-Type: application/http; msgtype=response\r\n"
    return f"{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def test_records_inside_a_page_are_no_pages_and_cost_no_second_run(tmp_path: Path) -> None:
    config = nested_warc(tmp_path)
    assert run(config, tmp_path / "whole").books.read == 3
    assert run(config, tmp_path / "cut", "limits.split_bytes=2KiB").books.read == 3
    whole, cut = ({name for name in tree(tmp_path / out) if name.startswith("data")} for out in ("whole", "cut"))
    assert whole == cut
    receipts = list((tmp_path / "cut/_work/receipts").iterdir())
    before = {path: path.stat().st_mtime_ns for path in receipts}
    assert not run(config, tmp_path / "cut", "limits.split_bytes=2KiB").changed
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "cut/_work/receipts").iterdir()} == before


# ------------------------------------------------------------------- anew


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(bytes(data))


def test_fresh_makes_everything_again(tmp_path: Path, config: Path) -> None:
    run(config, tmp_path / "out")
    before = tree(tmp_path / "out")
    part = min((tmp_path / "out").rglob("data/*/*.parquet"))
    flip(part, 40)
    assert run(config, tmp_path / "out", fresh=True).reused == 0
    assert tree(tmp_path / "out") == before


# ------------------------------------------------------------ not published


def assert_refused(config: Path, out: Path, message: str, *overrides: str) -> None:
    """A build that is refused leaves the old dataset to the byte, and the next one that may be published is."""
    before = tree(out)
    with pytest.raises(FindingsError, match=message) as error:
        run(config, out, *overrides)
    assert error.value.exit_code == 1
    assert tree(out) == before


@pytest.mark.parametrize(
    ("threshold", "message"),
    [
        (
            "max_reject_rate: 0.05",
            r"max_reject_rate: 1 of 12 pages rejected, 8\.33% \(at most 5\.00%\): 1 missing_html",
        ),
        (
            "max_reject_rate: {total: 0.5, missing_html: 0.08, timeout: 0}",
            r"^thresholds\.max_reject_rate\.missing_html: 1 of 12 pages rejected, 8\.33% \(at most 8\.00%\)$",
        ),
        ("min_rows: 10", r"min_rows: 9 rows \(at least 10\)"),
        ("min_fill: {title: 1.0, subtitle: 0.5}", r"min_fill\.subtitle: 0\.00% of the rows \(at least 50\.00%\)"),
    ],
)
def test_thresholds(tmp_path: Path, config: Path, threshold: str, message: str) -> None:
    run(config, tmp_path / "out")
    fields = "fields=" + json.dumps([*FIELDS, "subtitle"])
    assert_refused(config, tmp_path / "out", message, f"thresholds={{{threshold}}}", fields)


def test_thresholds_that_are_just_met(tmp_path: Path, config: Path) -> None:
    outcome = run(
        config,
        tmp_path / "out",
        "thresholds={max_reject_rate: {total: 0.0834, missing_html: 0.0834}, min_rows: 9, min_fill: {title: 1}}",
    )
    assert outcome.changed


def test_every_threshold_that_is_passed_has_its_line(tmp_path: Path, config: Path) -> None:
    with pytest.raises(FindingsError) as error:
        run(config, tmp_path / "out", "thresholds={max_reject_rate: 0, min_rows: 100}")
    assert len(str(error.value).splitlines()) == 2
    assert not (tmp_path / "out" / "_manifest.json").exists()


def test_the_fill_of_a_partition_column_is_held_to_its_threshold(tmp_path: Path) -> None:
    """Its values are in the paths, not in the files."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), page(2)])
    config = write_config(tmp_path, fields=["url", "title", "section"], partition_by=["section"], sort_by=None)
    with pytest.raises(FindingsError, match=r"min_fill\.section"):
        run(config, tmp_path / "out", "thresholds={min_fill: {section: 0.5}}")


def test_an_input_that_may_not_be_damaged(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1)])
    whole = gzip.compress(json.dumps(page(2)).encode() + b"\n") + gzip.compress(json.dumps(page(3)).encode() + b"\n")
    (tmp_path / "raw" / "b.jsonl.gz").write_bytes(whole)
    config = write_config(tmp_path, inputs=["raw/a.jsonl", {"path": "raw/b.jsonl.gz", "on_bad_input": "fail"}])
    run(config, tmp_path / "out")
    (tmp_path / "raw" / "b.jsonl.gz").write_bytes(whole[:-20])
    assert_refused(config, tmp_path / "out", r"b\.jsonl\.gz: on_bad_input is fail, and 1 truncated there")
    assert run(config, tmp_path / "out", "inputs.1.on_bad_input=reject").books.rejected == {"truncated": 1}


@pytest.mark.parametrize("field", ["read", "rows", "rejected", "filtered"])
def test_books_that_do_not_balance_are_not_published(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch, field: str
) -> None:
    run(config, tmp_path / "out")
    original = Receipt.from_json

    def wrong(text: str) -> Receipt:
        data = json.loads(text)
        data[field] = data[field] + 1 if isinstance(data[field], int) else {**data[field], "empty": 1}
        return original(json.dumps(data))

    monkeypatch.setattr(work_module.Receipt, "from_json", wrong)
    assert_refused(config, tmp_path / "out", "the books do not balance, nothing is published")


def test_rows_that_go_missing_in_staging_are_not_published(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builder.gathering.Staging.reject", lambda _staging, _reject, _number: None)
    with pytest.raises(FindingsError, match="do not balance"):
        run(config, tmp_path / "out")


def test_a_stranger_in_the_data_is_named(tmp_path: Path, config: Path) -> None:
    run(config, tmp_path / "out")
    (tmp_path / "out/data/notes.txt").write_text("mine")
    write_dump(tmp_path / "raw" / "c.jsonl", [page(30)])
    assert_refused(config, tmp_path / "out", r"data/notes\.txt was not written by a build")


# ------------------------------------------------------------------ the edges


def test_a_dataset_without_rows_is_one_file_with_the_schema(tmp_path: Path, config: Path) -> None:
    outcome = run(config, tmp_path / "out", "select={published_date: {min: 2030-01-01}}")
    assert (outcome.books.rows, len(outcome.parts)) == (0, 1)
    full = run(config, tmp_path / "full")
    (path,) = (tmp_path / "out").rglob("data/*/*.parquet")
    assert path.parent.name == "month=unknown"
    fields = pq.read_schema(path)
    assert pq.read_metadata(path).num_rows == 0
    assert fields == pq.read_schema(tmp_path / "full" / full.parts[0].path)


def test_a_dataset_without_partitions(tmp_path: Path, config: Path) -> None:
    outcome = run(config, tmp_path / "out", "partition_by=[]")
    assert [part.path.rpartition("/")[0] for part in outcome.parts] == ["data"]
    assert outcome.parts[0].rows == 9


def test_a_field_that_is_a_partition_stands_in_the_path_alone(tmp_path: Path, config: Path) -> None:
    outcome = run(config, tmp_path / "out", "partition_by=[site, {year: published_date}]")
    assert {tuple(part.partition.items()) for part in outcome.parts} == {
        (("site", "a.example"), ("year", "2022")),
        (("site", "b.example"), ("year", "2022")),
    }
    assert all("site" not in pq.read_schema(tmp_path / "out" / part.path).names for part in outcome.parts)
    assert {column["name"] for column in manifest(tmp_path / "out")["schema"]["fields"]} >= {"site"}


def test_nobody_rejected_leaves_no_reject_table(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1)])
    run(write_config(tmp_path), tmp_path / "out")
    assert manifest(tmp_path / "out")["rejects"] == []
    assert not list((tmp_path / "out").glob("_rejects/*"))


def test_without_a_rule_there_are_no_duplicates(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), page(1)])
    outcome = run(write_config(tmp_path, duplicates=None), tmp_path / "out")
    assert (outcome.books.rows, outcome.books.duplicates) == (2, 0)


@pytest.mark.parametrize(("keep", "hour"), [("latest", 11), ("earliest", 7), ("longest", 9)])
def test_which_duplicate_is_kept(tmp_path: Path, keep: str, hour: int) -> None:
    pages = [page(1, hour=hour) for hour in (9, 7, 11)]
    pages[0]["html"] = pages[0]["html"].replace(
        "</article>", "<p>And then it flew off to the north bank.</p></article>"
    )
    for number, given in enumerate(pages):
        write_dump(tmp_path / "raw" / f"{number}.jsonl", [given])
    config = write_config(tmp_path, duplicates={"by": ["url"], "keep": keep})
    run(config, tmp_path / "out")
    (row,) = ds.dataset(tmp_path / "out/data").to_table(columns=["fetched_at"]).to_pylist()
    assert row["fetched_at"].hour == hour


def test_a_trial_run(tmp_path: Path, config: Path) -> None:
    outcome = run(config, tmp_path / "out", limit=2)
    assert outcome.books.read == 4
    assert manifest(tmp_path / "out")["build"]["limited_to"] == 2
    assert [entry["read"] for entry in manifest(tmp_path / "out")["inputs"]] == [2, 2]
    assert run(config, tmp_path / "out").reused == 0
    run(config, tmp_path / "fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_a_trial_run_need_not_have_the_rows_of_the_whole(tmp_path: Path, config: Path) -> None:
    assert run(config, tmp_path / "out", "thresholds={min_rows: 9}", limit=2).books.rows < 9
    with pytest.raises(FindingsError, match="max_reject_rate"):
        run(config, tmp_path / "out", "thresholds={max_reject_rate: 0.1, min_rows: 9}", limit=4)


def test_a_trial_run_does_not_replace_a_whole_dataset(tmp_path: Path, config: Path) -> None:
    """Nor the work that it rests on; what cannot be told to be a trial is none."""
    out = tmp_path / "out"
    run(config, out, limit=3)
    run(config, out, limit=2)
    assert manifest(out)["build"]["limited_to"] == 2
    run(config, out)
    for damage in ("", "{"):
        (out / "_manifest.json").write_text(damage or (out / "_manifest.json").read_text())
        before = tree(out)
        for step in (build, plan_build):
            with pytest.raises(
                ConfigError, match=r"job\.yaml: --limit: .*/out holds a dataset that is no trial.* --out$"
            ):
                step(load(config), Options(out, 1, "inline", limit=2, quiet=True))
        assert tree(out) == before
    assert run(config, out).reused == 2


def test_a_trial_run_takes_no_page_behind_the_first_split(tmp_path: Path, config: Path) -> None:
    """As `--limit` and the README say."""
    cut = "limits.split_bytes=2KiB"
    assert run(config, tmp_path / "all", cut).books.read == 12
    first = run(config, tmp_path / "out", cut, limit=1000)
    assert (first.splits, first.books.read) == (2, 8)


def test_a_trial_run_of_more_pages_than_there_are(tmp_path: Path, config: Path) -> None:
    run(config, tmp_path / "out", limit=1000)
    run(config, tmp_path / "all")
    ours, theirs = ({name for name in tree(tmp_path / out) if name.startswith("data")} for out in ("out", "all"))
    assert ours == theirs


def test_values_that_no_column_takes_cost_themselves_alone(tmp_path: Path) -> None:
    """A number beyond 64 bits is unreadable, half of a surrogate pair becomes U+FFFD; Arrow would refuse both."""
    broken = page(2)
    broken["html"] = broken["html"].replace(
        "<article>",
        '<article><b id="n">99999999999999999999999</b>'
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Half \\ud83d of it"}</script>',
    )
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), broken, page(3)])
    count: dict[str, Any] = {"count": {"type": "integer", "rules": [{"css": "#n"}]}}
    half: dict[str, Any] = {"half": {"type": "string", "rules": [{"jsonld": "headline"}]}}
    outcome = run(write_config(tmp_path, fields=[*FIELDS, count, half]), tmp_path / "out")
    assert (outcome.books.read, outcome.books.rows, outcome.books.rejected) == (3, 3, {})
    assert manifest(tmp_path / "out")["counts"]["flags"] == {"unreadable:count": 1}
    rows = ds.dataset(tmp_path / "out/data").to_table(columns=["title", "count", "half"]).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        ("Heron 1 seen", None, None),
        ("Heron 2 seen", None, "Half \ufffd of it"),
        ("Heron 3 seen", None, None),
    ]


def test_pages_that_hang_or_crash_cost_themselves_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that take long are given up, and the build says that the clock decided; so are those that end a process."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(number) for number in range(1, 7)])
    config = write_config(tmp_path)
    monkeypatch.setattr("builder.stages.build_split", bad_build_split)
    outcome = run(config, tmp_path / "out", "limits.page_seconds=1", engine="local", workers=1)
    assert (outcome.books.rows, outcome.books.rejected) == (4, {"timeout": 1, "crash": 1})
    assert manifest(tmp_path / "out")["build"]["deterministic"] is False
    rejects = pq.read_table(tmp_path / "out/_rejects", partitioning=None).to_pylist()
    assert [(reject["stage"], reject["code"], reject["url"][-2:]) for reject in rejects] == [
        ("engine", "timeout", "/2"),
        ("engine", "crash", "/5"),
    ]
    assert not (tmp_path / "out/_work/unfinished").exists()


def bad_build_split(task: Any, beat: Any) -> Receipt:
    """`build_split`, for which page 2 takes an hour and page 5 ends the process. A worker imports it from here."""
    real = gathering.build_record

    def build_record(item: Any, job: Any) -> Any:
        if item.url.endswith("/2"):
            time.sleep(3600)
        if item.url.endswith("/5"):
            os._exit(7)
        return real(item, job)

    gathering.build_record = build_record
    try:
        return splits.build_split(task, beat)
    finally:
        gathering.build_record = real


def test_a_signal_during_a_build_leaves_the_old_dataset(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(config, tmp_path / "out")
    before = tree(tmp_path / "out")
    write_dump(tmp_path / "raw" / "c.jsonl", [page(30)])

    def stop(*_args: Any, **_options: Any) -> None:
        raise StoppedError("interrupted", 15)

    monkeypatch.setattr("builder.job.balance", stop)
    with pytest.raises(StoppedError) as error:
        run(config, tmp_path / "out")
    assert error.value.exit_code == 143
    assert tree(tmp_path / "out") == before
    monkeypatch.undo()
    assert run(config, tmp_path / "out").reused == 3


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems refuse names that are not UTF-8")
def test_folders_whose_names_are_not_utf8(tmp_path: Path) -> None:
    """As old disks have them: for what is read and for what is written."""
    odd = Path(os.fsdecode(bytes(tmp_path / "b") + b"\xff"))
    for folder in (odd, tmp_path / "b"):
        write_dump(folder / "raw" / "a.jsonl", [page(number % 4) for number in range(6)])
        with (folder / "raw" / "b.parquet").open("wb") as file:
            pq.write_table(pa.Table.from_pylist([page(7), page(7)]), file)
        config = write_config(folder, inputs=["raw/*"], duplicates={"by": ["url"]}, partition_by=["site"])
        assert run(config, folder / "out").books.rows == 5
        assert validate(str(folder / "out"), deep=True) == ([], "")
    assert tree(odd / "out") == tree(tmp_path / "b" / "out")
