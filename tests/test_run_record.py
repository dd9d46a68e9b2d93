"""`_run.json` and `--verbose`: what is told of a build beside the dataset."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from small_builds import add_inline_engine, load, run, tree, two_dumps

from builder.cli import cli
from builder.contract.validate import validate
from builder.plan.inputs import tool_versions
from builder.run_record import RUN

add_inline_engine()


def record(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / RUN).read_text(encoding="utf-8"))
    return found


def test_a_build_says_how_it_ran(tmp_path: Path) -> None:
    began = time.monotonic()
    run(two_dumps(tmp_path), tmp_path / "out")
    took, told = time.monotonic() - began, record(tmp_path / "out")
    assert list(told["seconds"]) == ["plan", "extract", "merge", "commit"]
    assert 0 < sum(told["seconds"].values()) <= took + 0.01
    started, finished = (datetime.fromisoformat(told[name]) for name in ("started_at", "finished_at"))
    assert timedelta() <= finished - started <= timedelta(seconds=took + 1)
    assert (told["engine"], told["workers"], told["splits"], told["splits_reused"], told["changed"]) == (
        "inline", 1, 2, 0, True,
    )  # fmt: skip
    assert told["versions"] == tool_versions()


def test_a_build_that_changes_nothing_says_so_there_alone(tmp_path: Path) -> None:
    config, out = two_dumps(tmp_path), tmp_path / "out"
    run(config, out)
    before, first = tree(out), record(out)
    run(config, out)
    assert tree(out) == before
    assert (record(out)["changed"], record(out)["splits_reused"]) == (False, 2)
    assert record(out)["started_at"] >= first["started_at"]
    assert validate(str(out), deep=True)[0] == []


def test_where_the_record_cannot_be_written_the_dataset_is_published_all_the_same(tmp_path: Path) -> None:
    config, out = two_dumps(tmp_path), tmp_path / "out"
    (out / RUN / "in the way").mkdir(parents=True)
    with pytest.raises(OSError, match=RUN):
        run(config, out)
    assert validate(str(out), deep=True)[0] == []


def test_verbose_tells_reasons_and_stages(tmp_path: Path) -> None:
    config = two_dumps(tmp_path)
    command = ["build", str(config), "--workers", "1", "--verbose"]
    told = CliRunner().invoke(cli, command, catch_exceptions=False).stderr
    assert "a.jsonl: 1 of 1 splits" in told
    assert "plan 0." in told
    assert "commit 0." in told
    again = CliRunner().invoke(cli, command, catch_exceptions=False).stderr
    assert "a.jsonl: nothing to do" in again
    assert record(load(config).path.parent / "out")["splits_reused"] == 2
    refused = CliRunner().invoke(cli, [*command, "--quiet"])
    assert refused.exit_code == 2
    assert "exclude each other" in refused.stderr
