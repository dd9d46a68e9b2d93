import datetime as dt
import json
import pickle
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from builder.config.load import load_config
from builder.config.models import InputSpec, JobConfig, PartitionBy, SiteFile
from builder.config.rulespec import Rule
from builder.config.settings import Limits, Thresholds, WriteOptions
from builder.config.values import SIZE_UNITS, parse_size
from builder.errors import ConfigError

CATALOGUE = {
    "url": "url", "site": "string", "title": "string", "authors": "list<string>", "published_at": "timestamp",
    "published_date": "date", "text": "text", "word_count": "integer", "is_syndicated": "boolean",
}  # fmt: skip
SMALL = "name: small\ninputs: [a.warc]\noutput: out\n"
FULL = """\
# a year of stories
name: news-2022
description: Wire stories
inputs:
  - raw/*.warc.gz
  - {path: more, format: folder, index: list.csv, pages: ['*.html'], on_bad_input: fail}
sites: sites
rules: {title: {css: h1}}
fields:
  - url
  - title: {required: true}
  - published_date
  - site
  - bureau: {type: string, description: Place, rules: [{line: '^([A-Z]+) -'}]}
select: {published_date: {min: 2022-01-01, max: 2022-12-31}, site: {one_of: [a.example, b.example]}}
partition_by: [{month: published_date}, site, {value: bureau, as: place}]
sort_by: [published_date, url]
duplicates: {by: [url]}
thresholds: {max_reject_rate: 0.05, min_fill: {title: 1}, min_rows: 1}
limits: {page_bytes: 1MiB, page_seconds: 5}
write: {part_bytes: 2GB}
output: ../built
"""
SITE = """\
domains: [Wire.Example]
profiles:
  - valid_until: 2022-06-30
    timezone: Asia/Kolkata
    language: en
    fields:
      title: [{jsonld: headline}, {xpath: '//h1/text()'}, {auto: true}]
      authors: {css: .by, split: ' and ', drop: staff}
      is_syndicated: {line: from our wire, value: true}
  - name: late
    fields: {published_at: {meta: date, date: '%d-%m-%Y %H:%M %Z'}}
"""


def write(folder: Path, job: str, **sites: str) -> Path:
    (folder / "sites").mkdir(exist_ok=True)
    for name, text in sites.items():
        (folder / "sites" / f"{name}.yaml").write_text(text)
    path = folder / "job.yaml"
    path.write_text(job)
    return path


def test_a_full_config(tmp_path: Path) -> None:
    loaded = load_config(write(tmp_path, FULL, wire=SITE))
    job = loaded.job
    assert loaded.path == (tmp_path / "job.yaml").resolve()
    assert job.inputs[0] == InputSpec(path="raw/*.warc.gz")
    assert job.inputs[1].pages == ("*.html",)
    assert job.rules["title"] == (Rule(css="h1"),)
    assert job.fields is not None
    assert [(field.name, field.type, field.required) for field in job.fields] == [
        ("url", None, None), ("title", None, True), ("published_date", None, None), ("site", None, None),
        ("bureau", "string", None),
    ]  # fmt: skip
    assert job.select["published_date"].min == dt.date(2022, 1, 1)
    assert job.partition_by == (
        PartitionBy(name="month", field="published_date", unit="month"),
        PartitionBy(name="site", field="site", unit="value"),
        PartitionBy(name="place", field="bureau", unit="value"),
    )
    assert job.duplicates is not None
    assert (job.duplicates.by, job.duplicates.keep) == (("url",), "latest")
    assert (job.limits.page_bytes, job.limits.page_seconds, job.write.part_bytes) == (2**20, 5.0, 2 * 10**9)
    (site,) = loaded.sites
    assert (site.file, site.domains) == ("wire", ("wire.example",))
    assert [profile.name for profile in site.profiles] == ["wire@1", "late"]
    assert site.profiles[0].fields["authors"] == (Rule(css=".by", split=" and ", drop=("staff",)),)


