"""The book that the independent model writes its figures into, and its few words of arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
STAGES = ("primary", "junior", "special")
#: Distance within which two computed figures are the same: the noise of float64.
NOISE = 1e-9


class Book:
    """Figures by name and year (0 is the base year)."""

    def __init__(self) -> None:
        self.own: dict[str, dict[int, Array]] = {}

    def put(self, name: str, year: int, value: Any) -> Array:
        """Write a figure of a year down; it comes back as it is kept."""
        found = np.array(value, dtype=float)
        self.own.setdefault(name, {})[year] = found
        return found

    def at(self, name: str, year: int) -> Array:
        """A figure of a year; unknown where it was not written down."""
        years = self.own[name]
        if year in years:
            return years[year]
        return np.full_like(next(iter(years.values())), np.nan)

    def figure(self, name: str, years: Iterable[int]) -> Array:
        """A figure as computed: (year, entity)."""
        return np.array([np.atleast_1d(self.own[name][year]) for year in years])


def div(above: Any, below: Any) -> Any:
    """A quotient; by nothing it is unknown."""
    below = np.where(np.asarray(below, float) == 0, np.nan, below)
    return np.asarray(above, float) / below


def pick(flag: Any, yes: Any, no: Any) -> Array:
    """One of two values by a flag of 1 or 0; unknown where the flag is."""
    flag = np.asarray(flag, float)
    return np.where(np.isnan(flag), np.nan, np.where(flag != 0, yes, no))


def first_known(*values: Any) -> Array:
    """The first value that is known."""
    found = np.asarray(values[-1], float)
    for value in reversed(values[:-1]):
        found = np.where(np.isnan(value), found, value)
    return found


def over(value: Any, limit: Any) -> Array:
    """1 where a value is above a limit by more than noise; unknown where one is."""
    value, limit = np.asarray(value, float), np.asarray(limit, float)
    found = (value - limit > NOISE * np.maximum(1, np.abs(limit))).astype(float)
    return np.where(np.isnan(value) | np.isnan(limit), np.nan, found)


def reaches(value: Any, limit: Any) -> Array:
    """1 where a value is not below a limit by more than noise; unknown where one is."""
    return 1.0 - over(limit, value)


def round_up(value: Any) -> Array:
    """The next whole number up; the noise of a quotient makes no class more."""
    value = np.asarray(value, float)
    near = np.round(value)
    return np.where(np.abs(value - near) <= NOISE, near, np.ceil(value))


def nearest(value: Any) -> Array:
    """The nearest whole number, a half up."""
    return np.floor(np.asarray(value, float) + 0.5)


def cascade(exact: Sequence[float]) -> list[float]:
    """Whole persons in the order given: the running sums are rounded, not the figures.

    Who is not known is passed over: the others' sums go on without them.
    """
    found, running, before = [], 0.0, 0.0
    for value in exact:
        if np.isnan(value):
            found.append(np.nan)
            continue
        running += value
        whole = float(nearest(round(running, 7)))
        found.append(whole - before)
        before = whole
    return found


def every(*flags: Any) -> Array:
    """1 where all are 1, 0 where any is known to be 0, else unknown."""
    table = np.array(np.broadcast_arrays(*(np.asarray(each, float) for each in flags)))
    unknown = np.isnan(table).any(axis=0)
    return np.where((table == 0).any(axis=0), 0.0, np.where(unknown, np.nan, 1.0))


def raised(totals: Array, heads: Array, pot: float) -> Array:
    """What each gets when a pot raises the lowest per head to one common level."""
    added = np.zeros(len(totals))
    filled = [place for place in range(len(totals)) if heads[place] > 0]
    if not filled or pot <= 0:
        return added
    order = sorted(filled, key=lambda place: totals[place] / heads[place])
    level = 0.0
    for count in range(1, len(order) + 1):
        below = order[:count]
        level = (pot + totals[below].sum()) / heads[below].sum()
        if count == len(order) or level <= totals[order[count]] / heads[order[count]]:
            break
    for place in filled:
        added[place] = max(0.0, level * heads[place] - totals[place])
    return added * (pot / added.sum()) if added.sum() > 0 else added
