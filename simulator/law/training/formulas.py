"""Training: the 5% of each school's operating funds and the bureau's 1.5% of pay, kept apart."""

from __future__ import annotations

from simulator.machine.language import known_or, maximum, ratio, total, where
from simulator.machine.registry import OWN, formula

SUBJECT = "training"
FIVE_PERCENT = ("caijiao_2006_5", "jiaodu_2017_6", "plan P12")


@formula(level="district", unit="share", subject=SUBJECT, cites=FIVE_PERCENT)
def training_share(asked_training_share, training_floor_share):
    """The share of its operating funds that each school plans for teacher training."""
    return known_or(asked_training_share, training_floor_share)


@formula(level="school", unit="yuan", subject=SUBJECT, cites=FIVE_PERCENT)
def school_training(planned, training_share, school_operating, counted_training):
    """What a school spends on teacher training out of its operating funds."""
    return where(planned, training_share * school_operating, counted_training)


@formula(level="school", unit="yuan", subject=SUBJECT, cites=FIVE_PERCENT)
def school_training_floor(training_floor_share, school_operating):
    """The least a school must plan for teacher training in the year."""
    return training_floor_share * school_operating


@formula(level="school", unit="yuan", subject=SUBJECT, cites=FIVE_PERCENT)
def school_training_headroom(school_training, school_training_floor):
    """Teacher training beyond the least; negative where a school falls short."""
    return school_training - school_training_floor


@formula(level="school", unit="share", subject=SUBJECT, cites=FIVE_PERCENT)
def school_training_share(school_training, school_operating):
    """Teacher training as a share of a school's operating funds."""
    return ratio(school_training, school_operating)


@formula(level="district", unit="yuan", subject=SUBJECT, cites=FIVE_PERCENT)
def school_training_total(school_training):
    """What all schools spend on teacher training out of their operating funds."""
    return total(school_training)


@formula(level="district", unit="share", subject=SUBJECT, cites="plan P11")
def bureau_share(asked_bureau_share, bureau_training_floor_share):
    """The share of pay that the bureau sets aside for teacher training."""
    return known_or(asked_bureau_share, known_or(bureau_training_floor_share, 0))


@formula(level="district", unit="yuan", subject=SUBJECT, cites="plan P11")
def bureau_training(
    planned, bureau_share, payroll_total, training_alternative, school_training_total
):
    """The bureau's own training fund, on top of the schools' unless the two are alternatives.

    Of the base year, what the law in force asks for: no lever moves it.
    """
    fund = bureau_share * payroll_total
    rest = maximum(0, fund - school_training_total)
    return where(planned * training_alternative, rest, fund)


@formula(level="district", unit="yuan", subject=SUBJECT, cites="plan P11")
def bureau_training_counted(planned, bureau_training, training_alternative, school_training_total):
    """Training money that counts towards the bureau's floor."""
    return bureau_training + where(planned * training_alternative, school_training_total, 0)


@formula(level="district", unit="yuan", subject=SUBJECT, cites="plan P11")
def bureau_training_floor(bureau_training_floor_share, payroll_total):
    """The least the bureau must set aside for teacher training in the year."""
    return bureau_training_floor_share * payroll_total


@formula(level="district", unit="yuan", subject=SUBJECT, cites="plan P11")
def bureau_training_headroom(bureau_training_counted, bureau_training_floor):
    """The bureau's training money beyond the least; negative where it falls short."""
    return bureau_training_counted - bureau_training_floor


@formula(level="district", unit="share", subject=SUBJECT, cites=OWN)
def bureau_training_share(bureau_training_counted, payroll_total):
    """The bureau's training money as a share of pay."""
    return ratio(bureau_training_counted, payroll_total)
