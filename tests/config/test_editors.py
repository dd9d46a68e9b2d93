"""The JSON Schemas of configs: as shipped, against every config here, and against typical mistakes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import pyarrow as pa
import pytest
from jsonschema import Draft202012Validator
from test_config import FULL, SITE
from test_config_mistakes import HEAD

from builder.config.editors import SCHEMAS, config_schema
from builder.config.load import load_config
from builder.config.models import InputSpec
from builder.config.rules import STRUCTURED, value_problem
from builder.config.values import FieldType
from builder.config.yaml import read_document
from builder.contract.exports import EXPORTS
from builder.contract.exports.notations import NOTATIONS
from builder.contract.exports.packages import CROISSANT_TYPES, PACKAGE_TYPES
from builder.contract.types import same_kind
from builder.dumps import READERS
from builder.fieldtypes import TYPES
from builder.records import REJECT_CODES, Format, RejectCode
from builder.schema import FIELD_TYPES

ROOT = Path(__file__).parents[2]
JOBS = [ROOT / "configs" / "2022.yaml", ROOT / "builder" / "config" / "template.yaml"]
SITES = sorted((ROOT / "configs" / "sites").glob("*.yaml"))
VALIDATORS = {kind: Draft202012Validator(json.loads(config_schema(kind))) for kind in SCHEMAS}


def as_editors_see(value: Any) -> Any:
    """YAML 1.2 knows no dates: they are strings."""
    if isinstance(value, dict):
        return {key: as_editors_see(part) for key, part in value.items()}
    if isinstance(value, list):
        return [as_editors_see(part) for part in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def mistakes(kind: str, text: str) -> list[str]:
    """Where the schema finds something wrong."""
    document = as_editors_see(read_document("x", text.encode()).data)
    return sorted("/".join(map(str, error.absolute_path)) for error in VALIDATORS[kind].iter_errors(document))


def test_the_config_and_the_schema_know_the_same_field_types() -> None:
    assert set(get_args(FieldType)) == set(FIELD_TYPES) - set(STRUCTURED)
    assert set(TYPES) == set(FIELD_TYPES)


@pytest.mark.parametrize("name", get_args(FieldType))
def test_every_field_type_is_compared_as_what_it_is_stored_as_and_its_values_are_held_to_it(name: str) -> None:
    arrow = FIELD_TYPES[name].arrow
    assert pa.types.is_list(arrow) or same_kind(name, None, str(arrow))
    assert value_problem(object(), name) is not None
    assert TYPES[name].wanted


def test_every_field_type_that_is_not_stored_as_text_has_its_name_in_packages() -> None:
    others = {name for name, kind in FIELD_TYPES.items() if kind.arrow != pa.string()}
    assert set(PACKAGE_TYPES) == others
    assert {*CROISSANT_TYPES} - {"url"} == {name for name in others if not pa.types.is_nested(FIELD_TYPES[name].arrow)}


def leaves(kind: pa.DataType) -> set[pa.DataType]:
    parts = [kind.field(at).type for at in range(kind.num_fields)]
    return set().union(*map(leaves, parts)) if parts else {kind}


def test_every_type_that_is_stored_has_its_names_in_all_notations() -> None:
    assert set(NOTATIONS) == set().union(*(leaves(kind.arrow) for kind in FIELD_TYPES.values()))


def test_names_that_the_type_checker_knows_are_those_of_the_tables() -> None:
    assert set(get_args(RejectCode)) == set(REJECT_CODES)
    assert set(get_args(Format)) == set(READERS)
    (formats, _) = get_args(InputSpec.model_fields["format"].annotation)
    assert {*get_args(formats), "unreadable"} == set(READERS)


def test_every_export_that_a_config_may_name_is_one_and_has_a_file() -> None:
    shipped = json.loads(config_schema("job"))["properties"]["exports"]["items"]["enum"]
    assert set(shipped) - {"report"} == {name for name, export in EXPORTS.items() if export.file is not None}


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_shipped_schema_is_that_of_the_models(kind: str) -> None:
    shipped = files("builder.config").joinpath(SCHEMAS[kind]).read_text(encoding="utf-8")
    assert shipped == config_schema(kind)
    Draft202012Validator.check_schema(json.loads(shipped))


@pytest.mark.parametrize("path", [*JOBS, *SITES], ids=lambda path: path.name)
def test_every_config_here_keeps_to_its_schema(path: Path) -> None:
    assert mistakes("site" if path in SITES else "job", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", [JOBS[0], *SITES], ids=lambda path: path.name)
def test_every_config_here_names_its_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    name = first.removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / name).resolve() == ROOT / "builder" / "config" / SCHEMAS["site" if path in SITES else "job"]


def test_the_template_names_a_schema_and_says_how_to_make_it() -> None:
    first, second = JOBS[1].read_text(encoding="utf-8").splitlines()[:2]
    name = first.removeprefix("# yaml-language-server: $schema=")
    assert f"`build-dataset schema config > {name}`" in second


@pytest.mark.parametrize("rule", ["{css: h1, xpath: null}", "{const: 7, css: null}"])
def test_a_source_that_is_null_is_none(tmp_path: Path, rule: str) -> None:
    """To the schema as to the builder."""
    text = f"{HEAD}rules: {{word_count: {rule}}}\n"
    (tmp_path / "job.yaml").write_text(text, encoding="utf-8")
    assert load_config(tmp_path / "job.yaml").job.rules["word_count"][0].source in ("css", "const")
    assert mistakes("job", text) == []


def test_the_full_config_keeps_to_it() -> None:
    assert mistakes("job", FULL) == []
    assert mistakes("site", SITE) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("feilds: [url]", ""),
        ("write: {zzz: 1}", "write"),
        ("duplicates: {keep: latest}", "duplicates"),
        ("fields:\n  - lead:\n      type: sting", "fields"),
        ("fields: [{title: {max_lenght: 3}}]", "fields"),
        ("fields: [{title: {required: yes}}]", "fields"),
        ("fields: [{title: {}, url: {}}]", "fields"),
        ("fields: []", "fields"),
        ("description: 2022", "description"),
        ('thresholds: {max_reject_rate: "0.5"}', "thresholds/max_reject_rate"),
        ("thresholds: {max_reject_rate: 5}", "thresholds/max_reject_rate"),
        ("thresholds: {max_drift: {row: 1}}", "thresholds/max_drift"),
        ("limits: {page_seconds: 0}", "limits/page_seconds"),
        ("limits: []", "limits"),
        ("sort_by: url", "sort_by"),
        ("partition_by: [{week: published_at}]", "partition_by/0"),
        ("partition_by: [{year: a, month: b}]", "partition_by/0"),
        ("partition_by: [{value: site}]", "partition_by/0"),
        ("duplicates: {by: [url], keep: last}", "duplicates"),
        ("rules: {title: {css: h1, xpath: //h1}}", "rules/title"),
        ("rules: {title: {date: '%Y'}}", "rules/title"),
        ("rules: {title: {css: null}}", "rules/title"),
        ("rules: {title: {capture: page_uri}}", "rules/title"),
        ("exports: [readme, pdf]", "exports/1"),
        ("about: {licence: MIT}", "about"),
        ("inputs: [{path: a, format: wark}]", "inputs/0"),
    ],
)
def test_typical_mistakes_are_marked(text: str, place: str) -> None:
    """At the place, or at the next one above it that has more than one form."""
    head = HEAD if not text.startswith("inputs") else HEAD.replace("inputs: [a.warc]\n", "")
    assert mistakes("job", head + text) == [place]


@pytest.mark.parametrize(
    ("text", "place"),
    [("profiles: [{}]", ""), ("domains: [a.example]\nprofiles: []", "profiles"),
     ("domains: [a.example]\nprofiles: [{time_zone: x}]", "profiles/0")],
)  # fmt: skip
def test_typical_mistakes_of_a_site_are_marked(text: str, place: str) -> None:
    assert mistakes("site", text) == [place]


def silent_keys(node: Any, place: str) -> Iterator[str]:
    """The keys of a schema that editors have no words for; a mere condition (`oneOf` of a rule) describes nothing."""
    if isinstance(node, list):
        for part in node:
            yield from silent_keys(part, place)
    elif isinstance(node, dict):
        of_model = node.get("additionalProperties") is False
        for name, key in node.get("properties", {}).items() if of_model else ():
            if not key.get("description"):
                yield f"{place}.{name}"
        for name, part in node.items():
            yield from silent_keys(part, name)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_every_key_says_what_it_means(kind: str) -> None:
    assert list(silent_keys(json.loads(config_schema(kind)), kind)) == []


@pytest.mark.parametrize("kind", sorted(SCHEMAS))
def test_what_is_required_is_named_beside_it(kind: str) -> None:
    """Validators that are strict by default do not take a schema otherwise."""
    left: list[Any] = [json.loads(config_schema(kind))]
    for part in left:
        left += part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        if isinstance(part, dict) and isinstance(part.get("required"), list):
            assert set(part["required"]) <= part.get("properties", {}).keys(), part
