"""Scenarios side by side: what differs, what it does, and where the difference comes from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from simulator import glossary
from simulator.compare.outcomes import (
    AVAILABLE_LINES,
    NEED_LINES,
    outcome_values,
    rule_values,
    summary_of,
)
from simulator.errors import JunhengError
from simulator.glossary import Language
from simulator.machine.language import BASE
from simulator.own_formula.lines_in_rows import said_lines
from simulator.results.result import Result
from simulator.scenario.model import Scenario
from simulator.scenario.values import plain

MOST = 6
#: A school's money is the same where it differs by less than half a fen.
SAME = 0.005


@dataclass(frozen=True)
class Comparison:
    """2 to 6 results against a chosen base; tables hold full precision.

    ``notes`` are glossary ids of warnings that must stand in the first line; columns are
    headed by the scenarios' names in ``language``. What is not computable stays NaN.
    """

    results: tuple[Result, ...]
    base: int = 0
    language: Language = "zh"

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """A name for each column; a number is added where names are the same."""
        titles = [scenario.title(self.language) for scenario in self.scenarios]
        names: list[str] = []
        for position, title in enumerate(titles, start=1):
            name = title if titles.count(title) == 1 else f"{title} ({position})"
            while name in names:
                name = f"{name} ({position})"
            names.append(name)
        return tuple(names)

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios compared."""
        return tuple(result.binding.scenario for result in self.results)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What the results do not share beside their scenarios: data, packs, years."""
        bindings = [result.binding for result in self.results]
        found: dict[str, set[object]] = {
            "compare.other_data": {binding.district.fingerprint for binding in bindings},
            "compare.other_packs": {binding.policy.fingerprint for binding in bindings},
            "compare.other_years": {result.index.years for result in self.results},
        }
        return tuple(note for note, prints in found.items() if len(prints) > 1)

    @property
    def note_lines(self) -> tuple[str, ...]:
        """The warnings in words."""
        return tuple(glossary.label(note, self.language) for note in self.notes)

    @cached_property
    def parameters(self) -> pd.DataFrame:
        """Every parameter × scenario; ``differs`` marks those that are not all the same."""
        flats = [_said(result) for result in self.results]
        paths = list(dict.fromkeys(path for flat in flats for path in sorted(flat)))
        frame = pd.DataFrame(
            {label: [flat.get(path) for path in paths] for label, flat in self._labelled(flats)},
            index=pd.Index(paths, name="parameter"),
            dtype=object,
        )
        frame["differs"] = [
            any(plain(flat.get(path)) != plain(flats[0].get(path)) for flat in flats)
            for path in paths
        ]
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
        rows = [summary_of(result) for result in self.results]
        return pd.DataFrame(rows, index=pd.Index(self.labels, name="scenario"))

    @cached_property
    def rules(self) -> pd.DataFrame:
        """Rule × scenario over the common years; columns (scenario, status | headroom | first).

        ``headroom`` is the least of all subjects and years in the rule's unit, ``first`` the
        first year it is broken.
        """
        found = {
            (label, what): values
            for label, result in self._labelled(self.results)
            for what, values in rule_values(result.checks, self.years).items()
        }
        names = list(dict.fromkeys(rule for r in self.results for rule in r.checks["rule"]))
        return pd.DataFrame(found).reindex(names)

    def waterfall(self, first: int, second: int, year: int) -> pd.Series[float]:
        """From one scenario's gap to the other's: money lines that add up to the difference."""
        start, end = (self.outcomes[self.labels[each]] for each in (first, second))
        steps = {"gap_from": float(start["gap", "", year])}
        for line in AVAILABLE_LINES:
            steps[line] = float(end[line, "", year] - start[line, "", year])
        for line in NEED_LINES:
            steps[line] = float(start[line, "", year] - end[line, "", year])
        gap_to = float(end["gap", "", year])
        for line in sorted((*AVAILABLE_LINES, *NEED_LINES), key=lambda each: -abs(steps[each])):
            # the last bits of float64 go to the steps, the largest first, so that all add up
            missing = math.fsum([gap_to, *(-value for value in steps.values())])
            steps[line] += missing if steps[line] and math.isfinite(missing) else 0.0
        return pd.Series({**steps, "gap_to": gap_to})

    def schools(self, other: int, year: int, figure: str = "operating_funds") -> pd.DataFrame:
        """Winners and losers by school and stage: base, other, difference; index as schools.

        ``per_pupil`` is the difference by the other scenario's pupils; ``change`` is gains,
        loses, same or unknown (also where one of the two has no such school).
        """
        base, changed = self.results[self.base], self.results[other]
        frame = pd.DataFrame(
            {
                name: _of_year(result, figure, year)
                for name, result in zip(SIDES, (base, changed), strict=True)
            }
        )
        frame["difference"] = frame["other"] - frame["base"]
        frame["per_pupil"] = frame["difference"] / _of_year(changed, "pupils", year).where(
            lambda pupils: pupils > 0
        )
        frame["change"] = [_change(value) for value in frame["difference"]]
        return frame


SIDES = ("base", "other")


def compare(results: Sequence[Result], base: int = 0, language: Language = "zh") -> Comparison:
    """Compare 2 to 6 results against one of them; JunhengError for another number."""
    if not 2 <= len(results) <= MOST:
        raise JunhengError("compare_number", count=len(results), most=MOST)
    if not 0 <= base < len(results):
        raise JunhengError("compare_base", base=base + 1, count=len(results))
    found = Comparison(tuple(results), base, language)
    if not found.years:
        raise JunhengError("compare_years")
    return found


def _said(result: Result) -> dict[str, Any]:
    """Everything a run follows from beside the data: packs, horizon, levers, lines in force."""
    scenario, own = result.binding.scenario, result.lines
    frame = {"policy": list(scenario.policy), "horizon": scenario.horizon}
    lines = {each.path: each.text for each in said_lines(own.content if own else None)}
    return {**frame, **scenario.flat(), **lines}


def _of_year(result: Result, figure: str, year: int) -> pd.Series[float]:
    return pd.Series(result.at(figure, year), pd.MultiIndex.from_tuples(
        result.index.parts, names=["school_id", "stage"]
    ), dtype=np.float64)  # fmt: skip


def _change(difference: float) -> str:
    if math.isnan(difference):
        return "unknown"
    if abs(difference) < SAME:
        return "same"
    return "gains" if difference > 0 else "loses"
