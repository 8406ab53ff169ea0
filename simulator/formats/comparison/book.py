"""A comparison as a live workbook: rates and assumptions inside, sums and differences formulas.

Who opens it sees first whether data or packs differ, chooses the scenario to hold the others
against in one cell, and every difference follows.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from simulator import glossary
from simulator.compare import Comparison
from simulator.formats.comparison.sheets import (
    BASE,
    NARROW,
    OTHER,
    WIDE,
    WIDEST,
    Looks,
    Sheet,
    choice_cell,
    figures_sheet,
    new_sheet,
    steps_sheet,
    table_sheet,
    unit_label,
    unknown,
)
from simulator.formats.table_files import save
from simulator.glossary import Language
from simulator.present.sentences.idle import idle_mark
from simulator.present.table import MoneyUnit, Table, word_of
from simulator.present.tables.catalogue import table
from simulator.present.tables.comparison import (
    Sides,
    balance_table,
    counts_table,
    money_table,
    parameters_table,
    sides,
    standards_table,
    summary_table,
)
from simulator.present.tables.comparison_steps import rules_table
from simulator.scenario.levers import lever_at
from simulator.scenario.values import Values, is_list, plain

#: A line of a cell of the first sheet: its height, and how many Chinese signs it surely holds.
LINE_HEIGHT, SIGNS_IN_A_LINE = 15, 21


def comparison_book(
    comparison: Comparison, language: Language | None = None, money: MoneyUnit = "10k_yuan"
) -> bytes:
    """The workbook of a comparison; its figures are those of the tables on screen."""
    shown = sides(comparison, language, money)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    looks, taken = Looks(book), set[str]()

    def sheet(name: str) -> Sheet:
        return new_sheet(book, shown, looks, shown.say(f"table.{name}"), taken)

    about = sheet("summary")
    book.define_name(BASE, f"={_about(about, summary_table(shown))}")
    _parameters(sheet("parameters"))
    funds = sheet("money")
    rows = figures_sheet(funds, money_table(shown))
    steps = sheet("waterfall")
    book.define_name(OTHER, f"={steps.at(0, 1)}")
    steps_sheet(steps, funds, rows)
    figures_sheet(sheet("standards"), standards_table(shown))
    figures_sheet(sheet("balance"), balance_table(shown))
    figures_sheet(sheet("counts"), counts_table(shown))
    table_sheet(sheet("rules"), rules_table(shown))
    _schools(sheet("schools"), shown.years[-1])
    for number, found in enumerate(_laws(shown), start=1):
        law = new_sheet(book, shown, looks, f"{found.title} {number}", taken)
        table_sheet(law, found)
    book.close()
    return buffer.getvalue()


def write_comparison(
    comparison: Comparison,
    path: str | Path,
    language: Language | None = None,
    money: MoneyUnit = "10k_yuan",
) -> Path:
    """Write the workbook of a comparison whole or not at all."""
    return save(path, comparison_book(comparison, language, money))


def _about(sheet: Sheet, found: Table) -> str:
    """The first sheet: warnings, what is compared, the verdicts; the address of the choice."""
    shown, looks = sheet.shown, sheet.looks
    lines = [(line, looks.warning) for line in shown.comparison.note_lines]
    lines.append((shown.say("book_title"), looks.title))
    if any(printer.result.binding.district.invented for printer in shown.printers):
        lines.append((shown.printer.word("invented"), looks.warning))
    lines.append((shown.say("book_note"), looks.note))
    for row, (line, look) in enumerate(lines):
        sheet.text(row, 0, line, look)
    top = len(lines) + 1
    sheet.text(top, 0, shown.say("book_base"), looks.strong)
    choice_cell(sheet, top, 1, shown.base)
    labels = shown.comparison.labels
    numbered = [f"{number} {label}" for number, label in enumerate(labels, start=1)]
    sheet.heads(top + 2, [found.columns[0].label, *numbered])
    for number, fact in enumerate(found.records(), start=top + 3):
        sheet.text(number, 0, str(fact["fact"]), looks.strong)
        for place in range(len(labels)):
            sheet.text(number, 1 + place, str(fact[f"s{place}"]))
        longest = max(len(str(fact[f"s{place}"])) for place in range(len(labels)))
        sheet.page.set_row(number, LINE_HEIGHT * math.ceil(longest / SIGNS_IN_A_LINE))
    sheet.page.set_column(0, 0, WIDE)
    sheet.page.set_column(1, len(labels), WIDEST)
    return sheet.at(top, 1)


def _parameters(sheet: Sheet) -> None:
    """Every assumption and lever as figures, year by year where they are given so."""
    shown, count = sheet.shown, len(sheet.shown.printers)
    parameter, unit = shown.say("parameter"), shown.printer.word("unit")
    year, differs = shown.printer.word("year"), shown.say("differs")
    sheet.heads(0, [parameter, year, unit, *shown.comparison.labels, differs])
    number = 0
    for number, (label, when, lever_unit, values) in enumerate(_lines(shown), start=1):
        for column, text in enumerate((label, when, unit_label(shown, lever_unit))):
            sheet.text(number, column, text)
        look = sheet.looks.number(lever_unit, _decimals(lever_unit, values))
        for column, value in enumerate(values, start=3):
            if isinstance(value, float):
                sheet.number(number, column, value, look)
            else:
                sheet.text(number, column, value)
        cells = xl_range_abs(number, 3, number, 2 + count)
        first = xl_rowcol_to_cell(number, 3, True, True)
        formula = f'=IF(SUMPRODUCT(--({cells}<>{first}))>0,"{differs}","")'
        kept = differs if any(value != values[0] for value in values) else ""
        sheet.page.write_formula(number, 3 + count, formula, sheet.looks.strong, kept)
    sheet.page.set_column(0, 0, WIDEST)
    sheet.page.set_column(1, 2, NARROW)
    sheet.page.set_column(3, 2 + count, WIDE)
    sheet.page.freeze_panes(1, 1)
    sheet.page.autofilter(0, 0, number, 3 + count)


def _decimals(unit: str, values: tuple[float | str, ...]) -> int:
    """As many decimals as the figures need, up to four."""
    scale = 100 if unit == "share" else 1
    figures = [value * scale for value in values if isinstance(value, float)]
    fits = (n for n in range(5) if all(abs(round(v, n) - v) < 1e-9 for v in figures))
    return next(fits, 4)


Line = tuple[str, str, str, tuple[float | str, ...]]


def _lines(shown: Sides) -> Iterator[Line]:
    """(label, year or nothing, unit, value of each scenario): figures where they are figures."""
    for row in parameters_table(shown, everything=True).records():
        path, label = str(row["path"]), _with_idle(shown, row)
        lever = lever_at(path)
        unit = lever.unit if lever else ""
        said = [printer.result.binding.scenario.get(path) for printer in shown.printers]
        if not any(map(_yearly, said)):
            texts = [str(row[f"s{place}"]) for place in range(len(said))]
            values = tuple(map(_value, said, texts))
            yield label, "", unit if any(isinstance(v, float) for v in values) else "", values
            continue
        for place, year in enumerate(shown.years):
            values = tuple(_of_year(shown, n, path, each, place) for n, each in enumerate(said))
            yield label, str(year), unit, values


def _with_idle(shown: Sides, row: Mapping[str, Any]) -> str:
    """A parameter's words, with the scenarios in which it counts for nothing: figures stay bare."""
    path, label = str(row["path"]), str(row["parameter"])
    for name, printer in zip(shown.comparison.labels, shown.printers, strict=True):
        mark = idle_mark(printer.result, path, shown.language)
        if mark and printer.result.binding.scenario.get(path) is not None:
            label = glossary.text("idle.behind", shown.language, text=label, mark=f"{name} {mark}")
    return label


