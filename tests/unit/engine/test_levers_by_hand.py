"""What a scenario says, as numbers over years and stages: said, not said, by year, by stage."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import simulator as sim
from simulator.results.lever_arrays import path_shares
from tests.building import district_of, scenario_of, school

UNKNOWN = math.nan
#: Parts: A primary, B primary, B junior. Years: 2024, the base year 2025, 2026 to 2028.
DISTRICT = district_of([school("A"), school("B", "nine_year")])


def arrays(**scenario: Any) -> Any:
    made = scenario_of(policy=[], **scenario)
    return sim.simulate(DISTRICT, made, wanted=[]).binding.arrays


@pytest.fixture(scope="module")
def unsaid() -> Any:
    return arrays()


def same(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(found, np.array(expected, dtype=float), rtol=1e-12)
    assert np.shape(found) == np.shape(expected)


@pytest.mark.parametrize("name", ["revenue_growth", "pay_growth", "price_growth",
                                  "transfers_growth"])  # fmt: skip
def test_growth_that_is_not_said_is_none_in_planned_years_and_unknown_before(unsaid, name) -> None:
    # it leads from a year to the next planned one: it must not fill a gap in the accounts
    same(unsaid[name], [[UNKNOWN], [UNKNOWN], [0], [0], [0]])


def test_growth_of_pupils_is_by_stage(unsaid: Any) -> None:
    same(unsaid["pupil_growth"], [[UNKNOWN] * 3] * 2 + [[0.0] * 3] * 3)
    said = arrays(assumptions={"pupils": {"primary": -0.03, "junior": [0.01, 0.02, 0.03]}})
    planned = [[-0.03, 0.01, 0], [-0.03, 0.02, 0], [-0.03, 0.03, 0]]
    same(said["pupil_growth"], [[UNKNOWN] * 3] * 2 + planned)


@pytest.mark.parametrize(
    "name",
    ["appropriation_margin", "rate_growth", "heating_rate", "small_class_premium",
     "weak_school_tilt"],
)  # fmt: skip
def test_what_is_not_asked_for_by_year_is_nothing_in_every_year(unsaid: Any, name: str) -> None:
    same(unsaid[name], [[0.0]] * 5)


@pytest.mark.parametrize(
    "name",
    ["headcount_lag", "hold_harmless", "carry_over", "transitional_rules", "headcount_basis",
     "private_standard", "private_none", "geometric_path", "pot_levels_up",
     "training_alternative", "repair_by_area_chosen"],
)  # fmt: skip
def test_a_choice_that_is_not_made_is_the_usual_one(unsaid: Any, name: str) -> None:
    same(unsaid[name], [[0.0]])
    same(unsaid["small_by_stage"], [[0.0]] * 5)


@pytest.mark.parametrize(
    "name",
    ["asked_boarding_rate", "asked_special_rate", "asked_training_share", "asked_bureau_share",
     "asked_rotation_share", "pot_amount", "appropriation_added", "appropriation_given"],
)  # fmt: skip
def test_what_the_law_says_where_nothing_is_asked_is_not_asked(unsaid: Any, name: str) -> None:
    same(unsaid[name], [[UNKNOWN]] * 5)


@pytest.mark.parametrize(
    "name", ["asked_rate", "asked_class_cap", "asked_repair_rate", "asked_boarder_aid",
             "asked_day_aid", "asked_band_1_below", "asked_band_3_as"],
)  # fmt: skip
def test_by_stage_too(unsaid: Any, name: str) -> None:
    same(unsaid[name], [[UNKNOWN] * 3])


@pytest.mark.parametrize(
    ("lever", "name"),
    [("rate_growth", "rate_growth"), ("boarding_rate", "asked_boarding_rate"),
     ("special_rate", "asked_special_rate"), ("heating_rate", "heating_rate"),
     ("small_class_premium", "small_class_premium"), ("weak_school_tilt", "weak_school_tilt"),
     ("training_share", "asked_training_share"), ("rotation_share", "asked_rotation_share"),
     ("bureau_training_share", "asked_bureau_share")],
)  # fmt: skip
def test_a_lever_by_year_has_each_planned_years_own_value(unsaid, lever: str, name: str) -> None:
    said = arrays(levers={lever: [0.1, 0.2, 0.3]})
    same(said[name][2:], [[0.1], [0.2], [0.3]])
    same(said[name][:2], unsaid[name][:2])
    same(arrays(levers={lever: 0.2})[name][2:], [[0.2]] * 3)


def test_growth_by_year() -> None:
    said = arrays(
        assumptions={
            "recurrent_revenue_growth": [0.05, 0.04, 0.03],
            "pay_growth": [0.06, 0.07, 0.08],
            "price_growth": [0.01, 0.02, 0.03],
            "upper_transfers_growth": [0.02, 0.03, 0.04],
        },
        levers={"appropriation": {"rule": "revenue_plus", "margin": [0.001, 0.002, 0.003]}},
    )
    before = [[UNKNOWN], [UNKNOWN]]
    same(said["revenue_growth"], [*before, [0.05], [0.04], [0.03]])
    same(said["pay_growth"], [*before, [0.06], [0.07], [0.08]])
    same(said["price_growth"], [*before, [0.01], [0.02], [0.03]])
    same(said["transfers_growth"], [*before, [0.02], [0.03], [0.04]])
    same(said["appropriation_margin"], [[0], [0], [0.001], [0.002], [0.003]])


def test_the_appropriations_amount_counts_under_its_own_rule_alone() -> None:
    before = [[UNKNOWN], [UNKNOWN]]
    plus = arrays(levers={"appropriation": {"rule": "plus", "amount": [1e6, 2e6, 3e6]}})
    same(plus["appropriation_added"], [*before, [1e6], [2e6], [3e6]])
    same(plus["appropriation_given"], [[UNKNOWN]] * 5)
    series = arrays(levers={"appropriation": {"rule": "series", "values": [50e6, 51e6, 52e6]}})
    same(series["appropriation_given"], [*before, [50e6], [51e6], [52e6]])
    same(series["appropriation_added"], [[UNKNOWN]] * 5)


def test_rates_by_stage() -> None:
    said = arrays(
        levers={
            "operating_rate": {"primary": 1000, "junior": 1300},
            "class_cap": {"primary": 40, "junior": 45, "special": 8},
            "repair": {"method": "per_pupil", "primary": 90, "junior": 110},
            "aid_rate": {
                "primary_boarder": 1250, "junior_boarder": 1500,
                "primary_day": 625, "junior_day": 750,
            },
        }
    )  # fmt: skip
    same(said["asked_rate"], [[1000, 1300, UNKNOWN]])
    same(said["asked_class_cap"], [[40, 45, 8]])
    same(said["asked_repair_rate"], [[90, 110, UNKNOWN]])
    same(said["asked_boarder_aid"], [[1250, 1500, UNKNOWN]])
    same(said["asked_day_aid"], [[625, 750, UNKNOWN]])
    # one stage alone
    junior = arrays(levers={"operating_rate": {"junior": 1300}, "class_cap": {"special": 8}})
    same(junior["asked_rate"], [[UNKNOWN, 1300, UNKNOWN]])
    same(junior["asked_class_cap"], [[UNKNOWN, UNKNOWN, 8]])


def test_choices_that_are_made() -> None:
    said = arrays(
        levers={
            "headcount_lag": 2, "hold_harmless": True, "carry_over": True,
            "transitional_rules": True, "private_operating": "standard",
            "small_school_unit": "stage", "operating_path": "geometric",
            "training_pots": "alternative", "sharing": {"central": 0.5, "province": 0.25,
                                                        "city": 0.15, "county": 0.1},
            "repair": {"method": "area", "unit_price": 1100, "life": 40},
            "operating_pot": {"rule": "level_up", "amount": [1e6, 2e6, 3e6]},
        }
    )  # fmt: skip
    one = ["hold_harmless", "carry_over", "transitional_rules", "private_standard",
           "geometric_path", "training_alternative", "repair_by_area_chosen",
           "pot_levels_up"]  # fmt: skip
    assert {name: said[name].tolist() for name in one} == {name: [[1.0]] for name in one}
    # the base year is the file's: who is small in it is judged by the school as ever
    same(said["small_by_stage"], [[0], [0], [1], [1], [1]])
    same(said["private_none"], [[0]])
    same(said["headcount_lag"], [[2]])
    # nor does who pays, or what a square metre costs, reach back into it
    planned = {"asked_central_share": 0.5, "asked_province_share": 0.25,
               "asked_city_share": 0.15, "asked_repair_unit_price": 1100,
               "repair_life": 40}  # fmt: skip
    for name, value in planned.items():
        same(said[name], [[UNKNOWN], [UNKNOWN], [value], [value], [value]])
    same(said["pot_amount"], [[UNKNOWN], [UNKNOWN], [1e6], [2e6], [3e6]])
    same(arrays(levers={"private_operating": "none"})["private_none"], [[1]])


@pytest.mark.parametrize(("basis", "number"), [("lag", 0), ("terms", 1), ("average", 2)])
def test_the_basis_of_heads_is_numbered_in_its_order(basis: str, number: int) -> None:
    same(arrays(levers={"headcount_basis": basis})["headcount_basis"], [[number]])


def test_the_way_to_the_target() -> None:
    # a third, two thirds, all; front: 1 − (2/3)², 1 − (1/3)², 1; back: (1/3)², (2/3)², 1
    assert path_shares("linear", 3) == pytest.approx([1 / 3, 2 / 3, 1])
    assert path_shares(None, 2) == pytest.approx([0.5, 1])
    assert path_shares("geometric", 4) == pytest.approx([0.25, 0.5, 0.75, 1])
    assert path_shares("front", 3) == pytest.approx([5 / 9, 8 / 9, 1])
    assert path_shares("back", 3) == pytest.approx([1 / 9, 4 / 9, 1])
    assert path_shares([0.5, 0.8, 1], 3) == [0.5, 0.8, 1]
    assert path_shares((0.5, 1), 2) == [0.5, 1]
    assert path_shares("front", 1) == path_shares("back", 1) == [1]
    # nothing of the way is gone in the base year or before
    said = arrays(levers={"operating_path": [0.5, 0.8, 1.0]})
    same(said["path_share"], [[0], [0], [0.5], [0.8], [1]])


def bands(**floor: Any) -> dict[str, list[float]]:
    said = arrays(levers={"small_school_floor": floor})
    return {
        f"{band} {what}": said[f"asked_band_{band}_{what}"][0].tolist()
        for band in (1, 2, 3)
        for what in ("below", "as")
    }


def test_bands_of_small_schools() -> None:
    found = bands(primary=[{"below": 50, "as": 70}, {"below": 100, "as": 90}], junior=120)
    # a plain number is one band up to itself; where there is a floor, bands that are not there
    # hold nobody; special schools have none
    expected = {
        "1 below": [50, 120, UNKNOWN], "1 as": [70, 120, UNKNOWN],
        "2 below": [100, 0, UNKNOWN], "2 as": [90, 0, UNKNOWN],
        "3 below": [0, 0, UNKNOWN], "3 as": [0, 0, UNKNOWN],
    }  # fmt: skip
    assert {key: pytest.approx(due, nan_ok=True) for key, due in expected.items()} == found


def test_a_third_band() -> None:
    three = [{"below": 10, "as": 20}, {"below": 30, "as": 35}, {"below": 50, "as": 45}]
    found = bands(junior=three)
    assert [found[f"{band} below"][1] for band in (1, 2, 3)] == [10, 30, 50]
    assert [found[f"{band} as"][1] for band in (1, 2, 3)] == [20, 35, 45]
    assert math.isnan(found["1 below"][0])


@pytest.mark.parametrize(
    ("rule", "code"), [("lowest_first", 0), ("proportional", 1), ("per_pupil", 2)]
)
def test_an_investment_by_a_rule(rule: str, code: int) -> None:
    said = arrays(levers={"investment": {"books": {"amount": [1e5, 2e5, 3e5], "rule": rule}}})
    same(said["invest_books"], [[0], [0], [1e5], [2e5], [3e5]])
    same(said["invest_rule_books"], [[code]])
    same(said["listed_books"], [[0] * 3] * 5)
    same(said["invest_computers"], [[0]] * 5)
    same(said["invest_rule_computers"], [[UNKNOWN]])


def test_an_investment_by_a_list_adds_up_each_entry_at_its_place() -> None:
    entries = [
        {"school": "B", "stage": "junior", "year": 2026, "amount": 100},
        {"school": "B", "stage": "junior", "year": 2026, "amount": 20},
        {"school": "A", "stage": "primary", "year": 2028, "amount": 3},
    ]
    said = arrays(levers={"investment": {"books": {"rule": "list", "plan": entries}}})
    same(said["listed_books"], [[0, 0, 0], [0, 0, 0], [0, 0, 120], [0, 0, 0], [3, 0, 0]])
    same(said["listed_computers"], [[0] * 3] * 5)
    same(said["invest_books"], [[0]] * 5)
    same(said["invest_rule_books"], [[3]])


def test_moves_and_extra_funds_stand_at_their_school_and_year() -> None:
    moves = [
        {"school": "A", "stage": "primary", "year": 2027, "kind": "backbone", "teachers": -2},
        {"school": "B", "stage": "primary", "year": 2027, "kind": "backbone", "teachers": 2},
        {"school": "B", "stage": "primary", "year": 2026, "kind": "teachers", "teachers": 1},
        {"school": "A", "stage": "primary", "year": 2026, "kind": "teachers", "teachers": -1},
    ]
    extra = [{"school": "B", "stage": "junior", "year": 2027, "amount": 5000}]
    said = arrays(levers={"rotation": moves, "operating_extra": extra})
    same(said["moved_backbone"], [[0] * 3, [0] * 3, [0] * 3, [-2, 2, 0], [0] * 3])
    same(said["moved_teachers"], [[0] * 3, [0] * 3, [-1, 1, 0], [0] * 3, [0] * 3])
    same(said["moved_pe_art"], [[0] * 3] * 5)
    same(said["operating_extra"], [[0] * 3, [0] * 3, [0] * 3, [0, 0, 5000], [0] * 3])


def test_a_list_for_a_school_that_is_not_there_counts_nowhere() -> None:
    entry = {"school": "Z", "stage": "primary", "year": 2026, "amount": 5000}
    same(arrays(levers={"operating_extra": [entry]})["operating_extra"], [[0] * 3] * 5)
