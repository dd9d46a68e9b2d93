"""Where a build may write."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from builder.config.models import LoadedConfig
from builder.errors import ConfigError
from builder.plan.inputs import Plan
from builder.storage.path import StorePath
from builder.storage.place import Place, exists, place_of

_DIR = "choose a folder of its own, here or with --out"

_NEVER = (errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP)
_LONGEST_KEY = 512
_ROOM = "stores give 1,024 to a name, and parts need room below it"


def refuse_output(plan: Plan, loaded: LoadedConfig, out: Place) -> None:
    """Refuse an output where a build would read, or clear away, what it should not.

    Raises:
        ConfigError: the root, the home folder; the same place as an input, or one inside the other; a file; HTTP; links
            in it that builds and readers do not go along.

    """
    problem = _problem(out)  # asked first: pathlib raises what is no OSError where it resolves a loop of links
    if problem is not None:
        raise ConfigError(f"{loaded.path.name}: output: {out}: {problem}; {_DIR}")
    place = out.resolve()
    if isinstance(place, StorePath) and len(place.key.encode()) > _LONGEST_KEY:
        raise ConfigError(f"{loaded.path.name}: output: a name of more than {_LONGEST_KEY} bytes; {_ROOM}")
    if _is_no_folder(place):
        raise ConfigError(f"{loaded.path.name}: output: {out} is no folder for a dataset; {_DIR}")
    link = _wrong_link(out)
    if link is not None:
        raise ConfigError(f"{loaded.path.name}: output: {link}")
    inside = [place / name for name in ("data", "_rejects", "_work")]
    for dump in plan.dumps:
        path = place_of(dump.path).resolve()
        if _lies_in(place, path) or any(_lies_in(path, folder) for folder in inside):
            raise ConfigError(f"{loaded.path.name}: output: {out} and the input {dump.name or '.'} overlap; {_DIR}")


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
