"""The plan simulated again: what both compute is compared, and what the engine judges is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from simulator.plan.before import Broken, newly_broken
from simulator.plan.clean import variation
from simulator.plan.layout import lay_out
from simulator.plan.problem import INDICATORS, ITEM_AT, Array

if TYPE_CHECKING:
    from simulator.plan.found import Plan

#: How far the engine's figures may be from the plan's, relative; and money in yuan.
AGREES: Final = 1e-6
FEN: Final = 0.01


@dataclass(frozen=True, slots=True)
class Check:
    """What the engine finds where it simulates the plan.

    ``farthest`` is the largest relative difference between the plan's levels and
    coefficients and the engine's; ``short`` the yuan by which the engine finds less money
    left in some year than the plan (what is carried over included). ``balanced`` is the
    engine's verdict in the target year, ``promised`` its verdict on what the plan promises (the
    same, private schools aside where nobody is taken to mend them), ``money`` whether every
    year's money is enough; None where not determinable. ``broken`` are rules that the plan
    breaks: none in a sound one. ``lawful`` says whether the plan was asked for no less than
    the evaluation asks.
    """

    farthest: float
    short: float
    balanced: bool | None
    promised: bool | None
    money: bool | None
    broken: tuple[Broken, ...]
    lawful: bool

    @property
    def agrees(self) -> bool:
        """Whether the engine finds what the plan promises.

        A stage of one school has no coefficient: what is not determinable is no difference.
        """
        same = self.farthest <= AGREES and self.short <= FEN and not self.broken
        kept = self.promised is not False or not self.lawful
        return same and kept and self.money is not False


def check_of(plan: Plan) -> Check:
    """Simulate a plan that was found, and compare."""
    target = plan.problem.years[plan.problem.target]
    balanced: bool | None = plan.judged.verdict.years["balanced"].to_dict()[target]
    waived = plan.wishes.waive_growth_per_pupil
    return Check(
        farthest=max(_levels_apart(plan), _coefficients_apart(plan)),
        short=_short(plan),
        balanced=balanced,
        promised=_public_balanced(plan, target) if plan.standing == "public" else balanced,
        money=plan.result.verdict.money_ok,
        broken=newly_broken(plan.result, plan.beyond, waived),
        lawful=_lawful(plan),
    )


def _public_balanced(plan: Plan, year: int) -> bool | None:
    """Whether every public school passes and every coefficient is within its limit."""
    result, index = plan.result, plan.result.index
    ordinary = index.part_stage < len(plan.problem.stages)
    failing = result.at("school_failing", year)[ordinary & ~plan.ground.private[index.part_school]]
    room = result.at("least_cv_headroom", year)[np.unique(index.part_stage[ordinary])]
    if (failing == 1).any() or (room < 0).any():
        return False
    return None if np.isnan(failing).any() or np.isnan(room).any() else True


def _apart(mine: Array, again: Array, least: float) -> Array:
    return np.asarray(np.abs(again - mine) / np.maximum(np.abs(again), least))


def _levels_apart(plan: Plan) -> float:
    """The largest relative difference between the plan's levels and the engine's."""
    levels = plan.solved.decision.levels()
    worst = 0.0
    for position, year in enumerate(plan.problem.years):
        inside = plan.problem.scope[position]
        for row, indicator in enumerate(INDICATORS):
            if _still_to_come(plan, position, row):
                continue
            again = plan.judged.at(f"value_{indicator}", year)[plan.ground.parts]
            distance = _apart(levels[position, row, inside], again[inside], 1.0)
            worst = max(worst, float(distance.max(initial=0.0)))
    return worst


def _still_to_come(plan: Plan, year: int, indicator: int) -> bool:
    """Whether what owners buy is not in use yet in a year: the engine counts it from the start."""
    problem = plan.problem
    if not problem.owners or indicator not in ITEM_AT:
        return False
    waited_for = any(need.indicator == INDICATORS[indicator] for need in plan.owners)
    return bool(waited_for and year < problem.lead[ITEM_AT.index(indicator)])


def _coefficients_apart(plan: Plan) -> float:
    """The largest difference between coefficients of variation, where both know them."""
    problem, levels = plan.problem, plan.solved.decision.levels()
    worst = 0.0
    for year, stage, indicator in np.argwhere(lay_out(problem).mean >= 0).tolist():
        if _still_to_come(plan, year, indicator):
            continue
        again = float(plan.judged.at(f"cv_{INDICATORS[indicator]}", problem.years[year])[stage])
        mine = variation(problem, levels, year, stage, indicator)
        if np.isfinite(again):
            worst = max(worst, float(_apart(np.array(mine), np.array(again), 1.0)))
    return worst


def _short(plan: Plan) -> float:
    """The most by which the engine finds less money left than the plan; 0 where unknown."""
    left, worst = 0.0, 0.0
    own = plan.ground.by_year("gap")[:, 0] - plan.ground.by_year("carried_over")[:, 0]
    for year, there, row in zip(plan.problem.years, own, plan.money, strict=True):
        carried = max(left, 0.0) if plan.problem.carry_over else 0.0
        left = float(there) + carried - row["spent"]
        again = float(plan.result.at("gap", year)[0])
        if np.isfinite(left) and np.isfinite(again):
            worst = max(worst, left - again)
    return worst


def _lawful(plan: Plan) -> bool:
    """Whether the plan was asked for no less than the evaluation asks for."""
    needed = plan.ground.by_year("indicators_needed")[-1, 0]
    allowed = len(INDICATORS) - needed if np.isfinite(needed) else 0
    most = int(plan.problem.exemptions.max(initial=0))
    equal = plan.objective != "most_equal" or plan.value <= 1
    return plan.wishes.limit_factor <= 1 and most <= allowed and equal
