"""What is missing behind an unknown leaf: a column of a school, a fiscal figure, a value."""

from __future__ import annotations

from typing import Final, NamedTuple

from simulator.machine.language import BASE
from simulator.machine.registry import Input
from simulator.results.binding import PRIOR
from simulator.results.result import Result
from simulator.results.sources import counted_column

#: Which source a kind of leaf is read from.
SOURCES: Final = {
    "fiscal": "fiscal", "district": "district", "parameter": "policy", "lever": "scenario",
    "line": "line",
}  # fmt: skip


class Root(NamedTuple):
    """One missing thing: the source, its column or name, and the school or year."""

    source: str
    name: str
    place: str = ""


def root_of(result: Result, leaf: Input, position: int, entity: int) -> Root | None:
    """What is missing behind an unknown leaf; None where it is nobody's to give."""
    school, stage = result.index.entities(leaf.level)[entity]
    name = leaf.by_stage.get(stage or "", leaf.refers)
    if leaf.kind == "column" or (leaf.kind == "structure" and name):
        return Root("schools", name, school or "")
    # a planned year follows the scenario, an accounted one the file
    if leaf.kind == "lever" and leaf.by_year and position <= BASE:
        return None
    if leaf.kind in ("projection", "fiscal") and position > BASE:
        return None
    if leaf.kind == "projection":
        column = _counted(result, leaf.name, stage or "", position)
        return Root("schools", column, school or "") if column else None
    if leaf.kind not in SOURCES:
        return None
    year = result.index.years[position]
    if leaf.kind == "fiscal" and year not in result.binding.district.fiscal.index:
        return Root("fiscal_row", str(year))
    place = str(year) if leaf.kind == "fiscal" else ""
    return Root(SOURCES[leaf.kind], name or leaf.name, place)


def _counted(result: Result, name: str, stage: str, position: int) -> str:
    """The column that a count of pupils is read from; none where a year has no column of it."""
    if name != "observed_pupils" and (name in PRIOR) != (position < BASE):
        return ""
    return counted_column(name, stage, position, result.binding.district)
