"""The continuous problem, exemptions relaxed or decided: one second-order cone program."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import clarabel
import numpy as np
from scipy.sparse import csc_array, csc_matrix

from simulator.errors import JunhengError
from simulator.plan.constraints import cones, costs, linear_rows
from simulator.plan.layout import Layout, lay_out
from simulator.plan.problem import Array, Ints, Problem
from simulator.plan.rows import Cone, Rows

Status = Literal["optimal", "infeasible", "unbounded"]
DONE: Final[dict[str, Status]] = {
    "Solved": "optimal",
    "AlmostSolved": "optimal",
    "PrimalInfeasible": "infeasible",
    "AlmostPrimalInfeasible": "infeasible",
    "DualInfeasible": "unbounded",
    "AlmostDualInfeasible": "unbounded",
}


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A problem as Clarabel takes it: minimise costs·v with matrix·v + s = right, s in cones."""

    problem: Problem
    layout: Layout
    rows: tuple[Rows, ...]  # equations first
    cones: tuple[Cone, ...]
    costs: Array
    matrix: csc_matrix
    right: Array
    equations: int
    inequalities: int  # without the bounds
    bounded: Ints  # variables that are not negative


@dataclass(frozen=True, eq=False)
class Answer:
    """What the solver found: status, values, duals of the rows; money in 万元, discounted.

    Where there is no solution, ``duals`` prove it (a ray).
    """

    model: Model
    status: Status
    objective: float
    bound: float
    values: Array
    duals: Array
    seconds: float
    iterations: int

    @cached_property
    def row_starts(self) -> list[int]:
        """Where each block of rows begins in the duals."""
        counts = [rows.count for rows in self.model.rows]
        starts = np.concatenate([[0], np.cumsum(counts)])
        return [int(start) for start in starts[:-1]]

    def row_duals(self, number: int) -> Array:
        """The duals of one block of rows."""
        start = self.row_starts[number]
        return self.duals[start : start + self.model.rows[number].count]

    def cone_dual(self, number: int) -> float:
        """How hard a CV's limit presses: the first dual of its cone."""
        sizes = [len(cone.levels) + 1 for cone in self.model.cones]
        start = self.model.equations + self.model.inequalities + len(self.model.bounded)
        return float(self.duals[start + sum(sizes[:number])])


def build_model(problem: Problem, layout: Layout | None = None) -> Model:
    """The matrices of the continuous problem."""
    placed = layout if layout is not None else lay_out(problem)
    found = linear_rows(problem, placed)
    rows = [r for r in found if r.sense == "eq"] + [r for r in found if r.sense == "le"]
    limited = cones(problem, placed)
    bounded = _bounded(placed)
    matrix, right = _assemble(rows, limited, bounded, placed.size)
    return Model(
        problem=problem,
        layout=placed,
        rows=tuple(rows),
        cones=tuple(limited),
        costs=costs(problem, placed),
        matrix=matrix,
        right=right,
        equations=sum(r.count for r in rows if r.sense == "eq"),
        inequalities=sum(r.count for r in rows if r.sense == "le"),
        bounded=bounded,
    )


def _bounded(layout: Layout) -> Ints:
    """Purchases, moves and exemptions, which are never negative."""
    return np.arange(layout.decisions, dtype=np.intp)


def _assemble(
    rows: list[Rows], limited: list[Cone], bounded: Ints, size: int
) -> tuple[csc_matrix, Array]:
    row, column, value, right = [], [], [], []
    start = 0
    for block in rows:
        row.append(block.row + start)
        column.append(block.column)
        value.append(block.value)
        right.append(block.right)
        start += block.count
    row.append(np.arange(len(bounded)) + start)
    column.append(bounded)
    value.append(-np.ones(len(bounded)))
    start += len(bounded)
    for cone in limited:
        count = len(cone.levels)
        root, own = np.sqrt(cone.weights), start + 1 + np.arange(count)
        row += [np.array([start]), own, own]
        column += [np.array([cone.mean]), cone.levels, np.full(count, cone.mean)]
        value += [np.array([-cone.limit]), -root, root]
        start += count + 1
    given = np.concatenate([*right, np.zeros(start - sum(len(r) for r in right))])
    triplets = (np.concatenate(value), (np.concatenate(row), np.concatenate(column)))
    return csc_matrix(csc_array(triplets, shape=(start, size))), given


def solver_of(model: Model, careful: bool = False) -> clarabel.DefaultSolver:
    """Clarabel, ready to solve the model; careful: with its slower, steadier settings."""
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.max_threads = 1
    settings.presolve_enable = False
    if careful:
        settings.direct_solve_method = "qdldl"
        settings.iterative_refinement_max_iter = 50
        settings.static_regularization_constant = 1e-7
        settings.max_iter = 400
        settings.equilibrate_max_iter = 50
    size = model.layout.size
    parts = [
        clarabel.ZeroConeT(model.equations),
        clarabel.NonnegativeConeT(model.inequalities + len(model.bounded)),
        *(clarabel.SecondOrderConeT(len(cone.levels) + 1) for cone in model.cones),
    ]
    empty = csc_matrix((size, size))
    return clarabel.DefaultSolver(empty, model.costs, model.matrix, model.right, parts, settings)


def solve_model(model: Model) -> Answer:
    """Solve the continuous problem; JunhengError where there is neither answer nor proof."""
    for careful in (False, True):
        found = solver_of(model, careful).solve()
        status = DONE.get(str(found.status))
        if status is not None and (careful or not str(found.status).startswith("Almost")):
            return _answer(model, found, status)
    raise JunhengError("plan_numerical", status=str(found.status))


def _answer(model: Model, found: clarabel.DefaultSolution, status: Status) -> Answer:
    solved = status == "optimal"
    return Answer(
        model=model,
        status=status,
        objective=float(found.obj_val) if solved else np.nan,
        bound=float(found.obj_val_dual) if solved else np.nan,
        values=np.asarray(found.x, dtype=float),
        duals=np.asarray(found.z, dtype=float),
        seconds=float(found.solve_time),
        iterations=int(found.iterations),
    )


def solve_relaxed(problem: Problem) -> Answer:
    """The continuous problem of a plan, solved: a lower bound where exemptions are undecided."""
    return solve_model(build_model(problem))
