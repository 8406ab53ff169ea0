"""Which grades a stage has: six years of primary school and three of junior, or five and four."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

#: Years of primary school by the system a district follows.
PRIMARY_YEARS: Final[Mapping[str, int]] = MappingProxyType({"six_three": 6, "five_four": 5})
USUAL: Final = "six_three"
#: The last year of compulsory education.
LAST: Final = 9
#: The stages that have grades.
GRADED: Final = ("primary", "junior")


def grades_of(primary_years: int) -> dict[str, tuple[str, ...]]:
    """The columns of each stage's grades, first year of study first."""
    return {
        "primary": tuple(f"grade_{grade}" for grade in range(1, primary_years + 1)),
        "junior": tuple(f"grade_{grade}" for grade in range(primary_years + 1, LAST + 1)),
    }


def stage_of_grade(field: str, primary_years: int) -> str | None:
    """The stage that a column of pupils by grade belongs to; None for any other column."""
    found = [stage for stage, grades in grades_of(primary_years).items() if field in grades]
    return found[0] if found else None


def first_grade(stage: str, primary_years: int) -> int:
    """The grade in which a stage begins."""
    return 1 if stage == "primary" else primary_years + 1


def last_grade(stage: str, primary_years: int) -> int:
    """The grade in which a stage ends."""
    return primary_years if stage == "primary" else LAST
