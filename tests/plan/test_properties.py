"""What holds for every plan: conditions of the optimum, and what more freedom may do to it."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from simulator.plan.cone import build_model, solve_model
from simulator.plan.conflict import find_conflict, impossible, named_rules, without
from simulator.plan.decide import decide, failures
from simulator.plan.objectives import most_equal
from simulator.plan.prices import loosened, prices_of
from simulator.plan.problem import MONEY, Problem
from simulator.plan.watch import Watch
from tests.plan.making import drawn

SEEDS = (2, 7, 9)
#: Costs of two searches that each stop within a thousandth of the best.
GAP = 1e-3


def _roomy(seed: int, schools: int = 14, **changes: object) -> Problem:
    problem = drawn(schools, seed, envelope=np.full(3, np.inf), **changes)
    wide = problem.with_(limit=problem.limit * 1.35)
    return wide.with_(rotation_cap=wide.rotation_cap * 3, backbone_cap=wide.backbone_cap * 3)


def _cost(problem: Problem) -> float:
    return decide(problem, GAP, Watch()).cost


@pytest.mark.parametrize("seed", SEEDS)
def test_the_conditions_of_an_optimum_hold(seed: int) -> None:
    """Feasible, dual feasible and complementary: not only a number that looks right."""
    model = build_model(_roomy(seed, whole=False))
    answer = solve_model(model)
    assert answer.status == "optimal"
    slack = model.right - model.matrix @ answer.values
    scale = 1 + float(np.abs(model.right).max())
    duals, first = answer.duals, model.equations
    last = first + model.inequalities + len(model.bounded)
    assert np.abs(slack[:first]).max() <= 1e-6 * scale
    assert slack[first:last].min() >= -1e-6 * scale
    assert duals[first:last].min() >= -1e-6
    start = last
    for cone in model.cones:
        own = slice(start, start + len(cone.levels) + 1)
        for vector in (slack[own], duals[own]):
            assert vector[0] >= np.linalg.norm(vector[1:]) - 1e-6 * scale
        start = own.stop
    # stationarity, and complementarity
    size = 1 + float(np.abs(model.costs).max()) + float(np.abs(duals).max())
    assert np.abs(model.costs + model.matrix.T @ duals).max() <= 1e-6 * size
    assert abs(float(slack @ duals)) <= 1e-5 * (1 + abs(answer.objective))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_keeps_every_rule_of_its_problem(seed: int) -> None:
    found = decide(_roomy(seed), GAP, Watch())
    assert found.paid is not None and list(failures(found)) == []
    assert found.gap <= GAP and found.bound <= found.cost


def test_the_search_for_broken_rules_finds_each_of_them() -> None:
    found = decide(_roomy(8), GAP, Watch())
    assert found.paid is not None and found.paid.amount.any()
    nothing = replace(found.paid, units=0 * found.paid.units, amount=0 * found.paid.amount)
    assert set(failures(replace(found, paid=nothing))) >= {"standard"}
    poor = replace(found, problem=found.problem.with_(envelope=np.zeros(3)))
    assert "money" in set(failures(poor))
    strict = replace(found, problem=found.problem.with_(limit=found.problem.limit * 0.1))
    assert "cv" in set(failures(strict))


@pytest.mark.parametrize("seed", SEEDS)
def test_looser_limits_never_cost_more(seed: int) -> None:
    problem = _roomy(seed)
    costs = [_cost(problem.looser(factor)) for factor in (1.0, 1.1, 1.3)]
    assert all(later <= before * (1 + GAP) for before, later in itertools.pairwise(costs))


@pytest.mark.parametrize("seed", SEEDS)
def test_one_more_exemption_never_costs_more(seed: int) -> None:
    problem = _roomy(seed)
    costs = [_cost(problem.with_(exemptions=0 * problem.exemptions + n)) for n in (0, 1, 2)]
    assert all(later <= before * (1 + GAP) for before, later in itertools.pairwise(costs))
    assert costs[-1] < costs[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_more_money_is_never_less_equal(seed: int) -> None:
    problem = _roomy(seed, whole=False)
    enough = _cost(problem)
    ratios = [
        most_equal(problem.with_(envelope=np.full(3, enough * share)), GAP, Watch()).value
        for share in (0.6, 0.8, 1.2)
    ]
    assert all(later <= before * (1 + 5 * GAP) for before, later in itertools.pairwise(ratios))


def _poor() -> Problem:
    """A district that could be balanced, with a third of the money that it takes."""
    problem = _roomy(8)
    return problem.with_(envelope=np.full(3, _cost(problem) / 9))


def test_no_rule_of_a_contradiction_can_be_spared() -> None:
    problem, watch = _poor(), Watch()
    conflict = find_conflict(problem, watch)
    assert conflict is not None and len(conflict.rules) > 1
    others = [each.rule for each in named_rules(problem) if each.rule not in conflict.rules]
    exact = conflict.by == "exact"
    alone = without(problem, others)
    assert impossible(alone, exact, watch)
    for rule in conflict.rules:
        assert not impossible(without(alone, [rule]), exact, watch)


def test_a_district_with_a_plan_has_no_contradiction() -> None:
    assert find_conflict(_roomy(8), Watch()) is None


def test_prices_are_what_loosening_saves() -> None:
    """The price of a rule, told for one unit, against solving the looser problem."""
    problem = _roomy(2, whole=False)
    problem = problem.with_(chosen=np.zeros((len(problem.part_school), 7)))
    before = solve_model(build_model(problem)).objective * MONEY
    prices = prices_of(problem, 6)
    assert len(prices) >= 3
    for price in prices:
        for units in {price.up, price.up / 2, -price.down} - {0.0}:
            after = solve_model(build_model(loosened(problem, price.rule, units * price.unit)))
            saved = before - after.objective * MONEY
            assert saved == pytest.approx(price.saving * units, rel=0.11, abs=2.0)


def test_two_searches_give_the_same_plan() -> None:
    first, second = (decide(_roomy(7), GAP, Watch()) for _ in range(2))
    assert first.paid is not None and second.paid is not None
    assert (first.paid.amount == second.paid.amount).all()
    assert first.moves == second.moves
