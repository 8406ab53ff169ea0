"""The growth rules: what the law asks to rise each year, and the room left before it is broken."""

from __future__ import annotations

from simulator.machine.language import Array, known, known_or, previous, ratio, where
from simulator.machine.registry import formula

SUBJECT = "growth"
THREE = ("education_law 56", "compulsory_law 42")
NEVER_FALL = "guobanfa_2018_82"


def headroom_growth(
    previous: float | Array,
    current: float | Array,
    reference_previous: float | Array,
    reference_current: float | Array,
) -> float | Array:
    """Yuan that could be cut before an amount no longer grows as fast as its reference.

    Negative: what is missing. The rule is strict, so zero headroom breaks it. Unknown where
    the reference was zero. Source: 教育法 Art. 56.
    """
    required = ratio(previous * reference_current, reference_previous)
    found = current - required
    return found if getattr(found, "ndim", 0) else float(found)


@formula(level="district", unit="yuan", subject=SUBJECT, cites=("education_law 56", "plan P17"))
def growth_total_required(appropriation_last_year, recurrent_revenue, revenue_last_year):
    """The appropriation that would grow just as fast as recurrent fiscal revenue."""
    return ratio(appropriation_last_year * recurrent_revenue, revenue_last_year)


@formula(level="district", unit="yuan", subject=SUBJECT, cites=("education_law 56", "plan P17"))
def growth_total_headroom(appropriation, growth_total_required):
    """What the appropriation could be cut by before it grows no faster than revenue."""
    return appropriation - growth_total_required


@formula(level="stage", unit="yuan_per_pupil", subject=SUBJECT, cites=(*THREE, "plan P18"))
def cost_per_pupil(stage_cost, stage_average_pupils):
    """Education cost per pupil: what is spent on the stage by its annual-average pupils."""
    return ratio(stage_cost, stage_average_pupils)


@formula(level="stage", unit="yuan_per_pupil", subject=SUBJECT, cites=(*THREE, "plan P18"))
def running_cost_per_pupil(running_stage_cost, stage_average_pupils):
    """Education cost per pupil without investment: a year of building does not weigh on it."""
    return ratio(running_stage_cost, stage_average_pupils)


@formula(level="stage", unit="yuan_per_pupil", subject=SUBJECT, cites=(*THREE, "plan P18"))
def cost_per_pupil_last_year(cost_per_pupil):
    """Last year's education cost per pupil."""
    return previous(cost_per_pupil)


@formula(level="stage", unit="yuan_per_pupil", subject=SUBJECT, cites=(*THREE, "plan P18"))
def running_cost_per_pupil_last_year(running_cost_per_pupil):
    """Last year's education cost per pupil without investment."""
    return previous(running_cost_per_pupil)


@formula(level="stage", unit="yuan_per_pupil", subject=SUBJECT, cites=(*THREE, "plan P18"))
def growth_per_pupil_actual(cost_per_pupil_last_year, cost_per_pupil, running_cost_per_pupil):
    """Education cost per pupil as it is compared: with investment, if last year's is known."""
    return where(known(cost_per_pupil_last_year), cost_per_pupil, running_cost_per_pupil)


@formula(level="stage", unit="yuan_per_pupil", subject=SUBJECT, cites=(*THREE, "plan P18"))
def growth_per_pupil_required(cost_per_pupil_last_year, running_cost_per_pupil_last_year):
    """Last year's education cost per pupil; without investment where that was not reported."""
    return known_or(cost_per_pupil_last_year, running_cost_per_pupil_last_year)


@formula(level="stage", unit="yuan", subject=SUBJECT, cites=(*THREE, "plan P18"))
def growth_per_pupil_headroom(
    growth_per_pupil_actual, growth_per_pupil_required, stage_average_pupils
):
    """What spending on a stage could be cut by before cost per pupil no longer rises."""
    return (growth_per_pupil_actual - growth_per_pupil_required) * stage_average_pupils


