"""What a file costs in datasets of many: `python tests/bench/bench_files.py [--files 500,5000]`.

As many pages as partitions, so a file each; built, built again with nothing to do, validated, and validated with all
rows read. All tasks run in this process, so that none of their CPU is missed. What grows with the square of the number
of files shows in the last column: the last dataset's cost a file beside the first one's.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from builder.config.load import load_config
from builder.contract.validate import validate
from builder.engines import ENGINES
from builder.engines.work import OnBeat, Opened, Work, run_here
from builder.job import build
from builder.options import Options

PAGE = '<html lang="en"><title>Heron {0}</title><b class="s">s{0}</b><p>Of heron {0} and its reeds.</p></html>'


def make(folder: Path, files: int) -> Path:
    """The config of a dataset of so many partitions of a page each."""
    pages = [{"url": f"https://www.a.example/{number}", "html": PAGE.format(number)} for number in range(files)]
    (folder / "pages.jsonl").write_text("".join(json.dumps(page) + "\n" for page in pages), encoding="utf-8")
    config = {
        "name": "files",
        "inputs": ["pages.jsonl"],
        "fields": ["page_url", {"part": {"type": "string", "rules": [{"css": ".s"}]}}],
        "partition_by": ["part"],
        "write": {"max_partitions": files},
        "output": "out",
    }
    path = folder / "job.yaml"  # JSON is YAML
    path.write_text(json.dumps(config), encoding="utf-8")
    return path


def run_inline(work: Work, tasks: Sequence[Any], _workers: int, _on_beat: OnBeat) -> Iterator[tuple[int, Any]]:
    """An engine in this process."""
    return run_here(work, tasks)


def measure(folder: Path, files: int) -> dict[str, float]:
    """Milliseconds of CPU a file of each step."""
    loaded, out = load_config(make(folder, files)), folder / "out"
    options = Options(out, 1, engine="inline", quiet=True)
    steps: dict[str, Callable[[], object]] = {
        "build": lambda: build(loaded, options),
        "again": lambda: build(loaded, options),
        "validate": lambda: validate(str(out)),
        "validate --deep": lambda: validate(str(out), deep=True),
    }
    spent = {}
    for name, step in steps.items():
        began = time.process_time()
        step()
        spent[name] = 1000 * (time.process_time() - began) / files
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", default="500,5000", help="how many, separated by commas; default: %(default)s")
    counts = [int(count) for count in parser.parse_args().files.split(",")]
    ENGINES["inline"] = lambda _address, _prepare: nullcontext(Opened(run_inline, 1))  # type: ignore[index]
    found = []
    for count in (1, *counts):  # the first warms up
        with tempfile.TemporaryDirectory() as name:
            found.append(measure(Path(name), count))
    print(f"{'ms of CPU a file':<24}" + "".join(f"{f'{count} files':>14}" for count in counts) + f"{'ratio':>10}")
    for step in found[0]:
        values = [spent[step] for spent in found[1:]]
        print(f"  {step:<22}" + "".join(f"{value:>14.2f}" for value in values) + f"{values[-1] / values[0]:>10.2f}")


if __name__ == "__main__":
    main()
