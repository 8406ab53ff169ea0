"""Items of the evaluation: documents confirmed by hand, targets, what is missing."""

from __future__ import annotations

import dataclasses
import math

import pandas as pd
import pytest

import simulator as sim
from simulator.errors import JunhengError
from simulator.results.checklist import remarks_of, with_checklist
from simulator.results.evaluation_items import items
from tests.building import district_of, scenario_of, school


@pytest.fixture(scope="module")
def scenario():
    return sim.load_scenario("scenarios/equipment_first.yaml")


@pytest.fixture(scope="module")
def confirmed(scenario):
    states = {"G1": (True, "规划已批复"), "Q3": (False, ""), "G10": (None, "在办")}
    return sim.simulate(with_checklist(sim.sample_district(), states), scenario)


def row(result, item, year):
    return result.evaluation.set_index(["year", "id"]).loc[(year, item)]


def test_a_confirmed_document_stays_confirmed_until_it_is_taken_back(confirmed):
    assert [row(confirmed, "G1", year)["status"] for year in range(2025, 2029)] == ["pass"] * 4
    assert row(confirmed, "G1", 2027)["remark"] == "规划已批复"
    assert row(confirmed, "Q3", 2025)["status"] == "fail"
    assert row(confirmed, "G10", 2025)["status"] == "unknown"  # not confirmed, only remarked on
    again = with_checklist(confirmed.binding.district, {"G1": (None, "")})
    assert math.isnan(again.indicators.at["G1", "base_value"])


def test_a_document_of_a_later_year_counts_from_that_year(scenario):
    district = with_checklist(sim.sample_district(), {"G1": (False, "")})
    district.indicators.loc["G1", 2027] = 1.0
    made = sim.simulate(district, scenario)
    found = [row(made, "G1", year)["status"] for year in range(2025, 2029)]
    assert found == ["fail", "fail", "pass", "pass"]


def test_the_district_handed_in_stays_as_it_is(scenario):
    district = sim.sample_district()
    before = district.fingerprint
    after = with_checklist(district, {"G1": (True, "")})
    assert district.fingerprint == before != after.fingerprint
    assert "G1" not in district.indicators.index


def test_a_computed_item_cannot_be_confirmed_by_hand():
    with pytest.raises(JunhengError, match="G5"):
        with_checklist(sim.sample_district(), {"G5": (True, "")})


def test_remarks_are_read_beside_the_indicators():
    noted = pd.DataFrame({"备注": ["第三方测评", None]}, index=["P2", "P4"])
    district = dataclasses.replace(sim.sample_district(), extra={"indicators": noted})
    assert remarks_of(district) == {"P2": "第三方测评"}


def test_confirmed_documents_are_no_tracked_targets(confirmed):
    assert not set(confirmed.tracked["id"]) & {"G1", "Q3", "G10"}
    assert "P2" in set(confirmed.tracked["id"])


def test_a_direction_is_held_against_last_year(confirmed):
    # the share of school choice falls from 3.8% to 3.4%, 3.0% …
    found = row(confirmed, "P5", 2027)
    assert (found["value"], found["target"], found["status"]) == (0.030, 0.034, "pass")
    assert math.isnan(row(confirmed, "P5", 2025)["target"])


def test_an_item_without_its_value_names_what_is_missing(confirmed):
    found = row(confirmed, "G11", 2026)
    assert found["status"] == "unknown" and found["because"] == ("G11_eligible", "G11_backbone")
    assert found["note"] == "evaluation.no_column"
    assert math.isnan(found["value"])  # the value that is there does not hide the one that is not
    assert row(confirmed, "P2", 2026)["because"] == ()


def test_an_item_of_two_values_shows_the_one_that_decides(confirmed):
    # rotation of all teachers 15.2% is enough for 15%, of backbone teachers 14.6% is not
    found = row(confirmed, "P23", 2025)
    assert (found["value"], found["target"], found["status"]) == (0.146, 0.15, "fail")
    assert found["because"] == ("P23_backbone",)


def test_a_district_without_special_schools_owes_them_nothing():
    made = sim.simulate(district_of([school("A"), school("B")]), scenario_of(policy=["national"]))
    found = row(made, "G7", 2025)
    assert (found["status"], found["note"]) == ("pass", "evaluation.nothing")


def test_every_item_cites_its_document():
    assert items()["G3"].cite == items()["Q1"].cite == "jiaodu_2017_6"
    assert items()["P9"].cite == "plan P9"
    groups = [item.group for item in items().values()]
    # 15 and 9 of the evaluation with public recognition, 26 points of the plan
    assert [groups.count(name) for name in ("guarantee", "quality", "plan")] == [15, 10, 26]


def test_the_mean_is_split_into_spending_and_pupils_when_a_point_drops_out():
    # 200 pupils with 500,000 yuan and a point of 60 with 30,000; the point falls to 48 and is out
    rows = [
        school("A"),
        school("B", "teaching_point", primary_pupils=60, primary_pupils_prior=60,
               primary_boarders=0, equipment_value=30_000),
    ]  # fmt: skip
    growth = {"pupils": {"method": "growth", "primary": -0.2, "junior": 0}}
    plan = {"equipment_value": {"amount": [16_000, 0, 0], "rule": "per_pupil"}}
    made = sim.simulate(
        district_of(rows),
        scenario_of(policy=["national"], assumptions={"price_growth": 0.0, **growth},
                    levers={"investment": plan}),
    )  # fmt: skip

    def at(name):
        return made.at(f"{name}_equipment_value", 2026)[0]

    # base: 530,000 ÷ 260; unspent: 500,000 ÷ 160 = 3,125; all 16,000 go to A in the same year
    assert at("mean_base") == pytest.approx(530_000 / 260)
    assert at("mean_unspent") == pytest.approx(3125)
    assert at("mean_by_pupils") == pytest.approx(3125 - 530_000 / 260)
    assert at("mean_by_spending") == pytest.approx(100)
    change = at("mean") - at("mean_base")
    assert at("mean_by_pupils") + at("mean_by_spending") == pytest.approx(change, rel=1e-12)


def test_relaxations_of_size_and_rooms_are_pointed_out_but_not_granted():
    rows = [school("A", primary_pupils=2100, primary_pupils_prior=2100, primary_classes=60)]
    rows.append(school("B", music_rooms=0, art_rooms=0))
    found = {}
    for on in (False, True):
        levers = {"transitional_rules": on}
        made = sim.simulate(district_of(rows), scenario_of(policy=["national"], levers=levers))
        found[on] = row(made, "G4", 2025)
    # 2,100 pupils: over 2,000; up to 2,400 is allowed to schools built by 2010, which none says
    assert found[False]["status"] == found[True]["status"] == "fail"
    assert (found[False]["note"], found[True]["note"]) == ("", "evaluation.relaxed")
