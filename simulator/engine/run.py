"""Runs the graph: arrays in, arrays out; (…, year, entity) for every name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from simulator.engine.graph import Graph
from simulator.engine.index import Index
from simulator.formulas.language import BASE, Array, Below
from simulator.formulas.registry import Formula

Arrays = Mapping[str, Array]


class _Values:
    """Values computed so far, and the same values as seen from a lower level."""

    def __init__(self, graph: Graph, index: Index, inputs: Arrays) -> None:
        self.graph = graph
        self.index = index
        self.known: dict[str, Array] = dict(inputs)
        self.spread: dict[tuple[str, str], Any] = {}

    def argument(self, formula: Formula, name: str) -> Any:
        """A value as the formula sees it: spread from above, or to be gathered from below."""
        level = self.graph.level(name)
        if level == formula.level or level == "district" or formula.operator:
            return self.known[name]
        key = (name, formula.level)
        if key not in self.spread:
            self.spread[key] = self._moved(self.known[name], level, formula.level)
        return self.spread[key]

    def _moved(self, value: Array, level: Any, target: Any) -> Any:
        if target == "part" and level in ("school", "stage"):
            return value.take(self.index.reach(level), axis=-1)
        return Below(value, self.index.groups(level, target))


def run_graph(
    graph: Graph, index: Index, inputs: Arrays, wanted: Iterable[str] | None = None
) -> dict[str, Array]:
    """Every wanted formula (None: all) and what it needs, with the inputs, by name.

    Leading axes of the inputs (scenarios, draws) carry through to the values.
    """
    needed = graph.needed(wanted) if wanted is not None else graph.formulas.keys()
    values = _Values(graph, index, inputs)
    with np.errstate(invalid="ignore", over="ignore"):
        for block in graph.blocks:
            if block[0] not in needed:
                continue
            if block[0] in graph.recurrent:
                _run_by_year(values, block)
            else:
                formula = graph.formulas[block[0]]
                values.known[block[0]] = _call(values, formula)
    return values.known


def _call(values: _Values, formula: Formula) -> Array:
    arguments = [values.argument(formula, name) for name in formula.arguments]
    found = formula.function(values.index, *arguments) if formula.operator else formula(*arguments)
    return np.asarray(found, dtype=np.float64)


def _run_by_year(values: _Values, block: tuple[str, ...]) -> None:
    """Compute a group that needs its own last year, one year after the other.

    A formula sees two years, last and this; an operator sees all years and the position.
    """
    index, graph = values.index, values.graph
    count = len(index.years)
    outside = _OutsideOfBlock(values, block)
    computed: dict[str, list[Array]] = {name: [] for name in block}
    for year in range(count):
        for name in block:
            formula = graph.formulas[name]
            arguments = [outside.seen(formula, a, year, computed) for a in formula.arguments]
            if formula.operator:
                found = formula.function(index, *arguments)
            else:
                found = formula(*arguments)
            row = np.asarray(found, dtype=np.float64)
            wide = (*row.shape[:-1], index.size(formula.level))
            computed[name].append(np.broadcast_to(row, wide)[..., -1:, :])
    for name, rows in computed.items():
        shape = np.broadcast_shapes(*(row.shape for row in rows))
        values.known[name] = np.concatenate([np.broadcast_to(r, shape) for r in rows], axis=-2)


class _OutsideOfBlock:
    """What a formula of a group sees in one year: last year's and this year's values."""

    def __init__(self, values: _Values, block: tuple[str, ...]) -> None:
        self.values = values
        self.block = frozenset(block)

    def seen(
        self, formula: Formula, name: str, year: int, computed: Mapping[str, list[Array]]
    ) -> Any:
        """An argument over (…, [last, this], entity), moved to the formula's level."""
        if name not in self.block:
            found = self.values.argument(formula, name)
            if isinstance(found, Below):
                return Below(_two_years(found.values, year), found.groups)
            return _two_years(found, year)
        pair = _pair(computed[name], year, self.values.index.size(self.values.graph.level(name)))
        level = self.values.graph.level(name)
        if level in (formula.level, "district") or formula.operator:
            return pair
        return self.values._moved(pair, level, formula.level)


def _two_years(value: Array, year: int) -> Array:
    if value.shape[-2] == 1:
        return value
    if year == 0:
        return np.concatenate([np.full_like(value[..., :1, :], np.nan), value[..., :1, :]], axis=-2)
    return value[..., year - 1 : year + 1, :]


def _pair(rows: list[Array], year: int, size: int) -> Array:
    """Last year's row and this year's, unknown where it is not computed yet."""
    unknown = np.full((1, size), np.nan)
    last = rows[year - 1] if year > 0 else unknown
    this = rows[year] if len(rows) > year else unknown
    shape = np.broadcast_shapes(last.shape, this.shape)
    return np.concatenate([np.broadcast_to(last, shape), np.broadcast_to(this, shape)], axis=-2)


def base_row(value: Array) -> Array:
    """The base year's row of a value; (…, entity)."""
    return value[..., BASE if value.shape[-2] > 1 else 0, :]
