"""Where a build may write."""

from __future__ import annotations

import os
from pathlib import Path

from builder.config.models import LoadedConfig
from builder.errors import ConfigError
from builder.plan import Plan


def refuse_output(plan: Plan, loaded: LoadedConfig, out: Path) -> None:
    """Refuse an output where a build would read, or clear away, what it should not.

    Raises:
        ConfigError: the root, the home folder; the same place as an input, or one inside the other.

    """
    place, inside = out.resolve(), [out.resolve() / name for name in ("data", "_rejects", "_work")]
    hint = "choose a folder of its own, here or with --out"
    home = Path(os.path.expanduser("~")).resolve()  # noqa: PTH111 - pathlib raises where there is none
    if place in (Path(place.anchor), home):
        raise ConfigError(f"{loaded.path.name}: output: {out} is no folder for a dataset; {hint}")
    for dump in plan.dumps:
        path = Path(dump.path).resolve()
        if place.is_relative_to(path) or any(path.is_relative_to(folder) for folder in inside):
            raise ConfigError(f"{loaded.path.name}: output: {out} and the input {dump.name} overlap; {hint}")
