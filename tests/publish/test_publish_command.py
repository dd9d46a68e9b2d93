"""`build-dataset publish`, whatever the format."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from publish.publications import dataset

import builder.publish as publishing
from builder.cli import cli
from builder.errors import ConfigError, LockedError
from builder.publish import PUBLISHERS, publish
from builder.write.lock import locked


def command(*arguments: object) -> None:
    cli.main(["publish", *map(str, arguments)], standalone_mode=False)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return dataset(tmp_path_factory.mktemp("published"))


def test_what_was_done_is_said(out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command(out, "--delta", tmp_path / "lake")
    command(out, "--delta", tmp_path / "lake")
    said = capsys.readouterr()
    assert said.out == ""
    assert [line.partition(": ")[2] for line in said.err.splitlines()] == [
        "3 files added, 0 removed, 0 stay; version 0",
        "nothing to change; version 0",
    ]
    command(out, "--delta", tmp_path / "lake", "--json")
    shown = json.loads(capsys.readouterr().out)
    assert shown == {"table": str(tmp_path / "lake"), "version": "0", "added": 0, "removed": 0, "kept": 3,
                     "changed": False}  # fmt: skip


@pytest.mark.parametrize("options", [[], ["--delta", "a", "--iceberg", "a.b.c"]], ids=["no table", "two tables"])
def test_one_table_at_a_time(out: Path, options: list[str]) -> None:
    with pytest.raises(click.UsageError, match="give one of --iceberg"):
        command(out, *options)


@pytest.mark.parametrize("kind", PUBLISHERS)
def test_an_extra_that_is_missing_is_named(out: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "find_spec", lambda _name: None)
    with pytest.raises(ConfigError, match=rf"^--{kind}: .* is not installed; .* pip install '\.\[{kind}\]'$"):
        publish(out, kind, "a.b.c")


def test_no_dataset_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no _manifest\.json; give the output folder of a build"):
        command(tmp_path / "nothing", "--delta", tmp_path / "lake")


def test_a_build_at_work_is_not_published(out: Path, tmp_path: Path) -> None:
    with locked(out), pytest.raises(LockedError):
        publish(out, "delta", str(tmp_path / "lake"))
