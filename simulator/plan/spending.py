"""What is spent without a plan, and who may be given operating funds above the formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.plan.problem import COST, GROWING, Array, Flags, Spending
from simulator.results.judge import rules_in_force
from simulator.units import apportion

if TYPE_CHECKING:
    from simulator.plan.build import Ground
    from simulator.plan.wishes import Wishes

#: What each family looks at, and the pupils it is divided by: figures of stages or the district.
COST_OF = ("stage_cost", "stage_operating", "district_cost")
#: In a plan the money is enough: all that is needed is spent.
NEED_OF = ("stage_need", "stage_operating", "need")
PUPILS_OF = ("stage_average_pupils", "stage_average_pupils", "district_average_pupils")


def spending_of(ground: Ground, wishes: Wishes) -> Spending | None:
    """The rules about spending that the scenario is judged by; None where none can be judged."""
    asked = _asked(ground, wishes)
    if not asked.any():
        return None
    years = len(ground.years)
    yuan, heads = (np.full((len(GROWING), years + 1, 2), np.nan) for _ in range(2))
    for family in range(len(GROWING)):
        yuan[family, 0] = ground.at_base(COST_OF[family])[:2]
        yuan[family, 1:] = ground.by_year(NEED_OF[family])[:, :2]
        heads[family, 0] = ground.at_base(PUPILS_OF[family])[:2]
        heads[family, 1:] = ground.by_year(PUPILS_OF[family])[:, :2]
    return Spending(
        yuan=yuan,
        heads=heads,
        asked=asked,
        counted=_by_stage(ground, _counted(ground, wishes)),
        held=bool(ground.by_year("hold_harmless")[0, 0] == 1),
        counts=1 - _saved(ground),
        less=np.zeros_like(asked, dtype=float),
    )


def _asked(ground: Ground, wishes: Wishes) -> Flags:
    """(3, T, 2) where the engine can judge a rule."""
    found = np.zeros((len(GROWING), len(ground.years), 2), dtype=bool)
    for rule in rules_in_force(ground.result):
        if rule.id not in GROWING:
            continue
        known = np.isfinite(ground.by_year(rule.headroom))[:, :2]
        found[GROWING.index(rule.id), :, : known.shape[1]] = known
    if wishes.waive_growth_per_pupil:
        found[COST] = False
    return found


def _saved(ground: Ground) -> Array:
    """(T) what a yuan above the formula saves of the bureau's training fund, at most."""
    alternative = np.nan_to_num(ground.by_year("training_alternative")[:, 0])
    return np.asarray(alternative * np.nan_to_num(ground.by_year("training_share")[:, 0]))


def _counted(ground: Ground, wishes: Wishes) -> Array:
    """(T, N) heads of every part of the index that may be given more; 0 where it may not."""
    index = ground.result.index
    closed = [index.schools.index(name) for name in wishes.untouched]
    open_ = ~np.isin(index.part_school, closed) & (index.part_stage < 2)
    open_ &= ~ground.private[index.part_school]
    return np.where(open_, np.nan_to_num(ground.by_year("headcount")), 0.0)


def _by_stage(ground: Ground, heads: Array) -> Array:
    stage = ground.result.index.part_stage
    return np.stack([heads[:, stage == k].sum(axis=1) for k in range(2)], axis=1)


def shared_out(ground: Ground, wishes: Wishes, extra: Array) -> Array:
    """(T, N) yuan of each part: as much for every head of a stage, adding up to the fen."""
    heads, stage = _counted(ground, wishes), ground.result.index.part_stage
    found = np.zeros_like(heads)
    for year, k in np.argwhere(extra > 0).tolist():
        here = np.flatnonzero((stage == k) & (heads[year] > 0))
        found[year, here] = apportion(heads[year, here], float(extra[year, k]))
    return found
