"""How cells look: given ones coloured and unlocked, computed ones locked, units in their format."""

from __future__ import annotations

from typing import Any, Final

from xlsxwriter.worksheet import Worksheet

from simulator import glossary, units
from simulator.escaping import CONTROLS, FORMULA_MARKS
from simulator.formats.table_files import LONGEST_TEXT
from simulator.glossary import Language

GIVEN_COLOUR: Final = "#FFF2CC"
HEAD_COLOUR: Final = "#DCE6F1"
FIXED_COLOUR: Final = "#EDEDED"
#: What a protected sheet still allows; there is no password.
ALLOWED: Final = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
}


class Looks:
    """The looks of cells of one workbook, each made once."""

    def __init__(self, book: Any, language: Language) -> None:
        self._book, self.language = book, language
        self._made: dict[tuple[str, str, bool], Any] = {}
        wrapped = {"text_wrap": True, "valign": "top"}
        self.title = book.add_format({"bold": True, "font_size": 14})
        head = {"bold": True, "bg_color": HEAD_COLOUR, "bottom": 1, **wrapped}
        self.head = book.add_format(head)
        self.figure_head = book.add_format({**head, "align": "right"})
        self.section = book.add_format({"bold": True, "valign": "bottom", "top": 1})
        self.indented = book.add_format({"indent": 1, "valign": "top"})
        self.plain = book.add_format({"valign": "top"})
        self.wrapped = book.add_format(wrapped)
        # what Excel shows as a leading apostrophe: stays a text also when it is edited
        self.quoted = book.add_format({"quote_prefix": True, "valign": "top"})
        self.note = book.add_format({"italic": True, "font_color": "#595959"})
        self.unseen = book.add_format({"font_color": "#FFFFFF"})
        self.stale = book.add_format({"font_color": FIXED_COLOUR})
        self.given_mark = book.add_format({"bg_color": GIVEN_COLOUR, "locked": False})
        self.fixed_mark = book.add_format({"bg_color": FIXED_COLOUR})

    def number(self, unit: str, kind: str = "computed", worded: bool = False) -> Any:
        """The look of figures of a unit; ``kind`` is computed, given or fixed."""
        key = unit, kind, worded
        if key not in self._made:
            look: dict[str, Any] = {
                "num_format": self._pattern(unit, kind, worded),
                "valign": "top",
            }
            if kind == "given":
                look |= {"bg_color": GIVEN_COLOUR, "locked": False}
            elif kind == "fixed":
                look["bg_color"] = FIXED_COLOUR
            self._made[key] = self._book.add_format(look)
        return self._made[key]

    def _pattern(self, unit: str, kind: str, worded: bool) -> str:
        if unit == "share":
            return "0.00%"
        if unit == "flag":
            yes, no = (glossary.label(f"word.{word}", self.language) for word in ("yes", "no"))
            return f'"{yes}";;"{no}"'
        if unit == "year":
            return "0"
        counted = unit in units.COUNTED
        # what is counted is whole, what is computed from it need not be
        decimals = units.DECIMALS.get(unit, (0 if kind == "given" else 1) if counted else 2)
        # money to the fen: a sheet is checked to the fen
        decimals = 2 if unit == "yuan" else decimals
        pattern = "#,##0" + ("." + "0" * decimals) * bool(decimals)
        silent = not worded or unit in ("number", "ratio", "text")
        return pattern if silent else f'{pattern}" {self.unit(unit)}"'

    def unit(self, unit: str) -> str:
        """The word of a unit."""
        return glossary.label(f"unit.{unit}", self.language)


class QuickSheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """A sheet that takes formulas as they are.

    The library looks thirty times through every formula for functions newer than those of
    2007; the formulas here have none, and a large district has millions.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


def put_text(sheet: Any, row: int, column: int, text: str, look: Any, looks: Looks) -> None:
    """Write a text that stays a text, whatever it begins with."""
    clean = CONTROLS.sub("", text)[:LONGEST_TEXT]
    if clean.startswith(FORMULA_MARKS):
        look = looks.quoted
    sheet.write_string(row, column, clean, look)
