"""What the command says, and its exit code, where it cannot do what it is asked."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Call, called_here, command
from small_builds import ROOT, two_dumps, write_config

from builder.write.lock import locked


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Call]:
    yield from called_here(monkeypatch, capfd)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return two_dumps(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def built(config: Path) -> subprocess.CompletedProcess[str]:
    """A bare path is `build`; the output is the config's."""
    return command(config, "--workers", "1")


MISTAKES = """\
name: Small
inputs: []
fields:
  - titel
  - lead: {type: sting}
  - url: {required: yes}
partition_by: [{month: url}]
sort_by: [nothing]
limits: {page_seconds: 0}
thresholds: {max_reject_rate: 2}
output: out
write: {compression_level: 99}
"""


def test_ten_mistakes_are_ten_lines(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text(MISTAKES)
    done = command(tmp_path / "job.yaml")
    lines = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    place = re.compile(re.escape(str(tmp_path / "job.yaml")) + r":(\d+):(\d+): \S")
    assert all(place.match(line) for line in lines), done.stderr
    assert [int(line.split(":")[1]) for line in lines] == [1, 2, 4, 5, 6, 7, 8, 9, 10, 12]
    assert not (tmp_path / "out").exists()


WEB = "a web server lists no folders and is not written to; give a path, or s3://, gs:// or az://"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["gone.yaml"], "gone.yaml", id="no config there"),
        pytest.param([".", "-q"], r"\.", id="a folder for a config"),
        pytest.param(["build"], "CONFIG", id="no config named"),
        pytest.param(["{config}", "--workers", "0"], "--workers", id="no workers"),
        pytest.param(["{config}", "--out", ""], "'--out': an empty path", id="no output"),
        pytest.param([""], "'CONFIG': an empty path", id="an empty config"),
        pytest.param(["plan", "{config}", "--out", ""], "'--out': an empty path", id="no output to plan for"),
        pytest.param(["preview", "{config}", ""], "'PAGE': an empty path", id="no page"),
        pytest.param(["rejects", ""], "'OUT': an empty path", id="rejects of nothing"),
        pytest.param(["report", ".", "-o", ""], "'-o' / '--output': an empty path", id="a report nowhere"),
        pytest.param(["publish", "", "--delta", "x"], "'OUT': an empty path", id="nothing to publish"),
        pytest.param(["validate", "{config}", ""], "'TARGET...': an empty path", id="nothing to validate"),
        pytest.param(
            ["validate", "{config}", "--against", ""], "'--against': an empty path", id="compared with nothing"
        ),
        pytest.param(["validate", ".", "--config", ""], "'--config': an empty path", id="lines of nothing"),
        pytest.param(["schema", "show", ""], "'SOURCE': an empty path", id="the schema of nothing"),
        pytest.param(["schema", "diff", "{config}", ""], "'NEW': an empty path", id="a schema and nothing"),
        pytest.param(["{config}", "--limit", "0"], "--limit", id="no pages"),
        pytest.param(["{config}", "--engine", "magic"], "--engine", id="an engine that is none"),
        pytest.param(["{config}", "--engine", "ray", "--address", ""], "'--address': empty", id="a cluster nowhere"),
        pytest.param(["{config}", "--address", ""], "'--address': empty", id="no address"),
        pytest.param(["{config}", "--out", "http://127.0.0.1:9/x"], f"'--out': {WEB}", id="an output on the web"),
        pytest.param(["rejects", "http://127.0.0.1:9/x"], f"'OUT': {WEB}", id="rejects of the web"),
        pytest.param(["report", "https://127.0.0.1:9/x"], f"'OUT': {WEB}", id="a report of the web"),
        pytest.param(["report", ".", "-o", "http://127.0.0.1:9/x"], f"'--output': {WEB}", id="a report to the web"),
        pytest.param(["publish", "http://127.0.0.1:9/x", "--delta", "x"], f"'OUT': {WEB}", id="a table of the web"),
        pytest.param(
            ["validate", ".", "--output", "json=http://127.0.0.1:9/x"], f"'--output': {WEB}", id="findings to the web"
        ),
        pytest.param(
            ["schema", "export", "{config}", "--to", "odcs", "-o", "http://127.0.0.1:9/x"],
            f"'--output': {WEB}",
            id="an export to the web",
        ),
        pytest.param(["{config}", "--nonsense"], "--nonsense", id="an option that is none"),
        pytest.param(["{config}", "--set", "nonsense"], "--set nonsense", id="set without a value"),
        pytest.param(["{config}", "--set", "limits.page_secs=1"], "page_secs", id="set of an unknown key"),
        pytest.param(["{config}", "--set", "inputs=[none/*.warc]"], "none/", id="inputs that are not there"),
        pytest.param(
            ["{config}", "--set", "fields=[url, tags]", "--set", "sort_by=[tags]", "--set", "partition_by=[]"],
            "sort_by",
            id="sorted by what has no order",
        ),
    ],
)
def test_mistakes_of_the_user(
    tmp_path: Path, config: Path, call: Call, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    given = [config if argument == "{config}" else argument for argument in arguments]
    done = call(*given, *(["--out", "out"] if arguments[0] == "{config}" and "--out" not in arguments else []))
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert re.search(message, done.stderr)
    assert "Traceback" not in done.stderr


def test_a_threshold_that_is_passed(tmp_path: Path, config: Path, call: Call) -> None:
    done = call(config, "--out", tmp_path / "out", "--set", "thresholds={max_reject_rate: 0}", "--workers", "1")
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("thresholds.max_reject_rate: 1 of 12 pages rejected")


def test_an_input_of_no_known_kind(tmp_path: Path, call: Call) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.bin").write_bytes(bytes(range(256)))
    done = call(write_config(tmp_path, inputs=["raw/a.bin"]))
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert "a.bin" in done.stderr


@pytest.mark.parametrize("out", ["file/out", "file"])
def test_an_output_that_cannot_be_written(tmp_path: Path, config: Path, call: Call, out: str) -> None:
    (tmp_path / "file").write_text("mine")
    done = call(config, "--out", tmp_path / out)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert f"output: {tmp_path / out}: Not a directory; choose a folder of its own" in done.stderr
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["publish", "gone", "--delta", "x"], "gone: no _manifest.json", id="publish nothing"),
        pytest.param(["publish", "{config}", "--delta", "x"], "job.yaml: no _manifest.json", id="publish a config"),
        pytest.param(["publish", ".", "--delta", "x"], ".: no _manifest.json", id="publish a folder"),
        pytest.param(["validate", "{out}", "--config", "gone"], "gone: cannot be read: No such", id="lines of nothing"),
        pytest.param(["validate", "{out}", "--config", "."], ".: cannot be read: Is a", id="lines of a folder"),
        pytest.param(["schema", "export", "gone.json", "--to", "spark"], "gone.json: no _mani", id="export nothing"),
        pytest.param(["schema", "export", ".", "--to", "spark"], ".: no _manifest.json", id="export a folder"),
        pytest.param(["plan", "{config}", "--out", "{config}"], "Not a directory; choose", id="plan for a file"),
        pytest.param(["{config}", "--out", "x" * 256], "File name too long; choose", id="a name that is too long"),
        pytest.param(["report", "{out}", "-o", "."], ".: a folder; name a file in it", id="a report into a folder"),
        pytest.param(["rejects", "{config}"], "no _manifest.json", id="rejects of a file"),
    ],
)
def test_what_cannot_be_is_not_run_again(
    tmp_path: Path,
    config: Path,
    built: subprocess.CompletedProcess[str],
    call: Call,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
) -> None:
    assert built.returncode == 0
    monkeypatch.chdir(tmp_path)
    places = {"{config}": config, "{out}": config.parent / "out"}
    done = call(*(places.get(argument, argument) for argument in arguments))
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.stderr
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "place", "hint"),
    [
        pytest.param(errno.EACCES, "s3://crawl/x", "; run again to continue", id="a store that refuses"),
        pytest.param(errno.ENOENT, "s3://crawl/x", "; run again to continue", id="an object that has gone"),
        pytest.param(errno.EIO, "the/file", "; run again to continue", id="a disk that fails"),
        pytest.param(
            errno.ENOSPC, "the/file", "; free some space, then run again to continue", id="a disk that is full"
        ),
        pytest.param(
            errno.EFBIG,
            "the/folder",
            "; the disk or `ulimit -f` allows no file as large: raise that, then run again to continue",
            id="a file that is too large",
        ),
        pytest.param(errno.EACCES, "the/file", "", id="no right"),
        pytest.param(errno.EROFS, "the/file", "", id="read-only"),
        pytest.param(errno.ENOENT, "the/file", "", id="not there"),
    ],
)
def test_running_again_is_said_where_that_helps(
    config: Path, call: Call, monkeypatch: pytest.MonkeyPatch, number: int, place: str, hint: str
) -> None:
    def fail(*_given: object) -> None:
        raise OSError(number, "what it says", place)

    monkeypatch.setattr("builder.commands.build.build", fail)
    done = call(config)
    assert (done.returncode, done.stderr) == (74, f"{place}: what it says{hint}\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize("arguments", [["rejects"], ["--nonsense"], ["gone.yaml"]])
def test_the_exit_code_needs_no_stderr(arguments: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "builder.cli", *arguments],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=full,
            timeout=120,
        )
    assert done.returncode == 2


def test_an_output_that_is_being_built(tmp_path: Path, config: Path) -> None:
    with locked(tmp_path / "out"):
        done = command(config, "--out", tmp_path / "out")
    assert (done.returncode, done.stdout) == (75, "")
    assert done.stderr.splitlines() == [
        f"{tmp_path / 'out'}: another build is at work here (process {os.getpid()}); "
        "wait for it, or choose another --out"
    ]


def test_what_a_terminal_would_obey_is_shown(tmp_path: Path, call: Call) -> None:
    done = call(tmp_path / "a\x1b[31m\nred.yaml")
    assert done.returncode == 2
    assert "\x1b" not in done.stderr
