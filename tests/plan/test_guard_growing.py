"""What spending from year to year asks for, to the fen, by hand and by plain loops."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from simulator.plan.growing import (
    _given,
    _up,
    bought_by_stage,
    broken,
    growing,
    margins,
    ratios,
    room,
    settled,
)
from simulator.plan.layout import lay_out
from simulator.plan.problem import Problem, Spending
from tests.plan.guarding import PARTS, YEARS, grown, lacking, over_years, rich
from tests.plan.making import spending

NAMES = ("growth_per_pupil", "growth_operating", "no_fall_per_pupil")


def test_the_year_before_is_asked_for_at_this_years_pupils() -> None:
    """Strict rules ask for two billionths more, and for a fen more; a loosened one for less."""
    made = grown()
    for family, t, stage in itertools.product(range(3), range(YEARS), range(2)):
        heads = made.heads[family, t + 1, stage]
        strict = family < 2
        each = heads / made.heads[family, t, stage]
        least = (0.01 + 2e-9 * heads if strict else 0.0) - made.less[family, t, stage]
        assert ratios(made)[family, t, stage] / each == pytest.approx(1 + 2e-9 * strict, abs=1e-13)
        assert margins(made)[family, t, stage] == pytest.approx(least, abs=1e-11)


def _room(problem: Problem, bought: np.ndarray, extra: np.ndarray) -> np.ndarray:
    """Yuan of a year over the year before at this year's pupils, counting what is added in both."""
    made = problem.spending
    found = np.full((3, YEARS, 2), np.nan)
    for family, t, stage in zip(*np.nonzero(made.asked), strict=True):

        def added(year: int, now: bool, family: int = family, stage: int = stage) -> float:
            if family == 2:
                counted = made.counts[year] if now else 1.0
                return float(bought[year].sum() + counted * extra[year].sum())
            return float((bought[year, stage] if family == 0 else 0.0) + extra[year, stage])

        now = made.yuan[family, t + 1, stage] + added(t, True)
        before = made.yuan[family, t, stage] + (added(t - 1, False) if t else 0.0)
        heads = made.heads[family, t + 1, stage]
        least = before * heads / made.heads[family, t, stage] * (1 + 2e-9 * (family < 2))
        least += (0.01 + 2e-9 * heads) * (family < 2) - made.less[family, t, stage]
        found[family, t, stage] = now - least
    return found


def test_the_room_of_each_rule_is_what_is_spent_over_the_year_before() -> None:
    problem, rng = rich(), np.random.default_rng(3)
    bought, extra = rng.uniform(0, 9e5, (2, YEARS, 2))
    found = room(problem, bought, extra)
    assert found == pytest.approx(_room(problem, bought, extra), abs=1e-7, nan_ok=True)
    assert np.isnan(found[0, 2, 1]) and np.isnan(found[2, :, 1]).all()


def test_purchases_are_listed_under_the_stage_of_their_schools_home() -> None:
    problem = rich()
    amount = np.random.default_rng(4).uniform(0, 9e5, (YEARS, 4, 6))
    found = bought_by_stage(problem, amount)
    for t, stage in itertools.product(range(YEARS), range(2)):
        mine = [s for s in range(6) if PARTS[problem.home[s]][1] == stage]
        assert found[t, stage] == pytest.approx(amount[t][:, mine].sum())
    assert bought_by_stage(rich(), amount).shape == (YEARS, 2)


def _problem(made: Spending, years: int) -> Problem:
    return over_years(lacking(), years, spending=made)


def _only(family: int, made: Spending, **changes: Any) -> Spending:
    asked = np.zeros_like(made.asked)
    asked[family, :, 0] = True
    return made.with_(asked=asked, **changes)


STILL = [[1000.0, 1000.0]] * 3


def test_what_stands_still_is_raised_by_fen_year_after_year() -> None:
    """Operating funds of 1,000 yuan for 100 heads.

    The first year lacks 1,000·2e-9 + 0.01 + 100·2e-9 = 0.0100022: two fen. The second must
    exceed 1,000.02: 0.02 + 0.0100022, that is four fen.
    """
    made = _only(1, spending([[1e6, 1e6]] * 3, STILL))
    extra = settled(_problem(made, 2), np.zeros((2, 4, 2)), np.zeros((2, 2)))
    assert extra.tolist() == [[0.02, 0.0], [0.04, 0.0]]
    # cost per pupil asks for the same of its own: 1,000,000·2e-9 + 0.01 is two fen, then four
    cost = _only(0, spending([[1e6, 1e6]] * 3, STILL))
    extra = settled(_problem(cost, 2), np.zeros((2, 4, 2)), np.zeros((2, 2)))
    assert extra.tolist() == [[0.02, 0.0], [0.04, 0.0]]


