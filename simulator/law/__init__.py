"""Every formula of the product, each written once."""

from __future__ import annotations

from simulator.law import giving_out as operators
from simulator.law import inputs
from simulator.law.balance import indicators as balance
from simulator.law.balance import school_counts as counting
from simulator.law.balance import verdict as balance_verdict
from simulator.law.buildings import formulas as buildings
from simulator.law.conditions import formulas as conditions
from simulator.law.enrolment import formulas as enrolment
from simulator.law.growth import formulas as growth
from simulator.law.investment import formulas as investment
from simulator.law.money import formulas as money
from simulator.law.operating import floors, heads, paid, small_schools
from simulator.law.operating import formulas as operating
from simulator.law.sharing import formulas as sharing
from simulator.law.staffing import formulas as staffing
from simulator.law.training import formulas as training
from simulator.machine.registry import Formula

_ROOMS = (
    enrolment, heads, operating, small_schools, operators, paid, sharing, staffing, training,
    buildings, investment, money, growth, floors, balance, balance_verdict, counting, conditions,
)  # fmt: skip


def _collected() -> tuple[Formula, ...]:
    found: list[Formula] = []
    for room in _ROOMS:
        found.extend(value for value in vars(room).values() if isinstance(value, Formula))
        found.extend(getattr(room, "FAMILY", ()))
    return tuple(found)


#: Every formula, in the order of the rooms; and every input they may ask for.
FORMULAS = _collected()
INPUTS = inputs.INPUTS
