"""What a build says of pages that break rules, of inputs without pages, and of the bytes that it read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from small_builds import add_inline_engine, manifest, page, run, write_config, write_dump

from builder.errors import FindingsError

add_inline_engine()
PLAIN: dict[str, Any] = {"partition_by": None, "sort_by": None, "duplicates": None}


def warc(*kinds: str) -> bytes:
    """Records of some WARC-Types, without a page."""
    head = "WARC/1.0\r\nWARC-Type: {}\r\nWARC-Target-URI: https://a.example/1\r\nContent-Length: 4\r\n\r\nLow.\r\n\r\n"
    return "".join(head.format(kind) for kind in kinds).encode()


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (["request"], "1 warc_request"),
        (
            ["request", "conversion", "warcinfo", "request"],
            "2 warc_request, 1 warc_conversion (warc_conversion: what was made of a page (the text of a WET), "
            "without its HTML)",
        ),
    ],
)
def test_what_an_input_holds_beside_pages_is_said(tmp_path: Path, kinds: list[str], said: str) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.warc").write_bytes(warc(*kinds))
    with pytest.raises(FindingsError) as error:
        run(write_config(tmp_path, inputs=["raw/a.warc"]), tmp_path / "out")
    assert str(error.value) == f"the inputs hold no page but {said}"


@pytest.mark.parametrize("data", [b"", warc("warcinfo")], ids=["nothing", "what a WARC says of itself"])
def test_inputs_of_nothing_are_a_dataset_without_rows(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.warc").write_bytes(data)
    config = write_config(tmp_path, inputs=[{"path": "raw/a.warc", "format": "warc"}])
    assert run(config, tmp_path / "out", "thresholds={min_fill: {title: 1}}").books.rows == 0


def test_where_no_page_can_be_read_the_first_input_is_shown(tmp_path: Path) -> None:
    for name in "ab":
        write_dump(tmp_path / "raw" / f"{name}.jsonl", [page(number, html=None) for number in range(2)])
    with (tmp_path / "raw" / "b.jsonl").open("a") as file:
        file.write("no JSON\n")
    said = r"^not one page of the inputs can be read: 4 missing_html, 1 bad_line; the first: raw/a\.jsonl@0: "
    with pytest.raises(FindingsError, match=said):
        run(write_config(tmp_path), tmp_path / "out")


def test_the_first_page_that_breaks_a_rule_is_of_the_field_and_of_the_first_input(tmp_path: Path) -> None:
    """No reject of a field whose name begins alike."""
    write_dump(tmp_path / "raw" / "a.jsonl", [page(12345678)])
    write_dump(tmp_path / "raw" / "b.jsonl", [page(12345678), page(1), page(200)])
    write_dump(tmp_path / "raw" / "c.jsonl", [page(400)])
    limit = {"max_length": 12, "rules": [{"css": "h1"}]}
    fields: list[Any] = [{"title_2": {"type": "string", **limit, "max_length": 14}}]
    fields.append({"title": {**limit, "on_violation": "fail"}})
    config = write_config(tmp_path, fields=["url", *fields], **PLAIN)
    with pytest.raises(FindingsError) as error:
        run(config, tmp_path / "out")
    offset = sum(len(json.dumps(page(number))) + 1 for number in (12345678, 1))
    assert str(error.value) == (
        "fields.title.on_violation is fail, and pages break 2 title.max_length; the first: "
        f'raw/b.jsonl@{offset}: title: 14 characters, at most 12: "Heron 200 seen"'
    )
    write_dump(tmp_path / "raw" / "b.jsonl", [page(1)])
    (tmp_path / "raw" / "c.jsonl").unlink()
    assert run(config, tmp_path / "out").books.rejected == {"constraint": 1}


def test_codes_that_pass_their_thresholds_are_told_in_the_order_of_their_names(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw" / "a.jsonl", [page(1), page(2, html=None), page(3, html="")])
    wanted = "thresholds={max_reject_rate: {total: 0.5, missing_html: 0.1, empty: 0.1}}"
    with pytest.raises(FindingsError) as error:
        run(write_config(tmp_path), tmp_path / "out", wanted)
    lines = str(error.value).splitlines()
    assert [line.partition(": ")[0].removeprefix("thresholds.max_reject_rate") for line in lines] == [
        ".empty", ".missing_html", "",
    ]  # fmt: skip


def test_the_digest_of_an_input_is_that_of_all_its_bytes(tmp_path: Path) -> None:
    """Of a file its own, however it was cut; of a folder one that every file shows in."""
    dump = write_dump(tmp_path / "raw" / "a.jsonl", [page(number) for number in range(6)])
    for number in range(6):
        (tmp_path / "pages").mkdir(exist_ok=True)
        (tmp_path / "pages" / f"{number}.html").write_text(page(number, "b.example")["html"])
    config = write_config(tmp_path, inputs=["raw/*", "pages"], limits={"split_bytes": 900}, **PLAIN)
    found = []
    for number in (0, 5):
        (tmp_path / "pages" / f"{number}.html").write_text(page(number, "b.example", html="<title>T</title>")["html"])
        assert run(config, tmp_path / "out").splits > 6
        found.append({entry["name"]: entry["sha256"] for entry in manifest(tmp_path / "out")["inputs"]})
    assert [entry["raw/a.jsonl"] for entry in found] == [hashlib.sha256(dump.read_bytes()).hexdigest()] * 2
    assert found[0]["pages"] != found[1]["pages"]
