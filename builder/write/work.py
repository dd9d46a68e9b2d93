"""The work folder: receipts, staged files and finished parts of earlier runs, so that only what changed is done again.

Everything in it can be deleted when no build runs; the next build then does all work anew.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from builder.receipts import FileRef, Part, Receipt
from builder.write.commit import MANIFEST
from builder.write.files import sha256_of, write_atomic, write_text

_UNREADABLE = (OSError, ValueError, KeyError, TypeError)
"""What reading a file of an earlier run may raise, when it was cut, edited or of another version: it is made anew."""


class WorkFolder:
    """`_work` of one output."""

    def __init__(self, root: Path, *, fresh: bool = False) -> None:
        self.root = root
        if fresh:
            for name in ("receipts", "staged", "merged", "parts", "unfinished"):
                shutil.rmtree(root / name, ignore_errors=True)
            (root / "hashes.json").unlink(missing_ok=True)
        for folder in (self.receipts, self.staged, self.parts, root / "merged"):
            folder.mkdir(parents=True, exist_ok=True)

    @property
    def receipts(self) -> Path:
        """Receipts by key."""
        return self.root / "receipts"

    @property
    def staged(self) -> Path:
        """Staged files and rejects of splits."""
        return self.root / "staged"

    @property
    def parts(self) -> Path:
        """Finished parts that are not published yet."""
        return self.root / "parts"

    @property
    def losers(self) -> Path:
        """The rows that are duplicates."""
        return self.root / "losers.parquet"

    @property
    def clashes(self) -> Path:
        """The rejects that unique fields cost."""
        return self.root / "clashes.parquet"

    def receipt(self, key: str) -> Receipt | None:
        """The receipt under a key, None where there is none or what it names is not there as it says."""
        with suppress(*_UNREADABLE):
            receipt = Receipt.from_json((self.receipts / f"{key}.json").read_text(encoding="utf-8"))
            if receipt.key == key and all(self._is_whole(ref) for ref in (receipt.staged, receipt.rejects)):
                return receipt
        return None

    def _is_whole(self, ref: FileRef) -> bool:
        path = self.staged / ref.name
        return path.is_file() and path.stat().st_size == ref.bytes and sha256_of(path) == ref.sha256

    def merged(self, key: str, out: Path) -> tuple[Part, ...] | None:
        """The parts of a partition merged before, None where one of them is not there any more."""
        with suppress(*_UNREADABLE):
            listed = json.loads((self.root / "merged" / f"{key}.json").read_text(encoding="utf-8"))
            parts = tuple(Part(**item) for item in listed)
            if all(any(_has(folder / part.path, part.bytes) for folder in (out, self.parts)) for part in parts):
                return parts
        return None

    def remember_merged(self, key: str, parts: Sequence[Part]) -> None:
        """Note what a partition was merged into."""
        text = json.dumps([asdict(part) for part in parts], sort_keys=True)
        write_text(self.root / "merged" / f"{key}.json", text)

    def known_hashes(self) -> Mapping[str, Any]:
        """Label of an input -> its stamp and hash, from an earlier run."""
        with suppress(*_UNREADABLE):
            known = json.loads((self.root / "hashes.json").read_text(encoding="utf-8"))
            if isinstance(known, dict):
                return known
        return {}

    def remember_hashes(self, known: Mapping[str, Any]) -> None:
        """Note the hashes of inputs."""
        write_text(self.root / "hashes.json", json.dumps(known, sort_keys=True))

    def memory(self) -> Mapping[str, Any]:
        """What the last build remembered of its plan; empty where there was none."""
        with suppress(*_UNREADABLE):
            memory = json.loads((self.root / "memory.json").read_text(encoding="utf-8"))
            if isinstance(memory, dict) and {"tool", "config", "splits", "inputs"} <= memory.keys():
                return memory
        return {}

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Note the plan of a build."""
        write_text(self.root / "memory.json", json.dumps(memory, sort_keys=True))

    def published(self, out: Path) -> Mapping[str, Any] | None:
        """What was noted of the dataset in an output; None where it is not that dataset."""
        with suppress(*_UNREADABLE):
            note = json.loads((self.root / "published.json").read_text(encoding="utf-8"))
            if isinstance(note, dict) and note["manifest_sha256"] == sha256_of(out / MANIFEST):
                return note
        return None

    def note_published(self, out: Path, note: Mapping[str, Any]) -> None:
        """Note what the dataset in an output rests on."""
        text = json.dumps({**note, "manifest_sha256": sha256_of(out / MANIFEST)}, sort_keys=True)
        write_text(self.root / "published.json", text)

    def write_losers(self, losers: pl.DataFrame) -> None:
        """Put the decided duplicates where merge tasks read them."""
        write_atomic(self.losers, lambda file: losers.write_parquet(file))

    def keep(self, keys: set[str], merged: set[str]) -> None:
        """Forget receipts and merges that the present dataset does not rest on."""
        for path in self.receipts.iterdir():
            if path.stem not in keys:
                path.unlink()
        for path in self.staged.iterdir():
            if path.name.partition(".")[0] not in keys:
                path.unlink()
        for path in (self.root / "merged").iterdir():
            if path.stem not in merged:
                path.unlink()
        for name in ("parts", "unfinished"):
            shutil.rmtree(self.root / name, ignore_errors=True)


def _has(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size
