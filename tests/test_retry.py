from __future__ import annotations

import gzip
import io
import os
import shutil
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from small_builds import (
    SAMPLE,
    add_inline_engine,
    always,
    manifest,
    page,
    run,
    run_inline,
    tree,
    two_dumps,
    write_config,
    write_dump,
)
from warc_bytes import gz, http_block, record, zst

from builder.dumps import READERS
from builder.engines import ENGINES
from builder.engines.work import OnBeat, Work
from builder.errors import ConfigError, FindingsError, NothingToRetryError
from builder.receipts import Receipt
from builder.records import Item, Split
from builder.write.files import read_sealed, write_sealed
from builder.write.parquet import write_parquet

add_inline_engine()
SAMPLE_CODES = ["bad_content_encoding", "bad_fetch_time", "bad_line", "damaged", "empty", "missing_field"]
SAMPLE_CODES += ["missing_html", "not_html"]


def run_losing(work: Work, tasks: Sequence[Any], workers: int, on_beat: OnBeat) -> Iterator[tuple[int, Any]]:
    """An engine that gives up items 1 and 3 of whatever names its items."""
    if work.blame is not None:
        for item, code in ((1, "timeout"), (3, "crash")):
            tasks = [work.blame(task, item, code, "it was the machine's fault") for task in tasks]
    yield from run_inline(work, tasks, workers, on_beat)


