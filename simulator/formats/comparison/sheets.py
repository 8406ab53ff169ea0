"""Sheets of a comparison that recalculate: totals, differences and steps are formulas."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from simulator import glossary, units
from simulator.compare import AVAILABLE_LINES, NEED_LINES
from simulator.escaping import CONTROLS, FORMULA_MARKS
from simulator.formats.table_files import LONGEST_TEXT, sheet_name
from simulator.present.table import Column, Table
from simulator.present.tables.comparison import Sides

#: The cells that choose: the scenario held against, and the one that the steps lead to.
BASE, OTHER = "base_scenario", "other_scenario"
#: Lines that are sums of others, by the signs of their parts.
SUMS: Mapping[str, Mapping[str, int]] = {
    "need": dict.fromkeys(NEED_LINES, 1),
    "available": dict.fromkeys(AVAILABLE_LINES, 1),
    "gap": {"available": 1, "need": -1},
}
NARROW, WIDE, WIDEST = 15, 24, 46
HEAD_HEIGHT = 32


class Looks:
    """The looks of cells, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._numbers: dict[str, Any] = {}
        fill = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
        self.head = book.add_format({**fill, "bg_color": "#DCE6F1"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.warning = book.add_format({"bold": True, "font_color": "#C00000"})
        self.note = book.add_format({"italic": True, "font_color": "#595959"})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.strong = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        # a text stays a text also when it is edited
        self.quoted = book.add_format({"quote_prefix": True, "text_wrap": True, "valign": "top"})
        self.choice = book.add_format({"bold": True, "bg_color": "#FFF2CC", "border": 1})

    def number(self, unit: str, decimals: int) -> Any:
        """The look of figures of a unit."""
        digits = _digits(unit, decimals)
        return self._made(digits)

    def difference(self, unit: str, decimals: int, better: int = 0) -> Any:
        """The look of differences: with their sign, blue where better and red where worse.

        ``better`` is 1 where more is better, -1 where less is, 0 where neither.
        """
        digits = _digits(unit, decimals)
        more, less = {1: ("[Blue]", "[Red]"), -1: ("[Red]", "[Blue]")}.get(better, ("", ""))
        return self._made(f"{more}+{digits};{less}-{digits};{digits}")

    def _made(self, pattern: str) -> Any:
        if pattern not in self._numbers:
            made = self._book.add_format({"num_format": pattern, "valign": "top"})
            self._numbers[pattern] = made
        return self._numbers[pattern]


def _digits(unit: str, decimals: int) -> str:
    digits = "0" if unit == "share" else "#,##0"
    return digits + ("." + "0" * decimals) * bool(decimals) + "%" * (unit == "share")


@dataclass
class Sheet:
    """One sheet being written; texts are harmless, unknown figures say so."""

    shown: Sides
    looks: Looks
    page: Any
    name: str

    def text(self, row: int, column: int, text: str, look: Any = None) -> None:
        """A text that no spreadsheet takes for a formula."""
        clean = CONTROLS.sub("", text)[:LONGEST_TEXT]
        plain = self.looks.quoted if clean.startswith(FORMULA_MARKS) else self.looks.text
        self.page.write_string(row, column, clean, look or plain)

    def heads(self, row: int, heads: Sequence[str]) -> None:
        """A row of headings, of two lines where they are long."""
        self.page.set_row(row, HEAD_HEIGHT)
        for column, head in enumerate(heads):
            self.text(row, column, head, self.looks.head)

    def number(self, row: int, column: int, value: float, look: Any) -> None:
        """A figure; unknown is a word, never 0."""
        if math.isfinite(value):
            self.page.write_number(row, column, value, look)
        else:
            self.text(row, column, units.UNKNOWN[self.shown.language])

    def formula(self, row: int, column: int, formula: str, look: Any, value: float) -> None:
        """A formula with its value beside it, for readers that do not calculate."""
        kept: object = value if math.isfinite(value) else units.UNKNOWN[self.shown.language]
        self.page.write_formula(row, column, formula, look, kept)

    def at(self, row: int, column: int) -> str:
        """The address of a cell as other sheets write it."""
        quoted = self.name.replace("'", "''")
        return f"'{quoted}'!{xl_rowcol_to_cell(row, column, True, True)}"


def unknown(shown: Sides) -> str:
    """The word for what is not known, as a formula writes it."""
    return f'"{units.UNKNOWN[shown.language]}"'


def new_sheet(book: Any, shown: Sides, looks: Looks, title: str, taken: set[str]) -> Sheet:
    """A sheet by its title, printed on a page's width."""
    name = sheet_name(title, taken)
    taken.add(name.casefold())
    page = book.add_worksheet(name)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    return Sheet(shown, looks, page, name)


def figures_sheet(sheet: Sheet, found: Table) -> dict[tuple[str, str], int]:
    """A table of figures: sums and differences as formulas; the row of each (line, year)."""
    shown, count = sheet.shown, len(sheet.shown.printers)
    texts = [column for column in found.columns if not column.numeric]
    money = next(column for column in found.columns if column.id == f"s{shown.base}")
    heads = [*(found.heading(c) for c in texts), *_scenario_heads(shown, found, money)]
    sheet.heads(0, heads)
    rows = {(row["id"], row["year"]): n for n, row in enumerate(found.records(), start=1)}
    for number, row in enumerate(found.records(), start=1):
        for column, each in enumerate(texts):
            sheet.text(number, column, str(row[each.id]))
        for place in range(count):
            _figure(sheet, rows, row, (number, len(texts) + place), f"s{place}", money)
        for place in range(count):
            _difference(sheet, row, number, len(texts), place, money)
    _finish(sheet, found, len(texts), len(heads))
    return rows


def _scenario_heads(shown: Sides, found: Table, unit: Column) -> list[str]:
    labels = shown.comparison.labels
    heads = [found.heading(Column("", label, unit.unit)) for label in labels]
    less = [shown.say("less_base", name=label) for label in labels]
    return heads + [found.heading(Column("", label, unit.unit)) for label in less]


def _figure(
    sheet: Sheet, rows: Mapping[Any, int], row: Mapping[str, Any], at: tuple[int, int],
    name: str, column: Column,
) -> None:  # fmt: skip
    """A figure of one scenario; a total is a formula of its parts."""
    look = sheet.looks.number(column.unit, column.decimals)
    parts = SUMS.get(str(row["id"]))
    if parts is None:
        return sheet.number(*at, float(row[name]), look)
    cells = [
        (sign, xl_rowcol_to_cell(rows[line, row["year"]], at[1])) for line, sign in parts.items()
    ]
    total = "".join(f"{'+' if sign > 0 else '-'}{cell}" for sign, cell in cells).removeprefix("+")
    known = ",".join(cell for _, cell in cells)
    formula = (
        f"=IF(COUNT({known})={len(cells)},ROUND({total},{column.decimals}),{unknown(sheet.shown)})"
    )
    return sheet.formula(*at, formula, look, float(row[name]))


def _difference(
    sheet: Sheet, row: Mapping[str, Any], number: int, first: int, place: int, column: Column
) -> None:
    """What one scenario has more or less than the one chosen as base."""
    count = len(sheet.shown.printers)
    own = xl_rowcol_to_cell(number, first + place)
    base = f"INDEX({xl_range_abs(number, first, number, first + count - 1)},1,{BASE})"
    formula = (
        f"=IF(AND(ISNUMBER({own}),ISNUMBER({base})),"
        f"ROUND({own}-{base},{column.decimals}),{unknown(sheet.shown)})"
    )
    value = round(float(row[f"s{place}"]) - float(row[f"s{sheet.shown.base}"]), column.decimals)
    look = sheet.looks.difference(column.unit, column.decimals, int(row["judged"]))
    sheet.formula(number, first + count + place, formula, look, value + 0.0)


def _finish(sheet: Sheet, found: Table, texts: int, columns: int) -> None:
    sheet.page.set_column(0, max(texts - 2, 0), NARROW)
    sheet.page.set_column(texts - 1, texts - 1, WIDEST)
    sheet.page.set_column(texts, columns - 1, NARROW)
    sheet.page.freeze_panes(1, texts)
    sheet.text(len(found.rows) + 2, 0, found.note, sheet.looks.note)


def steps_sheet(sheet: Sheet, money: Sheet, rows: Mapping[tuple[str, str], int]) -> None:
    """From the base's gap to another scenario's, both chosen in cells; a check that it adds up."""
    shown, other = sheet.shown, sheet.shown.others[0]
    sheet.text(0, 0, shown.say("steps_choose"), sheet.looks.strong)
    sheet.page.write_number(0, 1, other + 1, sheet.looks.choice)
    _choose(sheet, 0, 1)
    years = [str(year) for year in shown.years]
    sheet.heads(2, [shown.printer.word("line"), *years])
    lines = {line: sign for line in (*AVAILABLE_LINES, *NEED_LINES)
             for sign in (1 if line in AVAILABLE_LINES else -1,)}  # fmt: skip
    last = 3 + len(lines) + 1
    sheet.text(3, 0, shown.say("steps_from"), sheet.looks.strong)
    sheet.text(last, 0, shown.say("steps_to"), sheet.looks.strong)
    sheet.text(last + 1, 0, shown.say("steps_check"))
    for number, line in enumerate(lines, start=4):
        sheet.text(number, 0, shown.printer.figure(line))
    for column, year in enumerate(years, start=1):
        _steps(sheet, money, rows, lines, (column, year))
    sheet.text(last + 3, 0, shown.say("waterfall_note"), sheet.looks.note)
    sheet.page.set_column(0, 0, WIDEST)
    sheet.page.set_column(1, len(years), NARROW)


def _steps(
    sheet: Sheet, money: Sheet, rows: Mapping[tuple[str, str], int], lines: Mapping[str, int],
    place: tuple[int, str],
) -> None:  # fmt: skip
    """One year's column of steps."""
    column, year = place
    shown, other = sheet.shown, sheet.shown.others[0]
    printed = [each[int(year)] for each in shown.printed]
    decimals = shown.printer.decimals
    look = sheet.looks.number(shown.money, decimals)
    signed = sheet.looks.difference(shown.money, decimals, 1)

    def pick(line: str, chosen: str) -> str:
        row = rows[line, year]
        ends = (money.at(row, 2), money.at(row, 1 + len(shown.printers)).rpartition("!")[2])
        return f"INDEX({ends[0]}:{ends[1]},1,{chosen})"

    start, end = printed[shown.base]["gap"], printed[other]["gap"]
    sheet.formula(3, column, f"={pick('gap', BASE)}", look, start)
    for number, (line, sign) in enumerate(lines.items(), start=4):
        signs = "-" if sign < 0 else ""
        formula = f"=ROUND({signs}({pick(line, OTHER)}-{pick(line, BASE)}),{decimals})"
        value = round(sign * (printed[other][line] - printed[shown.base][line]), decimals) + 0.0
        sheet.formula(number, column, formula, signed, value)
    last = 4 + len(lines)
    span = f"{xl_rowcol_to_cell(3, column)}:{xl_rowcol_to_cell(last - 1, column)}"
    sheet.formula(last, column, f"=ROUND(SUM({span}),{decimals})", look, end)
    check = f"=ROUND({xl_rowcol_to_cell(last, column)}-{pick('gap', OTHER)},{decimals})"
    sheet.formula(last + 1, column, check, look, 0.0)


def _choose(sheet: Sheet, row: int, column: int) -> None:
    """A cell takes the number of a scenario and nothing else."""
    count = len(sheet.shown.printers)
    allowed = [str(number) for number in range(1, count + 1)]
    sheet.page.data_validation(row, column, row, column, {"validate": "list", "source": allowed})


def choice_cell(sheet: Sheet, row: int, column: int, place: int) -> None:
    """A cell that chooses a scenario by its number."""
    sheet.page.write_number(row, column, place + 1, sheet.looks.choice)
    _choose(sheet, row, column)


def table_sheet(sheet: Sheet, found: Table) -> None:
    """A table as it is printed; figures stay figures."""
    sheet.heads(0, [found.heading(column) for column in found.columns])
    for number, row in enumerate(found.records(), start=1):
        for column, each in enumerate(found.columns):
            value, unit = row[each.id], found.unit(each, row)
            if each.numeric and unit and isinstance(value, float) and math.isfinite(value):
                decimals = 2 if unit == "share" else units.DECIMALS.get(unit, each.decimals)
                sheet.number(number, column, value, sheet.looks.number(unit, decimals))
            else:
                sheet.text(number, column, found.text(each, row))
    sheet.page.set_column(0, 0, WIDEST)
    sheet.page.set_column(1, len(found.columns) - 1, WIDE)
    sheet.page.freeze_panes(1, 1)
    sheet.text(len(found.rows) + 2, 0, found.note, sheet.looks.note)


def unit_label(shown: Sides, unit: str) -> str:
    """The word of a unit; nothing for one without."""
    return glossary.label(f"unit.{unit}", shown.language) if unit else ""
