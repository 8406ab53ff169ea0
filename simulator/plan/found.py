"""A plan that was found, or why there is none: purchases, moves, money, prices, and the check."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np

from simulator.errors import JunhengError
from simulator.plan.before import Broken, beyond_mending, set_aside
from simulator.plan.build import Ground
from simulator.plan.check import Check, check_of
from simulator.plan.conflict import Conflict
from simulator.plan.objectives import Solved
from simulator.plan.on_top import on_top, saved_without_growth
from simulator.plan.owners import Need, owners_needs, with_owners_district
from simulator.plan.prices import Price, prices_of
from simulator.plan.problem import (
    INDICATORS,
    ITEM_AT,
    ITEMS,
    KIND_AT,
    KINDS,
    Array,
    Problem,
    Rule,
)
from simulator.plan.reasons import parts_of, reason
from simulator.plan.spending import shared_out
from simulator.plan.ways_rules import WayOut
from simulator.plan.wishes import Objective, Wishes
from simulator.plan.written import as_scenario
from simulator.results.result import Result
from simulator.results.simulate import simulate
from simulator.scenario.model import Scenario, Words

#: What a plan that was found leads to.
Standing = Literal["balanced", "owners", "public"]


@dataclass(frozen=True, eq=False)
class Plan:
    """A plan with its certificate, or why there is none and what would lead to one.

    ``value`` and ``bound`` are what the objective counts: discounted yuan, the worst CV by
    its limit, or a year; ``gap`` is the relative distance that is left between them. Where
    there is no plan, ``further`` are contradictions beside the first one, and ``released``
    the rules that every way out takes to be given up for them.
    """

    objective: Objective
    ground: Ground
    problem: Problem
    solved: Solved
    conflict: Conflict | None = None
    wishes: Wishes = field(default_factory=Wishes)
    further: tuple[Conflict, ...] = ()
    released: tuple[Rule, ...] = ()
    ways: tuple[WayOut, ...] = ()

    @property
    def status(self) -> str:
        """optimal, feasible (a plan, not proven to be the best), infeasible or stopped."""
        return self.solved.decision.status

    @property
    def found(self) -> bool:
        """Whether there is a plan."""
        return self.solved.decision.paid is not None

    @property
    def value(self) -> float:
        """What the plan comes to in the objective's own measure."""
        return self.solved.value

    @property
    def bound(self) -> float:
        """What is proven to be the best possible."""
        return self.solved.bound

    @property
    def gap(self) -> float:
        """How far the value may be from the best, relative."""
        return self.solved.gap

    @cached_property
    def purchases(self) -> list[dict[str, Any]]:
        """What is bought: school, stage, item, year, units, yuan, and the reason.

        ``before`` and ``after`` are shares of the standard in the target year.
        """
        paid = self.solved.decision.paid
        if paid is None:
            return []
        return [
            {
                "school": self.problem.schools[school],
                "stage": self.problem.part_name(int(self.problem.home[school]))[1],
                "item": ITEMS[item],
                "year": self.problem.years[year],
                "units": round(float(paid.units[year, item, school]), 6),
                "amount": float(paid.amount[year, item, school]),
                **self._why(
                    ITEM_AT[item],
                    parts_of(self.problem, school),
                    self.problem.fixed_buy[year, item, school],
                ),
            }
            for year, item, school in np.argwhere(paid.amount > 0).tolist()
        ]

    def _why(self, indicator: int, parts: list[int], fixed: float) -> dict[str, Any]:
        found = reason(self.solved.decision, self._levels, indicator, parts)
        return asdict(replace(found, cause="fixed") if np.isfinite(fixed) else found)

    @cached_property
    def _levels(self) -> Array:
        return self.solved.decision.levels()

    @cached_property
    def moves(self) -> list[dict[str, Any]]:
        """Who moves: from which school to which, stage, kind of teacher, year, and the reason."""
        return [
            {
                "giver": self.problem.part_name(move.giver)[0],
                "taker": self.problem.part_name(move.taker)[0],
                "stage": self.problem.part_name(move.giver)[1],
                "kind": KINDS[move.kind],
                "year": self.problem.years[move.year],
                "teachers": move.teachers,
                **self._why(
                    KIND_AT[move.kind],
                    [move.taker],
                    self.problem.fixed_move[move.kind, move.taker],
                ),
            }
            for move in self.solved.decision.moves
        ]

    @cached_property
    def exemptions(self) -> list[dict[str, Any]]:
        """Standards left unmet under the exemption of a school: which, and the share reached."""
        decision = self.solved.decision
        if decision.paid is None or decision.chosen is None:
            return []
        last = self._levels[self.problem.target]
        asked = self.problem.standard[self.problem.target][self.problem.part_stage].T
        return [
            {
                "school": self.problem.part_name(part)[0],
                "stage": self.problem.part_name(part)[1],
                "indicator": INDICATORS[indicator],
                "reached": float(last[indicator, part] / asked[indicator, part]),
            }
            for part, indicator in np.argwhere(decision.chosen > 0).tolist()
        ]

    @cached_property
    def extra(self) -> list[dict[str, Any]]:
        """Operating funds above the formula: school, stage, year, yuan; as much for every head."""
        paid = self.solved.decision.paid
        if paid is None or not paid.extra.any():
            return []
        given = shared_out(self.ground, self.wishes, paid.extra)
        parts = self.ground.result.index.parts
        return [
            {
                "school": parts[part][0],
                "stage": parts[part][1],
                "year": self.problem.years[year],
                "amount": float(given[year, part]),
            }
            for year, part in np.argwhere(given > 0).tolist()
        ]

    @cached_property
    def on_top(self) -> list[dict[str, Any]]:
        """Operating funds above the formula by stage and year, and what is only for one rule.

        ``only_growth_per_pupil`` are the yuan that the same purchases would not ask for, were
        it not for cost per pupil having to rise.
        """
        return on_top(self.problem, self.solved.decision.paid)

    @cached_property
    def dearer_by_growth(self) -> float:
        """Discounted yuan that the plan would save if cost per pupil need not rise every year.

        Of the continuous problem, exemptions as decided; 0 where there is no plan.
        """
        decision = self.solved.decision
        if decision.paid is None:
            return 0.0
        return saved_without_growth(self.problem.with_(chosen=decision.chosen))

    @cached_property
    def money(self) -> list[dict[str, Any]]:
        """Year by year: yuan spent by the plan, there for it, carried over, and left.

        ``there`` is the year's own money, ``carried`` what the year before has left.
        """
        paid, carried, rows = self.solved.decision.paid, 0.0, []
        spent = paid.by_year if paid is not None else np.full(self.problem.horizon, np.nan)
        for year, each, there in zip(self.problem.years, spent, self.problem.envelope, strict=True):
            left = float(there) + carried - float(each)
            rows.append({
                "year": year, "spent": float(each), "there": float(there), "carried": carried,
                "left": left,
            })  # fmt: skip
            carried = max(left, 0.0) if self.problem.carry_over else 0.0
        return rows

    @property
    def paid_in_all(self) -> float:
        """Yuan that the plan pays over all years, as they are paid: not discounted."""
        paid = self.solved.decision.paid
        return float(paid.by_year.sum()) if paid is not None else np.nan

    @cached_property
    def prices(self) -> tuple[Price, ...]:
        """What loosening each rule by one unit saves, and how far that holds."""
        decision = self.solved.decision
        if decision.paid is None:
            return ()
        return prices_of(self.problem.with_(chosen=decision.chosen))

    def scenario(self, name: str | Words | None = None) -> Scenario:
        """The plan as a scenario like any other; raises JunhengError where there is no plan."""
        if not self.found:
            raise JunhengError("plan_none")
        return as_scenario(self, name)

    @cached_property
    def result(self) -> Result:
        """The plan simulated again by the engine, as the scenario it makes."""
        binding = self.ground.result.binding
        return simulate(binding.district, self.scenario(), policy=binding.policy)

    @cached_property
    def before(self) -> Result:
        """The scenario as it was handed in, with its own purchases: what the plan starts from."""
        if self.ground.asked is self.ground.scenario:
            return self.ground.result
        binding = self.ground.result.binding
        return simulate(binding.district, self.ground.asked, policy=binding.policy)

    @cached_property
    def owners(self) -> tuple[Need, ...]:
        """What private schools that fail the school rule lack: their owners' to mend."""
        return owners_needs(self.problem)

    @property
    def standing(self) -> Standing:
        """What a plan may claim: balance, balance if owners see to theirs, public schools only."""
        if not self.owners:
            return "balanced"
        return "owners" if self.wishes.owners else "public"

    @cached_property
    def mended(self) -> Result:
        """The plan simulated with what owners of private schools would have to add."""
        if not self.owners:
            return self.result
        binding = self.ground.result.binding
        district = with_owners_district(binding.district, self.owners)
        return simulate(district, self.scenario(), policy=binding.policy)

    @property
    def mended_from(self) -> int:
        """The first year in which all that owners would have to add is in use."""
        first = self.problem.years[0]
        return max((need.in_use for need in self.owners), default=first)

    @property
    def judged(self) -> Result:
        """The result that the plan is held against: with the owners' part where that is assumed."""
        return self.mended if self.wishes.owners else self.result

    @cached_property
    def beyond(self) -> tuple[Broken, ...]:
        """Rules that the scenario breaks and no money of a plan can mend: they are not in it."""
        return beyond_mending(self.ground.result, self.problem)

    @cached_property
    def set_aside(self) -> list[dict[str, Any]]:
        """Investment of the scenario's own that does not count: item, year, yuan."""
        return set_aside(self.ground, self.before, self.wishes)

    @cached_property
    def check(self) -> Check:
        """What the engine says of the plan."""
        return check_of(self)
