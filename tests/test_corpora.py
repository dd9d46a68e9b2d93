"""Real pages of the web: every one of them ends somewhere, and where does not depend on the number of workers."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from builder.catalogue import CATALOGUE
from builder.config.load import load_config
from builder.job import build
from builder.options import Options

pytestmark = pytest.mark.corpora
ALL = ("htmldate", "scrapinghub", "trafilatura", "wcxb")
SMALL = ("scrapinghub", "trafilatura")


@pytest.fixture(scope="module")
def corpora() -> Path:
    """The folder of the corpora: $BUILDER_CORPORA, or `shared/corpora` beside the repository."""
    beside = Path(__file__).parents[2] / "shared" / "corpora"
    folder = Path(os.environ.get("BUILDER_CORPORA") or beside).absolute()
    missing = [name for name in ALL if not (folder / name / "pages.warc.gz").is_file()]
    if missing:
        pytest.skip(f"no pages.warc.gz of {', '.join(missing)}: set BUILDER_CORPORA to the folder of the corpora")
    return folder


def built(corpora: Path, names: Sequence[str], out: Path, workers: int) -> Path:
    """The dataset of some corpora, with every field of the catalogue."""
    out.parent.mkdir(parents=True, exist_ok=True)
    inputs = [str(corpora / name / "pages.warc.gz") for name in names]
    config = out.with_suffix(".yaml")
    text = {"name": "corpora", "inputs": inputs, "sort_by": ["page_url"], "limits": {"split_bytes": "4MiB"}}
    config.write_text(json.dumps({**text, "output": "out"}), encoding="utf-8")
    build(load_config(config), Options(out, workers, quiet=True))
    return out


def manifest_of(out: Path) -> Any:
    return json.loads((out / "_manifest.json").read_text(encoding="utf-8"))


def responses(path: Path) -> Counter[str]:
    """As another reader finds them: the record ids of all responses, whatever the scheme of their URL."""
    with path.open("rb") as file:
        records = ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=False)
        return Counter(record.headers["WARC-Record-ID"] for record in records)


def tree(out: Path) -> dict[str, str]:
    """SHA-256 of everything that readers see."""
    paths = [*(out / "data").rglob("*"), *(out / "_rejects").rglob("*"), out / "_manifest.json"]
    files = [path for path in paths if path.is_file()]
    return {str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_every_page_of_every_corpus_is_accounted_for(corpora: Path, tmp_path: Path) -> None:
    out = built(corpora, ALL, tmp_path / "all", workers=2)
    manifest = manifest_of(out)
    counts = manifest["counts"]
    read = {entry["name"].split("/")[0]: entry["read"] for entry in manifest["inputs"]}
    held = {name: responses(corpora / name / "pages.warc.gz") for name in ALL}
    assert read == {name: ids.total() for name, ids in held.items()}
    rejected, filtered = sum(counts["rejected"].values()), sum(counts["filtered"].values())
    assert counts["read"] == counts["rows"] + rejected + filtered + counts["duplicates"]
    assert counts["duplicates"] == 0  # the config asks for none to be dropped
    assert "extract_failed" not in counts["rejected"]

    rows = [
        row for entry in manifest["files"] for row in pq.read_table(out / entry["path"], columns=["source"]).to_pylist()
    ]
    rejects = [row for entry in manifest["rejects"] for row in pq.read_table(out / entry["name"]).to_pylist()]
    ended = Counter(row["source"]["record_id"] for row in rows) + Counter(row["record_id"] for row in rejects)
    expected: Counter[str] = Counter()
    for ids in held.values():
        expected += ids
    assert not ended - expected
    assert (expected - ended).total() == filtered
    assert {field["name"] for field in manifest["schema"]["fields"]} == set(CATALOGUE)


def test_one_worker_and_two_give_the_same_bytes(corpora: Path, tmp_path: Path) -> None:
    one = tree(built(corpora, SMALL, tmp_path / "one", workers=1))
    assert tree(built(corpora, SMALL, tmp_path / "two", workers=2)) == one
    assert "_manifest.json" in one
    assert len(one) > 2
