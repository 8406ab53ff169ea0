"""The tables of a plan: its proof, what is bought, who moves, the money, prices, ways out."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from simulator import units
from simulator.glossary import Language
from simulator.plan.found import Plan
from simulator.plan.problem import ITEMS
from simulator.present.sentences.beside import reaching
from simulator.present.sentences.plan import STOCKED
from simulator.present.table import BY_ROW, Column, MoneyUnit, Printer, Table
from simulator.present.tables.plan_facts import SHARE, Facts


def plan_tables(plan: Plan, language: Language, money: MoneyUnit = "10k_yuan") -> list[Table]:
    """Every table that this plan has: of a plan found, or of why there is none."""
    made = _Tables(plan, Printer(plan.ground.result, language, money))
    if not plan.found:
        return [*made.first(), made.conflict(), made.ways()]
    return [
        *made.first(), made.money(), made.purchases(), made.extra(), made.moves(),
        made.exemptions(), made.prices(),
    ]  # fmt: skip


def plan_table(plan: Plan, name: str, language: Language, money: MoneyUnit = "10k_yuan") -> Table:
    """One table of a plan: certificate, money, purchases, moves, exemptions, prices, …"""
    made = _Tables(plan, Printer(plan.ground.result, language, money))
    table: Table = getattr(made, name)()
    return table


class _Tables(Facts):
    """The tables of one plan in one language and money unit."""

    def _printed(self) -> list[float]:
        """Every purchase as printed: those of a year add up to the year's rounded total."""
        by_year: dict[int, list[int]] = defaultdict(list)
        for place, row in enumerate(self.plan.purchases):
            by_year[row["year"]].append(place)
        found = [0.0] * len(self.plan.purchases)
        for places in by_year.values():
            shares = self.printer.shared([self.plan.purchases[p]["amount"] for p in places])
            for place, share in zip(places, shares, strict=True):
                found[place] = share
        return found

    def purchases(self) -> Table:
        """What is bought where and when, and why; the last row is the sum of those printed."""
        amounts = self._printed()
        rows = [
            {
                **row, **self._profile(row["school"], row["stage"]),
                "item_id": row["item"], "item": self.words.indicator(row["item"]),
                "unit": STOCKED[row["item"]],
                "amount": amount,
                "before": units.half_up(row["before"], SHARE),
                "after": reaching(row["after"], [0.85, 1.0], SHARE),
                "reason": self.words.reason(row, row["item"]),
            }
            for row, amount in zip(self.plan.purchases, amounts, strict=True)
        ]  # fmt: skip
        columns = (
            Column("school_name", self.printer.word("school")),
            Column("stage", self.printer.word("stage")),
            Column("item", self._head("item")),
            Column("year", self.printer.word("year")),
            Column("units", self._head("units"), f"{BY_ROW}unit"),
            self.printer.column("amount", "yuan", self._head("amount")),
            Column("reason", self._head("reason")),
        )
        return self._made(
            "purchases", columns, self._summed(rows, amounts), self.say("purchases_note")
        )

    def moves(self) -> Table:
        """Who moves from where to where, and why."""
        rows = [
            {
                **self._profile(row["taker"], row["stage"]),
                "giver": self.words.school(row["giver"]),
                "taker": self.words.school(row["taker"]),
                "kind": self.words.indicator(row["kind"]),
                "year": row["year"],
                "teachers": row["teachers"],
                "reason": self.words.reason(row, row["kind"]),
            }
            for row in self.plan.moves
        ]
        columns = (
            Column("giver", self._head("giver")),
            Column("taker", self._head("taker")),
            Column("stage", self.printer.word("stage")),
            Column("kind", self._head("kind")),
            Column("year", self.printer.word("year")),
            Column("teachers", self._head("teachers"), "person"),
            Column("reason", self._head("reason")),
        )
        return self._made("moves", columns, rows, self.say("moves_note"))

    def exemptions(self) -> Table:
        """Which school leaves which indicator unmet, and how near it comes."""
        rows = [
            {
                **self._profile(row["school"], row["stage"]),
                "indicator": self.words.indicator(row["indicator"]),
                "reached": reaching(row["reached"], [0.85, 1.0], SHARE),
            }
            for row in self.plan.exemptions
        ]
        columns = (
            Column("school_name", self.printer.word("school")),
            Column("stage", self.printer.word("stage")),
            Column("indicator", self._head("indicator")),
            Column("reached", self._head("reached"), "share"),
        )
        return self._made("exemptions", columns, rows)

    def money(self) -> Table:
        """What is paid by item and year, its sum, the money there is, and what is left."""
        years = self.plan.problem.years
        amounts = self._printed()
        rows: list[dict[str, Any]] = [
            {"id": item, "line": self.words.indicator(item)} for item in ITEMS
        ]
        heads: list[dict[str, Any]] = [
            {"id": name, "line": self._head(name)}
            for name in ("extra", "spent", "there", "carried", "left")
        ]
        extra, spent, there, carried, left = heads
        for year, row in zip(years, self.plan.money, strict=True):
            for line, item in zip(rows, ITEMS, strict=True):
                line[str(year)] = self.printer.total(
                    [
                        amount
                        for bought, amount in zip(self.plan.purchases, amounts, strict=True)
                        if bought["year"] == year and bought["item"] == item
                    ]
                )
            extra[str(year)] = self.printer.rounded(self._on_top(year))
            spent[str(year)] = self.printer.total([line[str(year)] for line in (*rows, extra)])
            there[str(year)] = self.printer.rounded(row["there"])
            carried[str(year)] = self.printer.rounded(row["carried"])
            left[str(year)] = self.printer.total(
                [there[str(year)], carried[str(year)], -spent[str(year)]]
            )
        columns = (
            Column("line", self._head("item")),
            *(self.printer.column(str(year), "yuan", str(year)) for year in years),
        )
        middle = [there, carried] if self.plan.problem.carry_over else [there]
        lines = [*rows, extra, spent, *middle, left]
        return self._made("money", columns, lines, self.say("money_note"))

    def _on_top(self, year: int) -> float:
        """Yuan of operating funds above the formula in a year."""
        return float(sum(row["amount"] for row in self.plan.on_top if row["year"] == year))

    def extra(self) -> Table:
        """Operating funds above the formula by school and year; the last row is their sum."""
        amounts = self.printer.shared([row["amount"] for row in self.plan.extra])
        rows: list[dict[str, Any]] = [
            {**self._profile(row["school"], row["stage"]), "year": row["year"], "amount": amount}
            for row, amount in zip(self.plan.extra, amounts, strict=True)
        ]
        columns = (
            Column("school_name", self.printer.word("school")),
            Column("stage", self.printer.word("stage")),
            Column("year", self.printer.word("year")),
            self.printer.column("amount", "yuan", self._head("amount")),
        )
        return self._made("extra", columns, self._summed(rows, amounts), self.say("extra_note"))

    def prices(self) -> Table:
        """What loosening each rule by one unit saves, and how far that holds."""
        rows = [
            {
                "rule": self.words.rule(price.rule),
                "unit": self.words.unit(price),
                "saving": self.printer.rounded(price.saving),
                "holds": self.say("holds", down=f"{price.down:g}", up=f"{price.up:g}"),
            }
            for price in self.plan.prices
        ]
        columns = (
            Column("rule", self._head("rule")),
            Column("unit", self._head("unit")),
            self.printer.column("saving", "yuan", self._head("saving")),
            Column("holds", self._head("holds")),
        )
        return self._made("prices", columns, rows, self.say("prices_note"))

    def conflict(self) -> Table:
        """The rules that cannot hold together, contradiction by contradiction."""
        rows = [
            {"number": number, "rule": line}
            for number, lines in enumerate(self.words.conflicts(), 1)
            for line in lines
        ]
        columns = [Column(name, self._head(name)) for name in ("number", "rule")]
        return self._made("conflict", columns, rows)

    def ways(self) -> Table:
        """Ways out, each with the money of each year and what the plan then costs."""
        years = self.plan.problem.years
        rows = [
            {
                "code": way.code,
                "way": self.words.way(way),
                **{str(y): self.printer.rounded(way.amounts.get(y, 0.0)) for y in years},
                "cost": self.printer.rounded(way.cost),
            }
            for way in self.plan.ways
        ]
        more = [self.printer.column(str(y), "yuan", self.say("column.more", year=y)) for y in years]
        cost = self.printer.column("cost", "yuan", self._head("cost"))
        columns = (Column("way", self._head("way")), *more, cost)
        return self._made("ways", columns, rows, self.words.released())
