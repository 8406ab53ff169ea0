"""The yes/no problem with its cones replaced by tangents, for HiGHS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import highspy
import numpy as np
from scipy.sparse import coo_array

from simulator.errors import JunhengError
from simulator.plan.cone import Model
from simulator.plan.problem import Array, Flags, Ints
from simulator.plan.rows import Cone
from simulator.plan.watch import Watch

#: The share of the allowed gap that one run of HiGHS may leave.
OWN_GAP: Final = 0.3
SEED: Final = 1


class Quiet(highspy.Highs):
    """HiGHS without its banner, which would stand before a command's own output."""

    def enableCallbacks(self) -> None:  # noqa: N802 (the library's name)
        """Turn output off before the first word is printed."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True, eq=False)
class Cuts:
    """Tangents of the split cones: for member ``m`` of cone ``c`` at slope ``d``.

    With t ≥ w·(x − x̄)²/x̄ for each school and Σ t ≤ limit²·x̄, the tangent at
    d = (x − x̄)/x̄ is t ≥ w·(2d·(x − x̄) − d²·x̄).
    """

    cone: Ints
    member: Ints
    slope: Array

    def joined(self, more: Cuts) -> Cuts:
        """These and more."""
        pairs = zip(
            (self.cone, self.member, self.slope), (more.cone, more.member, more.slope), strict=True
        )
        return Cuts(*(np.concatenate(pair) for pair in pairs))


def no_cuts() -> Cuts:
    """None yet."""
    return Cuts(np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp), np.zeros(0))


def tangents(limited: Sequence[Cone], values: Array, only_broken: float | None = None) -> Cuts:
    """The tangents at a solution; only of cones broken by more than a share of their limit."""
    cones_, members, slopes = [], [], []
    for number, cone in enumerate(limited):
        mean = max(float(values[cone.mean]), 1e-12)
        if only_broken is not None and cone.variation(values) <= cone.limit * (1 + only_broken):
            continue
        count = len(cone.levels)
        cones_.append(np.full(count, number))
        members.append(np.arange(count))
        slopes.append((values[cone.levels] - mean) / mean)
    if not cones_:
        return no_cuts()
    return Cuts(np.concatenate(cones_), np.concatenate(members), np.concatenate(slopes))


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What HiGHS found: status, values of the model's variables, objective and proven bound."""

    status: str
    values: Array
    objective: float
    bound: float


def solve_mixed(
    model: Model,
    cuts: Cuts,
    whole: Flags,
    gap: float,
    watch: Watch,
    start: Array | None = None,
    unit: Array | None = None,
) -> Found:
    """Solve the model with tangents for cones and the marked variables whole.

    ``unit`` are the sizes that the variables are counted in: a room costs so many 万元.
    """
    solver = Quiet()  # type: ignore[no-untyped-call]
    _settings(solver, gap, watch)
    sizes = np.ones(model.layout.size) if unit is None else unit
    solver.passModel(_program(model, cuts, whole, sizes))
    if start is not None:
        hint = highspy.HighsSolution()
        hint.col_value = np.concatenate([start / sizes, _spread(model, start)])
        solver.setSolution(hint)
    if watch.cancelled():
        raise JunhengError("plan_cancelled")
    _run(solver, watch)
    return _found(solver, model, sizes)


def _run(solver: Any, watch: Watch) -> None:
    """Run, and stop where the search is cancelled."""

    def look(event: Any) -> None:
        if watch.cancelled():
            event.interrupt()

    solver.cbMipInterrupt.subscribe(look)
    solver.run()
    if watch.cancelled():
        raise JunhengError("plan_cancelled")


def _settings(solver: Any, gap: float, watch: Watch) -> None:
    options = {
        "output_flag": False,
        "threads": 1,
        "parallel": "off",
        "random_seed": SEED,
        "mip_rel_gap": gap * OWN_GAP,
        "mip_abs_gap": 1e-9,
        "mip_feasibility_tolerance": 1e-7,
        "primal_feasibility_tolerance": 1e-8,
        "time_limit": max(watch.left, 0.5),
    }
    for name, value in options.items():
        solver.setOptionValue(name, value)


def _spread(model: Model, values: Array) -> Array:
    """Each school's part of each cone at a solution: w·(x − x̄)²/x̄."""
    parts = [
        cone.weights * (values[cone.levels] - values[cone.mean]) ** 2
        / max(values[cone.mean], 1e-12)
        for cone in model.cones
    ]  # fmt: skip
    return np.concatenate(parts) if parts else np.zeros(0)


