"""Last year's district as the start of a new one."""

from __future__ import annotations

import dataclasses
from types import MappingProxyType
from typing import Final

import numpy as np

from simulator.district.columns import STAGE_PUPILS, columns
from simulator.district.model import District

#: What a school is and owns goes over into the new year; what is counted or spent does not.
KEPT: Final = frozenset(
    {"school_name", "school_type", "ownership", "area", "weak", "small_class", "authorised_posts",
     "floor_area", "teaching_area", "sports_area", "equipment_value", "multimedia_rooms",
     "computers", "books", "music_rooms", "art_rooms"}
)  # fmt: skip


def roll_forward(district: District) -> District:
    """The district of the next base year, to be filled in: nothing is guessed.

    Last autumn's pupils become those of the year before; what the schools are and own stays;
    everything counted or spent in the new year is unknown until it is entered. Planned values
    of the tracked targets stay; base values are unknown.
    """
    schools = district.schools.copy()
    for stage in STAGE_PUPILS.values():
        if f"{stage}_prior" in schools:
            schools[f"{stage}_prior"] = district.schools[stage]
    priors = {f"{stage}_prior" for stage in STAGE_PUPILS.values()}
    for field, known in columns("schools").items():
        if field in schools and known.numeric and field not in KEPT | priors:
            schools[field] = np.nan
    indicators = district.indicators.copy()
    indicators["base_value"] = np.nan
    return dataclasses.replace(
        district,
        base_year=district.base_year + 1,
        schools=schools,
        indicators=indicators,
        findings=(),
        origins=MappingProxyType({}),
    )
