"""Small schools: funded for no fewer heads than their floor, school by school."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulator.machine.language import (
    above,
    known_or,
    largest,
    maximum,
    ratio,
    smallest,
    total,
    where,
)
from simulator.machine.registry import Formula, Level, formula, make_formula

SUBJECT = "small_schools"
SMALL = ("guofa_2015_67", "jiaodu_2017_6")


@formula(level="part", unit="pupil", subject=SUBJECT, cites=SMALL)
def ordinary_funded(funded_pupils, ordinary_stage):
    """Funded pupils of the compulsory stages, special schools aside."""
    return where(ordinary_stage, funded_pupils, 0)


@formula(level="school", unit="pupil", subject=SUBJECT, cites=SMALL)
def school_funded(ordinary_funded):
    """Funded pupils of a school, all its compulsory stages: by them a school is small."""
    return total(ordinary_funded)


@formula(level="part", unit="pupil", subject=SUBJECT, cites=SMALL)
def size_counted(small_by_stage, ordinary_funded, school_funded):
    """Pupils that smallness is judged by: the whole school's, or the stage's where so chosen."""
    return where(small_by_stage, ordinary_funded, school_funded)


@formula(level="part", unit="pupil", subject=SUBJECT, cites=SMALL)
def small_school_heads(
    planned,
    lawful_small_heads,
    size_counted,
    ordinary_funded,
    asked_band_1_below,
    asked_band_1_as,
    asked_band_2_below,
    asked_band_2_as,
    asked_band_3_below,
    asked_band_3_as,
    small_school_floor,
):
    """Pupils that a small school is counted as at least: by size band, none for an empty one.

    In the base year by the rules in force: no lever moves it.
    """
    floor = known_or(small_school_floor, 0)
    third = where(above(known_or(asked_band_3_below, 0), size_counted), asked_band_3_as, 0)
    second = where(above(known_or(asked_band_2_below, 0), size_counted), asked_band_2_as, third)
    first = where(
        above(known_or(asked_band_1_below, floor), size_counted),
        known_or(asked_band_1_as, floor),
        second,
    )
    asked = where(above(ordinary_funded, 0), first, 0)
    return where(planned, asked, lawful_small_heads)


@formula(level="part", unit="pupil", subject=SUBJECT, cites=SMALL)
def lawful_small_heads(size_counted, ordinary_funded, small_school_floor):
    """Pupils that the rules in force count a small school as at least."""
    floor = known_or(small_school_floor, 0)
    small = above(ordinary_funded, 0) * above(floor, size_counted)
    return where(small, floor, 0)


def _largest_floor(heads):
    """The floor of a school: the largest of its stages'."""
    return largest(heads)


def _school_missing(floor, school_funded):
    """Heads that a school is short of its floor."""
    return maximum(0, floor - school_funded)


def _missing(small_by_stage, heads, ordinary_funded, school_missing, school_funded):
    """Missing heads of a stage: its own, or its share of the school's by funded pupils."""
    own = maximum(0, heads - ordinary_funded)
    share = where(above(school_funded, 0), ratio(ordinary_funded, school_funded), 0)
    return where(small_by_stage, where(above(heads, 0), own, 0), school_missing * share)


def _missing_family(heads: str, floor: str, missing: str) -> Iterator[Formula]:
    """From the heads of each stage to the heads that are missing of a floor."""

    def make(function: Any, level: Level, name: str, arguments: tuple[str, ...]) -> Formula:
        return make_formula(function, arguments, level, "pupil", SUBJECT, SMALL, name=name)

    yield make(_largest_floor, "school", floor, (heads,))
    yield make(_school_missing, "school", f"school_{missing}", (floor, "school_funded"))
    seen = ("small_by_stage", heads, "ordinary_funded", f"school_{missing}", "school_funded")
    yield make(_missing, "part", missing, seen)


def _of_pupils(ordinary_funded, rate):
    """Pupils at a rate, so that a mean can be taken."""
    return where(ordinary_funded, ordinary_funded * rate, 0)


def _school_mean(money, school_funded):
    """The mean rate of a school's funded pupils."""
    return ratio(total(money), school_funded)


def _stage_rate(ordinary_funded, rate, mean):
    """A stage's rate; a stage without pupils does not speak, it takes the school's mean."""
    return where(above(ordinary_funded, 0), rate, mean)


def _lowest(rate_of_stage):
    """The lowest rate of a school's stages: missing heads are paid at it."""
    return smallest(rate_of_stage)


def _at_lowest(small_by_stage, rate, lowest):
    """What a missing head is paid: the school's lowest rate, or the stage's where so chosen."""
    return where(small_by_stage, rate, lowest)


def _lowest_family(rate: str, name: str) -> Iterator[Formula]:
    """From the rates of a school's stages to what a missing head is paid."""

    def make(function: Any, level: Level, unit: str, to: str, needed: tuple[str, ...]) -> Formula:
        return make_formula(function, needed, level, unit, SUBJECT, SMALL, name=to)

    each, money, mean = "yuan_per_pupil", f"{name}_money", f"{name}_mean"
    yield make(_of_pupils, "part", "yuan", money, ("ordinary_funded", rate))
    yield make(_school_mean, "school", each, mean, (money, "school_funded"))
    yield make(_stage_rate, "part", each, f"{name}_of_stage", ("ordinary_funded", rate, mean))
    yield make(_lowest, "school", each, f"{name}_lowest", (f"{name}_of_stage",))
    yield make(_at_lowest, "part", each, name, ("small_by_stage", rate, f"{name}_lowest"))


FAMILY = (
    *_missing_family("small_school_heads", "school_floor", "small_school_missing"),
    *_missing_family("lawful_small_heads", "lawful_school_floor", "lawful_small_missing"),
    *_lowest_family("pupil_rate", "small_school_rate"),
    *_lowest_family("operating_benchmark", "small_school_benchmark"),
)
