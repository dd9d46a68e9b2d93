"""Inputs that lie in a folder which is an input as well: what the folder reads of them is read once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from builder.config.models import InputSpec
from builder.dumps.discover import Match
from builder.dumps.folder import page_files
from builder.dumps.index import index_names
from builder.dumps.pages import is_hidden, is_page
from builder.errors import ConfigError
from builder.storage.place import Place, exists, is_dir

Found: TypeAlias = Mapping[Place, tuple[Match, InputSpec]]
"""Where an input really lies -> how the config names it, and how it is read."""


def without_overlaps(found: Found, config: str) -> Found:
    """The inputs without those of which a folder among them reads the pages, in the same way. `config` is its name.

    A dump in a folder (a WARC, say) is none of the folder's pages and stays.

    Raises:
        ConfigError: a page would be read twice, in two ways.
        OSError: a folder cannot be listed.

    """
    above = {place.parent: [each for each in (place.parent, *place.parent.parents) if each in found] for place in found}
    kept = {}
    for place, entry in found.items():
        folder = next((folder for folder in above[place.parent] if _holds(folder, place, found)), None)
        if folder is None:
            kept[place] = entry
        elif _way(entry[1]) != _way(found[folder][1]) or _has_index(place, entry[1]):
            inner, outer = entry[0].written, found[folder][0].written
            raise ConfigError(
                f"{config}: inputs: {inner!r} lies in {outer!r}, which reads its pages too, but with other options or "
                "another index; name folders that do not hold each other"
            )
    return kept


def _holds(folder: Place, place: Place, found: Found) -> bool:
    """Whether a folder reads a file, or pages that a folder in it reads as well."""
    outer, inner = found[folder][1], found[place][1]
    if outer.format not in (None, "folder") or not is_dir(folder):
        return False
    name = place.relative_to(folder).as_posix()  # type: ignore[arg-type]
    if not is_dir(place):
        return is_page(name, outer.pages)
    if _way(outer) == _way(inner):
        return not is_hidden(name)
    return any(is_page(f"{name}/{file}", outer.pages) for file in page_files(place, inner.pages))


def _way(spec: InputSpec) -> InputSpec:
    """How an input is read, wherever it lies."""
    return spec.model_copy(update={"path": "", "format": None if spec.format == "folder" else spec.format})


def _has_index(place: Place, spec: InputSpec) -> bool:
    return is_dir(place) and any(exists(place / name) for name in index_names(spec.index))
