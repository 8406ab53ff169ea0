"""The plan: the cheapest path of several years that meets every rule, with proof."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from simulator.plan.check import Check
from simulator.plan.found import Plan
from simulator.plan.solve import plan
from simulator.plan.watch import Watch
from simulator.plan.wishes import OBJECTIVES, Objective, Wishes

__all__ = ["OBJECTIVES", "Check", "Objective", "Plan", "Watch", "Wishes", "plan"]


class _Room(ModuleType):
    """The room itself can be called: ``sim.plan(…)`` holds also once the room is loaded."""

    def __call__(self, *given: Any, **named: Any) -> Plan:
        return plan(*given, **named)


sys.modules[__name__].__class__ = _Room
