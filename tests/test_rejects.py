from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from contract.damaged import edit
from dump_files import COMPRESS
from small_builds import SAMPLE, add_inline_engine, load, manifest, page, run, two_dumps, write_config, write_dump

from builder.cli import cli, main
from builder.contract.sources import load_terms
from builder.errors import ConfigError, ManifestError
from builder.preview import Explained, explain
from builder.records import REJECT_CODES
from builder.rejects import as_text, summarise, summed_up
from builder.write.staging import PUBLISHED_REJECTS

add_inline_engine()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sample") / "out"
    run(SAMPLE, out)
    return out


def test_the_counts_are_those_of_the_manifest(sample: Path) -> None:
    found = summarise(sample)
    counts = manifest(sample)["counts"]
    assert (found.read, found.count) == (counts["read"], sum(counts["rejected"].values()))
    assert {lost.code: lost.count for lost in found.codes} == counts["rejected"]
    inputs: dict[str, int] = {}
    for lost in found.codes:
        assert sum(lost.inputs.values()) == sum(lost.sites.values()) == lost.count
        for name, count in lost.inputs.items():
            inputs[name] = inputs.get(name, 0) + count
    assert inputs == {
        entry["name"]: sum(entry["rejected"].values()) for entry in manifest(sample)["inputs"] if entry["rejected"]
    }
    assert [lost.count for lost in found.codes] == sorted((lost.count for lost in found.codes), reverse=True)


def test_an_example_leads_to_its_place(sample: Path) -> None:
    (lost,) = summarise(sample, ["not_html"]).codes
    assert lost.sites == {"tagblatt-nord.example": 1}
    assert lost.example.url == "https://www.tagblatt-nord.example/wetter/karte"
    assert lost.example.locator.rpartition("@")[0] in lost.inputs


def test_a_code_that_nobody_has_is_no_error(sample: Path) -> None:
    assert (summarise(sample, ["timeout"]).count, summarise(sample, ["timeout"]).codes) == (0, ())


def test_workers_are_as_many_as_a_build_takes(sample: Path) -> None:
    for words in (["rejects", "--workers", "100000", "--help"], ["build", "--workers", "100000", "--help"]):
        assert CliRunner().invoke(cli, words).exit_code == 0
    for words in (["rejects", str(sample), "--workers", "100001"], ["build", "--workers", "100001", "gone.yaml"]):
        assert "1<=x<=100000" in CliRunner().invoke(cli, words).output


def test_a_dataset_without_rejects(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1)])
    run(write_config(tmp_path), tmp_path / "out")
    assert as_text(summarise(tmp_path / "out")) == "0 rejects of 1 page read"


def test_one_reject_is_one(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), page(2, html="")])
    run(write_config(tmp_path), tmp_path / "out")
    assert as_text(summarise(tmp_path / "out")).startswith("1 reject of 2 pages read\n")


def test_an_example_in_a_folder_names_the_file_and_preview_takes_it(tmp_path: Path) -> None:
    """All files of a folder have the same offset."""
    for name, content in (("a.html", page(1)["html"]), ("sub/b@7#.html", ""), ("sub/c.html", "\x89PNG\r\n")):
        (tmp_path / "pages" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "pages" / name).write_text(content, encoding="latin-1")
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), page(2, html="")])
    config = write_config(tmp_path, inputs=["pages", "raw/a.jsonl"], thresholds=None, partition_by=["site"])
    run(config, tmp_path / "out")
    found = {lost.code: lost.example for lost in summarise(tmp_path / "out").codes}
    assert found["empty"].locator == "pages@0#sub/b@7#.html"
    assert found["not_html"].locator == "pages@0#sub/c.html"
    for code, example in found.items():
        explained = explain(load(config), example.locator)
        assert isinstance(explained, Explained)
        assert explained.outcome == f"rejected: {code}: {example.message}"
        assert explained.page.url == example.url
    with pytest.raises(ConfigError, match="neither a file, nor"):
        explain(load(config), "pages@0#sub/gone.html")


@pytest.mark.parametrize(("sites", "more"), [(10, []), (14, ["4 more"])])
def test_many_sites_are_cut_short_for_people(tmp_path: Path, sites: int, more: list[str]) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(n, f"site{n:02}.example", html="") for n in range(sites)])
    run(write_config(tmp_path), tmp_path / "out")
    lines = as_text(summarise(tmp_path / "out")).splitlines()
    counted = f"{sites} rejects of {sites} pages read"
    assert lines[:4] == [counted, "", f"        {sites} empty: nothing but white space", lines[3]]
    assert sum("site" in line and "such as" not in line for line in lines) == 10
    assert [line.partition(" and ")[2] for line in lines if " and " in line] == more


def test_a_table_with_a_code_of_another_version_and_rejects_of_no_site(tmp_path: Path) -> None:
    """Equal counts stand in the order of their names, whatever the order of the table."""
    told = [
        ("b.warc", "bad_record", "https://www.b.example/1"), ("b.warc", "bad_record", "https://b.example/2"),
        ("a.warc", "bad_record", "https://a.example/1"), ("a.warc", "bad_record", "https://www.a.example/2"),
        ("c.warc", "not_known", "file:c.html"), ("b.warc", "bad_line", None),
    ]  # fmt: skip
    rows = [
        {"input": name, "offset": at, "length": 1, "record_id": None, "url": url, "stage": "read", "code": code,
         "message": f"number {at}", "config_sha256": "", "tool": ""}
        for at, (name, code, url) in enumerate(told)
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows, PUBLISHED_REJECTS), tmp_path / "part.parquet")
    found = summed_up(9, [tmp_path / "part.parquet"])
    assert [list(lost.sites) for lost in found.codes] == [["a.example", "b.example"], [""], [""]]
    assert as_text(found).splitlines() == [
        "6 rejects of 9 pages read",
        "",
        f"         4 bad_record: {REJECT_CODES['bad_record']}",
        "             2 a.warc",
        "             2 b.warc",
        "             2 a.example",
        "             2 b.example",
        "           such as b.warc@0 https://www.b.example/1",
        "           number 0",
        "",
        f"         1 bad_line: {REJECT_CODES['bad_line']}",
        "             1 b.warc",
        "             1 no site known",
        "           such as b.warc@5",
        "           number 5",
        "",
        "         1 not_known: unknown to this version",
        "             1 c.warc",
        "             1 no site known",
        "           such as c.warc@4 file:c.html",
        "           number 4",
    ]


