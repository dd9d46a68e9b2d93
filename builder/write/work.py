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

from builder.errors import naming
from builder.receipts import FileRef, Part, Receipt
from builder.write.commit import MANIFEST
from builder.write.files import read_sealed, sha256_of, write_atomic, write_sealed

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
            receipt = Receipt.from_json(read_sealed(self.receipts / f"{key}.json"))
            if receipt.key == key and all(self._is_whole(ref) for ref in (receipt.staged, receipt.rejects)):
                return receipt
        return None

    def _is_whole(self, ref: FileRef) -> bool:
        path = self.staged / ref.name
        return path.is_file() and path.stat().st_size == ref.bytes and sha256_of(path) == ref.sha256

    def merged(self, key: str, out: Path) -> tuple[Part, ...] | None:
        """The parts of a partition merged before, None where one of them is not there any more."""
        with suppress(*_UNREADABLE):
            listed = json.loads(read_sealed(self.root / "merged" / f"{key}.json"))
            parts = tuple(Part(**item) for item in listed)
            if all(self._is_there(part, out) for part in parts):
                return parts
        return None

    def _is_there(self, part: Part, out: Path) -> bool:
        """Published parts by their size, which costs nothing; finished ones of a build that was killed by content."""
        path = self.parts / part.path
        if not path.is_relative_to(self.parts / "data") or ".." in path.parts[len(self.parts.parts) :]:
            return False  # a note that was edited must not name files of others
        if path.is_file():
            return path.stat().st_size == part.bytes and sha256_of(path) == part.sha256
        path = out / part.path
        return path.is_file() and path.stat().st_size == part.bytes

    def remember_merged(self, key: str, parts: Sequence[Part]) -> None:
        """Note what a partition was merged into."""
        text = json.dumps([asdict(part) for part in parts], sort_keys=True)
        write_sealed(self.root / "merged" / f"{key}.json", text)

    def known_hashes(self) -> Mapping[str, Any]:
        """Label of an input -> its stamp and hash, from an earlier run."""
        with suppress(*_UNREADABLE):
            known = json.loads(read_sealed(self.root / "hashes.json"))
            if isinstance(known, dict):
                return known
        return {}

    def remember_hashes(self, known: Mapping[str, Any]) -> None:
        """Note the hashes of inputs."""
        write_sealed(self.root / "hashes.json", json.dumps(known, sort_keys=True))

    def memory(self) -> Mapping[str, Any]:
        """What the last build remembered of its plan; empty where there was none."""
        with suppress(*_UNREADABLE):
            memory = json.loads(read_sealed(self.root / "memory.json"))
            if isinstance(memory, dict) and {"tool", "config", "splits", "inputs"} <= memory.keys():
                return memory
        return {}

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Note the plan of a build."""
        write_sealed(self.root / "memory.json", json.dumps(memory, sort_keys=True))

    def published(self, out: Path) -> Mapping[str, Any] | None:
        """What was noted of the dataset in an output; None where it is not that dataset."""
        with suppress(*_UNREADABLE):
            note = json.loads(read_sealed(self.root / "published.json"))
            if isinstance(note, dict) and note["manifest_sha256"] == sha256_of(out / MANIFEST):
                return note
        return None

    def note_published(self, out: Path, note: Mapping[str, Any]) -> None:
        """Note what the dataset in an output rests on."""
        text = json.dumps({**note, "manifest_sha256": sha256_of(out / MANIFEST)}, sort_keys=True)
        write_sealed(self.root / "published.json", text)

    def write_losers(self, losers: pl.DataFrame) -> None:
        """Put the decided duplicates where merge tasks read them."""
        write_atomic(self.losers, lambda file: losers.write_parquet(file))

    def keep(self, keys: set[str], merged: set[str]) -> None:
        """Forget receipts and merges that the present dataset does not rest on."""
        for folder, wanted in ((self.receipts, keys), (self.staged, keys), (self.root / "merged", merged)):
            with naming(folder):
                for path in folder.iterdir():
                    if path.name.partition(".")[0] not in wanted:
                        path.unlink(missing_ok=True)  # a worker that was lost may still rename its own
        for name in ("parts", "unfinished"):
            shutil.rmtree(self.root / name, ignore_errors=True)
