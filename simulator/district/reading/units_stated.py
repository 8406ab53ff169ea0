"""What a sheet says outside its cells of data: the unit of money, units beside the items."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from simulator.district.reading.grid import Sheet
from simulator.district.reading.headings import FACTORS, key_of
from simulator.district.reading.layout import HEADING_DEPTH, Layout
from simulator.outside_text import one_form

_UNIT_LINE: Final = re.compile(r".*(?:金额)?单位[:：](.{1,20})", re.DOTALL)
_UNIT_HEADS: Final = frozenset({"单位", "计量单位", "unit", "units"})
#: Columns that a unit stated for the whole sheet applies to.
MONEY_UNITS: Final = frozenset({"yuan", "yuan_per_person"})


def money_unit(sheet: Sheet, layout: Layout) -> str | None:
    """The unit of money stated above the table, such as 单位：万元; None where none is."""
    first = 0 if sheet.turned or not layout.rows else layout.rows[0]
    rows = sheet.rows[:HEADING_DEPTH] if sheet.turned else sheet.rows[:first]
    for cell in (cell for row in rows for cell in row if isinstance(cell, str)):
        found = _UNIT_LINE.fullmatch(one_form(cell).strip())
        units = re.split(r"[、,，;；/\s]", found.group(1)) if found else []
        money = [unit.strip("()") for unit in units if unit.strip("()") in FACTORS["yuan"]]
        if len(set(money)) == 1:
            return money[0]
    return None


def units_beside(sheet: Sheet, layout: Layout) -> tuple[int | None, Mapping[int, str]]:
    """The row of units of a sheet read turned (a column 单位 beside the items), and its units."""
    if not sheet.turned or not layout.rows:
        return None, {}
    for row in range(layout.first_data, min(layout.first_data + 3, len(sheet.rows))):
        cells = [cell for cell in sheet.rows[row] if isinstance(cell, str) and cell.strip()]
        if cells and key_of(cells[0]) in _UNIT_HEADS:
            found = {
                index: one_form(str(cell)).strip()
                for index, cell in enumerate(sheet.rows[row])
                if isinstance(cell, str) and cell.strip()
            }
            return row, found
    return None, {}
