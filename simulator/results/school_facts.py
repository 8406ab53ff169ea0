"""Facts that follow from the kind of a school, its area, its code, or from the year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from simulator.district.model import District
from simulator.machine.index import Index
from simulator.machine.language import BASE, Array
from simulator.machine.registry import Input
from simulator.stages import STAGES, STAGES_OF_TYPE


def numbers(frame: pd.DataFrame, column: str) -> Array:
    """A column as numbers, NaN where it is empty; (row)."""
    return np.asarray(frame[column].to_numpy(dtype=np.float64, na_value=np.nan))


def structure_array(leaf: Input, index: Index, district: District) -> Array:
    """A fact of years, stages, schools or parts as an array (year or 1, entity)."""
    schools = district.schools
    if leaf.name == "planned":
        # unknown before the base year: a school's sheet counts the base year only
        flags = [np.nan, *(float(year > index.base_year) for year in index.years[BASE:])]
        return np.array(flags)[:, np.newaxis]
    if leaf.name == "planned_years":
        return np.array([[float(index.horizon)]])
    if leaf.name == "ordinary_stage":
        return np.array([[float(stage != "special") for stage in STAGES]])
    if leaf.name == "no_standard":
        return np.full((1, len(STAGES)), np.nan)
    if leaf.name in OF_SCHOOL:
        column, holds = OF_SCHOOL[leaf.name]
        return np.array([[float(holds(each)) for each in schools[column]]])
    if leaf.name == "code_rank":
        return _code_rank(index)[np.newaxis]
    if leaf.name in AREA_OF:
        return _in_area(schools, AREA_OF[leaf.name])[np.newaxis]
    if leaf.name == "several_stages":
        return _several_stages(schools)[np.newaxis]
    return _village_schools(schools)[np.newaxis]


def _code_rank(index: Index) -> Array:
    """The place of each part at its stage, in the order of school codes."""
    order, starts = index.by_code
    found = np.empty(len(order))
    first = np.repeat(starts, np.diff([*starts, len(order)]))
    found[order] = np.arange(1, len(order) + 1) - first
    return found


AREA_OF = {"rural_school": "rural", "in_town": "urban"}
HAS_SENIOR = frozenset({"complete_secondary", "twelve_year"})
#: Facts of a school that one of its columns says. Where nobody says who runs a school, it is
#: taken as public.
OF_SCHOOL: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "public_school": ("ownership", lambda each: each != "private"),
    "teaching_point": ("school_type", lambda kind: kind == "teaching_point"),
    "special_school": ("school_type", lambda kind: kind == "special"),
    "has_senior": ("school_type", lambda kind: kind in HAS_SENIOR),
}


def _several_stages(schools: pd.DataFrame) -> Array:
    """Schools that are more than one part: mixed ones, those with senior or special pupils."""
    special = numbers(schools, "special_pupils")
    several = [
        len(STAGES_OF_TYPE[kind]) > 1 or kind in HAS_SENIOR or (kind != "special" and pupils > 0)
        for kind, pupils in zip(schools["school_type"], special, strict=True)
    ]
    return np.array(several, dtype=np.float64)


def _in_area(schools: pd.DataFrame, area: str) -> Array:
    """Whether each school lies in an area; unknown where its area is."""
    given = schools["area"]
    return np.where(given.isna(), np.nan, (given == area).to_numpy(dtype=float))


def _village_schools(schools: pd.DataFrame) -> Array:
    """Teaching points and rural primary schools; unknown where a primary's area is."""
    point = (schools["school_type"] == "teaching_point").to_numpy()
    primary = (schools["school_type"] == "primary").to_numpy()
    return np.where(point, 1.0, np.where(primary, _in_area(schools, "rural"), 0.0))
