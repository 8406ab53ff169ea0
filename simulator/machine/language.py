"""The vocabulary of formulas: each word works on arrays (numbers) and on symbols (text).

A formula is called twice: by the engine on numpy arrays over (…, year, entity), and once,
when it is declared, on symbols, which yields the expression that the trace, the workbook
and the rule book print. Flags are 1 or 0; unknown is NaN and stays unknown.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.machine.symbols import Call, Expr, as_expr

Array = NDArray[np.float64]
#: Position of the base year on the year axis; the year before it comes first.
BASE = 1
#: Subtracted before rounding up, so that 70 ÷ 35 is two classes whatever the last bit says.
CEIL_SLACK = 1e-9
#: What is added before rounding down, so that a half goes up.
HALF = 1 / 2
#: Distance, relative above one, below which a value counts as equal to its limit.
CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Groups:
    """How the entities of one level gather into a higher one.

    ``order`` sorts the lower entities by group (None: they already are), ``starts`` are the
    first positions of the non-empty groups ``filled`` out of ``count`` groups.
    """

    order: NDArray[np.intp] | None
    starts: NDArray[np.intp]
    filled: NDArray[np.intp]
    count: int

    def sums(self, values: Array) -> Array:
        """Sums over each group; an empty group sums to 0; (…, lower) → (…, upper)."""
        if self.order is not None:
            values = values[..., self.order]
        if self.count == 1:
            return np.asarray(values.sum(axis=-1, keepdims=True))
        found: Array = np.zeros((*values.shape[:-1], self.count))
        if self.filled.size:
            found[..., self.filled] = np.add.reduceat(values, self.starts, axis=-1)
        return found

    def extremes(self, values: Array, pick: Any) -> Array:
        """Largest or smallest of each group; an empty group is unknown."""
        if self.order is not None:
            values = values[..., self.order]
        found: Array = np.full((*values.shape[:-1], self.count), np.nan)
        if self.filled.size:
            found[..., self.filled] = pick.reduceat(values, self.starts, axis=-1)
        return found


@dataclass(frozen=True, slots=True)
class Below:
    """Values of a lower level handed to a formula: they can only be gathered, not used."""

    values: Array
    groups: Groups


@dataclass(frozen=True, slots=True)
class InOrder:
    """Values of the parts handed to a formula in the order of school codes, stage by stage.

    ``order`` are the positions in that order, ``starts`` where each stage begins in it.
    """

    values: Array
    order: NDArray[np.intp]
    starts: NDArray[np.intp]

    def running(self) -> Array:
        """Of each part, the sum over itself and those before it at its stage; (…, part)."""
        sums = np.cumsum(self.values[..., self.order], axis=-1)
        found = np.empty_like(sums)
        ends = [*self.starts[1:], len(self.order)]
        for start, end in zip(self.starts, ends, strict=True):
            before = sums[..., start - 1 : start] if start else 0.0
            found[..., self.order[start:end]] = sums[..., start:end] - before
        return found


def word(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a numeric function a word: on symbols it builds the call instead."""
    name = function.__name__

    def spoken(*args: Any) -> Any:
        for arg in args:
            if isinstance(arg, Expr):
                return Call(name, tuple(as_expr(each) for each in args))
        return function(*args)

    spoken.__name__ = name
    spoken.__doc__ = function.__doc__
    WORDS[name] = spoken
    return spoken


WORDS: dict[str, Callable[..., Any]] = {}


@word
def maximum(left: Any, right: Any) -> Any:
    """The larger of two values; unknown where one is."""
    return np.maximum(left, right)


@word
def minimum(left: Any, right: Any) -> Any:
    """The smaller of two values; unknown where one is."""
    return np.minimum(left, right)


@word
def where(condition: Any, then: Any, otherwise: Any) -> Any:
    """One value where the flag is set, the other where not; unknown where the flag is."""
    flag = np.asarray(condition)
    if flag.size == 1:  # one flag for all: nothing to choose entity by entity
        chosen = flag.item()
        return np.nan if math.isnan(chosen) else then if chosen else otherwise
    chosen = np.where(flag != 0, then, otherwise)
    unknown = np.isnan(flag)
    return np.where(unknown, np.nan, chosen) if unknown.any() else chosen


@word
def known_or(value: Any, fallback: Any) -> Any:
    """The value where it is known, else the fallback."""
    return np.where(np.isnan(value), fallback, value)


@word
def known(value: Any) -> Any:
    """1 where the value is known, else 0."""
    return np.where(np.isnan(value), 0.0, 1.0)


@word
def ratio(above: Any, below: Any) -> Any:
    """A quotient; unknown where the divisor is zero."""
    zero = np.equal(below, 0)
    return above / (np.where(zero, np.nan, below) if zero.any() else below)


@word
def power(base: Any, exponent: Any) -> Any:
    """A power; unknown for a negative base."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.less(base, 0), np.nan, np.power(np.asarray(base, float), exponent))


@word
def square_root(value: Any) -> Any:
    """The square root; unknown below zero."""
    with np.errstate(invalid="ignore"):
        return np.sqrt(value)


@word
def ceil(value: Any) -> Any:
    """The next whole number up."""
    # from nought, so that none is 0 and not −0
    return 0.0 - np.floor(CEIL_SLACK - np.asarray(value, float))


@word
def whole(value: Any) -> Any:
    """The nearest whole number; a half goes up."""
    return np.floor(np.asarray(value, float) + (HALF + CEIL_SLACK))


def _slack(limit: Any) -> Any:
    """What counts as equal to the limit: the noise of float64, no more."""
    if isinstance(limit, (int, float)):
        return CLOSE * max(1.0, abs(limit))
    return CLOSE * np.maximum(1.0, np.abs(limit))


@word
def at_least(value: Any, limit: Any) -> Any:
    """1 where the value reaches the limit, else 0; unknown where one is."""
    # a difference times nothing is nothing, and unknown where either is
    return np.greater_equal(value, limit - _slack(limit)) + (value - limit) * 0.0


@word
def above(value: Any, limit: Any) -> Any:
    """1 where the value is greater than the limit, else 0; unknown where one is."""
    return np.greater(value, limit + _slack(limit)) + (value - limit) * 0.0


@word
def equal(value: Any, other: Any) -> Any:
    """1 where both are the same, else 0; unknown where one is."""
    return np.equal(value, other) + (value - other) * 0.0


@word
def previous(value: Any) -> Any:
    """Last year's value; unknown in the first year; (…, year, entity)."""
    shifted = np.empty_like(value)
    shifted[..., 0, :] = np.nan
    shifted[..., 1:, :] = value[..., :-1, :]
    return shifted


@word
def at_base(value: Any) -> Any:
    """The base year's value, for every year."""
    return value[..., BASE : BASE + 1, :]


@word
def cumulated(value: InOrder) -> Any:
    """The sum over a part and those before it at its stage, in the order of school codes."""
    return value.running()


@word
def total(value: Below) -> Any:
    """The sum over the parts of a school, a stage or the district."""
    return value.groups.sums(value.values)


@word
def largest(value: Below) -> Any:
    """The largest value in the stage or the district."""
    return value.groups.extremes(value.values, np.maximum)


@word
def smallest(value: Below) -> Any:
    """The smallest value in the stage or the district."""
    return value.groups.extremes(value.values, np.minimum)
