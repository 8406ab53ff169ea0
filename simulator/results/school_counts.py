"""How many schools fail, of how many: distinct schools, in one place for every page and file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from simulator.results.result import Result

#: The figures that the counts are, which "why?" opens.
FAILING: Final = "district_schools_failing"
EVALUATED: Final = "district_schools_evaluated"


@dataclass(frozen=True, slots=True)
class SchoolCount:
    """Evaluated schools of a year, a school of several stages once.

    ``failing`` fail by what is known, ``unknown`` cannot be judged, ``counted`` are
    evaluated (or may be); ``stages`` is how many school-stages fail.
    """

    failing: int
    unknown: int
    counted: int
    stages: int

    @property
    def status(self) -> str:
        """fail where a school fails, else unknown where one cannot be judged, else pass."""
        return "fail" if self.failing else "unknown" if self.unknown else "pass"


def schools_counted(result: Result, year: int) -> SchoolCount:
    """The distinct schools of a year that fail, cannot be judged, and are evaluated."""
    parts, fails = result.at("school_failing", year), result.at("school_fails", year)
    evaluated = result.at("school_evaluated", year)
    return SchoolCount(
        failing=int((fails == 1).sum()),
        unknown=int(np.isnan(fails).sum()),
        counted=int((np.isnan(evaluated) | (evaluated == 1)).sum()),
        stages=int((parts == 1).sum()),
    )
