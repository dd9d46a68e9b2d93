"""Where a build may write."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from builder.config.models import LoadedConfig
from builder.contract.manifest import read_manifest
from builder.errors import ConfigError, ManifestError
from builder.plan.inputs import Plan
from builder.storage.path import StorePath
from builder.storage.place import Place, exists, place_of
from builder.write.commit import MANIFEST

_HINT = "choose a folder of its own, here or with --out"
_NEVER = (errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP)
"""Errors of a path at which there can be no folder, whatever is done later."""
_LONGEST_KEY = 512
_ROOM = "stores give 1,024 to a name, and parts need room below it"


def refuse_output(plan: Plan, loaded: LoadedConfig, out: Place, limit: int | None = None) -> None:
    """Refuse an output where a build would read, or clear away, what it should not.

    Raises:
        ConfigError: the root, the home folder; the same place as an input, or one inside the other; a file; HTTP; links
            in it that builds and readers do not go along; for a trial run of `limit` pages a dataset that is none.
        OSError: the disk or the store.

    """
    problem = _problem(out)  # asked first: pathlib raises what is no OSError where it resolves a loop of links
    if problem is not None:
        raise ConfigError(f"{loaded.path.name}: output: {out}: {problem}; {_HINT}")
    place = out.resolve()
    if isinstance(place, StorePath) and len(place.key.encode()) > _LONGEST_KEY:
        raise ConfigError(f"{loaded.path.name}: output: a name of more than {_LONGEST_KEY} bytes; {_ROOM}")
    if _is_no_folder(place):
        raise ConfigError(f"{loaded.path.name}: output: {out} is no folder for a dataset; {_HINT}")
    link = _wrong_link(out)
    if link is not None:
        raise ConfigError(f"{loaded.path.name}: output: {link}")
    inside = [place / name for name in ("data", "_rejects", "_work")]
    for dump in plan.dumps:
        path = place_of(dump.path).resolve()
        if _lies_in(place, path) or any(_lies_in(path, folder) for folder in inside):
            raise ConfigError(f"{loaded.path.name}: output: {out} and the input {dump.name or '.'} overlap; {_HINT}")
    if limit is not None and not _may_be_replaced(out):
        raise ConfigError(
            f"{loaded.path.name}: --limit: {out} holds a dataset that is no trial run, and one would replace it and "
            "all work that it rests on; give the trial a folder of its own with --out"
        )


def _may_be_replaced(out: Place) -> bool:
    """By a trial run: only what is known to be one."""
    try:
        return read_manifest(out / MANIFEST).document.build.limited_to is not None
    except FileNotFoundError:
        return True
    except ManifestError:
        return False


def _is_no_folder(place: Place) -> bool:
    if isinstance(place, StorePath):
        return not place.key or place.is_web
    home = Path(os.path.expanduser("~")).resolve()  # noqa: PTH111 - pathlib raises where there is none
    return place in (Path(place.anchor), home)


def _problem(place: Place) -> str | None:
    """Why there can never be a folder, in words of the system: a file, a loop of links or a name that is too long."""
    try:
        if isinstance(place, Path):
            (place / "_work").stat()
    except OSError as error:
        return error.strerror if error.errno in _NEVER else None
    return None


def _wrong_link(place: Place) -> str | None:
    """A link where a folder must be: only the output and `_work` may be ones, and to what is there."""
    if isinstance(place, StorePath):
        return None
    for path in (place / "_work", place, *place.parents):
        if path.is_symlink() and not exists(path):
            return f"{path} is a link to nothing; make the folder that it means, or remove it"
    for name in ("data", "_rejects"):
        if (place / name).is_symlink():
            return f"{place / name} is a link, and readers do not follow it; put the folder itself there"
    return None


def _lies_in(path: Place, folder: Place) -> bool:
    if isinstance(path, StorePath) or isinstance(folder, StorePath):
        return isinstance(path, StorePath) and path.is_relative_to(folder)
    return path.is_relative_to(folder)
