"""A figure printed beside its limit: rounding never carries it to the other side."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from simulator import units
from simulator.machine.language import above, at_least
from simulator.present.table import Printer

if TYPE_CHECKING:
    from simulator.glossary import Language
    from simulator.results.result import Result

#: How many empty cells are named before the rest is only counted.
NAMED = 2


def reaching(value: float, limits: Iterable[float], decimals: int) -> float:
    """A value as printed beside what it must reach: 84.996% of 85% is printed 84.99%, not 85%.

    Unknown limits are passed over; an unknown value stays unknown.
    """
    if not math.isfinite(value):
        return float("nan")
    shown = units.half_up(value, decimals)
    step = 10.0**-decimals
    for limit in limits:
        if not math.isfinite(limit):
            continue
        mark = units.half_up(limit, decimals)
        if at_least(value, limit):
            shown = max(shown, mark)
        elif shown >= mark:
            shown = units.half_up(mark - step, decimals)
    return shown


def staying(value: float, limits: Iterable[float], decimals: int) -> float:
    """A value as printed beside what it must not exceed: 0.50004 of 0.5 is printed 0.5001."""
    return -reaching(-value, (-limit for limit in limits), decimals) + 0.0


def exceeding(value: float, limit: float, decimals: int) -> float:
    """A value as printed beside what it must exceed: never printed equal where it does."""
    if not (math.isfinite(value) and math.isfinite(limit)):
        return reaching(value, [], decimals)
    shown, mark = units.half_up(value, decimals), units.half_up(limit, decimals)
    if above(value, limit):
        return max(shown, units.half_up(mark + 10.0**-decimals, decimals))
    return min(shown, mark)


def held(printer: Printer, value: float, target: float, sense: str, unit: str) -> float:
    """A value of any unit as printed beside its target, by the way it is held against it."""
    if unit == "yuan":
        return printer.rounded(value)
    decimals = 4 if unit == "share" else units.DECIMALS.get(unit, 2)
    if sense == "at_most":
        return staying(value, [target], decimals)
    if sense == "above":
        return exceeding(value, target, decimals)
    if sense == "below":
        return -exceeding(-value, -target, decimals) + 0.0
    return reaching(value, [target], decimals)


def empty_cells(
    result: Result, name: str, school: str | None, stage: str | None, year: int, language: Language
) -> str:
    """The empty cells that make a figure not computable, by name; empty where it is known."""
    found = result.explain(name, school, stage, year).unknown_cells()
    names = result.binding.district.schools["school_name"]
    words = [
        " ".join(
            filter(
                None, (str(names.get(cell.place[0], "")), result.graph.label(cell.name, language))
            )
        )
        for cell in found[:NAMED]
    ]
    stop = "；" if language == "zh" else "; "
    more = f" …（{len(found)}）" if language == "zh" else f" … ({len(found)})"
    return stop.join(words) + (more if len(found) > NAMED else "")
