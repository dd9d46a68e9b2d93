# ruff: noqa: PT017 - an error is one of the outcomes
"""Any bytes as a config, any change of a good one: a config, or lines that say where it is wrong, in bounded time."""

from __future__ import annotations

import re
import time
from pathlib import Path

from fuzzing import fuzz
from hypothesis import strategies as st
from small_builds import ROOT, load

from builder.compiled import compile_job
from builder.errors import ConfigError

GOOD = (ROOT / "builder" / "config" / "template.yaml").read_bytes()
SITE = (ROOT / "configs" / "sites" / "devdiscourse.com.yaml").read_bytes()
WORDS = sorted(set(re.findall(rb"[A-Za-z_]{3,}", GOOD + SITE)))
TOKENS = (
    ": |- |[|]|{|}|\n|  |'|\"|&a |*a|!!x |>|#|%|0x1f|1e999|.nan|2022-02-30|\ufeff|\0|~|null|"
    "<<: |(?=x)|//h1[|é|🦊|16MiB|-1|../|\t|\r|(a+)+$|\\1|%Y-%m"
)
PIECES = st.sampled_from([*WORDS, *map(str.encode, TOKENS.split("|")), b"\xff", b"\xed\xa0\x80", b"|"])
EDITS = st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 40), PIECES), min_size=1, max_size=6)
SOUP = st.lists(PIECES, max_size=40).map(b"".join)
CONFIGS = st.one_of(
    EDITS.map(lambda edits: edited(GOOD, edits)),
    EDITS.map(lambda edits: edited(GOOD.replace(b"# ", b""), edits)),
    st.tuples(st.just(b"name: x\ninputs: [a]\noutput: o\n"), SOUP).map(b"".join),
    SOUP,
    st.binary(max_size=300),
)


def edited(text: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """The text with some stretches replaced."""
    for at, length, piece in edits:
        text = text[:at] + piece + text[at + length :]
    return text


def test_fuzz_config_loader(tmp_path: Path) -> None:
    path = tmp_path / "job.yaml"
    (tmp_path / "configs" / "sites").mkdir(parents=True)

    def check(text: bytes) -> None:
        path.write_bytes(text)
        began = time.process_time()
        try:
            loaded = load(path)
        except ConfigError as error:
            lines = str(error).splitlines()
            assert lines
            assert all(line.startswith(str(path)) for line in lines), lines
            assert all(char.isprintable() for line in lines for char in line)
        else:
            compile_job(loaded)
        assert time.process_time() - began < 20

    fuzz(check, CONFIGS, examples=40)


def test_fuzz_site_file_loader(tmp_path: Path) -> None:
    path = tmp_path / "job.yaml"
    path.write_text("name: x\ninputs: [a]\noutput: o\nsites: sites\n")
    (tmp_path / "sites").mkdir()

    def check(text: bytes) -> None:
        (tmp_path / "sites" / "a.yaml").write_bytes(text)
        try:
            compile_job(load(path))
        except ConfigError as error:
            assert all(line.startswith(str(tmp_path)) for line in str(error).splitlines()), str(error)

    fuzz(check, st.one_of(EDITS.map(lambda edits: edited(SITE, edits)), SOUP), examples=40)


def test_fuzz_override(tmp_path: Path) -> None:
    path = tmp_path / "job.yaml"
    path.write_text("name: x\ninputs: [a]\noutput: o\nfields: [url, {title: {required: true}}]\n")

    def check(override: str) -> None:
        try:
            compile_job(load(path, override))
        except ConfigError as error:
            assert str(error)

    keys = st.sampled_from(
        ["name", "fields", "fields.1.title.required", "inputs.0.path", "limits.depth", "write", "", "a.b.c"]
    )
    fuzz(check, st.builds("{}={}".format, keys, SOUP.map(lambda text: text.decode("utf-8", "replace"))), examples=60)
