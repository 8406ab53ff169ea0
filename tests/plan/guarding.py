"""A small district in which every kind of rule and wish is there at once, and its decisions."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulator.plan.layout import Layout
from simulator.plan.problem import INDICATORS, Problem
from tests.plan.making import drawn, simple, spending

YEARS = 4
#: (school, stage): a primary, a junior and a nine-year school; the rest are primary.
PARTS = ((0, 0), (1, 0), (3, 0), (4, 0), (2, 1), (3, 1), (5, 1))


def rich(seed: int = 1, **changes: Any) -> Problem:
    """Six schools, seven parts, four years: holes in scope, caps, fixed and forbidden choices."""
    rng = np.random.default_rng(seed)
    school, stage = (np.array(column) for column in zip(*PARTS, strict=True))
    made = drawn(6, seed, YEARS)
    parts, count = len(PARTS), 6
    size = np.round(rng.uniform(150, 900, parts))
    pupils = size * rng.uniform(0.9, 1.1, (YEARS, parts))
    scope = np.ones((YEARS, parts), dtype=bool)
    # of the junior parts two are evaluated in the third year, one in the last
    scope[0, 3] = scope[2, 4] = scope[3, 4] = scope[3, 6] = False
    scope[:, 2] = False  # the primary part of the nine-year school is never evaluated
    pupils = np.where(scope, pupils, 0.0)
    heads = np.where(scope, pupils, 1.0)
    times = np.array([100.0, 100, 100, 1, 1, 1, 100])
    factor = np.where(scope[:, np.newaxis], times[:, np.newaxis] / heads[:, np.newaxis], 0.0)
    teachers = np.round(rng.uniform(3, 30, (3, parts)))
    teachers[2, 1] = np.nan
    each = rng.uniform(0.8, 1.2, (7, parts))
    standard = made.standard.copy()
    standard[:, 1, 3] = np.nan
    standard[-1, 0, 6] = np.nan
    standard *= np.linspace(1.0, 1.1, YEARS)[:, np.newaxis, np.newaxis]
    base = np.where(scope[:, np.newaxis], standard[0][stage].T * each, 0.0)
    base = np.where(np.isnan(base), 2.0, base)
    # exactly at the standard, and above the least share only because so much is there
    base[:, 3, 0], base[:, 5, 1] = standard[:, 0, 3], standard[:, 0, 5] * 0.9
    limit = made.limit.copy()
    limit[:, 0, 5] = np.nan
    limit *= np.linspace(1.0, 0.9, YEARS)[:, np.newaxis, np.newaxis]
    fixed_buy = np.full((YEARS, 4, count), np.nan)
    fixed_buy[1, 3, 2], fixed_buy[0, 0, 5], fixed_buy[3, 2, 0] = 2.0, 37.5, 1000.0
    fixed_move = np.full((3, parts), np.nan)
    fixed_move[0, 1], fixed_move[2, 5] = 2.0, -1.0
    item_cap = np.full((YEARS, 4), np.inf)
    item_cap[1, 0], item_cap[2, 3], item_cap[3, 1] = 3e5, 4e5, 5e5
    school_cap = np.full(count, np.inf)
    school_cap[[1, 4]] = 6e5, 7e5
    may_buy, may_move = np.ones((4, count), dtype=bool), np.ones((3, parts), dtype=bool)
    may_buy[1, 0] = may_buy[:, 4] = may_move[:, 3] = may_move[1, 0] = False
    given: dict[str, Any] = {
        "part_school": school, "part_stage": stage, "pupils": pupils, "scope": scope,
        "factor": factor, "base": base, "teachers": teachers, "standard": standard,
        "most_teachers": np.array([40.0, 35, np.inf, 20, 50, 12, 30]), "limit": limit,
        "exempt_share": np.array([0.8, 0.82, 0.84, 0.85]),
        "exemptions": np.array([1, 2, 0, 1, 3, 1, 0]), "lead": np.array([1, 2, 0, 1]),
        "price": made.price, "envelope": np.array([4e6, np.inf, 5e6, 6e6]),
        "rotation_cap": np.array([5.5, 6.25, 7.0, 8.9]), "school_cap": school_cap,
        "backbone_cap": np.array([2.5, 1.25, 3.0, 2.9]), "item_cap": item_cap,
        "may_buy": may_buy, "may_move": may_move, "fixed_buy": fixed_buy,
        "fixed_move": fixed_move, "target": 2, "start": np.array([2, 1, 3, 3, 2, 2, 1]),
        "home": np.array([0, 1, 4, 5, 3, 6]), "weak": np.array([0, 1, 0, 0, 1, 0], dtype=bool),
        "spending": grown(seed),
    }  # fmt: skip
    return made.with_(**{**given, **changes})


def grown(seed: int = 1, **changes: Any) -> Any:
    """Spending in which every year, stage and family differs; some of it is not asked."""
    rng = np.random.default_rng(900 + seed)
    made = spending(rng.uniform(4e6, 6e6, (YEARS + 1, 2)).tolist())
    shape = made.yuan.shape
    asked = made.asked.copy()
    asked[0, 2, 1] = asked[1, 0, 0] = asked[2, 3, 0] = False
    counted = rng.uniform(500, 900, (YEARS, 2))
    counted[1, 1] = 0.0
    given = {
        "yuan": rng.uniform(4e6, 6e6, shape), "heads": rng.uniform(500, 900, shape),
        "asked": asked, "counted": counted, "held": True,
        "counts": rng.uniform(0.3, 1.0, YEARS), "less": rng.uniform(0, 5e3, (3, YEARS, 2)),
    }  # fmt: skip
    return made.with_(**{**given, **changes})


def taken(columns: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The values at the places of a layout, 0 where there is no decision."""
    return np.where(columns >= 0, values[columns], 0.0)


def drawn_values(layout: Layout, seed: int = 5) -> np.ndarray:
    """Any vector of a layout's size."""
    return np.random.default_rng(seed).uniform(0.2, 3.0, layout.size)


def over_years(problem: Problem, count: int, **changes: Any) -> Problem:
    """The same schools over more years from 2026; everything is asked in the last of them."""
    names = ("pupils", "scope", "factor", "base", "price", "fixed_buy", "exempt_share", "item_cap",
             "standard", "limit", "envelope", "rotation_cap", "backbone_cap")  # fmt: skip
    repeat = {name: np.repeat(getattr(problem, name), count, axis=0) for name in names}
    given = {
        "years": tuple(range(2026, 2026 + count)), "discount": np.ones(count),
        "target": count - 1, "start": np.full(len(problem.part_school), count - 1), **repeat,
    }  # fmt: skip
    return problem.with_(**{**given, **changes})


def standards_of(count: int = 1, **values: float) -> np.ndarray:
    """Standards or limits of primary schools by the indicator's name, nothing for the others."""
    found = np.full((count, 2, 7), np.nan)
    for name, value in values.items():
        found[:, 0, INDICATORS.index(name)] = value
    return found


def lacking(**changes: Any) -> Problem:
    """100 pupils who lack 50 m² at 1,000 yuan, and a school that lacks nothing: 50,000 yuan."""
    given = {"standard": standards_of(teaching_area=4.5), **changes}
    return simple([100.0, 100.0], {"teaching_area": [4.0, 5.0]}, **given)
