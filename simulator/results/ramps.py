"""Where the district's schools stand on the ramps of its formula lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.machine.language import Array
from simulator.own_formula.line import PREFIX, Points
from simulator.results.own_lines import own_formula
from simulator.results.result import Result


@dataclass(frozen=True, slots=True, eq=False)
class OnRamp:
    """A line's ramp and the measure of every part of a school: (P), NaN where not known."""

    line: str
    text: str
    points: Points
    measure: Array

    def weights(self) -> Array:
        """The weight of every part: straight between the points, flat beyond them."""
        x, y = (np.array([point[place] for point in self.points]) for place in (0, 1))
        found = np.interp(self.measure, x, y)
        return np.where(np.isfinite(self.measure), found, np.nan)


def ramps(result: Result, year: int) -> tuple[OnRamp, ...]:
    """Every line of the scenario that has a ramp, with the schools on it; none without lines."""
    own = own_formula(result.binding.scenario, result.binding.policy)
    if own is None:
        return ()
    return tuple(
        OnRamp(
            line.id,
            line.ramp.measure.text,
            line.ramp.points,
            np.broadcast_to(
                line.ramp.measure.on(
                    {name: _at(result, name, year) for name in line.ramp.measure.columns}
                ),
                (result.index.size("part"),),
            ),
        )
        for line in own.compiled.lines.lines
        if line.ramp is not None
    )


def _at(result: Result, name: str, year: int) -> Array:
    """A figure or a line, by part of a school."""
    known = name if name in result.values else f"{PREFIX}{name}"
    values = result.at(known, year)
    level = result.graph.level(known)
    if level == "school":
        return np.asarray(values[result.index.part_school])
    if level == "stage":
        return np.asarray(values[result.index.part_stage])
    return np.asarray(values)
