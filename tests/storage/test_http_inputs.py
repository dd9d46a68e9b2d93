"""Inputs over HTTP: a server that gives ranges, one that does not, one that has nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import pytest
from small_builds import run, tree, two_dumps, write_config

from builder.cli import cli
from builder.errors import ConfigError, DumpError
from builder.storage.client import client_of
from builder.storage.path import StorePath


class Web(NamedTuple):
    url: str
    asked: list[str]


class Handler(BaseHTTPRequestHandler):
    """Files of a folder; with ranges or, as small servers do, without."""

    protocol_version = "HTTP/1.1"

    def __init__(self, folder: Path, asked: list[str], ranges: bool, *rest: object) -> None:
        self.folder, self.asked, self.ranges = folder, asked, ranges
        super().__init__(*rest)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        path = self.folder / self.path.lstrip("/").replace("%20", " ")
        self.asked.append(f"{self.command} {self.path} {self.headers.get('Range', '')}".strip())
        if not path.is_file():
            self.send_error(404)
            return
        body, status = path.read_bytes(), 200
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if wanted and self.ranges and not body:
            self.send_error(416)
            return
        if wanted and self.ranges:
            first, last = int(wanted[1]), min(int(wanted[2]), len(body) - 1)
            status = 206
            self.send_response(status)
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(body)}")
            body = body[first : last + 1]
        else:
            self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - by this name it is called

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def serve(folder: Path, ranges: bool) -> Iterator[Web]:
    asked: list[str] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, folder, asked, ranges)) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield Web(f"http://127.0.0.1:{server.server_port}", asked)
        server.shutdown()
        thread.join()


@pytest.fixture
def web(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Web]:
    client_of.cache_clear()
    (tmp_path / "raw").mkdir()
    yield from serve(tmp_path / "raw", getattr(request, "param", True))
    client_of.cache_clear()


def test_an_input_over_http_gives_the_same_bytes(web: Web, tmp_path: Path) -> None:
    two_dumps(tmp_path)
    (tmp_path / "raw" / "a.jsonl").rename(tmp_path / "raw" / "a b.jsonl")
    names = ["a%20b.jsonl", "b.jsonl"]
    over = write_config(tmp_path / "over", inputs=[f"{web.url}/{name}" for name in names])
    run(over, tmp_path / "over" / "out")
    here = write_config(tmp_path / "here", inputs=[str(tmp_path / "raw" / "*.jsonl")])
    run(here, tmp_path / "here" / "out")
    assert tree(tmp_path / "over" / "out") == tree(tmp_path / "here" / "out")
    assert not run(over, tmp_path / "over" / "out").changed


def test_a_range_is_what_is_asked_for(web: Web, tmp_path: Path) -> None:
    (tmp_path / "raw" / "x").write_bytes(bytes(range(256)) * 1000)
    with StorePath(web.url, "x").open("rb", 1000) as file:
        file.seek(200_000)
        assert file.read(3) == bytes([64, 65, 66])
    assert web.asked == ["GET /x bytes=0-65535", "GET /x bytes=200000-200999"]


@pytest.mark.parametrize("web", [False], indirect=True)
def test_a_server_without_ranges_is_said_to_be_one(web: Web, tmp_path: Path) -> None:
    two_dumps(tmp_path)
    config = write_config(tmp_path, inputs=[f"{web.url}/a.jsonl"])
    with pytest.raises(DumpError, match="the server gives no byte ranges; copy the file to a disk or a store"):
        run(config, tmp_path / "out")


def test_a_file_that_is_not_there(web: Web, tmp_path: Path) -> None:
    config = write_config(tmp_path, inputs=[f"{web.url}/gone.jsonl"])
    with pytest.raises(ConfigError, match=r"nothing matches 'http://127.*'; a URL of a web server is that of one file"):
        run(config, tmp_path / "out")


def test_a_config_and_a_manifest_are_read_from_a_web_server_and_a_dataset_is_not(
    web: Web, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = tmp_path / "raw"
    two_dumps(tmp_path).rename(raw / "job.yaml")
    config = f"{web.url}/job.yaml"
    cli.main(["build", config, "--set", "inputs=[a.jsonl]", "--out", str(raw / "out"), "-q"], standalone_mode=False)
    manifest = f"{web.url}/out/_manifest.json"
    for words in (["validate", config], ["validate", str(raw / "out"), "--against", manifest, "--config", config],
                  ["schema", "show", manifest], ["schema", "export", manifest, "--to", "spark"]):  # fmt: skip
        assert not cli.main(words, standalone_mode=False), capsys.readouterr()
    with pytest.raises(ConfigError, match=f"^{manifest}: a web server lists no folders; copy the dataset to a disk"):
        cli.main(["validate", manifest], standalone_mode=False)


@pytest.mark.parametrize("web", [True, False], indirect=True)
def test_an_empty_file(web: Web, tmp_path: Path) -> None:
    (tmp_path / "raw" / "x").write_bytes(b"")
    with StorePath(web.url, "x").open() as file:
        assert file.read() == b""