ENGINES["losing"] = always(run_losing)  # type: ignore[index]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Two dumps of several splits and a compressed one that is read by strides."""
    two_dumps(tmp_path)
    lines = [page(number, "c.example", day="2022-02-15") for number in range(40, 46)]
    path = write_dump(tmp_path / "raw" / "c.jsonl", lines)
    (tmp_path / "raw" / "c.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    path.unlink()
    return write_config(tmp_path, inputs=["raw/*.jsonl", "raw/c.gz"], limits={"split_bytes": "4KiB"})


def rejected(out: Path) -> list[str]:
    parts = [out / part["name"] for part in manifest(out)["rejects"]]
    return [code for part in parts for code in pq.read_table(part, partitioning=None).column("code").to_pylist()]


# ------------------------------------------------------- nothing has changed


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sample") / "out"
    run(SAMPLE, out)
    return out


@pytest.mark.parametrize("code", SAMPLE_CODES)
def test_what_fails_again_changes_no_byte(sample: Path, code: str) -> None:
    """Rejects of every kind of dump, read again where their locators say, by ranges or by reading through."""
    before = tree(sample)
    assert manifest(sample)["counts"]["rejected"][code] > 0
    outcome = run(SAMPLE, sample, retry=code)
    assert not outcome.changed
    assert tree(sample) == before
    assert outcome.reused < outcome.splits
    assert run(SAMPLE, sample).reused == outcome.splits


def test_a_reject_that_stands_at_no_byte_stays(tmp_path: Path) -> None:
    """What the index of a tar names in vain."""
    index = b"file,url\n1.html,https://a.example/1\ngone.html,https://a.example/2\nlost.html,https://a.example/3\n"
    (tmp_path / "raw").mkdir()
    with tarfile.open(tmp_path / "raw" / "a.tar", "w") as archive:
        for name, content in (("1.html", page(1)["html"].encode()), ("index.csv", index)):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    config = write_config(tmp_path, inputs=["raw/a.tar"])
    assert run(config, tmp_path / "out").books.rejected == {"missing_html": 2}
    before = tree(tmp_path / "out")
    assert not run(config, tmp_path / "out", retry="missing_html").changed
    assert tree(tmp_path / "out") == before


@pytest.mark.parametrize("codes", [("timeout", "crash"), ("crash", "timeout")], ids="-".join)
def test_what_the_machine_lost_comes_back_to_the_byte(tmp_path: Path, config: Path, codes: tuple[str, str]) -> None:
    lossy = run(config, tmp_path / "out", engine="losing")
    assert min(lossy.books.rejected["timeout"], lossy.books.rejected["crash"]) > 1
    assert not manifest(tmp_path / "out")["build"]["deterministic"]
    once = run(config, tmp_path / "once")
    first = run(config, tmp_path / "out", retry=codes[0])
    assert codes[0] not in first.books.rejected
    assert first.books.rejected[codes[1]] == lossy.books.rejected[codes[1]]
    assert run(config, tmp_path / "out", retry=codes[1]).books == once.books
    assert tree(tmp_path / "out") == tree(tmp_path / "once")
    again = run(config, tmp_path / "out")
    assert (again.changed, again.reused) == (False, again.splits)


def test_what_is_lost_again_is_booked_again(tmp_path: Path, config: Path) -> None:
    run(config, tmp_path / "out", engine="losing")
    before = tree(tmp_path / "out")
    assert not run(config, tmp_path / "out", retry="timeout", engine="losing").changed
    assert tree(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("engine", "override", "reused"),
    [
        pytest.param("inline", "limits.page_seconds=90", 4, id="more time, none given up"),
        pytest.param("inline", "limits.worker_memory=3GiB", 4, id="more memory, none given up"),
        pytest.param("inline", "limits.page_seconds=30", 0, id="less time"),
        pytest.param("inline", "limits.worker_memory=1GiB", 0, id="less memory"),
        pytest.param("losing", "limits.page_seconds=90", 1, id="more time"),
        pytest.param("losing", "limits.worker_memory=3GiB", 1, id="more memory"),
        pytest.param("losing", "name=other", 4, id="the same limits"),
    ],
)
def test_with_other_limits_only_what_they_may_change_is_read_again(
    tmp_path: Path, config: Path, engine: str, override: str, reused: int
) -> None:
    write_dump(tmp_path / "raw" / "one.jsonl", [page(60)])  # has no item 1 to be given up
    run(config, tmp_path / "out", engine=engine)
    outcome = run(config, tmp_path / "out", override)
    assert (outcome.reused, outcome.splits) == (reused, 4)
    once = run(config, tmp_path / "once", override, engine="losing" if override.startswith("name") else "inline")
    assert outcome.books == once.books
    assert tree(tmp_path / "out") == tree(tmp_path / "once")


def test_a_retry_with_more_time_is_one_with_another_config(tmp_path: Path, config: Path) -> None:
    """Other pages of the split were given up as well, and might now be read."""
    run(config, tmp_path / "out", engine="losing")
    more = "limits.page_seconds=90"
    outcome = run(config, tmp_path / "out", more, retry="timeout")
    assert set(outcome.books.rejected) >= {"crash"}
    assert not manifest(tmp_path / "out")["build"]["deterministic"]
    run(config, tmp_path / "out", more)
    run(config, tmp_path / "once", more)
    assert tree(tmp_path / "out") == tree(tmp_path / "once")


# ------------------------------------------------------- another config


def wide(number: int) -> dict[str, Any]:
    """A page with an element of 30 attributes."""
    attributes = " ".join(f"a{n}" for n in range(30))
    given = page(number)
    return given | {"html": given["html"].replace("<article>", f"<article {attributes}>")}


@pytest.fixture
def narrow(tmp_path: Path) -> Path:
    """A config that rejects two of five pages for their attributes, and one as no HTML."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), wide(2), page(3, html=None), wide(4), page(5)])
    write_dump(tmp_path / "raw" / "b.jsonl", [page(6)])
    config = write_config(tmp_path, limits={"attributes": 10})
    assert run(config, tmp_path / "out").books.rejected == {"missing_html": 1, "too_many_attributes": 2}
    return config


def test_a_retry_with_another_config(tmp_path: Path, narrow: Path) -> None:
    """The rows are those of a full build where only those pages change; the next build knows that it was none."""
    run(narrow, tmp_path / "full", "limits.attributes=100")
    outcome = run(narrow, tmp_path / "out", "limits.attributes=100", retry="too_many_attributes")
    assert (outcome.changed, outcome.reused) == (True, 1)
    assert outcome.books.rejected == {"missing_html": 1}
    mixed, full = tree(tmp_path / "out"), tree(tmp_path / "full")
    assert {name for name in full if mixed.get(name) != full[name]} == {"_manifest.json"}
    assert (manifest(tmp_path / "out")["build"]["deterministic"], len(mixed)) == (False, len(full))
    later = run(narrow, tmp_path / "out", "limits.attributes=100")
    assert (later.changed, later.reused) == (True, 0)
    assert tree(tmp_path / "out") == full


def test_a_retry_of_a_retried_dataset(tmp_path: Path, narrow: Path) -> None:
    run(narrow, tmp_path / "full", "limits.attributes=100")
    run(narrow, tmp_path / "out", "limits.attributes=100", retry="missing_html")
    assert rejected(tmp_path / "out") == ["too_many_attributes", "missing_html", "too_many_attributes"]
    run(narrow, tmp_path / "out", "limits.attributes=100", retry="too_many_attributes")
    data = {name: digest for name, digest in tree(tmp_path / "full").items() if name != "_manifest.json"}
    assert data.items() <= tree(tmp_path / "out").items()
    run(narrow, tmp_path / "out")
    run(narrow, tmp_path / "first")
    assert tree(tmp_path / "out") == tree(tmp_path / "first")


class Killed(BaseException):
    """The end of a process, so far as this process can play it."""


def test_a_retry_that_is_killed_leaves_the_old_dataset_or_the_new(
    tmp_path: Path, narrow: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(tmp_path / "out", tmp_path / "new")
    run(narrow, tmp_path / "new", "limits.attributes=100", retry="too_many_attributes")
    old, new = tree(tmp_path / "out"), tree(tmp_path / "new")
    real = os.fsync
    for step in range(0, 80, 5):
        out, left = tmp_path / f"at-{step}", [step]
        shutil.copytree(tmp_path / "out", out)

        def fsync(descriptor: int, left: list[int] = left) -> None:
            if left[0] == 0:
                raise Killed
            left[0] -= 1
            real(descriptor)

        monkeypatch.setattr(os, "fsync", fsync)
        try:
            run(narrow, out, "limits.attributes=100", retry="too_many_attributes")
            break
        except Killed:
            named = {part["path"] for part in manifest(out)["files"]}
            found = tree(out)
            assert found["_manifest.json"] in (old["_manifest.json"], new["_manifest.json"])
            assert all(found[name] == (old | new)[name] for name in named)
        finally:
            monkeypatch.setattr(os, "fsync", real)
        run(narrow, out)
        assert tree(out) == old
    assert step > 15


@pytest.mark.parametrize("code", ["crash", "constraint"])
@pytest.mark.parametrize("override", ["name=small", "limits.attributes=100"])
def test_without_such_rejects_nothing_is_published(tmp_path: Path, code: str, override: str) -> None:
    """Old rows would bear the name of a config that gives others. A unique value is lost when rows are merged."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), wide(2), page(1, "b.example")])
    config = write_config(tmp_path, limits={"attributes": 10}, fields=fields_with(unique=True))
    assert run(config, tmp_path / "out").books.rejected == {"constraint": 1, "too_many_attributes": 1}
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file() and path.name != "hashes.json"]
    before = {path: path.stat().st_mtime_ns for path in files}
    with pytest.raises(NothingToRetryError, match=f"no page was rejected as {code} when it was read; nothing has"):
        run(config, tmp_path / "out", override, retry=code)
    assert {path: path.stat().st_mtime_ns for path in before} == before


