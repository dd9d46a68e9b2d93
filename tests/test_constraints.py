# ruff: noqa: E501 - tables of messages, one case a line
"""Each kind of constraint alone: what breaks it, what is said of that, and where each kind is known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.config.models import FieldSpec
from builder.constraints import KINDS, hold, make_check, shown
from builder.contract.jsonschema import terms_of_row_schema
from builder.contract.odcs import terms_of_odcs
from builder.contract.values import BROKEN
from builder.errors import PageError
from builder.schema import FIELD_TYPES

NOON = datetime(2022, 3, 1, 12, tzinfo=UTC)
INDIA = timezone(timedelta(hours=5, minutes=30))


def broken(name: str, argument: Any, value: Any, captured: datetime | None = NOON) -> str | None:
    """The message of the reject, None where the value holds."""
    check = make_check("f", False, "reject", {name: argument})
    try:
        hold({"f": value}, [check], captured)
    except PageError as error:
        return f"{error.code} {error.rule} {error.message}"
    return None


@pytest.mark.parametrize(
    ("name", "argument", "value", "message"),
    [
        ("min", 0, 0, None),
        ("min", 0, -1, "f: less than 0: -1"),
        ("min", date(2022, 1, 1), date(2021, 12, 31), "f: less than 2022-01-01: 2021-12-31"),
        ("max", 1.5, 1.5, None),
        ("max", 1.5, 2.0, "f: more than 1.5: 2.0"),
        ("max", NOON, NOON + timedelta(microseconds=1), "f: more than 2022-03-01 12:00:00+00:00: 2022-03-01 12:00:00.000001+00:00"),
        ("min_length", 3, "äöü", None),
        ("min_length", 3, "äö", 'f: 2 characters, at least 3: "äö"'),
        ("max_length", 3, "\U0001f30d" * 3, None),
        ("max_length", 3, "a\nbc", 'f: 4 characters, at most 3: "a bc"'),
        ("max_length", 1, ["a", "b"], "f: 2 entries, at most 1: ['a', 'b']"),
        ("pattern", "[0-9]", "No 7", None),
        ("pattern", "^[0-9]+$", "No 7", 'f: does not match "^[0-9]+$": "No 7"'),
        ("pattern", "^[a-z]+$", ["ab", "c1"], """f: does not match "^[a-z]+$": ['ab', 'c1']"""),
        ("pattern", "(a)(b)", "ab", None),
        ("one_of", ("a", "b"), "a", None),
        ("one_of", ("a", "b"), "A", 'f: none of the 2 values allowed: "A"'),
        ("one_of", ("a", "b"), ["a", "c"], "f: none of the 2 values allowed: ['a', 'c']"),
        ("one_of", (True,), False, "f: none of the 1 values allowed: False"),
        ("not_after", "captured", NOON, None),
        ("not_after", "captured", NOON + timedelta(seconds=1), "f: after the capture at 2022-03-01T12:00:00Z: 2022-03-01 12:00:01+00:00"),
        ("not_after", "captured", date(2022, 3, 2), None),
        ("not_after", "captured", date(2022, 3, 3), "f: after the capture on 2022-03-01: 2022-03-03"),
    ],
)  # fmt: skip
def test_kinds(name: str, argument: Any, value: Any, message: str | None) -> None:
    assert broken(name, argument, value) == (message and f"constraint f.{name} {message}")


def test_the_capture_is_an_instant_whatever_its_zone() -> None:
    assert broken("not_after", "captured", NOON, NOON.astimezone(INDIA)) is None
    assert broken("not_after", "captured", NOON, (NOON - timedelta(seconds=1)).astimezone(INDIA)) is not None


@pytest.mark.parametrize(("hour", "minute", "holds"), [(10, 0, True), (9, 59, False)])
@pytest.mark.parametrize("zone", [UTC, INDIA])
def test_the_day_of_the_capture_is_that_of_the_east(hour: int, minute: int, holds: bool, zone: timezone) -> None:
    captured = datetime(2022, 3, 1, hour, minute, tzinfo=UTC).astimezone(zone)
    said = None if holds else "constraint f.not_after f: after the capture on 2022-03-01: 2022-03-02"
    assert broken("not_after", "captured", date(2022, 3, 2), captured) == said


@pytest.mark.parametrize(("length", "end"), [(60, "xxxx"), (61, "x...")])
def test_a_value_is_shown_whole_as_long_as_it_fits(length: int, end: str) -> None:
    assert (len(shown("x" * length)), shown("x" * length)[-5:]) == (62, f'{end}"')


def test_without_a_time_of_capture_nothing_is_after_it() -> None:
    assert broken("not_after", "captured", date(2999, 1, 1), None) is None


def test_every_kind_has_a_case_or_is_decided_over_all_rows() -> None:
    tried = {case[0] for case in next(mark for mark in test_kinds.pytestmark if mark.name == "parametrize").args[1]}  # type: ignore[attr-defined]
    assert tried | {"unique"} == set(KINDS)


def test_every_kind_is_a_key_of_the_config_and_is_held_to_in_files_or_over_all_of_them() -> None:
    assert set(KINDS) <= set(FieldSpec.model_fields)
    assert set(BROKEN) | {"unique"} == set(KINDS)


def test_what_schemas_of_others_have_no_word_for_is_not_compared() -> None:
    row = terms_of_row_schema({"type": "object", "properties": {"f": {"type": "string"}}}, "x").fields[0]
    assert row.unsaid == {"not_after", "unique"}
    table = {"name": "t", "properties": [{"name": "f", "logicalType": "string"}]}
    column = terms_of_odcs({"apiVersion": "v3.1.0", "kind": "DataContract", "schema": [table]}, "x").fields[0]
    assert column.unsaid == {"not_after", "deprecated", "one_of"}


def test_kinds_fit_types_that_there_are() -> None:
    assert {kind for known in KINDS.values() for kind in known.types} <= set(FIELD_TYPES)


@given(st.text(max_size=500) | st.lists(st.text(max_size=100), max_size=20))
def test_shown_is_one_short_line(value: str | list[str]) -> None:
    assert len(shown(value)) <= 62
    assert not isinstance(value, str) or len(shown(value).splitlines()) <= 1


def test_what_a_page_does_not_say_breaks_nothing() -> None:
    assert broken("min_length", 3, None) is None


def test_a_value_that_is_taken_out_breaks_no_second_rule() -> None:
    record: dict[str, Any] = {"f": "abcdef"}
    check = make_check("f", False, "null", {"max_length": 2, "pattern": "^x"})
    assert hold(record, [check], NOON) == ("f.max_length",)
    assert record == {"f": None}


def test_a_value_that_is_kept_is_counted_under_every_rule() -> None:
    check = make_check("f", False, "keep", {"pattern": "^x", "max_length": 2})
    assert hold({"f": "abcdef"}, [check], NOON) == ("f.max_length", "f.pattern")


def test_a_required_value_cannot_be_taken_out() -> None:
    with pytest.raises(PageError):
        hold({"f": "abcdef"}, [make_check("f", True, "null", {"max_length": 2})], NOON)
