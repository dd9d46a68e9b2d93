"""Builds whose limits or constraints are too narrow for some of their pages: those are rejects, to be read again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from small_builds import add_inline_engine, page, run, write_config, write_dump

add_inline_engine()


def wide(number: int) -> dict[str, Any]:
    """A page with an element of 30 attributes."""
    attributes = " ".join(f"a{n}" for n in range(30))
    given = page(number)
    return given | {"html": given["html"].replace("<article>", f"<article {attributes}>")}


def build_narrow(folder: Path) -> Path:
    """A config that rejects two of five pages for their attributes, and one as no HTML; built in `folder`/out."""
    write_dump(folder / "raw" / "a.jsonl", [page(1), wide(2), page(3, html=None), wide(4), page(5)])
    write_dump(folder / "raw" / "b.jsonl", [page(6)])
    config = write_config(folder, limits={"attributes": 10})
    assert run(config, folder / "out").books.rejected == {"missing_html": 1, "too_many_attributes": 2}
    return config


def fields_with(**title: Any) -> list[Any]:
    return ["url", "published_at", "published_date", {"language": {"one_of": ["en", "de"]}}, {"title": title}]
