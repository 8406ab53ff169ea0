"""The numbers of a set of lines as arrays over years and schools: the leaves of its formulas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.machine.language import Array
from simulator.own_formula.constants import constants_of
from simulator.own_formula.line import PREFIX, Figures, Line, LineSet
from simulator.stages import STAGES


@dataclass(frozen=True, slots=True)
class Places:
    """The years, and the stage, type and area of what lines pay for.

    ``stages`` and ``types`` go by part, ``areas`` by school (an empty one is unknown).
    """

    years: tuple[int, ...]
    stages: tuple[str, ...]
    types: tuple[str, ...]
    areas: tuple[str, ...]


def figures_of(lines: LineSet, places: Places) -> dict[str, Array]:
    """The arrays of every input of a set; (year, entity) each."""
    found = {each.name: np.array([[each.value]]) for each in constants_of(lines)}
    for line in lines.lines:
        name = PREFIX + line.id
        found[f"{name}_applies"] = _applies(line, places)
        if line.amount is not None and line.amount.figures is not None:
            found[f"{name}_amount"] = _by_stage(line.amount.figures, places)
        if line.lump_sum is not None:
            found[f"{name}_lump"] = _by_stage(line.lump_sum, places)
        if line.areas:
            found[f"{name}_area"] = _by_area(line, places)
    for pot in lines.pots:
        amounts = [[pot.amount.of("", year)] for year in places.years]
        found[f"{PREFIX}{pot.id}_amount"] = np.array(amounts, dtype=np.float64)
    return found


def _applies(line: Line, places: Places) -> Array:
    """1 for the years, stages and types of school that a line is for, else 0."""
    here = [
        (not line.stages or stage in line.stages)
        and (not line.school_types or kind in line.school_types)
        for stage, kind in zip(places.stages, places.types, strict=True)
    ]
    now = [
        (line.since is None or year >= line.since) and (line.until is None or year <= line.until)
        for year in places.years
    ]
    return np.outer(np.array(now, dtype=np.float64), np.array(here, dtype=np.float64))


def _by_stage(figures: Figures, places: Places) -> Array:
    """Figures by year and stage; none at a stage that the figures leave out."""
    return np.array(
        [[_at(figures, stage, year) for stage in STAGES] for year in places.years],
        dtype=np.float64,
    )


def _at(figures: Figures, stage: str, year: int) -> float:
    left_out = "" not in figures.by_stage and stage not in figures.by_stage
    return 0.0 if left_out else figures.of(stage, year)


def _by_area(line: Line, places: Places) -> Array:
    """The cost factor of each school's area; unknown where its area is."""
    return np.array([[line.areas.get(area, np.nan) for area in places.areas]], dtype=np.float64)