def test_of_two_rules_the_larger_lack_counts() -> None:
    """Cost falls by 500 yuan, operating funds by 300: what is on top for one serves the other."""
    for cost, own in ((500.0, 300.0), (300.0, 500.0)):
        made = spending([[1e6, 1e6], [1e6 - cost, 2e6]], [[1000.0, 1000.0], [1000.0 - own, 2000.0]])
        made = made.with_(asked=np.array([[[True, True]], [[True, True]], [[False, False]]]))
        extra = settled(_problem(made, 1), np.zeros((1, 4, 2)), np.zeros((1, 2)))
        assert extra[0, 0] == pytest.approx(500.0, abs=0.03) and extra[0, 0] > 500.0
        assert extra[0, 1] == 0.0


def test_what_was_bought_last_year_must_be_exceeded() -> None:
    """40,000 yuan bought for the first stage in the first year, growth of 30,000 in the second."""
    made = _only(0, spending([[1e6, 1e6], [1.01e6, 1e6], [1.04e6, 1e6]]))
    amount = np.zeros((2, 4, 2))
    amount[0, 1, 1] = 40_000.0
    extra = settled(_problem(made, 2), amount, np.zeros((2, 2)))
    assert extra[0].tolist() == [0.0, 0.0]
    assert 10_000.01 <= extra[1, 0] <= 10_000.03


def _district(less: float, counts: float = 1.0, **changes: Any) -> Spending:
    """The district spends so much less than the year before: 2,000,000 yuan, for 100 heads."""
    made = spending([[1e6, 1e6], [1e6 - less, 1e6]])
    return _only(2, made, counts=np.array([counts]), **changes)


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ((0.0, 0.0), (100.0, 0.0)), ((30.0, 200.0), (0.0, 100.0)), ((30.0, 50.0), (30.0, 70.0)),
        ((60.0, 50.0), (60.0, 40.0)), ((0.0, 5.0), (0.0, 100.0)), ((3.0, 1.0), (100.0, 0.0)),
        ((3.0, 1.5), (98.5, 1.5)), ((40.0, -20.0), (100.0, 0.0)), ((-9.0, -9.0), (100.0, 0.0)),
    ],
)  # fmt: skip
def test_what_the_district_lacks_goes_where_the_solver_gives_it(
    wanted: tuple[float, float], given: tuple[float, float]
) -> None:
    """The larger wish first, up to what is lacking; the rest to it too. A yuan is noise."""
    problem = _problem(_district(100.0), 1)
    extra = settled(problem, np.zeros((1, 4, 2)), np.array([wanted]))
    assert extra.tolist() == [list(given)]
    assert _given(100.0, np.array(wanted)).tolist() == pytest.approx(list(given))


def test_where_training_money_is_saved_the_rest_must_do() -> None:
    """Of a yuan on top 0.8 counts: 100 / 0.8 = 125 yuan."""
    problem = _problem(_district(100.0, 0.8), 1)
    assert settled(problem, np.zeros((1, 4, 2)), np.zeros((1, 2))).tolist() == [[125.0, 0.0]]


def test_what_a_stage_is_given_anyway_is_taken_off_its_wish() -> None:
    """Stage 1 lacks 60 of its own and wishes 80; the district lacks 100 in all.

    40 are missing after the 60: 20 more to stage 1, as wished, and of the rest as the larger
    of what is left of the wishes (15 and 20) says.
    """
    made = spending([[1e6, 1e6], [1e6 - 40, 1e6 - 60]])
    asked = np.array([[[False, True]], [[False, False]], [[True, False]]])
    problem = _problem(made.with_(asked=asked), 1)
    extra = settled(problem, np.zeros((1, 4, 2)), np.array([[15.0, 80.0]]))
    assert extra[0].sum() == pytest.approx(100.0, abs=0.011)
    assert extra[0, 0] == pytest.approx(15.0, abs=0.011)


def test_nothing_is_given_where_nobody_may_be_given_it() -> None:
    problem = _problem(_district(100.0, counted=np.array([[0.0, 100.0]])), 1)
    extra = settled(problem, np.zeros((1, 4, 2)), np.zeros((1, 2)))
    assert extra.tolist() == [[0.0, 0.0]] and not np.signbit(extra).any()
    one = problem.with_(spending=_district(100.0, counted=np.array([[1.0, 0.0]])))
    assert settled(one, np.zeros((1, 4, 2)), np.zeros((1, 2))).tolist() == [[100.0, 0.0]]


