"""From a problem to a decision: whole teachers and rooms, narrower limits, the bound; by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simulator.plan import decide as deciding
from simulator.plan import whole as wholes
from simulator.plan.clean import Paid
from simulator.plan.cone import build_model
from simulator.plan.decide import Decision, _money_bound, decide, failures, levels_of
from simulator.plan.exact import Certified, solve_exact
from simulator.plan.milp import Found
from simulator.plan.problem import INDICATORS, ITEMS, Problem
from simulator.plan.rotation import Move
from simulator.plan.watch import Watch
from simulator.plan.whole import facilities_only, teachers_only, whole_moves, whole_rooms
from tests.plan.guarding import lacking, over_years, rich, standards_of, taken
from tests.plan.making import simple, spending

ROOMS = ITEMS.index("multimedia_rooms")


def _rotating(**changes: Any) -> Problem:
    """4 and 8 backbone teachers at two schools of 400; 1.4 a hundred are 5.6, so 2 or 1.6 move."""
    given: dict[str, Any] = {
        "standard": standards_of(backbone=1.4), "rotation_cap": np.array([4.0]),
        "backbone_cap": np.array([4.0]), "whole": True, "most_teachers": np.full(2, 30.0),
    }  # fmt: skip
    return simple([400.0, 400.0], {"backbone": [1.0, 2.0]}, **{**given, **changes})


def test_teachers_and_facilities_are_problems_of_their_own() -> None:
    problem = rich()
    teachers, facilities = teachers_only(problem), facilities_only(problem)
    for name in ("standard", "limit"):
        mine = getattr(problem, name)
        for part, kept in ((teachers, slice(0, 3)), (facilities, slice(3, 7))):
            found = np.full_like(mine, np.nan)
            found[:, :, kept] = mine[:, :, kept]
            assert np.array_equal(getattr(part, name), found, equal_nan=True)
    assert not teachers.may_buy.any() and np.isnan(teachers.fixed_buy).all()
    assert teachers.spending is None and facilities.spending is problem.spending
    assert not facilities.may_move.any() and np.isnan(facilities.fixed_move).all()
    assert np.array_equal(teachers.fixed_move, problem.fixed_move, equal_nan=True)


def test_whole_teachers_move_and_parts_of_teachers_where_asked() -> None:
    """5.6 of 4: 1.6 in parts; two in whole persons."""
    chosen = np.zeros((2, 7))
    net = whole_moves(_rotating(chosen=chosen), Watch())
    assert net is not None and net[1, :, 0].tolist() == [2.0, -2.0] and not net[[0, 2]].any()
    parts = whole_moves(_rotating(chosen=chosen, whole=False), Watch())
    assert parts is not None and parts[1, :, 0].tolist() == pytest.approx([1.6, -1.6], abs=1e-5)
    assert whole_moves(_rotating(chosen=chosen, backbone_cap=np.array([1.0])), Watch()) is None
    # 1.7 would do in parts, but one whole person is too few
    few = _rotating(chosen=chosen, backbone_cap=np.array([1.7]))
    assert whole_moves(few, Watch()) is None
    assert whole_moves(few.with_(whole=False), Watch()) is not None


def test_where_nobody_may_move_the_rules_must_hold_as_it_is() -> None:
    still = _rotating(chosen=np.zeros((2, 7)), may_move=np.zeros((3, 2), dtype=bool))
    assert whole_moves(still, Watch()) is None
    enough = still.with_(standard=standards_of(backbone=0.9))
    net = whole_moves(enough, Watch())
    assert net is not None and net.tolist() == np.zeros((3, 2, 1)).tolist()
    later = over_years(lacking(chosen=np.zeros((2, 7))), 3, start=np.array([1, 2]))
    net = whole_moves(later, Watch())
    assert net is not None and net.shape == (3, 2, 2)
    # nothing is looked at: still one step, and a program of nothing at all
    none = lacking(chosen=np.zeros((2, 7)), target=1, start=np.ones(2, dtype=int))
    net = whole_moves(none, Watch())
    assert net is not None and net.tolist() == np.zeros((3, 2, 1)).tolist()


def test_limits_on_whole_teachers_have_a_ten_thousandth_of_room() -> None:
    """4 and 8 of 400: (8 − 4)/12 is a third. A limit of exactly a third lets nobody stay."""
    exact = _rotating(chosen=np.zeros((2, 7)), standard=np.full((1, 2, 7), np.nan))
    for limit, moved in ((1 / 3, 1.0), (1 / 3 * 1.00005, 1.0), (1 / 3 * 1.00015, 0.0)):
        net = whole_moves(exact.with_(limit=standards_of(backbone=limit)), Watch())
        assert net is not None and net[1, 0, 0] == moved
    # in parts there is no need of it
    parts = exact.with_(limit=standards_of(backbone=1 / 3), whole=False)
    net = whole_moves(parts, Watch())
    assert net is not None and net[1, 0, 0] == pytest.approx(0.0, abs=1e-4)


def _rooms(**changes: Any) -> Problem:
    """2 rooms for each of 100 pupils and 300; 2.35 a hundred are 0.35 and 1.05 rooms short."""
    given = {"standard": standards_of(multimedia_rooms=2.35), "whole": True,
             "chosen": np.zeros((2, 7)), "price": np.full((1, 4), 40_000.0)}  # fmt: skip
    return simple([100.0, 300.0], {"multimedia_rooms": [2.0, 2.0]}, **{**given, **changes})


def test_rooms_are_whole_where_they_cannot_be_split() -> None:
    found = whole_rooms(_rooms(), 1e-6, Watch())
    assert found is not None and found[0, ROOMS].tolist() == [1.0, 2.0]
    assert np.isnan(found[0, :ROOMS]).all()
    parts = whole_rooms(_rooms(whole=False), 1e-6, Watch())
    assert parts is not None and np.isnan(parts).all()
    assert whole_rooms(_rooms(envelope=np.array([100_000.0])), 1e-6, Watch()) is None
    # in money of 115,000 the 2.87 rooms of a limit would fit, three whole ones do not
    fixed = np.full((1, 4, 2), np.nan)
    fixed[0, ROOMS, 1] = 5.0
    found = whole_rooms(_rooms(fixed_buy=fixed), 1e-6, Watch())
    assert found is not None and found[0, ROOMS].tolist() == [1.0, 5.0]
    # the problem's own array is left alone
    assert np.isnan(fixed[0, ROOMS, 0])


def test_rooms_of_each_year_are_reckoned_at_its_price() -> None:
    """Later rooms are cheaper: all are bought in the last year, in whole ones."""
    problem = over_years(_rooms(), 2, price=np.array([[4e4] * 4, [3e4] * 4]))
    found = whole_rooms(problem, 1e-6, Watch())
    assert found is not None and found[:, ROOMS].tolist() == [[0.0, 0.0], [1.0, 2.0]]
    early = whole_rooms(problem.with_(price=problem.price[::-1].copy()), 1e-6, Watch())
    assert early is not None and early[:, ROOMS].tolist() == [[1.0, 2.0], [0.0, 0.0]]


def test_limits_on_rooms_have_a_ten_thousandth_of_room() -> None:
    """Pupils 100 each with 2 and 4 rooms: (4 − 2)/6 is a third; one more room is a seventh."""
    base = simple(
        [100.0, 100.0], {"multimedia_rooms": [2.0, 4.0]}, whole=True, chosen=np.zeros((2, 7))
    )
    for limit, bought in ((1 / 3, 1.0), (1 / 3 * 1.00005, 1.0), (1 / 3 * 1.00015, 0.0)):
        found = whole_rooms(base.with_(limit=standards_of(multimedia_rooms=limit)), 1e-6, Watch())
        assert found is not None and found[0, ROOMS, 0] == bought


def _mixed(monkeypatch: pytest.MonkeyPatch, *answers: Found) -> list[tuple[float, int]]:
    """The mixed search says these in turn; (gap, tangents known) of each call are kept."""
    calls: list[tuple[float, int]] = []

    def said(model: Any, cuts: Any, whole: Any, gap: float, watch: Any, **_: Any) -> Found:
        calls.append((gap, len(cuts.slope)))
        return answers[min(len(calls), len(answers)) - 1]

    monkeypatch.setattr(wholes, "solve_mixed", said)
    return calls


def _limited() -> Problem:
    return simple([100.0, 100.0], {"multimedia_rooms": [2.0, 4.0]}, whole=True,
                  chosen=np.zeros((2, 7)), limit=standards_of(multimedia_rooms=0.2))  # fmt: skip


def test_tangents_are_added_until_every_limit_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six cuts at first, two more each round; after 25 rounds it is given up."""
    model = build_model(facilities_only(_limited()))
    values = np.ones(model.layout.size)
    values[model.layout.level[0, ROOMS + 3]] = [1.0, 3.0]
    values[model.layout.mean[0, 0, ROOMS + 3]] = 2.0
    calls = _mixed(monkeypatch, Found("optimal", values, 1.0, 1.0))
    assert whole_rooms(_limited(), 0.5, Watch()) is None
    assert len(calls) == 25 and {gap for gap, _ in calls} == {0.1}
    assert [cuts for _, cuts in calls] == [12 + 2 * n for n in range(25)]


