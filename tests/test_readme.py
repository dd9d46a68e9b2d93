"""The README shows only what is true: its commands run, and its blocks load."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from readme_pages import ROOT, blocks
from ruamel.yaml import YAML

from builder.commands.build import build_command
from builder.compiled import compile_job
from builder.config.load import load_config
from builder.contract.exports import EXPORTS, exported
from builder.contract.promise import promised
from builder.errors import ConfigError


def command(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A line of a shell block, with this interpreter's build-dataset."""
    words, _, target = line.partition("#")[0].strip().partition(" > ")
    argv = shlex.split(words)
    assert argv[0] == "build-dataset"
    done = subprocess.run(
        [sys.executable, "-m", "builder.cli", *argv[1:]],
        cwd=folder, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
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
    (folder / "srv").mkdir()
    catalogue = blocks("yaml catalogue")[0].replace("/srv/lake", f"{folder}/srv")
    (folder / ".pyiceberg.yaml").write_text(catalogue, encoding="utf-8")
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
    assert len(lines) == 19
    for line in lines:
        if line.startswith("build-dataset my.yaml"):  # the sample has more broken pages than the template allows
            line = line.partition("#")[0] + " --set thresholds.max_reject_rate=0.5 --set thresholds.min_fill.title=0.5"
        done = command(line, checkout)
        assert done.returncode == 0, (line, done.stderr)


def test_published_tables_load(checkout: Path) -> None:
    """In another process: pyiceberg reads its configuration when it is imported."""
    for target in ("--iceberg lake.news.stories", "--delta data/built/2022"):
        done = command(f"build-dataset publish data/built/2022 {target}", checkout)
        assert done.returncode == 0, done.stderr
    (block,) = blocks("python lake")
    done = subprocess.run([sys.executable, "-c", block], cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_config_block_builds(checkout: Path) -> None:
    (checkout / "shown.yaml").write_text(blocks("yaml config")[0], encoding="utf-8")
    done = command("build-dataset shown.yaml", checkout)
    assert done.returncode == 0, done.stderr


def test_the_thresholds_block_loads(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text(f"name: a\ninputs: [x]\noutput: out\n{blocks('yaml thresholds')[0]}")
    thresholds = load_config(tmp_path / "job.yaml").job.thresholds
    assert thresholds.max_reject_rate == {"total": 0.05, "timeout": 0.001, "damaged": 0}


def test_the_fields_block_loads(tmp_path: Path) -> None:
    head = "name: a\ninputs: [x]\noutput: out\n"
    (tmp_path / "job.yaml").write_text(head + blocks("yaml fields")[0], encoding="utf-8")
    fields = load_config(tmp_path / "job.yaml").job.fields
    assert {field.on_violation for field in fields or ()} == {"reject", "null", "keep"}


def test_the_origins_block_loads(tmp_path: Path) -> None:
    head = "name: a\ninputs: [x]\noutput: out\n"
    (tmp_path / "job.yaml").write_text(head + blocks("yaml origins")[0], encoding="utf-8")
    fields = load_config(tmp_path / "job.yaml").job.fields
    assert [field.origin_as for field in fields or ()] == ["title_origin", "date_origin"]


def test_the_write_block_loads(tmp_path: Path) -> None:
    head = "name: a\ninputs: [x]\noutput: out\n"
    (tmp_path / "job.yaml").write_text(head + blocks("yaml write")[0], encoding="utf-8")
    assert load_config(tmp_path / "job.yaml").job.write.bloom == ("url",)


def test_the_partitions_block_loads(tmp_path: Path) -> None:
    head = "name: a\ninputs: [x]\noutput: out\n"
    (tmp_path / "job.yaml").write_text(head + blocks("yaml partitions")[0], encoding="utf-8")
    levels = load_config(tmp_path / "job.yaml").job.partition_by
    assert [level.name for level in levels] == ["month", "utc_day", "language", "paper"]


def test_the_about_block_loads(tmp_path: Path) -> None:
    head = "name: a\ninputs: [x]\noutput: out\n"
    (tmp_path / "job.yaml").write_text(head + blocks("yaml about")[0], encoding="utf-8")
    job = load_config(tmp_path / "job.yaml").job
    assert len(exported(promised(compile_job(load_config(tmp_path / "job.yaml"))), ["croissant"])) == 1
    assert set(job.exports) == {"report", *(name for name, item in EXPORTS.items() if item.file)}


def test_the_site_block_loads(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "news.example.yaml").write_text(blocks("yaml site")[0], encoding="utf-8")
    (tmp_path / "job.yaml").write_text("name: a\ninputs: [x]\nsites: sites\noutput: out\n", encoding="utf-8")
    loaded = load_config(tmp_path / "job.yaml")
    assert [len(site.profiles) for site in loaded.sites] == [2]


def test_the_input_block_loads(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text(f"name: a\n{blocks('yaml input')[0]}\noutput: out\n", encoding="utf-8")
    (spec,) = load_config(tmp_path / "job.yaml").job.inputs
    assert (spec.on_bad_input, spec.verify_digests) == ("fail", True)


def test_the_mistake_shown_is_the_one_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("typo.yaml").write_text("name: a\ninputs: [x]\nfeilds: [url]\noutput: out\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(Path("typo.yaml"))
    assert str(caught.value).strip() == blocks("text mistakes")[0].strip()


def test_the_cluster_blocks_are_sound() -> None:
    """What they run is tested in tests/engines/test_ray.py; that kubectl and sbatch take them is not."""
    (block,) = blocks("yaml kuberay")
    manifest = YAML(typ="safe").load(block)
    arguments = shlex.split(manifest["spec"]["entrypoint"])
    (line,) = [line for line in blocks("bash slurm")[0].splitlines() if "build-dataset" in line]
    for given in (arguments[1:], shlex.split(line)[2:]):
        known = {option for parameter in build_command.params for option in parameter.opts}
        assert {word for word in given if word.startswith("--")} <= known
    group = manifest["spec"]["rayClusterSpec"]["workerGroupSpecs"][0]
    assert group["template"] == manifest["spec"]["rayClusterSpec"]["headGroupSpec"]["template"]
    checked = subprocess.run(["bash", "-n"], input=blocks("bash slurm")[0], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.fixture(scope="module")
def repository(checkout: Path) -> Path:
    """The same under version control."""
    git = ["git", "-C", str(checkout), "-c", "user.name=a", "-c", "user.email=a@site.example"]
    for arguments in (["init", "-q"], ["add", "configs"], ["commit", "-q", "-m", "The config"]):
        subprocess.run([*git, *arguments], check=True, capture_output=True)
    return checkout


def test_the_contract_block_loads(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text(blocks("yaml contract")[0], encoding="utf-8")
    assert load_config(tmp_path / "job.yaml").job.version == "1.4.0"


def test_the_workflow_runs(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(repository.parent))
    steps = YAML(typ="safe").load(blocks("yaml workflow")[0])["jobs"]["contract"]["steps"]
    assert steps[0]["with"] == {"fetch-depth": 0}
    line = steps[-1]["run"].replace("git:origin/main:", "git:HEAD:")
    done = command(line, repository)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "no findings"), done.stderr
    assert (repository / "contract.sarif").exists()


def test_the_hook_runs_on_the_configs(repository: Path) -> None:
    (hook,) = YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    (shown,) = YAML(typ="safe").load(blocks("yaml pre-commit")[0])["repos"][0]["hooks"]
    assert shown == {"id": hook["id"], "files": hook["files"]}
    paths = sorted(path.relative_to(repository).as_posix() for path in repository.rglob("*.yaml"))
    files = [path for path in paths if re.search(hook["files"], path)]
    assert files == ["configs/2022.yaml"]
    done = command(f"{hook['entry']} {files[0]} {files[0]}", repository)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "no findings")


def test_the_test_for_test_suites_passes(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)
    (block,) = blocks("python contract")
    names: dict[str, Any] = {}
    exec(compile(block.replace("git:origin/main:", "git:HEAD:"), "README.md", "exec"), names)
    names["test_readers_of_the_main_branch_are_not_broken"]()
