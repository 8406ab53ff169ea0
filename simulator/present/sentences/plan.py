"""A plan in an officer's sentences: what was found, which rules contradict, what would help."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from simulator import glossary, units
from simulator.law.balance.quantities import FACILITIES, QUALITY
from simulator.plan.found import Plan
from simulator.plan.prices import Price
from simulator.plan.problem import Rule
from simulator.plan.ways_rules import WayOut
from simulator.present.sentences.verdict import Part, verdict_parts
from simulator.present.table import Printer, word_of
from simulator.present.tables.verdict import IN_A_LINE
from simulator.results.result import Result

#: What is counted of an indicator: teachers in persons, the rest as it is bought.
STOCKED = {indicator.id: "person" for indicator in QUALITY} | {f.id: f.unit for f in FACILITIES}
UNITS = {indicator.id: indicator.unit for indicator in QUALITY}
#: Rules that are priced in one teacher, and in shares.
PEOPLE = ("rotation", "backbone")


def tiny_share(value: float) -> str:
    """A share far below a percent, without powers of ten."""
    return f"{value * 100:.7f}%"


def owned_by(plan: Plan) -> tuple[str, ...]:
    """The private schools that fail the school rule, in the order of the district."""
    return tuple(dict.fromkeys(need.school for need in plan.owners))


class PlanWords:
    """The sentences of one plan in one language and money unit."""

    def __init__(self, plan: Plan, printer: Printer) -> None:
        self.plan, self.printer = plan, printer

    def say(self, identifier: str, **params: object) -> str:
        """A sentence of the plan."""
        return glossary.text(f"plan.{identifier}", self.printer.language, **params)

    def cash(self, yuan: float) -> str:
        """An amount with its unit."""
        return units.with_unit(self.printer.cash(yuan), self.printer.money, self.printer.language)

    def share(self, value: float) -> str:
        """A share in percent."""
        return units.number(value, "share", self.printer.language)

    def small_share(self, value: float) -> str:
        """A share that is next to nothing, rounded up so that it never claims too much."""
        return f"{max(math.ceil(value * 1e4) / 100, 0.01):.2f}%"

    @property
    def schools(self) -> frozenset[str]:
        """The codes of the district's schools."""
        return frozenset(self.plan.ground.result.index.schools)

    def school(self, identifier: str) -> str:
        """A school by its name."""
        schools = self.plan.ground.result.binding.district.schools
        return str(schools.at[identifier, "school_name"])

    def indicator(self, identifier: str) -> str:
        """An indicator by its short name."""
        return word_of("short", identifier, self.printer.language)

    def value(self, value: float) -> str:
        """What the objective counts: yuan, a share of the limit, or a year."""
        if not math.isfinite(value):
            return units.UNKNOWN[self.printer.language]
        if self.plan.objective == "least_cost":
            return self.cash(value)
        if self.plan.objective == "most_equal":
            return self.say("ratio_of_limit", share=self.share(value))
        return str(int(value))

    def headline(self) -> list[str]:
        """What came of it, first sentence first."""
        plan, decision = self.plan, self.plan.solved.decision
        year = plan.problem.years[decision.problem.target]
        if plan.status == "stopped":
            return [self.say("stopped", seconds="60")]
        if not plan.found:
            return [self.say(f"not_found.{plan.standing}", year=year), *self.unmoved()]
        goal = self.say(f"goal.{plan.standing}", year=year, count=len(owned_by(plan)))
        found = self.say(
            f"found.{plan.objective}", goal=goal, outcome=self._outcome(goal),
            year=year, cost=self.cash(decision.cost),
            gap=self.small_share(plan.gap), value=self.share(plan.value),
            sums=self.say("sums", paid=self.cash(plan.paid_in_all), **self.discounting()),
        )  # fmt: skip
        lines = [found]
        if plan.solved.impossible_years:
            named = self.say("rows_joint").join(map(str, plan.solved.impossible_years))
            lines.append(self.say("earlier_impossible", years=named))
        if not plan.purchases and not plan.moves and not plan.extra:
            lines.append(self.say("nothing_needed"))
        return [*lines, self.compared(), *self.unmoved()]

    def _outcome(self, goal: str) -> str:
        """What most equal plans come to: a coefficient above its limit is no balance."""
        return goal if self.plan.value <= 1 else self.say("goal.unequal")

    def unmoved(self) -> list[str]:
        """That the plan moves no teachers because nobody said which share of them rotates."""
        share = self.plan.ground.by_year("rotation_share")
        return [self.say("no_rotation_share")] if np.isnan(share).all() else []

    def discounting(self) -> dict[str, object]:
        """The year that money is discounted to, and the yearly rate."""
        return {"first": self.plan.problem.years[0], "rate": self.share(self.plan.wishes.discount)}

    def results(self) -> dict[str, Result]:
        """Whose verdicts stand side by side: before, after, and if owners do their part."""
        plan = self.plan
        if not plan.found:
            return {"before": plan.before}
        found = {"before": plan.before, "after": plan.result}
        return {**found, "mended": plan.mended} if plan.owners else found

    def parts(self, name: str) -> tuple[Part, ...]:
        """The verdict of one of them, part by part.

        What owners add counts from the year on in which all of it is in use.
        """
        result = self.results()[name]
        printer = Printer(result, self.printer.language, self.printer.money)
        parts = verdict_parts(printer)
        first, last = result.verdict.balanced_year, result.index.years[-1]
        if name != "mended" or parts[0].status != "pass" or first is None:
            return parts
        year, holds = max(first, self.plan.mended_from), self.plan.mended_from <= last
        text = printer.word("part.balanced" if holds else "part.not_balanced", year=year, last=last)
        balance = replace(parts[0], status="pass" if holds else "fail", text=text, brief=text)
        return (balance, *parts[1:])

    def verdict_of(self, name: str) -> str:
        """The verdict of one of them in a line."""
        parts = {part.id: part.text for part in self.parts(name)}
        return self.printer.word("comma").join(parts[each] for each in IN_A_LINE)

    def compared(self) -> str:
        """What came of simulating the plan again."""
        check = self.plan.check
        if check.agrees:
            return self.say("agrees" if check.promised else "agrees_unjudged")
        return self.say(
            "disagrees", farthest=tiny_share(check.farthest), short=self.cash(check.short),
            count=len(check.broken),
        )  # fmt: skip

    def rule(self, rule: Rule) -> str:
        """A rule as an officer would name it."""
        return self.say(
            f"rule.{rule.family}",
            stage=self._stage(rule.stage),
            indicator=self.indicator(rule.indicator),
            year=rule.year,
            school=self.school(rule.school) if rule.school else "",
        )

    def conflicts(self) -> list[list[str]]:
        """The rules of each contradiction, the first one first; none where there is a plan."""
        found = [self.plan.conflict, *self.plan.further] if self.plan.conflict else []
        return [[self.rule(rule) for rule in each.rules] for each in found if each]

    def released(self) -> str:
        """What every way out takes to be given up; empty where it is nothing."""
        joint = self.say("rows_joint")
        rules = joint.join(self.rule(rule) for rule in self.plan.released)
        return self.say("released", rules=rules) if rules else ""

    def way(self, way: WayOut) -> str:
        """One way out, without what the plan then costs."""
        words = {key: self._param(key, value, way) for key, value in way.params.items()}
        return self.say(f"way.{way.code}", **words, years=self._by_year(way.amounts))

    def way_with_cost(self, way: WayOut) -> str:
        """One way out and what the plan then costs, as far as known."""
        if not math.isfinite(way.cost):
            return self.say("way.plain", way=self.way(way))
        return self.say("way.cost", way=self.way(way), cost=self.cash(way.cost))

    def _param(self, key: str, value: Any, way: WayOut) -> object:
        if isinstance(value, Rule):
            return self.rule(value)
        if key in ("was", "now"):
            return self._level(value, way)
        written: dict[str, Callable[[Any], str]] = {
            "total": self.cash,
            "points": self._points,
            "share": self.share,
            "stage": self._stage,
            "indicator": self.indicator,
            "teachers": self._people,
        }
        return written[key](value) if key in written else value

    def _stage(self, identifier: str) -> str:
        return word_of("stage", identifier, self.printer.language)

    def _people(self, count: float) -> str:
        return f"{count:,.0f}"

    def _points(self, value: float) -> str:
        return self.say("points", points=f"{value * 100:.2f}")

    def _level(self, value: float, way: WayOut) -> str:
        if way.code == "limit":
            return f"{units.half_up(value, 4):.4g}"
        unit = UNITS[str(way.params["indicator"])]
        return units.with_unit(value, unit, self.printer.language)

    def _by_year(self, amounts: Mapping[int, float]) -> str:
        told = [self.say("in_year", year=y, amount=self.cash(a)) for y, a in amounts.items()]
        return self.say("rows_joint").join(told)

    def reason(self, row: Mapping[str, Any], indicator: str) -> str:
        """Why something is bought or somebody moves."""
        if not math.isfinite(row["before"]) and row["cause"] != "fixed":
            return self.indicator(indicator)
        return self.say(
            f"cause.{row['cause']}", indicator=self.indicator(indicator),
            before=self.share(row["before"]), after=self.share(row["after"]),
        )  # fmt: skip

    def unit(self, price: Price) -> str:
        """The unit that a price is told for."""
        family = price.rule.family
        if family == "cv":
            return self.say("unit.cv", amount=f"{price.unit:g}")
        if family == "standard":
            return self.say("unit.standard", amount=self.share(price.unit))
        if family in PEOPLE:
            return self.say("unit.teachers", amount=f"{price.unit:g}")
        return self.say("unit.money", amount=self.cash(price.unit * 1e4))
