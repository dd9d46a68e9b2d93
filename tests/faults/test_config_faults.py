"""S01-S16: configs that attack, mislead or leak. They are refused at load with file and line, or have no effect."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from cases import assert_complete
from small_builds import ROOT, load, page, run, write_config, write_dump

from builder.cli import main
from builder.errors import ConfigError, DumpError, FindingsError
from builder.job import build, plan_build
from builder.options import Options

NOT_APPLICABLE = {
    "S11": "configs name rules, not code: there is no module:function that could be called",
}
"""Cases that ask for something that is not there."""
HEAD = "name: small\ninputs: [raw/*.jsonl]\noutput: out\n"


def test_every_case_has_its_test_or_its_reason() -> None:
    assert_complete("S", 16, NOT_APPLICABLE)


def refused(folder: Path, text: str | bytes, seconds: float = 20) -> list[str]:
    """The lines under which a config is refused, in bounded time, without the folder."""
    path = folder / "job.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    began = time.monotonic()
    with pytest.raises(ConfigError) as error:
        load(path)
    assert time.monotonic() - began < seconds
    lines = [line.replace(f"{folder}/", "") for line in str(error.value).splitlines()]
    assert all(line.startswith("job.yaml") for line in lines)
    return lines


@pytest.mark.parametrize(
    "tag", ["object/apply:os.system ['touch x']", "object/new:os.system [x]", "name:os.system", "module:os"]
)
def test_S01_tags_that_would_run_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tag: str) -> None:
    monkeypatch.chdir(tmp_path)
    (line,) = refused(tmp_path, f"{HEAD}description: !!python/{tag}\n")
    assert line.startswith("job.yaml:4:14: tags like")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            "a: &a [x]\nb: &b [" + "*a," * 9 + "]\nc: [" + "*b," * 9 + "]\n",
            "anchors (&name) are not allowed",
            id="bomb",
        ),
        pytest.param("a: " + "[" * 1000 + "]" * 1000, "nested deeper than 50", id="a thousand deep"),
        pytest.param("a: " + "[" * 200_000, "nested deeper than 50", id="200 kB of brackets"),
        pytest.param("a: " + "{b: " * 50_000, "nested deeper than 50", id="200 kB of braces"),
        pytest.param("#" * 1_100_000, "larger than 1048576 bytes", id="more than a megabyte"),
    ],
)
def test_S02_bombs(tmp_path: Path, text: str, message: str) -> None:
    assert any(message in line for line in refused(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "start"),
    [
        pytest.param(
            f"{HEAD}name: again\n", 'job.yaml:4:1: the key "name" stands here twice, first in line 1', id="twice"
        ),
        pytest.param(f"{HEAD}limits:\n\tdepth: 3\n", "job.yaml:5:1: a tab", id="tab"),
        pytest.param(f"{HEAD}---\n{HEAD}", "job.yaml:4:1: a second document", id="two documents"),
        pytest.param(HEAD.encode() + b"description: caf\xe9\n", "job.yaml:4:17: not UTF-8: byte 0xe9", id="Latin-1"),
        pytest.param(HEAD.encode("utf-16"), "job.yaml:1:1: not UTF-8", id="UTF-16"),
        pytest.param(f"{HEAD}<<: {{a: 1}}\n", "job.yaml:4:1: merge keys (<<) are not allowed", id="merge"),
    ],
)
def test_S03_yaml_that_is_read_in_two_ways(tmp_path: Path, text: str | bytes, start: str) -> None:
    assert refused(tmp_path, text)[0].startswith(start)


def test_S03_a_byte_order_mark_is_none_of_them(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_bytes(b"\xef\xbb\xbf" + HEAD.encode())
    assert load(tmp_path / "job.yaml").job.name == "small"


@pytest.mark.parametrize(
    ("text", "end"),
    [
        pytest.param("description: 2022-01-01", "wants a string, not the date 2022-01-01; quote it", id="date"),
        pytest.param("description: 1e3", "wants a string, not the number 1000.0; quote it", id="number"),
        pytest.param(
            "description: 012",
            "012 is read as 12 by some and as octal by others; quote it or drop the zero",
            id="octal",
        ),
        pytest.param(
            "limits: {depth: '12'}", 'wants a whole number, not the string "12"; write it without quotes', id="text"
        ),
        pytest.param("fields: [{title: {required: no}}]", 'wants true or false, not the string "no"', id="no"),
    ],
)
def test_S04_values_of_another_type(tmp_path: Path, text: str, end: str) -> None:
    (line,) = refused(tmp_path, f"{HEAD}{text}\n")
    assert line.endswith(end), line


def test_S04_words_stay_words(tmp_path: Path) -> None:
    """The language list of Norway, a time of day and a sexagesimal number: strings in YAML 1.2."""
    text = "fields: [language, title]\nselect: {language: {one_of: [no, nb, off]}}\ndescription: 12:30:45\n"
    (tmp_path / "job.yaml").write_text(HEAD + text)
    job = load(tmp_path / "job.yaml").job
    assert job.select["language"].one_of == ("no", "nb", "off")
    assert job.description == "12:30:45"


def test_S05_a_misspelt_key(tmp_path: Path) -> None:
    text = f"{HEAD}partition_bye: [site]\nlimits: {{page_byte: 1}}\n"
    assert refused(tmp_path, text) == [
        'job.yaml:4:1: unknown key "partition_bye"; did you mean "partition_by"?',
        'job.yaml:5:10: limits: unknown key "page_byte"; did you mean "page_bytes"?',
    ]


@pytest.mark.parametrize("pattern", ["(a+)+$", "^(\\w+\\s?)*$", "(a|aa)+$", "(.*)*x"])
def test_S06_patterns_that_explode_elsewhere_take_linear_time(tmp_path: Path, pattern: str) -> None:
    text = "a" * 200_000 + "!"
    html = f"<html><title>T</title><body><p id='x'>{text}</p></body></html>"
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1, html=html)])
    field: dict[str, Any] = {
        "odd": {"type": "string", "rules": [{"css": "#x", "pattern": pattern.replace("(", "(?:", 1)}]}
    }
    config = write_config(tmp_path, fields=["page_url", field], partition_by=None, sort_by=None, duplicates=None)
    began = time.monotonic()
    assert run(config, tmp_path / "out").books.rows == 1
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("pattern", ["a(?=b)", "(?<!a)b", "(a)\\\\1", "(?>a)", "a++"])
def test_S06_what_is_not_linear_is_refused_with_its_reason(tmp_path: Path, pattern: str) -> None:
    (line,) = refused(tmp_path, f'{HEAD}rules: {{title: {{line: "{pattern}"}}}}\n')
    assert "RE2 does not take this pattern" in line
    assert "; it has no" in line


@pytest.mark.parametrize(
    "pattern", ["(a{1000}){1000}", "x" * 500_000, "(((a{100}){100}){100})", "[" * 9999, "(" * 9999]
)
def test_S07_patterns_of_any_size_are_compiled_in_bounds(tmp_path: Path, pattern: str) -> None:
    (line,) = refused(tmp_path, f"{HEAD}rules: {{title: {{line: '{pattern}'}}}}\n")
    assert line.startswith("job.yaml:4:17: rules.title.line: ")
    assert len(line) < 700


@pytest.mark.parametrize(
    "rule",
    [
        "xpath: '//h1['", "css: 'h1['", "xpath: \"document('/etc/passwd')\"", "xpath: \"//p[re:test(., '(a+)+$')]\"",
        "xpath: \"//p[regexp:match(., 'a')]\"", "xpath: \"//p[str:replace(., 'a', 'b')]\"", "xpath: 'unparsed-text(1)'",
        "xpath: '//p[$secret]'", "css: 'a::text'", "xpath: 'key(1, 2)'", f"xpath: '{'/a' * 2000}'",
    ],
)  # fmt: skip
def test_S08_selectors_are_compiled_at_load_and_reach_the_page_alone(tmp_path: Path, rule: str) -> None:
    (line,) = refused(tmp_path, f"{HEAD}rules: {{title: {{{rule}}}}}\n")
    assert line.startswith("job.yaml:4:17: rules.title."), line


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


@pytest.mark.parametrize(
    "name", ["__class__", "a.b", "", "new\\nline", "🦊", "Title", "é", "e\\u0301", "1st", "a" * 64, "a b"]
)
def test_S13_names_of_fields(tmp_path: Path, name: str) -> None:
    (line,) = refused(tmp_path, f'{HEAD}fields: [{{"{name}": {{type: string}}}}]\n')
    assert "not a field name" in line


def test_S13_ten_thousand_fields(tmp_path: Path) -> None:
    fields = "".join(f"  - f{number}: {{type: string}}\n" for number in range(10_000))
    (tmp_path / "job.yaml").write_text(f"{HEAD}fields:\n{fields}")
    assert len(load(tmp_path / "job.yaml").job.fields or ()) == 10_000


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
    assert DumpError("x").exit_code == 1
