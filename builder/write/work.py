"""The work folder: receipts, staged files and finished parts of earlier runs, so that only what changed is done again.

Everything in it can be deleted when no build runs; the next build then does all work anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import cached_property
from threading import Lock
from typing import Any

import polars as pl

from builder.errors import naming
from builder.receipts import FileRef, Part, Receipt
from builder.storage.path import StorePath
from builder.storage.place import Place, files_below, remove_all, remove_tree
from builder.write.commit import MANIFEST
from builder.write.files import read_sealed, sha256_of, write_atomic, write_sealed
from builder.write.unfinished import logs_of

_OF_ONE_BUILD = ("parts", "builds")


@contextmanager
def _or_anew(root: Place) -> Iterator[None]:
    """Pass over a file of an earlier run that was cut, edited or is of another version: it is made anew.

    So is one that a disk does not give. A store that does not answer would cost the work of all: that is raised.
    """
    try:
        yield
    except (ValueError, KeyError, TypeError):
        pass
    except OSError as error:
        if isinstance(root, StorePath) and not isinstance(error, FileNotFoundError):
            raise


class WorkFolder:
    """`_work` of one output."""

    def __init__(self, root: Place, *, fresh: bool = False, build: str = "") -> None:
        """`build` sets apart what builds that know nothing of each other would otherwise write over: see `own`."""
        self.root = root
        self.own = root / "builds" / build if build else root
        self._published: Mapping[str, int] | None = None
        self._asking = Lock()
        if fresh:
            for name in ("receipts", "staged", "merged", *_OF_ONE_BUILD):
                remove_tree(root / name)
            remove_tree(logs_of(root))
            (root / "hashes.json").unlink(missing_ok=True)
        for folder in (self.receipts, self.staged, self.parts, root / "merged"):
            folder.mkdir(parents=True, exist_ok=True)

    @property
    def receipts(self) -> Place:
        """Receipts by key."""
        return self.root / "receipts"

    @property
    def staged(self) -> Place:
        """Staged files and rejects of splits."""
        return self.root / "staged"

    @property
    def parts(self) -> Place:
        """Finished parts that are not published yet."""
        return self.root / "parts"

    @property
    def losers(self) -> Place:
        """The rows that are duplicates."""
        return self.own / "losers.parquet"

    @property
    def clashes(self) -> Place:
        """The rejects that unique fields cost."""
        return self.own / "clashes.parquet"

    def receipt(self, key: str) -> Receipt | None:
        """The receipt under a key, None where there is none or what it names is not there as it says."""
        if isinstance(self.root, StorePath) and f"{key}.json" not in self._stored["receipts"]:
            return None
        with _or_anew(self.root):
            receipt = Receipt.from_json(read_sealed(self.receipts / f"{key}.json"))
            if receipt.key == key and all(self._is_whole(ref) for ref in (receipt.staged, receipt.rejects)):
                return receipt
        return None

    def _is_whole(self, ref: FileRef) -> bool:
        if isinstance(self.staged, StorePath):  # which checks on arrival what it is given, and keeps it as it is
            return self._stored["staged"].get(ref.name) == ref.bytes
        path = self.staged / ref.name
        return path.is_file() and path.stat().st_size == ref.bytes and sha256_of(path) == ref.sha256

    @cached_property
    def _stored(self) -> Mapping[str, Mapping[str, int]]:
        """Sizes of what was in a store when that was first asked for: a few listings, not a request a file."""
        return {name: dict(files_below(self.root / name)) for name in ("receipts", "staged", "merged", "parts")}

    def _stored_in(self, out: Place) -> Mapping[str, int]:
        with self._asking:  # many threads want to know at the same time
            if self._published is None:
                self._published = {f"data/{name}": size for name, size in files_below(out / "data")}
            return self._published

    def merged(self, key: str, out: Place) -> tuple[Part, ...] | None:
        """The parts of a partition merged before, None where one of them is not there any more."""
        if isinstance(self.root, StorePath) and f"{key}.json" not in self._stored["merged"]:
            return None
        with _or_anew(self.root):
            listed = json.loads(read_sealed(self.root / "merged" / f"{key}.json"))
            parts = tuple(Part(**item) for item in listed)
            if all(self._is_there(part, out) for part in parts):
                return parts
        return None

    def _is_there(self, part: Part, out: Place) -> bool:
        """Published parts by their size, which costs nothing; finished ones of a build that was killed by content."""
        path = self.parts / part.path
        if not part.path.startswith("data/") or ".." in part.path.split("/"):
            return False  # a note that was edited must not name files of others
        if isinstance(path, StorePath):
            return part.bytes in (self._stored["parts"].get(part.path), self._stored_in(out).get(part.path))
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
        with _or_anew(self.root):
            known = json.loads(read_sealed(self.root / "hashes.json"))
            if isinstance(known, dict):
                return known
        return {}

    def remember_hashes(self, known: Mapping[str, Any]) -> None:
        """Note the hashes of inputs."""
        write_sealed(self.root / "hashes.json", json.dumps(known, sort_keys=True))

    def memory(self) -> Mapping[str, Any]:
        """What the last build remembered of its plan; empty where there was none."""
        with _or_anew(self.root):
            memory = json.loads(read_sealed(self.root / "memory.json"))
            if isinstance(memory, dict) and {"tool", "config", "splits", "inputs"} <= memory.keys():
                return memory
        return {}

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Note the plan of a build."""
        write_sealed(self.root / "memory.json", json.dumps(memory, sort_keys=True))

    def published(self, out: Place) -> Mapping[str, Any] | None:
        """What was noted of the dataset in an output; None where it is not that dataset."""
        with _or_anew(self.root):
            note = json.loads(read_sealed(self.root / "published.json"))
            if isinstance(note, dict) and note["manifest_sha256"] == sha256_of(out / MANIFEST):
                return note
        return None

    def note_published(self, manifest: str, note: Mapping[str, Any]) -> None:
        """Note what the dataset with a manifest rests on."""
        digest = hashlib.sha256(manifest.encode()).hexdigest()
        write_sealed(self.root / "published.json", json.dumps({**note, "manifest_sha256": digest}, sort_keys=True))

    def write_losers(self, losers: pl.DataFrame) -> None:
        """Put the decided duplicates where merge tasks read them."""
        write_atomic(self.losers, lambda file: losers.write_parquet(file))

    def keep(self, keys: set[str], merged: set[str]) -> None:
        """Forget receipts and merges that the present dataset does not rest on."""
        for folder, wanted in ((self.receipts, keys), (self.staged, keys), (self.root / "merged", merged)):
            with naming(folder):
                old = [name for name, _ in files_below(folder) if name.partition(".")[0] not in wanted]
                remove_all(folder, old)
        for name in _OF_ONE_BUILD:
            remove_tree(self.root / name)
        remove_tree(logs_of(self.root))
