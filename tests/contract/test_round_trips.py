"""What is exported says the same when it is read back: whatever the config, its own schemas find nothing in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_builds import load, write_config

from builder.compiled import compile_job
from builder.constraints import KINDS
from builder.contract.compare import compare
from builder.contract.exports import export
from builder.contract.promise import promised
from builder.contract.sources import load_terms

READ_BACK = {"json-schema": "rows.json", "odcs": "contract.odcs.yaml"}

texts = st.one_of(
    st.sampled_from(["no", "on", "null", "12:30:45", "2022-01-01", "1e3", "a: b", "\u2028", ""]),
    st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0xFFFF), max_size=20),
)
days = st.dates().map(lambda day: f"PLAIN {day.isoformat()}")
moments = st.datetimes(timezones=st.timezones()).map(lambda at: f"PLAIN {at.replace(second=0).isoformat()[:19]}Z")
VALUES = {
    "string": texts, "text": texts, "url": texts, "language": texts, "list<string>": texts,
    "integer": st.one_of(st.integers(-9, 9), st.integers(-(2**63), 2**63 - 1), st.sampled_from([-(2**63), 2**63 - 1])),
    "number": st.floats(allow_nan=False, allow_infinity=False), "boolean": st.booleans(),
    "date": days, "timestamp": moments,
}  # fmt: skip
"""Type -> its values, as a config has them; JSON has no dates, so they are put in as YAML."""
ARGUMENTS: dict[str, Any] = {
    "min_length": lambda _: st.integers(0, 9), "max_length": lambda _: st.integers(9, 99),
    "pattern": lambda _: st.sampled_from(["^a", "a|b", r"\d+: #", "no"]),
    "one_of": lambda kind: st.lists(VALUES[kind], min_size=1, max_size=5),
    "not_after": lambda _: st.just("captured"), "unique": lambda _: st.just(True),
    "min": lambda kind: VALUES[kind], "max": lambda kind: VALUES[kind],
}  # fmt: skip


@st.composite
def settings_of_fields(draw: st.DrawFn) -> dict[str, Any]:
    """A field of any type with any constraints that fit it."""
    kind = draw(st.sampled_from(sorted(VALUES)))
    found: dict[str, Any] = {"type": kind, "description": draw(texts)}
    for name in draw(st.sets(st.sampled_from(sorted(name for name in KINDS if kind in KINDS[name].types)), max_size=4)):
        found[name] = draw(ARGUMENTS[name](kind))
    if "min" in found and "max" in found:
        del found[draw(st.sampled_from(["min", "max"]))]
    found |= draw(st.fixed_dictionaries({}, optional={"deprecated": st.just("use url"), "required": st.booleans()}))
    if not found.get("required") and "unique" not in found:
        found |= draw(st.fixed_dictionaries({}, optional={"on_violation": st.sampled_from(["null", "reject", "fail"])}))
    return found | draw(st.fixed_dictionaries({}, optional={"on_violation": st.sampled_from(["keep"])}))


fields = st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True), settings_of_fields(), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(fields=fields, has_key=st.booleans(), has_folders=st.booleans())
def test_a_config_breaks_no_schema_of_its_own(
    tmp_path: Path, fields: dict[str, Any], has_key: bool, has_folders: bool
) -> None:
    others = [name for name in ("url", "links", "source", "tags", "published_at") if name not in fields]
    listed = [*({name: given} for name, given in fields.items()), *others]
    by = [name for name, given in fields.items() if not given["type"].startswith("list")]
    folders = [name for name, given in fields.items() if given["type"] in ("string", "integer")]
    config = write_config(
        tmp_path, fields=listed, sort_by=None, partition_by=folders if has_folders else None,
        duplicates={"by": by} if has_key and by else None,
    )  # fmt: skip
    config.write_text(re.sub(r'"PLAIN ([^"]*)"', r"\1", config.read_text(encoding="utf-8")), encoding="utf-8")
    described = promised(compile_job(load(config)))
    mine = load_terms(str(config))
    for kind, name in READ_BACK.items():
        (tmp_path / name).write_bytes(export(described, kind))
        theirs = load_terms(str(tmp_path / name))
        assert compare(theirs, mine) == compare(mine, theirs) == []
