# ruff: noqa: E501 - tables of messages, one case a line
"""Pages that break a constraint, in builds: rejected, without the value, kept, or the end of it; how they are counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from small_builds import FIELDS, add_inline_engine, load, manifest, page, run, tree, write_config, write_dump

from builder.compiled import compile_job
from builder.errors import FindingsError

add_inline_engine()


# ------------------------------------------------------------------ in builds


def config_of(folder: Path, *fields: dict[str, Any], **changes: Any) -> Path:
    """Four pages, of which number 12 has the longest headline and the last day."""
    days = ["2022-01-15", "2022-02-15", "2022-03-15"]
    write_dump(folder / "raw" / "a.jsonl", [page(number, day=days[number % 3]) for number in (1, 2, 3)])
    write_dump(folder / "raw" / "b.jsonl", [page(12, "b.example", hour=9)])
    named = {name for field in fields for name in field}
    return write_config(folder, fields=[*(name for name in FIELDS if name not in named), *fields], **changes)


def rows_of(out: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ds.dataset(out / "data", partitioning="hive").to_table().to_pylist()
    return sorted(rows, key=lambda row: str(row["url"]))


def rejects_of(out: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(out / "_rejects", partitioning=None).to_pylist()
    return rows


LONG = {"max_length": 12}  # "Heron 1 seen" has 12 characters, "Heron 12 seen" 13


def test_reject(tmp_path: Path) -> None:
    outcome = run(config_of(tmp_path, {"title": LONG}), tmp_path / "out")
    assert (outcome.books.rows, outcome.books.rejected) == (3, {"constraint": 1})
    (row,) = rejects_of(tmp_path / "out")
    assert (row["stage"], row["message"]) == ("check", 'title: 13 characters, at most 12: "Heron 12 seen"')
    assert row["url"] == "https://www.b.example/news/12"
    assert manifest(tmp_path / "out")["counts"]["violations"] == {"title.max_length": 1}
    assert manifest(tmp_path / "out")["counts"]["flags"] == {}


@pytest.mark.parametrize(("action", "title"), [("keep", "Heron 12 seen"), ("null", None), (None, None)])
def test_null_and_keep(tmp_path: Path, action: str | None, title: str | None) -> None:
    """Bare null in YAML is nothing; here it is the action."""
    outcome = run(config_of(tmp_path, {"title": LONG | {"on_violation": action}}), tmp_path / "out")
    assert (outcome.books.rows, outcome.books.rejected) == (4, {})
    assert [row["title"] for row in rows_of(tmp_path / "out") if row["site"] == "b.example"] == [title]
    counts = manifest(tmp_path / "out")["counts"]
    assert counts["violations"] == {"title.max_length": 1}
    assert counts["flags"] == {"constraint:title.max_length": 1}


def test_fail(tmp_path: Path) -> None:
    run(config_of(tmp_path), tmp_path / "out")
    before = tree(tmp_path / "out")
    config = config_of(tmp_path, {"title": LONG | {"on_violation": "fail"}})
    with pytest.raises(FindingsError) as error:
        run(config, tmp_path / "out")
    assert str(error.value) == (
        "fields.title.on_violation is fail, and pages break 1 title.max_length; the first: "
        'raw/b.jsonl@0: title: 13 characters, at most 12: "Heron 12 seen"'
    )
    assert tree(tmp_path / "out") == before


def test_fail_names_the_file_in_a_folder(tmp_path: Path) -> None:
    """Where every page is at offset 0, the offset does not say which it is."""
    (tmp_path / "raw" / "2022").mkdir(parents=True)
    (tmp_path / "raw" / "2022" / "a.html").write_text(str(page(12)["html"]))
    config = config_of(tmp_path, {"title": LONG | {"on_violation": "fail"}}, inputs=["raw"])
    with pytest.raises(FindingsError, match=r"the first: raw@0#2022/a\.html: title: 13 characters"):
        run(config, tmp_path / "out")


def test_fail_holds_for_required_fields_too(tmp_path: Path) -> None:
    config = config_of(tmp_path, {"title": {"required": True, "on_violation": "fail"}})
    write_dump(tmp_path / "raw" / "c.jsonl", [page(1, html="<p>no headline</p>")])
    with pytest.raises(
        FindingsError, match=r"1 title\.required; the first: raw/c\.jsonl@0: title: the page does not say"
    ):
        run(config, tmp_path / "out")


def test_filtered_pages_break_nothing(tmp_path: Path) -> None:
    config = config_of(
        tmp_path, {"title": LONG | {"on_violation": "keep"}}, select={"site": {"one_of": ["a.example"]}}
    )  # fmt: skip
    run(config, tmp_path / "out")
    counts = manifest(tmp_path / "out")["counts"]
    assert (counts["violations"], counts["filtered"]) == ({}, {"site.one_of": 1})


def test_the_manifest_states_the_constraints(tmp_path: Path) -> None:
    settings = {"min": "2000-01-01T01:00:00+01:00", "not_after": "captured"}
    config = config_of(tmp_path, {"title": {"one_of": ["x"], "on_violation": "keep"}})
    config.write_text(
        config.read_text().replace('"published_at",\n', f'{{"published_at": {{"min": {settings["min"]}}}}},\n', 1)
    )
    run(config, tmp_path / "out")
    stated = {field["name"]: field["constraints"] for field in manifest(tmp_path / "out")["schema"]["fields"]}
    assert stated["title"] == {"one_of": ["x"], "on_violation": "keep"}
    assert stated["published_at"] == {"min": "2000-01-01T00:00:00Z", "on_violation": "reject"}
    assert stated["url"] == {}


def test_an_argument_of_nought_is_one(tmp_path: Path) -> None:
    job = compile_job(load(config_of(tmp_path, {"word_count": {"min": 0}}, {"title": {"max_length": 0}})))
    assert {check.field: [rule for rule, _, _ in check.rules] for check in job.checks} == {
        "word_count": ["word_count.min"],
        "title": ["title.max_length"],
    }


# ------------------------------------------------------------------ unique


def twins(folder: Path, **settings: Any) -> Path:
    """Page 1 of three captures in two dumps under addresses of their own, and page 2: titles that must be unique."""
    write_dump(
        folder / "raw" / "a.jsonl", [page(1, hour=8), page(1, hour=10) | {"url": "https://www.a.example/one"}, page(2)]
    )
    write_dump(folder / "raw" / "b.jsonl", [page(1, "b.example", hour=9)])
    return write_config(
        folder, fields=["url", {"title": {"unique": True} | settings}, "fetched_at"], partition_by=None, sort_by=["url"]
    )


@pytest.mark.parametrize(
    ("keep", "url"),
    [("latest", "https://www.a.example/one"), ("earliest", "https://www.a.example/news/1"), (None, "https://www.a.example/news/1")],
)  # fmt: skip
def test_one_row_has_the_value_and_the_others_are_rejects(tmp_path: Path, keep: str | None, url: str) -> None:
    config = twins(tmp_path)
    outcome = run(config, tmp_path / "out", f"duplicates={{by: [url], keep: {keep}}}" if keep else "duplicates=null")
    assert (outcome.books.read, outcome.books.rows, outcome.books.rejected) == (4, 2, {"constraint": 2})
    assert [row["url"] for row in rows_of(tmp_path / "out")] == sorted([url, "https://www.a.example/news/2"])
    rejected = rejects_of(tmp_path / "out")
    assert {row["url"] for row in rejected} | {url} == {
        "https://www.a.example/news/1", "https://www.a.example/one", "https://www.b.example/news/1",
    }  # fmt: skip
    for row in rejected:
        assert (row["stage"], row["code"]) == ("merge", "constraint")
        assert row["message"] == 'title: another row has this value (unique): "Heron 1 seen"'
        lines = (tmp_path / row["input"]).read_bytes()
        assert row["url"].encode() in lines[row["offset"] : row["offset"] + row["length"]]
    document = manifest(tmp_path / "out")
    assert document["counts"]["violations"] == {"title.unique": 2}
    assert sum(entry["rejected"].get("constraint", 0) for entry in document["inputs"]) == 2
    assert sum(entry["rows"] for entry in document["inputs"]) == 2


def test_values_that_are_kept_are_counted(tmp_path: Path) -> None:
    outcome = run(twins(tmp_path, on_violation="keep"), tmp_path / "out")
    assert (outcome.books.rows, outcome.books.rejected) == (4, {})
    counts = manifest(tmp_path / "out")["counts"]
    assert (counts["violations"], counts["flags"]) == ({"title.unique": 2}, {"constraint:title.unique": 2})


def test_a_value_that_is_not_unique_may_end_the_build(tmp_path: Path) -> None:
    with pytest.raises(
        FindingsError, match=r"pages break 2 title\.unique; the first: raw/a\.jsonl@0: title: another row"
    ):
        run(twins(tmp_path, on_violation="fail"), tmp_path / "out")


def test_duplicates_go_first(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1, hour=8), page(1, hour=9)])
    config = write_config(tmp_path, fields=["url", {"title": {"unique": True}}], partition_by=None, sort_by=None)
    outcome = run(config, tmp_path / "out")
    assert (outcome.books.rows, outcome.books.duplicates, outcome.books.rejected) == (1, 1, {})


def test_a_row_that_lost_its_place_takes_no_other_value_with_it(tmp_path: Path) -> None:
    """Fields are decided in the config's order: the second field sees only the rows that the first one left."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), page(1, "b.example")])
    fields = [{"title": {"unique": True}}, {"text": {"unique": True}}]
    outcome = run(
        write_config(tmp_path, fields=fields, partition_by=None, sort_by=None, duplicates=None), tmp_path / "o"
    )
    assert outcome.books.rows == 1
    assert manifest(tmp_path / "o")["counts"]["violations"] == {"title.unique": 1}