def _yearly(said: Any) -> bool:
    """Whether a value is a list of figures that differ from year to year."""
    found = plain(said)
    return is_list(found) and bool(found) and all(isinstance(v, (int, float)) for v in found)


def _value(said: Any, text: str) -> float | str:
    found = plain(said)
    figure = isinstance(found, (int, float)) and not isinstance(found, bool)
    return float(found) if figure else text


def _of_year(shown: Sides, scenario: int, path: str, said: Any, place: int) -> float | str:
    if is_list(said) and place < len(said) and isinstance(said[place], (int, float)):
        return float(said[place])
    year = shown.printers[scenario].result.index.base_year
    return _value(said, Values(shown.language, year).text(path, plain(said)))


def _schools(sheet: Sheet, year: int) -> None:
    """Operating funds of every school and stage in the last year; differences follow the base."""
    shown, count = sheet.shown, len(sheet.shown.printers)
    word, money = shown.printer.word, unit_label(shown, shown.money)
    labels = shown.comparison.labels
    heads = [shown.printer.figure("column.school_id"), shown.printer.figure("column.school_name"),
             word("stage")]  # fmt: skip
    heads += [f"{label} {year} {money}" for label in labels]
    heads += [f"{shown.say('less_base', name=label)} {money}" for label in labels]
    sheet.heads(0, heads)
    places = list(dict.fromkeys(part for p in shown.printers for part in p.result.index.parts))
    known = [_funds(shown, place, year) for place in range(count)]
    look = sheet.looks.number(shown.money, shown.printer.decimals)
    for number, (school, stage) in enumerate(places, start=1):
        for column, text in enumerate((school, _name(shown, school), stage)):
            said = word_of("stage", text, shown.language) if column == 2 else text
            sheet.text(number, column, said)
        values = [each.get((school, stage), math.nan) for each in known]
        for place, value in enumerate(values):
            sheet.number(number, 3 + place, value, look)
        _differences(sheet, number, values)
    _sums(sheet, len(places), known)
    sheet.page.set_column(0, 2, NARROW)
    sheet.page.set_column(3, 2 + 2 * count, NARROW)
    sheet.page.freeze_panes(1, 3)
    sheet.page.autofilter(0, 0, len(places), 2 + 2 * count)


