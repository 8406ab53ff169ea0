"""Rules about spending, caps, years and priorities in plans worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulator.plan.clean import Paid
from simulator.plan.conflict import find_conflict
from simulator.plan.decide import Decision, decide, failures
from simulator.plan.growing import room, settled
from simulator.plan.prices import loosened, prices_of
from simulator.plan.problem import ITEMS, KINDS, Problem, Rule, discounts
from simulator.plan.rotation import pair_moves
from simulator.plan.spending import Spending
from simulator.plan.watch import Watch
from tests.plan.guarding import over_years
from tests.plan.making import asked, simple, spending

TEACHING, SPORTS = ITEMS.index("teaching_area"), ITEMS.index("sports_area")
#: One fen, and what the engine takes for equal of 100 heads at some 10,000 yuan each.
FEN = pytest.approx(0.015, abs=0.01)
#: Yuan that rounding to steps at these prices is left to move in.
ROOM = 50.0


def _lacking(**changes: Any) -> Problem:
    """100 pupils who lack 50 m² at 1,000 yuan: 50,000 yuan."""
    given = {"standard": asked("teaching_area", 4.5), **changes}
    return simple([100.0, 100.0], {"teaching_area": [4.0, 5.0]}, **given)


def _decided(problem: Problem) -> Decision:
    found = decide(problem, 1e-6, Watch())
    assert list(failures(found)) == [] and found.paid is not None
    return found


def _paid(problem: Problem) -> Paid:
    paid = _decided(problem).paid
    assert paid is not None
    return paid


COST = [[1_000_000.0, 500_000.0], [1_010_000.0, 505_000.0], [1_020_000.0, 510_000.0]]


def test_what_is_bought_in_one_year_must_be_exceeded_in_the_next() -> None:
    """50,000 in 2026 leave 1,060,000; 2027 has 1,020,000 and needs 40,000 more, and a fen."""
    early = over_years(
        _lacking(), 2, spending=spending(COST), target=0, start=np.zeros(2, dtype=int)
    )
    paid = _paid(early)
    assert paid.amount[:, TEACHING].sum(axis=1).tolist() == [50_000.0, 0.0]
    assert paid.extra[0].tolist() == [0.0, 0.0]
    assert paid.extra[1, 0] - 40_000 == FEN and paid.extra[1, 1] == 0
    # where it may wait until the last year, nothing comes after it
    dearer = np.array([1.0, 0.9])
    late = _paid(over_years(_lacking(), 2, spending=spending(COST), discount=dearer))
    assert late.amount[:, TEACHING].sum(axis=1).tolist() == [0.0, 50_000.0]
    assert not late.extra.any()


def test_more_or_fewer_pupils_move_what_must_be_exceeded() -> None:
    """1,060,000 for 100 heads are 10,600 each: 90 heads ask for 954,000, 110 for 1,166,000."""
    for heads, lacking in ((90.0, 0.0), (110.0, 146_000.0)):
        counted = np.full((3, 3, 2), 100.0)
        counted[:, 2] = heads
        made = spending(COST).with_(heads=counted)
        made = made.with_(asked=made.asked & (np.arange(3) < 1)[:, np.newaxis, np.newaxis])
        problem = over_years(_lacking(), 2, spending=made, target=0, start=np.zeros(2, dtype=int))
        assert _paid(problem).extra[1, 0] == pytest.approx(lacking, abs=0.05)


def test_operating_funds_that_stand_still_are_raised_by_a_fen() -> None:
    made = spending(COST, [[200_000.0, 90_000.0], [200_000.0, 80_000.0], [210_000.0, 95_000.0]])
    paid = _paid(over_years(_lacking(standard=asked("teaching_area", 1.0)), 2, spending=made))
    assert not paid.amount.any()
    assert paid.extra[0, 0] == FEN and paid.extra[0, 0] > 0
    # junior funds fall by 10,000 and are made up for; the next year's rise by themselves,
    # but cost per pupil was 515,000 and would be 510,000
    assert paid.extra[0, 1] - 10_000 == FEN and paid.extra[1, 0] == 0
    assert paid.extra[1, 1] == pytest.approx(5_000, abs=0.05)


def test_what_the_district_spends_must_not_fall_and_may_stand_still() -> None:
    falling = [[1_000_000.0, 500_000.0], [990_000.0, 500_000.0], [990_000.0, 500_000.0]]
    made = spending(falling)
    only = made.asked.copy()
    only[:2] = False
    paid = _paid(over_years(_lacking(), 2, spending=made.with_(asked=only)))
    # a fifth of what is lacking is bought a year early, which costs nothing more
    assert not paid.extra.any()
    assert paid.amount.sum() == 50_000
    assert 10_000 <= paid.amount[0].sum() <= 40_000


def test_where_training_money_is_saved_only_the_rest_counts() -> None:
    """A yuan above the formula saves 5 fen of the bureau's fund: 10,000 ÷ 0.95."""
    made = spending([[1_000_000.0, 500_000.0], [990_000.0, 500_000.0]], counts=np.array([0.95]))
    only = made.asked.copy()
    only[:2] = False
    problem = _lacking(standard=asked("teaching_area", 1.0), spending=made.with_(asked=only))
    assert _paid(problem).extra.sum() == pytest.approx(10_000 / 0.95, abs=0.01)


