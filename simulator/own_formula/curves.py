"""Ramps and size bands as formulas on the inputs that hold their numbers.

A ramp of many points, or many bands, become several formulas, each going on from the one
before: what a cell of a sheet says may have 8,192 characters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from simulator.machine.language import above, maximum, minimum, ratio, where
from simulator.machine.registry import Formula
from simulator.own_formula.constants import line_constants, measure_constants, own_name
from simulator.own_formula.dimension import SHARE, unit_of
from simulator.own_formula.grammar import Written
from simulator.own_formula.line import Line, LineSet, Measure, Title
from simulator.own_formula.tree import Column
from simulator.own_formula.words import Values, made, needed_by, spoken

#: So many stretches of a ramp, or bands, stand in one formula.
MOST: Final = 8
#: How the formulas are called after the id of a line or a measure.
MEASURE: Final = "ramp_measure"
WEIGHT: Final = "ramp_weight"
COUNT: Final = "band_count"


@dataclass(frozen=True, slots=True)
class Piece:
    """A calculation on the names it needs, and the formulas of the steps that lead to it."""

    needed: tuple[str, ...]
    calculate: Callable[[Values], Any]
    steps: tuple[Formula, ...] = ()


@dataclass(frozen=True, slots=True)
class Owner:
    """The line or measure that a ramp or bands belong to."""

    title: Title
    lines: LineSet
    cites: str = ""

    def step(self, ending: str, word: str, piece: Piece, unit: str, place: int = 0) -> Formula:
        """A formula of its own for a piece."""
        name, title = own_name(self.title, ending), self.title
        return made(name, piece.needed, piece.calculate, unit, title, word, self.cites, place=place)

    def seen(self, written: Written, ending: str) -> tuple[str, tuple[Formula, ...]]:
        """The name of what is written, with a formula of its own where it is no mere name."""
        if isinstance(written.tree, Column):
            return self.lines.graph_name(written.tree.name), ()
        piece = plain(written, self.lines)
        step = self.step(ending, ending, piece, unit_of(written.dimension or SHARE))
        return step.name, (step,)


def plain(written: Written, lines: LineSet) -> Piece:
    """What is written, as it is."""
    return Piece(tuple(needed_by(written, lines)), lambda values: spoken(written, lines, values))


def on_ramp(owner: Owner, written: Written, points: int, key: str, unit: str) -> Piece:
    """The height of a ramp; ``key`` is what a point's height is called, ``points`` how many."""
    by, steps = owner.seen(written, MEASURE)
    ends = _ends(points)
    piece = _stretch(owner.title, by, range(1, ends[0] + 1), key)
    for start, end in pairwise(ends):
        step = owner.step(f"ramp_to_{start}", "ramp_to", piece, unit, start)
        steps = (*steps, step)
        piece = _stretch(owner.title, by, range(start, end + 1), key, step.name)
    return Piece(piece.needed, piece.calculate, steps)


def _stretch(title: Title, by: str, places: range, key: str, before: str = "") -> Piece:
    """Some points of a ramp, going on from the height that the ones before come to."""
    names = [(own_name(title, f"ramp_{n}_at"), own_name(title, f"ramp_{n}_{key}")) for n in places]
    start = before or names[0][1]

    def calculate(values: Values) -> Any:
        points = [(values[x], values[y]) for x, y in names]
        return ramped(values[by], points, values[start])

    return Piece((by, start, *(name for pair in names for name in pair)), calculate)


def ramped(value: Any, points: Sequence[tuple[Any, Any]], height: Any) -> Any:
    """The height of a line through points, level beyond the first and the last.

    Unknown where a point stands before the one that it follows, as it may in a workbook.
    """
    for (x, y), (x_next, y_next) in pairwise(points):
        way = ratio(value - x, maximum(0, x_next - x))
        height = (y_next - y) * minimum(1, maximum(0, way)) + height
    return height


def in_bands(owner: Owner, written: Written, bands: int) -> Piece:
    """A count lifted to its size band, of so many; none stays none."""
    if not bands:
        return plain(written, owner.lines)
    by, steps = owner.seen(written, COUNT)
    unit, inner, end = unit_of(written.dimension or SHARE), by, bands
    for start in reversed(_starts(bands)):
        piece = _lifted(owner.title, by, range(start, end + 1), inner)
        if start > 1:
            step = owner.step(f"band_from_{start}", "band_from", piece, unit, start)
            steps, inner, end = (*steps, step), step.name, start - 1
    return Piece(
        piece.needed,
        lambda values: where(above(values[by], 0), piece.calculate(values), 0),
        steps,
    )


def _lifted(title: Title, by: str, places: range, inner: str) -> Piece:
    """A count lifted to the first of some bands that it is below; else what is inside them."""
    names = [(own_name(title, f"band_{n}_below"), own_name(title, f"band_{n}_as")) for n in places]

    def calculate(values: Values) -> Any:
        found = values[inner]
        for below, counts_as in reversed(names):
            found = where(above(values[below], values[by]), values[counts_as], found)
        return found

    return Piece((by, inner, *(name for pair in names for name in pair)), calculate)


def _ends(points: int) -> list[int]:
    """The points at which the formulas of a ramp end."""
    return [*range(1 + MOST, points, MOST), points]


def _starts(bands: int) -> range:
    """The bands with which the formulas of size bands begin."""
    return range(1, bands + 1, MOST)


def endings_of(owner: Line | Measure) -> tuple[str, ...]:
    """What the graph makes after the id of a line or a measure: its constants and its steps."""
    if isinstance(owner, Measure):
        points, bands, constants = len(owner.points), 0, measure_constants(owner)
    else:
        points = len(owner.ramp.points) if owner.ramp else 0
        bands, constants = len(owner.bands), line_constants(owner)
    found = [each.ending for each in constants]
    if points:
        found += [MEASURE, WEIGHT, *(f"ramp_to_{end}" for end in _ends(points)[:-1])]
    if bands:
        found += [COUNT, *(f"band_from_{start}" for start in _starts(bands)[1:])]
    return tuple(f"_{ending}" for ending in found)
