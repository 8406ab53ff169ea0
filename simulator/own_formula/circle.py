"""Finds lines and measures that need one another in a circle, before anything is computed."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

from simulator.own_formula.grammar import Written
from simulator.own_formula.line import TOTAL, Line, LineSet


def circle_of(lines: LineSet) -> tuple[str, ...]:
    """The ids of one circle, from an id back to itself; empty where there is none."""
    owners = _owners(lines)
    needs: dict[str, set[str]] = {}
    for measure in lines.measures:
        needs[measure.id] = _named(measure.value)
    for line in lines.lines:
        needs[line.id] = _of_line(line)
        needs.setdefault(line.into or TOTAL, set()).add(line.id)
    for pot in lines.pots:
        needs[pot.id] = {pot.shared, pot.guaranteed}
    wanted = {name: {owners[each] for each in named if each in owners}
              for name, named in needs.items()}  # fmt: skip
    try:
        TopologicalSorter(wanted).prepare()
    except CycleError as error:
        return tuple(reversed(error.args[1]))
    return ()


def _owners(lines: LineSet) -> dict[str, str]:
    """To whom each name of the set belongs: ``base_rate`` to ``base``."""
    steps = [*(each.id for each in lines.measures), *(each.id for each in lines.pots)]
    found = {name: name for name in (TOTAL, *steps, *(each.id for each in lines.subtotals))}
    for line in lines.lines:
        found |= {f"{line.id}{ending}": line.id for ending in ("", "_count", "_rate")}
    # a column that is called so keeps its name
    return {name: owner for name, owner in found.items() if name not in lines.sources}


def _named(*written: Written | None) -> set[str]:
    return {name for each in written if each is not None for name in each.columns}


def _of_line(line: Line) -> set[str]:
    """The names that a line needs of the same year."""
    amount = line.amount
    of = {amount.of} if amount and amount.of else set()
    return of | _named(
        line.counted,
        amount.written if amount else None,
        line.ramp.measure if line.ramp else None,
        line.factor,
        line.when,
        line.protection.against if line.protection else None,
    )
