"""The tables of the README and of its pages are those of the code, and their links lead somewhere."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from readme_pages import PAGES, README, ROOT

from builder.catalogue import CATALOGUE
from builder.config import models, rulespec, settings
from builder.config.models import Duplicates, FieldSpec, InputSpec, JobConfig, PartitionBy, Profile, Select, SiteFile
from builder.config.rulespec import Rule
from builder.config.settings import About, Drift, Limits, Thresholds, WriteOptions
from builder.config.values import SOURCES
from builder.constraints import KINDS
from builder.contract.exports import EXPORTS
from builder.contract.rules import CHANGES, CHECKS, RULES, judge
from builder.engines.work import Work
from builder.records import REJECT_CODES


def change_row(rule: str) -> str:
    change = CHANGES[rule]
    cells = (f"`{rule}`", change.meaning, change.forward, change.backward, *judge(change, "full")[:2])
    return f"| {' | '.join(cells)} |"


KEYS: dict[str, type[BaseModel]] = {
    "": JobConfig, "inputs.": InputSpec, "fields.<field>.": FieldSpec, "select.<field>.": Select,
    "duplicates.": Duplicates, "thresholds.": Thresholds, "thresholds.max_drift.": Drift, "limits.": Limits,
    "write.": WriteOptions, "about.": About, "site: ": SiteFile, "site: profiles.": Profile, "rule: ": Rule,
}  # fmt: skip
"""What a key stands in -> the model that has it: what the table of keys is made of."""
ELSEWHERE = {FieldSpec: ("name", *KINDS), SiteFile: ("file",), Rule: SOURCES}
"""Keys that have a table of their own (constraints, sources), or that no file holds."""
OTHERWISE_WRITTEN = {PartitionBy}
"""Models whose keys are not those of the file: a level is written `{month: published_date, as: paper}`."""


def key_rows() -> list[str]:
    return [
        f"| `{place}{name}` |{default_of(key)} | {(key.description or '').removesuffix('.')} |"
        for place, model in KEYS.items()
        for name, key in model.model_fields.items()
        if name not in ELSEWHERE.get(model, ())
    ]


def default_of(key: FieldInfo) -> str:
    """As YAML says it; nothing for a key that asks for nothing where it is left out, or has keys of its own."""
    if key.is_required():
        return " required"
    value = key.default
    if isinstance(value, BaseModel) or value in (None, "", {}, ()):
        return ""
    if isinstance(value, int) and value >= 2**20:
        return f" `{value // 2**30}GiB`" if value % 2**30 == 0 else f" `{value // 2**20}MiB`"
    texts = [json.dumps(item) if isinstance(item, bool) else f"{item:g}" if isinstance(item, float) else str(item)
             for item in (value if isinstance(value, tuple) else (value,))]  # fmt: skip
    return " " + ", ".join(f"`{text}`" for text in texts)


def anchors(name: str) -> set[str]:
    """What a link into a page may name."""
    prose = re.sub(r"^```.*?^```$", "", PAGES[name], flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {"", *(re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings)}


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_to_headings(name: str) -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", PAGES[name]) if "://" not in link]
    assert links or name == "builder/README.md"
    for link in links:
        path, _, anchor = link.partition("#")
        page = ((ROOT / name).parent / path).resolve().relative_to(ROOT).as_posix() if path else name
        assert anchor in anchors(page) if page in PAGES else (ROOT / page).exists(), link


def test_every_extra_is_in_the_table_of_extras() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    table = README.partition("| extra | for |\n")[2].partition("\n\n")[0]
    named = re.findall(r"`(\w+)`", " ".join(line.split(" | ")[0] for line in table.splitlines()[1:]))
    assert sorted(named) == sorted(extras)


def test_every_model_of_a_config_has_its_keys_in_the_table() -> None:
    made = {
        model
        for module in (models, rulespec, settings)
        for model in vars(module).values()
        if isinstance(model, type) and issubclass(model, BaseModel) and model.__module__ == module.__name__
    }
    assert made == {*KEYS.values(), *OTHERWISE_WRITTEN}


def test_every_key_has_its_row_in_the_table() -> None:
    """What it says there editors say as well."""
    assert [line for line in PAGES["configs/README.md"].splitlines() if line.startswith("| `")] == key_rows()


def test_every_source_of_a_rule_has_its_row() -> None:
    table = README.partition("| source | gives |\n")[2].partition("\n\n")[0]
    named = re.findall(r"`(\w+)`", " ".join(line.split(" | ")[0] for line in table.splitlines()[1:]))
    assert sorted(named) == sorted((*SOURCES, "attr"))


def test_the_memory_that_tasks_may_take_is_that_of_the_code() -> None:
    pages, others = Limits().worker_memory // 2**30, Work("any", print).memory // 2**30
    assert f"`limits.worker_memory` ({pages} GiB)" in README
    assert f"Tasks that read no pages may take {others} GiB" in README


@pytest.mark.parametrize(
    "row",
    [
        *(f"| `{n}` | {d.type}{', required' if d.required else ''} | {d.description} |" for n, d in CATALOGUE.items()),
        *(f"| `{code}` | {meaning} |" for code, meaning in REJECT_CODES.items()),
        *(f"| `{rule}` | {check.meaning} |" for rule, check in CHECKS.items()),
        *map(change_row, CHANGES),
        *(f"| `{n}` | {item.meaning} | {f'`{item.file}` |' if item.file else '|'}" for n, item in EXPORTS.items()),
        *(f"| `{name}` | {', '.join(kind.types)} | {kind.meaning} |" for name, kind in KINDS.items()),
    ],
)
def test_tables_are_those_of_the_code(row: str) -> None:
    assert row in README


def test_rules_are_listed_once_and_no_others() -> None:
    listed = re.findall(r"^\| `([A-Z_]{6,})` \|", README, re.MULTILINE)
    assert sorted(listed) == sorted(RULES)
