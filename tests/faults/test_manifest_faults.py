"""M01-M06: manifests that are damaged, lie or leak, as a build sees them. As `validate` does: tests/contract."""

from __future__ import annotations

import getpass
import json
import os
import platform
import re
import time
from pathlib import Path

import pytest
from cases import assert_complete
from small_builds import manifest, page, run, tree, two_dumps, write_config, write_dump

from builder.write.files import read_sealed, write_sealed


def test_every_case_has_its_test_or_its_reason() -> None:
    assert_complete("M", 9, {})


MANIFESTS: dict[str, bytes] = {
    "cut": b'{"format_version": 1, "files": [{"path"',
    "empty": b"",
    "no JSON": b"\x00\x01",
    "another kind": b"[]",
    "future": b'{"format_version": 99, "files": "elsewhere"}',
    "unknown keys": b'{"format_version": 1, "colour": "red"}',
    "not UTF-8": b'{"name": "\xff"}',
    "deep": b"[" * 100_000,
}


@pytest.mark.parametrize("text", MANIFESTS.values(), ids=MANIFESTS)
def test_M01_a_manifest_that_is_damaged_is_replaced_by_the_next_build(tmp_path: Path, text: bytes) -> None:
    config = two_dumps(tmp_path)
    run(config, tmp_path / "out")
    before = tree(tmp_path / "out")
    (tmp_path / "out" / "_manifest.json").write_bytes(text)
    outcome = run(config, tmp_path / "out")
    assert (outcome.changed, outcome.reused) == (True, outcome.splits)
    assert tree(tmp_path / "out") == before


LIES = ["../../victim.parquet", "/etc/hostname", "file:///etc/passwd", "data/../../../victim.parquet", "data/x/victim"]


@pytest.mark.parametrize("path", LIES)
def test_M02_paths_of_a_manifest_are_neither_read_nor_removed(tmp_path: Path, path: str) -> None:
    """What is in data/ a build lists itself; what an old manifest or an old note names outside of it is left alone."""
    config = two_dumps(tmp_path)
    run(config, tmp_path / "deep" / "out")
    out = tmp_path / "deep" / "out"
    victim = tmp_path / "victim.parquet"
    victim.write_bytes(b"mine")
    document = manifest(out)
    for part in document["files"]:
        part["path"] = path
    (out / "_manifest.json").write_text(json.dumps(document))
    for note in (out / "_work" / "merged").iterdir():
        merged = json.loads(read_sealed(note))
        parts = [{**part, "path": path, "bytes": 4} for part in merged["parts"]]
        write_sealed(note, json.dumps({**merged, "parts": parts}))
    run(config, out)
    run(config, tmp_path / "once")
    assert victim.read_bytes() == b"mine"
    assert tree(out) == tree(tmp_path / "once")


def test_M04_M06_nothing_of_the_machine_is_published(tmp_path: Path) -> None:
    """No absolute path, user, host or time of the build, in the manifest, the file names or the files."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), page(2, html=None)])
    began = time.time()
    run(write_config(tmp_path, inputs=[f"{tmp_path}/raw/a.jsonl"]), tmp_path / "out", workers=1)
    published = {name: (tmp_path / "out" / name).read_bytes() for name in tree(tmp_path / "out")}
    secrets = [str(tmp_path), platform.node(), str(os.getpid()), time.strftime("%Y-%m-%d", time.gmtime(began))]
    secrets += [getpass.getuser()] if getpass.getuser() not in ("root", "runner") else []
    for name, data in published.items():
        found = [secret for secret in secrets if re.search(rf"(?<!\w){re.escape(secret)}(?!\w)".encode(), data)]
        assert found == [] or found == [str(os.getpid())], (name, found)
    document = json.loads(published["_manifest.json"])
    assert [entry["name"] for entry in document["inputs"]] == ["a.jsonl"]
    assert not re.search(r'"(?:/\w+/|[A-Z]:|file:)', published["_manifest.json"].decode())