@pytest.mark.parametrize(("column", "is_deterministic"), [("url", True), ("address", False)])
def test_a_dump_that_the_config_would_read_otherwise_is_told(
    tmp_path: Path, column: str, is_deterministic: bool
) -> None:
    """Though it has no such rejects: its rows are those of the old config."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), page(2, html=None)])
    write_dump(tmp_path / "raw" / "b.jsonl", [page(3, address="https://www.b.example/3")])
    config = write_config(tmp_path, inputs=["raw/a.jsonl", {"path": "raw/b.jsonl", "url": "url"}])
    run(config, tmp_path / "out")
    run(config, tmp_path / "out", f"inputs.1.url={column}", retry="missing_html")
    assert manifest(tmp_path / "out")["build"]["deterministic"] == is_deterministic
    run(config, tmp_path / "out", retry="missing_html")
    assert manifest(tmp_path / "out")["build"]["deterministic"]


# ------------------------------------------- many records in one member


def warc_page(number: int, words: int = 20, length: str | None = None) -> bytes:
    """A record without an id, so that the locators of one member's records are equal; `length` is what it states."""
    block = http_block(page(number)["html"].encode() + b"<p>reed</p>" * words)
    headers = {"WARC-Record-ID": None} | ({"Content-Length": length} if length else {})
    return record(url=f"http://a.example/{number}", block=block, headers=headers)


LONG, BAD = {"words": 500}, {"length": "x"}
PIECED = b"".join(warc_page(n, **({2: BAD, 5: LONG, 8: BAD}.get(n, {}))) for n in range(10))
MEMBERS: dict[str, bytes] = {
    "gzip": gz(b"".join(warc_page(n, **({3: LONG, 1: BAD, 4: BAD}.get(n, {}))) for n in range(7))),
    "zstd": zst(b"".join(warc_page(n, **({0: LONG, 1: BAD, 5: BAD, 6: LONG}.get(n, {}))) for n in range(7))),
    "behind a lost beginning": b"\x1f\x8b\x08no member"
    + gz(warc_page(1))
    + gz(b"".join(warc_page(n, **({3: LONG, 4: BAD, 5: LONG}.get(n, {}))) for n in range(2, 8))),
    "pieces": b"".join(gz(PIECED[at : at + 900]) for at in range(0, len(PIECED), 900)),
    "a piece damaged": b"".join(
        gz(PIECED[at : at + 900])[: 99 if at == 3600 else None] for at in range(0, len(PIECED), 900)
    ),
    "a header in a damaged piece": gz(PIECED[:100])
    + gz(PIECED[100 : len(warc_page(0)) + 12])
    + gz(PIECED[len(warc_page(0)) + 12 :])[:14]
    + gz(warc_page(3, **LONG)),
    "one of many members": gz(warc_page(1)) + gz(warc_page(2, **LONG) + warc_page(3) + warc_page(4, **LONG)),
}