@formula(level="district", unit="yuan_per_person", subject=SUBJECT, cites=(*THREE, "plan P19"))
def growth_pay_required(district_mean_pay):
    """Last year's mean pay of the district's staff."""
    return previous(district_mean_pay)


@formula(level="district", unit="yuan", subject=SUBJECT, cites=(*THREE, "plan P19"))
def growth_pay_headroom(district_mean_pay, growth_pay_required, staff_total):
    """What pay could be cut by before mean pay no longer rises."""
    return (district_mean_pay - growth_pay_required) * staff_total


@formula(level="stage", unit="yuan_per_pupil", subject=SUBJECT, cites=(*THREE, "plan P19"))
def operating_per_average_pupil(stage_operating, stage_average_pupils):
    """Operating funds of a stage by its annual-average pupils."""
    return ratio(stage_operating, stage_average_pupils)


@formula(level="stage", unit="yuan_per_pupil", subject=SUBJECT, cites=(*THREE, "plan P19"))
def growth_operating_required(operating_per_average_pupil):
    """Last year's operating funds per pupil."""
    return previous(operating_per_average_pupil)


@formula(level="stage", unit="yuan", subject=SUBJECT, cites=(*THREE, "plan P19"))
def growth_operating_headroom(
    operating_per_average_pupil, growth_operating_required, stage_average_pupils
):
    """What operating funds could be cut by before they no longer rise per pupil."""
    return (operating_per_average_pupil - growth_operating_required) * stage_average_pupils


@formula(level="district", unit="yuan", subject=SUBJECT, cites=NEVER_FALL)
def no_fall_total_headroom(appropriation, appropriation_last_year):
    """What the appropriation could be cut by before it falls."""
    return appropriation - appropriation_last_year


@formula(level="district", unit="yuan_per_pupil", subject=SUBJECT, cites=NEVER_FALL)
def district_cost_per_pupil(district_cost, district_average_pupils):
    """What is spent in the district by annual-average pupils, all stages."""
    return ratio(district_cost, district_average_pupils)


@formula(level="district", unit="yuan_per_pupil", subject=SUBJECT, cites=NEVER_FALL)
def district_running_per_pupil(running_cost, district_average_pupils):
    """What is spent in the district without investment, by annual-average pupils."""
    return ratio(running_cost, district_average_pupils)


@formula(level="district", unit="yuan_per_pupil", subject=SUBJECT, cites=NEVER_FALL)
def district_cost_last_year(district_cost_per_pupil):
    """What was spent per pupil last year."""
    return previous(district_cost_per_pupil)


@formula(level="district", unit="yuan_per_pupil", subject=SUBJECT, cites=NEVER_FALL)
def district_running_last_year(district_running_per_pupil):
    """What was spent per pupil last year, without investment."""
    return previous(district_running_per_pupil)


@formula(level="district", unit="yuan_per_pupil", subject=SUBJECT, cites=NEVER_FALL)
def no_fall_per_pupil_actual(
    district_cost_last_year, district_cost_per_pupil, district_running_per_pupil
):
    """What is spent per pupil as it is compared: with investment, if last year's is known."""
    return where(
        known(district_cost_last_year), district_cost_per_pupil, district_running_per_pupil
    )


@formula(level="district", unit="yuan_per_pupil", subject=SUBJECT, cites=NEVER_FALL)
def no_fall_per_pupil_required(district_cost_last_year, district_running_last_year):
    """What was spent per pupil last year; without investment where that was not reported."""
    return known_or(district_cost_last_year, district_running_last_year)


@formula(level="district", unit="yuan", subject=SUBJECT, cites=NEVER_FALL)
def no_fall_per_pupil_headroom(
    no_fall_per_pupil_actual, no_fall_per_pupil_required, district_average_pupils
):
    """What spending could be cut by before it falls per pupil."""
    return (no_fall_per_pupil_actual - no_fall_per_pupil_required) * district_average_pupils
