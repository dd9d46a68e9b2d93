from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import time
import tomllib
from dataclasses import replace
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest
from small_builds import ROOT, load, page, two_dumps, write_config, write_dump

from builder.dumps.discover import Match, expand, names_of, split_anchor
from builder.errors import ConfigError, DumpError
from builder.plan.boundaries import begin_at, gaps
from builder.plan.inputs import (
    OF_NO_ROW,
    PlannedSplit,
    find_inputs,
    hash_input,
    hash_tasks,
    make_plan,
    split_key,
    stamp,
    stamps_of,
    tool_versions,
    with_keys,
)  # fmt: skip
from builder.plan.output import refuse_output
from builder.receipts import FileRef, Receipt
from builder.records import Dump, Split


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")


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


@pytest.mark.parametrize("pattern", ["raw/*/*.jsonl", "{here}/raw/*/*.jsonl", "{here}/**/*.jsonl"])
def test_an_input_that_comes_renames_no_other(tmp_path: Path, pattern: str) -> None:
    write_dump(tmp_path / "raw" / "2022-01" / "a.jsonl", [page(1)])
    config = write_config(tmp_path, inputs=[pattern.format(here=tmp_path)])
    (before,) = [name for _, name, _ in find_inputs(load(config))]
    write_dump(tmp_path / "raw" / "2022-02" / "a.jsonl", [page(2)])
    write_dump(tmp_path / "raw" / "2022-02" / "b.jsonl", [page(2)])
    names = [name for _, name, _ in find_inputs(load(config))]
    assert before in names
    assert len(set(names)) == 3


def test_two_inputs_never_have_one_name(tmp_path: Path) -> None:
    """A relative and an absolute one could: then no locator would say which of them it means."""
    here, there = (write_dump(tmp_path / folder / "a.jsonl", [page(1)]) for folder in ("here", "there"))
    config = write_config(here.parent, inputs=["a.jsonl", str(there)])
    try:
        names = [name for _, name, _ in find_inputs(load(config))]
    except ConfigError:
        return
    assert len(set(names)) == 2


def test_what_nothing_matches_is_a_mistake_in_the_config(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1)])
    config = write_config(tmp_path, inputs=["raw/a.jsonl", "raw/*.warc.gz"])
    with pytest.raises(ConfigError, match=r"job\.yaml:5:3: inputs\.1\.path: nothing matches 'raw/\*\.warc\.gz'"):
        make_plan(load(config))


@pytest.mark.parametrize(
    ("override", "place"),
    [
        ("inputs=[raw/a.jsonl, {path: gone}]", r"--set inputs=\[raw/a\.jsonl, {path: gone}\]: inputs\.1\.path"),
        ("inputs.0=gone", r"--set inputs\.0=gone: inputs\.0\.path"),
        ("inputs.0={path: gone, format: warc}", r"--set inputs\.0=.*: inputs\.0\.path"),
        ("name=other", r"job\.yaml:5:6: inputs\.1\.path"),
    ],
)
def test_a_pattern_that_nothing_matches_is_shown_where_it_stands(tmp_path: Path, override: str, place: str) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1)])
    config = write_config(tmp_path)
    config.write_text(
        "name: small\n\ninputs:\n  - raw/*.jsonl\n  - {path: gone}\nfields: [url]\noutput: out\n", encoding="utf-8"
    )
    with pytest.raises(ConfigError, match=place) as caught:
        make_plan(load(config, override))
    assert str(caught.value).endswith("nothing matches 'gone'")


def test_the_folder_of_the_config_as_an_input_has_a_name_where_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<title>Heron</title><p>A page.")
    config = write_config(tmp_path, inputs=["**"])
    with pytest.raises(ConfigError, match=r"out and the input \. overlap; choose"):
        refuse_output(make_plan(load(config)), load(config), tmp_path / "out")


def test_a_file_of_no_known_format_is_refused(tmp_path: Path) -> None:
    touch(tmp_path, "raw/a.bin")
    with pytest.raises(DumpError, match=r"a\.bin"):
        make_plan(load(write_config(tmp_path, inputs=["raw/a.bin"])))


def test_a_file_meant_by_two_patterns_is_read_once_as_the_first_says(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1)])
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "raw" / "a.jsonl")
    inputs = [
        {"path": "raw/*.jsonl", "on_bad_input": "fail"},
        "**/a.jsonl",
        str(tmp_path / "raw/a.jsonl"),
        "link.jsonl",
    ]
    plan = make_plan(load(write_config(tmp_path, inputs=inputs)))
    assert [dump.name for dump in plan.dumps] == ["raw/a.jsonl"]
    assert plan.specs[0].on_bad_input == "fail"


