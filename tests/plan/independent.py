"""The plan written once more, from the arrays of a problem, in another modelling library.

Nothing of the product's own model is used: yearly moves and levels of every school stand as
they are said in words, and the library turns them into cones by itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import cvxpy as cp
import numpy as np

from simulator.plan.problem import BACKBONE, INDICATORS, ITEM_AT, KINDS, Problem

MONEY = 1e4


def least(problem: Problem, chosen: np.ndarray, years: list[int] | None = None) -> float:
    """The least discounted cost in yuan with the exemptions chosen; infinity where impossible.

    ``chosen`` (P, 7) ones where an indicator may stay at the exempt share.
    """
    horizon, schools, parts = problem.sizes
    buy = [cp.Variable((len(ITEM_AT), schools), nonneg=True) for _ in range(horizon)]  # 万元
    move = [cp.Variable((len(KINDS), parts)) for _ in range(horizon)]
    extra = [cp.Variable(2, nonneg=True) for _ in range(horizon)]  # 万元 by stage
    rules = [*_moving(problem, move), *_money(problem, buy, extra)]
    rules += _growing(problem, buy, extra)
    seen = years if years is not None else [problem.target]
    for year in range(min(seen), horizon):
        for indicator in range(len(INDICATORS)):
            level = _level(problem, buy, move, year, indicator)
            rules += _standard(problem, level, chosen, year, indicator)
            if year >= problem.target:
                rules += _limit(problem, level, year, indicator)
    paid = [cp.sum(buy[t]) + cp.sum(extra[t]) for t in range(horizon)]
    cost = sum(problem.discount[t] * paid[t] for t in range(horizon))
    asked = cp.Problem(cp.Minimize(cost), rules)
    asked.solve(solver=cp.CLARABEL)
    solved = asked.status in ("optimal", "optimal_inaccurate")
    return float(asked.value) * MONEY if solved else np.inf


def _level(
    problem: Problem, buy: list[cp.Variable], move: list[cp.Variable], year: int, indicator: int
) -> cp.Expression:
    """What a part has per pupil at the end of a year."""
    factor, base = problem.factor[year, indicator], problem.base[year, indicator]
    if indicator in ITEM_AT:
        item = ITEM_AT.index(indicator)
        units = sum(
            (buy[t][item] * (MONEY / problem.price[t, item])
             for t in range(year + 1) if t + problem.lead[item] <= year),
            start=cp.Constant(np.zeros(len(problem.schools))),
        )  # fmt: skip
        return base + cp.multiply(factor, units[problem.part_school])
    moved = sum((move[t][indicator] for t in range(year + 1)), start=cp.Constant(0 * base))
    return base + cp.multiply(factor, moved)


def _standard(
    problem: Problem, level: cp.Expression, chosen: np.ndarray, year: int, indicator: int
) -> Iterator[cp.Constraint]:
    share = 1 - (1 - problem.exempt_share[year]) * chosen[:, indicator]
    asked = problem.standard[year, problem.part_stage, indicator] * share
    inside = problem.scope[year] & (year >= problem.start) & np.isfinite(asked)
    if problem.private is not None and not problem.owners:  # public money may not mend them
        inside &= ~problem.private[problem.part_school]
    if inside.any():
        yield level[inside] / asked[inside] >= 1


def _limit(
    problem: Problem, level: cp.Expression, year: int, indicator: int
) -> Iterator[cp.Constraint]:
    for stage in range(2):
        limit = problem.limit[year, stage, indicator]
        inside = problem.scope[year] & (problem.part_stage == stage)
        if np.isfinite(limit) and inside.sum() > 1:
            weight = problem.pupils[year, inside] / problem.pupils[year, inside].sum()
            size = max(float(weight @ problem.base[year, indicator, inside]), 1e-9)
            mine = level[inside] / size
            mean = weight @ mine
            yield cp.norm(cp.multiply(np.sqrt(weight), mine - mean), 2) <= limit * mean


def _growing(
    problem: Problem, buy: list[cp.Variable], extra: list[cp.Variable]
) -> Iterator[cp.Constraint]:
    """What is spent per pupil of each year against the year before, in yuan a pupil."""
    spending = problem.spending
    if spending is None:
        yield from (each == 0 for each in extra)
        return
    home = problem.part_stage[problem.home]
    for year in range(problem.horizon):
        yield extra[year][spending.counted[year] <= 0] == 0
        if spending.held and year:
            here, before = spending.counted[year], spending.counted[year - 1]
            both = (here > 0) & (before > 0)
            yield extra[year][both] / here[both] >= extra[year - 1][both] / before[both]
        for stage in range(2):
            mine = [cp.sum(each[:, home == stage]) for each in buy]
            cost = [mine[t] + extra[t][stage] for t in range(problem.horizon)]
            whole = [cp.sum(buy[t]) + cp.sum(extra[t]) for t in range(problem.horizon)]
            own = [extra[t][stage] for t in range(problem.horizon)]
            for family, added in enumerate((cost, own, whole)):
                if spending.asked[family, year, stage]:
                    yield _risen(problem, family, year, stage, added)


def _risen(
    problem: Problem, family: int, year: int, stage: int, added: list[cp.Expression]
) -> cp.Constraint:
    spending = problem.spending
    assert spending is not None
    yuan, heads = spending.yuan[family, :, stage], spending.heads[family, :, stage]
    before = yuan[year] + (added[year - 1] * MONEY if year else 0.0)
    now = yuan[year + 1] + added[year] * MONEY
    fen = 0.01 / heads[year + 1] if family < 2 else 0.0
    return now / heads[year + 1] >= before / heads[year] + fen


def _moving(problem: Problem, move: list[cp.Variable]) -> Iterator[cp.Constraint]:
    for year, net in enumerate(move):
        came = cp.pos(net)
        yield cp.sum(came) <= problem.rotation_cap[year]
        yield cp.sum(came[BACKBONE]) <= problem.backbone_cap[year]
        for stage in range(2):
            yield cp.sum(net[:, problem.part_stage == stage], axis=1) == 0
        yield net[~problem.may_move] == 0
    for year in range(len(move)):
        here = problem.teachers + sum(move[: year + 1])
        yield here >= 0
        most = np.isfinite(problem.most_teachers)
        yield here[:, most] <= np.maximum(problem.most_teachers, problem.teachers)[:, most]


def _money(
    problem: Problem, buy: list[cp.Variable], extra: list[cp.Variable]
) -> Iterator[cp.Constraint]:
    spent = [cp.sum(each) + cp.sum(more) for each, more in zip(buy, extra, strict=True)]
    for year, there in enumerate(problem.envelope / MONEY):
        if problem.carry_over:
            yield sum(spent[: year + 1]) <= (problem.envelope[: year + 1] / MONEY).sum()
        elif np.isfinite(there):
            yield spent[year] <= there
        yield buy[year][~problem.may_buy] == 0
        for item, cap in enumerate(problem.item_cap[year] / MONEY):
            if np.isfinite(cap):
                yield cp.sum(buy[year][item]) <= cap
    for school, cap in enumerate(problem.school_cap / MONEY):
        if np.isfinite(cap):
            yield sum(cp.sum(each[:, school]) for each in buy) <= cap


def best_exemptions(problem: Problem) -> float:
    """The least cost over every choice of exemptions, tried one by one; for few schools only."""
    each = []
    for allowed in problem.exemptions:
        every = range(len(INDICATORS))
        each.append([c for n in range(allowed + 1) for c in itertools.combinations(every, n)])
    costs = []
    for choice in itertools.product(*each):
        chosen = np.zeros((len(problem.part_school), len(INDICATORS)))
        for part, exempt in enumerate(choice):
            chosen[part, list(exempt)] = 1
        costs.append(least(problem, chosen))
    return min(costs)
