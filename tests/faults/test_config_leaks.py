"""S09-S16 but S13: paths, secrets and text of configs and pages lead nowhere and act on nobody who reads them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from refused_configs import HEAD, refused
from small_builds import ROOT, load, page, run, write_config, write_dump

from builder.cli import main
from builder.errors import ConfigError, FindingsError
from builder.job import build, plan_build
from builder.options import Options


@pytest.mark.parametrize("path", ["~/out", "${HOME}/out", "out\\u0000x", "out\\nx", "out\\u001b[31m", "", "  "])
def test_S09_paths_with_what_a_shell_or_terminal_would_act_on(tmp_path: Path, path: str) -> None:
    for key in ("output", "sites"):
        text = HEAD.replace("output: out\n", "") if key == "output" else HEAD
        assert any(f": {key}: " in line for line in refused(tmp_path, f'{text}{key}: "{path}"\n'))


@pytest.mark.parametrize("value", ["../../etc", "..", "/etc/passwd", "a/../../b", "%2e%2e%2f", "..\\..\\x"])
def test_S09_what_pages_say_never_leaves_the_output(tmp_path: Path, value: str) -> None:
    """Paths below the output are made of values of pages: each stays one folder below its parent."""
    html = f"<html><title>T</title><body><b id='s'>{value}</b><p>words of the page</p></body></html>"
    write_dump(tmp_path / "deep" / "raw" / "a.jsonl", [page(1, html=html)])
    field: dict[str, Any] = {"desk": {"type": "string", "rules": [{"css": "#s"}]}}
    config = write_config(
        tmp_path / "deep", fields=["page_url", field], partition_by=["desk"], sort_by=None, duplicates=None
    )
    outcome = run(config, tmp_path / "deep" / "out")
    assert outcome.parts[0].partition == {"desk": value}
    assert outcome.parts[0].path.count("/") == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep"]
    assert sorted(path.name for path in (tmp_path / "deep").iterdir()) == ["job.yaml", "out", "raw"]


CANARY = "kanarienvogel-7f3a"
ODD_URLS = (
    " https://u:{}@a.example/", "<https://u:{}@a.example/>", "//u:{}@a.example/", "https:\\\\u:{}@a.example/",
    "https:/u:{}@a.example/", "https:///u:{}@a.example/", "view-source:https://u:{}@a.example/",
)  # fmt: skip


def test_S10_M04_secrets_are_nowhere(tmp_path: Path) -> None:
    """A secret in the environment, in the user part of captured URLs, in headers: in no file, message or argument."""
    pages = [
        page(1, url=f"https://crawler:{CANARY}@www.a.example/news/1"),
        page(2, url=f"https://{CANARY}@www.a.example/news/2", html=None),
        page(3, url=f"https://x:{CANARY}@www.a.example/news/3", html="%PDF-1.7 no page"),
        *(page(4, url=url.format(CANARY), html=html) for url in ODD_URLS for html in ("<title>A</title><p>page", None)),
    ]
    write_dump(tmp_path / "raw" / "a.jsonl", pages)
    block = f"HTTP/1.1 200 OK\r\nSet-Cookie: session={CANARY}\r\nX-Token: {CANARY}\r\nContent-Type: text/html\r\n\r\n"
    body = block.encode() + page(4)["html"].encode()
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://u:{CANARY}@www.a.example/news/4\r\n"
    head += "WARC-Date: 2022-03-01T08:00:00Z\r\nWARC-Record-ID: <urn:uuid:4>\r\nContent-Type: application/http\r\n"
    (tmp_path / "raw" / "b.warc").write_bytes(
        f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body + b"\r\n\r\n"
    )
    config = write_config(tmp_path, inputs=["raw/*"], fields=["url", "page_url", "title", "text", "links", "source"],
                          partition_by=None, sort_by=None, duplicates=None, exports=["report"])  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "builder.cli", config, "--workers", "1"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "AWS_SECRET_ACCESS_KEY": CANARY, "API_TOKEN": CANARY},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert CANARY not in done.stdout + done.stderr
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert len(files) > 8
    assert [str(path) for path in files if CANARY.encode() in uncompressed(path)] == []


def uncompressed(path: Path) -> bytes:
    """The bytes of a file, and of a Parquet file the values too."""
    data = path.read_bytes()
    if path.suffix == ".parquet":
        data += repr(pq.read_table(path, partitioning=None).to_pylist()).encode()
    return data


def test_S10_a_variable_is_not_replaced_and_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S3_SECRET", CANARY)
    (line,) = refused(tmp_path, HEAD.replace("[raw/*.jsonl]", "['${S3_SECRET}/x']"))
    assert "are not replaced" in line
    assert CANARY not in line


def test_S12_other_files_are_never_shown(tmp_path: Path) -> None:
    """Configs include nothing. A config that is a link is read; one that is no config is not echoed."""
    (tmp_path / "secret.txt").write_text(f"root:{CANARY}:0:0\n{CANARY}: [\n")
    (tmp_path / "job.yaml").symlink_to("secret.txt")
    with pytest.raises(ConfigError) as error:
        load(tmp_path / "job.yaml")
    assert f"root:{CANARY}" not in str(error.value)
    (tmp_path / "job.yaml").unlink()
    (line,) = refused(tmp_path, f"include: /etc/passwd\n{HEAD}")
    assert line.startswith('job.yaml:1:1: unknown key "include"')


@pytest.mark.parametrize("text", ["{0.__class__}", "{{ 7*7 }}", "%(name)s", "${x}", "$(touch y)", "{title!r}"])
def test_S14_text_that_templates_would_fill_in_stays_text(tmp_path: Path, text: str) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1, html=f"<html><title>{text}</title><p>words</p></html>")])
    field: dict[str, Any] = {"said": {"type": "string", "rules": [{"const": text}]}}
    named: dict[str, Any] = {"named": {"type": "string", "rules": [{"css": "title"}]}}
    config = write_config(tmp_path, description=text, fields=["page_url", field, named], partition_by=["said"],
                          sort_by=None, duplicates=None)  # fmt: skip
    outcome = run(config, tmp_path / "out")
    assert outcome.parts[0].partition == {"said": text}
    assert outcome.parts[0].columns["named"]["min"] == text
    with pytest.raises(FindingsError) as error:
        run(config, tmp_path / "out", "write.max_partitions=1", "thresholds={min_fill: {named: 1}, min_rows: 2}")
    assert "min_rows" in str(error.value)


PLACES: dict[str, Callable[[Path], Path]] = {
    "the input itself": lambda folder: folder / "mirror",
    "in an input": lambda folder: folder / "mirror" / "deep" / "out",
    "in an input, by a link": lambda folder: folder / "link" / "out",
    "the root": lambda _folder: Path("/"),
    "the root, in a roundabout way": lambda folder: Path(f"{folder}" + "/.." * 40),
    "home": lambda folder: folder / "home",
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_S15_outputs_where_a_build_would_read_or_clear_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Callable[[Path], Path]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "one.html").write_text(page(1)["html"])
    (tmp_path / "link").symlink_to("mirror")
    config = write_config(tmp_path, inputs=["mirror"])
    with pytest.raises(ConfigError, match=r"^job\.yaml: output: .*choose a folder of its own"):
        run(config, place(tmp_path))
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["job.yaml", "link", "mirror", "one.html"]
    assert run(config, tmp_path / "out").books.read == 1


@pytest.mark.parametrize(
    ("name", "leads_to", "message"),
    [
        ("data", "elsewhere", "out/data is a link, and readers do not follow it; put"),
        ("_rejects", "elsewhere", "out/_rejects is a link, and readers do not follow it; put"),
        ("data", "nowhere", "out/data is a link, and readers do not follow it; put"),
        ("_work", "nowhere", "out/_work is a link to nothing; make"),
    ],
)
def test_S15_links_in_an_output(tmp_path: Path, name: str, leads_to: str, message: str) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1)])
    config = write_config(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).symlink_to(tmp_path / leads_to)
    with pytest.raises(ConfigError, match=message):
        run(config, tmp_path / "out")
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert [path.name for path in (tmp_path / "out").iterdir()] == [name]


@pytest.mark.parametrize("below", ["", "/deeper"], ids=["itself", "above it"])
@pytest.mark.parametrize(
    ("leads_to", "message"),
    [
        pytest.param("link", "job.yaml: output: .*Too many levels of symbolic links; choose a folder", id="a loop"),
        pytest.param("nowhere", "job.yaml: output: .*/link is a link to nothing; make the folder that", id="nothing"),
    ],
)
def test_S15_an_output_that_is_a_link_to_no_folder(tmp_path: Path, leads_to: str, message: str, below: str) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1)])
    loaded = load(write_config(tmp_path))
    (tmp_path / "link").symlink_to(tmp_path / leads_to)
    for begin in (build, plan_build):
        with pytest.raises(ConfigError, match=message):
            begin(loaded, Options(Path(f"{tmp_path}/link{below}"), workers=1, engine="inline", quiet=True))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["job.yaml", "link", "raw"]


def test_S15_inputs_in_what_the_output_clears_away(tmp_path: Path) -> None:
    write_dump(tmp_path / "out" / "_work" / "staged" / "a.jsonl", [page(1)])
    config = write_config(tmp_path, inputs=["out/_work/staged/*.jsonl"])
    with pytest.raises(ConfigError, match=r"and the input out/_work/staged/a\.jsonl overlap"):
        run(config, tmp_path / "out")
    assert (tmp_path / "out/_work/staged/a.jsonl").exists()


def test_S16_nothing_that_a_terminal_would_obey_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """In names of configs, inputs, keys and outputs, and in what pages say."""
    red = "\x1b[31m\x1b]0;owned\x07\u202e"
    said: list[str] = []

    def call(*arguments: object) -> None:
        monkeypatch.setattr(sys, "argv", ["build-dataset", *map(str, arguments)])
        monkeypatch.setattr("builder.cli.on_signals", lambda _handler: None)
        with pytest.raises(SystemExit):
            main()
        said.extend(capfd.readouterr())

    write_dump(tmp_path / "raw" / f"{red}.jsonl", [page(1, html=page(1)["html"].replace("Heron", red)), page(2)])
    config = write_config(tmp_path, description="plain")
    call(config, "--out", tmp_path / f"out{red}", "--workers", "1")
    call("plan", config, "--out", tmp_path / "other")
    call("preview", config, "https://www.a.example/news/1")
    call(tmp_path / f"{red}.yaml")
    call(config, "--set", f"{red}=1")
    (tmp_path / "raw" / f"{red}.bin").write_bytes(b"\0\1\2 no dump")
    call(config, "--set", "inputs=[raw/*]")
    assert len("".join(said)) > 1000
    assert [text for text in said for char in red if char in text and char not in "[31m]0;owned"] == []
