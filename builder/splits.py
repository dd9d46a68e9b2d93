"""split -> receipt: the task of the extract stage. A plain function of plain data, run anywhere."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

from builder.compiled import PackedConfig, compiled, page_budget
from builder.dumps import READERS, items_of
from builder.engines.work import NO_ITEM, Beat, Runner, Work, run_all, run_here
from builder.errors import DumpError, UnreadableError, naming
from builder.gathering import Gathering
from builder.plan.inputs import Stamps, stamps_of
from builder.receipts import PageBudget, Receipt
from builder.records import Extent, Item, Locator, Page, Reject, RejectCode, Skip, Split
from builder.storage.path import StorePath
from builder.storage.place import Place, files_below, read_many
from builder.write.files import write_sealed
from builder.write.unfinished import add_frame, logs_of, take_frames
from builder.write.work import is_whole

_CHECKED = 256  # receipts of one task
SAVE_SECONDS = 0.25
"""How much work may be done again when a process ends amid a split. It shows in no output."""


@dataclass(frozen=True, slots=True)
class SplitTask:
    """All that a worker needs to know."""

    split: Split
    key: str
    stamps: Stamps
    """Of what it is read from, as the key means it."""
    config: PackedConfig
    work: Place
    """Folder of receipts and staged files."""
    limit: int | None = None
    """Take only this many pages of the split (`--limit`)."""
    blamed: Mapping[int, tuple[RejectCode, str]] = field(default_factory=dict)
    """Items that ended a worker: number -> (code, message). They become rejects unread."""
    attempt: str = ""
    """Part of the name of what is kept of a split that is not finished."""


class ReadTask(Protocol):
    """What tasks that read a split are alike in: SplitTask, and that of `retry`. A class, for types ask for one."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def split(self) -> Split:
        """What it reads."""

    @property
    def blamed(self) -> Mapping[int, tuple[RejectCode, str]]:
        """Items that ended a worker."""


Task = TypeVar("Task", bound=ReadTask)


def blame(task: Task, item: int, code: RejectCode, message: str) -> Task | None:
    """The same task past an item that its process did not survive.

    An item that was given up already has ended the process while it was read. Where the reader can leave it out, the
    numbers of the items behind it mean others than before. None where it cannot, and where it only took too long, for
    a disk or a store may be slow for a while.
    """
    split = task.split
    blamed = {**task.blamed, item: (code, message)}
    if item not in task.blamed:
        return replace(task, blamed=blamed)
    if code == "timeout" or not READERS[split.dump.format].heeds_unread or item in split.unread:
        return None
    unread = (*(number for number in split.unread if number < item), item)
    before = {number: said for number, said in blamed.items() if number <= item}
    return replace(task, blamed=before, split=replace(split, unread=unread))


def task_name(task: ReadTask) -> str:
    """What a task reads, for messages."""
    split = task.split
    if split.stride[1] > 1:
        return f"{split.dump.name} (part {split.stride[0] + 1} of {split.stride[1]})"
    unit = READERS[split.dump.format].unit
    return f"{split.dump.name} ({unit} {split.start} to {max(split.end - 1, split.start)})"


def apart(task: SplitTask, name: str) -> SplitTask:
    """The same task, which shares no unfinished work with another that is done on the same split at the same time."""
    return replace(task, attempt=name)


def build_split(task: SplitTask, beat: Beat) -> Receipt:
    """Read a split, extract its pages, write the staged file, the rejects and the receipt.

    Goes on behind what another process has left of the same split.

    Raises:
        DumpError: the dump as a whole cannot be read, or was changed meanwhile.
        MemoryError: refused while an item was worked on.
        OSError: the disk.

    """
    split = task.split
    job = compiled(task.config)
    budget = page_budget(job.config)
    gathering = Gathering(job)
    log = _log(task, budget)
    following = gathering.restore(take_frames(log))
    extent: Extent | None = None
    saved = time.monotonic()
    for number, item in _announced(task, beat):
        if isinstance(item, Extent):
            extent = item
        elif number >= following:
            if number in task.blamed and not isinstance(item, Skip):
                gathering.give_up(item, number, *task.blamed[number])
            else:
                gathering.take(item, number)
            if time.monotonic() - saved >= SAVE_SECONDS:
                add_frame(log, gathering.frame(number + 1), gathering.staging.schema)
                saved = time.monotonic()
    if not _is_unchanged(task):
        log.unlink(missing_ok=True)
        raise DumpError(f"{split.dump.name}: changed while it was read; run again when nothing writes to it")
    receipt = write_receipt(gathering, task.key, split.dump.name, task.work, extent, budget)
    log.unlink(missing_ok=True)
    return receipt


