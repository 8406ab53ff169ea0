"""Points, size bands, bounds and protection: leaves of the trace, cells that can be changed."""

from __future__ import annotations

import copy
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simulator as sim
from simulator.district.model import District
from simulator.errors import FindingsError, JunhengError
from simulator.machine.run import run_graph
from simulator.results.goal import Goal, meet_by_line
from simulator.results.result import Result
from tests.building import district_of, scenario_of, school
from tests.export import workbook_sheets as sheets
from tests.lines.making import a_set, of_year, run

#: Points and bands enough for two formulas each.
POINTS = [[0, 1], [0.05, 1.02], [0.1, 1.05], [0.14, 1.1], [0.2, 1.15], [0.3, 1.2], [0.4, 1.3],
          [0.5, 1.4], [0.55, 1.45], [0.7, 1.5], [0.9, 1.4]]  # fmt: skip
BANDS = [{"below": size, "as": size} for size in range(20, 201, 20)]
BOUNDS = {"least_per_pupil": 120, "most_per_pupil": 175,
          "least_per_school": 10_000, "most_per_school": 40_000}  # fmt: skip
LINES: list[dict[str, Any]] = [
    {"id": "base", "zh": "基本定额", "en": "Base", "counted": "headcount + 0 * boarders",
     "amount": 700, "factor": "thrift", "bands": BANDS,
     "ramp": {"measure": "boarders / headcount", "points": POINTS}},
    {"id": "upkeep", "zh": "房屋维护", "en": "Upkeep", "counted": "floor_area", "amount": 7,
     "bounds": BOUNDS},
    {"id": "meals", "zh": "伙食", "en": "Meals", "counted": "boarders",
     "amount": {2024: 100, 2026: 150, 2028: 90}, "protection": {"least": 1, "most": 1.05}},
]  # fmt: skip
THRIFT = {"id": "thrift", "zh": "规模效益", "en": "Thrift", "formula": "headcount / 100",
          "points": [[1, 1], [2, 0.9], [3, 0.8]]}  # fmt: skip
FORMULA: dict[str, Any] = {
    "id": "own", "zh": "本县公式", "en": "Our formula", "per_pupil": "headcount",
    "measures": [THRIFT], "lines": LINES,
}  # fmt: skip
#: Numbers of every kind: what each is called, where it stands in the scenario, another value.
CHANGED: dict[str, tuple[tuple[Any, ...], float]] = {
    "line_base_ramp_4_at": (("lines", 0, "ramp", "points", 3, 0), 0.16),
    "line_base_ramp_5_weight": (("lines", 0, "ramp", "points", 4, 1), 1.19),
    "line_base_ramp_9_at": (("lines", 0, "ramp", "points", 8, 0), 0.525),
    "line_base_ramp_10_weight": (("lines", 0, "ramp", "points", 9, 1), 1.75),
    "line_base_band_3_as": (("lines", 0, "bands", 2, "as"), 66),
    "line_base_band_4_below": (("lines", 0, "bands", 3, "below"), 60.5),
    "line_base_band_9_below": (("lines", 0, "bands", 8, "below"), 190),
    "line_base_band_10_as": (("lines", 0, "bands", 9, "as"), 205),
    "line_thrift_ramp_2_at": (("measures", 0, "points", 1, 0), 1.75),
    "line_thrift_ramp_3_value": (("measures", 0, "points", 2, 1), 0.7),
    "line_upkeep_least_per_pupil": (("lines", 1, "bounds", "least_per_pupil"), 122.5),
    "line_upkeep_most_per_pupil": (("lines", 1, "bounds", "most_per_pupil"), 180),
    "line_upkeep_least_per_school": (("lines", 1, "bounds", "least_per_school"), 10_500),
    "line_upkeep_most_per_school": (("lines", 1, "bounds", "most_per_school"), 39_000),
    "line_meals_protect_least": (("lines", 2, "protection", "least"), 0.97),
    "line_meals_protect_most": (("lines", 2, "protection", "most"), 1.08),
}


@pytest.fixture(scope="module")
def district() -> District:
    """Schools of different size, boarding and floor area: every number of the lines counts."""
    return district_of(
        [
            school("A", primary_boarders=30, floor_area=3000),
            school("B", "nine_year", primary_boarders=120, floor_area=6000),
            school("C", primary_pupils=60, primary_pupils_prior=61, floor_area=1200),
            school("D", primary_pupils=62, primary_pupils_prior=62, floor_area=6000),
        ]
    )


