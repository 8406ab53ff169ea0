"""Refuses to plan on what is not known, and names it: column and school, rule, year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from simulator.errors import FindingsError, JunhengError
from simulator.findings import Finding
from simulator.plan.problem import INDICATORS, ITEMS, KINDS

if TYPE_CHECKING:
    from simulator.plan.build import Ground
    from simulator.plan.wishes import Wishes

#: Findings shown at most; more of the same help nobody.
MOST = 40


def refuse_unknown(ground: Ground, wishes: Wishes) -> None:
    """Raise FindingsError with everything that the plan would need and is not known."""
    if not ground.evaluated.any():
        raise JunhengError("plan_nobody")
    _something_asked(ground)
    name = ground.result.binding.district.name
    found = [*_unknown_schools(ground, name), *_unknown_rules(ground, name, wishes)]
    if found:
        raise FindingsError(name, found[:MOST])


def _something_asked(ground: Ground) -> None:
    limits = np.isfinite(ground.by_year("cv_limit")[:, :2]).any()
    standards = any(np.isfinite(ground.by_year(f"standard_{name}")).any() for name in INDICATORS)
    if not (limits or standards):
        raise JunhengError("plan_no_rules")


def _unknown_schools(ground: Ground, name: str) -> Iterator[Finding]:
    """Empty cells of the schools' sheet: pupils, facilities and teachers of evaluated parts."""
    index = ground.result.index
    pupils = ground.by_year("pupils")[-1]
    for part in ground.parts[ground.evaluated]:
        school, stage = index.parts[part]
        missing = []
        if not np.isfinite(pupils[part]):
            missing.append(f"{stage}_pupils")
        for kind in KINDS:
            if not np.isfinite(ground.at_base(kind)[part]):
                missing.append(f"{stage}_{kind}")
        for item in ITEMS:
            if not np.isfinite(ground.at_base(f"school_{item}")[index.part_school[part]]):
                missing.append(item)
        title = ground.result.binding.district.schools.at[school, "school_name"]
        for column in missing:
            yield Finding(
                "error", "plan_unknown_cell", source=name, sheet="schools", column=column,
                params={"school": title},
            )  # fmt: skip


def _unknown_rules(ground: Ground, name: str, wishes: Wishes) -> Iterator[Finding]:
    """Prices, lead times, the exemption rule and the money of a year."""
    for item in ITEMS:
        price = ground.by_year(f"unit_price_{item}")[:, 0]
        if not (price > 0).all():
            yield Finding("error", "plan_unknown_price", source=name, column=f"unit_cost:{item}")
        if not np.isfinite(ground.by_year(f"lead_time_{item}")).all():
            yield Finding("error", "plan_unknown_rule", source=name, column=f"lead_time:{item}")
    needed = ["exempt_share"] if wishes.exemptions else ["exempt_share", "indicators_needed"]
    for parameter in needed:
        if not np.isfinite(ground.by_year(parameter)).all():
            yield Finding("error", "plan_unknown_rule", source=name, column=parameter)
    if wishes.envelope is None:
        left = ground.by_year("gap")[:, 0]
        for year, amount in zip(ground.years, left, strict=True):
            if not np.isfinite(amount):
                yield Finding("error", "plan_unknown_money", source=name, value=year)
