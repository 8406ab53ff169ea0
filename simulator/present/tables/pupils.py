"""The tables of pupils: the books of each stage, pupils by grade and by school, the variants."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from simulator import glossary, units
from simulator.district.pupils.grades import GRADED, first_grade
from simulator.machine.language import BASE
from simulator.present.table import Column, Printer, Table, word_of
from simulator.present.tables.balance_rows import made, profile_columns, profile_of
from simulator.results.pupil_books import Book, books, grade_total, study_years
from simulator.results.result import Result

#: What the books add up, in their order.
BOOK = ("before", "entering", "leaving", "other", "now")
VARIANTS = ("high", "middle", "low")


def pupil_books_table(printer: Printer) -> Table:
    """Each stage and year: last autumn's pupils, who came, who left, this autumn's."""
    records = [_book(printer, each) for each in books(printer.result)]
    columns = (
        Column("stage", printer.word("stage")),
        Column("year", printer.word("year")),
        *(Column(name, printer.word(f"pupils.{name}"), "pupil") for name in BOOK),
    )
    return made(printer, "pupil_books", columns, records, printer.word("pupils.books_note"))


def _book(printer: Printer, book: Book) -> dict[str, Any]:
    """Printed in whole pupils as the table of grades has them; the rest is what is left over."""
    result = printer.result
    whole = {name: _whole(getattr(book, name)) for name in BOOK}
    if math.isfinite(whole["entering"]):
        whole["entering"] = _grades_printed(result, book.stage, book.year)[0]
        whole["leaving"] = _grades_printed(result, book.stage, book.year - 1)[-1]
    whole["other"] = whole["now"] - whole["before"] - whole["entering"] + whole["leaving"]
    return {
        "stage": word_of("stage", book.stage, printer.language),
        "year": str(book.year),
        **whole,
    }


def _whole(value: float) -> float:
    return units.half_up(value, 0) if math.isfinite(value) else math.nan


def pupil_grades_table(printer: Printer) -> Table:
    """Pupils of every grade and year in the whole district, and of each stage."""
    result = printer.result
    records: list[dict[str, Any]] = []
    for stage in GRADED:
        records += _stage_grades(printer, stage)
    columns = (
        Column("grade", printer.word("pupils.grade")),
        *(Column(str(year), str(year), "pupil") for year in _years(result)),
    )
    return made(printer, "pupil_grades", columns, records, printer.word("pupils.grades_note"))


def _stage_grades(printer: Printer, stage: str) -> list[dict[str, Any]]:
    """The grades of a stage and their sum, rounded so that they add up as printed."""
    result, studies = printer.result, range(1, study_years(printer.result, stage) + 1)
    first = first_grade(stage, result.binding.district.primary_years)
    by_year = {str(year): _grades_printed(result, stage, year) for year in _years(result)}
    rows: list[dict[str, Any]] = [
        {"grade": printer.figure(f"column.grade_{first + place}"),
         **{year: counted[place] for year, counted in by_year.items()}}
        for place in range(len(studies))
    ]  # fmt: skip
    sums = {year: math.fsum(counted) for year, counted in by_year.items()}
    return [*rows, {"grade": word_of("stage", stage, printer.language), **sums}]


def _grades_printed(result: Result, stage: str, year: int) -> list[float]:
    """The grades of a stage in whole pupils that add up to the stage's."""
    studies = range(1, study_years(result, stage) + 1)
    exact = [grade_total(result, year, stage, study) for study in studies]
    return [float(each) for each in units.round_to_total(exact, 0)]


def pupil_schools_table(printer: Printer) -> Table:
    """Pupils of every school by stage and year, with the districts' total as printed."""
    result = printer.result
    years = _years(result)
    by_year = {
        str(year): units.round_to_total(list(result.at("pupils", year)), 0).tolist()
        for year in years
    }
    records = [
        {**profile_of(printer, school, stage), **{year: by_year[year][place] for year in by_year}}
        for place, (school, stage) in enumerate(result.index.parts)
    ]
    blank: dict[str, Any] = dict.fromkeys(records[0], "") if records else {}
    totals = {year: math.fsum(values) for year, values in by_year.items()}
    records.append({**blank, "school_name": printer.word("total"), **totals})
    columns = (*profile_columns(printer), *(Column(year, year, "pupil") for year in by_year))
    return made(printer, "pupil_schools", columns, records)


def pupil_variants_table(printer: Printer, results: Mapping[str, Result]) -> Table:
    """The high, middle and low variant side by side: pupils, need and gap of every year."""
    records = []
    for name in (each for each in VARIANTS if each in results):
        found = results[name]
        for year in found.index.years[BASE + 1 :]:
            stage = found.at("stage_pupils", year)
            records.append({
                "variant": glossary.label(f"lever_choice.{name}", printer.language),
                "year": str(year),
                "primary": _whole(float(stage[0])),
                "junior": _whole(float(stage[1])),
                "need": printer.rounded(float(found.at("need", year)[0])),
                "gap": printer.rounded(float(found.at("gap", year)[0])),
            })  # fmt: skip
    columns = (
        Column("variant", printer.figure("assumptions.pupils.variant")),
        Column("year", printer.word("year")),
        *(Column(stage, word_of("stage", stage, printer.language), "pupil") for stage in GRADED),
        printer.column("need", "yuan"),
        printer.column("gap", "yuan"),
    )
    return made(printer, "pupil_variants", columns, records)


def _years(result: Result) -> Sequence[int]:
    return result.index.years[BASE:]
