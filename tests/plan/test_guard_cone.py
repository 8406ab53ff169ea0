"""The solver's matrices, its answers and their duals, reckoned once more by plain loops."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from simulator.errors import JunhengError
from simulator.plan import cone
from simulator.plan.cone import Answer, Model, build_model, solve_model, solve_relaxed
from simulator.plan.elastic import OWN_COST, Give, least_give, rows_of
from simulator.plan.layout import lay_out
from simulator.plan.problem import Problem
from tests.plan.guarding import drawn_values, lacking, over_years, rich, standards_of
from tests.plan.making import simple


def _slack(model: Model, v: np.ndarray) -> np.ndarray:
    """right − matrix·v by blocks: equations, inequalities, what is not negative, the cones."""
    left = []
    for rows in model.rows:
        mine = rows.right.copy()
        for row, column, value in zip(rows.row, rows.column, rows.value, strict=True):
            mine[row] -= value * v[column]
        left += mine.tolist()
    left += v[: model.layout.decisions].tolist()
    for each in model.cones:
        left.append(each.limit * v[each.mean])
        left += [
            np.sqrt(weight) * (v[level] - v[each.mean])
            for weight, level in zip(each.weights, each.levels, strict=True)
        ]
    return np.array(left)


def test_the_matrix_holds_every_row_every_bound_and_every_cone() -> None:
    model = build_model(rich())
    for seed in (1, 2):
        v = drawn_values(model.layout, seed)
        assert model.right - model.matrix @ v == pytest.approx(_slack(model, v), abs=1e-9)
    senses = [rows.sense for rows in model.rows]
    assert senses == sorted(senses)  # equations first
    assert model.equations == sum(r.count for r in model.rows if r.sense == "eq")
    assert model.inequalities == sum(r.count for r in model.rows if r.sense == "le")
    assert model.bounded.tolist() == list(range(model.layout.decisions))
    other = lay_out(rich())
    assert build_model(rich(), other).layout is other


def test_duals_are_what_a_rule_is_worth() -> None:
    """All of the standard is 4.5 m² × 100 pupils × 1,000 yuan = 45 万元; money does not press."""
    answer = solve_relaxed(lacking(envelope=np.array([80_000.0])))
    families = [rows.family for rows in answer.model.rows]
    assert families == ["level", "standard", "money"]
    assert answer.row_starts == [0, 1, 2]
    assert answer.row_duals(1).tolist() == pytest.approx([45.0], rel=1e-6)
    assert answer.row_duals(2).tolist() == pytest.approx([0.0], abs=1e-6)
    assert answer.objective == pytest.approx(5.0) and answer.bound == pytest.approx(5.0)
    assert answer.status == "optimal" and answer.seconds > 0 and answer.iterations > 0


def _two_limits(factor: float = 1.0) -> Problem:
    """Two limits that press: an area of 2 and 6, a sports ground of 3 and 6."""
    limit = standards_of(teaching_area=0.2, sports_area=0.1)
    limit[0, 0, 4] *= factor
    return simple([100.0, 100.0], {"teaching_area": [2.0, 6.0], "sports_area": [3.0, 6.0]},
                  limit=limit)  # fmt: skip


def test_the_dual_of_a_cone_is_how_hard_its_limit_presses() -> None:
    """The second limit a ten-thousandth wider saves its dual times its mean."""
    answer, near = solve_relaxed(_two_limits()), solve_relaxed(_two_limits(1.001))
    second = answer.model.cones[1]
    saved = (answer.objective - near.objective) / (second.limit * 0.001)
    pressing = answer.cone_dual(1) * answer.values[second.mean]
    assert pressing == pytest.approx(saved, rel=2e-3)
    first = answer.cone_dual(0) * answer.values[answer.model.cones[0].mean]
    assert first != pytest.approx(pressing, rel=0.05)


def _fake(monkeypatch: pytest.MonkeyPatch, *words: str) -> list[bool]:
    """The solver says these words in turn; what is returned fills with whether it was careful."""
    said, careful = iter(words), []
    size = build_model(lacking()).layout.size

    def made(model: Model, steady: bool = False) -> Any:
        careful.append(steady)
        found = SimpleNamespace(status=next(said), obj_val=3.0, obj_val_dual=2.0, solve_time=0.5,
                                iterations=7, x=np.arange(size), z=np.zeros(9))  # fmt: skip
        return SimpleNamespace(solve=lambda: found)

    monkeypatch.setattr(cone, "solver_of", made)
    return careful


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["Solved"], "optimal"), (["PrimalInfeasible"], "infeasible"),
        (["DualInfeasible"], "unbounded"), (["AlmostSolved", "Solved"], "optimal"),
        (["AlmostSolved", "AlmostSolved"], "optimal"), (["MaxIterations", "Solved"], "optimal"),
        (["AlmostPrimalInfeasible", "AlmostPrimalInfeasible"], "infeasible"),
        (["AlmostDualInfeasible", "AlmostDualInfeasible"], "unbounded"),
    ],
)  # fmt: skip
def test_what_is_almost_solved_is_solved_again_with_care(
    monkeypatch: pytest.MonkeyPatch, words: list[str], status: str
) -> None:
    careful = _fake(monkeypatch, *words)
    answer = solve_model(build_model(lacking()))
    assert answer.status == status and careful == [False, True][: len(words)]
    known = [answer.objective, answer.bound] if status == "optimal" else []
    assert known in ([3.0, 2.0], []) and answer.iterations == 7 and answer.seconds == 0.5
    assert status == "optimal" or np.isnan([answer.objective, answer.bound]).all()


def test_a_solver_without_answer_or_proof_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    _fake(monkeypatch, "AlmostSolved", "NumericalError")
    with pytest.raises(JunhengError, match="no reliable answer"):
        solve_model(build_model(lacking()))


def test_the_careful_settings_find_the_same(capfd: pytest.CaptureFixture[str]) -> None:
    model = build_model(rich(carry_over=False).looser(3.0))
    quick, careful = (cone.solver_of(model, steady).solve() for steady in (False, True))
    assert str(quick.status) == str(careful.status)
    easy = build_model(_two_limits())
    both = [cone.solver_of(easy, steady).solve().obj_val for steady in (False, True)]
    assert both[0] == pytest.approx(both[1], rel=1e-6)
    assert capfd.readouterr().out == ""  # a solver's own words would stand before a command's


def test_an_impossible_problem_is_proven_so() -> None:
    answer = solve_relaxed(lacking(envelope=np.array([10_000.0])))
    assert answer.status == "infeasible" and np.isnan(answer.objective)
    # the ray: standard and money contradict one another
    assert [float(np.abs(answer.row_duals(n)).max()) > 0 for n in range(3)] == [True] * 3


def _poor() -> Problem:
    """Two years with 10,000 and 20,000 yuan; each of two schools lacks 50 m² at 1,000 yuan."""
    base = simple([100.0, 100.0], {"teaching_area": [4.0, 4.0]},
                  standard=standards_of(teaching_area=4.5))  # fmt: skip
    return over_years(base, 2, envelope=np.array([10_000.0, 20_000.0]))


def test_rows_are_found_by_their_family_and_places() -> None:
    model = build_model(_poor())
    assert [rows.family for rows in model.rows] == ["level", "standard", "money"]
    assert rows_of(model, "standard").tolist() == [2, 3]
    assert rows_of(model, "standard", school=1).tolist() == [3]
    assert rows_of(model, "money", year=1).tolist() == [5]
    assert rows_of(model, "money", year=0).tolist() == [4]
    assert rows_of(model, "level", stage=0, indicator=3, year=1, school=0).tolist() == [0]
    assert rows_of(model, "level", stage=1).tolist() == []
    assert rows_of(model, "level", indicator=0).tolist() == []
    assert rows_of(model, "rotation").tolist() == []


def test_as_little_more_money_as_will_do() -> None:
    """100,000 are needed and 30,000 there: 7 万元 more in all, the dearer give kept at nothing."""
    problem = _poor()
    model = build_model(problem)
    rows = [rows_of(model, "money", year=year) for year in (0, 1)]
    given = least_give(problem, [Give(rows[0], 3.0), Give(rows[1])])
    assert given is not None and given.tolist() == pytest.approx([0.0, 7.0], abs=1e-4)
    given = least_give(problem, [Give(rows[0]), Give(rows[1], 3.0)], model)
    assert given is not None and given.tolist() == pytest.approx([7.0, 0.0], abs=1e-4)
    both = least_give(problem, [Give(np.concatenate(rows))], model)
    assert both is not None and both.tolist() == pytest.approx([3.5], abs=1e-4)
    # a standard's share: 30,000 buy 15 m² each of 50: 4.15 of 4.5 are 7.78% less
    share = least_give(problem, [Give(rows_of(model, "standard"))], model)
    assert share is not None and share.tolist() == pytest.approx([1 - 4.15 / 4.5], rel=1e-4)


def test_where_nothing_that_may_give_is_enough_there_is_none() -> None:
    """Money gives, but a school may buy nothing."""
    problem = _poor().with_(may_buy=np.zeros((4, 2), dtype=bool))
    assert least_give(problem, [Give(rows_of(build_model(problem), "money"))]) is None
    enough = _poor().with_(envelope=np.full(2, 1e6))
    given = least_give(enough, [Give(rows_of(build_model(enough), "money"))])
    assert given is not None and (given >= 0).all() and given[0] == pytest.approx(0.0, abs=1e-5)


def test_the_plans_own_cost_counts_next_to_nothing_beside_what_gives() -> None:
    """A give of weight w beside a plan's own cost of 1e-5 w: cheaper purchases break the tie."""
    assert OWN_COST == 1e-5
    problem = _poor().with_(discount=np.array([1.0, 0.5]))
    model = build_model(problem)
    rows = rows_of(model, "money")
    given = least_give(problem, [Give(rows[:1]), Give(rows[1:])], model)
    # both would do; the later year's money is the cheaper
    assert given is not None and given.tolist() == pytest.approx([0.0, 7.0], abs=1e-2)


def test_loosened_rows_leave_the_model_as_it_was() -> None:
    problem = _poor()
    model = build_model(problem)
    shape, inequalities = model.matrix.shape, model.inequalities
    least_give(problem, [Give(rows_of(model, "money"))], model)
    assert model.matrix.shape == shape and model.inequalities == inequalities
    assert isinstance(solve_model(model), Answer)
