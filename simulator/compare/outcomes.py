"""What scenarios are compared by: money by line, standards, balance, rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from simulator.law.balance.quantities import QUALITY
from simulator.machine.language import BASE
from simulator.results.result import Result
from simulator.results.school_counts import FAILING
from simulator.stages import STAGES

#: Lines of need, in the order of the budget; they add up to ``need``.
NEED_LINES = (
    "operating_total",
    "payroll_total",
    "bureau_training",
    "repair_total",
    "aid_total",
    "investment_total",
)
AVAILABLE_LINES = ("appropriation", "upper_transfers", "carried_over")
#: The money outcomes compared by year.
MONEY = (*NEED_LINES, "need", *AVAILABLE_LINES, "available", "gap")
#: Outcomes of a stage compared by year.
STAGE_OUTCOMES = ("operating_rate", "operating_per_average_pupil", "cost_per_pupil")
BALANCE_OUTCOMES = (
    "schools_failing",
    "least_cv_headroom",
    *(f"cv_{indicator.id}" for indicator in QUALITY),
)
#: 1 where more is better, -1 where less is; what is in neither is neither good nor bad.
BETTER: Mapping[str, int] = {
    **dict.fromkeys(("gap", "rules_met", "least_cv_headroom", *STAGE_OUTCOMES), 1),
    **dict.fromkeys(
        (FAILING, "schools_failing", *(f"cv_{indicator.id}" for indicator in QUALITY)), -1
    ),
}


def outcome_values(result: Result, years: Sequence[int]) -> dict[tuple[str, str, int], float]:
    """The outcomes that scenarios are compared by, by (outcome, stage, year)."""
    found = {(name, "", year): float(result.at(name, year)[0]) for name in MONEY for year in years}
    met = result.verdict.years["rules_met"]
    found |= {("rules_met", "", year): float(met.loc[year]) for year in years}
    found |= {(FAILING, "", year): float(result.at(FAILING, year)[0]) for year in years}
    for name in (*STAGE_OUTCOMES, *BALANCE_OUTCOMES):
        for position, stage in enumerate(STAGES[:2]):
            found |= {(name, stage, y): float(result.at(name, y)[position]) for y in years}
    return found


def summary_of(result: Result) -> dict[str, Any]:
    """One result at a glance: verdict, ground it stands on, identity."""
    verdict, binding = result.verdict, result.binding
    return {
        "rules_met": verdict.rules_met,
        "rules_total": verdict.rules_total,
        "gap": verdict.gap,
        "money_ok": verdict.money_ok,
        "balanced_year": verdict.balanced_year,
        "determinable": verdict.determinable,
        "first_year": verdict.first_year,
        "district": binding.district.name,
        "data": binding.district.fingerprint,
        "packs": binding.policy.packs,
        "years": result.index.years[BASE + 1 :],
        "identity": result.identity,
    }


def rule_values(checks: pd.DataFrame, years: Sequence[int]) -> dict[str, dict[str, Any]]:
    """status, least headroom and first year broken of each rule over some years."""
    found: dict[str, dict[str, Any]] = {"status": {}, "headroom": {}, "first": {}}
    for rule, rows in checks[checks["year"].isin(years)].groupby("rule", sort=False):
        statuses = set(rows["status"])
        broken = rows.loc[rows["status"] == "fail", "year"]
        worst = next(each for each in ("fail", "unknown", "pass") if each in statuses)
        found["status"][str(rule)] = worst
        found["headroom"][str(rule)] = float(rows["headroom"].min(skipna=False))
        found["first"][str(rule)] = int(broken.min()) if len(broken) else None
    return found
