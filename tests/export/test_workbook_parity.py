"""The live workbook, recalculated by LibreOffice with no cached value left, is the engine."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import simulator as sim
from simulator.district.model import District
from simulator.results.result import Result
from tests import building
from tests.export import workbook_sheets as sheets

#: The levers of one run; the values after the arrow are those that ten cells are changed to.
BEFORE: dict[str, Any] = {
    "policy": ["national", "district_plan"],
    "horizon": 3,
    "assumptions": {
        "recurrent_revenue_growth": [0.04, 0.04, 0.04],
        "pupils": {"method": "growth", "primary": -0.035, "junior": 0.015, "special": 0.0},
        "pay_growth": [0.03, 0.03, 0.03],
        "price_growth": [0.02, 0.02, 0.02],
        "upper_transfers_growth": 0.0,
    },
    "levers": {
        "appropriation": {"rule": "revenue_plus", "margin": [0.0, 0.0, 0.0]},
        "operating_rate": {"primary": 1000, "junior": 1300},
        "hold_harmless": True,
        "weak_school_tilt": 0.05,
        "aid_rate": {"primary_boarder": 1000, "junior_boarder": 1250},
    },
}
AFTER: dict[str, Any] = {
    **BEFORE,
    "assumptions": {
        "recurrent_revenue_growth": [0.04, 0.061, 0.04],
        "pupils": {"method": "growth", "primary": [-0.035, -0.035, -0.08], "junior": 0.015,
                   "special": 0.0},
        "pay_growth": [0.03, 0.03, 0.055],
        "price_growth": [0.045, 0.02, 0.02],
        "upper_transfers_growth": 0.0,
    },
    "levers": {
        "appropriation": {"rule": "revenue_plus", "margin": [0.0, 0.0, 0.012]},
        "operating_rate": {"primary": 1125.5, "junior": 1300},
        "hold_harmless": False,
        "weak_school_tilt": [0.05, 0.2, 0.05],
        "aid_rate": {"primary_boarder": 1000, "junior_boarder": 1375},
        "repair": {"primary": 180},
    },
}  # fmt: skip
#: The ten cells in which the two runs differ; the last was empty: "as the rules have it".
CHANGED = {
    ("revenue_growth", 2027, None): 0.061,
    ("pupil_growth", 2028, "primary"): -0.08,
    ("pay_growth", 2028, None): 0.055,
    ("price_growth", 2026, None): 0.045,
    ("appropriation_margin", 2028, None): 0.012,
    ("asked_rate", None, "primary"): 1125.5,
    ("hold_harmless", None, None): 0,
    ("weak_school_tilt", 2027, None): 0.2,
    ("asked_boarder_aid", None, "junior"): 1375,
    ("asked_repair_rate", None, "primary"): 180,
}


@pytest.fixture(scope="module")
def sample() -> District:
    return sim.sample_district()


def _written(result: Result, folder: Path) -> Path:
    path = folder / "book.xlsx"
    result.to_workbook(path, language="en")
    return path


def _parity(result: Result, folder: Path) -> None:
    """Cached values, recalculated values and the engine's are the same in every cell."""
    path = _written(result, folder)
    cached = sheets.figures(path)
    found = sheets.figures(sheets.recalculated(path, folder / "again"))
    assert found.keys() == cached.keys() >= sheets.computed(result).keys()
    # also what looks back at the year before the base year, and what is given
    everything = sheets.engine(result)
    shown = [place for place, value in cached.items() if not math.isnan(value)]
    expected = sheets.computed(result) | {place: everything[place] for place in shown}
    assert sheets.differences(cached, expected, result.graph) == []
    assert sheets.differences(found, expected, result.graph) == []


def test_every_cell_of_the_sample_recalculates_to_the_engine(
    sample: District, tmp_path: Path, root: Path
) -> None:
    result = sim.simulate(sample, sim.load_scenario(root / "scenarios" / "equipment_first.yaml"))
    _parity(result, tmp_path)


def test_schools_that_close_and_open_recalculate_to_the_engine(
    sample: District, tmp_path: Path, root: Path
) -> None:
    steady = sim.load_scenario(root / "scenarios" / "equipment_first.yaml")
    merged = {"year": 2027, "school": "9900002", "into": "9900001", "share": 1, "takes": "staff"}
    opened = {"year": 2026, "school": "9900003", "into": "N1", "share": 0.4, "takes": "staff"}
    new = {"school": "N1", "name": "新城学校", "type": "nine_year", "area": "urban"}
    changed = steady.with_changes({
        "assumptions.schools.moves": [merged, opened], "assumptions.schools.new": [new],
        "assumptions.schools.opens_with": [
            {"school": "N1", "item": "teaching_area", "amount": 4000}],
    })  # fmt: skip
    _parity(sim.simulate(sample, changed), tmp_path)


def test_ten_levers_changed_in_the_file_are_a_fresh_run(sample: District, tmp_path: Path) -> None:
    path = _written(sim.simulate(sample, building.scenario_of(**BEFORE)), tmp_path)
    changed = tmp_path / "changed.xlsx"
    sheets.with_levers(path, changed, CHANGED)
    found = sheets.figures(sheets.recalculated(changed, tmp_path / "again"))
    fresh = sheets.computed(sim.simulate(sample, building.scenario_of(**AFTER)))
    assert sheets.differences(found, fresh) == []
    # the change is no small one: otherwise agreement would say little
    moved = sheets.differences(sheets.figures(path), fresh)
    assert len(moved) > 5_000


