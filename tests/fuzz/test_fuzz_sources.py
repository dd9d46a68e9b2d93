"""Any change of a file that `--against` reads: it is compared with, or refused in one line."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from fuzzing import fuzz
from hypothesis import strategies as st
from ruamel.yaml import YAML
from small_builds import load, write_config

from builder.compiled import compile_job
from builder.contract.compare import compare
from builder.contract.exports import export
from builder.contract.promise import promised
from builder.contract.sources import load_terms
from builder.contract.terms import as_data
from builder.errors import ConfigError

FIELDS: list[Any] = [
    {"url": {"required": True, "unique": True, "pattern": "^https://"}}, "links", "source",
    {"title": {"min_length": 3, "max_length": 200, "deprecated": "read url"}},
    {"tags": {"max_length": 9, "one_of": ["a", "b"]}}, {"word_count": {"min": 1, "max": 100_000}},
    {"section": {"one_of": ["news"], "on_violation": "keep"}}, {"published_at": {"not_after": "captured"}},
]  # fmt: skip
VALUES: list[Any] = [
    None, [], {}, 0, -1, True, "", "x", "a\nb", ["a", None], {"a": 1}, 10**400, 1.5, [[]], {"type": None}, "2022-13-45",
    "null", ["string", "null", "integer"], {"type": ["string"]}, {"$data": "1/x"}, 1e400,
]  # fmt: skip
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.one_of(st.none(), st.integers(0, len(VALUES) - 1))), min_size=1, max_size=3
)


def places(data: Any) -> list[tuple[Any, Any]]:
    """Every list or mapping within, with each of its keys."""
    keys = list(data) if isinstance(data, dict) else list(range(len(data))) if isinstance(data, list) else []
    return [place for key in keys for place in ((data, key), *places(data[key]))]


def edited(data: Any, edits: list[tuple[float, int | None]]) -> Any:
    """The data with some values replaced, or gone."""
    data = copy.deepcopy(data)
    for at, value in edits:
        found = places(data)
        if not found:
            break
        inside, key = found[min(int(at * len(found)), len(found) - 1)]
        if value is None:
            del inside[key]
        else:
            inside[key] = copy.deepcopy(VALUES[value])
    return data


def test_fuzz_sources(tmp_path: Path) -> None:
    config = write_config(tmp_path, fields=FIELDS, sort_by=["url"], partition_by=["section"])
    described, mine = promised(compile_job(load(config))), load_terms(str(config))
    sources = {
        "shown.json": as_data(mine),
        "rows.json": json.loads(export(described, "json-schema")),
        "a.odcs.yaml": YAML(typ="safe", pure=True).load(export(described, "odcs")),
    }

    def check(example: tuple[str, list[tuple[float, int | None]]]) -> None:
        name, edits = example
        (tmp_path / name).write_text(json.dumps(edited(sources[name], edits)))
        try:
            theirs = load_terms(str(tmp_path / name))
        except ConfigError as error:
            lines = str(error).splitlines()
            assert all(line.startswith(str(tmp_path / name)) and line.isprintable() for line in lines)
            assert len(lines) == 1 or name == "a.odcs.yaml"  # read as a config, where it is no contract any more
        else:
            compare(theirs, mine)
            compare(mine, theirs)

    fuzz(check, st.tuples(st.sampled_from(sorted(sources)), EDITS), examples=300)
