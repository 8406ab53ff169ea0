"""A finished run: every figure of one district under its packs and one scenario."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from simulator.district.checking.taken import taken_findings
from simulator.district.model import Origin
from simulator.findings import Finding
from simulator.machine.graph import Graph
from simulator.machine.index import Index
from simulator.machine.language import BASE, Array
from simulator.machine.registry import Input, Level
from simulator.machine.trace import Trace, explain
from simulator.own_formula.bands import band_findings
from simulator.policy.model import PolicyValue
from simulator.policy.told import pack_findings
from simulator.results.binding import Binding
from simulator.results.sources import is_assumed, origin_of
from simulator.scenario.formula import LinesInForce, lines_in_force


@dataclass(frozen=True)
class Run:
    """Every figure computed from (district, packs, scenario), with the hash of all three.

    ``values`` holds each over (year, entity), the year before the base year first. Money in
    yuan, shares as fractions, NaN where not computable.
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

    def explain(
        self,
        name: str,
        school: str | None = None,
        stage: str | None = None,
        year: int | None = None,
    ) -> Trace[Run]:
        """The trace of one number; raises JunhengError where there is no such number."""
        return explain(self, name, school, stage, year)

    def origin_of(self, leaf: Trace[Any]) -> Origin | None:
        """The data cell a leaf of a trace was read from."""
        return origin_of(leaf, self.binding.district)

    def is_assumed(self, leaf: Trace[Any]) -> bool:
        """Whether a data cell was empty and counts as none, as the district declares."""
        return is_assumed(leaf, self.binding.district)

    def law_of(self, leaf: Trace[Any]) -> PolicyValue | None:
        """The value of the law behind a leaf of a trace, with its citation."""
        assert isinstance(leaf.item, Input)
        year = self.index.years[leaf.position]
        return self.binding.policy_value(leaf.item, leaf.entity, year)

    def attributed(self, cites: tuple[str, ...]) -> tuple[str, ...]:
        """Those of a formula's citations that belong to packs in force."""
        return self.binding.policy.attributed(cites)


#: The trace of a run's figure.
RunTrace = Trace[Run]
