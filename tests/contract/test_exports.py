"""Exports as files beside the manifest and from the command: there, whole and wanted, or asked for what they lack."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from contract.exported_datasets import ABOUT, FILES, build_exports, describe, dump, make_config
from small_builds import add_inline_engine, load, manifest, run, tree

from builder.cli import cli
from builder.compiled import compile_job
from builder.config.values import EXPORT_NEEDS
from builder.contract.exports import EXPORTS, export
from builder.contract.promise import Described, promised
from builder.errors import ConfigError, FindingsError

add_inline_engine()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    build_exports(folder)
    return folder


@pytest.fixture(scope="module")
def out(folder: Path) -> Path:
    return folder / "out"


@pytest.fixture(scope="module")
def described(out: Path) -> Described:
    return describe(out)


# ------------------------------------------------------------------ beside the manifest


def test_exports_lie_beside_the_manifest_and_it_names_them(out: Path) -> None:
    named = {entry["name"]: entry["bytes"] for entry in manifest(out)["exports"]}
    assert named == {name: (out / name).stat().st_size for name in FILES}


def test_a_config_and_its_dataset_give_the_same_schema(folder: Path, described: Described) -> None:
    job = promised(compile_job(load(folder / "job.yaml")))
    for kind, item in EXPORTS.items():
        if "files" not in item.needs and kind != "readme":
            assert export(job, kind) == export(described, kind)


def test_a_second_build_changes_nothing(folder: Path, out: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in out.iterdir() if path.is_file() and path.name != "_run.json"}
    assert not run(folder / "job.yaml", out).changed
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_an_export_that_is_damaged_is_written_again_and_one_that_is_not_wanted_goes(tmp_path: Path) -> None:
    dump(tmp_path)
    config = make_config(tmp_path)
    run(config, tmp_path / "out")
    whole = {name: (tmp_path / "out" / name).read_bytes() for name in FILES}
    (tmp_path / "out" / "README.md").write_text("gone")
    assert run(config, tmp_path / "out").changed
    assert {name: (tmp_path / "out" / name).read_bytes() for name in FILES} == whole
    before = tree(tmp_path / "out")
    run(config, tmp_path / "out", "exports=[odcs]")
    assert [name for name in FILES if (tmp_path / "out" / name).exists()] == ["contract.odcs.yaml"]
    run(config, tmp_path / "out")
    assert tree(tmp_path / "out") == before


def test_a_file_of_somebody_else_is_not_written_over(tmp_path: Path) -> None:
    dump(tmp_path)
    run(make_config(tmp_path, exports=[]), tmp_path / "out")
    (tmp_path / "out" / "README.md").write_text("mine")
    before = tree(tmp_path / "out")
    with pytest.raises(FindingsError, match=r"README\.md was not written by a build; move it away"):
        run(make_config(tmp_path, exports=["readme"]), tmp_path / "out")
    assert tree(tmp_path / "out") == before


@pytest.mark.parametrize("damage", [None, "", "{", "{}", "[]"])
def test_where_the_manifest_is_lost_the_exports_are_still_known(tmp_path: Path, damage: str | None) -> None:
    """They are what the last build noted of them, and are made whole, or go; what somebody has put there stays."""
    dump(tmp_path)
    config, out = make_config(tmp_path), tmp_path / "out"
    for number, exports in enumerate(["exports=[readme, odcs]", "exports=[]"]):
        run(config, out)
        (out / "_manifest.json").unlink() if damage is None else (out / "_manifest.json").write_text(damage)
        for folder in (out, tmp_path / f"fresh-{number}"):
            run(config, folder, "description=Other words.", exports)
        assert tree(out) == tree(tmp_path / f"fresh-{number}")
    run(config, out)
    (out / "_manifest.json").unlink()
    (out / "README.md").write_text("mine")
    with pytest.raises(FindingsError, match=r"README\.md was not written by a build; move it away"):
        run(config, out)
    run(config, out, "exports=[]")
    assert [name for name in FILES if (out / name).exists()] == ["README.md"]


@pytest.mark.parametrize("lost", [*EXPORT_NEEDS["croissant"], "description"])
def test_what_a_standard_needs_is_asked_for(tmp_path: Path, lost: str) -> None:
    about = {key: value for key, value in (ABOUT | {"date_published": "DAY"}).items() if key != lost}
    description = None if lost == "description" else "Herons."
    config = make_config(tmp_path, about=about, description=description)
    name = lost if lost == "description" else f"about.{lost}"
    with pytest.raises(ConfigError, match=rf"job\.yaml:\d+:\d+: exports\.2: croissant needs {name}; add"):
        load(config)
    with pytest.raises(ConfigError, match=rf"croissant needs {name}; add them to the config"):
        export(
            promised(compile_job(load(make_config(tmp_path, about=about, description=description, exports=[])))),
            "croissant",
        )


def test_what_names_files_needs_a_built_dataset(folder: Path) -> None:
    needing = [kind for kind, item in EXPORTS.items() if "files" in item.needs]
    assert needing == [kind for kind, item in EXPORTS.items() if item.meaning.endswith("of a built dataset alone")]
    with pytest.raises(ConfigError, match="datapackage names the files; give the folder of a built dataset"):
        export(promised(compile_job(load(folder / "job.yaml"))), "datapackage")


# ------------------------------------------------------------------ the command


@pytest.mark.parametrize("kind", EXPORTS)
def test_the_command(out: Path, described: Described, kind: str, tmp_path: Path) -> None:
    printed = CliRunner().invoke(cli, ["schema", "export", str(out), "--to", kind])
    assert (printed.exit_code, printed.stdout_bytes) == (0, export(described, kind))
    target = tmp_path / "link"
    target.symlink_to("there")
    done = CliRunner().invoke(cli, ["schema", "export", str(out / "_manifest.json"), "--to", kind, "-o", str(target)])
    assert (done.exit_code, done.stdout_bytes, target.read_bytes()) == (0, b"", printed.stdout_bytes)
    assert target.is_symlink()
    if EXPORTS[kind].file:
        assert (out / str(EXPORTS[kind].file)).read_bytes() == printed.stdout_bytes


def test_the_command_takes_a_config(folder: Path) -> None:
    done = CliRunner().invoke(cli, ["schema", "export", str(folder / "job.yaml"), "--to", "duckdb"])
    assert (done.exit_code, 'CREATE TABLE "small"' in done.stdout) == (0, True)


# ------------------------------------------------------------------ and back


def test_a_dataset_with_exports_is_sound_and_keeps_to_its_own_contract(out: Path) -> None:
    done = CliRunner().invoke(cli, ["validate", str(out), "--deep", "--against", str(out / "contract.odcs.yaml")])
    assert (done.exit_code, done.output) == (0, "no findings\n")
