from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from killed_builds import Killed

from builder.errors import FindingsError
from builder.write import commit as commit_module
from builder.write.commit import MANIFEST, commit

Files = dict[str, bytes]


def named(folder: str, content: bytes, number: int = 0) -> tuple[str, bytes]:
    """A part under the name that its bytes decide."""
    return f"{folder}/part-{number:05d}-{hashlib.sha256(content).hexdigest()[:16]}.parquet", content


SAME = named("data/month=2022-01", b"stays as it is")
OLD = dict([SAME, named("data/month=2022-02", b"old February"), named("data/month=2022-03", b"only in the old one"),
            named("_rejects", b"old rejects")])  # fmt: skip
NEW = dict([SAME, named("data/month=2022-02", b"new February"), named("data/month=2022-02", b"more of it", 1),
            named("data/month=2022-04", b"only in the new one"), named("_rejects", b"new rejects")])  # fmt: skip


def manifest_of(files: Files) -> str:
    return json.dumps({path: hashlib.sha256(content).hexdigest() for path, content in sorted(files.items())})


def finish(finished: Path, files: Files) -> None:
    """Put parts where the merge leaves them."""
    for path, content in files.items():
        (finished / path).parent.mkdir(parents=True, exist_ok=True)
        (finished / path).write_bytes(content)


def publish(out: Path, files: Files, finished: Path | None = None) -> bool:
    """Merge and commit, as a build does."""
    work = finished or out / "_work" / "parts"
    finish(work, files)
    return commit(out, work, files, manifest_of(files))


