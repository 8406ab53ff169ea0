"""What more equality, or an earlier year, costs: about ten points, each a plan of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from simulator.plan.decide import decide
from simulator.plan.objectives import most_equal, worst_ratio
from simulator.plan.owners import with_owners
from simulator.plan.problem import Problem
from simulator.plan.watch import Watch

Axis = Literal["equity", "year"]
#: Points need not be proven as closely as the plan itself.
ROUGH_GAP: Final = 0.005


@dataclass(frozen=True, slots=True)
class Point:
    """One plan of the frontier: its worst CV by the limit, its year, its discounted yuan.

    ``cost`` is infinite where there is no plan.
    """

    ratio: float
    year: int
    cost: float
    gap: float


def frontier(problem: Problem, axis: Axis, watch: Watch, points: int = 10) -> tuple[Point, ...]:
    """Cost against the worst CV ratio, or against the year of balance."""
    return tuple(_by_year(problem, watch) if axis == "year" else _by_ratio(problem, watch, points))


def _by_year(problem: Problem, watch: Watch) -> Iterator[Point]:
    for target in range(problem.horizon):
        watch.tell("plan.step.frontier", target / problem.horizon)
        asked = with_owners(problem.with_(target=target, start=np.minimum(problem.start, target)))
        yield _point(asked, watch)


def _by_ratio(problem: Problem, watch: Watch, points: int) -> Iterator[Point]:
    """From the most equal plan there is to the one that no limit presses on."""
    free = decide(problem.with_(limit=np.full_like(problem.limit, np.nan)), ROUGH_GAP, watch)
    if free.paid is None:
        return
    loosest = worst_ratio(problem, free.levels())
    tightest = most_equal(problem, ROUGH_GAP, watch)
    start = min(tightest.value, loosest)
    for number, ratio in enumerate(np.linspace(start, loosest, points)):
        watch.tell("plan.step.frontier", number / points)
        yield _point(problem.looser(float(ratio) * (1 + 1e-6)), watch, problem)


def _point(problem: Problem, watch: Watch, measured: Problem | None = None) -> Point:
    found = decide(problem, ROUGH_GAP, watch)
    year = problem.years[problem.target]
    if found.paid is None:
        return Point(np.nan, year, np.inf, np.inf)
    ratio = worst_ratio(measured or problem, found.levels())
    return Point(ratio, year, found.cost, found.gap)
