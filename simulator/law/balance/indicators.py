"""Balance as the inspectors measure it: indicators per part, and how far schools differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulator.law.balance.quantities import BASIC, FACILITIES, INDICATORS, QUALITY, Indicator
from simulator.machine.language import (
    above,
    at_base,
    at_least,
    known_or,
    maximum,
    minimum,
    ratio,
    square_root,
    total,
    where,
)
from simulator.machine.registry import Formula, formula, make_formula

SUBJECT = "balance"
QUALITY_CITE = "jiaodu_2017_6"
BASIC_CITE = "jiaodu_2012_3"
#: The unit of the quantity behind an indicator; the rest are counts of teachers.
QUANTITY_UNITS = {item.id: item.unit for item in FACILITIES}


@formula(level="part", unit="flag", subject=SUBJECT, cites=QUALITY_CITE)
def in_scope(ordinary_stage, pupils, teaching_point, scope_teaching_point_pupils):
    """Whether a part is evaluated: not a special school, not a teaching point under the limit."""
    small_point = teaching_point * above(scope_teaching_point_pupils, pupils)
    return where(ordinary_stage, above(pupils, 0) * (1 - small_point), 0)


@formula(level="part", unit="pupil", subject=SUBJECT, cites=QUALITY_CITE)
def scoped_pupils(in_scope, pupils):
    """Pupils of the parts that are evaluated."""
    return where(in_scope, pupils, 0)


@formula(level="stage", unit="pupil", subject=SUBJECT, cites=QUALITY_CITE)
def evaluated_pupils(scoped_pupils):
    """Pupils of all evaluated schools of a stage."""
    return total(scoped_pupils)


@formula(level="stage", unit="school", subject=SUBJECT, cites=QUALITY_CITE)
def evaluated_schools(in_scope):
    """Evaluated schools of a stage."""
    return total(in_scope)


def _value(times: float) -> Any:
    def value(quantity, pupils):
        return ratio(quantity, pupils) if times == 1 else ratio(times * quantity, pupils)

    value.__doc__ = "A school's quantity per pupil, or per hundred pupils."
    return value


def _base_quantity(quantity):
    """A school's quantity in the base year."""
    return at_base(quantity)


def _base_split(base_stock, facility_share):
    """What a stage would have of the base year's facilities, split by this year's pupils."""
    return base_stock * facility_share


def _value_if_unspent(times: float) -> Any:
    def unspent(base_quantity, pupils):
        return ratio(times * base_quantity, pupils)

    unspent.__doc__ = "The indicator had nothing been bought and nobody moved since the base year."
    return unspent


def _by_pupils(unspent, base_value):
    """The change since the base year because pupils came or left."""
    return unspent - base_value


def _by_spending(value, unspent):
    """The change since the base year because of spending and of teachers who moved."""
    return value - unspent


def _base_mean(mean):
    """The stage's mean of the base year."""
    return at_base(mean)


def _scoped(in_scope, quantity):
    """A quantity of the evaluated schools."""
    return where(in_scope, quantity, 0)


def _mean(times: float) -> Any:
    def mean(scoped, evaluated_pupils):
        return ratio(times * total(scoped), evaluated_pupils)

    mean.__doc__ = "The stage's total by its pupils, not the mean of the schools' values."
    return mean


def weight_of(in_scope, pupils, evaluated_pupils):
    """An evaluated school's share of its stage's pupils: its weight in the standard deviation."""
    return where(in_scope, ratio(pupils, evaluated_pupils), 0)


def contribution_of(in_scope, pupil_weight, value, mean):
    """A school's part of S²: its share of the pupils times its squared distance to the mean."""
    gap = value - mean
    return where(in_scope, pupil_weight * gap * gap, 0)


def variance_of(contribution):
    """S²: the pupil-weighted mean squared distance to the stage's mean."""
    return total(contribution)


def deviation_of(variance):
    """S: the pupil-weighted standard deviation (population form)."""
    return square_root(variance)


def variation_of(deviation, mean, evaluated_schools):
    """The coefficient of variation S ÷ mean; not computable below two schools or at zero mean."""
    return ratio(deviation, mean * at_least(evaluated_schools, 2))


def _cv_headroom(limit, variation):
    """How far the coefficient of variation stays under its limit; negative where above."""
    return limit - variation


def _reached(value, standard):
    """The share of the standard reached."""
    return ratio(value, standard)


def _met(in_scope, value, standard):
    """Whether an evaluated school reaches the standard."""
    return where(in_scope, at_least(value, standard), 1)


def _nearly(in_scope, value, standard, exempt_share):
    """Whether an evaluated school reaches at least the exempt share of the standard."""
    return where(in_scope, at_least(value, standard * exempt_share), 1)


def _shortfall(times: float) -> Any:
    def short(in_scope, standard, pupils, quantity):
        needed = ratio(standard * pupils, times)
        return where(in_scope, maximum(0, needed - quantity), 0)

    short.__doc__ = "What an evaluated school lacks of the quantity to reach the standard."
    return short


