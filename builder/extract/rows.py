"""The rows of tables in the main text: which are one line each, and what such a line says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise, zip_longest

from builder.extract.layout import Block, Layout
from builder.records import Preformatted

REPEATED = 40
"""Characters from which on a block that repeats another is a quotation, a teaser or a second copy for small screens."""
_CELLS = frozenset(["td", "th"])
_PARAGRAPH = 200
"""Characters from which on a cell is a column of text, or a remark on its row, rather than a value."""
_DIGITS = 7
"""So many make no number of a line."""


def joined_cells(blocks: Sequence[Block], rows: Mapping[int, int]) -> list[Block]:
    """The blocks with the cells of a table row on one line, where the row is one; see `row_lines`.

    It is where each of its cells is one block, and but one of them shorter than a paragraph: else it parts columns.
    A value stands on one line, a paragraph on its own. Code is a value apart, and the numbers of its lines are none.
    """
    if not rows:
        return list(blocks)
    found: list[Block] = []
    for line, cells in groupby(blocks, key=lambda block: rows.get(block.box)):
        row = list(cells)
        if line is not None and any(isinstance(cell.text, Preformatted) for cell in row):
            found += [cell for cell, after in zip_longest(row, row[1:]) if not _numbers_lines(cell, after)]
            continue
        if line is None or len(row) == 1 or sum(len(cell.text) >= _PARAGRAPH for cell in row) > 1:
            found += row
            continue
        text, link_chars = " ".join(map(_value, row)), sum(cell.link_chars for cell in row)
        inside = pairwise((row[0].element, *row[0].element.iterancestors()))
        around = next(above for element, above in inside if element.tag in _CELLS)
        found.append(row[0]._replace(text=text, tag="tr", element=around, link_chars=link_chars))
    return found


def _value(cell: Block) -> str:
    return cell.text if len(cell.text) >= _PARAGRAPH else cell.text.replace("\n", " ")


def _numbers_lines(cell: Block, after: Block | None) -> bool:
    """Whether a cell is code that counts up the lines of that in the next."""
    if after is None or not (isinstance(cell.text, Preformatted) and isinstance(after.text, Preformatted)):
        return False
    numbers = cell.text.split()
    first = int(numbers[0]) if numbers[0].isdecimal() and len(numbers[0]) < _DIGITS else -1
    return (
        first >= 0
        and len(numbers) >= after.text.count("\n") + 1
        and all(number == str(first + line) for line, number in enumerate(numbers))
    )


def compared_as(layout: Layout, rows: Mapping[int, int]) -> list[str]:
    """What each block is known by where blocks repeat each other: its text; of a long cell the row and its place there.

    For rows may share a value.
    """
    texts = [block.text for block in layout.blocks]
    known = texts.copy()
    whole: dict[int, str] = {}
    for number, block in enumerate(layout.blocks if rows else ()):
        row = rows.get(block.box)
        if row is None or len(block.text) < REPEATED or layout.boxes.ends[row] - layout.boxes.starts[row] == 1:
            continue
        start = layout.boxes.starts[row]
        if row not in whole:
            whole[row] = " ".join(texts[start : layout.boxes.ends[row]])
        known[number] = f"{whole[row]} {number - start}"
    return known


def row_lines(layout: Layout) -> dict[int, int]:
    """The row, a box as well, of every box in a cell of a table row all of whose cells are one block."""
    boxes = layout.boxes
    kinds = {number for number, (tag, _) in enumerate(layout.kinds) if tag in _CELLS}
    if not kinds:
        return {}
    cell_of: list[int] = []
    cells: Counter[int] = Counter()
    for number, (parent, kind) in enumerate(zip(boxes.parents, boxes.signatures, strict=True)):
        if kind in kinds:
            cells[parent] += 1
        cell_of.append(number if kind in kinds else cell_of[parent] if number else -1)
    rows = {row for row, count in cells.items() if boxes.ends[row] - boxes.starts[row] == count}
    found = {number: boxes.parents[cell] for number, cell in enumerate(cell_of) if cell >= 0}
    return {number: row for number, row in found.items() if row in rows}
