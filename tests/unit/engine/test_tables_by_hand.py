"""The tables of a result: each figure at its own year, school and stage."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import simulator as sim
from simulator.results.simulate import model_graph
from tests.building import district_of, given, scenario_of, school

YEARS = [2025, 2026, 2027, 2028]


@pytest.fixture(scope="module")
def town() -> sim.Result:
    """Parts A primary, B primary, B junior."""
    return sim.simulate(
        district_of([school("A"), school("B", "nine_year")]), scenario_of(policy=["national"])
    )


#: Hundreds are years from 2024, ones the entities.
PARTS = [[year * 100 + part for part in range(3)] for year in range(5)]


def test_parts_by_year_school_and_stage(town: sim.Result) -> None:
    frame = given(town, pupils=PARTS).schools
    assert frame.index.names == ["year", "school_id", "stage"]
    assert frame["pupils"].to_dict() == {
        (year, *part): (year - 2024) * 100 + place
        for year in YEARS
        for place, part in enumerate([("A", "primary"), ("B", "primary"), ("B", "junior")])
    }
    assert "need" not in frame and "school_operating" not in frame


def test_schools_and_stages(town: sim.Result) -> None:
    by_school = [[year * 100 + place for place in range(2)] for year in range(5)]
    made = given(town, school_operating=by_school, stage_pupils=PARTS)
    assert made.school_totals["school_operating"].to_dict() == {
        (year, name): (year - 2024) * 100 + place
        for year in YEARS for place, name in enumerate("AB")
    }  # fmt: skip
    assert made.stages["stage_pupils"].to_dict() == {
        (year, name): (year - 2024) * 100 + place
        for year in YEARS for place, name in enumerate(["primary", "junior", "special"])
    }  # fmt: skip
    frame = made.district
    assert frame.index.tolist() == YEARS
    assert frame["stage_pupils_junior"].tolist() == [101, 201, 301, 401]
    assert frame["stage_pupils_special"].tolist() == [102, 202, 302, 402]


def test_what_does_not_change_stands_in_every_year(town: sim.Result) -> None:
    made = given(town, authorised_total=[[44.0]], need=[[1], [2], [3], [4], [5]])
    assert made.district["authorised_total"].tolist() == [44] * 4
    assert made.district["need"].tolist() == [2, 3, 4, 5]
    assert [made.at("authorised_total", year).tolist() for year in (2024, 2028)] == [[44], [44]]
    assert [made.at("need", year).tolist() for year in (2024, 2028)] == [[1], [5]]
    two = given(town, need=[[1], [2]])
    assert two.at("need", 2025).tolist() == [2]


def test_a_result_is_known_by_its_data_packs_and_scenario(town: sim.Result) -> None:
    def identity(rows: Any = None, columns: Any = None, **said: Any) -> str:
        made = rows or [school("A"), school("B", "nine_year")]
        return sim.simulate(
            district_of(made), scenario_of(**{"policy": ["national"], **said}), wanted=[]
        ).identity

    same = identity()
    assert same == town.identity and len(same) == 64
    assert identity(policy=[]) != same
    assert identity(levers={"heating_rate": 1}) != same
    assert identity([school("A", staff=21), school("B", "nine_year")]) != same


def test_only_what_is_wanted_is_computed_from_the_one_graph(town: sim.Result) -> None:
    few = sim.simulate(town.binding.district, town.binding.scenario, wanted=["payroll_total"])
    assert "payroll_total" in few.values and "need" not in few.values
    assert few.graph is model_graph()
    np.testing.assert_array_equal(few.at("payroll_total", 2026), town.at("payroll_total", 2026))
