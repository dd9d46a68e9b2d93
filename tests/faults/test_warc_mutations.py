"""Whatever happened to a WARC, every record of it that is intact is read, and the rest is booked.

`BUILDER_MUTATIONS=10000 pytest -s tests/faults/test_warc_mutations.py` runs many and prints the figures.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path

import pytest
from mutate import OPERATIONS, Mutant, intact, mutant, samples
from warc_bytes import dump_at

from builder.dumps.warc import cut_warc, read_warc
from builder.records import Extent, Item, Page, Reject, Skip

MUTATIONS = int(os.environ.get("BUILDER_MUTATIONS", "300"))
SECONDS = 5.0  # that one small file may take


def sound(path: Path, one: bytes, prefix: bytes = b"") -> Item:
    """What a member is when it is read alone."""
    (split,) = cut_warc(dump_at(path, prefix + one), 2**40)
    item, *_ = read_warc(split)
    return item


def expected(path: Path, case: Mutant) -> Counter[tuple[str, object, object]]:
    found: Counter[tuple[str, object, object]] = Counter()
    for offset, member in case.intact:
        item = sound(path, member, case.sample.prefix)
        if isinstance(item, Page):
            found["page", offset, item.body] += 1
        elif isinstance(item, Skip):
            found["skip", item.kind, None] += 1
    return found


def items_as_counts(items: list[Item]) -> Counter[tuple[str, object, object]]:
    found: Counter[tuple[str, object, object]] = Counter()
    for item in items:
        if isinstance(item, Page):
            found["page", item.source.offset, item.body] += 1
        elif isinstance(item, Skip):
            found["skip", item.kind, None] += 1
    return found


def check(path: Path, case: Mutant) -> tuple[int, int]:
    """Intact records, and how many of them were read. The rejects lie within the file and say what is lost."""
    dump = dump_at(path, case.data)
    began = time.monotonic()
    items = [item for split in cut_warc(dump, max(dump.size, 1)) for item in read_warc(split)]
    assert time.monotonic() - began < SECONDS
    assert isinstance(items[-1], Extent)
    assert items[-1].next >= dump.size
    for reject in (item for item in items if isinstance(item, Reject)):
        assert 0 <= reject.source.offset <= reject.source.offset + reject.source.length <= dump.size
    wanted = expected(path.with_suffix(".one"), case)
    missing = wanted - items_as_counts(items)
    return wanted.total(), wanted.total() - missing.total()


def test_every_intact_record_of_mutated_files_is_read(tmp_path: Path) -> None:
    began = time.monotonic()
    records = recovered = 0
    failed = []
    for seed in range(MUTATIONS):
        intact_records, read = check(tmp_path / "a.warc", mutant(seed))
        records += intact_records
        recovered += read
        if read < intact_records:
            failed.append(seed)
    print(f"{MUTATIONS} mutated files: {recovered} of {records} intact records, {time.monotonic() - began:.0f} s")
    assert failed == []
    assert records > MUTATIONS


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.form)
def test_an_unharmed_sample_is_all_intact(tmp_path: Path, sample) -> None:
    found = intact(sample.data, sample)
    assert len(found) == len(sample.members)
    intact_records, read = check(tmp_path / "a.warc", Mutant(sample, sample.data, tuple(found)))
    assert intact_records == read >= len(sample.members) - 1  # a skippable frame is no record


def test_most_mutations_harm_something() -> None:
    cases = [mutant(seed) for seed in range(100)]
    assert sum(len(case.intact) < len(case.sample.members) for case in cases) > 60
    assert len({case.sample.form for case in cases}) == len(samples())
    assert len(OPERATIONS) == 9
