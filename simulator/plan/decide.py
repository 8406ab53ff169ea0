"""From a problem to a decision: exemptions proven, whole units, payable amounts, moves by year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from simulator.plan.clean import (
    Paid,
    item_levels_of,
    limits_kept,
    money_kept,
    payable,
    standards_kept,
    teacher_levels_of,
    with_less_money,
)
from simulator.plan.constraints import MOVE_EFFORT
from simulator.plan.exact import Certified, Outcome, relative_gap, solve_exact
from simulator.plan.growing import broken
from simulator.plan.layout import lay_out
from simulator.plan.problem import (
    INDICATORS,
    MONEY,
    Array,
    Problem,
)
from simulator.plan.rotation import Move, caps_kept, net_by_year, pair_moves
from simulator.plan.watch import Watch
from simulator.plan.whole import whole_moves, whole_rooms

#: How much narrower the CV limits are tried where whole units do not fit at first.
NARROWER: Final = (1.0, 0.995, 0.98, 0.95)


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """What is bought and who moves, with its certificate; yuan, discounted.

    ``chosen`` (P, 7) are the exemptions, ``moves`` who goes where. Without a plan
    (infeasible, stopped) ``paid`` is None.
    """

    status: Outcome
    problem: Problem
    certified: Certified
    bound: float
    chosen: Array | None = None
    paid: Paid | None = None
    moves: tuple[Move, ...] = ()

    @property
    def cost(self) -> float:
        """What the purchases cost, discounted."""
        return self.paid.cost(self.problem) if self.paid is not None else np.inf

    @property
    def gap(self) -> float:
        """How far the cost may be from the least there is, relative."""
        return relative_gap(self.cost / MONEY, self.bound / MONEY)

    def levels(self) -> Array:
        """(T, 7, P) indicator levels under the plan."""
        assert self.paid is not None
        return levels_of(self.problem, self.paid, self.moves)


def levels_of(problem: Problem, paid: Paid, moves: tuple[Move, ...]) -> Array:
    """(T, 7, P) indicator levels after purchases and moves."""
    moved = teacher_levels_of(problem, net_by_year(problem, list(moves)))
    return np.concatenate([moved, item_levels_of(problem, paid.units)], axis=1)


def decide(problem: Problem, gap: float, watch: Watch) -> Decision:
    """The least-cost plan of a problem, in amounts that can be paid."""
    first: Certified | None = None
    for narrower in NARROWER:
        certified = solve_exact(_narrowed(problem, narrower), gap, watch)
        first = first or certified
        bound = _money_bound(problem, first)
        if certified.answer is None:
            break
        found = _finished(problem, certified, gap, watch)
        if found is not None:
            chosen, paid, moves = found
            made = Decision("optimal", problem, first, bound, chosen, paid, moves)
            made = replace(made, bound=min(bound, made.cost))
            return made if made.gap <= gap else replace(made, status="feasible")
    assert first is not None
    status: Outcome = first.status if first.answer is None else _without_plan(problem, watch)
    return Decision(status, problem, first, _money_bound(problem, first))


def _without_plan(problem: Problem, watch: Watch) -> Outcome:
    """Where nothing payable was found: impossible if by a hair's breadth of money, else stopped.

    A fen that is missing of millions lies below what a solver can see: that there is no plan is
    proven with that little less money, and no payable one was found with all of it.
    """
    short = with_less_money(problem)
    return "infeasible" if solve_exact(short, 0.5, watch).status == "infeasible" else "stopped"


def _narrowed(problem: Problem, factor: float) -> Problem:
    return problem if factor == 1.0 else problem.looser(factor)


def _money_bound(problem: Problem, certified: Certified) -> float:
    """The proven least cost in yuan: the solver's bound without the effort of moving."""
    effort = 2 * MOVE_EFFORT * float(np.nan_to_num(problem.rotation_cap, posinf=0.0).sum())
    return max((certified.bound - effort) * MONEY, 0.0)


def _finished(
    problem: Problem, certified: Certified, gap: float, watch: Watch
) -> tuple[Array, Paid, tuple[Move, ...]] | None:
    """Whole moves, whole rooms and payable amounts for the exemptions chosen."""
    assert certified.answer is not None
    chosen = certified.answer.model.problem.chosen
    if chosen is None:
        chosen = np.zeros((len(problem.part_school), len(INDICATORS)))
    decided = problem.with_(chosen=chosen)
    watch.tell("plan.step.whole", 0.75)
    net = whole_moves(decided, watch)
    rooms = whole_rooms(decided, gap, watch) if net is not None else None
    if net is None or rooms is None:
        return None
    watch.tell("plan.step.payable", 0.8)
    paid = payable(decided, rooms)
    if paid is None:
        return None
    moves = pair_moves(problem, net)
    return _used(decided, paid, moves), paid, tuple(moves)


def _used(problem: Problem, paid: Paid, moves: list[Move]) -> Array:
    """The exemptions that are needed in the end: those whose standard is not reached."""
    levels = levels_of(problem, paid, tuple(moves))
    open_problem = problem.with_(chosen=None)
    layout = lay_out(open_problem)
    wanted = layout.full * layout.norm[problem.part_stage].T
    missed = (levels < wanted * (1 - 1e-9)).any(axis=0).T
    return np.asarray(missed.astype(float))


def failures(decision: Decision) -> Iterator[str]:
    """Places where a decision breaks a rule of its own problem; none for a sound one."""
    if decision.paid is None or decision.chosen is None:
        return
    problem = decision.problem.with_(chosen=decision.chosen)
    layout, levels = lay_out(problem), decision.levels()
    if not standards_kept(problem, layout, levels):
        yield "standard"
    if (decision.chosen.sum(axis=1) > problem.exemptions).any():
        yield "one_exempt"
    if not limits_kept(problem, layout, levels):
        yield "cv"
    if not money_kept(problem, decision.paid):
        yield "money"
    if not caps_kept(problem, list(decision.moves)):
        yield "rotation"
    yield from broken(problem, decision.paid.amount, decision.paid.extra)
