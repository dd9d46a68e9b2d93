from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_builds import SAMPLE, add_inline_engine, manifest, page, run, two_dumps, write_config, write_dump

from builder.errors import ConfigError
from builder.rejects import as_text, summarise

add_inline_engine()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sample") / "out"
    run(SAMPLE, out)
    return out


def test_the_counts_are_those_of_the_manifest(sample: Path) -> None:
    found = summarise(sample)
    counts = manifest(sample)["counts"]
    assert (found.read, found.count) == (counts["read"], sum(counts["rejected"].values()))
    assert {lost.code: lost.count for lost in found.codes} == counts["rejected"]
    inputs: dict[str, int] = {}
    for lost in found.codes:
        assert sum(lost.inputs.values()) == sum(lost.sites.values()) == lost.count
        for name, count in lost.inputs.items():
            inputs[name] = inputs.get(name, 0) + count
    assert inputs == {
        entry["name"]: sum(entry["rejected"].values()) for entry in manifest(sample)["inputs"] if entry["rejected"]
    }
    assert [lost.count for lost in found.codes] == sorted((lost.count for lost in found.codes), reverse=True)


def test_an_example_leads_to_its_place(sample: Path) -> None:
    (lost,) = summarise(sample, ["not_html"]).codes
    assert lost.sites == {"tagblatt-nord.example": 1}
    assert lost.example.url == "https://www.tagblatt-nord.example/wetter/karte"
    assert lost.example.locator.rpartition("@")[0] in lost.inputs


def test_a_code_that_nobody_has_is_no_error(sample: Path) -> None:
    assert (summarise(sample, ["timeout"]).count, summarise(sample, ["timeout"]).codes) == (0, ())


def test_a_dataset_without_rejects(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1)])
    run(write_config(tmp_path), tmp_path / "out")
    assert as_text(summarise(tmp_path / "out")) == "0 rejects of 1 pages read"


def test_many_sites_are_cut_short_for_people(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(n, f"site{n:02}.example", html="") for n in range(14)])
    run(write_config(tmp_path), tmp_path / "out")
    lines = as_text(summarise(tmp_path / "out")).splitlines()
    assert lines[:4] == ["14 rejects of 14 pages read", "", "        14 empty: nothing but white space", lines[3]]
    assert sum("site" in line and "such as" not in line for line in lines) == 10
    assert any(line.endswith("and 4 more") for line in lines)


def test_what_is_no_dataset(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no _manifest\.json; give the output folder of a build"):
        summarise(tmp_path)
    for text in ("{", "[]", '{"rejects": 1}', '{"rejects": [{"name": "x"}]}'):
        (tmp_path / "_manifest.json").write_text(text)
        with pytest.raises(ConfigError, match="not a manifest that this version reads"):
            summarise(tmp_path)


@pytest.mark.parametrize("name", ["../x.parquet", "/etc/passwd", "_rejects/../../x", "data/part-00000-0.parquet"])
def test_a_manifest_leads_nowhere_else(tmp_path: Path, name: str) -> None:
    run(two_dumps(tmp_path), tmp_path / "out")
    document = manifest(tmp_path / "out")
    document["rejects"][0]["name"] = name
    (tmp_path / "out" / "_manifest.json").write_text(json.dumps(document))
    with pytest.raises(ConfigError, match="is no part of a reject table"):
        summarise(tmp_path / "out")
