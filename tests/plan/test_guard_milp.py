"""The yes/no program and its tangents by plain loops, and small ones against every choice."""

from __future__ import annotations

import itertools
import time
from types import SimpleNamespace
from typing import Any

import highspy
import numpy as np
import pytest

from simulator.errors import JunhengError
from simulator.plan import milp
from simulator.plan.cone import Model, build_model, solve_relaxed
from simulator.plan.exact import yes_no
from simulator.plan.milp import Cuts, Quiet, no_cuts, solve_mixed, tangents
from simulator.plan.rows import Cone
from simulator.plan.watch import Watch
from tests.plan.guarding import drawn_values, rich, standards_of
from tests.plan.making import simple

CUTS = Cuts(np.array([0, 2, 2]), np.array([1, 0, 1]), np.array([0.5, -0.25, 1.5]))


def _cones() -> list[Cone]:
    """Means 3 and 0 (nothing is there yet), members 2 and 6 of weights 3/4 and 1/4."""
    weights = np.array([0.75, 0.25])
    return [
        Cone(0, 0, 3, limit, mean, np.array([0, 1]), weights)
        for limit, mean in ((3**0.5 / 3 - 1e-3, 2), (3**0.5 / 3 + 1e-3, 2), (0.1, 3))
    ]


VALUES = np.array([2.0, 6.0, 3.0, 0.0])


def test_tangents_stand_at_each_schools_distance_from_the_mean() -> None:
    """(2 − 3)/3 and (6 − 3)/3 of the first two cones; where the mean is 0, by a trillionth."""
    cuts = tangents(_cones(), VALUES)
    assert cuts.cone.tolist() == [0, 0, 1, 1, 2, 2] and cuts.member.tolist() == [0, 1] * 3
    assert cuts.slope[:4].tolist() == pytest.approx([-1 / 3, 1.0, -1 / 3, 1.0])
    assert cuts.slope[4:].tolist() == pytest.approx([2e12, 6e12])


def test_only_cones_broken_by_more_than_a_share_get_new_tangents() -> None:
    """√3/3 is 0.57735: over the limit of 0.57635 by 0.00174 of it, below 0.57835."""
    assert tangents(_cones()[:2], VALUES, 0.0).cone.tolist() == [0, 0]
    assert tangents(_cones()[:2], VALUES, 0.0017).cone.tolist() == [0, 0]
    assert tangents(_cones()[:2], VALUES, 0.0018).cone.tolist() == []
    # exactly at its limit a cone is kept
    at = Cone(0, 0, 3, 0.5, 2, np.array([0, 1]), np.array([0.5, 0.5]))
    assert tangents([at], np.array([2.0, 6.0, 4.0]), 0.0).cone.tolist() == []
    joined = no_cuts().joined(CUTS).joined(CUTS)
    assert joined.cone.tolist() == [0, 2, 2, 0, 2, 2] and joined.member.tolist() == [1, 0, 1] * 2
    assert joined.slope.tolist() == [0.5, -0.25, 1.5] * 2


def _program(model: Model, cuts: Cuts, unit: np.ndarray) -> Any:
    return milp._program(model, cuts, yes_no(model), unit)


def test_the_program_is_rows_totals_and_tangents_in_the_units_asked_for() -> None:
    """t ≥ w·(2d·(x − x̄) − d²·x̄) for each cut and Σ t ≤ limit²·x̄ for each cone."""
    model, rng = build_model(rich()), np.random.default_rng(8)
    size = model.layout.size
    unit = rng.uniform(0.5, 4.0, size)
    given = _program(model, CUTS, unit)
    members = [len(each.levels) for each in model.cones]
    x = rng.uniform(0.2, 2.0, size + sum(members))
    left = np.zeros(given.num_row_)
    starts, index, value = (
        np.array(getattr(given.a_matrix_, name)) for name in ("start_", "index_", "value_")
    )
    for row in range(given.num_row_):
        mine = slice(starts[row], starts[row + 1])
        left[row] = value[mine] @ x[index[mine]]
    v, parts = x[:size] * unit, np.split(x[size:], np.cumsum(members)[:-1])
    linear = model.equations + model.inequalities
    assert left[:linear] == pytest.approx(model.matrix[:linear] @ v)
    totals = [t.sum() - c.limit**2 * v[c.mean] for t, c in zip(parts, model.cones, strict=True)]
    assert left[linear : linear + len(totals)] == pytest.approx(totals)
    for row, (cone, member, slope) in enumerate(
        zip(CUTS.cone, CUTS.member, CUTS.slope, strict=True)
    ):
        own = model.cones[cone]
        distance, mean = v[own.levels[member]] - v[own.mean], v[own.mean]
        tangent = own.weights[member] * (2 * slope * distance - slope**2 * mean)
        assert left[linear + len(totals) + row] == pytest.approx(tangent - parts[cone][member])
    _bounds(model, given, unit, len(CUTS.slope))


