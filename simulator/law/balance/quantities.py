"""The quantities that balance is measured by: facilities that are bought, teachers who move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Facility:
    """A quantity of a school's facilities that money can add to."""

    id: str
    unit: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One balance indicator: a quantity per pupil (or per hundred), of a part.

    ``of`` is the quantity, ``times`` 100 for the per-hundred ones; ``quality`` and
    ``basic`` say in which of the two evaluations it counts.
    """

    id: str
    unit: str
    times: float
    teachers: bool
    quality: bool
    basic: bool


FACILITIES: Final = (
    Facility("teaching_area", "m2"),
    Facility("sports_area", "m2"),
    Facility("equipment_value", "yuan"),
    Facility("multimedia_rooms", "room"),
    Facility("computers", "set"),
    Facility("books", "volume"),
)
#: Teacher counts kept by stage, as the statistics do.
TEACHER_COUNTS: Final = ("teachers", "higher_degree", "backbone", "pe_art", "senior_title")

#: The seven of quality balance in their official order, then the rest of basic balance's eight.
INDICATORS: Final = (
    Indicator("higher_degree", "per_100_pupils", 100, True, True, True),
    Indicator("backbone", "per_100_pupils", 100, True, True, False),
    Indicator("pe_art", "per_100_pupils", 100, True, True, False),
    Indicator("teaching_area", "m2_per_pupil", 1, False, True, True),
    Indicator("sports_area", "m2_per_pupil", 1, False, True, True),
    Indicator("equipment_value", "yuan_per_pupil", 1, False, True, True),
    Indicator("multimedia_rooms", "per_100_pupils", 100, False, True, False),
    Indicator("computers", "per_100_pupils", 100, False, False, True),
    Indicator("books", "volume_per_pupil", 1, False, False, True),
    Indicator("teachers", "per_100_pupils", 100, True, False, True),
    Indicator("senior_title", "per_100_pupils", 100, True, False, True),
)
QUALITY: Final = tuple(indicator for indicator in INDICATORS if indicator.quality)
BASIC: Final = tuple(indicator for indicator in INDICATORS if indicator.basic)
