# ruff: noqa: E501 - tables of messages, one case a line
"""Constraints: each kind alone, then in builds: what becomes of a page that breaks one, and how it is counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_builds import FIELDS, add_inline_engine, load, manifest, page, run, tree, write_config, write_dump

from builder.compiled import compile_job
from builder.config.models import FieldSpec
from builder.constraints import KINDS, hold, make_check, shown
from builder.contract.jsonschema import terms_of_row_schema
from builder.contract.odcs import terms_of_odcs
from builder.contract.values import BROKEN
from builder.errors import FindingsError, PageError
from builder.schema import FIELD_TYPES

add_inline_engine()
NOON = datetime(2022, 3, 1, 12, tzinfo=UTC)
INDIA = timezone(timedelta(hours=5, minutes=30))


def broken(name: str, argument: Any, value: Any, captured: datetime | None = NOON) -> str | None:
    """The message of the reject, None where the value holds."""
    check = make_check("f", False, "reject", {name: argument})
    try:
        hold({"f": value}, [check], captured)
    except PageError as error:
        return f"{error.code} {error.rule} {error.message}"
    return None


@pytest.mark.parametrize(
    ("name", "argument", "value", "message"),
    [
        ("min", 0, 0, None),
        ("min", 0, -1, "f: less than 0: -1"),
        ("min", date(2022, 1, 1), date(2021, 12, 31), "f: less than 2022-01-01: 2021-12-31"),
        ("max", 1.5, 1.5, None),
        ("max", 1.5, 2.0, "f: more than 1.5: 2.0"),
        ("max", NOON, NOON + timedelta(microseconds=1), "f: more than 2022-03-01 12:00:00+00:00: 2022-03-01 12:00:00.000001+00:00"),
        ("min_length", 3, "äöü", None),
        ("min_length", 3, "äö", 'f: 2 characters, at least 3: "äö"'),
        ("max_length", 3, "\U0001f30d" * 3, None),
        ("max_length", 3, "a\nbc", 'f: 4 characters, at most 3: "a bc"'),
        ("max_length", 1, ["a", "b"], "f: 2 entries, at most 1: ['a', 'b']"),
        ("pattern", "[0-9]", "No 7", None),
        ("pattern", "^[0-9]+$", "No 7", 'f: does not match "^[0-9]+$": "No 7"'),
        ("pattern", "^[a-z]+$", ["ab", "c1"], """f: does not match "^[a-z]+$": ['ab', 'c1']"""),
        ("pattern", "(a)(b)", "ab", None),
        ("one_of", ("a", "b"), "a", None),
        ("one_of", ("a", "b"), "A", 'f: none of the 2 values allowed: "A"'),
        ("one_of", ("a", "b"), ["a", "c"], "f: none of the 2 values allowed: ['a', 'c']"),
        ("one_of", (True,), False, "f: none of the 1 values allowed: False"),
        ("not_after", "captured", NOON, None),
        ("not_after", "captured", NOON + timedelta(seconds=1), "f: after the capture at 2022-03-01T12:00:00Z: 2022-03-01 12:00:01+00:00"),
        ("not_after", "captured", date(2022, 3, 2), None),
        ("not_after", "captured", date(2022, 3, 3), "f: after the capture on 2022-03-01: 2022-03-03"),
    ],
)  # fmt: skip
def test_kinds(name: str, argument: Any, value: Any, message: str | None) -> None:
    assert broken(name, argument, value) == (message and f"constraint f.{name} {message}")


def test_the_capture_is_an_instant_whatever_its_zone() -> None:
    assert broken("not_after", "captured", NOON, NOON.astimezone(INDIA)) is None
    assert broken("not_after", "captured", NOON, (NOON - timedelta(seconds=1)).astimezone(INDIA)) is not None


@pytest.mark.parametrize(("hour", "minute", "holds"), [(10, 0, True), (9, 59, False)])
@pytest.mark.parametrize("zone", [UTC, INDIA])
def test_the_day_of_the_capture_is_that_of_the_east(hour: int, minute: int, holds: bool, zone: timezone) -> None:
    captured = datetime(2022, 3, 1, hour, minute, tzinfo=UTC).astimezone(zone)
    said = None if holds else "constraint f.not_after f: after the capture on 2022-03-01: 2022-03-02"
    assert broken("not_after", "captured", date(2022, 3, 2), captured) == said


@pytest.mark.parametrize(("length", "end"), [(60, "xxxx"), (61, "x...")])
def test_a_value_is_shown_whole_as_long_as_it_fits(length: int, end: str) -> None:
    assert (len(shown("x" * length)), shown("x" * length)[-5:]) == (62, f'{end}"')


def test_without_a_time_of_capture_nothing_is_after_it() -> None:
    assert broken("not_after", "captured", date(2999, 1, 1), None) is None


def test_every_kind_has_a_case_or_is_decided_over_all_rows() -> None:
    tried = {case[0] for case in next(mark for mark in test_kinds.pytestmark if mark.name == "parametrize").args[1]}  # type: ignore[attr-defined]
    assert tried | {"unique"} == set(KINDS)


def test_every_kind_is_a_key_of_the_config_and_is_held_to_in_files_or_over_all_of_them() -> None:
    assert set(KINDS) <= set(FieldSpec.model_fields)
    assert set(BROKEN) | {"unique"} == set(KINDS)


def test_what_schemas_of_others_have_no_word_for_is_not_compared() -> None:
    row = terms_of_row_schema({"type": "object", "properties": {"f": {"type": "string"}}}, "x").fields[0]
    assert row.unsaid == {"not_after", "unique"}
    table = {"name": "t", "properties": [{"name": "f", "logicalType": "string"}]}
    column = terms_of_odcs({"apiVersion": "v3.1.0", "kind": "DataContract", "schema": [table]}, "x").fields[0]
    assert column.unsaid == {"not_after", "deprecated", "one_of"}


def test_kinds_fit_types_that_there_are() -> None:
    assert {kind for known in KINDS.values() for kind in known.types} <= set(FIELD_TYPES)


@given(st.text(max_size=500) | st.lists(st.text(max_size=100), max_size=20))
def test_shown_is_one_short_line(value: str | list[str]) -> None:
    assert len(shown(value)) <= 62
    assert not isinstance(value, str) or len(shown(value).splitlines()) <= 1


def test_what_a_page_does_not_say_breaks_nothing() -> None:
    assert broken("min_length", 3, None) is None


def test_a_value_that_is_taken_out_breaks_no_second_rule() -> None:
    record: dict[str, Any] = {"f": "abcdef"}
    check = make_check("f", False, "null", {"max_length": 2, "pattern": "^x"})
    assert hold(record, [check], NOON) == ("f.max_length",)
    assert record == {"f": None}


def test_a_value_that_is_kept_is_counted_under_every_rule() -> None:
    check = make_check("f", False, "keep", {"pattern": "^x", "max_length": 2})
    assert hold({"f": "abcdef"}, [check], NOON) == ("f.max_length", "f.pattern")


def test_a_required_value_cannot_be_taken_out() -> None:
    with pytest.raises(PageError):
        hold({"f": "abcdef"}, [make_check("f", True, "null", {"max_length": 2})], NOON)


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
    config = config_of(tmp_path, {"title": LONG | {"on_violation": "fail"}})
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
