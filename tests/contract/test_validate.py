# ruff: noqa: E501 - tables of cases, one a line
"""`validate` on configs, on datasets that are whole, and on what cannot be looked at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from contract.damaged import edit, rules
from small_builds import add_inline_engine, page, run, two_dumps, write_config, write_dump

from builder.cli import cli
from builder.contract.validate import validate
from builder.errors import ConfigError

add_inline_engine()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    run(two_dumps(folder), folder / "out")
    return folder / "out"


def command(*arguments: object) -> int:
    return cli.main([*map(str, arguments)], standalone_mode=False) or 0


def test_a_whole_dataset_has_no_findings(whole: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("validate", whole) == 0
    assert command("validate", whole, "--deep") == 0
    assert command("validate", whole / "_manifest.json", "--deep") == 0
    assert capsys.readouterr().out == "no findings\n" * 3


@pytest.mark.parametrize(
    "changes",
    [
        {"fields": None}, {"partition_by": None}, {"sort_by": None}, {"duplicates": None},
        {"partition_by": ["site", {"year": "published_at"}]}, {"duplicates": {"by": ["site", "title"]}, "partition_by": ["site"]},
        {"sort_by": ["site", "title"], "partition_by": ["site"]}, {"write": {"part_bytes": "1KiB", "row_group_bytes": "1KiB"}},
        {"fields": ["url", "text", "authors", "published_date"], "duplicates": {"by": ["authors"]}, "sort_by": None},
        {"fields": ["url", "section"], "duplicates": {"by": ["section"]}, "partition_by": ["section"], "sort_by": None},
        {"fields": ["url", "title", "section"], "duplicates": {"by": ["title", "section"]}, "partition_by": ["section"], "sort_by": None},
        {"fields": ["url", {"section": {"unique": True}}], "duplicates": None, "partition_by": ["section"], "sort_by": None},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_built_is_valid(tmp_path: Path, changes: dict[str, Any]) -> None:
    two_dumps(tmp_path)
    run(write_config(tmp_path, **changes), tmp_path / "out")
    assert rules(tmp_path / "out", deep=True) == []


def test_keys_that_are_folders_are_held_all_the_same(tmp_path: Path) -> None:
    """Pages of one section twice, and two pages without one: only those with one can be equal."""
    meta = '<meta property="article:section" content="birds">'
    pages = [page(1), page(2), *(page(number, html=f"<html><head>{meta}</head></html>") for number in (3, 4))]
    write_dump(tmp_path / "raw" / "a.jsonl", [entry | {"fetched_at": "2022-03-01T08:00:00Z"} for entry in pages])
    config = write_config(tmp_path, fields=["url", "section"], partition_by=["section"], duplicates=None, sort_by=None)
    run(config, tmp_path / "out")
    edit(tmp_path / "out", '"primary_key": []', '"primary_key": ["section"]')
    ((found,), _) = validate(str(tmp_path / "out"), deep=True)
    assert (found.rule, found.field) == ("ROWS_DUPLICATE", "section")
    assert found.message.endswith('2 rows, as section "birds"')


def test_a_dataset_without_rows_is_valid(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [])
    run(write_config(tmp_path), tmp_path / "out")
    assert rules(tmp_path / "out", deep=True) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "nowhere: no such file or folder; give a config or a dataset"),
        (["."], ".: no _manifest.json; give the output folder of a build"),
        (["notes.txt"], "notes.txt: neither a config (.yaml) nor a dataset (a folder with _manifest.json)"),
        (["job.yaml", "--deep"], "job.yaml: --deep reads the rows of a dataset; this is a config"),
        (["job.yaml", "--against", "gone.yaml"], "gone.yaml: no such file or folder"),
        (["job.yaml", "--against", "notes.txt"], "notes.txt: a folder, .json, .yaml, .parquet or .arrow can be compared with; this is none"),
        (["job.yaml", "--against", "odd.json"], "odd.json: neither a manifest, what `schema show --json` prints, nor a JSON Schema of rows"),
        (["job.yaml", "--against", "git:main"], "git:main: write git:REF:PATH, as in git:origin/main:configs/2022.yaml"),
        (["job.yaml", "--against", "git:main:job.yaml"], "git:main:job.yaml: fatal: "),
        (["job.yaml", "--against", "empty.parquet"], "empty.parquet: nothing to compare with: "),
        (["job.yaml", "--against", "empty.arrow"], "empty.arrow: nothing to compare with: "),
        (["job.yaml", "--against", "rows.json"], "rows.json: nothing to compare with: properties.url: the number 1 where a schema should be"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_what_cannot_be_looked_at_is_a_mistake_of_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write_config(tmp_path)
    (tmp_path / "notes.txt").touch()
    (tmp_path / "empty.parquet").touch()
    (tmp_path / "empty.arrow").touch()
    (tmp_path / "odd.json").write_text("[1]")
    (tmp_path / "rows.json").write_text('{"type": "object", "properties": {"url": 1}}')
    with pytest.raises(ConfigError) as caught:
        command("validate", *arguments)
    assert caught.value.exit_code == 2
    assert str(caught.value).startswith(message)
    assert len(str(caught.value).splitlines()) == 1


def test_a_config_is_told_what_it_promises(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fields = [
        "url",
        {"title": {"required": True}},
        "published_date",
        {"kicker": {"type": "string", "deprecated": "no longer printed"}},
    ]
    config = write_config(tmp_path, version="1.2.0", fields=fields, sort_by=["url"])
    assert command("validate", config) == 0
    assert capsys.readouterr().out.splitlines() == [
        "schema version 1.2.0, 4 fields",
        "  url             string, id 433649379",
        "  title           string, required, id 101744730",
        "  published_date  date32[day], id 653795030",
        "  kicker          string, id 41007166, deprecated: no longer printed",
        "partitioned by month (month of published_date)",
        "sorted by url",
        "unique by url",
        "no findings",
    ]


def test_mistakes_of_a_config_are_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "job.yaml"
    config.write_text("name: a\ninputs: [x]\nfeilds: [url]\noutput: out\n")
    assert command("validate", config) == 1
    assert capsys.readouterr().out == (
        f'{config}:3: error: CONFIG_INVALID: unknown key "feilds"; did you mean "fields"?\n1 error\n'
    )


def test_the_findings_of_all_targets_count(tmp_path: Path, whole: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "job.yaml"
    bad.write_text("name: a\nfields: [url]\noutput: out\n")
    for targets in ([bad, whole], [whole, bad]):
        assert command("validate", *targets) == 1
        assert "error: CONFIG_INVALID" in capsys.readouterr().out


@pytest.mark.parametrize("damage", ["cut", "edited", "newer"])
def test_what_to_do_about_a_manifest_is_said_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], damage: str
) -> None:
    run(two_dumps(tmp_path), tmp_path / "out")
    path = tmp_path / "out" / "_manifest.json"
    text = path.read_text(encoding="utf-8")
    changed = {
        "cut": text[:-9],
        "edited": text.replace('"read": 12', '"read": 13'),
        "newer": text.replace('"format_version": 1', '"format_version": 2'),
    }
    path.write_text(changed[damage], encoding="utf-8")
    assert command("validate", tmp_path / "out") == 1
    said = capsys.readouterr().out
    assert said.count("build again") + said.count("update build-dataset") == 1


def test_a_report_beside_is_written_through_links(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("found.json")
    config = write_config(tmp_path, inputs=["x"])
    assert command("validate", config, "--output", f"json={tmp_path / 'link'}") == 0
    assert (tmp_path / "link").is_symlink()
    assert json.loads((tmp_path / "found.json").read_text())["failed"] is False
