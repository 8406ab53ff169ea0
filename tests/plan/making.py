"""Problems made by hand or at random, as arrays, for the tests and measurements of the plan."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulator.plan.problem import INDICATORS, ITEMS, KINDS, Problem, Spending, discounts

STANDARDS = np.array([[4.2, 1.0, 0.9, 4.5, 7.5, 2000, 2.3], [5.3, 1.0, 0.9, 5.8, 10.2, 2500, 2.4]])
LIMITS = np.array([0.5, 0.45])
TIMES = np.array([100.0, 100, 100, 1, 1, 1, 100])
PRICES = np.array([3500.0, 600.0, 1.0, 40_000.0])
LEADS = np.array([1, 1, 0, 0])
SPREAD = np.array([0.30, 0.45, 0.38, 0.26, 0.35, 0.30, 0.36])
MEANS = np.array([1.30, 1.12, 1.10, 1.05, 1.08, 1.22, 1.20])


def simple(pupils: list[float], levels: dict[str, list[float]], **changes: Any) -> Problem:
    """Primary schools over one year: levels of the indicators named, nothing asked of the rest.

    No lead times, prices 1,000 yuan a unit, no limits, standards or caps unless given.
    """
    count, heads = len(pupils), np.array(pupils, dtype=float)
    base = np.zeros((1, 7, count))
    for name, values in levels.items():
        base[0, INDICATORS.index(name)] = values
    factor = (TIMES[:, np.newaxis] / heads)[np.newaxis]
    given: dict[str, Any] = {
        "years": (2026,),
        "schools": tuple(f"S{number}" for number in range(count)),
        "part_school": np.arange(count),
        "part_stage": np.zeros(count, dtype=np.intp),
        "pupils": heads[np.newaxis],
        "scope": np.ones((1, count), dtype=bool),
        "factor": factor,
        "base": base,
        "teachers": (base / factor)[0, : len(KINDS)],
        "most_teachers": np.full(count, np.inf),
        "standard": np.full((1, 2, 7), np.nan),
        "limit": np.full((1, 2, 7), np.nan),
        "exempt_share": np.array([0.85]),
        "exemptions": np.zeros(count, dtype=np.intp),
        "price": np.full((1, 4), 1000.0),
        "lead": np.zeros(4, dtype=np.intp),
        "discount": np.ones(1),
        "envelope": np.full(1, np.inf),
        "carry_over": False,
        "rotation_cap": np.zeros(1),
        "backbone_cap": np.zeros(1),
        "school_cap": np.full(count, np.inf),
        "item_cap": np.full((1, 4), np.inf),
        "may_buy": np.ones((4, count), dtype=bool),
        "may_move": np.ones((3, count), dtype=bool),
        "fixed_buy": np.full((1, 4, count), np.nan),
        "fixed_move": np.full((3, count), np.nan),
        "target": 0,
        "start": np.zeros(count, dtype=np.intp),
        "weak": np.zeros(count, dtype=bool),
        "home": np.arange(count),
        "whole": False,
    }
    return Problem(**{**given, **changes})


def spending(
    cost: list[list[float]],
    operating: list[list[float]] | None = None,
    heads: float = 100.0,
    **changes: Any,
) -> Spending:
    """What is spent without a plan: a year a row from the base year on, (primary, junior).

    All three rules are asked; as many heads in every year, and any number may be given more.
    """
    rows = np.array(cost, dtype=float)
    own = np.array(operating, dtype=float) if operating else np.cumsum(np.ones_like(rows), 0)
    whole = np.repeat(rows.sum(axis=1, keepdims=True), 2, axis=1)
    yuan = np.stack([rows, own, whole])
    asked = np.ones((3, len(rows) - 1, 2), dtype=bool)
    asked[2, :, 1] = False
    given: dict[str, Any] = {
        "yuan": yuan,
        "heads": np.full(yuan.shape, heads),
        "asked": asked,
        "counted": np.full((len(rows) - 1, 2), heads),
        "held": False,
        "counts": np.ones(len(rows) - 1),
        "less": np.zeros_like(asked, dtype=float),
    }
    return Spending(**{**given, **changes})


def drawn_spending(problem: Problem, seed: int, **changes: Any) -> Spending:
    """Spending of a random district that rises by little, so that what is bought breaks it."""
    rng = np.random.default_rng(500 + seed)
    years = problem.horizon
    now = np.stack(
        [[problem.pupils[t, problem.part_stage == k].sum() for k in range(2)] for t in range(years)]
    )
    heads = np.vstack([now[0] * rng.uniform(0.98, 1.03), now])
    each = rng.uniform(9_000, 11_000, 2) * np.cumprod(rng.uniform(1.0, 1.02, (years + 1, 2)), 0)
    own = rng.uniform(900, 1_300, 2) * np.cumprod(rng.uniform(0.995, 1.03, (years + 1, 2)), 0)
    cost, operating = each * heads, own * heads
    whole = np.repeat(cost.sum(axis=1, keepdims=True), 2, axis=1)
    all_heads = np.repeat(heads.sum(axis=1, keepdims=True), 2, axis=1)
    made = spending(cost.tolist(), counted=heads[1:], held=bool(seed % 2), **changes)
    return made.with_(
        yuan=np.stack([cost, operating, whole]), heads=np.stack([heads, heads, all_heads])
    )


def asked(name: str, value: float, years: int = 1) -> np.ndarray:
    """A standard or limit of one indicator for primary schools, nothing for the others."""
    found = np.full((years, 2, 7), np.nan)
    found[:, 0, INDICATORS.index(name)] = value
    return found


def drawn(schools: int, seed: int, years: int = 3, **changes: Any) -> Problem:
    """A random district: primary, junior and nine-year schools, money that is just enough."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(3, size=schools, p=[0.62, 0.3, 0.08])
    kind[:2], kind[2:4] = 0, 1
    pairs = [(s, k) for k in (0, 1) for s in range(schools) if kind[s] in (k, 2)]
    part_school = np.array([s for s, _ in pairs])
    part_stage = np.array([k for _, k in pairs])
    size = np.clip(rng.lognormal(6.0, 0.8, len(pairs)), 60, 2000).round()
    trend = np.where(part_stage == 0, 0.965, 1.015) ** np.arange(1, years + 1)[:, np.newaxis]
    pupils = size * trend
    weight = pupils * np.where(part_stage == 0, 1.0, 1.1)
    whole = np.stack([np.bincount(part_school, row, schools)[part_school] for row in weight])
    share = weight / whole
    own = np.where(np.isin(np.arange(7), (0, 1, 2))[:, np.newaxis], 1.0, share[:, np.newaxis])
    factor = TIMES[:, np.newaxis] * own / pupils[:, np.newaxis]
    teachers, stock = _owned(rng, size, part_school, part_stage, schools)
    owned = np.concatenate([teachers, stock[:, part_school]])
    full_time = np.round(size / 15)
    given: dict[str, Any] = {
        "years": tuple(range(2026, 2026 + years)),
        "schools": tuple(f"S{number}" for number in range(schools)),
        "part_school": part_school,
        "part_stage": part_stage,
        "pupils": pupils,
        "scope": np.ones(pupils.shape, dtype=bool),
        "factor": factor,
        "base": factor * owned,
        "teachers": teachers,
        "most_teachers": np.maximum(full_time, teachers.max(axis=0)),
        "standard": np.tile(STANDARDS, (years, 1, 1)),
        "limit": np.tile(LIMITS[:, np.newaxis], (years, 1, 7)),
        "exempt_share": np.full(years, 0.85),
        "exemptions": np.ones(len(pairs), dtype=np.intp),
        "price": PRICES * 1.02 ** np.arange(1, years + 1)[:, np.newaxis],
        "lead": LEADS,
        "discount": discounts(0.03, years),
        "envelope": np.full(years, schools * 0.8e6),
        "carry_over": False,
        "rotation_cap": np.full(years, 0.15 * full_time.sum()),
        "backbone_cap": np.full(years, 0.15 * teachers[1].sum()),
        "school_cap": np.full(schools, np.inf),
        "item_cap": np.full((years, len(ITEMS)), np.inf),
        "may_buy": np.ones((len(ITEMS), schools), dtype=bool),
        "may_move": np.ones((len(KINDS), len(pairs)), dtype=bool),
        "fixed_buy": np.full((years, len(ITEMS), schools), np.nan),
        "fixed_move": np.full((len(KINDS), len(pairs)), np.nan),
        "target": years - 1,
        "start": np.full(len(pairs), years - 1),
        "weak": rng.random(schools) < 0.2,
        "home": np.array([int(np.flatnonzero(part_school == s)[0]) for s in range(schools)]),
        "whole": True,
    }
    return Problem(**{**given, **changes})


def _owned(
    rng: np.random.Generator,
    size: np.ndarray,
    part_school: np.ndarray,
    part_stage: np.ndarray,
    schools: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Teachers by part and facilities by school around the standards, in whole units."""
    values = rng.lognormal(0.0, 1.0, (7, len(size))) ** SPREAD[:, np.newaxis]
    values /= (values * size).sum(axis=1, keepdims=True) / size.sum()
    wanted = values * MEANS[:, np.newaxis] * STANDARDS[part_stage].T * size / TIMES[:, np.newaxis]
    teachers = np.round(wanted[:3])
    stock = np.stack([np.bincount(part_school, row, schools) for row in wanted[3:]])
    return teachers, np.round(stock)
