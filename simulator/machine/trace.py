"""Why a number is what it is: a tree from any figure down to data cells, levers and the law."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.district.model import Origin
from simulator.errors import JunhengError
from simulator.machine.language import BASE
from simulator.machine.registry import OWN, Formula, Input
from simulator.machine.symbols import (
    FIXING,
    GATHERING,
    LAGGING,
    REACHING,
    RUNNING,
    Call,
    Expr,
    Name,
    Op,
)
from simulator.machine.trace_reading import blamed, evaluate, origin_of, taken
from simulator.policy.model import PolicyValue
from simulator.stages import STAGES

if TYPE_CHECKING:
    from simulator.results.result import Result

#: How many contributors to a total are named before the rest becomes one line.
LARGEST = 5
#: Words that add up: a rest of them is one line.
ADDED_UP = frozenset({"total", *RUNNING})
#: Leaves that may well be left unsaid: an empty cell is named before them.
ASSUMED = frozenset({"lever", "projection"})


@dataclass(frozen=True)
class Trace:
    """One figure and what it is made of; ``inputs`` are worked out when they are looked at.

    ``value`` is in ``unit``. A leaf has an ``origin`` (data cell), a ``lever`` path or a
    ``law`` value; ``rest`` is the line that makes a list of the largest contributors exact.
    """

    result: Result = field(repr=False)
    name: str
    entity: int
    position: int
    word: str | None = None
    rest: tuple[int, ...] = ()

    @cached_property
    def item(self) -> Formula | Input:
        """The formula or input behind the figure."""
        graph = self.result.graph
        return graph.formulas.get(self.name) or graph.inputs[self.name]

    @property
    def unit(self) -> str:
        """The figure's unit."""
        return self.item.unit

    @property
    def year(self) -> int | None:
        """The figure's year; None for what does not change over the years."""
        return self.result.index.years[self.position] if self._by_year else None

    @cached_property
    def _by_year(self) -> bool:
        return bool(self.result.values[self.name].shape[-2] > 1)

    @cached_property
    def place(self) -> tuple[str | None, str | None]:
        """(school, stage) of the figure, None where it has none."""
        if self.rest:
            return None, None
        return self.result.index.entities(self.item.level)[self.entity]

    @cached_property
    def value(self) -> float:
        """The figure itself; NaN where it is not computable."""
        values = self.result.values[self.name]
        row = values[self.position if self._by_year else 0]
        if self.rest:
            return float(row[list(self.rest)].sum())
        return float(row[self.entity])

    @property
    def expression(self) -> Expr | None:
        """The formula in symbols; None for a leaf and for the line of the rest."""
        if self.rest or isinstance(self.item, Input):
            return None
        return self.item.expression

    @property
    def cites(self) -> tuple[str, ...]:
        """Citations of the formula, of the packs in force alone."""
        if not isinstance(self.item, Formula):
            return ()
        return self.result.binding.policy.attributed(self.item.cites) or (OWN,)

    @property
    def kind(self) -> str:
        """formula, operator, rest, or the kind of the leaf."""
        if self.rest:
            return "rest"
        if isinstance(self.item, Input):
            # a quantity that a stage does not have is nothing by definition, no cell says so
            absent = self.item.by_stage and self.place[1] not in self.item.by_stage
            return "structure" if absent else self.item.kind
        return "operator" if self.item.operator else "formula"

    @cached_property
    def origin(self) -> Origin | None:
        """The data cell the figure was read from."""
        return origin_of(self)

    @cached_property
    def law(self) -> PolicyValue | None:
        """The value of the law behind a policy input, with its citation."""
        if isinstance(self.item, Input) and self.item.kind == "parameter":
            year = self.result.index.years[self.position]
            return self.result.binding.policy_value(self.item, self.entity, year)
        return None

    @property
    def lever(self) -> str | None:
        """The scenario's key behind a lever or an assumption."""
        if isinstance(self.item, Input) and self.item.kind in ("lever", "line"):
            return self.item.refers
        return None

    @cached_property
    def inputs(self) -> tuple[Trace, ...]:
        """The figures this one is computed from, in the formula's order."""
        if self.rest:
            return tuple(self._same(entity) for entity in self.rest)
        if isinstance(self.item, Input):
            return ()
        return tuple(_inputs(self))

    @cached_property
    def taken(self) -> tuple[Trace, ...]:
        """Those of the inputs that the value rests on; a branch that was not taken is none."""
        return self.inputs if self.rest else tuple(taken(self))

    def _same(self, entity: int) -> Trace:
        return Trace(self.result, self.name, entity, self.position)

    def evaluate(self) -> float:
        """The figure computed again from the printed inputs alone."""
        if self.rest:
            return float(sum(line.value for line in self.inputs))
        if self.expression is None or self.kind == "operator":
            return self.value
        return float(evaluate(self.expression, self.inputs))

    def walk(self) -> Iterator[Trace]:
        """Every figure below this one, each once."""
        seen: set[tuple[str, int, int, tuple[int, ...]]] = set()
        stack = [self]
        while stack:
            line = stack.pop()
            key = (line.name, line.entity, line.position if line._by_year else 0, line.rest)
            if key not in seen:
                seen.add(key)
                yield line
                stack.extend(reversed(line.inputs))

    def unknown_cells(self) -> list[Trace]:
        """The empty cells and missing values that make the figure not computable."""
        found: dict[tuple[str, int, int], Trace] = {}
        seen: set[tuple[str, int, int, tuple[int, ...]]] = set()
        stack = [self] if np.isnan(self.value) else []
        while stack:
            line = stack.pop()
            key = (line.name, line.entity, line.position if line._by_year else 0)
            if (*key, line.rest) in seen:
                continue
            seen.add((*key, line.rest))
            if isinstance(line.item, Input) and not line.rest:
                found[key] = line
            stack.extend(reversed(blamed(line)))
        cells = [
            line
            for line in found.values()
            if isinstance(line.item, Input) and line.item.kind not in ASSUMED
        ]
        return cells or list(found.values())


