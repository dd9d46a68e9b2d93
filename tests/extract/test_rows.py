"""Rows of tables as lines of the text."""

from __future__ import annotations

import pytest
from lxml import etree

from builder.extract.blocks import read_layout
from builder.extract.rows import compared_as, joined_cells, row_lines
from builder.records import Preformatted

PARSER = etree.HTMLParser(encoding="utf-8")
CODE = "if a:\n    b()"
COLUMN = "The arches took most of the money that there was, and the lamps were paid for by the people. " * 3


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ("<tr><td>a</td><th>b</th></tr><tr><td>c</td></tr>", ["a b", "c"]),
        ("<tr><td><p>a</p></td><td><div>b</div></td></tr><tr><td>c<td><p>d</p></tr>", ["a b", "c d"]),
        ("<tr><td>a<br>b</td><td></td><td>c</td></tr>", ["a b c"]),
        ("<tr><td>Mon<br>Tue</td><td>9-12<br> 14-18</td><td>5</td></tr>", ["Mon Tue 9-12 14-18 5"]),
        ("<tr><td>a<br>b</td></tr>", ["a\nb"]),
        (f"<tr><td>a<br>b</td><td>{COLUMN}<br>c</td></tr>", [f"a b {COLUMN.strip()}\nc"]),
        ("<tr><td>a<br><br>b</td></tr>", ["a", "b"]),
        ("<tr><td>a</td><td>b<p>c</p></td></tr>", ["a", "b", "c"]),
        ("<tr><td>a</td><td><table><tr><td>b</td><td>c</td></tr></table></td></tr>", ["a", "b c"]),
        (f"<tr><td>a</td><td>{COLUMN}</td></tr>", [f"a {COLUMN.strip()}"]),
        (f"<tr><td>{COLUMN}</td><td><p>{COLUMN}</p></td></tr>", [COLUMN.strip()] * 2),
    ],
    ids=[
        "cells",
        "paragraphs",
        "lines",
        "lines in each",
        "one cell",
        "long lines",
        "paragraphs in one",
        "several in one",
        "nested",
        "remark",
        "columns",
    ],
)
def test_cells_of_a_row_stand_on_one_line_if_each_is_one_value(rows, lines):
    layout = read_layout(etree.fromstring(f"<p>before</p><table>{rows}</table><p>after</p>", PARSER))
    assert [block.text for block in joined_cells(layout.blocks, row_lines(layout))] == ["before", *lines, "after"]


def test_a_row_on_one_line_is_the_row_with_its_links():
    row = "<td><p><a href=/a>a</a></p></td><td>b <a href=/c>cd</a></td>"
    layout = read_layout(etree.fromstring(f"<table><tr>{row}</tr></table>", PARSER))
    (line,) = joined_cells(layout.blocks, row_lines(layout))
    assert (line.tag, line.element.tag, line.link_chars) == ("tr", "tr", 3)


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["a", f"<pre>{CODE}</pre>"], ["a", CODE]),
        ([f"<pre>{CODE}</pre>", "<pre>no</pre>"], [CODE, "no"]),
        (["<div><pre>1\n2</pre></div>", f"<div><pre>{CODE}\n</pre></div>"], [CODE]),
        (["<pre><code><b>9\n</b><b>10\n</b><b>11\n</b></code></pre>", f"<pre>{CODE}</pre>"], [CODE]),
        (["a", "<pre>1\n2</pre>", f"<pre>{CODE}</pre>"], ["a", CODE]),
        (["<pre>1\n3</pre>", f"<pre>{CODE}</pre>"], ["1\n3", CODE]),
        (["<pre>1</pre>", f"<pre>{CODE}</pre>"], ["1", CODE]),
        ([f"<pre>{CODE}</pre>", "<pre>1\n2</pre>"], [CODE, "1\n2"]),
        (["<pre>²\n1</pre>", f"<pre>{'9' * 5000}</pre>", "<pre>1</pre>"], ["²\n1", "9" * 5000, "1"]),
    ],
)
def test_code_in_a_row_keeps_its_lines_and_loses_their_numbers(cells: list[str], values: list[str]) -> None:
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    layout = read_layout(etree.fromstring(f"<table><tr>{row}</tr></table>", PARSER))
    found = joined_cells(layout.blocks, row_lines(layout))
    assert [block.text for block in found] == values
    assert all(isinstance(block.text, Preformatted) for block in found if block.text in (CODE, "no"))


def test_what_rows_share_does_not_make_them_copies_of_each_other() -> None:
    rows = ["<tr><td>a<td>{}</tr>", "<tr><td>b<td>{}<td>{}</tr>", "<tr><td>a<td>{}</tr>", "<tr><td>{}</tr>"]
    page = f"<p>{{}}</p><table>{''.join(rows)}</table>".replace("{}", COLUMN)
    layout = read_layout(etree.fromstring(page, PARSER))
    known = compared_as(layout, row_lines(layout))
    assert known[1:3] == known[6:8]
    assert known[0] == known[8] == COLUMN.strip()
    assert len(set(known)) == 6
