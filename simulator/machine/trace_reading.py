"""Reads a trace line: computes it again from what is printed, and finds its data cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.district.model import Origin
from simulator.district.pupils.grades import first_grade
from simulator.machine.language import BASE, WORDS, Below, Groups
from simulator.machine.registry import Input
from simulator.machine.symbols import (
    GATHERING,
    OPERATIONS,
    REACHING,
    RUNNING,
    Call,
    Expr,
    Name,
    Num,
    Op,
)
from simulator.results.binding import PRIOR

if TYPE_CHECKING:
    from simulator.machine.trace import Trace


def evaluate(expression: Expr, lines: tuple[Trace, ...]) -> Any:
    """An expression computed from the printed values of the lines below it."""
    if isinstance(expression, Num):
        return expression.value
    if isinstance(expression, Name):
        return next(
            line.value for line in lines if line.word is None and line.name == expression.name
        )
    if isinstance(expression, Op):
        left = evaluate(expression.left, lines)
        right = evaluate(expression.right, lines)
        return OPERATIONS[expression.symbol](left, right)
    assert isinstance(expression, Call)
    if expression.word in REACHING:
        return _special(expression, lines)
    return WORDS[expression.word](*(evaluate(arg, lines) for arg in expression.args))


def _special(expression: Call, lines: tuple[Trace, ...]) -> float:
    name = expression.args[0]
    assert isinstance(name, Name)
    found = [line.value for line in lines if (line.word, line.name) == (expression.word, name.name)]
    if expression.word in RUNNING:
        return float(sum(found))
    if expression.word in GATHERING:
        one = np.zeros(1 if found else 0, dtype=np.intp)
        groups = Groups(None, one, one, 1)
        return float(WORDS[expression.word](Below(np.array(found), groups))[0])
    return found[0] if found else float("nan")


def taken(line: Trace) -> list[Trace]:
    """The lines below a line that its value rests on: branches that were not taken are left out."""
    if line.expression is None or line.kind == "operator":
        return list(line.inputs)
    used = {id(below) for below in _taken(line.expression, line.inputs)}
    return [below for below in line.inputs if id(below) in used]


def _taken(expression: Expr, lines: tuple[Trace, ...]) -> list[Trace]:
    if not isinstance(expression, Call) or expression.word in REACHING:
        if isinstance(expression, Op):
            return [*_taken(expression.left, lines), *_taken(expression.right, lines)]
        return _blame(expression, lines)
    chosen = expression.args
    if expression.word == "where":
        flag = float(evaluate(chosen[0], lines))
        chosen = chosen[:1] if np.isnan(flag) else (chosen[0], chosen[1 if flag else 2])
    elif expression.word == "known_or" and not np.isnan(float(evaluate(chosen[0], lines))):
        chosen = chosen[:1]
    return [line for arg in chosen for line in _taken(arg, lines)]


def blamed(line: Trace) -> list[Trace]:
    """The lines below a line that make it unknown; those that do not matter are left out."""
    if line.expression is None or line.kind == "operator":
        return [below for below in line.inputs if np.isnan(below.value)]
    return [below for below in _blame(line.expression, line.inputs) if np.isnan(below.value)]


def _blame(expression: Expr, lines: tuple[Trace, ...]) -> list[Trace]:
    if isinstance(expression, Name):
        return [line for line in lines if line.word is None and line.name == expression.name]
    if isinstance(expression, Op):
        return [*_blame(expression.left, lines), *_blame(expression.right, lines)]
    if not isinstance(expression, Call):
        return []
    if expression.word in REACHING:
        name = expression.args[0]
        assert isinstance(name, Name)  # checked when the formula was declared
        return [line for line in lines if (line.word, line.name) == (expression.word, name.name)]
    if expression.word == "where":
        flag = float(evaluate(expression.args[0], lines))
        chosen = 0 if np.isnan(flag) else 1 if flag else 2
        return _blame(expression.args[chosen], lines)
    return [line for arg in expression.args for line in _blame(arg, lines)]


def origin_of(line: Trace) -> Origin | None:
    """The cell of a column, a fiscal figure or a setting; None for anything else."""
    leaf, result = line.item, line.result
    if not isinstance(leaf, Input) or line.rest:
        return None
    district = result.binding.district
    school, stage = line.place
    if leaf.kind == "column":
        if line.year is not None:  # counted columns change only where pupils and staff moved
            return None
        column = leaf.by_stage.get(stage or "", "") if leaf.by_stage else leaf.refers
        return district.origin("schools", school or "", column)
    if leaf.kind == "fiscal":
        return district.origin("fiscal", result.index.years[line.position], leaf.refers)
    if leaf.kind == "district":
        field_ = leaf.by_stage.get(stage or "", "") if leaf.by_stage else leaf.refers
        return district.origin("district", "", field_)
    if leaf.kind == "projection":
        return district.origin("schools", school or "", _counted_column(line, stage or ""))
    if leaf.kind == "structure" and leaf.refers:
        return district.origin("schools", school or "", leaf.refers)
    return None


def _counted_column(line: Trace, stage: str) -> str:
    """The column a count of pupils was read from."""
    if line.name in PRIOR:
        return PRIOR[line.name].get(stage, "")
    if line.name == "observed_pupils":
        return f"{stage}_pupils" + ("_prior" if line.position < BASE else "")
    first = first_grade(stage, line.result.binding.district.primary_years)
    return f"grade_{first + int(line.name.rsplit('_', 1)[1]) - 1}"


def is_assumed(line: Trace) -> bool:
    """Whether a data cell was empty and counts as none, as the district declares."""
    leaf, (school, stage) = line.item, line.place
    if not isinstance(leaf, Input) or leaf.kind != "column" or line.rest:
        return False
    column = leaf.by_stage.get(stage or "", leaf.refers)
    return (school or "", column) in line.result.binding.district.assumed
