"""How much a rule would have to give: chosen rows get slack, and as little of it as will do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_matrix, hstack, vstack

from simulator.plan.cone import Answer, Model, build_model, solve_model
from simulator.plan.problem import Array, Ints, Problem

#: What a 万元 of the plan's own cost counts beside a unit of slack.
OWN_COST = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class Give:
    """Rows that may give way together by one amount: row numbers in the model, and a weight."""

    rows: Ints
    weight: float = 1.0


def rows_of(model: Model, family: str, **places: int) -> Ints:
    """The numbers of a family's rows in the model, at the places that are named."""
    columns = {"stage": 0, "indicator": 1, "year": 2, "school": 3}
    found, start = [], 0
    for block in model.rows:
        if block.family == family:
            kept = np.ones(block.count, dtype=bool)
            for name, place in places.items():
                kept &= block.places[:, columns[name]] == place
            found.append(start + np.flatnonzero(kept))
        start += block.count
    return np.concatenate(found) if found else np.zeros(0, dtype=np.intp)


def least_give(problem: Problem, gives: Sequence[Give], model: Model | None = None) -> Array | None:
    """The amounts by which the rows must give, the weighted sum least; None where none will do.

    Amounts are in the rows' own units: 万元, teachers, shares of the standard.
    """
    base = model if model is not None else build_model(problem)
    loosened = _with_slack(base, gives)
    answer: Answer = solve_model(loosened)
    if answer.status != "optimal":
        return None
    return np.maximum(answer.values[base.layout.size :], 0.0)


def _with_slack(model: Model, gives: Sequence[Give]) -> Model:
    """The model with a column of slack for each give; slack is never negative."""
    count, size = len(gives), model.layout.size
    rows = np.concatenate([give.rows for give in gives])
    columns = np.repeat(np.arange(count), [len(give.rows) for give in gives])
    height = model.matrix.shape[0]
    slack = csc_matrix((-np.ones(len(rows)), (rows, columns)), shape=(height, count))
    joined = hstack([model.matrix, slack]).tocsr()
    at = model.equations + model.inequalities
    signs = csc_matrix(
        (-np.ones(count), (np.arange(count), size + np.arange(count))), shape=(count, size + count)
    ).tocsr()
    order = [joined[:at], signs, joined[at:]]
    matrix = csc_matrix(vstack(order))
    costs = np.append(model.costs * OWN_COST, [give.weight for give in gives])
    right = np.concatenate([model.right[:at], np.zeros(count), model.right[at:]])
    layout = replace(model.layout, size=size + count)
    return replace(
        model,
        layout=layout,
        matrix=matrix,
        costs=costs,
        right=right,
        inequalities=model.inequalities + count,
    )
