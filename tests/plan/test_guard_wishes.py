"""What a person may ask, why something is done, what was broken before; by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulator.errors import JunhengError
from simulator.plan.before import (
    Broken,
    beyond_mending,
    failing,
    in_problem,
    newly_broken,
    set_aside,
)
from simulator.plan.decide import decide
from simulator.plan.reasons import parts_of, reason
from simulator.plan.watch import Watch
from simulator.plan.wishes import OBJECTIVES, Wishes, check_wishes
from tests.plan.guarding import lacking, over_years, rich, standards_of
from tests.plan.making import simple, spending

BUY = {"item": "sports_area", "school": "A", "stage": "primary", "year": 2026, "amount": 5}
MOVE = {"school": "A", "stage": "primary", "year": 2026, "kind": "backbone", "teachers": 2}


def _checked(**wishes: Any) -> None:
    check_wishes(Wishes(**wishes), ("A", "B"), (2026, 2027))


@pytest.mark.parametrize(
    "wishes",
    [
        {}, {"target": 2027, "weak_by": 2026, "priorities": {"B": 2026}},
        {"school_caps": {"A": 0.0}, "item_caps": {"sports_area": 0.0, "teaching_area": [0.0, 1.0]}},
        {"envelope": [0.0, 1.0]}, {"discount": -0.49}, {"discount": 0.99}, {"discount": 0.0},
        {"limit_factor": 0.01}, {"exemptions": 0}, {"exemptions": 7}, {"gap": 0.001}, {"gap": 0.99},
        {"untouched": ("A",), "untouched_items": (("B", "sports_area"),)},
        {"purchases": [BUY, {**BUY, "amount": 0}], "moves": [MOVE, {**MOVE, "teachers": -9}]},
    ],
)  # fmt: skip
def test_what_can_be_asked(wishes: dict[str, Any]) -> None:
    _checked(**wishes)


@pytest.mark.parametrize(
    ("code", "wishes"),
    [
        ("plan_school", {"school_caps": {"X": 1.0}}),
        ("plan_school", {"untouched": ("A", "X")}),
        ("plan_school", {"priorities": {"X": 2026}}),
        ("plan_school", {"untouched_items": (("X", "sports_area"),)}),
        ("plan_school", {"purchases": [{**BUY, "school": "X"}]}),
        ("plan_school", {"moves": [{**MOVE, "school": "X"}]}),
        ("plan_year", {"target": 2028}),
        ("plan_year", {"weak_by": 2025}),
        ("plan_year", {"priorities": {"A": 2028}}),
        ("plan_year", {"target": 2026, "weak_by": 2029}),
        ("plan_year", {"purchases": [{**BUY, "year": 2030}]}),
        ("plan_year", {"moves": [{**MOVE, "year": 2030}]}),
        ("plan_item", {"item_caps": {"books": 1.0}}),
        ("plan_item", {"untouched_items": (("A", "books"),)}),
        ("plan_item", {"purchases": [{**BUY, "item": "books"}]}),
        ("plan_kind", {"moves": [{**MOVE, "kind": "teachers"}]}),
        ("plan_row", {"purchases": [{**BUY, "amount": -0.5}]}),
        ("plan_row", {"purchases": [{**BUY, "amount": float("nan")}]}),
        ("plan_row", {"purchases": [{**BUY, "more": 1}]}),
        ("plan_row", {"moves": [{**MOVE, "more": 1}]}),
        ("plan_row", {"purchases": [{k: v for k, v in BUY.items() if k != "stage"}]}),
        ("plan_length", {"envelope": [1.0]}),
        ("plan_length", {"envelope": [1.0] * 3}),
        ("plan_length", {"item_caps": {"sports_area": [1.0]}}),
        ("plan_number", {"school_caps": {"A": -0.5}}),
        ("plan_number", {"envelope": [1.0, -0.5]}),
        ("plan_number", {"item_caps": {"sports_area": -0.5}}),
        ("plan_number", {"item_caps": {"sports_area": [-0.5, 0.0]}}),
        ("plan_number", {"discount": -0.5}),
        ("plan_number", {"discount": 1.0}),
        ("plan_number", {"limit_factor": 0.0}),
        ("plan_number", {"exemptions": -1}),
        ("plan_number", {"gap": 0.0}),
        ("plan_number", {"gap": 1.0}),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(code: str, wishes: dict[str, Any]) -> None:
    with pytest.raises(JunhengError) as told:
        _checked(**wishes)
    assert told.value.code == code


def test_what_is_there_is_told_of_the_first_twelve() -> None:
    with pytest.raises(JunhengError) as told:
        check_wishes(Wishes(untouched=("Y", "X")), tuple("ABCDEFGHIJKLMNO"), (2026,))
    assert told.value.params == {"name": "X, Y", "there": "A, B, C, D, E, F, G, H, I, J, K, L"}


def test_what_is_meant_where_nothing_is_asked() -> None:
    plain = Wishes()
    assert (plain.discount, plain.limit_factor, plain.gap) == (0.03, 1.0, 0.001)
    assert plain.whole and not plain.carry_over and not plain.waive_growth_per_pupil
    assert OBJECTIVES == ("least_cost", "most_equal", "earliest")


def test_the_part_that_lacks_most_tells_why() -> None:
    """3.0 and 3.6 of 4.5 m² at two parts of a school: two thirds and four fifths."""
    problem = simple(
        [100.0, 100.0],
        {"teaching_area": [3.6, 3.0]},
        standard=standards_of(teaching_area=4.5),
        part_school=np.zeros(2, dtype=int),
        home=np.zeros(2, dtype=int),
    )
    problem = problem.with_(part_stage=np.array([0, 0]))
    found = decide(problem, 1e-6, Watch())
    levels = problem.base.copy()
    levels[0, 3] = [4.6, 4.5]
    why = reason(found, levels, 3, [0, 1])
    assert (why.before, why.after, why.cause) == (pytest.approx(2 / 3), 1.0, "standard")
    first = reason(found, levels, 3, [0])
    assert (first.before, first.after) == (pytest.approx(0.8), pytest.approx(4.6 / 4.5))
    other = reason(found, levels, 4, [0, 1])
    assert np.isnan(other.before) and np.isnan(other.after) and other.cause == "equal"
    none = reason(found, levels, 3, [])
    assert np.isnan([none.before, none.after]).all() and none.cause == "equal"


def test_why_something_is_bought_beside_the_standard() -> None:
    """At the standard already: to narrow differences; exempt: to reach the share that is needed."""
    problem = lacking(exemptions=np.ones(2, dtype=np.intp))
    low = problem.with_(base=np.where(np.arange(2) == 0, problem.base - 1.0, problem.base))
    found = decide(low, 1e-6, Watch())
    assert found.chosen is not None and found.chosen[0, 3] == 1
    assert reason(found, found.levels(), 3, [0]).cause == "exempt"
    assert reason(found, found.levels(), 3, [1]).cause == "equal"
    exactly = low.base.copy()
    exactly[0, 3, 1] = 4.5
    at = decide(low.with_(base=exactly), 1e-6, Watch())
    assert reason(at, at.levels(), 3, [1]).cause == "equal"
    none = decide(low.with_(envelope=np.array([1.0])), 1e-6, Watch())
    assert reason(none, low.base, 3, [0]).cause == "standard"


def test_shares_are_those_of_the_target_year() -> None:
    problem = over_years(lacking(), 3, target=1, start=np.ones(2, dtype=int))
    base, standard = problem.base.copy(), problem.standard.copy()
    base[:, 3, 0], standard[:, 0, 3] = [1.0, 2.0, 3.0], [10.0, 4.0, 30.0]
    given = problem.with_(base=base, standard=standard)
    why = reason(decide(given, 1e-6, Watch()), base * 2, 3, [0])
    assert (why.before, why.after) == (0.5, 1.0)


def test_evaluated_parts_of_a_school() -> None:
    problem = rich()
    assert [parts_of(problem, school) for school in range(6)] == [[0], [1], [4], [5], [3], [6]]
    scope = np.ones_like(problem.scope)
    assert parts_of(problem.with_(scope=scope), 3) == [2, 5]


def _result(*rows: tuple[int, str, str, float, str]) -> Any:
    table = pd.DataFrame(list(rows), columns=["year", "rule", "subject", "headroom", "status"])
    return SimpleNamespace(checks=table, index=SimpleNamespace(years=(2024, 2025, 2026, 2027)))


ROWS = (
    (2025, "growth_pay", "district", -1.0, "fail"),
    (2026, "growth_pay", "district", -5.0, "fail"),
    (2026, "growth_per_pupil", "primary", -7.0, "fail"),
    (2027, "no_fall_per_pupil", "district", -2.0, "fail"),
    (2027, "growth_per_pupil", "junior", 3.0, "pass"),
    (2027, "growth_operating", "junior", np.nan, "unknown"),
)
FAILS = (
    Broken(2026, "growth_pay", "district", 5.0), Broken(2026, "growth_per_pupil", "primary", 7.0),
    Broken(2027, "no_fall_per_pupil", "district", 2.0),
)  # fmt: skip


def test_rules_broken_in_a_planned_year_say_what_is_missing() -> None:
    assert failing(_result(*ROWS)) == FAILS


def test_rules_about_spending_are_the_plans_own() -> None:
    """Asked: cost per pupil of primary schools in 2026 and what the district spends in 2027."""
    made = spending([[1e6, 1e6]] * 3)
    asked = np.zeros_like(made.asked)
    asked[0, 0, 0] = asked[2, 1, 0] = asked[1, 1, 1] = True
    problem = over_years(lacking(), 2, spending=made.with_(asked=asked))
    assert in_problem(problem) == {
        (2026, "growth_per_pupil", "primary"), (2027, "no_fall_per_pupil", "district"),
        (2027, "growth_operating", "junior"),
    }  # fmt: skip
    assert beyond_mending(_result(*ROWS), problem) == FAILS[:1]
    assert in_problem(lacking()) == frozenset()
    assert beyond_mending(_result(*ROWS), lacking()) == FAILS


def test_what_a_plan_breaks_beside_what_was_known_and_waived() -> None:
    result = _result(*ROWS)
    assert newly_broken(result, (), False) == FAILS
    assert newly_broken(result, (), True) == (FAILS[0], FAILS[2])
    assert newly_broken(result, (Broken(2026, "growth_pay", "district", 99.0),), False) == FAILS[1:]
    other = (Broken(2027, "growth_pay", "district", 5.0),)
    assert newly_broken(result, other, False) == FAILS


def _invested(own: float) -> tuple[Any, Any]:
    """(ground, before): the scenario invests so much in sports areas in 2026."""

    def at(name: str, year: int) -> np.ndarray:
        return np.array([own if (name, year) == ("investment_total_sports_area", 2026) else 0.0])

    ground = SimpleNamespace(asked=1, scenario=2, years=(2026, 2027))
    return ground, SimpleNamespace(at=at)


def test_investment_that_does_not_count_is_told_less_what_is_fixed() -> None:
    """100 yuan, 5 and 5 of them fixed into the plan; other years and items are not its own."""
    kept = [BUY, BUY, {**BUY, "year": 2027}, {**BUY, "item": "teaching_area"}]
    (row,) = set_aside(*_invested(100.0), Wishes(purchases=kept))
    assert row == {"item": "sports_area", "year": 2026, "amount": 90.0}
    (row,) = set_aside(*_invested(100.126), Wishes())
    assert row["amount"] == 100.13
    for own, told in ((0.0051, 1), (0.0049, 0), (-3.0, 0), (np.nan, 1)):
        assert len(set_aside(*_invested(own), Wishes())) == told
    ground, before = _invested(100.0)
    ground.scenario = ground.asked
    assert set_aside(ground, before, Wishes()) == []
