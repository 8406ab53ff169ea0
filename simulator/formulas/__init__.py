"""Every formula of the product, each written once."""

from __future__ import annotations

from simulator.formulas import (
    balance,
    balance_verdict,
    buildings,
    conditions,
    counting,
    enrolment,
    floors,
    growth,
    heads,
    inputs,
    investment,
    money,
    operating,
    operators,
    paid,
    sharing,
    small_schools,
    staffing,
    training,
)
from simulator.formulas.registry import Formula

_ROOMS = (
    enrolment, heads, operating, small_schools, operators, paid, sharing, staffing, training,
    buildings, investment, money, growth, floors, balance, balance_verdict, counting,
    conditions,
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
