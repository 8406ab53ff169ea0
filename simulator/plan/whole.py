"""Whole teachers and rooms: what cannot be split is decided in whole numbers, exemptions given."""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.plan.cone import Answer, Model, build_model, solve_model
from simulator.plan.exact import first_cuts
from simulator.plan.milp import solve_mixed, tangents
from simulator.plan.problem import (
    ITEM_AT,
    ITEMS,
    KIND_AT,
    MONEY,
    Array,
    Flags,
    Problem,
)
from simulator.plan.watch import Watch

ROUNDS: Final = 25
#: CV limits are held to so much less, so that tangents need not be found to the last digit.
ROOM: Final = 1e-4
#: The share of the asked gap that whole rooms may add.
ROOM_GAP: Final = 0.2


def teachers_only(problem: Problem) -> Problem:
    """The problem of who moves: facilities left as they are and asked for nothing."""
    return _asked_only(problem, KIND_AT).with_(
        may_buy=np.zeros_like(problem.may_buy),
        fixed_buy=np.full_like(problem.fixed_buy, np.nan),
        spending=None,
    )


def facilities_only(problem: Problem) -> Problem:
    """The problem of what is bought: nobody moves, teachers are asked for nothing."""
    return _asked_only(problem, ITEM_AT).with_(
        may_move=np.zeros_like(problem.may_move),
        fixed_move=np.full_like(problem.fixed_move, np.nan),
    )


def _asked_only(problem: Problem, places: tuple[int, ...]) -> Problem:
    standard, limit = np.full_like(problem.standard, np.nan), np.full_like(problem.limit, np.nan)
    standard[:, :, places] = problem.standard[:, :, places]
    limit[:, :, places] = problem.limit[:, :, places]
    return problem.with_(standard=standard, limit=limit)


def whole_moves(problem: Problem, watch: Watch) -> Array | None:
    """(3, P, steps) net teachers moved in whole persons, as few as will do; None where none fit.

    ``problem`` has its exemptions decided. A step ends in each of the years looked at.
    """
    model = build_model(teachers_only(problem).looser(1 - ROOM if problem.whole else 1.0))
    if not (model.layout.into >= 0).any():
        return _fits(model)
    answer = solve_model(model)
    if answer.status != "optimal":
        return None
    if not problem.whole:
        return _net(model, answer.values)
    whole = np.zeros(model.layout.size, dtype=bool)
    whole[model.layout.into[model.layout.into >= 0]] = True
    whole[model.layout.out[model.layout.out >= 0]] = True
    values = _cut_until_kept(model, answer, whole, 1e-4, watch)
    return None if values is None else _net(model, values)


def _fits(model: Model) -> Array | None:
    """No moves, where the rules about teachers hold without any."""
    still = np.zeros((*model.layout.into.shape[:2], max(len(model.layout.seen), 1)))
    answer = solve_model(model) if model.layout.size else None
    return still if answer is None or answer.status == "optimal" else None


def _net(model: Model, values: Array) -> Array:
    found = np.zeros(model.layout.into.shape)
    for columns, sign in ((model.layout.into, 1.0), (model.layout.out, -1.0)):
        found[columns >= 0] += sign * values[columns[columns >= 0]]
    return np.round(found) if model.problem.whole else found


def whole_rooms(problem: Problem, gap: float, watch: Watch) -> Array | None:
    """(T, 4, S) purchases fixed in whole units where an item cannot be split, NaN elsewhere."""
    items = [item for item in range(len(ITEMS)) if problem.indivisible(item)]
    fixed = problem.fixed_buy.copy()
    model = build_model(facilities_only(problem).looser(1 - ROOM))
    placed = model.layout.buy[:, items]
    if not (placed >= 0).any():
        return fixed
    answer = solve_model(model)
    if answer.status != "optimal":
        return None
    unit = np.ones(model.layout.size)
    whole = np.zeros(model.layout.size, dtype=bool)
    for item in items:
        columns = model.layout.buy[:, item]
        year, school = np.nonzero((columns >= 0) & np.isnan(problem.fixed_buy[:, item]))
        unit[columns[year, school]] = problem.price[year, item] / MONEY
        whole[columns[year, school]] = True
    values = _cut_until_kept(model, answer, whole, gap * ROOM_GAP, watch, unit)
    if values is None:
        return None
    for item in items:
        columns = model.layout.buy[:, item]
        free = (columns >= 0) & np.isnan(fixed[:, item])
        fixed[:, item][free] = np.round((values / unit)[columns[free]])
    return fixed


def _cut_until_kept(
    model: Model,
    answer: Answer,
    whole: Flags,
    gap: float,
    watch: Watch,
    unit: Array | None = None,
) -> Array | None:
    """Solve with tangents, adding those that were overlooked, until every cone is kept."""
    cuts = first_cuts(model, answer.values)
    for _ in range(ROUNDS):
        found = solve_mixed(model, cuts, whole, gap, watch, unit=unit)
        if found.status in ("infeasible", "unknown"):
            return None
        more = tangents(model.cones, found.values, ROOM / 2)
        if not len(more.slope):
            return found.values
        cuts = cuts.joined(more)
    return None
