"""Ways out that change a rule: a standard, a limit, who may move, how many teachers there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from simulator.plan.cone import Model, build_model, solve_model
from simulator.plan.conflict import Conflict
from simulator.plan.elastic import Give, least_give, rows_of
from simulator.plan.problem import INDICATORS, KINDS, Problem

HALVINGS: Final = 14
LOOSEST: Final = 16.0
#: Hundredths of a percent.
POINTS: Final = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class WayOut:
    """One change after which there is a plan: what, by how much, and what the plan then costs.

    ``code`` names the sentence ``plan.way.<code>``; ``params`` fill it in; ``amounts`` are
    yuan by year where the way is money. ``cost`` is the plan's, discounted yuan; unknown
    where only the continuous problem was tried (``tried`` False).
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    amounts: Mapping[int, float] = field(default_factory=lambda: MappingProxyType({}))
    cost: float = np.nan
    tried: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A way out before it is tried: the problem as a function of how much more is given."""

    code: str
    apply: Callable[[float], Problem | None]
    told: Callable[[float], tuple[Mapping[str, Any], Mapping[int, float]]]


def plain(code: str, problem: Problem, **params: Any) -> Change:
    """A change that is made or not, without an amount."""
    return Change(code, lambda more: problem if more == 1.0 else None, lambda more: (params, {}))


def solvable(problem: Problem) -> bool:
    """Whether the problem without its yes/no decisions has a plan."""
    return solve_model(build_model(problem)).status == "optimal"


def smallest(possible: Callable[[float], bool], low: float, high: float) -> float | None:
    """The smallest amount that is enough, by halving; None where even the largest is not."""
    if not possible(high):
        return None
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if possible(middle) else (middle, high)
    return high


def standards(problem: Problem, model: Model, conflict: Conflict) -> Iterator[Change]:
    """One standard lowered for all schools of a stage: the one that must give least."""
    best: tuple[float, int, int] | None = None
    for rule in conflict.rules:
        if rule.family != "standard":
            continue
        stage, indicator = problem.stages.index(rule.stage), INDICATORS.index(rule.indicator)
        rows = rows_of(model, "standard", stage=stage, indicator=indicator)
        given = least_give(problem, [Give(rows)], model)
        if given is not None and (best is None or given[0] < best[0]):
            best = (float(given[0]), stage, indicator)
    if best is not None:
        yield _lowered(problem, *best)


def _lowered(problem: Problem, share: float, stage: int, indicator: int) -> Change:
    def share_of(more: float) -> float:
        return float(min(np.ceil(share * more / POINTS) * POINTS, 1.0))

    def apply(more: float) -> Problem:
        standard = problem.standard.copy()
        standard[:, stage, indicator] *= 1 - share_of(more)
        return problem.with_(standard=standard)

    def told(more: float) -> tuple[Mapping[str, Any], Mapping[int, float]]:
        was = float(problem.standard[problem.target, stage, indicator])
        return {
            "stage": problem.stages[stage],
            "indicator": INDICATORS[indicator],
            "was": was,
            "now": was * (1 - share_of(more)),
            "share": share_of(more),
        }, {}

    return Change("standard", apply, told)


def limits(problem: Problem, conflict: Conflict) -> Iterator[Change]:
    """The CV limits of the conflict loosened by one factor."""
    places = [
        (problem.stages.index(rule.stage), INDICATORS.index(rule.indicator))
        for rule in conflict.rules
        if rule.family == "cv"
    ]

    def loosened(factor: float) -> Problem:
        limit = problem.limit.copy()
        for stage, indicator in places:
            limit[:, stage, indicator] *= factor
        return problem.with_(limit=limit)

    least = smallest(lambda factor: solvable(loosened(factor)), 1.0, LOOSEST)
    if least is None:
        return
    stage, indicator = places[0]
    was = float(problem.limit[problem.target, stage, indicator])

    def told(more: float) -> tuple[Mapping[str, Any], Mapping[int, float]]:
        return {
            "stage": problem.stages[stage],
            "indicator": INDICATORS[indicator],
            "count": len(places),
            "was": was,
            "now": was * least * more,
        }, {}

    yield Change("limit", lambda more: loosened(least * more), told)


def rotation(problem: Problem, model: Model) -> Iterator[Change]:
    """More teachers who may move each year."""
    rows = np.concatenate([rows_of(model, "rotation"), rows_of(model, "backbone")])
    if not len(rows):
        return
    given = least_give(problem, [Give(rows)], model)
    if given is None:
        return
    steps = problem.target + 1

    def people(more: float) -> float:
        return float(np.ceil(given[0] * more / steps))

    def apply(more: float) -> Problem:
        return problem.with_(
            rotation_cap=problem.rotation_cap + people(more),
            backbone_cap=problem.backbone_cap + people(more),
        )

    yield Change("rotation", apply, lambda more: ({"teachers": people(more)}, {}))


def teachers(problem: Problem, conflict: Conflict) -> Iterator[WayOut]:
    """More teachers of a kind in the district: as many as the standards lack at least."""
    model = build_model(problem)
    for rule in conflict.rules:
        if rule.indicator not in KINDS or rule.family not in ("standard", "cv"):
            continue
        stage, kind = problem.stages.index(rule.stage), INDICATORS.index(rule.indicator)
        rows = rows_of(model, "same_total", stage=stage, indicator=kind)
        given = least_give(problem, [Give(rows[-1:])], model) if len(rows) else None
        if given is not None:
            params = {
                "stage": rule.stage,
                "indicator": rule.indicator,
                "teachers": float(np.ceil(given[0] - 1e-6)),
            }
            yield WayOut("teachers", params, tried=False)
