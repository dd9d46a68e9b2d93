"""thresholds.max_drift: a build that is too far from the one that it would replace is not published."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_builds import FIELDS, add_inline_engine, manifest, page, run, tree, write_config, write_dump

from builder.drift import Totals, published, totals_of
from builder.errors import FindingsError

add_inline_engine()
ROWS, FILL = "thresholds={max_drift: {rows: 0.5}}", "thresholds={max_drift: {fill: 0.1}}"


def dump(folder: Path, a: int, b: int, untitled: int = 0, **changes: Any) -> Path:
    """So many pages of two sites, the last ones without a headline."""
    pages = [page(number, "a.example") for number in range(a)]
    pages += [page(number, "b.example") for number in range(b)]
    stamp = '<meta property="article:published_time" content="2022-03-01T08:00:00+00:00">'
    story = "The reeds of the old canal were cut on Monday, and all of its herons have moved to the other bank. "
    bare = f"<html><head>{stamp}</head><body><article><p>{story * 3}</p></article></body></html>"
    pages += [page(100 + number, "a.example", html=bare) for number in range(untitled)]
    write_dump(folder / "raw" / "a.jsonl", pages)
    return write_config(folder, fields=[*FIELDS, "subtitle"], **changes)


@pytest.mark.parametrize(
    ("pages", "override", "lines"),
    [
        ((4, 2), ROWS, []),
        ((2, 4, 0), ROWS, ["b.example: 2 rows before, 4 now (at most 50% more or less)"]),
        ((6, 3), ROWS, []),
        ((7, 3), ROWS, ["10 rows now", "a.example"]),
        ((4, 0), ROWS, ["rows: b.example: 2 rows before, 0 now (at most 50% more or less)"]),
        ((1, 1), ROWS, ["6 rows before, 2 now (at most 50% more or less)", "a.example: 4 rows before, 1 now"]),
        ((5, 2, 2), FILL, ["fill: title: 100.00% of the rows before, 77.78% now (at most 10 points more or less)"]),
        ((7, 0, 3), "thresholds={max_drift: {fill: 0.3}}", []),
        ((17, 0, 3), "thresholds={max_drift: {fill: 0.125}}", ["85.00% now (at most 12.5 points more or less)"]),
        ((5, 2, 2), "thresholds={max_drift: {fill: 0}}", ["77.78% now (at most 0 points more or less)"]),
        ((4, 1), "thresholds={max_drift: {rows: 0}}", ["6 rows before, 5 now", "b.example: 2 rows before, 1 now"]),
        ((1, 1, 8), ROWS, ["10 rows now", "a.example: 4 rows before, 9 now"]),
    ],
    ids=["same", "a site up", "just met", "too many", "a site gone", "too few", "fill", "fill just met", "half a point",
         "no fill", "no rows", "rows alone"],
)  # fmt: skip
def test_drift(tmp_path: Path, pages: tuple[int, ...], override: str, lines: list[str]) -> None:
    run(dump(tmp_path, 4, 2), tmp_path / "out", override)
    before = tree(tmp_path / "out")
    config = dump(tmp_path, *pages)
    if not lines:
        run(config, tmp_path / "out", override)
        return
    with pytest.raises(FindingsError) as error:
        run(config, tmp_path / "out", override)
    found = str(error.value).splitlines()
    assert len(found) == len(lines) + 1
    for line, wanted in zip(found, lines, strict=False):
        assert wanted.replace("10 rows now", "6 rows before, 10 now (at most") in line
    assert found[-1] == "build with --accept-drift where that is meant"
    assert tree(tmp_path / "out") == before
    run(config, tmp_path / "out", override, accept_drift=True)
    assert tree(tmp_path / "out") != before
    run(config, tmp_path / "out", override)


def test_the_fill_may_not_rise_either(tmp_path: Path) -> None:
    run(dump(tmp_path, 2, 0, 2), tmp_path / "out", FILL)
    with pytest.raises(FindingsError, match=r"title: 50\.00% of the rows before, 100\.00% now"):
        run(dump(tmp_path, 4, 0), tmp_path / "out", FILL)


@pytest.mark.parametrize(
    ("name", "other_id", "rule", "line"),
    [
        ("headline", None, ".nope", r"fill: headline \(title before\): 100\.00% of the rows before, 0\.00% now"),
        ("headline", None, "h1", None),
        ("title", 99, ".nope", None),
    ],
    ids=["renamed and emptied", "renamed", "another field of the same name"],
)
def test_a_field_is_known_by_its_id(
    tmp_path: Path, name: str, other_id: int | None, rule: str, line: str | None
) -> None:
    config = dump(tmp_path, 2, 0)
    run(config, tmp_path / "out", FILL)
    known = {"id": other_id} if other_id else {"type": "string", "renamed_from": "title"}
    fields = [field for field in FIELDS if field != "title"]
    fields.append({name: {"rules": [{"css": rule}], **known}})
    override = f"fields={json.dumps(fields)}"
    if line is None:
        run(config, tmp_path / "out", FILL, override)
        return
    with pytest.raises(FindingsError, match=line):
        run(config, tmp_path / "out", FILL, override)


def test_without_the_threshold_nothing_is_compared(tmp_path: Path) -> None:
    assert run(dump(tmp_path, 4, 2), tmp_path / "out").books.rows == 6
    (tmp_path / "out" / "_manifest.json").write_text("{")
    assert run(dump(tmp_path, 1, 0), tmp_path / "out").books.rows == 1


def test_no_rows_before_or_now_are_compared_by_their_number_alone(tmp_path: Path) -> None:
    both, none = "thresholds={max_drift: {rows: 0.5, fill: 0.1}}", "select={published_date: {min: 2030-01-01}}"
    config = dump(tmp_path, 4, 2)
    run(config, tmp_path / "none", both, none)
    run(config, tmp_path / "some", both)
    for out, overrides, lines in (
        ("none", [both], ["0 rows before, 6 now"]),
        ("some", [both, none], ["6 rows before, 0 now"]),
    ):
        with pytest.raises(FindingsError) as error:
            run(config, tmp_path / out, *overrides)
        found = str(error.value).splitlines()[:-1]
        assert len(found) == len(lines)
        assert all(wanted in line for wanted, line in zip(lines, found, strict=True))


def test_fields_are_told_in_the_order_of_their_names(tmp_path: Path) -> None:
    names = ["title", "subtitle", "section", "agency", "dateline"]
    config = dump(tmp_path, 2, 0)
    full, empty = (
        f"fields={json.dumps([*FIELDS[:2], *({name: {'rules': [{'css': rule}]}} for name in names), *FIELDS[3:]])}"
        for rule in ("h1", ".nope")
    )
    run(config, tmp_path / "out", FILL, full)
    with pytest.raises(FindingsError) as error:
        run(config, tmp_path / "out", FILL, empty)
    told = [line.split(": ")[1] for line in str(error.value).splitlines()[:-1]]
    assert told == sorted(names)


def test_trial_runs_are_not_compared(tmp_path: Path) -> None:
    config = dump(tmp_path, 4, 2)
    assert run(config, tmp_path / "out", ROWS, limit=5).books.rows == 5
    assert run(config, tmp_path / "out", ROWS, limit=1).books.rows == 1
    assert run(config, tmp_path / "out", ROWS).books.rows == 6


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_text(path.read_text()[:-40]),
        lambda path: path.write_text("{}"),
        lambda path: path.write_text("[]"),
        lambda path: path.write_bytes(b"\xff"),
    ],
    ids=["cut", "empty", "list", "not UTF-8"],
)
def test_a_manifest_that_cannot_be_read_is_said(tmp_path: Path, damage: Callable[[Path], Any]) -> None:
    config = dump(tmp_path, 4, 2)
    run(config, tmp_path / "out", ROWS)
    damage(tmp_path / "out" / "_manifest.json")
    with pytest.raises(FindingsError, match=r"_manifest\.json: .*max_drift has nothing to compare with"):
        run(config, tmp_path / "out", ROWS)
    run(config, tmp_path / "out", ROWS, accept_drift=True)


@pytest.mark.parametrize("partition_by", [None, ["site"], [{"month": "published_date"}]], ids=["flat", "site", "month"])
def test_rows_by_site_stand_in_the_manifest(tmp_path: Path, partition_by: Any) -> None:
    run(dump(tmp_path, 4, 2, partition_by=partition_by), tmp_path / "out")
    assert manifest(tmp_path / "out")["counts"]["sites"] == {"a.example": 4, "b.example": 2}
    found = published(tmp_path / "out")
    assert found is not None
    assert (found.rows, found.sites, found.filled["title"], found.filled["subtitle"]) == (
        6, {"a.example": 4, "b.example": 2}, 1.0, 0.0,
    )  # fmt: skip


def test_a_dataset_without_the_field_site_has_no_sites(tmp_path: Path) -> None:
    config = write_config(tmp_path, fields=["url", "title"], partition_by=None, sort_by=None)
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1)])
    run(config, tmp_path / "out", ROWS)
    assert manifest(tmp_path / "out")["counts"]["sites"] == {}
    write_dump(tmp_path / "raw" / "a.jsonl", [page(2, "b.example")])
    run(config, tmp_path / "out", ROWS)


def test_rows_of_no_site_are_not_those_of_the_sites_before(tmp_path: Path) -> None:
    """Without their URLs pages are `file:` ones, which are of no site."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), page(2), page(3, "b.example")])
    given = {"fields": ["page_url", "site", "title"], "partition_by": None, "sort_by": None, "duplicates": None}
    run(write_config(tmp_path, **given), tmp_path / "out", ROWS)
    config = write_config(tmp_path, inputs=[{"path": "raw/*.jsonl", "url": "lost"}], **given)
    with pytest.raises(FindingsError) as error:
        run(config, tmp_path / "out", ROWS)
    assert str(error.value).splitlines()[:-1] == [
        f"thresholds.max_drift.rows: {site}: {rows} rows before, 0 now (at most 50% more or less)"
        for site, rows in (("a.example", 2), ("b.example", 1))
    ]
    assert set(manifest(tmp_path / "out")["counts"]["sites"]) == {"a.example", "b.example"}


