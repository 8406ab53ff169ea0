"""Money: what is needed, what is given, and the gap between the two."""

from __future__ import annotations

from simulator.machine.language import (
    above,
    at_base,
    known_or,
    maximum,
    previous,
    ratio,
    total,
    where,
)
from simulator.machine.registry import OWN, formula

SUBJECT = "money"


@formula(level="district", unit="yuan", subject=SUBJECT, cites="compulsory_law 42")
def operating_total(school_operating):
    """Operating funds of the whole district."""
    return total(school_operating)


@formula(level="district", unit="yuan", subject=SUBJECT, cites="compulsory_law 42")
def running_need(operating_total, payroll_total, bureau_training, repair_total, aid_total):
    """What the district must pay in the year without investment."""
    return operating_total + payroll_total + bureau_training + repair_total + aid_total


@formula(level="district", unit="yuan", subject=SUBJECT, cites="compulsory_law 42")
def need(running_need, investment_total):
    """What the district must pay in the year: all lines together."""
    return running_need + investment_total


@formula(level="district", unit="yuan", subject=SUBJECT, cites=OWN)
def recurrent_revenue(observed_revenue, revenue_last_year, revenue_growth):
    """Recurrent fiscal revenue: as accounted, then as assumed."""
    return known_or(observed_revenue, revenue_last_year * (1 + revenue_growth))


@formula(level="district", unit="yuan", subject=SUBJECT, cites=OWN)
def revenue_last_year(recurrent_revenue):
    """Last year's recurrent fiscal revenue."""
    return previous(recurrent_revenue)


@formula(level="district", unit="yuan", subject=SUBJECT, cites="education_law 56")
def appropriation(
    observed_appropriation,
    appropriation_given,
    appropriation_last_year,
    appropriation_added,
    revenue_growth,
    appropriation_margin,
):
    """The education appropriation: as accounted or given, else last year's and its increase.

    The increase is an amount where one is set, else recurrent revenue's growth and a margin.
    """
    grown = appropriation_last_year * (1 + revenue_growth + appropriation_margin)
    increased = known_or(appropriation_last_year + appropriation_added, grown)
    return known_or(observed_appropriation, known_or(appropriation_given, increased))


@formula(level="district", unit="yuan", subject=SUBJECT, cites="education_law 56")
def appropriation_last_year(appropriation):
    """Last year's education appropriation."""
    return previous(appropriation)


@formula(level="district", unit="yuan", subject=SUBJECT, cites=OWN)
def upper_transfers(observed_transfers, transfers_last_year, transfers_growth):
    """Transfers from higher levels of government: as accounted, then as assumed."""
    return known_or(observed_transfers, transfers_last_year * (1 + transfers_growth))


@formula(level="district", unit="yuan", subject=SUBJECT, cites=OWN)
def transfers_last_year(upper_transfers):
    """Last year's transfers from higher levels of government."""
    return previous(upper_transfers)


@formula(level="district", unit="yuan", subject=SUBJECT, cites=OWN)
def left_over(planned, gap):
    """Money of a planned year that is left at its end; none where it was not enough."""
    return where(known_or(planned, 0), maximum(0, gap), 0)


@formula(level="district", unit="yuan", subject=SUBJECT, cites=OWN)
def left_last_year(left_over):
    """Money that was left at the end of last year."""
    return previous(left_over)


@formula(level="district", unit="yuan", subject=SUBJECT, cites=OWN)
def carried_over(planned, carry_over, left_last_year):
    """Money left last year that may still be spent, where the scenario carries it over."""
    return where(known_or(planned, 0) * carry_over, left_last_year, 0)


@formula(level="district", unit="yuan", subject=SUBJECT, cites=OWN)
def compulsory_appropriation(appropriation, compulsory_part):
    """The part of the education appropriation that is for compulsory education."""
    return appropriation * compulsory_part


@formula(level="district", unit="yuan", subject=SUBJECT, cites=OWN)
def available(compulsory_appropriation, transfers_apart, upper_transfers, carried_over):
    """The money there is for compulsory education: appropriation, transfers, what was carried over.

    Transfers count once: where the appropriation includes them, they are not added again.
    """
    return compulsory_appropriation + where(transfers_apart, upper_transfers, 0) + carried_over


@formula(level="district", unit="yuan", subject=SUBJECT, cites=OWN)
def gap(available, need):
    """What is left of the money there is; negative where it is not enough."""
    return available - need


@formula(level="part", unit="yuan", subject=SUBJECT, cites=OWN)
def running_direct_need(operating_funds, stage_pay, stage_repair, aid):
    """What a school needs at one stage without investment: operating funds, pay, repair, aid."""
    return operating_funds + stage_pay + stage_repair + aid


@formula(level="part", unit="yuan", subject=SUBJECT, cites=OWN)
def direct_need(running_direct_need, investment):
    """What a school needs at one stage: operating funds, pay, repair, aid and investment."""
    return running_direct_need + investment


@formula(level="stage", unit="yuan", subject=SUBJECT, cites=OWN)
def running_stage_need(running_direct_need):
    """What a stage needs in the whole district without investment."""
    return total(running_direct_need)


@formula(level="stage", unit="yuan", subject=SUBJECT, cites=OWN)
def stage_need(direct_need):
    """What a stage needs in the whole district."""
    return total(direct_need)


@formula(level="district", unit="share", subject=SUBJECT, cites=OWN)
def paid_share(available, need, running_need):
    """The share of the need that the money there is pays for: all, where it is enough.

    Where investment is not reported, the share of the rest.
    """
    asked = known_or(need, running_need)
    return where(above(asked, available), ratio(available, asked), 1)


@formula(level="stage", unit="yuan", subject=SUBJECT, cites="education_law 56")
def stage_cost(stage_need, paid_share):
    """What is spent on a stage: its need, scaled down where the money is not enough."""
    return stage_need * paid_share


@formula(level="stage", unit="yuan", subject=SUBJECT, cites="education_law 56")
def running_stage_cost(running_stage_need, paid_share):
    """What is spent on a stage without investment."""
    return running_stage_need * paid_share


@formula(level="district", unit="yuan", subject=SUBJECT, cites="education_law 56")
def running_cost(running_need, paid_share):
    """What is spent in the whole district without investment."""
    return running_need * paid_share


@formula(level="district", unit="yuan", subject=SUBJECT, cites="education_law 56")
def district_cost(need, paid_share):
    """What is spent in the whole district: the need, scaled down where the money is not enough."""
    return need * paid_share


@formula(level="district", unit="yuan", subject=SUBJECT, cites=OWN)
def base_need(need):
    """What the district had to pay in the base year."""
    return at_base(need)


@formula(level="district", unit="share", subject=SUBJECT, cites=OWN)
def need_growth(planned, need, base_need):
    """What the district must pay, against the base year."""
    return where(planned, ratio(need, base_need) - 1, 0)
