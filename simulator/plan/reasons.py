"""Why a plan does what it does: the share of the standard before and after, and the cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from simulator.plan.decide import Decision
from simulator.plan.problem import Array, Problem

#: To reach the standard; to reach the share that an exempt indicator still needs; to narrow
#: the differences among schools where nothing else asks for it; fixed by hand.
Cause = Literal["standard", "exempt", "equal", "fixed"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Shares of the standard reached in the target year without and with the plan.

    NaN where there is no standard.
    """

    before: float
    after: float
    cause: Cause


def reason(decision: Decision, levels: Array, indicator: int, parts: list[int]) -> Reason:
    """Why something was done for an indicator at a school: its part that lacks most tells."""
    problem = decision.problem
    if not parts:
        return Reason(np.nan, np.nan, "equal")
    at = problem.target
    asked = problem.standard[at, problem.part_stage[parts], indicator]
    before = problem.base[at, indicator, parts] / asked
    after = levels[at, indicator, parts] / asked
    lowest = int(np.argmin(np.nan_to_num(before, nan=np.inf)))
    exempt = decision.chosen is not None and decision.chosen[parts[lowest], indicator] > 0
    cause: Cause = "equal"
    if before[lowest] < 1:
        cause = "exempt" if exempt else "standard"
    return Reason(float(before[lowest]), float(after[lowest]), cause)


def parts_of(problem: Problem, school: int) -> list[int]:
    """The evaluated parts of a school; none of a school that is not evaluated."""
    here = (problem.part_school == school) & problem.evaluated
    return [int(part) for part in np.flatnonzero(here)]
