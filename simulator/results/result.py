"""Everything computed from one district, its packs and one scenario."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulator.district.checking.taken import taken_findings
from simulator.findings import Finding
from simulator.glossary import Language
from simulator.machine.graph import Graph
from simulator.machine.index import Index
from simulator.machine.language import BASE, Array
from simulator.machine.trace import Trace, explain
from simulator.own_formula.bands import band_findings
from simulator.policy.told import pack_findings
from simulator.results.binding import Binding
from simulator.results.evaluation import evaluation_table
from simulator.results.idle import Reason, idle_levers
from simulator.results.judge import Verdict, balance_table, check_table, judge
from simulator.results.tracked_targets import tracked_table
from simulator.scenario.formula import LinesInForce, lines_in_force
from simulator.stages import STAGES

if TYPE_CHECKING:
    from simulator.machine.registry import Level


@dataclass(frozen=True)
class Result:
    """Everything computed from (district, packs, scenario), with the hash of all three.

    ``values`` holds every figure over (year, entity); the tables below leave out the year
    before the base year. Money in yuan, shares as fractions, NaN where not computable.
    """

    binding: Binding
    graph: Graph
    values: Mapping[str, Array]

    @property
    def index(self) -> Index:
        """The axes: parts, schools, stages and years."""
        return self.binding.index

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the check of the data found, and what the packs and formula lines must tell."""
        packs = pack_findings(self.binding.policy, self.index.years[BASE:])
        bands = band_findings(self.lines.content, self.lines.source) if self.lines else ()
        district = self.binding.district.own or self.binding.district
        return (*district.findings, *taken_findings(district), *packs, *bands)

    @property
    def lines(self) -> LinesInForce | None:
        """The formula lines that operating funds are paid by; None: the national formula."""
        return lines_in_force(self.binding.scenario, self.binding.policy.lines)

    @cached_property
    def idle(self) -> Mapping[str, Reason]:
        """Levers and assumptions by path that count for nothing here, and why."""
        return idle_levers(self)

    @cached_property
    def identity(self) -> str:
        """Content hash over data, packs and scenario: equal hash, equal figures."""
        parts = [
            self.binding.district.fingerprint,
            self.binding.policy.fingerprint,
            self.binding.scenario.fingerprint,
        ]
        if self.lines is not None and self.lines.content.get("columns"):
            parts.append(self.binding.district.extra_fingerprint)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def at(self, name: str, year: int) -> Array:
        """One figure of one year over its entities (parts, schools, stages or one)."""
        values = self.values[name]
        return np.asarray(values[self.index.years.index(year) if values.shape[-2] > 1 else 0])

    def names(self, level: Level) -> list[str]:
        """The computed figures of one level, in the order of the rooms."""
        return [
            name
            for name, formula in self.graph.formulas.items()
            if formula.level == level and name in self.values
        ]

    def _frame(self, level: Level, names: list[str]) -> pd.DataFrame:
        """(year, entity) rows over the base year and the planned years."""
        years = len(self.index.years) - BASE
        size = self.index.size(level)
        columns = {}
        for name in names:
            rows = self.values[name]
            rows = rows[BASE:] if rows.shape[-2] > 1 else rows
            columns[name] = _wide(rows, years, size).reshape(-1)
        return pd.DataFrame(columns)

    @cached_property
    def schools(self) -> pd.DataFrame:
        """Every part-level value; index (year, school_id, stage)."""
        frame = self._frame("part", self.names("part"))
        tuples = [
            (year, school, stage)
            for year in self.index.years[BASE:]
            for school, stage in self.index.parts
        ]
        frame.index = pd.MultiIndex.from_tuples(tuples, names=["year", "school_id", "stage"])
        return frame

    @cached_property
    def school_totals(self) -> pd.DataFrame:
        """Every value of a whole school; index (year, school_id)."""
        frame = self._frame("school", self.names("school"))
        frame.index = pd.MultiIndex.from_product(
            [self.index.years[BASE:], self.index.schools], names=["year", "school_id"]
        )
        return frame

    @cached_property
    def stages(self) -> pd.DataFrame:
        """Every value of a stage; index (year, stage)."""
        frame = self._frame("stage", self.names("stage"))
        frame.index = pd.MultiIndex.from_product(
            [self.index.years[BASE:], STAGES], names=["year", "stage"]
        )
        return frame

    @cached_property
    def district(self) -> pd.DataFrame:
        """Need by line, appropriation, transfers, gap and figures by stage; index year.

        Stage figures are columns such as ``operating_rate_primary``.
        """
        frame = self._frame("district", self.names("district"))
        frame.index = pd.Index(self.index.years[BASE:], name="year")
        shape = (len(frame), len(STAGES))
        by_stage = {name: self.stages[name].to_numpy().reshape(shape) for name in self.stages}
        columns = {
            f"{name}_{stage}": values[:, position]
            for name, values in by_stage.items()
            for position, stage in enumerate(STAGES)
        }
        return pd.concat([frame, pd.DataFrame(columns, index=frame.index)], axis=1)

    @cached_property
    def checks(self) -> pd.DataFrame:
        """Every rule by year and subject: required, actual, headroom, status, citation."""
        return check_table(self)

    @cached_property
    def balance(self) -> pd.DataFrame:
        """Coefficients of variation by year, stage and indicator against their limits."""
        return balance_table(self)

    @cached_property
    def tracked(self) -> pd.DataFrame:
        """The plan's tracked targets by year: value, target, status."""
        return tracked_table(self)

    @cached_property
    def evaluation(self) -> pd.DataFrame:
        """The 15 + 9 items of the evaluation and the plan's 26 points: one verdict each."""
        return evaluation_table(self)

    @cached_property
    def verdict(self) -> Verdict:
        """For each year: rules met, money enough, balanced; and the first year of all three."""
        return judge(self)

    def explain(
        self,
        name: str,
        school: str | None = None,
        stage: str | None = None,
        year: int | None = None,
    ) -> Trace:
        """The trace of one number; raises JunhengError where there is no such number."""
        return explain(self, name, school, stage, year)

    def to_workbook(self, path: str | PathLike[str], language: Language = "zh") -> None:
        """Write the live workbook: formulas with cached values, in one language."""
        # the public face of a higher room, found by name: the engine itself knows nothing of it
        importlib.import_module("simulator.formats.live_workbook").write_workbook(
            self, path, language
        )


def _wide(rows: Array, years: int, size: int) -> Array:
    return np.broadcast_to(rows, (years, size))
