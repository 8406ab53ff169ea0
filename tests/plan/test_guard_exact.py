"""Yes/no decisions: what is chosen, what is learnt, when a search ends; by hand."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simulator.plan import exact
from simulator.plan.cone import Answer, Model, build_model, solve_model
from simulator.plan.exact import (
    Certified,
    _matched,
    _rounded,
    _State,
    _try,
    chosen_of,
    first_cuts,
    relative_gap,
    solve_exact,
)
from simulator.plan.milp import Found, no_cuts
from simulator.plan.problem import Problem
from simulator.plan.watch import Watch
from tests.plan.guarding import drawn_values, lacking, rich, standards_of, taken
from tests.plan.making import simple


@pytest.mark.parametrize(
    ("objective", "bound", "gap"),
    [
        (10.0, 9.0, 0.1), (10.0, 10.0, 0.0), (10.0, 11.0, 0.0), (-10.0, -11.0, 0.1),
        (2e-6, 0.5e-6, 0.75), (2e-6, 1.2e-6, 0.0), (0.0, -1.0, 1e9), (np.inf, 9.0, np.inf),
        (np.nan, 9.0, np.inf), (0.5, 0.4, 0.2), (5e-10, -1.0, (1 + 5e-10) * 1e9),
        (2e-9, -1.0, (1 + 2e-9) / 2e-9), (1e-6, 0.0, 1.0),
    ],
)  # fmt: skip
def test_the_gap_is_by_the_objective_and_nothing_where_both_are_next_to_nothing(
    objective: float, bound: float, gap: float
) -> None:
    assert relative_gap(objective, bound) == pytest.approx(gap)


def _two(**changes: Any) -> Problem:
    """Two schools, one exemption each; what each lacks in full and where exempt, in 万元.

    Teaching area of 100 pupils, 3.5 and 4.0 of 4.5 m²: 10 and 3.25; 5 and nothing.
    Sports area, 6.0 and 7.0 of 8 m²: 20 and 8; 10 and nothing.
    So sports is exempt at both: 10 + 8 and 5 + 0 are 23.
    """
    standard = standards_of(teaching_area=4.5, sports_area=8.0)
    levels = {"teaching_area": [3.5, 4.0], "sports_area": [6.0, 7.0]}
    given = {"standard": standard, "exemptions": np.ones(2, dtype=np.intp), **changes}
    return simple([100.0, 100.0], levels, **given)


def test_each_exemption_goes_where_it_saves_most() -> None:
    for exempt, cost in ((1, 23.0), (0, 45.0), (2, 3.25 + 8.0)):
        found = solve_exact(_two(exemptions=np.full(2, exempt)), 1e-6, Watch())
        assert found.status == "optimal" and found.answer is not None
        assert found.answer.objective == pytest.approx(cost) and found.gap <= 1e-6
        assert found.bound == pytest.approx(cost, rel=1e-5)


def test_without_a_choice_the_continuous_answer_is_the_answer() -> None:
    found = solve_exact(lacking(), 1e-6, Watch())
    assert (found.status, found.rounds) == ("optimal", 0) and found.answer is found.relaxed
    assert found.bound == found.relaxed.bound == pytest.approx(5.0)
    poor = solve_exact(lacking(envelope=np.array([40_000.0])), 1e-6, Watch())
    assert (poor.status, poor.answer, poor.bound, poor.rounds) == ("infeasible", None, np.inf, 0)
    assert poor.gap == np.inf


def test_what_only_parts_of_an_exemption_would_make_possible_is_proven_impossible() -> None:
    """28 万元: parts need 27.67, whole ones 28.25 (see below)."""
    found = solve_exact(_split().with_(envelope=np.array([280_000.0])), 1e-6, Watch())
    assert found.status == "infeasible" and found.answer is None and found.rounds >= 1
    assert found.relaxed.status == "optimal" and found.bound == np.inf


def test_exemptions_of_a_solution_are_rounded() -> None:
    model = build_model(rich())
    values = drawn_values(model.layout) / 3.0
    found, exempt = chosen_of(model, values), model.layout.exempt
    for place in itertools.product(range(7), range(7)):
        expected = round(values[exempt[place]]) if exempt[place] >= 0 else 0
        assert found[place] == expected
    assert set(np.unique(found)) == {0.0, 1.0}


def _with_shares(shares: list[list[float]], allowed: list[int]) -> np.ndarray:
    """What is exempt first for shares of a continuous solution at two schools."""
    problem = _two(exemptions=np.full(2, 3))
    model = build_model(problem)
    values = np.zeros(model.layout.size)
    placed = model.layout.exempt[:, 3:5]
    assert (placed >= 0).all()
    values[placed] = shares
    own = replace(model, problem=problem.with_(exemptions=np.array(allowed)))
    found = _rounded(own, values)
    assert not found[:, :3].any() and not found[:, 5:].any()
    return found[:, 3:5]


def test_the_largest_shares_are_exempt_first_as_many_as_allowed() -> None:
    assert _with_shares([[0.3, 0.6], [0.7, 0.2]], [1, 1]).tolist() == [[0, 1], [1, 0]]
    assert _with_shares([[0.3, 0.6], [0.7, 0.2]], [2, 0]).tolist() == [[1, 1], [0, 0]]
    assert _with_shares([[0.5, 0.5], [0.0, 0.9]], [1, 2]).tolist() == [[1, 0], [0, 1]]
    # a millionth is a solver's noise
    assert _with_shares([[0.8e-6, 0.5], [1.5e-6, 0.5]], [2, 2]).tolist() == [[0, 1], [1, 1]]


def test_an_exemption_that_stands_first_is_chosen_and_tried_too() -> None:
    problem = simple([100.0], {"higher_degree": [0.9]}, standard=standards_of(higher_degree=1.0),
                     exemptions=np.ones(1, dtype=np.intp))  # fmt: skip
    model = build_model(problem)
    assert model.layout.exempt[0, 0] == 0
    values = np.full(model.layout.size, 0.9)
    assert chosen_of(model, values)[0].tolist() == [1.0, 0, 0, 0, 0, 0, 0]
    assert _rounded(model, values)[0].tolist() == [1.0, 0, 0, 0, 0, 0, 0]
    assert _matched(model, solve_model(model))[0] == 0.0
    decided = solve_model(build_model(problem.with_(chosen=chosen_of(model, values))))
    assert _matched(model, decided).tolist() == pytest.approx([1.0, 0.9], abs=1e-6)
    found = solve_exact(problem, 1e-6, Watch())
    assert found.status == "optimal" and found.answer is not None


def _chosen(*places: tuple[int, int]) -> np.ndarray:
    found = np.zeros((2, 7))
    for place in places:
        found[place] = 1.0
    return found


def test_the_cheapest_of_what_was_tried_is_kept_and_nothing_is_tried_twice() -> None:
    model = build_model(_two())
    state = _State(no_cuts(), 0.0)
    area = _try(model, state, _chosen((0, 3), (1, 3)))
    assert area is not None and area.objective == pytest.approx(3.25 + 20 + 10)
    assert state.best is area and len(state.seen) == 1
    sports = _try(model, state, _chosen((0, 4), (1, 4)))
    assert sports is not None and state.best is sports and sports.objective == pytest.approx(23.0)
    assert _try(model, state, _chosen((0, 4), (1, 4))) is None
    assert _try(model, state, _chosen((0, 3), (1, 3))) is None
    none = _try(model, state, _chosen())
    assert none is not None and state.best is sports and len(state.seen) == 3
    poor = build_model(_two(envelope=np.array([10_000.0])))
    assert _try(poor, _State(no_cuts(), 0.0), _chosen()) is None


def test_an_answer_with_decided_exemptions_stands_in_the_places_of_open_ones() -> None:
    open_ = build_model(rich())
    chosen = np.zeros((7, 7))
    chosen[1, [3, 4]] = chosen[0, 5] = 1.0
    decided = build_model(rich(chosen=chosen))
    values = drawn_values(decided.layout)
    answer = Answer(decided, "optimal", 0.0, 0.0, values, np.zeros(0), 0.0, 0)
    found = _matched(open_, answer)
    for name in ("buy", "extra", "into", "out", "level", "mean"):
        here, there = getattr(open_.layout, name), getattr(decided.layout, name)
        assert (taken(here, found) == np.where(here >= 0, taken(there, values), 0.0)).all(), name
    placed = open_.layout.exempt >= 0
    assert (taken(open_.layout.exempt, found) == np.where(placed, chosen, 0.0)).all()
    # the same the other way round: what has no place here is left out
    back = _matched(decided, replace(answer, model=open_, values=drawn_values(open_.layout)))
    assert len(back) == decided.layout.size


def test_first_tangents_stand_at_the_optimum_and_fan_out_for_every_school() -> None:
    model = build_model(simple([100.0, 100.0], {"teaching_area": [2.0, 6.0]},
                               limit=standards_of(teaching_area=0.2)))  # fmt: skip
    values = np.zeros(model.layout.size)
    values[model.layout.level[0, 3]], values[model.layout.mean[0, 0, 3]] = [3.0, 5.0], 4.0
    cuts = first_cuts(model, values)
    assert cuts.slope[:2].tolist() == [-0.25, 0.25] and len(cuts.slope) == 12
    assert cuts.cone.tolist() == [0] * 12 and cuts.member.tolist() == [0, 1] * 6
    plain = build_model(lacking())
    assert len(first_cuts(plain, np.zeros(plain.layout.size)).slope) == 0


class _Told(list[tuple[str, float, str]]):
    def __call__(self, step: str, share: float, known: str) -> None:
        self.append((step, round(share, 6), known))


def _stubborn(
    monkeypatch: pytest.MonkeyPatch, status: str, bound: float, values: Any = None
) -> None:
    """The mixed search says the same in every round."""

    def said(model: Model, *_: Any) -> Found:
        given = np.zeros(model.layout.size) if values is None else values
        return Found(status, given, 99.0, bound)

    monkeypatch.setattr(exact, "solve_mixed", said)


def test_a_search_that_learns_nothing_ends_after_forty_rounds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The bound stays that of the continuous problem; the plan is told with the gap it has."""
    _stubborn(monkeypatch, "stopped", -5.0)
    told = _Told()
    problem = _split()
    found = solve_exact(problem, 1e-6, Watch(progress=told))
    assert (found.status, found.rounds) == ("feasible", 40) and found.answer is not None
    assert found.bound == found.relaxed.bound < found.answer.objective
    assert found.gap == pytest.approx(1 - found.bound / found.answer.objective)
    shares = [share for step, share, _ in told if step == "plan.step.exact"]
    assert shares == [round(min(0.1 + 0.02 * n, 0.7), 6) for n in range(1, 41)]
    assert told[0] == ("plan.step.relaxed", 0.05, "")
    assert told[-1][2] == f"{found.gap:.4%}"


