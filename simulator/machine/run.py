"""Runs the graph: arrays in, arrays out; (…, year, entity) for every name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from simulator.machine.graph import Graph
from simulator.machine.index import Index
from simulator.machine.language import Array, Below, InOrder
from simulator.machine.registry import Formula

Arrays = Mapping[str, Array]
#: Parts computed at a time where there are very many, so that their values stay in cache.
CHUNK = 16384


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
        if name in formula.running:
            return InOrder(self.known[name], *self.index.by_code)
        if level in (formula.level, "district") or formula.operator:
            return self.known[name]
        key = (name, formula.level)
        if key not in self.spread:
            self.spread[key] = self.moved(self.known[name], level, formula.level)
        return self.spread[key]

    def slice(self, name: str, chunk: slice) -> Any:
        """A value as some of the parts see it."""
        level, value = self.graph.level(name), self.known[name]
        if level in ("school", "stage"):
            return value.take(self.index.reach(level)[chunk], axis=-1)
        return value[..., chunk] if level == "part" else value

    def moved(self, value: Array, level: Any, target: Any) -> Any:
        """A value spread down to the parts, or wrapped to be gathered."""
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
    large = index.size("part") > CHUNK
    waiting: list[Formula] = []
    with np.errstate(invalid="ignore", over="ignore"):
        for block in graph.blocks:
            formula = graph.formulas[block[0]]
            if block[0] not in needed:
                continue
            if large and _by_part_alone(graph, formula):
                waiting.append(formula)
                continue
            _run_in_chunks(values, waiting)
            waiting.clear()
            if block[0] in graph.recurrent:
                _run_by_year(values, block)
            else:
                values.known[block[0]] = _call(values, formula)
        _run_in_chunks(values, waiting)
    return values.known


def _by_part_alone(graph: Graph, formula: Formula) -> bool:
    """Whether each part's value depends on that part alone (and on what lies above it)."""
    alone = not formula.operator and not formula.running
    return formula.level == "part" and alone and formula.name not in graph.recurrent


def _run_in_chunks(values: _Values, formulas: list[Formula]) -> None:
    """Compute a row of part-level formulas a few thousand parts at a time: they stay in cache."""
    size = values.index.size("part")
    for start in range(0, size, CHUNK):
        chunk = slice(start, min(start + CHUNK, size))
        for name, found in _chunk(values, formulas, chunk).items():
            if start == 0:
                values.known[name] = np.empty((*found.shape[:-1], size))
            values.known[name][..., chunk] = found


def _chunk(values: _Values, formulas: list[Formula], chunk: slice) -> dict[str, Array]:
    """The formulas' values for some of the parts."""
    local: dict[str, Any] = {}
    found: dict[str, Array] = {}
    for formula in formulas:
        for name in formula.arguments:
            if name not in local:
                local[name] = values.slice(name, chunk)
        result = formula.function(*(local[name] for name in formula.arguments))
        sized = _of_size(np.asarray(result, dtype=np.float64), chunk.stop - chunk.start)
        local[formula.name] = found[formula.name] = sized
    return found


def _call(values: _Values, formula: Formula) -> Array:
    seen = [values.argument(formula, name) for name in formula.arguments]
    found = formula.function(values.index, *seen) if formula.operator else formula.function(*seen)
    return _of_size(np.asarray(found, dtype=np.float64), values.index.size(formula.level))


def _of_size(found: Array, size: int) -> Array:
    """A value over (…, year, entity), also where one number stands for all."""
    if found.ndim < 2:
        return np.full((1, size), found)
    if found.shape[-1] != size:
        return np.broadcast_to(found, (*found.shape[:-1], size))
    return found


def _run_by_year(values: _Values, block: tuple[str, ...]) -> None:
    """Compute a group that needs its own last year, one year after the other.

    A formula sees two years, last and this; of the first year nothing comes before.
    """
    index, graph = values.index, values.graph
    lead = _leading_axes(values, block)
    count = len(index.years)
    tables = {
        name: np.full((*lead, count + 1, index.size(graph.level(name))), np.nan) for name in block
    }
    steps = [
        (graph.formulas[name], tables[name], _window_readers(values, name, tables))
        for name in block
    ]
    for year in range(count):
        window = slice(year, year + 2)
        for formula, table, readers in steps:
            # an operator has no last year of its own: it sees this year alone
            own = slice(year + 1, year + 2) if formula.operator else window
            seen = [reader(own) for reader in readers]
            found = formula.function(index, *seen) if formula.operator else formula.function(*seen)
            row = np.asarray(found)
            table[..., year + 1, :] = row[..., -1, :] if row.ndim > 1 else row
    for name, table in tables.items():
        values.known[name] = table[..., 1:, :]


def _leading_axes(values: _Values, block: tuple[str, ...]) -> tuple[int, ...]:
    """The scenarios or draws that the group's inputs run over."""
    outside = {
        argument
        for name in block
        for argument in values.graph.formulas[name].arguments
        if argument not in block
    }
    return np.broadcast_shapes(*(values.known[name].shape[:-2] for name in outside))


def _window_readers(
    values: _Values, name: str, tables: Mapping[str, Array]
) -> list[Callable[[slice], Any]]:
    """For each argument of a formula of a group, what gives it for two years at a time."""
    formula = values.graph.formulas[name]
    return [_reader(values, formula, argument, tables) for argument in formula.arguments]


def _reader(
    values: _Values, formula: Formula, name: str, tables: Mapping[str, Array]
) -> Callable[[slice], Any]:
    level = values.graph.level(name)
    if name in tables:
        table = tables[name]
        if level in (formula.level, "district") or formula.operator:
            return lambda window: table[..., window, :]
        return lambda window: values.moved(table[..., window, :], level, formula.level)
    found = values.argument(formula, name)
    if isinstance(found, Below):
        below, groups = _padded(found.values), found.groups
        return lambda window: Below(_view(below, window), groups)
    padded = _padded(found)
    return lambda window: _view(padded, window)


def _padded(value: Array) -> Array:
    """A value with an unknown year before the first; as it is where it has no years."""
    if value.shape[-2] == 1:
        return value
    return np.concatenate([np.full_like(value[..., :1, :], np.nan), value], axis=-2)


def _view(padded: Array, window: slice) -> Array:
    return padded if padded.shape[-2] == 1 else padded[..., window, :]
