"""Parts -> a dataset that readers see whole: the old one until the manifest is replaced, the new one after.

    1  _SUCCESS goes: readers that glob know that something is under way
    2  parts are moved into data/ and _rejects/ under names that their bytes decide; files of the old dataset stay;
       exports (README.md, croissant.json ...) that the old manifest names and the new one does not are removed
    3  _manifest.json is replaced by rename: this is the commit
    4  exports are written, and files that the new manifest does not name are removed
    5  _SUCCESS is written

Killed between any two steps, the same build run again ends in the same state. What changes nothing writes nothing.

In a store it goes the same way. An object is put whole, so nothing has to be synced; a part is put in its place by a
copy that the store makes itself. The manifest is put only if it is still the version that was there when the build
began: of two builds for one output that know nothing of each other, one publishes, and the other ends. Before anything
is removed the build makes sure that the output is still its own, and last it looks whether all that it names is there.
"""

from __future__ import annotations

import errno
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from builder.errors import FindingsError, LockedError, naming
from builder.storage.path import StorePath
from builder.storage.place import Place, each, exists, files_below, is_dir, is_file, remove_all
from builder.storage.ranges import StoreStat
from builder.write.files import sha256_of, sync_folder, write_atomic, write_bytes, write_text

MANIFEST = "_manifest.json"
SUCCESS = "data/_SUCCESS"
"""Of no bytes: there while nothing under data/ changes."""
_OURS = re.compile(r"part-\d{5,}-[0-9a-f]{16}\.parquet")
_EXPORT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_TOPS = ("data", "_rejects")


def commit(
    out: Place,
    finished: Place,
    paths: Iterable[str],
    manifest: str,
    exports: Mapping[str, bytes] | None = None,
    seen: StoreStat | None = None,
    check: Callable[[], None] = lambda: None,
    noted: Callable[[], Mapping[str, str]] = dict,
) -> bool:
    """Publish: `paths` (relative, in `finished` or already in `out`) and the manifest that names them.

    `exports` are files beside the manifest, by name. `seen` is the manifest in a store when the build began, see
    `seen_manifest`; `check` raises LockedError where the output is another's by now. `noted` gives the SHA-256 of
    the last build's exports, which are known by them where its manifest is lost. Returns whether anything had to
    change.

    Raises:
        FindingsError: data/ holds a file that no build wrote, or one of the exports is there and no build wrote it;
            it is named, nothing is changed.
        LockedError: another build has published in this store, or has taken over.
        OSError: the disk or the store; run again to continue.

    """
    check()
    wanted, exports = set(paths), exports or {}
    there, made = dict(_files(out)), {path: size for path, size in _files(finished) if path in wanted}
    old, version = _manifest_in(out)
    ours = _exports_in(old)
    if ours is None:
        ours = {name for name, sha256 in noted().items() if _is_as_noted(out, name, sha256)}
    written = set(exports) - {*_differing(out, exports)}
    _refuse_strangers(out, there.keys() - wanted - {SUCCESS}, exports.keys() - written - ours)
    is_same = old == manifest.encode() and there.keys() - {SUCCESS} == wanted and SUCCESS in there
    if is_same and written == exports.keys() and not any(_differs(finished, out, path, made, there) for path in made):
        return False
    if isinstance(out, StorePath) and version != seen:
        raise _overtaken(out)
    _miss(out, wanted - made.keys() - there.keys())
    (out / SUCCESS).unlink(missing_ok=True)
    each(out, partial(_place, finished, out), sorted(made))
    _sync_folders(out, wanted)
    for name in sorted(ours - exports.keys()):
        (out / name).unlink(missing_ok=True)
    _put_manifest(out, manifest, seen)
    for name in sorted(exports.keys() - written):
        write_bytes(out / name, exports[name])
    _remove_unnamed(out, wanted, check)
    write_bytes(out / SUCCESS, b"")
    return True


def _refuse_strangers(out: Place, others: Iterable[str], exports: Iterable[str]) -> None:
    """Files beside those that are to be, and exports that may not be written over."""
    strangers = [path for path in sorted(others) if not _OURS.fullmatch(path.rpartition("/")[2])]
    strangers += [name for name in sorted(exports) if exists(out / name)]
    if strangers:
        raise FindingsError(f"{out}: {strangers[0]} was not written by a build; move it away, then run again")


def _miss(out: Place, gone: Iterable[str]) -> None:
    for path in sorted(gone):
        raise FileNotFoundError(errno.ENOENT, "has gone from the output while it was built", str(out / path))


def seen_manifest(out: Place) -> StoreStat | None:
    """Which version of the manifest is in a store; None where there is none, and on a disk, where a lock keeps it."""
    if isinstance(out, StorePath):
        try:
            return (out / MANIFEST).stat()
        except FileNotFoundError:
            pass
    return None