def _funds(shown: Sides, place: int, year: int) -> dict[tuple[str, str], float]:
    """One scenario's operating funds as printed, by school and stage."""
    printer = shown.printers[place]
    parts = printer.result.index.parts
    values = printer.result.at("operating_funds", year)
    return {part: printer.rounded(float(v)) for part, v in zip(parts, values, strict=True)}


def _name(shown: Sides, school: str) -> str:
    found = (p.result.binding.district.schools for p in shown.printers)
    return next(str(each.at[school, "school_name"]) for each in found if school in each.index)


def _differences(sheet: Sheet, row: int, values: list[float]) -> None:
    """A row's differences to the scenario chosen as base."""
    shown, count = sheet.shown, len(values)
    decimals = shown.printer.decimals
    base = f"INDEX({xl_range_abs(row, 3, row, 2 + count)},1,{BASE})"
    look = sheet.looks.difference(shown.money, decimals)
    for place, value in enumerate(values):
        own = xl_rowcol_to_cell(row, 3 + place)
        known = f"AND(ISNUMBER({own}),ISNUMBER({base}))"
        formula = f"=IF({known},ROUND({own}-{base},{decimals}),{unknown(shown)})"
        kept = round(value - values[shown.base], decimals) + 0.0
        sheet.formula(row, 3 + count + place, formula, look, kept)


def _sums(sheet: Sheet, size: int, known: list[dict[tuple[str, str], float]]) -> None:
    """The sum of each scenario's schools under them, and the differences of the sums."""
    shown, row = sheet.shown, size + 1
    sheet.text(row, 1, shown.printer.word("total"), sheet.looks.strong)
    look = sheet.looks.number(shown.money, shown.printer.decimals)
    totals = []
    for place, each in enumerate(known):
        total = shown.printer.total(list(each.values())) if len(each) == size else math.nan
        cells = xl_range_abs(1, 3 + place, size, 3 + place)
        formula = (
            f"=IF(COUNT({cells})={size},ROUND(SUM({cells}),{shown.printer.decimals}),"
            f"{unknown(shown)})"
        )
        sheet.formula(row, 3 + place, formula, look, total)
        totals.append(total)
    _differences(sheet, row, totals)


def _laws(shown: Sides) -> list[Table]:
    """The law's values that each set of packs holds, once."""
    sets = {printer.result.binding.policy.fingerprint: printer for printer in shown.printers}
    return [table(p.result, "policy", shown.language, shown.money) for p in sets.values()]
