"""The command: what it says where, its help, dry runs, and `rejects`."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from command_line import Call, Done, called_here, command
from small_builds import always, manifest, page, run_inline, two_dumps, write_config, write_dump

from builder.cli import cli
from builder.engines import ENGINES


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Call]:
    yield from called_here(monkeypatch, capfd)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return two_dumps(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def built(config: Path) -> subprocess.CompletedProcess[str]:
    """A bare path is `build`; the output is the config's."""
    return command(config, "--workers", "1")


def test_a_bare_path_is_built_where_the_config_says(config: Path, built: subprocess.CompletedProcess[str]) -> None:
    assert built.returncode == 0
    assert manifest(config.parent / "out")["counts"]["rows"] == 9


def test_talk_goes_to_stderr_and_no_bar_to_a_pipe(built: subprocess.CompletedProcess[str]) -> None:
    assert built.stdout == ""
    assert "\r" not in built.stderr
    assert "it/s" not in built.stderr
    lines = [line.strip() for line in built.stderr.splitlines()]
    assert lines[0] == "12 pages read"
    assert "9 rows in 3 parts" in lines
    assert "2 duplicates" in lines
    assert not any("skipped" in line for line in lines), "where there is nothing but pages"
    assert any(line.endswith("out: published. Load it with") for line in lines)


def test_json_is_one_document_and_nothing_else(config: Path, built: subprocess.CompletedProcess[str]) -> None:
    assert built.returncode == 0
    done = command("build", config, "--json", "--workers", "1")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert done.stdout.count("\n") == 1
    out = str(config.parent / "out")
    wanted = {
        "out": out,
        "changed": False,
        "read": 12,
        "rows": 9,
        "duplicates": 2,
        "rejected": {"missing_html": 1},
        "skipped": {},
    }
    assert document.items() >= wanted.items()
    assert (document["splits"], document["splits_reused"]) == (2, 2)


def test_what_is_no_page_is_told(tmp_path: Path, call: Call) -> None:
    for name in ("a.html", "b.php?id=1", "c.php?id=2"):
        (tmp_path / "mirror" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "mirror" / name).write_text("<title>Heron</title><p>Words", encoding="utf-8")
    config = write_config(tmp_path, inputs=["mirror"])
    said = call(config, "--workers", "1").stderr
    assert re.search(r"^ +2 skipped: .*\n +2 other_file: a file whose name is none of `pages`$", said, re.MULTILINE)
    document = json.loads(call(config, "--workers", "1", "--json").stdout)
    assert (document["read"], document["skipped"]) == (1, {"other_file": 2})
    wider = write_config(tmp_path, inputs=[{"path": "mirror", "pages": ["*.html", "*.php[?]*"]}])
    assert json.loads(call(wider, "--workers", "1", "--json").stdout)["rows"] == 3


def test_what_is_asked_of_a_build_is_done(tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "local", always(run_inline))
    config = two_dumps(tmp_path)

    def done(verb: str, *words: str) -> Any:
        found = call(verb, config, "--out", tmp_path / "mine", "--json", *words)
        assert found.returncode == 0, found.stderr
        return json.loads(found.stdout)

    trial, fresh = done("build", "--limit", "1"), done("build", "--limit", "1", "--fresh")
    assert [(found["read"], found["splits_reused"], found["changed"]) for found in (trial, fresh)] == [
        (2, 0, True), (2, 0, False),
    ]  # fmt: skip
    assert done("build", "--limit", "1")["splits_reused"] == 2
    late = "select={published_date: {min: 2022-03-01}}"
    strict = ["--set", "thresholds={max_drift: {rows: 0.1}}"]
    whole, fewer = done("build"), done("build", "--set", late, *strict, "--accept-drift")
    assert (whole["rows"], whole["parts"], whole["filtered"]) == (9, 3, {})
    assert (fewer["rows"], fewer["parts"], fewer["filtered"]) == (3, 1, {"published_date.min": 8})
    assert [(plan["to_read"], plan["reasons"]) for plan in done("plan", "--set", late)] == [(0, {}), (0, {})]
    assert {*done("plan")[0]["reasons"], *done("build", "--dry-run")[1]["reasons"]} == {"`select` has changed"}
    failed = call("build", config, "--out", tmp_path / "mine", *strict)
    assert (failed.returncode, "build with --accept-drift" in failed.stderr) == (1, True)


