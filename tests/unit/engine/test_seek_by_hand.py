"""The nearest value of a lever at which a goal is met: both ways, at the ends, between steps."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable

import pytest

import simulator as sim
from simulator.errors import JunhengError
from simulator.law.rules import RULES
from simulator.results.goal import Goal, _solved, meet_by_lever, meet_by_line
from simulator.results.result import Result
from simulator.results.seek import _holds, _value, changed_to, mends, nearest
from simulator.scenario.levers import Lever, levers
from tests.building import district_of, given, scenario_of, school

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


def test_the_last_step_to_an_end_is_tried_and_no_step_is_no_way(at_700: Result) -> None:
    near = dataclasses.replace(RATE, slider=(690, 710, 10))
    assert found(at_700, lambda total: total >= 464_000, near) == 710
    assert found(at_700, lambda total: total <= 456_000, near) == 690
    # at the upper end, where the goal is met already: there is no step up, and down it is not
    assert found(run(3000), lambda total: total >= 1_380_000) is None


@pytest.mark.parametrize(
    ("room", "held"),
    [
        ([[1, 1, 1]] * 5, True),
        ([[1, 1, 1], [-1, -1, -1], *[[1, 1, 1]] * 3], True),  # the base year is not planned
        ([*[[1, 1, 1]] * 2, [1, -1, 1], *[[1, 1, 1]] * 2], False),
        ([*[[1, 1, 1]] * 4, [-1, 1, 1]], False),
        ([*[[1, 1, 1]] * 4, [1, 1, -1]], True),  # there is no special school
        ([*[[1, 1, 1]] * 4, [1, math.nan, 1]], False),
    ],
)
def test_a_rule_holds_where_every_subject_keeps_it_in_every_planned_year(at_700, room, held):
    rule = next(each for each in RULES if each.id == "growth_operating")
    made = given(at_700, **{rule.headroom: room, rule.actual: [[5.0] * 3] * 5,
                            rule.required: [[3.0] * 3] * 5})  # fmt: skip
    assert _holds(made, rule) is held


def ruled(**said: object) -> Result:
    rows = [school("A", primary_boarders=40), school("B", "nine_year", junior_boarders=30)]
    return sim.simulate(district_of(rows), scenario_of(policy=["national"], levers=said))


def test_a_rule_is_mended_by_the_one_lever_that_it_goes_by() -> None:
    # 300 yuan a boarder by the law, 200 are asked; the slider goes by 10
    broken = ruled(boarding_rate=200)
    (mend,) = mends(broken, "boarding")
    assert (mend.rule, mend.path, mend.now, mend.value) == (
        "boarding", "levers.boarding_rate", 200, 300,
    )  # fmt: skip
    after = sim.simulate(
        broken.binding.district, broken.binding.scenario.with_changes({mend.path: 300})
    )
    assert mend.gap == after.verdict.gap
    # 70 boarders at 100 yuan more
    assert broken.verdict.gap - mend.gap == pytest.approx(7000)
    assert "boarding" not in mend.breaks
    assert mends(ruled(boarding_rate=300), "boarding") == ()
    # what the scenario does not say has no value now
    assert mends(ruled(boarding_rate=[300, 200, 300]), "boarding")[0].now is None


def test_what_a_mend_breaks_is_named() -> None:
    # operating funds fall from year to year: not if boarders are paid less first
    falling = ruled(boarding_rate=[500, 400, 300], operating_rate={"primary": 720, "junior": 940})
    found = {mend.path: mend for mend in mends(falling, "growth_operating")}
    for mend in found.values():
        changed = falling.binding.scenario.with_changes({mend.path: mend.value})
        after = sim.simulate(falling.binding.district, changed)
        due = [each.id for each in RULES if each.headroom in falling.values
               and _holds(falling, each) and not _holds(after, each)]  # fmt: skip
        assert list(mend.breaks) == due


def test_what_a_lever_is_now() -> None:
    names = levers()
    bands = [{"below": 50, "as": 60}, {"below": 100, "as": 90}]
    result = ruled(rate_growth=[0.01, 0.02, 0.03], small_school_floor={"primary": bands},
                   operating_rate={"primary": 800})  # fmt: skip
    now = {
        path: _value(result, names[name], path)
        for name, path in [
            ("levers.rate_growth", "levers.rate_growth"),
            ("levers.small_school_floor", "levers.small_school_floor.primary"),
            ("levers.operating_rate", "levers.operating_rate.primary"),
            ("levers.operating_rate", "levers.operating_rate.junior"),
            ("levers.heating_rate", "levers.heating_rate"),
        ]
    }
    # the last year's; the last band's; what is said; what the law says; no change
    assert list(now.values()) == [0.03, 90, 800, 940, 0]


def test_an_investment_without_a_rule_goes_to_the_lowest_first(at_700: Result) -> None:
    scenario = at_700.binding.scenario
    path = "levers.investment.books.amount"
    made = changed_to(scenario, path, 5000)
    assert (made.get(path), made.get("levers.investment.books.rule")) == (5000, "lowest_first")
    shared = changed_to(made.with_changes({"levers.investment.books.rule": "per_pupil"}), path, 7)
    assert shared.get("levers.investment.books.rule") == "per_pupil"


GOAL = Goal("operating_total", 2026, 0.0)


def test_half_a_fen_is_near_enough_and_more_is_not() -> None:
    assert _solved(lambda value: 0.005, 1.0, 2.0, GOAL) == 1
    assert _solved(lambda value: value - 2, 1.0, 2.0, GOAL) == 2
    assert _solved(lambda value: value - 1.25, 1.0, 2.0, GOAL) == pytest.approx(1.25)
    with pytest.raises(JunhengError):
        _solved(lambda value: 0.0051, 1.0, 2.0, GOAL)
    # a millionth of a millionth of a goal of 10 billion is a fen
    large = Goal("operating_total", 2026, 1e10)
    assert _solved(lambda value: 1e10 + 0.009, 1.0, 2.0, large) == 1
    with pytest.raises(JunhengError):
        _solved(lambda value: 1e10 + 0.015, 1.0, 2.0, large)


@pytest.mark.parametrize("ends", [(5.0, math.nan), (math.nan, 5.0), (math.nan, -5.0), (5.0, 7.0),
                                  (-5.0, -7.0)])  # fmt: skip
def test_a_goal_that_neither_end_embraces_is_out_of_reach(ends: tuple[float, float]) -> None:
    with pytest.raises(JunhengError) as caught:
        _solved(lambda value: ends[int(value)], 0.0, 1.0, GOAL)
    assert caught.value.code == "goal_reach"


def test_a_lines_amounts_are_tried_up_to_a_thousand_times() -> None:
    own = {"id": "own", "zh": "本县", "en": "Own", "per_pupil": "headcount",
           "lines": [{"id": "base", "zh": "行", "en": "Line", "counted": "headcount",
                      "amount": 1}]}  # fmt: skip
    result = sim.simulate(district_of([school("A"), school("B")]),
                          scenario_of(policy=["national"], lines=own))  # fmt: skip
    # 400 pupils at a yuan each
    for times in (0.0, 2.5, 900.0, 1000.0):
        reached = meet_by_line(result, "base", Goal("operating_total", 2026, 400 * times))
        assert reached.value == pytest.approx(times)
    with pytest.raises(JunhengError):
        meet_by_line(result, "base", Goal("operating_total", 2026, 400 * 1001))