def tree(out: Path) -> Files:
    """All that readers could see."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and not path.is_relative_to(out / "_work")
    }


def expected(files: Files) -> Files:
    return {**files, MANIFEST: manifest_of(files).encode(), "data/_SUCCESS": b""}


def assert_whole(out: Path, *allowed: Files | None) -> None:
    """A reader of the manifest sees one of these datasets, None for none at all, with every file that it names."""
    if not (out / MANIFEST).exists():
        assert None in allowed
        return
    manifest = (out / MANIFEST).read_text()
    assert manifest in {manifest_of(files) for files in allowed if files is not None}
    for path, digest in json.loads(manifest).items():
        assert hashlib.sha256((out / path).read_bytes()).hexdigest() == digest, path


def test_a_fresh_dataset(tmp_path: Path) -> None:
    assert publish(tmp_path / "out", NEW)
    assert tree(tmp_path / "out") == expected(NEW)


def test_a_dataset_is_replaced(tmp_path: Path) -> None:
    publish(tmp_path, OLD)
    assert publish(tmp_path, NEW)
    assert tree(tmp_path) == expected(NEW)
    assert not (tmp_path / "data" / "month=2022-03").exists()


def test_folders_go_with_the_last_part_in_them_at_every_level(tmp_path: Path) -> None:
    publish(tmp_path, dict([SAME, named("data/site=a.example/month=2022-03", b"only in the old one")]))
    publish(tmp_path, dict([SAME]))
    assert {path.name for path in (tmp_path / "data").iterdir()} == {"month=2022-01", "_SUCCESS"}


def test_parts_that_are_published_already_need_not_be_made_again(tmp_path: Path) -> None:
    publish(tmp_path, OLD)
    finish(tmp_path / "_work" / "parts", {path: content for path, content in NEW.items() if path not in OLD})
    assert commit(tmp_path, tmp_path / "_work" / "parts", NEW, manifest_of(NEW))
    assert tree(tmp_path) == expected(NEW)


def test_what_changes_nothing_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, NEW)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.name != "parts"}
    for name in ("replace", "unlink", "rmdir"):
        monkeypatch.setattr(Path, name, lambda *_args, **_options: pytest.fail("something was changed"))
    assert not commit(tmp_path, tmp_path / "_work" / "parts", NEW, manifest_of(NEW))
    assert {path: path.stat().st_mtime_ns for path in before} == before


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda out: (out / "data/_SUCCESS").unlink(), id="_SUCCESS is missing"),
        pytest.param(lambda out: (out / MANIFEST).write_text("{"), id="manifest cut"),
        pytest.param(lambda out: (out / MANIFEST).write_bytes(b"\xff"), id="manifest is no text"),
        pytest.param(lambda out: (out / MANIFEST).write_text("[]"), id="manifest is a list"),
        pytest.param(lambda out: (out / MANIFEST).unlink(), id="manifest gone"),
        pytest.param(lambda out: (out / SAME[0]).unlink(), id="part gone"),
        pytest.param(lambda out: (out / SAME[0]).write_bytes(b"cut"), id="part cut"),
        pytest.param(lambda out: finish(out, dict([named("data", b"left over")])), id="a part too many"),
    ],
)
def test_a_damaged_dataset_is_made_whole(tmp_path: Path, damage: Callable[[Path], Any]) -> None:
    publish(tmp_path, NEW)
    damage(tmp_path)
    assert publish(tmp_path, NEW)
    assert tree(tmp_path) == expected(NEW)


@pytest.mark.parametrize(
    "stranger",
    ["data/notes.txt", "data/month=2022-02/mine.parquet", "_rejects/part-1.parquet", "data/sub/sub/.hidden"],
)
def test_a_stranger_is_named_and_nothing_changes(tmp_path: Path, stranger: str) -> None:
    publish(tmp_path, OLD)
    (tmp_path / stranger).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / stranger).write_text("mine")
    with pytest.raises(FindingsError, match=stranger):
        publish(tmp_path, NEW)
    assert tree(tmp_path) == expected(OLD) | {stranger: b"mine"}


def test_files_beside_the_data_are_none_of_its_business(tmp_path: Path) -> None:
    publish(tmp_path, OLD)
    (tmp_path / "README.md").write_text("about this dataset")
    assert publish(tmp_path, NEW)
    assert tree(tmp_path) == expected(NEW) | {"README.md": b"about this dataset"}


def test_a_part_that_is_nowhere_ends_the_commit_before_the_manifest(tmp_path: Path) -> None:
    publish(tmp_path, OLD)
    with pytest.raises(FileNotFoundError, match="has gone"):
        commit(tmp_path, tmp_path / "_work" / "parts", NEW, manifest_of(NEW))
    assert_whole(tmp_path, OLD)


def test_every_new_name_is_on_disk_before_the_manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only of the parts: a folder that is new stands in a folder, too."""
    steps: list[str] = []
    real_sync, real_text = commit_module.sync_folder, commit_module.write_text
    monkeypatch.setattr(commit_module, "sync_folder", lambda path: (steps.append(str(path)), real_sync(path)))
    monkeypatch.setattr(
        commit_module, "write_text", lambda path, text: (steps.append(path.name), real_text(path, text))
    )
    publish(tmp_path, NEW)
    synced = set(steps[: steps.index(MANIFEST)])
    parents = {parent for path in NEW for parent in (tmp_path / path).parents if parent.is_relative_to(tmp_path)}
    assert {str(parent) for parent in parents} - {str(tmp_path)} <= synced  # the manifest's own write syncs the root


# ----------------------------------------------------------- killed at any step


CALLS = [(Path, "replace"), (Path, "unlink"), (Path, "rmdir"), (Path, "mkdir"), (Path, "chmod"), (os, "fsync"),
         (os, "open"), (tempfile, "mkstemp")]  # fmt: skip


