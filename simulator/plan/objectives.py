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
from simulator.plan.owners import with_owners
from simulator.plan.problem import Array, Problem
from simulator.plan.watch import Watch

#: Halvings of the search for the smallest worst ratio: a 4,000th of the first interval.
HALVINGS: Final = 12
#: Factors above the proven bound that are tried in turn for whole plans.
ABOVE: Final = (0.0005, 0.002, 0.01, 0.03, 0.1, 0.2, 0.4, 0.7, 1.0, 2.0, 4.0)
#: Steps from the largest of them to the limit itself.
FARTHER: Final = 4
#: While the factor is sought, any plan about as cheap as the cheapest will do.
ROUGH_GAP: Final = 0.15
#: Halvings between the last factor without a plan and the first one with.
REFINED: Final = 3
#: A plan within one factor is sought for this share of the time that is left.
PART_OF_TIME: Final = 0.12
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
    """The smallest worst CV by its limit that the money allows; the cheapest such plan.

    The bound is that of plans in parts of teachers and rooms; whole ones may lie above it.
    """
    low, high = _interval(problem, watch)
    if not np.isfinite(high):
        found = decide(problem.with_(limit=np.full_like(problem.limit, np.nan)), gap, watch)
        if found.paid is None:
            return Solved(found, np.inf, low)
        high = low
    for _ in range(HALVINGS if high > low else 0):
        watch.tell("plan.step.equal", 0.3, f"{high:.4f}")
        middle = (low + high) / 2
        if (high - low) <= gap / 4 * high:
            break
        low, high = (low, middle) if _possible(problem, middle) else (middle, high)
    return _judged(problem, _whole_plan(problem, max(high, 1e-9), gap, watch), low, gap)


def _judged(problem: Problem, found: Decision, low: float, gap: float) -> Solved:
    """A plan within some factor as the answer: its worst ratio, and how sure that is."""
    if found.paid is None:
        return Solved(found, np.inf, low)
    value = worst_ratio(problem, found.levels())
    solved = Solved(found, value, min(low, value))
    status: Outcome = "optimal" if solved.gap <= gap else "feasible"
    return replace(solved, decision=replace(found, problem=problem, status=status))


def _whole_plan(problem: Problem, lowest: float, gap: float, watch: Watch) -> Decision:
    """The plan within the smallest factor for which one in whole units is found."""

    def within(above: float, near: float = ROUGH_GAP) -> Decision:
        watch.tell("plan.step.equal", 0.5, f"{lowest * (1 + above):.4f}")
        brief = watch.within(max(watch.left * PART_OF_TIME, 1.0))
        return decide(problem.looser(lowest * (1 + above)), max(gap, near), brief)

    steps = _steps_above(lowest)
    without, found = 0.0, within(steps[0])
    for above, following in zip(steps, (*steps[1:], None), strict=True):
        if found.paid is not None or following is None:
            high = above
            break
        without, found = above, within(following)
    for _ in range(REFINED if found.paid is not None and high > ABOVE[0] else 0):
        middle = (without + high) / 2
        tried = within(middle)
        if tried.paid is None:
            without = middle
        else:
            found, high = tried, middle
    cheapest = within(high, gap) if found.paid is not None else found
    return cheapest if cheapest.paid is not None else found


def _steps_above(lowest: float) -> tuple[float, ...]:
    """Factors above the bound, and on to the limit itself where the bound is far below it.

    Parts of teachers can be spread evenly, whole ones cannot.
    """
    far = lowest * (1 + ABOVE[-1])
    more = np.geomspace(far, 1.0, FARTHER + 1)[1:] if far < 1 else np.zeros(0)
    return (*ABOVE, *(float(each / lowest - 1) for each in more))


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
        asked = with_owners(problem.with_(target=target, start=np.minimum(problem.start, target)))
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