@pytest.mark.parametrize(("over", "rounds"), [(0.4e-4, 1), (0.6e-4, 25)])
def test_half_of_the_room_may_be_used_up(
    monkeypatch: pytest.MonkeyPatch, over: float, rounds: int
) -> None:
    """A spread of 0.2·(1 − 0.0001)·(1 + over) beside a mean of 1."""
    model, spread = build_model(facilities_only(_limited())), 0.2 * (1 - 1e-4) * (1 + over)
    values = np.ones(model.layout.size)
    values[model.layout.level[0, ROOMS + 3]] = [1 - spread, 1 + spread]
    calls = _mixed(monkeypatch, Found("optimal", values, 1.0, 1.0))
    assert (whole_rooms(_limited(), 0.5, Watch()) is None) == (rounds == 25)
    assert len(calls) == rounds


def test_an_impossible_search_for_whole_ones_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for status in ("infeasible", "unknown"):
        calls = _mixed(monkeypatch, Found(status, np.zeros(0), np.inf, np.inf))
        assert whole_rooms(_limited(), 0.5, Watch()) is None and len(calls) == 1
    calls = _mixed(monkeypatch, Found("infeasible", np.zeros(0), np.inf, np.inf))
    assert whole_moves(_rotating(chosen=np.zeros((2, 7))), Watch()) is None
    assert calls == [(1e-4, 0)]  # moves are searched to a ten-thousandth


