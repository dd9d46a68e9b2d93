"""Where tasks run. Knows nothing of pages. To add an engine: a function like `run_local`, and a line in ENGINES."""

from __future__ import annotations

from collections.abc import Mapping

from builder.engines.local import run_local
from builder.engines.work import Engine

ENGINES: Mapping[str, Engine] = {"local": run_local}
