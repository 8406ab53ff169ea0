"""Figures in dispute: where the product still has an older meaning than the page that says it.

Each says for which cells it holds. There the model takes the product's value over for what
follows, so that all else is checked; in every other cell the two must agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.independent.book import STAGES, Array, Given
from tests.independent.town import Town

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Pending:
    """Figures (in one text) that differ, in which cells, and by which sentence of the page."""

    figures: str
    where: str
    reason: str

    @property
    def names(self) -> list[str]:
        """The figures one by one."""
        return self.figures.split()


def given(town: Town, pending: Iterable[Pending], product: dict[str, Array]) -> dict[str, Given]:
    """The masks and the product's values of all figures in dispute."""
    found: dict[str, Given] = {}
    for each in pending:
        for name in each.names:
            values = product[name]
            mask = mask_of(town, each.where, values)
            if name in found:
                mask = mask | found[name][0]
            found[name] = (mask, values)
    return found


def mask_of(town: Town, where: str, values: Array) -> Mask:
    """The cells of a figure that words like "base" or "private" speak of; several join by "and"."""
    found = np.ones(values.shape, dtype=bool)
    for word in where.split(" and "):
        found &= MASKS[word](town, values)
    return found


def _entities(town: Town, values: Array, schools: Array) -> Mask:
    """A flag of schools at the entities of a figure; a stage or the district where any has it."""
    flags = schools.astype(bool)
    size = values.shape[1]
    if size == len(town.parts) and size != len(town.names):
        row = flags[town.school]
    elif size == len(town.names) and size != len(town.parts):
        row = flags
    elif size in (len(town.parts), len(town.names)):
        row = flags[town.school] if (town.school == np.arange(size)).all() else flags | flags.any()
    else:
        row = np.full(size, flags.any())
    return np.broadcast_to(row, values.shape)


def _when(says: Callable[[Town], bool]) -> Callable[[Town, Array], Mask]:
    return lambda town, values: np.full(values.shape, says(town))


def _everywhere(town: Town, values: Array) -> Mask:
    return np.ones(values.shape, dtype=bool)


def _base(town: Town, values: Array) -> Mask:
    return np.broadcast_to((np.arange(len(values)) == 0)[:, np.newaxis], values.shape)


def _planned(town: Town, values: Array) -> Mask:
    return ~_base(town, values)


def _private(town: Town, values: Array) -> Mask:
    return _entities(town, values, town.public == 0)


def _mixed(town: Town, values: Array) -> Mask:
    kinds = [kind in ("nine_year", "twelve_year") for kind in town.kinds]
    return _entities(town, values, np.array(kinds, dtype=float))


def _mainstreamed(town: Town, values: Array) -> Mask:
    """Schools where pupils are paid at the special rate, and those that pupils may move to."""
    known = np.zeros(len(town.names), dtype=bool)
    for stage in STAGES[:2]:
        known |= ~(town.column(f"mainstreamed_{stage}") <= 0)
    return _entities(town, values, (known | bool(town.reform)).astype(float))


def _unstaffed(town: Town, values: Array) -> Mask:
    staff = town.column("staff")
    return _entities(town, values, (np.isnan(staff) | (staff == 0)).astype(float))


def _headless(town: Town, values: Array) -> Mask:
    counted = [
        town.column(f"{stage}_pupils")[school]
        for school, stage in zip(town.school, (STAGES[k] for k in town.stage), strict=True)
    ]
    return np.full(values.shape, bool(np.isnan(counted).any()))


def _unknown(town: Town, values: Array) -> Mask:
    return np.isnan(values)


MASKS: dict[str, Callable[[Town, Array], Mask]] = {
    "everywhere": _everywhere,
    "base": _base,
    "planned": _planned,
    "private": _private,
    "some_private": _when(lambda town: bool((town.public == 0).any())),
    "mixed": _mixed,
    "mainstreamed": _mainstreamed,
    "unstaffed": _unstaffed,
    "unknown": _unknown,
    "headless": _headless,
    "lag": _when(lambda town: town.levers.get("headcount_lag", 0) > 0),
    "hold": _when(lambda town: bool(town.levers.get("hold_harmless"))),
    "pot": _when(lambda town: "operating_pot" in town.levers),
    "lines": _when(lambda town: town.lines is not None),
    "moves": _when(lambda town: bool(town.reform)),
    "bands": _when(lambda town: "small_school_floor" in town.levers),
    "investment": _when(lambda town: "investment" in town.levers),
    "table": _when(lambda town: town.assumed["pupils"]["method"] == "table"),
}
