"""Builds that are partitioned by a value that stands in the pages as it is."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from small_builds import page, write_config, write_dump

from builder.job import Outcome


def desks(folder: Path, values: list[str | None], **changes: Any) -> Path:
    """One page a value, which stands in its JSON-LD as it is; the config partitions by it."""
    pages = []
    for number, value in enumerate(values):
        given = "" if value is None else json.dumps({"@type": "NewsArticle", "headline": "H", "articleSection": value})
        html = (
            f"<html><title>T</title><body><script type='application/ld+json'>{given}</script><p>words</p></body></html>"
        )
        pages.append(page(number, html=html))
    write_dump(folder / "raw" / "a.jsonl", pages)
    field = {"desk": {"type": "string", "rules": [{"jsonld": "articleSection"}]}}
    rest: dict[str, Any] = {"partition_by": ["desk"], "sort_by": ["page_url"], "duplicates": None, **changes}
    return write_config(folder, fields=["page_url", field], **rest)


def by_manifest(outcome: Outcome) -> Counter[str]:
    rows: Counter[str] = Counter()
    for part in outcome.parts:
        rows[part.partition["desk"]] += part.rows
    return rows
