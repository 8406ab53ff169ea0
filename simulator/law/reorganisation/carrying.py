"""Figures carried to where people have gone: from school to school, from part to part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from simulator.district.pupils.moves import Kind, Moves
from simulator.law.balance.quantities import FACILITIES
from simulator.machine.index import Index
from simulator.machine.language import Array
from simulator.machine.registry import Level

#: Columns of schools and parts that follow somebody, and whom.
FOLLOWS: Final[dict[str, Kind]] = {
    "counted_boarders": "pupils",
    "counted_mainstreamed": "pupils",
    "counted_aided_boarders": "pupils",
    "counted_aided_day": "pupils",
    "base_pupils": "pupils",
    "staff": "staff",
    "authorised_posts": "staff",
    "counted_teachers": "staff",
    "floor_area": "site",
    "counted_repair": "site",
    "music_rooms": "site",
    "art_rooms": "site",
}
#: What a closed school no longer has, where nobody took it over.
GIVEN_UP: Final = ("floor_area", "counted_repair", "music_rooms", "art_rooms")


def carried_along(values: Array, shares: Array, moves: Moves, level: Level, index: Index) -> Array:
    """Values (…, school) or (…, part) after shares among the schools touched have gone along."""
    found = np.array(values, dtype=np.float64)
    at, school = moves.touched, np.arange(len(moves.touched))
    if level == "part":
        at = np.flatnonzero(np.isin(index.part_school, moves.touched))
        school = np.searchsorted(moves.touched, index.part_school[at])
    going = shares[np.ix_(school, school)]
    if level == "part":  # each stage goes to the same stage
        stage = index.part_stage[at]
        going = np.where(stage[:, np.newaxis] == stage, going, 0.0)
    found[..., at] = shifted(found[..., at], going)
    return found


def shifted(values: Array, shares: Array) -> Array:
    """Values (…, entity) after shares of them went from entity to entity.

    What nobody comes to or leaves stays as it is, an unknown value harms nobody else's.
    """
    found = np.array(values, dtype=np.float64)
    for place in np.flatnonzero((shares != np.eye(len(shares))).any(axis=0)):
        come = np.flatnonzero(shares[:, place])
        found[..., place] = (values[..., come] * shares[come, place]).sum(axis=-1)
    return found


def regrouped_columns(
    arrays: Mapping[str, Array],
    moves: Moves,
    index: Index,
    levels: Mapping[str, Level],
    own: Mapping[str, Kind],
) -> dict[str, Array]:
    """The counted columns year by year, where people have moved since the base year.

    ``own`` are columns of the district's own that follow somebody, and whom.
    """
    gone = np.array([moves.closed(year) for year in index.years])
    found: dict[str, Array] = {"calendar_year": np.array(index.years, float)[:, np.newaxis]}
    for name, kind in {**FOLLOWS, **own}.items():
        found[name] = np.array([
            carried_along(arrays[name][0], moves.among_touched_since(year, kind), moves,
                          levels[name], index)
            for year in index.years
        ])  # fmt: skip
        _with_opening(found[name], moves, index, name, levels[name])
        if name in GIVEN_UP:
            found[name] = np.where(gone == 1, 0.0, found[name])
    for item in FACILITIES:
        found[f"opened_{item.id}"] = _opened(moves, index, item.id)
    return found


def _with_opening(table: Array, moves: Moves, index: Index, name: str, level: Level) -> None:
    """Add what new schools open with, from the year they open."""
    if level != "school":
        return
    for (school, item), amount in moves.opens_with.items():
        since = moves.opened(school)
        if item == name and since is not None:
            years = np.array(index.years) >= since
            table[years, index.school_position[school]] += amount


def _opened(moves: Moves, index: Index, item: str) -> Array:
    """What comes with a new school in the year it opens."""
    found = np.zeros((len(index.years), index.size("school")))
    for school in moves.schools:
        since, amount = moves.opened(school), moves.opens_with.get((school, item))
        if amount is not None and since in index.years:
            found[index.years.index(int(since or 0)), index.school_position[school]] = amount
    return found
