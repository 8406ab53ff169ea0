"""The rules about spending from year to year, and what is paid above the formula to keep them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from simulator.machine.language import CLOSE
from simulator.plan.layout import Layout
from simulator.plan.problem import (
    COST,
    GROWING,
    MONEY,
    OPERATING,
    WHOLE,
    Array,
    Family,
    Ints,
    Problem,
    Spending,
)
from simulator.plan.rows import Rows, places_of, stacked

#: A strict rule is kept by one fen at least, and by twice what the engine takes for equal.
FEN: Final = 0.01
APART: Final = 2 * CLOSE
STRICT: Final = np.array([True, True, False])[:, np.newaxis, np.newaxis]
#: Below this, in yuan, a solver's amount is noise, not a wish.
NOISE: Final = 1.0
#: What arithmetic may leave of a rule that is kept, in yuan.
KEPT: Final = 1e-4


def ratios(spending: Spending) -> Array:
    """(3, T, 2) what a yuan of the year before asks for, with the pupils there then are."""
    with np.errstate(divide="ignore", invalid="ignore"):
        grown = spending.heads[:, 1:] / spending.heads[:, :-1]
    return np.asarray(grown * np.where(STRICT, 1 + APART, 1.0))


def margins(spending: Spending) -> Array:
    """(3, T, 2) yuan that must be left: a fen of a strict rule; less where a rule is loosened."""
    strict = FEN + APART * spending.heads[:, 1:]
    return np.asarray(np.where(STRICT, strict, 0.0) - spending.less)


def growing(problem: Problem, layout: Layout) -> Iterator[Rows]:
    """Spending per pupil rises from year to year: what the plan adds to it counts too."""
    spending = problem.spending
    if spending is None:
        return
    grown = ratios(spending)
    lacking = grown * spending.yuan[:, :-1] + margins(spending) - spending.yuan[:, 1:]
    for number, family in enumerate(GROWING):
        asked = np.argwhere(spending.asked[number])
        parts, right = [], []
        for row, (year, stage) in enumerate(asked.tolist()):
            for at, size in ((year, -1.0), (year - 1, grown[number, year, stage])):
                if at >= 0:
                    columns, values = _spent_in(problem, layout, number, at, stage, at == year)
                    parts.append((np.full(len(columns), row), columns, size * values))
            right.append(-lacking[number, year, stage] / MONEY)
        if parts:
            yield _rows(family, asked, parts, right)  # type: ignore[arg-type]


def _rows(
    family: Family, asked: Ints, parts: list[tuple[Ints, Ints, Array]], right: list[float]
) -> Rows:
    stages = {} if family == GROWING[WHOLE] else {"stage": asked[:, 1]}
    places = places_of(len(asked), year=asked[:, 0], **stages)
    return Rows(family, "le", *stacked(*parts), np.array(right), places)


def _spent_in(
    problem: Problem, layout: Layout, family: int, year: int, stage: int, now: bool
) -> tuple[Ints, Array]:
    """The variables that a family counts in a year, and what a 万元 of each counts.

    Where the schools' training is set against the bureau's, a yuan above the formula saves a
    part of itself: in the year itself the district counts only the rest.
    """
    assert problem.spending is not None
    extra = layout.extra[year] if family == WHOLE else layout.extra[year, [stage]]
    counts = problem.spending.counts[year] if family == WHOLE and now else 1.0
    if family == OPERATING:
        return extra, np.ones(len(extra))
    here = problem.part_stage[problem.home] == stage
    bought = layout.buy[year] if family == WHOLE else layout.buy[year][:, here]
    columns = np.append(bought.ravel(), extra)
    return columns, np.append(np.ones(bought.size), np.full(len(extra), counts))


def extra_held(problem: Problem, layout: Layout) -> Iterator[Rows]:
    """Where no school may get less per head than last year, neither does what is on top fall."""
    spending = problem.spending
    if spending is None or not spending.held:
        return
    year, stage = np.nonzero(layout.extra[1:] >= 0)
    year = year + 1
    before, number = layout.extra[year - 1, stage], np.arange(len(year))
    counted = spending.counted
    size = counted[year, stage] / np.where(before >= 0, counted[year - 1, stage], 1.0)
    triplets = stacked(
        (number, layout.extra[year, stage], -np.ones(len(year))), (number, before, size)
    )
    places = places_of(len(year), stage=stage, year=year)
    yield Rows("held", "le", *triplets, np.zeros(len(year)), places)


def bought_by_stage(problem: Problem, amount: Array) -> Array:
    """(T, 2) yuan of purchases (T, 4, S) by the stage that they are listed under."""
    at_home = problem.part_stage[problem.home]
    by_school = amount.sum(axis=1)
    return np.stack([by_school[:, at_home == k].sum(axis=1) for k in range(2)], axis=1)


def room(problem: Problem, bought: Array, extra: Array) -> Array:
    """(3, T, 2) yuan by which each rule is kept; negative what is missing, NaN where not asked.

    ``bought`` (T, 2) are purchases by stage, ``extra`` (T, 2) operating funds above the formula.
    """
    spending = problem.spending
    assert spending is not None
    spent = np.zeros((len(GROWING), problem.horizon, 2))
    spent[COST], spent[OPERATING] = bought + extra, extra
    spent[WHOLE, :, 0] = (bought + extra).sum(axis=1)
    before = spending.yuan[:, :-1].copy()
    before[:, 1:] += spent[:, :-1]
    spent[WHOLE, :, 0] -= (1 - spending.counts) * extra.sum(axis=1)
    now = spending.yuan[:, 1:] + spent
    found = now - ratios(spending) * before - margins(spending)
    return np.where(spending.asked, found, np.nan)


def settled(problem: Problem, amount: Array, wanted: Array) -> Array:
    """(T, 2) operating funds above the formula in fen: as little as keeps every rule.

    ``amount`` (T, 4, S) are purchases as they are paid; ``wanted`` (T, 2), the solver's own
    amounts, say which stage is given what the district as a whole still lacks. Years are
    settled one after the other: what one year gets more, the next must exceed.
    """
    found, spending = np.zeros_like(wanted), problem.spending
    if spending is None:
        return found
    bought = bought_by_stage(problem, amount)
    for year in range(problem.horizon):
        if spending.held and year:
            found[year] = _up(_held(spending, found, year))
        lacking = -np.nan_to_num(room(problem, bought, found)[:, year]).clip(max=0.0)
        found[year] += _up(lacking[[COST, OPERATING]].max(axis=0))
        still = -float(np.nan_to_num(room(problem, bought, found)[WHOLE, year, 0]))
        if still > 0:
            found[year] += _given(still / spending.counts[year], wanted[year] - found[year])
        found[year] = np.where(spending.counted[year] > 0, np.round(found[year], 2), 0.0) + 0.0
    return found


def _given(lacking: float, wanted: Array) -> Array:
    """What the district lacks, given to its stages as the solver would, the rest to the first."""
    wanted = np.where(wanted > NOISE, wanted, 0.0)
    order = np.argsort(-wanted, kind="stable")
    found = np.zeros_like(wanted)
    for stage in order.tolist():
        found[stage] = min(float(wanted[stage]), lacking - found.sum())
    found[order[0]] += lacking - found.sum()
    return _up(found)


def _held(spending: Spending, extra: Array, year: int) -> Array:
    """What is on top of last year's heads, for this year's."""
    before = spending.counted[year - 1]
    each = extra[year - 1] / np.where(before > 0, before, np.inf)
    return np.asarray(each * spending.counted[year])


def _up(yuan: Array) -> Array:
    """Rounded up to fen; next to nothing is nothing."""
    return np.asarray(np.ceil(yuan / FEN - 1e-4) * FEN)


def broken(problem: Problem, amount: Array, extra: Array) -> list[str]:
    """The families that purchases and operating funds above the formula do not keep."""
    if problem.spending is None:
        return []
    kept = room(problem, bought_by_stage(problem, amount), extra)
    found = [name for name, each in zip(GROWING, kept, strict=True) if (each < -KEPT).any()]
    if problem.spending.held:
        falls = [
            (extra[year] < _held(problem.spending, extra, year) - FEN).any()
            for year in range(1, problem.horizon)
        ]
        found += ["held"] if any(falls) else []
    return found
