"""Where the leaves of a run come from: the data cell that a figure was read from."""

from __future__ import annotations

from typing import Any

from simulator.district.model import District, Origin
from simulator.district.pupils.grades import first_grade
from simulator.machine.language import BASE
from simulator.machine.registry import Input
from simulator.machine.trace import Trace
from simulator.results.binding import PRIOR


def origin_of(line: Trace[Any], district: District) -> Origin | None:
    """The cell of a column, a fiscal figure or a setting; None for anything else."""
    leaf = line.item
    assert isinstance(leaf, Input)
    school, stage = line.place
    if leaf.kind == "column":
        if line.year is not None:  # counted columns change only where pupils and staff moved
            return None
        column = leaf.by_stage.get(stage or "", "") if leaf.by_stage else leaf.refers
        return district.origin("schools", school or "", column)
    if leaf.kind == "fiscal":
        return district.origin("fiscal", line.run.index.years[line.position], leaf.refers)
    if leaf.kind == "district":
        field_ = leaf.by_stage.get(stage or "", "") if leaf.by_stage else leaf.refers
        return district.origin("district", "", field_)
    if leaf.kind == "projection":
        column = counted_column(line.name, stage or "", line.position, district)
        return district.origin("schools", school or "", column)
    if leaf.kind == "structure" and leaf.refers:
        return district.origin("schools", school or "", leaf.refers)
    return None


def counted_column(name: str, stage: str, position: int, district: District) -> str:
    """The column that a count of pupils is read from, in the year at a position."""
    if name in PRIOR:
        return PRIOR[name].get(stage, "")
    if name == "observed_pupils":
        return f"{stage}_pupils" + ("_prior" if position < BASE else "")
    first = first_grade(stage, district.primary_years)
    return f"grade_{first + int(name.rsplit('_', 1)[1]) - 1}"


def is_assumed(line: Trace[Any], district: District) -> bool:
    """Whether a data cell was empty and counts as none, as the district declares."""
    leaf, (school, stage) = line.item, line.place
    if not isinstance(leaf, Input) or leaf.kind != "column" or line.rest:
        return False
    column = leaf.by_stage.get(stage or "", leaf.refers)
    return (school or "", column) in district.assumed
