"""A result for machines: full precision, unknown as null, with the hash of what it stands on."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from simulator.completeness.table import remedies
from simulator.plan.problem import Rule
from simulator.plan.ways_rules import WayOut
from simulator.policy.load import DEFINITIONS
from simulator.policy.model import Citation
from simulator.results.school_counts import schools_counted

if TYPE_CHECKING:
    from simulator.plan.found import Plan
    from simulator.results.result import Result

#: What a result is made of, by the names of ``--only``.
SECTIONS = {
    "verdict": "verdict", "money": "district", "figures": "stages", "rules": "checks",
    "schools": "schools", "school_totals": "school_totals", "balance": "balance",
    "tracked": "tracked", "evaluation": "evaluation", "levers": "levers", "idle": "idle_levers",
}  # fmt: skip


def machine(result: Result, only: Iterable[str] = (), year: int | None = None) -> dict[str, Any]:
    """The result as plain numbers, texts and lists; money in yuan, shares as fractions.

    With a year, rows of other years are left out.
    """
    chosen = tuple(only) or tuple(SECTIONS)
    district, scenario = result.binding.district, result.binding.scenario
    head = {
        "identity": result.identity,
        "district": district.name,
        "invented": district.invented,
        "assumed_none": sorted({field for _, field in district.assumed}),
        "scenario": scenario.title("en"),
        "policy": [pack for pack in result.binding.policy.packs if pack != DEFINITIONS],
        "base_year": result.index.base_year,
        "horizon": result.index.horizon,
    }
    return {**head, **{SECTIONS[name]: _of(_section(result, name), year) for name in chosen}}


def _of(section: Any, year: int | None) -> Any:
    """A section with the rows of one year only; what has no years stays."""
    if year is None:
        return section
    if isinstance(section, dict):
        return {key: _of(value, year) if key == "years" else value
                for key, value in section.items()}  # fmt: skip
    return [row for row in section if row.get("year", year) == year]


def machine_text(result: Result, only: Iterable[str] = (), year: int | None = None) -> str:
    """The same as JSON."""
    return as_text(machine(result, only, year))


def as_text(found: Mapping[str, Any]) -> str:
    """Plain values as JSON."""
    return json.dumps(found, ensure_ascii=False, allow_nan=False, indent=1)


def _section(result: Result, name: str) -> Any:
    if name == "verdict":
        return _verdict(result)
    if name == "levers":
        return plain(result.binding.scenario.flat())
    if name == "idle":
        said = result.binding.scenario.flat()
        return {path: reason for path, reason in result.idle.items() if path in said}
    frame: pd.DataFrame = getattr(result, SECTIONS[name])
    if isinstance(frame.index, pd.RangeIndex):
        return records(frame)
    return records(frame.reset_index())


def _verdict(result: Result) -> dict[str, Any]:
    verdict = result.verdict
    return {
        "rules_met": verdict.rules_met,
        "rules_total": verdict.rules_total,
        "gap": plain(verdict.gap),
        "money_ok": verdict.money_ok,
        "balanced_year": verdict.balanced_year,
        "first_year": verdict.first_year,
        "years": [_with_schools(result, row) for row in records(verdict.years.reset_index())],
    }


def _with_schools(result: Result, year: dict[str, Any]) -> dict[str, Any]:
    """A year of the verdict with its distinct schools: failing, unknown, counted."""
    count = schools_counted(result, year["year"])
    return {**year, "schools": {
        "failing": count.failing, "unknown": count.unknown, "counted": count.counted,
    }}  # fmt: skip


def _mended(plan: Plan) -> dict[str, Any]:
    """The verdict if owners do their part, in the years in which all of it is in use."""
    first, years = plan.mended_from, _verdict(plan.mended)["years"]
    return {"from": first, "years": [row for row in years if row["year"] >= first]}


def machine_plan(plan: Plan) -> dict[str, Any]:
    """A plan with its proof, or what contradicts and what would help; money in yuan."""
    check = asdict(plan.check) | {"agrees": plan.check.agrees} if plan.found else None
    after = _verdict(plan.result) if plan.found else None
    mended = _mended(plan) if plan.found and plan.owners else None
    found = {
        "objective": plan.objective,
        "target": plan.problem.years[plan.solved.decision.problem.target],
        "status": plan.status,
        "value": plan.value,
        "bound": plan.bound,
        "gap": plan.gap,
        "impossible_years": plan.solved.impossible_years,
        "identity": plan.result.identity if plan.found else None,
        "check": check,
        "verdict": {"before": _verdict(plan.before), "after": after, "mended": mended},
        "standing": plan.standing if plan.found else None,
        "owners": {"assumed": plan.wishes.owners, "needs": [asdict(need) for need in plan.owners]},
        "beyond": [asdict(each) for each in plan.beyond],
        "waived": ["growth_per_pupil"] if plan.wishes.waive_growth_per_pupil else [],
        "set_aside": plan.set_aside,
        "paid_in_all": plan.paid_in_all,
        "operating_extra": plan.extra,
        "on_top": plan.on_top,
        "dearer_by_growth": plan.dearer_by_growth,
        "money": plan.money,
        "purchases": plan.purchases,
        "moves": plan.moves,
        "exemptions": plan.exemptions,
        "prices": [asdict(price) for price in plan.prices],
        "conflicts": [_rules(each.rules) for each in (plan.conflict, *plan.further) if each],
        "released": _rules(plan.released),
        "ways": [_way(way) for way in plan.ways],
    }
    return {key: plain(value) for key, value in found.items()}


def _rules(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    return [asdict(rule) for rule in rules]


def _way(way: WayOut) -> dict[str, Any]:
    params = {k: asdict(v) if isinstance(v, Rule) else v for k, v in way.params.items()}
    return {"code": way.code, **params, "amounts": dict(way.amounts), "cost": way.cost}


def machine_completeness(table: pd.DataFrame) -> dict[str, Any]:
    """What a file can do: the outputs with what each waits for, and the remedies in order."""
    outputs = [
        {**row, "blocked_by": [each._asdict() for each in row["blocked_by"]]}
        for row in table.to_dict("records")
    ]
    return {"outputs": plain(outputs), "remedies": records(remedies(table))}


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as plain values by column."""
    return [
        {str(key): plain(value) for key, value in row.items()} for row in frame.to_dict("records")
    ]


def plain(value: Any) -> Any:
    """A value as JSON knows it; unknown and infinite numbers are null."""
    if isinstance(value, (str, bool)) or value is None:
        return value
    if isinstance(value, Citation):
        return {name: getattr(value, name) for name in ("document", "article", "date")}
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, (np.bool_,)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    return None if pd.isna(value) else str(value)
