"""The rules of a plan as linear rows and second-order cones, one function a family.

Every row carries the rule it stands for, so that prices and conflicts can be told in words.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.plan.growing import extra_held, growing
from simulator.plan.layout import Layout
from simulator.plan.moving import (
    fixed_moves,
    rotation_caps,
    same_totals,
    teacher_bounds,
)
from simulator.plan.problem import (
    ITEM_AT,
    KINDS,
    MONEY,
    Array,
    Ints,
    Problem,
    weights_of,
)
from simulator.plan.rows import ANY, Cone, Rows, places_of, stacked


def linear_rows(problem: Problem, layout: Layout) -> list[Rows]:
    """Every linear row of the problem; families without a row are left out."""
    makers = (
        item_levels, teacher_levels, means, standards, one_exempt, money, item_caps, school_caps,
        same_totals, rotation_caps, teacher_bounds, fixed_purchases, fixed_moves, growing,
        extra_held,
    )  # fmt: skip
    found = [rows for maker in makers for rows in maker(problem, layout)]
    return [rows for rows in found if rows.count]


def item_levels(problem: Problem, layout: Layout) -> Iterator[Rows]:
    """A facility's level: what was there and what has come into use, by the year's pupils."""
    year, item, part = np.nonzero(layout.level[:, ITEM_AT[0] :] >= 0)
    indicator = item + ITEM_AT[0]
    stage, school = problem.part_stage[part], problem.part_school[part]
    size = problem.factor[year, indicator, part] / layout.norm[stage, indicator]
    number = np.arange(len(year))
    parts = [(number, layout.level[year, indicator, part], np.ones(len(year)))]
    for bought in range(problem.horizon):
        arrived = bought + problem.lead[item] <= year
        column = np.where(arrived, layout.buy[bought, item, school], ANY)
        parts.append((number, column, -size * MONEY / problem.price[bought, item]))
    places = places_of(len(year), stage=stage, indicator=indicator, year=year, school=school)
    right = problem.base[year, indicator, part] / layout.norm[stage, indicator]
    yield Rows("level", "eq", *stacked(*parts), right, places)


def teacher_levels(problem: Problem, layout: Layout) -> Iterator[Rows]:
    """Teachers of a kind at a part: those counted, and those who moved in or out since."""
    year, kind, part = np.nonzero(layout.level[:, : len(KINDS)] >= 0)
    stage = problem.part_stage[part]
    size = problem.factor[year, kind, part] / layout.norm[stage, kind]
    number = np.arange(len(year))
    parts = [(number, layout.level[year, kind, part], np.ones(len(year)))]
    for step, end in enumerate(layout.seen):
        before = end <= year
        for columns, sign in ((layout.into, -1.0), (layout.out, 1.0)):
            column = np.where(before, columns[kind, part, step], ANY)
            parts.append((number, column, sign * size))
    places = places_of(
        len(year), stage=stage, indicator=kind, year=year, school=problem.part_school[part]
    )
    right = problem.base[year, kind, part] / layout.norm[stage, kind]
    yield Rows("level", "eq", *stacked(*parts), right, places)


def means(problem: Problem, layout: Layout) -> Iterator[Rows]:
    """The mean of a stage: its total by its pupils."""
    found = [
        _mean_row(problem, layout, number, *place)
        for number, place in enumerate(np.argwhere(layout.mean >= 0).tolist())
    ]
    if found:
        places = places_of(len(found))
        places[:, [2, 0, 1]] = np.argwhere(layout.mean >= 0)
        yield Rows("mean", "eq", *stacked(*found), np.zeros(len(found)), places)


def _mean_row(
    problem: Problem, layout: Layout, number: int, year: int, stage: int, indicator: int
) -> tuple[Ints, Ints, Array]:
    inside, weights = weights_of(problem, year, stage)
    columns = np.append(layout.level[year, indicator, inside], layout.mean[year, stage, indicator])
    return np.full(len(columns), number), columns, np.append(-weights, 1.0)


def standards(problem: Problem, layout: Layout) -> Iterator[Rows]:
    """Each school meets the standard, or the exempt share of it where the indicator is exempt."""
    year, indicator, part = np.nonzero(np.isfinite(layout.full))
    full, least = (side[year, indicator, part] for side in (layout.full, layout.least))
    number = np.arange(len(year))
    triplets = stacked(
        (number, layout.level[year, indicator, part], -np.ones(len(year))),
        (number, layout.exempt[part, indicator], least - full),
    )
    places = places_of(
        len(year),
        stage=problem.part_stage[part],
        indicator=indicator,
        year=year,
        school=problem.part_school[part],
    )
    yield Rows("standard", "le", *triplets, -full, places)


def one_exempt(problem: Problem, layout: Layout) -> Iterator[Rows]:
    """No more indicators of a school are exempt than the rule allows; each at most once."""
    part, indicator = np.nonzero(layout.exempt >= 0)
    owners, number = np.unique(part, return_inverse=True)
    triplets = stacked((number, layout.exempt[part, indicator], np.ones(len(part))))
    places = places_of(
        len(owners), stage=problem.part_stage[owners], school=problem.part_school[owners]
    )
    right = problem.exemptions[owners].astype(float)
    yield Rows("one_exempt", "le", *triplets, right, places)
    several = problem.exemptions[part] > 1
    single = stacked(
        (
            np.arange(several.sum()),
            layout.exempt[part, indicator][several],
            np.ones(several.sum()),
        )
    )
    yield Rows("bounds", "le", *single, np.ones(int(several.sum())), places_of(int(several.sum())))


def money(problem: Problem, layout: Layout) -> Iterator[Rows]:
    """What a year's plan costs stays within its money; what is left waits, where allowed."""
    there = np.cumsum(problem.envelope) if problem.carry_over else problem.envelope
    limited = np.flatnonzero(np.isfinite(there))
    year = np.append(np.nonzero(layout.buy >= 0)[0], np.nonzero(layout.extra >= 0)[0])
    column = np.append(layout.buy[layout.buy >= 0], layout.extra[layout.extra >= 0])
    parts = []
    for number, limit in enumerate(limited):
        counted = column[year <= limit if problem.carry_over else year == limit]
        parts.append((np.full(len(counted), number), counted, np.ones(len(counted))))
    if parts:
        places = places_of(len(limited), year=limited)
        yield Rows("money", "le", *stacked(*parts), there[limited] / MONEY, places)