def _family(indicator: Indicator) -> Iterator[Formula]:
    """The formulas of one indicator."""
    name, unit, times = indicator.id, indicator.unit, indicator.times
    counted = QUANTITY_UNITS.get(name, "person")
    cite = (QUALITY_CITE,) if indicator.quality else (BASIC_CITE,)

    def make(function, prefix, arguments, level, in_unit):
        return make_formula(
            function, arguments, level, in_unit, SUBJECT, cite, name=f"{prefix}_{name}"
        )

    value, mean, unspent = f"value_{name}", f"mean_{name}", f"unspent_{name}"
    yield make(_value(times), "value", (name, "pupils"), "part", unit)
    if indicator.teachers:
        yield make(_base_quantity, "base", (name,), "part", "person")
    else:
        yield make(_base_quantity, "school_base", (f"school_{name}",), "school", counted)
        yield make(_base_split, "base", (f"school_base_{name}", "facility_share"), "part", counted)
    yield make(_value_if_unspent(times), "unspent", (f"base_{name}", "pupils"), "part", unit)
    yield make(_base_quantity, "base_value", (value,), "part", unit)
    yield make(_by_pupils, "by_pupils", (unspent, f"base_value_{name}"), "part", unit)
    yield make(_by_spending, "by_spending", (value, unspent), "part", unit)
    yield make(_scoped, "scoped", ("in_scope", name), "part", counted)
    yield make(_mean(times), "mean", (f"scoped_{name}", "evaluated_pupils"), "stage", unit)
    yield make(_scoped, "scoped_base", ("in_scope", f"base_{name}"), "part", counted)
    kept = (f"scoped_base_{name}", "evaluated_pupils")
    yield make(_mean(times), "mean_unspent", kept, "stage", unit)
    yield make(_base_mean, "mean_base", (mean,), "stage", unit)
    moved = (f"mean_unspent_{name}", f"mean_base_{name}")
    yield make(_by_pupils, "mean_by_pupils", moved, "stage", unit)
    yield make(_by_spending, "mean_by_spending", (mean, moved[0]), "stage", unit)
    seen = ("in_scope", "pupil_weight", value, mean)
    yield make(contribution_of, "contribution", seen, "part", "number")
    yield make(variance_of, "variance", (f"contribution_{name}",), "stage", "number")
    yield make(deviation_of, "sd", (f"variance_{name}",), "stage", unit)
    yield make(variation_of, "cv", (f"sd_{name}", mean, "evaluated_schools"), "stage", "ratio")
    if indicator.quality:
        standard = f"standard_{name}"
        yield make(_reached, "reached", (value, standard), "part", "share")
        yield make(_met, "met", ("in_scope", value, standard), "part", "flag")
        nearly = ("in_scope", value, standard, "exempt_share")
        yield make(_nearly, "nearly", nearly, "part", "flag")
        lacking = ("in_scope", standard, "pupils", name)
        yield make(_shortfall(times), "lacking", lacking, "part", counted)
        yield make(_cv_headroom, "cv_headroom", ("cv_limit", f"cv_{name}"), "stage", "ratio")


def _at_best(value, best: float | None):
    """A value; what is unknown is taken as good as it may be, so that it alone breaks nothing."""
    return value if best is None else known_or(value, best)


def _sum_of(names: tuple[str, ...], title: str, divisor: int = 1, best: float | None = None) -> Any:
    """A formula that adds up any number of names; divided where a mean is asked for."""

    def added(*values):
        found = _at_best(values[0], best)
        for value in values[1:]:
            found = found + _at_best(value, best)
        return found if divisor == 1 else ratio(found, divisor)

    added.__doc__ = title
    return added


def _least_of(title: str, best: float | None = None) -> Any:
    def least(*values):
        found = _at_best(values[0], best)
        for value in values[1:]:
            found = minimum(found, _at_best(value, best))
        return found

    least.__doc__ = title
    return least


def _all_nearly(possibly_all_nearly, *nearly):
    """Whether every indicator reaches at least the exempt share; one that does not is enough."""
    least = nearly[0]
    for each in nearly[1:]:
        least = minimum(least, each)
    return where(possibly_all_nearly, least, 0)


def _verdict_family() -> Iterator[Formula]:
    def make(function, name, arguments, level, unit, cite=QUALITY_CITE):
        return make_formula(function, arguments, level, unit, SUBJECT, (cite,), name=name)

    weighed = ("in_scope", "pupils", "evaluated_pupils")
    yield make(weight_of, "pupil_weight", weighed, "part", "share")
    met = tuple(f"met_{q.id}" for q in QUALITY)
    nearly = tuple(f"nearly_{q.id}" for q in QUALITY)
    rooms = tuple(f"cv_headroom_{q.id}" for q in QUALITY)
    basic = tuple(f"cv_{b.id}" for b in BASIC)
    count = _sum_of(met, "How many of the seven indicators a school meets at best.", best=1)
    yield make(count, "possibly_indicators_met", met, "part", "number")
    every = _least_of("Whether every indicator may reach at least the exempt share.", best=1)
    yield make(every, "possibly_all_nearly", nearly, "part", "flag")
    least = _least_of(
        "The smallest distance of a coefficient of variation to its limit, at best.", best=0
    )
    yield make(least, "at_best_cv_headroom", rooms, "stage", "ratio")
    count = _sum_of(met, "How many of the seven indicators a school meets.")
    yield make(count, "indicators_met", met, "part", "number")
    yield make(_all_nearly, "all_nearly", ("possibly_all_nearly", *nearly), "part", "flag")
    least = _least_of("The smallest distance of a coefficient of variation to its limit.")
    yield make(least, "least_cv_headroom", rooms, "stage", "ratio")
    mean = _sum_of(
        basic, "The mean of basic balance's eight coefficients of variation.", len(BASIC)
    )
    yield make(mean, "composite_cv", basic, "stage", "ratio", BASIC_CITE)


FAMILY = (
    *(each for indicator in INDICATORS for each in _family(indicator)),
    *_verdict_family(),
)
