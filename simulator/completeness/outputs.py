"""What a district wants to know: money, rules, indicators, items, the plan, the official forms.

Each output is read off a result: how much of it is known, and what the rest waits for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from simulator.compare.outcomes import MONEY
from simulator.completeness.leaves import Root
from simulator.completeness.roots import Roots
from simulator.errors import JunhengError
from simulator.law.balance.quantities import BASIC, QUALITY
from simulator.law.rules import BY_COLUMN, BY_PARAMETER, RULES
from simulator.machine.language import BASE
from simulator.machine.registry import Rule
from simulator.plan.build import Ground, lay_ground
from simulator.plan.known import refuse_unknown
from simulator.plan.problem import ITEMS, KINDS
from simulator.plan.wishes import Wishes
from simulator.results.evaluation_items import Item, items_in_force
from simulator.results.judge import has_stage, rules_in_force
from simulator.results.result import Result
from simulator.results.tracked_targets import value_in
from simulator.stages import STAGES

#: The evaluation's forms that repeat a group of its items: guarantee, quality, recognition.
ITEM_FORMS: Final = {"form_4": "G", "form_5": "Q", "form_6": "S"}
#: The forms that print figures, and which of them.
FIGURE_FORMS: Final = {
    "form_allocation": ("funded_pupils", "operating_funds"),
    "form_1": ("pupils", "classes", "teachers"),
    "form_2": tuple(f"value_{each.id}" for each in QUALITY),
    "form_3": tuple(f"{what}_{each.id}" for each in QUALITY for what in ("mean", "cv")),
}


@dataclass
class Output:
    """One output: how many of its figures are known, how many wait, and for what.

    ``parts_known`` counts the schools' figures that an unknown total is made of. A figure that
    is ``barred`` is unknown by its nature and waits for nothing: the coefficient of a single
    school, a figure of a planned year that no scenario plans.
    """

    group: str
    name: str
    known: int = 0
    waiting: int = 0
    barred: int = 0
    parts_known: int = 0
    causes: set[Root] = field(default_factory=set)

    @property
    def computable(self) -> str:
        """``all``, ``some`` or ``none`` of it."""
        if not (self.waiting or self.barred):
            return "all"
        return "some" if self.known or self.parts_known else "none"

    def count(self, unknown: bool, causes: Collection[Root] | int) -> None:
        """Count one figure: known, waiting for something, or barred."""
        self.known += not unknown
        self.waiting += unknown and bool(causes)
        self.barred += unknown and not causes

    def take(self, other: Output) -> None:
        """Count another output as a part of this one."""
        self.known += other.known
        self.waiting += other.waiting
        self.barred += other.barred
        self.causes |= other.causes


@dataclass
class Walk:
    """Walks all outputs of a result."""

    result: Result

    @cached_property
    def roots(self) -> Roots:
        """What is missing behind each figure."""
        return Roots(self.result)

    @cached_property
    def rules(self) -> dict[str, Output]:
        """Every rule, which items of the evaluation ask again."""
        return {rule.id: self._rule(rule) for rule in RULES}

    def outputs(self) -> list[Output]:
        """Every output, in the order of an officer's work."""
        items = [
            self._item(n, i) for n, i in items_in_force(self.result.binding.policy.packs).items()
        ]
        return [
            *(self._money(name) for name in MONEY),
            self._by_stage("cost", "cost_per_pupil", ("cost_per_pupil",)),
            *self.rules.values(), *self._balance(), *items, plan_output(self.result),
            *self._forms(items),
        ]  # fmt: skip

    def _count(self, output: Output, name: str, entities: Iterable[int] | None = None) -> None:
        """Count the figures of the base year and the planned years, and what they wait for."""
        values, found = self.result.values[name], 0
        first = BASE if len(values) > 1 else 0
        chosen = np.arange(values.shape[-1]) if entities is None else np.array([*entities], int)
        blank = np.isnan(values[first:, chosen])
        output.known += int((~blank).sum())
        for row, at in np.argwhere(blank).tolist():
            causes = self.roots.of(name, first + row, int(chosen[at]))
            output.count(True, causes)
            found |= causes
        output.causes |= set(self.roots.named(found))

    def _money(self, name: str) -> Output:
        output, parts = Output("money", name), Output("money", name)
        self._count(output, name)
        if output.waiting:
            for below in self.result.graph.formulas[name].gathered:
                self._count(parts, below)
        output.parts_known = parts.known
        return output

    def _stages(self) -> list[int]:
        """The positions of the stages that the district has, special education aside."""
        return [at for at, stage in enumerate(STAGES[:2]) if has_stage(self.result, stage)]

    def _by_stage(self, group: str, name: str, figures: Iterable[str]) -> Output:
        output = Output(group, name)
        for figure in figures:
            self._count(output, figure, self._stages())
        return output

    def _balance(self) -> Iterator[Output]:
        for group, indicators in (("quality", QUALITY), ("basic", BASIC)):
            for each in indicators:
                output = self._by_stage(group, each.id, (f"cv_{each.id}",))
                parts = Output(group, each.id)
                self._count(parts, f"value_{each.id}", self._evaluated())
                output.parts_known = parts.known
                yield output
        yield self._by_stage("basic", "composite_cv", ("composite_cv",))
        yield self._by_stage("quality", "stage_balanced", ("stage_balanced",))
        yield self._by_stage("basic", "stage_basic_balanced", ("stage_basic_balanced",))

    def _evaluated(self) -> list[int]:
        """The parts at primary and junior stage."""
        return np.flatnonzero(self.result.index.part_stage < len(STAGES[:2])).tolist()

    def _rule(self, rule: Rule) -> Output:
        output = Output("rule", rule.id)
        if rule not in rules_in_force(self.result):
            output.waiting, output.causes = 1, self._unjudged(rule)
            return output
        places = {place: at for at, place in enumerate(self.result.index.entities(rule.level))}
        rows = self.result.checks[self.result.checks["rule"] == rule.id]
        rows = rows.astype(object).where(rows.notna(), None)
        columns = (rows[name] for name in ("year", "school_id", "stage", "status"))
        for year, school, stage, status in zip(*columns, strict=True):
            position = self.result.index.years.index(year)
            at = self._speaking(rule, position, places[school, stage])
            output.count(status == "unknown", at)
            output.causes |= set(self.roots.named(at))
        return output

    def _speaking(self, rule: Rule, position: int, entity: int) -> int:
        """What a rule waits for at a place: whether it speaks of anybody, and its headroom."""
        asked = self.roots.of(rule.applies, position, entity) if rule.applies else 0
        return asked | self.roots.of(rule.headroom, position, entity)

    def _unjudged(self, rule: Rule) -> set[Root]:
        """What a rule that is not judged at all waits for: its column, or a value of the packs."""
        column = BY_COLUMN.get(rule.id)
        if column is not None:
            return {Root("schools", column, school) for school in self.result.index.schools}
        return {Root("policy", BY_PARAMETER[rule.id])}

    def _item(self, identifier: str, item: Item) -> Output:
        output = Output("item", identifier)
        table = self.result.evaluation
        for year, status in table.loc[table["id"] == identifier, ["year", "status"]].to_numpy():
            unknown = status == "unknown"
            causes = self._of_item(identifier, item, int(year)) if unknown else set()
            output.count(unknown, causes)
            output.causes |= causes
        return output

    def _of_item(self, identifier: str, item: Item, year: int) -> set[Root]:
        """What an item waits for in a year."""
        if item.kind == "document":
            return {Root("document", identifier)}
        found: set[Root] = set()
        for rule in item.rules:
            if rule not in item.instead.values() or not item.tracked:
                found |= self.rules[rule].causes
        if item.figure:
            stages = [STAGES.index(stage) for stage in item.stages if has_stage(self.result, stage)]
            figure = Output("item", identifier)
            self._count(figure, item.figure, stages if item.stages else None)
            found |= figure.causes
        missing = [each for each in item.tracked if np.isnan(value_in(self.result, each, year))]
        found |= {Root("indicators", each) for each in missing}
        return found

    def _forms(self, items: list[Output]) -> Iterator[Output]:
        for name, figures in FIGURE_FORMS.items():
            output = Output("form", name)
            for figure in figures:
                level = self.result.graph.level(figure)
                every = name == "form_allocation"
                chosen = (
                    None if every else self._stages() if level == "stage" else self._evaluated()
                )
                self._count(output, figure, chosen)
            yield output
        for name, letter in ITEM_FORMS.items():
            output = Output("form", name)
            for item in items:
                if item.name.startswith(letter):
                    output.take(item)
            yield output