def test_what_is_on_top_is_held_per_head() -> None:
    """100 yuan for 100 heads are a yuan each: 50 heads keep 50, 200 heads 200; nobody none."""
    made = _only(2, spending([[1e6, 1e6], [1e6 - 100, 1e6], [2e6, 1e6], [3e6, 1e6]]))
    heads = np.array([[100.0, 100], [50, 100], [200, 0]])
    held = made.with_(held=True, counted=heads)
    problem = _problem(held, 3)
    extra = settled(problem, np.zeros((3, 4, 2)), np.array([[60.0, 40]] * 3))
    assert extra.tolist() == [[60.0, 40.0], [30.0, 40.0], [120.0, 0.0]]
    free = settled(_problem(made, 3), np.zeros((3, 4, 2)), np.array([[60.0, 40]] * 3))
    assert free.tolist() == [[60.0, 40.0], [0.0, 0.0], [0.0, 0.0]]
    # where nobody was last year, nothing has to be held, and what is there falls per head
    after = held.with_(counted=np.array([[100.0, 0], [50, 100], [200, 100]]))
    assert (
        settled(_problem(after, 3), np.zeros((3, 4, 2)), np.array([[60.0, 40]] * 3))[:, 1].any()
        == 0
    )
    gone = np.array([[60.0, 40.0], [30.0, 40.0], [119.0, 0.0]])
    assert broken(problem, np.zeros((3, 4, 2)), extra) == []
    assert broken(problem, np.zeros((3, 4, 2)), gone) == ["held"]
    # 29.995 is within a fen of 30, 29.98 is not
    for amount, fell in ((29.995, []), (29.98, ["held"])):
        less = np.array([[60.0, 40.0], [amount, 40.0], [120.0, 0.0]])
        assert broken(problem, np.zeros((3, 4, 2)), less) == fell
    assert broken(_problem(made, 3), np.zeros((3, 4, 2)), gone) == []


def test_a_district_without_rules_about_spending_has_nothing_on_top() -> None:
    problem = lacking()
    wanted = np.array([[5.0, 7.0]])
    assert settled(problem, np.zeros((1, 4, 2)), wanted).tolist() == [[0.0, 0.0]]
    assert broken(problem, np.zeros((1, 4, 2)), wanted) == []
    assert list(growing(problem, lay_out(problem))) == []


@pytest.mark.parametrize("family", range(3))
def test_a_rule_is_broken_by_more_than_a_hundredth_of_a_fen(family: int) -> None:
    """Room of minus 0.00008 yuan is what arithmetic leaves; minus 0.00015 is missing."""
    made = _only(family, spending([[1e6, 1e6], [2e6, 1e6]], [[1e3, 1e3], [2e3, 1e3]]))
    problem = _problem(made, 1)
    none = np.zeros((1, 4, 2)), np.zeros((1, 2))
    there = room(problem, np.zeros((1, 2)), np.zeros((1, 2)))[family, 0, 0]
    for missing, found in ((8e-5, []), (1.5e-4, [NAMES[family]])):
        less = np.zeros_like(made.less)
        less[family] = -(there + missing)
        tighter = problem.with_(spending=made.with_(less=less))
        assert broken(tighter, *none) == found


def test_amounts_are_rounded_up_to_fen() -> None:
    """A ten-thousandth of a fen is noise: 1.00008 fen are one, 1.00015 are two."""
    yuan = np.array([0.0, 0.0100008, 0.0100015, 3.141, 0.0000008])
    assert np.round(_up(yuan), 4).tolist() == [0.0, 0.01, 0.02, 3.15, 0.0]


@pytest.mark.parametrize("seed", range(4))
def test_what_is_settled_keeps_every_rule_and_a_fen_less_keeps_it_no_more(seed: int) -> None:
    """Everybody may be given more: every rule holds; the fen that are there are needed."""
    full = np.random.default_rng(seed).uniform(400, 800, (YEARS, 2))
    problem = rich(spending=grown(seed, counted=full, held=bool(seed % 2)))
    amount = np.random.default_rng(seed + 50).uniform(0, 4e5, (YEARS, 4, 6))
    extra = settled(problem, amount, np.full((YEARS, 2), 1e4))
    assert broken(problem, amount, extra) == []
    last = extra.copy()
    for stage in np.flatnonzero(extra[-1] > 0.05):
        last[-1] = extra[-1]
        last[-1, stage] -= 0.05
        assert broken(problem, amount, last) != []
