"""The first tables of a plan: its proof, the verdicts beside each other, what owners must mend."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from simulator import units
from simulator.plan.found import Plan
from simulator.present.sentences.plan import STOCKED, PlanWords, tiny_share
from simulator.present.sentences.verdict import DECIDING
from simulator.present.table import BY_ROW, Column, Printer, Table, word_of

#: Decimals of shares of a standard as printed, in fractions.
SHARE = 4


class Facts:
    """What makes a plan's tables in one language and money unit, and its first ones."""

    def __init__(self, plan: Plan, printer: Printer) -> None:
        self.plan, self.printer = plan, printer
        self.words = PlanWords(plan, printer)
        self.say = self.words.say

    def _head(self, name: str) -> str:
        return self.say(f"column.{name}")

    def _made(
        self, name: str, columns: Iterable[Column], rows: list[dict[str, Any]], note: str = ""
    ) -> Table:
        heads = tuple(columns)
        names = dict.fromkeys([*(head.id for head in heads), *(rows[0] if rows else ())])
        frame = pd.DataFrame(rows, columns=list(names))
        title = self.say(f"table.{name}")
        note = self.printer.note(note)
        return Table(f"plan_{name}", title, heads, frame, note, self.printer.language)

    def _summed(self, rows: list[dict[str, Any]], amounts: list[float]) -> list[dict[str, Any]]:
        """Rows of schools, and below them the sum of the amounts as printed; of none, none."""
        if not rows:
            return rows
        blank = dict.fromkeys(rows[0], "")
        total = self.printer.total(amounts)
        return [*rows, {**blank, "school_name": self.say("all"), "amount": total}]

    def _profile(self, school: str, stage: str) -> dict[str, Any]:
        return {
            "school_id": school,
            "school_name": self.words.school(school),
            "stage_id": stage,
            "stage": word_of("stage", stage, self.printer.language),
        }

    def certificate(self) -> Table:
        """What was asked, what came of it, and how sure that is."""
        plan, decision = self.plan, self.plan.solved.decision
        target = plan.problem.years[decision.problem.target]
        facts = {
            "objective": self.say(f"objective.{plan.objective}"),
            "target": str(target),
            "status": self.say(f"status.{plan.status}"),
        }
        if plan.found:
            facts |= {
                "value": self.words.value(plan.value),
                "bound": self.words.value(plan.bound),
                "gap": f"{plan.gap:.4%}",
                "cost": self.words.cash(decision.cost),
                "paid": self.words.cash(plan.paid_in_all),
                "purchases": f"{len(plan.purchases):,}",
                "moves": f"{sum(row['teachers'] for row in plan.moves):,.0f}",
                "exemptions": f"{len(plan.exemptions):,}",
                **self._owners(),
                **{name: self.words.verdict_of(name) for name in self.words.results()},
                "engine": self.say("value.agrees" if plan.check.agrees else "value.disagrees"),
                "farthest": tiny_share(plan.check.farthest),
                "identity": plan.result.identity[:12],
            }
        rows = [
            {"id": key, "fact": self.say(f"fact.{key}", **self.words.discounting()), "value": text}
            for key, text in facts.items()
        ]
        columns = [Column(name, self._head(name)) for name in ("fact", "value")]
        return self._made("certificate", columns, rows)

    def first(self) -> list[Table]:
        """What is read first: the proof, the verdicts beside each other, private schools."""
        owners = [self.owners()] if self.plan.owners else []
        return [self.certificate(), self.verdicts(), *owners]

    def _owners(self) -> dict[str, str]:
        """What owners of failing private schools must pay, for the table of facts."""
        bought = [need.amount for need in self.plan.owners if math.isfinite(need.amount)]
        return {"owners": self.words.cash(sum(bought))} if self.plan.owners else {}

    def verdicts(self) -> Table:
        """The verdict part by part: before the plan, after it, and if owners do their part."""
        shown = {
            name: {part.id: part for part in self.words.parts(name)}
            for name in self.words.results()
        }
        rows = [
            {
                "id": part,
                "part": self.say(f"part.{part}"),
                **{name: parts[part].text for name, parts in shown.items()},
                **{f"{name}_status": parts[part].status for name, parts in shown.items()},
            }
            for part in (*DECIDING, "items")
        ]
        columns = [Column("part", self._head("part"))]
        columns += [Column(name, self._head(f"verdict_{name}")) for name in shown]
        return self._made("verdicts", columns, rows)

    def owners(self) -> Table:
        """What each failing private school lacks, and what it costs its owner; with their sum."""
        needs = self.plan.owners
        bought = [need.amount if math.isfinite(need.amount) else 0.0 for need in needs]
        amounts = self.printer.shared(bought)
        rows: list[dict[str, Any]] = [
            {
                **self._profile(need.school, need.stage),
                "indicator_id": need.indicator,
                "indicator": self.words.indicator(need.indicator),
                "reached": units.half_up(need.reached, SHARE),
                "asked": need.asked,
                "units": need.units,
                "unit": STOCKED[need.indicator],
                "year": need.year,
                "amount": amount if math.isfinite(need.amount) else math.nan,
            }
            for need, amount in zip(needs, amounts, strict=True)
        ]
        columns = (
            Column("school_name", self.printer.word("school")),
            Column("stage", self.printer.word("stage")),
            Column("indicator", self._head("indicator")),
            Column("reached", self._head("reached"), "share"),
            Column("asked", self._head("asked"), "share"),
            Column("units", self._head("lacking"), f"{BY_ROW}unit"),
            Column("year", self._head("by_year")),
            self.printer.column("amount", "yuan", self._head("owners_amount")),
        )
        return self._made("owners", columns, self._summed(rows, amounts), self.say("owners_note"))