def _bounds(model: Model, given: Any, unit: np.ndarray, cuts: int) -> None:
    linear, size = model.equations + model.inequalities, model.layout.size
    assert given.num_row_ == linear + len(model.cones) + cuts
    upper = np.concatenate([model.right[:linear], np.zeros(len(model.cones) + cuts)])
    assert np.array(given.row_upper_) == pytest.approx(upper)
    assert np.array(given.row_lower_)[: model.equations] == pytest.approx(upper[: model.equations])
    assert (np.array(given.row_lower_)[model.equations :] == -np.inf).all()
    low, top = np.array(given.col_lower_), np.array(given.col_upper_)
    decided = np.arange(given.num_col_) < model.layout.decisions
    split = np.arange(given.num_col_) >= size
    assert (low[decided | split] == 0).all() and (low[~(decided | split)] == -np.inf).all()
    exempt = np.isin(np.arange(given.num_col_), model.layout.exempt[model.layout.exempt >= 0])
    assert (top[exempt] == 1).all() and (top[~exempt] == np.inf).all() and exempt.any()
    whole = [kind == highspy.HighsVarType.kInteger for kind in given.integrality_]
    assert whole == exempt.tolist()
    assert np.array(given.col_cost_)[:size] == pytest.approx(model.costs * unit)
    assert not np.array(given.col_cost_)[size:].any()


def test_a_program_without_cones_or_cuts_is_its_rows() -> None:
    plain = build_model(rich(limit=np.full((4, 2, 7), np.nan)))
    _bounds(
        plain, _program(plain, no_cuts(), np.ones(plain.layout.size)), np.ones(plain.layout.size), 0
    )
    assert milp._spread(plain, np.ones(plain.layout.size)).tolist() == []
    first = _first_exempt()
    given = _program(first, no_cuts(), np.ones(first.layout.size))
    assert given.col_upper_[int(first.layout.exempt[0, 0])] == 1.0


def _first_exempt() -> Model:
    """An exemption stands first of all where nothing else can be decided."""
    problem = simple([100.0], {"higher_degree": [0.9]}, standard=standards_of(higher_degree=1.0),
                     exemptions=np.ones(1, dtype=np.intp))  # fmt: skip
    model = build_model(problem)
    assert model.layout.exempt[0, 0] == 0
    return model


def test_each_schools_part_of_a_coefficient() -> None:
    """w·(x − x̄)²/x̄: ¾·1/3 and ¼·9/3 of the first, and of a mean of 0 a trillionth's share."""
    model = build_model(simple([1.0], {}))
    fake = SimpleNamespace(cones=_cones(), layout=model.layout)
    spread = milp._spread(fake, VALUES)  # type: ignore[arg-type]
    assert spread[:2].tolist() == pytest.approx([0.25, 0.75])
    assert spread[4:].tolist() == pytest.approx([3e12, 9e12])


def _solved(model: Model, gap: float = 1e-6, **given: Any) -> milp.Found:
    cuts = tangents(model.cones, given.pop("at", np.zeros(model.layout.size)))
    return solve_mixed(model, cuts, yes_no(model), gap, Watch(), **given)


def _choice() -> Model:
    """One of two exemptions: area lacks 50 m² (15 of them where exempt), sports 200 (80)."""
    standard = standards_of(teaching_area=4.5, sports_area=8.0)
    return build_model(
        simple(
            [100.0],
            {"teaching_area": [3.5], "sports_area": [6.0]},
            standard=standard,
            exemptions=np.ones(1, dtype=np.intp),
        )
    )


def test_the_best_of_two_choices_is_found_with_its_proof() -> None:
    """100 m² and 80 against 32.5 and 200: 18 万元 against 23.25; with a hint or in other units."""
    model = _choice()
    exempt = model.layout.exempt[0]
    size = model.layout.size
    wrong = np.zeros(size)
    wrong[exempt[3]] = 1.0
    for given in ({}, {"start": wrong}, {"unit": np.full(size, 2.0) - yes_no(model)}):
        found = _solved(model, **given)
        assert found.status == "optimal"
        assert found.objective == pytest.approx(18.0) and found.bound == pytest.approx(
            18.0, rel=1e-5
        )
        assert found.values[exempt[[3, 4]]].tolist() == pytest.approx([0.0, 1.0])
        assert len(found.values) == size


