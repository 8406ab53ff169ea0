"""New pupils of the planned years: as given, from births, or from kindergarten rolls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import numpy as np

from simulator.errors import JunhengError

#: A class is born from September to August: four months of one year, eight of the next.
BORN_EARLIER: Final = 4 / 12
#: Kindergarten classes, by the autumns they are away from school.
KINDERGARTEN: Final = ("top", "middle", "small")
INTAKE: Final = "assumptions.pupils.intake"
VARIANT: Final = "assumptions.pupils.variant"
SPREAD: Final = "assumptions.pupils.spread"
#: How far new pupils of the high and the low variant lie from the middle one, if nothing is said.
USUAL_SPREAD: Final = 0.05
_SIGN: Final = {"middle": 0, "high": 1, "low": -1}


class Said(Protocol):
    """What a scenario says about pupils: a value by its dotted path, and the horizon."""

    @property
    def horizon(self) -> int:
        """The number of planned years."""

    def get(self, path: str) -> Any:
        """One value; None where it is not said."""


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


def intake_from_kindergarten(
    rolls: Mapping[str, float], after: int, survival: float = 1.0, migration: float = 1.0
) -> float:
    """First-grade pupils some autumns after the base year's, from its kindergarten rolls.

    The top class enters the next autumn, the middle class a year later, the small class after
    that. Raises JunhengError where no class of the base year is left to enter.
    """
    if after > len(KINDERGARTEN) or KINDERGARTEN[after - 1] not in rolls:
        raise JunhengError("kindergarten_missing", after=after, known=len(rolls))
    return rolls[KINDERGARTEN[after - 1]] * survival * migration


def intakes(said: Said, base_year: int) -> dict[str, Sequence[float]]:
    """The district's new pupils of every planned year, by stage, in the variant that is asked for.

    A stage that nothing is said of is left out. Raises JunhengError where births or rolls do
    not reach far enough.
    """
    given = {
        stage: by_year(value, said.horizon)
        for stage in ("primary", "junior")
        if (value := said.get(f"{INTAKE}.{stage}")) is not None
    }
    method = said.get(f"{INTAKE}.method") or "given"
    if method != "given":
        given["primary"] = _derived(said, method, base_year)
    factor = variant_factor(said)
    return {stage: [value * factor for value in values] for stage, values in given.items()}


def _derived(said: Said, method: str, base_year: int) -> list[float]:
    survival = by_year(_or(said.get(f"{INTAKE}.survival"), 1.0), said.horizon)
    migration = by_year(_or(said.get(f"{INTAKE}.in_migration"), 1.0), said.horizon)
    scales = list(zip(survival, migration, strict=True))
    if method == "births":
        births = {int(year): float(n) for year, n in (said.get(f"{INTAKE}.births") or {}).items()}
        return [
            intake_from_births(births, base_year + after, *each)
            for after, each in enumerate(scales, 1)
        ]
    path = f"{INTAKE}.kindergarten"
    rolls = {
        group: float(value)
        for group in KINDERGARTEN
        if (value := said.get(f"{path}.{group}")) is not None
    }
    return [intake_from_kindergarten(rolls, after, *each) for after, each in enumerate(scales, 1)]


def variant_factor(said: Said) -> float:
    """What new pupils of the chosen variant are, measured by the middle one."""
    variant = said.get(VARIANT) or "middle"
    spread = _or(said.get(SPREAD), USUAL_SPREAD)
    return 1.0 + _SIGN[variant] * float(spread)


def by_year(value: float | Sequence[float], years: int) -> Sequence[float]:
    """One value for every planned year, or a list of one a year as it is."""
    return [float(value)] * years if isinstance(value, (int, float, np.floating)) else list(value)


def _or(value: Any, otherwise: float) -> Any:
    return otherwise if value is None else value
