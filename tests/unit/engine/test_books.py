"""The books of pupils balance, and their tables add up as printed."""

from __future__ import annotations

import math

import pytest

import simulator as sim
from simulator.present.table import Printer
from simulator.present.tables.pupils import (
    pupil_books_table,
    pupil_grades_table,
    pupil_schools_table,
    pupil_variants_table,
)
from simulator.results.pupil_books import books, grade_total
from simulator.results.result import Result
from tests.building import district_of, scenario_of, school

INTAKE = {"primary": [2_700, 2_511, 2_333], "junior": 4_400.5}


@pytest.fixture(scope="module")
def result() -> Result:
    said = {"method": "cohort", "progression": 0.9937, "intake": INTAKE}
    return sim.simulate(
        sim.sample_district(), scenario_of(policy=["national"], assumptions={"pupils": said})
    )


def test_what_came_and_left_explains_what_there_is(result: Result) -> None:
    for each in books(result):
        assert each.before - each.leaving + each.entering + each.other == pytest.approx(each.now)
    first = books(result)[0]
    rows = sim.sample_district().schools
    assert (first.stage, first.before) == ("primary", rows["primary_pupils"].sum())
    # whole persons by school and grade: the first grades of all schools are 2,700 within a few
    assert first.leaving == rows["grade_6"].sum() and first.entering == pytest.approx(2_700, abs=2)
    # grades 1 to 5 lose 0.63% on their way up
    stayed = sum(rows[f"grade_{grade}"].sum() for grade in range(1, 6))
    assert first.other == pytest.approx(-0.0063 * stayed, abs=3)


def test_growth_rates_know_nobody_who_came_or_left() -> None:
    found = sim.simulate(sim.sample_district(), scenario_of(policy=["national"]))
    assert all(math.isnan(each.entering) and math.isnan(each.leaving) for each in books(found))
    assert all(math.isfinite(each.now) for each in books(found))
    texts = [row[3:6] for row in pupil_books_table(Printer(found, "zh")).texts()]
    assert {cell for row in texts for cell in row} == {"不可计算"}


def test_unknown_pupils_leave_a_grade_unknown() -> None:
    pair = district_of([school("A", primary_pupils=None, primary_classes=None), school("B")])
    found = sim.simulate(pair, scenario_of(policy=[]))
    assert math.isnan(grade_total(found, 2026, "primary", 1))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_tables_add_up_as_printed(result: Result, language: str) -> None:
    printer = Printer(result, "zh" if language == "zh" else "en")
    kept = {}
    for row in pupil_books_table(printer).records():
        assert row["before"] - row["leaving"] + row["entering"] + row["other"] == row["now"]
        kept[row["stage"], row["year"]] = row
    grades = pupil_grades_table(printer).rows.set_index("grade")
    years = ["2026", "2027", "2028"]
    names = list(grades.index)
    for first, last in ((0, 6), (7, 10)):
        stage = names[last]
        for year in years:
            assert grades[year].iloc[first:last].sum() == grades.at[stage, year]
            assert grades.at[stage, year] == kept[stage, year]["now"]
            assert grades[year].iloc[first] == kept[stage, year]["entering"]
    schools = pupil_schools_table(printer).rows
    for year in years:
        assert schools[year].iloc[:-1].astype(float).sum() == schools[year].iloc[-1]


def test_the_variants_stand_side_by_side(result: Result) -> None:
    district, scenario = result.binding.district, result.binding.scenario
    path = "assumptions.pupils.variant"
    found = {
        name: sim.simulate(district, scenario.with_changes({path: name}))
        for name in ("high", "middle", "low")
    }
    table = pupil_variants_table(Printer(result, "zh"), found).rows
    last = table[table["year"] == "2028"].set_index("variant")["primary"]
    assert last["高方案"] > last["中方案"] > last["低方案"]
    # 5% of each year's new pupils, 0.63% lost a year on the way
    gap = 0.05 * (2_333 + 2_511 * 0.9937 + 2_700 * 0.9937**2)
    assert last["高方案"] - last["中方案"] == pytest.approx(gap, abs=1)
