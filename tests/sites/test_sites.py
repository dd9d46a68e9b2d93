"""Gold pages: what the profiles of configs/sites, and the generic extractor, are to find on real layouts."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from builder.catalogue import CATALOGUE
from builder.compiled import Job, compile_job
from builder.config.load import load_config
from builder.config.models import FieldSpec, LoadedConfig
from builder.pipeline import Row, build_record
from builder.records import Locator, Page, Record

ROOT = Path(__file__).parents[2]
CASES = sorted(Path(__file__).parent.glob("*/*.json"))
NAMES = [f"{path.parent.name}/{path.stem}" for path in CASES]


@cache
def loaded() -> LoadedConfig:
    return load_config(ROOT / "configs" / "2022.yaml")


@cache
def job(with_sites: bool = True) -> Job:
    """The committed job with every field of the catalogue, and without its selection: gold pages may be of any year."""
    config = loaded().job
    named = {spec.name for spec in config.fields or ()}
    fields = (*(config.fields or ()), *(FieldSpec(name=name) for name in CATALOGUE if name not in named))
    changed = config.model_copy(update={"fields": fields, "select": {}})
    return compile_job(LoadedConfig(loaded().path, changed, loaded().sites if with_sites else ()))


@cache
def record_of(path: Path, with_sites: bool = True) -> Record:
    case = json.loads(path.read_text(encoding="utf-8"))
    page = Page(
        url=case["url"],
        body=path.with_suffix(".html").read_bytes(),
        source=Locator("gold", 0, 1, path.stem),
        fetched_at=datetime.fromisoformat(case["fetched_at"]) if case.get("fetched_at") else None,
        http_status=200,
        headers=case.get("headers", {}),
    )
    outcome = build_record(page, job(with_sites))
    assert isinstance(outcome, Row), outcome
    return outcome.record


def plain(value: Any) -> Any:
    """A value as JSON has it; instants in UTC with a Z."""
    if isinstance(value, datetime):
        assert value.tzinfo is not None
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("path", CASES, ids=NAMES)
def test_the_gold_page(path: Path) -> None:
    expected = json.loads(path.read_text(encoding="utf-8"))["expect"]
    assert expected
    record = record_of(path)
    if record["profile"] is None:
        text = expected.pop("text", "")
        assert in_order(text.split("\n\n"), record["text"].split("\n\n"))
        assert len(record["text"]) <= 1.25 * len(text) + 1
    assert {name: plain(record[name]) for name in expected} == expected


SHOWN = ("title", "authors", "agency", "dateline", "published_date", "language", "image_credit", "is_syndicated")


@pytest.mark.parametrize("name", ["normal", "bare", "renamed"])
def test_what_a_wire_story_says_is_found_without_its_profile(name: str) -> None:
    path = Path(__file__).parent / "devdiscourse.com" / f"blinken-{name}.json"
    expected = json.loads(path.read_text(encoding="utf-8"))["expect"]
    record = record_of(path, with_sites=False)
    assert {name: plain(record[name]) for name in SHOWN} == {name: expected[name] for name in SHOWN}
    assert in_order(expected["text"].split("\n\n"), record["text"].split("\n\n"))


def in_order(wanted: list[str], found: list[str]) -> bool:
    """Whether all paragraphs are there in their order: a classifier may take a standfirst along, but lose nothing."""
    rest = iter(found)
    return all(paragraph in rest for paragraph in wanted)


@pytest.mark.parametrize("path", CASES, ids=NAMES)
def test_the_gold_page_is_of_the_site_that_it_is_filed_under(path: Path) -> None:
    assert record_of(path)["site"] == path.parent.name


def test_every_case_has_its_page_and_every_page_its_case() -> None:
    pages = Path(__file__).parent.glob("*/*.html")
    assert {path.with_suffix("") for path in pages} == {path.with_suffix("") for path in CASES}


def test_every_profile_has_two_gold_pages() -> None:
    """So that a change of a profile cannot go unseen."""
    profiles = [profile.name for site in loaded().sites for profile in site.profiles]
    assert profiles
    seen = Counter(record_of(path)["profile"] for path in CASES)
    assert {name: seen[name] for name in profiles if seen[name] < 2} == {}


def test_pages_of_sites_without_a_profile_are_among_them() -> None:
    assert sum(record_of(path)["profile"] is None for path in CASES) >= 2
