"""The problem with its yes/no decisions: which indicator of each school stays exempt, proven."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from simulator.plan.cone import Answer, Model, build_model, solve_model
from simulator.plan.milp import Cuts, Found, no_cuts, solve_mixed, tangents
from simulator.plan.problem import INDICATORS, Array, Flags, Problem
from simulator.plan.watch import Watch

Outcome = Literal["optimal", "feasible", "infeasible", "unbounded", "stopped"]
#: Rounds of tangents after which a search gives what it has.
ROUNDS: Final = 40
#: Slopes at which each school's tangents begin, beside those at the cone's own optimum.
FIRST_SLOPES: Final = (-0.6, -0.3, 0.3, 0.6, 1.2)
BROKEN: Final = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Certified:
    """The best answer with exemptions decided, and the proven bound; 万元, discounted.

    ``relaxed`` is the continuous problem's answer. Status: optimal (gap within what was
    asked), feasible (a plan, gap larger), infeasible (proven), stopped (out of time, none).
    """

    status: Outcome
    answer: Answer | None
    relaxed: Answer
    bound: float
    rounds: int

    @property
    def gap(self) -> float:
        """How far the answer may be from the best there is, relative."""
        if self.answer is None:
            return np.inf
        return relative_gap(self.answer.objective, self.bound)


def relative_gap(objective: float, bound: float) -> float:
    """(objective − bound) by the objective; 0 for amounts that are both next to nothing."""
    if not np.isfinite(objective):
        return np.inf
    distance = max(objective - bound, 0.0)
    return 0.0 if distance < 1e-6 else distance / max(abs(objective), 1e-9)


def solve_exact(problem: Problem, gap: float, watch: Watch) -> Certified:
    """Decide every exemption, with proof that no other choice is cheaper by more than the gap."""
    model = build_model(problem)
    watch.tell("plan.step.relaxed", 0.05)
    relaxed = solve_model(model)
    if relaxed.status != "optimal":
        return Certified(relaxed.status, None, relaxed, np.inf, 0)
    if not (model.layout.exempt >= 0).any():
        return Certified("optimal", relaxed, relaxed, relaxed.bound, 0)
    return _search(model, relaxed, gap, watch)


@dataclass(slots=True)
class _State:
    """The search so far."""

    cuts: Cuts
    bound: float
    best: Answer | None = None
    seen: frozenset[bytes] = frozenset()


def _search(model: Model, relaxed: Answer, gap: float, watch: Watch) -> Certified:
    state = _State(first_cuts(model, relaxed.values), relaxed.bound)
    whole = yes_no(model)
    _try(model, state, _rounded(model, relaxed.values))
    for number in range(1, ROUNDS + 1):
        watch.tell("plan.step.exact", min(0.1 + 0.02 * number, 0.7), _known(state))
        if state.best is not None and relative_gap(state.best.objective, state.bound) <= gap:
            return _done(state, relaxed, number, gap)
        if watch.left <= 0:
            break
        start = _hint(model, state.best)
        found = solve_mixed(model, state.cuts, whole, gap, watch, start)
        if found.status == "infeasible":
            return Certified("infeasible", None, relaxed, np.inf, number)
        state.bound = max(state.bound, found.bound)
        if found.status == "unknown":
            break
        _learn(model, state, found)
    return _done(state, relaxed, ROUNDS, gap)


def _learn(model: Model, state: _State, found: Found) -> None:
    """Try the exemptions that HiGHS chose; add the tangents that it overlooked."""
    tried = _try(model, state, chosen_of(model, found.values))
    state.cuts = state.cuts.joined(tangents(model.cones, found.values, BROKEN))
    if tried is not None:
        state.cuts = state.cuts.joined(tangents(model.cones, _matched(model, tried)))


def _try(model: Model, state: _State, chosen: Array) -> Answer | None:
    """The continuous problem with exemptions as chosen; kept when it is the best so far."""
    key = chosen.tobytes()
    if key in state.seen:
        return None
    state.seen |= {key}
    answer = solve_model(build_model(model.problem.with_(chosen=chosen)))
    if answer.status != "optimal":
        return None
    if state.best is None or answer.objective < state.best.objective:
        state.best = answer
    return answer


def _done(state: _State, relaxed: Answer, rounds: int, gap: float) -> Certified:
    if state.best is None:
        return Certified("stopped", None, relaxed, state.bound, rounds)
    reached = relative_gap(state.best.objective, state.bound) <= gap
    status: Outcome = "optimal" if reached else "feasible"
    return Certified(status, state.best, relaxed, state.bound, rounds)


def _known(state: _State) -> str:
    if state.best is None:
        return ""
    return f"{relative_gap(state.best.objective, state.bound):.4%}"


def yes_no(model: Model) -> Flags:
    """Which variables are yes/no decisions."""
    marked = np.zeros(model.layout.size, dtype=bool)
    marked[model.layout.exempt[model.layout.exempt >= 0]] = True
    return marked


def chosen_of(model: Model, values: Array) -> Array:
    """(P, 7) exemptions of a solution, 1 or 0."""
    placed = model.layout.exempt
    found = np.zeros(placed.shape)
    found[placed >= 0] = np.round(values[placed[placed >= 0]])
    return found


def _rounded(model: Model, values: Array) -> Array:
    """Exemptions by the largest shares of the continuous solution, as many as allowed."""
    placed = model.layout.exempt
    share = np.zeros(placed.shape)
    share[placed >= 0] = values[placed[placed >= 0]]
    found = np.zeros(placed.shape)
    order = np.argsort(-share, axis=1, kind="stable")
    for rank in range(len(INDICATORS)):
        rows = np.flatnonzero(rank < model.problem.exemptions)
        columns = order[rows, rank]
        found[rows, columns] = (share[rows, columns] > 1e-6).astype(float)
    return found


def first_cuts(model: Model, values: Array) -> Cuts:
    """Tangents at the cone problem's optimum, and a fan of them for every school."""
    found = tangents(model.cones, values)
    for slope in FIRST_SLOPES:
        every = tangents(model.cones, values)
        found = found.joined(Cuts(every.cone, every.member, np.full_like(every.slope, slope)))
    return found if len(found.slope) else no_cuts()


def _matched(model: Model, answer: Answer) -> Array:
    """An answer with decided exemptions in the places of the model with open ones."""
    mine, theirs = model.layout, answer.model.layout
    found = np.zeros(mine.size)
    for name in ("buy", "extra", "into", "out", "level", "mean"):
        here, there = getattr(mine, name), getattr(theirs, name)
        both = (here >= 0) & (there >= 0)
        found[here[both]] = answer.values[there[both]]
    if answer.model.problem.chosen is not None:
        placed = mine.exempt >= 0
        found[mine.exempt[placed]] = answer.model.problem.chosen[placed]
    return found


def _hint(model: Model, best: Answer | None) -> Array | None:
    return None if best is None else _matched(model, best)