@pytest.fixture(params=MEMBERS)
def members(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.warc").write_bytes(MEMBERS[request.param])
    changes = {"fields": ["page_url", "title", "source"], "partition_by": None, "sort_by": None, "duplicates": None}
    return write_config(tmp_path, inputs=["raw/a.warc"], limits={"page_bytes": 3000}, **changes)


def test_records_of_one_member_that_fail_again_change_no_byte(tmp_path: Path, members: Path) -> None:
    codes = run(members, tmp_path / "out").books.rejected
    assert set(codes) <= {"damaged", "too_large"}
    before = tree(tmp_path / "out")
    for code in codes:
        assert not run(members, tmp_path / "out", retry=code).changed
        assert tree(tmp_path / "out") == before


def test_records_of_one_member_each_become_what_they_are(tmp_path: Path, members: Path) -> None:
    lossy = run(members, tmp_path / "out")
    assert lossy.books.rejected["too_large"] > 0
    full = run(members, tmp_path / "full", "limits.page_bytes=100000")
    again = run(members, tmp_path / "out", "limits.page_bytes=100000", retry="too_large")
    assert again.books == full.books
    assert again.books.rows == lossy.books.rows + lossy.books.rejected["too_large"]
    same = {name: digest for name, digest in tree(tmp_path / "full").items() if name.startswith("data/")}
    assert same.items() <= tree(tmp_path / "out").items()


@pytest.mark.parametrize("members", ["gzip"], indirect=True)
def test_a_reader_that_finds_other_records_is_refused(
    tmp_path: Path, members: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one of a later version may: which of its records a reject was cannot be told."""
    run(members, tmp_path / "out")
    before = tree(tmp_path / "out")

    def read_fewer(split: Split, read: Any = READERS["warc"].read) -> Iterator[Item]:
        yield from islice(read(split), 1, None)

    monkeypatch.setitem(READERS, "warc", READERS["warc"]._replace(read=read_fewer))  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match=r"a\.warc: is not read as it was"):
        run(members, tmp_path / "out", retry="too_large")
    assert tree(tmp_path / "out") == before


# ------------------------------------------------------- refused


def test_a_retry_that_passes_a_threshold_is_not_published(tmp_path: Path, narrow: Path) -> None:
    before = tree(tmp_path / "out")
    with pytest.raises(FindingsError, match=r"max_reject_rate: 1 of 6"):
        run(
            narrow, tmp_path / "out", "limits.attributes=100", "thresholds.max_reject_rate=0.1",
            retry="too_many_attributes",
        )  # fmt: skip
    assert tree(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ('fields=["url", "published_at", "published_date"]', "have changed, and a retry cannot mix rows; build"),
        ("partition_by=[site]", "have changed, and a retry cannot mix rows; build"),
        ("duplicates.keep=earliest", "have changed, and a retry cannot mix rows; build"),
        ("inputs=[raw/a.jsonl]", "the inputs are not those that it was built from"),
        (
            "limits.split_bytes=1KiB",
            "limits.split_bytes was 16777216, and the inputs are cut otherwise now; retry with that, or build",
        ),
    ],
)
def test_a_config_of_another_dataset(tmp_path: Path, narrow: Path, override: str, message: str) -> None:
    before = tree(tmp_path / "out")
    with pytest.raises(ConfigError, match=message):
        run(narrow, tmp_path / "out", override, retry="crash")
    assert tree(tmp_path / "out") == before


TITLE = {"min_length": 5, "max_length": 99, "pattern": "seen", "on_violation": "null"}


def fields_with(**title: Any) -> list[Any]:
    return ["url", "published_at", "published_date", {"language": {"one_of": ["en", "de"]}}, {"title": title}]


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("fields.4.title.max_length=12", "title: max_length: 12, was max_length: 99"),
        ("fields.4.title.min_length=6", "title: min_length: 6, was min_length: 5"),
        ("fields.4.title.pattern=heard", "title: pattern: heard, was pattern: seen"),
        ("fields.4.title.one_of=[a, b]", r"title: one_of: .*, was nothing"),
        ("fields.3.language.one_of=[de]", "language: one_of: "),
        ("fields.1={published_at: {not_after: captured}}", "published_at: not_after: captured, was nothing"),
    ],
)
def test_constraints_that_published_rows_may_break(tmp_path: Path, override: str, message: str) -> None:
    """They were never held to them, and the manifest would say that they were."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), wide(2)])
    config = write_config(tmp_path, limits={"attributes": 10}, fields=fields_with(**TITLE))
    run(config, tmp_path / "out")
    before = tree(tmp_path / "out")
    with pytest.raises(ConfigError, match=f"rows that are published may break {message}") as caught:
        run(config, tmp_path / "out", "limits.attributes=100", override, retry="too_many_attributes")
    assert len(str(caught.value).splitlines()) == 1
    assert tree(tmp_path / "out") == before


def test_constraints_that_all_published_rows_keep(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), wide(2)])
    config = write_config(tmp_path, limits={"attributes": 10}, fields=fields_with(**TITLE))
    run(config, tmp_path / "out")
    wider = ["fields.4.title.max_length=100", "fields.3.language.one_of=[en, de, fr]", "fields.4.title.pattern=null"]
    outcome = run(config, tmp_path / "out", "limits.attributes=100", *wider, retry="too_many_attributes")
    assert outcome.books.rows == 2
    assert manifest(tmp_path / "out")["schema"]["fields"][4]["constraints"]["max_length"] == 100


