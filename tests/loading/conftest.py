"""Datasets to load: built once a session, by two workers, each in its own folder."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from builder.config.load import load_config
from builder.job import build
from builder.options import Options

ROOT = Path(__file__).parents[2]
collect_ignore = ["read_with_daft.py"]  # no test, and it wants another environment
SHAPES = {
    "sample": "the sample of this project",
    "synthetic": "every type, nulls, partitions in other scripts and `unknown`",
    "levels": "four levels of partitions",
    "kept": "folders of a field that stays in the files",
    "numbers": "folders that look like numbers",
    "empty": "no rows",
    "one": "one row",
    "many": "1,000 partitions",
    "flat": "no partitions, many files",
    "evolved": "rebuilt with fields gone and new",
}
"""Dataset -> what is special about it; each column of the README's table."""

CONFIG = """\
name: loading
inputs: [pages.jsonl]
fields:
  - url
  - page_url
  - title: {{required: true}}
  - published_at
  - published_date
  - tags: {{rules: [{{css: .tag}}]}}
  - links
  - source
  - wire: {{type: string, rules: [{{css: .wire}}]}}
  - story: {{type: text, rules: [{{css: .story p}}]}}
  - issue: {{type: integer, rules: [{{css: .issue}}]}}
  - price: {{type: number, rules: [{{css: .price}}]}}
  - is_free: {{type: boolean, rules: [{{css: .free}}]}}
  - event_day: {{type: date, rules: [{{css: .day, date: '%Y-%m-%d'}}]}}
  - printed_at: {{type: timestamp, rules: [{{css: .printed}}]}}
  - cover: {{type: url, rules: [{{css: .cover, attr: href}}]}}
  - tongue: {{type: language, rules: [{{css: .tongue}}]}}
  - never: {{type: integer, rules: [{{css: .never}}]}}
  - nobody: {{type: list<string>, rules: [{{css: .nobody}}]}}
  - desk: {{type: string, rules: [{{css: .desk}}]}}
sort_by: [published_at, page_url]
exports: [readme, datapackage, odcs]
output: out
{more}
"""
PARTITIONS = {
    "synthetic": "partition_by: [desk]",
    "one": "partition_by: [desk]",
    "levels": "partition_by: [is_free, issue, {year: event_day}, {day: published_date, as: on_day}]",
    "kept": "partition_by: [{value: desk, as: shelf}]",
    "numbers": "partition_by: [desk]",
    "empty": "partition_by: [{month: published_date}]\nselect: {published_date: {min: 2300-01-01}}",
    "flat": "write: {row_group_bytes: 2kB, part_bytes: 6kB}",
}
DESKS = (
    "Küche & Garten", "Küche & Garten", "новости", "北京", "a/b", "..", "100%", "%2F", "x=y", "plus+sign", "👩‍🍳",
    "007", "true", "NULL", "2022-02-24", "café", "it's", 'say "so"', "star*", "[tag]", "{a,b}", "$HOME", "q?", "tail.",
    "#1", "a:b", r"back\slash", None, None,
)  # fmt: skip
NUMBERS = ("007", "08", "08", "12", "0")
STAMPS = (
    "2022-03-27T01:59:59.999999+01:00", "2022-03-27T03:00:00+02:00", "1855-06-01T12:00:00Z", "2199-12-31T23:59:59Z",
    "1969-12-31T23:59:59.000001Z", "1970-01-01T00:00:00Z", "2022-02-24T03:37:00+05:30", None,
)  # fmt: skip


def story(number: int, desk: str | None) -> dict[str, Any]:
    """One page that gives, or leaves out, a value for every field: what is left out differs from page to page."""
    stamp = STAMPS[number % len(STAMPS)]
    day = 1 + number % 3
    values = {
        "desk": desk,
        "wire": f"Nachricht №{number} «{'é' * (number % 4)}» \U0001f30d",
        "issue": str((-1) ** number * 9_007_199_254_740 * (number % 2) + number % 3),
        "price": f"{number % 5}.0625",
        "free": ("yes", "no")[number % 2],
        "day": f"20{20 + number % 3}-02-{day:02}",
        "printed": STAMPS[-2 - number % 3],
        "tongue": ("pt-BR", "en", "ja")[number % 3],
    }
    given = {name: value for at, (name, value) in enumerate(values.items()) if number % 11 != at or name == "desk"}
    tags = [f"tag {part} für {number}" for part in range(number % 4)]
    links = [f"/other/{number}/{part}?q=ü&r={part}" for part in range(number % 3)]
    meta = f'<meta property="article:published_time" content="{stamp}">' if stamp else ""
    cells = "".join(f'<div class="{name}">{escape(value)}</div>' for name, value in given.items() if value is not None)
    spans = "".join(f'<div class="tag">{tag}</div>' for tag in tags)
    anchors = " ".join(f'<a href="{escape(link)}">the report of {part}</a>' for part, link in enumerate(links))
    cover = f'<a class="cover" href="../covers/{number}.jpg">cover</a>' if number % 2 else ""
    body = (
        f"<p>The ferry number {number} left the pier late, and the people on board sang until noon. {anchors}</p>"
        f"<p>Nobody could say who had tied the second rope, nor why the harbour master had \t laughed about it.</p>"
    )
    html = (
        f'<html><head><meta charset="utf-8"><title>Ferry {number} is late again — ünd wïe</title>{meta}</head><body>'
        f"<h1>Ferry {number} is late again — ünd wïe</h1><article class='story'>{body}</article>{cells}{spans}{cover}"
    )
    at = f"2022-05-{1 + number % 28:02}T10:00:00Z"
    return {"url": f"https://pier.example/{number}/näher", "html": html, "fetched_at": at, "http_status": 200}


