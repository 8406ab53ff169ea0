"""Items of the evaluation from figures that are set: which is shown, what keeps it from passing."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

import simulator as sim
from simulator.results.checklist import remarks_of, state_in, with_checklist
from simulator.results.evaluation import Judged, _shown, worst
from simulator.results.evaluation_items import is_document, items, items_in_force
from simulator.results.school_counts import SchoolCount, schools_counted
from simulator.results.tracked_targets import _status
from tests.building import district_of, given, scenario_of, school

UNKNOWN = math.nan
YEARS = [2025, 2026, 2027, 2028]
#: id, name, value of the base year, planned values.
TRACKED = {
    "P5": [0.038, 0.034, 0.034, 0.036], "P2": [0.9, 0.95, 0.99, 1.0], "G9": [0.5, 1, 1, 1],
    "P15_small_class_share": [0.5, 0.6, 0.6, 0.5],
}  # fmt: skip


@pytest.fixture(scope="module")
def town() -> sim.Result:
    """Two primary schools and a nine-year one, with some tracked values and one document."""
    district = district_of([school("A"), school("B"), school("C", "nine_year")])
    rows: dict[str, dict[Any, Any]] = {
        name: {"name": name, **dict(zip(("base_value", *YEARS[1:]), values, strict=True))}
        for name, values in TRACKED.items()
    }
    rows["G1"] = {"name": "G1", "base_value": 1.0, 2027: 0.0}
    indicators = pd.DataFrame.from_dict(rows, orient="index")
    made = dataclasses.replace(district, indicators=indicators)
    return sim.simulate(made, scenario_of(policy=["national", "district_plan"]))


def row(result: sim.Result, item: str, year: int) -> Any:
    return result.evaluation.set_index(["year", "id"]).loc[(year, item)]


def test_the_worst_decides() -> None:
    assert worst(["pass", "pass"]) == "pass"
    assert worst(["pass", "unknown", "pass"]) == "unknown"
    assert worst(["unknown", "fail", "pass"]) == "fail"
    assert worst([]) == "unknown"


def test_shown_is_the_first_with_a_figure_of_those_that_decide() -> None:
    rule = Judged("rule.x", "fail")
    good, bad, worse = (
        Judged("one", "pass", 1, 2, "share"), Judged("two", "fail", 3, 4, "share"),
        Judged("three", "fail", 5, 6, "share"),
    )  # fmt: skip
    assert _shown([rule, good, bad, worse], "fail") == bad
    assert _shown([rule, good], "fail") == good
    assert _shown([rule], "fail").what == ""
    assert _shown([rule], "fail").status == "fail"


def test_items_are_listed_for_the_base_year_and_every_planned_year(town: sim.Result) -> None:
    table = town.evaluation
    assert sorted(set(table["year"])) == YEARS
    # 15 items of the guarantee, 9 of quality and recognition, 26 points of the plan
    assert table.groupby("year").size().tolist() == [15 + 10 + 26] * 4
    assert [items_in_force(packs).keys() & {"P1", "G1"} for packs in ([], ["district_plan"])] == [
        {"G1"}, {"G1", "P1"},
    ]  # fmt: skip
    assert items()["P2"].cite == "plan P2"
    assert items()["Q1"].cite == items()["G1"].cite == "jiaodu_2017_6"
    assert is_document("G1") and not is_document("G2") and not is_document("nothing")


def test_a_figure_of_each_stage_is_held_against_its_own_target(town: sim.Result) -> None:
    # G5: at most 45 and 50 a class; primary fails by one in 2026, junior in 2027
    classes = [[40, 40, 0], [45, 50, 0], [46, 50, 0], [45, 51, 0], [45, UNKNOWN, 0]]
    made = given(town, stage_largest_class=classes)
    found = {year: row(made, "G5", year) for year in YEARS}
    assert [found[year]["status"] for year in YEARS] == ["pass", "fail", "fail", "unknown"]
    assert (found[2025]["value"], found[2025]["target"]) == (45, 45)
    assert (found[2026]["value"], found[2026]["target"]) == (46, 45)
    assert (found[2027]["value"], found[2027]["target"]) == (51, 50)
    assert found[2027]["because"] == ("stage_largest_class",)
    assert found[2025]["because"] == ()
    assert found[2025]["sense"] == "at_most"
    assert math.isnan(found[2028]["value"])


@pytest.mark.parametrize(
    ("item", "figure", "values", "statuses"),
    [
        # none may lack rooms; pay at least the civil servants'; money at all for weak schools
        ("G3", "schools_lacking_rooms", [0, 1, 2, UNKNOWN], ["pass", "fail", "fail", "unknown"]),
        ("G8", "pay_ratio", [1.0, 0.999, 1.001, UNKNOWN], ["pass", "fail", "pass", "unknown"]),
        ("P24", "weak_schools_total", [0, 1, 5000, UNKNOWN], ["fail", "pass", "pass", "unknown"]),
        ("P10", "gap", [0, -1, 1, UNKNOWN], ["pass", "fail", "pass", "unknown"]),
        ("P1", "plan_years", [3, 2, 4, UNKNOWN], ["pass", "fail", "pass", "unknown"]),
    ],
)
def test_a_figure_of_the_district(town, item, figure, values, statuses) -> None:
    made = given(town, **{figure: [9e9, *values]})
    assert [row(made, item, year)["status"] for year in YEARS] == statuses
    shown = [row(made, item, year)["value"] for year in YEARS]
    assert shown == pytest.approx(values, nan_ok=True)


def test_an_item_of_a_stage_that_is_not_there_asks_nothing(town: sim.Result) -> None:
    found = row(town, "G7", 2026)
    assert (found["status"], found["note"]) == ("pass", "evaluation.nothing")
    assert row(town, "G5", 2026)["note"] == ""


def test_a_document_is_as_last_confirmed(town: sim.Result) -> None:
    assert [row(town, "G1", year)["status"] for year in YEARS] == ["pass", "pass", "fail", "fail"]
    assert [state_in(town, "G1", year) for year in YEARS] == [1, 1, 0, 0]
    assert row(town, "G1", 2026)["note"] == ""
    never = row(town, "Q3", 2026)
    assert (never["status"], never["note"]) == ("unknown", "evaluation.confirm")


def test_a_tracked_value_goes_by_its_direction(town: sim.Result) -> None:
    # the share of school choice must fall every year: from 3.8% to 3.4%, stays, rises
    found = [row(town, "P5", year) for year in YEARS]
    assert [each["status"] for each in found] == ["unknown", "pass", "fail", "fail"]
    assert [each["target"] for each in found[1:]] == [0.038, 0.034, 0.034]
    assert [each["value"] for each in found] == TRACKED["P5"]
    assert {each["sense"] for each in found} == {"below"}
    # the share of small classes must rise
    small = [row(town, "P15", year) for year in YEARS]
    assert [each["target"] for each in small[1:]] == [0.5, 0.6, 0.6]
    assert [each["because"] for each in small][1] in ((), ("rule.class_size",))
    assert "P15_small_class_share" in small[2]["because"]
    assert "P15_small_class_share" in small[3]["because"]


@pytest.mark.parametrize(
    ("value", "target", "direction", "status"),
    [
        (1, 2, "falling", "pass"), (2, 2, "falling", "fail"), (3, 2, "falling", "fail"),
        (3, 2, "rising", "pass"), (2, 2, "rising", "fail"), (1, 2, "rising", "fail"),
        (2, 2, "floor", "pass"), (1, 2, "floor", "fail"), (3, 2, "floor", "pass"),
        (2, 2, "ceiling", "pass"), (1, 2, "ceiling", "pass"), (3, 2, "ceiling", "fail"),
        (2, 2, "", "pass"), (1, 2, "value", "fail"),
        (UNKNOWN, 2, "floor", "unknown"), (2, UNKNOWN, "ceiling", "unknown"),
    ],
)  # fmt: skip
def test_a_value_against_its_target(value, target, direction, status) -> None:
    assert _status(value, target, direction) == status


def test_the_table_of_tracked_targets(town: sim.Result) -> None:
    table = town.tracked.set_index(["year", "id"])
    assert sorted({year for year, _ in table.index}) == YEARS
    # the document is none
    assert {name for _, name in table.index} == set(TRACKED)
    found = table.loc[(2026, "P5")]
    assert (found["value"], found["target"], found["status"]) == (0.034, 0.038, "pass")
    assert math.isnan(table.loc[(2025, "P5")]["target"])
    assert table.loc[(2025, "P5")]["value"] == 0.038


def test_a_rule_that_no_pack_has_a_value_for_or_no_column_is_said(town: sim.Result) -> None:
    bare = sim.simulate(town.binding.district, scenario_of(policy=["district_plan"]))
    found = row(bare, "G6", 2026)
    assert (found["status"], found["note"]) == ("unknown", "evaluation.no_standard")
    assert row(town, "G11", 2026)["note"] == "evaluation.no_column"


def test_a_rule_that_speaks_of_nobody_asks_nothing(town: sim.Result) -> None:
    # no school has fewer than 100 pupils: the standard is there, and nobody falls under it
    found = row(town, "G6", 2026)
    assert (found["status"], found["note"], found["because"]) == ("pass", "evaluation.nothing", ())
    # where it is not known whether there is one, it is not known
    one = np.zeros((5, 3))
    one[2, 1] = UNKNOWN
    hidden = given(town, small_school_applies=one)
    assert [row(hidden, "G6", year)["note"] for year in YEARS] == [
        "evaluation.nothing", "", "evaluation.nothing", "evaluation.nothing",
    ]  # fmt: skip


def test_the_transitional_rules_are_named_where_an_item_fails_that_they_relax(town) -> None:
    failing = given(town, schools_lacking_rooms=[1] * 5)
    assert row(failing, "G3", 2026)["note"] == ""
    relaxed = given(failing, transitional_rules=[1])
    assert row(relaxed, "G3", 2026)["note"] == "evaluation.relaxed"
    met = given(relaxed, schools_lacking_rooms=[0] * 5)
    assert row(met, "G3", 2026)["note"] == ""
    # an item that they do not relax
    pay = given(relaxed, pay_ratio=[0.5] * 5)
    assert row(pay, "G8", 2026)["note"] == ""


@pytest.mark.parametrize(
    ("short", "status"),
    [([0, 0, 0], "pass"), ([0, 1, 0], "fail"), ([UNKNOWN, 0, UNKNOWN], "pass"),
     ([UNKNOWN, 1, UNKNOWN], "fail"), ([UNKNOWN] * 3, None)],
)  # fmt: skip
def test_the_final_account_of_training_is_judged_in_the_base_year(town, short, status) -> None:
    room = np.ones_like(town.values["school_training_headroom"])
    made = given(town, training_final_short=[short] * 5, school_training_headroom=room,
                 school_training=2 * room, school_training_floor=room)  # fmt: skip
    base, later = row(made, "Q4", 2025), row(made, "Q4", 2026)
    assert base["status"] == (status or "pass")
    assert base["because"] == (("training_final_short",) if status == "fail" else ())
    assert later["status"] == "pass"
    # another item of the same rule does not ask for the final account
    assert row(made, "P12", 2025)["because"] == ()


def test_a_rule_that_is_judged_stands_for_its_tracked_value_and_for_no_other(town) -> None:
    made = given(town, rotation_eligible_floor=[0.1] * 5, eligible_rotation_share=[0.2] * 5,
                 rotation_eligible_headroom=[0.1] * 5)  # fmt: skip
    district = town.binding.district
    counted = dataclasses.replace(district, schools=district.schools.assign(rotation_eligible=4.0))
    made = dataclasses.replace(made, binding=dataclasses.replace(town.binding, district=counted))
    found = row(made, "G11", 2026)
    assert found["because"] == ("G11_backbone",)
    assert row(town, "G11", 2026)["because"] == ("G11_eligible", "G11_backbone")


def test_a_rule_of_an_item_is_the_worst_of_its_rows(town: sim.Result) -> None:
    room = np.ones((5, 3))
    room[2, 1], room[3, 0], room[3, 2] = -1, UNKNOWN, 1
    one = np.ones((5, 3))
    made = given(town, school_training_headroom=room, school_training=2 * one,
                 school_training_floor=one)  # fmt: skip
    assert [row(made, "P12", year)["status"] for year in YEARS] == [
        "pass", "fail", "unknown", "pass",
    ]  # fmt: skip
    assert row(made, "P12", 2026)["because"] == ("rule.training_5",)


def test_remarks_are_trimmed_and_only_those_that_are_there(town: sim.Result) -> None:
    noted = pd.DataFrame({"说明": [" 已批复 ", None]}, index=["G1", "P2"])
    district = dataclasses.replace(town.binding.district, extra={"indicators": noted})
    assert remarks_of(district) == {"G1": "已批复"}
    both = with_checklist(district, {"Q3": (True, "新"), "G1": (False, "撤回")})
    assert remarks_of(both) == {"G1": "撤回", "Q3": "新"}
    assert both.indicators.at["Q3", "base_value"] == 1
    assert both.indicators.at["G1", "base_value"] == 0
    assert both.indicators.at["P2", "base_value"] == 0.9
    assert remarks_of(dataclasses.replace(district, extra={})) == {}
    # of two columns of remarks the first
    pair = pd.DataFrame({"remark": ["first"], "备注": ["second"]}, index=["G1"])
    assert remarks_of(dataclasses.replace(district, extra={"indicators": pair})) == {"G1": "first"}
    other = pd.DataFrame({"名称": ["x"]}, index=["G1"])
    assert remarks_of(dataclasses.replace(district, extra={"indicators": other})) == {}


@pytest.mark.parametrize(
    ("fails", "evaluated", "parts", "expected", "status"),
    [
        ([1, 0, 1], [1, 1, 1], [1, 0, 1, 1], (2, 0, 3, 3), "fail"),
        ([0, UNKNOWN, 0], [1, 1, 0], [0, UNKNOWN, 0, 0], (0, 1, 2, 0), "unknown"),
        ([0, 0, 0], [1, UNKNOWN, 0], [0, 0, 0, 0], (0, 0, 2, 0), "pass"),
        ([1, UNKNOWN, UNKNOWN], [1, 1, 1], [1, 0, 0, 0], (1, 2, 3, 1), "fail"),
    ],
)
def test_schools_are_counted_once(town, fails, evaluated, parts, expected, status) -> None:
    made = given(town, school_fails=[fails] * 5, school_evaluated=[evaluated] * 5,
                 school_failing=[parts] * 5)  # fmt: skip
    assert schools_counted(made, 2026) == SchoolCount(*expected)
    assert schools_counted(made, 2026).status == status
