"""Heads that operating funds are counted by: pupils, boarders and special pupils of a year."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.machine.language import above, equal, maximum, previous, ratio, where
from simulator.machine.registry import OWN, Formula, formula, make_formula

SUBJECT = "operating"
STANDARD = "guofa_2015_67"


def _counted(planned, now, last, before, headcount_lag, headcount_basis, opening, closing):
    """People that money is counted by: of one autumn, of two half years, or of the year's average.

    By terms, spring goes by last autumn's count and autumn by this autumn's. In the base year
    this autumn's: no lever moves it.
    """
    lagged = where(equal(headcount_lag, 0), now, where(equal(headcount_lag, 1), last, before))
    average = ratio(opening * last + closing * now, opening + closing)
    other = where(equal(headcount_basis, 1), ratio(last + now, 2), average)
    return where(planned, where(equal(headcount_basis, 0), lagged, other), now)


def _one_year_ago(people):
    """People counted one autumn earlier."""
    return previous(people)


def _counted_family(name: str, group: str) -> Iterator[Formula]:
    """The heads of a group that money is counted by, and the group one and two autumns ago."""
    earlier = (f"{group}_last_year", f"{group}_two_years_ago")
    if group != "pupils":
        for source, target in zip((group, earlier[0]), earlier, strict=True):
            yield make_formula(
                _one_year_ago, (source,), "part", "pupil", SUBJECT, (OWN,), name=target
            )
    arguments = (
        "planned", group, *earlier, "headcount_lag", "headcount_basis", "pupil_average_opening",
        "pupil_average_closing",
    )  # fmt: skip
    yield make_formula(_counted, arguments, "part", "pupil", SUBJECT, (OWN,), name=name)


FAMILY = (
    *_counted_family("headcount", "pupils"),
    *_counted_family("funded_boarders", "boarders"),
    *_counted_family("funded_mainstreamed", "mainstreamed"),
)


@formula(level="part", unit="pupil", subject=SUBJECT, cites=STANDARD)
def special_heads(ordinary_stage, special_rate, funded_mainstreamed, headcount):
    """Pupils paid at the special rate: special-school pupils and mainstreamed ones."""
    paid = where(above(special_rate, 0), funded_mainstreamed, 0)
    return where(ordinary_stage, paid, headcount)


@formula(level="part", unit="pupil", subject=SUBJECT, cites=STANDARD)
def funded_pupils(headcount, special_heads):
    """Pupils paid at the ordinary standard: the headcount less those paid at the special rate."""
    return maximum(0, headcount - special_heads)
