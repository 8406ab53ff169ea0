"""What the tree of a written formula means: its unit, and its value on arrays or symbols."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import numpy as np

from simulator.errors import JunhengError
from simulator.machine.language import above, at_least, ceil, equal, maximum, minimum, ratio
from simulator.own_formula.dimension import SHARE, Dimension, InWords, times
from simulator.own_formula.tree import Binary, Chosen, Column, Number, Tree, columns_of


def rounded(value: Any) -> Any:
    """The nearest whole number; a half goes up."""
    return 0 - ceil(0 - (value + 0.5))


_JOINED: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": ratio,
    "<": lambda left, right: above(right, left),
    "<=": lambda left, right: at_least(right, left),
    ">": above,
    ">=": at_least,
    "=": equal,
    "!=": lambda left, right: 1 - equal(left, right),
}
_CHOICES: Mapping[str, Callable[[Any, Any], Any]] = {"min": minimum, "max": maximum}


def folded(tree: Tree, columns: Mapping[str, Any]) -> Any:
    """The value of a tree: on arrays an array, on symbols an expression."""
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Column):
        return columns[tree.name]
    if isinstance(tree, Binary):
        left, right = folded(tree.left, columns), folded(tree.right, columns)
        return _plain(_JOINED[tree.sign](left, right))
    values = [folded(value, columns) for value in tree.values]
    if tree.function == "round":
        return _plain(rounded(values[0]))
    return _plain(reduce(_CHOICES[tree.function], values))


def _plain(value: Any) -> Any:
    """A number that numpy made of numbers as a number of Python's, which symbols accept."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return float(value)
    return value


def measured(tree: Tree, columns: Mapping[str, Dimension]) -> Dimension | None:
    """What a tree measures; None is a bare number, which takes the unit of its neighbour.

    JunhengError where units do not go together, or where numbers alone have no value.
    """
    if isinstance(tree, Number):
        return None
    if isinstance(tree, Column):
        return columns[tree.name]
    if isinstance(tree, Binary):
        found = _of_two(tree, measured(tree.left, columns), measured(tree.right, columns))
    else:
        found = _of_several(tree, columns)
    if not any(columns_of(tree)):
        _refuse_senseless(tree)
    return found


def _of_two(tree: Binary, left: Dimension | None, right: Dimension | None) -> Dimension | None:
    if tree.sign in "*/":
        if left is None and right is None:
            return None
        _refuse_zero(tree)
        return times(left or SHARE, right or SHARE, 1 if tree.sign == "*" else -1)
    same = _same(left, right, tree)
    return same if tree.sign in "+-" else SHARE


def _refuse_zero(tree: Binary) -> None:
    if tree.sign == "/" and tree.right == Number(0.0, tree.right.at):
        raise JunhengError("line_text_zero", at=tree.right.at)


def _of_several(tree: Chosen, columns: Mapping[str, Dimension]) -> Dimension | None:
    found: Dimension | None = None
    for value in tree.values:
        found = _same(found, measured(value, columns), tree)
    return found


def _same(left: Dimension | None, right: Dimension | None, tree: Binary | Chosen) -> Any:
    """The one unit of two values that are added or compared."""
    if left is None or right is None or left == right:
        return right if left is None else left
    what = tree.sign if isinstance(tree, Binary) else tree.function
    raise JunhengError(
        "line_text_units", at=tree.at, what=what, left=InWords(left), right=InWords(right)
    )


def _refuse_senseless(tree: Binary | Chosen) -> None:
    """Refuse numbers that divide by zero or leave the range of numbers."""
    with np.errstate(all="ignore"):
        value = folded(tree, {})
    if not math.isfinite(value):
        raise JunhengError("line_text_zero", at=tree.at)
