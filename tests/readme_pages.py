"""The pages of documentation, and the blocks of the README."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = {
    name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "configs/README.md", "builder/README.md")
}
README = PAGES["README.md"]
BLOCKS = [(label, body) for label, body in re.findall(r"^```(\S[^\n]*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)]


def blocks(label: str) -> list[str]:
    return [body for found, body in BLOCKS if found == label]
