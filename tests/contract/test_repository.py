# ruff: noqa: E501 - lines as they are printed
"""Sources in a git repository: the workflow of a pull request, and what git does not find."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from contract.rich_schemas import FIELDS, found
from small_builds import ROOT, add_inline_engine, page, run, write_config, write_dump

from builder.contract.sources import load_terms
from builder.errors import ConfigError

add_inline_engine()


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@site.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


def command(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "builder.cli", *arguments],
        cwd=folder, capture_output=True, text=True, check=False, timeout=120,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin:/usr/local/bin", **environment},
    )  # fmt: skip


def line_of(folder: Path, text: str) -> int:
    lines = (folder / "job.yaml").read_text().splitlines()
    return next(number for number, line in enumerate(lines, start=1) if f'"{text}"' in line)


def test_the_workflow_of_a_repository(tmp_path: Path) -> None:
    """A pull request: build, compare with the manifest and the config of the main branch, annotate."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), page(2)])
    write_config(tmp_path, fields=FIELDS, version="1.0.0")
    run(tmp_path / "job.yaml", tmp_path / "out")
    (tmp_path / ".gitignore").write_text("_work/\n")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "The dataset")
    git(tmp_path, "checkout", "-q", "-b", "change")
    config = ["validate", "job.yaml", "--against", "git:main:job.yaml"]
    built = ["validate", "out", "--against", "git:main:out/_manifest.json", "--config", "job.yaml", "--deep"]
    done = command(tmp_path, *config)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "no findings")

    write_config(tmp_path, fields=[*FIELDS[:-2], "site"], version="1.0.0")
    assert command(tmp_path, "job.yaml", "-q", "--workers", "1").returncode == 0
    github = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    for arguments in (config, built):
        done = command(tmp_path, *arguments, "--output", "sarif=found.sarif", "--output", "junit=found.xml", **github)
        assert (done.returncode, done.stderr) == (1, "")
        lines = done.stdout.splitlines()
        assert lines[0].startswith(
            "::error file=job.yaml,line=6,title=SCHEMA_FIELD_DROPPED::tags: a field is gone: list"
        )
        assert lines[1].startswith(
            "::error file=job.yaml,line=6,title=SCHEMA_FIELD_DROPPED::source: a field is gone: str"
        )
        assert lines[2] == f"::error file=job.yaml,line={line_of(tmp_path, 'version')},title=SCHEMA_VERSION_STEP::the schema's version did not take the step that the changes owe: 1.0.0 -> 1.0.0; set `version: 2.0.0` in the config"  # fmt: skip
        assert lines[3] == f"::notice file=job.yaml,line={line_of(tmp_path, 'site')},title=SCHEMA_FIELD_ADDED::site: a field that may be null is new: string"  # fmt: skip
        assert lines[4:] == ["3 errors, 1 note"]
    assert (tmp_path / "summary.md").read_text().count("| error | SCHEMA&#95;FIELD&#95;DROPPED | tags |") == 2
    assert len(json.loads((tmp_path / "found.sarif").read_text())["runs"][0]["results"]) == 4

    write_config(tmp_path, fields=[*FIELDS[:-2], "site"], version="2.0.0")
    assert command(tmp_path, "job.yaml", "-q", "--workers", "1").returncode == 0
    for arguments in (config, built):
        done = command(tmp_path, *arguments)
        assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "2 warnings, 1 note")


def test_git_finds_what_is_there_and_says_what_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_config(tmp_path / "sub", fields=FIELDS, sites="sites")
    (tmp_path / "sub" / "sites").mkdir()
    (tmp_path / "broken.yaml").write_text("name: x\n")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "A config")
    monkeypatch.chdir(tmp_path / "sub")
    assert [f.rule for f in found("git:main:sub/job.yaml", "git:HEAD:./job.yaml")] == []
    for source, message in {
        "git:main:job.yaml": "git:main:job.yaml: fatal: path 'sub/job.yaml' exists, but not 'job.yaml'",
        "git:other:job.yaml": "git:other:job.yaml: fatal: invalid object name 'other'.",
        "git:--output=x:job.yaml": "git:--output=x:job.yaml: fatal: ",
        "git:main:broken.yaml": 'git:main:broken.yaml:1:1: missing key "inputs"',
    }.items():
        with pytest.raises(ConfigError) as caught:
            load_terms(source)
        assert str(caught.value).startswith(message)
    assert not (tmp_path / "sub" / "x").exists()
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ConfigError, match="git is not installed, and git:REF:PATH needs it"):
        load_terms("git:main:job.yaml")


@pytest.mark.parametrize(
    ("source", "fetch"),
    [("git:other:job.yaml", True), (f"git:{'7' * 40}:job.yaml", True), ("git:HEAD~9:job.yaml", True),
     ("git:main:jobs.yaml", False), ("git:HEAD:../../job.yaml", False)],
)  # fmt: skip
def test_a_commit_is_to_be_fetched_where_it_is_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, fetch: bool
) -> None:
    write_config(tmp_path)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "A config")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as caught:
        load_terms(source)
    assert str(caught.value).startswith(f"{source}: fatal: ")
    assert str(caught.value).endswith("; in CI fetch the commit first (actions/checkout with fetch-depth: 0)") == fetch


def test_outside_of_a_repository_there_is_nothing_to_fetch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(ConfigError, match=r"^git:main:job\.yaml: fatal: not a git repository((?!fetch).)*$"):
        load_terms("git:main:job.yaml")