def test_quiet_is_silent(config: Path, built: subprocess.CompletedProcess[str]) -> None:
    assert built.returncode == 0
    done = command("-q", config, "--workers", "1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_out_is_relative_to_here_and_the_config_to_nothing_else(tmp_path: Path, config: Path) -> None:
    done = command(config, "--out", "mine", "--set", "name=other", "--workers", "1", "-q", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert manifest(tmp_path / "mine")["dataset"]["name"] == "other"


def test_a_dry_run_builds_nothing_and_says_what_it_would(tmp_path: Path, config: Path, call: Call) -> None:
    done = call(config, "--dry-run", "--out", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 of 2 splits to read" in done.stdout
    assert not (tmp_path / "out" / "_manifest.json").exists()
    assert not (tmp_path / "out" / "data").exists()


VERBS = ["build", "init", "plan", "preview", "publish", "rejects", "report", "schema", "validate"]


@pytest.mark.parametrize("name", ["", *VERBS])
def test_help(call: Call, name: str) -> None:
    done = call(*([name] if name else []), "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage: ")


def test_what_may_be_given_several_times_says_so(call: Call) -> None:
    several = {(verb, parameter.name) for verb, command in cli.commands.items() for parameter in command.params
               if isinstance(parameter, click.Option) and parameter.multiple}  # fmt: skip
    assert {name for _, name in several} == {"overrides", "codes", "reports"}
    for verb, _ in several:
        listed = " ".join(call(verb, "--help").stdout.split())
        assert listed.count("may be given several times") == sum(verb == other for other, _ in several), verb


def test_every_command_is_in_the_help_test(call: Call) -> None:
    listed = re.findall(r"^  ([a-z]+) ", call("--help").stdout.partition("Commands:")[2], re.MULTILINE)
    assert listed == VERBS


def test_the_version(call: Call) -> None:
    done = call("--version")
    assert done.returncode == 0
    assert re.search(r"build-dataset.*\d+\.\d+", done.stdout)


def test_names_that_no_encoding_knows(tmp_path: Path, call: Call) -> None:
    """File names are bytes; one that is no UTF-8 is an input like any other."""
    name = os.fsdecode(b"p\xe4ge.jsonl")
    try:
        write_dump(tmp_path / "raw" / name, [page(1)])
    except OSError:
        pytest.skip("this file system takes UTF-8 alone")
    done = call(write_config(tmp_path), "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert manifest(tmp_path / "out")["counts"]["rows"] == 1


# ------------------------------------------------------------------ rejects


def test_rejects_are_summed_up(tmp_path: Path, call: Call) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), page(2, html=None), page(3, html="\x1b[31m\x00")])
    call(write_config(tmp_path), "--out", tmp_path / "out", "-q", "--workers", "1")
    done = call("rejects", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 missing_html: a record, line or row without HTML" in done.stdout
    assert "\x1b" not in done.stdout
    found = json.loads(call("rejects", tmp_path / "out", "--code", "missing_html", "--json").stdout)
    assert (found["read"], found["count"]) == (3, 1)
    assert found["codes"][0]["example"]["url"] == "https://www.a.example/news/2"


def test_rejects_are_read_again(tmp_path: Path, call: Call) -> None:
    given = page(2)
    given["html"] = given["html"].replace("<article>", "<article a b c d e f g h>")
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), given])
    config, out = write_config(tmp_path, limits={"attributes": 5}), tmp_path / "out"
    call(config, "--out", out, "-q", "--workers", "1")
    assert manifest(out)["counts"]["rows"] == 1
    retry = ["rejects", out, "--retry", "too_many_attributes", "--config", config, "--workers", "3"]
    done = call(*retry, "--set", "limits.attributes=50", "--json")
    assert (done.returncode, json.loads(done.stdout)["count"]) == (0, 0), done.stderr
    assert json.loads((out / "_run.json").read_text())["workers"] == 3
    assert manifest(out)["counts"]["rows"] == 2
    line = f"{out}: no page was rejected as too_many_attributes when it was read; nothing has changed\n"
    assert call(*retry, "--set", "limits.attributes=60") == Done(0, "", line)
    assert call(*retry, "-q") == Done(0, "", "")
    done = call(*retry, "--json")
    assert (done.returncode, json.loads(done.stdout)["count"], done.stderr) == (0, 0, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--retry", "timeout"], "--retry CODE and --config CONFIG go together"),
        (["--retry", "timeuot", "--config", "x"], "'timeuot' is not one of"),
        (["--code", "nonsense"], "'nonsense' is not one of"),
        (["--set", "limits.depth=9"], "--set goes with --retry CODE; without it nothing is built"),
        (["--workers", "2"], "--workers goes with --retry CODE"),
        (["-q"], "--quiet goes with --retry CODE"),
        (
            ["--retry", "timeout", "--config", "x", "--code", "empty"],
            "--code says what is shown: with --retry it goes w",
        ),
        ([], "no _manifest.json; give the output folder of a build"),
        (["--retry", "timeout", "--config", "x"], "no _manifest.json; give the output folder of a build"),
    ],
)
def test_rejects_that_cannot_be_told(tmp_path: Path, call: Call, arguments: list[str], message: str) -> None:
    done = call("rejects", tmp_path, *arguments)
    assert (done.returncode, message in done.stderr, done.stdout) == (2, True, "")
