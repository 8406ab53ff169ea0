"""The workbook of a comparison recalculates to the figures on screen, whatever base is chosen."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import simulator as sim
from simulator.compare import Comparison
from simulator.formats.comparison.book import comparison_book, write_comparison
from simulator.present.tables.comparison import money_table, sides
from simulator.results.result import Result
from simulator.scenario.load import SHIPPED
from tests import building, system

NAMES = ("baseline", "steady", "tight_revenue")
MONEY, STEPS, FIRST = "分年度资金对照", "收支差额变动分解", "方案概览"


@pytest.fixture(scope="module")
def results() -> list[Result]:
    district = sim.sample_district()
    return [sim.simulate(district, sim.load_scenario(SHIPPED / f"{name}.yaml")) for name in NAMES]


@pytest.fixture(scope="module")
def comparison(results: list[Result]) -> Comparison:
    return sim.compare(results)


def opened(content: bytes, *, values: bool = True) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def cells(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def recalculated(path: Path) -> Any:
    """The workbook as LibreOffice calculates it anew."""
    out = path.parent / "out"
    profile = (path.parent / "profile").as_uri()
    office = str(system.soffice())
    command = [office, "--headless", f"-env:UserInstallation={profile}", "--convert-to"]
    subprocess.run(
        [*command, "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(path)],
        check=True, timeout=120, capture_output=True,
    )  # fmt: skip
    return openpyxl.load_workbook(out / path.name, data_only=True)


def test_cached_values_are_those_on_screen(comparison: Comparison) -> None:
    rows = cells(opened(comparison_book(comparison))[MONEY])[1:]
    screen = money_table(sides(comparison)).records()
    for read, row in zip(rows, screen, strict=False):
        assert read[2:5] == pytest.approx([row["s0"], row["s1"], row["s2"]])
        assert read[5:8] == pytest.approx([0, row["d1"], row["d2"]])


def test_sums_and_differences_are_formulas(comparison: Comparison) -> None:
    rows = cells(opened(comparison_book(comparison), values=False)[MONEY])
    kinds = {row[1]: {str(cell).startswith("=") for cell in row[2:5]} for row in rows[1:13]}
    sums = {line for line, formulas in kinds.items() if formulas == {True}}
    assert sums == {"经费总需求", "可用财力", "收支差额"}  # all others are figures
    assert {True, False} not in kinds.values()
    assert all(str(cell).startswith("=") for row in rows[1:13] for cell in row[5:8])


@pytest.mark.parametrize("base", [0, 2])
def test_another_base_chosen_in_the_cell_moves_every_difference(
    comparison: Comparison, results: list[Result], tmp_path: Path, base: int
) -> None:
    """The workbook is made against scenario 1; the cell is then set as somebody would."""
    path = tmp_path / "compared.xlsx"
    write_comparison(comparison, path)
    book = openpyxl.load_workbook(path)
    first = book[FIRST]
    place = next(row for row in first.iter_rows() if row[0].value == "基准方案序号")
    place[1].value = base + 1
    book.save(path)
    calculated = recalculated(path)
    shown = sides(sim.compare(results, base))
    expected = money_table(shown).records()
    for read, row in zip(cells(calculated[MONEY])[1:], expected, strict=False):
        wanted = [row[f"s{n}"] - row[f"s{base}"] for n in range(3)]
        assert read[5:8] == pytest.approx(wanted, abs=1e-6)
    steps = {row[0]: row[1:4] for row in cells(calculated[STEPS]) if row[0]}
    assert steps["核对（应为零）"] == [0, 0, 0]
    printed = [shown.printed[base][year]["gap"] for year in shown.years]
    assert steps["基准方案的收支差额"] == pytest.approx(printed)


def test_nothing_is_left_uncalculated(comparison: Comparison, tmp_path: Path) -> None:
    path = tmp_path / "compared.xlsx"
    write_comparison(comparison, path, "en", "yuan")
    before, after = opened(path.read_bytes()), recalculated(path)
    compared = 0
    for name in before.sheetnames:
        for old, new in zip(cells(before[name]), cells(after[name]), strict=False):
            for a, b in zip(old, new, strict=False):
                if isinstance(a, (int, float)):
                    assert b == pytest.approx(a, abs=1e-6)
                    compared += 1
                assert not str(b).startswith("#")
    assert compared > 500


def test_the_rates_and_assumptions_are_inside_as_figures(comparison: Comparison) -> None:
    rows = cells(opened(comparison_book(comparison))["前提与措施对照"])
    found = {(row[0], row[1]): row[2:] for row in rows}
    junior = next(row for (name, _), row in found.items() if "初中" in name and 1300 in row)
    assert junior[:5] == ["元/生", "按现行规定", 1300, 1300, "不同"]
    growth = [row for row in rows if row[0] == "财政经常性收入年增长率"]
    assert [row[1] for row in growth] == ["2026", "2027", "2028"]
    assert [row[5] for row in growth] == [-0.03, -0.01, 0.01]
    assert any(name.startswith("政策值") for name in opened(comparison_book(comparison)).sheetnames)


def test_other_data_are_said_in_the_first_line(results: list[Result]) -> None:
    other = building.district_of([building.school("a"), building.school("b", "junior")])
    made = sim.simulate(other, results[0].binding.scenario)
    book = opened(comparison_book(sim.compare([results[0], made])))
    assert str(book[book.sheetnames[0]]["A1"].value).startswith("这些方案使用的数据不同")
    schools = cells(book["各校增减"])
    unknown = [row for row in schools if "不可计算" in row]
    assert len(unknown) == len(schools) - 1  # no school is in both, so neither are the sums


def test_a_name_that_looks_like_a_formula_is_a_text(results: list[Result]) -> None:
    scenario = results[1].binding.scenario.with_changes({"name": '=HYPERLINK("http://x.test")'})
    made = sim.simulate(results[1].binding.district, scenario)
    book = opened(comparison_book(sim.compare([results[0], made])), values=False)
    for name in book.sheetnames:
        for row in book[name].iter_rows():
            for cell in row:
                assert not (cell.data_type == "f" and "HYPERLINK" in str(cell.value))
