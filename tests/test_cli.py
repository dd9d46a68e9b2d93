from __future__ import annotations

import errno
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from small_builds import ROOT, manifest, page, two_dumps, write_config, write_dump

from builder.cli import cli, main
from builder.write.lock import locked


def command(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "builder.cli", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


Call = Callable[..., Done]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Call]:
    """The command in this process, which is a good deal faster."""
    signals = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
    handlers = [signal.getsignal(number) for number in signals]

    def run_main(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["build-dataset", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            main()
        return Done(int(stop.value.code or 0), *capfd.readouterr())

    yield run_main
    for number, handler in zip(signals, handlers, strict=True):
        signal.signal(number, handler)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return two_dumps(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def built(config: Path) -> subprocess.CompletedProcess[str]:
    """A bare path is `build`; the output is the config's."""
    return command(config, "--workers", "1")


def test_a_bare_path_is_built_where_the_config_says(config: Path, built: subprocess.CompletedProcess[str]) -> None:
    assert built.returncode == 0
    assert manifest(config.parent / "out")["counts"]["rows"] == 9


def test_talk_goes_to_stderr_and_no_bar_to_a_pipe(built: subprocess.CompletedProcess[str]) -> None:
    assert built.stdout == ""
    assert "\r" not in built.stderr
    assert "it/s" not in built.stderr
    lines = [line.strip() for line in built.stderr.splitlines()]
    assert lines[0] == "12 pages read"
    assert "9 rows in 3 parts" in lines
    assert "2 duplicates" in lines
    assert not any("skipped" in line for line in lines), "where there is nothing but pages"
    assert any(line.endswith("out: published. Load it with") for line in lines)


def test_json_is_one_document_and_nothing_else(config: Path, built: subprocess.CompletedProcess[str]) -> None:
    assert built.returncode == 0
    done = command("build", config, "--json", "--workers", "1")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert done.stdout.count("\n") == 1
    out = str(config.parent / "out")
    wanted = {
        "out": out,
        "changed": False,
        "read": 12,
        "rows": 9,
        "duplicates": 2,
        "rejected": {"missing_html": 1},
        "skipped": {},
    }
    assert document.items() >= wanted.items()
    assert (document["splits"], document["splits_reused"]) == (2, 2)


def test_what_is_no_page_is_told(tmp_path: Path, call: Call) -> None:
    for name in ("a.html", "b.php?id=1", "c.php?id=2"):
        (tmp_path / "mirror" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "mirror" / name).write_text("<title>Heron</title><p>Words", encoding="utf-8")
    config = write_config(tmp_path, inputs=["mirror"])
    said = call(config, "--workers", "1").stderr
    assert re.search(r"^ +2 skipped: .*\n +2 other_file: a file whose name is none of `pages`$", said, re.MULTILINE)
    document = json.loads(call(config, "--workers", "1", "--json").stdout)
    assert (document["read"], document["skipped"]) == (1, {"other_file": 2})
    wider = write_config(tmp_path, inputs=[{"path": "mirror", "pages": ["*.html", "*.php[?]*"]}])
    assert json.loads(call(wider, "--workers", "1", "--json").stdout)["rows"] == 3


def test_quiet_is_silent(config: Path, built: subprocess.CompletedProcess[str]) -> None:
    assert built.returncode == 0
    done = command("-q", config, "--workers", "1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_out_is_relative_to_here_and_the_config_to_nothing_else(tmp_path: Path, config: Path) -> None:
    done = command(config, "--out", "mine", "--set", "name=other", "--workers", "1", "-q", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert manifest(tmp_path / "mine")["dataset"]["name"] == "other"


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


def test_a_dry_run_builds_nothing_and_says_what_it_would(tmp_path: Path, config: Path, call: Call) -> None:
    done = call(config, "--dry-run", "--out", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 of 2 splits to read" in done.stdout
    assert not (tmp_path / "out" / "_manifest.json").exists()
    assert not (tmp_path / "out" / "data").exists()


VERBS = ["build", "init", "plan", "preview", "publish", "rejects", "report", "schema", "validate"]


@pytest.mark.parametrize("name", ["", *VERBS])
def test_help(call: Call, name: str) -> None:
    done = call(*([name] if name else []), "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage: ")


def test_what_may_be_given_several_times_says_so(call: Call) -> None:
    several = {(verb, parameter.name) for verb, command in cli.commands.items() for parameter in command.params
               if isinstance(parameter, click.Option) and parameter.multiple}  # fmt: skip
    assert {name for _, name in several} == {"overrides", "codes", "reports"}
    for verb, _ in several:
        listed = " ".join(call(verb, "--help").stdout.split())
        assert listed.count("may be given several times") == sum(verb == other for other, _ in several), verb


def test_every_command_is_in_the_help_test(call: Call) -> None:
    listed = re.findall(r"^  ([a-z]+) ", call("--help").stdout.partition("Commands:")[2], re.MULTILINE)
    assert listed == VERBS


def test_the_version(call: Call) -> None:
    done = call("--version")
    assert done.returncode == 0
    assert re.search(r"build-dataset.*\d+\.\d+", done.stdout)


def test_names_that_no_encoding_knows(tmp_path: Path, call: Call) -> None:
    """File names are bytes; one that is no UTF-8 is an input like any other."""
    name = os.fsdecode(b"p\xe4ge.jsonl")
    try:
        write_dump(tmp_path / "raw" / name, [page(1)])
    except OSError:
        pytest.skip("this file system takes UTF-8 alone")
    done = call(write_config(tmp_path), "--workers", "1")
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr


# ------------------------------------------------------------------ rejects


def test_rejects_are_summed_up(tmp_path: Path, call: Call) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), page(2, html=None), page(3, html="\x1b[31m\x00")])
    call(write_config(tmp_path), "--out", tmp_path / "out", "-q", "--workers", "1")
    done = call("rejects", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 missing_html: a record, line or row without HTML" in done.stdout
    assert "\x1b" not in done.stdout
    found = json.loads(call("rejects", tmp_path / "out", "--code", "missing_html", "--json").stdout)
    assert (found["read"], found["count"]) == (3, 1)
    assert found["codes"][0]["example"]["url"] == "https://www.a.example/news/2"


def test_rejects_are_read_again(tmp_path: Path, call: Call) -> None:
    given = page(2)
    given["html"] = given["html"].replace("<article>", "<article a b c d e f g h>")
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), given])
    config, out = write_config(tmp_path, limits={"attributes": 5}), tmp_path / "out"
    call(config, "--out", out, "-q", "--workers", "1")
    assert manifest(out)["counts"]["rows"] == 1
    retry = ["rejects", out, "--retry", "too_many_attributes", "--config", config, "--workers", "1"]
    done = call(*retry, "--set", "limits.attributes=50", "--json")
    assert (done.returncode, json.loads(done.stdout)["count"]) == (0, 0), done.stderr
    assert manifest(out)["counts"]["rows"] == 2
    line = f"{out}: no page was rejected as too_many_attributes when it was read; nothing has changed\n"
    assert call(*retry, "--set", "limits.attributes=60") == Done(0, "", line)
    assert call(*retry, "-q") == Done(0, "", "")
    done = call(*retry, "--json")
    assert (done.returncode, json.loads(done.stdout)["count"], done.stderr) == (0, 0, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--retry", "timeout"], "--retry CODE and --config CONFIG go together"),
        (["--retry", "timeuot", "--config", "x"], "'timeuot' is not one of"),
        (["--code", "nonsense"], "'nonsense' is not one of"),
        (["--set", "limits.depth=9"], "--set goes with --retry CODE; without it nothing is built"),
        (["--workers", "2"], "--workers goes with --retry CODE"),
        (["-q"], "--quiet goes with --retry CODE"),
        (
            ["--retry", "timeout", "--config", "x", "--code", "empty"],
            "--code says what is shown: with --retry it goes w",
        ),
        ([], "no _manifest.json; give the output folder of a build"),
        (["--retry", "timeout", "--config", "x"], "no _manifest.json; give the output folder of a build"),
    ],
)
def test_rejects_that_cannot_be_told(tmp_path: Path, call: Call, arguments: list[str], message: str) -> None:
    done = call("rejects", tmp_path, *arguments)
    assert (done.returncode, message in done.stderr, done.stdout) == (2, True, "")
