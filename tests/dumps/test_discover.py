"""Paths and patterns of a config: the files that they mean, and what these are called."""

from __future__ import annotations

import os
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest
from small_builds import touch

from builder.dumps.discover import Match, expand, names_of, split_anchor

FILES = [
    "a.warc",
    "b.warc",
    "z.txt",
    ".hidden.warc",
    "sub/c.warc",
    "sub/deep/d.warc",
    ".git/e.warc",
    "[1].warc",
    "é.warc",
]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("a.warc", ["a.warc"], id="a file"),
        pytest.param("./a.warc", ["a.warc"], id="with a dot"),
        pytest.param("sub/../a.warc", ["sub/../a.warc"], id="with two dots"),
        pytest.param("sub", ["sub"], id="a folder"),
        pytest.param("sub/", ["sub"], id="a folder with a slash"),
        pytest.param("*.warc", ["[1].warc", "a.warc", "b.warc", "é.warc"], id="star, sorted by bytes, none hidden"),
        pytest.param("?.warc", ["a.warc", "b.warc", "é.warc"], id="question mark"),
        pytest.param("[ab].warc", ["a.warc", "b.warc"], id="set"),
        pytest.param("[!a].warc", ["b.warc", "é.warc"], id="set of others"),
        pytest.param("[[]1].warc", ["[1].warc"], id="a bracket that is meant"),
        pytest.param("*/*.warc", ["sub/c.warc"], id="star for a folder"),
        pytest.param("**/*.warc", ["[1].warc", "a.warc", "b.warc", "sub/c.warc", "sub/deep/d.warc", "é.warc"], id="**"),
        pytest.param("**/deep/*.warc", ["sub/deep/d.warc"], id="** before a folder"),
        pytest.param("sub/**/d.warc", ["sub/deep/d.warc"], id="** in the middle"),
        pytest.param(".hidden.warc", [".hidden.warc"], id="hidden, by name"),
        pytest.param(".*.warc", [".hidden.warc"], id="hidden, by pattern"),
        pytest.param(".git/*.warc", [".git/e.warc"], id="in a hidden folder that is named"),
        pytest.param("A.WARC", [], id="case counts"),
        pytest.param("nothing*", [], id="nothing"),
        pytest.param("a.warc/*", [], id="below a file"),
    ],
)
def test_expand(tmp_path: Path, pattern: str, expected: list[str]) -> None:
    touch(tmp_path, *FILES)
    found = expand(tmp_path, pattern)
    assert [match.written for match in found] == expected
    assert all(match.path.samefile(tmp_path / match.written) for match in found)


def test_an_absolute_pattern(tmp_path: Path) -> None:
    touch(tmp_path, "a.warc")
    assert expand(Path("/nowhere"), f"{tmp_path}/*.warc") == [
        Match(tmp_path / "a.warc", f"{tmp_path}/a.warc", str(tmp_path))
    ]


def test_links_that_nobody_means_do_not_matter(tmp_path: Path) -> None:
    touch(tmp_path, "a.warc", "sub/b.warc")
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "nowhere").symlink_to("gone")
    (tmp_path / "link").symlink_to("sub")
    for pattern, expected in {
        "*.warc": ["a.warc"], "**/*.warc": ["a.warc", "sub/b.warc"], "*/*.warc": ["link/b.warc", "sub/b.warc"],
    }.items():  # fmt: skip
        assert [match.written for match in expand(tmp_path, pattern)] == expected


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list every folder")
def test_a_folder_that_cannot_be_listed_is_not_passed_over(tmp_path: Path) -> None:
    touch(tmp_path, "sub/a.warc")
    (tmp_path / "sub").chmod(0)
    try:
        with pytest.raises(PermissionError):
            expand(tmp_path, "**/*.warc")
    finally:
        (tmp_path / "sub").chmod(0o700)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        pytest.param([], [], id="none"),
        pytest.param(["raw/a.warc", "../b.warc"], ["raw/a.warc", "../b.warc"], id="relative: as written"),
        pytest.param(["/data/crawl/a.warc"], ["a.warc"], id="absolute: the file"),
        pytest.param(["/d/x/a.warc", "/d/x/b.warc"], ["a.warc", "b.warc"], id="absolute, of one folder"),
        pytest.param(["/d/x/a.warc", "/d/y/a.warc"], ["x/a.warc", "y/a.warc"], id="absolute, of two folders"),
        pytest.param(["/d/a.warc", "/d/y/a.warc"], ["a.warc", "y/a.warc"], id="absolute, one below the other"),
        pytest.param(["/x/a.warc", "/y/b.warc"], ["x/a.warc", "y/b.warc"], id="absolute, nothing in common"),
        pytest.param(["/ab/a.warc", "/abc/a.warc"], ["ab/a.warc", "abc/a.warc"], id="names that begin alike"),
        pytest.param(["raw/a.warc", "/d/b.warc"], ["raw/a.warc", "b.warc"], id="both"),
        pytest.param(["/C:/d/x/a.warc", "/C:/d/y/a.warc"], ["x/a.warc", "y/a.warc"], id="of one drive"),
        pytest.param(["/C:/d/a.warc", "/nas/d/a.warc"], ["C:/d/a.warc", "nas/d/a.warc"], id="of a drive and a share"),
    ],
)
def test_names_of(written: list[str], names: list[str]) -> None:
    assert names_of([Match(Path(path), path) for path in written]) == names


