"""Datasets that are wrong in one way, and otherwise signed as a build would."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from builder.contract.validate import validate

DIGEST = b' "manifest_sha256"'


def resign(path: Path) -> None:
    """Give a changed manifest the digest that it would have been written with."""
    lines = path.read_bytes().splitlines(keepends=True)
    rest = b"".join(line for line in lines if not line.startswith(DIGEST))
    digest = f' "manifest_sha256": "{hashlib.sha256(rest).hexdigest()}",\n'.encode()
    path.write_bytes(b"".join(digest if line.startswith(DIGEST) else line for line in lines))


def edit(out: Path, old: str, new: str) -> None:
    """Change a piece of the manifest's text that stands there once at least."""
    path = out / "_manifest.json"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    resign(path)


def rewrite(out: Path, change: Callable[[pa.Table], pa.Table], part: str = "data", **stated: Any) -> None:
    """Change the rows of the first file, and what the manifest says of its bytes; `stated` is put into its entry."""
    path = min((out / part).rglob("*.parquet"))
    name = path.relative_to(out).as_posix()
    table = change(pq.read_table(path, partitioning=None))
    with pq.ParquetWriter(path, table.schema, compression="zstd", write_page_checksum=True) as writer:
        writer.write_table(table)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    renamed = path.with_name(f"{path.name[:11]}{digest[:16]}.parquet")
    path.rename(renamed)
    manifest = out / "_manifest.json"
    lines = manifest.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if f'"{name}"' in line)
    entry = json.loads(lines[at].strip().rstrip(","))
    entry |= {"bytes": renamed.stat().st_size, "sha256": digest, "rows": table.num_rows, **stated}
    entry["path" if "path" in entry else "name"] = renamed.relative_to(out).as_posix()
    comma = "," if lines[at].rstrip("\n").endswith(",") else ""
    lines[at] = f"  {json.dumps(entry, sort_keys=True, ensure_ascii=False)}{comma}\n"
    manifest.write_text("".join(lines), encoding="utf-8")
    resign(manifest)


def state(out: Path, field: str, constraints: dict[str, Any]) -> None:
    """Let the manifest state constraints of a field that has none."""
    path = out / "_manifest.json"
    stated = json.dumps(constraints).replace("\\", "\\\\")
    pattern = rf'"constraints": {{}}((?:(?!"constraints").)*"name": "{field}")'
    text, times = re.subn(pattern, rf'"constraints": {stated}\1', path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert times == 1
    path.write_text(text, encoding="utf-8")
    resign(path)


def rules(out: Path, *, deep: bool = False) -> list[str]:
    """What `validate` finds."""
    return [finding.rule for finding in validate(str(out), deep=deep)[0]]