def test_the_bound_in_yuan_leaves_the_effort_of_moving_out() -> None:
    """5 万元 less two tenths of a yuan for each of 12 who may move: 49,997.6 yuan."""
    relaxed = solve_exact(lacking(), 1e-6, Watch()).relaxed
    certified = Certified("optimal", None, relaxed, 5.0, 0)
    problem = over_years(lacking(), 2, rotation_cap=np.array([4.0, 8.0]))
    assert _money_bound(problem, certified) == pytest.approx(49_997.6)
    wide = problem.with_(rotation_cap=np.array([4.0, np.inf]))
    assert _money_bound(wide, certified) == pytest.approx(49_999.2)
    assert _money_bound(problem, replace(certified, bound=1e-5)) == 0.0
    assert _money_bound(problem, replace(certified, bound=3e-4)) == pytest.approx(0.6)


def test_a_decision_has_its_cost_its_gap_and_its_levels() -> None:
    found = decide(lacking(), 1e-6, Watch())
    assert found.cost == 50_000.0 and found.gap == pytest.approx(0.0, abs=1e-6)
    assert replace(found, bound=45_000.0).gap == pytest.approx(0.1)
    assert found.levels()[0, 3].tolist() == pytest.approx([4.5, 5.0])
    none = replace(found, paid=None)
    assert none.cost == np.inf and none.gap == np.inf
    problem = _rotating()
    paid = Paid(np.zeros((1, 4, 2)), np.zeros((1, 4, 2)), np.zeros((1, 2)))
    levels = levels_of(problem, paid, (Move(1, 1, 0, 0, 2.0),))
    assert levels[0, 1].tolist() == [1.5, 1.5] and levels.shape == (1, 7, 2)


def test_what_costs_more_than_the_gap_allows_is_a_plan_without_proof() -> None:
    """0.35 rooms are needed, one is bought: 40,000 against 14,000 yuan, 65% apart."""
    problem = simple(
        [100.0],
        {"multimedia_rooms": [2.0]},
        standard=standards_of(multimedia_rooms=2.35),
        price=np.full((1, 4), 40_000.0),
    )
    whole = problem.with_(whole=True)
    found = decide(whole, 1e-3, Watch())
    assert found.status == "optimal" and found.cost == 40_000.0  # thresholds are whole already
    made = replace(found, bound=14_000.0)
    assert made.gap == pytest.approx(0.65)


def _finishing(monkeypatch: pytest.MonkeyPatch, fails: int) -> list[float]:
    """The finish fails so many times; what is returned fills with the limits that were tried."""
    real, tried = deciding._finished, []

    def finished(problem: Problem, certified: Certified, gap: float, watch: Watch) -> Any:
        model = certified.answer.model  # type: ignore[union-attr]
        tried.append(float(model.problem.limit[0, 0, 3]))
        return None if len(tried) <= fails else real(problem, certified, gap, watch)

    monkeypatch.setattr(deciding, "_finished", finished)
    return tried


