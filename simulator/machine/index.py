"""The axes of a run: which parts, schools, stages and years there are, and how they gather."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.machine.language import BASE, Array, Groups
from simulator.machine.registry import Level
from simulator.stages import STAGES, STAGES_OF_TYPE

Positions = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Index:
    """Axes of one district over one horizon.

    Parts are sorted by stage, then in the order of the schools' sheet. ``years`` begin
    with the year before the base year.
    """

    schools: tuple[str, ...]
    part_school: Positions
    part_stage: Positions
    years: tuple[int, ...]

    @property
    def base_year(self) -> int:
        """The last settled or budgeted year."""
        return self.years[BASE]

    @property
    def horizon(self) -> int:
        """Number of planned years."""
        return len(self.years) - BASE - 1

    @cached_property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """(school, stage) of every part."""
        pairs = zip(self.part_school, self.part_stage, strict=True)
        return tuple((self.schools[school], STAGES[stage]) for school, stage in pairs)

    @cached_property
    def part_position(self) -> dict[tuple[str, str], int]:
        """Position of each (school, stage)."""
        return {part: position for position, part in enumerate(self.parts)}

    @cached_property
    def school_position(self) -> dict[str, int]:
        """Position of each school."""
        return {school: position for position, school in enumerate(self.schools)}

    @cached_property
    def by_code(self) -> tuple[Positions, Positions]:
        """The parts in the order of stage and school code, and where each stage begins in it."""
        codes = np.array(self.schools, dtype=str)[self.part_school]
        order = np.lexsort((codes, self.part_stage))
        starts = np.unique(self.part_stage, return_index=True)[1]
        return order.astype(np.intp), starts.astype(np.intp)

    def up_to(self, part: int) -> list[int]:
        """A part and those before it at its stage, in the order of school codes."""
        order, starts = self.by_code
        place = int(np.flatnonzero(order == part)[0])
        first = max(int(start) for start in starts if start <= place)
        return [int(each) for each in order[first : place + 1]]

    def at_parts(self, by_stage: Mapping[str, Array]) -> Array:
        """Numbers of schools given for each stage, at their parts; 0 at a stage without any."""
        found = np.zeros(self.size("part"))
        for position, stage in enumerate(STAGES):
            if stage in by_stage:
                here = self.part_stage == position
                found[here] = by_stage[stage][self.part_school[here]]
        return found

    def size(self, level: Level) -> int:
        """Number of entities on a level."""
        return {
            "district": 1,
            "stage": len(STAGES),
            "school": len(self.schools),
            "part": len(self.part_school),
        }[level]

    def reach(self, upper: Level) -> Positions:
        """For each part, the position of its school or stage."""
        return self.part_school if upper == "school" else self.part_stage

    @cached_property
    def _groups(self) -> dict[tuple[Level, Level], Groups]:
        every = np.zeros(1, dtype=np.intp)
        found: dict[tuple[Level, Level], Groups] = {
            (low, "district"): Groups(None, every, every, 1) for low in ("part", "school", "stage")
        }
        found["part", "stage"] = _gather(self.part_stage, len(STAGES))
        found["part", "school"] = _gather(self.part_school, len(self.schools))
        return found

    def groups(self, lower: Level, upper: Level) -> Groups:
        """How one level gathers into a higher one."""
        return self._groups[lower, upper]

    def entities(self, level: Level) -> list[tuple[str | None, str | None]]:
        """(school, stage) of each entity; None where the level has none."""
        if level == "part":
            return list(self.parts)
        if level == "school":
            return [(school, None) for school in self.schools]
        if level == "stage":
            return [(None, stage) for stage in STAGES]
        return [(None, None)]


def _gather(owner: Positions, count: int) -> Groups:
    ordered = bool(np.all(owner[:-1] <= owner[1:]))
    order = None if ordered else np.argsort(owner, kind="stable")
    by_group = owner if order is None else owner[order]
    filled, starts = np.unique(by_group, return_index=True)
    return Groups(order, starts.astype(np.intp), filled.astype(np.intp), count)


def build_index(schools: pd.DataFrame, base_year: int, horizon: int) -> Index:
    """The axes for a schools table: a part for each stage a school's type has.

    A school of another type with special-education pupils has a special part as well.
    """
    kinds = schools["school_type"].tolist()
    special = schools["special_pupils"].to_numpy(dtype=float)
    pairs = [
        (stage, position)
        for position, kind in enumerate(kinds)
        for stage, name in enumerate(STAGES)
        if name in STAGES_OF_TYPE[kind] or (name == "special" and special[position] > 0)
    ]
    pairs.sort()
    return Index(
        schools=tuple(str(school) for school in schools.index),
        part_school=np.array([position for _, position in pairs], dtype=np.intp),
        part_stage=np.array([stage for stage, _ in pairs], dtype=np.intp),
        years=tuple(range(base_year - BASE, base_year + horizon + 1)),
    )
