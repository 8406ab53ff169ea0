"""Who passes: schools by their indicators, stages by their schools and coefficients.

What is known to fail decides, whatever else is unknown.
"""

from __future__ import annotations

from simulator.law.balance.indicators import BASIC_CITE, QUALITY_CITE, SUBJECT
from simulator.machine.language import at_least, known_or, total, where
from simulator.machine.registry import formula


@formula(level="part", unit="flag", subject=SUBJECT, cites=QUALITY_CITE)
def school_ok(
    indicators_met, all_nearly, indicators_needed, possibly_indicators_met, possibly_all_nearly
):
    """Whether a school passes: enough indicators met, and the rest nearly.

    A school that fails whatever its unknown indicators turn out to be, fails.
    """
    possible = at_least(possibly_indicators_met, indicators_needed) * possibly_all_nearly
    return where(possible, at_least(indicators_met, indicators_needed) * all_nearly, 0)


@formula(level="part", unit="school", subject=SUBJECT, cites=QUALITY_CITE)
def school_failing(in_scope, school_ok):
    """1 for an evaluated school that does not pass."""
    return where(in_scope, 1 - school_ok, 0)


@formula(level="stage", unit="school", subject=SUBJECT, cites=QUALITY_CITE)
def schools_failing(school_failing):
    """Evaluated schools of a stage that do not pass."""
    return total(school_failing)


@formula(level="part", unit="school", subject=SUBJECT, cites=QUALITY_CITE)
def surely_failing(school_failing):
    """1 for a school that is known not to pass."""
    return known_or(school_failing, 0)


@formula(level="stage", unit="school", subject=SUBJECT, cites=QUALITY_CITE)
def schools_surely_failing(surely_failing):
    """Evaluated schools of a stage that are known not to pass."""
    return total(surely_failing)


@formula(level="stage", unit="flag", subject=SUBJECT, cites=QUALITY_CITE)
def stage_balanced(schools_failing, least_cv_headroom, schools_surely_failing, at_best_cv_headroom):
    """Whether a stage reaches quality balance: every school passes, every CV is in its limit.

    What is known to fail decides, whatever else is unknown.
    """
    possible = at_least(0, schools_surely_failing) * at_least(at_best_cv_headroom, 0)
    found = at_least(0, schools_failing) * at_least(least_cv_headroom, 0)
    return where(possible, found, 0)


@formula(level="stage", unit="ratio", subject=SUBJECT, cites=BASIC_CITE)
def composite_headroom(composite_cv_limit, composite_cv):
    """How far the composite coefficient of variation stays under its limit."""
    return composite_cv_limit - composite_cv


@formula(level="stage", unit="flag", subject=SUBJECT, cites=BASIC_CITE)
def stage_basic_balanced(composite_headroom):
    """Whether a stage stays within basic balance's composite limit."""
    return at_least(composite_headroom, 0)
