"""The sheets of words: what the workbook is, every formula in words, what is only a value."""

from __future__ import annotations

from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name

from simulator import glossary
from simulator.formats.live_workbook.ground import STATIC
from simulator.formats.live_workbook.places import FIRST_LINE, FIRST_ROW, Page, year_column
from simulator.formats.live_workbook.sheets import Writer
from simulator.formats.live_workbook.watch import STATE_COLUMN, Watch
from simulator.glossary import Language
from simulator.machine.language import BASE
from simulator.machine.registry import Formula
from simulator.machine.wording import in_words
from simulator.present.table import Printer, word_of
from simulator.stages import STAGES

HEADS: Final = ("figure", "name", "subject", "level", "words", "unit", "source", "where")
WIDTHS: Final = (34, 26, 18, 14, 80, 14, 50, 44)
OPERATOR_HEADS: Final = ("figure", "name", "year", "stands", "looks_at", "where")
OPERATOR_WIDTHS: Final = (34, 30, 8, 10, 90, 44)


def put_about(writer: Writer, watch: Watch) -> None:
    """The first sheet: of whom and what the workbook is, and how to use it."""
    result = writer.ground.result
    district, scenario = result.binding.district, result.binding.scenario
    sheet = writer.new(writer.word("sheet.about"), (1, 0), (0, 0))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    sheet.fit_to_pages(1, 0)
    years = result.index.years
    lines = [
        ("district", district.name),
        ("scenario", scenario.title(writer.language)),
        ("years", f"{years[BASE]}–{years[-1]}"),
        ("packs", writer.word("comma").join(result.binding.policy.packs)),
        ("identity", result.identity),
    ]
    if district.invented:
        lines.insert(0, ("note", writer.word("invented")))
    if writer_note := Printer(result, writer.language).assumed_none():
        lines.append(("note", writer_note))
    row = 2
    for key, text in lines:
        writer.text(sheet, row, 0, writer.word(f"about.{key}"), writer.looks.head)
        writer.text(sheet, row, 1, text, writer.looks.wrapped)
        row += 1
    marks = {"given": writer.looks.given_mark, "fixed": writer.looks.fixed_mark}
    for key in ("given", "fixed", "computed", "unknown", "operators", "limits"):
        row += 1
        writer.text(sheet, row, 0, writer.word(f"about.{key}"), marks.get(key, writer.looks.head))
        writer.text(sheet, row, 1, writer.word(f"about.{key}.text"), writer.looks.wrapped)
    writer.text(sheet, row + 1, 0, writer.word("about.standing"), writer.looks.head)
    _put_standing(writer, watch, sheet, row + 1)


def put_formulas(writer: Writer) -> None:
    """Every formula in words, with its unit, citation and cells: one row each."""
    sheet = writer.new(writer.word("sheet.formulas"), (FIRST_LINE, 1), (FIRST_LINE - 1,) * 2)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.fit_to_pages(1, 0)
    writer.text(sheet, 1, 0, writer.word("hint.formulas"), writer.looks.note)
    heads = [writer.word(f"head.{head}") for head in HEADS]
    writer.texts(sheet, FIRST_LINE - 1, heads, writer.looks.head)
    for row, formula in enumerate(writer.ground.formulas, start=FIRST_LINE):
        writer.texts(sheet, row, _about_formula(writer, formula), writer.looks.wrapped)
        _link(writer, sheet, row, len(HEADS) - 1, formula)


def _about_formula(writer: Writer, formula: Formula) -> list[str]:
    language = writer.language
    words = (
        writer.word("operator")
        if formula.operator
        else in_words(formula.expression, language, writer.label)
    )
    return [
        writer.label(formula.name),
        formula.name,
        word_of("subject", formula.subject, language),
        word_of("level", formula.level, language),
        words,
        writer.looks.unit(formula.unit),
        writer.cites(formula),
    ]


def _link(writer: Writer, sheet: Any, row: int, column: int, formula: Formula) -> None:
    """Where a formula's cells stand, as a link to them."""
    address = where(writer, formula)
    sheet.write_url(row, column, f"internal:{address}", None, address.replace("$", ""))


def where(writer: Writer, formula: Formula) -> str:
    """The address of a formula's cells, of the last year where each year has its own sheet."""
    positions = writer.ground.positions[formula.name]
    if formula.level in ("part", "school"):
        page, last = writer.places.columns[formula.name, positions[-1]]
        firsts = [writer.places.columns[formula.name, each] for each in positions]
        first = min(column for found, column in firsts if found is page)
        bottom = FIRST_ROW + max(writer.ground.index.size(formula.level), 1)
        return f"{page.prefix}{xl_col_to_name(first)}{FIRST_ROW + 1}:{xl_col_to_name(last)}{bottom}"
    stages = (0, len(STAGES) - 1) if formula.level == "stage" else (None, None)
    (page, top), (_, bottom) = (writer.places.lines[formula.name, stage] for stage in stages)
    first, last = year_column(positions[0]), year_column(positions[-1])
    return f"{page.prefix}{xl_col_to_name(first)}{top + 1}:{xl_col_to_name(last)}{bottom + 1}"


def operators_page(language: Language) -> Page:
    """The sheet of the operators, before it is written."""
    return Page("operators", glossary.label("workbook.sheet.operators", language), "words")


def put_operators(writer: Writer, watch: Watch) -> None:
    """The figures that no sheet can express, year by year, and whether their values stand."""
    sheet = writer.new(watch.page.title, (FIRST_LINE, 1), (FIRST_LINE - 1,) * 2)
    for column, width in enumerate(OPERATOR_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.fit_to_pages(1, 0)
    writer.text(sheet, 1, 0, writer.word("hint.operators"), writer.looks.note)
    heads = [writer.word(f"head.{head}") for head in OPERATOR_HEADS]
    writer.texts(sheet, FIRST_LINE - 1, heads, writer.looks.head)
    comma = writer.word("comma")
    for row, ((name, position), test) in enumerate(watch.rows.items(), start=FIRST_LINE):
        formula = writer.ground.graph.formulas[name]
        year = "" if position == STATIC else str(writer.ground.index.years[position])
        writer.texts(sheet, row, [writer.label(name), name, year])
        look = writer.looks.number("flag")
        sheet.write_formula(row, STATE_COLUMN, f"={test or 1}", look, 1)
        if test:
            place = watch.state(name, position)
            writer.book.define_name(watch.state_name(name, position), f"={place}")
        seen = comma.join(writer.label(each) for each in formula.arguments)
        writer.text(sheet, row, STATE_COLUMN + 1, seen, writer.looks.wrapped)
        _link(writer, sheet, row, STATE_COLUMN + 2, formula)


def _put_standing(writer: Writer, watch: Watch, sheet: Any, row: int) -> None:
    """Whether all values of operators still stand, in a word."""
    stands, stale = (writer.word(f"operators.{state}") for state in ("stand", "stale"))
    states = [watch.state(*key) for key in watch.rows]
    every = "*".join(state for state in states if state) or "1"
    sheet.write_formula(row, 1, f'=IF({every},"{stands}","{stale}")', writer.looks.wrapped, stands)
