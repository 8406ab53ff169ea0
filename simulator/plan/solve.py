"""The plan a person asks for: sought, and where there is none, why and what would lead to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from simulator.district.model import District
from simulator.errors import JunhengError
from simulator.plan.build import Ground, build_problem, lay_ground
from simulator.plan.clean import with_less_money
from simulator.plan.conflict import find_conflict, further_conflicts, released, without
from simulator.plan.found import Plan
from simulator.plan.objectives import earliest, least_cost, most_equal
from simulator.plan.owners import with_owners
from simulator.plan.problem import Array, Problem, Rule
from simulator.plan.watch import Watch
from simulator.plan.ways import Surroundings, find_ways
from simulator.plan.wishes import OBJECTIVES, Objective, Wishes
from simulator.policy.model import Policy
from simulator.scenario.model import Scenario

SOLVERS: Final = {"least_cost": least_cost, "most_equal": most_equal, "earliest": earliest}


def plan(
    district: District,
    scenario: Scenario,
    objective: Objective = "least_cost",
    *,
    policy: Policy | None = None,
    wishes: Wishes | None = None,
    watch: Watch | None = None,
    seek_ways: bool = True,
) -> Plan:
    """The path that meets every rule: cheapest, most equal within the money, or earliest.

    The scenario's own purchases and moves of teachers are taken out; the plan decides them.
    Where there is no plan, the rules that contradict one another are named and, with
    ``seek_ways``, ways out are computed. Raises JunhengError for wishes that name what there
    is not, FindingsError with every cell that the plan needs and does not know.
    """
    if objective not in OBJECTIVES:
        raise JunhengError("plan_objective", name=objective, there=", ".join(OBJECTIVES))
    asked, watched = wishes or Wishes(), watch or Watch()
    ground = lay_ground(district, scenario, policy)
    problem = build_problem(ground, asked)
    solved = SOLVERS[objective](problem, asked.gap, watched)
    found = Plan(objective, ground, solved.decision.problem, solved, wishes=asked)
    if found.found or solved.decision.status == "stopped":
        return found
    return _explained(found, asked, watched, seek_ways)


def _explained(found: Plan, wishes: Wishes, watch: Watch, seek_ways: bool) -> Plan:
    """A plan that there is not, with what contradicts and the ways out of it.

    Contradictions that have nothing to do with one another are told apart; the ways lead
    out of the first one, with one rule of each further one released.
    """
    first = find_conflict(found.problem, watch)
    if first is None:  # a fen is missing: seen with a little less money
        found = replace(found, problem=with_less_money(found.problem))
        first = find_conflict(found.problem, watch)
    if first is None:
        return found
    further = further_conflicts(found.problem, first, watch)
    told = replace(found, conflict=first, further=further, released=released(further))
    if not seek_ways:
        return told
    around = Surroundings(
        _appropriation(found.ground),
        lambda: without(_longer(found.ground, wishes), told.released),
        _aided(found, told.released),
    )
    ways = find_ways(without(found.problem, told.released), first, around, watch)
    return replace(told, ways=ways)


def _aided(found: Plan, released: Sequence[Rule]) -> Problem | None:
    """The problem in which private schools' owners mend what these lack; None if they need not."""
    if found.standing != "public":
        return None
    return without(with_owners(found.problem.with_(owners=True)), released)


def _appropriation(ground: Ground) -> Array:
    """The appropriation from the base year on, where it grows by the rule; else nothing."""
    if ground.scenario.get("levers.appropriation.rule") not in (None, "revenue_plus"):
        return np.zeros(0)
    years: Sequence[int] = (ground.result.index.base_year, *ground.years)
    return np.array([float(ground.result.at("appropriation", year)[0]) for year in years])


def _longer(ground: Ground, wishes: Wishes) -> Problem:
    """The same problem over one more year; lists by year go on with their last value."""
    binding = ground.result.binding
    scenario = ground.scenario.with_horizon(ground.scenario.horizon + 1)
    longer = lay_ground(binding.district, scenario, binding.policy)
    caps = {
        item: [*cap, cap[-1]] if isinstance(cap, Sequence) else cap
        for item, cap in wishes.item_caps.items()
    }
    money = [*wishes.envelope, wishes.envelope[-1]] if wishes.envelope is not None else None
    return build_problem(longer, replace(wishes, target=None, item_caps=caps, envelope=money))