def item_caps(problem: Problem, layout: Layout) -> Iterator[Rows]:
    """Purchases of an item in a year stay within its own cap."""
    years, items = np.nonzero(np.isfinite(problem.item_cap))
    columns = layout.buy[years, items]
    triplets = stacked((np.indices(columns.shape)[0], columns, np.ones(columns.shape)))
    places = places_of(len(years), indicator=np.array(ITEM_AT)[items], year=years)
    yield Rows("item_cap", "le", *triplets, problem.item_cap[years, items] / MONEY, places)


def school_caps(problem: Problem, layout: Layout) -> Iterator[Rows]:
    """Purchases of a school over all years stay within its own cap."""
    schools = np.flatnonzero(np.isfinite(problem.school_cap))
    columns = layout.buy.reshape(-1, len(problem.schools))[:, schools]
    triplets = stacked((np.indices(columns.shape)[1], columns, np.ones(columns.shape)))
    places = places_of(len(schools), school=schools)
    yield Rows("school_cap", "le", *triplets, problem.school_cap[schools] / MONEY, places)


def fixed_purchases(problem: Problem, layout: Layout) -> Iterator[Rows]:
    """Purchases that a person has fixed are made as they stand."""
    year, item, school = np.nonzero(np.isfinite(problem.fixed_buy))
    columns = layout.buy[year, item, school]
    right = problem.fixed_buy[year, item, school] * problem.price[year, item] / MONEY
    triplets = stacked((np.arange(len(year)), columns, np.ones(len(year))))
    places = places_of(len(year), indicator=np.array(ITEM_AT)[item], year=year, school=school)
    yield Rows("fixed", "eq", *triplets, right, places)


def cones(problem: Problem, layout: Layout) -> list[Cone]:
    """Every limited CV of the years from the target on."""
    return [_cone(problem, layout, *place) for place in np.argwhere(layout.mean >= 0).tolist()]


def _cone(problem: Problem, layout: Layout, year: int, stage: int, indicator: int) -> Cone:
    inside, weights = weights_of(problem, year, stage)
    return Cone(
        year,
        stage,
        indicator,
        float(problem.limit[year, stage, indicator]),
        int(layout.mean[year, stage, indicator]),
        layout.level[year, indicator, inside],
        weights,
    )


def costs(problem: Problem, layout: Layout) -> Array:
    """The objective: discounted money in 万元; and next to nothing for each teacher who moves."""
    found = np.zeros(layout.size)
    placed = layout.buy >= 0
    found[layout.buy[placed]] = np.broadcast_to(
        problem.discount[:, np.newaxis, np.newaxis], layout.buy.shape
    )[placed]
    given = layout.extra >= 0
    rates = np.broadcast_to(problem.discount[:, np.newaxis], given.shape)[given]
    found[layout.extra[given]] = rates * (1 - PREFERRED)
    found[layout.into[layout.into >= 0]] = MOVE_EFFORT
    found[layout.out[layout.out >= 0]] = MOVE_EFFORT
    return found


#: So that nobody moves without need: a tenth of a yuan each way, far below what a rule is worth.
MOVE_EFFORT = 0.1 / MONEY
#: So that a rule about spending is kept by operating funds above the formula, which are named,
#: and not by buying what nobody lacks: by so little less they count. The bound stays a bound.
PREFERRED = 1e-4
