"""Floors: what the law asks to be paid for pupils of each kind, held against what is paid.

A district pays enough only if every school does: what one school gets too much is not there
for another. So what is missing is added up school by school, and the lowest amount is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulator.machine.language import above, maximum, ratio, smallest, total, where
from simulator.machine.registry import Formula, Level, formula, make_formula

SUBJECT = "floors"
BENCHMARK = ("guofa_2015_67", "plan P20")
NATIONAL = ("guofa_2015_67",)
SMALL = ("guofa_2015_67", "jiaodu_2017_6")


@formula(level="part", unit="pupil", subject=SUBJECT, cites=NATIONAL)
def boarding_entitled(ordinary_stage, funded_boarders):
    """Boarders for whom the boarding add-on is due."""
    return where(ordinary_stage, funded_boarders, 0)


@formula(level="part", unit="pupil", subject=SUBJECT, cites=NATIONAL)
def special_entitled(ordinary_stage, funded_mainstreamed, headcount):
    """Special-school pupils and mainstreamed ones, for whom the special rate is due."""
    return where(ordinary_stage, funded_mainstreamed, headcount)


def _due(entitled, benchmark):
    """What is due to a school at the benchmark in force."""
    return where(entitled, entitled * benchmark, 0)


def _short(due, paid):
    """What a school is paid less than is due."""
    return maximum(0, due - paid)


def _beyond(paid, due):
    """What a school is paid beyond what is due; negative where it is paid less."""
    return paid - due


def _sum(value):
    """The same of all schools."""
    return total(value)


def _mean(paid_total, heads):
    """What is paid for each of those entitled, in the mean."""
    return ratio(paid_total, heads)


def _per_head(entitled, paid, mean):
    """What a school is paid for each of those entitled; a school with nobody does not speak."""
    return where(above(entitled, 0), ratio(paid, entitled), mean)


def _lowest(per_head):
    """What the school with the least is paid for each of those entitled."""
    return smallest(per_head)


def _headroom(missing, surplus):
    """What could be cut before a school falls below; negative: what schools are short of."""
    return where(above(missing, 0), 0 - missing, surplus)


def _floor_family(
    kind: str, entitled: str, level: Level, benchmark: str, cites: tuple[str, ...]
) -> Iterator[Formula]:
    """From what is due to one kind of pupils to the headroom of the rule."""
    paid, due = f"{kind}_paid", f"{kind}_due"

    def make(function: Any, at: Level, unit: str, name: str, needed: tuple[str, ...]) -> Formula:
        return make_formula(function, needed, at, unit, SUBJECT, cites, name=name)

    yuan, each = "yuan", "yuan_per_pupil"
    short, beyond, mean = f"{kind}_short", f"{kind}_beyond", f"{kind}_paid_mean"
    yield make(_due, "part", yuan, due, (entitled, benchmark))
    yield make(_short, "part", yuan, short, (due, paid))
    yield make(_beyond, "part", yuan, beyond, (paid, due))
    yield make(_sum, level, "pupil", f"{kind}_entitled_total", (entitled,))
    yield make(_sum, level, yuan, f"{kind}_paid_total", (paid,))
    yield make(_mean, level, each, mean, (f"{kind}_paid_total", f"{kind}_entitled_total"))
    yield make(_per_head, "part", each, f"{kind}_paid_per_head", (entitled, paid, mean))
    yield make(_lowest, level, each, f"{kind}_paid_lowest", (f"{kind}_paid_per_head",))
    yield make(_sum, level, yuan, f"{kind}_missing", (short,))
    yield make(_sum, level, yuan, f"{kind}_surplus", (beyond,))
    found = (f"{kind}_missing", f"{kind}_surplus")
    yield make(_headroom, level, yuan, f"{kind}_headroom", found)


FAMILY = (
    *_floor_family("ordinary", "ordinary_funded", "stage", "operating_benchmark", BENCHMARK),
    *_floor_family("boarding", "boarding_entitled", "district", "boarding_benchmark", NATIONAL),
    *_floor_family("special", "special_entitled", "district", "special_benchmark", NATIONAL),
)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=SMALL)
def small_school_floor_funds(lawful_small_missing, small_school_benchmark):
    """What the heads that a small school lacks by the floor in force come to at the benchmark."""
    short = above(lawful_small_missing, 0)
    return where(short, lawful_small_missing * small_school_benchmark, 0)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=SMALL)
def small_due_of_part(ordinary_due, small_school_floor_funds):
    """What a stage of a small school is due: its pupils and the missing heads, at the benchmark."""
    return ordinary_due + small_school_floor_funds


@formula(level="part", unit="yuan", subject=SUBJECT, cites=SMALL)
def small_paid_of_part(ordinary_paid, small_school_paid):
    """What a stage of a small school is paid for its pupils and for missing heads."""
    return ordinary_paid + small_school_paid


@formula(level="school", unit="pupil", subject=SUBJECT, cites=SMALL)
def small_school_applies(lawful_small_missing):
    """Heads that a school is short of the floor in force; 0 for a school that is not small."""
    return total(lawful_small_missing)


@formula(level="school", unit="yuan", subject=SUBJECT, cites=SMALL)
def small_school_required(small_due_of_part):
    """What a small school is due by the floor in force at the benchmark."""
    return total(small_due_of_part)


@formula(level="school", unit="yuan", subject=SUBJECT, cites=SMALL)
def small_school_actual(small_paid_of_part):
    """What a small school is paid for its pupils and for missing heads."""
    return total(small_paid_of_part)


@formula(level="school", unit="yuan", subject=SUBJECT, cites=SMALL)
def small_school_headroom(small_school_actual, small_school_required):
    """What a small school is paid beyond what is due; negative where it falls short."""
    return small_school_actual - small_school_required


@formula(level="stage", unit="pupil", subject=SUBJECT, cites=("jiaodu_2017_6", "plan P15"))
def class_size_headroom(class_cap, stage_largest_class):
    """By how many pupils the largest class stays under the cap in force."""
    return class_cap - stage_largest_class