def _run(district: District, formula: dict[str, Any]) -> Result:
    asked = {"pupils": {"method": "growth", "primary": -0.03, "junior": 0.02, "special": 0.0}}
    return sim.simulate(
        district, scenario_of(policy=["national"], assumptions=asked, lines=formula)
    )


def _changed(*names: str) -> dict[str, Any]:
    """The formula with some of its numbers changed."""
    found = copy.deepcopy(FORMULA)
    for name in names:
        (*keys, last), value = CHANGED[name]
        within: Any = found
        for key in keys:
            within = within[key]
        within[last] = value
    return found


@pytest.fixture(scope="module")
def result(district: District) -> Result:
    """The schools paid by the lines."""
    return _run(district, FORMULA)


def test_every_number_of_a_line_is_an_input_of_its_own(result: Result) -> None:
    leaves = [
        leaf for leaf in result.graph.inputs.values()
        if leaf.kind == "line" and leaf.level == "district"
    ]  # fmt: skip
    assert len(leaves) == 2 * (len(POINTS) + len(BANDS) + 3) + 4 + 2
    assert CHANGED.keys() <= {leaf.name for leaf in leaves}
    assert all(result.values[leaf.name].shape == (1, 1) for leaf in leaves)
    units = {name: result.graph.unit(name) for name in CHANGED}
    assert units["line_base_ramp_4_at"] == units["line_base_ramp_5_weight"] == "ratio"
    assert units["line_base_band_3_as"] == units["line_thrift_ramp_2_at"] == "pupil"
    assert units["line_upkeep_least_per_pupil"] == "yuan_per_pupil"
    assert units["line_upkeep_most_per_school"] == "yuan"
    assert units["line_meals_protect_most"] == "share"


@pytest.mark.parametrize("name", CHANGED)
def test_a_number_changed_in_its_leaf_is_a_fresh_run(
    name: str, district: District, result: Result
) -> None:
    fresh = _run(district, _changed(name))
    arrays = {**result.binding.arrays, name: np.array([[CHANGED[name][1]]])}
    again = run_graph(result.graph, result.index, arrays, ["line_total"])["line_total"]
    np.testing.assert_array_equal(again, fresh.values["line_total"])
    assert again.tolist() != result.values["line_total"].tolist()


def test_points_out_of_order_give_no_weight(result: Result) -> None:
    """A scenario is refused for it; a cell of a workbook can be set to anything."""
    crossed = {**result.binding.arrays, "line_base_ramp_4_at": np.array([[0.3]])}
    again = run_graph(result.graph, result.index, crossed, ["line_base"])["line_base"]
    assert np.isnan(again[2:]).all()


def test_numbers_changed_in_the_workbook_are_a_fresh_run(
    district: District, result: Result, tmp_path: Path
) -> None:
    path, changed = tmp_path / "book.xlsx", tmp_path / "changed.xlsx"
    result.to_workbook(path, language="en")
    cells = {(name, None, None): value for name, (_, value) in CHANGED.items()}
    sheets.with_levers(path, changed, cells)
    found = sheets.figures(sheets.recalculated(changed, tmp_path / "again"))
    fresh = _run(district, _changed(*CHANGED))
    wrong = [
        (place, found.get(place), value)
        for place, value in sheets.computed(fresh).items()
        if place not in found or not sheets.same(found[place], value, fresh.graph.unit(place[0]))
    ]
    assert wrong == []
    as_it_was = sheets.figures(path)
    for line in ("base", "upkeep", "meals"):
        name = f"line_{line}"
        assert any(found[place] != as_it_was[place] for place in found if place[0] == name)