def test_what_is_on_top_does_not_fall_per_head_where_that_is_held() -> None:
    """10,000 for 100 heads in 2026; 90 heads in 2027 keep 100 yuan each: 9,000."""
    made = spending(COST, [[200_000.0, 1.0], [190_000.0, 2.0], [300_000.0, 3.0]])
    only = made.asked.copy()
    only[[0, 2]] = False
    counted = np.array([[100.0, 100.0], [90.0, 100.0]])
    for held, second in ((False, 0.0), (True, 9_000.0)):
        problem = over_years(_lacking(standard=asked("teaching_area", 1.0)), 2,
                         spending=made.with_(held=held, counted=counted, asked=only))  # fmt: skip
        paid = _paid(problem)
        assert paid.extra[0, 0] - 10_000 == FEN
        assert paid.extra[1, 0] == pytest.approx(second, abs=0.03)


def test_where_nobody_may_be_given_more_only_purchases_can_keep_the_rule() -> None:
    nobody = spending(COST, counted=np.zeros((2, 2)))
    only = nobody.asked.copy()
    only[1:] = False
    nobody = nobody.with_(asked=only)
    problem = over_years(_lacking(), 2, spending=nobody, target=0, start=np.zeros(2, dtype=int))
    paid = _paid(problem)
    assert not paid.extra.any()
    assert paid.amount.sum(axis=(1, 2)) == pytest.approx([50_000, 40_000], abs=ROOM)
    caps = np.full((2, 4), np.inf)
    caps[1] = 0.0
    still = problem.with_(item_cap=caps)
    assert decide(still, 1e-6, Watch()).status == "infeasible"
    conflict = find_conflict(still, Watch())
    assert conflict is not None
    assert Rule("growth_per_pupil", "primary", "", 2027) in conflict.rules


def test_money_for_it_counts_in_the_money_of_the_year() -> None:
    """50,000 to buy in 2026, 40,000 on top in 2027: 39,990 are not enough."""
    early = over_years(
        _lacking(), 2, spending=spending(COST), target=0, start=np.zeros(2, dtype=int)
    )
    assert _decided(early.with_(envelope=np.array([50_050.0, 40_050.0]))).paid is not None
    poor = early.with_(envelope=np.array([50_050.0, 39_990.0]))
    assert decide(poor, 1e-6, Watch()).status == "infeasible"
    saved = poor.with_(envelope=np.array([50_100.0, 39_990.0]), carry_over=True)
    assert _decided(saved).paid is not None
    conflict = find_conflict(poor, Watch())
    assert conflict is not None
    assert {r.family for r in conflict.rules} >= {"money", "standard", "growth_per_pupil"}


def test_the_price_of_a_rule_about_spending_is_what_loosening_it_saves() -> None:
    made = spending(COST)
    only = made.asked.copy()
    only[1:] = False
    early = over_years(_lacking(), 2, spending=made.with_(asked=only), target=0,
                   start=np.zeros(2, dtype=int))  # fmt: skip
    chosen = early.with_(chosen=np.zeros((2, 7)))
    price = next(p for p in prices_of(chosen) if p.rule.family == "growth_per_pupil")
    assert price.rule == Rule("growth_per_pupil", "primary", "", 2027)
    assert price.saving == pytest.approx(10_000, rel=1e-3)  # of 万元, in yuan
    paid = _paid(loosened(early, price.rule, 1.0))
    assert paid.extra[1, 0] == pytest.approx(30_000, abs=ROOM)


def test_amounts_on_top_follow_purchases_to_the_fen() -> None:
    made: Spending = spending(COST)
    problem = over_years(_lacking(), 2, spending=made)
    amount = np.zeros((2, 4, 2))
    amount[0, TEACHING, 0] = 33_333.33
    extra = settled(problem, amount, np.zeros((2, 2)))
    assert extra[0].tolist() == [0, 0] and extra[1, 0] - (33_333.33 - 10_000) == FEN
    kept = room(problem, np.array([[33_333.33, 0.0], [0.0, 0.0]]), extra)
    assert np.nanmin(kept) > -1e-6
    less = room(
        problem, np.array([[33_333.33, 0.0], [0.0, 0.0]]), extra - np.array([[0, 0], [0.02, 0]])
    )
    assert np.nanmin(less) < 0


