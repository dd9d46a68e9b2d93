"""plan: what would be read again, and why."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.config.load import load_config
from builder.job import build, plan_build
from builder.options import Options
from builder.plan.changes import Change, as_text
from builder.plan.inputs import tool_versions

ROOT = Path(__file__).resolve().parents[2]
CONFIG = """\
name: small
inputs: [{path: dumps/*}]
sites: sites
fields: [url, title, text]
output: out
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "dumps").mkdir()
    for name in ("a", "b"):
        line = f'{{"url": "https://x.example/{name}", "html": "<h1>{name}</h1><p>Some words here.</p>"}}\n'
        (tmp_path / "dumps" / f"{name}.jsonl").write_text(line)
    shutil.copytree(ROOT / "configs" / "sites", tmp_path / "sites")
    (tmp_path / "job.yaml").write_text(CONFIG)
    return tmp_path


def planned(folder: Path) -> list[Change]:
    return plan_build(load_config(folder / "job.yaml"), Options(folder / "out", 1, quiet=True))


def built(folder: Path, limit: int | None = None) -> None:
    build(load_config(folder / "job.yaml"), Options(folder / "out", 1, limit=limit, quiet=True))


def tried(folder: Path) -> None:
    """A trial run where the dataset was taken away, for it would replace none."""
    (folder / "out/_manifest.json").unlink()
    built(folder, limit=1)


def retried(folder: Path) -> None:
    """A page is too large, and with another config it is not."""
    (folder / "job.yaml").write_text(CONFIG + "limits: {page_bytes: 2KB}\n")
    with (folder / "dumps/a.jsonl").open("a") as file:
        file.write(f'{{"url": "https://x.example/d", "html": "<p>{"word " * 999}</p>"}}\n')
    built(folder)
    larger = load_config(folder / "job.yaml", ["limits.page_bytes=1MB"])
    build(larger, Options(folder / "out", 1, quiet=True, retry="too_large"))


def append_page(folder: Path) -> None:
    with (folder / "dumps/a.jsonl").open("a") as file:
        file.write('{"url": "https://x.example/c", "html": "<h1>c</h1>"}\n')


def touch(folder: Path) -> None:
    path = folder / "dumps/a.jsonl"
    path.write_bytes(path.read_bytes())


def change_fields(folder: Path) -> None:
    (folder / "job.yaml").write_text(CONFIG.replace("title, text", "title, text, language"))


def change_site(folder: Path) -> None:
    path = folder / "sites/devdiscourse.com.yaml"
    path.write_text(path.read_text().replace("- css: h1", "- css: h2"))


def change_name_and_thresholds(folder: Path) -> None:
    (folder / "job.yaml").write_text(CONFIG.replace("small", "other") + "thresholds: {min_rows: 1}\n")


def copy_input(folder: Path) -> None:
    shutil.copy(folder / "dumps/a.jsonl", folder / "dumps/c.jsonl")


def change_config(text: str) -> Callable[[Path], object]:
    """The config with another `inputs`, or with a line more."""
    changed = text if text.startswith("inputs") else f"inputs: [{{path: dumps/*}}]\n{text}"
    return lambda folder: (folder / "job.yaml").write_text(CONFIG.replace("inputs: [{path: dumps/*}]", changed))


CASES: dict[str, tuple[Callable[[Path], object], dict[str, dict[str, int]]]] = {
    "nothing": (lambda _folder: None, {}),
    "same bytes written again": (touch, {}),
    "name and thresholds": (change_name_and_thresholds, {}),
    "one input": (append_page, {"a": {"the input has changed": 1}}),
    "new input": (copy_input, {"c": {"new input": 1}}),
    "fields": (change_fields, {"a": {"`fields` has changed": 1}, "b": {"`fields` has changed": 1}}),
    "a profile": (
        change_site,
        {name: {"sites/devdiscourse.com.yaml has changed": 1} for name in "ab"},
    ),
    "the key of the HTML": (
        change_config("inputs: [{path: dumps/*, html: body}]"),
        {name: {"its options in `inputs` have changed": 1} for name in "ab"},
    ),
    "other splits": (
        change_config("limits: {split_bytes: 30}"),
        {name: {"`limits` has changed": 2} for name in "ab"},
    ),
    "a trial build since": (
        tried,
        {name: {"`--limit` has changed": 1} for name in "ab"},
    ),
    "rejects read again with another config": (
        retried, {"a": {"its rejects were read again with another config": 1}},
    ),
    "receipts lost after a retry and a build": (
        lambda folder: (retried(folder), built(folder), shutil.rmtree(folder / "out/_work/receipts")),
        {name: {"not finished by the last build": 1} for name in "ab"},
    ),
    "less time for a page": (
        change_config("limits: {page_seconds: 9}"),
        {name: {"page_seconds or worker_memory of `limits` has changed": 1} for name in "ab"},
    ),
    "more time for a page": (change_config("limits: {page_seconds: 90}"), {}),
    "receipts lost": (
        lambda folder: shutil.rmtree(folder / "out/_work/receipts"),
        {name: {"not finished by the last build": 1} for name in "ab"},
    ),
    "work removed": (
        lambda folder: (shutil.rmtree(folder / "out/_work"), copy_input(folder)),
        {**{name: {"what earlier builds have read of it is gone": 1} for name in "ab"}, "c": {"new input": 1}},
    ),
    "work removed, manifest damaged": (
        lambda folder: (shutil.rmtree(folder / "out/_work"), (folder / "out/_manifest.json").write_text("{")),
        {name: {"new input": 1} for name in "ab"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), CASES.values(), ids=CASES)
def test_reasons(folder: Path, change: Callable[[Path], object], expected: dict[str, dict[str, int]]) -> None:
    built(folder)
    change(folder)
    found = {Path(item.dump).stem: dict(item.reasons) for item in planned(folder) if item.to_read}
    assert found == expected


@pytest.mark.parametrize("is_new", [True, False], ids=["installed", "removed"])
def test_an_extra_that_comes_or_goes_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch, is_new: bool) -> None:
    """Pages with Content-Encoding: br are rejects without it, and the next build must not take them for done."""
    for step, is_hidden in ((built, is_new), (planned, not is_new)):
        with monkeypatch.context() as patch:
            if is_hidden:
                patch.setitem(sys.modules, "brotli", None)  # as where it is not installed
            tool_versions.cache_clear()
            found = step(folder)
    tool_versions.cache_clear()
    assert [dict(item.reasons) for item in found] == [{"brotli is another version": 1}] * 2


def longer(folder: Path) -> None:
    for path in ("dumps/a.jsonl", "pages/03.html"):
        with (folder / path).open("a") as file:
            file.write("\n")


def otherwise(inputs: str) -> Callable[[Path], object]:
    return lambda folder: (folder / "job.yaml").write_text(
        CONFIG.replace("[{path: dumps/*}]", inputs) + "limits: {split_bytes: 30}\n"
    )


CUT = "[{path: dumps/a.jsonl}, {path: pages}]"


@pytest.mark.parametrize(
    ("change", "of_file", "of_folder"),
    [
        pytest.param(longer, {"the input has changed"}, {"the input has changed"}, id="bytes"),
        pytest.param(
            tried, {"`--limit` has changed"}, {"`--limit` has changed"}, id="trial"
        ),
        pytest.param(
            otherwise("[{path: dumps/a.jsonl}, {path: pages, pages: ['0*.html']}]"),
            set(), {"its options in `inputs` have changed"}, id="other files are pages",
        ),
        pytest.param(
            lambda folder: (longer(folder), tried(folder), longer(folder)),
            {"the input has changed", "`--limit` has changed"}, {"`--limit` has changed"}, id="bytes since a trial",
        ),
    ],
)  # fmt: skip
def test_reasons_of_inputs_of_many_splits(
    folder: Path, change: Callable[[Path], object], of_file: set[str], of_folder: set[str]
) -> None:
    """What is cut otherwise has not changed for that, though no split of it was known to the last build."""
    (folder / "pages").mkdir()
    for number in range(8):
        (folder / f"pages/{number:02}.html").write_text("<title>Heron</title>".ljust(25))
    otherwise(CUT)(folder)
    built(folder)
    change(folder)
    found = {change.dump: set(change.reasons) for change in planned(folder)}
    assert found == {"dumps/a.jsonl": of_file, "pages": of_folder}


def test_an_input_that_is_gone_is_told(folder: Path) -> None:
    built(folder)
    (folder / "dumps/b.jsonl").unlink()
    assert "dumps/b.jsonl: the input is gone, its rows will go" in as_text(planned(folder))


def test_a_plan_for_what_was_never_built_reads_and_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builder.stages.hash_input", None)
    before = sorted(folder.rglob("*"))
    assert {change.dump: dict(change.reasons) for change in planned(folder)} == {
        "dumps/a.jsonl": {"new input": 1}, "dumps/b.jsonl": {"new input": 1},
    }  # fmt: skip
    assert sorted(folder.rglob("*")) == before


def test_a_plan_changes_nothing_of_the_output(folder: Path) -> None:
    built(folder)
    append_page(folder)
    before = sorted(path for path in (folder / "out").rglob("*") if "_work" not in path.parts)
    assert planned(folder) == planned(folder)
    assert sorted(path for path in (folder / "out").rglob("*") if "_work" not in path.parts) == before
