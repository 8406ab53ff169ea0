"""Operating funds: what each school gets per pupil, and on top of it."""

from __future__ import annotations

from simulator.formulas.language import (
    above,
    at_base,
    equal,
    known,
    known_or,
    maximum,
    power,
    previous,
    ratio,
    total,
    where,
)
from simulator.formulas.registry import OWN, formula

SUBJECT = "operating"
STANDARD = "guofa_2015_67"


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
    return where(planned, where(growing, grown, lawful_rate), known_or(base_rate, lawful_rate))


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


@formula(level="part", unit="pupil", subject=SUBJECT, cites=OWN)
def headcount(planned, pupils, pupils_last_year, pupils_two_years_ago, headcount_lag):
    """Pupils that money is counted by: this autumn's, last autumn's or the one before.

    In the base year, where the file does not reach back so far, this autumn's.
    """
    earlier = where(equal(headcount_lag, 1), pupils_last_year, pupils_two_years_ago)
    reaching = where(planned, earlier, known_or(earlier, pupils))
    return where(equal(headcount_lag, 0), pupils, reaching)


@formula(level="part", unit="pupil", subject=SUBJECT, cites=STANDARD)
def special_heads(ordinary_stage, special_rate, mainstreamed, headcount):
    """Pupils paid at the special rate: special-school pupils and mainstreamed ones."""
    paid = where(above(special_rate, 0), mainstreamed, 0)
    return where(ordinary_stage, paid, headcount)


@formula(level="part", unit="pupil", subject=SUBJECT, cites=STANDARD)
def funded_pupils(headcount, special_heads):
    """Pupils paid at the ordinary standard: the headcount less those paid at the special rate."""
    return headcount - special_heads


@formula(level="part", unit="yuan", subject=SUBJECT, cites=STANDARD)
def pupil_funds(funded_pupils, operating_rate, ordinary_stage):
    """Operating funds by pupils and the standard."""
    return where(ordinary_stage, funded_pupils * operating_rate, 0)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=STANDARD)
def boarding_funds(boarders, boarding_rate, ordinary_stage):
    """Operating funds added for boarders."""
    paid = ordinary_stage * above(boarding_rate, 0)
    return where(paid, boarders * boarding_rate, 0)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=STANDARD)
def special_funds(special_heads, special_rate):
    """Operating funds for special and mainstreamed pupils."""
    return where(above(special_rate, 0), special_heads * special_rate, 0)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=STANDARD)
def heating_funds(headcount, heating_rate):
    """Operating funds added for heating."""
    return where(above(heating_rate, 0), headcount * heating_rate, 0)


@formula(level="part", unit="pupil", subject=SUBJECT, cites=(STANDARD, "jiaodu_2017_6"))
def small_school_heads(
    headcount,
    ordinary_stage,
    asked_band_1_below,
    asked_band_1_as,
    asked_band_2_below,
    asked_band_2_as,
    asked_band_3_below,
    asked_band_3_as,
    small_school_floor,
):
    """Pupils that a small school is counted as at least: by size band, none for an empty one."""
    floor = known_or(small_school_floor, 0)
    third = where(above(known_or(asked_band_3_below, 0), headcount), asked_band_3_as, 0)
    second = where(above(known_or(asked_band_2_below, 0), headcount), asked_band_2_as, third)
    first = where(
        above(known_or(asked_band_1_below, floor), headcount),
        known_or(asked_band_1_as, floor),
        second,
    )
    return where(ordinary_stage * above(headcount, 0), first, 0)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=(STANDARD, "jiaodu_2017_6"))
def small_school_topup(small_school_heads, funded_pupils, operating_rate, ordinary_stage):
    """Operating funds for the heads that a small school is short of its floor."""
    short = maximum(0, small_school_heads - funded_pupils)
    return where(ordinary_stage, short * operating_rate, 0)


@formula(level="part", unit="yuan", subject=SUBJECT, cites="plan P24")
def small_class_funds(pupil_funds, small_class_premium, small_class):
    """A share on top of the standard for schools that teach in small classes."""
    return where(above(small_class_premium, 0), pupil_funds * small_class_premium * small_class, 0)


@formula(level="part", unit="yuan", subject=SUBJECT, cites="plan P24")
def weak_school_funds(pupil_funds, weak_school_tilt, weak):
    """A share on top of the standard for weak schools."""
    return where(above(weak_school_tilt, 0), pupil_funds * weak_school_tilt * weak, 0)


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


@formula(level="part", unit="yuan_per_pupil", subject=SUBJECT, cites=OWN)
def held_funds_per_head(operating_funds, operating_extra, headcount):
    """Operating funds per head that hold harmless keeps: without those above the formula."""
    return ratio(operating_funds - operating_extra, headcount)


@formula(level="part", unit="yuan_per_pupil", subject=SUBJECT, cites=OWN)
def funds_per_head_last_year(held_funds_per_head):
    """Operating funds per head that hold harmless keeps, last year."""
    return previous(held_funds_per_head)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=OWN)
def protected_funds(formula_funds, hold_harmless, funds_per_head_last_year, headcount):
    """Operating funds by the formula, but no less per head than last year where that is held."""
    held = where(above(headcount, 0), funds_per_head_last_year * headcount, 0)
    return where(hold_harmless, maximum(formula_funds, held), formula_funds)


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
def base_operating(
    counted_operating, base_formula_funds, school_base_formula_funds, several_stages
):
    """The base year's budget of a school, shared between its stages as the formula would."""
    share = where(several_stages, ratio(base_formula_funds, school_base_formula_funds), 1)
    return where(counted_operating, counted_operating * share, 0)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=OWN)
def base_formula_funds(formula_funds):
    """Operating funds by the formula in the base year."""
    return at_base(formula_funds)


@formula(level="school", unit="yuan", subject=SUBJECT, cites=OWN)
def school_base_formula_funds(base_formula_funds):
    """Operating funds by the formula in the base year, of all stages of a school."""
    return total(base_formula_funds)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=(STANDARD, "plan P13"))
def operating_funds(
    planned, base_operating, protected_funds, funds_from_pot, pot_amount, operating_extra
):
    """Operating funds: the base year's budget, then by the formula or out of the fixed pot.

    What is listed school by school comes on top.
    """
    given = where(known(pot_amount), funds_from_pot, protected_funds)
    return where(planned, given + operating_extra, base_operating)


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
