"""Who bears a district's own formula lines: shares by level of government, line by line."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Final

from simulator.machine.language import above, ratio, total, where
from simulator.machine.registry import Formula
from simulator.own_formula.constants import own_name, share_ending
from simulator.own_formula.line import PREFIX, TOTAL, Line, LineSet
from simulator.own_formula.read_line import HIGHER
from simulator.own_formula.words import Values, made

SCALE: Final = "lines_scale"
PAID: Final = "operating_funds"


def sharing_formulas(lines: LineSet) -> list[Formula]:
    """What each higher level bears; they take the place of the engine's formulas of those names.

    Empty where no line says who bears it: then the national sharing stands. What is paid in
    the end (out of a pot, or as budgeted in the base year) is borne as the lines are.
    """
    shared = [line for line in lines.lines if line.sharing and not line.into]
    if not shared:
        return []
    whole = f"{PREFIX}{TOTAL}"

    def scale(values: Values) -> object:
        return where(above(values[whole], 0), ratio(values[PAID], values[whole]), 0)

    found = [made(SCALE, [PAID, whole], scale, "ratio", lines.title, "scale")]
    found.append(_borne("shared_funds", [(line, "") for line in shared], lines, "shared"))
    for level in HIGHER:
        borne = [(line, own_name(line.title, share_ending(level)))
                 for line in shared if level in line.sharing]  # fmt: skip
        found.append(_borne(f"lines_{level}", borne, lines, level))
        found.append(_district(level, lines))
    return found


def _borne(name: str, borne: list[tuple[Line, str]], lines: LineSet, what: str) -> Formula:
    """What is borne of a school's funds: the share of each line, of what is paid in the end.

    A line stands with the name of the share that is borne of it; without one, all of it.
    """
    names = {f"{PREFIX}{line.id}": share for line, share in borne}

    def calculate(values: Values) -> object:
        terms = [values[each] * values[share] if share else values[each]
                 for each, share in names.items()]  # fmt: skip
        if not terms:
            return values[SCALE] * 0
        return reduce(lambda added, more: added + more, terms) * values[SCALE]

    needed = [*names, *filter(None, names.values()), SCALE]
    return made(name, needed, calculate, "yuan", lines.title, what)


def _district(level: str, lines: LineSet) -> Formula:
    gathered: Callable[[Values], object] = lambda values: total(values[f"lines_{level}"])  # noqa: E731
    name, needed = f"{level}_operating", [f"lines_{level}"]
    return made(name, needed, gathered, "yuan", lines.title, f"{level}_total", level="district")
