"""Judges a result by the rules: checks with headroom, balance, and the verdict."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from simulator.law.balance.quantities import BASIC, INDICATORS
from simulator.law.rules import BY_COLUMN, BY_PARAMETER, RULES
from simulator.machine.language import BASE, CLOSE, Array, at_least
from simulator.machine.registry import Rule
from simulator.policy.model import Citation
from simulator.stages import STAGES

if TYPE_CHECKING:
    from simulator.results.result import Result

CHECK_COLUMNS = [
    "year", "rule", "subject", "stage", "school_id", "required", "actual", "headroom", "unit",
    "status", "citation",
]  # fmt: skip
BALANCE_COLUMNS = [
    "year",
    "stage",
    "evaluation",
    "indicator",
    "mean",
    "sd",
    "cv",
    "limit",
    "status",
]


#: Yuan: what is less than half a fen is the noise of sums, no money that is missing.
LEAST_MONEY = 0.005


def status_of(actual: Array, required: Array, headroom: Array, strict: bool) -> list[str]:
    """pass, fail or unknown; a strict rule is broken by equality, any other is kept by it."""
    near = np.isclose(actual, required, rtol=CLOSE, atol=CLOSE)
    ok = (headroom > 0) & ~near if strict else (headroom >= 0) | near
    unknown = np.isnan(headroom)
    return [
        "unknown" if blank else "pass" if good else "fail"
        for blank, good in zip(unknown, ok, strict=True)
    ]


def check_table(result: Result) -> pd.DataFrame:
    """One row a rule, year and subject; rules without a value in the packs are left out."""
    rows = [row for rule in rules_in_force(result) for row in _rule_rows(result, rule)]
    return pd.DataFrame(rows, columns=CHECK_COLUMNS)


def rules_in_force(result: Result) -> list[Rule]:
    """The rules that are computed, with a value in the packs and the column they need."""
    return [
        rule
        for rule in RULES
        if rule.headroom in result.values
        and _is_in_packs(result, BY_PARAMETER.get(rule.id))
        and _is_in_file(result, BY_COLUMN.get(rule.id))
    ]


def _is_in_packs(result: Result, name: str | None) -> bool:
    """Whether the packs name a value from the base year on; a rule that needs none has it."""
    return name is None or bool(np.isfinite(result.values[name][BASE:]).any())


def _is_in_file(result: Result, column: str | None) -> bool:
    """Whether a column of the district's own schools is given; a scenario's new ones give none."""
    district = result.binding.district
    return column is None or bool((district.own or district).schools[column].notna().any())


def _rule_rows(result: Result, rule: Rule) -> Iterator[tuple[Any, ...]]:
    entities = result.index.entities(rule.level)
    cites = _cites_in_force(result, rule)
    for year in result.index.years[BASE:]:
        actual, required, headroom = (
            np.broadcast_to(result.at(name, year), len(entities)).astype(float)
            for name in (rule.actual, rule.required, rule.headroom)
        )
        speaks = _speaks(result, rule, year, len(entities))
        statuses = status_of(actual, required, headroom, rule.strict)
        for position, (school, stage) in enumerate(entities):
            if stage is not None and (stage not in rule.stages or not has_stage(result, stage)):
                continue
            if not speaks[position]:
                continue
            yield (
                year,
                rule.id,
                school or stage or "district",
                stage,
                school,
                required[position],
                actual[position],
                headroom[position],
                rule.unit,
                statuses[position],
                cites(year, position),
            )


def _speaks(result: Result, rule: Rule, year: int, count: int) -> Array:
    """Whether there is anybody that a rule speaks of; where that is unknown, there may be."""
    if not rule.applies:
        return np.ones(count, dtype=bool)
    return np.asarray(np.broadcast_to(result.at(rule.applies, year), count) != 0)


#: Built the mechanism of several amounts: a value cites what set it instead.
MECHANISM = "guofa_2015_67"
#: Packs whose documents the rules themselves cite.
CITED = frozenset({"national", "district_plan"})
Cites = tuple[str | Citation, ...]


def _cites_in_force(result: Result, rule: Rule) -> Callable[[int, int], Cites]:
    """A rule's citations for a year and entity, of the packs in force alone."""
    binding = result.binding
    cites: Cites = binding.policy.attributed(rule.cites)
    name = BY_PARAMETER.get(rule.id)
    if name is None:
        return lambda year, entity: cites
    leaf = result.graph.inputs[name]

    @functools.cache
    def set_by(year: int, entity: int) -> Cites:
        law = binding.policy_value(leaf, entity, year)
        if law is None or (law.pack in CITED and MECHANISM not in cites):
            return cites
        return (law.citation, *(cite for cite in cites if cite != MECHANISM))

    return lambda year, entity: set_by(year, entity if leaf.level == rule.level else 0)


def has_stage(result: Result, stage: str) -> bool:
    """Whether the district has any school at the stage."""
    return bool((result.index.part_stage == STAGES.index(stage)).any())


