"""Parts -> a dataset that readers see whole: the old one until the manifest is replaced, the new one after.

    1  _SUCCESS goes: readers that glob know that something is under way
    2  parts are moved into data/ and _rejects/ under names that their bytes decide; files of the old dataset stay;
       exports (README.md, croissant.json ...) that the old manifest names and the new one does not are removed
    3  _manifest.json is replaced by rename: this is the commit
    4  exports are written, and files that the new manifest does not name are removed
    5  _SUCCESS is written

Killed between any two steps, the same build run again ends in the same state. What changes nothing writes nothing.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from builder.errors import FindingsError, naming
from builder.write.files import sha256_of, sync_folder, write_atomic, write_bytes, write_text

MANIFEST = "_manifest.json"
_OURS = re.compile(r"part-\d{5,}-[0-9a-f]{16}\.parquet")
_EXPORT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_SUCCESS = "data/_SUCCESS"


def commit(
    out: Path, finished: Path, paths: Iterable[str], manifest: str, exports: Mapping[str, bytes] | None = None
) -> bool:
    """Publish: `paths` (relative, in `finished` or already in `out`) and the manifest that names them.

    `exports` are files beside the manifest, by name. Returns whether anything had to change.

    Raises:
        FindingsError: data/ holds a file that no build wrote, or one of the exports is there and no build wrote it;
            it is named, nothing is changed.
        OSError: the disk; run again to continue.

    """
    wanted = set(paths)
    strangers = [path for path in _files(out) if path not in wanted and not _OURS.fullmatch(path.rpartition("/")[2])]
    exports = exports or {}
    ours = _exports_of(out)
    written = {name for name, content in exports.items() if _holds(out / name, content)}
    strangers += [name for name in sorted(exports.keys() - written - ours) if (out / name).exists()]
    if strangers:
        raise FindingsError(f"{out}: {strangers[0]} was not written by a build; move it away, then run again")
    same = is_published(out, wanted, manifest) and written == exports.keys()
    if same and not any(_differs(finished / path, out / path) for path in wanted):
        return False
    (out / _SUCCESS).unlink(missing_ok=True)
    for path in sorted(wanted):
        _place(finished / path, out / path)
    for folder in sorted({folder for path in wanted for folder in (out / path).parents if folder.is_relative_to(out)}):
        sync_folder(folder)
    for name in sorted(ours - exports.keys()):
        (out / name).unlink(missing_ok=True)
    write_text(out / MANIFEST, manifest)
    for name in sorted(exports.keys() - written):
        write_bytes(out / name, exports[name])
    with naming(out):
        for leftover in [path for path in out.iterdir() if path.name.startswith(".tmp-")]:
            leftover.unlink()
    _remove_unnamed(out, wanted)
    write_atomic(out / _SUCCESS, lambda _file: None)
    return True


def is_published(out: Path, wanted: set[str], manifest: str) -> bool:
    """Whether the output is already, to the byte of its manifest and the names of its files, what would be written."""
    try:
        with naming(out / MANIFEST):
            same = (out / MANIFEST).read_text(encoding="utf-8") == manifest
    except (FileNotFoundError, UnicodeDecodeError):
        return False
    return same and (out / _SUCCESS).exists() and set(_files(out)) == wanted


def _exports_of(out: Path) -> set[str]:
    """Names of the exports that the manifest in place names; none where it cannot be read."""
    try:
        entries = json.loads((out / MANIFEST).read_text(encoding="utf-8")).get("exports", [])
        return {entry["name"] for entry in entries if _EXPORT.fullmatch(entry["name"])}
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return set()


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content


def _differs(made: Path, published: Path) -> bool:
    """Whether a part was made anew and what is published under its name is not it: damaged since."""
    return made.exists() and sha256_of(made) != sha256_of(published)


def _place(source: Path, target: Path) -> None:
    """Put a finished part at its final name; equal content is there already under an equal name."""
    if source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        _move(source, target)
    elif not target.exists():
        raise FileNotFoundError(f"{target} has gone from the output while it was built")


def _move(source: Path, target: Path) -> None:
    """By rename; where _work lies on another device by a copy that is there whole or not at all."""
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with source.open("rb") as file:
            write_atomic(target, lambda copy: shutil.copyfileobj(file, copy))
        source.unlink()


def _remove_unnamed(out: Path, wanted: set[str]) -> None:
    for path in list(_files(out)):
        if path not in wanted:
            (out / path).unlink()
    for top in ("data", "_rejects"):
        for folder in sorted((folder for folder in _folders(out / top)), reverse=True):
            with naming(folder):
                if not any(folder.iterdir()):
                    folder.rmdir()


def _files(out: Path) -> Iterator[str]:
    """Files under data/ and _rejects/, relative to the output, but for _SUCCESS and what a killed write left behind."""
    for top in ("data", "_rejects"):
        for folder in [out / top, *_folders(out / top)]:
            if not folder.is_dir():
                continue
            with naming(folder), os.scandir(folder) as entries:
                for entry in entries:
                    path = (folder / entry.name).relative_to(out).as_posix()
                    if not entry.is_dir(follow_symlinks=False) and path != _SUCCESS:
                        if entry.name.startswith(".tmp-"):
                            (folder / entry.name).unlink()
                        else:
                            yield path


def _folders(root: Path) -> list[Path]:
    """All folders below a root. OSError where one cannot be listed: what is not seen must not be taken for gone."""
    found: list[Path] = []
    if not root.is_dir():
        return found
    with naming(root), os.scandir(root) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                path = root / entry.name
                found += [path, *_folders(path)]
    return found
