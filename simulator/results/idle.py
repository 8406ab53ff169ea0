"""Levers that count for nothing: no result of a planned year reads them.

A district's own formula lines pay by what they count; levers of the national formula that they
do not name move nothing then. Other levers can shut one out as well.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from simulator.law import INPUTS
from simulator.law.balance.quantities import INDICATORS
from simulator.law.rules import RULES
from simulator.machine.graph import Graph
from simulator.machine.language import BASE, WORDS, Array
from simulator.machine.registry import Input
from simulator.machine.symbols import (
    FIXING,
    LAGGING,
    OPERATIONS,
    REACHING,
    Call,
    Expr,
    Name,
    Num,
    Op,
    walk,
)
from simulator.scenario.levers import known_paths

if TYPE_CHECKING:
    from simulator.results.result import Result

#: Why a lever counts for nothing: the formula in force does not read it, or another lever decides.
Reason = Literal["lines", "other"]
When = Literal["planned", "base"]
#: What officers decide by: money, what schools get, balance; the rules' figures come on top.
RESULTS: Final = (
    "need", "operating_total", "payroll_total", "bureau_training", "school_training_total",
    "repair_total", "aid_total", "investment_total", "appropriation", "upper_transfers",
    "available", "gap", "central_operating", "province_operating", "city_operating",
    "county_operating", "operating_funds", "stage_pay", "stage_repair", "aid", "investment",
    "posts", "classes", "cost_per_pupil", "composite_cv", "weak_schools_total",
    "district_schools_failing", "schools_lacking_rooms", "schools_oversized", "pay_ratio",
    *(f"cv_{item.id}" for item in INDICATORS),
    *(f"value_{item.id}" for item in INDICATORS),
    *(name for rule in RULES for name in (rule.actual, rule.required, rule.headroom)),
)  # fmt: skip


def idle_levers(result: Result) -> Mapping[str, Reason]:
    """The paths of levers and assumptions that no result of a planned year reads, and why."""
    read = _read(result)
    reason: Reason = "lines" if result.lines is not None else "other"
    return {
        path: reason
        for path in known_paths()
        if (inputs := inputs_of(path)) and not read & {leaf.name for leaf in inputs}
    }


@functools.cache
def inputs_of(path: str) -> tuple[Input, ...]:
    """The inputs that a lever's path sets: those that name it most closely."""
    place = path
    while place:
        found = tuple(leaf for leaf in _BY_PATH if leaf.refers == place)
        if found:
            return found
        place = place.rpartition(".")[0]
    # what is left over once the others of its block are given, as the county's share
    block = path.rpartition(".")[0]
    return tuple(leaf for leaf in _BY_PATH if leaf.refers.rpartition(".")[0] == block)


_BY_PATH: Final = tuple(leaf for leaf in INPUTS if leaf.kind == "lever")


def _read(result: Result) -> frozenset[str]:
    """The lever inputs that results of planned years rest on."""
    graph, found = result.graph, set[str]()
    stack: list[tuple[str, When]] = [
        (name, "planned") for name in RESULTS if name in graph.formulas
    ]
    seen = set(stack)
    while stack:
        name, when = stack.pop()
        leaf = graph.inputs.get(name)
        if leaf is not None:
            # a lever by year says nothing of the base year
            if leaf.kind == "lever" and (when == "planned" or not leaf.by_year):
                found.add(name)
            continue
        for step in _needs(result, name, when):
            if step not in seen:
                seen.add(step)
                stack.append(step)
    return frozenset(found)


def _needs(result: Result, name: str, when: When) -> Iterator[tuple[str, When]]:
    """What a formula reads in planned years, or in the base year, and of which years."""
    formula = result.graph.formulas[name]
    if formula.operator:
        yield from ((argument, when) for argument in formula.arguments)
        return
    for found, word in _reached(result, formula.expression, when):
        if word in FIXING:
            yield found, "base"
        else:
            yield found, when
            if word in LAGGING and when == "planned":
                yield found, "base"


def _reached(result: Result, expression: Expr, when: When) -> Iterator[tuple[str, str]]:
    """The names of an expression, each with the word it stands under; settled branches left out."""
    if isinstance(expression, Name):
        yield expression.name, ""
    elif isinstance(expression, Op):
        yield from _reached(result, expression.left, when)
        yield from _reached(result, expression.right, when)
    elif isinstance(expression, Call) and expression.word in REACHING:
        names = (each.name for each in expression.args if isinstance(each, Name))
        yield from ((name, expression.word) for name in names)
    elif isinstance(expression, Call):
        for each in _branches(result, expression, when):
            yield from _reached(result, each, when)


def _branches(result: Result, call: Call, when: When) -> tuple[Expr, ...]:
    """The arguments that count: of a choice that levers alone decide, the branch they choose."""
    first = call.args[0]
    if call.word not in ("where", "known_or") or not _by_levers(result.graph, first):
        return call.args
    value = _evaluate(result, first, when)
    if call.word == "known_or":
        return call.args[:1] if np.isfinite(value).all() else call.args
    if np.isnan(value).any():
        return call.args
    if (value != 0).all():
        return call.args[:2]
    return call.args if value.any() else (first, call.args[2])


def _by_levers(graph: Graph, expression: Expr) -> bool:
    """Whether levers and the kind of the year decide alone."""
    names = [node.name for node in walk(expression) if isinstance(node, Name)]
    leaves = [graph.inputs.get(name) for name in names]
    return bool(names) and all(
        leaf is not None and (leaf.kind == "lever" or leaf.name == "planned") for leaf in leaves
    )


def _evaluate(result: Result, expression: Expr, when: When) -> Array:
    """A condition over levers, in planned years or in the base year."""
    if isinstance(expression, Num):
        return np.asarray(expression.value)
    if isinstance(expression, Name):
        values = np.asarray(result.values[expression.name])
        if values.shape[-2] == 1:
            return values
        return values[..., BASE + 1 :, :] if when == "planned" else values[..., BASE : BASE + 1, :]
    if isinstance(expression, Op):
        left, right = (_evaluate(result, e, when) for e in (expression.left, expression.right))
        return np.asarray(OPERATIONS[expression.symbol](left, right))
    assert isinstance(expression, Call)
    args = (_evaluate(result, each, when) for each in expression.args)
    return np.asarray(WORDS[expression.word](*args))