def _manifest_in(out: Place) -> tuple[bytes | None, StoreStat | None]:
    """The manifest in place, None where there is none, and its version in a store."""
    path = out / MANIFEST
    try:
        if isinstance(path, StorePath):
            return path.read_version()
        with naming(path):
            return path.read_bytes(), None
    except FileNotFoundError:
        return None, None


def _put_manifest(out: Place, manifest: str, seen: StoreStat | None) -> None:
    if isinstance(out, StorePath):
        if (out / MANIFEST).upload_if(manifest.encode(), seen) is None:
            raise _overtaken(out)
    else:
        write_text(out / MANIFEST, manifest)


def _overtaken(out: Place) -> LockedError:
    return LockedError(f"{out}: another build has published here meanwhile; run again")


def _exports_in(manifest: bytes | None) -> set[str] | None:
    """Names of the exports that a manifest names; None where there is none, or it cannot be read."""
    try:
        entries = json.loads(manifest or b"")["exports"]
        return {entry["name"] for entry in entries if _EXPORT.fullmatch(entry["name"])}
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _is_as_noted(out: Place, name: str, sha256: str) -> bool:
    return _EXPORT.fullmatch(name) is not None and is_file(out / name) and sha256_of(out / name) == sha256


def _differing(out: Place, exports: Mapping[str, bytes]) -> Iterator[str]:
    """Names of exports that are not in place as they are to be."""
    for name, content in exports.items():
        try:
            if (out / name).read_bytes() != content:
                yield name
        except (FileNotFoundError, IsADirectoryError):
            yield name


def _differs(finished: Place, out: Place, path: str, made: Mapping[str, int], there: Mapping[str, int]) -> bool:
    """Whether a part was made anew and what is published under its name is not it: damaged since."""
    if isinstance(out, StorePath):  # which keeps what it was given
        return made[path] != there[path]
    return sha256_of(finished / path) != sha256_of(out / path)


def _place(finished: Place, out: Place, path: str) -> None:
    """Put a finished part at its final name."""
    source, target = finished / path, out / path
    if isinstance(source, StorePath) and isinstance(target, StorePath):
        source.copy(target)  # what is not needed any more is cleared away at the end of the build, all at once
    elif isinstance(source, Path) and isinstance(target, Path):
        target.parent.mkdir(parents=True, exist_ok=True)
        _move(source, target)


def _move(source: Path, target: Path) -> None:
    """By rename; where _work lies on another device by a copy that is there whole or not at all."""
    try:
        source.replace(target)
    except OSError as error:
        if error.errno == errno.ENOENT:
            raise
        if error.errno != errno.EXDEV:  # the system names the part, which is as it should be
            raise OSError(error.errno, error.strerror, str(target)) from error
        with source.open("rb") as file:
            write_atomic(target, lambda copy: shutil.copyfileobj(file, copy))
        source.unlink()


def _sync_folders(out: Place, paths: Iterable[str]) -> None:
    """Make the moves durable, in the folders of the parts and those around them."""
    if isinstance(out, Path):
        for folder in sorted({folder for path in paths for folder in (out / path).parents}):
            if folder.is_relative_to(out):
                sync_folder(folder)


def _remove_unnamed(out: Place, wanted: set[str], check: Callable[[], None]) -> None:
    there = {path for path, _ in _files(out)}
    _miss(out, wanted - there)
    unnamed = sorted(there - wanted - {SUCCESS})
    check()
    remove_all(out, unnamed)
    if isinstance(out, StorePath):
        return
    with naming(out):
        for leftover in [path for path in out.iterdir() if path.name.startswith(".tmp-")]:
            leftover.unlink()
    for top in _TOPS:
        for folder in sorted(_folders(out / top), reverse=True):
            with naming(folder):
                if not any(folder.iterdir()):
                    folder.rmdir()


def _files(out: Place) -> Iterator[tuple[str, int]]:
    """Files under data/ and _rejects/ and their sizes; what a killed write left behind is removed."""
    for top in _TOPS:
        for name, size in files_below(out / top):
            path = f"{top}/{name}"
            if path.rpartition("/")[2].startswith(".tmp-"):
                (out / path).unlink(missing_ok=True)
            else:
                yield path, size


def _folders(root: Path) -> list[Path]:
    """All folders below a root. OSError where one cannot be listed: what is not seen must not be taken for gone."""
    found: list[Path] = []
    if is_dir(root):
        with naming(root):
            below = [path for path in root.iterdir() if is_dir(path) and not path.is_symlink()]
        for path in sorted(below):
            found += [path, *_folders(path)]
    return found