def test_a_trace_lists_the_numbers_with_their_place_in_the_scenario(result: Result) -> None:
    seen = {}
    for line in ("base", "upkeep", "meals"):
        for each in result.explain(f"line_{line}", "A", "primary", 2028).walk():
            seen[each.name] = each
    assert CHANGED.keys() <= seen.keys()
    assert {seen[name].kind for name in CHANGED} == {"line"}
    levers = [seen[name].lever for name in CHANGED]
    assert levers[1::4] == [
        "lines.base.ramp.points.5.weight", "lines.base.bands.4.below",
        "lines.thrift.points.3.value", "lines.upkeep.bounds.most_per_school",
    ]  # fmt: skip
    weight = seen["line_base_ramp_5_weight"]
    assert weight.value == 1.15
    assert result.graph.label(weight.name, "zh") == "基本定额：折线第5点的权重"
    assert result.graph.label(weight.name, "en") == "Base: ramp point 5, weight"
    # 30 boarders of 200: a sixth of the way from 0.14 to 0.2 adds a sixth of 0.05
    at_base = result.explain("line_base_ramp_weight", "A", "primary", 2025)
    assert at_base.value == pytest.approx(1.1 + 0.05 / 6)
    assert at_base.evaluate() == at_base.value


def test_only_amounts_are_sought(result: Result) -> None:
    """Goal seek offers the inputs that end in _amount: no point, band or bound does."""
    found = {name for name in result.graph.inputs if name.startswith("line_")}
    assert {name for name in found if name.endswith("_amount")} == {
        "line_base_amount", "line_upkeep_amount", "line_meals_amount",
    }  # fmt: skip
    with pytest.raises(JunhengError, match="base_ramp_1"):
        meet_by_line(result, "base_ramp_1", Goal("operating_total", 2026, 1e6))


def test_long_ramps_and_many_bands_are_still_straight() -> None:
    """Broken up into formulas of eight, they are what they are in one."""
    rising = [[number / 10, number**2] for number in range(41)]
    bands = [{"below": size, "as": size + 0.5} for size in range(1, 42)]
    share = [-0.05, 0.0, 0.05, 0.8, 0.85, 0.9, 1.65, 3.99, 4.0, 7.0]
    line = {"id": "far", "counted": "pupils", "amount": 1, "bands": bands,
            "ramp": {"measure": "poor", "points": rising}}  # fmt: skip
    heads = [0.0, 0.5, 1.0, 7.9, 8.0, 8.1, 33.0, 40.9, 41.0, 99.0]
    found = run(a_set(line), {"pupils": heads, "poor": share})
    x, y = zip(*rising, strict=True)
    assert of_year(found, "line_far_ramp_weight", 2026) == pytest.approx(np.interp(share, x, y))
    lifted = [0, 1.5, 2.5, 8.5, 9.5, 9.5, 34.5, 41.5, 41, 99]
    assert of_year(found, "line_far_count", 2026) == lifted
    assert "line_far_ramp_to_33" in found
    assert "line_far_band_from_41" in found


def test_formulas_of_long_ramps_fit_into_cells(district: District, tmp_path: Path) -> None:
    points = [[number / 10, 1 + number / 7] for number in range(60)]
    bands = [{"below": size, "as": size} for size in range(1, 61)]
    base = {**LINES[0], "counted": "boarders", "ramp": {"measure": "boarders / 9 * 9",
            "points": points}, "bands": bands}  # fmt: skip
    measure = {**THRIFT, "formula": "boarders", "points": copy.deepcopy(points)}
    found = _run(district, {**FORMULA, "measures": [measure], "lines": [base]})
    found.to_workbook(tmp_path / "book.xlsx", language="en")
    with zipfile.ZipFile(tmp_path / "book.xlsx") as book:
        parts = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        texts = [text for name in parts
                 for text in re.findall("<f>(.*?)</f>", book.read(name).decode())]  # fmt: skip
    assert 2000 < max(map(len, texts)) < 8192  # the longest that Excel takes


def test_names_that_the_graph_makes_of_a_ramp_or_band_are_taken() -> None:
    base = {**LINES[0], "counted": "pupils", "factor": "1",
            "ramp": {"measure": "poor", "points": POINTS}}  # fmt: skip
    for name in ("base_ramp_11_weight", "base_ramp_to_9", "base_band_1_as", "base_band_from_9"):
        other = {"id": name, "lump_sum": 1}
        with pytest.raises(FindingsError) as caught:
            a_set(base, other)
        assert [each.code for each in caught.value.findings] == ["lines_twice"]
    assert a_set(base, {"id": "base_ramp_12_at", "lump_sum": 1})
