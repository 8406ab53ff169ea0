"""Levers that are tables of rows (moves, purchases, rotation), in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from simulator import units
from simulator.present.table import Printer, word_of
from simulator.scenario.check import PLAN_ROW
from simulator.scenario.levers import lever_at

#: More rows than this are counted, not told.
MOST: Final = 12
#: Cells that are a choice, and the glossary's family that has its words.
FAMILIES: Final = {
    "stage": "stage", "type": "school_type", "area": "area",
    "item": "column", "takes": "takes",
}  # fmt: skip


def rows_in_words(printer: Printer, path: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Every row of a lever in a line; of many, how many there are."""
    if len(rows) > MOST:
        return printer.word("lever_rows", count=len(rows))
    lever = lever_at(path)
    keys = (lever.row if lever else None) or PLAN_ROW
    shown = (" · ".join(_cell(printer, key, row[key]) for key in keys) for row in rows)
    return printer.word("row_stop").join(shown)


def _cell(printer: Printer, key: str, value: Any) -> str:
    """One cell: schools by name, choices in words, shares in percent, numbers as numbers."""
    if key in ("school", "into"):
        names = printer.result.binding.district.schools["school_name"]
        return str(names.get(value, value))
    if key == "kind":
        return printer.figure(str(value))
    if key in FAMILIES:
        return word_of(FAMILIES[key], value, printer.language)
    if key == "share":
        return units.number(float(value), "share", printer.language)
    if key == "year" or isinstance(value, str):
        return str(value)
    return f"{float(value):,.12g}".replace("-", units.MINUS)