@pytest.mark.parametrize("fails", range(5))
def test_narrower_limits_are_tried_where_whole_units_do_not_fit(
    monkeypatch: pytest.MonkeyPatch, fails: int
) -> None:
    """A limit of 0.2, and 99.5%, 98% and 95% of it; the bound stays that of the first.

    a ≥ 6·(1 − c)/(1 + c) for a coefficient c: 4 at 0.2.
    """
    problem = simple([100.0, 100.0], {"teaching_area": [2.0, 6.0]},
                     limit=standards_of(teaching_area=0.2))  # fmt: skip
    tried = _finishing(monkeypatch, fails)
    found = decide(problem, 1e-4, Watch())
    limits = [0.2, 0.2 * 0.995, 0.2 * 0.98, 0.2 * 0.95][: fails + 1]
    assert tried == pytest.approx(limits, abs=1e-12)
    assert found.bound == pytest.approx(200_000.0, rel=1e-4) and found.problem is problem
    if fails == 4:
        assert (found.status, found.paid, found.cost) == ("stopped", None, np.inf)
    else:
        assert found.paid is not None and found.status == (
            "optimal" if fails == 0 else found.status
        )
        assert found.bound <= found.cost


def test_an_impossible_problem_is_not_tried_with_narrower_limits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried = _finishing(monkeypatch, 0)
    found = decide(lacking(envelope=np.array([40_000.0])), 1e-4, Watch())
    assert found.status == "infeasible" and tried == [] and found.paid is None


def test_exemptions_that_are_not_needed_in_the_end_are_not_told() -> None:
    """0.35 rooms short where exempt or not: one whole room reaches the standard of both."""
    problem = simple([100.0], {"multimedia_rooms": [2.0], "teaching_area": [4.0]}, whole=True,
                     standard=standards_of(multimedia_rooms=2.9, teaching_area=4.5),
                     exemptions=np.full(1, 2))  # fmt: skip
    found = decide(problem, 1e-6, Watch())
    # 2.9·0.85 = 2.465: a room in any case; area stops at 4.0 over 3.825
    assert found.chosen is not None and found.cost == 1000.0
    assert [INDICATORS[i] for i in np.flatnonzero(found.chosen[0])] == ["teaching_area"]
    for short, needed in ((0.8e-9, 0.0), (1.5e-9, 1.0)):
        levels = found.problem.base.copy()
        levels[0, 3] = 4.5 * (1 - short)
        # bought in whole steps, the next hundredth of a m² would be asked for instead
        near = problem.with_(base=levels, chosen=None, whole=False)
        paid = Paid(np.zeros((1, 4, 1)), np.zeros((1, 4, 1)), np.zeros((1, 2)))
        assert deciding._used(near, paid, [])[0, 3] == needed


def _sound() -> Decision:
    found = decide(lacking(exemptions=np.ones(2, dtype=np.intp)), 1e-6, Watch())
    assert list(failures(found)) == []
    return found


def test_each_rule_of_a_decision_that_is_broken_is_told() -> None:
    found = _sound()
    assert found.paid is not None and found.chosen is not None
    # 3.825 would do where exempt, 4.0 are there: nothing is bought; without the exemption it lacks
    assert found.cost == 0.0 and found.chosen.sum() == 1
    assert list(failures(replace(found, chosen=np.zeros((2, 7))))) == ["standard"]
    two = found.chosen.copy()
    two[0, :5] = 1.0
    assert list(failures(replace(found, chosen=two))) == ["one_exempt"]
    tight = found.problem.with_(limit=standards_of(teaching_area=0.01))
    assert list(failures(replace(found, problem=tight))) == ["cv"]
    moved = (Move(0, 0, 1, 0, 1.0),)
    assert list(failures(replace(found, moves=moved))) == ["rotation"]
    poor = found.problem.with_(envelope=np.array([-1.0]))
    assert list(failures(replace(found, problem=poor))) == ["money"]
    falls = found.problem.with_(
        spending=spending([[1e6, 1e6], [5e5, 1e6]], [[1e3, 1e3], [2e3, 2e3]])
    )
    named = list(failures(replace(found, problem=falls)))
    assert named == ["growth_per_pupil", "no_fall_per_pupil"]
    for nothing in (replace(found, paid=None), replace(found, chosen=None)):
        assert list(failures(nothing)) == []


def test_the_work_is_told_as_it_goes() -> None:
    told: list[tuple[str, float]] = []
    decide(lacking(), 1e-6, Watch(progress=lambda step, share, known: told.append((step, share))))
    assert told == [
        ("plan.step.relaxed", 0.05),
        ("plan.step.whole", 0.75),
        ("plan.step.payable", 0.8),
    ]
    assert taken(np.array([-1, 0]), np.array([7.0])).tolist() == [0.0, 7.0]