@contextmanager
def killed_before(step: int) -> Iterator[list[str]]:
    """Let the first `step` calls through that change the file system, and none after them. Yields the names of all."""
    seen: list[str] = []

    def guard(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            seen.append(name)
            if len(seen) > step:
                raise Killed
            return real(*args, **options)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in CALLS:
            patch.setattr(owner, name, guard(name, getattr(owner, name)))
        yield seen


def commit_killed_before(step: int, out: Path, finished: Path, files: Files) -> bool:
    """Whether the commit was killed."""
    with killed_before(step):
        try:
            commit(out, finished, files, manifest_of(files))
        except Killed:
            return True
    return False


@pytest.mark.parametrize("old", [None, OLD], ids=["fresh", "over an old dataset"])
def test_killed_at_any_step_a_reader_sees_one_dataset_and_the_next_run_ends_it(
    tmp_path: Path, old: Files | None
) -> None:
    seen_by_readers = set()
    for step in range(1000):
        out, finished = tmp_path / str(step), tmp_path / f"{step}-finished"
        out.mkdir()
        if old is not None:
            publish(out, old, tmp_path / f"{step}-old")
        finish(finished, NEW)
        killed = commit_killed_before(step, out, finished, NEW)
        assert_whole(out, old, NEW)
        seen_by_readers.add((out / MANIFEST).read_text() if (out / MANIFEST).exists() else None)
        if (out / "data/_SUCCESS").exists():  # readers that glob may read
            assert tree(out) in [expected(files) for files in (old, NEW) if files is not None]
        commit(out, finished, NEW, manifest_of(NEW))
        assert tree(out) == expected(NEW), f"killed before call {step}"
        if not killed:
            break
    assert step > 20
    assert seen_by_readers == {manifest_of(NEW), old and manifest_of(old)}


def test_killed_twice_the_third_run_ends_it(tmp_path: Path) -> None:
    for number, (first, second) in enumerate([(4, 3), (12, 2), (20, 9), (28, 15)]):
        out, finished = tmp_path / str(number), tmp_path / f"{number}-finished"
        publish(out, OLD, tmp_path / f"{number}-old")
        finish(finished, NEW)
        assert commit_killed_before(first, out, finished, NEW)
        assert commit_killed_before(second, out, finished, NEW)
        assert_whole(out, OLD, NEW)
        commit(out, finished, NEW, manifest_of(NEW))
        assert tree(out) == expected(NEW)


# ------------------------------------------------------------------ exports


BEFORE = {"README.md": b"the old words", "croissant.json": b"{}"}
AFTER = {"README.md": b"the new words", "contract.odcs.yaml": b"kind: DataContract\n"}


def stating(files: Files, exports: Files) -> str:
    return json.dumps({"files": sorted(files), "exports": [{"name": name} for name in sorted(exports)]})


def test_killed_at_any_step_the_next_run_leaves_the_exports_that_are_wanted(tmp_path: Path) -> None:
    wanted = {**expected(NEW), **AFTER, MANIFEST: stating(NEW, AFTER).encode()}
    for step in range(1000):
        out, finished = tmp_path / str(step), tmp_path / f"{step}-finished"
        finish(tmp_path / f"{step}-old", OLD)
        commit(out, tmp_path / f"{step}-old", OLD, stating(OLD, BEFORE), BEFORE)
        finish(finished, NEW)
        killed = False
        with killed_before(step):
            try:
                commit(out, finished, NEW, stating(NEW, AFTER), AFTER)
            except Killed:
                killed = True
        if (out / "data/_SUCCESS").exists() and killed:
            assert tree(out) in [{**expected(OLD), **BEFORE, MANIFEST: stating(OLD, BEFORE).encode()}, wanted]
        commit(out, finished, NEW, stating(NEW, AFTER), AFTER)
        assert tree(out) == wanted, f"killed before call {step}"
        assert not commit(out, finished, NEW, stating(NEW, AFTER), AFTER)
        if not killed:
            break
    assert step > 20


@pytest.mark.parametrize("name", ["../x", "data/x", "_manifest.json", ""])
def test_a_manifest_cannot_have_other_files_removed(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    publish(out, OLD)
    (tmp_path / "x").write_text("kept")
    (out / MANIFEST).write_text(json.dumps({"exports": [{"name": name}]}))
    commit(out, out / "_work" / "parts", OLD, stating(OLD, {}), {})
    assert (tmp_path / "x").read_text() == "kept"
    assert tree(out) == {**expected(OLD), MANIFEST: stating(OLD, {}).encode()}
