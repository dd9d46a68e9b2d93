"""Builds in this process that end as if it were killed, and whether the books of one balance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_builds import manifest


def balances(out: Path) -> bool:
    counts = manifest(out)["counts"]
    ended = counts["rows"] + counts["duplicates"] + sum(counts["rejected"].values()) + sum(counts["filtered"].values())
    return bool(counts["read"] == ended)


class Killed(BaseException):
    """The end of a process, so far as this process can play it."""


def kill_in(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let a function of the build end the process when it is called."""

    def end(*_arguments: Any, **_options: Any) -> None:
        raise Killed

    monkeypatch.setattr(name, end)