def test_defaults(tmp_path: Path) -> None:
    job = load_config(write(tmp_path, SMALL)).job
    assert (job.fields, job.duplicates, job.sites, job.partition_by, job.sort_by) == (None, None, None, (), ())
    assert job.limits == Limits() == Limits.model_validate({"page_bytes": "16MiB", "worker_memory": "2GiB"})
    assert job.limits.split_bytes == 2**24
    assert job.write == WriteOptions(
        part_bytes=2**27, row_group_bytes=2**24, compression_level=3, max_partitions=10_000
    )
    assert job.thresholds == Thresholds()


def test_models_pickle_and_give_json(tmp_path: Path) -> None:
    loaded = load_config(write(tmp_path, FULL, wire=SITE))
    assert pickle.loads(pickle.dumps(loaded)) == loaded
    dump = loaded.job.model_dump(mode="json")
    assert json.loads(json.dumps(dump, allow_nan=False)) == dump
    assert dump["select"]["published_date"]["min"] == "2022-01-01"
    again = load_config(write(tmp_path, FULL, wire=SITE))
    assert [site.model_dump_json() for site in again.sites] == [site.model_dump_json() for site in loaded.sites]


def test_models_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Limits().depth = 3  # type: ignore[misc]


def test_workers_import_the_models_without_the_loader() -> None:
    heavy = "{'ruamel', 'cssselect', 'lxml', 're2'}"
    code = f"import sys, builder.config; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode == 0


def test_json_schema_allows_the_short_forms() -> None:
    schema = json.dumps(JobConfig.model_json_schema(), sort_keys=True)
    assert '"page_seconds"' in schema
    assert '"file"' not in json.dumps(SiteFile.model_json_schema()["properties"])


@pytest.mark.parametrize(
    ("keys", "source", "argument"),
    [({"css": "h1", "attr": "id"}, "css", "h1"), ({"const": False}, "const", False), ({"auto": True}, "auto", True)],
    ids=["css", "false constant", "auto"],
)
def test_rule_tells_its_source(keys: dict[str, object], source: str, argument: object) -> None:
    rule = Rule.model_validate(keys)
    assert (rule.source, rule.argument) == (source, argument)


@given(st.integers(1, 2**20), st.sampled_from(sorted(SIZE_UNITS)))
def test_sizes(number: int, unit: str) -> None:
    size = number * SIZE_UNITS[unit]
    if size < 2**60:
        assert parse_size(f"{number}{unit}") == parse_size(f"{number}.000 {unit}") == parse_size(size) == size
    else:
        with pytest.raises(PydanticCustomError, match="2\\*\\*60"):
            parse_size(f"{number}{unit}")


