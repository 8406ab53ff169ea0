"""Pupils of the planned years: carried from grade to grade, or taken from a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from simulator.district.model import District
from simulator.district.pupils.cohort import INDEX, STUDY_YEARS, project_cohort
from simulator.district.pupils.intake import Said, intakes
from simulator.district.pupils.moves import Moves
from simulator.errors import JunhengError
from simulator.stages import STAGES_OF_TYPE

PUPILS: Final = "assumptions.pupils"


def projected_pupils(
    district: District, scenario: Said, moves: Moves | None = None
) -> pd.DataFrame | None:
    """The planned years' pupils by the scenario's method; None where growth rates apply.

    ``cohort`` moves grades up at ``progression`` (everyone moves up where it is not said),
    ``table`` takes the scenario's own rows, which already say who is where. Raises
    JunhengError as the two methods do.
    """
    method = scenario.get(f"{PUPILS}.method") or "growth"
    years = range(district.base_year + 1, district.base_year + 1 + scenario.horizon)
    if method == "cohort":
        rate = scenario.get(f"{PUPILS}.progression")
        intake = intakes(scenario, district.base_year)
        return project_cohort(district, years, 1.0 if rate is None else rate, intake, moves)
    if method == "table":
        rows = [dict(row) for row in scenario.get(f"{PUPILS}.table") or ()]
        table = pd.DataFrame(rows, columns=["school", "stage", "year", "pupils"])
        return project_table(district, table.rename(columns={"school": "school_id"}), years)
    return None


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


def residual(pupils: float, previous: float, graduates: float, intake: float) -> float:
    """Pupils that the books do not explain: this year's less (last year's − graduates + intake)."""
    return pupils - (previous - graduates + intake)


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
