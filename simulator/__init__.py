"""Junheng (均衡): what a district must budget, school by school, to become balanced.

The public names are loaded when they are first used, so that ``import simulator`` is quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.compare.comparison import compare as compare
    from simulator.completeness.table import completeness as completeness
    from simulator.district.pupils.splitting import split_school as split_school
    from simulator.district.reading.load import load_district as load_district
    from simulator.district.sample import sample_district as sample_district
    from simulator.errors import JunhengError as JunhengError
    from simulator.law.balance.measure import coefficient_of_variation as coefficient_of_variation
    from simulator.law.giving_out import level_up as level_up
    from simulator.law.growth.formulas import headroom_growth as headroom_growth
    from simulator.plan.solve import plan as plan
    from simulator.policy.own import load_pack as load_pack
    from simulator.results.simulate import simulate as simulate
    from simulator.risk.sensitivity import sensitivity as sensitivity
    from simulator.risk.uncertainty import uncertainty as uncertainty
    from simulator.scenario.load import load_scenario as load_scenario
    from simulator.units import apportion as apportion

__version__ = "0.1.0"

_HOMES = {
    "JunhengError": "simulator.errors",
    "apportion": "simulator.units",
    "coefficient_of_variation": "simulator.law.balance.measure",
    "compare": "simulator.compare.comparison",
    "completeness": "simulator.completeness.table",
    "headroom_growth": "simulator.law.growth.formulas",
    "level_up": "simulator.law.giving_out",
    "load_district": "simulator.district.reading.load",
    "load_pack": "simulator.policy.own",
    "load_scenario": "simulator.scenario.load",
    "plan": "simulator.plan.solve",
    "sample_district": "simulator.district.sample",
    "sensitivity": "simulator.risk.sensitivity",
    "simulate": "simulator.results.simulate",
    "split_school": "simulator.district.pupils.splitting",
    "uncertainty": "simulator.risk.uncertainty",
}
__all__ = [*_HOMES, "__version__"]  # noqa: PLE0604 (names of the table above)

#: The names whose answers are results: these write themselves once the formats are at hand.
_COMPUTING = frozenset({"compare", "plan", "simulate"})

# Three rooms bear the names of public functions. Loaded once and taken off this module, they
# leave their names to the functions: a room is set on its parent only when it is first loaded.
for _room in ("compare", "completeness", "plan"):
    importlib.import_module(f"{__name__}.{_room}")
    del globals()[_room]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in _COMPUTING:
        importlib.import_module("simulator.methods")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