def test_what_is_no_dataset(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no _manifest\.json; give the output folder of a build"):
        summarise(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"no _manifest\.json; give the output folder of a build"):
        summarise(tmp_path / "file")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def change(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace('"read": 12', '"read": 13'), encoding="utf-8")


@pytest.mark.parametrize("damage", [cut, change])
@pytest.mark.parametrize(
    "command",
    [
        ["rejects", "{out}"], ["report", "{out}"], ["validate", "{out}"], ["publish", "{out}", "--delta", "{out}"],
        ["schema", "show", "{out}"], ["schema", "diff", "{out}", "{out}"], ["schema", "export", "{out}", "--to=spark"],
        ["validate", "{config}", "--against", "{out}"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_manifest_that_cannot_be_relied_on_is_exit_1_wherever_it_is_read(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    command: list[str],
    damage: Callable[[Path], None],
) -> None:
    config = two_dumps(tmp_path)
    run(config, tmp_path / "out")
    damage(tmp_path / "out" / "_manifest.json")
    places = {"{out}": str(tmp_path / "out"), "{config}": str(config)}
    monkeypatch.setattr(sys, "argv", ["build-dataset", *(places.get(word, word) for word in command)])
    with pytest.raises(SystemExit) as stop:
        main()
    said = capfd.readouterr()
    assert stop.value.code == 1, said
    assert "_manifest.json: " in said.out + said.err
    assert said.err.count("\n") <= 1


def lose_footer(path: Path) -> None:
    path.write_bytes(b"PAR1" + b"x" * 99 + b"c\0\0\0PAR1")


@pytest.mark.parametrize(
    ("damage", "wrong"), [(Path.unlink, "is missing"), (cut, "cannot be read"), (lose_footer, "cannot be read")]
)
@pytest.mark.parametrize(
    "command", [["rejects", "out"], ["rejects", "out", "--retry=empty", "--config=job.yaml"], ["report", "out"]]
)
def test_a_reject_file_that_is_damaged_is_one_line_that_says_what_to_do(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    command: list[str],
    damage: Callable[[Path], object],
    wrong: str,
) -> None:
    run(two_dumps(tmp_path), tmp_path / "out")
    (file,) = (tmp_path / "out" / "_rejects").iterdir()
    damage(file)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["build-dataset", *command])
    with pytest.raises(SystemExit) as stop:
        main()
    said = capfd.readouterr()
    assert (stop.value.code, said.out, said.err.count("\n")) == (1, "", 1), said
    assert said.err.startswith("out")
    assert f"out/_rejects/{file.name}" in said.err
    assert wrong in said.err
    assert said.err.endswith("; build again with --fresh, or restore the file\n")


@pytest.mark.parametrize("compress", [bytes, COMPRESS["gzip"]], ids=["by ranges", "read through"])
def test_what_is_read_again_has_no_password_in_its_url(tmp_path: Path, compress: Callable[[bytes], bytes]) -> None:
    large = page(1, url="https://me:secret@a.example/large")
    dump = write_dump(tmp_path / "raw" / "a.jsonl", [large, page(2, html="<title>Small</title><p>words")])
    dump.write_bytes(compress(dump.read_bytes()))
    config = write_config(tmp_path, fields=["page_url"], partition_by=None, sort_by=None, duplicates=None)
    run(config, tmp_path / "out", "limits.page_bytes=200")
    assert [lost.code for lost in summarise(tmp_path / "out").codes] == ["too_large"]
    run(config, tmp_path / "out", retry="too_large")
    (part,) = (tmp_path / "out" / "data").glob("*.parquet")
    assert "https://a.example/large" in pq.read_table(part)["page_url"].to_pylist()


@pytest.mark.parametrize("name", ["_manifest.json", "job.yaml"])
def test_a_manifest_in_git_is_read_like_any(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """It is called as it was named, and what is wrong with a config stays a mistake of the user."""
    config = two_dumps(tmp_path / "repository")
    run(config, tmp_path / "out")
    (tmp_path / "repository" / "_manifest.json").write_bytes((tmp_path / "out" / "_manifest.json").read_bytes()[:-9])
    config.write_text("feilds: []")
    monkeypatch.chdir(tmp_path / "repository")
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=x", "-c", "user.email=x", "commit", "-qm", "x"]):
        subprocess.run(["git", *command], check=True)
    with pytest.raises(ManifestError if name == "_manifest.json" else ConfigError) as caught:
        load_terms(f"git:HEAD:./{name}")
    assert str(caught.value).startswith(f"git:HEAD:./{name}:")


@pytest.mark.parametrize("name", ["../x.parquet", "/etc/passwd", "_rejects/../../x", "data/part-00000-0.parquet"])
def test_a_manifest_leads_nowhere_else(tmp_path: Path, name: str) -> None:
    run(two_dumps(tmp_path), tmp_path / "out")
    edit(tmp_path / "out", manifest(tmp_path / "out")["rejects"][0]["name"], name)
    with pytest.raises(ManifestError, match="lies outside of the dataset; refused"):
        summarise(tmp_path / "out")