def test_rules_that_were_kept_by_no_row_before(tmp_path: Path) -> None:
    """With `keep` the rows there may break what was stated already."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), wide(2)])
    fields = fields_with(min_length=50, on_violation="keep")
    config = write_config(tmp_path, limits={"attributes": 10}, fields=fields)
    run(config, tmp_path / "out")
    with pytest.raises(ConfigError, match="title: min_length: 50, was nothing"):
        run(config, tmp_path / "out", "fields.4.title.on_violation=reject", retry="too_many_attributes")


def test_inputs_that_have_changed(tmp_path: Path, narrow: Path) -> None:
    write_dump(tmp_path / "raw" / "b.jsonl", [page(7)])
    with pytest.raises(ConfigError, match="the inputs are not those that it was built from"):
        run(narrow, tmp_path / "out", retry="too_many_attributes")


def as_staged_before(work: Path, dump: str, kind: str, column: str) -> None:
    """As a version left it that called a column of its own otherwise, or had it not."""
    for path in (work / "receipts").glob("*.json"):
        receipt = Receipt.from_json(read_sealed(path))
        if receipt.dump == dump:
            ref = getattr(receipt, kind)
            table = pq.read_table(work / "staged" / ref.name, partitioning=None)
            kept = table.drop_columns([column]) if column == "__rule" else table.rename_columns({column: f"{column}s"})
            renamed = write_parquet(work / "staged" / ref.name, [kept], kept.schema, level=1)
            write_sealed(path, replace(receipt, **{kind: renamed}).to_json())


@pytest.mark.parametrize("dump", ["raw/a.jsonl", "raw/b.jsonl"], ids=["with such rejects", "without"])
@pytest.mark.parametrize(("kind", "column"), [("staged", "__key"), ("rejects", "__ordinal"), ("rejects", "__rule")])
def test_work_that_another_version_laid_out_otherwise(
    tmp_path: Path, narrow: Path, dump: str, kind: str, column: str
) -> None:
    """A column that is not there must not be read as one without values: duplicates would be published."""
    as_staged_before(tmp_path / "out/_work", dump, kind, column)
    before = tree(tmp_path / "out")
    with pytest.raises(
        ConfigError, match=r"/out: another version staged its rows or rejects otherwise; build it anew$"
    ):
        run(narrow, tmp_path / "out", "limits.attributes=100", retry="too_many_attributes")
    assert tree(tmp_path / "out") == before


@pytest.mark.parametrize("gone", ["_work", "_work/published.json", "_work/receipts", "_work/staged"])
def test_without_what_it_was_made_of_there_is_no_retry(tmp_path: Path, narrow: Path, gone: str) -> None:
    path = tmp_path / "out" / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(ConfigError, match="work folder"):
        run(narrow, tmp_path / "out", retry="too_many_attributes")
    run(narrow, tmp_path / "out")
    assert run(narrow, tmp_path / "out", "limits.attributes=100", retry="too_many_attributes").books.rows == 5


def test_a_trial_run_has_no_retry(tmp_path: Path, narrow: Path) -> None:
    run(narrow, tmp_path / "trial", limit=3)
    with pytest.raises(ConfigError, match="trial run"):
        run(narrow, tmp_path / "trial", retry="too_many_attributes")
