"""`_run.json`: all of a build that is not deterministic. No build and no reader of the dataset needs it."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from builder.plan.inputs import tool_versions
from builder.storage.place import Place
from builder.write.files import write_text

RUN = "_run.json"


@dataclass(slots=True)
class Stopwatch:
    """What the stages of a build took. A class because it remembers when the last one ended; none may overlap."""

    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    stages: dict[str, float] = field(default_factory=dict)
    """Seconds by stage, in the order in which they ended."""
    _last: float = field(default_factory=time.monotonic)

    def ended(self, stage: str) -> None:
        """What has passed since the stage before this one ended was this one's."""
        now = time.monotonic()
        self.stages[stage] = round(now - self._last, 3)
        self._last = now


def write_run(out: Place, watch: Stopwatch, facts: Mapping[str, Any]) -> None:
    """Put the record of a build that is done beside its manifest.

    Args:
        out: the dataset.
        watch: when the build began, and what its stages took.
        facts: what else there is to say of how it ran.

    Raises:
        OSError: the disk or the store.
    """
    record = {
        "started_at": _shown(watch.started_at),
        "finished_at": _shown(datetime.now(UTC)),
        "seconds": watch.stages,
        "host": platform.node(),
        "platform": platform.platform(),
        "python": platform.python_version(),
        "versions": dict(tool_versions()),
        **facts,
    }
    write_text(out / RUN, json.dumps(record, indent=1, ensure_ascii=False) + "\n")


def _shown(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
