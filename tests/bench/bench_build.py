"""How fast a build is: `python tests/bench/bench_build.py [--megabytes N] [--workers 1,2]`. Linux only: it reads /proc.

One WARC of about N MB is made of the pages of $BUILDER_CORPORA (else of the committed sample), each copy under a URL
of its own. `build-dataset` builds it once for each number of workers, as a process of its own that is watched from
outside; the stages are told apart by the times of the files that they leave in `_work`. Parsing alone is lxml over
the same bodies in one process: what no extraction in Python can be faster than.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType
from lxml import etree

ROOT = Path(__file__).parents[2]
POLL = 0.1  # seconds between two looks at /proc


# ------------------------------------------------------------------ the dump


def sources() -> list[Path]:
    """The WARCs whose pages are repeated."""
    folder = Path(os.environ.get("BUILDER_CORPORA") or ROOT.parent / "shared" / "corpora")
    return sorted(folder.glob("*/pages.warc.gz")) or sorted((ROOT / "data" / "raw" / "2022").glob("*.warc.gz"))


def responses(path: Path, *, parse: bool) -> Iterator[tuple[str, bytes]]:
    """URL and content of the responses of a WARC; without the HTTP headers where they are parsed."""
    with path.open("rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=parse):
            yield record.headers["WARC-Target-URI"], record.reader.read()


def copies() -> Iterator[tuple[str, bytes]]:
    """All pages, again and again, each time under other URLs. The first round is that of the sources."""
    for turn in range(2**31):
        for path in sources():
            for url, block in responses(path, parse=False):
                yield (f"{url}{'&' if '?' in url else '?'}copy={turn}" if turn else url), block


def make_dump(path: Path, size: int) -> None:
    """A WARC of about `size` bytes, one gzip member a record."""
    with path.open("wb") as file:
        for number, (url, block) in enumerate(copies()):
            if file.tell() >= size:
                return
            name = uuid.uuid5(uuid.NAMESPACE_URL, url)
            head = (
                f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{name}>\r\n"
                f"WARC-Date: 2022-{1 + number % 12:02}-01T00:00:00Z\r\nWARC-Target-URI: {url}\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
            )
            file.write(gzip.compress(head.encode() + block + b"\r\n\r\n", 6, mtime=0))


def parse_alone(path: Path) -> float:
    """CPU seconds of lxml over all bodies; reading them is not counted."""
    seconds = 0.0
    for _, body in responses(path, parse=True):
        began = time.process_time()
        with contextlib.suppress(etree.XMLSyntaxError):  # an empty body
            etree.fromstring(body, etree.HTMLParser(huge_tree=True))
        seconds += time.process_time() - began
    return seconds


# ------------------------------------------------------------------ the build, watched


@dataclass(slots=True)
class Watch:
    """What was seen of a build and its processes."""

    driver: int
    cpu: dict[int, list[tuple[float, float]]] = field(default_factory=dict)
    """Process -> (time, CPU seconds so far), every time it was looked at."""
    peak: dict[int, int] = field(default_factory=dict)
    """Process -> largest resident memory, bytes."""

    def look(self) -> None:
        """Note the CPU time and the memory of the driver and of all that descend from it."""
        now, ticks = time.time(), os.sysconf("SC_CLK_TCK")
        for pid in family(self.driver):
            try:
                stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                status = Path(f"/proc/{pid}/status").read_text()
            except OSError:  # it ended meanwhile
                continue
            self.cpu.setdefault(pid, [(now, 0.0)]).append((now, (int(stat[11]) + int(stat[12])) / ticks))
            high = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
            self.peak[pid] = max(self.peak.get(pid, 0), 1024 * int(high[0]) if high else 0)

    def cpu_between(self, begin: float, end: float) -> float:
        """CPU seconds that all processes took in a span of time."""
        total = 0.0
        for looks in self.cpu.values():
            before = [spent for at, spent in looks if at <= begin]
            until = [spent for at, spent in looks if at <= end]
            total += (until[-1] if until else 0.0) - (before[-1] if before else 0.0)
        return total


def family(root: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found = [root]
    for pid in found:
        found.extend(children.get(pid, []))
    return found


@dataclass(frozen=True, slots=True)
class Result:
    """One build: seconds unless said otherwise."""

    workers: int
    pages: int
    stages: dict[str, float]
    extract_cpu: float
    largest_worker: int
    """Bytes."""
    driver: int
    """Bytes."""

    @property
    def wall(self) -> float:
        return sum(self.stages.values())


def run_build(config: Path, out: Path, workers: int) -> Result:
    """Build anew, and watch."""
    command = [sys.executable, "-m", "builder.cli", str(config), "--out", str(out), "--workers", str(workers), "--json"]
    began = time.time()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        watch = Watch(process.pid)
        while process.poll() is None:
            watch.look()
            time.sleep(POLL)
        ended = time.time()
        assert process.stdout is not None
        answer = process.stdout.read()
    if process.returncode:
        raise SystemExit(f"the build ended with {process.returncode}")
    marks = {
        "hash": (out / "_work" / "hashes.json").stat().st_mtime,
        "extract": max(path.stat().st_mtime for path in (out / "_work" / "receipts").iterdir()),
        "merge": (out / "_manifest.json").stat().st_mtime,
        "rest": ended,
    }
    borders = [began, *marks.values()]
    stages = {name: borders[number + 1] - borders[number] for number, name in enumerate(marks)}
    return Result(
        workers=workers,
        pages=json.loads(answer)["read"],
        stages=stages,
        extract_cpu=watch.cpu_between(marks["hash"], marks["extract"]),
        largest_worker=max((peak for pid, peak in watch.peak.items() if pid != watch.driver), default=0),
        driver=watch.peak.get(watch.driver, 0),
    )


# ------------------------------------------------------------------ what is printed


def show(result: Result) -> None:
    """The figures of one build."""
    extract = result.stages["extract"]
    stages = ", ".join(f"{name} {seconds:.1f}" for name, seconds in result.stages.items())
    used = result.extract_cpu / extract / result.workers
    print(f"\nworkers {result.workers}: {result.pages} pages in {result.wall:.1f} s ({stages})")
    print(f"  extract: {result.pages / extract:.0f} pages/s, {used:.0%} of {result.workers} CPUs used")
    print(f"  peak RSS: largest worker {result.largest_worker / 2**20:.0f} MiB, driver {result.driver / 2**20:.0f} MiB")


def compare(results: Sequence[Result], parsing: float) -> None:
    """The figures that set builds against each other and against parsing."""
    first = results[0]
    print()
    for other in results[1:]:
        extract, whole = first.stages["extract"] / other.stages["extract"], first.wall / other.wall
        print(
            f"{other.workers} workers to {first.workers}: extract {extract:.2f}, whole build {whole:.2f} times as fast"
        )
    times = first.extract_cpu / parsing
    print(f"parsing alone: {first.pages / parsing:.0f} pages/s of CPU; extract takes {times:.2f} times its CPU")


def main() -> None:
    """Make the dump, build it, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--megabytes", type=int, default=300, help="size of the WARC, compressed")
    options.add_argument("--workers", default="1,2", help="builds to run")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dump = folder / "pages.warc.gz"
        make_dump(dump, given.megabytes * 10**6)
        print(f"{dump.stat().st_size / 10**6:.0f} MB from {len(sources())} WARCs")
        config = folder / "bench.yaml"
        job = {
            "name": "bench",
            "inputs": [dump.name],
            "partition_by": [{"month": "fetched_at"}],
            "sort_by": ["page_url"],
        }
        config.write_text(json.dumps({**job, "output": "out"}), encoding="utf-8")
        results = []
        for workers in map(int, given.workers.split(",")):
            results.append(run_build(config, folder / f"out-{workers}", workers))
            show(results[-1])
        compare(results, parse_alone(dump))


if __name__ == "__main__":
    main()
