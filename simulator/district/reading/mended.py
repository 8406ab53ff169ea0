"""Cells of a sheet replaced by what the user typed; the file itself stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from simulator.district.reading.grid import Sheet, position

#: (sheet, cell address) → the value that the visitor put in its place.
Mended = Mapping[tuple[str, str], str]
_CELL = re.compile(r"[A-Z]{1,3}[0-9]{1,7}")


def with_cells(sheet: Sheet, mended: Mended) -> Sheet:
    """The sheet with some cells replaced; an empty value empties the cell."""
    mine = {cell: value for (name, cell), value in mended.items() if name == sheet.name}
    if not mine:
        return sheet
    rows = [list(row) for row in sheet.rows]
    broken = dict(sheet.broken)
    for cell, value in mine.items():
        row, column = place_of(cell)
        if row < len(rows):
            rows[row] += [None] * (column + 1 - len(rows[row]))
            rows[row][column] = _value(value)
            broken.pop((row, column), None)
    return replace(sheet, rows=rows, broken=broken)


def place_of(cell: str) -> tuple[int, int]:
    """The row and column, from 0, of an address such as F12. Raises ValueError."""
    if not is_cell(cell):
        raise ValueError(cell)
    return position(cell)


def is_cell(cell: str) -> bool:
    """Whether a place is one single cell."""
    return _CELL.fullmatch(cell) is not None


def _value(text: str) -> Any:
    """A typed value as a file would hold it: the reader judges everything but emptiness."""
    return text.strip() or None