@pytest.mark.parametrize(
    ("override", "path", "value"),
    [
        ("limits.page_seconds=5", ("limits", "page_seconds"), 5.0),
        ("inputs.0.path=x.warc", ("inputs", 0, "path"), "x.warc"),
        ("inputs.0=y.warc", ("inputs", 0, "path"), "y.warc"),
        ("duplicates={by: [url]}", ("duplicates", "by"), ("url",)),
        ("duplicates={by: [authors, url]}", ("duplicates", "by"), ("authors", "url")),
        ("thresholds.min_fill.title=0.5", ("thresholds", "min_fill", "title"), 0.5),
        ("description=", ("description",), None),
        ("description=a=b", ("description",), "a=b"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_set(tmp_path: Path, override: str, path: tuple[str | int, ...], value: object) -> None:
    found: object = load_config(write(tmp_path, SMALL), [override]).job
    for step in path:
        found = getattr(found, str(step)) if hasattr(found, str(step)) else found[step]  # type: ignore[index]
    assert found == value


@pytest.mark.parametrize(
    ("override", "line"),
    [
        ("title", "--set title: not key=value; write --set limits.page_seconds=5"),
        ("name=2022", "--set name=2022: name: wants a string, not the number 2022; quote it"),
        ("inputs.3=x", '--set inputs.3=x: inputs is a list with 1 entries, from 0; there is no "3"'),
        ("name.x=1", '--set name.x=1: name is the string "small" with no parts; there is no "x"'),
        ("limits={a: [1", "--set limits={a: [1: not YAML: expected ',' or ']', but got '<stream end>'"),
        ("limit.depth=1", '--set limit.depth=1: unknown key "limit"; did you mean "limits"?'),
    ],
    ids=["no value", "type", "index", "scalar", "syntax", "unknown"],
)
def test_wrong_set(tmp_path: Path, override: str, line: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_config(write(tmp_path, SMALL), [override])
    assert str(error.value) == line


def test_file_is_called_what_the_user_called_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, SMALL + "sites: sites\nx: 1\n", a="domains: [a.example]\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as error:
        load_config(Path("job.yaml"))
    assert [line.split(": ")[0] for line in str(error.value).splitlines()] == ["job.yaml:5:1", "sites/a.yaml:1:1"]


@pytest.mark.parametrize(
    ("name", "message"),
    [("none.yaml", "No such file"), ("sites", "Is a directory"), ("a\0b", "null byte"), ("x\x1b[2J", "x\\x1b[2J: ")],
    ids=["missing", "directory", "NUL", "terminal control"],
)
def test_unreadable_file(tmp_path: Path, name: str, message: str) -> None:
    write(tmp_path, SMALL)
    with pytest.raises(ConfigError) as error:
        load_config(tmp_path / name)
    assert message in str(error.value)
    assert str(error.value).isprintable()


def test_thousands_of_fields(tmp_path: Path) -> None:
    names = "".join(f"  - f{number}: {{type: string}}\n" for number in range(4000))
    job = load_config(write(tmp_path, f"{SMALL}fields:\n{names}")).job
    assert job.fields is not None
    assert len(job.fields) == 4000


def test_a_config_of_a_hundred_lines_is_fast(tmp_path: Path) -> None:
    path = write(tmp_path, FULL, wire=SITE, more=SITE.replace("Wire", "more"), third=SITE.replace("Wire", "third"))
    load_config(path)
    start = time.perf_counter()
    load_config(path)
    assert time.perf_counter() - start < 0.5  # 20 ms on a quiet machine


@pytest.mark.parametrize("path", ["headline", "author.name", "@type", "schema:headline", "offers.price2", "été.nom"])
def test_paths_into_json_ld_are_of_keys(tmp_path: Path, path: str) -> None:
    job = f"{SMALL}rules: {{title: {{jsonld: '{path}'}}}}\n"
    assert load_config(write(tmp_path, job)).job.rules["title"][0].jsonld == path


def test_what_the_reader_of_dates_knows_is_taken(tmp_path: Path) -> None:
    for form in ("%e %b %Y", "%-d.%-m.%Y", "%F %T", "%D %R", "%d %h %Y", "%a %a %d %b %Y"):
        job = f"{SMALL}rules: {{published_at: {{css: time, date: '{form}'}}}}\n"
        (rule,) = load_config(write(tmp_path, job)).job.rules["published_at"]
        assert rule.date == form


ODD = ["- ", "x: 1", "}", "  - {css: h1}", "\t", "sites: ..", "fields: {a: 1}"]
LINES = st.sampled_from([*FULL.splitlines(), *SITE.splitlines(), *ODD])
MANGLED = st.tuples(
    st.integers(0, len(FULL)), st.integers(0, 12), st.text(":-[]{}'\"#&*!,\n\t ~\0a1.", max_size=4)
).map(lambda cut: FULL[: cut[0]] + cut[2] + FULL[cut[0] + cut[1] :])


@settings(max_examples=250, deadline=None)
@given(st.one_of(st.lists(LINES, max_size=25).map("\n".join), MANGLED, st.text(max_size=60)), MANGLED)
def test_any_text_loads_or_is_a_config_error(tmp_path_factory: pytest.TempPathFactory, job: str, site: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"
    folder.mkdir(exist_ok=True)
    path = write(folder, job, mangled=site.replace(FULL[:20], ""))
    try:
        load_config(path)
    except ConfigError as error:
        lines = str(error).splitlines()
        assert lines
        assert all(line.isprintable() for line in lines)
        assert lines == sorted(set(lines), key=lines.index)