def test_inputs_are_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b", "c", "a"):
        write_dump(tmp_path / "raw" / f"{name}.jsonl", [page(1)])
    plan = make_plan(load(write_config(tmp_path, inputs=["raw/c.jsonl", "raw/*.jsonl"])))
    assert [dump.name for dump in plan.dumps] == ["raw/a.jsonl", "raw/b.jsonl", "raw/c.jsonl"]


def test_a_trial_run_takes_the_first_split_of_every_dump(tmp_path: Path) -> None:
    config = two_dumps(tmp_path)
    loaded = load(config, "limits.split_bytes=1KiB")
    whole, trial = make_plan(loaded), make_plan(loaded, 5)
    assert len(whole.splits) > 4
    assert [split.dump.name for split in trial.splits] == ["raw/a.jsonl", "raw/b.jsonl"]
    assert all(split in whole.splits and split.start == 0 for split in trial.splits)


# ------------------------------------------------------------------------ keys


def keys(config: Path, *overrides: str, limit: int | None = None) -> list[str]:
    loaded = load(config, *overrides)
    plan = make_plan(loaded)
    tasks = hash_tasks(plan)
    hashes = {task: hash_input(task, lambda _item, _done: None) for task in tasks}
    planned = with_keys(plan, hashes, {task: stamp(task) for task in tasks}, loaded, limit)
    assert [entry.number for entry in planned] == list(range(len(planned)))
    return [entry.key for entry in planned]


def test_every_split_has_its_own_key(tmp_path: Path) -> None:
    found = keys(two_dumps(tmp_path), "limits.split_bytes=1KiB")
    assert len(set(found)) == len(found) > 4


def test_keys_are_the_same_elsewhere(tmp_path: Path) -> None:
    assert keys(two_dumps(tmp_path / "here")) == keys(two_dumps(tmp_path / "over" / "there"))


@pytest.mark.parametrize(
    "override",
    ["output=elsewhere", "name=other", "description=words", "thresholds={min_rows: 3}", "inputs.0.on_bad_input=fail",
     "write.compression_level=9", "write.part_bytes=1MiB", "limits.page_seconds=90", "limits.worker_memory=1GiB"],
)  # fmt: skip
def test_what_does_not_matter_to_a_split_keeps_its_key(tmp_path: Path, override: str) -> None:
    config = two_dumps(tmp_path)
    assert keys(config, override) == keys(config)


@pytest.mark.parametrize(
    "override",
    ["fields=[url, title, published_at, published_date]", "fields.2={title: {required: true}}",
     "select={title: {required: true}}", "partition_by=[{year: published_date}]", "sort_by=[url]",
     "duplicates={by: [title]}", "duplicates={by: [url], keep: earliest}", "rules={title: [{css: h1}]}",
     "limits.depth=50", "limits.nodes=5000", "limits.page_bytes=1MiB", "limits.attributes=10", "inputs.0.html=body"],
)  # fmt: skip
def test_what_matters_changes_the_key(tmp_path: Path, override: str) -> None:
    config = two_dumps(tmp_path)
    assert not set(keys(config, override)) & set(keys(config))


def test_a_profile_changes_the_key(tmp_path: Path) -> None:
    config = two_dumps(tmp_path)
    (tmp_path / "sites").mkdir()
    before = keys(config, "sites=sites")
    assert before == keys(config)
    (tmp_path / "sites" / "a.example.yaml").write_text("domains: [a.example]\nprofiles: [{fields: {title: {css: h1}}}]")
    assert not set(keys(config, "sites=sites")) & set(before)


def test_an_extra_that_pages_are_read_with_changes_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = two_dumps(tmp_path)
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "brotli", None)  # as where it is not installed
        tool_versions.cache_clear()
        without = keys(config)
    tool_versions.cache_clear()
    assert not set(keys(config)) & set(without)


def test_every_library_that_shows_in_the_output_is_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.split("[<>=[]", line)[0] for line in project["dependencies"]}
    of_no_row = {"click", "filelock", "obstore", "pydantic", "ruamel.yaml", "tqdm"}  # command, locks, transport, config
    own = {"builder", "code_sha256", "python", "libxml2"}
    assert set(tool_versions()) - own == wanted - of_no_row | {"brotli"}


