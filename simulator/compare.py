"""Scenarios side by side: what differs, what it does, and where the difference comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from simulator.engine.result import Result
from simulator.engine.simulate import simulate
from simulator.errors import JunhengError
from simulator.formulas.items import QUALITY
from simulator.formulas.language import BASE
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
#: The money outcomes compared by year.
MONEY = ("need", *NEED_LINES, "appropriation", "upper_transfers", "available", "gap")
MOST = 6


@dataclass(frozen=True)
class Comparison:
    """2 to 6 results against a chosen base; tables hold full precision.

    ``notes`` are glossary ids of warnings that must stand in the first line.
    """

    results: tuple[Result, ...]
    base: int = 0

    @property
    def labels(self) -> tuple[str, ...]:
        """A name for each column; a number is added where names are the same."""
        names = [str(result.binding.scenario.title("zh")) for result in self.results]
        return tuple(
            f"{name} ({position + 1})" if names.count(name) > 1 else name
            for position, name in enumerate(names)
        )

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """compare.other_data and compare.other_packs, where the results stand on different ones."""
        data = {result.binding.district.fingerprint for result in self.results}
        packs = {result.binding.policy.fingerprint for result in self.results}
        found = (("compare.other_data", data), ("compare.other_packs", packs))
        return tuple(note for note, prints in found if len(prints) > 1)

    @cached_property
    def parameters(self) -> pd.DataFrame:
        """Every parameter × scenario; ``differs`` marks those that are not all the same."""
        flats = [result.binding.scenario.flat() for result in self.results]
        paths = sorted(set().union(*flats))
        frame = pd.DataFrame(
            {label: [flat.get(path) for path in paths] for label, flat in self._labelled(flats)},
            index=pd.Index(paths, name="parameter"),
            dtype=object,
        )
        frame["differs"] = [len({repr(flat.get(path)) for flat in flats}) > 1 for path in paths]
        return frame

    def _labelled(self, items: Sequence[Any]) -> zip[tuple[str, Any]]:
        return zip(self.labels, items, strict=True)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Planned years that every result has."""
        common = set.intersection(*(set(r.index.years[BASE + 1 :]) for r in self.results))
        return tuple(sorted(common))

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """Outcome × scenario by year; index (outcome, stage, year)."""
        columns = {
            label: outcome_values(r, self.years) for label, r in self._labelled(self.results)
        }
        frame = pd.DataFrame(columns)
        frame.index.names = ["outcome", "stage", "year"]
        return frame

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Outcomes less the base scenario's."""
        base = self.outcomes[self.labels[self.base]]
        return self.outcomes.sub(base, axis=0)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row a scenario: verdict, rules met, first balanced year, smallest gap, identity."""
        rows = [_summary(result) for result in self.results]
        return pd.DataFrame(rows, index=pd.Index(self.labels, name="scenario"))

    def waterfall(self, first: int, second: int, year: int) -> pd.Series[float]:
        """From one scenario's gap to the other's: money lines that add up exactly."""
        start, end = (self.outcomes[self.labels[each]] for each in (first, second))
        steps = {"gap_from": float(start["gap", "", year])}
        for line in ("appropriation", "upper_transfers"):
            steps[line] = float(end[line, "", year] - start[line, "", year])
        for line in NEED_LINES:
            steps[line] = float(start[line, "", year] - end[line, "", year])
        found = pd.Series(steps)
        # the last bits of float64 go to the first step, so that parts and total agree exactly
        gap_to = float(end["gap", "", year])
        found["appropriation"] += gap_to - float(found.sum())
        found["gap_to"] = gap_to
        return found

    def schools(self, other: int, year: int, figure: str = "operating_funds") -> pd.DataFrame:
        """Winners and losers by school and stage: base, other, difference; index as schools."""
        base, changed = self.results[self.base], self.results[other]
        before = base.schools[figure].xs(year, level="year")
        after = changed.schools[figure].xs(year, level="year")
        frame = pd.DataFrame({"base": before, "other": after})
        frame["difference"] = frame["other"] - frame["base"]
        return frame


def compare(results: Sequence[Result], base: int = 0) -> Comparison:
    """Compare 2 to 6 results against one of them; JunhengError for another number."""
    if not 2 <= len(results) <= MOST:
        raise JunhengError("compare_number", count=len(results), most=MOST)
    if not 0 <= base < len(results):
        raise JunhengError("compare_base", base=base, count=len(results))
    return Comparison(tuple(results), base)


def outcome_values(result: Result, years: Sequence[int]) -> dict[tuple[str, str, int], float]:
    """The outcomes that scenarios are compared by, by (outcome, stage, year)."""
    found: dict[tuple[str, str, int], float] = {}
    for year in years:
        for name in MONEY:
            found[name, "", year] = float(result.at(name, year)[0])
        found["rules_met", "", year] = float(result.verdict.years["rules_met"].loc[year])
        for position, stage in enumerate(STAGES[:2]):
            for name in ("operating_rate", "schools_failing", "least_cv_headroom"):
                found[name, stage, year] = float(result.at(name, year)[position])
            for indicator in QUALITY:
                name = f"cv_{indicator.id}"
                found[name, stage, year] = float(result.at(name, year)[position])
    return found


def _summary(result: Result) -> dict[str, Any]:
    verdict = result.verdict
    return {
        "rules_met": verdict.rules_met,
        "rules_total": verdict.rules_total,
        "gap": verdict.gap,
        "money_ok": verdict.money_ok,
        "balanced_year": verdict.balanced_year,
        "first_year": verdict.first_year,
        "identity": result.identity,
    }


def interaction(
    base: Result, first: Mapping[str, Any], second: Mapping[str, Any], outcome: str, year: int
) -> pd.Series[float]:
    """Two changes to a scenario: each alone, both, and what they do only together.

    ``first`` and ``second`` map parameters to values; parts are differences to the base, and
    ``interaction`` is both less the sum of each alone.
    """
    scenario, district = base.binding.scenario, base.binding.district
    policy = base.binding.policy
    start = float(base.at(outcome, year)[0])
    found = {}
    for name, changes in (("first", first), ("second", second), ("both", {**first, **second})):
        changed = simulate(district, scenario.with_changes(changes), policy=policy)
        found[name] = float(changed.at(outcome, year)[0]) - start
    found["interaction"] = found["both"] - found["first"] - found["second"]
    return pd.Series({"base": start, **found}, dtype=np.float64)
