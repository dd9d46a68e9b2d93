"""Keys of splits, and stamps of what they hash: what changes them, and what does not."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import time
import tomllib
from pathlib import Path

import pytest
from small_builds import ROOT, load, touch, two_dumps, write_config

from builder.plan.inputs import OF_NO_ROW, hash_input, hash_tasks, make_plan, stamp, stamps_of, tool_versions, with_keys


def keys(config: Path, *overrides: str, limit: int | None = None) -> list[str]:
    loaded = load(config, *overrides)
    plan = make_plan(loaded)
    tasks = hash_tasks(plan)
    hashes = {task: hash_input(task, lambda _item, _done: None) for task in tasks}
    planned = with_keys(plan, hashes, {task: stamp(task) for task in tasks}, loaded, limit)
    assert [entry.number for entry in planned] == list(range(len(planned)))
    return [entry.key for entry in planned]


def test_every_split_has_its_own_key(tmp_path: Path) -> None:
    found = keys(two_dumps(tmp_path), "limits.split_bytes=1KiB")
    assert len(set(found)) == len(found) > 4


def test_keys_are_the_same_elsewhere(tmp_path: Path) -> None:
    assert keys(two_dumps(tmp_path / "here")) == keys(two_dumps(tmp_path / "over" / "there"))


@pytest.mark.parametrize(
    "override",
    ["output=elsewhere", "name=other", "description=words", "thresholds={min_rows: 3}", "inputs.0.on_bad_input=fail",
     "write.compression_level=9", "write.part_bytes=1MiB", "limits.page_seconds=90", "limits.worker_memory=1GiB"],
)  # fmt: skip
def test_what_does_not_matter_to_a_split_keeps_its_key(tmp_path: Path, override: str) -> None:
    config = two_dumps(tmp_path)
    assert keys(config, override) == keys(config)


@pytest.mark.parametrize(
    "override",
    ["fields=[url, title, published_at, published_date]", "fields.2={title: {required: true}}",
     "select={title: {required: true}}", "partition_by=[{year: published_date}]", "sort_by=[url]",
     "duplicates={by: [title]}", "duplicates={by: [url], keep: earliest}", "rules={title: [{css: h1}]}",
     "limits.depth=50", "limits.nodes=5000", "limits.page_bytes=1MiB", "limits.attributes=10", "inputs.0.html=body"],
)  # fmt: skip
def test_what_matters_changes_the_key(tmp_path: Path, override: str) -> None:
    config = two_dumps(tmp_path)
    assert not set(keys(config, override)) & set(keys(config))


def test_a_profile_changes_the_key(tmp_path: Path) -> None:
    config = two_dumps(tmp_path)
    (tmp_path / "sites").mkdir()
    before = keys(config, "sites=sites")
    assert before == keys(config)
    (tmp_path / "sites" / "a.example.yaml").write_text("domains: [a.example]\nprofiles: [{fields: {title: {css: h1}}}]")
    assert not set(keys(config, "sites=sites")) & set(before)


def test_an_extra_that_pages_are_read_with_changes_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = two_dumps(tmp_path)
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "brotli", None)  # as where it is not installed
        tool_versions.cache_clear()
        without = keys(config)
    tool_versions.cache_clear()
    assert not set(keys(config)) & set(without)


def test_every_library_that_shows_in_the_output_is_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.split("[<>=[]", line)[0] for line in project["dependencies"]}
    of_no_row = {"click", "filelock", "obstore", "pydantic", "ruamel.yaml", "tqdm"}  # command, locks, transport, config
    own = {"builder", "code_sha256", "python", "libxml2"}
    assert set(tool_versions()) - own == wanted - of_no_row | {"brotli"}


def test_every_module_and_model_that_a_row_depends_on_counts() -> None:
    package = ROOT / "builder"
    code = hashlib.sha256()
    names = [path.relative_to(package).as_posix() for end in ("py", "json") for path in package.rglob(f"*.{end}")]
    for name in sorted(names, key=Path):
        if not name.startswith(OF_NO_ROW):
            code.update(f"{name}\0".encode() + (package / name).read_bytes())
    assert tool_versions()["code_sha256"] == code.hexdigest()
    assert all(any(name.startswith(prefix) for name in names) for prefix in OF_NO_ROW)


def test_a_trial_run_has_keys_of_its_own(tmp_path: Path) -> None:
    config = two_dumps(tmp_path)
    assert not set(keys(config)) & set(keys(config, limit=3)) | set(keys(config, limit=3)) & set(keys(config, limit=4))


def test_only_the_splits_of_changed_bytes_get_other_keys(tmp_path: Path) -> None:
    config = two_dumps(tmp_path)
    before = keys(config)
    data = (tmp_path / "raw" / "b.jsonl").read_bytes()
    (tmp_path / "raw" / "b.jsonl").write_bytes(data.replace(b"Heron 20", b"Egret 20"))
    after = keys(config)
    assert after[0] == before[0]
    assert after[1] != before[1]


def test_times_of_files_do_not_matter(tmp_path: Path) -> None:
    config = two_dumps(tmp_path)
    before = keys(config)
    os.utime(tmp_path / "raw" / "a.jsonl", (1, 1))
    assert keys(config) == before


def folder_dump(folder: Path) -> Path:
    touch(folder, "raw/mirror/one.html", "raw/mirror/two.html")
    (folder / "raw/mirror/index.csv").write_text(
        "file,url\none.html,https://a.example/1\ntwo.html,https://a.example/2\n"
    )
    return write_config(folder, inputs=["raw/mirror"])


@pytest.mark.parametrize(
    ("name", "content"),
    [("one.html", "y"), ("index.csv", "file,url\none.html,https://a.example/9\ntwo.html,https://a.example/2\n")],
    ids=["a page", "the index"],
)
def test_every_file_of_a_folder_counts(tmp_path: Path, name: str, content: str) -> None:
    config = folder_dump(tmp_path)
    before = keys(config)
    size = (tmp_path / "raw/mirror" / name).stat().st_size
    (tmp_path / "raw/mirror" / name).write_text(content)
    assert (tmp_path / "raw/mirror" / name).stat().st_size == size
    assert keys(config) != before


def mirror(folder: Path, **pages: str) -> Path:
    """A folder without an index, two pages of ten bytes a split."""
    shutil.rmtree(folder / "raw", ignore_errors=True)
    for name, text in pages.items():
        touch(folder, f"raw/mirror/{name}.html")
        (folder / f"raw/mirror/{name}.html").write_text(text.ljust(10))
    return write_config(folder, inputs=["raw/mirror"], limits={"split_bytes": 20})


FOUR = {"a": "1", "b": "2", "c": "3", "d": "4"}


@pytest.mark.parametrize(
    ("pages", "same"),
    [
        pytest.param(FOUR | {"d": "longer than ten"}, 1, id="a longer page"),
        pytest.param(FOUR | {"e": "5"}, 2, id="a page behind the others"),
        pytest.param(FOUR | {"Y": "5", "Z": "6"}, 2, id="two pages before the others"),
        pytest.param({"a": "1", "b": "2"}, 1, id="pages gone"),
        pytest.param({"c": "3", "d": "4"}, 1, id="those of the first split gone"),
        pytest.param({"a": "1", "b": "2", "c": "3", "x": "4"}, 1, id="another name"),
    ],
)
def test_runs_of_a_folder_that_have_not_changed_keep_their_keys(
    tmp_path: Path, pages: dict[str, str], same: int
) -> None:
    before = keys(mirror(tmp_path, **FOUR))
    assert len(set(before)) == 2
    assert len(set(before) & set(keys(mirror(tmp_path, **pages)))) == same


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    """The reader of folders rejects links unread; hashing must not follow them either."""
    config = folder_dump(tmp_path)
    (tmp_path / "raw/mirror/gone.html").symlink_to("nowhere.html")
    (tmp_path / "raw/mirror/self.html").symlink_to("self.html")
    assert keys(config)
    assert all(stamp(task) for task in hash_tasks(make_plan(load(config))))


@pytest.mark.parametrize("name", ["one.html", "index.csv"])
def test_the_stamp_of_a_folder_shows_a_changed_file(tmp_path: Path, name: str) -> None:
    """Equal stamps spare a build the hashing, so whatever is hashed has to show in them."""
    plan = make_plan(load(folder_dump(tmp_path)))
    before = [stamp(task) for task in hash_tasks(plan)]
    os.utime(tmp_path / "raw/mirror" / name, (1, 1))
    assert [stamp(task) for task in hash_tasks(plan)] != before


def test_a_link_to_a_file_that_is_read_does_not_change_it(tmp_path: Path) -> None:
    plan = make_plan(load(two_dumps(tmp_path)))
    before, read = [stamp(task) for task in hash_tasks(plan)], [stamps_of(split) for split in plan.splits]
    time.sleep(0.02)  # the clock of a disk may be coarse
    (tmp_path / "backup.jsonl").hardlink_to(tmp_path / "raw/a.jsonl")
    assert [stamps_of(split) for split in plan.splits] == read
    assert [stamp(task) for task in hash_tasks(plan)] != before


def test_a_file_of_many_splits_is_hashed_once(tmp_path: Path) -> None:
    loaded = load(two_dumps(tmp_path), "limits.split_bytes=1KiB")
    assert len(hash_tasks(make_plan(loaded))) == 2