def _log(task: SplitTask, budget: PageBudget) -> Path:
    """Where a worker says what it has done."""
    rest = repr((task.stamps, budget, task.split.unread))
    return logs_of(task.work) / f"{task.key}-{zlib.crc32(rest.encode()):08x}{task.attempt}.log"


def _is_unchanged(task: SplitTask) -> bool:
    try:
        return stamps_of(task.split) == task.stamps
    except FileNotFoundError:
        return False


def _announced(task: SplitTask, beat: Beat) -> Iterator[tuple[int, Item]]:
    """The items of a split with their numbers, each announced before it is read."""
    split = task.split
    items = items_of(split)
    pages = 0
    done = 0
    for number in count():
        beat(number, done)
        try:
            with naming(split.dump.path):
                item = next(items, None)
        except UnreadableError as error:
            item = Reject(Locator(split.dump.name, split.start, split.size), "read", "unreadable", str(error))
        if item is None:
            beat(NO_ITEM, split.size)  # a slow disk is no fault of a page
            return
        if isinstance(item, Page | Reject):
            pages += 1
            if task.limit is not None and pages > task.limit:
                return
            done = min(max(item.source.offset + item.source.length - split.start, done), split.size)
        yield number, item


def write_receipt(
    gathering: Gathering,
    key: str,
    dump: str,
    work: Place,
    extent: Extent | None,
    budget: PageBudget,
    retried: tuple[str, ...] = (),
) -> Receipt:
    """Write what a split of a dump has yielded, and last its receipt.

    Raises:
        OSError: the disk.

    """
    staged, rejects, partitions = gathering.write(work / "staged", key)
    receipt = Receipt(
        key=key,
        dump=dump,
        read=gathering.read,
        rows=gathering.rows,
        **{name: dict(counter) for name, counter in gathering.counts.items()},
        first=extent.first if extent else None,
        next=extent.next if extent else None,
        staged=staged,
        rejects=rejects,
        partitions=partitions,
        blamed={str(item): code for item, code in gathering.blamed.items()},
        retried=retried,
        allowed=budget,
    )
    write_sealed(receipt_path(work, key), receipt.to_json())
    return receipt


def receipt_path(work: Place, key: str) -> Place:
    """Where the receipt of a split lies."""
    return work / "receipts" / f"{key}.json"


# ------------------------------------------------------------- earlier builds


@dataclass(frozen=True, slots=True)
class WholeTask:
    """Receipts of an earlier build."""

    staged: Place
    receipts: tuple[Receipt, ...]


def whole(task: WholeTask, _beat: Beat) -> list[bool]:
    """Whether the files that each receipt names are there, to the byte."""
    return read_many(partial(is_whole, task.staged), task.receipts)


def only_whole(receipts: Mapping[str, Receipt], staged: Place, run: Runner) -> dict[str, Receipt]:
    """Those of an earlier build's receipts that can be relied on. Many are looked at by tasks, for all is read."""
    if isinstance(staged, StorePath):
        return _only_stored(receipts, dict(files_below(staged)))
    listed = list(receipts.values())
    tasks = [WholeTask(staged, tuple(listed[at : at + _CHECKED])) for at in range(0, len(listed), _CHECKED)]
    found = run_all(run if len(tasks) > 1 else run_here, Work("check", whole), tasks)
    sound = (is_sound for few in found for is_sound in few)
    return {receipt.key: receipt for receipt, is_sound in zip(listed, sound, strict=True) if is_sound}


def _only_stored(receipts: Mapping[str, Receipt], sizes: Mapping[str, int]) -> dict[str, Receipt]:
    """A store keeps what it was given, so sizes are enough: a few listings tell them all."""
    return {
        key: receipt
        for key, receipt in receipts.items()
        if all(sizes.get(ref.name) == ref.bytes for ref in (receipt.staged, receipt.rejects))
    }
