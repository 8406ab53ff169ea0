"""The live workbook: written against the bare library, and the engine against LibreOffice."""

from __future__ import annotations

import dataclasses
import io
import tempfile
from pathlib import Path

import openpyxl
import pandas as pd
import xlsxwriter

import simulator as sim
from simulator.district.model import District
from simulator.formats.live_workbook import workbook_bytes
from simulator.results.result import Result
from simulator.scenario.load import SHIPPED
from tests.benchmarks import Row, faster_row, printed, seconds, side_by_side, slower_row
from tests.export.workbook_sheets import bare_and_profile, calculated

LARGE = 2000
#: Goals: the formulas cost little beside writing them; the engine is far ahead of a sheet; a
#: large district is written while one fetches a cup of tea.
MOST_OF_PLAIN, LEAST_OF_OFFICE, MOST_SECONDS = 1.5, 100.0, 60.0


def run() -> list[Row]:
    scenario = sim.load_scenario(SHIPPED / "steady.yaml")
    sample = sim.sample_district()
    result = sim.simulate(sample, scenario)
    return [
        _written(result),
        _large(sim.simulate(_of_size(sample, LARGE), scenario)),
        _recalculated(sample, result),
    ]


def _written(result: Result) -> Row:
    """The workbook of the sample against as many cells by the library alone."""
    content = workbook_bytes(result)
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    formulas = sum(cell.data_type == "f" for cell in cells)
    others = sum(cell.value is not None for cell in cells) - formulas
    pair = side_by_side(lambda: workbook_bytes(result), lambda: _plain(formulas, others), times=5)
    size = f"{len(content) / 1e6:.2g} MB"
    return slower_row(
        f"Writing the sample's live workbook, {formulas:,} formulas, {size} "
        "(held against as many cells by XlsxWriter alone)",
        f"导出示范区的可重算工作簿，{formulas:,} 条公式，{size}"
        "（对照：只用 XlsxWriter 写同样多的单元格）",
        pair,
        MOST_OF_PLAIN,
    )


def _plain(formulas: int, others: int) -> None:
    """As many formulas with cached values, and other cells, in rows of 100."""
    with tempfile.TemporaryDirectory() as folder:
        book = xlsxwriter.Workbook(Path(folder) / "plain.xlsx", {"constant_memory": True})
        sheet = book.add_worksheet()
        for number in range(formulas + others):
            row, column = divmod(number, 100)
            if number < formulas:
                sheet.write_formula(row, column, f"=A{row + 1}*B{row + 1}+C1", None, number / 7)
            else:
                sheet.write_number(row, column, number / 7)
        book.close()


def _of_size(district: District, count: int) -> District:
    """A district of so many schools: the sample's, again and again."""
    copies = []
    for number in range(count // len(district.schools) + 1):
        copy = district.schools.copy()
        copy.index = pd.Index([f"{number}-{each}" for each in copy.index], name="school_id")
        copies.append(copy)
    return dataclasses.replace(district, schools=pd.concat(copies).iloc[:count])


def _large(result: Result) -> Row:
    size = [0]

    def write() -> None:
        size[0] = len(workbook_bytes(result))

    took = seconds(write)
    megabytes = f"{size[0] / 1e6:.0f} MB"
    return Row(
        f"Writing the live workbook of {LARGE:,} schools, {megabytes}",
        f"导出 {LARGE:,} 所学校的可重算工作簿，{megabytes}",
        printed(took),
        "–",
        None,
        f"< {MOST_SECONDS:g} s",
        took < MOST_SECONDS,
    )


def _recalculated(sample: District, result: Result) -> Row:
    """The engine against LibreOffice opening, calculating and saving the same workbook."""
    scenario = result.binding.scenario
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        result.to_workbook(path)
        bare, profile = bare_and_profile(path, Path(folder) / "again")
        pair = side_by_side(
            lambda: sim.simulate(sample, scenario), lambda: calculated(bare, profile), times=3
        )
    return faster_row(
        "Computing the sample (held against LibreOffice recalculating its workbook)",
        "测算示范区（对照：LibreOffice 重新计算同一工作簿）",
        pair,
        LEAST_OF_OFFICE,
    )