@pytest.mark.parametrize(
    ("unique", "duplicates", "lost"), [(True, None, (1, 0)), (False, {"by": ["n"]}, (0, 1))], ids=["unique", "duplicates"]
)  # fmt: skip
def test_zero_has_no_sign(tmp_path: Path, unique: bool, duplicates: Any, lost: tuple[int, int]) -> None:
    """As `validate --deep` and every reader sees it."""
    pages = [page(number, html=f"<title>T</title><b>{text}</b>") for number, text in enumerate(["0.0", "-0.0", "0.5"])]
    write_dump(tmp_path / "raw" / "a.jsonl", pages)
    field = {"n": {"type": "number", "unique": unique, "rules": [{"css": "b"}]}}
    config = write_config(tmp_path, fields=["url", field], partition_by=None, sort_by=None, duplicates=duplicates)
    books = run(config, tmp_path / "out").books
    assert (sum(books.rejected.values()), books.duplicates, books.rows) == (*lost, 2)


def test_splits_do_not_show_in_what_is_unique(tmp_path: Path) -> None:
    config = twins(tmp_path)
    run(config, tmp_path / "one")
    run(config, tmp_path / "many", "limits.split_bytes=500")
    assert rows_of(tmp_path / "one") == rows_of(tmp_path / "many")
    one, many = ([{**row, "config_sha256": None} for row in rejects_of(tmp_path / name)] for name in ("one", "many"))
    assert one == many


