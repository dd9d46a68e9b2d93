"""Whether the values of a file keep to the constraints that the manifest states, whole columns at a time.

This knows nothing of how a build holds pages to them: it is a second opinion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from builder.constraints import KINDS, shown
from builder.contract.files import finding
from builder.contract.findings import Finding
from builder.schema import FIELD_TYPES
from builder.write.commit import MANIFEST
from builder.write.document import Column

_EAST = timedelta(hours=14)  # where on Earth the day begins first


def check_values(path: str, table: pa.Table, column: Column) -> Iterator[Finding]:
    """What breaks a constraint of a column; nothing where the config keeps such values."""
    if column.name not in table.column_names or column.constraints.get("on_violation") == "keep":
        return
    values = table[column.name].combine_chunks()
    for name, argument in sorted(column.constraints.items()):
        try:
            if name in KINDS and column.type in FIELD_TYPES and column.type not in KINDS[name].types:
                raise TypeError
            broken = BROKEN[name](values, argument, table) if name in BROKEN else None
        except (pa.ArrowException, OverflowError, TypeError, ValueError):  # none that a config could have given
            detail = f"{name} {shown(argument)} fits no {values.type}"
            yield finding("MANIFEST_CONTRADICTS", MANIFEST, detail, field=column.name)
            continue
        if broken is None or not (rows := pc.indices_nonzero(pc.fill_null(broken, False))):
            continue
        example = shown(values[rows[0].as_py()].as_py())
        detail = f"{name} {argument}: {len(rows)} rows, as {example}"
        yield finding("ROWS_CONSTRAINT", path, detail, field=column.name)


def _bound(values: Any, argument: Any) -> tuple[Any, Any]:
    """A column and a bound that can be compared: JSON has dates and times as text; a day bounds times by their day."""
    if not isinstance(argument, str) or pa.types.is_string(values.type):
        return values, argument
    if len(argument) == len("2022-01-01"):
        return values.cast(pa.date32(), safe=False), date.fromisoformat(argument)
    moment = datetime.fromisoformat(argument)
    return values, pa.scalar(moment if moment.tzinfo else moment.replace(tzinfo=UTC), values.type)


def _below(values: Any, argument: Any, _table: pa.Table) -> Any:
    return pc.less(*_bound(values, argument))


def _above(values: Any, argument: Any, _table: pa.Table) -> Any:
    return pc.greater(*_bound(values, argument))


def _length(values: Any) -> Any:
    return pc.list_value_length(values) if pa.types.is_list(values.type) else pc.utf8_length(values)


def _too_short(values: Any, argument: int, _table: pa.Table) -> Any:
    return pc.less(_length(values), argument)


def _too_long(values: Any, argument: int, _table: pa.Table) -> Any:
    return pc.greater(_length(values), argument)


def _by_entry(values: Any, is_fine: Callable[[Any], Any]) -> Any:
    """Which values are not fine; of lists those of which an entry is not."""
    if not pa.types.is_list(values.type):
        return pc.invert(is_fine(values))
    wrong = pc.filter(pc.list_parent_indices(values), pc.invert(is_fine(pc.list_flatten(values))))
    return pc.is_in(pa.array(range(len(values)), pa.int64()), value_set=wrong.cast(pa.int64()))


def _no_match(values: Any, argument: str, _table: pa.Table) -> Any:
    return _by_entry(values, lambda texts: pc.match_substring_regex(texts, argument))


def _not_allowed(values: Any, argument: Any, _table: pa.Table) -> Any:
    kind = values.type.value_type if pa.types.is_list(values.type) else values.type
    allowed = pa.array([date.fromisoformat(item) if pa.types.is_date(kind) else item for item in argument], kind)
    wrong = _by_entry(values, lambda entries: pc.is_in(entries, value_set=allowed))
    return pc.and_(wrong, pc.is_valid(values))


def _late(values: Any, _argument: str, table: pa.Table) -> Any:
    """Where the time of capture is a column; the day at the site may be a day ahead of the one in UTC."""
    if "fetched_at" not in table.column_names:
        return None
    captured = table["fetched_at"].combine_chunks()
    if pa.types.is_date(values.type):
        return pc.greater(values, pc.add(captured, pa.scalar(_EAST)).cast(pa.date32(), safe=False))
    return pc.greater(values, captured)


BROKEN: Mapping[str, Callable[[Any, Any, pa.Table], Any]] = {
    "min": _below,
    "max": _above,
    "min_length": _too_short,
    "max_length": _too_long,
    "pattern": _no_match,
    "one_of": _not_allowed,
    "not_after": _late,
}
"""Constraint -> which values of a column break it; None where that cannot be told. `unique` is of all files: Keys."""
