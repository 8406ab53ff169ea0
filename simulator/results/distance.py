"""Who drives the differences between schools, and what brings them down to the limit."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.law.balance.measure import coefficient_of_variation
from simulator.law.balance.quantities import QUALITY
from simulator.law.giving_out import level_up
from simulator.machine.language import Array, at_least
from simulator.results.shortfalls import (
    MONEY_CAN_BUY,
    cheapest_school,
    cost_of_school,
    shortfalls,
    unit_price,
)
from simulator.stages import STAGES

if TYPE_CHECKING:
    from simulator.results.result import Result

__all__ = [
    "DISTANCES", "additions_to_limit", "cheapest_school", "cost_of_school", "cost_to_limit",
    "distances", "drivers", "moves_to_limit", "school_to_limit", "shortfalls",
]  # fmt: skip

#: Halvings of the search for the money that brings a CV to its limit: to a fen of a billion.
HALVINGS = 60


def drivers(result: Result, indicator: str, stage: str, year: int) -> pd.DataFrame:
    """Each evaluated school's contribution to S², largest first; contributions add up to S².

    Columns: value, mean, contribution, share (of S²); index school_id.
    """
    parts = _evaluated(result, stage, year)
    contribution = result.at(f"contribution_{indicator}", year)[parts]
    frame = pd.DataFrame(
        {
            "value": result.at(f"value_{indicator}", year)[parts],
            "mean": result.at(f"mean_{indicator}", year)[STAGES.index(stage)],
            "contribution": contribution,
            "share": contribution / contribution.sum() if contribution.sum() else np.nan,
        },
        index=pd.Index([result.index.parts[part][0] for part in parts], name="school_id"),
    )
    return frame.sort_values("contribution", ascending=False, kind="stable")


def _evaluated(result: Result, stage: str, year: int) -> NDArray[np.intp]:
    scope = result.at("in_scope", year) == 1
    return np.flatnonzero(scope & (result.index.part_stage == STAGES.index(stage)))


@dataclass(frozen=True, slots=True)
class _Stage:
    """The evaluated schools of a stage: what they have, their pupils, the limit of the CV."""

    parts: NDArray[np.intp]
    stock: Array
    pupils: Array
    limit: float

    @property
    def computable(self) -> bool:
        known = np.isfinite([*self.stock, *self.pupils, self.limit]).all()
        return bool(known) and len(self.parts) >= 2 and self.stock.sum() > 0

    def within(self, stock: Array) -> bool:
        """Whether the coefficient of variation of a stock is in the limit."""
        return bool(at_least(self.limit, coefficient_of_variation(stock, self.pupils)))

    def least(self, highest: float, change: Callable[[float], Array]) -> Array:
        """The change by the least amount up to the highest that brings the CV to its limit."""
        low, high = 0.0, highest
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            if self.within(self.stock + change(middle)):
                high = middle
            else:
                low = middle
        return change(high)


def _stage(result: Result, indicator: str, stage: str, year: int) -> _Stage:
    parts = _evaluated(result, stage, year)
    limit = float(result.at("cv_limit", year)[STAGES.index(stage)])
    stock, pupils = (result.at(name, year)[parts] for name in (indicator, "pupils"))
    return _Stage(parts, stock, pupils, limit)


def additions_to_limit(result: Result, indicator: str, stage: str, year: int) -> pd.Series[float]:
    """What brings one CV down to its limit when the lowest schools are raised, by school.

    In the quantity's own unit; zeros where the CV is within its limit, empty where it cannot
    be computed.
    """
    found = _stage(result, indicator, stage, year)
    if not found.computable:
        return pd.Series(dtype=float)
    added = np.zeros(len(found.parts))
    if not found.within(found.stock):
        top = (found.stock / found.pupils).max() * found.pupils.sum() - found.stock.sum()
        added = found.least(float(top), lambda pot: level_up(found.stock, found.pupils, pot))
    return pd.Series(added, index=_names(result, found.parts))


def _names(result: Result, parts: NDArray[np.intp]) -> list[str]:
    return [result.index.parts[part][0] for part in parts]


def cost_to_limit(result: Result, indicator: str, stage: str, year: int) -> float:
    """The money that brings one CV down to its limit by raising the lowest schools.

    0 where it is within the limit; unknown for teachers, or where a value is unknown.
    """
    added = additions_to_limit(result, indicator, stage, year)
    if added.empty or indicator not in MONEY_CAN_BUY:
        return float("nan")
    places = result.index.part_position
    return math.fsum(
        amount * unit_price(result, indicator, year, places[str(school), stage])
        for school, amount in added.items()
        if amount
    )


def moves_to_limit(result: Result, indicator: str, stage: str, year: int) -> pd.Series[float]:
    """Net moves that bring one CV down to its limit with nothing added, by school; sum 0.

    From the schools best off to those worst off: no fewer moves can do it. Zeros where the
    CV is within its limit, empty where it cannot be computed.
    """
    found = _stage(result, indicator, stage, year)
    if not found.computable:
        return pd.Series(dtype=float)
    moved = np.zeros(len(found.parts))
    if not found.within(found.stock):
        even = found.pupils * found.stock.sum() / found.pupils.sum()
        most = float(np.maximum(0.0, even - found.stock).sum())
        moved = found.least(most, lambda pot: _moves(found.stock, found.pupils, pot))
    return pd.Series(moved, index=_names(result, found.parts))


def _moves(stock: Array, pupils: Array, pot: float) -> Array:
    """So much taken from the highest per pupil and given to the lowest."""
    return level_up(stock, pupils, pot) - level_up(-stock, pupils, pot)


def school_to_limit(
    result: Result, indicator: str, stage: str, year: int
) -> tuple[str, float, float] | None:
    """The one school whose rise alone brings a CV to its limit most cheaply.

    (school, quantity, yuan); by quantity where money cannot buy it, and the yuan unknown.
    None where the CV is within its limit, cannot be computed, or no school alone can do it.
    """
    found = _stage(result, indicator, stage, year)
    if not found.computable or found.within(found.stock):
        return None
    needed = _alone(found)
    price = np.array([unit_price(result, indicator, year, int(p)) for p in found.parts])
    ranked = needed * price if indicator in MONEY_CAN_BUY else needed
    if np.isnan(ranked).all():
        return None
    best = int(np.nanargmin(ranked))
    school, _ = result.index.parts[found.parts[best]]
    return school, float(needed[best]), float(needed[best] * price[best])


def _alone(found: _Stage) -> Array:
    """What each school would need more of, alone, for the CV to reach its limit; else unknown.

    With q more at school i the condition CV² ≤ limit² is quadratic in q: a·q² + b·q + c ≤ 0.
    """
    stock, pupils, one = found.stock, found.pupils, 1 + found.limit**2
    everyone, whole = pupils.sum(), stock.sum()
    a = everyone / pupils - one
    b = 2 * (everyone * stock / pupils - one * whole)
    c = everyone * (stock**2 / pupils).sum() - one * whole**2
    with np.errstate(invalid="ignore", divide="ignore"):
        needed = 2 * c / (np.sqrt(b**2 - 4 * a * c) - b)
    return np.where(needed > 0, needed, np.nan)


DISTANCES = [
    "stage", "indicator", "mean", "sd", "cv", "limit", "headroom", "below", "lacking",
    "lacking_cost", "added", "cost", "moved", "school_id", "school_added", "school_cost",
]  # fmt: skip


def distances(result: Result, year: int) -> pd.DataFrame:
    """How far each of the seven indicators is from its standard and its limit, and what it takes.

    One row a stage and indicator: CV, limit and headroom; schools ``below`` the standard,
    what they are ``lacking`` together and its cost; what raising the lowest schools to the
    limit takes (``added``, ``cost``), how much would have to move instead (``moved``), and
    the single school that would do (``school_id``, ``school_added``, ``school_cost``).
    """
    there = set(result.index.part_stage.tolist())
    rows = [
        _distance(result, item.id, stage, year)
        for position, stage in enumerate(STAGES[:2])
        if position in there
        for item in QUALITY
    ]
    return pd.DataFrame(rows, columns=DISTANCES)


def _distance(result: Result, indicator: str, stage: str, year: int) -> tuple[object, ...]:
    place = STAGES.index(stage)
    figures = [
        float(result.at(name, year)[place])
        for name in (f"mean_{indicator}", f"sd_{indicator}", f"cv_{indicator}", "cv_limit",
                     f"cv_headroom_{indicator}")
    ]  # fmt: skip
    added = additions_to_limit(result, indicator, stage, year)
    moved = moves_to_limit(result, indicator, stage, year)
    alone = school_to_limit(result, indicator, stage, year) or (None, np.nan, np.nan)
    return (
        stage, indicator, *figures, *_below(result, indicator, stage, year),
        added.sum() if len(added) else np.nan,
        cost_to_limit(result, indicator, stage, year),
        moved.clip(lower=0).sum() if len(moved) else np.nan, *alone,
    )  # fmt: skip


def _below(result: Result, indicator: str, stage: str, year: int) -> tuple[float, float, float]:
    """Schools below the standard, what they lack together and its cost; unknown where one is."""
    parts = _evaluated(result, stage, year)
    below = 1 - result.at(f"met_{indicator}", year)[parts]
    lacking = result.at(f"lacking_{indicator}", year)[parts]
    prices = np.array([unit_price(result, indicator, year, int(part)) for part in parts])
    costs = np.where(lacking == 0, 0.0, lacking * prices)
    cost = float(costs.sum()) if indicator in MONEY_CAN_BUY else float("nan")
    return float(below.sum()), float(lacking.sum()), cost
