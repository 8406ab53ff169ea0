"""Lines in the trace, the rule book and the live workbook: by their own names, with live cells."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

import simulator as sim
from simulator.compare import combine
from simulator.district.model import District
from simulator.errors import JunhengError
from simulator.present.rule_book import rule_book
from simulator.present.sentences.explained import lines_of
from simulator.present.tables.catalogue import table
from simulator.present.tables.comparison import parameters_table, sides
from simulator.results.result import Result
from tests.building import district_of, scenario_of, school
from tests.export import workbook_sheets as sheets

RAMP = {"measure": "boarders / headcount", "points": [[0.1, 1], [0.5, 1.3], [0.8, 1.4]]}
AREAS = {"urban": 1, "town": 1.05, "rural": 1.2}
LINES: list[dict[str, Any]] = [
    {"id": "base", "zh": "基本定额", "en": "Base", "counted": "headcount",
     "amount": {"primary": {2024: 700, 2027: 820}, "junior": 900}, "path": "straight",
     "ramp": RAMP, "areas": AREAS, "cites": "县府办〔2026〕3号",
     "bands": [{"below": 100, "as": 100}, {"below": 200, "as": 200}]},
    {"id": "boarding", "zh": "寄宿加拨", "en": "Boarding", "counted": "boarders",
     "amount": {"share": 0.3, "of": "base"}, "factor": "1 + 0.5 * weak",
     "sharing": {"central": 0.5, "city": 0.25},
     "protection": {"least": 1, "most": 1.05}},
    {"id": "floor", "zh": "房屋维护", "en": "Building upkeep", "counted": "floor_area", "amount": 7,
     "bounds": {"least_per_pupil": 20, "most_per_school": 30_000}, "paid_in": 1},
    {"id": "lump", "zh": "村小定额", "en": "Lump sum", "lump_sum": 20_000, "since": 2026,
     "when": "small > 0.5"},
]  # fmt: skip
SMALL = {"id": "small", "zh": "村小", "en": "Small rural school",
         "formula": "(headcount <= 120) * (rural_school = 1)"}  # fmt: skip
FORMULA: dict[str, Any] = {
    "id": "own", "zh": "本县公式", "en": "Our formula", "per_pupil": "headcount",
    "measures": [SMALL], "lines": LINES,
}  # fmt: skip
POT = {"id": "paid", "zh": "实拨", "en": "Paid", "rule": "level_up", "shared": "total",
       "amount": {2025: 900_000, 2027: 1_200_000.5}, "paid_in": 0.01}  # fmt: skip


@pytest.fixture(scope="module")
def district() -> District:
    """Four schools of different size, area and boarding."""
    return district_of(
        [
            school("A", primary_boarders=30, floor_area=3000),
            school("B", "nine_year", area="rural", primary_boarders=120, floor_area=6000, weak=1),
            school("C", area="rural", primary_pupils=60, primary_pupils_prior=80, floor_area=1200),
            school("D", "junior", area="urban", junior_boarders=0, floor_area=2500),
        ]
    )


def _run(district: District, **changes: Any) -> Result:
    asked = {"pupils": {"method": "growth", "primary": -0.03, "junior": 0.02, "special": 0.0}}
    said = {"assumptions": asked, "lines": {**FORMULA, **changes}}
    return sim.simulate(district, scenario_of(policy=["national"], **said))


@pytest.fixture(scope="module")
def result(district: District) -> Result:
    """The four schools paid by the lines."""
    return _run(district)


def _differences(result: Result, found: dict[Any, float]) -> list[Any]:
    """The places where a workbook does not hold what the engine computed."""
    return [
        (place, found.get(place), value)
        for place, value in sheets.computed(result).items()
        if place not in found or not sheets.same(found[place], value, result.graph.unit(place[0]))
    ]


def test_every_line_is_computable(result: Result) -> None:
    for line in LINES:
        assert all(math.isfinite(each) for each in result.at(f"line_{line['id']}", 2028))


@pytest.mark.parametrize("pots", [[], [POT]])
def test_the_live_workbook_recalculates_to_the_engine(
    district: District, tmp_path: Path, pots: list[dict[str, Any]]
) -> None:
    found = _run(district, pots=pots)
    path = tmp_path / "book.xlsx"
    found.to_workbook(path, language="en")
    again = sheets.figures(sheets.recalculated(path, tmp_path / "again"))
    assert len({name for name, *_ in again if name.startswith("line_")}) >= 15
    assert _differences(found, again) == []


def test_an_amount_changed_in_the_workbook_is_a_fresh_run(
    district: District, tmp_path: Path, result: Result
) -> None:
    path, changed = tmp_path / "book.xlsx", tmp_path / "changed.xlsx"
    result.to_workbook(path, language="en")
    sheets.with_levers(path, changed, {("line_floor_amount", 2027, "primary"): 9})
    found = sheets.figures(sheets.recalculated(changed, tmp_path / "again"))
    lines = [LINES[0], LINES[1], {**LINES[2], "amount": {
        "primary": {2000: 7, 2027: 9, 2028: 7}, "junior": 7, "special": 7}}, LINES[3]]  # fmt: skip
    fresh = _run(district, lines=lines)
    assert _differences(fresh, found) == []
    assert len(_differences(fresh, sheets.figures(path))) > 5


def test_the_trace_speaks_the_districts_own_words(result: Result) -> None:
    trace = result.explain("line_boarding", "B", "primary", 2027)
    chinese = [(line.label, line.formula) for line in lines_of(trace, "zh", depth=4)]
    assert chinese[0][0] == "寄宿加拨"
    assert any(label == "寄宿加拨：标准" and "基本定额：标准" in words for label, words in chinese)
    english = [line.label for line in lines_of(trace, "en", depth=4)]
    assert {"Boarding", "Boarding: rate", "Base: rate"} <= set(english)


def test_the_rule_book_has_the_lines_with_their_citation(result: Result) -> None:
    book = rule_book(result.graph, "zh")
    entries = {entry.id: entry for subject in book.subjects for entry in subject.entries}
    assert entries["line_base"].label == "基本定额"
    assert entries["line_base"].citations == ("县府办〔2026〕3号",)
    assert entries["line_small"].words == "120 ≥ 拨款学生数 且 农村学校 = 1"
    assert entries["formula_funds"].uses == ("line_total",)


def test_tables_of_schools_name_the_lines(result: Result) -> None:
    assert result.graph.label("line_boarding", "en") == "Boarding"
    assert result.graph.label("line_total", "zh") == "本县公式：合计"
    assert "line_boarding" in result.schools.columns


def test_a_formula_and_a_lever_are_combined(district: District) -> None:
    base = sim.simulate(district, scenario_of(policy=["national"]))
    own = sim.simulate(district, base.binding.scenario.with_changes({"lines": FORMULA}))
    trained = sim.simulate(
        district, base.binding.scenario.with_changes({"levers.training_share": 0.1})
    )
    both = combine(base, own, trained).both.binding.scenario
    assert both.lines == FORMULA
    assert both.get("levers.training_share") == 0.1
    other = sim.simulate(
        district, base.binding.scenario.with_changes({"lines": {**FORMULA, "zh": "另一公式"}})
    )
    with pytest.raises(JunhengError, match="lines"):
        combine(base, own, other)


def test_two_scenarios_are_compared_line_by_line(district: District) -> None:
    more = [{**LINES[0], "amount": 950, "path": "steps"}, *LINES[1:3]]
    results = [_run(district), _run(district, lines=more)]
    found = sim.compare(results).parameters
    differing = [path for path in found.index[found["differs"]] if path.startswith("lines.")]
    assert differing == ["lines.base", "lines.lump"]
    rows = {row["path"]: row for row in table(results[1], "levers", "zh").records()}
    assert rows["lines.boarding"]["lever"] == "寄宿加拨"
    assert rows["lines.boarding"]["value"].startswith("boarders × {of: base, share: 0.3}; factor: ")
    shown = parameters_table(sides(sim.compare(results, language="zh"))).records()
    base = next(row for row in shown if row["parameter"] == "基本定额")
    assert base["s0"].startswith("headcount × {junior: 900, primary: {2024: 700")
    assert base["s1"].startswith("headcount × 950")
