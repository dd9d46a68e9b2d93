# ruff: noqa: PT017 - an error is one of the outcomes
"""Any change of a manifest: it is read back, or refused in one line; never a path that leads out of the dataset."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzzing import fuzz
from hypothesis import strategies as st
from small_builds import add_inline_engine, run, two_dumps

from builder.contract.manifest import files_of, read_manifest
from builder.errors import BuilderError

add_inline_engine()
TOKENS = (
    r'{ } [ ] " , : null -1 1e999 NaN ../ /etc/passwd \u0000 \ud800 format_version "files" "sha256" true é'.encode()
)
PIECES = st.sampled_from([*TOKENS.split(), b"", b"9" * 40, b"\n", b"\xff", b"\0", b"[" * 9999])
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), PIECES), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("good")
    run(two_dumps(folder), folder / "out")
    return (folder / "out" / "_manifest.json").read_bytes()


def test_fuzz_manifest_loader(tmp_path: Path, good: bytes) -> None:
    path = tmp_path / "_manifest.json"

    def check(text: bytes) -> None:
        path.write_bytes(text)
        try:
            manifest = read_manifest(path)
            named = [part.path for part in files_of(manifest)]
        except BuilderError as error:
            assert len(str(error).splitlines()) == 1
        else:
            assert all(name.startswith(("data/", "_rejects/")) and ".." not in name.split("/") for name in named)

    def edited(edits: list[tuple[float, int, bytes]]) -> bytes:
        text = good
        for at, length, piece in edits:
            place = int(at * len(text))
            text = text[:place] + piece + text[place + length :]
        return text

    fuzz(check, st.one_of(EDITS.map(edited), st.binary(max_size=200)), examples=150)
