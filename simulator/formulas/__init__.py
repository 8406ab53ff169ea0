"""Every formula of the product, each written once."""

from __future__ import annotations

from simulator.formulas import (
    balance,
    buildings,
    conditions,
    counting,
    enrolment,
    growth,
    inputs,
    investment,
    money,
    operating,
    operators,
    sharing,
    staffing,
    training,
)
from simulator.formulas.registry import Formula

_ROOMS = (
    enrolment, operating, operators, sharing, staffing, training, buildings,
    investment, money, growth, balance, counting, conditions,
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
