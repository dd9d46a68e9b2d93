"""The HTML report of hostile data: whatever stands in the dataset is text, and nothing in the page acts."""

from __future__ import annotations

import base64
import hashlib
import re
from html import escape
from pathlib import Path

import pytest
from lxml import etree, html
from read_reports import cells, parsed, report, section
from small_builds import SAMPLE, add_inline_engine, manifest, page, run, write_config, write_dump

from builder.printable import printable

add_inline_engine()
BARS = {"rows", "rejected", "filtered", "duplicates", "track"}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("report") / "out"
    run(SAMPLE, out)
    return out


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;\x1b[31m\u202e]]>-->"
URL = "https://www.a.example/news/\"><script>alert(3)</script>?q='><svg onload=alert(4)>"
TAG = {
    "type": "string", "description": HOSTILE, "rules": [{"css": "i"}], "deprecated": HOSTILE, "one_of": [HOSTILE],
    "on_violation": "keep",
}  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Markup in all that a page, a config and a dump may bring, and what spreadsheets take for formulas."""
    folder = tmp_path_factory.mktemp("hostile")
    names = ["=cmd|' x'", "+1", "@sum", "-2-3", HOSTILE]
    pages = [
        page(number, html=page(number)["html"].replace("</article>", f"<i>{escape(name)}</i></article>"))
        for number, name in enumerate(names)
    ]
    pages += [page(20, url=URL, html=""), page(21, url=URL + "x", content_type=HOSTILE)]
    write_dump(folder / "raw" / "=a<b>&c.jsonl", pages)
    config = write_config(
        folder,
        description=HOSTILE,
        about={"title": HOSTILE, "creator": HOSTILE, "license": "=1+1", "url": "https://x.example/\"onmouseover='a'"},
        fields=["url", "title", "published_date", {"tag": TAG}],
        partition_by=["tag"],
        sort_by=["url"],
    )
    run(config, folder / "out")
    return folder / "out"


@pytest.mark.parametrize("name", ["sample", "hostile"])
def test_S16_nothing_in_the_page_acts_or_comes_from_elsewhere(name: str, request: pytest.FixtureRequest) -> None:
    raw = report(request.getfixturevalue(name))
    tree = html.document_fromstring(raw.decode())
    elements = {node.tag for node in tree.iter() if isinstance(node.tag, str)}
    assert elements <= {
        "html", "head", "meta", "title", "style", "body", "main", "header", "section", "h1", "h2", "h3", "p", "div",
        "b", "span", "small", "code", "pre", "table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "details",
        "summary", "svg", "rect",
    }  # fmt: skip
    assert not [node for node in tree.iter() if not isinstance(node.tag, str)]  # no comments
    attributes = {key for node in tree.iter() for key in node.attrib}
    assert attributes <= {
        "lang", "charset", "http-equiv", "content", "name", "class", "viewbox", "preserveaspectratio", "role",
        "aria-label", "x", "width", "height", "open",
    }  # fmt: skip
    assert {node.get("class") for node in tree.iter("rect")} <= BARS
    (policy,) = [node.get("content") for node in tree.iter("meta") if node.get("http-equiv")]
    style = tree.findtext(".//style")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in style
    assert "@import" not in style


def test_the_page_is_well_formed(sample: Path, hostile: Path) -> None:
    for out in (sample, hostile):
        body = re.search(rb"<main>.*</main>", report(out), re.DOTALL)
        assert body is not None
        assert etree.fromstring(body[0].replace(b' open=""', b' open="open"')).tag == "main"


def test_S16_what_the_dataset_says_is_text(hostile: Path) -> None:
    tree = parsed(hostile)
    said = HOSTILE.replace("\x1b", "\\x1b").replace("\u202e", "\\u202e")
    assert tree.findtext(".//h1") == tree.findtext(".//title") == said
    assert [node.text_content() for node in section(tree, "Rejects").iter("code")].count(URL) == 1
    tags = {printable(entry["partition"]["tag"]) for entry in manifest(hostile)["files"]}
    assert {name.removeprefix("'") for name in cells(tree, "Rows by tag")} == tags
    assert any("<script>" in tag for tag in tags)
    assert "\x1b" not in report(hostile).decode()


def test_P15_nothing_that_is_pasted_into_a_spreadsheet_is_a_formula(hostile: Path) -> None:
    """Excel and Calc take a cell of a table that begins so for one; numbers are what they are."""
    tree = parsed(hostile)
    shown = [cell.text_content() for cell in tree.iter("td", "dd")]
    assert not [words for words in shown if words[:1] in ("=", "+", "-", "@", "\t", "\r") and words != "+1"]
    assert {"'=cmd|' x'", "'@sum", "+1", "'-2-3"} <= cells(tree, "Rows by tag").keys()
    assert "'=1+1" in section(tree, "What it is").text_content()