def test_the_first_planned_year_counts_in_full() -> None:
    assert discounts(0.03, 3).tolist() == [1.0, 1 / 1.03, 1 / 1.03**2]
    first = over_years(_lacking(), 2, target=0, start=np.zeros(2, dtype=int),
                   discount=discounts(0.25, 2))  # fmt: skip
    assert _decided(first).cost == 50_000.0
    # at 25% a year what is bought a year later counts four fifths
    assert _decided(first.with_(target=1, start=np.ones(2, dtype=int))).cost == 40_000.0


def test_a_cap_on_an_item_holds_in_its_own_year_and_for_its_own_item() -> None:
    caps = np.full((2, 4), np.inf)
    caps[1, TEACHING] = 20_000.0
    capped = over_years(_lacking(), 2, item_cap=caps, discount=np.array([1.0, 0.5]))
    paid = _paid(capped)
    assert paid.amount[:, TEACHING].sum(axis=1) == pytest.approx([30_000, 20_000], abs=ROOM)
    assert paid.amount[1, TEACHING].sum() <= 20_000
    other = np.full((2, 4), np.inf)
    other[:, SPORTS] = 0.0
    free = _paid(capped.with_(item_cap=other))
    assert free.amount[:, TEACHING].sum(axis=1).tolist() == [0.0, 50_000.0]
    tight = capped.with_(item_cap=np.full((2, 4), 20_000.0))
    assert decide(tight, 1e-6, Watch()).status == "infeasible"
    conflict = find_conflict(tight, Watch())
    assert conflict is not None
    assert {r.family for r in conflict.rules} >= {"item_cap", "standard"}


def test_a_cap_on_a_school_holds_over_all_years() -> None:
    school = np.array([49_000.0, np.inf])
    assert (
        decide(over_years(_lacking(), 2, school_cap=school), 1e-6, Watch()).status == "infeasible"
    )
    assert _decided(over_years(_lacking(), 2, school_cap=school + 1_000 + ROOM)).cost == 50_000.0


def test_weak_schools_are_served_first() -> None:
    """Two schools take one teacher a year: the weak one in the first year, though it takes less."""
    kind, weak = KINDS.index("higher_degree"), np.array([False, True, False])
    problem = over_years(
        simple([100.0] * 3, {"higher_degree": [1.0, 1.0, 9.0]}, whole=True,
               rotation_cap=np.array([1.0]), weak=weak), 3,
    )  # fmt: skip
    net = np.zeros((3, 3, 1))
    net[kind, :, 0] = [2.0, 1.0, -3.0]
    years = {(m.taker, m.year): m.teachers for m in pair_moves(problem, net)}
    assert years == {(1, 0): 1.0, (0, 1): 1.0, (0, 2): 1.0}
    strong = problem.with_(weak=np.array([True, False, False]))
    years = {(m.taker, m.year): m.teachers for m in pair_moves(strong, net)}
    assert years == {(0, 0): 1.0, (0, 1): 1.0, (1, 2): 1.0}


def test_a_school_that_is_not_evaluated_gives_teachers() -> None:
    """8 backbone teachers for 400 pupils are 2 a hundred; 4 are 1; the third school has 10."""
    given: dict[str, Any] = {
        "standard": asked("backbone", 2.0), "rotation_cap": np.array([4.0]), "whole": True,
        "backbone_cap": np.array([4.0]), "most_teachers": np.full(3, 30.0),
    }  # fmt: skip
    problem = simple([400.0, 400.0, 400.0], {"backbone": [1.0, 2.0, 2.5]}, **given)
    out = np.array([[True, True, False]])
    asked_of = problem.with_(
        scope=out, factor=problem.factor * out, base=problem.base * out,
        pupils=problem.pupils * out,
    )  # fmt: skip
    moves = [(m.giver, m.taker, m.teachers) for m in _decided(asked_of).moves]
    assert moves == [(2, 0, 4.0)]
    # never more than it has, nor where its teachers are not known
    few = asked_of.with_(teachers=np.where(out, problem.teachers, 3.0))
    assert decide(few, 1e-6, Watch()).status == "infeasible"
    unknown = asked_of.with_(teachers=np.where(out, problem.teachers, np.nan))
    assert decide(unknown, 1e-6, Watch()).status == "infeasible"
