"""Turns a set of lines into formulas of the graph: each line a figure of its own, and their sum.

A line ``x`` becomes ``line_x_count`` (what is counted), ``line_x_rate`` (what one of it is paid)
and ``line_x`` (yuan of a part of a school); its numbers are inputs, so that a trace shows them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from types import MappingProxyType
from typing import Any

from simulator.district.reading.table import EXTRA
from simulator.errors import JunhengError
from simulator.machine.language import above, previous, ratio, total, where
from simulator.machine.registry import Formula, Input
from simulator.own_formula.constants import constants_of
from simulator.own_formula.curves import Owner, on_ramp, plain
from simulator.own_formula.dimension import unit_of
from simulator.own_formula.line import PREFIX, TOTAL, LineSet, Measure, OwnColumn, Title
from simulator.own_formula.payment import line_formulas, line_inputs
from simulator.own_formula.pots import pot_formula, pot_inputs
from simulator.own_formula.words import (
    HEADS_LAST,
    SCHOOL_HEADS,
    SHARE_OF_SCHOOL,
    Values,
    called,
    made,
    shares_schools,
)


@dataclass(frozen=True, slots=True)
class Compiled:
    """The formulas of a set of lines, and the inputs that hold its numbers."""

    lines: LineSet
    formulas: tuple[Formula, ...]
    inputs: tuple[Input, ...]


def compile_lines(lines: LineSet) -> Compiled:
    """A set of lines as formulas and inputs of the graph.

    Errors: JunhengError where a formula would break a rule of the language.
    """
    formulas = [*_of_schools(lines)]
    for measure in lines.measures:
        formulas.extend(_measure(measure, lines))
    for line in lines.lines:
        formulas.extend(line_formulas(line, lines))
    formulas.extend(_sums(lines))
    formulas.extend(pot_formula(pot, lines) for pot in lines.pots)
    inputs = [column_input(column) for column in lines.columns]
    inputs.extend(each for line in lines.lines for each in line_inputs(line))
    inputs.extend(each.as_input() for each in constants_of(lines))
    inputs.extend(each for pot in lines.pots for each in pot_inputs(pot))
    return Compiled(lines, tuple(formulas), tuple(inputs))


def column_input(column: OwnColumn) -> Input:
    """A column of the district's own as a leaf of the graph."""
    headings = {stage: f"{EXTRA}{heading}" for stage, heading in column.headings.items()}
    return Input(
        column.source.name, column.level, column.unit, "column", headings.pop("", ""),
        by_stage=MappingProxyType(headings), words=called(column.title),
    )  # fmt: skip


def _of_schools(lines: LineSet) -> list[Formula]:
    """What lines need to know of schools: a part's share of its school, last year's heads."""
    heads, title, found = lines.per_pupil, lines.title, []
    if shares_schools(lines):
        found.append(
            made(
                SCHOOL_HEADS,
                [heads],
                _gathered(heads),
                "pupil",
                title,
                "school_heads",
                level="school",
            )
        )
        found.append(
            made(
                SHARE_OF_SCHOOL,
                [heads, SCHOOL_HEADS],
                _part_of(heads),
                "share",
                title,
                "share_of_school",
            )
        )
    if any(line.protection and line.protection.per_pupil for line in lines.lines):
        found.append(
            made(
                HEADS_LAST,
                [heads],
                lambda values: previous(values[heads]),
                "pupil",
                title,
                "heads_last",
            )
        )
    return found


def _gathered(heads: str) -> Callable[[Values], Any]:
    return lambda values: total(values[heads])


def _part_of(heads: str) -> Callable[[Values], Any]:
    return lambda values: where(
        above(values[SCHOOL_HEADS], 0), ratio(values[heads], values[SCHOOL_HEADS]), 0
    )


def _measure(measure: Measure, lines: LineSet) -> list[Formula]:
    """A measure, and the steps of its ramp where it has one."""
    title, unit = measure.title, unit_of(measure.dimension)
    piece = plain(measure.value, lines)
    if measure.points:
        owner = Owner(title, lines)
        piece = on_ramp(owner, measure.value, len(measure.points), "value", unit)
    return [*piece.steps, made(PREFIX + measure.id, piece.needed, piece.calculate, unit, title)]


def _sums(lines: LineSet) -> list[Formula]:
    """The set's total and its subtotals: sums of lines, in the order in which they stand."""
    found = []
    whole = Title(TOTAL, *called(lines.title, "total"))
    for title in (whole, *lines.subtotals):
        key, into = title.id, "" if title is whole else title.id
        names = [PREFIX + line.id for line in lines.lines if line.into == into]
        if names:
            found.append(made(PREFIX + key, names, _added(names), "yuan", title))
        elif key != TOTAL:
            raise JunhengError("lines_empty_subtotal", name=key)
    return found


def _added(names: list[str]) -> Callable[[Values], Any]:
    return lambda values: reduce(
        lambda sum_, name: sum_ + values[name], names[1:], values[names[0]]
    )
