"""Many futures judged at once: which rule holds in which draw and year, as a single run is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from simulator.law.balance.quantities import INDICATORS
from simulator.machine.language import BASE, Array
from simulator.machine.registry import Rule
from simulator.results.judge import LEAST_MONEY, has_stage, kept, rules_in_force
from simulator.results.result import Result
from simulator.stages import STAGES

Values = Mapping[str, Array]
#: What is judged beside the rules, as the verdict does.
MONEY, BALANCED, BASIC, RULES_OK, ALL_OK = (
    "money_ok", "balanced", "basic_balanced", "rules_ok", "all_ok",
)  # fmt: skip
JUDGED: Final = (RULES_OK, MONEY, BALANCED, BASIC, ALL_OK)
#: Figures whose bands are shown: of the district, and of each stage it has.
OF_DISTRICT: Final = ("need", "available", "gap", "district_cost_per_pupil")
OF_STAGE: Final = (
    "stage_pupils", "operating_per_average_pupil", "cost_per_pupil", "composite_cv",
    *(f"cv_{each.id}" for each in INDICATORS if each.quality),
)  # fmt: skip


def wanted(result: Result, figures: tuple[str, ...] = (*OF_DISTRICT, *OF_STAGE)) -> list[str]:
    """The formulas that bands and rules need."""
    names = [*figures, "gap", "stage_balanced", "stage_basic_balanced"]
    for rule in rules_in_force(result):
        names += [rule.actual, rule.required, rule.headroom, rule.applies]
    return [name for name in dict.fromkeys(names) if name in result.graph.formulas]


def figures(result: Result, values: Values) -> dict[str, Array]:
    """The figures of the bands, (draw, planned year) each, named as the district's table is."""
    found = {name: _planned(result, values[name])[..., 0] for name in OF_DISTRICT}
    for name in OF_STAGE:
        for place, stage in enumerate(STAGES[:2]):
            if has_stage(result, stage):
                found[f"{name}_{stage}"] = _planned(result, values[name])[..., place]
    return found


def _planned(result: Result, values: Array) -> Array:
    """A figure over (draw, planned year, entity), also where it does not change."""
    rows = values[np.newaxis] if values.ndim == 2 else values
    rows = rows[..., BASE + 1 :, :] if rows.shape[-2] > 1 else rows
    return np.broadcast_to(rows, (len(rows), result.index.horizon, rows.shape[-1]))


def judged(result: Result, values: Values) -> dict[str, Array]:
    """Each rule, and what the verdict sums up, over (draw, planned year): 1, 0 or NaN (unknown).

    A rule that speaks of nobody in any draw of a year is kept there.
    """
    found = {rule.id: rule_kept(result, values, rule) for rule in rules_in_force(result)}
    none = np.ones((1, result.index.horizon))
    met = all_of(np.stack(np.broadcast_arrays(none, *found.values()), axis=-1))
    gap = _planned(result, values["gap"])[..., 0]
    money = np.where(np.isnan(gap), np.nan, (gap > -LEAST_MONEY).astype(float))
    balanced, basic = (_of_stages(result, values[f"stage_{each}"]) for each in (BALANCED, BASIC))
    every = all_of(np.stack(np.broadcast_arrays(met, money, balanced), axis=-1))
    return {**found, **dict(zip(JUDGED, (met, money, balanced, basic, every), strict=True))}


def rule_kept(result: Result, values: Values, rule: Rule) -> Array:
    """Whether all that a rule speaks of keep it, over (draw, planned year)."""
    places = list(_places(result, rule))
    actual, required, headroom = (
        _planned(result, values[name])[..., places]
        for name in (rule.actual, rule.required, rule.headroom)
    )
    flags = kept(actual, required, headroom, rule.strict)
    if rule.applies:
        flags = np.where(_planned(result, values[rule.applies])[..., places] != 0, flags, 1.0)
    return all_of(flags)


def _places(result: Result, rule: Rule) -> Iterator[int]:
    """The entities that a rule is judged for."""
    for place, (_, stage) in enumerate(result.index.entities(rule.level)):
        if stage is None or (stage in rule.stages and has_stage(result, stage)):
            yield place


def _of_stages(result: Result, values: Array) -> Array:
    places = [place for place, stage in enumerate(STAGES[:2]) if has_stage(result, stage)]
    flags = _planned(result, values)[..., places]
    return all_of(flags) if places else np.full(flags.shape[:-1], np.nan)


def all_of(flags: Array) -> Array:
    """1 where all of the last axis are, 0 where one is not, else unknown."""
    unknown = np.isnan(flags).any(axis=-1)
    broken = (flags == 0).any(axis=-1)
    return np.where(broken, 0.0, np.where(unknown, np.nan, 1.0))
