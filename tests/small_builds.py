"""Small dumps, their configs, and builds without processes, for tests of the whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from builder.config.load import load_config
from builder.config.models import LoadedConfig
from builder.engines import ENGINES
from builder.engines.work import Engine, OnBeat, Opened, OpenEngine, Work
from builder.job import Outcome, build
from builder.options import Options

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "configs" / "2022.yaml"
FIELDS = ["url", "site", "title", "published_at", "published_date", "text", "fetched_at", "source"]


def run_inline(work: Work, tasks: Sequence[Any], _workers: int, on_beat: OnBeat) -> Iterator[tuple[int, Any]]:
    """An engine in this process: the last task first, so that nobody relies on their order."""
    for index in reversed(range(len(tasks))):
        yield index, work.run(tasks[index], lambda _item, amount, task=index: on_beat(task, amount))


def always(engine: Engine) -> OpenEngine:
    """An engine that needs no opening, as the table of engines wants it."""
    return lambda _address, _prepare: nullcontext(Opened(engine, 1))


def add_inline_engine() -> None:
    """Let `Options(engine="inline")` mean `run_inline`."""
    ENGINES["inline"] = always(run_inline)  # type: ignore[index]


def page(
    number: int, site: str = "a.example", day: str = "2022-03-01", hour: int = 8, **changes: Any
) -> dict[str, Any]:
    """A line of a JSON Lines dump: a page with headline, date and text. `changes` are put in its place."""
    words = f"Page {number} tells of heron number {number} and of the reeds on bank {number} of the old canal. "
    html = (
        f'<html lang="en"><head><title>Heron {number} seen</title>'
        f'<meta property="article:published_time" content="{day}T{hour:02d}:00:00+00:00"></head>'
        f"<body><article><h1>Heron {number} seen</h1><p>{words * 3}</p><p>{words * 2}</p></article></body></html>"
    )
    given = {
        "url": f"https://www.{site}/news/{number}",
        "fetched_at": f"{day}T{hour:02d}:30:00Z",
        "http_status": 200,
        "content_type": "text/html; charset=utf-8",
        "html": html,
    }
    return given | changes


def write_dump(path: Path, pages: Sequence[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in pages), encoding="utf-8")
    return path


def warc_record(given: dict[str, Any]) -> bytes:
    """What `page` gives, as a record of a WARC."""
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + given["html"].encode()
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {given['url']}\r\nWARC-Date: {given['fetched_at']}\r\n"
    head += f"WARC-Record-ID: <{given['url']}>\r\nContent-Type: application/http; msgtype=response\r\n"
    return f"{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def write_config(folder: Path, **changes: Any) -> Path:
    """A config for all dumps in `folder`/raw; None takes a key away. JSON is YAML."""
    config: dict[str, Any] = {
        "name": "small",
        "inputs": ["raw/*.jsonl"],
        "fields": FIELDS,
        "partition_by": [{"month": "published_date"}],
        "sort_by": ["published_at", "url"],
        "duplicates": {"by": ["url"], "keep": "latest"},
        "output": "out",
    }
    config = {key: value for key, value in (config | changes).items() if value is not None}
    path = folder / "job.yaml"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(config, indent=1), encoding="utf-8")
    return path


def touch(folder: Path, *names: str) -> None:
    """Files of one byte."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")


def flip(path: Path, at: int) -> None:
    """Change every bit of one byte of a file."""
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(bytes(data))


def two_dumps(folder: Path) -> Path:
    """Two dumps of twelve pages over three months, some of them twice, one broken line; and their config."""
    days = ["2022-01-15", "2022-02-15", "2022-03-15"]
    write_dump(folder / "raw" / "a.jsonl", [page(number, day=days[number % 3]) for number in range(8)])
    again = [page(number, day=days[number % 3], hour=9) for number in (0, 4)]
    write_dump(folder / "raw" / "b.jsonl", [*again, page(20, "b.example"), page(21, html=None)])
    return write_config(folder)


def load(config: Path, *overrides: str) -> LoadedConfig:
    return load_config(config, overrides)


def run(config: Path, out: Path, *overrides: str, **options: Any) -> Outcome:
    """Build in this process unless `engine` says otherwise."""
    return build(load(config, *overrides), Options(out, **{"workers": 1, "engine": "inline", "quiet": True, **options}))


def tree(out: Path) -> dict[str, str]:
    """SHA-256 of all that a build publishes, by path."""
    files = [*(out / "data").rglob("*"), *(out / "_rejects").rglob("*"), *out.glob("[!_.]*"), out / "_manifest.json"]
    return {
        file.relative_to(out).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(files)
        if file.is_file()
    }


def manifest(out: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((out / "_manifest.json").read_text(encoding="utf-8"))
    return document
