"""How many schools are evaluated and fail: distinct schools, one of several stages once."""

from __future__ import annotations

from simulator.law.balance.indicators import QUALITY_CITE, SUBJECT
from simulator.machine.language import above, total, where
from simulator.machine.registry import formula


@formula(level="school", unit="flag", subject=SUBJECT, cites=QUALITY_CITE)
def school_evaluated(in_scope):
    """Whether a school is evaluated at any of its stages."""
    return above(total(in_scope), 0)


@formula(level="school", unit="flag", subject=SUBJECT, cites=QUALITY_CITE)
def school_fails(surely_failing, school_failing):
    """Whether a school does not pass at one of its stages or more; it counts once.

    A school that fails at one stage fails, whatever is unknown of its other stage.
    """
    return where(above(total(surely_failing), 0), 1, above(total(school_failing), 0))


@formula(level="district", unit="school", subject=SUBJECT, cites=QUALITY_CITE)
def district_schools_evaluated(school_evaluated):
    """Evaluated schools of the district, a school of several stages once."""
    return total(school_evaluated)


@formula(level="district", unit="school", subject=SUBJECT, cites=QUALITY_CITE)
def district_schools_failing(school_fails):
    """Schools of the district that do not pass, a school of several stages once."""
    return total(school_fails)
