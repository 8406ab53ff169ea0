"""Balance as the inspectors measure it: scope, indicators, CVs, who passes."""

from __future__ import annotations

import numpy as np

from tests.independent.book import (
    STAGES,
    Array,
    div,
    every,
    over,
    pick,
    reaches,
)
from tests.independent.things import BOUGHT, TEACHERS
from tests.independent.town import Town

QUALITY = (
    "higher_degree", "backbone", "pe_art", "teaching_area", "sports_area", "equipment_value",
    "multimedia_rooms",
)  # fmt: skip
BASIC = (
    "higher_degree", "teaching_area", "sports_area", "equipment_value", "computers", "books",
    "teachers", "senior_title",
)  # fmt: skip
EVERY = tuple(dict.fromkeys((*QUALITY, *BASIC)))


def times(name: str) -> int:
    """Per hundred pupils, or per pupil."""
    return 100 if name in TEACHERS else BOUGHT[name][0]


def write_scope(town: Town, t: int) -> None:
    """Who is evaluated, and how mixed schools are split."""
    book, pupils = town.book, town.book.at("pupils", t)
    point = town.of_school(np.array(town.kinds) == "teaching_point").astype(float)
    limit = town.rule("scope_teaching_point_pupils", t)
    # without packs no rule leaves anybody out
    small = np.where(point == 0, 0.0, over(0.0 if np.isnan(limit) else limit, pupils))
    scope = np.where(town.ordinary == 1, over(pupils, 0) * (1 - small), 0.0)
    scope = book.put("in_scope", t, scope)
    heads = book.put("scoped_pupils", t, pick(scope, pupils, 0.0))
    counted = book.put("evaluated_pupils", t, town.to_stages(heads))
    book.put("evaluated_schools", t, town.to_stages(scope))
    weight = pick(scope, div(pupils, town.of_stage(counted)), 0.0)
    book.put("pupil_weight", t, weight)
    weights = [town.rule("split_weight", t, stage) for stage in STAGES]
    weighted = book.put(
        "weighted_pupils", t, pick(over(pupils, 0), pupils * town.of_stage(weights), 0.0)
    )
    senior = np.isin(town.kinds, ("complete_secondary", "twelve_year"))
    older = np.where(
        senior, town.column("senior_pupils") * town.rule("split_weight", t, "senior"), 0.0
    )
    whole = book.put("school_weighted_pupils", t, town.to_schools(weighted) + older)
    share = pick(town.of_school(town.several), div(weighted, town.of_school(whole)), 1.0)
    book.put("facility_share", t, share)


def write_balance(town: Town, t: int) -> None:
    """Each indicator of each part and stage: value, share of the standard, mean, S and CV."""
    for name in EVERY:
        _write_indicator(town, t, name)
    _write_verdict(town, t)


def _write_indicator(town: Town, t: int, name: str) -> None:
    book, pupils, n = town.book, town.book.at("pupils", t), times(name)
    quantity, base = book.at(name, t), book.at(f"base_{name}", t)
    scope, counted = book.at("in_scope", t), book.at("evaluated_pupils", t)
    value = book.put(f"value_{name}", t, div(n * quantity, pupils))
    unspent = book.put(f"unspent_{name}", t, div(n * base, pupils))
    start = book.put(f"base_value_{name}", t, book.at(f"value_{name}", 0))
    book.put(f"by_pupils_{name}", t, unspent - start)
    book.put(f"by_spending_{name}", t, value - unspent)
    inside = book.put(f"scoped_{name}", t, pick(scope, quantity, 0.0))
    mean = book.put(f"mean_{name}", t, div(n * town.to_stages(inside), counted))
    kept = book.put(f"scoped_base_{name}", t, pick(scope, base, 0.0))
    kept = book.put(f"mean_unspent_{name}", t, div(n * town.to_stages(kept), counted))
    first = book.put(f"mean_base_{name}", t, book.at(f"mean_{name}", 0))
    book.put(f"mean_by_pupils_{name}", t, kept - first)
    book.put(f"mean_by_spending_{name}", t, mean - kept)
    distance = value - town.of_stage(mean)
    square = pick(scope, book.at("pupil_weight", t) * distance**2, 0.0)
    square = book.put(f"contribution_{name}", t, square)
    square = book.put(f"variance_{name}", t, town.to_stages(square))
    spread = book.put(f"sd_{name}", t, np.sqrt(square))
    enough = book.at("evaluated_schools", t) >= 2
    cv = book.put(f"cv_{name}", t, np.where(enough, div(spread, mean), np.nan))
    if name in QUALITY:
        _write_standard(town, t, name, cv)


