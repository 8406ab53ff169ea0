"""An independent formulation finds the same optimum, for random districts."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.plan.cone import Answer, build_model, solve_model, solve_relaxed
from simulator.plan.exact import solve_exact
from simulator.plan.problem import INDICATORS, Problem
from simulator.plan.watch import Watch
from tests.plan.independent import MONEY, best_exemptions, least
from tests.plan.making import asked, drawn, drawn_spending, simple

#: Both solve to about 1e-8; the moves that cost next to nothing here cost nothing there.
CLOSE = 1e-5
#: Districts of which most, and not all, can be balanced.
SEEDS = (0, 1, 2, 7, 8, 9)


def _none(problem: Problem) -> np.ndarray:
    return np.zeros((len(problem.part_school), len(INDICATORS)))


def _strict(seed: int, schools: int = 12, **changes: object) -> Problem:
    """A district without exemptions and with divisible units: the pure cone problem."""
    problem = drawn(schools, seed, whole=False, **changes)
    return problem.with_(exemptions=np.zeros_like(problem.exemptions))


def _roomy(seed: int) -> Problem:
    """Money without end, three times as many who may move, limits a third wider."""
    problem = _strict(seed, envelope=np.full(3, np.inf))
    return problem.with_(rotation_cap=problem.rotation_cap * 3, limit=problem.limit * 1.35)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_least_cost_is_the_same(seed: int) -> None:
    problem = _roomy(seed)
    mine, theirs = solve_relaxed(problem), least(problem, _none(problem))
    if np.isinf(theirs):
        assert mine.status == "infeasible"
        return
    assert mine.status == "optimal"
    assert mine.objective * MONEY == pytest.approx(theirs, rel=CLOSE, abs=1.0)


def test_most_of_the_districts_above_have_a_plan() -> None:
    """So that the comparison is one of optima, not of impossibilities."""
    plans = [solve_relaxed(_roomy(seed)).status == "optimal" for seed in SEEDS]
    assert 4 <= sum(plans) < len(plans)


@pytest.mark.parametrize("carry_over", [False, True])
@pytest.mark.parametrize("seed", [0, 8])
def test_money_by_year_is_counted_the_same(seed: int, carry_over: bool) -> None:
    """As little money a year as makes the years compete for it."""
    free = _roomy(seed)
    cheapest = least(free, _none(free))
    problem = free.with_(envelope=np.full(3, cheapest * 0.6), carry_over=carry_over)
    mine, theirs = solve_relaxed(problem), least(problem, _none(problem))
    assert (mine.status == "infeasible") == np.isinf(theirs)
    if mine.status == "optimal":
        assert mine.objective * MONEY == pytest.approx(theirs, rel=CLOSE, abs=1.0)


def _paid(answer: Answer) -> float:
    """Discounted yuan of purchases and of operating funds above the formula."""
    layout, discount = answer.model.layout, answer.model.problem.discount
    total = 0.0
    for columns in (layout.buy, layout.extra):
        placed = np.argwhere(columns >= 0)
        values = answer.values[columns[columns >= 0]]
        total += float((values * discount[placed[:, 0]]).sum())
    return total * MONEY


@pytest.mark.parametrize("seed", [0, 7, 8, 9])
def test_rules_about_spending_are_counted_the_same(seed: int) -> None:
    """What is bought in one year is asked for again in the next: the cheapest way round it."""
    free = _roomy(seed)
    problem = free.with_(spending=drawn_spending(free, seed))
    mine, theirs = solve_relaxed(problem), least(problem, _none(problem))
    assert (mine.status == "infeasible") == np.isinf(theirs)
    if mine.status == "optimal":
        assert _paid(mine) == pytest.approx(theirs, rel=CLOSE, abs=5.0)
        # the bound that is told is one: what is on top counts next to nothing less there
        assert mine.objective * MONEY <= theirs + 1
        assert theirs > least(free, _none(free)) * 1.001


def test_most_of_the_districts_with_rules_about_spending_have_a_plan() -> None:
    found = [_roomy(seed) for seed in (0, 7, 8, 9)]
    made = [
        p.with_(spending=drawn_spending(p, s)) for p, s in zip(found, (0, 7, 8, 9), strict=True)
    ]
    assert sum(solve_relaxed(each).status == "optimal" for each in made) >= 2


def test_caps_are_counted_the_same() -> None:
    """Half of what each year would spend on equipment, half of what one school would get."""
    free = _roomy(8)
    model = build_model(free)
    bought = solve_model(model).values[model.layout.buy] * (model.layout.buy >= 0) * MONEY
    caps = np.full_like(free.item_cap, np.inf)
    caps[:, 2] = bought[:, 2].sum(axis=1) * 0.8 + 1e5
    schools = np.full_like(free.school_cap, np.inf)
    dearest = int(bought.sum(axis=(0, 1)).argmax())
    for changes in ({"item_cap": caps}, {"school_cap": schools}):
        schools[dearest] = bought[:, :, dearest].sum() * 1.05
        problem = free.with_(**changes)
        mine, theirs = solve_relaxed(problem), least(problem, _none(problem))
        assert (mine.status == "infeasible") == np.isinf(theirs)
        if mine.status == "optimal":
            assert mine.objective * MONEY == pytest.approx(theirs, rel=CLOSE, abs=1.0)


def test_teachers_of_schools_that_are_not_evaluated_are_counted_the_same() -> None:
    free = _roomy(8)
    scope = free.scope.copy()
    scope[:, 5] = False
    pupils = np.where(scope, free.pupils, 0.0)
    problem = free.with_(
        scope=scope, pupils=pupils, factor=np.where(scope[:, np.newaxis], free.factor, 0.0),
        base=np.where(scope[:, np.newaxis], free.base, 0.0),
    )  # fmt: skip
    mine, theirs = solve_relaxed(problem), least(problem, _none(problem))
    assert mine.status == "optimal"
    assert mine.objective * MONEY == pytest.approx(theirs, rel=CLOSE, abs=1.0)


def test_the_best_exemptions_are_those_of_all_that_were_tried() -> None:
    """Three schools, four indicators that cost something: every choice solved one by one."""
    levels = {
        "teaching_area": [3.0, 4.6, 4.0],
        "sports_area": [7.0, 6.8, 8.0],
        "equipment_value": [1500.0, 2200.0, 1900.0],
        "multimedia_rooms": [2.0, 2.2, 2.5],
    }
    standard = asked("teaching_area", 4.5)
    for name, value in (
        ("sports_area", 7.5),
        ("equipment_value", 2000.0),
        ("multimedia_rooms", 2.3),
    ):
        standard = np.where(np.isnan(standard), asked(name, value), standard)
    problem = simple(
        [300.0, 500.0, 200.0], levels, standard=standard,
        price=np.array([[3500.0, 600.0, 1.0, 40_000.0]]), exemptions=np.ones(3, dtype=np.intp),
    )  # fmt: skip
    found = solve_exact(problem, 1e-6, Watch())
    assert found.answer is not None and found.status == "optimal"
    assert found.answer.objective * MONEY == pytest.approx(best_exemptions(problem), rel=CLOSE)
