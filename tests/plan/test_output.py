"""Where a build may write, and what it must not clear away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_builds import add_inline_engine, page, run, write_config, write_dump

from builder.errors import ConfigError

add_inline_engine()


@pytest.mark.parametrize("folder", ["data", "_rejects", "_work"])
@pytest.mark.parametrize("linked", [False, True], ids=["there", "by a link"])
def test_an_input_in_what_the_output_clears_away(tmp_path: Path, folder: str, linked: bool) -> None:
    dump = write_dump(tmp_path / "out" / folder / "a.jsonl", [page(1)])
    (tmp_path / "link.jsonl").symlink_to(dump)
    config = write_config(tmp_path, inputs=["link.jsonl" if linked else f"out/{folder}/a.jsonl"])
    with pytest.raises(ConfigError, match=r"job\.yaml: output: .*/out and the input .*(a|link)\.jsonl overlap; choose"):
        run(config, tmp_path / "out")
    assert dump.exists()


@pytest.mark.parametrize("place", ["out/a.jsonl", "output/a.jsonl", "out/datasets/a.jsonl"])
def test_an_input_beside_what_the_output_clears_away(tmp_path: Path, place: str) -> None:
    write_dump(tmp_path / place, [page(1)])
    assert run(write_config(tmp_path, inputs=[place]), tmp_path / "out").books.rows == 1
    assert (tmp_path / place).exists()


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("file", "Not a directory"),
        ("file/below", "Not a directory"),
        ("n" * 300, "File name too long"),
        ("loop", "Too many levels of symbolic links"),
    ],
)  # fmt: skip
def test_an_output_where_there_can_be_no_folder(tmp_path: Path, name: str, problem: str) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1)])
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(ConfigError, match=rf"job\.yaml: output: .*: {problem}; choose a folder of its own"):
        run(write_config(tmp_path), tmp_path / name)


LINKS: dict[str, Callable[[Path], object]] = {
    "the output": lambda folder: (folder / "out").symlink_to("disk"),
    "a folder above it": lambda folder: ((folder / "out").mkdir(), (folder / "out" / "deep").symlink_to("../disk")),
    "its work folder": lambda folder: ((folder / "out").mkdir(), (folder / "out" / "_work").symlink_to("../disk")),
}


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_links_that_lead_to_a_folder_are_gone_along(tmp_path: Path, link: Callable[[Path], object]) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1)])
    (tmp_path / "disk").mkdir()
    link(tmp_path)
    out = tmp_path / "out" / "deep" / "er" if (tmp_path / "out" / "deep").exists() else tmp_path / "out"
    assert run(write_config(tmp_path), out).books.rows == 1
    assert list((tmp_path / "disk").iterdir()) != []
