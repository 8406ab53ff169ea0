"""Which figures have cells, of which years, and what is fixed whatever the cells say."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from simulator.machine.language import BASE
from simulator.machine.registry import Formula, Input, Level
from simulator.machine.sheet_formula import NOTHING, Piece, translate
from simulator.machine.symbols import FIXING, LAGGING
from simulator.scenario.levers import known_paths
from simulator.stages import STAGES

if TYPE_CHECKING:
    from simulator.results.result import Result

#: The year of what does not change over the years.
STATIC: Final = -1


class Ground:
    """The figures of a result as a workbook holds them.

    A figure has a cell for each of its ``positions`` on the axis of years; the year before
    the base year is there only where something looks back at it.
    """

    def __init__(self, result: Result) -> None:
        self.result, self.graph, self.index = result, result.graph, result.index
        self._dead: dict[str, bool] = {}

    @cached_property
    def formulas(self) -> list[Formula]:
        """The formulas that were computed, in the order of the rooms."""
        return [each for name, each in self.graph.formulas.items() if name in self.result.values]

    def has(self, name: str) -> bool:
        """Whether a name is that of a figure."""
        return name in self.graph.formulas or name in self.graph.inputs

    def is_static(self, name: str) -> bool:
        """Whether a figure is the same in all years."""
        return bool(self.result.values[name].shape[-2] == 1)

    @cached_property
    def positions(self) -> dict[str, tuple[int, ...]]:
        """The years' positions at which each figure has cells."""
        leaves = {name: self._of_input(leaf) for name, leaf in self.graph.inputs.items()}
        return leaves | {each.name: self._of_formula(each.name) for each in self.formulas}

    def _of_formula(self, name: str) -> tuple[int, ...]:
        if self.is_static(name):
            return (STATIC,)
        return tuple(range(0 if name in self.early else BASE, len(self.index.years)))

    def _of_input(self, leaf: Input) -> tuple[int, ...]:
        if leaf.kind == "structure" and leaf.level not in ("school", "part"):
            return ()
        if self.is_static(leaf.name):
            return (STATIC,)
        every = range(len(self.index.years))
        if leaf.kind == "lever":
            return tuple(every[BASE + 1 :])
        if leaf.kind == "fiscal":
            return tuple(every[: BASE + 1])
        if leaf.kind in ("parameter", "line"):
            return tuple(every)
        values = self.result.values[leaf.name]
        return tuple(position for position in every if np.isfinite(values[position]).any())

    @cached_property
    def early(self) -> frozenset[str]:
        """Formulas whose value of the year before the base year is asked for, and may be known."""
        left = [name for each in self.formulas for name in each.before]
        wanted: set[str] = set()
        while left:
            name = left.pop()
            formula = self.graph.formulas.get(name)
            if formula and name not in wanted and not self.is_static(name) and not self.dead(name):
                wanted.add(name)
                left.extend(formula.now)
        return frozenset(wanted)

    def dead(self, name: str) -> bool:
        """Whether a figure is certainly unknown in the year before the base year."""
        if name not in self._dead:
            self._dead[name] = self._first_year(name).unknown
        return self._dead[name]

    def _first_year(self, name: str) -> Piece:
        values = self.result.values[name]
        formula = self.graph.formulas.get(name)
        if name == "planned" or (formula and formula.operator):
            return NOTHING if np.isnan(values[0]).all() else Piece("x")
        if formula is None:
            has_cell = not self.is_static(name) and 0 in self._of_input(self.graph.inputs[name])
            unknown = np.isnan(values[0]).all() and not has_cell and not self.is_static(name)
            return NOTHING if unknown else Piece("x")
        if self.is_static(name):
            return Piece("x")
        return translate(formula.expression, self._seen_first)

    def _seen_first(self, name: str, word: str | None) -> Piece:
        if word in LAGGING:
            return NOTHING
        return Piece("x") if word in FIXING or not self.dead(name) else NOTHING

    def fixed(self, name: str, position: int, stage: int | None) -> float | None:
        """The value of a figure that no cell holds at a stage; None where one does."""
        leaf = self.graph.inputs.get(name)
        if leaf is None:
            return None if position in self.positions[name] else math.nan
        absent = stage is not None and is_absent(leaf, stage)
        if absent and leaf.level == "part":
            return 0.0
        if position in self.positions[name] and not absent:
            return None
        row = self.result.values[name][max(position, 0)]
        return float(row[stage or 0] if leaf.level == "stage" else row[0])

    def blank(self, name: str) -> bool:
        """Whether a figure's cells may be empty: what is given, and what an operator gave."""
        formula = self.graph.formulas.get(name)
        if formula is not None:
            return formula.operator
        structure = self.graph.inputs[name].kind == "structure"
        return not structure or bool(np.isnan(self.result.values[name]).any())

    def level(self, name: str) -> Level:
        """The level of a figure."""
        return self.graph.level(name)


def is_absent(item: Formula | Input, stage: int) -> bool:
    """Whether a stage does not have a quantity, or no scenario can say a lever for it."""
    if isinstance(item, Formula):
        return False
    if item.by_stage:
        return STAGES[stage] not in item.by_stage
    if item.kind != "lever" or item.level != "stage":
        return False
    path = f"{item.refers}.{STAGES[stage]}"
    return not any(known == path or known.startswith(f"{path}_") for known in known_paths())