KINDS = ("primary", "teaching_point", "junior", "nine_year", "special")
GAPS = ("staff", "payroll", "sports_area", "primary_pupils_prior", "primary_boarders", "books",
        "primary_pe_art", "floor_area", "operating_funds")  # fmt: skip


@st.composite
def districts(draw: st.DrawFn) -> District:
    """A few schools of any kind, some cells of which are empty."""
    rows = []
    for number in range(draw(st.integers(1, 7))):
        kind = draw(st.sampled_from(KINDS))
        row = building.school(f"S{number}", kind, area=draw(st.sampled_from(["town", "rural"])))
        if kind == "special":
            row = {name: row[name] for name in row if not name.startswith("primary")}
            row |= {"special_pupils": draw(st.integers(0, 90)), "special_pupils_prior": 40}
        for name in [each for each in row if each.endswith("_pupils")]:
            row[name] = draw(st.integers(0, 900))
        for gap in draw(st.lists(st.sampled_from(GAPS), max_size=2)):
            row.pop(gap, None)
        rows.append(row)
    return building.district_of(rows, sharing_tier=draw(st.integers(1, 5)))


@st.composite
def levers(draw: st.DrawFn) -> dict[str, Any]:
    """What a scenario may ask for, more or less."""
    share, rate = st.floats(-0.2, 0.2), st.floats(300, 2500)
    asked: dict[str, Any] = {
        "appropriation": {"margin": draw(share)},
        "operating_rate": {"primary": draw(rate), "junior": draw(rate)},
        "operating_path": draw(st.sampled_from(["linear", "front", "geometric"])),
        "hold_harmless": draw(st.booleans()),
        "headcount_lag": draw(st.sampled_from([0, 1, 2])),
        "training_pots": draw(st.sampled_from(["additive", "alternative"])),
        "carry_over": draw(st.booleans()),
    }
    if draw(st.booleans()):
        listed = {"school": "S0", "stage": "primary", "year": 2026, "amount": draw(rate)}
        asked["operating_extra"] = [listed]
    if draw(st.booleans()):
        asked["investment"] = {"books": {"amount": 90_000, "rule": "per_pupil"}}
    if draw(st.booleans()):
        asked["operating_pot"] = {
            "rule": draw(st.sampled_from(["prorate", "level_up"])), "amount": 5_000_000,
        }  # fmt: skip
    if draw(st.booleans()):
        asked["repair"] = {"method": "area", "unit_price": draw(rate), "life": 30}
        asked["small_school_floor"] = {
            "primary": [{"below": 50, "as": 60}, {"below": 90, "as": 95}]
        }
    return asked


@settings(max_examples=3, suppress_health_check=list(HealthCheck))
@given(districts(), levers(), st.integers(1, 4), st.floats(-0.1, 0.1))
def test_random_districts_recalculate_to_the_engine(
    district: District, asked: dict[str, Any], horizon: int, growth: float
) -> None:
    scenario = building.scenario_of(
        policy=["national", "district_plan"],
        horizon=horizon,
        assumptions={"recurrent_revenue_growth": growth, "price_growth": 0.02},
        levers=asked,
    )
    with tempfile.TemporaryDirectory() as folder:
        _parity(sim.simulate(district, scenario), Path(folder))


def test_values_of_operators_do_not_outlive_what_they_were_computed_from(
    sample: District, tmp_path: Path, root: Path
) -> None:
    # 200 万元 of equipment a year by rule: who gets what depends on the pupils of the year
    result = sim.simulate(sample, sim.load_scenario(root / "scenarios" / "steady.yaml"))
    path = _written(result, tmp_path)
    changed = tmp_path / "changed.xlsx"
    emptied = {("revenue_growth", 2028, None): None}
    sheets.with_levers(path, changed, {("pupil_growth", 2027, "primary"): -0.2, **emptied})
    found = sheets.figures(sheets.recalculated(changed, tmp_path / "again"))
    equipment = [p for p in found if p[0] == "bought_equipment_value"]
    gone = {place[1] for place in equipment if math.isnan(found[place])}
    assert gone == {2027, 2028}
    # the need of a stage is unknown in those years, not stale: it hangs on who gets what; the
    # district's is known, for the amount is given; money without a rule to it goes on
    needs = [found["stage_need", year, None, "primary"] for year in (2026, 2027, 2028)]
    assert [math.isnan(need) for need in needs] == [False, True, True]
    assert not math.isnan(found["need", 2028, None, None])
    assert not math.isnan(found["operating_total", 2028, None, None])
    # a given cell that was emptied is unknown, not nought
    revenue = [found["recurrent_revenue", year, None, None] for year in (2027, 2028)]
    assert [math.isnan(each) for each in revenue] == [False, True]


def test_dropping_the_cache_leaves_no_value_behind(sample: District, tmp_path: Path) -> None:
    result = sim.simulate(sample, building.scenario_of(**BEFORE))
    path = _written(result, tmp_path)
    formulas = sheets.without_cache(path, tmp_path / "bare.xlsx")
    # every computed figure is a formula, but for the operators'
    operators = {each.name for each in result.graph.formulas.values() if each.operator}
    expected = sheets.computed(result)
    assert formulas >= sum(place[0] not in operators for place in expected)
    bare = sheets.figures(tmp_path / "bare.xlsx")
    left = [p for p in expected if p[0] not in operators and not math.isnan(bare[p])]
    assert left == []