def _program(model: Model, cuts: Cuts, whole: Flags, unit: Array) -> Any:
    """The linear rows, the split cones and their tangents as HiGHS takes them."""
    size = model.layout.size
    starts = size + np.concatenate([[0], np.cumsum([len(c.levels) for c in model.cones])])
    linear = model.equations + model.inequalities
    base = coo_array(model.matrix[:linear])
    totals = _total_rows(model, starts.astype(np.intp))
    tangent = _tangent_rows(model, cuts, starts.astype(np.intp))
    count = linear + len(model.cones) + len(cuts.slope)
    row = np.concatenate([base.row, linear + totals[0], linear + len(model.cones) + tangent[0]])
    column = np.concatenate([base.col, totals[1], tangent[1]])
    value = np.concatenate([base.data, totals[2], tangent[2]])
    sizes = np.append(unit, np.ones(int(starts[-1]) - size))
    matrix = coo_array((value * sizes[column], (row, column)), (count, len(sizes))).tocsr()
    upper = np.concatenate([model.right[:linear], np.zeros(count - linear)])
    lower = np.where(np.arange(count) < model.equations, upper, -np.inf)
    return _pack(model, matrix, lower, upper, whole, unit)


def _total_rows(model: Model, starts: Ints) -> tuple[Ints, Ints, Array]:
    """Σ t ≤ limit²·x̄ for each cone."""
    row, column, value = [], [], []
    for number, cone in enumerate(model.cones):
        columns = np.append(np.arange(starts[number], starts[number + 1]), cone.mean)
        row.append(np.full(len(columns), number))
        column.append(columns)
        value.append(np.append(np.ones(len(cone.levels)), -(cone.limit**2)))
    return _joined(row, column, value)


def _tangent_rows(model: Model, cuts: Cuts, starts: Ints) -> tuple[Ints, Ints, Array]:
    """w·(2d·x − (2d + d²)·x̄) − t ≤ 0 for each cut."""
    if not len(cuts.slope):
        return _joined([], [], [])
    first = np.concatenate([[0], np.cumsum([len(c.levels) for c in model.cones])])[cuts.cone]
    levels = np.concatenate([c.levels for c in model.cones])[first + cuts.member]
    weights = np.concatenate([c.weights for c in model.cones])[first + cuts.member]
    means = np.array([c.mean for c in model.cones], dtype=np.intp)[cuts.cone]
    number, slope = np.arange(len(cuts.slope)), cuts.slope
    return _joined(
        [number, number, number],
        [levels, means, starts[cuts.cone] + cuts.member],
        [2 * weights * slope, -weights * (2 * slope + slope**2), -np.ones(len(slope))],
    )


def _joined(row: list[Any], column: list[Any], value: list[Any]) -> tuple[Ints, Ints, Array]:
    if not row:
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp), np.zeros(0)
    return np.concatenate(row), np.concatenate(column), np.concatenate(value)


def _pack(model: Model, matrix: Any, lower: Array, upper: Array, whole: Flags, unit: Array) -> Any:
    """The program in the solver's own shape."""
    size, columns = model.layout.size, matrix.shape[1]
    free = np.full(columns, -np.inf)
    free[model.bounded] = 0.0
    free[size:] = 0.0
    top = np.full(columns, np.inf)
    top[model.layout.exempt[model.layout.exempt >= 0]] = 1.0
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = columns, matrix.shape[0]
    program.col_cost_ = np.append(model.costs * unit, np.zeros(columns - size))
    program.col_lower_, program.col_upper_ = free, top
    program.row_lower_, program.row_upper_ = lower, upper
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = matrix.indptr
    program.a_matrix_.index_ = matrix.indices
    program.a_matrix_.value_ = matrix.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    marked = np.append(whole, np.zeros(columns - size, dtype=bool))
    program.integrality_ = [kinds[int(flag)] for flag in marked]
    return program


def _found(solver: Any, model: Model, unit: Array) -> Found:
    status = solver.getModelStatus()
    info = solver.getInfo()
    values = np.asarray(solver.getSolution().col_value, dtype=float)[: model.layout.size] * unit
    kinds = highspy.HighsModelStatus
    if status in (kinds.kInfeasible, kinds.kUnboundedOrInfeasible):
        return Found("infeasible", values, np.inf, np.inf)
    known = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if status == kinds.kOptimal:
        word = "optimal"
    elif status in (kinds.kTimeLimit, kinds.kSolutionLimit, kinds.kInterrupt):
        word = "stopped" if known else "unknown"
    else:
        raise JunhengError("plan_numerical", status=str(status))
    bound = info.mip_dual_bound if model.layout.size else 0.0
    objective = info.objective_function_value if known else np.inf
    return Found(word, values, float(objective), float(bound))
