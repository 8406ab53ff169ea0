"""The nearest value of a lever at which a goal is met: both ways, at the ends, between steps."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

import simulator as sim
from simulator.errors import JunhengError
from simulator.results.goal import Goal, meet_by_lever
from simulator.results.result import Result
from simulator.results.seek import nearest
from simulator.scenario.levers import Lever, levers
from tests.building import district_of, scenario_of, school

PATH = "levers.operating_rate.primary"
#: From 400 to 3,000 by steps of 10.
RATE = dataclasses.replace(levers()["levers.operating_rate"], slider=(400, 3000, 10))


def run(rate: float) -> Result:
    """400 primary pupils at the rate and 200 junior ones at 900: 400 · rate + 180,000 yuan."""
    rows = [school("A"), school("B", "nine_year", area="rural")]
    levers = {"operating_rate": {"primary": rate, "junior": 900}}
    return sim.simulate(district_of(rows), scenario_of(policy=[], levers=levers))


@pytest.fixture(scope="module")
def at_700() -> Result:
    """460,000 yuan."""
    return run(700)


def found(result: Result, met: Callable[[float], bool], lever: Lever = RATE) -> float | None:
    """The nearest rate at which operating funds of 2026 are as they should be."""

    def holds(tried: Result) -> bool:
        return met(float(tried.at("operating_total", 2026)[0]))

    return nearest(result, lever, PATH, holds, ("operating_total",))


@pytest.mark.parametrize(
    ("least", "rate"),
    [
        (460_001, 710),  # a yuan more than now: the next step
        (500_000, 800),  # 400 · 800 + 180,000
        (500_001, 810),
        (1_380_000, 3000),  # 400 · 3,000 + 180,000: the end of the slider
        (1_380_001, None),
    ],
)
def test_upward(at_700: Result, least: float, rate: float | None) -> None:
    assert found(at_700, lambda total: total >= least) == rate


@pytest.mark.parametrize(
    ("most", "rate"),
    [(459_999, 690), (440_000, 650), (439_999, 640), (340_000, 400), (339_999, None)],
)
def test_downward(at_700: Result, most: float, rate: float | None) -> None:
    assert found(at_700, lambda total: total <= most) == rate


@pytest.mark.parametrize(
    ("most", "least", "rate"),
    [
        (448_000, 468_000, 720),  # two steps up, three down
        (452_000, 472_000, 680),  # three up, two down
        (448_000, 1_400_000, 670),  # only down
        (300_000, 468_000, 720),  # only up
    ],
)
def test_the_nearer_of_both_ways(at_700: Result, most: float, least: float, rate: float) -> None:
    assert found(at_700, lambda total: total <= most or total >= least) == rate


@pytest.mark.parametrize(("goal", "rate"), [("less", 700), ("more", 710)])
def test_a_value_between_two_steps_goes_to_the_steps_beside_it(goal: str, rate: float) -> None:
    total = 400 * 705 + 180_000
    met = {"less": lambda now: now < total, "more": lambda now: now > total}[goal]
    assert found(run(705), met) == rate


@pytest.mark.parametrize("goal", ["less", "more"])
def test_from_between_two_steps_the_ends_are_still_reached(goal: str) -> None:
    met = {"less": lambda now: now <= 340_000, "more": lambda now: now >= 1_380_000}[goal]
    assert found(run(705), met) == {"less": 400, "more": 3000}[goal]


def test_at_an_end_only_the_way_back_is_tried() -> None:
    assert found(run(3000), lambda total: total < 1_380_000) == 2990
    assert found(run(3000), lambda total: total > 1_380_000) is None
    assert found(run(400), lambda total: total > 340_000) == 410


def test_a_lever_without_a_slider_is_not_tried(at_700: Result) -> None:
    assert found(at_700, lambda _: True, dataclasses.replace(RATE, slider=None)) is None


def test_an_exact_goal_may_lie_at_the_end_of_what_is_allowed(at_700: Result) -> None:
    # no rate at all leaves the junior pupils' 180,000; 0.005 yuan off is still met, a fen is not
    for amount in (180_000, 180_000.004):
        reached = meet_by_lever(at_700, PATH, Goal("operating_total", 2026, amount))
        assert reached.value == 0
        assert reached.amount == 180_000
    with pytest.raises(JunhengError) as caught:
        meet_by_lever(at_700, PATH, Goal("operating_total", 2026, 179_999.99))
    assert caught.value.code == "goal_reach"


def test_a_goal_out_of_reach_says_what_is_within(at_700: Result) -> None:
    # 100,000 yuan a pupil are the most that is allowed: 400 · 100,000 + 180,000
    with pytest.raises(JunhengError) as caught:
        meet_by_lever(at_700, PATH, Goal("operating_total", 2026, 1e9))
    text = caught.value.text("en")
    assert "180,000" in text and "40,180,000" in text


@pytest.mark.parametrize("year", [2026, 2028])
def test_a_goal_is_met_in_the_first_and_in_the_last_planned_year(at_700: Result, year: int) -> None:
    reached = meet_by_lever(at_700, PATH, Goal("operating_total", year, 480_000))
    assert reached.value == pytest.approx(750)
    assert reached.amount == pytest.approx(480_000, abs=0.005)


@pytest.mark.parametrize("year", [2024, 2025, 2029])
def test_years_that_are_not_planned_cannot_be_sought(at_700: Result, year: int) -> None:
    with pytest.raises(JunhengError) as caught:
        meet_by_lever(at_700, PATH, Goal("operating_total", year, 480_000))
    assert caught.value.code == "goal_year"
