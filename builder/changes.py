"""What a build would do again, and why: the plan held against what the last build left behind."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from builder.config.models import LoadedConfig
from builder.plan import PlannedSplit, tool_versions
from builder.write.work import WorkFolder, is_whole

Memory = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """The splits of one input that would be read, out of how many, and the reasons with how often each holds."""

    dump: str
    splits: int
    to_read: int
    bytes: int
    """Of the dump, in the splits to be read."""
    reasons: Mapping[str, int]


def memory_of(planned: Sequence[PlannedSplit], loaded: LoadedConfig) -> Memory:
    """What a build remembers, so that the next one can say what has changed: digests only."""
    job = loaded.job.model_dump(mode="json")
    sections = {f"`{name}`": _digest(value) for name, value in job.items() if name in _SECTIONS}
    sites = {f"sites/{site.file}.yaml": _digest(site.model_dump(mode="json")) for site in loaded.sites}
    return {
        "tool": dict(tool_versions()),
        "config": sections | sites,
        "splits": {label(entry): entry.identity for entry in planned},
        "inputs": sorted({entry.split.dump.name for entry in planned}),
    }


_SECTIONS = ("rules", "fields", "select", "partition_by", "sort_by", "duplicates", "limits")


def changes(planned: Sequence[PlannedSplit], loaded: LoadedConfig, work: WorkFolder) -> list[Change]:
    """For every input what would be read again and why; inputs that are no longer there come last, with no splits."""
    last, now = work.memory(), memory_of(planned, loaded)
    general = _general_reasons(last, now)
    known = work.receipts_of([entry.key for entry in planned])
    done = {key for key, receipt in known.items() if is_whole(work.staged, receipt)}
    of_dump: dict[str, list[PlannedSplit]] = {}
    for entry in planned:
        of_dump.setdefault(entry.split.dump.name, []).append(entry)
    found: list[Change] = []
    for name, mine in of_dump.items():
        todo = [entry for entry in mine if entry.key not in done]
        reasons: Counter[str] = Counter()
        for entry in todo:
            reasons.update(_reasons(entry, name, last, general))
        size = sum(entry.split.size for entry in todo)
        found.append(Change(name, len(mine), len(todo), size, dict(sorted(reasons.items()))))
    gone = sorted(set(last.get("inputs", [])) - {change.dump for change in found})
    return found + [Change(name, 0, 0, 0, {"the input is gone": 1}) for name in gone]


def _general_reasons(last: Memory, now: Memory) -> list[str]:
    """What holds for every split: another tool, another library, another config."""
    if not last:
        return []
    tools = [name for name, version in now["tool"].items() if last["tool"].get(name) != version]
    sections = {**last["config"], **now["config"]}
    config = [name for name in sections if last["config"].get(name) != now["config"].get(name)]
    return [f"{name} is another version" for name in tools] + [f"{name} has changed" for name in config]


def _reasons(entry: PlannedSplit, name: str, last: Memory, general: Sequence[str]) -> list[str]:
    if name not in last.get("inputs", []):
        return ["new input"]
    identity = last["splits"].get(label(entry))
    if identity != entry.identity:
        return ["the input has changed", *general]
    return list(general) or ["not finished by the last build"]


def label(entry: PlannedSplit) -> str:
    """The name of a split among those of all inputs."""
    split = entry.split
    if split.files:
        return f"{split.dump.name}:{_digest(list(split.files))}"
    return f"{split.dump.name}:{split.start}-{split.end}:{split.stride[0]}"


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def as_text(found: Sequence[Change]) -> str:
    """The plan for people."""
    lines = []
    for change in found:
        if change.splits == 0:
            lines.append(f"{change.dump}: the input is gone, its rows will go")
        elif change.to_read == 0:
            lines.append(f"{change.dump}: nothing to do")
        else:
            why = ", ".join(change.reasons)
            lines.append(f"{change.dump}: {change.to_read} of {change.splits} splits, {change.bytes:,} bytes: {why}")
    total = sum(change.to_read for change in found)
    lines.append(f"{total} of {sum(change.splits for change in found)} splits to read")
    return "\n".join(lines)
