"""Schools that open, close or merge: who moves where, and what goes along.

One kind of row says it all: in a year, a share of one school's pupils goes to another. A share
of one closes or merges a school, a smaller one re-draws a catchment, a move into a new school
opens it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.district.columns import columns
from simulator.district.model import District
from simulator.district.pupils.grades import stage_of_grade
from simulator.errors import JunhengError
from simulator.stages import STAGES_OF_TYPE

MOVES: Final = "assumptions.schools.moves"
NEW: Final = "assumptions.schools.new"
OPENS_WITH: Final = "assumptions.schools.opens_with"
Array = NDArray[np.float64]
#: What goes along: pupils only; staff and movable equipment too; buildings and grounds as well.
Kind = Literal["pupils", "staff", "site"]
GOES_ALONG: Final[Mapping[str, tuple[Kind, ...]]] = {
    "pupils": ("pupils",),
    "staff": ("pupils", "staff"),
    "all": ("pupils", "staff", "site"),
}
#: What can be carried from school to school; what is not named here stays with the site.
MOVABLE: Final = frozenset({"equipment_value", "computers", "books"})
#: Shares that add up to more than this leave nothing behind.
WHOLE: Final = 1 - 1e-9


@dataclass(frozen=True, slots=True)
class Move:
    """From the autumn of ``year``, a share of a school's pupils are at another school."""

    year: int
    school: str
    into: str
    share: float
    takes: str


@dataclass(frozen=True)
class Moves:
    """All moves of a scenario over the schools of a district, new ones included.

    ``opens_with`` are the quantities that new schools have from the year they open.
    """

    schools: tuple[str, ...]
    rows: tuple[Move, ...]
    opens_with: Mapping[tuple[str, str], float]

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal for equal moves among equal schools."""
        return self.schools, self.rows, tuple(sorted(self.opens_with.items()))

    @property
    def years(self) -> tuple[int, ...]:
        """The years in which anybody moves."""
        return tuple(sorted({row.year for row in self.rows}))

    @cached_property
    def touched(self) -> NDArray[np.intp]:
        """The positions of the schools that any row names: nobody moves between the others."""
        named = {school for row in self.rows for school in (row.school, row.into)}
        return np.array([at for at, school in enumerate(self.schools) if school in named], np.intp)

    def among_touched(self, year: int, kind: Kind) -> Array:
        """(from, to): the share that goes there in a year; each row adds up to 1."""
        place = {self.schools[at]: number for number, at in enumerate(self.touched)}
        found = np.eye(len(place))
        for row in self.rows:
            if row.year == year and kind in GOES_ALONG[row.takes]:
                found[place[row.school], place[row.into]] += row.share
                found[place[row.school], place[row.school]] -= row.share
        return found

    def among_touched_since(self, year: int, kind: Kind) -> Array:
        """The shares that have gone since the base year by a year, move after move."""
        found = np.eye(len(self.touched))
        for each in self.years:
            if each <= year:
                found = found @ self.among_touched(each, kind)
        return found

    def matrix(self, year: int, kind: Kind) -> Array:
        """The shares of a year over all schools."""
        return self._over_all(self.among_touched(year, kind))

    def since_base(self, year: int, kind: Kind) -> Array:
        """The shares since the base year over all schools."""
        return self._over_all(self.among_touched_since(year, kind))

    def _over_all(self, shares: Array) -> Array:
        found = np.eye(len(self.schools))
        found[np.ix_(self.touched, self.touched)] = shares
        return found

    def closed(self, year: int) -> Array:
        """1 for every school that all pupils have left by a year, else 0."""
        since = self.since_base(year, "pupils")
        stayed = np.diag(since)
        gone = (stayed < 1 - WHOLE) & (since.sum(axis=0) - stayed < 1 - WHOLE)
        return np.asarray(gone, dtype=np.float64)

    def opened(self, school: str) -> int | None:
        """The year in which a school first receives pupils."""
        return min((row.year for row in self.rows if row.into == school), default=None)


def reorganised(district: District, said: Mapping[str, Any]) -> tuple[District, Moves | None]:
    """The district with a scenario's new schools in it, and the scenario's moves.

    ``said`` is what the scenario says by dotted path. The district's fingerprint stays that of
    its own data; new schools of an earlier scenario are left out. Raises JunhengError naming
    the row that cannot be.
    """
    district = district.own or district
    rows, new = said.get(MOVES) or (), said.get(NEW) or ()
    if not rows and not new:
        return district, None
    found = _with_new(district, new) if new else district
    moves = tuple(Move(**{**row, "share": float(row["share"])}) for row in rows)
    _check(found, moves)
    opens = _opens_with(said.get(OPENS_WITH) or (), {str(row["school"]) for row in new})
    return found, Moves(tuple(str(each) for each in found.schools.index), moves, opens)


def _with_new(district: District, rows: Sequence[Mapping[str, Any]]) -> District:
    known = {*district.schools.index, *district.schools["school_name"]}
    for row in rows:
        for word in (row["school"], row["name"]):
            if word in known:
                raise JunhengError("new_school_known", school=row["school"], name=word)
        known |= {row["school"], row["name"]}
    added = pd.DataFrame([_nothing(row, district.primary_years) for row in rows])
    added.index = pd.Index([str(row["school"]) for row in rows], name=district.schools.index.name)
    schools = pd.concat([district.schools, added.astype(district.schools.dtypes.to_dict())])
    return replace(district, schools=schools, own=district)


def _nothing(row: Mapping[str, Any], primary_years: int) -> dict[str, Any]:
    """A school that is not there yet: none of anything that its type can have."""
    stages = STAGES_OF_TYPE[row["type"]]
    found: dict[str, Any] = {}
    for field, known in columns("schools").items():
        stage = stage_of_grade(field, primary_years) or known.stage
        numeric = 0.0 if stage is None or stage in stages else np.nan
        found[field] = numeric if known.numeric else None
    del found["school_id"]
    return {**found, "school_name": row["name"], "school_type": row["type"], "area": row["area"]}


def _check(district: District, moves: Iterable[Move]) -> None:
    stages = {str(school): set(_stages(row)) for school, row in district.schools.iterrows()}
    left: dict[tuple[int, str], float] = {}
    for move in moves:
        for school in (move.school, move.into):
            if school not in stages:
                raise JunhengError("moves_school", school=school, year=move.year)
        if move.school == move.into:
            raise JunhengError("moves_self", school=move.school, year=move.year)
        if move.year <= district.base_year:
            raise JunhengError("moves_year", school=move.school, year=move.year,
                               base=district.base_year)  # fmt: skip
        if stages[move.school] - stages[move.into]:
            raise JunhengError("moves_stage", school=move.school, into=move.into, year=move.year)
        key = move.year, move.school
        left[key] = left.get(key, 0.0) + move.share
        if left[key] > 1 + (1 - WHOLE):
            raise JunhengError("moves_over", school=move.school, year=move.year)


def _stages(row: Any) -> list[str]:
    """The stages at which a school has pupils or may have them."""
    special = float(row["special_pupils"] or 0) > 0
    return [*STAGES_OF_TYPE[row["school_type"]], *(["special"] if special else [])]


def _opens_with(rows: Sequence[Mapping[str, Any]], new: set[str]) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for row in rows:
        if row["school"] not in new:
            raise JunhengError("opens_with_school", school=row["school"])
        key = str(row["school"]), str(row["item"])
        if key in found:
            raise JunhengError("opens_with_twice", school=row["school"])
        found[key] = float(row["amount"])
    return found
