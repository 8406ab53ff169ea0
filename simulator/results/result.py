"""Everything computed from one district, its packs and one scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import pandas as pd

from simulator.machine.language import BASE, Array
from simulator.machine.registry import Level
from simulator.results.evaluation import evaluation_table
from simulator.results.idle import Reason, idle_levers
from simulator.results.judge import Verdict, balance_table, check_table, judge
from simulator.results.run import Run
from simulator.results.tracked_targets import tracked_table
from simulator.stages import STAGES


@dataclass(frozen=True)
class Result(Run):
    """A run with its tables: figures, rules, balance and verdict, from the base year on."""

    #: Writes the live workbook to a path, in a language (zh where none is said).
    to_workbook: ClassVar[Callable[..., None]]

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
    def idle(self) -> Mapping[str, Reason]:
        """Levers and assumptions by path that count for nothing here, and why."""
        return idle_levers(self)

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
        return evaluation_table(self, self.checks)

    @cached_property
    def verdict(self) -> Verdict:
        """For each year: rules met, money enough, balanced; and the first year of all three."""
        return judge(self, self.checks)


def _wide(rows: Array, years: int, size: int) -> Array:
    return np.broadcast_to(rows, (years, size))