def _split() -> Problem:
    """One exemption at a school of which a part each of two would save more under a cap.

    Area lacks 10 万元 (3.25 exempt), sports 10 (2): with at most 9 万元 for each item a part of
    the exemption for each is cheapest, and no whole one will do.
    """
    caps = np.array([[90_000.0, np.inf, np.inf, np.inf]])
    return _two(item_cap=caps, part_stage=np.zeros(2, dtype=np.intp))


def test_parts_of_an_exemption_give_a_bound_and_whole_ones_the_plan() -> None:
    """Area is capped at 9 of 15 万元: one school must be exempt there, whole or in parts.

    Whole: the first school's area (3.25), sports in full (20), the second's area in full (5)
    and its sports exempt (0): 28.25; or the second's area exempt: 10 is over the cap.
    In parts: 6 of the 6.75 that the first saves, 8/9 of an exemption; the rest saves 12/9.
    """
    found = solve_exact(_split(), 1e-6, Watch())
    assert found.status == "optimal" and found.answer is not None
    assert found.answer.objective == pytest.approx(28.25)
    assert found.relaxed.objective == pytest.approx(28.25 - (1 / 9) * (12 - 6.75), rel=1e-5)
    assert found.bound == pytest.approx(28.25, rel=1e-5)


def test_a_higher_bound_is_kept_and_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    values = solve_model(build_model(_split())).values
    _stubborn(monkeypatch, "optimal", 28.25, values)
    found = solve_exact(_split(), 1e-3, Watch())
    assert (found.status, found.rounds, found.bound) == ("optimal", 2, 28.25)


