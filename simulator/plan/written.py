"""A plan that was found, as a scenario like any other: its levers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.plan.problem import ITEMS, KINDS
from simulator.plan.rotation import net_by_year
from simulator.scenario.model import Scenario, Words

if TYPE_CHECKING:
    from simulator.plan.found import Plan


def as_scenario(plan: Plan, name: str | Words | None) -> Scenario:
    """The scenario without purchases of its own, with the plan's purchases, moves and money."""
    base = plan.ground.scenario
    changes: dict[str, Any] = {}
    for item in ITEMS:
        rows = [_listed(row) for row in plan.purchases if row["item"] == item]
        if rows:
            changes[f"levers.investment.{item}.rule"] = "list"
            changes[f"levers.investment.{item}.plan"] = rows
    moved = [*(base.get("levers.rotation") or []), *_net_moves(plan)]
    if moved:
        changes["levers.rotation"] = moved
    if plan.extra:
        listed = base.get("levers.operating_extra") or []
        changes["levers.operating_extra"] = [*listed, *plan.extra]
    if plan.problem.carry_over:
        changes["levers.carry_over"] = True
    return base.derived(name if name is not None else base.name).with_changes(changes)


def _listed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("school", "stage", "year", "amount")}


def _net_moves(plan: Plan) -> list[dict[str, Any]]:
    """Net teachers of each kind into each part and year, as a scenario lists them."""
    net = net_by_year(plan.problem, list(plan.solved.decision.moves))
    return [
        {
            "school": plan.problem.part_name(part)[0],
            "stage": plan.problem.part_name(part)[1],
            "year": plan.problem.years[year],
            "kind": KINDS[kind],
            "teachers": float(net[kind, part, year]),
        }
        for kind, part, year in np.argwhere(np.abs(net) > 0).tolist()
    ]