def balance_table(result: Result) -> pd.DataFrame:
    """CVs with mean, standard deviation and limit; quality balance's seven, basic's eight."""
    rows: list[tuple[Any, ...]] = []
    for year in result.index.years[BASE:]:
        for position, stage in enumerate(STAGES[:2]):
            if has_stage(result, stage):
                rows.extend(_balance_rows(result, year, position, stage))
    return pd.DataFrame(rows, columns=BALANCE_COLUMNS)


def _balance_rows(
    result: Result, year: int, position: int, stage: str
) -> Iterator[tuple[Any, ...]]:
    def value(name: str) -> float:
        return float(result.at(name, year)[position])

    for indicator in INDICATORS:
        mean, sd, cv = (value(f"{what}_{indicator.id}") for what in ("mean", "sd", "cv"))
        if indicator.quality:
            limit = value("cv_limit")
            status = _cv_status(cv, limit)
            yield (year, stage, "quality", indicator.id, mean, sd, cv, limit, status)
        if indicator in BASIC:
            yield (year, stage, "basic", indicator.id, mean, sd, cv, np.nan, "")
    limit, cv = value("composite_cv_limit"), value("composite_cv")
    yield (year, stage, "basic", "composite", np.nan, np.nan, cv, limit, _cv_status(cv, limit))


def _cv_status(cv: float, limit: float) -> str:
    if np.isnan(cv) or np.isnan(limit):
        return "unknown"
    return "pass" if at_least(limit, cv) else "fail"


@dataclass(frozen=True)
class Verdict:
    """The verdict by year and overall.

    ``years`` is indexed by planned year: rules_met, rules_total, rules_ok, money_ok,
    balanced, basic_balanced, all_ok; the flags are True, False or None (not determinable).
    """

    years: pd.DataFrame
    rules_met: int
    rules_total: int
    gap: float
    first_year: int | None
    balanced_year: int | None

    @property
    def money_ok(self) -> bool | None:
        """Whether the money is enough in every planned year."""
        return all_of(self.years["money_ok"])

    @property
    def lasting_year(self) -> int | None:
        """From which year on all is well until the end; None where the last year is not."""
        years = [int(year) for year in self.years.index]
        flags = [flag is True for flag in self.years["all_ok"]]
        bad = [place for place, flag in enumerate(flags) if not flag]
        after = bad[-1] + 1 if bad else 0
        return years[after] if after < len(years) else None

    @property
    def rules_ok(self) -> bool | None:
        """Whether every rule is met in every planned year."""
        return all_of(self.years["rules_ok"])

    @property
    def determinable(self) -> bool:
        """Whether balance can be judged in the last year."""
        return self.years["balanced"].iloc[-1] is not None


def all_of(flags: Any) -> bool | None:
    """True when all are, False when one is not, else not determinable."""
    seen = list(flags)
    if any(flag is False for flag in seen):
        return False
    return None if any(flag is None for flag in seen) else True


def judge(result: Result) -> Verdict:
    """The verdict of a result; the base year is not judged."""
    planned = list(result.index.years[BASE + 1 :])
    checks = result.checks[result.checks["year"].isin(planned)]
    rows = [_judge_year(result, checks[checks["year"] == year], year) for year in planned]
    years = pd.DataFrame(rows, index=pd.Index(planned, name="year"), dtype=object)
    met = {rule: set(found) == {"pass"} for rule, found in _by_rule(checks).items()}
    return Verdict(
        years=years,
        rules_met=sum(met.values()),
        rules_total=len(met),
        gap=float(result.values["gap"][BASE + 1 :].min()),
        first_year=_first(years["all_ok"]),
        balanced_year=_first(years["balanced"]),
    )


def _judge_year(result: Result, checks: pd.DataFrame, year: int) -> dict[str, Any]:
    verdicts = [all_of(_flag(status) for status in found) for found in _by_rule(checks).values()]
    gap = float(result.at("gap", year)[0])
    flags = {
        "rules_ok": all_of(verdicts),
        "money_ok": None if np.isnan(gap) else bool(gap > -LEAST_MONEY),
        "balanced": _stages(result, "stage_balanced", year),
    }
    return {
        "rules_met": sum(verdict is True for verdict in verdicts),
        "rules_total": len(verdicts),
        **flags,
        "basic_balanced": _stages(result, "stage_basic_balanced", year),
        "all_ok": all_of(flags.values()),
    }


def _by_rule(checks: pd.DataFrame) -> dict[str, list[str]]:
    """The statuses of each rule, in the order of the table."""
    found: dict[str, list[str]] = {}
    for rule, status in zip(checks["rule"], checks["status"], strict=True):
        found.setdefault(rule, []).append(status)
    return found


def _flag(status: str) -> bool | None:
    return {"pass": True, "fail": False}.get(status)


def _stages(result: Result, name: str, year: int) -> bool | None:
    """A flag over the stages that the district has."""
    values = result.at(name, year)
    flags = [
        None if np.isnan(values[position]) else bool(values[position])
        for position, stage in enumerate(STAGES[:2])
        if has_stage(result, stage)
    ]
    return all_of(flags) if flags else None


def _first(flags: pd.Series[Any]) -> int | None:
    """The first year that is true; None where there is none."""
    years = zip(flags.index.tolist(), flags.tolist(), strict=True)
    return next((int(year) for year, flag in years if flag is True), None)
