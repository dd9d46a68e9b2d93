"""The HTML report: a page of its own, whose numbers are those of the manifest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow.dataset as ds
import pytest
from click.testing import CliRunner
from lxml import html
from read_reports import cells, parsed, report, section
from small_builds import SAMPLE, add_inline_engine, manifest, page, run, two_dumps, write_config, write_dump

from builder.cli import cli
from builder.errors import ConfigError, ManifestError
from builder.report.facts import facts_of

add_inline_engine()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("report") / "out"
    run(SAMPLE, out)
    return out


def test_the_numbers_are_those_of_the_manifest(sample: Path) -> None:
    tree, stated = parsed(sample), manifest(sample)
    counts = stated["counts"]
    assert [row[0] for row in cells(tree, "Where every page went").values()] == [
        f"{number:,}"
        for number in (
            counts["rows"], sum(counts["rejected"].values()), sum(counts["filtered"].values()), counts["duplicates"],
            counts["read"],
        )
    ]  # fmt: skip
    rejected = {
        part.findtext("summary/code"): int(part.findtext("summary/span"))
        for part in section(tree, "Rejects").iter("details")
    }
    assert rejected == counts["rejected"]
    months: Counter[str] = Counter()
    for entry in stated["files"]:
        months[entry["partition"]["month"]] += entry["rows"]
    assert {name: int(row[1]) for name, row in cells(tree, "Rows by month").items()} == months
    assert {name: int(row[1]) for name, row in cells(tree, "Rows by site").items()} == counts["sites"]
    inputs = {re.sub(r"(folder|jsonl|parquet|tar|warc|zip), sha256.*", "", name): list(map(int, row[2:]))
              for name, row in cells(tree, "Inputs").items()}  # fmt: skip
    assert inputs == {
        entry["name"]: [
            entry["read"], entry["rows"], sum(entry["rejected"].values()), sum(entry["filtered"].values()),
            entry["duplicates"], sum(entry["skipped"].values()),
        ]
        for entry in stated["inputs"]
    }  # fmt: skip
    assert stated["manifest_sha256"] in section(tree, "What it is").text_content()


def test_how_full_fields_are_and_from_where_to_where_they_go_is_what_the_rows_say(sample: Path) -> None:
    rows = ds.dataset(sample / "data", partitioning="hive").to_table()
    lines = section(parsed(sample), "Fields").iter("tr")
    shown = {row.findtext("td/b"): [cell.text_content() for cell in row] for row in lines}
    fields = manifest(sample)["schema"]["fields"]
    assert list(shown)[1:] == [field["name"] for field in fields]
    for field in fields:
        described, kind, _, filled, low, high = shown[field["name"]]
        values = [value for value in rows[field["name"]].to_pylist() if value is not None]
        share = 100 * len(values) / len(rows)
        assert filled == {0: "0 %", 100: "100 %"}.get(share, f"{share:.1f} %")
        assert field["description"] in described
        assert kind.startswith(field["type"])
        assert ("required" in described.removeprefix(field["name"] + field["description"])) == (not field["nullable"])
        if field["type"] in ("integer", "date"):
            assert [low, high] == [str(min(values)), str(max(values))]


def test_bars_are_as_long_as_their_counts(sample: Path) -> None:
    counts = manifest(sample)["counts"]
    (bar,) = section(parsed(sample), "Where every page went").xpath("./svg")
    drawn = {rect.get("class"): float(rect.get("width")) for rect in bar if rect.get("class") != "track"}
    parts = {"rows": counts["rows"], "rejected": sum(counts["rejected"].values()),
             "filtered": sum(counts["filtered"].values()), "duplicates": counts["duplicates"]}  # fmt: skip
    assert drawn == pytest.approx({name: 100 * count / counts["read"] for name, count in parts.items()}, abs=0.001)
    assert sum(drawn.values()) == pytest.approx(100, abs=0.01)


def test_equal_datasets_give_equal_bytes_wherever_they_lie(tmp_path: Path) -> None:
    config = two_dumps(tmp_path)
    run(config, tmp_path / "out")
    run(config, tmp_path / "elsewhere" / "other")
    assert report(tmp_path / "out") == report(tmp_path / "elsewhere" / "other")
    assert str(tmp_path) not in report(tmp_path / "out").decode()


def test_beside_the_manifest_it_is_the_same_page_but_for_the_manifests_own_digest(tmp_path: Path) -> None:
    """The second build publishes new parts beside those of the first."""
    out, raw = tmp_path / "out", tmp_path / "raw"
    fields = ["url", "title", "published_at", "published_date", "site"]
    config = write_config(tmp_path, exports=["report", "readme"], fields=fields, partition_by=["site"])
    months = []
    for number in (1, 2):
        pages = [page(number, f"{number}.example", day=f"2022-02-1{number}"), page(9, html="")]
        write_dump(raw / f"{number}.jsonl", pages)
        assert run(config, out).changed
        assert not run(config, out).changed
        beside = (out / "report.html").read_text(encoding="utf-8")
        digest = f"sha256:{manifest(out)['manifest_sha256']}"
        entry = f"<div><dt>Manifest</dt><dd>{digest}</dd></div>"
        assert report(out).decode().replace(entry, "") == beside
        assert [line["name"] for line in manifest(out)["exports"]] == ["README.md", "report.html"]
        months.append(cells(html.document_fromstring(beside), "Rows by month"))
    assert [entry["partition"] for entry in manifest(out)["files"]] == [{"site": "1.example"}, {"site": "2.example"}]
    assert [{name: row[1] for name, row in found.items()} for found in months] == [{"2022-02": "1"}, {"2022-02": "2"}]


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        pytest.param(["-99999999999", "9007199254740992"], ["-99,999,999,999.0", "9,007,199,254,740,992.0"], id="long"),
        pytest.param(["-0.0000001", "0.1234567"], ["-1e-07", "0.1234567"], id="small"),
        pytest.param(["-" + "9" * 30, "5"], ["-1e+30", "5.0"], id="large and negative"),
    ],
)
def test_bounds_of_numbers_are_those_of_the_manifest(tmp_path: Path, values: list[str], shown: list[str]) -> None:
    pages = [page(at, html=f"<title>Heron</title><p>Reeds<i>{value}</i>") for at, value in enumerate(values)]
    write_dump(tmp_path / "raw" / "a.jsonl", pages)
    fields = ["url", {"price": {"type": "number", "rules": {"css": "i"}}}]
    run(write_config(tmp_path, fields=fields, partition_by=None, sort_by=None), tmp_path / "out")
    (row,) = [row for name, row in cells(parsed(tmp_path / "out"), "Fields").items() if name.startswith("price")]
    assert row[-2:] == shown


@pytest.mark.parametrize("long", ["a.example", "b.example"])
def test_where_a_text_is_too_long_to_be_stated_no_largest_is_told(tmp_path: Path, long: str) -> None:
    titles = {site: "Heron " * (20 if site == long else 1) for site in ("a.example", "b.example")}
    pages = [page(1, site, html=f"<title>{title}</title><p>Reeds on the bank.") for site, title in titles.items()]
    write_dump(tmp_path / "raw" / "a.jsonl", pages)
    fields = ["url", "site", "title"]
    run(write_config(tmp_path, fields=fields, partition_by=["site"], sort_by=None), tmp_path / "out")
    (row,) = [row for name, row in cells(parsed(tmp_path / "out"), "Fields").items() if name.startswith("title")]
    assert (row[-2][:5], row[-1]) == ("Heron", "")


def test_every_partition_column_has_its_rows(tmp_path: Path) -> None:
    two_dumps(tmp_path)
    run(write_config(tmp_path, partition_by=["site", {"month": "published_date"}]), tmp_path / "out")
    for name, values in (("site", 2), ("month", 3)):
        shown = cells(parsed(tmp_path / "out"), f"Rows by {name}")
        assert (len(shown), sum(int(row[1]) for row in shown.values())) == (values, 9)


def test_days_that_are_folders_are_in_no_file(tmp_path: Path) -> None:
    two_dumps(tmp_path)
    run(write_config(tmp_path, partition_by=["published_date"]), tmp_path / "out")
    assert len(cells(parsed(tmp_path / "out"), "Rows by published_date")) == 4


def test_a_dataset_without_rows_or_partitions(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [])
    run(write_config(tmp_path, partition_by=None), tmp_path / "out")
    tree = parsed(tmp_path / "out")
    assert [row[0] for row in cells(tree, "Where every page went").values()] == ["0"] * 5
    assert {row[2] for row in cells(tree, "Fields").values()} == {"–"}
    assert "None: every page" in section(tree, "Rejects").text_content()


def test_months_are_read_where_no_folder_tells_them(tmp_path: Path) -> None:
    two_dumps(tmp_path)
    run(write_config(tmp_path, partition_by=["site"]), tmp_path / "out")
    days = ds.dataset(tmp_path / "out" / "data").to_table()["published_date"].to_pylist()
    shown = {name: int(row[1]) for name, row in cells(parsed(tmp_path / "out"), "Rows by month").items()}
    assert shown == Counter(day.isoformat()[:7] for day in days)
    assert [part.findtext("h2") for part in parsed(tmp_path / "out").iter("section")].count("Rows by site") == 1


def test_long_lists_are_cut_and_say_so(tmp_path: Path) -> None:
    for number in range(205):
        write_dump(tmp_path / "raw" / f"{number:03}.jsonl", [page(number, f"s{number}.example")])
    with (tmp_path / "raw" / "204.jsonl").open("a") as file:
        file.write("broken\n")
    run(write_config(tmp_path), tmp_path / "out")
    tree = parsed(tmp_path / "out")
    assert next(iter(cells(tree, "Inputs"))).startswith("raw/204.jsonl")
    assert len(cells(tree, "Inputs")) == 200
    assert "and 5 more" in section(tree, "Inputs").text_content()
    assert cells(tree, "Rows by site")["and 145 more"] == ["", "145", "70.7 %"]


def test_days_are_months_where_there_are_many(tmp_path: Path) -> None:
    days = [f"2022-{month:02}-{day:02}" for month in (1, 2, 3) for day in range(1, 26)]
    pages = [page(number, day=day) for number, day in enumerate(days)]
    write_dump(tmp_path / "raw" / "a.jsonl", [*pages, page(99, html="<title>Undated</title><p>Reeds.</p>")])
    run(write_config(tmp_path, partition_by=[{"day": "published_date"}]), tmp_path / "out")
    shown = {name: int(row[1]) for name, row in cells(parsed(tmp_path / "out"), "Rows by day").items()}
    assert shown == {"2022-01": 25, "2022-02": 25, "2022-03": 25, "unknown": 1}


def test_flags_and_violations_are_told(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), page(2)])
    config = write_config(tmp_path, fields=["url", {"title": {"max_length": 3, "on_violation": "keep"}}], sort_by=None,
                          partition_by=None)  # fmt: skip
    run(config, tmp_path / "out", "thresholds.max_reject_rate=1")
    tree, counts = parsed(tmp_path / "out"), manifest(tmp_path / "out")["counts"]
    assert counts["violations"] == {"title.max_length": 2}
    for title, name in (("Flags", "flags"), ("Violations", "violations")):
        assert {key: int(row[1]) for key, row in cells(tree, title).items()} == counts[name]


def test_the_verb(sample: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["report", str(sample)])
    assert (done.exit_code, done.stdout_bytes) == (0, report(sample))
    assert CliRunner().invoke(cli, ["report", str(sample), "-o", str(tmp_path / "report.html")]).exit_code == 0
    assert (tmp_path / "report.html").read_bytes() == report(sample)
    with pytest.raises(ConfigError, match=r"no _manifest\.json; give the output folder of a build"):
        facts_of(tmp_path)


def test_the_verb_writes_through_links(sample: Path, tmp_path: Path) -> None:
    (tmp_path / "link.html").symlink_to("report.html")
    for _ in range(2):
        assert CliRunner().invoke(cli, ["report", str(sample), "-o", str(tmp_path / "link.html")]).exit_code == 0
        assert (tmp_path / "link.html").is_symlink()
        assert (tmp_path / "report.html").read_bytes() == report(sample)


def first(out: Path, folder: str) -> Path:
    return min((out / folder).rglob("*.parquet"))


@pytest.mark.parametrize(
    "damage",
    [
        lambda out: first(out, "_rejects").write_bytes(b"x"),
        lambda out: first(out, "_rejects").unlink(),
        lambda out: first(out, "data").write_bytes(first(out, "data").read_bytes()[:-9]),
        lambda out: first(out, "data").unlink(),
        lambda out: (out / "_manifest.json").write_text((out / "_manifest.json").read_text()[:-9]),
    ],
    ids=["rejects", "rejects gone", "rows", "rows gone", "manifest"],
)
def test_a_dataset_that_is_damaged_is_one_line(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    two_dumps(tmp_path)
    run(write_config(tmp_path, partition_by=["site"]), tmp_path / "out")
    damage(tmp_path / "out")
    with pytest.raises(ManifestError) as caught:
        facts_of(tmp_path / "out")
    assert caught.value.exit_code == 1
    assert len(str(caught.value).splitlines()) == 1


def test_trials_say_that_they_are(tmp_path: Path) -> None:
    run(two_dumps(tmp_path), tmp_path / "out", limit=2)
    (note,) = parsed(tmp_path / "out").find_class("note")
    assert note.text == "A trial: of every input only the first 2 pages were taken."
