"""Terms in words: what `schema show` prints."""

from __future__ import annotations

from builder.contract.terms import Term, Terms
from builder.printable import printable


def as_lines(terms: Terms) -> str:
    """A line for every field, and how rows are laid out."""
    width = max((len(term.name) for term in terms.fields), default=0)
    lines = [f"schema version {terms.version or 'unknown'}, {len(terms.fields)} fields"]
    lines += [f"  {term.name:<{width}}  {_described(term)}" for term in terms.fields]
    if terms.partition_by:
        levels = [f"{level.name} ({level.unit} of {level.field})" for level in terms.partition_by]
        lines.append(f"partitioned by {', '.join(levels)}")
    if terms.sort_by:
        lines.append(f"sorted by {', '.join(terms.sort_by)}")
    if terms.primary_key:
        lines.append(f"unique by {', '.join(terms.primary_key)}")
    return "\n".join(map(printable, lines))


def _described(term: Term) -> str:
    parts = [term.arrow_type or term.type or "any type"]
    if term.nullable is False:
        parts.append("required")
    parts += [f"{name}: {value}" for name, value in (term.constraints or {}).items()]
    if term.id is not None:
        parts.append(f"id {term.id}")
    if term.deprecated:
        parts.append(f"deprecated: {term.deprecated}")
    return ", ".join(parts)
