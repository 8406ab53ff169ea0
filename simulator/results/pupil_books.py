"""The books of pupils: what each stage had, who came, who left, and what is left unexplained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.district.pupils.grades import GRADED, first_grade, last_grade
from simulator.district.pupils.projection import residual
from simulator.machine.language import BASE
from simulator.results.result import Result
from simulator.stages import STAGES

METHOD = "assumptions.pupils.method"


@dataclass(frozen=True, slots=True)
class Book:
    """One stage in one planned year: before − leaving + entering + other = now, in pupils.

    ``other`` is the net of those who moved in or out between grades. Who enters and who leaves
    is known only where pupils are carried from grade to grade; else NaN.
    """

    year: int
    stage: str
    before: float
    entering: float
    leaving: float
    other: float
    now: float


def books(result: Result) -> list[Book]:
    """The books of every planned year and stage that has grades."""
    by_grade = result.binding.scenario.get(METHOD) == "cohort"
    return [
        _book(result, year, stage, by_grade)
        for year in result.index.years[BASE + 1 :]
        for stage in GRADED
    ]


def _book(result: Result, year: int, stage: str, by_grade: bool) -> Book:
    before, now = (_pupils(result, each, stage) for each in (year - 1, year))
    entering = leaving = float("nan")
    if by_grade:
        last = study_years(result, stage)
        entering = grade_total(result, year, stage, 1)
        leaving = grade_total(result, year - 1, stage, last)
    return Book(
        year, stage, before, entering, leaving, residual(now, before, leaving, entering), now
    )


def study_years(result: Result, stage: str) -> int:
    """How many years a stage lasts."""
    years = result.binding.district.primary_years
    return last_grade(stage, years) - first_grade(stage, years) + 1


def grade_total(result: Result, year: int, stage: str, study_year: int) -> float:
    """Pupils of one year of study of a stage in the whole district."""
    here = result.index.part_stage == STAGES.index(stage)
    values = result.at(f"grade_pupils_{study_year}", year)[here]
    # a school that nobody is at has no grades; one whose pupils are unknown leaves all unknown
    return float(np.sum(values[result.at("pupils", year)[here] != 0]))


def _pupils(result: Result, year: int, stage: str) -> float:
    return float(result.at("stage_pupils", year)[STAGES.index(stage)])
