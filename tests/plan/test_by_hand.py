"""Small plans worked out by hand: what is bought, who moves, and when there is no way."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.errors import JunhengError
from simulator.plan.conflict import find_conflict
from simulator.plan.decide import Decision, decide, failures
from simulator.plan.objectives import earliest, least_cost, most_equal
from simulator.plan.problem import ITEMS, KINDS, Problem
from simulator.plan.watch import Watch
from tests.plan.making import asked, simple

TEACHING = ITEMS.index("teaching_area")
ROOMS = ITEMS.index("multimedia_rooms")


def _decided(problem: Problem) -> Decision:
    found = decide(problem, 1e-6, Watch())
    assert list(failures(found)) == []
    return found


def test_a_school_below_the_standard_gets_what_it_lacks() -> None:
    """100 pupils × (4.5 − 4.0) m² × 1,000 yuan = 50,000 yuan; the other school nothing."""
    problem = simple([100.0, 200.0], {"teaching_area": [4.0, 5.0]},
                     standard=asked("teaching_area", 4.5))  # fmt: skip
    found = _decided(problem)
    assert found.paid is not None and found.status == "optimal"
    assert found.paid.units[0, TEACHING].tolist() == [50.0, 0.0]
    assert found.paid.amount[0, TEACHING].tolist() == [50_000.0, 0.0]
    assert found.cost == 50_000.0


def test_an_exempt_school_stops_at_85_percent() -> None:
    """0.85 × 4.5 = 3.825 m²: 100 × (3.825 − 3.0) = 82.5 m²."""
    problem = simple([100.0], {"teaching_area": [3.0]}, standard=asked("teaching_area", 4.5),
                     exemptions=np.ones(1, dtype=np.intp))  # fmt: skip
    found = _decided(problem)
    assert found.paid is not None
    assert found.paid.units[0, TEACHING, 0] == pytest.approx(82.5)


def test_the_one_exemption_goes_where_it_saves_most() -> None:
    """Area lacks 50 m² at 1,000; sports 200 m² at 1,000: the exemption goes to sports."""
    standard = asked("teaching_area", 4.5)
    standard = np.where(np.isnan(standard), asked("sports_area", 8.0), standard)
    problem = simple(
        [100.0], {"teaching_area": [4.0], "sports_area": [6.0]}, standard=standard,
        exemptions=np.ones(1, dtype=np.intp),
    )  # fmt: skip
    found = _decided(problem)
    # sports: 0.85 × 8 = 6.8, so 80 m²; area in full: 50 m²
    assert found.cost == pytest.approx(130_000.0)
    assert found.chosen is not None
    assert found.chosen.sum() == 1 and found.chosen[0, 4] == 1


def test_a_limit_alone_raises_the_lower_school() -> None:
    """Two schools of equal size at a and b: CV = |b − a|/(a + b) ≤ 0.2 gives a ≥ b·0.8/1.2.

    b = 6 and a = 2: a must reach 4, so 2 m² for each of 100 pupils.
    """
    problem = simple([100.0, 100.0], {"teaching_area": [2.0, 6.0]},
                     limit=asked("teaching_area", 0.2))  # fmt: skip
    found = _decided(problem)
    assert found.cost == pytest.approx(200 * 1000.0, rel=1e-4)
    levels = found.levels()[0, 3]
    assert levels[0] == pytest.approx(4.0, abs=1e-3)
    assert (levels[1] - levels[0]) / (levels[0] + levels[1]) <= 0.2 + 1e-9


def test_rooms_are_whole() -> None:
    """2.3 rooms for 100 pupils, two there: one more room, not 0.3 of one."""
    problem = simple([100.0], {"multimedia_rooms": [2.0]}, standard=asked("multimedia_rooms", 2.3),
                     whole=True)  # fmt: skip
    found = _decided(problem)
    assert found.paid is not None
    assert found.paid.units[0, ROOMS, 0] == 1.0 and found.cost == 1000.0


def _rotating(**changes: object) -> Problem:
    """4 and 8 backbone teachers at two schools of 400 pupils; the standard asks for 1.5 a 100."""
    given: dict[str, object] = {
        "standard": asked("backbone", 1.5), "rotation_cap": np.array([4.0]),
        "backbone_cap": np.array([4.0]), "whole": True, "most_teachers": np.full(2, 30.0),
    }  # fmt: skip
    return simple([400.0, 400.0], {"backbone": [1.0, 2.0]}, **{**given, **changes})


def test_teachers_move_from_the_school_that_has_more() -> None:
    found = _decided(_rotating())
    kind = KINDS.index("backbone")
    moves = [(m.kind, m.giver, m.taker, m.teachers) for m in found.moves]
    assert moves == [(kind, 1, 0, 2.0)] and found.cost == 0.0


def test_no_more_teachers_move_than_may() -> None:
    """Two are needed and one may go: no plan, and the cap is named."""
    problem = _rotating(backbone_cap=np.array([1.0]))
    assert decide(problem, 1e-6, Watch()).status == "infeasible"
    conflict = find_conflict(problem, Watch())
    assert conflict is not None
    assert [rule.family for rule in conflict.rules] == ["backbone", "standard"]


def test_what_takes_two_years_is_bought_two_years_before() -> None:
    """Three years, a lead of two: only the first year's money helps the last."""
    two = [{"teaching_area": [4.0, 5.0]}] * 3
    base = simple([100.0, 200.0], two[0])
    repeat = {
        name: np.repeat(getattr(base, name), 3, axis=0)
        for name in ("pupils", "scope", "factor", "base", "price", "fixed_buy", "exempt_share")
    }
    problem = base.with_(
        years=(2026, 2027, 2028), **repeat, standard=asked("teaching_area", 4.5, 3),
        limit=np.full((3, 2, 7), np.nan), discount=np.array([1.0, 0.9, 0.8]),
        envelope=np.full(3, 60_000.0), rotation_cap=np.zeros(3), backbone_cap=np.zeros(3),
        item_cap=np.full((3, 4), np.inf), lead=np.array([2, 0, 0, 0]), target=2,
        start=np.full(2, 2),
    )  # fmt: skip
    found = _decided(problem)
    assert found.paid is not None
    assert found.paid.amount[:, TEACHING, 0].tolist() == [50_000.0, 0.0, 0.0]
    late = problem.with_(envelope=np.array([0.0, 60_000.0, 60_000.0]))
    assert decide(late, 1e-6, Watch()).status == "infeasible"
    at_once = _decided(late.with_(lead=np.zeros(4, dtype=np.intp)))
    # later money counts less: 50,000 × 0.8
    assert at_once.cost == pytest.approx(40_000.0)
    assert earliest(problem, 1e-6, Watch()).value == 2028
    assert earliest(problem, 1e-6, Watch()).impossible_years == (2026, 2027)


