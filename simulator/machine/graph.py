"""Formulas put in order by the names of their arguments; what cannot be ordered is refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from simulator import glossary
from simulator.errors import JunhengError
from simulator.glossary import Language
from simulator.machine.registry import GATHERS, REACHES, Formula, Input, Level


@dataclass(frozen=True)
class Graph:
    """Formulas and inputs by name, in an order in which they can be computed.

    ``blocks`` are groups of names: a single formula is computed for all years at once; a
    group that needs its own last year is computed year by year.
    """

    formulas: Mapping[str, Formula]
    inputs: Mapping[str, Input]
    blocks: tuple[tuple[str, ...], ...]

    def level(self, name: str) -> Level:
        """The level of a formula or an input."""
        found = self.formulas.get(name) or self.inputs[name]
        return found.level

    def unit(self, name: str) -> str:
        """The unit of a formula or an input."""
        found = self.formulas.get(name) or self.inputs[name]
        return found.unit

    def label(self, name: str, language: Language) -> str:
        """The words of a name: the glossary's, or those a district gave to a line of its own.

        A name without words stands as it is.
        """
        item = self.formulas.get(name) or self.inputs.get(name)
        if item is not None and item.words is not None:
            return item.words[0 if language == "zh" else 1]
        term = glossary.find(name)
        return term.label(language) if term else name

    @cached_property
    def recurrent(self) -> frozenset[str]:
        """Formulas that are computed year by year, because they need their own last year."""
        return frozenset(
            name for block in self.blocks for name in block if self._is_recurrent(block)
        )

    def _is_recurrent(self, block: tuple[str, ...]) -> bool:
        return len(block) > 1 or block[0] in self.formulas[block[0]].before

    @cached_property
    def users(self) -> dict[str, tuple[str, ...]]:
        """For each name, the formulas that use it."""
        found: dict[str, list[str]] = {}
        for formula in self.formulas.values():
            for argument in formula.arguments:
                found.setdefault(argument, []).append(formula.name)
        return {name: tuple(names) for name, names in found.items()}

    def needed(self, wanted: Iterable[str]) -> frozenset[str]:
        """Every formula that the wanted ones need, themselves included."""
        found: set[str] = set()
        stack = [name for name in wanted if name in self.formulas]
        while stack:
            name = stack.pop()
            if name not in found:
                found.add(name)
                stack.extend(a for a in self.formulas[name].arguments if a in self.formulas)
        return frozenset(found)


def build_graph(
    formulas: Iterable[Formula], inputs: Iterable[Input], labelled: Collection[str] | None = None
) -> Graph:
    """Order formulas; JunhengError with the names on a duplicate, missing, unlabelled or cycle.

    ``labelled`` are the names that have words in both languages (None: not checked).
    """
    listed, leaves = list(formulas), list(inputs)
    names = [formula.name for formula in listed] + [leaf.name for leaf in leaves]
    _refuse("graph_duplicate", {name for name in names if names.count(name) > 1})
    by_name = {formula.name: formula for formula in listed}
    by_leaf = {leaf.name: leaf for leaf in leaves}
    if labelled is not None:
        _refuse("graph_unlabelled", {name for name in names if name not in labelled})
    for formula in listed:
        _check_arguments(formula, by_name, by_leaf)
    blocks = _ordered_blocks(by_name)
    return Graph(by_name, by_leaf, blocks)


def _refuse(code: str, names: set[str]) -> None:
    if names:
        raise JunhengError(code, names=", ".join(sorted(names)))


def _check_arguments(
    formula: Formula, formulas: Mapping[str, Formula], inputs: Mapping[str, Input]
) -> None:
    missing = [a for a in formula.arguments if a not in formulas and a not in inputs]
    if missing:
        raise JunhengError("graph_missing", formula=formula.name, names=", ".join(missing))
    gathered = formula.gathered
    for argument in formula.arguments:
        level = (formulas.get(argument) or inputs[argument]).level
        allowed = GATHERS[formula.level] if argument in gathered else REACHES[formula.level]
        if level not in allowed and not formula.operator:
            raise JunhengError("graph_level", formula=formula.name, argument=argument)
        if argument in formula.running and (formula.level, level) != ("part", "part"):
            raise JunhengError("graph_level", formula=formula.name, argument=argument)
        if argument in formula.before and argument in inputs and not inputs[argument].by_year:
            raise JunhengError("graph_static", formula=formula.name, argument=argument)


def _ordered_blocks(formulas: Mapping[str, Formula]) -> tuple[tuple[str, ...], ...]:
    """Groups of formulas in an order in which they can be computed."""
    edges = {
        name: [a for a in formula.arguments if a in formulas] for name, formula in formulas.items()
    }
    blocks = _components(edges)
    return tuple(_order_in_year(block, formulas) for block in blocks)


def _components(edges: Mapping[str, list[str]]) -> list[list[str]]:
    """Groups of names that need one another, each after those it needs."""
    names = list(edges)
    place = {name: position for position, name in enumerate(names)}
    pairs = [(place[name], place[needed]) for name in names for needed in edges[name]]
    rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
    links = coo_array((np.ones(len(pairs)), (rows, columns)), shape=(len(names), len(names)))
    _, group = connected_components(links, connection="strong")
    before: dict[int, set[int]] = {int(number): set() for number in group}
    for row, column in pairs:
        if group[row] != group[column]:
            before[int(group[row])].add(int(group[column]))
    members: dict[int, list[str]] = {number: [] for number in before}
    for name, number in zip(names, group, strict=True):
        members[int(number)].append(name)
    return [members[number] for number in TopologicalSorter(before).static_order()]


def _order_in_year(block: list[str], formulas: Mapping[str, Formula]) -> tuple[str, ...]:
    """Order a group by what each needs of the same year; a circle within a year is refused."""
    left = {name: {a for a in formulas[name].now if a in block} for name in block}
    ordered: list[str] = []
    while left:
        ready = sorted(name for name, needs in left.items() if not needs - set(ordered))
        if not ready:
            raise JunhengError("graph_cycle", names=" → ".join(_circle(left)))
        ordered.extend(ready)
        for name in ready:
            del left[name]
    return tuple(ordered)


def _circle(left: Mapping[str, set[str]]) -> list[str]:
    """One circle among the names that are left, from a name back to itself."""
    path = [min(left)]
    while True:
        following = min(name for name in left[path[-1]] if name in left)
        if following in path:
            return [*path[path.index(following) :], following]
        path.append(following)
