"""Trial runs: which pages `--limit` takes, and what a trial may not replace."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_builds import add_inline_engine, load, manifest, page, run, tree, two_dumps, write_dump

from builder.errors import ConfigError, FindingsError
from builder.job import build, plan_build
from builder.options import Options

add_inline_engine()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return two_dumps(tmp_path)


def test_a_trial_run(tmp_path: Path, config: Path) -> None:
    outcome = run(config, tmp_path / "out", limit=2)
    assert outcome.books.read == 4
    assert manifest(tmp_path / "out")["build"]["limited_to"] == 2
    assert [entry["read"] for entry in manifest(tmp_path / "out")["inputs"]] == [2, 2]
    assert run(config, tmp_path / "out").reused == 0
    run(config, tmp_path / "fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_a_trial_run_takes_rejects_for_pages(tmp_path: Path, config: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1, html=None), page(2), page(3)])
    books = run(config, tmp_path / "out", "inputs=[raw/a.jsonl]", limit=2).books
    assert (books.read, books.rows) == (2, 1)


def test_a_trial_run_need_not_have_the_rows_of_the_whole(tmp_path: Path, config: Path) -> None:
    assert run(config, tmp_path / "out", "thresholds={min_rows: 9}", limit=2).books.rows < 9
    with pytest.raises(FindingsError, match="max_reject_rate"):
        run(config, tmp_path / "out", "thresholds={max_reject_rate: 0.1, min_rows: 9}", limit=4)


def test_a_trial_run_does_not_replace_a_whole_dataset(tmp_path: Path, config: Path) -> None:
    """Nor the work that it rests on; what cannot be told to be a trial is none."""
    out = tmp_path / "out"
    run(config, out, limit=3)
    run(config, out, limit=2)
    assert manifest(out)["build"]["limited_to"] == 2
    run(config, out)
    for damage in ("", "{"):
        (out / "_manifest.json").write_text(damage or (out / "_manifest.json").read_text())
        before = tree(out)
        for step in (build, plan_build):
            with pytest.raises(
                ConfigError, match=r"job\.yaml: --limit: .*/out holds a dataset that is no trial.* --out$"
            ):
                step(load(config), Options(out, 1, "inline", limit=2, quiet=True))
        assert tree(out) == before
    assert run(config, out).reused == 2


def test_a_trial_run_takes_no_page_behind_the_first_split(tmp_path: Path, config: Path) -> None:
    """As `--limit` and the README say."""
    cut = "limits.split_bytes=2KiB"
    assert run(config, tmp_path / "all", cut).books.read == 12
    first = run(config, tmp_path / "out", cut, limit=1000)
    assert (first.splits, first.books.read) == (2, 8)


def test_a_trial_run_of_more_pages_than_there_are(tmp_path: Path, config: Path) -> None:
    run(config, tmp_path / "out", limit=1000)
    run(config, tmp_path / "all")
    ours, theirs = ({name for name in tree(tmp_path / out) if name.startswith("data")} for out in ("out", "all"))
    assert ours == theirs
