"""The price of each rule: what loosening it by one unit saves, and how far that holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.plan.cone import Answer, build_model, solve_model
from simulator.plan.problem import GROWING, INDICATORS, ITEM_AT, MONEY, Array, Problem, Rule

#: Units that prices are told for: a hundredth of a CV, a percent of a standard, 万元, a teacher.
UNITS: Final = {
    "cv": 0.01, "standard": 0.01, "money": 1.0, "item_cap": 1.0, "school_cap": 1.0,
    "rotation": 1.0, "backbone": 1.0, **dict.fromkeys(GROWING, 1.0),
}  # fmt: skip
#: A price is told when a unit is worth at least so many yuan, and holds within a tenth.
WORTH: Final = 1.0
HOLDS: Final = 0.1
HALVINGS: Final = 5
DOUBLINGS: Final = 8


@dataclass(frozen=True, slots=True)
class Price:
    """Loosening a rule by ``unit`` saves ``saving`` yuan (discounted).

    It holds, within a tenth, from ``down`` units tighter to ``up`` units looser.
    """

    rule: Rule
    unit: float
    saving: float
    down: float
    up: float


def prices_of(problem: Problem, most: int = 12) -> tuple[Price, ...]:
    """Prices of the continuous problem with its exemptions as decided, dearest first.

    Units that cannot be split are left out of account here: a price is a rate.
    """
    smooth = problem.with_(whole=False)
    answer = solve_model(build_model(smooth))
    if answer.status != "optimal":
        return ()
    rates = {rule: rate for rule, rate in _rates(answer) if rate * UNITS[rule.family] >= WORTH}
    ranked = sorted(rates, key=lambda rule: (-rates[rule] * UNITS[rule.family], rule))[:most]
    priced = (_price(smooth, answer.objective * MONEY, rule, rates[rule]) for rule in ranked)
    # a corner of the solution: the rate holds nowhere, and would mislead
    return tuple(price for price in priced if price.down + price.up > 0)


def _rates(answer: Answer) -> Iterator[tuple[Rule, float]]:
    """(rule, yuan saved by one whole unit: 1.0 of a CV, all of a standard, a 万元, a teacher)."""
    problem = answer.model.problem
    found: dict[Rule, float] = {}
    for number, block in enumerate(answer.model.rows):
        if block.family not in UNITS:
            continue
        duals = answer.row_duals(number)
        if block.family == "standard":
            # the whole standard moves, exempt shares of it with it
            duals = duals * -block.right
        for row in range(block.count):
            rule = block.rule(problem, row)
            found[rule] = found.get(rule, 0.0) + float(duals[row]) * MONEY
    for number, cone in enumerate(answer.model.cones):
        rule = cone.rule(problem)
        saved = answer.cone_dual(number) * float(answer.values[cone.mean]) * MONEY
        found[rule] = found.get(rule, 0.0) + saved
    yield from found.items()


def _price(problem: Problem, cost: float, rule: Rule, rate: float) -> Price:
    unit = UNITS[rule.family]

    def holds(units: float) -> bool:
        answer = solve_model(build_model(loosened(problem, rule, units * unit)))
        expected = rate * units * unit
        if answer.status != "optimal":
            return False
        return abs(cost - answer.objective * MONEY - expected) <= HOLDS * abs(expected) + WORTH

    up, down = _reach(holds, 1.0), _reach(holds, -1.0)
    return Price(rule, unit, rate * unit, down, up)


def _reach(holds: Callable[[float], bool], sign: float) -> float:
    """How many units the price holds for in one direction."""
    reached, tried = 0.0, 1.0
    for _ in range(DOUBLINGS):
        if not holds(sign * tried):
            break
        reached, tried = tried, tried * 2
    else:
        return reached
    for _ in range(HALVINGS):
        middle = (reached + tried) / 2
        reached, tried = (middle, tried) if holds(sign * middle) else (reached, middle)
    return reached


def loosened(problem: Problem, rule: Rule, by: float) -> Problem:
    """The problem with one rule looser: CV limit + by, standard × (1 − by), money + by 万元.

    What must rise may be so many 万元 less.
    """
    if rule.family in ("cv", "standard"):
        stage, indicator = problem.stages.index(rule.stage), INDICATORS.index(rule.indicator)
        name = "limit" if rule.family == "cv" else "standard"
        array: Array = getattr(problem, name).copy()
        if rule.family == "cv":
            array[:, stage, indicator] += by
        else:
            array[:, stage, indicator] *= 1 - by
        return problem.with_(**{name: array})
    if rule.family in ("rotation", "backbone"):
        name = f"{rule.family}_cap"
        caps: Array = getattr(problem, name).copy()
        caps[problem.target] += by
        return problem.with_(**{name: np.maximum(caps, 0.0)})
    if rule.family in GROWING and problem.spending is not None:
        less = problem.spending.less.copy()
        stage = problem.stages.index(rule.stage) if rule.stage else 0
        less[GROWING.index(rule.family), problem.years.index(rule.year), stage] += by * MONEY
        return problem.with_(spending=problem.spending.with_(less=less))
    place: tuple[int, ...]
    if rule.family == "school_cap":
        name, place = "school_cap", (problem.schools.index(rule.school),)
    elif rule.family == "item_cap":
        item = ITEM_AT.index(INDICATORS.index(rule.indicator))
        name, place = "item_cap", (problem.years.index(rule.year), item)
    else:
        name, place = "envelope", (problem.years.index(rule.year),)
    money: Array = getattr(problem, name).copy()
    money[place] += by * MONEY
    return problem.with_(**{name: money})
