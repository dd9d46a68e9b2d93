"""The inputs of a config: what each is called, what is a mistake, and which splits they are cut into."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_builds import load, page, touch, two_dumps, write_config, write_dump

from builder.errors import ConfigError, DumpError
from builder.plan.inputs import find_inputs, make_plan
from builder.plan.output import refuse_output


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
    with pytest.raises(ConfigError, match=r"^job\.yaml: inputs: two of them would be called 'a\.jsonl'; write both as"):
        find_inputs(load(config))
    both = write_config(here.parent, inputs=[str(here), str(there)])
    assert [name for _, name, _ in find_inputs(load(both))] == ["here/a.jsonl", "there/a.jsonl"]


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


WARC = "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n"


@pytest.mark.parametrize(
    ("given", "kinds"),
    [
        pytest.param("index: i", "folder, zip, tar", id="index"),
        pytest.param("html: body", "jsonl, parquet", id="html"),
        pytest.param("url: address", "jsonl, parquet, folder, zip, tar", id="url"),
        pytest.param("verify_digests: true, pages: [x]", "folder, zip, tar", id="one of two"),
    ],
)
def test_a_key_that_none_of_an_input_has_a_use_for_is_a_mistake(tmp_path: Path, given: str, kinds: str) -> None:
    """As it is where the format is said: here it is found."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.warc").write_text(WARC, newline="")
    config = write_config(tmp_path)
    config.write_text(f"name: small\ninputs:\n  - {{path: raw/*.warc, {given}}}\nfields: [url]\noutput: out\n", "utf-8")
    key = given.split(", ")[-1].partition(":")[0]
    with pytest.raises(ConfigError) as caught:
        make_plan(load(config))
    said = f"/job.yaml:3:6: inputs.0.{key}: only for {kinds}; all that 'raw/*.warc' names is warc; leave the key out"
    assert str(caught.value).endswith(said)


@pytest.mark.parametrize("given", ["html: html", "index: i", "verify_digests: true"])
def test_a_key_of_some_of_what_an_input_names_is_none(tmp_path: Path, given: str) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1)])
    (tmp_path / "raw" / "a.warc").write_text(WARC, newline="")
    (tmp_path / "raw" / "a.dir").mkdir()
    touch(tmp_path / "raw" / "a.dir", "a.html", "i")
    config = write_config(tmp_path)
    config.write_text(f"name: small\ninputs:\n  - {{path: raw/*, {given}}}\nfields: [url]\noutput: out\n", "utf-8")
    assert {dump.format for dump in make_plan(load(config)).dumps} == {"jsonl", "warc", "folder"}


def test_who_cannot_be_read_may_be_of_any_format(tmp_path: Path) -> None:
    """A damaged input is a reject, whatever is said of how to read it."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1)])
    (tmp_path / "raw" / "b").write_bytes(b"\0\1\2")
    config = write_config(tmp_path)
    config.write_text(
        "name: small\ninputs:\n  - raw/a.jsonl\n  - {path: raw/b, index: i}\nfields: [url]\noutput: out\n", "utf-8"
    )
    assert [dump.format for dump in make_plan(load(config)).dumps] == ["jsonl", "unreadable"]


def test_a_column_of_an_index_has_a_name_where_the_format_is_said_as_well(tmp_path: Path) -> None:
    touch(tmp_path / "raw" / "a.dir", "a.html")
    config = write_config(tmp_path, inputs=[{"path": "raw/a.dir", "format": "folder", "url": "address"}])
    (dump,) = make_plan(load(config)).dumps
    assert dump.options.url == "address"
