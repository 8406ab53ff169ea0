"""Cost per pupil is what is spent: the need, and no more of it than the money pays for."""

from __future__ import annotations

import numpy as np
import pytest

import simulator as sim
from tests.building import district_of, scenario_of, school

SCHOOLS = [school("A"), school("B"), school("C", "junior")]
#: Of the base year: pay, operating funds and repair of three schools; bureau training of none.
BASE = 3 * (2_000_000 + 200_000 + 16_000)


def _result(appropriation: list[float], **levers: object) -> sim.Result:
    given = {
        "appropriation": {"rule": "series", "values": appropriation},
        "operating_rate": {"primary": 1000, "junior": 1000},
        **levers,
    }
    scenario = scenario_of(policy=[], horizon=len(appropriation), levers=given)
    return sim.simulate(district_of(SCHOOLS), scenario)


def test_where_the_money_is_enough_all_that_is_needed_is_spent() -> None:
    result = _result([40e6, 40e6])
    cost, need = result.at("stage_cost", 2026), result.at("stage_need", 2026)
    assert (cost == need).all() and float(result.at("paid_share", 2026)[0]) == 1
    # 400 primary pupils at two schools: 4,000,000 of pay, 1,000 yuan a pupil, and repair of
    # 16,000 a school, which goes on as in the base year where no standard is in force
    assert float(result.at("cost_per_pupil", 2026)[0]) == pytest.approx(4_432_000 / 400)


def test_money_that_nobody_needs_is_no_cost() -> None:
    """Twice the appropriation changes no cost per pupil, and keeps no rule about it."""
    poor, rich = _result([40e6, 40e6]), _result([40e6, 80e6])
    for name in ("cost_per_pupil", "district_cost_per_pupil"):
        assert (poor.at(name, 2027)[:2] == rich.at(name, 2027)[:2]).all()
    told = rich.checks.set_index(["rule", "year", "subject"])["status"]
    assert told["growth_per_pupil", 2027, "primary"] == "fail"
    assert told["no_fall_per_pupil", 2027, "district"] == "pass"


def test_where_the_money_is_short_every_stage_gives_in_proportion() -> None:
    result = _result([40e6, 3.3e6])
    need = float(result.at("need", 2027)[0])
    share = float(result.at("paid_share", 2027)[0])
    assert share == pytest.approx(3.3e6 / need) and share < 1
    assert np.allclose(result.at("stage_cost", 2027), result.at("stage_need", 2027) * share)
    assert float(result.at("district_cost", 2027)[0]) == pytest.approx(3.3e6)
    told = result.checks.set_index(["rule", "year", "subject"])
    assert told["status"]["no_fall_per_pupil", 2027, "district"] == "fail"
    # 600 pupils as before, and what is missing to the need of the year before
    lacking = float(told["headroom"]["no_fall_per_pupil", 2027, "district"])
    assert lacking == pytest.approx(3.3e6 - need)


def test_a_year_of_building_is_a_cost_that_the_next_year_must_exceed() -> None:
    listed = [{"school": "A", "stage": "primary", "year": 2026, "amount": 100_000}]
    bought = {"equipment_value": {"rule": "list", "plan": listed}}
    result = _result([40e6, 40e6], investment=bought)
    told = result.checks.set_index(["rule", "year", "subject"])
    assert told["status"]["growth_per_pupil", 2026, "primary"] == "pass"
    assert told["status"]["growth_per_pupil", 2027, "primary"] == "fail"
    # as many pupils in both years: what was bought is what is missing
    room = float(told["headroom"]["growth_per_pupil", 2027, "primary"])
    assert room == pytest.approx(-100_000)


def test_the_base_year_is_what_the_file_says() -> None:
    result = _result([40e6])
    assert float(result.at("district_cost", 2025)[0]) == BASE
