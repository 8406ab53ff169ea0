"""The axes of a district: schools, their parts, the years, the law and what a scenario says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tests.independent.book import (
    NOISE,
    STAGES,
    Array,
    Book,
)
from tests.independent.law import Law

STAGES_AT = {
    "primary": (0,),
    "teaching_point": (0,),
    "junior": (1,),
    "complete_secondary": (1,),
    "nine_year": (0, 1),
    "twelve_year": (0, 1),
    "special": (2,),
}
WITH_SENIOR = ("complete_secondary", "twelve_year")
#: What goes along with a move: pupils alone, staff too, the site as well.
GO_ALONG = {"pupils": 1, "staff": 2, "all": 3}
DEPTH = {"pupils": 1, "staff": 2, "site": 3}


def yearly(value: Any, years: int, otherwise: float) -> list[float]:
    """One value for every planned year."""
    if value is None:
        return [otherwise] * years
    return [float(each) for each in value] if isinstance(value, list) else [float(value)] * years


class Town:
    """A district, a scenario and the law as the model sees them; the axes of all figures."""

    def __init__(self, made: Any, book: Book) -> None:
        said = made.scenario
        self.book, self.settings = book, made.settings
        self.base, self.years = int(made.settings["base_year"]), int(said["horizon"])
        self.law = Law(said["policy"])
        self.assumed, self.levers = said["assumptions"], said["levers"]
        self.lines = said.get("lines")
        self.fiscal = made.fiscal.set_index("year")
        self.reform = self.assumed.get("schools", {})
        self.table = self._with_new(made.schools)
        self.names = [str(name) for name in self.table["school_id"]]
        self.kinds = [str(kind) for kind in self.table["school_type"]]
        self._axes()
        five = made.settings.get("school_system") == "five_four"
        self.grade_columns = (range(1, 6), range(6, 10)) if five else (range(1, 7), range(7, 10))

    def _with_new(self, table: pd.DataFrame) -> pd.DataFrame:
        """The schools with those that open: they have none of anything yet."""
        rows = []
        for new in self.reform.get("new", ()):
            row: dict[str, Any] = {
                name: 0 for name in table.columns if table[name].dtype.kind in "if"
            }
            row |= {"school_id": new["school"], "school_type": new["type"], "area": new["area"]}
            rows.append(row | {"ownership": "public"})
        self.opening = {str(row["school_id"]) for row in rows}
        return pd.concat([table, pd.DataFrame(rows)], ignore_index=True) if rows else table

    def _axes(self) -> None:
        pairs = [(k, s) for s, kind in enumerate(self.kinds) for k in STAGES_AT[kind]]
        pairs.sort()
        self.stage = np.array([k for k, _ in pairs])
        self.school = np.array([s for _, s in pairs])
        self.parts = [(self.names[s], STAGES[k]) for k, s in pairs]
        self.ordinary = (self.stage < 2).astype(float)
        self.special_school = np.array([float(kind == "special") for kind in self.kinds])
        self.several = np.array(
            [float(len(STAGES_AT[kind]) > 1 or kind in WITH_SENIOR) for kind in self.kinds]
        )
        ownership = self.table.get("ownership", pd.Series(["public"] * len(self.kinds)))
        self.public = np.array([float(each != "private") for each in ownership])

    def column(self, name: str) -> Array:
        """A column of the schools' table; unknown where it is empty or not there."""
        if name not in self.table:
            found = np.full(len(self.names), np.nan)
        else:
            found = pd.to_numeric(self.table[name]).to_numpy(dtype=float)
        if self.opening:
            new = np.array([name in self.opening for name in self.names])
            found = np.where(new, 0.0, found)
        return found

    def by_stage(self, primary: str, junior: str, special: str = "") -> Array:
        """A quantity with a column for each stage, by part; 0 at a stage that has none."""
        found = np.zeros(len(self.parts))
        for k, name in enumerate((primary, junior, special)):
            if name:
                found = np.where(self.stage == k, self.column(name)[self.school], found)
        return found

    def area_is(self, *areas: str) -> Array:
        """1 for schools in one of some areas; unknown where the area is."""
        given = self.table["area"]
        return np.array([np.nan if pd.isna(a) else float(a in areas) for a in given])

    def of_stage(self, values: Any) -> Array:
        """A value of each stage at the parts."""
        return np.asarray(values, float)[self.stage]

    def of_school(self, values: Any) -> Array:
        """A value of each school at its parts."""
        return np.asarray(values, float)[self.school]

    def to_stages(self, values: Array) -> Array:
        """Sums of parts by stage; a stage without parts has none of it."""
        return np.array([values[self.stage == k].sum() for k in range(3)])

    def to_schools(self, values: Array) -> Array:
        """Sums of parts by school."""
        return np.array([values[self.school == s].sum() for s in range(len(self.names))])

    def said(self, name: str, year: int, otherwise: float = np.nan) -> float:
        """What an assumption or lever says of a planned year; otherwise in the base year."""
        where: Any = {"levers": self.levers, "assumptions": self.assumed}
        for word in name.split("."):
            where = where.get(word) if isinstance(where, dict) else None
        if year < 1 or where is None:
            return otherwise
        return yearly(where, self.years, otherwise)[year - 1]

    def rule(self, name: str, year: int, key: str = "") -> float:
        """A value of the law in a year of the plan."""
        return self.law.value(name, self.base + year, key)

    def rules(self, name: str, year: int) -> Array:
        """A value of the law by stage in a year of the plan."""
        return np.array(self.law.stages(name, self.base + year))

    def flows(self, year: int, what: str) -> Array | None:
        """The shares of schools that go from school to school in a year; None: nobody moves."""
        rows = [
            row
            for row in self.reform.get("moves", ())
            if row["year"] == self.base + year and GO_ALONG[row["takes"]] >= DEPTH[what]
        ]
        if not rows:
            return None
        found = np.eye(len(self.names))
        for row in rows:
            here, there = self.names.index(row["school"]), self.names.index(row["into"])
            found[here, there] += row["share"]
            found[here, here] -= row["share"]
        return found

    def carry_schools(self, values: Array, year: int, what: str) -> Array:
        """Earlier figures of schools, of those who are there in a year."""
        flows = self.flows(year, what)
        return values if flows is None else _pushed(values, flows)

    def carry_parts(self, values: Array, year: int, what: str) -> Array:
        """Earlier figures of parts, of those who are there in a year."""
        flows = self.flows(year, what)
        return values if flows is None else _pushed(values, self._between_parts(flows))

    def _between_parts(self, flows: Array) -> Array:
        same = self.stage[:, np.newaxis] == self.stage
        return np.where(same, flows[np.ix_(self.school, self.school)], 0.0)

    def left(self, year: int) -> Array:
        """1 for a school that everybody has left by a year and nobody has come to since."""
        here = np.eye(len(self.names))
        for each in range(1, year + 1):
            flows = self.flows(each, "pupils")
            here = here if flows is None else here @ flows
        stayed = np.diag(here)
        come = here.sum(axis=0) - stayed
        return ((stayed < NOISE) & (come < NOISE)).astype(float)

    def opens_with(self, item: str, year: int) -> Array:
        """What new schools have of a thing from the year in which their first pupils come."""
        found = np.zeros(len(self.names))
        for row in self.reform.get("opens_with", ()):
            moves = self.reform.get("moves", ())
            first = min((m["year"] for m in moves if m["into"] == row["school"]), default=None)
            if row["item"] == item and first == self.base + year:
                found[self.names.index(row["school"])] += row["amount"]
        return found


def _pushed(values: Array, shares: Array) -> Array:
    """Values after shares of them went; what nobody leaves or comes to stays as it was."""
    found = np.array(values)
    for place in np.flatnonzero((shares != np.eye(len(shares))).any(axis=0)):
        come = np.flatnonzero(shares[:, place])
        found[place] = (values[come] * shares[come, place]).sum()
    return found


def of_public(town: Town, values: Array) -> Array:
    """A quantity of public schools; none of private ones."""
    return np.where(town.public == 1, values, 0.0)