def test_every_module_and_model_that_a_row_depends_on_counts() -> None:
    package = ROOT / "builder"
    code = hashlib.sha256()
    names = [path.relative_to(package).as_posix() for end in ("py", "json") for path in package.rglob(f"*.{end}")]
    for name in sorted(names, key=Path):
        if not name.startswith(OF_NO_ROW):
            code.update(f"{name}\0".encode() + (package / name).read_bytes())
    assert tool_versions()["code_sha256"] == code.hexdigest()
    assert all(any(name.startswith(prefix) for name in names) for prefix in OF_NO_ROW)


def test_a_trial_run_has_keys_of_its_own(tmp_path: Path) -> None:
    config = two_dumps(tmp_path)
    assert not set(keys(config)) & set(keys(config, limit=3)) | set(keys(config, limit=3)) & set(keys(config, limit=4))


def test_only_the_splits_of_changed_bytes_get_other_keys(tmp_path: Path) -> None:
    config = two_dumps(tmp_path)
    before = keys(config)
    data = (tmp_path / "raw" / "b.jsonl").read_bytes()
    (tmp_path / "raw" / "b.jsonl").write_bytes(data.replace(b"Heron 20", b"Egret 20"))
    after = keys(config)
    assert (after[0], after[1]) == (before[0], after[1])
    assert after[1] != before[1]


def test_times_of_files_do_not_matter(tmp_path: Path) -> None:
    config = two_dumps(tmp_path)
    before = keys(config)
    os.utime(tmp_path / "raw" / "a.jsonl", (1, 1))
    assert keys(config) == before


def folder_dump(folder: Path) -> Path:
    touch(folder, "raw/mirror/one.html", "raw/mirror/two.html")
    (folder / "raw/mirror/index.csv").write_text(
        "file,url\none.html,https://a.example/1\ntwo.html,https://a.example/2\n"
    )
    return write_config(folder, inputs=["raw/mirror"])


@pytest.mark.parametrize(
    ("name", "content"),
    [("one.html", "y"), ("index.csv", "file,url\none.html,https://a.example/9\ntwo.html,https://a.example/2\n")],
    ids=["a page", "the index"],
)
def test_every_file_of_a_folder_counts(tmp_path: Path, name: str, content: str) -> None:
    config = folder_dump(tmp_path)
    before = keys(config)
    size = (tmp_path / "raw/mirror" / name).stat().st_size
    (tmp_path / "raw/mirror" / name).write_text(content)
    assert (tmp_path / "raw/mirror" / name).stat().st_size == size
    assert keys(config) != before


def mirror(folder: Path, **pages: str) -> Path:
    """A folder without an index, two pages of ten bytes a split."""
    shutil.rmtree(folder / "raw", ignore_errors=True)
    for name, text in pages.items():
        touch(folder, f"raw/mirror/{name}.html")
        (folder / f"raw/mirror/{name}.html").write_text(text.ljust(10))
    return write_config(folder, inputs=["raw/mirror"], limits={"split_bytes": 20})


FOUR = {"a": "1", "b": "2", "c": "3", "d": "4"}


@pytest.mark.parametrize(
    ("pages", "same"),
    [
        pytest.param(FOUR | {"d": "longer than ten"}, 1, id="a longer page"),
        pytest.param(FOUR | {"e": "5"}, 2, id="a page behind the others"),
        pytest.param(FOUR | {"Y": "5", "Z": "6"}, 2, id="two pages before the others"),
        pytest.param({"a": "1", "b": "2"}, 1, id="pages gone"),
        pytest.param({"c": "3", "d": "4"}, 1, id="those of the first split gone"),
        pytest.param({"a": "1", "b": "2", "c": "3", "x": "4"}, 1, id="another name"),
    ],
)
def test_runs_of_a_folder_that_have_not_changed_keep_their_keys(
    tmp_path: Path, pages: dict[str, str], same: int
) -> None:
    before = keys(mirror(tmp_path, **FOUR))
    assert len(set(before)) == 2
    assert len(set(before) & set(keys(mirror(tmp_path, **pages)))) == same


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    """The reader of folders rejects links unread; hashing must not follow them either."""
    config = folder_dump(tmp_path)
    (tmp_path / "raw/mirror/gone.html").symlink_to("nowhere.html")
    (tmp_path / "raw/mirror/self.html").symlink_to("self.html")
    assert keys(config)
    assert all(stamp(task) for task in hash_tasks(make_plan(load(config))))