def _write_standard(town: Town, t: int, name: str, cv: Array) -> None:
    book, value, scope = town.book, town.book.at(f"value_{name}", t), town.book.at("in_scope", t)
    standard = town.of_stage(town.rules(f"standard_{name}", t))
    exempt = town.rule("exempt_share", t)
    book.put(f"reached_{name}", t, div(value, standard))
    book.put(f"met_{name}", t, pick(scope, reaches(value, standard), 1.0))
    book.put(f"nearly_{name}", t, pick(scope, reaches(value, standard * exempt), 1.0))
    needed = div(standard * book.at("pupils", t), times(name))
    lacking = pick(scope, np.maximum(0.0, needed - book.at(name, t)), 0.0)
    book.put(f"lacking_{name}", t, lacking)
    book.put(f"cv_headroom_{name}", t, town.rules("cv_limit", t) - cv)


def _write_verdict(town: Town, t: int) -> None:
    """Schools pass or fail on what is known; a stage is balanced when all do and all CVs do."""
    book = town.book
    met = np.array([book.at(f"met_{name}", t) for name in QUALITY])
    nearly = np.array([book.at(f"nearly_{name}", t) for name in QUALITY])
    book.put("indicators_met", t, met.sum(axis=0))
    close = book.put("all_nearly", t, every(*nearly))
    needed = town.rule("indicators_needed", t)
    sure = (met == 1).sum(axis=0)
    possible = book.put("possibly_indicators_met", t, (met != 0).sum(axis=0))
    book.put("possibly_all_nearly", t, (nearly != 0).all(axis=0).astype(float))
    enough = np.where(sure >= needed, 1.0, np.where(possible < needed, 0.0, np.nan))
    if np.isnan(needed):
        enough = np.full_like(close, np.nan)
    passed = book.put("school_ok", t, every(enough, close))
    failing = pick(book.at("in_scope", t), 1 - passed, 0.0)
    failing = book.put("school_failing", t, failing)
    _write_schools(town, t, failing)
    count = book.put("schools_failing", t, town.to_stages(failing))
    rooms = np.array([book.at(f"cv_headroom_{name}", t) for name in QUALITY])
    least = book.put("least_cv_headroom", t, rooms.min(axis=0))
    # an unknown coefficient breaks nothing by itself
    book.put("at_best_cv_headroom", t, np.nan_to_num(rooms).min(axis=0))
    nobody_fails = [
        float(every(*(1 - failing[town.stage == k]))) if (town.stage == k).any() else 1.0
        for k in range(3)
    ]
    balanced = every(nobody_fails, *(reaches(room, 0) for room in rooms))
    assert count.shape == least.shape
    book.put("stage_balanced", t, balanced)
    composite = np.array([book.at(f"cv_{name}", t) for name in BASIC]).mean(axis=0)
    composite = book.put("composite_cv", t, composite)
    room = town.rules("composite_cv_limit", t) - composite
    room = book.put("composite_headroom", t, room)
    book.put("stage_basic_balanced", t, reaches(room, 0))
    rooms = [book.at(f"cv_headroom_{name}", t) for name in ("higher_degree", "backbone")]
    book.put("teacher_cv_headroom", t, np.minimum(*rooms))


def _write_schools(town: Town, t: int, failing: Array) -> None:
    """Distinct schools that are evaluated, and that fail; one of several stages counts once."""
    book, sure = town.book, np.nan_to_num(failing)
    book.put("surely_failing", t, sure)
    book.put("schools_surely_failing", t, town.to_stages(sure))
    evaluated = over(town.to_schools(book.at("in_scope", t)), 0)
    evaluated = book.put("school_evaluated", t, evaluated)
    fails = over(town.to_schools(failing), 0)
    fails = book.put("school_fails", t, np.where(town.to_schools(sure) > 0, 1.0, fails))
    book.put("district_schools_evaluated", t, evaluated.sum())
    book.put("district_schools_failing", t, fails.sum())
