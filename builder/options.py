"""How a build runs."""

from __future__ import annotations

from dataclasses import dataclass

from builder.dedup.settle import CUTS, Cuts
from builder.merge.slices import SIZES, Sizes
from builder.storage.place import Place


@dataclass(frozen=True, slots=True)
class Options:
    """How a build runs; nothing of it shows in the output but `limit`, `retry` and `sizes`."""

    out: Place
    workers: int | None = None
    """Tasks at once; None for as many as the engine has CPUs."""
    engine: str = "local"
    limit: int | None = None
    """Take only this many pages of the first split of every input."""
    fresh: bool = False
    """Do all work anew."""
    quiet: bool = False
    retry: str | None = None
    """Do not read the splits but the rejects of this code in the published dataset; see builder.retry."""
    accept_drift: bool = False
    """Publish however far the build is from the one before it."""
    cuts: Cuts = CUTS
    """What one task of deciding over duplicates holds."""
    sizes: Sizes = SIZES
    """What one task of merging holds: parts end where slices end."""
    address: str | None = None
    """Of the cluster, where the engine has one."""