def plan_output(result: Result) -> Output:
    """Whether a plan may be sought; what it must know is asked of the plan itself."""
    output, binding = Output("plan", "plan"), result.binding
    ground = lay_ground(binding.district, binding.scenario, binding.policy)
    try:
        refuse_unknown(ground, Wishes())
    except JunhengError:
        output.waiting = 1
    else:
        output.known = 1
        return output
    output.causes = _of_plan(ground)
    return output


def _of_plan(ground: Ground) -> set[Root]:
    """What the plan must know and does not: last year's pupils, the base year's stock, money."""
    roots, index = Roots(ground.result), ground.result.index
    evaluated, last = ground.parts[ground.evaluated].tolist(), len(index.years) - 1
    schools = np.unique(index.part_school[evaluated]).tolist()
    asked = [("pupils", last, part) for part in evaluated]
    asked += [(kind, BASE, part) for kind in KINDS for part in evaluated]
    asked += [(f"school_{item}", BASE, school) for item in ITEMS for school in schools]
    named = [f"{what}_{item}" for item in ITEMS for what in ("unit_price", "lead_time")]
    named += ["exempt_share", "indicators_needed", "gap"]
    asked += [(name, at, 0) for name in named for at in range(BASE + 1, last + 1)]
    found = 0
    for figure in asked:
        found |= roots.of(*figure)
    return set(roots.named(found))