def test_the_bound_of_tangents_lies_below_every_choice() -> None:
    """A limit that presses: tangents at the relaxed optimum leave its cost as the bound."""
    limit = standards_of(teaching_area=0.2)
    model = build_model(simple([100.0, 100.0], {"teaching_area": [2.0, 6.0]}, limit=limit))
    relaxed = solve_relaxed(model.problem)
    found = solve_mixed(model, tangents(model.cones, relaxed.values), yes_no(model), 1e-6, Watch())
    assert found.objective == pytest.approx(20.0, rel=1e-5)
    assert solve_mixed(model, no_cuts(), yes_no(model), 1e-6, Watch()).objective == pytest.approx(
        0.0
    )


def test_an_impossible_program_is_told_as_such() -> None:
    problem = _choice().problem.with_(envelope=np.array([100_000.0]))
    found = _solved(build_model(problem))
    assert (found.status, found.objective, found.bound) == ("infeasible", np.inf, np.inf)


def test_settings_leave_room_in_the_gap_and_keep_to_the_time() -> None:
    solver = Quiet()
    watch = Watch(seconds=100.0, started=time.monotonic())
    milp._settings(solver, 0.01, watch)

    def option(name: str) -> Any:
        return solver.getOptionValue(name)[1]

    assert option("mip_rel_gap") == pytest.approx(0.003)
    assert 90 < option("time_limit") <= 100
    assert (option("threads"), option("parallel"), option("random_seed")) == (1, "off", 1)
    assert option("output_flag") is False
    milp._settings(solver, 0.01, Watch(seconds=-5.0))
    assert option("time_limit") == 0.5  # a search that is late may still look once


STATUS = highspy.HighsModelStatus


@pytest.mark.parametrize(
    ("status", "known", "word"),
    [
        (STATUS.kOptimal, True, "optimal"), (STATUS.kTimeLimit, True, "stopped"),
        (STATUS.kTimeLimit, False, "unknown"), (STATUS.kInterrupt, False, "unknown"),
        (STATUS.kSolutionLimit, True, "stopped"), (STATUS.kInfeasible, False, "infeasible"),
        (STATUS.kUnboundedOrInfeasible, False, "infeasible"),
    ],
)  # fmt: skip
def test_what_the_solver_says_is_told_with_what_is_known(
    status: Any, known: bool, word: str
) -> None:
    kinds = highspy.SolutionStatus
    name = "kSolutionStatusFeasible" if known else "kSolutionStatusNone"
    info = SimpleNamespace(primal_solution_status=getattr(kinds, name), mip_dual_bound=4.0,
                           objective_function_value=5.0)  # fmt: skip
    model = _choice()
    size = model.layout.size
    solver = SimpleNamespace(
        getModelStatus=lambda: status, getInfo=lambda: info,
        getSolution=lambda: SimpleNamespace(col_value=np.arange(size + 3.0)),
    )  # fmt: skip
    found = milp._found(solver, model, np.full(size, 2.0))
    assert found.status == word and found.values.tolist() == (2 * np.arange(size)).tolist()
    assert found.objective == (5.0 if known else np.inf)
    assert found.bound == (np.inf if word == "infeasible" else 4.0)
    empty = SimpleNamespace(layout=SimpleNamespace(size=0))
    none = milp._found(solver, empty, np.zeros(0))  # type: ignore[arg-type]
    assert none.bound == (np.inf if word == "infeasible" else 0.0)


def test_what_the_solver_cannot_say_is_an_error() -> None:
    solver = SimpleNamespace(
        getModelStatus=lambda: STATUS.kSolveError,
        getInfo=lambda: SimpleNamespace(primal_solution_status=None),
        getSolution=lambda: SimpleNamespace(col_value=np.zeros(9)),
    )
    with pytest.raises(JunhengError, match="no reliable answer"):
        milp._found(solver, _choice(), np.ones(_choice().layout.size))


def test_a_cancelled_search_ends_before_it_begins() -> None:
    model = _choice()
    with pytest.raises(JunhengError, match="cancelled"):
        solve_mixed(model, no_cuts(), yes_no(model), 1e-3, Watch(cancelled=lambda: True))
    answers = itertools.chain([False], itertools.repeat(True))
    with pytest.raises(JunhengError, match="cancelled"):
        solve_mixed(model, no_cuts(), yes_no(model), 1e-3, Watch(cancelled=lambda: next(answers)))


def test_yes_no_decisions_are_the_exemptions() -> None:
    model = build_model(rich())
    marked = np.flatnonzero(yes_no(model))
    assert marked.tolist() == sorted(model.layout.exempt[model.layout.exempt >= 0].tolist())
    assert np.flatnonzero(yes_no(_first_exempt())).tolist() == [0]
    assert drawn_values(model.layout).shape == (model.layout.size,)