@pytest.mark.parametrize(
    ("kind", "pattern", "anchor", "segments"),
    [
        (PurePosixPath, "raw/*.warc", "", ["raw", "*.warc"]),
        (PurePosixPath, "/d/*.warc", "/", ["d", "*.warc"]),
        (PurePosixPath, "//d/*.warc", "/", ["", "d", "*.warc"]),
        (PurePosixPath, "C:/d/back\\slash", "", ["C:", "d", "back\\slash"]),
        (PureWindowsPath, "raw\\*.warc", "", ["raw", "*.warc"]),
        (PureWindowsPath, "C:\\d\\*.warc", "C:/", ["d", "*.warc"]),
        (PureWindowsPath, "C:/d/a.warc", "C:/", ["d", "a.warc"]),
        (PureWindowsPath, "\\\\nas\\crawl\\d\\a.warc", "//nas/crawl/", ["d", "a.warc"]),
        (PureWindowsPath, "\\d\\a.warc", "/", ["d", "a.warc"]),
    ],
)
def test_where_an_absolute_path_begins(kind: type[PurePath], pattern: str, anchor: str, segments: list[str]) -> None:
    assert split_anchor(pattern, kind) == (anchor, segments)


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        pytest.param(["{d}/*.warc"], ["a.warc", "b.warc"], id="files of a folder"),
        pytest.param(["{d}/*/*.warc"], ["x/a.warc", "y/a.warc"], id="of folders"),
        pytest.param(["{d}/x*/*.warc"], ["x/a.warc"], id="of folders of which there is one"),
        pytest.param(["{d}/./x//*.warc"], ["a.warc"], id="of one folder that is named"),
        pytest.param(["{d}/x/*/../*.warc"], ["in/../a.warc"], id="a wildcard and two dots"),
        pytest.param(["{d}/x/**/*.html"], ["in/p.html"], id="**"),
        pytest.param(["{d}/x/**/*.html", "{d}/[ab].warc"], ["a.warc", "b.warc", "x/in/p.html"], id="two patterns"),
        pytest.param(["{d}/x/in/**"], ["in"], id="** and nothing more"),
        pytest.param(["{d}/x/[a].warc", "{d}/y/a.warc"], ["x/a.warc", "y/a.warc"], id="a pattern and a path"),
        pytest.param(["{d}/x/in"], ["in"], id="a folder"),
        pytest.param(["/{top}*{rest}/x/a.warc"], ["{top}{rest}/x/a.warc"], id="from the root"),
    ],
)
def test_names_of_absolute_patterns(tmp_path: Path, patterns: list[str], names: list[str]) -> None:
    touch(tmp_path, "a.warc", "b.warc", "x/a.warc", "y/a.warc", "x/in/p.html")
    top = tmp_path.parts[1]
    words = {"d": tmp_path, "top": top, "rest": str(tmp_path).removeprefix(f"/{top}")}
    matches = [match for pattern in patterns for match in expand(tmp_path, pattern.format(**words))]
    assert sorted(names_of(matches)) == [name.format(**words) for name in names]