def _inputs(line: Trace) -> Iterator[Trace]:
    """The lines below a formula: same year, last year, base year, or gathered."""
    formula = line.item
    assert isinstance(formula, Formula)
    if formula.operator:
        for name in formula.arguments:
            yield from _one(line, name, None, line.position)
        return
    for name, word in _uses(formula.expression):
        if word in LAGGING:
            if line.position > 0:
                yield from _one(line, name, word, line.position - 1)
        elif word in FIXING:
            yield from _one(line, name, word, BASE)
        elif word in GATHERING:
            yield from _gathered(line, name, str(word))
        elif word in RUNNING:
            yield from _gathered(line, name, str(word), line.result.index.up_to(line.entity))
        else:
            yield from _one(line, name, None, line.position)


def _uses(expression: Expr) -> list[tuple[str, str | None]]:
    """(name, word it stands under) in reading order, each once."""
    found: dict[tuple[str, str | None], None] = {}

    def visit(node: Expr, word: str | None) -> None:
        if isinstance(node, Name):
            found[node.name, word] = None
        elif isinstance(node, Op):
            visit(node.left, None)
            visit(node.right, None)
        elif isinstance(node, Call):
            special = node.word in REACHING
            for arg in node.args:
                visit(arg, node.word if special else None)

    visit(expression, None)
    return list(found)


def _one(line: Trace, name: str, word: str | None, position: int) -> Iterator[Trace]:
    index = line.result.index
    source, own = line.result.graph.level(name), line.item.level
    entity = line.entity
    if source == "district":
        entity = 0
    elif own == "part" and source in ("school", "stage"):
        entity = int(index.reach(source)[line.entity])
    elif source != own:
        yield from _gathered(line, name, "total")
        return
    yield Trace(line.result, name, entity, position, word)


def _gathered(
    line: Trace, name: str, word: str, members: list[int] | None = None
) -> Iterator[Trace]:
    """The largest contributors, and the rest as one line."""
    index, result = line.result.index, line.result
    source = result.graph.level(name)
    if members is None:
        members = _members(index, source, line.item.level, line.entity)
    row = result.at(name, index.years[line.position])
    ordered = sorted(members, key=lambda entity: -abs(np.nan_to_num(row[entity], nan=np.inf)))
    cut = LARGEST if word in ADDED_UP and len(ordered) > LARGEST + 1 else len(ordered)
    for entity in ordered[:cut]:
        yield Trace(result, name, entity, line.position, word)
    if ordered[cut:]:
        yield Trace(result, name, ordered[cut], line.position, word, tuple(ordered[cut:]))


def _members(index: Any, source: str, level: str, entity: int) -> list[int]:
    if level == "district":
        return list(range(index.size(source)))
    return [int(part) for part in np.flatnonzero(index.reach(level) == entity)]


def explain(
    result: Result, name: str, school: str | None, stage: str | None, year: int | None
) -> Trace:
    """The trace of one figure; JunhengError names what there is where the place is wrong."""
    graph, index = result.graph, result.index
    if name not in graph.formulas and name not in graph.inputs:
        raise JunhengError("explain_name", name=name)
    if name not in result.values:
        raise JunhengError("explain_not_run", name=name)
    if year is not None and year not in index.years:
        raise JunhengError("explain_year", year=year, years=f"{index.years[0]}–{index.years[-1]}")
    position = index.years.index(year) if year is not None else len(index.years) - 1
    level = graph.level(name)
    wanted = (
        school if level in ("part", "school") else None,
        stage if level in ("part", "stage") else None,
    )
    places = index.entities(level)
    if wanted not in places:
        shown = " / ".join(filter(None, (school, stage))) or "—"
        raise JunhengError("explain_place", name=name, place=shown, stages=", ".join(STAGES))
    return Trace(result, name, places.index(wanted), position)