@pytest.mark.parametrize("name", ["one.html", "index.csv"])
def test_the_stamp_of_a_folder_shows_a_changed_file(tmp_path: Path, name: str) -> None:
    """Equal stamps spare a build the hashing, so whatever is hashed has to show in them."""
    plan = make_plan(load(folder_dump(tmp_path)))
    before = [stamp(task) for task in hash_tasks(plan)]
    os.utime(tmp_path / "raw/mirror" / name, (1, 1))
    assert [stamp(task) for task in hash_tasks(plan)] != before


def test_a_link_to_a_file_that_is_read_does_not_change_it(tmp_path: Path) -> None:
    plan = make_plan(load(two_dumps(tmp_path)))
    before, read = [stamp(task) for task in hash_tasks(plan)], [stamps_of(split) for split in plan.splits]
    time.sleep(0.02)  # the clock of a disk may be coarse
    (tmp_path / "backup.jsonl").hardlink_to(tmp_path / "raw/a.jsonl")
    assert [stamps_of(split) for split in plan.splits] == read
    assert [stamp(task) for task in hash_tasks(plan)] != before


def test_a_file_of_many_splits_is_hashed_once(tmp_path: Path) -> None:
    loaded = load(two_dumps(tmp_path), "limits.split_bytes=1KiB")
    assert len(hash_tasks(make_plan(loaded))) == 2


# ------------------------------------------------------------------------ gaps


DUMPS = {name: Dump(name, f"/x/{name}", "warc", 400) for name in "ab"}
NOTHING = FileRef("", 0, "", 0)


def receipt(first: int | None, following: int | None) -> Receipt:
    return Receipt("k", "a", 0, 0, {}, {}, {}, {}, first, following, NOTHING, NOTHING, ())


def planned(*dumps: str) -> list[PlannedSplit]:
    """Splits of a hundred bytes each."""
    entries = []
    for number, name in enumerate(dumps):
        start = 100 * dumps[:number].count(name)
        entries.append(PlannedSplit(number, Split(DUMPS[name], start, start + 100, 100), "id", "key", []))
    return entries


@pytest.mark.parametrize(
    ("dumps", "extents", "expected"),
    [
        pytest.param("a", [(0, 130)], [], id="one split"),
        pytest.param("aaa", [(0, 130), (130, 220), (220, 300)], [], id="they join"),
        pytest.param("aaa", [(0, 130), (130, 200), (200, 300)], [], id="a record begins at the border"),
        pytest.param("aaa", [(0, 130), (150, 220), (220, 300)], [(1, 130)], id="a gap"),
        pytest.param("aaa", [(0, 170), (150, 220), (220, 300)], [(1, 170)], id="an overlap"),
        pytest.param("aaa", [(0, 100), (140, 240), (220, 300)], [(1, 100)], id="only the first of a dump"),
        pytest.param("aaa", [(0, 350), (200, 200), (350, 350)], [], id="a record over whole splits"),
        pytest.param("aaa", [(0, 350), (160, 220), (350, 350)], [(1, 350)], id="records found inside of one"),
        pytest.param("aaa", [(0, 150), (250, 250), (250, 300)], [(1, 150)], id="none found where one begins"),
        pytest.param("aabb", [(0, 120), (130, 200), (0, 120), (90, 200)], [(1, 120), (3, 120)], id="two dumps"),
        pytest.param("ab", [(0, 150), (20, 100)], [], id="dumps do not join each other"),
        pytest.param("aa", [(None, None), (None, None)], [], id="dumps that are not cut by bytes"),
    ],
)  # fmt: skip
def test_gaps(dumps: str, extents: list[tuple[int | None, int | None]], expected: list[tuple[int, int]]) -> None:
    receipts = {number: receipt(*extent) for number, extent in enumerate(extents)}
    assert [(entry.number, offset) for entry, offset in gaps(planned(*dumps), receipts)] == expected


@pytest.mark.parametrize(("offset", "start"), [(130, 130), (100, 100), (350, 200)])
def test_begin_at(offset: int, start: int) -> None:
    entry = planned("a", "a")[1]
    moved = begin_at(entry, offset, "digest", None)
    assert moved.split == replace(entry.split, start=start, exact=True)
    assert (moved.number, moved.identity) == (entry.number, entry.identity)
    assert moved.key != entry.key


def test_a_known_beginning_is_another_task_than_a_search_from_there() -> None:
    entry = planned("a")[0]
    assert begin_at(entry, 0, "digest", None).key != split_key(entry.split, entry.identity, "digest", None)
    assert begin_at(entry, 0, "digest", None).key != begin_at(entry, 0, "digest", 5).key
