"""The numbers of lines that hold for all years and schools: points, size bands, bounds, shares.

Each is an input of the graph, so that a trace shows it and a workbook has a cell for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.machine.registry import Input
from simulator.own_formula.dimension import SHARE, unit_of
from simulator.own_formula.line import PREFIX, Band, Line, LineSet, Measure, Points, Title
from simulator.own_formula.words import called


@dataclass(frozen=True, slots=True)
class Constant:
    """One number of a line or a measure: what it is called after it, its unit and its value.

    ``path`` is where it stands in the scenario, from the line on; ``word`` is the glossary's;
    ``place`` counts points and bands from 1.
    """

    title: Title
    ending: str
    path: str
    word: str
    unit: str
    value: float
    place: int = 0

    @property
    def name(self) -> str:
        """Its name in the graph."""
        return own_name(self.title, self.ending)

    def as_input(self) -> Input:
        """The leaf of the graph that holds it."""
        path, words = (
            f"lines.{self.title.id}.{self.path}",
            called(self.title, self.word, self.place),
        )
        return Input(self.name, "district", self.unit, "line", path, words=words)


def own_name(title: Title, ending: str) -> str:
    """The name in the graph of what belongs to a line or a measure."""
    return f"{PREFIX}{title.id}_{ending}"


def constants_of(lines: LineSet) -> Iterator[Constant]:
    """Every such number of a set."""
    for measure in lines.measures:
        yield from measure_constants(measure)
    for line in lines.lines:
        yield from line_constants(line)


def measure_constants(measure: Measure) -> Iterator[Constant]:
    """The points of a measure's ramp."""
    units = unit_of(measure.value.dimension or SHARE), unit_of(measure.dimension)
    yield from _points(measure.title, measure.points, "points", "value", units)


def line_constants(line: Line) -> Iterator[Constant]:
    """The size bands of a line, the points of its ramp, its bounds and what it protects."""
    title, bounds = line.title, line.bounds.said
    protected = line.protection.said if line.protection else {}
    if line.counted is not None and line.amount is not None:
        yield from _bands(title, line.bands, unit_of(line.counted.dimension or SHARE))
    if line.ramp is not None:
        units = unit_of(line.ramp.measure.dimension or SHARE), "ratio"
        yield from _points(title, line.ramp.points, "ramp.points", "weight", units)
    for key, yuan in bounds.items():
        unit = "yuan_per_pupil" if key.endswith("per_pupil") else "yuan"
        yield Constant(title, key, f"bounds.{key}", key, unit, yuan)
    for key, share in protected.items():
        ending = f"protect_{key}"
        yield Constant(title, ending, f"protection.{key}", ending, "share", share)
    for level, share in line.sharing.items():
        ending = share_ending(level)
        yield Constant(title, ending, f"sharing.{level}", ending, "share", share)


def share_ending(level: str) -> str:
    """What the share that a level of government bears of a line is called after the line."""
    return f"share_{level}"


def _points(
    title: Title, points: Points, path: str, height: str, units: tuple[str, str]
) -> Iterator[Constant]:
    """Two numbers a point: where it stands, and the weight or value there."""
    for place, point in enumerate(points, start=1):
        for key, unit, number in zip(("at", height), units, point, strict=True):
            here, ending = f"{path}.{place}.{key}", f"ramp_{place}_{key}"
            yield Constant(title, ending, here, f"point_{key}", unit, number, place)


def _bands(title: Title, bands: tuple[Band, ...], unit: str) -> Iterator[Constant]:
    """Two numbers a band: below which count it holds, and what it counts as."""
    for place, band in enumerate(bands, start=1):
        for key, number in (("below", band.below), ("as", band.counts_as)):
            here, ending = f"bands.{place}.{key}", f"band_{place}_{key}"
            yield Constant(title, ending, here, f"band_{key}", unit, number, place)
