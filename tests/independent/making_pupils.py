"""Random pupils for random districts: growth, cohorts, tables, and schools that move."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

#: The stages that each type of school has.
STAGES_OF = {
    "primary": ("primary",),
    "teaching_point": ("primary",),
    "junior": ("junior",),
    "nine_year": ("primary", "junior"),
    "complete_secondary": ("junior",),
    "twelve_year": ("primary", "junior"),
    "special": ("special",),
}
Random = np.random.Generator


class Dice:
    """What is drawn for one scenario: numbers, lists of one a year, and whether to say a thing."""

    def __init__(self, random: Random, years: int) -> None:
        self.random, self.years = random, years

    def chance(self, share: float) -> bool:
        """Whether a thing of such a chance happens."""
        return bool(self.random.random() < share)

    def number(self, low: float, high: float, digits: int = 6) -> float:
        """A number between two others."""
        return round(float(self.random.uniform(low, high)), digits)

    def yearly(self, low: float, high: float, digits: int = 6) -> Any:
        """A number, or one a year."""
        if self.chance(0.6):
            return self.number(low, high, digits)
        return [self.number(low, high, digits) for _ in range(self.years)]

    def one_of(self, *choices: Any) -> Any:
        """One of some things."""
        return choices[int(self.random.integers(len(choices)))]


def parts(schools: pd.DataFrame) -> list[tuple[str, str]]:
    return [
        (row.school_id, stage)
        for row in schools.itertuples()
        for stage in STAGES_OF[row.school_type]
    ]


def pupils(dice: Dice, schools: pd.DataFrame, base_year: int, graded: bool) -> dict[str, Any]:
    kind = dice.number(0, 1)
    if kind < 0.25 and graded and _has_both(schools):
        return _cohort(dice, schools, base_year)
    if kind > 0.85:
        counted = schools.set_index("school_id")
        rows = []
        for school, stage in parts(schools):
            heads = float(counted.at[school, f"{stage}_pupils"])
            for year in range(base_year + 1, base_year + dice.years + 1):
                heads = float(np.round(heads * dice.number(0.9, 1.1)))
                rows.append({"school": school, "stage": stage, "year": year, "pupils": heads})
        return {"method": "table", "table": rows}
    found: dict[str, Any] = {"method": "growth"}
    for stage in ("primary", "junior", "special"):
        if dice.chance(0.85):
            found[stage] = dice.yearly(-0.09, 0.06)
    return found


def _has_both(schools: pd.DataFrame) -> bool:
    """Whether anybody is in the first grade of either stage, so that an intake can be shared."""
    kinds = schools["school_type"]
    firsts = [name for name in ("grade_1", "grade_6", "grade_7") if name in schools]
    return len(firsts) == 3 and all(schools[name].sum() > 0 for name in firsts) and len(kinds) > 0


def _cohort(dice: Dice, schools: pd.DataFrame, base_year: int) -> dict[str, Any]:
    first = float(schools["grade_1"].sum())
    found: dict[str, Any] = {"method": "cohort", "intake": {}}
    how = dice.one_of("given", "given", "births", "kindergarten")
    if how == "kindergarten" and dice.years > 3:
        how = "births"
    if how == "given":
        found["intake"]["primary"] = dice.yearly(0.7 * first, 1.1 * first, 1)
    else:
        found["intake"] |= {"method": how, **_derived(dice, how, first, base_year)}
    if dice.chance(0.3):
        found["intake"]["junior"] = dice.yearly(0.7 * first, 1.2 * first, 1)
    if dice.chance(0.6):
        rates = {grade: dice.number(0.96, 1.03) for grade in range(1, 9)}
        found["progression"] = dice.one_of(rates, dice.number(0.97, 1.02))
    if dice.chance(0.3):
        found["variant"] = dice.one_of("high", "low", "middle")
        found["spread"] = dice.number(0.01, 0.2)
    if dice.chance(0.5):
        found["special"] = dice.yearly(-0.05, 0.05)
    return found


def _derived(dice: Dice, how: str, first: float, base_year: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if how == "births":
        span = range(base_year - 7, base_year + dice.years - 4)
        found["births"] = {year: int(dice.number(0.7 * first, 1.1 * first)) + 1 for year in span}
    else:
        rolls = ("top", "middle", "small")
        found["kindergarten"] = {k: int(dice.number(0.7 * first, 1.1 * first)) for k in rolls}
    if dice.chance(0.4):
        found["survival"] = dice.yearly(0.98, 1)
    if dice.chance(0.4):
        found["in_migration"] = dice.yearly(0.9, 1.1)
    return found


def moves(dice: Dice, schools: pd.DataFrame, base_year: int, opening: bool) -> dict[str, Any]:
    """Schools that merge, re-draw a catchment, or open."""
    stages = {row.school_id: set(STAGES_OF[row.school_type]) for row in schools.itertuples()}
    found: dict[str, Any] = {"moves": []}
    if opening and dice.chance(0.4):
        kind = dice.one_of("primary", "junior", "nine_year")
        found["new"] = [{"school": "N1", "name": "New one", "type": kind, "area": "town"}]
        stages["N1"] = set(STAGES_OF[kind])
        found["opens_with"] = [
            {"school": "N1", "item": item, "amount": float(int(dice.number(100, 4000)))}
            for item in ("teaching_area", "floor_area", "computers", "music_rooms")
            if dice.chance(0.5)
        ]
    left: dict[tuple[int, str], float] = {}
    for _ in range(dice.one_of(1, 2, 3)):
        school = dice.one_of(*schools["school_id"])
        ways = [other for other in stages if other != school and stages[school] <= stages[other]]
        year = base_year + int(dice.random.integers(1, dice.years + 1))
        share = dice.one_of(1.0, 1.0, 0.4, 0.25)
        left[year, school] = left.get((year, school), 0) + share
        if ways and left[year, school] <= 1:
            found["moves"].append({
                "year": year, "school": school, "into": dice.one_of(*ways), "share": share,
                "takes": dice.one_of("pupils", "staff", "all"),
            })  # fmt: skip
    return found
