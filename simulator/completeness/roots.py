"""The empty cells behind every unknown figure, carried up through the formulas.

Each missing cell is one bit of a whole number, so that the causes of two figures are joined by
``|``. A figure that is known has no cause, whatever below it is empty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.completeness.leaves import Root, root_of
from simulator.machine.language import BASE, WORDS, Below, Groups, InOrder
from simulator.machine.registry import Formula, Input
from simulator.machine.symbols import (
    FIXING,
    GATHERING,
    LAGGING,
    OPERATIONS,
    REACHING,
    RUNNING,
    Call,
    Expr,
    Name,
    Num,
    Op,
)
from simulator.results.result import Result

#: Causes of figures over (year, entity): a whole number each, 0 where there is none.
Causes = NDArray[np.object_]
#: The cause that nobody can mend: a planned year has no count, an accounted one no assumption.
NEVER: Final = 1


class Valued(NamedTuple):
    """An expression's value and its causes."""

    value: Any
    causes: Any


@dataclass
class Roots:
    """The causes of every unknown figure of a result."""

    result: Result
    _bits: dict[Root, int] = field(default_factory=dict)

    def bit(self, root: Root) -> int:
        """The bit of a missing thing."""
        return 1 << self._bits.setdefault(root, len(self._bits) + 1)

    def named(self, causes: int) -> tuple[Root, ...]:
        """The missing things behind some causes."""
        return tuple(root for root, place in self._bits.items() if causes >> place & 1)

    def of(self, name: str, position: int, entity: int) -> int:
        """The causes of one figure; 0 where it is known, or nothing that is given mends it."""
        found = self._figures.get(name)
        if found is None:
            return 0
        causes = int(found[position if len(found) > 1 else 0, entity])
        return 0 if causes & NEVER else causes

    @cached_property
    def _figures(self) -> dict[str, Causes]:
        """Causes by figure, of those that are unknown anywhere."""
        graph, values = self.result.graph, self.result.values
        found = {
            name: self._leaf(leaf)
            for name, leaf in graph.inputs.items()
            if name in values and np.isnan(values[name]).any()
        }
        for block in graph.blocks:
            names = [n for n in block if n in values and np.isnan(values[n]).any()]
            turns = len(self.result.index.years) + 1 if block[0] in graph.recurrent else 1
            for _ in range(turns if names else 0):
                before = [found.get(name) for name in names]
                for name in names:
                    found[name] = _carried(self.result, graph.formulas[name], found)
                if all(_same(old, found[n]) for old, n in zip(before, names, strict=True)):
                    break
        return found

    def _leaf(self, leaf: Input) -> Causes:
        values = self.result.values[leaf.name]
        found = _none(values.shape)
        for position, entity in np.argwhere(np.isnan(values)).tolist():
            root = root_of(self.result, leaf, position, entity)
            found[position, entity] = NEVER if root is None else self.bit(root)
        return found


def _none(shape: tuple[int, ...]) -> Causes:
    found = np.empty(shape, dtype=object)
    found.fill(0)
    return found


def _same(old: Causes | None, new: Causes) -> bool:
    return old is not None and bool((old == new).all())


def _carried(result: Result, formula: Formula, found: dict[str, Causes]) -> Causes:
    """The causes of a formula's unknown values, from those of its arguments."""
    values = result.values[formula.name]
    reader = _Reader(result, formula, found)
    causes = reader.spread() if formula.operator else reader.read(formula.expression).causes
    wide = np.broadcast_to(np.asarray(causes, dtype=object), _shape(values, causes))
    return np.asarray(np.where(np.isnan(values), wide, 0), dtype=object)


def _shape(values: Any, causes: Any) -> tuple[int, ...]:
    return np.broadcast_shapes(values.shape, np.shape(causes))


