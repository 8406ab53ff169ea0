"""What a plan must find, as arrays: stocks, pupils, standards, limits, prices and money by year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from simulator.law.balance.quantities import QUALITY

Array = NDArray[np.float64]
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]

#: The seven indicators in their official order; teachers of three kinds, then four facilities.
INDICATORS: Final = tuple(indicator.id for indicator in QUALITY)
KINDS: Final = tuple(indicator.id for indicator in QUALITY if indicator.teachers)
ITEMS: Final = tuple(indicator.id for indicator in QUALITY if not indicator.teachers)
KIND_AT: Final = tuple(INDICATORS.index(kind) for kind in KINDS)
ITEM_AT: Final = tuple(INDICATORS.index(item) for item in ITEMS)
BACKBONE: Final = KINDS.index("backbone")
#: Smallest amount that is bought of each item: whole rooms and yuan, hundredths of a m².
ROOMS: Final = "multimedia_rooms"
STEPS: Final = {ROOMS: 1.0, "equipment_value": 1.0}
FINE_STEP: Final = 0.01
#: The solvers count money in 万元, so that their numbers are of one size.
MONEY: Final = 1e4

Family = Literal[
    "standard", "one_exempt", "cv", "money", "school_cap", "item_cap", "rotation", "backbone",
    "teachers", "same_total", "untouched", "fixed", "level", "mean", "bounds", "held",
    "growth_per_pupil", "growth_operating", "no_fall_per_pupil",
]  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """One rule of the problem as an officer would name it; empty places mean all of them."""

    family: str
    stage: str = ""
    indicator: str = ""
    year: int = 0
    school: str = ""


#: Rules about what is spent from year to year: cost per pupil of a stage, operating funds per
#: pupil of a stage, what is spent per pupil of the district.
GROWING: Final = ("growth_per_pupil", "growth_operating", "no_fall_per_pupil")
COST, OPERATING, WHOLE = range(len(GROWING))


@dataclass(frozen=True, slots=True, eq=False)
class Spending:
    """What is spent without the plan, and which rules ask it to rise from year to year.

    The first axis are the families of ``GROWING``; a rule of the district stands at stage 0.
    Yuan and annual-average pupils begin with the base year. Operating funds above the
    formula are given by the heads ``counted``; with ``held`` they never fall per head.
    """

    yuan: Array  # (3, T + 1, 2)
    heads: Array  # (3, T + 1, 2)
    asked: Flags  # (3, T, 2)
    counted: Array  # (T, 2) heads that operating funds above the formula can be given to
    held: bool
    counts: Array  # (T) the share of them that counts in what the district spends
    less: Array  # (3, T, 2) yuan by which a rule is loosened

    def with_(self, **changes: Any) -> Spending:
        """The same with other values."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """One district's plan: T planned years, S schools, P evaluated parts, 7 indicators.

    Money in yuan, limits and shares as fractions; NaN in ``standard``, ``limit`` or
    ``fixed_*`` means that nothing is asked there; infinity in a cap that there is none.
    """

    years: tuple[int, ...]
    schools: tuple[str, ...]
    part_school: Ints  # (P)
    part_stage: Ints  # (P) 0 primary, 1 junior
    pupils: Array  # (T, P)
    scope: Flags  # (T, P)
    factor: Array  # (T, 7, P) level for one unit more at the school, one teacher more at the part
    base: Array  # (T, 7, P) level had nothing been bought and nobody moved
    teachers: Array  # (3, P) teachers of each kind, had nobody moved
    most_teachers: Array  # (P) full-time teachers
    standard: Array  # (T, 2, 7)
    limit: Array  # (T, 2, 7)
    exempt_share: Array  # (T)
    exemptions: Ints  # (P) indicators that may stay under the standard
    price: Array  # (T, 4) yuan a unit
    lead: Ints  # (4) years until a purchase comes into use
    discount: Array  # (T)
    envelope: Array  # (T) yuan
    carry_over: bool
    rotation_cap: Array  # (T) teachers
    backbone_cap: Array  # (T) teachers
    school_cap: Array  # (S) yuan over all years
    item_cap: Array  # (T, 4) yuan
    may_buy: Flags  # (4, S)
    may_move: Flags  # (3, P)
    fixed_buy: Array  # (T, 4, S) units, NaN where free
    fixed_move: Array  # (3, P) net teachers over all years, NaN where free
    target: int  # position of the first year in which every rule must hold
    start: Ints  # (P) position of the first year in which the part must meet the standards
    weak: Flags  # (S)
    home: Ints  # (S) the part that a school's purchases are listed under
    whole: bool
    chosen: Array | None = None  # (P, 7) exemptions already decided
    private: Flags | None = None  # (S) schools that public money does not mend; None: no school
    owners: bool = False  # whether the owners of private schools are taken to mend what these lack
    unaided: Array | None = None  # (T, 7, P) levels without what owners buy; None: ``base``
    spending: Spending | None = None  # None: no rule about spending
    stages: tuple[str, ...] = ("primary", "junior")

    @property
    def horizon(self) -> int:
        """Number of planned years."""
        return len(self.years)

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Years, schools, parts."""
        return len(self.years), len(self.schools), len(self.part_school)

    def with_(self, **changes: Any) -> Problem:
        """The same problem with other values."""
        return replace(self, **changes)

    @property
    def evaluated(self) -> Flags:
        """(P) parts that are evaluated in any planned year; the others may give teachers."""
        return np.asarray(self.scope.any(axis=0))

    @property
    def private_parts(self) -> Flags:
        """(P) parts of private schools."""
        if self.private is None:
            return np.zeros(len(self.part_school), dtype=bool)
        return np.asarray(self.private[self.part_school])

    @property
    def asked_of(self) -> Flags:
        """(P) parts that must meet the standards: private ones only where owners see to it."""
        return np.asarray(~self.private_parts | self.owners)

    def part_name(self, part: int) -> tuple[str, str]:
        """(school, stage) of a part."""
        return self.schools[self.part_school[part]], self.stages[self.part_stage[part]]

    def looser(self, factor: float) -> Problem:
        """The same problem with every CV limit times a factor."""
        return self.with_(limit=self.limit * factor)

    def step_of(self, item: int) -> float:
        """The smallest amount of an item that is bought."""
        divisible = ITEMS[item] == ROOMS and not self.whole
        return FINE_STEP if divisible else STEPS.get(ITEMS[item], FINE_STEP)

    def indivisible(self, item: int) -> bool:
        """Whether an item is bought in whole units that are worth a decision of their own."""
        return self.whole and ITEMS[item] == ROOMS


