"""Rejects read again: receipts of the published dataset -> receipts in which some rejects had a second chance.

A retry is a build whose extract stage does not begin with the splits but with the receipts that the published dataset
rests on. Of each split that has rejects of the wanted code, the rows, counts and other rejects are taken over from its
staged files; the rejects are read again where their locators say and become what they become with the config and the
tool as they are now. Merge, books, thresholds and commit are those of any build: the manifest is replaced once.

Rows and rejects are staged with the number of their item, so a page that succeeds late stands where it would have
stood. From here two cases part:

- Config, tool and inputs are those of the dataset (a timeout on a loaded machine, memory that could not be had). The
  new receipt takes the place of the old one under its key: it is, to the byte, what an undisturbed build leaves.
- Config or tool have changed. Then the dataset is made of pages read by both, which no config alone would give: the
  receipts get keys that no build looks for and say what was retried, the manifest says `deterministic: false`, and the
  next build reads those splits anew. So it does where it is splits without such rejects that would be read otherwise.
  Refused is a config of which the rows would be of another shape, or one that promises what published rows may break.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, islice
from typing import Any

from builder.compiled import Job, PackedConfig, compile_job, compiled, extract_digest, pack, page_budget
from builder.config.models import LoadedConfig
from builder.contract.compare import compare
from builder.contract.manifest import read_manifest
from builder.contract.sources import terms_of_manifest
from builder.contract.terms import terms_of_job
from builder.dumps import items_of, pages_of
from builder.engines.work import NO_ITEM, Beat, run_here
from builder.errors import ConfigError, NothingToRetryError
from builder.gathering import Gathering
from builder.plan.boundaries import begin_at
from builder.plan.changes import label
from builder.plan.inputs import PlannedSplit, tool_versions
from builder.receipts import PageBudget, Receipt, still_holds
from builder.records import Extent, Locator, Page, Reject, RejectCode, Split
from builder.schema import fingerprint
from builder.splits import only_whole, write_receipt
from builder.storage.place import Place, read_many
from builder.write.parquet import file_schema, read_table
from builder.write.staging import STAGED_REJECTS, staged_schema, with_marks
from builder.write.work import WorkFolder

_STRICTER = ("SCHEMA_CONSTRAINT_NARROWED", "SCHEMA_CONSTRAINT_CHANGED", "SCHEMA_VALUE_REMOVED")
"""Changes that rows taken over as they are may break; a constraint that takes more than before they all keep."""
_DAMAGE = ("damaged", "truncated")


@dataclass(frozen=True, slots=True)
class RetryTask:
    """A split with rejects to be read again."""

    number: int
    split: Split
    key: str
    """Of the receipt to be written; that of `base` where config and tool have not changed."""
    base: Receipt
    code: str
    config: PackedConfig
    work: Place
    blamed: Mapping[int, tuple[RejectCode, str]] = field(default_factory=dict)
    """Items that ended a worker: number -> (code, message)."""


def note_of(
    job: Job, planned: Sequence[PlannedSplit], receipts: Mapping[int, Receipt], limit: int | None
) -> dict[str, object]:
    """What a published dataset rests on, for a later retry: plain data."""
    return {
        "shape": _shape(job),
        "first": limit,
        "split_bytes": job.config.limits.split_bytes,
        "splits": [[label(entry), entry.identity, receipts[entry.number].key] for entry in planned],
    }


def _shape(job: Job) -> str:
    """Digest of all of a config that decides which rows can stand in one dataset."""
    config = job.config
    levels = [(level.name, f"{level.unit}:{level.field}") for level in config.partition_by]
    duplicates = config.duplicates.model_dump(mode="json") if config.duplicates else None
    text = json.dumps([fingerprint(job.fields, levels), config.sort_by, duplicates, job.unique])
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_other(out: Place, note: Mapping[str, Any], job: Job, planned: Sequence[PlannedSplit]) -> None:
    """Hold config and inputs to what was noted of the dataset.

    Raises:
        ConfigError: they are of another one.

    """
    if note["shape"] != _shape(job):
        raise ConfigError(
            f"{out}: fields, partition_by, sort_by, duplicates or unique have changed, "
            "and a retry cannot mix rows; build it anew"
        )
    _refuse_stricter(out, job)
    if note["first"] is not None:
        raise ConfigError(f"{out}: a trial run (--limit) has no retry; build it anew")
    if [known[:2] for known in note["splits"]] != [[label(entry), entry.identity] for entry in planned]:
        then, now = note.get("split_bytes"), job.config.limits.split_bytes
        if then not in (None, now):
            cut = f"limits.split_bytes was {then}, and the inputs are cut otherwise now"
            raise ConfigError(f"{out}: {cut}; retry with that, or build it anew")
        raise ConfigError(f"{out}: the inputs are not those that it was built from; build it anew")


def _refuse_stricter(out: Place, job: Job) -> None:
    """Rows that are taken over were never held to these constraints.

    Raises:
        ConfigError: published rows may break them. ManifestError: what they were held to cannot be told.

    """
    found = compare(terms_of_manifest(read_manifest(out), str(out)), terms_of_job(job, job.config.name))
    stricter = [
        f"{new.field}: {new.new or 'nothing'}, was {new.old or 'nothing'}" for new in found if new.rule in _STRICTER
    ]
    if stricter:
        raise ConfigError(f"{out}: rows that are published may break {'; '.join(stricter)}; build it anew")


def begin_retry(
    planned: Sequence[PlannedSplit], loaded: LoadedConfig, work: WorkFolder, out: Place, code: str
) -> tuple[dict[int, Receipt], list[RetryTask]]:
    """The receipts that the dataset rests on, and a task for each that has rejects of the code.

    Raises:
        ConfigError: what the dataset was made of is not there any more, or the config would make rows of another shape
            or other constraints.
        NothingToRetryError: there are no such rejects.

    """
    note = work.published(out)
    if note is None:
        raise ConfigError(f"{out}: the work folder is not that of this dataset; build it once more, then retry")
    job = compile_job(loaded)
    _refuse_other(out, note, job, planned)
    receipts: dict[int, Receipt] = {}
    tasks: list[RetryTask] = []
    stale: list[Receipt] = []
    config, digest, budget = pack(loaded), extract_digest(loaded), page_budget(loaded.job)
    known = only_whole(work.receipts_of([key for _, _, key in note["splits"]]), work.staged, run_here)
    for entry, (_, _, key) in zip(planned, note["splits"], strict=True):
        base = known.get(key)
        if base is None:
            raise ConfigError(f"{out}: a split of {entry.split.dump.name} is not in the work folder; build it anew")
        renewed = _key(entry, base, digest, budget, code)
        receipts[entry.number] = replace(base, retried=_retried(base, renewed, code))
        stale += [base] if renewed != base.key else []
        if base.rejected.get(code):
            split = entry.split if base.first is None else replace(entry.split, start=base.first, exact=True)
            tasks.append(RetryTask(entry.number, split, renewed, base, code, config, work.root))
    if not tasks:
        raise NothingToRetryError(f"{out}: no page was rejected as {code} when it was read; nothing has changed")
    _refuse_other_layout(out, job, stale, work.staged)
    return receipts, tasks


def _refuse_other_layout(out: Place, job: Job, stale: Sequence[Receipt], staged: Place) -> None:
    """Hold the staged files of receipts, which another version may have written, to what is read of them here.

    Raises:
        ConfigError: they have other columns. OSError: the disk or the store.

    """
    rows = staged_schema(with_marks(job.schema, job.unique))

    def is_ours(receipt: Receipt) -> bool:
        pairs = ((receipt.staged, rows), (receipt.rejects, STAGED_REJECTS))
        return all(file_schema(staged / ref.name) == schema for ref, schema in pairs)

    if not all(read_many(is_ours, stale)):
        raise ConfigError(f"{out}: another version staged its rows or rejects otherwise; build it anew")


def _key(entry: PlannedSplit, base: Receipt, digest: str, budget: PageBudget, code: str) -> str:
    """The key of the receipt after the retry: see the two cases above."""
    known = {entry.key}
    if base.first is not None:
        known.add(begin_at(entry, base.first, digest, None).key)
    if base.key in known and still_holds(base, budget):
        return base.key
    text = json.dumps(["retry", base.key, code, digest, budget, dict(tool_versions())], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _retried(base: Receipt, renewed: str, code: str) -> tuple[str, ...]:
    """Of the receipt after the retry: under another key what is kept of `base` is what no build would give now."""
    return base.retried if renewed == base.key else tuple(sorted({*base.retried, code}))


def retry_split(task: RetryTask, beat: Beat) -> Receipt:
    """Read the rejects of a code again and write the receipt of the split anew.

    Raises:
        ConfigError: the dump is not read as it was when the dataset was built.
        DumpError: the dump as a whole cannot be read.
        MemoryError: refused while an item was worked on.
        OSError: the disk.

    """
    gathering = Gathering(compiled(task.config))
    wanted = gathering.take_over(task.base, task.work / "staged", task.code)
    ranges = task.base.first is not None
    for number, item in _ranges(task, wanted, beat) if ranges else _picked(task.split, wanted, beat):
        if number in task.blamed:
            gathering.give_up(item, number, *task.blamed[number])
        else:
            gathering.take(item, number)
    beat(NO_ITEM, task.split.size)
    base = task.base
    extent = None if base.first is None or base.next is None else Extent(base.first, base.next)
    retried = _retried(base, task.key, task.code)
    return write_receipt(gathering, task.key, base.dump, task.work, extent, base.allowed, retried)


def _ranges(task: RetryTask, wanted: Sequence[tuple[int, Reject]], beat: Beat) -> Iterator[tuple[int, Page | Reject]]:
    """What stands at the locators of rejects, of a dump that can be entered at any byte.

    Where several items stand at one (a compressed member of many records), all of the split is read to tell them apart;
    and where one is damage, which may be of a record that begins before it.
    """
    split = task.split
    shared = []
    for number, reject in wanted:
        place = reject.source
        beat(number, min(max(place.offset - split.start, 0), split.size))
        near = replace(split, start=place.offset, end=place.offset + max(place.length, 1), exact=True)
        found = list(islice((item for item in pages_of(near) if _lies_in(item.source, place)), 2))
        if len(found) > 1 or (found and isinstance(found[0], Reject) and found[0].code in _DAMAGE):
            shared.append((number, reject))
        else:
            yield number, found[0] if found else reject
    if shared:
        yield from _among_all(task, shared, beat)


def _among_all(
    task: RetryTask, wanted: Sequence[tuple[int, Reject]], beat: Beat
) -> Iterator[tuple[int, Page | Reject]]:
    """The same by the number of the item, read from where the split was read: at its first reject or its first record.

    Raises:
        ConfigError: there are more or fewer items than there were.

    """
    base = task.base
    rejects = read_table(task.work / "staged" / base.rejects.name, ["offset"])
    begin = min([task.split.start, *rejects.column("offset").to_pylist()])
    split = replace(task.split, start=begin)
    read = 0
    for _ in pages_of(split):
        beat(NO_ITEM, split.size)
        read += 1
    if read != base.read:
        raise ConfigError(f"{base.dump}: is not read as it was when the dataset was built; build it anew")
    yield from _picked(split, wanted, beat)


def _lies_in(source: Locator, place: Locator) -> bool:
    """Whether an item begins within a place; none does where an index names a file in vain, which is of no bytes."""
    return place.offset <= source.offset < place.offset + place.length


def _picked(split: Split, wanted: Sequence[tuple[int, Reject]], beat: Beat) -> Iterator[tuple[int, Page | Reject]]:
    """The same of a dump that is read through: by the number of the item, for what is read has not changed."""
    left = dict(wanted)
    items = items_of(split)
    for number in count():
        beat(number, split.size)
        item = next(items, None)
        if item is None:
            break
        if number in left and isinstance(item, Page | Reject) and _place(item.source) == _place(left[number].source):
            yield number, item
            del left[number]
        if not left:
            return
    yield from left.items()


def _place(locator: Locator) -> tuple[int, str | None]:
    return locator.offset, locator.record_id
