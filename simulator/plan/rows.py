"""What a family of rules hands to the solvers: linear rows and cones, each with its rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from simulator.plan.problem import INDICATORS, Array, Family, Ints, Problem, Rule

Sense = Literal["eq", "le"]
#: A place that a row says nothing of: it is about all stages, years …
ANY = -1
PLACES: Final = ("stage", "indicator", "year", "school")
#: By what officers tell the rules of a family apart.
TOLD_BY: Final[dict[str, tuple[str, ...]]] = {
    "standard": ("stage", "indicator"),
    "one_exempt": ("stage",),
    "money": ("year",),
    "item_cap": ("indicator", "year"),
    "school_cap": ("school",),
    "same_total": ("stage", "indicator"),
    "teachers": ("stage", "indicator"),
    "growth_per_pupil": ("stage", "year"),
    "growth_operating": ("stage", "year"),
    "no_fall_per_pupil": ("year",),
}


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Linear rows of one family: Σ value·variable (= or ≤) right.

    ``places`` (n, 4) are the positions of each row's stage, indicator, year and school; −1
    where the row is about all of them.
    """

    family: Family
    sense: Sense
    row: Ints
    column: Ints
    value: Array
    right: Array
    places: Ints

    @property
    def count(self) -> int:
        """Number of rows."""
        return len(self.right)

    @property
    def keys(self) -> Ints:
        """(n, 4) places of the rule that each row belongs to: one rule for all schools, say."""
        found = self.places.copy()
        told = TOLD_BY.get(self.family, ())
        found[:, [place for place in range(len(PLACES)) if PLACES[place] not in told]] = ANY
        return found

    def rule(self, problem: Problem, row: int) -> Rule:
        """The rule that a row belongs to."""
        return rule_at(problem, self.family, *(int(place) for place in self.keys[row]))


def rule_at(
    problem: Problem, family: str, stage: int, indicator: int, year: int, school: int
) -> Rule:
    """A rule by its places; a negative place is left open."""
    return Rule(
        family,
        problem.stages[stage] if stage >= 0 else "",
        INDICATORS[indicator] if indicator >= 0 else "",
        problem.years[year] if year >= 0 else 0,
        problem.schools[school] if school >= 0 else "",
    )


@dataclass(frozen=True, slots=True, eq=False)
class Cone:
    """One limited CV: ‖√w∘(level − mean)‖ ≤ limit · mean."""

    year: int
    stage: int
    indicator: int
    limit: float
    mean: int
    levels: Ints
    weights: Array

    def rule(self, problem: Problem) -> Rule:
        """The rule that the cone stands for."""
        return rule_at(problem, "cv", self.stage, self.indicator, ANY, ANY)

    def variation(self, values: Array) -> float:
        """The coefficient of variation at a solution; 0 where the mean is 0."""
        mean = float(values[self.mean])
        spread = float(np.sqrt(self.weights @ (values[self.levels] - mean) ** 2))
        return spread / mean if mean > 0 else 0.0 if spread == 0 else np.inf


def places_of(count: int, **columns: Any) -> Ints:
    """(n, 4) places of rows: what is not given stays open."""
    found = np.full((count, 4), ANY, dtype=np.intp)
    for position, name in enumerate(PLACES):
        if name in columns:
            found[:, position] = columns[name]
    return found


def stacked(*parts: tuple[Any, Any, Any]) -> tuple[Ints, Ints, Array]:
    """Triplets (row, column, value) of several kinds, those without a variable left out."""
    if not parts:
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp), np.zeros(0)
    rows, columns, values = (
        np.concatenate([np.asarray(part[which]).ravel() for part in parts]) for which in range(3)
    )
    kept = columns >= 0
    return rows[kept], columns[kept], values[kept]
