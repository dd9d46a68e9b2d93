"""What a build would do again, and why: the plan held against what the last build left behind."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from typing import Any

from builder.compiled import BUDGET_LIMITS, EXTRACT_SECTIONS, page_budget
from builder.config.models import LoadedConfig
from builder.contract.manifest import read_manifest
from builder.errors import ManifestError
from builder.plan.inputs import PlannedSplit, tool_versions
from builder.receipts import still_holds
from builder.records import Dump
from builder.storage.place import Place
from builder.write.commit import MANIFEST
from builder.write.work import WorkFolder, is_whole

Memory = Mapping[str, Any]
_OTHER_LIMITS = "page_seconds or worker_memory of `limits` has changed"
_RETRIED = "its rejects were read again with another config"
_FORGOTTEN = "what earlier builds have read of it is gone"


@dataclass(frozen=True, slots=True)
class Change:
    """The splits of one input that would be read, out of how many, and the reasons with how often each holds."""

    dump: str
    splits: int
    to_read: int
    bytes: int
    """Of the dump, in the splits to be read."""
    reasons: Mapping[str, int]


def memory_of(planned: Sequence[PlannedSplit], loaded: LoadedConfig, limit: int | None) -> Memory:
    """What a build remembers, so that the next one can say what has changed: digests only.

    A retry adds, as `retried`, the labels of splits that are read otherwise since.
    """
    job = loaded.job.model_dump(mode="json")
    job["limits"] = {name: value for name, value in job["limits"].items() if name not in BUDGET_LIMITS}
    sections = {f"`{name}`": _digest(value) for name, value in job.items() if name in EXTRACT_SECTIONS}
    sites = {f"sites/{site.file}.yaml": _digest(site.model_dump(mode="json")) for site in loaded.sites}
    return {
        "tool": dict(tool_versions()),
        "config": sections | sites,
        "splits": {label(entry): entry.identity for entry in planned},
        "inputs": sorted({entry.split.dump.name for entry in planned}),
        "options": {entry.split.dump.name: _options(entry.split.dump) for entry in planned},
        "first": limit,
        "cut": _digest([loaded.job.limits.split_bytes, limit, tool_versions()["code_sha256"]]),
    }


def _options(dump: Dump) -> str:
    """What the config says of an input, and how it was understood."""
    options = asdict(dump.options)
    del options["page_bytes"]  # of `limits`
    return _digest([dump.format, options])


def published_inputs(out: Place) -> frozenset[str]:
    """The names of the inputs of the dataset in `out`; none where there is no dataset, or its manifest is damaged.

    Raises:
        OSError: the disk.

    """
    try:
        return frozenset(entry.name for entry in read_manifest(out / MANIFEST).document.inputs)
    except (FileNotFoundError, ManifestError):
        return frozenset()


def changes(
    planned: Sequence[PlannedSplit],
    loaded: LoadedConfig,
    work: WorkFolder,
    limit: int | None,
    published: Set[str] = frozenset(),
) -> list[Change]:
    """For every input what would be read again and why; inputs that are no longer there come last, with no splits.

    `published` are the inputs of the dataset, which `work` knows nothing of where it was removed.

    Raises:
        OSError: the disk or the store of the output failed.

    """
    last, now = work.memory(), memory_of(planned, loaded, limit)
    general = _general_reasons(last, now)
    identities = set(last.get("splits", {}).values())
    known = work.receipts_of([entry.key for entry in planned])
    there = {key: receipt for key, receipt in known.items() if is_whole(work.staged, receipt)}
    done = {key for key, receipt in there.items() if still_holds(receipt, page_budget(loaded.job))}
    of_dump: dict[str, list[PlannedSplit]] = {}
    for entry in planned:
        of_dump.setdefault(entry.split.dump.name, []).append(entry)
    found: list[Change] = []
    for name, mine in of_dump.items():
        todo = [entry for entry in mine if entry.key not in done]
        reasons: Counter[str] = Counter()
        for entry in todo:
            if entry.key in there:
                reasons.update([_OTHER_LIMITS])
            elif name in last.get("inputs", []):
                reasons.update(_reasons(entry, last, now, general, identities))
            else:
                reasons.update([_FORGOTTEN if name in published else "new input"])
        size = sum(entry.split.size for entry in todo)
        found.append(Change(name, len(mine), len(todo), size, dict(sorted(reasons.items()))))
    gone = sorted(set(last.get("inputs", [])) - {change.dump for change in found})
    return found + [Change(name, 0, 0, 0, {"the input is gone": 1}) for name in gone]


def _general_reasons(last: Memory, now: Memory) -> list[str]:
    """What holds for every split: another tool, another library, another config."""
    if not last:
        return []
    tools = [name for name in {**now["tool"], **last["tool"]} if last["tool"].get(name) != now["tool"].get(name)]
    sections = {**last["config"], **now["config"]}
    config = [name for name in sections if last["config"].get(name) != now["config"].get(name)]
    trial = ["`--limit` has changed"] if last.get("first") != now["first"] else []
    return [f"{name} is another version" for name in tools] + [f"{name} has changed" for name in config] + trial


def _reasons(entry: PlannedSplit, last: Memory, now: Memory, general: Sequence[str], identities: Set[str]) -> list[str]:
    """Of a split of an input that the last build had; `identities` are those of all its splits."""
    name = entry.split.dump.name
    other_options = last.get("options", now["options"]).get(name) != now["options"][name]
    identity = last["splits"].get(label(entry))
    is_recut = identity is None and (other_options or last.get("cut") != now["cut"])
    own = ["its options in `inputs` have changed"] if other_options else []
    # A run of other files than before may be of a folder that has changed, or that has not and is cut otherwise.
    if entry.identity not in ({identity} if identity else identities) and not (is_recut and entry.split.files):
        own = ["the input has changed"]
    left = _RETRIED if label(entry) in last.get("retried", []) else "not finished by the last build"
    return [*own, *general] or [left]


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
