"""Operating funds above the formula in a plan, and the money that is there for one rule only."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulator.plan.clean import Paid
from simulator.plan.cone import build_model, solve_model
from simulator.plan.growing import settled
from simulator.plan.problem import COST, MONEY, Problem


def _waived(problem: Problem) -> Problem:
    """The problem in which cost per pupil need not rise."""
    assert problem.spending is not None
    asked = problem.spending.asked.copy()
    asked[COST] = False
    return problem.with_(spending=problem.spending.with_(asked=asked))


def on_top(problem: Problem, paid: Paid | None) -> list[dict[str, Any]]:
    """By stage and year: yuan, and those that the same purchases would not ask for without it."""
    if paid is None or problem.spending is None:
        return []
    without = settled(_waived(problem), paid.amount, paid.extra)
    rising = problem.spending.asked[COST].any()
    only = np.maximum(paid.extra - without, 0.0) if rising else np.zeros_like(without)
    return [
        {
            "stage": problem.stages[stage],
            "year": problem.years[year],
            "amount": float(paid.extra[year, stage]),
            "only_growth_per_pupil": round(float(only[year, stage]), 2),
        }
        for year, stage in np.argwhere(paid.extra > 0).tolist()
    ]


def saved_without_growth(problem: Problem) -> float:
    """Discounted yuan saved where cost per pupil need not rise; 0 where the rule is not asked.

    ``problem`` has its exemptions decided; units that cannot be split are left out of account.
    """
    if problem.spending is None or not problem.spending.asked[COST].any():
        return 0.0
    smooth = problem.with_(whole=False)
    costs = [solve_model(build_model(each)).objective for each in (smooth, _waived(smooth))]
    return max(float(costs[0] - costs[1]) * MONEY, 0.0) if np.isfinite(costs).all() else np.nan
