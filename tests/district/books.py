"""Workbooks and folders made for the tests of the district room."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

GOOD = Path(__file__).parents[1] / "rejects" / "good"
Rows = list[list[Any]]


def good_rows(table: str) -> Rows:
    """One table of the good district, numbers as numbers."""
    with (GOOD / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [
            [
                _value(cell, code=column == 0 and table == "schools")
                for column, cell in enumerate(row)
            ]
            for row in csv.reader(file)
        ]


def _value(cell: str, code: bool) -> Any:
    if cell.isdigit() and not code:
        return int(cell)
    return cell or None


def good_sheets() -> dict[str, Rows]:
    """Every table of the good district by its Chinese sheet name."""
    names = {"学校": "schools", "财政": "fiscal", "指标": "indicators", "区县": "district"}
    return {sheet: good_rows(table) for sheet, table in names.items()}


def write_book(
    path: Path,
    sheets: Mapping[str, Rows],
    merges: Mapping[str, Sequence[str]] | None = None,
    hidden: Mapping[str, Sequence[int]] | None = None,
) -> Path:
    """A workbook of the given sheets; merged ranges keep their first cell's value."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None and value != "":
                    sheet.write(number, column, value)
        for area in (merges or {}).get(name, ()):
            _merge(sheet, area, rows)
        for row in (hidden or {}).get(name, ()):
            sheet.set_row(row - 1, None, None, {"hidden": True})
    book.close()
    return path


def _merge(sheet: Any, area: str, rows: Rows) -> None:
    from xlsxwriter.utility import xl_cell_to_rowcol

    row, column = xl_cell_to_rowcol(area.split(":", maxsplit=1)[0])
    value = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
    sheet.merge_range(area, value if value is not None else "")


def write_folder(path: Path, tables: Mapping[str, Rows], encoding: str = "utf-8") -> Path:
    """A folder of CSV files in an encoding."""
    path.mkdir(exist_ok=True)
    for name, rows in tables.items():
        with (path / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
    return path
