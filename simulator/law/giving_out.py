"""Operators: what no sheet can express, each a named function with its own explanation.

An operator sees the run's axes first, then its inputs over (…, year, entity).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from simulator.errors import JunhengError
from simulator.machine.language import Array
from simulator.machine.registry import OWN, formula

#: Codes of the ways to give out an investment; "list" is a plan's own list.
INVESTMENT_RULES = ("level_up", "proportional", "per_pupil", "list")


def level_up(totals: Array, pupils: Array, pot: float) -> Array:
    """Additions that raise the lowest totals per pupil to one common level: they sum to the pot.

    ``totals`` and ``pupils`` are equal-length arrays (yuan or any unit; persons). Parts
    without pupils get nothing. Raises JunhengError for a negative pot or count, unknown
    values, or a pot with no pupils to give it to. Source: MODEL, own definition.
    """
    amounts, heads = np.asarray(totals, float), np.asarray(pupils, float)
    if not (np.isfinite(amounts).all() and np.isfinite(heads).all() and np.isfinite(pot)):
        raise JunhengError("level_up_unknown")
    if pot < 0 or (heads < 0).any() or amounts.shape != heads.shape:
        raise JunhengError("level_up_negative")
    filled = heads > 0
    if pot > 0 and not filled.any():
        raise JunhengError("level_up_nobody")
    added = np.zeros_like(amounts)
    if pot == 0:
        return added
    line = _water_line(amounts[filled], heads[filled], pot)
    added[filled] = np.maximum(0.0, line * heads[filled] - amounts[filled])
    if added.sum() == 0:  # a pot too small to be seen beside the totals
        lowest = np.argmin(np.where(filled, amounts / np.maximum(heads, 1e-300), np.inf))
        added[lowest] = pot
    return np.asarray(added * (pot / added.sum()))


def _water_line(amounts: Array, heads: Array, pot: float) -> float:
    """The per-pupil level at which the pot is spent."""
    levels = amounts / heads
    order = np.argsort(levels, kind="stable")
    heads_below = np.cumsum(heads[order])
    spent = heads_below * levels[order] - np.cumsum(amounts[order])
    last = int(np.searchsorted(spent, pot, side="right")) - 1
    last = max(last, 0)
    return float((pot + np.cumsum(amounts[order])[last]) / heads_below[last])


@formula(level="part", unit="yuan", subject="operating", cites=OWN, operator=True)
def pot_additions(
    index: Any,
    protected_funds: Array,
    headcount: Array,
    pot_amount: Array,
    pot_levels_up: Array,
) -> Array:
    """What levelling up adds to each school: the lowest per head raised until the pot is spent."""
    funds, heads, pots, on = np.broadcast_arrays(
        protected_funds, headcount, pot_amount, pot_levels_up
    )
    added = np.full(funds.shape, np.nan)
    for row in np.ndindex(*funds.shape[:-1]):
        left = pots[row][0] - funds[row].sum() if funds.shape[-1] else np.nan
        if on[row][0] == 1 and left >= 0 and np.isfinite(heads[row]).all():
            added[row] = level_up(funds[row], heads[row], left)
    return added


def sharing_of(times: float) -> Callable[..., Array]:
    """The operator that gives out an investment whose standard is for so many pupils."""

    def share_investment(
        index: Any,
        amount: Array,
        rule: Array,
        unit_cost: Array,
        listed: Array,
        before: Array,
        pupils: Array,
        standard: Array,
        in_scope: Array,
    ) -> Array:
        due = standard.take(index.part_stage, axis=-1) / times
        wide = np.broadcast_arrays(amount, rule, unit_cost, listed, before, pupils, due, in_scope)
        given = np.full(wide[3].shape, np.nan)
        for row in np.ndindex(*given.shape[:-1]):
            money, code, cost, named, stock, heads, needed, scope = (each[row] for each in wide)
            counted = np.where(scope == 0, 0.0, heads * scope)
            given[row] = named + _by_rule(money[0], code[0], cost[0], stock, counted, needed)
        return given

    share_investment.__doc__ = """An investment given out to schools by rule.

    The lowest against the standard first, in proportion to what each lacks of it, equal per
    pupil, or as listed; schools outside the evaluation get only what a list gives them. What
    has no standard is shared by pupils instead.
    """
    return share_investment


def _by_rule(
    money: float, code: float, cost: float, stock: Array, heads: Array, needed: Array
) -> Array:
    """One year's money by one rule; unknown where what the rule looks at is unknown."""
    if money == 0:
        return np.zeros_like(stock)
    nothing_known = np.full_like(stock, np.nan)
    if not np.isfinite([money, code]).all() or np.isnan(heads).any() or heads.sum() == 0:
        # of those evaluated something is unknown, or nobody is: no rule says who gets the money
        return nothing_known
    rule = INVESTMENT_RULES[int(code)]
    counted = heads > 0
    # without a standard, schools are measured per pupil
    standard = bool(np.isfinite(needed[counted]).all())
    weight = np.where(counted, heads * (needed if standard else 1), 0.0)
    if rule == "per_pupil" or (rule == "proportional" and not standard):
        return np.asarray(money * heads / heads.sum())
    owned = np.where(counted, stock, 0.0)
    if not np.isfinite(owned).all():
        return nothing_known
    if rule == "proportional":
        lacking = np.maximum(0.0, weight - owned)
        shares = lacking if lacking.sum() > 0 else weight
        return np.asarray(money * shares / shares.sum())
    if not np.isfinite(cost):
        return nothing_known
    return np.asarray(level_up(owned, weight, money / cost) * cost)
