"""Ways out where there is no plan: each computed, and each tried before it is offered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simulator.errors import JunhengError
from simulator.plan.cone import Model, build_model
from simulator.plan.conflict import Conflict, named_rules
from simulator.plan.decide import Decision, decide
from simulator.plan.elastic import Give, least_give, rows_of
from simulator.plan.problem import MONEY, Array, Problem
from simulator.plan.watch import Watch
from simulator.plan.ways_rules import (
    POINTS,
    Change,
    WayOut,
    limits,
    plain,
    rotation,
    smallest,
    solvable,
    standards,
    teachers,
)

#: Growth that no wish can waive: no way out leads past it.
LAWFUL: Final = ("growth_operating", "no_fall_per_pupil")
#: A way out is shown with a plan this close to the cheapest one.
ROUGH_GAP: Final = 0.005
#: Amounts found without the yes/no decisions may fall short: more is tried in turn.
MORE: Final = (1.0, 1.002, 1.01, 1.03, 1.1, 1.3)
#: Amounts are told in whole yuan.
YUAN: Final = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """What ways out need beside the problem: the appropriation, and the problem a year longer."""

    appropriation: Array  # (T + 1) yuan from the base year on; empty where it does not grow by rule
    longer: Callable[[], Problem]
    aided: Problem | None = None  # owners of private schools mend what these lack; None: no need


def find_ways(
    problem: Problem, conflict: Conflict, around: Surroundings, watch: Watch
) -> tuple[WayOut, ...]:
    """Every way out that was tried and leads to a plan, cheapest changes of each kind."""
    found = []
    for change in _changes(problem, conflict, around):
        watch.tell("plan.step.ways", 0.9, change.code)
        way = _tried(change, watch)
        if way is not None:
            found.append(way)
    found.extend(teachers(problem, conflict))
    return tuple(found)


def _tried(change: Change, watch: Watch) -> WayOut | None:
    for more in MORE:
        problem = change.apply(more)
        if problem is None:
            return None
        decision: Decision = decide(problem, ROUGH_GAP, watch)
        if decision.paid is not None:
            params, amounts = change.told(more)
            return WayOut(change.code, params, amounts, decision.cost)
    return None


def _changes(problem: Problem, conflict: Conflict, around: Surroundings) -> Iterator[Change]:
    families = {rule.family for rule in conflict.rules}
    model = build_model(problem)
    if "money" in families:
        yield from _money(problem, model, around)
    yield from _one_more_year(around)
    if "standard" in families:
        yield from standards(problem, model, conflict)
    if families & {"standard", "one_exempt"}:
        more = problem.with_(exemptions=problem.exemptions + 1)
        yield plain("exemption", more, count=int(problem.exemptions.max()) + 1)
    if "cv" in families:
        yield from limits(problem, conflict)
        if around.aided is not None:
            yield plain("owners", around.aided)
    if families & {"rotation", "backbone"}:
        yield from rotation(problem, model)
    for named in named_rules(problem):
        broad = {"standard", "cv", "money", "one_exempt", "rotation", "backbone", *LAWFUL}
        if named.rule in conflict.rules and named.rule.family not in broad:
            yield plain(f"without_{named.rule.family}", named.drop(problem), rule=named.rule)


def _money(problem: Problem, model: Model, around: Surroundings) -> Iterator[Change]:
    """More money: as little as possible in all, the same every year, by growth, carried over."""
    years = [t for t in range(problem.horizon) if np.isfinite(problem.envelope[t])]
    rows = [rows_of(model, "money", year=t) for t in years]
    least = least_give(problem, [Give(each) for each in rows], model)
    if least is not None:
        amounts = np.zeros(problem.horizon)
        amounts[years] = least * MONEY
        yield Change("money", _with_money(problem, amounts), _told_money(problem, amounts))
    equal = least_give(problem, [Give(np.concatenate(rows))], model)
    if equal is not None and not problem.carry_over:
        amounts = np.where(np.isfinite(problem.envelope), equal[0] * MONEY, 0.0)
        yield Change("money_equal", _with_money(problem, amounts), _told_money(problem, amounts))
    if not problem.carry_over:
        yield plain("carry_over", problem.with_(carry_over=True))
    if len(around.appropriation):
        yield from _growth(problem, around.appropriation)


def _rounded_up(amounts: Array, more: float) -> Array:
    return np.where(amounts > YUAN, np.ceil(amounts * more / YUAN) * YUAN, 0.0)


def _with_money(problem: Problem, amounts: Array) -> Callable[[float], Problem]:
    return lambda more: problem.with_(envelope=problem.envelope + _rounded_up(amounts, more))


def _told_money(problem: Problem, amounts: Array) -> Any:
    def told(more: float) -> tuple[Mapping[str, Any], Mapping[int, float]]:
        given = _rounded_up(amounts, more)
        by_year = {y: float(a) for y, a in zip(problem.years, given, strict=True) if a > 0}
        return {"total": float(given.sum())}, by_year

    return told


def _growth(problem: Problem, appropriation: Array) -> Iterator[Change]:
    """The appropriation grows faster by the same points every year."""
    rates = appropriation[1:] / appropriation[:-1]

    def extra(points: float) -> Array:
        return np.asarray(appropriation[0] * np.cumprod(rates + points) - appropriation[1:])

    def with_points(points: float) -> Problem:
        return problem.with_(envelope=problem.envelope + extra(points))

    least = smallest(lambda points: solvable(with_points(points)), 0.0, 1.0)
    if least is None:
        return

    def points_of(more: float) -> float:
        return float(np.ceil(least * more / POINTS) * POINTS)

    def told(more: float) -> tuple[Mapping[str, Any], Mapping[int, float]]:
        given = extra(points_of(more))
        by_year = dict(zip(problem.years, given.tolist(), strict=True))
        return {"points": points_of(more), "total": float(given.sum())}, by_year

    yield Change("growth", lambda more: with_points(points_of(more)), told)


def _one_more_year(around: Surroundings) -> Iterator[Change]:
    """The same rules one year later; left out where the scenario cannot be made longer."""
    try:
        longer = around.longer()
    except JunhengError:
        return
    yield plain("year", longer, year=longer.years[longer.target])
