"""Operating funds: what each school gets per pupil, and on top of it."""

from __future__ import annotations

from simulator.machine.language import (
    above,
    at_base,
    known,
    known_or,
    maximum,
    power,
    previous,
    ratio,
    total,
    where,
)
from simulator.machine.registry import OWN, Formula, Level, formula, make_formula

SUBJECT = "operating"
STANDARD = "guofa_2015_67"
SMALL = (STANDARD, "jiaodu_2017_6")


@formula(level="stage", unit="yuan_per_pupil", subject=SUBJECT, cites=STANDARD)
def base_rate(current_rate, base_benchmark):
    """The per-pupil standard of the base year: the district's own, else the benchmark."""
    return known_or(current_rate, base_benchmark)


@formula(level="stage", unit="yuan_per_pupil", subject=SUBJECT, cites=STANDARD)
def base_benchmark(operating_benchmark):
    """The benchmark in force in the base year."""
    return at_base(operating_benchmark)


@formula(level="stage", unit="yuan_per_pupil", subject=SUBJECT, cites=OWN)
def target_rate(asked_rate, base_rate):
    """The standard to be reached in the last year; without one, the standard of the base year."""
    return known_or(asked_rate, base_rate)


@formula(level="stage", unit="yuan_per_pupil", subject=SUBJECT, cites=OWN)
def path_rate(base_rate, target_rate, path_share, geometric_path):
    """The standard on its way from the base year's to the target.

    Where no standard of the base year is known there is no way to go: the target applies
    from the first year.
    """
    straight = base_rate + path_share * (target_rate - base_rate)
    geometric = base_rate * power(ratio(target_rate, base_rate), path_share)
    return known_or(where(geometric_path, geometric, straight), target_rate)


@formula(level="stage", unit="yuan_per_pupil", subject=SUBJECT, cites=STANDARD)
def lawful_rate(path_rate, target_rate, operating_benchmark):
    """The standard on its way, lifted to the benchmark.

    A target asked for below the benchmark is computed as asked, and reported as breaking it.
    """
    floor = known_or(operating_benchmark, 0)
    return where(above(floor, target_rate), path_rate, maximum(floor, path_rate))


@formula(level="stage", unit="yuan_per_pupil", subject=SUBJECT, cites=(STANDARD, "plan P20"))
def operating_rate(planned, lawful_rate, base_rate, rate_last_year, rate_growth):
    """Operating funds per pupil: the standard of the year, raised by normal growth where set."""
    grown = maximum(lawful_rate, known_or(rate_last_year, 0) * (1 + rate_growth))
    growing = above(known_or(rate_growth, 0), 0)
    return where(planned, where(growing, grown, lawful_rate), base_rate)


@formula(level="stage", unit="yuan_per_pupil", subject=SUBJECT, cites=OWN)
def rate_last_year(operating_rate):
    """Last year's per-pupil standard."""
    return previous(operating_rate)


@formula(level="district", unit="yuan_per_pupil", subject=SUBJECT, cites=STANDARD)
def boarding_rate(asked_boarding_rate, boarding_benchmark):
    """Added for each boarder: as the scenario says, else as the rules in force."""
    return known_or(asked_boarding_rate, known_or(boarding_benchmark, 0))


@formula(level="district", unit="yuan_per_pupil", subject=SUBJECT, cites=STANDARD)
def special_rate(asked_special_rate, special_benchmark):
    """For each special or mainstreamed pupil: as the scenario says, else the rules in force."""
    return known_or(asked_special_rate, known_or(special_benchmark, 0))


@formula(level="school", unit="flag", subject=SUBJECT, cites=STANDARD)
def by_district_standard(planned, public_school, private_standard):
    """Whether a school is paid by the district's own standard; other private ones are not.

    In the base year no lever counts: private schools are paid by the benchmark.
    """
    return where(public_school, 1, where(planned, private_standard, 0))


@formula(level="school", unit="flag", subject=SUBJECT, cites=STANDARD)
def receives_operating(planned, public_school, private_none):
    """Whether a school receives operating funds: every one, unless private ones get none."""
    return where(public_school, 1, where(planned, 1 - private_none, 1))


def _rate_of_school(by_district_standard, receives_operating, rate, benchmark):
    """What is paid for one of those counted: the district's rate, or the benchmark of private."""
    private = known_or(benchmark, rate)
    return where(receives_operating, where(by_district_standard, rate, private), 0)


def _rate_family(name: str, level: Level, rate: str, benchmark: str) -> Formula:
    arguments = ("by_district_standard", "receives_operating", rate, benchmark)
    return make_formula(
        _rate_of_school, arguments, level, "yuan_per_pupil", SUBJECT, (STANDARD,), name=name
    )


FAMILY = (
    _rate_family("pupil_rate", "part", "operating_rate", "operating_benchmark"),
    _rate_family("boarder_rate", "school", "boarding_rate", "boarding_benchmark"),
    _rate_family("special_pupil_rate", "school", "special_rate", "special_benchmark"),
)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=STANDARD)
def pupil_funds(funded_pupils, pupil_rate, ordinary_stage):
    """Operating funds by pupils and the standard."""
    return where(ordinary_stage, funded_pupils * pupil_rate, 0)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=STANDARD)
