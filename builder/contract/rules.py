"""The rules: what each finding means. One row a kind of change, one row a kind of damage; ids are stable.

    forward   queries written for the old dataset, run on the new one
    backward  queries written for the new dataset, run on the old one
    full      both; the default

An effect is ok, careful (most readers take it, some do not) or breaks. What breaks in the mode that is asked for is
breaking and owes a major version, what wants care is widening and owes a minor one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

from builder.contract.findings import Severity

Mode: TypeAlias = Literal["full", "forward", "backward"]
MODES: tuple[Mode, ...] = ("full", "forward", "backward")
Effect: TypeAlias = Literal["ok", "careful", "breaks"]
Step: TypeAlias = Literal["major", "minor", "patch"]
STEPS: tuple[Step, ...] = ("patch", "minor", "major")
_KEEP = "keep the old field beside it, marked `deprecated`, or give the schema its next major version"
_RESTORE = "undo it, or give the schema its next major version"
_SAY = "say so in the release notes"
_AGAIN = "build again"
_REBUILD = "build again with --fresh, or restore the file"


class Change(NamedTuple):
    """A kind of change between two schemas."""

    meaning: str
    forward: Effect
    backward: Effect
    step: Step
    """Of the version, where nothing breaks and nothing wants care."""
    hint: str


class Check(NamedTuple):
    """A kind of damage."""

    meaning: str
    hint: str


class Verdict(NamedTuple):
    """What a change is in one mode."""

    change: str
    """none, compatible, widening or breaking."""
    step: Step
    severity: Severity


CHANGES: Mapping[str, Change] = {
    "SCHEMA_DESCRIPTION_CHANGED": Change("the words about a field changed", "ok", "ok", "patch", ""),
    "SCHEMA_FIELD_ORDER_CHANGED": Change("fields stand in another order", "ok", "ok", "patch", ""),
    "SCHEMA_FIELD_DEPRECATED": Change("a field is announced to go", "ok", "ok", "minor", ""),
    "SCHEMA_FIELD_ADDED": Change("a field that may be null is new", "ok", "ok", "minor", ""),
    "SCHEMA_REQUIRED_FIELD_ADDED": Change(
        "a required field is new", "ok", "breaks", "minor", "let it be null: leave out `required`"
    ),
    "SCHEMA_FIELD_DROPPED": Change("a field is gone", "breaks", "ok", "minor", _KEEP),
    "SCHEMA_DEPRECATED_FIELD_DROPPED": Change(
        "a field that was deprecated is gone", "breaks", "ok", "minor", "give the schema its next major version"
    ),
    "SCHEMA_FIELD_RENAMED": Change("a field has another name (its id is the same)", "breaks", "breaks", "minor", _KEEP),
    "SCHEMA_FIELD_REPLACED": Change(
        "another field (with another id) has this name", "breaks", "breaks", "minor", "a new name, or the old id"
    ),
    "SCHEMA_TYPE_WIDENED": Change("a type takes all old values and more", "careful", "ok", "minor", _SAY),
    "SCHEMA_TYPE_NARROWED": Change("a type does not take all old values", "breaks", "breaks", "minor", _RESTORE),
    "SCHEMA_TYPE_CHANGED": Change(
        "another type, unit or time zone", "breaks", "breaks", "minor", "add a new field of the new type beside it"
    ),
    "SCHEMA_KIND_CHANGED": Change("another kind of value, of the same Arrow type", "ok", "ok", "minor", ""),
    "SCHEMA_FIELD_NOW_NULLABLE": Change("a required field may be null", "breaks", "ok", "minor", "keep it `required`"),
    "SCHEMA_FIELD_NOW_REQUIRED": Change(
        "a field that may be null is required", "ok", "breaks", "minor", "let it be null: leave out `required`"
    ),
    "SCHEMA_FILLED_FIELD_NOW_REQUIRED": Change(
        "a field is required, and no row of the old dataset lacks it", "ok", "ok", "minor", ""
    ),
    "SCHEMA_VALUE_ADDED": Change("`one_of` takes a new value", "careful", "ok", "minor", _SAY),
    "SCHEMA_VALUE_REMOVED": Change("`one_of` has lost a value", "ok", "breaks", "minor", _RESTORE),
    "SCHEMA_CONSTRAINT_WIDENED": Change("a constraint takes more values than before", "careful", "ok", "minor", _SAY),
    "SCHEMA_CONSTRAINT_NARROWED": Change("a constraint takes fewer values", "ok", "breaks", "minor", _RESTORE),
    "SCHEMA_CONSTRAINT_CHANGED": Change("a constraint takes other values", "careful", "breaks", "minor", _RESTORE),
    "SCHEMA_KEY_WIDENED": Change("rows are unique by more fields, or no longer", "breaks", "ok", "minor", _RESTORE),
    "SCHEMA_KEY_NARROWED": Change("rows are unique by fewer fields, or newly so", "ok", "breaks", "minor", _RESTORE),
    "SCHEMA_KEY_CHANGED": Change("rows are unique by other fields", "breaks", "breaks", "minor", _RESTORE),
    "LAYOUT_PARTITIONS_CHANGED": Change("other partition columns", "breaks", "breaks", "minor", _RESTORE),
    "LAYOUT_ENCODING_CHANGED": Change(
        "partition values are written otherwise", "breaks", "breaks", "minor", _RESTORE
    ),
    "LAYOUT_SORT_EXTENDED": Change("rows are sorted by more fields, or newly so", "ok", "breaks", "minor", _RESTORE),
    "LAYOUT_SORT_SHORTENED": Change("rows are sorted by fewer fields, or no longer", "breaks", "ok", "minor", _RESTORE),
    "LAYOUT_SORT_CHANGED": Change("rows are sorted by other fields", "breaks", "breaks", "minor", _RESTORE),
}  # fmt: skip


CHECKS: Mapping[str, Check] = {
    "SCHEMA_VERSION_STEP": Check("the schema's version did not take the step that the changes owe", "set `version`"),
    "SCHEMA_VERSION_BACK": Check("the schema's version is lower than before", "set `version`"),
    "CONFIG_INVALID": Check("the config has a mistake", ""),
    "MANIFEST_UNREADABLE": Check("the manifest is cut, or not one", _AGAIN),
    "MANIFEST_CHANGED": Check("the manifest is not as it was written", _AGAIN),
    "MANIFEST_NEWER": Check("the manifest is of a later format", "update build-dataset"),
    "MANIFEST_UNSAFE_PATH": Check("the manifest names a file outside of the dataset", "do not read by it; build again"),
    "MANIFEST_CONTRADICTS": Check("parts of the manifest contradict each other", _AGAIN),
    "BOOKS_UNBALANCED": Check("pages read are not rows + rejects + filtered + duplicates", _AGAIN),
    "DATASET_NOT_MARKED": Check("data/_SUCCESS is missing or not empty: a build was stopped, or is at work", _AGAIN),
    "FILE_MISSING": Check("a file that the manifest names is missing", _REBUILD),
    "FILE_EXTRA": Check("a file that the manifest does not name; readers that glob would read it", "move it away"),
    "FILE_LINK": Check("a link, pipe or device instead of a file or folder of the dataset", "replace it by the file"),
    "FILE_SIZE": Check("a file has another size than the manifest says", _REBUILD),
    "FILE_UNREADABLE": Check("a file cannot be read as Parquet, or a page checksum is wrong", _REBUILD),
    "FILE_ROWS": Check("a file has other row counts than the manifest says", _REBUILD),
    "FILE_SCHEMA": Check("a file has another schema than the manifest says", _REBUILD),
    "FILE_DIGEST": Check("a file's bytes are not those that were written", _REBUILD),
    "ROWS_NULL": Check("a required field is null", _REBUILD),
    "ROWS_CONSTRAINT": Check("a value breaks a constraint of its field", _REBUILD),
    "ROWS_DUPLICATE": Check("two rows are equal in what they should be unique by", _REBUILD),
    "ROWS_UNSORTED": Check("rows are not sorted as the manifest says", _REBUILD),
    "ROWS_PARTITION": Check("a row lies in the folder of another partition value", _REBUILD),
    "ROWS_STATISTICS": Check("null counts or bounds in the manifest are not those of the rows", _REBUILD),
}  # fmt: skip

RULES: Mapping[str, str] = {
    **{rule: change.meaning for rule, change in CHANGES.items()},
    **{rule: check.meaning for rule, check in CHECKS.items()},
}
"""Rule id -> what it means, all of them."""


def judge(change: Change, mode: Mode) -> Verdict:
    """What a kind of change is in a mode.

    >>> judge(CHANGES["SCHEMA_FIELD_DROPPED"], "full")
    Verdict(change='breaking', step='major', severity='error')
    >>> judge(CHANGES["SCHEMA_FIELD_DROPPED"], "backward")
    Verdict(change='compatible', step='minor', severity='note')
    """
    effects = {"forward": [change.forward], "backward": [change.backward]}.get(mode, [change.forward, change.backward])
    if "breaks" in effects:
        return Verdict("breaking", "major", "error")
    if "careful" in effects:
        return Verdict("widening", "minor", "warning")
    return Verdict("none" if change.step == "patch" else "compatible", change.step, "note")
