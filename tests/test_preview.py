"""preview: one page explained, from a file, a URL or a locator."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from dump_files import COMPRESS
from small_builds import load, page, write_config, write_dump

from builder.cli import cli
from builder.config.load import load_config
from builder.config.models import LoadedConfig
from builder.errors import ConfigError
from builder.extract.metadata import AUTO, Candidate
from builder.extract.page import ParsedPage
from builder.preview import Explained, as_data, as_text, explain
from builder.records import Reject

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "configs" / "2022.yaml"
STORY = ROOT / "tests" / "sites" / "devdiscourse.com" / "blinken-bare.html"
URL = "https://www.devdiscourse.com/article/international/1938842-blinken-speaks-with-uk-foreign-secretary"


@pytest.fixture(scope="module")
def loaded() -> LoadedConfig:
    return load_config(CONFIG)


def explained(loaded: LoadedConfig, wanted: str, url: str | None = None) -> Explained:
    found = explain(loaded, wanted, url)
    assert isinstance(found, Explained)
    return found


def test_a_file_with_its_url_is_read_by_the_site_profile(loaded: LoadedConfig) -> None:
    found = explained(loaded, str(STORY), URL)
    assert found.outcome == "row"
    assert (found.record["agency"], found.record["dateline"]) == ("ANI", "Washington DC")
    winner = next(tried for tried in found.tried if tried.field == "published_at" and tried.outcome == "won")
    assert winner.values == ("24-02-2022 03:37 IST",)
    assert winner.origin.startswith("line:")


def test_the_same_page_by_url_and_by_locator(loaded: LoadedConfig) -> None:
    by_url = explained(loaded, URL)
    source = by_url.page.source
    by_locator = explained(loaded, f"{source.input}@{source.offset}")
    assert by_locator.page == by_url.page
    assert by_locator.record == by_url.record


def test_candidates_that_lost_are_shown_with_the_reason(loaded: LoadedConfig, tmp_path: Path) -> None:
    page = tmp_path / "p.html"
    page.write_text(
        '<html><head><link rel=canonical href="https://other.example/">'
        '<meta property="article:published_time" content="31-31-31"></head>'
        "<body><h1>Head</h1><p>Words of a story.</p><p>2022-05-01T10:00:00Z</p></body></html>"
    )
    found = explained(loaded, str(page), "https://paper.example/a")
    lost = {(tried.field, tried.origin): tried.outcome for tried in found.tried if tried.outcome != "won"}
    assert lost["url", "link:canonical"] == "another site's URL"
    assert "31-31-31" in lost["published_at", "meta:article:published_time"]
    assert "(another site's URL)" in as_text(found)


def test_a_field_that_follows_from_others_says_whence_as_well(tmp_path: Path) -> None:
    fields = ["url", "title", "published_date", "site", "word_count", "links"]
    loaded = load(write_config(tmp_path, fields=fields, partition_by=None, sort_by=None))
    (tmp_path / "p.html").write_text(page(1)["html"])
    found = explained(loaded, str(tmp_path / "p.html"), page(1)["url"])
    told = {tried.field: tried.origin for tried in found.tried if tried.outcome == "won"}
    assert told == {
        "url": "capture:page_url",
        "title": "h1",
        "published_at": "meta:article:published_time",
        "published_date": "meta:article:published_time",
        "site": "capture:page_url",
        "text": "article",
        "word_count": "article",
    }
    lines = as_text(found).splitlines()
    assert lines[lines.index("site: a.example") + 1] == "    + capture:page_url"
    assert "published_at:" in lines  # asked for by another field: the record does not say that it is null


@pytest.mark.parametrize(
    ("action", "shown", "rules"),
    [("null", "null", ["title.max_length"]), ("keep", "Heron 1 seen", ["title.max_length", "title.pattern"])],
)
def test_a_value_that_breaks_a_constraint_says_so(action: str, shown: str, rules: list[str], tmp_path: Path) -> None:
    title = {"pattern": "^Stated", "max_length": 3, "on_violation": action}
    loaded = load(write_config(tmp_path, fields=["url", {"title": title}], partition_by=None, sort_by=None))
    (tmp_path / "p.html").write_text(page(1)["html"])
    found = explained(loaded, str(tmp_path / "p.html"), page(1)["url"])
    assert as_data(found)["violations"] == rules
    assert f"title: {shown}  (breaks {', '.join(rules)})" in as_text(found)


def test_a_filtered_and_a_rejected_page_say_so(loaded: LoadedConfig, tmp_path: Path) -> None:
    page = tmp_path / "p.html"
    page.write_text("<html><body><h1>Head</h1><p>No date at all.</p></body></html>")
    assert explained(loaded, str(page), "https://paper.example/a").outcome == "filtered: published_date.missing"
    page.write_bytes(b"\x89PNG\r\n")
    assert explained(loaded, str(page), "https://paper.example/a").outcome.startswith("rejected: not_html")


def test_a_page_that_its_response_says_is_none_is_explained_all_the_same(tmp_path: Path) -> None:
    line = {"url": "https://paper.example/a", "html": "<h1>Gone away</h1>", "http_status": 404}
    (tmp_path / "a.jsonl").write_text(json.dumps(line))
    (tmp_path / "job.yaml").write_text("name: a\ninputs: [a.jsonl]\nfields: [title]\noutput: out\n")
    found = explained(load_config(tmp_path / "job.yaml"), line["url"])
    assert (found.outcome, [tried.values for tried in found.tried]) == ("filtered: http_status", [("Gone away",)])


def test_a_page_on_which_extraction_fails_is_explained_as_far_as_it_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_page: ParsedPage) -> Iterator[Candidate]:
        yield Candidate([""], "meta:tags")
        raise RuntimeError("a bug")

    monkeypatch.setitem(AUTO, "tags", fail)  # type: ignore[index]
    (tmp_path / "job.yaml").write_text("name: a\ninputs: [x]\nfields: [title, tags, text]\noutput: out\n")
    (tmp_path / "p.html").write_text("<h1>Head of it</h1><p>Words of a story.</p>")
    done = CliRunner().invoke(cli, ["preview", str(tmp_path / "job.yaml"), str(tmp_path / "p.html"), "--json"])
    document = json.loads(done.stdout)
    assert document["outcome"].startswith("rejected: extract_failed: RuntimeError: a bug (reading.py:")
    assert [candidate["field"] for candidate in document["candidates"]] == ["title", "tags"]


def test_a_compressed_file_is_read_as_it_is_in_a_folder(loaded: LoadedConfig, tmp_path: Path) -> None:
    stored = COMPRESS["zstd"](STORY.read_bytes())
    (tmp_path / "a.html.zst").write_bytes(stored)
    found = explained(loaded, str(tmp_path / "a.html.zst"), URL)
    assert (found.outcome, found.page.body) == ("row", STORY.read_bytes())
    (tmp_path / "a.html.zst").write_bytes(stored[:-6])
    cut = explain(loaded, str(tmp_path / "a.html.zst"), URL)
    assert isinstance(cut, Reject)
    assert (cut.code, cut.url) == ("truncated", URL)


MIRROR = ROOT / "data" / "raw" / "2022" / "mirror"


def test_a_file_of_an_input_is_what_its_index_says(loaded: LoadedConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(MIRROR)
    found = explained(loaded, "tagblatt-nord.example/radweg.html")
    assert found.page == explained(loaded, f"../data/raw/2022/mirror@0#{found.page.source.record_id}").page
    assert (found.outcome, found.page.source.record_id) == ("row", "tagblatt-nord.example/radweg.html")
    assert found.page.url.startswith("https://")
    assert found.record["profile"] is not None
    alone = explained(loaded, "tagblatt-nord.example/radweg.html", "https://paper.example/a")
    assert (alone.page.url, alone.page.fetched_at) == ("https://paper.example/a", None)


def test_a_file_of_an_input_that_is_none_of_its_pages(loaded: LoadedConfig) -> None:
    with pytest.raises(ConfigError, match=r"style\.css: lies in an input, but is none of its `pages`"):
        explain(loaded, str(MIRROR / "style.css"))


@pytest.mark.parametrize(
    ("rule", "kept"),
    [({"by": ["url"], "keep": "latest"}, 1), ({"by": ["url"], "keep": "earliest"}, 2), (None, 0)],
    ids=["latest", "earliest", "no duplicates"],
)
def test_of_several_captures_the_one_is_shown_that_becomes_the_row(
    tmp_path: Path, rule: dict[str, Any] | None, kept: int
) -> None:
    """What is rejected becomes none, be it the latest; without a rule all are rows."""
    url = page(1)["url"]
    captures = [page(1, day=day, url=url) for day in ("2022-02-02", "2022-02-03", "2022-02-01")]
    write_dump(
        tmp_path / "raw" / "a.jsonl", [*captures, page(1, day="2022-02-09", url=url, fetched_at="moon"), page(2)]
    )
    loaded = load(write_config(tmp_path, duplicates=rule))
    found = explained(loaded, url)
    assert found.page.body == captures[kept]["html"].encode()
    assert len(found.others) == 3
    assert found.page.source not in found.others
    places = ", ".join(f"raw/a.jsonl@{place.offset}" for place in found.others)
    assert f"\none of 4 captures of this URL; the others: {places}\n" in as_text(found)
    assert [place["offset"] for place in as_data(found)["others"]] == [place.offset for place in found.others]
    assert explained(loaded, page(2)["url"]).others == ()


def test_what_is_nowhere_is_a_usage_error(loaded: LoadedConfig) -> None:
    with pytest.raises(ConfigError, match="neither a file, nor a URL"):
        explain(loaded, "https://nowhere.example/")


@pytest.mark.parametrize("user", ["", "me:secret@"])
@pytest.mark.parametrize("slashes", ["//", "/", ""])
def test_a_user_and_password_in_a_captured_url_are_not_shown(slashes: str, user: str, tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1, url=f"https:{slashes}me:secret@a.example/1")])
    found = explained(load(write_config(tmp_path)), f"https:{slashes}{user}a.example/1")
    assert found.page.url == f"https:{slashes}a.example/1"
    assert "secret" not in as_text(found) + str(as_data(found))


def test_a_locator_inside_a_record_finds_no_record(loaded: LoadedConfig) -> None:
    source = explained(loaded, URL).page.source
    found = explain(loaded, f"{source.input}@{source.offset + 1}")
    assert isinstance(found, Reject)


def test_json_is_one_document() -> None:
    done = CliRunner().invoke(cli, ["preview", str(CONFIG), str(STORY), "--url", URL, "--json"])
    document = json.loads(done.stdout)
    assert document["outcome"] == "row"
    assert document["record"]["published_date"] == "2022-02-24"
    assert {candidate["field"] for candidate in document["candidates"]} >= {"title", "text"}


def test_json_of_a_reject_of_the_reader_is_one_document_as_well(loaded: LoadedConfig) -> None:
    source = explained(loaded, URL).page.source
    place = f"{source.input}@{source.offset + 1}"
    done = CliRunner().invoke(cli, ["preview", str(CONFIG), place, "--json"])
    document = json.loads(done.stdout)
    assert document["outcome"].startswith("rejected: damaged: ")
    assert (document["source"]["input"], document["source"]["offset"]) == (source.input, source.offset + 1)
    page = json.loads(CliRunner().invoke(cli, ["preview", str(CONFIG), URL, "--json"]).stdout)
    assert document.keys() == page.keys()
    assert document["source"].keys() == page["source"].keys()


@pytest.mark.skipif(os.name != "posix", reason="POSIX pipes")
def test_a_page_may_come_through_a_pipe(loaded: LoadedConfig, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=lambda: (tmp_path / "pipe").write_bytes(STORY.read_bytes()), daemon=True)
    writer.start()
    found = explained(loaded, str(tmp_path / "pipe"), URL)
    writer.join(10)
    assert found.record == explained(loaded, str(STORY), URL).record | {"source": found.record["source"]}
    assert found.outcome == "row"


@pytest.mark.parametrize("flags", [[], ["--json"]], ids=["text", "json"])
def test_half_a_surrogate_pair_is_shown_and_not_obeyed(tmp_path: Path, flags: list[str]) -> None:
    """What JSON.stringify makes of an emoji that was cut."""
    boss = {"type": "string", "description": "Who it is by", "rules": {"jsonld": "author.name"}}
    config = write_config(tmp_path, fields=[{"boss": boss}], partition_by=None, sort_by=None, duplicates=None)
    stated = '{"@type": "NewsArticle", "author": {"name": "Ann \\udc00 Lee\\u2028\\u202e"}}'
    (tmp_path / "p.html").write_text(f"<script type=application/ld+json>{stated}</script>")
    done = CliRunner().invoke(cli, ["preview", str(config), str(tmp_path / "p.html"), *flags])
    assert (done.exit_code, done.exception) == (0, None)
    assert "\\udc00 Lee\\u2028\\u202e" in done.stdout
    assert "\u202e" not in done.stdout


def test_a_reject_in_a_folder_is_shown_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.html").write_text("<p>words</p>" * 200)
    config = write_config(tmp_path, inputs=["raw"], limits={"page_bytes": "1kB"})
    done = CliRunner().invoke(cli, ["preview", str(config), "raw@0#a.html"])
    assert (done.exit_code, done.exception) == (0, None)
    assert done.stdout.startswith("raw@0#a.html: too_large: ")


def test_a_locator_is_of_one_input_and_one_file(tmp_path: Path) -> None:
    """Whatever their names have in them that locators have too."""
    names = {
        "raw/a@7.jsonl@0": 1,
        "raw/b.jsonl@0": 2,
        "mirror@0#y.html": 3,
        "mirror@0#x#1.html": 4,
        "mirror@0#x\n.html": 5,
    }
    (tmp_path / "mirror").mkdir()
    for name, number in names.items():
        path = name.replace("mirror@0#", "mirror/").removesuffix("@0")
        if path.endswith(".html"):
            (tmp_path / path).write_text(page(number)["html"])
        else:
            write_dump(tmp_path / path, [page(number)])
    loaded = load(write_config(tmp_path, inputs=["raw/*.jsonl", "mirror"]))
    found = {name: explained(loaded, name) for name in names}
    assert explained(loaded, "mirror@0").others == (), "the first of several there"
    assert {name: one.record["title"] for name, one in found.items()} == {
        name: f"Heron {number} seen" for name, number in names.items()
    }
    assert {one.others for one in found.values()} == {()}
    second = write_dump(tmp_path / "raw" / "b.jsonl", [page(2)]).stat().st_size
    write_dump(tmp_path / "raw" / "b.jsonl", [page(2), page(6)])
    assert explained(loaded, f"raw/b.jsonl@{second}").record["title"] == "Heron 6 seen"