def test_unique_values_change_with_the_inputs_and_back(tmp_path: Path) -> None:
    config = twins(tmp_path)
    run(config, tmp_path / "out")
    before = tree(tmp_path / "out")
    extra = write_dump(tmp_path / "raw" / "c.jsonl", [page(1, "c.example", hour=20), page(2, "c.example", hour=20)])
    assert run(config, tmp_path / "out").books.rejected == {"constraint": 4}
    extra.unlink()
    run(config, tmp_path / "out")
    assert tree(tmp_path / "out") == before


@pytest.mark.parametrize("code", ["missing_field", "constraint"])
def test_what_is_read_again_is_counted_once(tmp_path: Path, code: str) -> None:
    fields = [{"title": {"required": True, "unique": True} | LONG}]
    write_dump(
        tmp_path / "raw" / "a.jsonl", [page(1), page(1, "b.example"), page(12), page(2, html="<p>no headline</p>")]
    )
    config = write_config(tmp_path, fields=[*fields, "url"], partition_by=None, sort_by=None)
    run(config, tmp_path / "out")
    before = tree(tmp_path / "out")
    counts = manifest(tmp_path / "out")["counts"]
    assert counts["violations"] == {"title.max_length": 1, "title.required": 1, "title.unique": 1}
    run(config, tmp_path / "out", retry=code)
    assert tree(tmp_path / "out") == before
