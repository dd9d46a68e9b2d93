from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_builds import load, page, write_config

from builder.dumps import READERS
from builder.errors import ConfigError
from builder.plan.inputs import find_inputs, make_plan
from builder.records import Page

FILES = ["pages/a.html", "pages/b.php", "pages/sub/c.html", "pages/sub/deep/d.html", "pages/.old/e.html"]
FILES += ["pages/php/f.php", "pages/php/h.html", "pagesmore/g.html"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, name in enumerate(FILES):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(page(number)["html"])
    (tmp_path / "pages" / "wire.jsonl").write_text("")
    (tmp_path / "alias").symlink_to("pages/sub")
    return tmp_path


@pytest.mark.parametrize(
    ("inputs", "kept"),
    [
        pytest.param(["pages/**"], ["pages"], id="a folder and all below it"),
        pytest.param([{"path": "pages/**", "index": ""}], ["pages"], id="the same, of which none has an index"),
        pytest.param(["pages", "pages/sub"], ["pages"], id="the outer one first"),
        pytest.param(["pages/sub/deep", "pages/sub", "pages"], ["pages"], id="the outer one last"),
        pytest.param(["pages/sub", "pages/sub/deep/"], ["pages/sub"], id="not the top"),
        pytest.param(["pages", "pages/sub/deep"], ["pages"], id="not the one between them"),
        pytest.param(["pages/sub/deep/d.html", "pages"], ["pages"], id="a page below its folder"),
        pytest.param([{"path": "pages", "format": "folder"}, "pages/sub"], ["pages"], id="the format is said"),
        pytest.param(["pages", "alias"], ["pages"], id="by a link"),
        pytest.param(["pages", "pages/a.html"], ["pages"], id="a page beside its folder"),
        pytest.param(["pages", "pages/wire.jsonl"], ["pages", "pages/wire.jsonl"], id="a dump beside its folder"),
        pytest.param(["pages", "pages/.old"], ["pages", "pages/.old"], id="hidden, so not read with the folder"),
        pytest.param(
            ["pages", {"path": "pages/.old", "url": "address"}], ["pages", "pages/.old"], id="hidden, otherwise"
        ),
        pytest.param(["pages", "pages/.old/e.html"], ["pages", "pages/.old/e.html"], id="a page in a hidden folder"),
        pytest.param(
            [{"path": "pages", "format": "zip"}, "pages/sub"],
            ["pages", "pages/sub"],
            id="a folder said to be a file",
        ),
        pytest.param(["pages", "pagesmore"], ["pages", "pagesmore"], id="names that begin alike"),
        pytest.param(
            ["pages", {"path": "pages/php", "pages": ["*.php"]}], ["pages", "pages/php"], id="files of other names"
        ),
    ],
)
def test_a_page_in_two_folders_is_read_once(folder: Path, inputs: list[Any], kept: list[str]) -> None:
    loaded = load(write_config(folder, inputs=inputs))
    assert [match.written for match, _, _ in find_inputs(loaded)] == sorted(kept)
    items = [item for split in make_plan(loaded).splits for item in READERS[split.dump.format].read(split)]
    bodies = [item.body for item in items if isinstance(item, Page)]
    assert len(bodies) == len(set(bodies)) > 0


@pytest.mark.parametrize(
    ("inputs", "index"),
    [
        pytest.param(["pages", {"path": "pages/sub", "on_bad_input": "fail"}], None, id="other options"),
        pytest.param([{"path": "pages", "pages": ["*.*"]}, "pages/sub"], None, id="other names that are pages"),
        pytest.param(["pages", {"path": "pages/a.html", "format": "jsonl"}], None, id="a page as another format"),
        pytest.param(["pages/**"], "index.csv", id="an index of its own"),
        pytest.param(["pages/**"], "index.jsonl", id="an index of the other kind"),
        pytest.param(
            [{"path": "pages", "index": "own.csv"}, {"path": "pages/sub", "index": "own.csv"}], "own.csv", id="by name"
        ),
    ],
)
def test_a_page_read_in_two_ways_is_a_mistake_in_the_config(folder: Path, inputs: list[Any], index: str | None) -> None:
    if index:
        (folder / "pages" / "sub" / index).write_text("file,url\nc.html,http://a.example/c\n")
    with pytest.raises(ConfigError, match=r"job\.yaml: inputs: 'pages/.*' lies in 'pages', which reads its pages too"):
        find_inputs(load(write_config(folder, inputs=inputs)))
