from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.write.unfinished import Frame, add_frame, take_frames

SCHEMA = pa.schema([pa.field("n", pa.int64(), nullable=False), ("words", pa.list_(pa.string()))])


def frame(number: int, *batches: int) -> Frame:
    rows = [
        pa.RecordBatch.from_pylist([{"n": n, "words": ["a", str(n)]} for n in range(size)], schema=SCHEMA)
        for size in batches
    ]
    return Frame({"following": number, "said": "é\ud800"}, rows)


FRAMES = [frame(3, 2, 1), frame(4), frame(9, 5)]


def log_of(folder: Path) -> Path:
    path = folder / "unfinished" / "key.log"
    for each in FRAMES:
        add_frame(path, each, SCHEMA)
    return path


def test_frames_come_back_as_they_were(tmp_path: Path) -> None:
    path = log_of(tmp_path)
    assert take_frames(path) == FRAMES
    assert take_frames(path) == FRAMES
    assert take_frames(path)[0].rows[0].schema == SCHEMA


def test_without_a_log_there_are_none(tmp_path: Path) -> None:
    assert take_frames(tmp_path / "no.log") == []


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return log_of(tmp_path_factory.mktemp("whole")).read_bytes()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_log_that_is_damaged_gives_what_stands_before_the_damage(whole: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(whole) - 1))
    bad = whole[:at] if data.draw(st.booleans()) else whole[:at] + bytes([whole[at] ^ 0x20]) + whole[at + 1 :]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "key.log"
        path.write_bytes(bad)
        found = take_frames(path)
        assert len(found) < 3
        assert found == FRAMES[: len(found)]
        add_frame(path, FRAMES[2], SCHEMA)
        assert take_frames(path) == [*found, FRAMES[2]]
