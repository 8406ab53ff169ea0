"""Tables as files: .xlsx and .csv, written whole or not at all, harmless when opened."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from simulator import glossary, units
from simulator.errors import JunhengError
from simulator.escaping import CONTROLS, FORMULA_MARKS, written
from simulator.glossary import Language
from simulator.present.table import BY_ROW, Column, Table
from simulator.whole_files import write_bytes

NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
LONGEST_SHEET_NAME = 31
LONGEST_TEXT = 32767
WIDEST = 48
WORKBOOK = ".xlsx"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a file: a figure with its unit and decimals, or a text."""

    value: float | str
    unit: str = "text"
    decimals: int = 0


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula; control characters are removed."""
    return written(text, "sheet")


def grid(table: Table) -> tuple[list[str], list[list[Cell]]]:
    """Headings and cells of a table; where units differ by row they have their own column."""
    places = list(_places(table))
    heads = [head for head, _, _ in places]
    rows = [
        [_cell(table, column, row, is_unit) for _, column, is_unit in places]
        for row in table.records()
    ]
    return heads, rows


def _places(table: Table) -> Iterator[tuple[str, Column, bool]]:
    """(heading, column, whether it holds the unit): a unit follows the last column that has it."""
    for position, column in enumerate(table.columns):
        yield table.heading(column), column, False
        later = table.columns[position + 1 :]
        if column.unit.startswith(BY_ROW) and all(each.unit != column.unit for each in later):
            yield glossary.label("export.unit", table.language), column, True


def _cell(table: Table, column: Column, row: dict[str, Any], is_unit: bool) -> Cell:
    unit = table.unit(column, row)
    if is_unit:
        return Cell(glossary.label(f"unit.{unit}", table.language) if unit else "")
    value = row[column.id]
    if not column.numeric or not unit or value == "":
        return Cell(table.text(column, row))
    if value is None or not math.isfinite(value):
        return Cell(units.UNKNOWN[table.language])
    decimals = column.decimals
    if column.unit.startswith(BY_ROW):
        decimals = units.DECIMALS.get(unit, 2)
    return Cell(float(value) + 0.0, unit, decimals)


def csv_text(table: Table) -> str:
    """A table as CSV: headings, rows, and after an empty line the note."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    heads, rows = grid(table)
    writer.writerow([harmless(head) for head in heads])
    writer.writerows([_csv_value(cell, table.language) for cell in row] for row in rows)
    if table.note:
        writer.writerows([[], [harmless(table.note)]])
    return buffer.getvalue()


def _csv_value(cell: Cell, language: Language) -> str:
    """A figure without separators, a share in percent, a text that is harmless."""
    if isinstance(cell.value, str):
        return harmless(cell.value)
    if cell.unit == "share":
        return f"{units.half_up(cell.value * 100, 2):.2f}%"
    if cell.unit == "flag":
        return units.number(cell.value, "flag", language)
    decimals = units.telling(cell.value, cell.decimals)
    return f"{units.half_up(cell.value, decimals) + 0.0:.{decimals}f}"


def csv_bytes(table: Table) -> bytes:
    """A table as CSV in UTF-8 with the mark by which Excel knows it."""
    return csv_text(table).encode("utf-8-sig")