def weights_of(problem: Problem, year: int, stage: int) -> tuple[Ints, Array]:
    """The parts of a stage that are evaluated in a year, and their shares of its pupils."""
    inside = np.flatnonzero(problem.scope[year] & (problem.part_stage == stage))
    pupils = problem.pupils[year, inside]
    return inside, np.asarray(pupils / pupils.sum() if len(inside) else pupils)


def norms(problem: Problem) -> Array:
    """(2, 7) sizes by which levels are divided: the standard, or the mean where there is none."""
    found: Array = problem.standard[-1].copy()
    for stage, indicator in np.argwhere(~(found > 0)):
        inside, weights = weights_of(problem, problem.horizon - 1, int(stage))
        mean = weights @ problem.base[-1, indicator, inside] if len(inside) else 0.0
        found[stage, indicator] = mean if mean > 0 else 1.0
    return found


def years_seen(problem: Problem) -> list[int]:
    """Positions of the years in which anything is asked."""
    starts = {int(start) for start in problem.start}
    asked = {t for start in starts for t in range(start, problem.horizon)}
    return sorted(asked | set(range(problem.target, problem.horizon)))


def discounts(rate: float, years: int) -> Array:
    """What a yuan of each planned year counts today; the first planned year counts full."""
    return np.asarray((1.0 + rate) ** -np.arange(years, dtype=float))
