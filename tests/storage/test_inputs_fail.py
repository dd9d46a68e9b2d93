"""C05 for stores: an input that the store does not give ends the build, whatever the format and wherever it fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from dump_files import MAKERS, pages
from proxy import Proxy, Rule
from small_builds import run, write_config
from store_builds import put_config, put_folder

from builder.storage.path import StorePath

FORMATS = ["warc.gz", "warc.zst", "warc", "folder", "zip", "tar", "tar.gz", "jsonl", "jsonl.gz", "parquet"]


@pytest.mark.parametrize("kind", FORMATS)
def test_C05_no_failure_of_a_store_becomes_a_reject(
    behind: StorePath, proxy: Proxy, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From every request on that asks for the input. Small pieces, so that there are many."""
    monkeypatch.setattr("builder.storage.ranges.HEAD", 4096)
    monkeypatch.setattr(StorePath.open, "__defaults__", ("rb", 20_000))
    MAKERS[kind](tmp_path / f"pages.{kind}", pages(30))
    if kind == "folder":
        put_folder(tmp_path / "pages.folder", behind / "pages.folder")
    else:
        (behind / f"pages.{kind}").upload(tmp_path / f"pages.{kind}")
    changes: dict[str, Any] = {"limits": {"split_bytes": "30KiB"}, "inputs": [f"pages.{kind}"]}
    stored = put_config(write_config(tmp_path, **changes), behind / "job.yaml")
    counting = Rule("slow", kind="GET|HEAD", key=f"/pages.{kind}", times=10**9)
    proxy.set(counting)
    gold = run(stored, behind / "gold").books
    assert gold.rejected == {}
    step = max(1, counting.seen // 12)
    for number in range(0, counting.seen, step):
        proxy.set(Rule("403", kind="GET|HEAD", key=f"/pages.{kind}", nth=number, times=10**9))
        monkeypatch.setattr("builder.dumps.zip._HELD", {})  # as in a process that has read none of it
        with pytest.raises(PermissionError, match="403 Forbidden"):
            run(stored, behind / str(number))
        proxy.set()
    proxy.set(Rule("cut", kind="GET", key=f"/pages.{kind}", nth=2, times=2, amount=100))
    assert run(stored, behind / "cut").books == gold