@dataclass
class _Reader:
    """Reads the expression of a formula, with the causes of each part of it."""

    result: Result
    formula: Formula
    found: dict[str, Causes]

    def read(self, node: Expr) -> Valued:
        """An expression's value and causes: none where it is known."""
        if isinstance(node, Num):
            return Valued(node.value, 0)
        if isinstance(node, Name):
            return self._name(node.name)
        if isinstance(node, Op):
            left, right = self.read(node.left), self.read(node.right)
            value = OPERATIONS[node.symbol](left.value, right.value)
            return _masked(value, left.causes | right.causes)
        assert isinstance(node, Call)
        if node.word in REACHING:
            return self._reached(node)
        args = [self.read(arg) for arg in node.args]
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            value = WORDS[node.word](*(arg.value for arg in args))
        return _masked(value, _JOINED.get(node.word, _all)(args))

    def _raw(self, name: str) -> Valued:
        values = self.result.values[name]
        causes = self.found.get(name)
        return Valued(values, _none(values.shape) if causes is None else causes)

    def _name(self, name: str) -> Valued:
        """A figure at the places of the formula."""
        graph, index = self.result.graph, self.result.index
        source, raw = graph.level(name), self._raw(name)
        if source in (self.formula.level, "district"):
            return raw
        reach = index.reach(source)
        return Valued(raw.value[..., reach], raw.causes[..., reach])

    def _reached(self, node: Call) -> Valued:
        name = node.args[0]
        assert isinstance(name, Name)
        if node.word in FIXING or node.word in LAGGING:
            return self._in_time(node.word, self._name(name.name))
        index, raw = self.result.index, self._raw(name.name)
        if node.word in RUNNING:
            order, starts = index.by_code
            value = WORDS[node.word](InOrder(raw.value, order, starts))
            return Valued(value, _running(raw.causes, order, starts))
        assert node.word in GATHERING
        groups = index.groups(self.result.graph.level(name.name), self.formula.level)
        value = WORDS[node.word](Below(raw.value, groups))
        return Valued(value, _gathered(raw.causes, groups))

    def _in_time(self, word: str, raw: Valued) -> Valued:
        if len(raw.value) == 1:
            return raw
        if word in FIXING:
            return Valued(raw.value[BASE : BASE + 1], raw.causes[BASE : BASE + 1])
        causes = np.roll(raw.causes, 1, axis=0)
        causes[0] = NEVER
        return Valued(WORDS[word](raw.value), causes)

    def spread(self) -> Causes:
        """Of an operator, which looks at all places at once: the causes of all, by year.

        An operator does without a stage's standard that is missing, and without what is not
        known of schools outside the evaluation.
        """
        level = self.result.graph.level
        named = [name for name in self.formula.arguments if level(name) != "stage"]
        rows = [self._looked_at(name) for name in named]
        joined = [np.bitwise_or.reduce(each, axis=-1, keepdims=True) for each in rows]
        wide = np.broadcast_arrays(*joined)
        return np.asarray(np.bitwise_or.reduce(np.array(wide, dtype=object), axis=0))

    def _looked_at(self, name: str) -> Causes:
        causes = self._raw(name).causes
        same = self.result.graph.level(name) == self.formula.level
        if not same or "in_scope" not in self.formula.arguments:
            return np.asarray(causes, dtype=object)
        return np.asarray(np.where(self.result.values["in_scope"] == 0, 0, causes), dtype=object)


def _masked(value: Any, causes: Any) -> Valued:
    return Valued(value, np.where(np.isnan(value), causes, 0) if np.any(causes) else 0)


def _all(args: list[Valued]) -> Any:
    joined: Any = 0
    for arg in args:
        joined = joined | arg.causes
    return joined


def _chosen(args: list[Valued]) -> Any:
    """Of a choice: what leaves the flag unknown, else what the branch taken lacks."""
    flag, then, otherwise = args
    taken = np.where(np.asarray(flag.value) != 0, then.causes, otherwise.causes)
    return np.where(np.isnan(flag.value), flag.causes, taken)


def _fallen_back(args: list[Valued]) -> Any:
    """Of a value with a fallback: what the fallback lacks, which is the ordinary way.

    Where nothing that is given mends the fallback, what the value itself lacks.
    """
    first, last = (np.asarray(arg.causes, dtype=object) for arg in args)
    return np.where((last != 0) & (last & NEVER == 0), last, first)


_JOINED: Final[dict[str, Callable[[list[Valued]], Any]]] = {
    "where": _chosen, "known_or": _fallen_back,
}  # fmt: skip


def _gathered(causes: Causes, groups: Groups) -> Causes:
    if groups.order is not None:
        causes = causes[..., groups.order]
    found = _none((*causes.shape[:-1], groups.count))
    if groups.count == 1:
        found[..., 0] = np.bitwise_or.reduce(causes, axis=-1) if causes.shape[-1] else 0
    elif groups.filled.size:
        found[..., groups.filled] = np.bitwise_or.reduceat(causes, groups.starts, axis=-1)
    return found


def _running(causes: Causes, order: NDArray[np.intp], starts: NDArray[np.intp]) -> Causes:
    found = np.empty_like(causes)
    for start, end in zip(starts, [*starts[1:], len(order)], strict=True):
        here = order[start:end]
        found[..., here] = np.bitwise_or.accumulate(causes[..., here], axis=-1)
    return found
