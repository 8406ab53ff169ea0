"""Pots: a fixed sum given out by a rule, in whole yuan or fen that add up to it exactly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from simulator.errors import JunhengError
from simulator.law.giving_out import level_up
from simulator.machine.language import Array
from simulator.machine.registry import OWN, Formula, Input, make_formula
from simulator.own_formula.line import PREFIX, LineSet, Pot, Rule
from simulator.own_formula.words import called
from simulator.units import apportion


def give(
    rule: Rule, shared: Array, heads: Array, pot: float, guaranteed: Array | None = None
) -> Array:
    """A pot given out: yuan of each school, which add up to the pot.

    ``proportion`` scales ``shared`` to the pot. ``level_up`` gives ``shared`` and raises the
    lowest per head to one common level with the rest; a pot that falls short of it is
    scaled. ``guarantee`` gives ``guaranteed`` first (scaled where the pot falls short) and
    shares the rest in proportion.
    Errors: JunhengError for unknown or negative amounts, or nothing to share by.
    """
    amounts = _amounts(shared)
    if not np.isfinite(pot) or pot < 0:
        raise JunhengError("apportion_negative")
    if rule == "level_up" and pot >= amounts.sum():
        return np.asarray(amounts + level_up(amounts, heads, pot - float(amounts.sum())))
    if rule == "guarantee":
        first = _amounts(shared * 0 if guaranteed is None else guaranteed)
        if pot < first.sum():
            return _scaled(first, pot)
        return np.asarray(first + _scaled(amounts, pot - float(first.sum())))
    return _scaled(amounts, pot)


def paid(amounts: Array, pot: float, unit: float) -> Array:
    """Amounts in whole units that add up to the pot, each less than a unit from its exact one."""
    return apportion(amounts.tolist(), pot, unit)


def _amounts(values: Array) -> Array:
    found = np.asarray(values, dtype=np.float64)
    if not np.isfinite(found).all() or (found < 0).any():
        raise JunhengError("apportion_negative")
    return found


def _scaled(amounts: Array, pot: float) -> Array:
    """Amounts scaled to a pot; in proportion to each."""
    whole = float(amounts.sum())
    if whole == 0:
        if pot > 0:
            raise JunhengError("apportion_nothing", total=pot)
        return np.zeros_like(amounts)
    return np.asarray(amounts / whole * pot)


def pot_inputs(pot: Pot) -> tuple[Input, ...]:
    """The money in a pot, as an input of the graph."""
    words = called(pot.title, "pot")
    name, path = f"{PREFIX}{pot.id}_amount", f"lines.{pot.id}.amount"
    return (Input(name, "district", "yuan", "line", path, by_year=True, words=words),)


def pot_formula(pot: Pot, lines: LineSet) -> Formula:
    """What each part gets out of a pot, year by year: an operator of the graph."""
    shared, heads = lines.graph_name(pot.shared), lines.per_pupil
    extra = (lines.graph_name(pot.guaranteed),) if pot.guaranteed else ()
    arguments = (shared, heads, f"{PREFIX}{pot.id}_amount", *extra)
    return make_formula(
        _operator(pot), arguments, "part", "yuan", "operating", (pot.cites or OWN,),
        operator=True, name=f"{PREFIX}{pot.id}", words=called(pot.title),
    )  # fmt: skip


def _operator(pot: Pot) -> Callable[..., Array]:
    def given_out(
        index: Any, shared: Array, heads: Array, amount: Array, first: Array | None = None
    ) -> Array:
        guaranteed = shared * 0 if first is None else first
        wide = np.broadcast_arrays(shared, heads, amount, guaranteed)
        found = np.full(wide[0].shape, np.nan)
        for row in np.ndindex(*found.shape[:-1]):
            by, pupils, money, sure = (each[row] for each in wide)
            if by.size and all(np.isfinite(each).all() for each in (by, pupils, money, sure)):
                exact = give(pot.rule, by, pupils, float(money[0]), sure)
                unit = pot.paid_in
                found[row] = exact if unit is None else paid(exact, float(money[0]), unit)
        return found

    given_out.__doc__ = """A pot given out to schools by its rule, in whole units.

    In proportion, the lowest per head raised to one level, or guarantees first.
    """
    return given_out
