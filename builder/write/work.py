"""The work folder: receipts, staged files and finished parts of earlier runs, so that only what changed is done again.

Everything in it can be deleted when no build runs; the next build then does all work anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import asdict
from functools import cached_property
from threading import Lock
from typing import Any

from builder.errors import naming
from builder.receipts import FileRef, Merged, Part, Receipt
from builder.storage.path import StorePath
from builder.storage.place import Place, files_below, is_file, read_many, remove_all, remove_tree
from builder.write.commit import MANIFEST
from builder.write.files import read_sealed, sha256_of, write_sealed
from builder.write.unfinished import logs_of

_OF_ONE_BUILD = ("parts", "builds", "settle", "shuffle")


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
    def settle(self) -> Place:
        """Keys on their way through the decisions, and the rows that are dropped."""
        return self.own / "settle"

    @property
    def shuffle(self) -> Place:
        """Rows on their way from splits to slices."""
        return self.own / "shuffle"

    def receipts_of(self, keys: Sequence[str]) -> dict[str, Receipt]:
        """The receipts that are there of some keys; whether what they name is there as well nobody has looked."""
        present = {name for name, _ in files_below(self.receipts)}
        found = read_many(self._receipt, [key for key in keys if f"{key}.json" in present])
        return {receipt.key: receipt for receipt in found if receipt is not None}

    def receipt(self, key: str) -> Receipt | None:
        """The receipt under a key, None where there is none or what it names is not there as it says."""
        receipt = self._receipt(key)
        return receipt if receipt is not None and is_whole(self.staged, receipt) else None

    def _receipt(self, key: str) -> Receipt | None:
        with _or_anew(self.root):
            receipt = Receipt.from_json(read_sealed(self.receipts / f"{key}.json"))
            if receipt.key == key:
                return receipt
        return None

    @cached_property
    def _stored(self) -> Mapping[str, Mapping[str, int]]:
        """Sizes of what was in a store when that was first asked for: a few listings, not a request a file."""
        return {name: dict(files_below(self.root / name)) for name in ("merged", "parts")}

    def _stored_in(self, out: Place) -> Mapping[str, int]:
        with self._asking:  # many threads want to know at the same time
            if self._published is None:
                self._published = {f"data/{name}": size for name, size in files_below(out / "data")}
            return self._published

    def merged(self, key: str, out: Place) -> Merged | None:
        """What was merged before under a key, None where a part of it is not there any more."""
        if isinstance(self.root, StorePath) and f"{key}.json" not in self._stored["merged"]:
            return None
        with _or_anew(self.root):
            note = json.loads(read_sealed(self.root / "merged" / f"{key}.json"))
            merged = Merged(tuple(Part(**item) for item in note["parts"]), note["sites"])
            if all(self._is_there(part, out) for part in merged.parts):
                return merged
        return None

    def _is_there(self, part: Part, out: Place) -> bool:
        """Published parts by their size, which costs nothing; finished ones of a build that was killed by content."""
        path = self.parts / part.path
        if not part.path.startswith("data/") or ".." in part.path.split("/"):
            return False  # a note that was edited must not name files of others
        if isinstance(path, StorePath):
            return part.bytes in (self._stored["parts"].get(part.path), self._stored_in(out).get(part.path))
        if is_file(path):
            return path.stat().st_size == part.bytes and sha256_of(path) == part.sha256
        path = out / part.path
        return is_file(path) and path.stat().st_size == part.bytes

    def remember_merged(self, key: str, merged: Merged) -> None:
        """Note what a partition, or a slice of one, was merged into."""
        write_sealed(self.root / "merged" / f"{key}.json", json.dumps(asdict(merged), sort_keys=True))

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
            note = self._note()
            if note["manifest_sha256"] == sha256_of(out / MANIFEST):
                return note
        return None

    def noted_exports(self) -> Mapping[str, str]:
        """SHA-256 by name of the files that the last build wrote beside its manifest, whether that is there or not."""
        with _or_anew(self.root):
            exports = self._note()["exports"]
            if isinstance(exports, dict):
                return exports
        return {}

    def _note(self) -> dict[str, Any]:
        return dict(json.loads(read_sealed(self.root / "published.json")))

    def note_published(self, manifest: str, note: Mapping[str, Any]) -> None:
        """Note what the dataset with a manifest rests on."""
        digest = hashlib.sha256(manifest.encode()).hexdigest()
        write_sealed(self.root / "published.json", json.dumps({**note, "manifest_sha256": digest}, sort_keys=True))

    def forget_all_but(self, keys: Set[str], merged: Set[str]) -> None:
        """Forget receipts and merges that the present dataset does not rest on."""
        for folder, wanted in ((self.receipts, keys), (self.staged, keys), (self.root / "merged", merged)):
            with naming(folder):
                old = [name for name, _ in files_below(folder) if name.partition(".")[0] not in wanted]
                remove_all(folder, old)
        for name in _OF_ONE_BUILD:
            remove_tree(self.root / name)
        remove_tree(logs_of(self.root))


def is_whole(staged: Place, receipt: Receipt) -> bool:
    """Whether the files that a receipt names are there, to the byte: read on a disk; a store keeps its own."""
    found: list[bool] = []
    with _or_anew(staged):
        found = [_is_whole(staged / ref.name, ref) for ref in (receipt.staged, receipt.rejects)]
    return len(found) == 2 and all(found)


def _is_whole(path: Place, ref: FileRef) -> bool:
    if isinstance(path, StorePath):
        return path.stat().st_size == ref.bytes
    return is_file(path) and path.stat().st_size == ref.bytes and sha256_of(path) == ref.sha256
