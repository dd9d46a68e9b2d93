"""Reports of datasets, read again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lxml import html

from builder.report.dataset import as_page
from builder.report.facts import facts_of


def report(out: Path) -> bytes:
    return as_page(facts_of(out))


def parsed(out: Path) -> Any:
    return html.document_fromstring(report(out).decode())


def section(tree: Any, title: str) -> Any:
    (found,) = [part for part in tree.iter("section") if part.findtext("h2") == title]
    return found


def cells(tree: Any, title: str) -> dict[str, list[str]]:
    """The rows of the first table of a section, by their first cell."""
    rows = [[cell.text_content() for cell in row.iter("td")] for row in section(tree, title).find(".//tbody")]
    return {row[0]: row[1:] for row in rows}
