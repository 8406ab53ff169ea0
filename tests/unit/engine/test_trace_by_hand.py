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


def town() -> Result:
    """A and a nine-year B, 22 posts each, and a special school of 30 pupils."""
    special = {name: value for name, value in school("S", "special", special_pupils=30).items()
               if not name.startswith("primary_") and "_primary" not in name}  # fmt: skip
    rows = [school("A"), school("B", "nine_year"), special]
    return sim.simulate(district_of(rows), scenario_of(policy=["national"]))


def test_a_total_gathers_the_right_ones() -> None:
    result = town()
    # what does not change over the years is seen in every year; three schools of 22 posts
    posts = result.explain("authorised_total", year=2027)
    assert [(line.place[0], line.value) for line in posts.inputs] == [(each, 22) for each in "ABS"]
    # a school has its own parts, a stage its own, the district all
    own = result.explain("school_operating", school="B", year=2026)
    assert [line.place for line in own.inputs if line.name == "operating_funds"] == [
        ("B", "junior"), ("B", "primary"),
    ]  # fmt: skip
    stage = result.explain("stage_pupils", stage="primary", year=2026)
    assert {line.place for line in stage.inputs} == {("A", "primary"), ("B", "primary")}
    whole = result.explain("aid_total", year=2026)
    assert {line.place[1] for line in whole.inputs} == {"primary", "junior", "special"}


def test_nothing_comes_before_the_first_year() -> None:
    result = town()
    name, place = "pupils_last_year", {"school": "A", "stage": "primary"}
    assert result.explain(name, year=2024, **place).inputs == ()
    (before,) = result.explain(name, year=2025, **place).inputs
    assert (before.year, before.value, before.word) == (2024, 210, "previous")


def test_what_stands_behind_a_leaf() -> None:
    result = town()
    law = result.explain("operating_benchmark", stage="junior", year=2026)
    assert law.law is not None and law.law.amount == 940
    assert (law.kind, law.lever, law.origin) == ("parameter", None, None)
    cell = result.explain("staff", school="A")
    assert (cell.kind, cell.law, cell.lever, cell.year) == ("column", None, None, None)
    lever = result.explain("heating_rate", year=2026)
    assert (lever.kind, lever.lever, lever.law) == ("lever", "levers.heating_rate", None)
    figure = result.explain("pupils", school="A", stage="primary", year=2026)
    assert (figure.kind, figure.law, figure.lever) == ("formula", None, None)
    # documents that a formula cites; a leaf cites none, a line of one's own says so
    assert cell.cites == lever.cites == ()
    assert result.explain("growth_total_required", year=2026).cites
    assert figure.cites
    # a stage that has no such column: nothing by definition
    special = result.explain("counted_teachers", school="S", stage="special")
    assert (special.kind, special.value) == ("structure", 0)
    junior = result.explain("counted_teachers", school="B", stage="junior")
    assert (junior.kind, junior.value) == ("column", 15)


def test_a_walk_passes_each_figure_once() -> None:
    walked = list(town().explain("need", year=2027).walk())
    keys = [(line.name, line.entity, line.year, line.rest) for line in walked]
    assert len(keys) == len(set(keys)) > 100
    names = {line.name for line in walked}
    assert {"need", "payroll", "counted_payroll", "pay_growth", "operating_benchmark"} <= names
    assert {line.year for line in walked if line.name == "payroll"} >= {2025, 2026, 2027}


def test_a_place_that_is_not_there_is_said() -> None:
    result = paying(100, 200)
    for place, shown in (({"school": "Q", "stage": "primary"}, "Q / primary"), ({}, "—")):
        with pytest.raises(JunhengError, match=shown):
            result.explain("pupils", **place)


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