def test_a_search_without_time_gives_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    class Late(Watch):
        left = property(lambda self: 0.0)  # type: ignore[assignment]

    _stubborn(monkeypatch, "infeasible", np.inf)
    found = solve_exact(_split(), 1e-6, Late())
    assert found.status == "feasible" and found.answer is not None
    assert found.answer.objective == pytest.approx(28.25)
    proven = solve_exact(_split(), 1e-6, Watch())
    assert (proven.status, proven.answer, proven.bound, proven.rounds) == (
        "infeasible",
        None,
        np.inf,
        1,
    )


def test_a_search_that_knows_nothing_more_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    _stubborn(monkeypatch, "unknown", 28.0)
    told = _Told()
    found = solve_exact(_split(), 1e-6, Watch(progress=told))
    assert found.status == "feasible" and found.bound == 28.0
    assert sum(step == "plan.step.exact" for step, _, _ in told) == 1
    monkeypatch.setattr(exact, "_rounded", lambda model, values: _chosen())
    none = solve_exact(_split(), 1e-6, Watch(progress=told))
    assert (none.status, none.answer) == ("stopped", None) and told[-1][2] == ""
    assert isinstance(none, Certified) and none.gap == np.inf and none.bound == 28.0


def test_a_plan_within_the_gap_needs_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """28.25 against 27.67: 2.07% apart."""
    _stubborn(monkeypatch, "infeasible", np.inf)
    near = solve_exact(_split(), 0.021, Watch())
    assert (near.status, near.rounds) == ("optimal", 1) and near.bound == near.relaxed.bound
    assert solve_exact(_split(), 0.02, Watch()).status == "infeasible"
    exactly = solve_exact(_split(), near.gap, Watch())
    assert exactly.status == "optimal"
