"""S01-S08, S13: configs that attack or mislead. They are refused at load with file and line, or have no effect."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from cases import assert_complete
from refused_configs import HEAD, refused
from small_builds import load, page, run, write_config, write_dump

NOT_APPLICABLE = {
    "S11": "configs name rules, not code: there is no module:function that could be called",
}
"""Cases that ask for something that is not there."""


def test_every_case_has_its_test_or_its_reason() -> None:
    assert_complete("S", 16, NOT_APPLICABLE)


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
