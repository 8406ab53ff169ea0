"""From a solver's figures to amounts that can be paid: whole steps and fen, no rule broken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.plan.cone import Answer, Model, build_model, solve_model
from simulator.plan.growing import broken, settled
from simulator.plan.layout import Layout, lay_out
from simulator.plan.problem import (
    COST,
    ITEM_AT,
    ITEMS,
    KINDS,
    MONEY,
    WHOLE,
    Array,
    Problem,
    Spending,
    weights_of,
)
from simulator.plan.whole import facilities_only

#: Room left under the CV limits so that rounding to steps does not break them, tried in turn.
MARGINS: Final = (1e-7, 1e-5, 1e-4, 1e-3)
#: With each of them as much room under the money and the caps, then none: where a cap is just
#: what is needed there is none to leave. Last of all, no room anywhere.
ROOMS_LEFT: Final = (*((margin, room) for margin in MARGINS for room in (1.0, 0.0)), (0.0, 0.0))
#: A solver that is asked for so many yuan, or such a share, less of a cap can tell the difference.
TOLD_APART: Final = (2.0, 1e-6)
FEN: Final = 0.01
#: What the engine counts as equal to a limit is 1e-9; the plan keeps to a tenth of it.
SLACK: Final = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Paid:
    """What is paid: purchases (``units``, ``amount`` in yuan, both (T, 4, S)) and ``extra``.

    ``extra`` (T, 2) are yuan of operating funds above the formula.
    """

    units: Array
    amount: Array
    extra: Array

    @property
    def by_year(self) -> Array:
        """(T) yuan of each year, as they are paid."""
        return np.asarray(self.amount.sum(axis=(1, 2)) + self.extra.sum(axis=1))

    def cost(self, problem: Problem) -> float:
        """Discounted yuan."""
        return float((self.by_year * problem.discount).sum())


def payable(problem: Problem, rooms: Array) -> Paid | None:
    """Purchases in whole steps with exemptions and rooms decided; None where none keep the rules.

    ``rooms`` (T, 4, S) are the purchases that are fixed, NaN where free.
    """
    bought = facilities_only(problem).with_(fixed_buy=rooms)
    steps = np.array([problem.step_of(item) for item in range(len(ITEMS))])
    for margin, left in ROOMS_LEFT:
        spare = _spare(problem, steps) * (left * margin / MARGINS[1])
        tight = bought.with_(
            limit=bought.limit * (1 - margin),
            envelope=_less(bought.envelope, spare),
            item_cap=_less(bought.item_cap, spare[:, np.newaxis]),
            school_cap=_less(bought.school_cap, spare.max(initial=0.0) / len(problem.schools)),
            spending=_stricter(bought.spending, spare),
        )
        model = build_model(tight)
        answer = solve_model(model)
        if answer.status != "optimal":
            continue
        units = np.zeros(rooms.shape)
        placed = model.layout.buy >= 0
        money = np.maximum(answer.values[model.layout.buy[placed]], 0.0) * MONEY
        year, item, _ = np.nonzero(placed)
        units[placed] = money / problem.price[year, item]
        paid = _rounded(bought, units, steps, _extra_of(model, answer))
        if keeps_facility_rules(bought, paid):
            return paid
    return None


def with_less_money(problem: Problem) -> Problem:
    """The problem with just so much less money, and narrower caps, as a solver can tell apart."""

    def less(cap: Array) -> Array:
        yuan, share = TOLD_APART
        known = np.where(np.isfinite(cap), cap, 0.0)
        return np.where(np.isfinite(cap), cap - np.maximum(yuan, np.abs(known) * share), cap)

    return problem.with_(
        envelope=less(problem.envelope),
        item_cap=less(problem.item_cap),
        school_cap=less(problem.school_cap),
    )


def _extra_of(model: Model, answer: Answer) -> Array:
    """(T, 2) yuan of operating funds above the formula in a solution."""
    placed = model.layout.extra >= 0
    found = np.zeros(placed.shape)
    found[placed] = np.maximum(answer.values[model.layout.extra[placed]], 0.0) * MONEY
    return found


def _less(cap: Array, spare: Array | float) -> Array:
    """A cap with some room kept free; one that has no room to give closes, and none turns over."""
    return np.asarray(np.where(cap > 0, np.maximum(cap - spare, 0.0), cap))


def _stricter(spending: Spending | None, spare: Array) -> Spending | None:
    """What must rise by purchases alone, with some room; elsewhere the last fen is given on top."""
    if spending is None:
        return None
    less = spending.less.copy()
    less[[COST, WHOLE]] -= np.where(spending.counted > 0, 0.0, spare[:, np.newaxis])
    return spending.with_(less=less)


def _spare(problem: Problem, steps: Array) -> Array:
    """(T) yuan that rounding every purchase up by one step may ask for."""
    fixed = np.array([problem.indivisible(item) for item in range(len(ITEMS))])
    each = np.where(fixed, 0.0, steps) * problem.price
    return np.asarray(each.sum(axis=1) * len(problem.schools))


def _rounded(problem: Problem, units: Array, steps: Array, extra: Array) -> Paid:
    """The nearest steps; where a standard is then missed, the steps that are missing.

    Operating funds above the formula follow what was bought.
    """
    free = np.isnan(problem.fixed_buy)
    step = steps[np.newaxis, :, np.newaxis]
    found = np.where(free, np.round(units / step) * step, np.nan_to_num(problem.fixed_buy))
    layout = lay_out(problem)
    found = _with_missing(problem, layout, found, free, steps)
    price = problem.price[:, :, np.newaxis]
    fen = np.ceil(found * price / FEN - 1e-4) * FEN
    exact = np.nan_to_num(problem.fixed_buy) * price
    amount = np.where(free, np.round(fen, 2), exact)
    return Paid(found, amount, settled(problem, amount, extra))


def _with_missing(
    problem: Problem, layout: Layout, units: Array, free: Array, steps: Array
) -> Array:
    """Units with the steps added that a part still lacks of its standard."""
    found = units.copy()
    levels = item_levels_of(problem, found)
    norm = layout.norm[problem.part_stage].T
    for year, item, part in np.argwhere(np.isfinite(layout.full[:, ITEM_AT[0] :])):
        indicator, school = ITEM_AT[item], problem.part_school[part]
        wanted = layout.full[year, indicator, part] * norm[indicator, part]
        lacking = wanted * (1 - SLACK) - levels[year, item, part]
        if lacking <= 0:
            continue
        useful = [
            t for t in range(year + 1) if t + problem.lead[item] <= year and free[t, item, school]
        ]
        if not useful:
            continue
        bought = [t for t in useful if found[t, item, school] > 0] or useful
        more = np.ceil(lacking / problem.factor[year, indicator, part] / steps[item])
        found[bought[-1], item, school] += more * steps[item]
        levels = item_levels_of(problem, found)
    return found


def item_levels_of(problem: Problem, units: Array) -> Array:
    """(T, 4, P) facility levels after purchases."""
    levels = problem.base[:, list(ITEM_AT)].copy()
    for item in range(len(ITEMS)):
        for year in range(problem.horizon):
            arrived = units[: max(year + 1 - problem.lead[item], 0), item].sum(axis=0)
            levels[year, item] += problem.factor[year, ITEM_AT[item]] * arrived[problem.part_school]
    return levels


def teacher_levels_of(problem: Problem, moved: Array) -> Array:
    """(T, 3, P) teacher levels after moves (3, P, T)."""
    so_far = np.cumsum(moved, axis=2).transpose(2, 0, 1)
    return np.asarray(problem.base[:, : len(KINDS)] + problem.factor[:, : len(KINDS)] * so_far)


def keeps_facility_rules(problem: Problem, paid: Paid) -> bool:
    """Whether what is paid keeps the standards, the limits, the money and its growth."""
    layout = lay_out(problem)
    levels = np.full(problem.base.shape, np.nan)
    levels[:, list(ITEM_AT)] = item_levels_of(problem, paid.units)
    return (
        standards_kept(problem, layout, levels)
        and limits_kept(problem, layout, levels)
        and money_kept(problem, paid)
        and not broken(problem, paid.amount, paid.extra)
    )


def standards_kept(problem: Problem, layout: Layout, levels: Array) -> bool:
    """Whether every level asked for is reached."""
    wanted = layout.full * layout.norm[problem.part_stage].T
    asked = np.isfinite(wanted)
    return bool((levels[asked] >= wanted[asked] * (1 - 5 * SLACK)).all())


def limits_kept(problem: Problem, layout: Layout, levels: Array) -> bool:
    """Whether every limited CV is within its limit."""
    for year, stage, indicator in np.argwhere(layout.mean >= 0):
        limit = problem.limit[year, stage, indicator]
        if variation(problem, levels, year, stage, indicator) > limit + SLACK:
            return False
    return True


def variation(problem: Problem, levels: Array, year: int, stage: int, indicator: int) -> float:
    """The coefficient of variation of one indicator; 0 where the mean is 0."""
    inside, weights = weights_of(problem, year, stage)
    values = levels[year, indicator, inside]
    mean = float(weights @ values)
    return float(np.sqrt(weights @ (values - mean) ** 2) / mean) if mean > 0 else 0.0


def money_kept(problem: Problem, paid: Paid) -> bool:
    """Whether what is paid stays within the money of each year and within every cap."""
    spent, there = paid.by_year, problem.envelope
    if problem.carry_over:
        spent, there = np.cumsum(spent), np.cumsum(there)
    return bool(
        (spent <= there + FEN / 10).all()
        and (paid.amount.sum(axis=2) <= problem.item_cap + FEN / 10).all()
        and (paid.amount.sum(axis=(0, 1)) <= problem.school_cap + FEN / 10).all()
    )
