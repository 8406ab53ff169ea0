"""From a solver's figures to steps and fen: each rounding, each cap and each limit by hand."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from simulator.plan.clean import (
    MARGINS,
    Paid,
    _less,
    _rounded,
    _spare,
    _stricter,
    item_levels_of,
    keeps_facility_rules,
    limits_kept,
    money_kept,
    payable,
    standards_kept,
    teacher_levels_of,
    variation,
)
from simulator.plan.layout import lay_out
from simulator.plan.problem import Problem
from tests.plan.guarding import PARTS, YEARS, grown, lacking, over_years, rich, standards_of
from tests.plan.making import simple, spending

STEPS = np.array([0.01, 0.01, 1.0, 0.01])


def _paid(problem: Problem, units: Any = 0.0, **changes: Any) -> Paid:
    years, schools, _ = problem.sizes
    bought = np.zeros((years, 4, schools)) + units
    amount = bought * problem.price[:, :, np.newaxis]
    return Paid(**{"units": bought, "amount": amount, "extra": np.zeros((years, 2)), **changes})


def _free(problem: Problem) -> np.ndarray:
    return np.full_like(problem.fixed_buy, np.nan)


def test_what_is_paid_by_year_and_what_it_costs_today() -> None:
    """Year 1: 10 + 20 and 5 on top; year 2: 40 and 7: 35 + 47 · 0.5 = 58.5."""
    amount, extra = np.zeros((2, 4, 2)), np.array([[5.0, 0.0], [3.0, 4.0]])
    amount[0, 0, 0], amount[0, 3, 1], amount[1, 2, 0] = 10.0, 20.0, 40.0
    paid = Paid(amount, amount, extra)
    assert paid.by_year.tolist() == [35.0, 47.0]
    problem = over_years(lacking(), 2, discount=np.array([1.0, 0.5]))
    assert paid.cost(problem) == 58.5


def test_levels_after_purchases_and_moves() -> None:
    """By plain loops: what has come into use by the end of a year, who has moved by then."""
    problem, rng = rich(), np.random.default_rng(2)
    units, moved = rng.uniform(0, 90, (YEARS, 4, 6)), rng.uniform(-3, 3, (3, 7, YEARS))
    items, teachers = item_levels_of(problem, units), teacher_levels_of(problem, moved)
    for t, part in itertools.product(range(YEARS), range(7)):
        for item in range(4):
            used = [b for b in range(YEARS) if b + problem.lead[item] <= t]
            came = units[used, item, PARTS[part][0]].sum()
            level = problem.base[t, 3 + item, part] + problem.factor[t, 3 + item, part] * came
            assert items[t, item, part] == pytest.approx(level)
        for kind in range(3):
            net = moved[kind, part, : t + 1].sum()
            level = problem.base[t, kind, part] + problem.factor[t, kind, part] * net
            assert teachers[t, kind, part] == pytest.approx(level)
    long = problem.with_(lead=np.array([9, 4, 3, 0]))
    assert (item_levels_of(long, units)[:, 0] == problem.base[:, 3]).all()


def test_a_coefficient_is_weighted_by_pupils() -> None:
    """300 pupils at 2 and 100 at 6: mean 3, spread √(¾·1 + ¼·9) = √3."""
    problem = simple([300.0, 100.0], {"teaching_area": [2.0, 6.0]})
    levels = np.zeros((1, 7, 2))
    levels[0, 3], levels[0, 4] = [2.0, 6.0], [0.2, 0.6]
    assert variation(problem, levels, 0, 0, 3) == pytest.approx(3**0.5 / 3)
    assert variation(problem, levels, 0, 0, 4) == pytest.approx(3**0.5 / 3)
    assert variation(problem, levels, 0, 0, 5) == 0.0
    levels[0, 5] = [-3.0, 1.0]
    assert variation(problem, levels, 0, 0, 5) == 0.0


def test_a_cap_keeps_some_room_free_and_never_turns_over() -> None:
    caps = np.array([100.0, 5.0, 0.0, np.inf, -3.0, 0.5])
    assert _less(caps, 7.0).tolist() == [93.0, 0.0, 0.0, np.inf, -3.0, 0.0]
    assert _less(np.array([100.0, 50.0]), np.array([1.0, 60.0])).tolist() == [99.0, 0.0]


def test_only_what_rises_by_purchases_alone_is_asked_for_more() -> None:
    """Where some may be given more on top, the last fen is given there."""
    made = grown()
    spare = np.array([10.0, 20.0, 30.0, 40.0])
    stricter = _stricter(made, spare)
    assert stricter is not None and _stricter(None, spare) is None
    expected = made.less.copy()
    expected[0, 1, 1] -= 20.0  # nobody of the second stage may be given more in the second year
    expected[2, 1, 1] -= 20.0
    assert (stricter.less == expected).all()


def test_room_for_rounding_is_a_step_of_every_item_at_every_school() -> None:
    """Prices 100, 200, 3, 5000: whole rooms need none: (1 + 2 + 3) yuan for each of two schools."""
    problem = lacking(price=np.array([[100.0, 200.0, 3.0, 5000.0]]))
    assert _spare(problem.with_(whole=True), STEPS).tolist() == pytest.approx([12.0])
    assert _spare(problem, STEPS).tolist() == pytest.approx([112.0])


def test_units_go_to_the_nearest_step_and_yuan_up_to_the_fen() -> None:
    """At 333.333 yuan 12.344 m² are 12.34: 4,113.32922, that is 4,113.33 yuan."""
    problem = lacking(price=np.full((1, 4), 333.333), standard=np.full((1, 2, 7), np.nan),
                      fixed_buy=np.full((1, 4, 2), np.nan))  # fmt: skip
    problem.fixed_buy[0, 1, 1] = 2.005
    units = np.zeros((1, 4, 2))
    units[0, 0], units[0, 2], units[0, 1] = [12.344, 12.346], [7.4, 7.6], [9.0, 9.0]
    paid = _rounded(problem, units, STEPS, np.zeros((1, 2)))
    assert paid.units[0, 0].tolist() == pytest.approx([12.34, 12.35])
    assert paid.units[0, 2].tolist() == [7.0, 8.0]
    assert paid.amount[0, 0].tolist() == [4113.33, 4116.67]  # 12.35: 4,116.66255
    # what is fixed stays as it stands, in units and in yuan
    assert paid.units[0, 1].tolist() == [9.0, 2.005]
    assert paid.amount[0, 1].tolist() == pytest.approx([3000.0, 2.005 * 333.333], abs=1e-9)


def test_next_to_nothing_over_a_fen_is_no_fen() -> None:
    """A step at 1.0000008 yuan, and at 1.0000015: a ten-thousandth of a fen is noise."""
    for price, yuan in ((1.0000008, 1.0), (1.0000015, 1.01)):
        problem = lacking(price=np.full((1, 4), price), standard=np.full((1, 2, 7), np.nan))
        units = np.zeros((1, 4, 2))
        units[0, 2, 0] = 1.0
        assert _rounded(problem, units, STEPS, np.zeros((1, 2))).amount[0, 2, 0] == yuan


def _short(**changes: Any) -> Problem:
    """Two years; in the second 100 pupils lack 50 m² that come into use a year later."""
    given = {"lead": np.array([1, 0, 0, 0]), "price": np.full((3, 4), 100.0), **changes}
    return over_years(lacking(), 3).with_(**given)


@pytest.mark.parametrize(
    ("bought", "after"),
    [
        ([0.0, 0.0, 0.0], [0.0, 50.0, 0.0]),  # the last year in time
        ([30.0, 0.0, 0.0], [50.0, 0.0, 0.0]),  # the last in which something is bought anyway
        ([10.0, 20.0, 0.0], [10.0, 40.0, 0.0]), ([10.0, 39.994, 5.0], [10.0, 40.0, 5.0]),
        ([20.0, 30.0, 0.0], [20.0, 30.0, 0.0]), ([0.0, 0.0, 80.0], [0.0, 50.0, 80.0]),
    ],
)  # fmt: skip
def test_steps_that_are_missing_for_a_standard_are_added(
    bought: list[float], after: list[float]
) -> None:
    problem, units = _short(), np.zeros((3, 4, 2))
    units[:, 0, 0] = bought
    paid = _rounded(problem, units, STEPS, np.zeros((3, 2)))
    assert paid.units[:, 0, 0].tolist() == pytest.approx(after)
    assert not paid.units[:, 0, 1].any() and not paid.units[:, 1:].any()


def test_no_step_is_added_where_a_person_has_fixed_every_year() -> None:
    fixed = np.full((3, 4, 2), np.nan)
    fixed[:2, 0, 0] = 0.0
    paid = _rounded(_short(fixed_buy=fixed), np.zeros((3, 4, 2)), STEPS, np.zeros((3, 2)))
    assert paid.units[:, 0, 0].tolist() == [0.0, 0.0, 0.0]
    fixed[0, 0, 0] = np.nan
    paid = _rounded(_short(fixed_buy=fixed), np.zeros((3, 4, 2)), STEPS, np.zeros((3, 2)))
    assert paid.units[:, 0, 0].tolist() == [50.0, 0.0, 0.0]


def test_a_second_standard_of_the_same_school_counts_what_the_first_added() -> None:
    """Two years lack 50 and 60 m² in use at once: 50 in the first, 10 more in the second."""
    standard = np.concatenate(
        [standards_of(1, teaching_area=4.5), standards_of(1, teaching_area=4.6)]
    )
    problem = over_years(lacking(), 2, standard=standard, start=np.zeros(2, dtype=int), target=1)
    paid = _rounded(problem, np.zeros((2, 4, 2)), STEPS, np.zeros((2, 2)))
    # the first in which something is bought gets what is missing later too
    assert paid.units[:, 0, 0].tolist() == pytest.approx([60.0, 0.0])


def test_a_standard_is_kept_to_half_a_billionth() -> None:
    problem = lacking()
    layout, levels = lay_out(problem), np.full((1, 7, 2), 9.0)
    for short, kept in ((0.0, True), (3e-10, True), (6e-10, False), (0.1, False), (-1.0, True)):
        levels[0, 3, 0] = 4.5 * (1 - short)
        assert standards_kept(problem, layout, levels) is kept
    levels[0, 3] = [9.0, 4.0]  # nothing is asked of a school that has enough from the start
    assert standards_kept(problem, layout, levels)


@pytest.mark.parametrize(
    ("over", "kept"), [(0.0, True), (8e-11, True), (1.5e-10, False), (-0.1, True)]
)
def test_a_limit_is_kept_to_a_tenth_of_a_billionth(over: float, kept: bool) -> None:
    """Two schools at 2 and 6: a coefficient of one half."""
    problem = simple([100.0, 100.0], {"teaching_area": [2.0, 6.0]},
                     limit=standards_of(teaching_area=0.5 - over))  # fmt: skip
    assert limits_kept(problem, lay_out(problem), problem.base) is kept


MONEY_CASES: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"envelope": np.array([100.0, 200.0])}, True),
    ({"envelope": np.array([99.9985, 200.0])}, False),
    ({"envelope": np.array([99.9992, 199.9992])}, True),
    ({"envelope": np.array([300.0, 199.0])}, False),
    ({"envelope": np.array([300.0, 0.0]), "carry_over": True}, True),
    ({"envelope": np.array([0.0, 300.0]), "carry_over": True}, False),
    ({"envelope": np.array([300.0, -0.002]), "carry_over": True}, False),
]


@pytest.mark.parametrize(("changes", "kept"), MONEY_CASES)
def test_money_of_a_year_is_kept_to_a_tenth_of_a_fen(changes: dict[str, Any], kept: bool) -> None:
    """100 yuan in the first year and 200 in the second."""
    problem = over_years(lacking(), 2, **changes)
    units = np.zeros((2, 4, 2))
    units[0, 0, 0], units[1, 2, 0], units[1, 2, 1] = 0.1, 0.05, 0.15
    assert money_kept(problem, _paid(problem, units)) is kept


@pytest.mark.parametrize("carry_over", [False, True])
def test_money_on_top_is_spent_too(carry_over: bool) -> None:
    problem = over_years(lacking(), 2, envelope=np.array([50.0, 60.0]), carry_over=carry_over)
    for amount, kept in ((60.0, True), (61.0, False), (60.0008, True), (60.0015, False)):
        extra = np.array([[0.0, 50.0], [amount, 0.0]])
        assert money_kept(problem, _paid(problem, extra=extra)) is kept


def test_caps_of_items_hold_by_year_and_caps_of_schools_over_all_years() -> None:
    """Area: 100 and 50 yuan in year 1, 100 in year 2; the first school has 200 in all."""
    problem, units = over_years(lacking(), 2), np.zeros((2, 4, 2))
    units[0, 0], units[1, 0, 0] = [0.1, 0.05], 0.1
    paid = _paid(problem, units)
    for cap, kept in ((150.0, True), (149.9992, True), (149.9985, False), (0.0, False)):
        item = np.full((2, 4), np.inf)
        item[0, 0] = cap
        assert money_kept(problem.with_(item_cap=item), paid) is kept
    other = np.full((2, 4), np.inf)
    other[:, 1:] = 0.0
    assert money_kept(problem.with_(item_cap=other), paid)
    for cap, kept in ((200.0, True), (199.9992, True), (199.9985, False)):
        school = np.array([cap, np.inf])
        assert money_kept(problem.with_(school_cap=school), paid) is kept


def test_each_rule_about_facilities_is_asked_of_what_is_paid() -> None:
    """50 m² for 50,000 yuan: the standard, a limit, the money, its growth, one by one."""
    problem, units = lacking(), np.zeros((1, 4, 2))
    units[0, 0, 0] = 50.0
    paid = _paid(problem, units)
    assert keeps_facility_rules(problem, paid) is True
    assert not keeps_facility_rules(problem, _paid(problem))
    assert not keeps_facility_rules(problem.with_(limit=standards_of(teaching_area=0.01)), paid)
    assert not keeps_facility_rules(problem.with_(envelope=np.array([40_000.0])), paid)
    falls = spending([[1e6, 1e6], [5e5, 1e6]])
    assert not keeps_facility_rules(problem.with_(spending=falls), paid)


def test_what_is_payable_has_room_for_rounding_where_limits_press() -> None:
    """b = 6 and a at least 4 for a coefficient of 0.2: 200 m², and a little for the margin."""
    assert MARGINS == (1e-7, 1e-5, 1e-4, 1e-3)
    problem = simple([100.0, 100.0], {"teaching_area": [2.0, 6.0]},
                     limit=standards_of(teaching_area=0.2))  # fmt: skip
    paid = payable(problem, _free(problem))
    assert paid is not None
    assert 200.0 <= paid.units[0, 0, 0] <= 200.02
    assert paid.amount[0, 0, 0] == pytest.approx(paid.units[0, 0, 0] * 1000.0)
    # money to the yuan: nothing is left over for a wider margin
    tight = problem.with_(envelope=np.array([200_030.0]))
    assert payable(tight, _free(problem)) is not None
    assert payable(problem.with_(envelope=np.array([199_000.0])), _free(problem)) is None


def test_what_is_fixed_is_paid_as_it_stands() -> None:
    rooms = _free(lacking())
    rooms[0, 3, 1] = 2.0
    paid = payable(lacking(), rooms)
    assert paid is not None and paid.units[0, 3].tolist() == [0.0, 2.0]
    assert paid.amount[0, 3, 1] == 2000.0 and paid.amount[0, 0, 0] == 50_000.0
