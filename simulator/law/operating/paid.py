"""What is paid to whom: operating funds told apart by the pupils they reach.

Rules judge these figures, never the lever that asked for the money. A district's own lines
and a fixed pot change them; the levers of the national formula then count for nothing.
"""

from __future__ import annotations

from simulator.machine.language import above, known_or, maximum, previous, ratio, total, where
from simulator.machine.registry import OWN, formula, make_formula

SUBJECT = "paid"
STANDARD = "guofa_2015_67"
SMALL = (STANDARD, "jiaodu_2017_6")


@formula(level="part", unit="yuan", subject=SUBJECT, cites=STANDARD)
def ordinary_asked(pupil_funds, small_class_funds, weak_school_funds):
    """Operating funds by the formula for pupils at the standard, with what comes on top of it."""
    return pupil_funds + small_class_funds + weak_school_funds


@formula(level="part", unit="yuan", subject=SUBJECT, cites=STANDARD)
def boarding_asked(boarding_funds):
    """Operating funds by the formula for boarders."""
    return boarding_funds


@formula(level="part", unit="yuan", subject=SUBJECT, cites=STANDARD)
def special_asked(special_funds):
    """Operating funds by the formula for special and mainstreamed pupils."""
    return special_funds


@formula(level="part", unit="yuan", subject=SUBJECT, cites=SMALL)
def small_school_asked(small_school_topup):
    """Operating funds by the formula for the missing heads of small schools."""
    return small_school_topup


@formula(level="part", unit="yuan", subject=SUBJECT, cites="plan P24")
def weak_school_asked(weak_school_funds):
    """Operating funds by the formula that lean to weak schools."""
    return weak_school_funds


@formula(level="part", unit="yuan_per_pupil", subject=SUBJECT, cites=OWN)
def ordinary_paid_per_pupil(ordinary_by_formula, funded_pupils):
    """Operating funds paid by pupils and the standard, per funded pupil: what is held."""
    return ratio(ordinary_by_formula, funded_pupils)


@formula(level="part", unit="yuan_per_pupil", subject=SUBJECT, cites=OWN)
def paid_per_pupil_last_year(ordinary_paid_per_pupil):
    """Operating funds paid by pupils and the standard, per funded pupil, last year."""
    return previous(ordinary_paid_per_pupil)


@formula(level="part", unit="pupil", subject=SUBJECT, cites=OWN)
def funded_last_year(funded_pupils):
    """Pupils paid at the ordinary standard last year."""
    return previous(funded_pupils)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=OWN)
def protected_ordinary(
    planned,
    hold_harmless,
    ordinary_asked,
    funded_last_year,
    paid_per_pupil_last_year,
    funded_pupils,
):
    """Operating funds by pupils and the standard, no less per pupil than last year where held.

    Where there was nobody last year there is nothing to hold.
    """
    there = above(funded_last_year, 0)
    held = where(there, paid_per_pupil_last_year * funded_pupils, 0)
    return where(planned * hold_harmless, maximum(ordinary_asked, held), ordinary_asked)


@formula(level="part", unit="ratio", subject=SUBJECT, cites=OWN)
def operating_paid_share(operating_funds, operating_extra, protected_funds):
    """What is paid in the end against what the formula asks: 1 unless a pot or a budget cuts it."""
    return where(
        above(protected_funds, 0), ratio(operating_funds - operating_extra, protected_funds), 0
    )


def _paid(asked, operating_paid_share):
    """What is paid in the end of what the formula asks for these people."""
    return asked * operating_paid_share


SHARE = "operating_paid_share"
#: Whose operating funds are told apart, and what the formula asks for them.
PAID = {
    "boarding_paid": "boarding_asked",
    "special_paid": "special_asked",
    "small_school_paid": "small_school_asked",
    "weak_school_paid": "weak_school_asked",
}
FAMILY = tuple(
    make_formula(_paid, (asked, SHARE), "part", "yuan", SUBJECT, (STANDARD,), name=name)
    for name, asked in PAID.items()
)


@formula(level="district", unit="yuan", subject=SUBJECT, cites="plan P24")
def weak_schools_total(weak_school_paid):
    """Operating funds that lean to weak schools, all of them."""
    return total(weak_school_paid)


@formula(level="part", unit="yuan", subject=SUBJECT, cites=STANDARD)
def ordinary_by_formula(
    planned,
    protected_ordinary,
    operating_paid_share,
    operating_funds,
    boarding_funds,
    special_funds,
    heating_funds,
):
    """Operating funds paid by the formula for pupils at the standard.

    Of a base year without a standard, what its budget leaves beside boarders, special pupils
    and heating.
    """
    paid = protected_ordinary * operating_paid_share
    rest = operating_funds - boarding_funds - special_funds - heating_funds
    return where(planned, paid, known_or(paid, rest))


@formula(level="part", unit="yuan", subject=SUBJECT, cites=STANDARD)
def ordinary_paid(ordinary_stage, ordinary_by_formula, operating_extra):
    """Operating funds paid for pupils at the standard, with what is listed on top."""
    return where(ordinary_stage, ordinary_by_formula + operating_extra, 0)