def xlsx_bytes(tables: Sequence[Table]) -> bytes:
    """Tables as one workbook, a sheet each."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    formats = _Formats(book)
    taken: set[str] = set()
    for table in tables:
        name = sheet_name(table.title, taken)
        taken.add(name.casefold())
        _sheet(book.add_worksheet(name), table, formats)
    book.close()
    return buffer.getvalue()


def sheet_name(title: str, taken: set[str]) -> str:
    """A title as a sheet may be called: short, without forbidden marks, unlike the others."""
    base = NOT_IN_SHEET_NAMES.sub(" ", CONTROLS.sub("", title)).strip(" '") or "1"
    name, number = base[:LONGEST_SHEET_NAME], 1
    while name.casefold() in taken:
        number += 1
        tail = f" {number}"
        name = base[: LONGEST_SHEET_NAME - len(tail)] + tail
    return name


class _Formats:
    """The looks of cells, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[str, Any] = {}
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#DCE6F1"}
        )
        # what Excel shows as a leading apostrophe: stays a text also when it is edited
        self.text = book.add_format({"quote_prefix": True})
        self.note = book.add_format({"italic": True, "font_color": "#595959"})

    def number(self, unit: str, decimals: int) -> Any:
        """The look of figures of a unit."""
        pattern = "0.00%" if unit == "share" else "#,##0" + ("." + "0" * decimals) * bool(decimals)
        if pattern not in self._made:
            self._made[pattern] = self._book.add_format({"num_format": pattern})
        return self._made[pattern]


def _sheet(sheet: Any, table: Table, formats: _Formats) -> None:
    heads, rows = grid(table)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, CONTROLS.sub("", head), formats.head)
        sheet.set_column(column, column, _width(head, [row[column] for row in rows]))
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _write(sheet, number, column, cell, formats, table.language)
    if table.note:
        note = CONTROLS.sub("", table.note)
        sheet.write_string(len(rows) + 2, 0, note, formats.note)
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&C{CONTROLS.sub('', table.title).replace('&', '&&')}")


def _write(
    sheet: Any, row: int, column: int, cell: Cell, formats: _Formats, language: Language
) -> None:
    if isinstance(cell.value, str):
        text = CONTROLS.sub("", cell.value)[:LONGEST_TEXT]
        look = formats.text if text.startswith(FORMULA_MARKS) else None
        sheet.write_string(row, column, text, look)
    elif cell.unit == "flag":
        sheet.write_string(row, column, units.number(cell.value, "flag", language))
    else:
        sheet.write_number(row, column, cell.value, formats.number(cell.unit, cell.decimals))


def _width(head: str, cells: Sequence[Cell]) -> float:
    """A column's width in characters; a Chinese character takes two."""
    texts = [cell.value if isinstance(cell.value, str) else f"{cell.value:,.2f}" for cell in cells]
    longest = max([_length(text) for text in texts], default=0)
    return float(min(max(longest, min(_length(head), 16), 6) + 2, WIDEST))


def _length(text: str) -> int:
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)


def save(path: str | Path, content: bytes) -> Path:
    """Write a file whole or not at all; JunhengError where it cannot be written."""
    target = Path(path)
    try:
        write_bytes(target, content)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise JunhengError("write_failed", path=str(path), reason=reason) from error
    return target


def write_csv(table: Table, path: str | Path) -> Path:
    """Write one table as a CSV file."""
    return save(path, csv_bytes(table))


def write_xlsx(tables: Sequence[Table], path: str | Path) -> Path:
    """Write tables as one workbook."""
    return save(path, xlsx_bytes(tables))


def write_folder(tables: Sequence[Table], folder: str | Path) -> list[Path]:
    """Write each table as a CSV file of its id into a folder, which is made where it is not."""
    target = make_folder(folder)
    return [write_csv(table, target / f"{table.id}.csv") for table in tables]


def make_folder(folder: str | Path) -> Path:
    """A folder to write to, made where it is not there; JunhengError where it cannot be."""
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise JunhengError("write_failed", path=str(folder), reason=reason) from error
    return target


def write_tables(tables: Sequence[Table], out: str | Path) -> None:
    """Write tables as the name asks: a workbook, one CSV file, or a folder of CSV files."""
    target = Path(out)
    kind = target.suffix.lower()
    if kind == WORKBOOK:
        write_xlsx(tables, target)
    elif kind == ".csv":
        if len(tables) != 1:
            raise JunhengError("one_csv", count=len(tables))
        write_csv(tables[0], target)
    elif kind and not target.is_dir():
        raise JunhengError("out_kind", path=str(out))
    else:
        write_folder(tables, target)
