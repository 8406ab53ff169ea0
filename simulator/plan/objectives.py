"""The three objectives: least cost, most equal within the money, earliest year of balance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from simulator.plan.clean import variation
from simulator.plan.cone import build_model, solve_model
from simulator.plan.decide import Decision, decide
from simulator.plan.exact import Outcome, relative_gap
from simulator.plan.layout import lay_out
from simulator.plan.problem import Array, Problem
from simulator.plan.watch import Watch

#: Halvings of the search for the smallest worst ratio: a 4,000th of the first interval.
HALVINGS: Final = 12
#: Factors above the proven bound that are tried in turn for whole plans.
ABOVE: Final = (0.0005, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
#: No limit that an officer would name is this loose.
LOOSEST: Final = 64.0


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """A decision with what the objective counts: yuan, the worst CV by its limit, or a year."""

    decision: Decision
    value: float
    bound: float
    impossible_years: tuple[int, ...] = ()

    @property
    def gap(self) -> float:
        """How far the value may be from the best there is, relative."""
        return relative_gap(self.value, self.bound)


def least_cost(problem: Problem, gap: float, watch: Watch) -> Solved:
    """The cheapest plan, discounted yuan."""
    found = decide(problem, gap, watch)
    return Solved(found, found.cost, found.bound)


def worst_ratio(problem: Problem, levels: Array) -> float:
    """The largest CV by its limit over stages, indicators and the years looked at."""
    placed = np.argwhere(lay_out(problem).mean >= 0).tolist()
    ratios = [variation(problem, levels, *at) / problem.limit[tuple(at)] for at in placed]
    return max(ratios, default=0.0)


def most_equal(problem: Problem, gap: float, watch: Watch) -> Solved:
    """The smallest worst CV by its limit that the money allows; the cheapest such plan."""
    low, high = _interval(problem, watch)
    if not np.isfinite(high):
        found = decide(problem.with_(limit=np.full_like(problem.limit, np.nan)), gap, watch)
        if found.paid is None:
            return Solved(found, np.inf, low)
    for _ in range(HALVINGS if np.isfinite(high) else 0):
        watch.tell("plan.step.equal", 0.3, f"{high:.4f}")
        middle = (low + high) / 2
        if (high - low) <= gap / 4 * high:
            break
        low, high = (low, middle) if _possible(problem, middle) else (middle, high)
    for above in ABOVE:
        found = decide(problem.looser(max(high, 1e-9) * (1 + above)), gap, watch)
        if found.paid is not None:
            value = worst_ratio(problem, found.levels())
            solved = Solved(found, value, min(low, value))
            status: Outcome = "optimal" if solved.gap <= gap else "feasible"
            return replace(solved, decision=replace(found, problem=problem, status=status))
    return Solved(found, np.inf, low)


def _possible(problem: Problem, factor: float) -> bool:
    return solve_model(build_model(problem.looser(factor))).status == "optimal"


def _interval(problem: Problem, watch: Watch) -> tuple[float, float]:
    """A factor that is proven too narrow (or 0), and one that is possible (or infinity)."""
    low, high = 0.0, 1.0
    while not _possible(problem, high):
        watch.tell("plan.step.equal", 0.1, f"{high:g}")
        low, high = high, high * 2
        if high > LOOSEST:
            return low, np.inf
    return low, high


def earliest(problem: Problem, gap: float, watch: Watch) -> Solved:
    """The first year from which every rule can hold; the years before are proven impossible."""
    proven: list[int] = []
    first = np.nan
    for target in range(problem.horizon):
        watch.tell("plan.step.year", target / problem.horizon, str(problem.years[target]))
        asked = problem.with_(target=target, start=np.minimum(problem.start, target))
        found = decide(asked, gap, watch)
        if found.paid is not None:
            year = float(problem.years[target])
            bound = year if np.isnan(first) else first
            return Solved(found, year, bound, tuple(proven))
        if found.status == "infeasible":
            proven.append(problem.years[target])
        elif np.isnan(first):
            first = float(problem.years[target])
    return Solved(found, np.inf, np.inf, tuple(proven))