def boarding_funds(funded_boarders, boarder_rate, ordinary_stage):
    """Operating funds added for boarders."""
    paid = ordinary_stage * above(boarder_rate, 0)
    return where(paid, funded_boarders * boarder_rate, 0)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=STANDARD)
def special_funds(special_heads, special_pupil_rate):
    """Operating funds for special and mainstreamed pupils."""
    return where(above(special_pupil_rate, 0), special_heads * special_pupil_rate, 0)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=STANDARD)
def heating_funds(headcount, heating_rate, by_district_standard):
    """Operating funds added for heating; the national benchmark has none for private schools."""
    return where(by_district_standard * above(heating_rate, 0), headcount * heating_rate, 0)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=SMALL)
def small_school_topup(small_school_missing, small_school_rate):
    """Operating funds for the heads that a small school is short of its floor."""
    short = above(small_school_missing, 0)
    return where(short, small_school_missing * small_school_rate, 0)


@formula(level="part", unit="yuan", subject=SUBJECT, cites="plan P24")
def small_class_funds(pupil_funds, small_class_premium, small_class, by_district_standard):
    """A share on top of the standard for schools that teach in small classes."""
    paid = by_district_standard * above(small_class_premium, 0)
    return where(paid, pupil_funds * small_class_premium * small_class, 0)


@formula(level="part", unit="yuan", subject=SUBJECT, cites="plan P24")
def weak_school_funds(pupil_funds, weak_school_tilt, weak, by_district_standard):
    """A share on top of the standard for weak schools."""
    paid = by_district_standard * above(weak_school_tilt, 0)
    return where(paid, pupil_funds * weak_school_tilt * weak, 0)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=STANDARD)
def formula_funds(
    pupil_funds,
    boarding_funds,
    special_funds,
    heating_funds,
    small_school_topup,
    small_class_funds,
    weak_school_funds,
):
    """Operating funds by the formula: all its parts together."""
    added = heating_funds + small_school_topup + small_class_funds + weak_school_funds
    return pupil_funds + boarding_funds + special_funds + added


@formula(level="part", unit="yuan", subject=SUBJECT, cites=OWN)
def protected_funds(planned, hold_harmless, formula_funds, ordinary_asked, protected_ordinary):
    """Operating funds by the formula, with what is held of last year's standard per pupil."""
    return where(
        planned * hold_harmless, formula_funds + protected_ordinary - ordinary_asked, formula_funds
    )


@formula(level="district", unit="yuan", subject=SUBJECT, cites=OWN)
def protected_total(protected_funds):
    """Operating funds of the whole district before a fixed pot is shared."""
    return total(protected_funds)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=OWN)
def funds_from_pot(protected_funds, protected_total, pot_amount, pot_levels_up, pot_additions):
    """Operating funds where the pot is fixed: scaled to it, or raised from the lowest up."""
    scaled = ratio(protected_funds * pot_amount, protected_total)
    raised = protected_funds + pot_additions
    lifting = pot_levels_up * above(pot_amount, protected_total)
    return where(lifting, raised, scaled)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=OWN)
def base_operating(counted_operating, base_weight, school_base_weight, several_stages):
    """The base year's budget of a school, shared between its stages by heads and rates."""
    share = where(several_stages, ratio(base_weight, school_base_weight), 1)
    return where(counted_operating, counted_operating * share, 0)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=OWN)
def basic_funds(pupil_funds, boarding_funds, special_funds):
    """Operating funds for pupils, boarders and special pupils, without any addition."""
    return pupil_funds + boarding_funds + special_funds


@formula(level="part", unit="yuan", subject=SUBJECT, cites=OWN)
def base_weight(basic_funds):
    """Operating funds for pupils, boarders and special pupils in the base year."""
    return at_base(basic_funds)


@formula(level="school", unit="yuan", subject=SUBJECT, cites=OWN)
def school_base_weight(base_weight):
    """The same of all stages of a school."""
    return total(base_weight)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=(STANDARD, "plan P13"))
def operating_funds(
    planned,
    public_school,
    base_operating,
    formula_funds,
    protected_funds,
    funds_from_pot,
    pot_amount,
    operating_extra,
):
    """Operating funds: the base year's budget, then by the formula or out of the fixed pot.

    What is listed school by school comes on top. Private schools are paid by the formula in the
    base year too: their budget is their own.
    """
    given = where(known(pot_amount), funds_from_pot, protected_funds) + operating_extra
    return where(planned, given, where(public_school, base_operating, formula_funds))


@formula(level="part", unit="yuan_per_pupil", subject=SUBJECT, cites=OWN)
def operating_funds_per_head(operating_funds, headcount):
    """Operating funds per head counted."""
    return ratio(operating_funds, headcount)


@formula(level="part", unit="yuan_per_pupil", subject=SUBJECT, cites=OWN)
def operating_funds_per_pupil(operating_funds, pupils):
    """Operating funds per pupil of the autumn count."""
    return ratio(operating_funds, pupils)


@formula(level="school", unit="yuan", subject=SUBJECT, cites=OWN)
def school_operating(operating_funds):
    """Operating funds of a school, all stages."""
    return total(operating_funds)


@formula(level="stage", unit="yuan", subject=SUBJECT, cites=OWN)
def stage_operating(operating_funds):
    """Operating funds of a stage in the whole district."""
    return total(operating_funds)
