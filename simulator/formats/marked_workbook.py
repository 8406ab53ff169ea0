"""The user's own workbook with every finding marked: the cell coloured, the mend as a comment."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from simulator import glossary
from simulator.district.reading.files import open_bytes
from simulator.district.reading.grid import Sheet, position
from simulator.findings import Finding
from simulator.glossary import Language
from simulator.outside_text import stray_sign

_COLOURS: Final = {"error": "F8CBAD", "warning": "FFE699"}
#: Beyond this many cells the workbook is written anew: only its looks are lost.
MOST_CELLS: Final = 60_000
#: What the library that keeps looks raises on a workbook of a make it does not know.
_UNUSUAL: Final = (ValueError, TypeError, LookupError, AttributeError)
#: Signs that no title of a sheet may have.
_NOT_IN_TITLES: Final = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))
LONGEST_TITLE: Final = 31
_LIST: Final = ("place", "severity", "message", "mend")


def annotated(
    content: bytes, name: str, findings: Sequence[Finding], language: Language = "zh"
) -> bytes:
    """A workbook (.xlsx) with the findings marked in their cells and listed on a last sheet.

    An .xlsx keeps its looks and formulas; any other file, a large one, or one of an unusual
    make is written anew from its values. Raises JunhengError where the file cannot be opened.
    """
    sheets = open_bytes(content, name)
    large = sum(len(sheet.rows) * sheet.width for sheet in sheets) > MOST_CELLS
    if Path(name).suffix.lower() in {".xlsx", ".xlsm"} and not large:
        with contextlib.suppress(*_UNUSUAL):  # then it is written anew, as a large one is
            return _marked(content, findings, language)
    return _rewritten(sheets, findings, language)


def _by_cell(findings: Sequence[Finding]) -> Mapping[tuple[str, str], list[Finding]]:
    """Findings by sheet and first cell."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for each in findings:
        if each.cell:
            cell = each.cell.split(":", maxsplit=1)[0]
            found.setdefault((each.sheet, cell), []).append(each)
    return found


def _words(findings: Sequence[Finding], language: Language) -> str:
    told = (f"{each.message(language)}{each.mend(language)}" for each in findings)
    return _seen("\n".join(told))


def _colour(findings: Sequence[Finding]) -> str:
    worst = "error" if any(each.severity == "error" for each in findings) else "warning"
    return _COLOURS[worst]


def _listed(findings: Sequence[Finding], language: Language) -> list[list[str]]:
    """The findings as a table, errors first."""
    ordered = sorted(findings, key=lambda each: each.severity != "error")
    head = [glossary.label(f"word.finding_{word}", language) for word in _LIST]
    rows = [
        [
            each.place(),
            glossary.label(f"word.finding_{each.severity}", language),
            each.message(language),
            each.mend(language),
        ]
        for each in ordered
    ]
    return [head, *([_seen(text) for text in row] for row in rows)]


def _seen(text: str) -> str:
    """A text as a cell may hold it: a sign that nobody sees becomes a dot."""
    return "".join("·" if stray_sign(sign, "\n\t") else sign for sign in text)


def _marked(content: bytes, findings: Sequence[Finding], language: Language) -> bytes:
    book = openpyxl.load_workbook(BytesIO(content))
    for (sheet, cell), told in _by_cell(findings).items():
        if sheet in book.sheetnames:
            target = book[sheet][cell]
            target.fill = PatternFill("solid", fgColor=_colour(told))
            if not isinstance(target, openpyxl.cell.cell.MergedCell):
                target.comment = Comment(_words(told, language), "Junheng", width=320, height=120)
    listing = book.create_sheet(_free_title(book.sheetnames, language))
    for number, row in enumerate(_listed(findings, language), start=1):
        for column, text in enumerate(row, start=1):
            place = listing.cell(number, column, text)
            place.data_type = "s"  # a text that begins with = is no formula
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _rewritten(sheets: Sequence[Sheet], findings: Sequence[Finding], language: Language) -> bytes:
    marks = _by_cell(findings)
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options | {"nan_inf_to_errors": True})
    looks = {colour: book.add_format({"bg_color": f"#{colour}"}) for colour in _COLOURS.values()}
    titles: list[str] = []
    for sheet in sheets:
        titles.append(_title(sheet.name, titles))
        target = book.add_worksheet(titles[-1])
        for number, row in enumerate(sheet.rows):
            for column, value in enumerate(row):
                _write(target, number, column, value)
        for (name, cell), told in marks.items():
            if name == sheet.name:
                at = position(cell)
                value = sheet.cell(*at)
                _write(target, *at, "" if value is None else value, looks[_colour(told)])
                target.write_comment(*at, _words(told, language), {"x_scale": 2.5})
    listing = book.add_worksheet(_free_title(titles, language))
    for number, row in enumerate(_listed(findings, language)):
        listing.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, value: object, look: Any = None) -> None:
    if value is None or (value == "" and look is None):
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, look)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value, look)
    elif value == "":
        sheet.write_blank(row, column, None, look)
    else:
        sheet.write_string(row, column, str(value), look)


def _free_title(taken: Sequence[str], language: Language) -> str:
    return _title(glossary.label("sheet.findings", language), taken)


def _title(name: str, taken: Sequence[str]) -> str:
    """A name as a sheet may be called, and as none is called yet."""
    whole = _seen(name.translate(_NOT_IN_TITLES)).strip(" '\n\t")[:LONGEST_TITLE] or "_"
    used = {each.lower() for each in taken}
    again = (f" {number}" for number in itertools.count(2))
    return next(
        each
        for ending in itertools.chain(("",), again)
        if (each := f"{whole[: LONGEST_TITLE - len(ending)]}{ending}").lower() not in used
    )
