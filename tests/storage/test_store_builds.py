"""Whole builds with everything in a store: the bytes of the same build on a disk, by every command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from dump_files import MAKERS, page, pages
from proxy import Proxy, Rule
from small_builds import ROOT, SAMPLE, run, tree, two_dumps, write_config
from small_builds import page as story
from store_builds import Told, change, published, put_config, put_folder

from builder.config.load import load_config
from builder.dumps.discover import expand
from builder.job import build
from builder.options import Options
from builder.storage.path import StorePath
from builder.storage.place import files_below

FORMATS = ["warc.gz", "warc.zst", "folder", "zip", "tar", "tar.gz", "jsonl", "jsonl.gz", "parquet"]


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_gives_the_same_bytes(behind: StorePath, tmp_path: Path, kind: str) -> None:
    """Cut into splits as on a disk; the input has one name, for it is written as an absolute path."""
    large = page(100, size=20_000)
    MAKERS[kind](tmp_path / f"pages.{kind}", [*pages(40), page(40)._replace(body=b""), large, page(41)])
    changes: dict[str, Any] = {"limits": {"split_bytes": "12KiB", "page_bytes": "16KiB"}, "thresholds": None}
    changes |= {"exports": ["report"], "partition_by": []}
    config = write_config(tmp_path, inputs=[str(tmp_path / f"pages.{kind}")], **changes)
    run(config, tmp_path / "out")
    put_folder(tmp_path / f"pages.{kind}", behind / f"pages.{kind}")
    if kind != "folder":
        (behind / f"pages.{kind}").upload(tmp_path / f"pages.{kind}")
    stored = put_config(config, behind / "job.yaml", inputs=[str(behind / f"pages.{kind}")])
    outcome = run(stored, behind / "out")
    assert published(behind / "out") == tree(tmp_path / "out")
    assert outcome.books.rejected, "rejects are compared, too"
    assert outcome.splits > 1, "cuts are compared, too"


def test_a_config_and_all_it_names_in_a_store(told: Told, behind: StorePath, tmp_path: Path) -> None:
    """The sample of the project; what `build-dataset` does for it, and what it says, from first to last."""
    for name in ("configs", "data/raw"):
        shutil.copytree(ROOT / name, tmp_path / name)
        put_folder(ROOT / name, behind / name)
    run(tmp_path / "configs" / SAMPLE.name, tmp_path / "out")
    config, out = behind / "configs" / SAMPLE.name, behind / "data" / "built" / "2022"
    done = told("build", config, "--workers", "2", "--json")
    assert done.status == 0, done.said
    assert json.loads(done.said)["out"] == str(out)
    assert published(out) == tree(tmp_path / "out")
    before = dict(files_below(behind))

    again = told(config)
    assert again.status == 0, again.said
    assert f"{out}: nothing has changed." in again.said, again.said
    assert {name for name in dict(files_below(behind)) if "_work" not in name} == {
        name for name in before if "_work" not in name
    }
    assert published(out) == tree(tmp_path / "out")

    for words, status, expected in [
        (["plan", config], 0, "0 of 5 splits to read"),
        (["preview", config, "2022-02.warc.gz@0"], 2, "neither a file, nor a URL"),
        (["validate", config], 0, "title"),
        (["validate", out, "--deep"], 0, "no findings"),
        (["validate", out, "--against", config], 0, "no findings"),
        (["validate", out / "_manifest.json", "--config", config], 0, "no findings"),
        (["schema", "show", out], 0, "published_at"),
        (["schema", "show", out / next(name for name in published(out) if name.startswith("data/m"))], 0, "title"),
        (["schema", "diff", out, config], 0, "no findings"),
        (["schema", "export", out, "--to", "json-schema"], 0, "title"),
        (["rejects", out], 0, "10 rejects of 86 pages read"),
        (["report", out], 0, "10 of 86 pages read"),
        (["publish", out, "--delta", str(out)], 2, "publish takes a dataset on a disk of this machine"),
    ]:
        done = told(*words)
        assert done.status == status, (words, done)
        assert expected in done.said, (words, done)


def test_damage_in_a_store_is_found(told: Told, behind: StorePath, tmp_path: Path) -> None:
    config = two_dumps(tmp_path)
    put_folder(tmp_path / "raw", behind / "raw")
    out = behind / "out"
    run(put_config(config, behind / "job.yaml"), out)
    part = next(name for name, _ in files_below(out / "data") if name.endswith(".parquet"))
    content = bytearray((out / "data" / part).read_bytes())
    content[100] ^= 1
    (out / "data" / part).upload(bytes(content))
    (out / "data" / "stray").upload(b"")
    found = told("validate", out, "--deep")
    assert found.status == 1
    assert f"{out}/data/{part}" in found.said
    assert f"{out}/data/stray" in found.said
    (out / "data" / part).unlink()
    assert "missing" in told("validate", out).said


def test_what_is_built_again_when_an_input_changes(told: Told, behind: StorePath, tmp_path: Path) -> None:
    config = two_dumps(tmp_path)
    put_folder(tmp_path / "raw", behind / "raw")
    stored, out = put_config(config, behind / "job.yaml"), behind / "out"
    run(stored, out)
    change(tmp_path / "raw")
    put_folder(tmp_path / "raw", behind / "raw")
    assert "raw/b.jsonl" in told("plan", stored).said
    outcome = run(stored, out)
    assert (outcome.changed, outcome.reused, outcome.splits) == (True, 1, 2)
    run(config, tmp_path / "out")
    assert published(out) == tree(tmp_path / "out")
    fresh = run(stored, out, fresh=True)
    assert (fresh.changed, fresh.reused) == (False, 0)
    assert published(out) == tree(tmp_path / "out")


def test_rejects_are_read_again_in_a_store(told: Told, behind: StorePath, tmp_path: Path) -> None:
    config = two_dumps(tmp_path)
    (tmp_path / "raw" / "big.jsonl").write_text(json.dumps(story(50, text="x" * 9000, html=story(50)["html"] * 9)))
    put_folder(tmp_path / "raw", behind / "raw")
    small = put_config(config, behind / "small.yaml", limits={"page_bytes": "4KiB"})
    large = put_config(config, behind / "large.yaml")
    run(small, behind / "out")
    assert "1 too_large" in told("rejects", behind / "out").said
    done = told("rejects", behind / "out", "--retry", "too_large", "--config", large)
    assert done.status == 0, done.said
    assert "too_large" not in told("rejects", behind / "out").said


def test_a_local_config_may_read_from_a_store_and_write_to_it(told: Told, behind: StorePath, tmp_path: Path) -> None:
    config = two_dumps(tmp_path)
    put_folder(tmp_path / "raw", behind / "raw")
    mixed = write_config(tmp_path, inputs=[str(behind / "raw" / "*.jsonl")], output=str(behind / "out"))
    done = told(mixed, "-q", "--workers", "1")
    assert done.status == 0, done.said
    assert (behind / "out" / "data" / "_SUCCESS").is_file()
    run(mixed, tmp_path / "here")
    assert published(behind / "out") == tree(tmp_path / "here")
    assert config.is_file()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("raw/*.jsonl", ["raw/a.jsonl", "raw/b.jsonl"]),
        ("raw/a.jsonl", ["raw/a.jsonl"]),
        ("**/*.jsonl", ["deep/er/c.jsonl", "raw/a.jsonl", "raw/b.jsonl"]),
        ("*/[ab].jsonl", ["raw/a.jsonl", "raw/b.jsonl"]),
        ("deep/er", ["deep/er"]),
        ("raw/.*", ["raw/.hidden"]),
        ("d*", ["deep"]),
        ("nothing/*", []),
        ("raw/a.jsonl/*", []),
        ("nothing", []),
    ],
)
def test_patterns_mean_what_they_mean_on_a_disk(
    behind: StorePath, tmp_path: Path, pattern: str, expected: list[str]
) -> None:
    for name in ("raw/a.jsonl", "raw/b.jsonl", "raw/.hidden", "deep/er/c.jsonl"):
        (behind / name).upload(b"x")
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found = [str(match.path) for match in expand(behind, f"{behind}/{pattern}")]
    assert found == [f"{behind}/{name}" for name in expected]
    assert [match.written for match in expand(tmp_path, pattern)] == expected


@pytest.mark.parametrize(
    ("changes", "status", "expected"),
    [
        ({"inputs": ["gone/*.jsonl"]}, 2, "inputs.0.path: nothing matches 'gone/*.jsonl'"),
        ({"inputs": ["raw"], "output": "raw/out"}, 2, "/raw/out and the input raw overlap"),
        ({"inputs": ["raw"], "output": "raw2"}, 0, ""),
        ({"output": "https://host/out"}, 2, "https://host/out is no folder for a dataset"),
        ({"output": "s3://crawl"}, 2, "s3://crawl is no folder for a dataset"),
        ({"sites": "gone"}, 2, "cannot be read: nothing lies there"),
    ],
)
def test_what_is_refused(
    told: Told, behind: StorePath, tmp_path: Path, changes: dict[str, Any], status: int, expected: str
) -> None:
    config = two_dumps(tmp_path)
    put_folder(tmp_path / "raw", behind / "raw")
    (behind / "raw" / "a.html").upload(b"<title>Heron</title><p>A page.")
    done = told(put_config(config, behind / "job.yaml", **changes), "-q", "--workers", "1")
    assert done.status == status, done.said
    assert expected in done.said


@pytest.mark.parametrize(
    ("url", "expected"), [("hdfs://node/x", "hdfs:// is no store"), ("https://h/x?y=1", "a query")]
)
def test_a_url_that_means_nothing_here(told: Told, tmp_path: Path, url: str, expected: str) -> None:
    done = told(write_config(tmp_path, inputs=[url]))
    assert done.status == 2
    assert expected in done.said


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["{root}"], "{root}: cannot be read: no such object"),
        (["schema", "export", "{config}", "--to", "spark", "-o", "{root}"], "{root}: a folder; name a file in it"),
    ],
)
def test_a_bucket_alone_is_told_as_a_folder_is(
    told: Told, behind: StorePath, tmp_path: Path, words: list[str], expected: str
) -> None:
    places = {"{config}": two_dumps(tmp_path), "{root}": StorePath(behind.root)}
    done = told(*(places.get(word, word) for word in words))
    assert (done.status, done.said) == (2, expected.format(root=behind.root) + "\n")


def test_P06_an_output_whose_name_leaves_no_room(told: Told, behind: StorePath, tmp_path: Path) -> None:
    config = two_dumps(tmp_path)
    put_folder(tmp_path / "raw", behind / "raw")
    far = behind / "/".join(["x" * 200] * 5)
    done = told(put_config(config, behind / "job.yaml"), "--out", far, "--workers", "1")
    assert done.status == 2
    assert "output: a name of more than 512 bytes; stores give 1,024" in done.said


def test_requests_of_a_build(behind: StorePath, tmp_path: Path, proxy: Proxy) -> None:
    """What the README says that a build costs: so many requests for it, for a split, for a part."""
    counts = {}
    for dumps, months in [(1, 1), (3, 1), (1, 4)]:
        home = behind / f"{dumps}-{months}"
        for number in range(dumps):
            lines = [json.dumps(story(number * 10 + month, day=f"2022-{month + 1:02d}-03")) for month in range(months)]
            (home / "raw" / f"{number}.jsonl").upload("\n".join(lines).encode())
        stored = put_config(write_config(tmp_path), home / "job.yaml")
        proxy.set()
        loaded = load_config(stored)
        build(loaded, Options(home / "out", 1, "inline", quiet=True))
        counts[dumps, months] = sum(1 for request in proxy.log if "/lock" not in request.key)
        proxy.set()
        build(loaded, Options(home / "out", 1, "inline", quiet=True))
        counts[dumps, months, "again"] = sum(1 for request in proxy.log if "/lock" not in request.key)
    one = counts[1, 1]
    split, part = (counts[3, 1] - one) / 2, (counts[1, 4] - one) / 3
    assert one <= 80
    assert split <= 20
    assert part <= 10
    assert counts[1, 1, "again"] <= 50


@pytest.mark.parametrize("folder", ["receipts", "merged", "staged"])
def test_a_store_that_does_not_answer_costs_no_finished_work(
    behind: StorePath, proxy: Proxy, tmp_path: Path, folder: str
) -> None:
    """What an earlier build has left is not taken for damaged because it cannot be read now."""
    config = two_dumps(tmp_path)
    put_folder(tmp_path / "raw", behind / "raw")
    stored = put_config(config, behind / "job.yaml")
    run(stored, behind / "out")
    proxy.set(Rule("403", kind="GET|LIST", key=f"_work/{folder}/", times=10**9))
    with pytest.raises(PermissionError):
        run(stored, behind / "out")
    assert "PUT" not in {request.kind for request in proxy.log if f"_work/{folder}/" in request.key}
    proxy.set()
    again = run(stored, behind / "out")
    assert (again.reused, again.changed) == (again.splits, False)
