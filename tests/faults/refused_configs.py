"""Configs that are refused: what is said of each, in bounded time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from small_builds import load

from builder.errors import ConfigError

HEAD = "name: small\ninputs: [raw/*.jsonl]\noutput: out\n"


def refused(folder: Path, text: str | bytes, seconds: float = 20) -> list[str]:
    """The lines under which a config is refused, in bounded time, without the folder."""
    path = folder / "job.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    began = time.monotonic()
    with pytest.raises(ConfigError) as error:
        load(path)
    assert time.monotonic() - began < seconds
    lines = [line.replace(f"{folder}/", "") for line in str(error.value).splitlines()]
    assert all(line.startswith("job.yaml") for line in lines)
    return lines
