"""Pupils of the planned years: carried from grade to grade, or taken from a table.

Both return the pupils of every part: a table indexed by (year, school_id, stage) with
``pupils`` and ``grade_1`` … ``grade_6``, the years of study within the stage (grade_1 of a
junior stage is school year 7). Special schools keep no grades and are left to growth rates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.district.columns import GRADES, STAGE_PUPILS
from simulator.district.model import District
from simulator.errors import JunhengError
from simulator.stages import STAGES_OF_TYPE

COHORT_STAGES: Final = ("primary", "junior")
#: The last primary grade, whose pupils move to junior schools.
LAST_PRIMARY: Final = 6
INDEX: Final = ("year", "school_id", "stage")
STUDY_YEARS: Final = tuple(f"grade_{year}" for year in range(1, 7))
#: A class is born from September to August: four months of one year, eight of the next.
BORN_EARLIER: Final = 4 / 12

PUPILS: Final = "assumptions.pupils"

Progression = float | Mapping[int, float]
Intake = Mapping[str, Sequence[float]]


class Said(Protocol):
    """What a scenario says about pupils: a value by its dotted path, and the horizon."""

    @property
    def horizon(self) -> int:
        """The number of planned years."""

    def get(self, path: str) -> Any:
        """One value; None where it is not said."""


def project_cohort(
    district: District, years: Sequence[int], progression: Progression, intake: Intake
) -> pd.DataFrame:
    """Pupils by grade progression: E[g+1, t+1] = E[g, t] · r[g], first grades from the intake.

    ``years`` follow the base year without a gap. ``progression`` is the share of a grade's
    pupils who are in the next one a year later, migration included: one number, or one a
    grade (1 … 8; 6 is the move to junior school). ``intake`` has the district's new pupils
    of each year: ``primary`` is needed, without ``junior`` the pupils of grade 6 move up.
    Schools share an intake as they share the first grade now. Raises JunhengError where
    grades, years, rates or intakes are missing. Source: POLICY grade progression practice.
    """
    _check_years(district, years)
    grades = {stage: _grades(district, stage) for stage in COHORT_STAGES}
    rates = _rates(progression)
    given = {stage: _intake(intake, stage, years) for stage in COHORT_STAGES}
    if given["primary"] is None and len(grades["primary"]):
        raise JunhengError("cohort_intake", stage="primary", years=len(years))
    entering = {stage: _first_grade_share(grades[stage]) for stage in COHORT_STAGES}
    frames = []
    for number, year in enumerate(years):
        leaving = float(grades["primary"].to_numpy()[:, -1].sum()) * rates[LAST_PRIMARY]
        for stage in COHORT_STAGES:
            newcomers = given[stage]
            new = leaving if newcomers is None else float(newcomers[number])
            grades[stage] = _move_up(grades[stage], rates, new * entering[stage])
            frames.append(_long(grades[stage], year, stage))
    return pd.concat(frames).sort_index()


def project_table(district: District, table: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """Pupils as a table gives them: columns year, school_id, stage, pupils.

    ``stage`` may be left out where every school has one stage only. Every part needs a row
    for every year of the plan; rows of other years are ignored. Grades are not known.
    Raises JunhengError on unknown schools or stages, missing or repeated rows, bad counts.
    """
    rows = _table_rows(table)
    parts = _parts(district)
    if "stage" not in rows:
        rows = rows.assign(stage=[_only_stage(parts, str(each)) for each in rows["school_id"]])
    rows = rows[rows["year"].isin(list(years))]
    keyed = rows.set_index([rows["year"].astype(int), rows["school_id"].astype(str), rows["stage"]])
    _check_table(keyed, parts, years)
    pupils = pd.to_numeric(keyed["pupils"], errors="coerce").astype(float)
    if not (np.isfinite(pupils) & (pupils >= 0)).all():
        bad = keyed.index[~(np.isfinite(pupils) & (pupils >= 0))][0]
        raise JunhengError("pupils_table_count", year=bad[0], school=bad[1], stage=bad[2])
    wanted = pd.MultiIndex.from_tuples(
        [(year, school, stage) for year in years for school, stage in parts], names=INDEX
    )
    found = pd.DataFrame({"pupils": pupils.reindex(wanted)})
    return found.assign(**dict.fromkeys(STUDY_YEARS, np.nan)).sort_index()


def projected_pupils(district: District, scenario: Said) -> pd.DataFrame | None:
    """The planned years' pupils by the scenario's method; None where growth rates apply.

    ``cohort`` moves grades up at ``progression`` (everyone moves up where it is not said),
    ``table`` takes the scenario's own rows. Raises JunhengError as the two methods do.
    """
    method = scenario.get(f"{PUPILS}.method") or "growth"
    years = range(district.base_year + 1, district.base_year + 1 + scenario.horizon)
    if method == "cohort":
        rate = scenario.get(f"{PUPILS}.progression")
        given = {stage: scenario.get(f"{PUPILS}.intake.{stage}") for stage in COHORT_STAGES}
        intake = {
            stage: _by_year(value, len(years))
            for stage, value in given.items()
            if value is not None
        }
        return project_cohort(district, years, 1.0 if rate is None else rate, intake)
    if method == "table":
        rows = [dict(row) for row in scenario.get(f"{PUPILS}.table") or ()]
        table = pd.DataFrame(rows, columns=["school", "stage", "year", "pupils"])
        return project_table(district, table.rename(columns={"school": "school_id"}), years)
    return None


def _by_year(value: float | Sequence[float], years: int) -> Sequence[float]:
    return [float(value)] * years if isinstance(value, (int, float)) else list(value)


def residual(pupils: float, previous: float, graduates: float, intake: float) -> float:
    """Pupils that the books do not explain: this year's less (last year's − graduates + intake)."""
    return pupils - (previous - graduates + intake)


def intake_from_births(
    births: Mapping[int, float], year: int, survival: float = 1.0, migration: float = 1.0
) -> float:
    """First-grade pupils of an autumn, from births: entry at six by the end of August.

    A third are born seven years earlier, two thirds six years earlier (September to August,
    even births); ``survival`` and ``migration`` (net in-migration) scale them. Raises
    JunhengError where a year of birth is missing.
    """
    missing = [each for each in (year - 7, year - 6) if each not in births]
    if missing:
        raise JunhengError("births_missing", year=year, missing=missing[0])
    born = BORN_EARLIER * births[year - 7] + (1 - BORN_EARLIER) * births[year - 6]
    return born * survival * migration


def _check_years(district: District, years: Sequence[int]) -> None:
    wanted = list(range(district.base_year + 1, district.base_year + 1 + len(years)))
    if list(years) != wanted or not wanted:
        raise JunhengError("cohort_years", base=district.base_year, years=list(years))


def _has_stage(district: District, stage: str) -> NDArray[np.bool_]:
    return np.array([stage in STAGES_OF_TYPE[each] for each in district.schools["school_type"]])


def _grades(district: District, stage: str) -> pd.DataFrame:
    schools = district.schools[_has_stage(district, stage)]
    grades = schools[list(GRADES[stage])].astype(float)
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


def _intake(intake: Intake, stage: str, years: Sequence[int]) -> NDArray[np.float64] | None:
    if stage not in intake:
        return None
    values = np.asarray(intake[stage], dtype=np.float64)
    if values.shape != (len(years),) or not np.isfinite(values).all() or (values < 0).any():
        raise JunhengError("cohort_intake", stage=stage, years=len(years))
    return values


def _first_grade_share(grades: pd.DataFrame) -> NDArray[np.float64]:
    first = grades.to_numpy()[:, 0] if len(grades) else np.zeros(0)
    whole = first.sum()
    if whole == 0 and len(first):
        raise JunhengError("cohort_first_grade", grade=str(grades.columns[0])[-1])
    return np.asarray(first / whole if len(first) else first, dtype=np.float64)


def _move_up(
    grades: pd.DataFrame, rates: Mapping[int, float], newcomers: NDArray[np.float64]
) -> pd.DataFrame:
    """The grades a year later."""
    moved = grades.copy()
    for before, after in zip(grades.columns[:-1], grades.columns[1:], strict=True):
        moved[after] = grades[before] * rates[int(str(before).removeprefix("grade_"))]
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


def _parts(district: District) -> list[tuple[str, str]]:
    return [
        (str(school), stage)
        for school, kind in district.schools["school_type"].items()
        for stage in STAGES_OF_TYPE[kind]
    ]


def _only_stage(parts: Sequence[tuple[str, str]], school: str) -> str:
    stages = [stage for each, stage in parts if each == school]
    if len(stages) > 1:
        raise JunhengError("pupils_table_stage", school=school)
    return stages[0] if stages else ""


def _table_rows(table: pd.DataFrame) -> pd.DataFrame:
    rows = table.reset_index() if table.index.names != [None] else table
    missing = [name for name in ("year", "school_id", "pupils") if name not in rows]
    if missing:
        raise JunhengError("pupils_table_column", column=missing[0])
    return rows


def _check_table(
    keyed: pd.DataFrame, parts: Sequence[tuple[str, str]], years: Sequence[int]
) -> None:
    known = set(parts)
    for year, school, stage in keyed.index:
        if (school, stage) not in known:
            raise JunhengError("pupils_table_school", year=year, school=school, stage=stage)
    if keyed.index.has_duplicates:
        year, school, stage = keyed.index[keyed.index.duplicated()][0]
        raise JunhengError("pupils_table_twice", year=year, school=school, stage=stage)
    given = set(keyed.index)
    for year in years:
        for school, stage in parts:
            if (year, school, stage) not in given:
                raise JunhengError("pupils_table_missing", year=year, school=school, stage=stage)