def test_a_field_site_that_is_left_out_is_no_drift(tmp_path: Path) -> None:
    config = dump(tmp_path, 4, 2)
    run(config, tmp_path / "out", ROWS)
    config = write_config(tmp_path, fields=[name for name in FIELDS if name != "site"])
    run(config, tmp_path / "out", ROWS)
    assert manifest(tmp_path / "out")["counts"]["sites"] == {}


def test_no_rows_have_no_fill() -> None:
    assert totals_of([], {}, {1: "title"}) == Totals(0, {}, {1: "title"}, {})


@pytest.mark.parametrize(("sites", "more"), [(10, []), (14, ["thresholds.max_drift.rows: and 4 more sites"])])
def test_many_sites_are_ten_lines(tmp_path: Path, sites: int, more: list[str]) -> None:
    config = dump(tmp_path, 0, 0)
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1, f"s{number:02}.example") for number in range(sites)])
    run(config, tmp_path / "out", ROWS)
    document = json.loads((tmp_path / "out/_manifest.json").read_text())
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1, f"t{number:02}.example") for number in range(sites)])
    with pytest.raises(FindingsError) as error:
        run(config, tmp_path / "out", ROWS)
    lines = str(error.value).splitlines()
    assert lines[10:-1] == more
    assert document == manifest(tmp_path / "out")


def test_nothing_published_is_nothing_to_compare(tmp_path: Path) -> None:
    assert published(tmp_path / "out") is None
    assert run(dump(tmp_path, 4, 2), tmp_path / "out", ROWS).books.rows == 6
