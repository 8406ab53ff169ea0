"""Reads a trace line: computes it again from what is printed, and says what its value rests on."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

import numpy as np

from simulator.machine.language import WORDS, Below, Groups
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


class Printed(Protocol):
    """A line below another: a figure, the word it stands under, its value."""

    @property
    def name(self) -> str:
        """The figure's name."""

    @property
    def word(self) -> str | None:
        """The word it stands under, such as ``total``; None for none."""

    @property
    def value(self) -> float:
        """The figure itself."""


Line = TypeVar("Line", bound=Printed)
Lines = tuple[Line, ...]


def evaluate(expression: Expr, lines: Lines[Line]) -> Any:
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


def _special(expression: Call, lines: Lines[Line]) -> float:
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


def taken(expression: Expr | None, lines: Lines[Line]) -> list[Line]:
    """The lines that a value rests on: branches that were not taken are left out."""
    if expression is None:
        return list(lines)
    used = {id(below) for below in _taken(expression, lines)}
    return [below for below in lines if id(below) in used]


def _taken(expression: Expr, lines: Lines[Line]) -> list[Line]:
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


def blamed(expression: Expr | None, lines: Lines[Line]) -> list[Line]:
    """The lines that make a value unknown; those that do not matter are left out."""
    below = lines if expression is None else _blame(expression, lines)
    return [line for line in below if np.isnan(line.value)]


def _blame(expression: Expr, lines: Lines[Line]) -> list[Line]:
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
