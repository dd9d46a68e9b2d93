"""What every machine that works on a build must have in common with the driver: code, libraries, output, inputs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from builder.engines.work import Probe
from builder.plan.inputs import Plan, tool_versions
from builder.storage.place import Place, absolute, exists, place_of
from builder.write.files import write_text


@dataclass(frozen=True, slots=True)
class Common:
    """What the driver has, and has written, for the others to compare."""

    versions: Mapping[str, str]
    out: Place
    word: str
    """Of this build alone, so that a copy of an output of an earlier build is not taken for it."""
    input: str | None
    """The first input."""


def prepare(out: Place, plan: Plan) -> Probe:
    """Leave a mark in the output that other machines must see.

    Raises:
        OSError: the disk.

    """
    first = next((dump.path for dump in plan.dumps if dump.problem is None), None)
    common = Common(tool_versions(), absolute(out), uuid4().hex, first)
    write_text(_mark(out), common.word)
    return partial(amiss, common)


def amiss(common: Common) -> str | None:
    """What keeps this machine from working on the build; None where nothing does."""
    here = tool_versions()
    names = sorted({*common.versions, *here})
    other = [f"{name} {here.get(name)} instead of {common.versions.get(name)}" for name in names
             if here.get(name) != common.versions.get(name)]  # fmt: skip
    if other:
        return f"have {', '.join(other)}; install what the driver has"
    with suppress(OSError):
        if _mark(common.out).read_text(encoding="utf-8") == common.word:
            if common.input is None or exists(place_of(common.input)):
                return None
            return f"cannot see the input {common.input}; use a shared disk or an object store (s3://...)"
    return f"cannot see {common.out}; use a shared disk or an object store (s3://...)"


def _mark(out: Place) -> Place:
    return out / "_work" / "seen-by-workers"
