"""What a file costs in datasets of many: `python tests/bench/bench_files.py [--files 2000,10000]`. Linux and macOS.

As many pages as partitions, so a file each; built, built again with nothing to do, validated, and validated with all
rows read, each by the command itself. Printed is the CPU of the process and its workers a file, without what a dataset
of one file takes. What grows with the square of the number of files shows in the last column: the last dataset's cost a
file beside the first one's.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = '<html lang="en"><title>Heron {0}</title><b class="s">s{0}</b><p>Of heron {0} and its reeds.</p></html>'
STEPS = {"build": [], "again": [], "validate": ["validate"], "validate --deep": ["validate", "--deep"]}


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


def seconds(folder: Path, step: list[str], config: Path) -> float:
    """The CPU of one command and all processes that it has waited for."""
    target = str(folder / "out") if step else str(config)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "builder.cli", *step[:1], target, *step[1:]],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", default="2000,10000", help="how many, separated by commas; default: %(default)s")
    counts = [int(count) for count in parser.parse_args().files.split(",")]
    spent: dict[str, list[float]] = {name: [] for name in STEPS}
    for count in (1, *counts):
        with tempfile.TemporaryDirectory() as name:
            config = make(Path(name), count)
            for step, command in STEPS.items():
                spent[step].append(seconds(Path(name), command, config))
    print(f"{'ms of CPU a file':<24}" + "".join(f"{f'{count} files':>14}" for count in counts) + f"{'ratio':>10}")
    for step, (alone, *all_together) in spent.items():
        found = [1000 * (cost - alone) / count for cost, count in zip(all_together, counts, strict=True)]
        print(f"  {step:<22}" + "".join(f"{value:>14.2f}" for value in found) + f"{found[-1] / found[0]:>10.2f}")


if __name__ == "__main__":
    main()
