"""The README shows only what is true: its commands run, its blocks load, its tables are those of the code."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from builder.catalogue import CATALOGUE, CATALOGUE_TYPES
from builder.compiled import compile_job
from builder.config.load import load_config
from builder.constraints import KINDS
from builder.contract.exports import EXPORTS, exported
from builder.contract.promise import promised
from builder.errors import ConfigError
from builder.records import REJECT_CODES

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = [(label, body) for label, body in re.findall(r"^```(\S[^\n]*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)]


def blocks(label: str) -> list[str]:
    return [body for found, body in BLOCKS if found == label]


def command(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A line of a shell block, with this interpreter's build-dataset."""
    words, _, target = line.partition("#")[0].strip().partition(" > ")
    argv = shlex.split(words)
    assert argv[0] == "build-dataset"
    done = subprocess.run(
        [sys.executable, "-m", "builder.cli", *argv[1:]],
        cwd=folder, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT), "PATH": ""}, check=False,
    )  # fmt: skip
    if target:
        (folder / target.strip()).write_text(done.stdout, encoding="utf-8")
    return done


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a reader of the README has: the project's data, and the sample built."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("configs", "tests/sites", "data/raw"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "dumps").mkdir()
    shutil.copy(folder / "data/raw/2022/2022-02.warc.gz", folder / "dumps")
    done = command("build-dataset configs/2022.yaml", folder)
    assert done.returncode == 0, done.stderr
    (folder / "summary.txt").write_text(done.stderr, encoding="utf-8")
    return folder


def test_the_summary_is_what_a_build_says(checkout: Path) -> None:
    assert blocks("text summary")[0] in (checkout / "summary.txt").read_text(encoding="utf-8")


def test_python_blocks_run(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout)
    assert len(blocks("python")) == 3
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), {})


def test_every_shell_line_runs(checkout: Path) -> None:
    lines = [line for block in blocks("sh") for line in block.splitlines() if line.strip()]
    assert len(lines) == 12
    for line in lines:
        if line.startswith("build-dataset my.yaml"):  # the sample has more broken pages than the template allows
            line = line.partition("#")[0] + " --set thresholds.max_reject_rate=0.5 --set thresholds.min_fill.title=0.5"
        done = command(line, checkout)
        assert done.returncode == 0, (line, done.stderr)


def test_the_config_block_builds(checkout: Path) -> None:
    (checkout / "shown.yaml").write_text(blocks("yaml config")[0], encoding="utf-8")
    done = command("build-dataset shown.yaml", checkout)
    assert done.returncode == 0, done.stderr


def test_the_thresholds_block_loads(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text(f"name: a\ninputs: [x]\noutput: out\n{blocks('yaml thresholds')[0]}")
    thresholds = load_config(tmp_path / "job.yaml", CATALOGUE_TYPES).job.thresholds
    assert thresholds.max_reject_rate == {"total": 0.05, "timeout": 0.001, "damaged": 0}


def test_the_fields_block_loads(tmp_path: Path) -> None:
    head = "name: a\ninputs: [x]\noutput: out\n"
    (tmp_path / "job.yaml").write_text(head + blocks("yaml fields")[0], encoding="utf-8")
    fields = load_config(tmp_path / "job.yaml", CATALOGUE_TYPES).job.fields
    assert {field.on_violation for field in fields or ()} == {"reject", "null", "keep"}


def test_the_write_block_loads(tmp_path: Path) -> None:
    head = "name: a\ninputs: [x]\noutput: out\n"
    (tmp_path / "job.yaml").write_text(head + blocks("yaml write")[0], encoding="utf-8")
    assert load_config(tmp_path / "job.yaml", CATALOGUE_TYPES).job.write.bloom == ("url",)


def test_the_about_block_loads(tmp_path: Path) -> None:
    head = "name: a\ninputs: [x]\noutput: out\n"
    (tmp_path / "job.yaml").write_text(head + blocks("yaml about")[0], encoding="utf-8")
    job = load_config(tmp_path / "job.yaml", CATALOGUE_TYPES).job
    assert len(exported(promised(compile_job(load_config(tmp_path / "job.yaml", CATALOGUE_TYPES))), ["croissant"])) == 1
    assert set(job.exports) == {name for name, item in EXPORTS.items() if item.file}


def test_the_site_block_loads(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "news.example.yaml").write_text(blocks("yaml site")[0], encoding="utf-8")
    (tmp_path / "job.yaml").write_text("name: a\ninputs: [x]\nsites: sites\noutput: out\n", encoding="utf-8")
    loaded = load_config(tmp_path / "job.yaml", CATALOGUE_TYPES)
    assert [len(site.profiles) for site in loaded.sites] == [2]


def test_the_mistake_shown_is_the_one_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("typo.yaml").write_text("name: a\ninputs: [x]\nfeilds: [url]\noutput: out\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(Path("typo.yaml"), CATALOGUE_TYPES)
    assert str(caught.value).strip() == blocks("text mistakes")[0].strip()


@pytest.mark.parametrize(
    "row",
    [
        *(f"| `{n}` | {d.type}{', required' if d.required else ''} | {d.description} |" for n, d in CATALOGUE.items()),
        *(f"| `{code}` | {meaning} |" for code, meaning in REJECT_CODES.items()),
        *(f"| `{n}` | {item.meaning} | {f'`{item.file}` |' if item.file else '|'}" for n, item in EXPORTS.items()),
        *(f"| `{name}` | {', '.join(kind.types)} | {kind.meaning} |" for name, kind in KINDS.items()),
    ],
)
def test_tables_are_those_of_the_code(row: str) -> None:
    assert row in README
