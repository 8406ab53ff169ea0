"""Keeps the values of operators honest: a value stands while what it was computed from stands.

No sheet can express an operator, so its cells hold values. Beside them stands, for each
year, whether the figures that they depend on are still those of the export; where they are
not, the values count as unknown until the program computes and exports again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from simulator.errors import JunhengError
from simulator.formats.live_workbook.ground import STATIC, Ground
from simulator.formats.live_workbook.places import FIRST_LINE, FIRST_ROW, Page, Places
from simulator.machine.language import Array
from simulator.machine.registry import Formula
from simulator.machine.sheet_formula import TIGHT, number
from simulator.stages import STAGES

#: The column of the sheet of operators that says whether a value still stands: 1 or 0.
STATE_COLUMN: Final = 3
#: Relative distance within which a figure is still the one of the export.
SAME: Final = 1e-9


@dataclass(frozen=True)
class Watch:
    """The operators' years in the order of their rows, and what tells that they still stand."""

    ground: Ground
    places: Places
    page: Page

    @cached_property
    def rows(self) -> dict[tuple[str, int], str]:
        """For each operator and year, what must hold; empty where nothing can change it."""
        operators = [each for each in self.ground.formulas if each.operator]
        return {
            (each.name, position): "*".join(self._tests(each, position))
            for each in operators
            for position in self.ground.positions[each.name]
        }

    @cached_property
    def _lines(self) -> dict[tuple[str, int], int]:
        return {key: FIRST_LINE + number for number, key in enumerate(self.rows)}

    def state(self, name: str, position: int) -> str:
        """The address of the cell that says whether a value stands; empty where it always does."""
        if not self.rows.get((name, position)):
            return ""
        letters = "ABCDEFGH"[STATE_COLUMN]
        return f"{self.page.prefix}${letters}${self._lines[name, position] + 1}"

    def state_name(self, name: str, position: int) -> str:
        """The defined name of that cell: a sheet's looks may depend on other sheets only so."""
        year = "" if position == STATIC else f"_{self.ground.index.years[position]}"
        return f"stands_{name}{year}"

    def _tests(self, formula: Formula, position: int) -> Iterator[str]:
        for name in dict.fromkeys(formula.arguments):
            seen = STATIC if self.ground.is_static(name) else position
            if not _matters(self.ground, formula, name, position):
                continue
            now, then = self._measure(name, seen)
            if now and math.isnan(then):
                yield f"IF(ISERROR({now}),1,0)"
            elif now:
                most = number(SAME * max(1.0, abs(then))).text
                yield f"IFERROR(IF(ABS({now}-{number(then).held(TIGHT)})<={most},1,0),0)"

    def _measure(self, name: str, position: int) -> tuple[str, float]:
        """A sum that tells a figure's values apart: as a formula, and as it is now."""
        row = self.ground.result.values[name][max(position, 0)]
        if self.ground.blank(name):
            row = np.nan_to_num(row, nan=0.0)  # a blank cell adds nothing
        if self.ground.level(name) in ("part", "school"):
            if position not in self.ground.positions[name] or not len(row):
                return "", math.nan
            return self._of_column(name, position, row)
        cells: list[str] = []
        found = 0.0
        stages = range(len(STAGES)) if self.ground.level(name) == "stage" else (None,)
        for weight, stage in enumerate(stages, start=1):
            if self.ground.fixed(name, position, stage) is None:
                cells.append(f"{weight}*{self.places.in_line(name, position, stage, self.page)}")
                found += weight * float(row[stage or 0])
        return (f"({'+'.join(cells)})" if cells else ""), found

    def _of_column(self, name: str, position: int, row: Array) -> tuple[str, float]:
        """A column's values by their rows; where some are unknown, the sum of the others."""
        area = self.places.area(name, position, range(len(row)), self.page)
        known = np.isfinite(row)
        by_row = float(row @ np.arange(FIRST_ROW + 1, FIRST_ROW + 1 + len(row)))
        others = float(row[known].sum()) + int(known.sum())
        text = f'IFERROR(SUMPRODUCT({area},ROW({area})),SUMIF({area},"<1E+300")+COUNT({area}))'
        return text, by_row if known.all() else others


def _matters(ground: Ground, formula: Formula, name: str, position: int) -> bool:
    """Whether an operator's values of a year change when one of its inputs does.

    Found out by asking the operator itself, with the input raised and lowered unevenly.
    """
    values = ground.result.values
    given = {
        each: values[each] if ground.is_static(each) else values[each][position : position + 1]
        for each in formula.arguments
    }
    usual = _called(ground, formula, given)
    own = np.where(np.isnan(given[name]), 1.0, given[name])
    uneven = 1 + 0.1 * np.arange(own.shape[-1])
    return any(
        not _equal(_called(ground, formula, {**given, name: changed}), usual)
        for changed in (own * 1.37 + uneven, own * 0.4 * uneven)
    )


def _called(ground: Ground, formula: Formula, given: dict[str, Array]) -> Any:
    """An operator's values; None where it refuses what it is given."""
    arguments = [given[name] for name in formula.arguments]
    try:
        with np.errstate(all="ignore"):
            return formula.function(ground.index, *arguments)
    except (JunhengError, IndexError):
        return None


def _equal(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return bool(np.array_equal(one, other, equal_nan=True))
