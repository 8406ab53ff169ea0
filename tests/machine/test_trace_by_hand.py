"""Traces of totals: how many are named, what the rest is, years, unknown ones first. By hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

import simulator as sim
from simulator.errors import JunhengError
from simulator.results.result import Result
from tests.building import district_of, scenario_of, school


def paying(*payrolls: Any) -> Result:
    """Primary schools A, B, C … with these payrolls in 10,000 yuan, which do not grow."""
    rows = [
        school("ABCDEFGHIJ"[place], payroll=None if pay is None else pay * 10_000)
        for place, pay in enumerate(payrolls)
    ]
    return sim.simulate(district_of(rows), scenario_of(policy=[]))


def contributors(result: Result, **place: Any) -> list[tuple[str | None, float]]:
    found = result.explain("payroll_total", **place).inputs
    return [(line.place[0] if line.kind != "rest" else "rest", line.value) for line in found]


def test_six_are_all_named_the_largest_first() -> None:
    result = paying(100, 300, 200, 600, 400, 500)
    expected = [("D", 600e4), ("F", 500e4), ("E", 400e4), ("B", 300e4), ("C", 200e4), ("A", 100e4)]
    assert contributors(result, year=2025) == expected


def test_of_seven_five_are_named_and_the_rest_is_exactly_the_others() -> None:
    result = paying(110, 300, 200, 600, 400, 500, 700)
    found = contributors(result, year=2025)
    assert [name for name, _ in found] == ["G", "D", "F", "E", "B", "rest"]
    assert found[-1][1] == 310e4  # 110 and 200
    rest = result.explain("payroll_total", year=2025).inputs[-1]
    assert [(line.place[0], line.value) for line in rest.inputs] == [("C", 200e4), ("A", 110e4)]
    assert rest.evaluate() == rest.value == 310e4
    assert rest.expression is None
    assert rest.place == (None, None)
    assert result.explain("payroll_total", year=2025).evaluate() == 2810e4


def test_an_unknown_one_stands_first() -> None:
    result = paying(100, 300, 200, 600, 400, 500, 700, None)
    name, value = contributors(result, year=2025)[0]
    assert name == "H"
    assert math.isnan(value)
    trace = result.explain("payroll_total", year=2025)
    assert math.isnan(trace.value)
    assert {line.place[0] for line in trace.unknown_cells()} == {"H"}


def test_every_empty_cell_is_named_also_behind_the_rest() -> None:
    result = paying(*[None] * 8, 100)
    trace = result.explain("payroll_total", year=2025)
    assert [line.kind for line in trace.inputs].count("rest") == 1
    assert {line.place[0] for line in trace.unknown_cells()} == set("ABCDEFGH")
    # the need adds the same payrolls up by more than one way: each cell is named once
    cells = [line.place[0] for line in result.explain("need", year=2028).unknown_cells()]
    assert set("ABCDEFGH") <= set(cells)


def test_without_a_year_the_last_one_is_explained() -> None:
    result = paying(100, 200)
    assert result.explain("payroll_total").year == 2028
    for year in (2024, 2028):
        assert result.explain("payroll_total", year=year).year == year
    for year in (2023, 2029):
        with pytest.raises(JunhengError) as caught:
            result.explain("payroll_total", year=year)
        assert caught.value.code == "explain_year"


def test_each_level_asks_for_its_own_place() -> None:
    rows = [school("A"), school("B", "nine_year")]
    result = sim.simulate(district_of(rows), scenario_of(policy=[]))
    assert result.explain("school_operating", school="B").place == ("B", None)
    assert result.explain("class_size", stage="junior").place == (None, "junior")
    assert result.explain("pupils", school="B", stage="junior").place == ("B", "junior")
    # what a level does not need is not asked about
    assert result.explain("need", school="B", stage="junior").place == (None, None)
    with pytest.raises(JunhengError) as caught:
        result.explain("pupils", school="A", stage="junior")
    assert caught.value.code == "explain_place"