def write_inputs(folder: Path, more: str, desks: Sequence[str | None] = DESKS) -> Path:
    """A dump of a page a desk, and the config that reads it."""
    pages = [story(number, desk) for number, desk in enumerate(desks)]
    lines = [json.dumps(page, ensure_ascii=False) for page in pages]
    (folder / "pages.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    config = folder / "config.yaml"
    config.write_text(CONFIG.format(more=more), encoding="utf-8")
    return config


def build_into(config: Path, out: Path, overrides: Sequence[str] = ()) -> Path:
    """Build a config; the folder of the dataset."""
    build(load_config(config, overrides), Options(out, workers=2, quiet=True))
    return out


def write_many(folder: Path) -> Path:
    """A thousand pages in as many partitions."""
    html = '<title>Ferry {0}</title><article><p>Ferry {0} left the pier late.</p></article><i class="pier">p{0:04}</i>'
    pages = [{"url": f"https://pier.example/{number}", "html": html.format(number)} for number in range(1000)]
    (folder / "pages.jsonl").write_text("\n".join(map(json.dumps, pages)) + "\n", encoding="utf-8")
    config = folder / "config.yaml"
    config.write_text(
        "name: many\ninputs: [pages.jsonl]\noutput: out\npartition_by: [pier]\nexports: [readme]\n"
        "fields: [url, title, source, {pier: {type: string, rules: [{css: .pier, pattern: '^(.*)$'}]}}]\n",
        encoding="utf-8",
    )
    return config


@pytest.fixture(scope="session", params=SHAPES)
def out(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one of the datasets."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sample":
        return build_into(ROOT / "configs" / "2022.yaml", folder / "out", ["exports=[readme]"])
    if request.param == "many":
        return build_into(write_many(folder), folder / "out")
    if request.param == "evolved":
        build_into(write_inputs(folder, PARTITIONS["synthetic"]), folder / "out", ["version=0.9.0"])
        text = (folder / "config.yaml").read_text(encoding="utf-8").replace("  - tags:", "  - labels:")
        (folder / "config.yaml").write_text(
            text.replace("- labels: {", "- labels: {type: list<string>, "), encoding="utf-8"
        )
        return build_into(folder / "config.yaml", folder / "out")
    config = write_inputs(folder, PARTITIONS[request.param], NUMBERS if request.param == "numbers" else DESKS)
    if request.param == "one":
        path = folder / "pages.jsonl"
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    return build_into(config, folder / "out")


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """A Spark of this machine alone, and the end of its Java process."""
    sql = pytest.importorskip("pyspark.sql", reason="the extra [spark] is not installed")
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        pytest.skip("no Java, which Spark needs")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # it lives for seconds
        "spark.sql.codegen.wholeStage": "false",  # compiling takes longer than these rows
    }
    maker = sql.SparkSession.builder.master("local[2]").appName("loading")
    for name, value in settings.items():
        maker = maker.config(name, value)
    session = maker.getOrCreate()
    gateway = session.sparkContext._gateway
    yield session
    session.stop()
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait(timeout=30)


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Any]]:
    """Hugging Face's `load_dataset`, which asks no server and leaves its cache in a folder of the test's."""
    cache = str(tmp_path_factory.mktemp("hub"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": cache}.items():
            patch.setenv(name, value)
        library = pytest.importorskip("datasets", reason="the extra [hf] is not installed")
        library.disable_progress_bars()
        yield partial(library.load_dataset, cache_dir=cache)


@pytest.fixture(scope="session")
def daft(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, Sequence[str]], pa.Table]:
    """Daft, in the environment that BUILDER_DAFT_PYTHON names: data folder, arguments of `read_with_daft` -> rows."""
    python = os.environ.get("BUILDER_DAFT_PYTHON")
    if not python:
        pytest.skip("BUILDER_DAFT_PYTHON names no interpreter that has Daft, which wants another pyarrow")
    script, target = Path(__file__).with_name("read_with_daft.py"), tmp_path_factory.mktemp("daft") / "rows.arrow"

    def read(data: Path, arguments: Sequence[str]) -> pa.Table:
        quiet = {"PATH": os.environ["PATH"], "HOME": str(target.parent), "DO_NOT_TRACK": "1"}
        asked = [python, str(script), str(data), str(target), *arguments]
        done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=300, env=quiet)
        assert done.returncode == 0, done.stderr
        with pa.OSFile(str(target)) as source:
            return pa.ipc.open_file(source).read_all()

    return read


@pytest.fixture(scope="session")
def dask() -> Iterator[Any]:
    """`dask.dataframe`, working in this thread: its pools would outlive the tests."""
    library = pytest.importorskip("dask", reason="dask is not installed")
    with library.config.set({"scheduler": "synchronous", "dataframe.convert-string": False}):
        yield importlib.import_module("dask.dataframe")
