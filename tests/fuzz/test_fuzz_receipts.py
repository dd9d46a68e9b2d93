"""Any bytes where an earlier run left receipts and notes: they are read or made anew, and the build ends the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fuzzing import fuzz
from hypothesis import strategies as st
from small_builds import add_inline_engine, run, tree, two_dumps

from builder.receipts import FileRef, Receipt, StagedPartition, StagedPartitions

add_inline_engine()
PLAIN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=6,
)


def changed(document: Any, at: int, value: Any) -> Any:
    """A JSON document with the value at one place replaced; places are counted through."""
    if isinstance(document, dict):
        keys = sorted(document)
        key = keys[at % len(keys)] if keys else ""
        return {**document, key: changed(document[key], at // len(keys), value) if keys and at % 3 else value}
    if isinstance(document, list) and document:
        place = at % len(document)
        return [*document[:place], changed(document[place], at // len(document), value), *document[place + 1 :]]
    return value


def test_fuzz_receipts_and_notes(tmp_path: Path) -> None:
    config = two_dumps(tmp_path)
    run(config, tmp_path / "out")
    gold = tree(tmp_path / "out")
    work = tmp_path / "out" / "_work"

    def check(example: tuple[int, int, Any, str | None]) -> None:
        which, at, value, raw = example
        files = sorted(path for path in work.rglob("*.json") if path.is_file())
        path = files[which % len(files)]
        line, *seal = path.read_text().splitlines()
        changed_line = json.dumps(changed(json.loads(line), at, value)) if raw is None else raw
        text = "\n".join([changed_line, *seal]).encode()
        path.write_bytes(text)
        try:
            run(config, tmp_path / "out")
        finally:
            note = f"{path.name} {text[:300]!r}"
        assert tree(tmp_path / "out") == gold, note

    examples = st.tuples(st.integers(0, 9), st.integers(0, 500), PLAIN, st.one_of(st.none(), st.text(max_size=60)))
    fuzz(check, examples, examples=15)


FILE = FileRef("k.parquet", 9, "0" * 64, 7)
PLACES = StagedPartitions.of([StagedPartition(("2022-01", "é"), 0, 7, 0, 2, 700)])
RECEIPT = Receipt("k", "d", 9, 7, {"empty": 2}, {}, {}, {}, 0, 99, FILE, FILE, PLACES, {"3": "crash"}, ("crash",))


def test_fuzz_receipt_loader() -> None:
    """What is taken is written as it was read; everything else is what the work folder makes anew for."""
    whole = json.loads(RECEIPT.to_json())

    def check(text: str) -> None:
        try:
            read = Receipt.from_json(text)
        except (ValueError, KeyError, TypeError):
            return
        assert Receipt.from_json(read.to_json()).to_json() == read.to_json()

    check(RECEIPT.to_json())
    damaged = st.builds(lambda at, value: json.dumps(changed(whole, at, value)), st.integers(0, 500), PLAIN)
    fuzz(check, st.one_of(st.text(), PLAIN.map(json.dumps), damaged), examples=200)
