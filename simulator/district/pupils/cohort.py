"""Pupils carried from grade to grade: first grades from the intake, moves of schools applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.district.columns import STAGE_PUPILS
from simulator.district.model import District
from simulator.district.pupils.grades import GRADED, grades_of
from simulator.district.pupils.moves import Moves
from simulator.errors import JunhengError
from simulator.stages import STAGES_OF_TYPE

INDEX: Final = ("year", "school_id", "stage")
STUDY_YEARS: Final = tuple(f"grade_{year}" for year in range(1, 7))

Progression = float | Mapping[int, float]
Intake = Mapping[str, Sequence[float]]
Array = NDArray[np.float64]


def project_cohort(
    district: District,
    years: Sequence[int],
    progression: Progression,
    intake: Intake,
    moves: Moves | None = None,
) -> pd.DataFrame:
    """Pupils by grade progression: E[g+1, t+1] = E[g, t] · r[g], first grades from the intake.

    A table indexed by (year, school_id, stage) with ``pupils`` and ``grade_1`` … ``grade_6``,
    the years of study within the stage. ``years`` follow the base year without a gap.
    ``progression`` is the share of a grade's pupils who are in the next one a year later,
    migration included: one number, or one a grade (1 … 8; the last primary grade's is the
    move to junior school). ``intake`` has the district's new pupils of each year: ``primary``
    is needed, without ``junior`` the pupils of the last primary grade move up. Schools share
    an intake as they share the first grade now; pupils and shares follow ``moves``. Raises
    JunhengError where grades, years, rates or intakes are missing. Source: POLICY grade
    progression practice.
    """
    _check_years(district, years)
    fields = grades_of(district.primary_years)
    grades = {stage: _grades(district, stage, fields[stage]) for stage in GRADED}
    rates = _rates(progression)
    given = {stage: _intake(intake, stage, years) for stage in GRADED}
    if given["primary"] is None and len(grades["primary"]):
        raise JunhengError("cohort_intake", stage="primary", years=len(years))
    entering = {stage: _first_grade_share(grades[stage]) for stage in GRADED}
    frames = []
    for number, year in enumerate(years):
        leaving = float(grades["primary"].to_numpy()[:, -1].sum()) * rates[district.primary_years]
        for stage in GRADED:
            newcomers = given[stage]
            new = leaving if newcomers is None else float(newcomers[number])
            there = _where_to(moves, year, list(grades[stage].index))
            entering[stage] = _gone(entering[stage], there)
            grades[stage] = _move_up(grades[stage], rates, new * entering[stage], there)
            frames.append(_long(grades[stage], year, stage))
    return pd.concat(frames).sort_index()


def _where_to(moves: Moves | None, year: int, schools: Sequence[str]) -> Array | None:
    """The shares of a stage's pupils that go from school to school in a year; None: nobody goes."""
    if moves is None or year not in moves.years:
        return None
    place = {school: position for position, school in enumerate(moves.schools)}
    held = [place[str(school)] for school in schools]
    return moves.matrix(year, "pupils")[np.ix_(held, held)]


def _gone(pupils: Array, there: Array | None) -> Array:
    return pupils if there is None else pupils @ there


def _check_years(district: District, years: Sequence[int]) -> None:
    wanted = list(range(district.base_year + 1, district.base_year + 1 + len(years)))
    if list(years) != wanted or not wanted:
        raise JunhengError("cohort_years", base=district.base_year, years=list(years))


def _has_stage(district: District, stage: str) -> NDArray[np.bool_]:
    return np.array([stage in STAGES_OF_TYPE[each] for each in district.schools["school_type"]])


def _grades(district: District, stage: str, fields: Sequence[str]) -> pd.DataFrame:
    schools = district.schools[_has_stage(district, stage)]
    grades = schools[list(fields)].astype(float)
    empty = schools[STAGE_PUPILS[stage]].to_numpy(dtype=float) == 0
    grades = grades.mask(empty[:, np.newaxis] & grades.isna().to_numpy(), 0.0)
    unknown = grades.isna().any(axis=1)
    if unknown.any():
        first = schools.loc[unknown, "school_name"].iloc[0]
        raise JunhengError("cohort_grades", count=int(unknown.sum()), school=first)
    return grades


def _rates(progression: Progression) -> Mapping[int, float]:
    rates = (
        dict.fromkeys(range(1, 9), float(progression))
        if isinstance(progression, (int, float))
        else {int(grade): float(rate) for grade, rate in progression.items()}
    )
    for grade in range(1, 9):
        if grade not in rates or not np.isfinite(rates[grade]) or rates[grade] < 0:
            raise JunhengError("cohort_rate", grade=grade, rate=rates.get(grade))
    return rates


def _intake(intake: Intake, stage: str, years: Sequence[int]) -> Array | None:
    if stage not in intake:
        return None
    values = np.asarray(intake[stage], dtype=np.float64)
    if values.shape != (len(years),) or not np.isfinite(values).all() or (values < 0).any():
        raise JunhengError("cohort_intake", stage=stage, years=len(years))
    return values


def _first_grade_share(grades: pd.DataFrame) -> Array:
    first = grades.to_numpy()[:, 0] if len(grades) else np.zeros(0)
    whole = first.sum()
    if whole == 0 and len(first):
        raise JunhengError("cohort_first_grade", grade=str(grades.columns[0])[-1])
    return np.asarray(first / whole if len(first) else first, dtype=np.float64)


def _move_up(
    grades: pd.DataFrame, rates: Mapping[int, float], newcomers: Array, there: Array | None
) -> pd.DataFrame:
    """The grades a year later, each at the school it then goes to."""
    moved = grades.copy()
    for before, after in zip(grades.columns[:-1], grades.columns[1:], strict=True):
        up = grades[before].to_numpy() * rates[int(str(before).removeprefix("grade_"))]
        moved[after] = _gone(up, there)
    moved[grades.columns[0]] = newcomers
    return moved


def _long(grades: pd.DataFrame, year: int, stage: str) -> pd.DataFrame:
    """One year's grades of a stage, indexed by part; years of study the stage lacks are 0."""
    index = pd.MultiIndex.from_tuples(
        [(year, str(each), stage) for each in grades.index], names=INDEX
    )
    found = pd.DataFrame(0.0, index=index, columns=["pupils", *STUDY_YEARS])
    for study, grade in zip(STUDY_YEARS, grades.columns, strict=False):
        found[study] = grades[grade].to_numpy()
    found["pupils"] = grades.sum(axis=1).to_numpy()
    return found