def test_money_of_one_year_cannot_be_spent_in_another_unless_it_is_carried_over() -> None:
    base = simple([100.0], {"teaching_area": [4.0]})
    repeat = {
        name: np.repeat(getattr(base, name), 2, axis=0)
        for name in ("pupils", "scope", "factor", "base", "price", "fixed_buy", "exempt_share")
    }
    problem = base.with_(
        years=(2026, 2027), **repeat, standard=asked("teaching_area", 5.0, 2),
        limit=np.full((2, 2, 7), np.nan), discount=np.ones(2),
        envelope=np.array([60_000.0, 60_000.0]), rotation_cap=np.zeros(2),
        backbone_cap=np.zeros(2), item_cap=np.array([[0.0] * 4, [np.inf] * 4]), target=1,
        start=np.full(1, 1),
    )  # fmt: skip
    # 100,000 yuan are needed and nothing may be bought in the first year
    assert decide(problem, 1e-6, Watch()).status == "infeasible"
    assert _decided(problem.with_(carry_over=True)).cost == pytest.approx(100_000.0)


def test_the_most_equal_plan_levels_up_until_the_money_is_spent() -> None:
    """200,000 yuan raise the lower of two like schools from 2 to 4 m²: CV = 2/10 of limit 0.4."""
    problem = simple([100.0, 100.0], {"teaching_area": [2.0, 6.0]},
                     limit=asked("teaching_area", 0.4), envelope=np.array([200_000.0]))  # fmt: skip
    found = most_equal(problem, 1e-4, Watch())
    assert found.value == pytest.approx(0.5, rel=1e-3)
    assert found.bound <= found.value * (1 + 1e-9)


def test_nothing_is_bought_where_nothing_is_lacking() -> None:
    problem = simple([100.0, 200.0], {"teaching_area": [5.0, 5.0]},
                     standard=asked("teaching_area", 4.5),
                     limit=asked("teaching_area", 0.2))  # fmt: skip
    found = _decided(problem)
    assert found.cost == 0 and found.paid is not None and not found.paid.amount.any()


def test_a_search_can_be_stopped() -> None:
    problem = simple([100.0], {"teaching_area": [4.0]}, standard=asked("teaching_area", 4.5))
    with pytest.raises(JunhengError, match="cancelled"):
        least_cost(problem, 1e-4, Watch(cancelled=lambda: True))


def test_no_money_at_all_contradicts_the_standard() -> None:
    problem = simple([100.0], {"teaching_area": [3.0]}, standard=asked("teaching_area", 4.5),
                     envelope=np.zeros(1))  # fmt: skip
    assert decide(problem, 1e-6, Watch()).status == "infeasible"
    conflict = find_conflict(problem, Watch())
    assert conflict is not None
    assert {rule.family for rule in conflict.rules} == {"money", "standard"}
